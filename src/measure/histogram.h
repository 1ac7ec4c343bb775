/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_HISTOGRAM_H
#define SG_MEASURE_HISTOGRAM_H

/* How often each value occurs. */

#include "base/memory.h"
#include "base/status.h"
#include <stdint.h>

typedef struct sg_histogram {
    size_t n;        /* distinct values */
    uint64_t *value; /* (n) ascending */
    uint64_t *count; /* (n) each at least 1 */
} sg_histogram;

/* Counts n values in O(n log n); the arrays belong to *ret. */
sg_status sg_histogram_of(const uint64_t *values, size_t n, sg_histogram *ret,
                          sg_error *err) SG_CHECKED;
/* Frees the arrays and empties h; NULL is allowed. */
void sg_histogram_clear(sg_histogram *h);

#endif
