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
enum { MAX_VECTORS = 8, LINKS_AHEAD = 4 };

typedef float vector __attribute__((vector_size(WIDTH * sizeof(float)), may_alias));
typedef float unaligned __attribute__((vector_size(WIDTH * sizeof(float)), aligned(4), may_alias));

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

/* Starts to fetch n_vectors of the row of x that belongs to a link. */
ALWAYS_INLINE void fetch(const float *x, uint32_t col, size_t stride, size_t n_vectors)
{
    enum { LINE = 64 / sizeof(float) };
    const float *from = x + (size_t)col * stride;
    UNROLL
    for (size_t i = 0; i < n_vectors * WIDTH; i += LINE)
        __builtin_prefetch(from + i);
}

/* The columns of a batch that are done at once: n_vectors (a constant where it is inlined) from
 * column `at`. */
typedef struct block {
    size_t at;
    size_t n_vectors;
} block;

/* What is known where the code is inlined: choices that stand for the whole product. */
typedef struct variant {
    bool indirect; /* values lie at `position` */
    bool prefetch;
} variant;

ALWAYS_INLINE void multiply_row(const sg_multiply *p, variant how, block columns, size_t row)
{
    const size_t stride = p->stride;
    const float *x = p->x + columns.at;
    const float bias = p->bias ? p->bias[row] : 0.0F;
    const uint64_t end = p->matrix.row_start[row + 1];
    const uint64_t last = p->matrix.row_start[p->matrix.n_rows] - 1; /* where there is a link */
    vector sum[MAX_VECTORS];

    UNROLL
    for (size_t v = 0; v < columns.n_vectors; v++)
        sum[v] = bias - (vector){0};
    for (uint64_t k = p->matrix.row_start[row]; k < end; k++) {
        const float weight = value_at(&p->matrix, how.indirect, k);
        if (how.prefetch) {
            const uint64_t ahead = k + LINKS_AHEAD < last ? k + LINKS_AHEAD : last;
            fetch(x, p->matrix.col[ahead], stride, columns.n_vectors);
        }
        const float *from = x + (size_t)p->matrix.col[k] * stride;
        UNROLL
        for (size_t v = 0; v < columns.n_vectors; v++)
            sum[v] += weight * load(from + v * WIDTH);
    }
    UNROLL
    for (size_t v = 0; v < columns.n_vectors; v++)
        *(vector *)(void *)(p->y + row * stride + columns.at + v * WIDTH) = sum[v];
}

/* The copy tells the compiler that storing results changes none of the pointers. */
ALWAYS_INLINE void multiply_rows(const sg_multiply *product, variant how, block columns,
                                 size_t begin, size_t end)
{
    const sg_multiply p = *product;
    for (size_t row = begin; row < end; row++)
        multiply_row(&p, how, columns, row);
}

#define MULTIPLY_CASE(n)                                                                           \
    case n:                                                                                        \
        if (p->prefetch && p->matrix.position)                                                     \
            multiply_rows(p, (variant){true, true}, (block){columns.at, n}, begin, end);           \
        else if (p->prefetch)                                                                      \
            multiply_rows(p, (variant){false, true}, (block){columns.at, n}, begin, end);          \
        else if (p->matrix.position)                                                               \
            multiply_rows(p, (variant){true, false}, (block){columns.at, n}, begin, end);          \
        else                                                                                       \
            multiply_rows(p, (variant){false, false}, (block){columns.at, n}, begin, end);         \
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

/* Cuts a stride into blocks of at most MAX_VECTORS vectors of nearly equal width; returns the one
 * at a column. */
static block block_at(size_t stride, size_t at)
{
    const size_t n_vectors = stride / WIDTH;
    const size_t n_blocks = (n_vectors + MAX_VECTORS - 1) / MAX_VECTORS;
    const size_t widest = (n_vectors + n_blocks - 1) / n_blocks;
    const size_t left = (stride - at) / WIDTH;
    return (block){at, left < widest ? left : widest};
}

static void multiply(const sg_multiply *product, size_t begin, size_t end)
{
    for (size_t at = 0; at < product->stride;) {
        const block columns = block_at(product->stride, at);
        multiply_block(product, columns, begin, end);
        at += columns.n_vectors * WIDTH;
    }
}

/*
 * The sums of WIDTH vectors as one vector: halving again and again, always adding parts of two
 * vectors side by side. Three instructions for each vector, where summing one alone takes ten.
 */
#if defined(__AVX512F__)
#define PAIR_LOW  0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define PAIR_HIGH 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define QUAD_LOW  0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define QUAD_HIGH 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LANE_LOW  0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define LANE_HIGH 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31
#elif defined(__AVX__)
#define PAIR_LOW  0, 8, 1, 9, 4, 12, 5, 13
#define PAIR_HIGH 2, 10, 3, 11, 6, 14, 7, 15
#define QUAD_LOW  0, 1, 8, 9, 4, 5, 12, 13
#define QUAD_HIGH 2, 3, 10, 11, 6, 7, 14, 15
#define LANE_LOW  0, 1, 2, 3, 8, 9, 10, 11
#define LANE_HIGH 4, 5, 6, 7, 12, 13, 14, 15
#else
#define PAIR_LOW  0, 4, 1, 5
#define PAIR_HIGH 2, 6, 3, 7
#define QUAD_LOW  0, 1, 4, 5
#define QUAD_HIGH 2, 3, 6, 7
#endif

/* Lanes are the quarters that an instruction keeps apart. Halves the number of vectors. */
#define FOLD(low, high)                                                                            \
    UNROLL                                                                                         \
    for (size_t i = 0; i < n / 2; i++)                                                             \
        v[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], low) +                              \
               __builtin_shufflevector(v[2 * i], v[2 * i + 1], high);                              \
    n /= 2;

ALWAYS_INLINE vector sums_of(const vector *from)
{
    vector v[WIDTH];
    size_t n = WIDTH;
    memcpy(v, from, sizeof v);
    FOLD(PAIR_LOW, PAIR_HIGH)
    FOLD(QUAD_LOW, QUAD_HIGH)
#ifdef LANE_LOW
    FOLD(LANE_LOW, LANE_HIGH)
#endif
#ifdef __AVX512F__
    FOLD(LANE_LOW, LANE_HIGH)
#endif
    return v[0];
}

/* A row of d in registers, and where the rows of x stand beside it. */
typedef struct held_row {
    vector d[MAX_VECTORS];
    size_t n_vectors;
    const float *x;
    size_t stride;
} held_row;

/* Products that wait until there are WIDTH of them, and where their sums go. */
typedef struct waiting {
    vector product[WIDTH];
    size_t n;
    float *gradient; /* of the first that waits */
    bool add;
} waiting;

ALWAYS_INLINE void write_sums(waiting *w)
{
    vector sum = sums_of(w->product);
    if (w->n == WIDTH) {
        if (w->add)
            sum += *(const unaligned *)(const void *)w->gradient;
        *(unaligned *)(void *)w->gradient = sum;
    } else {
        for (size_t i = 0; i < w->n; i++)
            w->gradient[i] = sum[i] + (w->add ? w->gradient[i] : 0.0F);
    }
    w->gradient += w->n;
    w->n = 0;
}

/* The products of the row held with the row of x of one link. */
ALWAYS_INLINE void take_link(const held_row *held, uint32_t col, waiting *w)
{
    const float *x = held->x + (size_t)col * held->stride;
    vector product = held->d[0] * load(x);
    UNROLL
    for (size_t v = 1; v < held->n_vectors; v++)
        product += held->d[v] * load(x + v * WIDTH);
    w->product[w->n++] = product;
    if (w->n == WIDTH)
        write_sums(w);
}

ALWAYS_INLINE void gradient_rows(const sg_gradient *product, bool prefetch, block columns,
                                 size_t begin, size_t end)
{
    const sg_gradient p = *product;
    const uint64_t *start = p.matrix.row_start;
    const uint64_t last = start[p.matrix.n_rows] - 1; /* where there is a link */
    held_row held = {.n_vectors = columns.n_vectors, .x = p.x + columns.at, .stride = p.stride};
    waiting w = {.gradient = p.gradient + start[begin], .add = columns.at > 0};

    for (size_t row = begin; row < end; row++) {
        UNROLL
        for (size_t v = 0; v < columns.n_vectors; v++)
            held.d[v] = load(p.d + row * p.stride + columns.at + v * WIDTH);
        for (uint64_t k = start[row]; k < start[row + 1]; k++) {
            if (prefetch)
                fetch(held.x, p.matrix.col[k + LINKS_AHEAD < last ? k + LINKS_AHEAD : last],
                      p.stride, columns.n_vectors);
            take_link(&held, p.matrix.col[k], &w);
        }
    }
    if (w.n > 0)
        write_sums(&w);
}

#define GRADIENT_CASE(n)                                                                           \
    case n:                                                                                        \
        if (p->prefetch)                                                                           \
            gradient_rows(p, true, (block){columns.at, n}, begin, end);                            \
        else                                                                                       \
            gradient_rows(p, false, (block){columns.at, n}, begin, end);                           \
        break;

static void gradient_block(const sg_gradient *p, block columns, size_t begin, size_t end)
{
    switch (columns.n_vectors) {
        GRADIENT_CASE(1)
        GRADIENT_CASE(2)
        GRADIENT_CASE(3)
        GRADIENT_CASE(4)
        GRADIENT_CASE(5)
        GRADIENT_CASE(6)
        GRADIENT_CASE(7)
        GRADIENT_CASE(8)
    default:
        break;
    }
}

static void gradient(const sg_gradient *product, size_t begin, size_t end)
{
    for (size_t at = 0; at < product->stride;) {
        const block columns = block_at(product->stride, at);
        gradient_block(product, columns, begin, end);
        at += columns.n_vectors * WIDTH;
    }
}

extern const sg_kernels SG_ISA_KERNELS;
const sg_kernels SG_ISA_KERNELS = {SG_ISA_NAME, multiply, gradient};
