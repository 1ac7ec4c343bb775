/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/powerlaw_fit.h"

#include "base/random.h"
#include "measure/hzeta.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_MAX = 4096 /* values whose tail share is looked up; larger ones are searched for */ };

/* Doubles above stop being exact integers; a tail this heavy has no mean either. */
static const double value_max = 9007199254740992.0;

/* A sample in the making, as counts: body by index, tail by distance from xmin, the far tail as a
 * list. */
typedef struct sampler {
    const sg_histogram *h;
    const sg_tail_fit *fit;
    uint64_t n;           /* values of a sample */
    uint64_t n_body;      /* observed values below xmin */
    uint64_t *cumulative; /* (first + 1) observed values below value[i] */
    size_t n_table;
    double *survival;      /* (n_table + 1) share of the tail at or above xmin + i */
    uint64_t *body_count;  /* (first) */
    uint64_t *table_count; /* (n_table) */
    uint64_t *far;         /* (n) */
    size_t n_far;
    sg_histogram sample; /* room for first + n_table + n values */
} sampler;

static void sampler_clear(sampler *s)
{
    sg_free(s->cumulative);
    sg_free(s->survival);
    sg_free(s->body_count);
    sg_free(s->table_count);
    sg_free(s->far);
    sg_histogram_clear(&s->sample);
}

/* Share of the fitted tail at or above x. */
static double survival_at(const sg_tail_fit *fit, double x)
{
    return exp(sg_log_hzeta(fit->alpha, x) - sg_log_hzeta(fit->alpha, (double)fit->xmin));
}

static sg_status sampler_open(sampler *s, sg_error *err)
{
    const size_t first = s->fit->first;
    for (size_t i = 0; i < s->h->n; i++)
        s->n += s->h->count[i];
    s->n_body = s->n - s->fit->n_tail;
    const uint64_t span = s->h->value[s->h->n - 1] - s->fit->xmin;
    s->n_table = span < TABLE_MAX / 2 ? (size_t)span * 2 + 16 : TABLE_MAX;
    s->cumulative = SG_NEW_ARRAY(uint64_t, first + 1);
    s->survival = SG_NEW_ARRAY(double, s->n_table + 1);
    s->body_count = SG_NEW_ARRAY(uint64_t, first);
    s->table_count = SG_NEW_ARRAY(uint64_t, s->n_table);
    s->far = SG_NEW_ARRAY(uint64_t, s->n);
    s->sample.value = SG_NEW_ARRAY(uint64_t, first + s->n_table + s->n);
    s->sample.count = SG_NEW_ARRAY(uint64_t, first + s->n_table + s->n);
    if (!s->cumulative || !s->survival || !s->body_count || !s->table_count || !s->far ||
        !s->sample.value || !s->sample.count)
        return sg_fail_memory(err, "for the bootstrap of a power law");
    for (size_t i = 0; i < first; i++)
        s->cumulative[i + 1] = s->cumulative[i] + s->h->count[i];
    for (size_t i = 0; i <= s->n_table; i++)
        s->survival[i] = survival_at(s->fit, (double)(s->fit->xmin + i));
    return SG_OK;
}

/* Finds the value beyond the table whose tail share first falls to u or below, less one. */
static uint64_t far_value(const sampler *s, double u)
{
    double low = (double)(s->fit->xmin + s->n_table); /* survival above u */
    double high = low * 2;
    while (high < value_max && survival_at(s->fit, high) > u) {
        low = high;
        high *= 2;
    }
    high = fmin(high, value_max);
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        if (survival_at(s->fit, middle) > u)
            low = middle;
        else
            high = middle;
    }
    return (uint64_t)low;
}

static void draw_tail(sampler *s, double u)
{
    if (s->survival[s->n_table] > u) {
        s->far[s->n_far++] = far_value(s, u);
        return;
    }
    size_t low = 0; /* survival[low] > u >= survival[high] */
    size_t high = s->n_table;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (s->survival[middle] > u)
            low = middle;
        else
            high = middle;
    }
    s->table_count[low]++;
}

static void draw_body(sampler *s, uint64_t which)
{
    size_t low = 0; /* cumulative[low] <= which < cumulative[high] */
    size_t high = s->fit->first;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (s->cumulative[middle] <= which)
            low = middle;
        else
            high = middle;
    }
    s->body_count[low]++;
}

static void put(sg_histogram *h, uint64_t value, uint64_t count)
{
    if (count == 0)
        return;
    if (h->n > 0 && h->value[h->n - 1] == value) {
        h->count[h->n - 1] += count;
        return;
    }
    h->value[h->n] = value;
    h->count[h->n++] = count;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void draw_sample(sampler *s, sg_random *random)
{
    const size_t first = s->fit->first;
    memset(s->body_count, 0, first * sizeof *s->body_count);
    memset(s->table_count, 0, s->n_table * sizeof *s->table_count);
    s->n_far = 0;
    s->sample.n = 0;
    for (uint64_t i = 0; i < s->n; i++) {
        const uint64_t which = sg_random_below(random, s->n);
        if (which < s->n_body)
            draw_body(s, which);
        else
            draw_tail(s, sg_random_unit(random));
    }
    for (size_t i = 0; i < first; i++)
        put(&s->sample, s->h->value[i], s->body_count[i]);
    for (size_t i = 0; i < s->n_table; i++)
        put(&s->sample, s->fit->xmin + i, s->table_count[i]);
    qsort(s->far, s->n_far, sizeof *s->far, ascending);
    for (size_t i = 0; i < s->n_far; i++)
        put(&s->sample, s->far[i], 1);
}

sg_status sg_tail_bootstrap(const sg_histogram *h, const sg_tail_fit *fit, size_t n_replicates,
                            uint64_t seed, double *ret, sg_error *err)
{
    SG_CLEANUP(sampler_clear) sampler s = {.h = h, .fit = fit};
    SG_TRY(sampler_open(&s, err));
    size_t n_farther = 0;
    for (size_t i = 0; i < n_replicates; i++) {
        sg_random random;
        sg_random_open(&random, seed, SG_RANDOM_BOOTSTRAP, 0, (uint32_t)i);
        draw_sample(&s, &random);
        sg_tail_fit again;
        SG_TRY(sg_tail_fit_make(&s.sample, &again, err));
        n_farther += again.found && again.ks_d >= fit->ks_d;
    }
    *ret = n_replicates ? (double)n_farther / (double)n_replicates : NAN;
    return SG_OK;
}
