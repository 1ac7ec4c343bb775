/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "measure/kcore.h"
#include <math.h>

/* The network as one graph of neurons, directions ignored: components, cores, total degrees. */

static bool has_parallel_links(const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        for (size_t j = 0; j < i; j++)
            if (sg_snapshot_link(s, i)->from == sg_snapshot_link(s, j)->from &&
                sg_snapshot_link(s, i)->to == sg_snapshot_link(s, j)->to)
                return true;
    return false;
}

static sg_status summarise_degrees(const sg_search_graph *g, sg_measured_whole *w, sg_error *err)
{
    SG_AUTOFREE double *degree = SG_NEW_ARRAY(double, g->n_nodes);
    if (!degree)
        return sg_fail_memory(err, "measuring the whole network");
    for (size_t i = 0; i < g->n_nodes; i++)
        degree[i] = (double)(g->start[i + 1] - g->start[i]);
    w->degree = sg_summarise(degree, g->n_nodes);
    w->n_isolated = w->degree.n_zeros;
    return SG_OK;
}

sg_status sg_measured_whole_network(sg_measured *m, sg_error *err)
{
    if (m->has_whole)
        return SG_OK;
    SG_CLEANUP(sg_search_graph_clear) sg_search_graph g = {0};
    SG_TRY(sg_search_graph_make(m->snapshot, &g, err));
    if (has_parallel_links(m->snapshot))
        sg_neighbors_drop_repeats(&g);
    sg_measured_whole w = {
        .n_nodes = g.n_nodes, .n_components = g.n_components, .n_giant = g.n_giant};
    SG_TRY(sg_core_max(&g, &w.core_max, err));
    SG_TRY(summarise_degrees(&g, &w, err));
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

#define KCORE "Batagelj & Zaversnik (2003), arXiv:cs/0310049"

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
