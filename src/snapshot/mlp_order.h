/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_MLP_ORDER_H
#define SG_SNAPSHOT_MLP_ORDER_H

/* In which order the 2-D weights of a file make the layers of an MLP. */

#include "base/status.h"
#include "snapshot/safetensors.h"
#include <stdbool.h>
#include <stddef.h>

/* One weight matrix (n_out, n_in) of a file. */
typedef struct sg_dense_weight {
    const sg_stored *value;
    const sg_stored *mask; /* of torch.nn.utils.prune, or NULL */
    size_t n_out;
    size_t n_in;
} sg_dense_weight;

/* Compares names so that runs of digits count as numbers: "fc2" before "fc10". <0, 0, >0. */
int sg_natural_compare(const char *a, const char *b);

/*
 * Sorts n weights so that each n_in equals the n_out before it: by natural order of the names where
 * that does it, else in the only order that does. SG_EUNSUPPORTED: there is none, or several.
 */
sg_status sg_mlp_order(sg_dense_weight *weights, size_t n, sg_error *err) SG_CHECKED;

#endif
