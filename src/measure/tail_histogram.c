/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_fit.h"

#include "base/memory.h"
#include <math.h>
#include <stdlib.h>

void sg_tail_histogram_free(sg_tail_histogram *h)
{
    sg_free(h->value);
    sg_free(h->count);
    sg_free(h->n_below);
    sg_free(h->log_value);
    *h = (sg_tail_histogram){0};
}

sg_status sg_tail_histogram_reserve(size_t n_distinct, sg_tail_histogram *ret, sg_error *err)
{
    sg_tail_histogram h = {.value = SG_NEW_ARRAY(uint64_t, n_distinct),
                           .count = SG_NEW_ARRAY(size_t, n_distinct),
                           .n_below = SG_NEW_ARRAY(size_t, n_distinct),
                           .log_value = SG_NEW_ARRAY(double, n_distinct)};
    if (!h.value || !h.count || !h.n_below || !h.log_value) {
        sg_tail_histogram_free(&h);
        return sg_fail_memory(err, "counting values");
    }
    *ret = h;
    return SG_OK;
}

void sg_tail_histogram_append(sg_tail_histogram *h, uint64_t value, double log_value, size_t count)
{
    h->value[h->n_distinct] = value;
    h->log_value[h->n_distinct] = log_value;
    h->count[h->n_distinct] = count;
    h->n_below[h->n_distinct] = h->n;
    h->n += count;
    h->n_distinct++;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Counts small values at their places. */
static sg_status count_places(const uint64_t *values, size_t n, size_t max, sg_tail_histogram *ret,
                              sg_error *err)
{
    SG_AUTOFREE size_t *count = SG_NEW_ARRAY(size_t, max + 1);
    if (!count)
        return sg_fail_memory(err, "counting values");
    for (size_t i = 0; i < n; i++)
        count[values[i]]++;
    size_t n_distinct = 0;
    for (size_t x = 1; x <= max; x++)
        n_distinct += count[x] > 0;
    SG_TRY(sg_tail_histogram_reserve(n_distinct, ret, err));
    for (size_t x = 1; x <= max; x++)
        if (count[x] > 0)
            sg_tail_histogram_append(ret, x, log((double)x), count[x]);
    return SG_OK;
}

static sg_status sort_and_count(const uint64_t *values, size_t n, sg_tail_histogram *ret,
                                sg_error *err)
{
    SG_AUTOFREE uint64_t *sorted = SG_NEW_ARRAY(uint64_t, n);
    if (!sorted)
        return sg_fail_memory(err, "counting values");
    size_t n_positive = 0;
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0)
            sorted[n_positive++] = values[i];
    qsort(sorted, n_positive, sizeof *sorted, by_value);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n_positive; i++)
        n_distinct += i == 0 || sorted[i] != sorted[i - 1];

    SG_TRY(sg_tail_histogram_reserve(n_distinct, ret, err));
    for (size_t i = 0, end = 0; i < n_positive; i = end) {
        while (end < n_positive && sorted[end] == sorted[i])
            end++;
        sg_tail_histogram_append(ret, sorted[i], log((double)sorted[i]), end - i);
    }
    return SG_OK;
}

sg_status sg_tail_histogram_make(const uint64_t *values, size_t n, sg_tail_histogram *ret,
                                 sg_error *err)
{
    uint64_t max = 0;
    for (size_t i = 0; i < n; i++) {
        if (values[i] > (uint64_t)1 << 53)
            return sg_fail(err, SG_EINVAL, "value %zu lies above 2^53, where reals skip integers",
                           i);
        max = values[i] > max ? values[i] : max;
    }
    /* Degrees are small beside their number: no sorting then. */
    return max <= 4 * n ? count_places(values, n, (size_t)max, ret, err)
                        : sort_and_count(values, n, ret, err);
}
