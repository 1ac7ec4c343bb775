/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SPARSE_KERNELS_H
#define SG_SPARSE_KERNELS_H

/*
 * The inner loops of training, one set an instruction set, chosen at run time.
 *
 * Activations are feature-major: a matrix (n_features, stride) whose rows hold one feature over the
 * samples of a batch. The stride is a multiple of SG_BATCH_ALIGN floats and every row starts at a
 * multiple of 64 bytes; the columns past the batch are padding that kernels read and write like any
 * other.
 */

#include "sparsegraph/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_BATCH_ALIGN = 16 };

/*
 * Returns whether rows of x had better be fetched ahead: where all of them (n_cols, stride) do not
 * stay in a processor's own cache. Where they do, fetching ahead costs 8 %; where they do not, it
 * saves a third of the time (measured on 1 and 2 MiB caches; between them it hardly matters).
 */
bool sg_prefetch_pays(size_t n_cols, size_t stride);

/* Returns the stride of a batch: its size rounded up to SG_BATCH_ALIGN. */
static inline size_t sg_batch_stride(size_t batch)
{
    return (batch + SG_BATCH_ALIGN - 1) / SG_BATCH_ALIGN * SG_BATCH_ALIGN;
}

/* A sparse matrix as the kernels see it, borrowed: rows [0, n_rows), link k of a row in column
 * col[k]. */
typedef struct sg_kernel_matrix {
    size_t n_rows;
    const uint64_t *row_start; /* (n_rows + 1) */
    const uint32_t *col;       /* (n_links) */
    const float
        *value; /* (n_links) in the order of `position`, or of the links where that is NULL */
    const uint32_t
        *position; /* (n_links) where the value of link k lies in `value`, or NULL: at k */
} sg_kernel_matrix;

/* Y[r] = bias[r] + sum_k value[k] X[col[k]]. */
typedef struct sg_multiply {
    sg_kernel_matrix matrix;
    const float *bias; /* (n_rows), or NULL: 0 */
    const float *x;    /* (n_cols, stride) */
    float *y;          /* (n_rows, stride) */
    size_t stride;
    bool prefetch; /* rows of x are fetched some links ahead; no influence on the result */
} sg_multiply;

/* gradient[k] = <D[r], X[col[k]]> over the stride, for each link k of row r; `value` is not looked
 * at. */
typedef struct sg_gradient {
    sg_kernel_matrix matrix;
    const float *x; /* (n_cols, stride) */
    const float *d; /* (n_rows, stride), zero in its padding */
    size_t stride;
    float *gradient; /* (n_links) */
    bool prefetch;   /* as above */
} sg_gradient;

/* Each does the rows in [begin, end) and writes to no others. */
typedef struct sg_kernels {
    const char *name; /* "baseline", "v3", "v4" as in x86-64-v3; "plain" on other machines */
    void (*multiply)(const sg_multiply *product, size_t begin, size_t end);
    void (*gradient)(const sg_gradient *product, size_t begin, size_t end);
} sg_kernels;

/*
 * Returns the fastest kernels of this machine, or those that $SPARSEGRAPH_ISA names: baseline, v3
 * or v4. SG_EINVAL: the variable names no instruction set. SG_EUNSUPPORTED: one that this machine
 * lacks.
 */
sg_status sg_kernels_select(const sg_kernels **ret, sg_error *err)
    __attribute__((warn_unused_result));

/* Returns the i-th kernels that were built and can run here, the slowest first, or NULL past the
 * last. */
const sg_kernels *sg_kernels_at(size_t i);

/*
 * Calls task(user, begin, end) for blocks that cover the rows [0, n_rows), on n_threads threads in
 * any order. Tasks that write only to their own rows give results that do not depend on the number
 * of threads.
 */
void sg_rows_in_parallel(size_t n_rows, int n_threads,
                         void (*task)(void *user, size_t begin, size_t end), void *user);

#endif
