/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SPARSE_TOPOLOGY_H
#define SG_SPARSE_TOPOLOGY_H

/*
 * Where links stand: starting topologies, and links grown into empty cells. A cell is row * n_cols
 * + column. Time and memory go with the links, never with the cells.
 */

#include "base/random.h"
#include "sparsegraph/csr.h"

/* Returns p = epsilon (n_in + n_out) / (n_in n_out), at most 1: doi:10.1038/s41467-018-04316-3. */
double sg_er_density(double epsilon, size_t n_in, size_t n_out);

/* A matrix in which every cell is linked; all values are 0, as with the next two. SG_ENOMEM. */
sg_status sg_topology_full(size_t n_rows, size_t n_cols, sg_csr **ret, sg_error *err)
    __attribute__((warn_unused_result));

/* Each cell linked on its own with probability p in [0, 1], by geometric skips. SG_ENOMEM. */
sg_status sg_topology_bernoulli(size_t n_rows, size_t n_cols, double p, sg_random *random,
                                sg_csr **ret, sg_error *err) __attribute__((warn_unused_result));

/* Exactly n_links cells linked, uniformly over all such choices. SG_EINVAL: more than cells.
 * SG_ENOMEM. */
sg_status sg_topology_exact(size_t n_rows, size_t n_cols, size_t n_links, sg_random *random,
                            sg_csr **ret, sg_error *err) __attribute__((warn_unused_result));

/* How the links of a matrix change: some go, as many or fewer others come. */
typedef struct sg_regrowth {
    const bool *keep;   /* (n_links) which stay */
    size_t n_new;       /* how many grow; at most as many as go */
    const float *grown; /* (n_new) their values, in the order in which they then stand */
    float *beside;      /* (n_links) what moves with the links and is 0 for grown ones; or NULL */
} sg_regrowth;

/*
 * Removes links and grows others in place, uniformly over the cells that are then empty (one just
 * emptied may be drawn again). Right also when the layer is nearly full. Linear in links; room for
 * two cells a grown link is needed meanwhile. Where fewer grow than go, the arrays keep their size
 * and n_links tells how much of them counts. On failure nothing has changed. SG_EINVAL: n_new above
 * the links that go. SG_ENOMEM.
 */
sg_status sg_topology_regrow(sg_csr *m, const sg_regrowth *how, sg_random *random, sg_error *err)
    __attribute__((warn_unused_result));

/* Draws n distinct numbers below `below`, uniformly, ascending. SG_EINVAL: n > below. SG_ENOMEM.
 * Linear in n. */
sg_status sg_sample_distinct(sg_random *random, uint64_t below, size_t n, uint64_t *ret,
                             sg_error *err) __attribute__((warn_unused_result));

/* Sorts ascending in linear time by bytes; scratch holds n numbers too. */
void sg_sort_u64(uint64_t *v, size_t n, uint64_t *scratch);

#endif
