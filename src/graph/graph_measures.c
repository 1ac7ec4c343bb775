/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

/* What igraph measures on the undirected view. */

sg_status sg_graph_components(const sg_graph *g, uint32_t *membership, sg_components *ret,
                              sg_error *err)
{
    SG_IGRAPH_SECTION;
    SG_AUTO_VECTOR_INT of_node = {0};
    SG_AUTO_VECTOR_INT sizes = {0};
    igraph_integer_t n = 0;
    SG_IGRAPH_TRY(igraph_vector_int_init(&of_node, 0), err, "find components");
    SG_IGRAPH_TRY(igraph_vector_int_init(&sizes, 0), err, "find components");
    SG_IGRAPH_TRY(igraph_connected_components(&g->pairs, &of_node, &sizes, &n, IGRAPH_WEAK), err,
                  "find components");

    sg_components found = {.n = (size_t)n};
    for (igraph_integer_t i = 0; i < n; i++)
        if ((size_t)VECTOR(sizes)[i] > found.giant)
            found.giant = (size_t)VECTOR(sizes)[i];
    if (membership)
        for (size_t v = 0; v < g->n_nodes; v++)
            membership[v] = (uint32_t)VECTOR(of_node)[v];
    *ret = found;
    return SG_OK;
}

sg_status sg_graph_coreness(const sg_graph *g, uint32_t *core, sg_error *err)
{
    SG_IGRAPH_SECTION;
    SG_AUTO_VECTOR_INT cores = {0};
    SG_IGRAPH_TRY(igraph_vector_int_init(&cores, 0), err, "measure the k-core");
    SG_IGRAPH_TRY(igraph_coreness(&g->pairs, &cores, IGRAPH_ALL), err, "measure the k-core");
    for (size_t v = 0; v < g->n_nodes; v++)
        core[v] = (uint32_t)VECTOR(cores)[v];
    return SG_OK;
}

sg_status sg_graph_assortativity(const sg_graph *g, double *ret, sg_error *err)
{
    SG_IGRAPH_SECTION;
    igraph_real_t r = IGRAPH_NAN;
    SG_IGRAPH_TRY(igraph_assortativity_degree(&g->pairs, &r, IGRAPH_UNDIRECTED), err,
                  "measure the degree assortativity");
    *ret = r;
    return SG_OK;
}

sg_status sg_graph_transitivity(const sg_graph *g, double *ret, sg_error *err)
{
    SG_IGRAPH_SECTION;
    igraph_real_t t = IGRAPH_NAN;
    SG_IGRAPH_TRY(igraph_transitivity_undirected(&g->pairs, &t, IGRAPH_TRANSITIVITY_NAN), err,
                  "measure the transitivity");
    *ret = t;
    return SG_OK;
}

sg_status sg_graph_local_clustering(const sg_graph *g, double *ret, sg_error *err)
{
    SG_IGRAPH_SECTION;
    igraph_real_t c = IGRAPH_NAN;
    if (g->n_nodes > 0)
        SG_IGRAPH_TRY(
            igraph_transitivity_avglocal_undirected(&g->pairs, &c, IGRAPH_TRANSITIVITY_ZERO), err,
            "measure the local clustering");
    *ret = c;
    return SG_OK;
}
