/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_fit.h"

#include "base/memory.h"
#include "base/zeta.h"
#include "measure/binomial.h"
#include <math.h>

/* Nobody's degree; a double counts no further one by one. */
static const double value_limit = 9007199254740992.0;

/* A value of the tail is a bin of its own where a binomial number for it costs less than draws one
 * by one: measured, from about a fifth of a value expected. */
static const double expected_min = 0.2;
enum { TAIL_BINS_MAX = 1 << 16 };

/* P(X >= x) of the fit, x >= xmin. */
static double survival_at(const sg_tail_fit *fit, double x)
{
    const double xmin = (double)fit->xmin;

    return exp(sg_log_scaled_zeta(fit->alpha, x, NULL, NULL) -
               sg_log_scaled_zeta(fit->alpha, xmin, NULL, NULL) - fit->alpha * log(x / xmin));
}

void sg_tail_sampler_free(sg_tail_sampler *s)
{
    sg_free(s->value);
    sg_free(s->log_value);
    sg_free(s->share);
    *s = (sg_tail_sampler){0};
}

/* P(X = xmin + i) of the fit, given P(X = xmin). */
static double probability_at(const sg_tail_fit *fit, double at_xmin, size_t i)
{
    const double xmin = (double)fit->xmin;

    return at_xmin * exp(-fit->alpha * log1p((double)i / xmin));
}

static void add_bin(sg_tail_sampler *s, uint64_t value, double log_value, double share)
{
    s->value[s->n_bins] = value;
    s->log_value[s->n_bins] = log_value;
    s->share[s->n_bins] = share;
    s->n_bins++;
}

static void add_body(sg_tail_sampler *s)
{
    const sg_tail_histogram *h = s->h;
    size_t left = h->n - s->fit.n_tail;

    for (size_t k = 0; k < h->n_distinct && h->value[k] < s->fit.xmin; k++) {
        add_bin(s, h->value[k], h->log_value[k], (double)h->count[k] / (double)left);
        left -= h->count[k];
    }
    s->n_body_bins = s->n_bins;
}

static void add_tail(sg_tail_sampler *s, double at_xmin, size_t n_bins)
{
    s->rest = 1.0;
    for (size_t i = 0; i < n_bins; i++) {
        const double probability = fmin(probability_at(&s->fit, at_xmin, i), s->rest);
        add_bin(s, s->fit.xmin + i, log((double)(s->fit.xmin + i)), probability / s->rest);
        s->rest -= probability;
        if (!(s->rest > 1e-14)) { /* what is left is rounding */
            s->share[s->n_bins - 1] = 1.0;
            s->rest = 0.0;
            break;
        }
    }
}

sg_status sg_tail_sampler_make(const sg_tail_histogram *h, const sg_tail_fit *fit,
                               sg_tail_sampler *ret, sg_error *err)
{
    const double at_xmin = exp(-sg_log_scaled_zeta(fit->alpha, (double)fit->xmin, NULL, NULL));
    size_t n_tail_bins = 0;
    while (n_tail_bins < TAIL_BINS_MAX &&
           (double)fit->n_tail * probability_at(fit, at_xmin, n_tail_bins) > expected_min)
        n_tail_bins++;

    const size_t room = h->n_distinct + n_tail_bins;
    sg_tail_sampler s = {.h = h,
                         .fit = *fit,
                         .p_tail = (double)fit->n_tail / (double)h->n,
                         .value = SG_NEW_ARRAY(uint64_t, room),
                         .log_value = SG_NEW_ARRAY(double, room),
                         .share = SG_NEW_ARRAY(double, room)};
    if (!s.value || !s.log_value || !s.share) {
        sg_tail_sampler_free(&s);
        return sg_fail_memory(err, "preparing the bootstrap");
    }
    add_body(&s);
    add_tail(&s, at_xmin, n_tail_bins);
    *ret = s;
    return SG_OK;
}

size_t sg_tail_sampler_room(const sg_tail_sampler *s)
{
    return s->n_bins + s->h->n;
}

/*
 * Returns the largest x of at least low with P(X >= x) > u: guesses from zeta(alpha, x) ~ (x -
 * 1/2)^(1 - alpha) / (alpha - 1), then brackets and halves.
 */
static double draw_far(const sg_tail_fit *fit, double low, double at_low, double u)
{
    const double guess = 0.5 + (low - 0.5) * pow(u / at_low, -1.0 / (fit->alpha - 1.0));
    if (!(guess < value_limit))
        return value_limit;
    double x = fmax(floor(guess), low);
    /* Past 10^6 the guess is wrong by less than rounding, for any alpha that gets there. */
    if (x > 1e6)
        return x;

    double high = x + 1.0;
    double stride = 1.0;
    while (x > low && survival_at(fit, x) <= u) {
        high = x;
        x = fmax(x - stride, low);
        stride *= 2.0;
    }
    stride = 1.0;
    while (survival_at(fit, high) > u) {
        x = high;
        high += stride;
        stride *= 2.0;
    }
    while (high - x > 1.0) {
        const double middle = floor(0.5 * (x + high));
        if (survival_at(fit, middle) > u)
            x = middle;
        else
            high = middle;
    }
    return x;
}

/* Draws `left` values beyond the bins, in ascending order: the order statistics of uniform numbers
 * follow one from another. */
static void draw_rest(const sg_tail_sampler *s, size_t first_value, size_t left, sg_random *random,
                      sg_tail_histogram *ret)
{
    const double low = (double)s->fit.xmin + (double)first_value;
    const double at_low = s->rest;
    double u = s->rest;
    double x = low;

    for (; left > 0; left--) {
        u *= pow(1.0 - sg_random_unit(random), 1.0 / (double)left);
        x = fmax(x, draw_far(&s->fit, low, at_low, u)); /* rounding may not turn the order */
        const uint64_t value = (uint64_t)x;
        if (ret->n_distinct > 0 && ret->value[ret->n_distinct - 1] == value) {
            ret->count[ret->n_distinct - 1]++;
            ret->n++; /* n_below of the next follows from it */
        } else {
            sg_tail_histogram_append(ret, value, log(x), 1);
        }
    }
}

/* Draws the bins from `first` up to `end`, and returns how many values are left. */
static size_t draw_bins(const sg_tail_sampler *s, size_t first, size_t end, size_t left,
                        sg_random *random, sg_tail_histogram *ret)
{
    for (size_t k = first; k < end && left > 0; k++) {
        const size_t count = (size_t)sg_binomial(random, left, s->share[k]);
        if (count > 0)
            sg_tail_histogram_append(ret, s->value[k], s->log_value[k], count);
        left -= count;
    }
    return left;
}

void sg_tail_replicate(const sg_tail_sampler *s, sg_random *random, sg_tail_histogram *ret)
{
    const size_t n_tail = (size_t)sg_binomial(random, s->h->n, s->p_tail);

    ret->n_distinct = 0;
    ret->n = 0;
    (void)draw_bins(s, 0, s->n_body_bins, s->h->n - n_tail, random, ret);
    const size_t left = draw_bins(s, s->n_body_bins, s->n_bins, n_tail, random, ret);
    draw_rest(s, s->n_bins - s->n_body_bins, left, random, ret);
}
