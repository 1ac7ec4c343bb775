/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/history.h"
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>

/* Measures of what more than two networks tell. */

enum { ITOP, AGE_MEAN, AGE_MEDIAN, AGE_MAX, RETURNED, REGROWN };

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static double value_of(const sg_link_history *r, unsigned which)
{
    switch (which) {
    case ITOP:
        return share((double)r->n_ever, r->n_cells);
    case AGE_MEAN:
        return share((double)r->age_sum, (double)r->n_here);
    case AGE_MEDIAN:
        return r->age_median;
    case AGE_MAX:
        return r->n_here > 0 ? (double)r->age_max : (double)NAN;
    case RETURNED:
        return share((double)r->n_returned, (double)r->n_gone);
    default:
        return share((double)r->n_regrown, (double)r->n_grown);
    }
}

static const sg_link_history *record(const sg_measured *m, size_t link)
{
    return sg_history_link(m->params.history, m->params.epoch,
                           sg_snapshot_link(m->snapshot, link)->name);
}

static sg_status link_history(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)err;
    const sg_link_history *r = record(m, subject);
    *ret = r ? value_of(r, self->which) : (double)NAN;
    return SG_OK;
}

/* Over all links: the counts are added up, so that every connection weighs the same. */
static sg_status network_history(const sg_measure *self, sg_measured *m, size_t subject,
                                 double *ret, sg_error *err)
{
    (void)subject;
    (void)err;
    sg_link_history sum = {0};
    *ret = NAN;
    for (size_t i = 0; i < m->n_links; i++) {
        const sg_link_history *r = record(m, i);
        if (!r)
            return SG_OK;
        sum.n_cells += r->n_cells;
        sum.n_here += r->n_here;
        sum.n_ever += r->n_ever;
        sum.n_grown += r->n_grown;
        sum.n_regrown += r->n_regrown;
        sum.n_gone += r->n_gone;
        sum.n_returned += r->n_returned;
        sum.age_sum += r->age_sum;
    }
    *ret = value_of(&sum, self->which);
    return SG_OK;
}

#define ITOP_SOURCE                                                                                \
    "Liu et al., ICML 2021, arXiv:2102.02887; over the snapshots, so what came and went between "  \
    "two of them is not seen"

static const sg_measure of_link[] = {
    {"itop_rate", "dimensionless",
     "in-time over-parameterisation: share of all possible connections that were there at any "
     "epoch so far",
     ITOP_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, ITOP, link_history},
    {"age_mean", "epochs",
     "mean over the connections of the epochs since each last appeared; 0 = the epoch before "
     "lacks it",
     "", SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, AGE_MEAN, link_history},
    {"age_median", "epochs", "median of the connections' ages", "", SG_SCOPE_LINK, SG_COST_LINEAR,
     SG_NULL_NONE, AGE_MEDIAN, link_history},
    {"age_max", "epochs", "age of the oldest connection", "", SG_SCOPE_LINK, SG_COST_LINEAR,
     SG_NULL_NONE, AGE_MAX, link_history},
    {"removed_returned_frac", "dimensionless",
     "share of the connections removed by the epoch before that are back", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, RETURNED, link_history},
    {"added_regrown_frac", "dimensionless",
     "share of the connections that the epoch before lacks which were there at an earlier epoch",
     "", SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, REGROWN, link_history},
};

static const sg_measure of_network[] = {
    {"network_itop_rate", "dimensionless",
     "share of all possible connections of the links that were there at any epoch so far",
     ITOP_SOURCE, SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_NONE, ITOP, network_history},
    {"network_age_mean", "epochs",
     "mean over all connections of the epochs since each last appeared", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_NONE, AGE_MEAN, network_history},
    {"network_added_regrown_frac", "dimensionless",
     "share of the connections that the epoch before lacks which were there at an earlier epoch",
     "", SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_NONE, REGROWN, network_history},
};

const sg_measure_family sg_family_history = {of_link, SG_COUNT(of_link)};
const sg_measure_family sg_family_network_history = {of_network, SG_COUNT(of_network)};

bool sg_measure_needs_history(const sg_measure *measure)
{
    return measure->compute == link_history || measure->compute == network_history;
}
