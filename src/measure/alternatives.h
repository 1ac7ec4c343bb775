/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_ALTERNATIVES_H
#define SG_MEASURE_ALTERNATIVES_H

/* The laws that a tail is fitted with besides the power law; see sparsegraph/tail.h. */

#include "base/status.h"
#include "sparsegraph/tail.h"

/* The distinct values of a tail, ascending, and how often each occurs. */
typedef struct sg_tail_values {
    size_t n_distinct;
    const double *x;     /* (n_distinct) */
    const double *count; /* (n_distinct) */
} sg_tail_values;

/* A tail to be fitted. Logarithms are of x over the edge of the tail: xmin - 1/2 where
 * integers are rounded to the nearest, xmin of reals. */
typedef struct sg_tail {
    size_t n_distinct;
    const double *x;     /* (n_distinct) ascending, at least xmin */
    const double *count; /* (n_distinct) */
    double *log_low;     /* (n_distinct) ln((x - 1/2)/edge), or ln(x/edge) of reals */
    double *log_width;   /* (n_distinct) ln((x + 1/2)/(x - 1/2)); unused for reals */
    double *log_p;       /* (n_distinct) room for a law's own */
    double n;            /* values in all */
    double xmin;
    double edge;
    double mean;     /* of x */
    double mean_log; /* of ln(x/xmin) */
    bool discrete;
} sg_tail;

/* Borrows the arrays of v, which has at least two distinct values from xmin on. SG_ENOMEM. */
sg_status sg_tail_make(const sg_tail_values *v, double xmin, bool discrete, sg_tail *ret,
                       sg_error *err) SG_CHECKED;
void sg_tail_clear(sg_tail *t);

/* Fill log_p (n_distinct) with ln p(x), or the density's, of reals in units of the edge. */
void sg_tail_powerlaw(const sg_tail *t, double alpha, double *log_p);

/* Fit a law: parameter, at_limit and t->log_p. */
void sg_tail_fit_poisson(const sg_tail *t, sg_alternative *a);
void sg_tail_fit_exponential(const sg_tail *t, sg_alternative *a);
void sg_tail_fit_stretched(const sg_tail *t, sg_alternative *a);
void sg_tail_fit_lognormal(const sg_tail *t, sg_alternative *a);
void sg_tail_fit_cutoff(const sg_tail *t, double alpha, sg_alternative *a);

/* ln of the sum of (x/xmin)^-alpha e^(-rate (x - xmin)) over the integers x >= xmin (discrete), or
 * of its integral, in units of xmin. alpha >= 0, rate > 0. */
double sg_tail_cutoff_norm(double alpha, double rate, double xmin, bool discrete);

/* The comparison that was not made: NaN everywhere. */
sg_alternatives sg_alternatives_none(void);

/* The law's name as a key of JSON and CSV: "stretched_exponential". */
const char *sg_alternative_key(sg_powerlaw_alternative law);

/* ln P(Z >= z) of a standard normal, to full relative precision of P however far out. */
double sg_log_normal_tail(double z);

#endif
