/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BENCH_FMA_PEAK_H
#define SG_BENCH_FMA_PEAK_H

#include <stddef.h>

typedef struct fma_peak {
    const char *name;    /* as sg_kernels names it */
    double flop_a_round; /* of one thread */
    double (*run)(size_t n_rounds, float factor);
} fma_peak;

#endif
