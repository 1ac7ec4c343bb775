/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_READ_H
#define SG_SNAPSHOT_READ_H

/* From an open file, or from the arrays in one, to a network. Messages do not name the file. */

#include "snapshot/arrays.h"
#include "snapshot/mlp_order.h"
#include "snapshot/safetensors.h"
#include "sparsegraph/snapshot.h"

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

/* Whether an open file says that it is one of ours. */
bool sg_safetensors_is_native(const sg_safetensors *f);

/* Reads a network of our own, or weights from elsewhere. */
sg_status sg_snapshot_from_safetensors(const sg_safetensors *f, sg_orientation orientation,
                                       sg_snapshot **ret, sg_error *err) SG_CHECKED;

/* Reads a network of sparsegraph's own format. */
sg_status sg_snapshot_from_native(const sg_safetensors *f, sg_snapshot **ret,
                                  sg_error *err) SG_CHECKED;

/*
 * Makes an MLP of the 2-D arrays among sorted ones, and of the vectors that are their biases.
 *
 * Exact zeros of dense arrays are absent links; masks tell otherwise. The layers are named input,
 * hidden1, ..., output; the metadata entry "tensor.LINK" tells each link's array.
 */
sg_status sg_snapshot_from_arrays(const sg_arrays *a, sg_order_known known, sg_snapshot **ret,
                                  sg_error *err) SG_CHECKED;

/* Gives an input of 784 neurons the shape {28, 28}. */
void sg_layer_guess_shape(sg_layer *input);

/* What a part's own complaint about a file's content becomes: SG_EINVAL is SG_EFORMAT here. */
sg_status sg_blame_content(sg_status status, sg_error *err) SG_CHECKED;

#endif
