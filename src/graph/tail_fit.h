/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_TAIL_FIT_H
#define SG_GRAPH_TAIL_FIT_H

/*
 * The discrete power law on a histogram: the same estimator as igraph's, at a cost that goes with
 * the number of distinct values. It makes hundreds of bootstrap fits affordable; the tests hold it
 * against igraph.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Rev. 51:661 (2009), doi:10.1137/070710111. As igraph
 * does, and unlike their own code, D is taken at the values that occur, not at the integers
 * between.
 */

#include "base/random.h"
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/* Distinct positive values, ascending, and how often each occurs. */
typedef struct sg_tail_histogram {
    size_t n_distinct;
    size_t n; /* values in all */
    uint64_t *value;
    size_t *count;
} sg_tail_histogram;

void sg_tail_histogram_free(sg_tail_histogram *h); /* the arrays, not h */

/* Counts the positive ones of n values; reorders `values`. SG_ENOMEM. */
sg_status sg_tail_histogram_make(uint64_t *values, size_t n, sg_tail_histogram *ret,
                                 sg_error *err) SG_CHECKED;

typedef struct sg_tail_fit {
    double alpha;
    uint64_t xmin;
    size_t n_tail;
    double log_likelihood;
    double ks_d;
} sg_tail_fit;

/* The most likely alpha for a tail whose mean of ln(x / xmin) is mean_log > 0. */
double sg_tail_alpha(double mean_log, double xmin);

/*
 * Fits a histogram of at least two distinct values. Every distinct value but the largest is tried
 * as xmin, as Clauset et al. do: the largest alone leaves alpha without bound.
 */
void sg_tail_fit_histogram(const sg_tail_histogram *h, sg_tail_fit *ret);

/* How the values of a replicate are drawn: see sg_tail_sampler_make(). */
typedef struct sg_tail_sampler {
    const sg_tail_histogram *h;
    sg_tail_fit fit;
    double p_tail;
    size_t n_body;     /* values below xmin */
    size_t *body_ends; /* (distinct values of the body) running counts */
    size_t n_body_distinct;
    size_t n_table;
    double *survival; /* (n_table) S(xmin + i), falling from 1 */
} sg_tail_sampler;

/* Prepares the draws from a fit of h, which is borrowed. SG_ENOMEM. */
sg_status sg_tail_sampler_make(const sg_tail_histogram *h, const sg_tail_fit *fit,
                               sg_tail_sampler *ret, sg_error *err) SG_CHECKED;
void sg_tail_sampler_free(sg_tail_sampler *s);

/* Draws a value: from the body with probability 1 - n_tail / n, else from the power law, cut at
 * 2^53. */
uint64_t sg_tail_draw(const sg_tail_sampler *s, sg_random *random);

#endif
