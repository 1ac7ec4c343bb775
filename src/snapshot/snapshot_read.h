/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_READ_H
#define SG_SNAPSHOT_READ_H

/* The two kinds of network that a safetensors file may hold. */

#include "snapshot/safetensors.h"
#include "sparsegraph/snapshot.h"

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

/* Reads either kind from an open file; messages do not name the file. */
sg_status sg_snapshot_from_safetensors(const sg_safetensors *f, sg_snapshot **ret,
                                       sg_error *err) SG_CHECKED;

/* Reads a network of sparsegraph's own format. */
sg_status sg_snapshot_from_native(const sg_safetensors *f, sg_snapshot **ret,
                                  sg_error *err) SG_CHECKED;

/*
 * Reads dense 2-D weights (out, in), as PyTorch stores its linear layers, as an MLP.
 *
 * Exact zeros are absent links; where torch.nn.utils.prune left NAME_orig and NAME_mask, the links
 * are where the mask is not 0. The layers are named input, hidden1, ..., output; the metadata entry
 * "tensor.LINK" tells each link's tensor.
 */
sg_status sg_snapshot_from_dense(const sg_safetensors *f, sg_snapshot **ret,
                                 sg_error *err) SG_CHECKED;

/* What a part's own complaint about a file's content becomes: SG_EINVAL is SG_EFORMAT here. */
sg_status sg_blame_content(sg_status status, sg_error *err) SG_CHECKED;

#endif
