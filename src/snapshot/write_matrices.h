/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_WRITE_MATRICES_H
#define SG_SNAPSHOT_WRITE_MATRICES_H

/* The formats that hold one matrix a file. */

#include "base/file.h"
#include "snapshot/write_out.h"
#include "sparsegraph/snapshot.h"
#include <stdbool.h>

/* scipy.sparse.save_npz() of a csr_matrix: f32 values, 1 where the link has none; indices of 32
 * bits where they fit, else of 64. The caller commits the writer. */
sg_status sg_write_npz(const sg_csr *m, bool absolute, sg_writer *w, sg_error *err) SG_CHECKED;

/* Matrix Market, coordinates; the comments say what rows and columns are. */
void sg_write_matrix_market(const sg_snapshot *s, const sg_link *link, bool absolute, sg_out *o);

#endif
