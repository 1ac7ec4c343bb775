/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/hzeta.h"

#include "base/memory.h"
#include <assert.h>
#include <math.h>

/*
 * Euler-Maclaurin: the first terms one by one up to a = q + k, the rest as
 * a^(1-s)/(s-1) + a^-s/2 + sum_j B_2j/(2j)! s(s+1)...(s+2j-2) a^(1-s-2j).
 * With a >= 10 and a >= 2s the ninth correction lies below 1e-16 of the first term (DLMF 25.11.28).
 */
static const double bernoulli_over_factorial[] = {
    1.0 / 12,          -1.0 / 720,
    1.0 / 30240,       -1.0 / 1209600,
    1.0 / 47900160,    -691.0 / 1307674368000,
    1.0 / 74724249600, -3617.0 / 10670622842880000,
};

static const double negligible = 1e-18; /* against a sum that is at least 1 */

/* Adds a term whose logarithm has the derivatives g and h over s. */
static void add(sg_hzeta *z, double term, double g, double h)
{
    z->value += term;
    z->d1 += term * g;
    z->d2 += term * (g * g + h);
}

static void add_remainder(sg_hzeta *z, double s, double a, double log_ratio)
{
    const double power = exp(-s * log_ratio); /* (q/a)^s */
    add(z, power * a / (s - 1), -log_ratio - 1 / (s - 1), 1 / ((s - 1) * (s - 1)));
    add(z, power / 2, -log_ratio, 0);

    double term = power * s / a;
    double g = -log_ratio + 1 / s;
    double h = -1 / (s * s);
    for (size_t j = 0; j < SG_COUNT(bernoulli_over_factorial); j++) {
        add(z, bernoulli_over_factorial[j] * term, g, h);
        const double u = s + 2 * (double)j + 1;
        term *= u * (u + 1) / (a * a);
        g += 1 / u + 1 / (u + 1);
        h -= 1 / (u * u) + 1 / ((u + 1) * (u + 1));
    }
}

sg_hzeta sg_hzeta_scaled(double s, double q)
{
    assert(s > 1 && q >= 1);
    sg_hzeta z = {0, 0, 0};
    const double far = fmax(10, 2 * s);
    double a = q;
    double log_ratio = 0;
    for (; a < far; a += 1, log_ratio = log1p((a - q) / q)) {
        const double term = exp(-s * log_ratio);
        add(&z, term, -log_ratio, 0);
        if (term < negligible)
            return z;
    }
    add_remainder(&z, s, a, log_ratio);
    return z;
}

double sg_log_hzeta(double s, double q)
{
    return log(sg_hzeta_scaled(s, q).value) - s * log(q);
}
