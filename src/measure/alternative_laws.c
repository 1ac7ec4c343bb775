/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/alternatives.h"

#include "base/memory.h"
#include "base/zeta.h"
#include "measure/climb.h"
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* Where a law turns into the power law: sigma of a lognormal, and ln of edge over scale of a
 * stretched exponential. Both describe data no better beyond. */
static const double limit = 20;

void sg_tail_powerlaw(const sg_tail *t, double alpha, double *log_p)
{
    const double log_norm =
        t->discrete ? sg_log_scaled_zeta(alpha, t->xmin, NULL, NULL) : -log(alpha - 1);

    for (size_t k = 0; k < t->n_distinct; k++)
        log_p[k] = -alpha * log(t->x[k] / t->xmin) - log_norm;
}

void sg_tail_fit_exponential(const sg_tail *t, sg_alternative *a)
{
    const double excess = t->mean - t->xmin; /* above 0: two values differ */
    const double rate = t->discrete ? log1p(1 / excess) : 1 / excess;
    const double log_norm = t->discrete ? -log(-expm1(-rate)) : -log(rate * t->xmin);

    for (size_t k = 0; k < t->n_distinct; k++)
        t->log_p[k] = -rate * (t->x[k] - t->xmin) - log_norm;
    a->parameter[0] = rate;
}

/* ln of the sum of mu^x / x! over x >= m, scaled by its first term; *mean gets that of x. */
static double poisson_norm(double mu, double m, double *mean)
{
    if (mu < m + 1) { /* upwards: the terms fall from the first on */
        double sum = 1;
        double t = 1;
        double x = m;
        while (t > 1e-17 * sum) {
            x += 1;
            t *= mu / x;
            sum += t;
        }
        *mean = mu + m / sum;
        return log(sum);
    }
    gsl_sf_result log_factorial;
    double below = 0; /* P(X < m) over P(X = m - 1): downwards they fall too */
    double t = 1;
    double x = m - 1;
    while (x >= 0 && t > 1e-17 * below) {
        below += t;
        t *= x / mu;
        x -= 1;
    }
    (void)gsl_sf_lngamma_e(m, &log_factorial);
    const double log_p = (m - 1) * log(mu) - mu - log_factorial.val; /* of X = m - 1 */
    const double log_q = log1p(-exp(log_p) * below);
    *mean = mu + mu * exp(log_p - log_q);
    return log_q - log_p - log(mu / m);
}

void sg_tail_fit_poisson(const sg_tail *t, sg_alternative *a)
{
    /* The mean of the law above xmin grows with mu from xmin on, and exceeds mu. */
    double low = 0;
    double high = t->mean;
    double mean = 0;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        const double mu = 0.5 * (low + high);
        (void)poisson_norm(mu, t->xmin, &mean);
        if (mean < t->mean)
            low = mu;
        else
            high = mu;
    }
    const double log_norm = poisson_norm(high, t->xmin, &mean);
    gsl_sf_result first;
    (void)gsl_sf_lngamma_e(t->xmin + 1, &first);
    for (size_t k = 0; k < t->n_distinct; k++) {
        gsl_sf_result log_factorial;
        (void)gsl_sf_lngamma_e(t->x[k] + 1, &log_factorial);
        t->log_p[k] = (t->x[k] - t->xmin) * log(high) - (log_factorial.val - first.val) - log_norm;
    }
    a->parameter[0] = high;
}

/* (x/scale)^shape: at = ln(scale/edge), ln shape. */
static void stretched_law(const sg_tail *t, const double at[2], double *log_p)
{
    const double shape = exp(at[1]);
    const double unit = exp(-shape * at[0]); /* (edge/scale)^shape */

    for (size_t k = 0; k < t->n_distinct; k++) {
        const double grown = unit * expm1(shape * t->log_low[k]);
        if (t->discrete) {
            const double more = (grown + unit) * expm1(shape * t->log_width[k]);
            log_p[k] = -grown + log(-expm1(-more));
        } else {
            log_p[k] = log(shape * unit) + (shape - 1) * t->log_low[k] - grown;
        }
    }
}

static double sum_up(const sg_tail *t)
{
    double sum = 0;
    for (size_t k = 0; k < t->n_distinct; k++)
        sum += t->count[k] * t->log_p[k];
    return sum;
}

static double stretched_height(const void *context, const double at[2])
{
    const sg_tail *t = context;
    stretched_law(t, at, t->log_p);
    return sum_up(t);
}

/* Climbs from whichever start lies higher. */
static void climb_from_better(const sg_slope *s, double a[2], const double b[2])
{
    if (s->height(s->context, b) > s->height(s->context, a)) {
        a[0] = b[0];
        a[1] = b[1];
    }
    for (int i = 0; i < 2; i++)
        a[i] = fmin(fmax(a[i], s->low[i]), s->high[i]);
    (void)sg_climb(s, a);
}

void sg_tail_fit_stretched(const sg_tail *t, sg_alternative *a)
{
    const sg_slope slope = {.height = stretched_height,
                            .context = t,
                            .low = {-limit, log(1e-2)},
                            .high = {2 * limit, log(50)}};
    double at[2] = {log((t->mean - t->xmin) / t->edge), 0};
    const double heavy[2] = {-limit / 2, log(0.2)};
    climb_from_better(&slope, at, heavy);
    stretched_law(t, at, t->log_p);
    a->parameter[0] = t->edge * exp(at[0]);
    a->parameter[1] = exp(at[1]);
    a->at_limit = at[0] <= -limit;
}

double sg_log_normal_tail(double z)
{
    gsl_sf_result r;
    (void)gsl_sf_log_erfc_e(z * M_SQRT1_2, &r); /* defined for every real */
    return r.val - M_LN2;
}

/* ln P(z <= Z < z + width) of a standard normal. */
static double log_interval(double z, double width)
{
    const double middle = z + 0.5 * width;
    if (width * (1 + fabs(middle)) < 1e-2) /* two terms of the series: the third is below 10^-11 */
        return -0.5 * middle * middle + log(width) - 0.5 * log(2 * M_PI) +
               log1p((middle * middle - 1) * width * width / 24);
    const double near = middle > 0 ? z : -(z + width); /* on the side where P is small */
    const double log_near = sg_log_normal_tail(near);
    return log_near + log(-expm1(sg_log_normal_tail(near + width) - log_near));
}

/* ln x is normal: at = mu/sigma^2, ln(1/sigma^2), with mu of x/edge. Near the power law the first
 * tends to 1 - alpha and the second to -infinity, so both stay of order 1. */
static void lognormal_law(const sg_tail *t, const double at[2], double *log_p)
{
    const double precision = exp(0.5 * at[1]); /* 1/sigma */
    const double z = -at[0] / precision;       /* of the edge */
    const double log_above = sg_log_normal_tail(z);

    for (size_t k = 0; k < t->n_distinct; k++) {
        const double x = z + t->log_low[k] * precision;
        if (t->discrete)
            log_p[k] = log_interval(x, t->log_width[k] * precision) - log_above;
        else
            log_p[k] =
                log(precision) - 0.5 * log(2 * M_PI) - 0.5 * x * x - t->log_low[k] - log_above;
    }
}

static double lognormal_height(const void *context, const double at[2])
{
    const sg_tail *t = context;
    lognormal_law(t, at, t->log_p);
    return sum_up(t);
}

void sg_tail_fit_lognormal(const sg_tail *t, sg_alternative *a)
{
    const sg_slope slope = {.height = lognormal_height,
                            .context = t,
                            .low = {-1e4, -2 * log(limit)},
                            .high = {1e6, 2 * log(1e3)}};
    double mean = 0;
    double square = 0;
    for (size_t k = 0; k < t->n_distinct; k++) {
        mean += t->count[k] * t->log_low[k] / t->n;
        square += t->count[k] * t->log_low[k] * t->log_low[k] / t->n;
    }
    const double variance = fmax(square - mean * mean, 1e-6);
    double at[2] = {mean / variance, -log(variance)};
    const double heavy[2] = {-1 / mean, -4}; /* close to the power law with alpha - 1 = 1/mean */
    climb_from_better(&slope, at, heavy);
    lognormal_law(t, at, t->log_p);
    const double sigma = exp(-0.5 * at[1]);
    a->parameter[0] = log(t->edge) + at[0] * sigma * sigma;
    a->parameter[1] = sigma;
    a->at_limit = at[1] <= slope.low[1];
}
