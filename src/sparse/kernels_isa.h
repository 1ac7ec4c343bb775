/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SPARSE_KERNELS_ISA_H
#define SG_SPARSE_KERNELS_ISA_H

/*
 * What the sources of the kernels share. Each is compiled once an instruction set, with SG_ISA (its
 * suffix: plain, v3, v4) defined by the build. Vector types, not arrays of float: they stay in
 * registers.
 */

#include "sparse/kernels.h"

#if defined(__AVX512F__)
enum { WIDTH = 16 };
#elif defined(__AVX__)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
enum { LINKS_AHEAD = 16, QUAD = 4 };

typedef float vector __attribute__((vector_size(WIDTH * sizeof(float)), may_alias));
typedef int32_t mask __attribute__((vector_size(WIDTH * sizeof(float)), may_alias));
typedef float quad __attribute__((vector_size(QUAD * sizeof(float)), may_alias));

#define SG_JOIN_(name, isa) name##_##isa
#define SG_JOIN(name, isa)  SG_JOIN_(name, isa)
#define SG_FOR_ISA(name)    SG_JOIN(name, SG_ISA)

void SG_FOR_ISA(sg_multiply)(const sg_multiply *product, size_t begin, size_t end);
void SG_FOR_ISA(sg_backward)(const sg_backward *product, size_t begin, size_t end);
extern const sg_elementwise SG_FOR_ISA(sg_elementwise);

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

/* Keeps compilers from adding a row's address up anew for each of its vectors, for which they lack
 * the registers. */
#define AS_ONE_ADDRESS(pointer) __asm__("" : "+r"(pointer))

ALWAYS_INLINE vector load(const float *at)
{
    return *(const vector *)(const void *)at;
}

ALWAYS_INLINE void store(float *at, vector v)
{
    *(vector *)(void *)at = v;
}

/* v where x is above 0, 0 elsewhere. */
ALWAYS_INLINE vector rectify(vector x, vector v)
{
    return (vector)((mask)v & (x > (vector){0}));
}

#if defined(__AVX512F__)
#define PAIR_LOW  0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define PAIR_HIGH 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define QUAD_LOW  0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define QUAD_HIGH 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#elif defined(__AVX__)
#define PAIR_LOW  0, 8, 1, 9, 4, 12, 5, 13
#define PAIR_HIGH 2, 10, 3, 11, 6, 14, 7, 15
#define QUAD_LOW  0, 1, 8, 9, 4, 5, 12, 13
#define QUAD_HIGH 2, 3, 10, 11, 6, 7, 14, 15
#else
#define PAIR_LOW  0, 4, 1, 5
#define PAIR_HIGH 2, 6, 3, 7
#define QUAD_LOW  0, 1, 4, 5
#define QUAD_HIGH 2, 3, 6, 7
#endif

ALWAYS_INLINE vector add_pair(vector a, vector b)
{
    return __builtin_shufflevector(a, b, PAIR_LOW) + __builtin_shufflevector(a, b, PAIR_HIGH);
}

/* The sums of four vectors: halving again and again, adding parts of two side by side. Two shuffles
 * and an addition each, where summing one alone takes ten instructions. */
ALWAYS_INLINE quad sums_of(const vector v[QUAD])
{
    const vector a = add_pair(v[0], v[1]);
    const vector b = add_pair(v[2], v[3]);
    const vector s = __builtin_shufflevector(a, b, QUAD_LOW) +
                     __builtin_shufflevector(a, b, QUAD_HIGH); /* four sums in each quarter */
#if defined(__AVX512F__)
    typedef float half __attribute__((vector_size(WIDTH / 2 * sizeof(float)), may_alias));
    const half h = __builtin_shufflevector(s, s, 0, 1, 2, 3, 4, 5, 6, 7) +
                   __builtin_shufflevector(s, s, 8, 9, 10, 11, 12, 13, 14, 15);
    return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#elif defined(__AVX__)
    return __builtin_shufflevector(s, s, 0, 1, 2, 3) + __builtin_shufflevector(s, s, 4, 5, 6, 7);
#else
    return s;
#endif
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

/* Cuts a stride into blocks of at most max_vectors vectors of nearly equal width; returns the one
 * at a column. */
ALWAYS_INLINE block block_at(size_t stride, size_t at, size_t max_vectors)
{
    const size_t n_vectors = stride / WIDTH;
    const size_t n_blocks = (n_vectors + max_vectors - 1) / max_vectors;
    const size_t widest = (n_vectors + n_blocks - 1) / n_blocks;
    const size_t left = (stride - at) / WIDTH;
    return (block){at, left < widest ? left : widest};
}

#endif
