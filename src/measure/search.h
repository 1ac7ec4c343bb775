/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_SEARCH_H
#define SG_MEASURE_SEARCH_H

/* Breadth-first searches from many neurons at once, a bit each, directions ignored. */

#include "base/status.h"
#include "sparsegraph/snapshot.h"

enum {
    SG_SEARCH_WORDS = 4,                      /* 256 bits: one vector register of most machines */
    SG_SEARCH_SOURCES = 64 * SG_SEARCH_WORDS, /* searches of one round */
};

/* A set of a round's sources. */
typedef struct sg_search_set {
    uint64_t word[SG_SEARCH_WORDS];
} sg_search_set;

/* The neurons of all layers, joined by the connections of all links. */
typedef struct sg_search_graph {
    size_t n_nodes;
    uint64_t *start;     /* (n_nodes + 1) */
    uint32_t *neighbor;  /* (2 connections) */
    uint32_t *component; /* (n_nodes) numbered from 0 */
    size_t n_components;
    uint32_t giant; /* the largest component, the first of equals */
    size_t n_giant; /* its neurons */
} sg_search_graph;

/* Makes the graph in O(neurons + connections); SG_EINVAL above 2^32 - 1 neurons. */
sg_status sg_search_graph_make(const sg_snapshot *s, sg_search_graph *ret,
                               sg_error *err) SG_CHECKED;
void sg_search_graph_clear(sg_search_graph *g);

/* What a round found, and its working memory, used again by the next. */
typedef struct sg_search {
    size_t n_levels;         /* distances 0 … n_levels - 1 occur */
    size_t capacity;         /* levels that `count` has room for */
    uint32_t *count;         /* (capacity, SG_SEARCH_SOURCES) neurons at a distance from a source */
    sg_search_set *seen;     /* (n_nodes) sources that reached a neuron */
    sg_search_set *frontier; /* (n_nodes) those that reached it last */
    sg_search_set *next;     /* (n_nodes) */
    sg_search_set *reach;    /* (n_components) the sources in a component */
} sg_search;

/* Allocates the memory of a zeroed sg_search; sg_search_clear() frees it, also after a failure. */
sg_status sg_search_open(const sg_search_graph *g, sg_search *search, sg_error *err) SG_CHECKED;
void sg_search_clear(sg_search *search);

/* Searches from n <= SG_SEARCH_SOURCES neurons, all different. */
sg_status sg_search_run(const sg_search_graph *g, const uint32_t *sources, size_t n,
                        sg_search *search, sg_error *err) SG_CHECKED;

/* Neurons at a distance below n_levels from the i-th source of the round. */
static inline uint32_t sg_search_count(const sg_search *search, size_t distance, size_t i)
{
    return search->count[distance * SG_SEARCH_SOURCES + i];
}

#endif
