/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gradient of the links, alone or together with that of what they multiply.
 *
 * A row stays in registers while its links stream by, four at a time, as sums_of() takes them.
 * Together the two gradients read each row of the layer above once instead of twice, and that is
 * what they wait for.
 */
#include "sparse/kernels_isa.h"

#include <string.h>

/* Two rows, four products and two operands at once: as many registers as there are. */
#if defined(__AVX512F__)
enum { MAX_VECTORS = 8 };
#else
enum { MAX_VECTORS = 4 };
#endif

/* A value that serves two products is to be loaded once: compilers fold a load into each. */
#if defined(__x86_64__)
#define IN_REGISTER(v) __asm__("" : "+v"(v))
#else
#define IN_REGISTER(v) (void)0
#endif

/* What is known where the code is inlined: choices that stand for the whole product. */
typedef struct variant {
    bool both;     /* gradients, that of x too */
    bool indirect; /* values and gradients lie at `position` */
    bool prefetch;
    size_t n_vectors;
} variant;

/* The product in a block of columns. */
typedef struct work {
    sg_backward p;
    size_t at;      /* the block's first column */
    const float *d; /* from there on */
    uint64_t last;  /* link */
    bool add;
} work;

/* A row of the matrix in hand: of what it is multiplied by, and the sum of what it receives. */
typedef struct held_row {
    vector x[MAX_VECTORS];
    vector sum[MAX_VECTORS];
} held_row;

/* Returns the products of the row held with the row of d of a link, and adds the latter times the
 * weight to the row's sum. */
ALWAYS_INLINE vector take_link(held_row *held, variant how, const float *d, float weight)
{
    vector product = {0};
    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++) {
        vector from = load(d + v * WIDTH);
        IN_REGISTER(from);
        product = v == 0 ? held->x[0] * from : product + held->x[v] * from;
        if (how.both)
            held->sum[v] += weight * from;
    }
    return product;
}

ALWAYS_INLINE size_t place_of(const work *w, variant how, uint64_t k)
{
    return how.indirect ? w->p.position[k] : k;
}

ALWAYS_INLINE void fetch_link(const work *w, variant how, uint64_t k)
{
    const uint64_t ahead = k < w->last ? k : w->last;
    fetch(w->d, w->p.matrix.col[ahead], w->p.stride, how.n_vectors);
    if (how.indirect) {
        __builtin_prefetch(w->p.matrix.value + w->p.position[ahead]);
        __builtin_prefetch(w->p.gradient + w->p.position[ahead], 1);
    }
}

/* Returns the products of link k. */
ALWAYS_INLINE vector take(const work *w, variant how, held_row *held, uint64_t k)
{
    if (how.prefetch)
        fetch_link(w, how, k + LINKS_AHEAD);
    const float *d = w->d + (size_t)w->p.matrix.col[k] * w->p.stride;
    AS_ONE_ADDRESS(d);
    return take_link(held, how, d, how.both ? w->p.matrix.value[place_of(w, how, k)] : 0.0F);
}

/* The sums of n products, of links k and on. */
ALWAYS_INLINE void give_sums(const work *w, variant how, const vector product[QUAD], uint64_t k,
                             size_t n)
{
    const quad sums = sums_of(product);
    float sum[QUAD];
    memcpy(sum, &sums, sizeof sum);
    if (w->add) {
        UNROLL
        for (size_t i = 0; i < n; i++)
            w->p.gradient[place_of(w, how, k + i)] += sum[i];
    } else {
        UNROLL
        for (size_t i = 0; i < n; i++)
            w->p.gradient[place_of(w, how, k + i)] = sum[i];
    }
}

ALWAYS_INLINE void take_row(const work *w, variant how, held_row *held, size_t row)
{
    const uint64_t end = w->p.matrix.row_start[row + 1];
    uint64_t k = w->p.matrix.row_start[row];
    for (; k + QUAD <= end; k += QUAD) {
        vector product[QUAD];
        UNROLL
        for (size_t i = 0; i < QUAD; i++)
            product[i] = take(w, how, held, k + i);
        give_sums(w, how, product, k, QUAD);
    }
    for (; k < end; k++) {
        const vector product[QUAD] = {take(w, how, held, k)};
        give_sums(w, how, product, k, 1);
    }
}

ALWAYS_INLINE void backward_row(const work *w, variant how, size_t row)
{
    const size_t at = row * w->p.stride + w->at;
    held_row held;
    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++) {
        held.x[v] = load(w->p.x + at + v * WIDTH);
        held.sum[v] = (vector){0};
    }
    take_row(w, how, &held, row);
    if (!how.both)
        return;
    UNROLL
    for (size_t v = 0; v < how.n_vectors; v++) {
        const vector y = held.sum[v];
        store(w->p.y + at + v * WIDTH, w->p.rectified ? rectify(held.x[v], y) : y);
    }
}

/* Copied into the work, as that tells the compiler that storing results changes none of the
 * pointers. */
ALWAYS_INLINE void backward_rows(const sg_backward *product, variant how, size_t at, size_t begin,
                                 size_t end)
{
    const work w = {
        .p = *product,
        .at = at,
        .d = product->d + at,
        .last = product->matrix.row_start[product->matrix.n_rows] - 1, /* where there is a link */
        .add = product->add || at > 0,
    };
    for (size_t row = begin; row < end; row++)
        backward_row(&w, how, row);
}

ALWAYS_INLINE void backward_vectors(const sg_backward *p, block columns, size_t begin, size_t end)
{
    const size_t n = columns.n_vectors;
    const size_t at = columns.at;
    if (p->y && p->position && p->prefetch)
        backward_rows(p, (variant){true, true, true, n}, at, begin, end);
    else if (p->y && p->position)
        backward_rows(p, (variant){true, true, false, n}, at, begin, end);
    else if (p->y && p->prefetch)
        backward_rows(p, (variant){true, false, true, n}, at, begin, end);
    else if (p->y)
        backward_rows(p, (variant){true, false, false, n}, at, begin, end);
    else if (p->prefetch)
        backward_rows(p, (variant){false, false, true, n}, at, begin, end);
    else
        backward_rows(p, (variant){false, false, false, n}, at, begin, end);
}

#define CASE(n)                                                                                    \
    case n:                                                                                        \
        backward_vectors(p, (block){columns.at, n}, begin, end);                                   \
        break;

static void backward_block(const sg_backward *p, block columns, size_t begin, size_t end)
{
    switch (columns.n_vectors) {
        CASE(1)
        CASE(2)
        CASE(3)
        CASE(4)
#if defined(__AVX512F__)
        CASE(5)
        CASE(6)
        CASE(7)
        CASE(8)
#endif
    default:
        break;
    }
}

void SG_FOR_ISA(sg_backward)(const sg_backward *product, size_t begin, size_t end)
{
    for (size_t at = 0; at < product->stride;) {
        const block columns = block_at(product->stride, at, MAX_VECTORS);
        backward_block(product, columns, begin, end);
        at += columns.n_vectors * WIDTH;
    }
}
