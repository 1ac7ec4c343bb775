/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/real_tail.h"

#include "base/memory.h"
#include "measure/binomial.h"
#include <math.h>
#include <string.h>

/* Points looked at before all are: most xmin show there that they cannot win. */
enum { N_PROBES = 16, PROBED_TAIL = 32 };

/* How many xmin, evenly spread, are tried in full first: they give a bound for the rest. */
enum { N_SCOUTS = 64 };

void sg_real_sample_free(sg_real_sample *s)
{
    sg_free(s->log_value);
    sg_free(s->sum_log);
    *s = (sg_real_sample){0};
}

sg_status sg_real_sample_reserve(size_t n, sg_real_sample *ret, sg_error *err)
{
    sg_real_sample s = {
        .n = n, .log_value = SG_NEW_ARRAY(double, n), .sum_log = SG_NEW_ARRAY(double, n)};
    if (!s.log_value || !s.sum_log) {
        sg_real_sample_free(&s);
        return sg_fail_memory(err, "sorting values");
    }
    *ret = s;
    return SG_OK;
}

void sg_real_sample_sum(sg_real_sample *s)
{
    double sum = 0.0;
    for (size_t i = s->n; i-- > 0;) {
        sum += s->log_value[i];
        s->sum_log[i] = sum;
    }
}

/* One xmin tried. */
typedef struct candidate {
    const sg_real_sample *s;
    size_t first;
    size_t n_tail;
    double mean_log;
    double slope; /* 1 - alpha */
} candidate;

/* False where rounding leaves nothing to fit. */
static bool solve(const sg_real_sample *s, size_t first, candidate *ret)
{
    const size_t n_tail = s->n - first;
    const double mean_log = s->sum_log[first] / (double)n_tail - s->log_value[first];

    *ret = (candidate){
        .s = s, .first = first, .n_tail = n_tail, .mean_log = mean_log, .slope = -1.0 / mean_log};
    return mean_log > 0.0;
}

static double distance_at(const candidate *c, size_t j)
{
    const double *log_value = c->s->log_value;
    const double share = (double)(j - c->first) / (double)c->n_tail;

    return fabs(1.0 - exp(c->slope * (log_value[j] - log_value[c->first])) - share);
}

/*
 * The distance of an xmin, or anything above `limit` where it is above. `*witness` is the place, in
 * steps from the largest value, where the last xmin showed it: its neighbour mostly shows it there,
 * too.
 */
static double distance(const candidate *c, double limit, size_t *witness)
{
    const size_t n = c->s->n;
    if (*witness > 0 && *witness <= c->n_tail) {
        const double d = distance_at(c, n - *witness);
        if (d > limit)
            return d;
    }
    for (size_t k = 1; k < N_PROBES && c->n_tail > PROBED_TAIL; k++) {
        const size_t j = c->first + k * c->n_tail / N_PROBES;
        const double d = distance_at(c, j);
        if (d > limit) {
            *witness = n - j;
            return d;
        }
    }
    double largest = 0.0;
    for (size_t j = c->first; j < n; j++) {
        const double d = distance_at(c, j);
        if (d > largest)
            largest = d;
        if (d > limit) {
            *witness = n - j;
            break;
        }
    }
    return largest;
}

/* The first index of the distinct value after that at `first`. */
static size_t next_distinct(const sg_real_sample *s, size_t first)
{
    size_t next = first + 1;
    while (next < s->n && s->log_value[next] == s->log_value[first])
        next++;
    return next;
}

static size_t first_of_equals(const sg_real_sample *s, size_t index)
{
    while (index > 0 && s->log_value[index - 1] == s->log_value[index])
        index--;
    return index;
}

static void try_xmin(const sg_real_sample *s, size_t first, size_t *witness, sg_real_fit *best)
{
    candidate c;
    if (!solve(s, first, &c))
        return;
    const double d = distance(&c, best->ks_d, witness);
    /* of equals, the longest tail */
    if (d < best->ks_d || (d == best->ks_d && first < best->first))
        *best = (sg_real_fit){.alpha = 1.0 - c.slope,
                              .first = first,
                              .n_tail = c.n_tail,
                              .mean_log = c.mean_log,
                              .ks_d = d};
}

void sg_real_fit_sample(const sg_real_sample *s, sg_real_fit *ret)
{
    sg_real_fit best = {.alpha = NAN, .mean_log = NAN, .ks_d = INFINITY};
    size_t witness = 0;
    if (s->n > 0) {
        const double largest = s->log_value[s->n - 1];
        for (size_t k = 0; k < N_SCOUTS; k++) {
            const size_t first = first_of_equals(s, k * s->n / N_SCOUTS);
            if (s->log_value[first] < largest)
                try_xmin(s, first, &witness, &best);
        }
        for (size_t i = 0; s->log_value[i] < largest; i = next_distinct(s, i))
            try_xmin(s, i, &witness, &best);
    }
    *ret = best;
}

static bool is_closer(const sg_real_sample *s, size_t first, double ks_d, size_t *witness)
{
    candidate c;
    return solve(s, first, &c) && distance(&c, ks_d, witness) < ks_d;
}

bool sg_real_fits_closer(const sg_real_sample *s, double ks_d, size_t likely)
{
    size_t witness = 0;
    const double largest = s->log_value[s->n - 1];

    if (likely < s->n && s->log_value[likely] < largest &&
        is_closer(s, first_of_equals(s, likely), ks_d, &witness))
        return true;
    for (size_t i = 0; s->log_value[i] < largest; i = next_distinct(s, i))
        if (is_closer(s, i, ks_d, &witness))
            return true;
    return false;
}

void sg_real_fit_from(const sg_real_sample *s, size_t first, sg_real_fit *ret)
{
    sg_real_fit fit = {.alpha = NAN, .mean_log = NAN, .ks_d = INFINITY};
    size_t witness = 0;
    if (first < s->n && s->log_value[first] < s->log_value[s->n - 1])
        try_xmin(s, first, &witness, &fit);
    *ret = fit;
}

bool sg_real_fits_closer_from(const sg_real_sample *s, double ks_d, size_t first)
{
    size_t witness = 0;
    return first < s->n && s->log_value[first] < s->log_value[s->n - 1] &&
           is_closer(s, first, ks_d, &witness);
}

/* Draws n of the body's values, in order. */
static void draw_body(const sg_real_sample *s, size_t n_body, size_t n, sg_random *random,
                      size_t *body_count, double *ret)
{
    memset(body_count, 0, n_body * sizeof *body_count);
    for (size_t i = 0; i < n; i++)
        body_count[sg_random_below(random, n_body)]++;
    for (size_t k = 0; k < n_body; k++)
        for (size_t i = 0; i < body_count[k]; i++)
            *ret++ = s->log_value[k];
}

size_t sg_real_replicate(const sg_real_sample *s, const sg_real_fit *fit, sg_random *random,
                         size_t *body_count, sg_real_sample *ret)
{
    const size_t n_tail = (size_t)sg_binomial(random, s->n, (double)fit->n_tail / (double)s->n);
    const size_t n_body = s->n - n_tail;
    if (n_body > 0)
        draw_body(s, fit->first, n_body, random, body_count, ret->log_value);

    /* The gaps of sorted exponential numbers are exponential, too: with mean 1 / (how many are
     * left) (Rényi, Acta Math. Acad. Sci. Hung. 4:191 (1953), doi:10.1007/BF02127580). */
    const double scale = 1.0 / (fit->alpha - 1.0);
    double log_x = s->log_value[fit->first];
    for (size_t i = n_body; i < s->n; i++) {
        log_x -= scale * log1p(-sg_random_unit(random)) / (double)(s->n - i);
        ret->log_value[i] = log_x;
    }
    sg_real_sample_sum(ret);
    return n_body;
}
