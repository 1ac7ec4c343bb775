/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sg_graph_free(sg_graph *g)
{
    if (!g)
        return;
    if (g->has_pairs)
        igraph_destroy(&g->pairs);
    for (size_t i = 0; i < g->n_layers; i++)
        sg_free(g->layers[i].name);
    sg_free(g->layers);
    sg_free(g->names.start);
    sg_free(g->names.bytes);
    sg_free(g->adj_start);
    sg_free(g->adj);
    sg_free(g->from);
    sg_free(g->to);
    sg_free(g->weight);
    sg_free(g);
}

sg_status sg_edge_list_add(sg_edge_list *list, sg_edge edge, sg_error *err)
{
    if (list->n == list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 256;
        sg_edge *grown = sg_resize(list->edge, capacity, sizeof *grown);
        if (!grown)
            return sg_fail_memory(err, "collecting edges");
        list->edge = grown;
        list->capacity = capacity;
    }
    list->edge[list->n++] = edge;
    return SG_OK;
}

static uint64_t key_of(const sg_edge *e)
{
    return (uint64_t)e->from << 32 | e->to;
}

static int by_ends(const void *a, const void *b)
{
    const uint64_t x = key_of(a);
    const uint64_t y = key_of(b);

    return (x > y) - (x < y);
}

/* Drops loops, orders each edge's ends where undirected, sorts, merges. Returns how many are left.
 */
static size_t simplify(sg_edge *edges, size_t n_edges, bool directed, sg_graph *g)
{
    size_t n = 0;
    bool sorted = true;
    for (size_t i = 0; i < n_edges; i++) {
        sg_edge e = edges[i];
        if (e.from == e.to)
            continue;
        if (!directed && e.from > e.to)
            e = (sg_edge){e.to, e.from, e.weight};
        sorted = sorted && (n == 0 || key_of(&edges[n - 1]) <= key_of(&e));
        edges[n++] = e;
    }
    g->n_loops_dropped = n_edges - n;
    if (!sorted)
        qsort(edges, n, sizeof *edges, by_ends);

    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (n_kept > 0 && key_of(&edges[n_kept - 1]) == key_of(&edges[i]))
            edges[n_kept - 1].weight += edges[i].weight;
        else
            edges[n_kept++] = edges[i];
    g->n_multi_dropped = n - n_kept;
    return n_kept;
}

size_t sg_graph_find_arc(const sg_graph *g, uint32_t from, uint32_t to)
{
    const uint64_t wanted = (uint64_t)from << 32 | to;
    size_t low = 0;
    size_t high = g->n_edges;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const uint64_t key = (uint64_t)g->from[middle] << 32 | g->to[middle];
        if (key == wanted)
            return middle;
        if (key < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

static bool has_arc(const sg_graph *g, uint32_t from, uint32_t to)
{
    return sg_graph_find_arc(g, from, to) < g->n_edges;
}

static int by_id(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Whether edge i stands for its pair in the undirected view: of mutual arcs, the one upwards does.
 */
static bool stands_for_pair(const sg_graph *g, size_t i)
{
    return !g->directed || g->from[i] < g->to[i] || !has_arc(g, g->to[i], g->from[i]);
}

static sg_status make_undirected_view(sg_graph *g, sg_error *err)
{
    SG_AUTOFREE bool *stands = SG_NEW_ARRAY(bool, g->n_edges);
    g->adj_start = SG_NEW_ARRAY(uint64_t, g->n_nodes + 1);
    if (!stands || !g->adj_start)
        return sg_fail_memory(err, "making a graph");
    for (size_t i = 0; i < g->n_edges; i++) {
        stands[i] = stands_for_pair(g, i);
        if (!stands[i])
            continue;
        g->n_pairs++;
        g->adj_start[g->from[i] + 1]++;
        g->adj_start[g->to[i] + 1]++;
    }
    for (size_t v = 0; v < g->n_nodes; v++)
        g->adj_start[v + 1] += g->adj_start[v];

    g->adj = SG_NEW_ARRAY(uint32_t, 2 * g->n_pairs);
    SG_AUTOFREE uint64_t *next = SG_NEW_ARRAY(uint64_t, g->n_nodes);
    if (!g->adj || !next)
        return sg_fail_memory(err, "making a graph");
    memcpy(next, g->adj_start, g->n_nodes * sizeof *next);
    for (size_t i = 0; i < g->n_edges; i++) {
        if (!stands[i])
            continue;
        g->adj[next[g->from[i]]++] = g->to[i];
        g->adj[next[g->to[i]]++] = g->from[i];
    }
    for (size_t v = 0; v < g->n_nodes; v++)
        qsort(g->adj + g->adj_start[v], (size_t)(g->adj_start[v + 1] - g->adj_start[v]),
              sizeof *g->adj, by_id);
    return SG_OK;
}

static sg_status make_igraph(sg_graph *g, sg_error *err)
{
    SG_IGRAPH_SECTION;
    SG_AUTO_VECTOR_INT ends = {0};
    SG_IGRAPH_TRY(igraph_vector_int_init(&ends, (igraph_integer_t)(2 * g->n_pairs)), err,
                  "make a graph");
    igraph_integer_t k = 0;
    for (size_t v = 0; v < g->n_nodes; v++)
        for (uint64_t i = g->adj_start[v]; i < g->adj_start[v + 1]; i++)
            if (g->adj[i] > v) {
                VECTOR(ends)[k++] = (igraph_integer_t)v;
                VECTOR(ends)[k++] = (igraph_integer_t)g->adj[i];
            }
    SG_IGRAPH_TRY(igraph_create(&g->pairs, &ends, (igraph_integer_t)g->n_nodes, IGRAPH_UNDIRECTED),
                  err, "make a graph");
    g->has_pairs = true;
    return SG_OK;
}

static sg_status copy_edges(sg_graph *g, const sg_edge *edges, bool weighted, sg_error *err)
{
    g->from = SG_NEW_ARRAY(uint32_t, g->n_edges);
    g->to = SG_NEW_ARRAY(uint32_t, g->n_edges);
    g->weight = weighted ? SG_NEW_ARRAY(float, g->n_edges) : NULL;
    if (!g->from || !g->to || (weighted && !g->weight))
        return sg_fail_memory(err, "making a graph");
    for (size_t i = 0; i < g->n_edges; i++) {
        g->from[i] = edges[i].from;
        g->to[i] = edges[i].to;
        if (weighted)
            g->weight[i] = edges[i].weight;
    }
    return SG_OK;
}

sg_status sg_graph_make(sg_graph_kind kind, sg_edge *edges, size_t n_edges, sg_graph **ret,
                        sg_error *err)
{
    if (kind.n_nodes > SG_GRAPH_COUNT_MAX || n_edges > SG_GRAPH_COUNT_MAX)
        return sg_fail(err, SG_EINVAL, "a graph of %zu nodes and %zu edges; either may be %zu",
                       kind.n_nodes, n_edges, SG_GRAPH_COUNT_MAX);
    SG_CLEANUP(sg_graph_free_cleanup_) sg_graph *g = SG_NEW(sg_graph);
    if (!g)
        return sg_fail_memory(err, "making a graph");
    g->directed = kind.directed;
    g->n_nodes = kind.n_nodes;
    g->n_edges = simplify(edges, n_edges, kind.directed, g);
    SG_TRY(copy_edges(g, edges, kind.weighted, err));
    SG_TRY(make_undirected_view(g, err));
    SG_TRY(make_igraph(g, err));
    *ret = SG_TAKE(g);
    return SG_OK;
}

sg_status sg_graph_new(const sg_graph_arrays *arrays, sg_graph **ret, sg_error *err)
{
    const size_t n_nodes = arrays->n_nodes;
    SG_AUTOFREE sg_edge *edges = SG_NEW_ARRAY(sg_edge, arrays->n_edges);
    if (!edges)
        return sg_fail_memory(err, "making a graph");
    for (size_t i = 0; i < arrays->n_edges; i++) {
        const sg_edge e = {arrays->from[i], arrays->to[i],
                           arrays->weight ? arrays->weight[i] : 1.0F};
        if (e.from >= n_nodes || e.to >= n_nodes)
            return sg_fail(err, SG_EINVAL, "edge %zu joins %u and %u, but there are %zu nodes", i,
                           e.from, e.to, n_nodes);
        if (!isfinite(e.weight))
            return sg_fail(err, SG_EINVAL, "the weight of edge %zu is not finite", i);
        edges[i] = e;
    }
    const sg_graph_kind kind = {n_nodes, arrays->directed, arrays->weight != NULL};
    return sg_graph_make(kind, edges, arrays->n_edges, ret, err);
}
