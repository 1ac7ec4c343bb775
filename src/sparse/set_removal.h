/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SPARSE_SET_REMOVAL_H
#define SG_SPARSE_SET_REMOVAL_H

#include "sparsegraph/error.h"
#include <stdbool.h>
#include <stddef.h>

/* How many links went, by the sign of their weight. */
typedef struct sg_set_removal {
    size_t positive;
    size_t negative;
    size_t zero;
} sg_set_removal;

/*
 * Chooses which links survive the removal half of one SET step.
 *
 * Removes the floor(zeta * n_pos) smallest positive weights, the floor(zeta * n_neg) negative
 * weights closest to zero, and every exact zero. Ties go to the lower index, so the result depends
 * on the weights alone.
 *
 * w     (n) finite weights
 * keep  (n) true where the link survives; the caller's buffer
 * ret   how many were removed, by sign; may be NULL
 *
 * SG_EINVAL: zeta outside [0, 1], or a weight that is not finite. SG_ENOMEM. On failure the outputs
 * are untouched. Linear: the thresholds are found by radix selection. Thread-safe.
 *
 * Source: Mocanu et al., Nat. Commun. 9:2383 (2018), doi:10.1038/s41467-018-04316-3. The authors'
 * code takes the thresholds from the sorted weights and compares by value, so it may remove more on
 * ties.
 */
sg_status sg_set_removal_mask(const float *w, size_t n, double zeta, bool *keep,
                              sg_set_removal *ret, sg_error *err)
    __attribute__((warn_unused_result));

#endif
