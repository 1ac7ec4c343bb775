/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernels, compiled once an instruction set with SG_ISA_NAME and SG_ISA_KERNELS defined by the
 * build.
 *
 * One output row at a time: a block of up to MAX_VECTORS vectors of the batch stays in registers
 * while the links of the row stream by, each a fused multiply-add a vector. Vector types (not
 * arrays of float) keep it there.
 */
#include "sparse/kernels.h"

#include <string.h>

#if defined(__AVX512F__)
enum { WIDTH = 16 };
#elif defined(__AVX__)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
enum { MAX_VECTORS = 8, LINKS_AT_ONCE = 4 };

typedef float vector __attribute__((vector_size(WIDTH * sizeof(float)), may_alias));
typedef float quad __attribute__((vector_size(4 * sizeof(float))));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

ALWAYS_INLINE vector load(const float *at)
{
    return *(const vector *)(const void *)at;
}

ALWAYS_INLINE float value_at(const sg_kernel_matrix *m, bool indirect, uint64_t k)
{
    return m->value[indirect ? m->position[k] : k];
}

/* One row, n_vectors (a constant where it is inlined) of the batch. */
ALWAYS_INLINE void multiply_row(const sg_kernel_matrix *m, bool indirect, int n_vectors, size_t row,
                                float bias, const float *x, float *y, size_t stride)
{
    vector sum[MAX_VECTORS];
    UNROLL
    for (int v = 0; v < n_vectors; v++)
        sum[v] = bias - (vector){0};
    const uint64_t end = m->row_start[row + 1];
    for (uint64_t k = m->row_start[row]; k < end; k++) {
        const float weight = value_at(m, indirect, k);
        const float *from = x + (size_t)m->col[k] * stride;
        UNROLL
        for (int v = 0; v < n_vectors; v++)
            sum[v] += weight * load(from + v * WIDTH);
    }
    UNROLL
    for (int v = 0; v < n_vectors; v++)
        *(vector *)(void *)(y + row * stride + v * WIDTH) = sum[v];
}

ALWAYS_INLINE void multiply_rows(const sg_kernel_matrix *m, bool indirect, int n_vectors,
                                 const float *bias, const float *x, float *y, size_t stride,
                                 size_t begin, size_t end)
{
    for (size_t row = begin; row < end; row++)
        multiply_row(m, indirect, n_vectors, row, bias ? bias[row] : 0.0F, x, y, stride);
}

#define MULTIPLY_CASE(n)                                                                           \
    case n:                                                                                        \
        if (m->position)                                                                           \
            multiply_rows(m, true, n, bias, x, y, stride, begin, end);                             \
        else                                                                                       \
            multiply_rows(m, false, n, bias, x, y, stride, begin, end);                            \
        break;

static void multiply_block(const sg_kernel_matrix *m, int n_vectors, const float *bias,
                           const float *x, float *y, size_t stride, size_t begin, size_t end)
{
    switch (n_vectors) {
        MULTIPLY_CASE(1)
        MULTIPLY_CASE(2)
        MULTIPLY_CASE(3)
        MULTIPLY_CASE(4)
        MULTIPLY_CASE(5)
        MULTIPLY_CASE(6)
        MULTIPLY_CASE(7)
        MULTIPLY_CASE(8)
    }
}

/* Cuts a stride into blocks of at most MAX_VECTORS vectors of nearly equal width; returns this
 * block's. */
static int block_vectors(size_t stride, size_t at)
{
    const size_t n_vectors = stride / WIDTH;
    const size_t n_blocks = (n_vectors + MAX_VECTORS - 1) / MAX_VECTORS;
    const size_t widest = (n_vectors + n_blocks - 1) / n_blocks;
    const size_t left = (stride - at) / WIDTH;
    return (int)(left < widest ? left : widest);
}

static void multiply(const sg_kernel_matrix *m, const float *bias, const float *x, float *y,
                     size_t stride, size_t begin, size_t end)
{
    for (size_t at = 0; at < stride;) {
        const int n_vectors = block_vectors(stride, at);
        multiply_block(m, n_vectors, bias, x + at, y + at, stride, begin, end);
        at += (size_t)n_vectors * WIDTH;
    }
}

/* The sum of a vector's four-wide parts. */
ALWAYS_INLINE quad fold(vector v)
{
    quad part[WIDTH / 4];
    memcpy(part, &v, sizeof v);
    quad sum = part[0];
    UNROLL
    for (int i = 1; i < WIDTH / 4; i++)
        sum += part[i];
    return sum;
}

ALWAYS_INLINE float total(quad q)
{
    return (q[0] + q[1]) + (q[2] + q[3]);
}

/* The dot products of n_links (a constant) rows of x with the row of d held in registers. */
ALWAYS_INLINE void dot_links(const vector *d, int n_vectors, int n_links, const uint32_t *col,
                             const float *x, size_t stride, bool add, float *gradient)
{
    vector sum[LINKS_AT_ONCE];
    UNROLL
    for (int i = 0; i < n_links; i++)
        sum[i] = d[0] * load(x + (size_t)col[i] * stride);
    UNROLL
    for (int v = 1; v < n_vectors; v++) {
        UNROLL
        for (int i = 0; i < n_links; i++)
            sum[i] += d[v] * load(x + (size_t)col[i] * stride + v * WIDTH);
    }
    UNROLL
    for (int i = 0; i < n_links; i++)
        gradient[i] = total(fold(sum[i])) + (add ? gradient[i] : 0.0F);
}

ALWAYS_INLINE void gradient_rows(const sg_kernel_matrix *m, int n_vectors, const float *x,
                                 const float *d, size_t stride, size_t begin, size_t end, bool add,
                                 float *gradient)
{
    for (size_t row = begin; row < end; row++) {
        vector held[MAX_VECTORS];
        UNROLL
        for (int v = 0; v < n_vectors; v++)
            held[v] = load(d + row * stride + v * WIDTH);
        uint64_t k = m->row_start[row];
        const uint64_t last = m->row_start[row + 1];
        for (; k + LINKS_AT_ONCE <= last; k += LINKS_AT_ONCE)
            dot_links(held, n_vectors, LINKS_AT_ONCE, m->col + k, x, stride, add, gradient + k);
        for (; k < last; k++)
            dot_links(held, n_vectors, 1, m->col + k, x, stride, add, gradient + k);
    }
}

#define GRADIENT_CASE(n)                                                                           \
    case n:                                                                                        \
        gradient_rows(m, n, x, d, stride, begin, end, add, gradient);                              \
        break;

static void gradient_block(const sg_kernel_matrix *m, int n_vectors, const float *x, const float *d,
                           size_t stride, size_t begin, size_t end, bool add, float *gradient)
{
    switch (n_vectors) {
        GRADIENT_CASE(1)
        GRADIENT_CASE(2)
        GRADIENT_CASE(3)
        GRADIENT_CASE(4)
        GRADIENT_CASE(5)
        GRADIENT_CASE(6)
        GRADIENT_CASE(7)
        GRADIENT_CASE(8)
    }
}

static void gradient(const sg_kernel_matrix *m, const float *x, const float *d, size_t stride,
                     size_t begin, size_t end, float *ret)
{
    for (size_t at = 0; at < stride;) {
        const int n_vectors = block_vectors(stride, at);
        gradient_block(m, n_vectors, x + at, d + at, stride, begin, end, at > 0, ret);
        at += (size_t)n_vectors * WIDTH;
    }
}

extern const sg_kernels SG_ISA_KERNELS;
const sg_kernels SG_ISA_KERNELS = {SG_ISA_NAME, multiply, gradient};
