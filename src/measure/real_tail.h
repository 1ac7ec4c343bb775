/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_REAL_TAIL_H
#define SG_MEASURE_REAL_TAIL_H

/*
 * The continuous power law on sorted logarithms, in which it is an exponential.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Rev. 51:661 (2009), doi:10.1137/070710111.
 */

#include "base/random.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct sg_real_sample {
    size_t n;
    double *log_value; /* (n) ascending */
    double *sum_log;   /* (n) of this and the larger ones */
} sg_real_sample;

/* Makes room for n logarithms; they are the caller's to fill in. SG_ENOMEM. */
sg_status sg_real_sample_reserve(size_t n, sg_real_sample *ret, sg_error *err) SG_CHECKED;
void sg_real_sample_free(sg_real_sample *s); /* the arrays, not s */
void sg_real_sample_sum(sg_real_sample *s);  /* once log_value is filled in */

typedef struct sg_real_fit {
    double alpha;
    size_t first; /* index of xmin */
    size_t n_tail;
    double mean_log; /* of ln(x / xmin) over the tail */
    double ks_d;     /* infinite where no xmin could be fitted */
} sg_real_fit;

/*
 * Fits a sample: every distinct value but the largest is tried as xmin. The distance is Clauset et
 * al.'s, largest |F(x_j) - j / n_tail| over the sorted tail, j from 0.
 */
void sg_real_fit_sample(const sg_real_sample *s, sg_real_fit *ret);

/* Returns whether sg_real_fit_sample() would find a distance below `ks_d`; ends at the first xmin
 * that shows it. The one at index `likely` is tried first. */
bool sg_real_fits_closer(const sg_real_sample *s, double ks_d, size_t likely);

/* The same with the tail begun at index `first`, one of the smallest of its equals; the fit's ks_d
 * is infinite where all values from it on are equal. */
void sg_real_fit_from(const sg_real_sample *s, size_t first, sg_real_fit *ret);
bool sg_real_fits_closer_from(const sg_real_sample *s, double ks_d, size_t first);

/*
 * Draws a replicate of as many values: each from the body with probability 1 - n_tail / n, else
 * from the power law. `body_count` is room for fit->first numbers. Returns the index of the first
 * value from the power law.
 */
size_t sg_real_replicate(const sg_real_sample *s, const sg_real_fit *fit, sg_random *random,
                         size_t *body_count, sg_real_sample *ret);

#endif
