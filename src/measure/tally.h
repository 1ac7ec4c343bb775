/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_TALLY_H
#define SG_MEASURE_TALLY_H

/* How often each value occurs. */

#include "base/memory.h"
#include "base/status.h"
#include <stdint.h>

typedef struct sg_tally {
    size_t n;        /* distinct values */
    uint64_t *value; /* (n) ascending */
    uint64_t *count; /* (n) each at least 1 */
} sg_tally;

/* Counts n values in O(n log n); the arrays belong to *ret. */
sg_status sg_tally_make(const uint64_t *values, size_t n, sg_tally *ret, sg_error *err) SG_CHECKED;
/* Frees the arrays and empties h; NULL is allowed. */
void sg_tally_clear(sg_tally *h);

#endif
