/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

#include "base/random.h"
#include <math.h>
#include <string.h>

enum { SOURCES_MIN = 64, SOURCES_MAX = 1000 };

/* Steps along edges that are taken without asking: a second or two. */
static const double steps_budget = 1e9;

typedef struct search {
    uint32_t *distance; /* (n_nodes); UINT32_MAX where not reached */
    uint32_t *queue;    /* (n_nodes) */
} search;

/* Breadth first from one node; returns the sum of the distances and the largest. */
static double distances_from(const sg_graph *g, uint32_t source, search *s, uint32_t *longest)
{
    memset(s->distance, 0xff, g->n_nodes * sizeof *s->distance);
    s->distance[source] = 0;
    s->queue[0] = source;
    size_t n_queued = 1;
    double sum = 0.0;

    for (size_t head = 0; head < n_queued; head++) {
        const uint32_t v = s->queue[head];
        const uint32_t d = s->distance[v];
        sum += d;
        if (d > *longest)
            *longest = d;
        for (uint64_t i = g->adj_start[v]; i < g->adj_start[v + 1]; i++)
            if (s->distance[g->adj[i]] == UINT32_MAX) {
                s->distance[g->adj[i]] = d + 1;
                s->queue[n_queued++] = g->adj[i];
            }
    }
    return sum;
}

/* Lists the nodes of the largest component, the first found of equals; returns how many. */
static sg_status giant_nodes(const sg_graph *g, uint32_t *nodes, size_t *ret, sg_error *err)
{
    SG_AUTOFREE uint32_t *membership = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTOFREE size_t *size = SG_NEW_ARRAY(size_t, g->n_nodes);
    if (!membership || !size)
        return sg_fail_memory(err, "measuring path lengths");
    sg_components found;
    SG_TRY(sg_graph_components(g, membership, &found, err));
    for (size_t v = 0; v < g->n_nodes; v++)
        size[membership[v]]++;
    uint32_t giant = 0;
    for (uint32_t c = 0; c < found.n; c++)
        if (size[c] > size[giant])
            giant = c;
    size_t n = 0;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        if (membership[v] == giant)
            nodes[n++] = v;
    *ret = n;
    return SG_OK;
}

static size_t count_sources(const sg_graph *g, size_t n_giant, size_t max_sources)
{
    if (max_sources > 0)
        return n_giant < max_sources ? n_giant : max_sources;
    const double steps = 2.0 * (double)g->n_pairs + (double)g->n_nodes;
    if (steps * (double)n_giant <= steps_budget)
        return n_giant;
    double n = floor(steps_budget / steps);
    n = fmin(fmax(n, SOURCES_MIN), SOURCES_MAX);
    return n < (double)n_giant ? (size_t)n : n_giant;
}

/* Brings n_sources nodes, drawn without replacement, to the front. */
static void draw_sources(uint32_t *nodes, size_t n, size_t n_sources, uint64_t seed)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 0, 0);
    for (size_t i = 0; i < n_sources; i++) {
        const size_t j = i + (size_t)sg_random_below(&random, n - i);
        const uint32_t chosen = nodes[j];
        nodes[j] = nodes[i];
        nodes[i] = chosen;
    }
}

sg_status sg_graph_path_lengths(const sg_graph *g, size_t max_sources, uint64_t seed,
                                sg_path_lengths *ret, sg_error *err)
{
    SG_AUTOFREE uint32_t *nodes = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTOFREE uint32_t *distance = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTOFREE uint32_t *queue = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    if (!nodes || !distance || !queue)
        return sg_fail_memory(err, "measuring path lengths");
    sg_path_lengths found = {.mean = NAN, .se = NAN};
    if (g->n_nodes > 0)
        SG_TRY(giant_nodes(g, nodes, &found.n_nodes, err));
    if (found.n_nodes < 2) {
        *ret = found;
        return SG_OK;
    }

    found.n_sources = count_sources(g, found.n_nodes, max_sources);
    found.exact = found.n_sources == found.n_nodes;
    if (!found.exact)
        draw_sources(nodes, found.n_nodes, found.n_sources, seed);
    search s = {distance, queue};
    double sum = 0.0;
    double sum_squares = 0.0; /* of deviations, by Welford's update */
    double mean = 0.0;
    for (size_t i = 0; i < found.n_sources; i++) {
        const double x =
            distances_from(g, nodes[i], &s, &found.longest) / (double)(found.n_nodes - 1);
        const double delta = x - mean;
        mean += delta / (double)(i + 1);
        sum_squares += delta * (x - mean);
        sum += x;
    }
    const double n = (double)found.n_sources;
    found.mean = sum / n;
    found.se = 0.0;
    if (!found.exact)
        found.se =
            n > 1.0 ? sqrt(sum_squares / (n - 1.0) / n * (1.0 - n / (double)found.n_nodes)) : NAN;
    *ret = found;
    return SG_OK;
}
