/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_BIPARTITE_MODULES_H
#define SG_MEASURE_BIPARTITE_MODULES_H

/* Modules of a link: groups of neurons of both sides that are linked among themselves. */

#include "base/status.h"
#include "measure/measured.h"
#include "sparsegraph/csr.h"

/* The module of a neuron without a connection. */
static const uint32_t SG_NO_MODULE = UINT32_MAX;

typedef struct sg_modules {
    double modularity; /* Barber's Q; NaN in an empty link */
    size_t n;          /* modules, numbered from 0 in the order of their first receiving neuron */
    uint32_t *row;     /* (n_rows) module of each receiving neuron */
    uint32_t *col;     /* (n_cols) of each sending neuron */
} sg_modules;

/* How many partitions a measure or a figure begins from. */
enum { SG_MODULES_STARTS = 8 };

/* How to look for them. */
typedef struct sg_modules_params {
    size_t n_starts; /* partitions to begin from, at least 1; the best result counts */
    uint64_t seed;
    uint32_t link; /* tells the streams of a network's links apart */
} sg_modules_params;

/*
 * Looks for the partition of the largest Q = sum over connections of 1/m [same module] - sum over
 * modules of K D / m^2, K and D the degrees of its rows and columns, m the connections.
 *
 * Label propagation that moves each neuron to the module that raises Q most, one side after the
 * other until nothing moves, then merges pairs of modules where that raises Q, and begins again;
 * the arithmetic is exact. The first start has a module for each neuron of the smaller side, the
 * others deal its neurons to 4, 5, 6, ... modules at random. A local maximum: nobody knows the
 * largest Q of a network. O(n_links) a sweep, some dozen sweeps a start. SG_ENOMEM.
 *
 * Sources: Barber, Phys. Rev. E 76:066102 (2007), doi:10.1103/PhysRevE.76.066102; Beckett, R. Soc.
 * Open Sci. 3:140536 (2016), doi:10.1098/rsos.140536 (LPAwb+ and DIRTLPAwb+), with all weights 1.
 * We merge every module with at most one other before neurons move again.
 */
sg_status sg_modules_find(const sg_csr *m, const sg_modules_params *params, sg_modules *ret,
                          sg_error *err) SG_CHECKED;
void sg_modules_clear(sg_modules *m);

#endif
