/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_GROUP_SUM_H
#define SG_TRAIN_GROUP_SUM_H

/*
 * Sums over the groups of a batch, in the order of the groups whoever holds them: floats add up to
 * other last bits in another order, and a run's bytes must not depend on the number of ranks.
 */

#include "sparse/kernels.h"
#include "train/ranks_internal.h"

/* Writes the sum of n_groups arrays of n values, the first at `group`, each `stride` values behind
 * the one before; sum may be the first of them. */
void sg_add_groups(const sg_elementwise *each, const float *group, size_t n_groups, size_t stride,
                   size_t n, float *sum);

/* An array of which every rank holds one copy for each of its groups: (n_own, n), at least one copy
 * where it has none. */
typedef struct sg_grouped {
    float *value;
    size_t n;
} sg_grouped;

typedef struct sg_group_sum sg_group_sum;

/*
 * Buffers to sum over n_groups, of which each rank has the part sg_range_of(n_groups, rank, ranks).
 * `room`: values a round, 0 = as many as pay. SG_ENOMEM.
 */
sg_status sg_group_sum_new(sg_ranks *ranks, const sg_elementwise *each, size_t n_groups,
                           size_t room, sg_group_sum **ret, sg_error *err) SG_CHECKED;
void sg_group_sum_free(sg_group_sum *s);

/*
 * Writes the sum over all groups into the first copy of each array, the same bits on every rank.
 *
 * A rank adds up one slice of the values for all and hands the sums round. With R ranks and a group
 * on each that is 8 (R - 1) / R bytes a value that a rank sends, and as many that it receives: the
 * least there can be. Values go in rounds, so the buffers stay small however large the arrays.
 */
void sg_group_sum_run(sg_group_sum *s, const sg_grouped *array, size_t n_arrays);

#endif
