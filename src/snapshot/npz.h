/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_NPZ_H
#define SG_SNAPSHOT_NPZ_H

/* The members of a .npz, and the sparse matrices among them as scipy.sparse.save_npz() of
 * SciPy 1.10 writes them: format, shape, data, and indices and indptr, or row and col, or coords.
 */

#include "snapshot/npy.h"
#include "snapshot/read_formats.h"

typedef struct sg_npz_member {
    char *name; /* without ".npy" */
    sg_npy npy;
} sg_npz_member;

typedef struct sg_npz_members {
    sg_npz_member *at; /* in the order of their names */
    size_t n;
} sg_npz_members;

/* Finds a member by its name, or NULL. */
const sg_npz_member *sg_npz_find(const sg_npz_members *m, const char *name);

/* Whether a member is the "format" of a sparse matrix, alone or after a name and a dot. */
bool sg_npz_is_sparse(const sg_npz_member *member);

/* Whether a name is that of a part of a sparse matrix. SG_ENOMEM. */
sg_status sg_npz_is_part(const sg_npz_members *all, const char *name, bool *ret,
                         sg_error *err) SG_CHECKED;

/* Adds the sparse matrix whose "format" that member is. */
sg_status sg_npz_add_sparse(const sg_npz_members *all, const sg_npz_member *format, sg_file_bytes f,
                            sg_arrays *ret, sg_error *err) SG_CHECKED;

#endif
