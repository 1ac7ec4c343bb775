/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/tail_fit.h"

#include "base/memory.h"
#include "base/zeta.h"
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
