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
    const float *value;        /* (n_links) */
} sg_kernel_matrix;

/* Y[r] = bias[r] + sum_k value[k] X[col[k]]. */
typedef struct sg_multiply {
    sg_kernel_matrix matrix;
    const float *bias; /* (n_rows), or NULL: 0 */
    const float *x;    /* (n_cols, stride) */
    float *y;          /* (n_rows, stride) */
    size_t stride;
    bool rectified; /* Y is 0 where the sum is not above 0 */
    bool prefetch;  /* rows of x are fetched some links ahead; no influence on the result */
} sg_multiply;

/*
 * The gradients of a layer, by the transposed matrix: gradient[k] = <X[r], D[col[k]]> over the
 * stride for each link k of row r, and Y[r] = sum_k value[k] D[col[k]].
 */
typedef struct sg_backward {
    sg_kernel_matrix matrix;
    const uint32_t *position; /* (n_links) where the value and the gradient of link k lie, or NULL:
                                 at k, as always where `y` is NULL */
    const float *x;           /* (n_rows, stride) */
    const float *d;           /* (n_cols, stride), zero in its padding */
    float *y;                 /* (n_rows, stride), which may be x; or NULL: it is not wanted, and
                                 `value` not looked at */
    size_t stride;
    float *gradient; /* (n_links) */
    bool add;        /* to the gradient that is there */
    bool rectified;  /* x went through a ReLU: Y is 0 where it is not above 0 */
    bool prefetch;   /* of rows of d, and what lies at `position`, as above */
} sg_backward;

/* The parameters of SReLU for one neuron, or the sums of gradients by them; the right threshold is
 * an absolute one. */
typedef struct sg_srelu {
    float t_left;
    float a_left;
    float t_right;
    float a_right;
} sg_srelu;

/* Samples on their way to activations: y[j, s] = scale[j] sample[s][j] + shift[j]. */
typedef struct sg_unpack {
    const uint8_t *sample[SG_BATCH_ALIGN]; /* (n_features) each */
    const float *scale;                    /* (n_features), as shift */
    const float *shift;
    float *y; /* (n_features, stride), of which SG_BATCH_ALIGN columns are written */
    size_t stride;
} sg_unpack;

/* The factors of a step of gradient descent. */
typedef struct sg_step {
    float lr;
    float momentum;
    float weight_decay;
} sg_step;

/* What training does to each element by itself; n elements, which may be several rows. */
typedef struct sg_elementwise {
    /* y = z > 0 ? z : slope z, and d *= the derivative at z; z and y may be the same array */
    void (*leaky)(const float *z, float *y, size_t n, float slope);
    void (*leaky_backward)(const float *restrict z, float *restrict d, size_t n, float slope);
    void (*rectify)(const float *z, float *y, size_t n);
    /* n a multiple of SG_BATCH_ALIGN: one row; *ret: the sums over it of the gradients */
    void (*srelu)(const sg_srelu *f, const float *z, float *y, size_t n);
    void (*srelu_backward)(const sg_srelu *f, const float *restrict z, float *restrict d, size_t n,
                           sg_srelu *ret);
    /* adds the sum of row r to sum[r] */
    void (*row_sums)(const float *d, size_t n_rows, size_t stride, float *sum);
    void (*multiply_by)(const float *restrict factor, float *restrict v, size_t n);
    void (*add)(const float *a, const float *b, float *sum, size_t n); /* sum may be a or b */
    /* v = momentum v - lr g; w = w + v - weight_decay w */
    void (*step)(const sg_step *by, const float *restrict g, float *restrict v, float *restrict w,
                 size_t n);
    /* features [begin, end) */
    void (*unpack)(const sg_unpack *p, size_t begin, size_t end);
} sg_elementwise;

/* Each does the rows in [begin, end) and writes to no others. */
typedef struct sg_kernels {
    const char *name; /* "baseline", "v3", "v4" as in x86-64-v3; "plain" on other machines */
    void (*multiply)(const sg_multiply *product, size_t begin, size_t end);
    void (*backward)(const sg_backward *product, size_t begin, size_t end);
    const sg_elementwise *elementwise;
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

#endif
