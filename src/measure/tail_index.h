/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_TAIL_INDEX_H
#define SG_MEASURE_TAIL_INDEX_H

/* The estimators of a tail index on descending logarithms of values, and the factors by which the
 * double bootstrap corrects; see sparsegraph/tail.h for the sources. */

#include "base/memory.h"
#include "base/status.h"
#include "sparsegraph/tail.h"

/* Moments of the excesses ln X_i - ln X_{k+1} of the k largest values. Zero-initialise. */
typedef struct sg_tail_moments {
    double n;      /* k */
    double sum[3]; /* of ln X, its square and cube, less the first of them to stay precise */
    double origin;
    double first, second, third;
} sg_tail_moments;

/* From k - 1 to k: `next` is the k-th largest, `threshold` the one after it. */
void sg_tail_moments_next(sg_tail_moments *m, double next, double threshold);
/* The moments estimator (Dekkers, Einmahl & de Haan 1989), and the one from the third moment that
 * it is compared with (Draisma et al. 1999); NaN or infinite where they are not defined. */
double sg_tail_moments_index(const sg_tail_moments *m);
double sg_tail_moments_third(const sg_tail_moments *m);

enum { SG_TAIL_BANDWIDTHS = 200 }; /* as the authors' code */

/* The i-th bandwidth: from 1/n to 1 in equal ratios. */
double sg_tail_bandwidth(size_t n, size_t i);

typedef struct sg_tail_kernel_pair {
    double biweight;
    double triweight;
} sg_tail_kernel_pair;

/* (i/n)^0.6, i < n: what sg_tail_kernels() asks for; sg_free(). NULL when out of memory. */
double *sg_tail_kernel_powers(size_t n) SG_CHECKED;

/* Fills in both kernels' estimates at each bandwidth (SG_TAIL_BANDWIDTHS); NaN below three values.
 */
void sg_tail_kernels(const double *logs, const double *power, size_t n, sg_tail_kernel_pair *ret);

/* The best k on n values over k1^2/k2 (for the kernels: h), where k1 was best on n1. */
double sg_tail_hill_factor(double n1, double k1);
double sg_tail_moments_factor(double xi, double n1, double k1);
double sg_tail_kernel_factor(double n1, double h1);

#endif
