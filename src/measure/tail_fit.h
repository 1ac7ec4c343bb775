/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_TAIL_FIT_H
#define SG_MEASURE_TAIL_FIT_H

/*
 * The discrete power law on a histogram, at a cost that goes with the number of distinct values.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Rev. 51:661 (2009), doi:10.1137/070710111. As plfit and
 * igraph do, and unlike their own code, D is taken at the values that occur, not at the integers
 * between.
 */

#include "base/random.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Distinct positive values, ascending, and how often each occurs. */
typedef struct sg_tail_histogram {
    size_t n_distinct;
    size_t n; /* values in all */
    uint64_t *value;
    size_t *count;
    size_t *n_below; /* values below this one */
    double *log_value;
} sg_tail_histogram;

/* Makes room for n_distinct values; holds none yet. SG_ENOMEM. */
sg_status sg_tail_histogram_reserve(size_t n_distinct, sg_tail_histogram *ret,
                                    sg_error *err) SG_CHECKED;
void sg_tail_histogram_free(sg_tail_histogram *h); /* the arrays, not h */

/* Appends `count` > 0 values above those that are there; the room is there. */
void sg_tail_histogram_append(sg_tail_histogram *h, uint64_t value, double log_value, size_t count);

/* Counts the positive ones of n values. SG_EINVAL: one above 2^53. SG_ENOMEM. */
sg_status sg_tail_histogram_make(const uint64_t *values, size_t n, sg_tail_histogram *ret,
                                 sg_error *err) SG_CHECKED;

typedef struct sg_tail_fit {
    double alpha;
    uint64_t xmin;
    size_t n_tail;
    double mean_log; /* of ln(x / xmin) over the tail */
    double ks_d;
} sg_tail_fit;

/* The log-likelihood of the tail. */
double sg_tail_log_likelihood(const sg_tail_fit *fit);

/* The most likely alpha for a tail whose mean of ln(x / xmin) is mean_log > 0. *log_zeta (may be
 * NULL) gets sg_log_scaled_zeta(alpha, xmin). */
double sg_tail_alpha(double mean_log, double xmin, double *log_zeta);

/*
 * Fits a histogram of at least two distinct values. Every distinct value but the largest is tried
 * as xmin, as Clauset et al. do: the largest alone leaves alpha without bound.
 */
void sg_tail_fit_histogram(const sg_tail_histogram *h, sg_tail_fit *ret);

/*
 * Returns whether sg_tail_fit_histogram() would find a distance below `ks_d`, which is all that a
 * bootstrap asks of a replicate; ends at the first xmin that shows it. `likely` is tried first.
 */
bool sg_tail_fits_closer(const sg_tail_histogram *h, double ks_d, uint64_t likely);

/*
 * The same with the tail begun at the smallest value of at least xmin. False, and nothing set or
 * found, where no two distinct values reach it.
 */
bool sg_tail_fit_from(const sg_tail_histogram *h, uint64_t xmin, sg_tail_fit *ret);
bool sg_tail_fits_closer_from(const sg_tail_histogram *h, double ks_d, uint64_t xmin);

/* How replicates are drawn: see sg_tail_sampler_make(). */
typedef struct sg_tail_sampler {
    const sg_tail_histogram *h;
    sg_tail_fit fit;
    double p_tail;
    size_t n_body_bins; /* values below xmin */
    size_t n_bins;      /* and xmin, xmin + 1, … as long as several values are expected at each */
    uint64_t *value;    /* (n_bins) */
    double *log_value;  /* (n_bins) */
    double *share;      /* (n_bins) of the body or tail that is left at this bin */
    double rest;        /* P(X >= xmin + tail bins) of the fit */
} sg_tail_sampler;

/* Prepares the draws from a fit of h, which is borrowed. SG_ENOMEM. */
sg_status sg_tail_sampler_make(const sg_tail_histogram *h, const sg_tail_fit *fit,
                               sg_tail_sampler *ret, sg_error *err) SG_CHECKED;
void sg_tail_sampler_free(sg_tail_sampler *s);

/* The distinct values that a replicate may have. */
size_t sg_tail_sampler_room(const sg_tail_sampler *s);

/*
 * Draws a replicate of h->n values into `ret`, whose room is sg_tail_sampler_room(): each from the
 * body with probability 1 - n_tail / n, else from the power law, cut at 2^53. Whole bins are drawn
 * at once, by binomial numbers: the time goes with the distinct values.
 */
void sg_tail_replicate(const sg_tail_sampler *s, sg_random *random, sg_tail_histogram *ret);

#endif
