/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_ASSIGNMENT_H
#define SG_MEASURE_ASSIGNMENT_H

/* The linear assignment problem: each row gets one column of its own, at the least total cost. */

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/*
 * Solves it exactly for a square matrix of costs, (n, n) row-major, whole multiples of 2^-24 in
 * [0, 1], so that sums and differences of them are exact; among solutions of equal cost, row i is
 * the likelier to get column i. n is at most 2^28.
 *
 * Shortest augmenting paths after a reduction of the rows: Jonker & Volgenant, Computing 38:325
 * (1987), doi:10.1007/BF02278710; here the diagonal is tried first, since networks of neighbouring
 * epochs differ little, and the reduction by augmenting rows stops after 4 n steps. O(n^3).
 */
sg_status sg_assign(const float *cost, size_t n, uint32_t *column_of_row, sg_error *err) SG_CHECKED;

/* Rounds a cost in [0, 1] to what sg_assign() takes. */
static inline float sg_assignable(float cost)
{
    return (float)(uint32_t)(cost * 0x1p24F + 0.5F) * 0x1p-24F;
}

#endif
