/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/binomial.h"

#include <math.h>

/* Walks up the distribution from 0: n p is small, p at most 1/2. */
static uint64_t by_inversion(sg_random *random, uint64_t n, double p)
{
    const double odds = p / (1.0 - p);
    const double none = exp((double)n * log1p(-p));

    for (;;) {
        double u = sg_random_unit(random);
        double probability = none;
        /* Rounding may leave a u that no k uses up: drawn again. */
        for (uint64_t k = 0; k <= n; k++) {
            if (u < probability)
                return k;
            u -= probability;
            probability *= odds * (double)(n - k) / (double)(k + 1);
        }
    }
}

/* ln k! + ln (n - k)! */
static double log_ways(double n, double k)
{
    int sign = 0; /* lgamma() writes a global */
    return lgamma_r(k + 1.0, &sign) + lgamma_r(n - k + 1.0, &sign);
}

/* The constants are Hörmann's. */
static uint64_t by_rejection(sg_random *random, double n, double p)
{
    const double deviation = sqrt(n * p * (1.0 - p));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double centre = n * p + 0.5;
    const double squeeze = 0.92 - 4.2 / b;

    for (;;) {
        const double u = sg_random_unit(random) - 0.5;
        double v = sg_random_unit(random);
        const double us = 0.5 - fabs(u);
        const double k = floor((2.0 * a / us + b) * u + centre);
        if (us >= 0.07 && v <= squeeze)
            return (uint64_t)k;
        if (!(k >= 0.0 && k <= n))
            continue;
        const double mode = floor((n + 1.0) * p);
        v *= (2.83 + 5.1 / b) * deviation / (a / (us * us) + b);
        if (log(v) <= log_ways(n, mode) - log_ways(n, k) + (k - mode) * (log(p) - log1p(-p)))
            return (uint64_t)k;
    }
}

uint64_t sg_binomial(sg_random *random, uint64_t n, double p)
{
    const double trials = (double)n;
    const double rare = p <= 0.5 ? p : 1.0 - p;

    if (n == 0 || !(rare > 0.0))
        return p > 0.5 ? n : 0;
    const uint64_t k =
        trials * rare < 10.0 ? by_inversion(random, n, rare) : by_rejection(random, trials, rare);
    return p <= 0.5 ? k : n - k;
}
