/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_DISTANCES_H
#define SG_MEASURE_DISTANCES_H

/* Distances between neurons along connections, directions ignored. */

#include "base/status.h"
#include "sparsegraph/snapshot.h"

/* How many sources have `n_nodes` neurons at `distance`; one entry of a portrait. */
typedef struct sg_portrait_cell {
    uint32_t distance;
    uint32_t n_nodes; /* 0 where the source reaches no further than a shorter distance */
    uint32_t n_sources;
} sg_portrait_cell;

typedef struct sg_distances {
    double mean;    /* over pairs of neurons of the largest component; NaN: no such pair was seen */
    double se;      /* standard error of `mean` from sampling the sources; 0 when exact */
    size_t longest; /* the longest distance seen: the diameter when exact, else a lower bound */
    size_t n_sources; /* neurons that distances were measured from, of all components */
    bool exact;       /* every neuron was a source */
    size_t n_cells;
    sg_portrait_cell *cells; /* (n_cells) by distance, then n_nodes; distances 0 … longest */
} sg_distances;

/*
 * Measures from every neuron, or from max_sources of them, drawn without replacement. Searches from
 * 256 neurons at once: Then et al., PVLDB 8:449 (2014), doi:10.14778/2735496.2735507, here pulling
 * along whole levels. SG_EINVAL above 2^32 - 1 neurons. Free with sg_distances_clear().
 */
sg_status sg_distances_make(const sg_snapshot *s, size_t max_sources, uint64_t seed,
                            sg_distances *ret, sg_error *err) SG_CHECKED;

void sg_distances_clear(sg_distances *d);

/*
 * Shannon entropy, in bits, of the portrait's weighted distribution P(k, l) = B[l,k]/N * P(l), P(l)
 * the share of the reached ordered pairs, both ends alike included, that are at distance l: the
 * distribution behind the portrait divergence of Bagrow & Bollt (2019),
 * doi:10.1007/s41109-019-0156-x. NaN of an empty portrait.
 */
double sg_portrait_entropy(const sg_distances *d);

#endif
