/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "measure/paths.h"
#include <math.h>

/* Paths from the inputs to the outputs: how many, how long, and through how few neurons. */

typedef struct layer_paths {
    double max;
    double gini;
    double half_frac;
} layer_paths;

typedef struct kept_paths {
    double log10_total;
    double mean_length;
    sg_depth depth;
    layer_paths of_layer[]; /* (n_layers) */
} kept_paths;

/* The smallest share of the neurons that carries half of the sum; values ascend. */
static double half_frac(const double *ascending, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ascending[i];
    if (!(sum > 0))
        return NAN;
    double carried = 0;
    size_t n_needed = 0;
    while (n_needed < n && carried < sum / 2)
        carried += ascending[n - ++n_needed];
    return (double)n_needed / (double)n;
}

/* A path of L connections passes L + 1 neurons, so the shares of all neurons sum to the mean of
 * L + 1. */
static sg_status summarise_layers(const sg_measured *m, const sg_paths *p, kept_paths *kept,
                                  sg_error *err)
{
    SG_AUTOFREE double *share = SG_NEW_ARRAY(double, p->first[m->n_layers]);
    if (!share)
        return sg_fail_memory(err, "counting paths");
    double sum = 0;
    for (size_t i = 0; i < m->n_layers; i++) {
        const size_t n = p->first[i + 1] - p->first[i];
        for (size_t v = 0; v < n; v++) {
            share[v] = sg_paths_share(p, p->first[i] + v);
            sum += share[v];
        }
        if (p->total.m == 0) {
            kept->of_layer[i] = (layer_paths){NAN, NAN, NAN};
            continue;
        }
        const sg_summary s = sg_summarise(share, n);
        kept->of_layer[i] = (layer_paths){s.max, s.gini, half_frac(share, n)};
    }
    /* Where all paths are as long, exactly so: rounding must not look like a spread over networks.
     */
    kept->mean_length = kept->depth.share == 1 ? (double)kept->depth.longest : sum - 1;
    return SG_OK;
}

static sg_status count_all(sg_measured *m, const kept_paths **ret, sg_error *err)
{
    *ret = sg_measured_kept(m, SG_KEPT_PATHS);
    if (*ret)
        return SG_OK;
    SG_AUTOFREE kept_paths *kept =
        sg_alloc(1, sizeof(kept_paths) + m->n_layers * sizeof(layer_paths));
    if (!kept)
        return sg_fail_memory(err, "counting paths");
    SG_CLEANUP(sg_paths_clear) sg_paths p = {0};
    SG_TRY(sg_paths_make(m->snapshot, &p, err));
    SG_TRY(sg_paths_depth(m->snapshot, &p, &kept->depth, err));
    SG_TRY(summarise_layers(m, &p, kept, err));
    kept->log10_total = p.total.m > 0 ? sg_big_log10(p.total) : NAN;
    *ret = kept;
    sg_measured_keep(m, SG_KEPT_PATHS, SG_TAKE(kept), sg_free);
    return SG_OK;
}

enum { CENTRALITY_MAX, CENTRALITY_GINI, HALF_FRAC };

static sg_status layer_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    const kept_paths *kept = NULL;
    SG_TRY(count_all(m, &kept, err));
    const layer_paths *of = &kept->of_layer[subject];
    const double values[] = {
        [CENTRALITY_MAX] = of->max,
        [CENTRALITY_GINI] = of->gini,
        [HALF_FRAC] = of->half_frac,
    };
    *ret = values[self->which];
    return SG_OK;
}

enum { LOG10, MEAN_LENGTH, LONGEST, LONGEST_FRAC };

static sg_status whole_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)subject;
    const kept_paths *kept = NULL;
    SG_TRY(count_all(m, &kept, err));
    const double values[] = {
        [LOG10] = kept->log10_total,
        [MEAN_LENGTH] = kept->mean_length,
        [LONGEST] = kept->depth.longest > 0 ? (double)kept->depth.longest : NAN,
        [LONGEST_FRAC] = kept->depth.share,
    };
    *ret = values[self->which];
    return SG_OK;
}

/* Hummon and Doreian's search path count of an arc, taken of a neuron and divided by the total. */
#define PATH_SOURCE                                                                                \
    "after the search path count, Hummon & Doreian, Soc. Networks 11:39 (1989), "                  \
    "doi:10.1016/0378-8733(89)90017-8"

static const sg_measure of_layers[] = {
    {"path_centrality_max", "dimensionless",
     "largest share of all input-output paths that pass one neuron: paths in x paths out / all",
     PATH_SOURCE, SG_SCOPE_LAYER, SG_COST_LINEAR, SG_NULL_DEGREES, CENTRALITY_MAX, layer_number},
    {"path_centrality_gini", "dimensionless",
     "Gini coefficient of paths in x paths out over all neurons of the layer; 0 = all equal",
     PATH_SOURCE, SG_SCOPE_LAYER, SG_COST_SORT, SG_NULL_DEGREES, CENTRALITY_GINI, layer_number},
    {"path_half_frac", "dimensionless",
     "smallest share of the neurons that carries half of the paths through the layer", PATH_SOURCE,
     SG_SCOPE_LAYER, SG_COST_SORT, SG_NULL_DEGREES, HALF_FRAC, layer_number},
};

static const sg_measure of_network[] = {
    {"paths_log10", "log10(paths)", "log10 of the number of paths from an input to an output",
     PATH_SOURCE, SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_DEGREES, LOG10, whole_number},
    {"effective_depth", "connections",
     "mean length of the input-output paths, each path counting once; the depth of a chain", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_DEGREES, MEAN_LENGTH, whole_number},
    {"depth_max", "connections", "length of the longest input-output path", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_DEGREES, LONGEST, whole_number},
    {"depth_max_frac", "dimensionless",
     "share of the input-output paths that are as long as the longest: those without a skip", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_DEGREES, LONGEST_FRAC, whole_number},
};

const sg_measure_family sg_family_layer_paths = {of_layers, SG_COUNT(of_layers)};
const sg_measure_family sg_family_paths = {of_network, SG_COUNT(of_network)};
