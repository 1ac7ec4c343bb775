/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "sparsegraph/graph.h"
#include <math.h>

/* The network as one graph of neurons, directions ignored: what igraph says, and total degrees. */

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)

static sg_status summarise_degrees(const sg_graph *g, sg_measured_whole *w, sg_error *err)
{
    SG_AUTOFREE uint32_t *numbers = SG_NEW_ARRAY(uint32_t, w->n_nodes);
    SG_AUTOFREE double *degree = SG_NEW_ARRAY(double, w->n_nodes);
    if (!numbers || !degree)
        return sg_fail_memory(err, "measuring the whole network");
    SG_TRY(sg_graph_coreness(g, numbers, err));
    for (size_t i = 0; i < w->n_nodes; i++)
        w->core_max = numbers[i] > w->core_max ? numbers[i] : w->core_max;

    sg_graph_degrees(g, SG_DEGREE_TOTAL, numbers);
    for (size_t i = 0; i < w->n_nodes; i++)
        degree[i] = (double)numbers[i];
    w->degree = sg_summarise(degree, w->n_nodes);
    w->n_isolated = w->degree.n_zeros;
    return SG_OK;
}

sg_status sg_measured_whole_network(sg_measured *m, sg_error *err)
{
    if (m->has_whole)
        return SG_OK;
    SG_CLEANUP(sg_graph_free_cleanup_) sg_graph *g = NULL;
    SG_TRY(sg_graph_from_snapshot(m->snapshot, &g, err));
    sg_measured_whole w = {.n_nodes = sg_graph_n_nodes(g)};
    sg_components components = {0};
    SG_TRY(sg_graph_components(g, NULL, &components, err));
    w.n_components = components.n;
    w.n_giant = components.giant;
    SG_TRY(summarise_degrees(g, &w, err));
    m->whole = w;
    m->has_whole = true;
    return SG_OK;
}

enum {
    COMPONENTS,
    ISOLATED,
    GIANT_FRAC,
    CORE_MAX,
    DEGREE_MEAN,
    DEGREE_DISPERSION,
    DEGREE_GINI,
    DEGREE_MAX
};

static sg_status whole_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)subject;
    SG_TRY(sg_measured_whole_network(m, err));
    const sg_measured_whole *w = &m->whole;
    const double values[] = {
        [COMPONENTS] = (double)w->n_components,
        [ISOLATED] = (double)w->n_isolated,
        [GIANT_FRAC] = (double)w->n_giant / (double)w->n_nodes,
        [CORE_MAX] = (double)w->core_max,
        [DEGREE_MEAN] = w->degree.mean,
        [DEGREE_DISPERSION] = w->degree.dispersion,
        [DEGREE_GINI] = w->degree.gini,
        [DEGREE_MAX] = w->degree.max,
    };
    *ret = values[self->which];
    return SG_OK;
}

#define KCORE "Batagelj & Zaversnik (2003), arXiv:cs/0310049, by igraph"

static const sg_measure measures[] = {
    {"components", "components", "weakly connected components, isolated neurons included", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_RANDOM, COMPONENTS, whole_number},
    {"isolated", "neurons", "neurons without any connection", "", SG_SCOPE_WHOLE, SG_COST_LINEAR,
     SG_NULL_RANDOM, ISOLATED, whole_number},
    {"giant_frac", "dimensionless", "share of the neurons in the largest component", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_RANDOM, GIANT_FRAC, whole_number},
    {"core_max", "connections", "largest k with a k-core, directions ignored", KCORE,
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_DEGREES, CORE_MAX, whole_number},
    {"degree_mean", "connections", "mean of fan-in + fan-out over all neurons", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_NONE, DEGREE_MEAN, whole_number},
    {"degree_dispersion", "connections",
     "variance/mean of fan-in + fan-out, population variance; pools layers, so it is no sign of a "
     "heavy tail",
     "", SG_SCOPE_WHOLE, SG_COST_SORT, SG_NULL_RANDOM, DEGREE_DISPERSION, whole_number},
    {"degree_gini", "dimensionless", "Gini coefficient of fan-in + fan-out over all neurons", "",
     SG_SCOPE_WHOLE, SG_COST_SORT, SG_NULL_RANDOM, DEGREE_GINI, whole_number},
    {"degree_max", "connections", "largest fan-in + fan-out", "", SG_SCOPE_WHOLE, SG_COST_LINEAR,
     SG_NULL_RANDOM, DEGREE_MAX, whole_number},
};

const sg_measure_family sg_family_graph = {measures, SG_COUNT(measures)};
