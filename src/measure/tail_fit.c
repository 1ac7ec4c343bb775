/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_fit.h"

#include "base/memory.h"
#include "base/zeta.h"
#include <math.h>
#include <string.h>

/* Between two values this far apart or less, the power law is summed; else its zeta function is
 * cheaper. */
enum { SUMMED_GAP = 4 };

/* One xmin tried, and the fit above it. */
typedef struct candidate {
    const sg_tail_histogram *h;
    size_t first;    /* index of xmin */
    size_t n_tail;   /* values of at least xmin */
    double mean_log; /* of ln(x / xmin) over them */
    double alpha;
    double log_zeta; /* sg_log_scaled_zeta(alpha, xmin) */
} candidate;

double sg_tail_alpha(double mean_log, double xmin, double *log_zeta)
{
    const double floor_alpha = 1.0 + 1e-9;
    /* The continuous estimate from xmin - 1/2 (Clauset et al., eq. 3.7): good for xmin above 6. */
    double alpha = 1.0 + 1.0 / (mean_log + log(xmin / (xmin - 0.5)));
    double step = INFINITY;

    /* Newton's error is about the square of its last step. */
    for (int i = 0; i < 60 && fabs(step) > 1e-7 * alpha; i++) {
        double slope = 0.0;
        double curve = 0.0;
        const double here = sg_log_scaled_zeta(alpha, xmin, &slope, &curve);
        double next = alpha - (slope + mean_log) / curve;
        if (!(next > floor_alpha)) /* a step over the pole at 1: halve the distance to it */
            next = fmax(0.5 * (alpha + 1.0), floor_alpha);
        if (next > 2.0 * alpha)
            next = 2.0 * alpha;
        step = next - alpha;
        alpha = next;
        if (log_zeta)
            *log_zeta = here + step * (slope + 0.5 * step * curve);
    }
    return alpha;
}

static void solve(candidate *c)
{
    c->alpha = sg_tail_alpha(c->mean_log, (double)c->h->value[c->first], &c->log_zeta);
}

/* The sum of (y / xmin)^-alpha over the integers from value k - 1 up to value k. */
static double mass_before(const candidate *c, size_t k, double log_xmin)
{
    const uint64_t *value = c->h->value;
    double mass = exp(-c->alpha * (c->h->log_value[k - 1] - log_xmin));

    for (uint64_t y = value[k - 1] + 1; y < value[k]; y++)
        mass += exp(-c->alpha * (log((double)y) - log_xmin));
    return mass;
}

/*
 * Largest |P_fit(X < x) - P_data(X < x)| over the distinct values from xmin on. Gives up as soon as
 * it exceeds `limit`, since such an xmin cannot win.
 */
static double distance(const candidate *c, double limit)
{
    const sg_tail_histogram *h = c->h;
    const double log_xmin = h->log_value[c->first];
    const double scale = exp(-c->log_zeta);
    const double unit = 1.0 / (double)c->n_tail;
    double below = 0.0; /* P_fit(X < x) */
    double largest = 0.0;
    size_t seen = 0;

    for (size_t k = c->first + 1; k < h->n_distinct && largest <= limit; k++) {
        seen += h->count[k - 1];
        if (h->value[k] - h->value[k - 1] > SUMMED_GAP)
            below = 1.0 - scale * sg_scaled_zeta(c->alpha, (double)h->value[k]) *
                              exp(-c->alpha * (h->log_value[k] - log_xmin));
        else
            below += scale * mass_before(c, k, log_xmin);
        largest = fmax(largest, fabs(below - unit * (double)seen));
    }
    return largest;
}

/* From the largest value down, so that small tails do not inherit the rounding of long sums. */
typedef struct walk {
    candidate at;
    double sum_log; /* of the values of at least xmin */
} walk;

static walk walk_start(const sg_tail_histogram *h)
{
    const size_t last = h->n_distinct - 1;

    return (walk){.at = {.h = h, .first = last, .n_tail = h->count[last]},
                  .sum_log = (double)h->count[last] * h->log_value[last]};
}

/* Goes to the next smaller xmin; false when there is none. */
static bool walk_step(walk *w)
{
    candidate *c = &w->at;

    if (c->first == 0)
        return false;
    c->first--;
    c->n_tail += c->h->count[c->first];
    w->sum_log += (double)c->h->count[c->first] * c->h->log_value[c->first];
    c->mean_log = w->sum_log / (double)c->n_tail - c->h->log_value[c->first];
    return true;
}

static sg_tail_fit as_fit(const candidate *c, double ks_d)
{
    return (sg_tail_fit){
        .alpha = c->alpha,
        .xmin = c->h->value[c->first],
        .n_tail = c->n_tail,
        .ks_d = ks_d,
        .mean_log = c->mean_log,
    };
}

void sg_tail_fit_histogram(const sg_tail_histogram *h, sg_tail_fit *ret)
{
    sg_tail_fit best = {.ks_d = INFINITY};

    for (walk w = walk_start(h); walk_step(&w);) {
        candidate *c = &w.at;
        solve(c);
        const double d = distance(c, best.ks_d);
        if (d <= best.ks_d) /* of equals, the longest tail */
            best = as_fit(c, d);
    }
    *ret = best;
}

/* Walks down to the smallest xmin of at least the given one, and solves it. */
static bool solve_from(const sg_tail_histogram *h, uint64_t xmin, candidate *ret)
{
    walk w = walk_start(h);
    while (w.at.first > 0 && h->value[w.at.first - 1] >= xmin)
        (void)walk_step(&w);
    if (w.at.first + 1 == h->n_distinct)
        return false;
    *ret = w.at;
    solve(ret);
    return true;
}

bool sg_tail_fit_from(const sg_tail_histogram *h, uint64_t xmin, sg_tail_fit *ret)
{
    candidate c;
    if (!solve_from(h, xmin, &c))
        return false;
    *ret = as_fit(&c, distance(&c, INFINITY));
    return true;
}

bool sg_tail_fits_closer_from(const sg_tail_histogram *h, double ks_d, uint64_t xmin)
{
    candidate c;
    return solve_from(h, xmin, &c) && distance(&c, ks_d) < ks_d;
}

double sg_tail_log_likelihood(const sg_tail_fit *fit)
{
    return -(double)fit->n_tail * (sg_log_scaled_zeta(fit->alpha, (double)fit->xmin, NULL, NULL) +
                                   fit->alpha * fit->mean_log);
}

bool sg_tail_fits_closer(const sg_tail_histogram *h, double ks_d, uint64_t likely)
{
    for (walk w = walk_start(h); walk_step(&w) && h->value[w.at.first] >= likely;) {
        if (h->value[w.at.first] > likely)
            continue;
        solve(&w.at);
        if (distance(&w.at, ks_d) < ks_d)
            return true;
    }
    for (walk w = walk_start(h); walk_step(&w);) {
        if (h->value[w.at.first] == likely)
            continue;
        solve(&w.at);
        if (distance(&w.at, ks_d) < ks_d)
            return true;
    }
    return false;
}
