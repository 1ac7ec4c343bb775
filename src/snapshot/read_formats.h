/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_READ_FORMATS_H
#define SG_SNAPSHOT_READ_FORMATS_H

/*
 * One reader a format, from a file's bytes in memory, which must outlive the arrays. All take their
 * input as hostile; their messages do not name the file. They append to the arrays and may leave
 * some behind on failure.
 */

#include "snapshot/arrays.h"
#include "sparsegraph/snapshot.h"

/* A file's bytes, and what a matrix in it that has no name is called. */
typedef struct sg_file_bytes {
    const char *bytes;
    size_t n;
    const char *name;
    uint64_t max_bytes; /* that its compressed parts may become */
} sg_file_bytes;

/* One dense array. */
sg_status sg_npy_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;

/* Dense arrays by their names, and sparse matrices as scipy.sparse.save_npz() writes them; the
 * names of a matrix's parts may begin with a name and a dot, so that a file can hold several. */
sg_status sg_npz_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;

/* A zip archive, NumPy's or PyTorch's. */
sg_status sg_zip_arrays_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;

/* What torch.save() writes: a zip archive; and what it wrote before version 1.6: pickles and raw
 * storages one behind the other. */
sg_status sg_torch_zip_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;
sg_status sg_torch_legacy_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;
bool sg_torch_legacy_is(const void *bytes, size_t n);

/* Matrix Market: coordinate or array; real, integer or pattern; general, symmetric or skew. */
sg_status sg_mtx_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;
bool sg_mtx_is(const char *text, size_t n);

/* DLMC's .smtx: sizes, row offsets and columns, no values. */
sg_status sg_smtx_read(sg_file_bytes f, sg_arrays *ret, sg_error *err) SG_CHECKED;
/* Whether a text begins as one does; name may say so too. */
bool sg_smtx_is(const char *text, size_t n, const char *name);

/* An edge list with layers: the one format here that is no chain of matrices. */
sg_status sg_snapshot_from_edges(sg_file_bytes f, sg_snapshot **ret, sg_error *err) SG_CHECKED;
/* Whether the first line of a text names the columns of one. */
bool sg_layered_edges_is(const char *text, size_t n);

#endif
