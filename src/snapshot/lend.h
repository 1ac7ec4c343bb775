/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_LEND_H
#define SG_SNAPSHOT_LEND_H

/*
 * Snapshots whose arrays belong to somebody else, or come and go without a copy: what writing and
 * reading the state of a network of 10^9 links can afford.
 *
 * What is lent must outlive the snapshot unchanged. Checks and errors are those of
 * sparsegraph/snapshot.h.
 */

#include "base/status.h"
#include "sparsegraph/snapshot.h"

/* Appends a layer whose bias, a link whose matrix, an extra tensor whose values stay the caller's.
 */
sg_status sg_snapshot_lend_layer(sg_snapshot *s, const sg_layer *layer, sg_error *err) SG_CHECKED;
sg_status sg_snapshot_lend_link(sg_snapshot *s, const char *name, size_t from, size_t to,
                                const sg_csr *matrix, sg_error *err) SG_CHECKED;
sg_status sg_snapshot_lend_tensor(sg_snapshot *s, const sg_tensor *tensor,
                                  sg_error *err) SG_CHECKED;

/* Appends an extra tensor with `value` in the place of tensor->value, and takes it over (sg_free)
 * on success only. */
sg_status sg_snapshot_give_tensor(sg_snapshot *s, const sg_tensor *tensor, float *value,
                                  sg_error *err) SG_CHECKED;

/*
 * Hands the matrix of link i, or the values of tensor i, over to the caller, who frees them; NULL
 * where they are lent. The snapshot may then only be asked for other parts, and freed.
 */
sg_csr *sg_snapshot_take_matrix(sg_snapshot *s, size_t i);
float *sg_snapshot_take_values(sg_snapshot *s, size_t i);

#endif
