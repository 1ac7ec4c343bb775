/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "graph/bicm.h"
#include "measure/measured.h"

/*
 * The analytic null model: what the degrees lead one to expect, without drawing anything. Its
 * degrees hold on average only, and their scatter adds butterflies: by 10 % at a mean degree of 36,
 * where curveball, which keeps them exactly, agrees with links that really are random.
 */
static sg_status expected_butterflies(const sg_measure *self, sg_measured *m, size_t link,
                                      double *ret, sg_error *err)
{
    (void)self;
    SG_CLEANUP(sg_bicm_clear) sg_bicm model = {0};
    SG_TRY(sg_bicm_fit(sg_snapshot_link(m->snapshot, link)->matrix, &model, err));
    *ret = sg_bicm_butterflies(&model);
    return SG_OK;
}

static const sg_measure measures[] = {
    {"butterflies_expected", "butterflies",
     "butterflies to expect, exactly, of links whose degrees hold on average (BiCM); the scatter "
     "of "
     "the degrees makes them more than under --nulls",
     "Saracco et al., Sci. Rep. 5:10595 (2015), doi:10.1038/srep10595", SG_SCOPE_LINK, SG_COST_SORT,
     SG_NULL_NONE, 0, expected_butterflies},
};

const sg_measure_family sg_family_bicm = {measures, SG_COUNT(measures)};
