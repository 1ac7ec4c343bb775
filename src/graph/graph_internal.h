/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_GRAPH_INTERNAL_H
#define SG_GRAPH_GRAPH_INTERNAL_H

/* What a graph is made of; for src/graph alone. */

#include "base/memory.h"
#include "base/status.h"
#include "graph/igraph_guard.h"
#include "sparsegraph/graph.h"

/* igraph counts in 64 bits, but our ids are 32 and signed readers exist. */
#define SG_GRAPH_COUNT_MAX ((size_t)INT32_MAX)

/* Strings one after the other, each with its NUL. */
typedef struct sg_names {
    size_t n;
    size_t *start; /* (n) */
    char *bytes;
} sg_names;

typedef struct sg_layer_span {
    char *name;
    size_t first;
    size_t size;
} sg_layer_span;

struct sg_graph {
    bool directed;
    size_t n_nodes;
    size_t n_edges;
    uint32_t *from; /* (n_edges), ascending; in an undirected graph below `to` */
    uint32_t *to;   /* (n_edges), ascending for equal `from` */
    float *weight;  /* (n_edges), or NULL */
    size_t n_loops_dropped;
    size_t n_multi_dropped;

    size_t n_pairs;      /* edges of the undirected view */
    uint64_t *adj_start; /* (n_nodes + 1) */
    uint32_t *adj;       /* (2 n_pairs) neighbours in the undirected view, ascending */

    bool has_pairs; /* whether `pairs` was made */
    igraph_t pairs; /* the undirected view, for igraph; without attributes */

    sg_names names; /* n = 0: the nodes have none */
    size_t n_layers;
    sg_layer_span *layers;
    double n_possible; /* pairs that could be joined, for a layered network */
};

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)

/* Returns the place of an arc among those of g, or SIZE_MAX. O(log n_edges). */
size_t sg_graph_find_arc(const sg_graph *g, uint32_t from, uint32_t to);

typedef struct sg_edge {
    uint32_t from;
    uint32_t to;
    float weight;
} sg_edge;

/* A growing list of edges; zero-initialise, sg_free(edge). */
typedef struct sg_edge_list {
    sg_edge *edge;
    size_t n;
    size_t capacity;
} sg_edge_list;

sg_status sg_edge_list_add(sg_edge_list *list, sg_edge edge, sg_error *err) SG_CHECKED;

/* How sg_graph_make() takes its edges. */
typedef struct sg_graph_kind {
    size_t n_nodes;
    bool directed;
    bool weighted;
} sg_graph_kind;

/*
 * Makes a simple graph from edges, which are reordered; ids must be below n_nodes, weights finite.
 * SG_EINVAL where a count exceeds SG_GRAPH_COUNT_MAX, SG_ENOMEM.
 */
sg_status sg_graph_make(sg_graph_kind kind, sg_edge *edges, size_t n_edges, sg_graph **ret,
                        sg_error *err) SG_CHECKED;

#endif
