/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One output row at a time: a block of up to MAX_VECTORS vectors of the batch stays in registers
 * while the links of the row stream by, each a fused multiply-add a vector.
 */
#include "sparse/kernels_isa.h"

enum { MAX_VECTORS = 8 };

/* What is known where the code is inlined: choices that stand for the whole product. */
typedef struct variant {
    bool prefetch;
    size_t n_vectors;
} variant;

/* The product in a block of columns. */
typedef struct work {
    sg_multiply p;
    const float *x; /* from the block on */
    float *y;
    uint64_t last; /* link */
} work;

ALWAYS_INLINE void add_link(const work *w, variant how, uint64_t k, vector *sum)
{
    const size_t stride = w->p.stride;
    const uint32_t *col = w->p.matrix.col;
    const float weight = w->p.matrix.value[k];
    const float *from = w->x + (size_t)col[k] * stride;
    AS_ONE_ADDRESS(from);
    if (how.prefetch)
        fetch(w->x, col[k + LINKS_AHEAD < w->last ? k + LINKS_AHEAD : w->last], stride,
              how.n_vectors);
    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++)
        sum[v] += weight * load(from + v * WIDTH);
}

ALWAYS_INLINE void multiply_row(const work *w, variant how, size_t row)
{
    const sg_multiply *p = &w->p;
    const float bias = p->bias ? p->bias[row] : 0.0F;
    const uint64_t end = p->matrix.row_start[row + 1];
    uint64_t k = p->matrix.row_start[row];
    vector sum[MAX_VECTORS];

    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++)
        sum[v] = bias - (vector){0};
    for (; k + QUAD <= end; k += QUAD) {
        UNROLL
        for (size_t i = 0; i < QUAD; i++)
            add_link(w, how, k + i, sum);
    }
    for (; k < end; k++)
        add_link(w, how, k, sum);
    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++)
        store(w->y + row * p->stride + v * WIDTH, p->rectified ? rectify(sum[v], sum[v]) : sum[v]);
}

/* Copied into the work, as that tells the compiler that storing results changes none of the
 * pointers. */
ALWAYS_INLINE void multiply_rows(const sg_multiply *product, bool prefetch, block columns,
                                 size_t begin, size_t end)
{
    const work w = {
        .p = *product,
        .x = product->x + columns.at,
        .y = product->y + columns.at,
        .last = product->matrix.row_start[product->matrix.n_rows] - 1, /* where there is a link */
    };
    for (size_t row = begin; row < end; row++)
        multiply_row(&w, (variant){prefetch, columns.n_vectors}, row);
}

#define MULTIPLY_CASE(n)                                                                           \
    case n:                                                                                        \
        if (p->prefetch)                                                                           \
            multiply_rows(p, true, (block){columns.at, n}, begin, end);                            \
        else                                                                                       \
            multiply_rows(p, false, (block){columns.at, n}, begin, end);                           \
        break;

static void multiply_block(const sg_multiply *p, block columns, size_t begin, size_t end)
{
    switch (columns.n_vectors) {
        MULTIPLY_CASE(1)
        MULTIPLY_CASE(2)
        MULTIPLY_CASE(3)
        MULTIPLY_CASE(4)
        MULTIPLY_CASE(5)
        MULTIPLY_CASE(6)
        MULTIPLY_CASE(7)
        MULTIPLY_CASE(8)
    default:
        break;
    }
}

void SG_FOR_ISA(sg_multiply)(const sg_multiply *product, size_t begin, size_t end)
{
    for (size_t at = 0; at < product->stride;) {
        const block columns = block_at(product->stride, at, MAX_VECTORS);
        multiply_block(product, columns, begin, end);
        at += columns.n_vectors * WIDTH;
    }
}
