/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/tail_fit.h"

#include "base/memory.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

void sg_tail_histogram_free(sg_tail_histogram *h)
{
    sg_free(h->value);
    sg_free(h->count);
    *h = (sg_tail_histogram){0};
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

sg_status sg_tail_histogram_make(uint64_t *values, size_t n, sg_tail_histogram *ret, sg_error *err)
{
    qsort(values, n, sizeof *values, by_value);
    size_t first = 0;
    while (first < n && values[first] == 0)
        first++;
    size_t n_distinct = 0;
    for (size_t i = first; i < n; i++)
        n_distinct += i == first || values[i] != values[i - 1];

    sg_tail_histogram h = {.n = n - first,
                           .value = SG_NEW_ARRAY(uint64_t, n_distinct),
                           .count = SG_NEW_ARRAY(size_t, n_distinct)};
    if (!h.value || !h.count) {
        sg_tail_histogram_free(&h);
        return sg_fail_memory(err, "counting values");
    }
    for (size_t i = first; i < n; i++) {
        if (i == first || values[i] != values[i - 1])
            h.value[h.n_distinct++] = values[i];
        h.count[h.n_distinct - 1]++;
    }
    *ret = h;
    return SG_OK;
}

/* A sum of terms T(alpha), with its first two derivatives; each term brings its logarithmic ones.
 */
typedef struct jet {
    double value;
    double slope;
    double curve;
} jet;

static void jet_add(jet *sum, double term, double log_slope, double log_curve)
{
    sum->value += term;
    sum->slope += term * log_slope;
    sum->curve += term * (log_slope * log_slope + log_curve);
}

/* B_2j / (2j)!, j = 1 … 8: Abramowitz & Stegun 23.2, as in the Euler–Maclaurin formula. */
static const double bernoulli[] = {
    1.0 / 12.0,          -1.0 / 720.0,
    1.0 / 30240.0,       -1.0 / 1209600.0,
    1.0 / 47900160.0,    -691.0 / 1307674368000.0,
    1.0 / 74724249600.0, -3617.0 / 10670622842880000.0,
};

/* Adds what the Euler-Maclaurin formula gives for the terms from x on. */
static void add_remainder(jet *sum, double alpha, double q, double x)
{
    const double log_ratio = log(x / q);
    const double term = exp(-alpha * log_ratio);
    const double pole = 1.0 / (alpha - 1.0);

    jet_add(sum, term * x * pole, -log_ratio - pole, pole * pole);
    jet_add(sum, 0.5 * term, -log_ratio, 0.0);

    /* alpha (alpha + 1) … (alpha + 2j - 2) x^-(2j - 1), grown from term to term */
    double rising = term * alpha / x;
    double log_slope = -log_ratio + 1.0 / alpha;
    double log_curve = -1.0 / (alpha * alpha);
    for (size_t j = 0; j < SG_COUNT(bernoulli); j++) {
        jet_add(sum, bernoulli[j] * rising, log_slope, log_curve);
        for (int step = 1; step <= 2; step++) {
            const double factor = alpha + 2.0 * (double)j + step;
            rising *= factor / x;
            log_slope += 1.0 / factor;
            log_curve -= 1.0 / (factor * factor);
        }
    }
}

double sg_log_scaled_zeta(double alpha, double q, double *slope, double *curve)
{
    jet sum = {0};
    /* The formula's terms shrink by about ((alpha + 16) / (2 pi x))^2 each: past x = alpha + 10
     * eight of them reach double precision. The sum may also end before, its terms too small to
     * count. */
    double x = q;
    double term = 1.0;
    while (x < alpha + 10.0 && term > 1e-18 * sum.value) {
        const double log_ratio = log(x / q);
        term = exp(-alpha * log_ratio);
        jet_add(&sum, term, -log_ratio, 0.0);
        x += 1.0;
    }
    if (x >= alpha + 10.0)
        add_remainder(&sum, alpha, q, x);

    const double relative = sum.slope / sum.value;
    if (slope)
        *slope = relative;
    if (curve)
        *curve = sum.curve / sum.value - relative * relative;
    return log(sum.value);
}

double sg_tail_alpha(double mean_log, double xmin)
{
    const double floor_alpha = 1.0 + 1e-9;
    /* The continuous estimate from xmin - 1/2 (Clauset et al., eq. 3.7): good for xmin above 6. */
    double alpha = 1.0 + 1.0 / (mean_log + log(xmin / (xmin - 0.5)));

    for (int i = 0; i < 60; i++) {
        double slope = 0.0;
        double curve = 0.0;
        (void)sg_log_scaled_zeta(alpha, xmin, &slope, &curve);
        double next = alpha - (slope + mean_log) / curve;
        if (!(next > floor_alpha)) /* a step over the pole at 1: halve the distance to it */
            next = 0.5 * (alpha + 1.0);
        if (next > 2.0 * alpha)
            next = 2.0 * alpha;
        if (next <= floor_alpha)
            return floor_alpha;
        const bool done = fabs(next - alpha) <= 1e-12 * alpha;
        alpha = next;
        if (done)
            break;
    }
    return alpha;
}

/*
 * Largest |P_fit(X < x) - P_data(X < x)| over the distinct values from index `first` on. Gives up
 * as soon as it exceeds `limit`, since such an xmin cannot win.
 */
static double tail_distance(const sg_tail_histogram *h, size_t first, size_t n_tail, double alpha,
                            double limit)
{
    const double xmin = (double)h->value[first];
    const double log_norm = sg_log_scaled_zeta(alpha, xmin, NULL, NULL);
    const double norm = exp(log_norm);
    double below = 0.0; /* sum of (x / xmin)^-alpha over the integers below the present value */
    double largest = 0.0;
    size_t seen = 0;

    for (size_t k = first; k < h->n_distinct; k++) {
        if (k > first) {
            const uint64_t gap = h->value[k] - h->value[k - 1];
            const double x = (double)h->value[k];
            if (gap > 16)
                below =
                    norm - exp(sg_log_scaled_zeta(alpha, x, NULL, NULL) - alpha * log(x / xmin));
            else
                for (uint64_t y = h->value[k - 1]; y < h->value[k]; y++)
                    below += exp(-alpha * log((double)y / xmin));
        }
        const double d = fabs(below / norm - (double)seen / (double)n_tail);
        if (d > largest)
            largest = d;
        if (largest > limit)
            return largest;
        seen += h->count[k];
    }
    return largest;
}

void sg_tail_fit_histogram(const sg_tail_histogram *h, sg_tail_fit *ret)
{
    double sum_log = 0.0;
    for (size_t k = 0; k < h->n_distinct; k++)
        sum_log += (double)h->count[k] * log((double)h->value[k]);

    sg_tail_fit best = {.ks_d = INFINITY};
    size_t n_tail = h->n;
    for (size_t k = 0; k + 1 < h->n_distinct; k++) {
        const double xmin = (double)h->value[k];
        const double mean_log = sum_log / (double)n_tail - log(xmin);
        const double alpha = sg_tail_alpha(mean_log, xmin);
        const double d = tail_distance(h, k, n_tail, alpha, best.ks_d);
        if (d < best.ks_d)
            best = (sg_tail_fit){
                .alpha = alpha,
                .xmin = h->value[k],
                .n_tail = n_tail,
                .ks_d = d,
                .log_likelihood = -(double)n_tail *
                                  (sg_log_scaled_zeta(alpha, xmin, NULL, NULL) + alpha * mean_log),
            };
        sum_log -= (double)h->count[k] * log(xmin);
        n_tail -= h->count[k];
    }
    *ret = best;
}
