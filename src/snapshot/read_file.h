/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_READ_FILE_H
#define SG_SNAPSHOT_READ_FILE_H

/* Which format a file has, told by its content before its name, and its reading. */

#include "snapshot/read_formats.h"

typedef enum sg_file_kind {
    SG_FILE_OTHER = 0,     /* an edge list of LAYER:NUMBER, if it is anything */
    SG_FILE_LAYERED_EDGES, /* one that names its columns */
    SG_FILE_SAFETENSORS,
    SG_FILE_NPY,
    SG_FILE_ZIP, /* .npz or PyTorch */
    SG_FILE_TORCH_LEGACY,
    SG_FILE_MTX,
    SG_FILE_SMTX,
} sg_file_kind;

/* Tells from the first bytes of a file, unpacked, and from its name. */
sg_file_kind sg_file_kind_tell(const char *bytes, size_t n, const char *name);

/* The same for a file on disk as it is, packed or not. SG_ENOTFOUND, SG_EIO; SG_EINVAL where it is
 * no regular file. */
sg_status sg_file_kind_open(const char *path, sg_file_kind *ret, sg_error *err) SG_CHECKED;

/* Reads a whole file, through gzip; *owned is what to free. */
sg_status sg_file_bytes_read(const char *path, uint64_t max_bytes, sg_file_bytes *ret, char **owned,
                             sg_error *err) SG_CHECKED;

/* Reads a network of any format from memory; messages do not name the file. */
sg_status sg_snapshot_from_bytes(sg_file_bytes f, sg_orientation orientation, sg_snapshot **ret,
                                 sg_error *err) SG_CHECKED;

/* Reads one file that is there under that very name. */
sg_status sg_snapshot_read_one(const char *path, const sg_snapshot_read_params *params,
                               sg_snapshot **ret, sg_error *err) SG_CHECKED;

/* Reads the arrays of one file of several, named FILE:ARRAY. Our own snapshots, and edge lists,
 * give a sparse matrix a link. */
sg_status sg_arrays_read_file(const char *path, uint64_t max_bytes, sg_arrays *ret,
                              sg_error *err) SG_CHECKED;

#endif
