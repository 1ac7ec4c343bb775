/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_SAFETENSORS_H
#define SG_SNAPSHOT_SAFETENSORS_H

/*
 * The safetensors container, read as a hostile file: 8 bytes of header length N, N bytes of JSON,
 * then the tensors' bytes without holes. Only the header is kept in memory; values are read from
 * the file as they are asked for.
 *
 * Format: https://github.com/huggingface/safetensors (README, "Format").
 */

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SG_SAFETENSORS_HEADER_MAX = 100000000, /* bytes; the reference reader's cap */
    SG_SAFETENSORS_DIMS_MAX = 8,
};

typedef enum sg_dtype {
    SG_DTYPE_BOOL = 0,
    SG_DTYPE_U8,
    SG_DTYPE_I8,
    SG_DTYPE_U16,
    SG_DTYPE_I16,
    SG_DTYPE_U32,
    SG_DTYPE_I32,
    SG_DTYPE_U64,
    SG_DTYPE_I64,
    SG_DTYPE_F16,
    SG_DTYPE_BF16,
    SG_DTYPE_F32,
    SG_DTYPE_F64,
} sg_dtype;

/* Returns the format's name of a dtype, e.g. "F32". */
const char *sg_dtype_name(sg_dtype dtype);
/* Returns the bytes of one value, 1 to 8; it is also the dtype's alignment. */
size_t sg_dtype_size(sg_dtype dtype);
bool sg_dtype_is_float(sg_dtype dtype);
/* Finds a dtype by its name; false where this version does not know it. */
bool sg_dtype_find(const char *name, sg_dtype *ret);
/* Converts n values, which need not be aligned: floats and integers of any width are rounded to
 * f32, booleans become 0 and 1. */
void sg_dtype_to_f32(sg_dtype dtype, const unsigned char *from, size_t n, float *ret);

/* One tensor of a file; borrowed from it. */
typedef struct sg_stored {
    const char *name; /* free of control characters */
    sg_dtype dtype;
    size_t n_dims;
    size_t shape[SG_SAFETENSORS_DIMS_MAX];
    size_t n_values; /* the product of the shape */
    uint64_t begin;  /* of its bytes, from the end of the header */
    uint64_t end;
} sg_stored;

typedef struct sg_safetensors sg_safetensors;

/*
 * Opens a file and checks its header against the file's size. SG_ENOTFOUND, SG_EIO, SG_EFORMAT,
 * SG_EUNSUPPORTED (a dtype, more than 8 dimensions, a big-endian machine), SG_ENOMEM.
 */
sg_status sg_safetensors_open(const char *path, sg_safetensors **ret, sg_error *err) SG_CHECKED;
/* The same for a file's bytes in memory, which stay the caller's and must outlive *ret. */
sg_status sg_safetensors_open_bytes(const void *bytes, size_t n, sg_safetensors **ret,
                                    sg_error *err) SG_CHECKED;
void sg_safetensors_free(sg_safetensors *f);
SG_DEFINE_CLEANUP(sg_safetensors, sg_safetensors_free)

/*
 * Parses JSON that came with a file; SG_EUNSUPPORTED where it has more than 2^22 values, since each
 * takes some 80 bytes of memory and may take only two in the file.
 */
sg_status sg_header_json_parse(const char *text, size_t n, sg_json **ret, sg_error *err) SG_CHECKED;

/* The tensors in the order of their names, and one by its name (NULL where there is none). */
size_t sg_safetensors_count(const sg_safetensors *f);
const sg_stored *sg_safetensors_at(const sg_safetensors *f, size_t i);
const sg_stored *sg_safetensors_find(const sg_safetensors *f, const char *name);

/* The object __metadata__, whose members are all strings; NULL where there is none. */
const sg_json *sg_safetensors_meta(const sg_safetensors *f);

/* Reads n values from value number `first` on, as they are stored. */
sg_status sg_safetensors_read(const sg_safetensors *f, const sg_stored *t, size_t first, size_t n,
                              void *ret, sg_error *err) SG_CHECKED;
/* Reads n values as f32, as sg_dtype_to_f32() has it. */
sg_status sg_safetensors_read_f32(const sg_safetensors *f, const sg_stored *t, size_t first,
                                  size_t n, float *ret, sg_error *err) SG_CHECKED;

#endif
