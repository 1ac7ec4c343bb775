/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/summary.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Ascending values: equal ones lie together and need one logarithm. */
static double entropy_bits(const double *values, size_t n, double sum)
{
    double bits = 0;
    double term = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || values[i] > values[i - 1])
            term = values[i] > 0 ? -values[i] / sum * log2(values[i] / sum) : 0;
        bits += term;
    }
    return bits;
}

sg_summary sg_summarise(double *values, size_t n)
{
    sg_summary s = {.n = n, .mean = n ? 0 : NAN, .dispersion = NAN, .gini = NAN, .entropy = NAN};
    if (n == 0)
        return s;
    qsort(values, n, sizeof *values, ascending);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        s.n_zeros += values[i] == 0;
    }
    s.mean = sum / (double)n;
    s.max = values[n - 1];
    if (!(sum > 0))
        return s;

    /* About the mean, so that nearly equal values do not cancel. */
    double squares = 0;
    double ranked = 0;
    for (size_t i = 0; i < n; i++) {
        const double deviation = values[i] - s.mean;
        squares += deviation * deviation;
        ranked += (2 * (double)i + 1 - (double)n) * deviation; /* the weights sum to 0 */
    }
    s.dispersion = squares / (double)n / s.mean;
    if (n > 1)
        s.entropy = entropy_bits(values, n, sum) / log2((double)n);
    s.gini = ranked / ((double)n * sum);
    return s;
}
