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

sg_summary sg_summarise(double *values, size_t n)
{
    sg_summary s = {.n = n, .mean = n ? 0 : NAN, .dispersion = NAN, .gini = NAN};
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
    s.gini = ranked / ((double)n * sum);
    return s;
}
