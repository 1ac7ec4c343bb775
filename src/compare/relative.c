/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include <math.h>
#include <stdlib.h>

/* Octaves of x that are told apart: 2^-32 to 2^31. */
enum { N_BINS = 64 };

void sg_relative_clear(sg_relative *r)
{
    sg_free(r->x);
    sg_free(r->count);
    sg_free(r->ccdf);
    *r = (sg_relative){0};
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

void sg_relative_accumulate(sg_relative *r)
{
    uint64_t total = 0;
    for (size_t i = 0; i < r->n; i++)
        total += r->count[i];
    uint64_t below = 0;
    for (size_t i = 0; i < r->n; i++) {
        r->ccdf[i] = (double)(total - below) / (double)total;
        below += r->count[i];
    }
}

sg_status sg_relative_make(double *x, size_t n, sg_relative *ret, sg_error *err)
{
    qsort(x, n, sizeof *x, ascending);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n; i++)
        n_distinct += i == 0 || x[i] > x[i - 1];

    sg_relative r = {.x = SG_NEW_ARRAY(double, n_distinct),
                     .count = SG_NEW_ARRAY(uint64_t, n_distinct),
                     .ccdf = SG_NEW_ARRAY(double, n_distinct)};
    if (!r.x || !r.count || !r.ccdf) {
        sg_relative_clear(&r);
        return sg_fail_memory(err, "counting relative degrees");
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || x[i] > x[i - 1])
            r.x[r.n++] = x[i];
        r.count[r.n - 1]++;
    }
    sg_relative_accumulate(&r);
    *ret = r;
    return SG_OK;
}

/* P(X >= x) after the first i distinct values. */
static double left(const sg_relative *r, size_t i)
{
    return i < r->n ? r->ccdf[i] : 0.0;
}

double sg_relative_ks(const sg_relative *a, const sg_relative *b)
{
    if (a->n == 0 || b->n == 0)
        return NAN;
    double largest = 0.0;
    size_t i = 0;
    size_t j = 0;
    while (i < a->n && j < b->n) {
        /* past every value equal to the smaller of the two that come next */
        const double x = fmin(a->x[i], b->x[j]);
        i += a->x[i] == x;
        j += b->x[j] == x;
        largest = fmax(largest, fabs(left(a, i) - left(b, j)));
    }
    return largest;
}

static void fill_bins(const sg_relative *r, double *share)
{
    double total = 0.0;
    for (size_t i = 0; i < r->n; i++) {
        const double octave =
            fmin(fmax(floor(log2(r->x[i]) + 0.5), -N_BINS / 2.0), N_BINS / 2.0 - 1);
        share[(size_t)(octave + N_BINS / 2.0)] += (double)r->count[i];
        total += (double)r->count[i];
    }
    for (size_t k = 0; k < N_BINS; k++)
        share[k] /= total;
}

double sg_relative_js(const sg_relative *a, const sg_relative *b)
{
    if (a->n == 0 || b->n == 0)
        return NAN;
    double p[N_BINS] = {0};
    double q[N_BINS] = {0};
    fill_bins(a, p);
    fill_bins(b, q);
    double sum = 0.0;
    for (size_t k = 0; k < N_BINS; k++) {
        const double middle = 0.5 * (p[k] + q[k]);
        if (p[k] > 0.0)
            sum += 0.5 * p[k] * log2(p[k] / middle);
        if (q[k] > 0.0)
            sum += 0.5 * q[k] * log2(q[k] / middle);
    }
    return fmax(sum, 0.0); /* rounding may leave -1e-17 of two equal ones */
}
