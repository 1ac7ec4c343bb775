/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_NULL_BAND_H
#define SG_REPORT_NULL_BAND_H

/* Where the degree distributions of random links lie that have the shape and the number of
 * connections of a given one. */

#include "base/memory.h"
#include "sparsegraph/csr.h"
#include "sparsegraph/measure.h"

typedef struct sg_null_band {
    size_t n;
    double *k;          /* (n) degrees, ascending by 1, from the last that all neurons have */
    double *low, *high; /* (n) the 2.5 % and 97.5 % quantiles (type 7) of P(K >= k), point by point
                         */
} sg_null_band;

void sg_null_band_clear(sg_null_band *b); /* zeroed is fine */

typedef struct sg_null_band_how {
    size_t n_nulls; /* at least 1 */
    uint64_t seed;
    uint32_t link; /* keys the random stream */
} sg_null_band_how;

/* Draws n_nulls links with exactly as many connections, uniformly over all such choices, and
 * orders their distributions at each degree. A full link, or an
 * empty one, has no other arrangement: n is 0. SG_ENOMEM. O(n_nulls (connections + neurons)). */
sg_status sg_null_band_draw(const sg_csr *m, sg_side side, const sg_null_band_how *how,
                            sg_null_band *ret, sg_error *err) SG_CHECKED;

#endif
