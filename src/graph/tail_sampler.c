/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/tail_fit.h"

#include "base/memory.h"
#include "base/zeta.h"
#include <math.h>

enum { TABLE_MAX = 4096 };

/* Nobody's degree; a double counts no further one by one. */
static const double value_limit = 9007199254740992.0;

/* P(X >= x) of the fit, x >= xmin. */
static double survival_at(const sg_tail_fit *fit, double x)
{
    const double xmin = (double)fit->xmin;

    return exp(sg_log_scaled_zeta(fit->alpha, x, NULL, NULL) -
               sg_log_scaled_zeta(fit->alpha, xmin, NULL, NULL) - fit->alpha * log(x / xmin));
}

void sg_tail_sampler_free(sg_tail_sampler *s)
{
    sg_free(s->body_ends);
    sg_free(s->survival);
    *s = (sg_tail_sampler){0};
}

sg_status sg_tail_sampler_make(const sg_tail_histogram *h, const sg_tail_fit *fit,
                               sg_tail_sampler *ret, sg_error *err)
{
    sg_tail_sampler s = {.h = h,
                         .fit = *fit,
                         .p_tail = (double)fit->n_tail / (double)h->n,
                         .body_ends = SG_NEW_ARRAY(size_t, h->n_distinct),
                         .survival = SG_NEW_ARRAY(double, TABLE_MAX)};
    if (!s.body_ends || !s.survival) {
        sg_tail_sampler_free(&s);
        return sg_fail_memory(err, "preparing the bootstrap");
    }
    while (s.n_body_distinct < h->n_distinct && h->value[s.n_body_distinct] < fit->xmin) {
        s.n_body += h->count[s.n_body_distinct];
        s.body_ends[s.n_body_distinct++] = s.n_body;
    }

    const double xmin = (double)fit->xmin;
    const double norm = exp(sg_log_scaled_zeta(fit->alpha, xmin, NULL, NULL));
    double left = 1.0;
    while (s.n_table < TABLE_MAX && left > 1e-9) {
        s.survival[s.n_table] = left;
        left -= exp(-fit->alpha * log((xmin + (double)s.n_table) / xmin)) / norm;
        s.n_table++;
    }
    *ret = s;
    return SG_OK;
}

/* The largest x >= low with survival(x) > u: doubles the bracket, then halves it. */
static uint64_t draw_far(const sg_tail_fit *fit, double low, double u)
{
    double high = 2.0 * low;
    while (high < value_limit && survival_at(fit, high) > u) {
        low = high;
        high *= 2.0;
    }
    if (high >= value_limit)
        high = value_limit;
    while (high - low > 1.0) {
        const double middle = floor(0.5 * (low + high));
        if (survival_at(fit, middle) > u)
            low = middle;
        else
            high = middle;
    }
    return (uint64_t)low;
}

/* Returns the first index whose running count exceeds `rank`. */
static size_t body_index(const sg_tail_sampler *s, size_t rank)
{
    size_t low = 0;
    size_t high = s->n_body_distinct - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->body_ends[middle] > rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint64_t sg_tail_draw(const sg_tail_sampler *s, sg_random *random)
{
    if (s->n_body > 0 && sg_random_unit(random) >= s->p_tail)
        return s->h->value[body_index(s, (size_t)sg_random_below(random, s->n_body))];

    /* X = the largest x with P(X >= x) > u, u in [0, 1) */
    const double u = sg_random_unit(random);
    size_t low = 0;
    size_t high = s->n_table;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (s->survival[middle] > u)
            low = middle;
        else
            high = middle;
    }
    if (low + 1 < s->n_table)
        return s->fit.xmin + low;
    return draw_far(&s->fit, (double)(s->fit.xmin + low), u);
}
