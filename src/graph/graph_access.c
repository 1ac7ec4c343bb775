/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

#include <math.h>
#include <string.h>

size_t sg_graph_n_nodes(const sg_graph *g)
{
    return g->n_nodes;
}

size_t sg_graph_n_edges(const sg_graph *g)
{
    return g->n_edges;
}

size_t sg_graph_n_pairs(const sg_graph *g)
{
    return g->n_pairs;
}

bool sg_graph_is_directed(const sg_graph *g)
{
    return g->directed;
}

size_t sg_graph_n_loops_dropped(const sg_graph *g)
{
    return g->n_loops_dropped;
}

size_t sg_graph_n_multi_dropped(const sg_graph *g)
{
    return g->n_multi_dropped;
}

double sg_graph_density(const sg_graph *g)
{
    const double n = (double)g->n_nodes;
    double possible = n * (n - 1.0);

    if (g->n_layers > 0)
        possible = g->n_possible;
    else if (!g->directed)
        possible /= 2.0;
    return possible > 0.0 ? (double)g->n_edges / possible : NAN;
}

void sg_graph_edges(const sg_graph *g, const uint32_t **from, const uint32_t **to,
                    const float **weight)
{
    if (from)
        *from = g->from;
    if (to)
        *to = g->to;
    if (weight)
        *weight = g->weight;
}

const char *sg_graph_node_name(const sg_graph *g, size_t node)
{
    return node < g->names.n ? g->names.bytes + g->names.start[node] : NULL;
}

size_t sg_graph_n_layers(const sg_graph *g)
{
    return g->n_layers;
}

size_t sg_graph_node_layer(const sg_graph *g, size_t node)
{
    size_t layer = 0;

    while (layer + 1 < g->n_layers && node >= g->layers[layer + 1].first)
        layer++;
    return layer;
}

const char *sg_graph_layer(const sg_graph *g, size_t layer, size_t *first, size_t *size)
{
    if (layer >= g->n_layers)
        return NULL;
    if (first)
        *first = g->layers[layer].first;
    if (size)
        *size = g->layers[layer].size;
    return g->layers[layer].name;
}

void sg_graph_degrees(const sg_graph *g, sg_degree_mode mode, uint32_t *degree)
{
    if (!g->directed || mode == SG_DEGREE_NEIGHBORS) {
        for (size_t v = 0; v < g->n_nodes; v++)
            degree[v] = (uint32_t)(g->adj_start[v + 1] - g->adj_start[v]);
        return;
    }
    memset(degree, 0, g->n_nodes * sizeof *degree);
    for (size_t i = 0; i < g->n_edges; i++) {
        if (mode != SG_DEGREE_IN)
            degree[g->from[i]]++;
        if (mode != SG_DEGREE_OUT)
            degree[g->to[i]]++;
    }
}
