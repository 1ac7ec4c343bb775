/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The most single-precision multiply-adds an instruction set can do: independent chains in
 * registers, no memory. Compiled once an instruction set, like the kernels, with SG_PEAK_NAME and
 * SG_PEAK defined by the build.
 */
#include "fma_peak.h"

#if defined(__AVX512F__)
enum { WIDTH = 16 };
#elif defined(__AVX__)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
enum { CHAINS = 12 /* more than latency x throughput (4 x 2) of any present core */ };

typedef float vector __attribute__((vector_size(WIDTH * sizeof(float))));

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 12")
#endif

static double multiply_add(size_t n_rounds, float seed)
{
    vector chain[CHAINS];
    vector factor = seed - (vector){0};
    vector term = 1.0F - factor; /* fixed point 1: nothing overflows or turns subnormal */
    UNROLL
    for (int c = 0; c < CHAINS; c++)
        chain[c] = factor * (float)c;
    for (size_t r = 0; r < n_rounds; r++) {
        UNROLL
        for (int c = 0; c < CHAINS; c++)
            chain[c] = chain[c] * factor + term;
        __asm__ volatile("" : "+x"(factor), "+x"(term)); /* keeps the loop from being folded */
    }
    double sum = 0.0;
    for (int c = 0; c < CHAINS; c++)
        for (int i = 0; i < WIDTH; i++)
            sum += (double)chain[c][i];
    return sum;
}

extern const fma_peak SG_PEAK;
const fma_peak SG_PEAK = {SG_PEAK_NAME, 2.0 * CHAINS *WIDTH, multiply_add};
