/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/alternatives.h"

#include "base/memory.h"
#include "measure/climb.h"
#include <math.h>

/* The power law that an exponential cuts off: x^-alpha e^(-rate x). */

/* Gauss-Legendre of ten points on [-1, 1]: Abramowitz & Stegun, table 25.4. */
static const double node[] = {0.1488743389816312, 0.4333953941292472, 0.6794095682990244,
                              0.8650633666889845, 0.9739065285171717};
static const double share[] = {0.2955242247147529, 0.2692667193099963, 0.2190863625159820,
                               0.1494513491505806, 0.0666713443086881};

/* The terms of the sum, scaled to 1 at xmin. */
typedef struct series {
    double alpha;
    double rate;
    double xmin;
} series;

static double term(const series *s, double x)
{
    return exp(-s->alpha * log(x / s->xmin) - s->rate * (x - s->xmin));
}

/* The integral of the terms from x on: over intervals in ln x that double x at most, and on which
 * no factor falls by more than about e^6, so that ten points see them as polynomials. */
static double integral_from(const series *s, double x)
{
    double sum = 0;

    for (int k = 0; k < 10000; k++) {
        const double fall = 1 + s->alpha + s->rate * x;
        const double half = 0.5 * fmin(M_LN2, 6 / fall);
        const double middle = log(x) + half;
        double block = 0;
        for (size_t i = 0; i < SG_COUNT(node); i++) {
            const double low = exp(middle - half * node[i]);
            const double high = exp(middle + half * node[i]);
            block += share[i] * (low * term(s, low) + high * term(s, high));
        }
        sum += half * block;
        if (half * block <= 1e-16 * sum)
            break;
        x = exp(middle + half);
    }
    return sum;
}

double sg_tail_cutoff_norm(double alpha, double rate, double xmin, bool discrete)
{
    const series s = {alpha, rate, xmin};
    if (!discrete)
        return log(integral_from(&s, xmin) / xmin);

    /* One by one until the terms fall slowly; Euler and Maclaurin sum the rest. Their next term is
     * below fall^5 / 30240 of the first of the rest. */
    const double slow = 0.1;
    double sum = 0;
    double x = xmin;
    double t = 1;
    while (alpha / x + rate > slow) {
        sum += t;
        x += 1;
        t = term(&s, x);
        if (t <= 1e-17 * sum)
            return log(sum);
    }
    const double g1 = -(alpha / x + rate); /* derivatives of ln t */
    const double g2 = alpha / (x * x);
    const double g3 = -2 * alpha / (x * x * x);
    const double t3 = g1 * g1 * g1 + 3 * g1 * g2 + g3;
    return log(sum + integral_from(&s, x) + t * (0.5 - g1 / 12 + t3 / 720));
}

typedef struct cutoff_context {
    const sg_tail *t;
    double scale; /* of the rate: reals are taken in units of xmin */
} cutoff_context;

/* at: alpha, ln rate. */
static double cutoff_height(const void *context, const double at[2])
{
    const cutoff_context *c = context;
    const sg_tail *t = c->t;
    const double rate = exp(at[1]) * c->scale;

    return t->n * (-at[0] * t->mean_log - rate * (t->mean - t->xmin) -
                   sg_tail_cutoff_norm(at[0], rate, t->xmin, t->discrete));
}

void sg_tail_fit_cutoff(const sg_tail *t, double alpha, sg_alternative *a)
{
    const double largest = t->x[t->n_distinct - 1];
    const cutoff_context context = {t, t->discrete ? 1 : 1 / t->xmin};
    /* So low a rate changes no value's probability by more than 10^-6: the power law itself. */
    const double lowest = log(1e-6 / largest / context.scale);
    const sg_slope slope = {.height = cutoff_height,
                            .context = &context,
                            .low = {0, lowest},
                            .high = {fmax(50, 2 * alpha), log(50)}};
    const double exponential = 1 / (t->mean - t->xmin) / context.scale;
    const double starts[][2] = {
        {alpha, log(1 / largest / context.scale)},
        {alpha / 2, log(exponential / 4)},
        {1e-3, log(exponential)},
    };
    double best[2] = {NAN, NAN};
    double top = -INFINITY;
    for (size_t i = 0; i < SG_COUNT(starts); i++) {
        double at[2] = {starts[i][0], fmin(fmax(starts[i][1], lowest), slope.high[1])};
        const double here = sg_climb(&slope, at);
        if (here > top) {
            top = here;
            best[0] = at[0];
            best[1] = at[1];
        }
    }
    const double rate = exp(best[1]) * context.scale;
    const double log_norm = sg_tail_cutoff_norm(best[0], rate, t->xmin, t->discrete);
    for (size_t k = 0; k < t->n_distinct; k++)
        t->log_p[k] = -best[0] * log(t->x[k] / t->xmin) - rate * (t->x[k] - t->xmin) - log_norm;
    a->parameter[0] = best[0];
    a->parameter[1] = rate;
    a->at_limit = best[1] <= lowest;
}
