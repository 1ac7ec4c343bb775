/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_POWERLAW_FIT_H
#define SG_MEASURE_POWERLAW_FIT_H

/* The discrete power law of largest likelihood on a histogram, and its bootstrap. */

#include "measure/histogram.h"
#include <stdbool.h>

typedef struct sg_tail_fit {
    double alpha;
    double curvature; /* of ln zeta(alpha, xmin) over alpha; alpha's variance is 1/(n_tail * it) */
    double ks_d;
    double log_likelihood;
    uint64_t xmin;
    uint64_t n_tail;
    size_t first; /* index of xmin in the histogram */
    bool found;   /* false where the histogram has fewer than two distinct values */
} sg_tail_fit;

/*
 * Fits a histogram of positive values.
 * Every distinct value that leaves three distinct ones in its tail (two, where there are but two)
 * is tried as xmin; that of the smallest Kolmogorov-Smirnov distance is taken, the lower on ties.
 * O(distinct^2).
 */
sg_status sg_tail_fit_make(const sg_histogram *h, sg_tail_fit *ret, sg_error *err) SG_CHECKED;

/*
 * Returns the share of n_replicates samples, drawn from the body as it is and from the fitted tail,
 * whose own fit lies at least as far from them (Clauset et al. 2009, section 4.1).
 */
sg_status sg_tail_bootstrap(const sg_histogram *h, const sg_tail_fit *fit, size_t n_replicates,
                            uint64_t seed, double *ret, sg_error *err) SG_CHECKED;

#endif
