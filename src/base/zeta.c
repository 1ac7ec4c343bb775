/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zeta.h"

#include "base/memory.h"

#include <math.h>

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

/* A term this far below the sum is lost in rounding, and so are its derivatives. */
static const double negligible = 1e-19;

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
    for (size_t j = 0; j < SG_COUNT(bernoulli) && rising > negligible * sum->value; j++) {
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
    while (x < alpha + 10.0 && term > negligible * sum.value) {
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

double sg_scaled_zeta(double alpha, double q)
{
    double sum = 0.0;
    double x = q;
    double term = 1.0;
    while (x < alpha + 10.0 && term > negligible * sum) {
        sum += term;
        x += 1.0;
        term = exp(-alpha * log(x / q));
    }
    if (x < alpha + 10.0)
        return sum;

    const double inverse = 1.0 / x;
    double rising = term * alpha * inverse;
    sum += term * (x / (alpha - 1.0) + 0.5);
    for (size_t j = 0; j < SG_COUNT(bernoulli) && rising > negligible * sum; j++) {
        const double factor = alpha + 2.0 * (double)j;
        sum += bernoulli[j] * rising;
        rising *= (factor + 1.0) * inverse * (factor + 2.0) * inverse;
    }
    return sum;
}
