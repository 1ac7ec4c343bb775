/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "measure/distances.h"
#include <math.h>

/* Distances over the whole network, from every neuron where there are few, else from a sample. */

/* At a spread of 10 % between neurons, which is wide for a layered network, the mean of 512 is
 * known to 0.4 %; the standard error is measured too. */
enum { SOURCES_MAX = 512 };

static void free_distances(void *data)
{
    sg_distances_clear(data);
    sg_free(data);
}

static sg_status measure_distances(sg_measured *m, const sg_distances **ret, sg_error *err)
{
    *ret = sg_measured_kept(m, SG_KEPT_DISTANCES);
    if (*ret)
        return SG_OK;
    SG_AUTOFREE sg_distances *d = SG_NEW(sg_distances);
    if (!d)
        return sg_fail_memory(err, "measuring distances");
    SG_TRY(sg_distances_make(m->snapshot, SOURCES_MAX, m->params.seed, d, err));
    *ret = d;
    sg_measured_keep(m, SG_KEPT_DISTANCES, SG_TAKE(d), free_distances);
    return SG_OK;
}

enum { MEAN, SE, LONGEST, SOURCES, PORTRAIT };

static sg_status whole_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)subject;
    const sg_distances *d = NULL;
    SG_TRY(measure_distances(m, &d, err));
    switch (self->which) {
    case MEAN:
        *ret = d->mean;
        break;
    case SE:
        *ret = d->se;
        break;
    case LONGEST:
        *ret = d->n_sources > 0 ? (double)d->longest : NAN;
        break;
    case SOURCES:
        *ret = (double)d->n_sources;
        break;
    default:
        *ret = sg_portrait_entropy(d);
    }
    return SG_OK;
}

#define SEARCH_SOURCE                                                                              \
    "searches side by side: Then et al., PVLDB 8:449 (2014), doi:10.14778/2735496.2735507"
#define PORTRAIT_SOURCE                                                                            \
    "Bagrow & Bollt, Appl. Netw. Sci. 4:45 (2019), doi:10.1007/s41109-019-0156-x"

static const sg_measure measures[] = {
    {"distance_mean", "connections",
     "mean distance in the largest component, directions ignored, from 512 sampled neurons or all; "
     "says small world only by its z against random networks of the same degrees",
     SEARCH_SOURCE, SG_SCOPE_WHOLE, SG_COST_SEARCH, SG_NULL_DEGREES, MEAN, whole_number},
    {"distance_se", "connections", "standard error of distance_mean from sampling; 0 = exact",
     SEARCH_SOURCE, SG_SCOPE_WHOLE, SG_COST_SEARCH, SG_NULL_NONE, SE, whole_number},
    {"distance_max", "connections",
     "longest distance seen, directions ignored: a lower bound of the diameter unless all neurons "
     "are sources",
     SEARCH_SOURCE, SG_SCOPE_WHOLE, SG_COST_SEARCH, SG_NULL_DEGREES, LONGEST, whole_number},
    {"distance_sources", "neurons", "neurons that distances were measured from", "", SG_SCOPE_WHOLE,
     SG_COST_SEARCH, SG_NULL_NONE, SOURCES, whole_number},
    {"portrait_entropy", "bits",
     "Shannon entropy of the network portrait, P(k, l) over distances l and neurons k at them, of "
     "the same sources",
     PORTRAIT_SOURCE, SG_SCOPE_WHOLE, SG_COST_SEARCH, SG_NULL_DEGREES, PORTRAIT, whole_number},
};

const sg_measure_family sg_family_distances = {measures, SG_COUNT(measures)};
