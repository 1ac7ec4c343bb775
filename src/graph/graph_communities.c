/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

#include <math.h>

/* Communities of the undirected view by igraph's Leiden. */

/* The authors' randomness of the refinement, and igraph's default. */
static const double beta = 0.01;

/* Each round starts from the last; igraph 0.10.2 stops too early when left to decide itself. */
enum { ROUNDS_MAX = 100 };
static const double gain_min = 1e-4; /* of the modularity; seeds differ by more */

/* |weight| of an arc, 0 where there is none. */
static double arc_weight(const sg_graph *g, uint32_t from, uint32_t to)
{
    const size_t i = sg_graph_find_arc(g, from, to);
    if (i == SIZE_MAX)
        return 0;
    return g->weight ? fabs((double)g->weight[i]) : 1;
}

/* Fills the weights of the pairs, in igraph's order, and of the nodes; returns the pairs' sum. */
static double weigh(const sg_graph *g, igraph_vector_t *pairs, igraph_vector_t *nodes)
{
    igraph_integer_t k = 0;
    double sum = 0;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        for (uint64_t i = g->adj_start[v]; i < g->adj_start[v + 1]; i++) {
            const uint32_t u = g->adj[i];
            if (u < v)
                continue;
            const double weight = arc_weight(g, v, u) + arc_weight(g, u, v);
            VECTOR(*pairs)[k++] = weight;
            VECTOR(*nodes)[v] += weight;
            VECTOR(*nodes)[u] += weight;
            sum += weight;
        }
    return sum;
}

/* igraph draws from one generator of the process: ours takes its place for a while. */
typedef struct own_random {
    igraph_rng_t own;
    igraph_rng_t theirs;
    bool on;
} own_random;

static void random_leave(own_random *r)
{
    if (!r->on)
        return;
    igraph_rng_set_default(&r->theirs);
    igraph_rng_destroy(&r->own);
}

static sg_status random_enter(own_random *r, uint64_t seed, sg_error *err)
{
    SG_IGRAPH_TRY(igraph_rng_init(&r->own, &igraph_rngtype_mt19937), err, "find communities");
    r->theirs = *igraph_rng_default();
    r->on = true;
    SG_IGRAPH_TRY(igraph_rng_seed(&r->own, (igraph_uint_t)(uint32_t)(seed ^ seed >> 32)), err,
                  "find communities");
    igraph_rng_set_default(&r->own);
    return SG_OK;
}

typedef struct leiden {
    const sg_graph *g;
    igraph_vector_t *pairs;
    igraph_vector_t *nodes;
    double total; /* of the pairs */
} leiden;

/* Improves the partition round by round until a round gains nothing. */
static sg_status improve(const leiden *l, igraph_vector_int_t *membership, double *modularity,
                         sg_error *err)
{
    double best = -INFINITY;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        igraph_integer_t n = 0;
        igraph_real_t quality = IGRAPH_NAN;
        SG_IGRAPH_TRY(igraph_community_leiden(&l->g->pairs, l->pairs, l->nodes, 0.5 / l->total,
                                              beta, round > 0, 1, membership, &n, &quality),
                      err, "find communities");
        igraph_real_t reached = IGRAPH_NAN;
        SG_IGRAPH_TRY(
            igraph_modularity(&l->g->pairs, membership, l->pairs, 1, IGRAPH_UNDIRECTED, &reached),
            err, "measure the modularity");
        *modularity = reached;
        if (!(reached > best + gain_min))
            break;
        best = reached;
    }
    return SG_OK;
}

/* Numbers the communities in the order of their first nodes and counts them. */
static sg_status publish(const sg_graph *g, const igraph_vector_int_t *found, uint32_t *membership,
                         sg_communities *ret, sg_error *err)
{
    SG_AUTOFREE uint32_t *number = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTOFREE size_t *size = SG_NEW_ARRAY(size_t, g->n_nodes);
    if (!number || !size)
        return sg_fail_memory(err, "finding communities");
    for (size_t v = 0; v < g->n_nodes; v++) {
        uint32_t *mine = &number[VECTOR(*found)[v]];
        if (*mine == 0)
            *mine = (uint32_t)++ret->n;
        size[*mine - 1]++;
        if (membership)
            membership[v] = *mine - 1;
    }
    for (size_t c = 0; c < ret->n; c++)
        ret->n_joined += size[c] > 1;
    return SG_OK;
}

sg_status sg_graph_communities(const sg_graph *g, uint64_t seed, uint32_t *membership,
                               sg_communities *ret, sg_error *err)
{
    SG_IGRAPH_SECTION;
    SG_AUTO_VECTOR pairs = {0};
    SG_AUTO_VECTOR nodes = {0};
    SG_AUTO_VECTOR_INT found = {0};
    SG_IGRAPH_TRY(igraph_vector_init(&pairs, (igraph_integer_t)g->n_pairs), err,
                  "find communities");
    SG_IGRAPH_TRY(igraph_vector_init(&nodes, (igraph_integer_t)g->n_nodes), err,
                  "find communities");
    SG_IGRAPH_TRY(igraph_vector_int_init_range(&found, 0, (igraph_integer_t)g->n_nodes), err,
                  "find communities");
    sg_communities c = {.modularity = NAN};
    const leiden l = {g, &pairs, &nodes, weigh(g, &pairs, &nodes)};
    if (l.total > 0) {
        SG_CLEANUP(random_leave) own_random r = {0};
        SG_TRY(random_enter(&r, seed, err));
        SG_TRY(improve(&l, &found, &c.modularity, err));
    }
    SG_TRY(publish(g, &found, membership, &c, err));
    *ret = c;
    return SG_OK;
}
