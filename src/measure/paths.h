/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_PATHS_H
#define SG_MEASURE_PATHS_H

/* How many paths lead from the inputs to every neuron and from there to the outputs. */

#include "base/status.h"
#include "sparsegraph/snapshot.h"

/* A number of paths: m * 2^(400 e), exact below 2^53. m is 0, or in [1, 2^400); 0 has e = 0. */
typedef struct sg_big {
    double m;
    int32_t e;
} sg_big;

/* Adds x to *sum. */
void sg_big_add(sg_big *sum, sg_big x);

/* log10(x); -infinity for 0. */
double sg_big_log10(sg_big x);

/* part / all, in [0, 1] for part <= all; NaN where all is 0. */
double sg_big_ratio(sg_big part, sg_big all);

typedef struct sg_paths {
    size_t *first; /* (n_layers + 1) the first neuron of each layer, then their number */
    sg_big *in;    /* (neurons) */
    sg_big *out;   /* (neurons) */
    sg_big total;  /* from an input to an output */
} sg_paths;

/* Counts in O(neurons + connections); sg_paths_clear() frees the arrays. */
sg_status sg_paths_make(const sg_snapshot *s, sg_paths *ret, sg_error *err) SG_CHECKED;

/* Frees what a zeroed or made sg_paths holds. */
void sg_paths_clear(sg_paths *p);

/* Share of all paths that pass a neuron; NaN where there is no path at all. */
double sg_paths_share(const sg_paths *p, size_t neuron);

/* The longest paths from an input to an output. */
typedef struct sg_depth {
    uint32_t longest; /* connections; 0 where there is no path */
    double share;     /* of all paths that are as long; NaN where there is no path */
} sg_depth;

/* Finds them in O(neurons + connections). */
sg_status sg_paths_depth(const sg_snapshot *s, const sg_paths *p, sg_depth *ret,
                         sg_error *err) SG_CHECKED;

#endif
