/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"
#include "measure/nnstd.h"

#include "base/memory.h"
#include <math.h>

/* Distances to the networks of other epochs, hidden neurons matched. */

typedef struct distances {
    bool known[SG_N_SINCE];
    sg_nnstd since[SG_N_SINCE]; /* no links: there is no such network */
} distances;

static void free_distances(void *data)
{
    distances *d = data;
    for (size_t i = 0; i < SG_N_SINCE; i++)
        sg_nnstd_clear(&d->since[i]);
    sg_free(d);
}

static sg_status distances_since(sg_measured *m, sg_since since, const sg_nnstd **ret,
                                 sg_error *err)
{
    distances *d = sg_measured_kept(m, SG_KEPT_NNSTD);
    if (!d) {
        d = SG_NEW(distances);
        if (!d)
            return sg_fail_memory(err, "comparing networks");
        sg_measured_keep(m, SG_KEPT_NNSTD, d, free_distances);
    }
    if (!d->known[since]) {
        const sg_snapshot *other = since == SG_SINCE_START ? m->params.start : m->params.previous;
        d->since[since].network = NAN;
        if (other)
            SG_TRY(sg_nnstd_make(m->snapshot, other, &d->since[since], err));
        d->known[since] = true;
    }
    *ret = &d->since[since];
    return SG_OK;
}

static sg_status link_distance(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                               sg_error *err)
{
    const sg_nnstd *d = NULL;
    SG_TRY(distances_since(m, self->which, &d, err));
    *ret = subject < d->n_links ? d->of_link[subject] : (double)NAN;
    return SG_OK;
}

static sg_status network_distance(const sg_measure *self, sg_measured *m, size_t subject,
                                  double *ret, sg_error *err)
{
    (void)subject;
    const sg_nnstd *d = NULL;
    SG_TRY(distances_since(m, self->which, &d, err));
    *ret = d->network;
    return SG_OK;
}

#define OF_LINK(since)                                                                             \
    "topology distance (NNSTD) to " since ": mean over the receiving neurons, the hidden ones "    \
    "matched one to one, of |symmetric difference| / |union| of their inputs"
#define OF_NETWORK(since) "mean over the links of their topology distance (NNSTD) to " since
#define SOURCE                                                                                     \
    "Liu et al., ECML PKDD 2020, arXiv:2006.14085; the least sum of distances, exactly; inputs "   \
    "and outputs keep their places"

static const sg_measure of_link[] = {
    {"previous_nnstd", "dimensionless", OF_LINK("the epoch measured before"), SOURCE, SG_SCOPE_LINK,
     SG_COST_MATCHING, SG_NULL_DEGREES, SG_SINCE_PREVIOUS, link_distance},
    {"start_nnstd", "dimensionless", OF_LINK("epoch 0"), SOURCE, SG_SCOPE_LINK, SG_COST_MATCHING,
     SG_NULL_DEGREES, SG_SINCE_START, link_distance},
};

static const sg_measure of_network[] = {
    {"network_previous_nnstd", "dimensionless", OF_NETWORK("the epoch measured before"), SOURCE,
     SG_SCOPE_WHOLE, SG_COST_MATCHING, SG_NULL_DEGREES, SG_SINCE_PREVIOUS, network_distance},
    {"network_start_nnstd", "dimensionless", OF_NETWORK("epoch 0"), SOURCE, SG_SCOPE_WHOLE,
     SG_COST_MATCHING, SG_NULL_DEGREES, SG_SINCE_START, network_distance},
};

const sg_measure_family sg_family_nnstd = {of_link, SG_COUNT(of_link)};
const sg_measure_family sg_family_network_nnstd = {of_network, SG_COUNT(of_network)};
