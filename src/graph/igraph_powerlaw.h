/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_IGRAPH_POWERLAW_H
#define SG_GRAPH_IGRAPH_POWERLAW_H

/* The discrete power-law fit of igraph (plfit), kept away from its traps, with a bootstrap that is
 * a function of the seed. */

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/* All NaN or 0 where the values have no fit (fewer than two distinct positive values). */
typedef struct sg_igraph_fit {
    double alpha;          /* exponent */
    uint64_t xmin;         /* where the tail begins; 0 without a fit */
    size_t n_tail;         /* values >= xmin */
    size_t n;              /* values fitted: the positive ones */
    double log_likelihood; /* of the tail */
    double ks_d;           /* Kolmogorov-Smirnov distance of the tail */
    double p_value; /* share of replicates with a D at least as large; NaN without replicates */
    size_t n_replicates; /* those that had a fit */
} sg_igraph_fit;

/*
 * Fits p(x) = x^-alpha / zeta(alpha, xmin), x >= xmin, to the positive values; zeros are dropped,
 * since a power law has none. alpha maximises the likelihood, xmin minimises D.
 *
 * The p-value is that of the semi-parametric bootstrap: each replicate draws n values, from the
 * body with probability 1 - n_tail / n, else from the fit, and is fitted anew, xmin included. The
 * replicates are drawn from the stream (seed, SG_RANDOM_BOOTSTRAP), so equal input gives an equal
 * p. igraph's own p-value is not used: it depends on rand().
 *
 * Values with fewer than two distinct positive ones have no fit: SG_OK, alpha NaN, xmin 0.
 * SG_EINVAL: a value above 2^53. SG_ENOMEM.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Rev. 51:661 (2009), doi:10.1137/070710111.
 */
sg_status sg_igraph_powerlaw(const uint64_t *values, size_t n, size_t n_replicates, uint64_t seed,
                             sg_igraph_fit *ret, sg_error *err) SG_CHECKED;

#endif
