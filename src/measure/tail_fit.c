/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_fit.h"

#include "base/memory.h"
#include "base/zeta.h"
#include <math.h>
#include <string.h>

/* Between two values this far apart or less, the power law is summed; else its zeta function is
 * cheaper. */
enum { SUMMED_GAP = 4 };

/* A tail of many distinct values is first looked at in some places: most xmin show there that they
 * cannot win. */
enum { N_PROBES = 16, PROBED_TAIL = 96 };

/* In the search for the best of many xmin, so many of them, evenly spread, are tried first: they
 * give a bound for the rest. */
enum { N_SCOUTS = 64 };

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

/* |P_fit(X < x) - P_data(X < x)| at value k. */
static double deviation_at(const candidate *c, size_t k)
{
    const sg_tail_histogram *h = c->h;
    const double share = (double)(h->n_below[k] - h->n_below[c->first]) / (double)c->n_tail;
    const double beyond = sg_scaled_zeta(c->alpha, (double)h->value[k]) *
                          exp(-c->alpha * (h->log_value[k] - h->log_value[c->first]) - c->log_zeta);

    return fabs(1.0 - beyond - share);
}

/* Looks in some places for a deviation above `limit`. `*witness` is where the last xmin showed one,
 * in steps from the largest value: its neighbour mostly shows one there, too. */
static bool shows_above(const candidate *c, double limit, size_t *witness)
{
    const size_t n = c->h->n_distinct;
    const size_t length = n - c->first;

    if (*witness > 0 && *witness < length && deviation_at(c, n - *witness) > limit)
        return true;
    for (size_t i = 1; i < N_PROBES; i++) {
        const size_t k = c->first + i * length / N_PROBES;
        if (deviation_at(c, k) > limit) {
            *witness = n - k;
            return true;
        }
    }
    return false;
}

/*
 * Largest |P_fit(X < x) - P_data(X < x)| over the distinct values from xmin on, or anything above
 * `limit` where it is above: such an xmin cannot win.
 */
static double distance(const candidate *c, double limit, size_t *witness)
{
    const sg_tail_histogram *h = c->h;
    const double log_xmin = h->log_value[c->first];
    const double scale = exp(-c->log_zeta);
    const double unit = 1.0 / (double)c->n_tail;
    double below = 0.0; /* P_fit(X < x) */
    double largest = 0.0;
    size_t seen = 0;

    if (h->n_distinct - c->first > PROBED_TAIL && shows_above(c, limit, witness))
        return INFINITY;
    for (size_t k = c->first + 1; k < h->n_distinct && largest <= limit; k++) {
        seen += h->count[k - 1];
        if (h->value[k] - h->value[k - 1] > SUMMED_GAP)
            below = 1.0 - scale * sg_scaled_zeta(c->alpha, (double)h->value[k]) *
                              exp(-c->alpha * (h->log_value[k] - log_xmin));
        else
            below += scale * mass_before(c, k, log_xmin);
        largest = fmax(largest, fabs(below - unit * (double)seen));
        if (largest > limit)
            *witness = h->n_distinct - k;
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

/* Tries every stride-th xmin. */
static void search(const sg_tail_histogram *h, size_t stride, sg_tail_fit *best)
{
    size_t witness = 0;

    for (walk w = walk_start(h); walk_step(&w);) {
        candidate *c = &w.at;
        if (c->first % stride != 0)
            continue;
        solve(c);
        const double d = distance(c, best->ks_d, &witness);
        /* of equals, the longest tail */
        if (d < best->ks_d || (d == best->ks_d && h->value[c->first] < best->xmin))
            *best = as_fit(c, d);
    }
}

void sg_tail_fit_histogram(const sg_tail_histogram *h, sg_tail_fit *ret)
{
    sg_tail_fit best = {.ks_d = INFINITY};

    if (h->n_distinct / 2 > N_SCOUTS)
        search(h, h->n_distinct / N_SCOUTS, &best);
    search(h, 1, &best);
    *ret = best;
}

static bool is_closer(candidate *c, double ks_d, size_t *witness)
{
    solve(c);
    return distance(c, ks_d, witness) < ks_d;
}

bool sg_tail_fits_closer(const sg_tail_histogram *h, double ks_d, uint64_t likely)
{
    size_t witness = 0;

    for (walk w = walk_start(h); walk_step(&w) && h->value[w.at.first] >= likely;)
        if (h->value[w.at.first] == likely && is_closer(&w.at, ks_d, &witness))
            return true;
    for (walk w = walk_start(h); walk_step(&w);)
        if (h->value[w.at.first] != likely && is_closer(&w.at, ks_d, &witness))
            return true;
    return false;
}

/* Walks down to the smallest xmin of at least the given one. */
static bool walk_to(const sg_tail_histogram *h, uint64_t xmin, candidate *ret)
{
    walk w = walk_start(h);
    while (w.at.first > 0 && h->value[w.at.first - 1] >= xmin)
        (void)walk_step(&w);
    *ret = w.at;
    return w.at.first + 1 < h->n_distinct;
}

bool sg_tail_fit_from(const sg_tail_histogram *h, uint64_t xmin, sg_tail_fit *ret)
{
    candidate c;
    size_t witness = 0;
    if (!walk_to(h, xmin, &c))
        return false;
    solve(&c);
    *ret = as_fit(&c, distance(&c, INFINITY, &witness));
    return true;
}

bool sg_tail_fits_closer_from(const sg_tail_histogram *h, double ks_d, uint64_t xmin)
{
    candidate c;
    size_t witness = 0;
    return walk_to(h, xmin, &c) && is_closer(&c, ks_d, &witness);
}

double sg_tail_log_likelihood(const sg_tail_fit *fit)
{
    return -(double)fit->n_tail * (sg_log_scaled_zeta(fit->alpha, (double)fit->xmin, NULL, NULL) +
                                   fit->alpha * fit->mean_log);
}
