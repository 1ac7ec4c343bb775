/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tally.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void sg_tally_clear(sg_tally *h)
{
    if (!h)
        return;
    sg_free(h->value);
    sg_free(h->count);
    *h = (sg_tally){0};
}

sg_status sg_tally_make(const uint64_t *values, size_t n, sg_tally *ret, sg_error *err)
{
    SG_AUTOFREE uint64_t *sorted = n ? sg_memdup(values, n * sizeof *values) : sg_alloc(1, 8);
    if (!sorted)
        return sg_fail_memory(err, "sorting values");
    qsort(sorted, n, sizeof *sorted, ascending);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n; i++)
        n_distinct += i == 0 || sorted[i] != sorted[i - 1];

    sg_tally t = {.value = SG_NEW_ARRAY(uint64_t, n_distinct),
                  .count = SG_NEW_ARRAY(uint64_t, n_distinct)};
    if (!t.value || !t.count) {
        sg_tally_clear(&t);
        return sg_fail_memory(err, "counting values");
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            t.value[t.n++] = sorted[i];
        t.count[t.n - 1]++;
    }
    *ret = t;
    return SG_OK;
}
