/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>

/*
 * Small worlds without triangles. The usual quotients sigma and omega divide by random and lattice
 * graphs in which triangles can exist; a layered network has none, so they say nothing of it. Here
 * the clustering is that of 4-cycles, and it and the mean distance are held against random networks
 * of the same layers and degrees: a small world has far more 4-cycles and no longer distances.
 */

static sg_status sum_over_links(sg_measured *m, const char *name, double *ret, sg_error *err)
{
    const sg_measure *measure = sg_measure_find(name);
    double sum = 0;
    for (size_t i = 0; i < m->n_links; i++) {
        double value = 0;
        SG_TRY(sg_measure_value(measure, m, i, &value, err));
        sum += value;
    }
    *ret = sum;
    return SG_OK;
}

static sg_status four_cycles(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                             sg_error *err)
{
    (void)self;
    (void)subject;
    double cycles = 0;
    double paths = 0;
    SG_TRY(sum_over_links(m, "butterflies", &cycles, err));
    SG_TRY(sum_over_links(m, "three_paths", &paths, err));
    *ret = paths > 0 ? 4 * cycles / paths : NAN;
    return SG_OK;
}

static const sg_measure measures[] = {
    {"small_world_4cycles", "dimensionless",
     "4 x 4-cycles / paths of three connections, summed over the links; with distance_mean the "
     "small-world pair, to be judged by their z against random networks of the same degrees alone",
     "Robins & Alexander, Comput. Math. Organ. Theory 10:69 (2004), "
     "doi:10.1023/B:CMOT.0000032580.12184.c0",
     SG_SCOPE_WHOLE, SG_COST_WEDGES, SG_NULL_DEGREES, 0, four_cycles},
};

const sg_measure_family sg_family_small_world = {measures, SG_COUNT(measures)};
