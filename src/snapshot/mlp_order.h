/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_MLP_ORDER_H
#define SG_SNAPSHOT_MLP_ORDER_H

/* In which order and orientation matrices make the layers of an MLP. */

#include "base/status.h"
#include "snapshot/weights.h"
#include <stdbool.h>
#include <stddef.h>

/* What is known of it beforehand. */
typedef struct sg_order_known {
    sg_orientation orientation; /* AUTO: to be found out */
    bool order;                 /* the weights stand in their order */
    bool is_torch;              /* they are (out, in), unless only (in, out) chains */
} sg_order_known;

/* Compares names so that runs of digits count as numbers: "fc2" before "fc10". <0, 0, >0. */
int sg_natural_compare(const char *a, const char *b);

/*
 * Orders n weights, which come in natural order of their names, so that each n_in equals the n_out
 * before it; of weights that are stored (in, out) the two are swapped first.
 *
 * That natural order is kept where it chains in one of the orientations. Where it chains in both,
 * the sizes of the biases decide, then that a matrix alone is (out, in), and that matrices are
 * whose names end in ".weight", as PyTorch's do. Where it chains in none, the only order that
 * chains is taken. SG_EUNSUPPORTED: there is none, or several; or nothing tells the orientation.
 */
sg_status sg_mlp_order(sg_weight *weights, size_t n, sg_order_known known, bool *is_in_out,
                       sg_error *err) SG_CHECKED;

#endif
