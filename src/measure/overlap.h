/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_OVERLAP_H
#define SG_MEASURE_OVERLAP_H

/*
 * How many partners each two neurons of one side of a link share, and what follows from it: one
 * pass for all. N(u) are the partners of u on the other side, d(u) their number.
 */

#include "base/status.h"
#include "sparsegraph/measure.h"

/* |N(u) and N(v)| relative to |N(u) or N(v)|, to the smaller and to the larger of d(u), d(v). */
typedef enum sg_latapy {
    SG_LATAPY_DOT = 0,
    SG_LATAPY_MIN,
    SG_LATAPY_MAX,
    SG_N_LATAPY,
} sg_latapy;

typedef struct sg_overlap {
    double butterflies; /* sum over pairs of C(shared, 2); exact up to 2^53 */

    /*
     * The mean over the neurons of the side of the mean over those with which one shares a partner;
     * a neuron that shares none counts 0, as in NetworkX.
     */
    double latapy[SG_N_LATAPY];

    /* Sum over pairs of different degree, neither 0, of shared / smaller degree. */
    double nested;
} sg_overlap;

/*
 * Counts the overlaps of all pairs on a side of m.
 *
 * Adds up wedges (paths of two connections; sg_wedges() of them), or intersects rows of bits where
 * that is less work: O(min(wedges, n^2 m / 64)), memory O(M + n) more. SG_ENOMEM.
 */
sg_status sg_overlap_count(const sg_csr *m, sg_side side, sg_overlap *ret,
                           sg_error *err) SG_CHECKED;

/* Counts the butterflies alone, in about half the time; the side decides how fast, not how many.
 * SG_ENOMEM. */
sg_status sg_butterflies_count(const sg_csr *m, sg_side side, double *ret,
                               sg_error *err) SG_CHECKED;

/* Returns the pairs of connections that neurons of a side have through a common partner: the sum of
 * C(d, 2) over the other side. `degree` (n) are the degrees of that other side. */
double sg_wedges(const uint64_t *degree, size_t n);

#endif
