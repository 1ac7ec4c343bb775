/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SPARSE_DENSE_H
#define SG_SPARSE_DENSE_H

/*
 * How the links of a layer multiply where nearly every cell holds one: as a dense matrix, by BLAS.
 *
 * The three products are those of sparse/kernels.h on the same feature-major activations, but the
 * columns past the n samples of a batch are no work: they come out as if x were 0 there. Rows are
 * done in blocks that follow from the shape alone, each in one call of BLAS on the calling thread,
 * so the results do not depend on how many threads share the rows.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The weights of a layer as a dense matrix, borrowed; an empty cell is 0. A full layer's values in
 * the order of its links are that matrix. */
typedef struct sg_dense_matrix {
    size_t n_rows;
    size_t n_cols;
    const float *value; /* (n_rows, n_cols) row-major */
} sg_dense_matrix;

/* Y = W X + bias, or Y = W^T X. */
typedef struct sg_dense_multiply {
    sg_dense_matrix matrix;
    const float *bias; /* (n_rows), or NULL: 0; not with the transposed */
    const float *x;    /* (n_cols, stride); (n_rows, stride) with the transposed */
    float *y;          /* (n_rows, stride); (n_cols, stride) with the transposed */
    size_t n;          /* samples, at most the stride */
    size_t stride;
} sg_dense_multiply;

/* G = D X^T over the samples: the gradient of every cell. */
typedef struct sg_dense_gradient {
    size_t n_rows;
    size_t n_cols;
    const float *x; /* (n_cols, stride) */
    const float *d; /* (n_rows, stride) */
    size_t n;       /* samples, at most the stride */
    size_t stride;
    float *gradient; /* (n_rows, n_cols) row-major */
    bool add;        /* to the gradient that is there */
} sg_dense_gradient;

/* Each does the rows of its result in [begin, end), which start at multiples of sg_dense_block(),
 * and writes to no others. */
typedef struct sg_dense {
    const char *name;
    void (*multiply)(const sg_dense_multiply *product, size_t begin, size_t end);
    void (*multiply_transposed)(const sg_dense_multiply *product, size_t begin, size_t end);
    void (*gradient)(const sg_dense_gradient *product, size_t begin, size_t end);
    /* Between these two calls BLAS does each call on the thread that makes it, and starts no
     * threads of its own; they may nest and come from any thread. The last leave() gives the rest
     * of the process back the number of threads it had. */
    void (*enter)(void);
    void (*leave)(void);
} sg_dense;

/* Returns the dense products, or NULL where the library was built without BLAS. */
const sg_dense *sg_dense_select(void);

/* Returns how many rows of a product one call does: near 256, so that what BLAS packs is used
 * often, and the same number for nearly every call, so that threads get equal shares. */
size_t sg_dense_block(size_t n_rows);

/* Returns whether n_links links in n_rows x n_cols multiply faster as a dense matrix; see
 * tools/bench/README.md for the measurement. */
bool sg_dense_pays(size_t n_rows, size_t n_cols, size_t n_links);

#endif
