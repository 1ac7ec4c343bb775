/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_ARRAYS_H
#define SG_SNAPSHOT_ARRAYS_H

/*
 * The named arrays that files hold, whatever their format: what every reader of networks from
 * elsewhere makes, and what chain.c makes a network of.
 */

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/safetensors.h"
#include "sparsegraph/snapshot.h"
#include <stdbool.h>
#include <stddef.h>

enum { SG_ARRAY_DIMS_MAX = SG_SAFETENSORS_DIMS_MAX, SG_ARRAYS_MAX = 1 << 20 };

/* One array: sparse, dense in memory, or dense in a safetensors file. */
typedef struct sg_array {
    char *name;     /* owned; free of control characters */
    size_t of_file; /* number of the file it came from, where several make one network */
    sg_dtype dtype; /* of its values */
    size_t n_dims;
    size_t shape[SG_ARRAY_DIMS_MAX];
    size_t n_values; /* the product of the shape */

    sg_csr *sparse; /* owned; (shape[0], shape[1]) as it is stored; NULL: dense */

    const unsigned char *bytes;       /* in memory: the first value, or NULL */
    size_t stride[SG_ARRAY_DIMS_MAX]; /* in values, of each dimension */
    bool is_swapped;                  /* big-endian */

    const sg_safetensors *file; /* where bytes is NULL */
    const sg_stored *stored;
} sg_array;

/* Something that lives as long as the arrays that point into it. */
typedef struct sg_kept {
    void *what;
    void (*release)(void *what);
} sg_kept;

/* Zero-initialise. */
typedef struct sg_arrays {
    sg_array *at;
    size_t n;
    size_t capacity;
    sg_kept *kept;
    size_t n_kept;
    long epoch; /* of a checkpoint; 0 where it says none, see has_epoch */
    bool has_epoch;
    bool is_torch;       /* stored (out, in) for certain, if it is a chain at all */
    const sg_json *meta; /* of a safetensors file, or NULL */
} sg_arrays;

void sg_arrays_clear(sg_arrays *a);

/* Appends an array: its name is copied, its sparse matrix taken over on success. SG_EUNSUPPORTED
 * past SG_ARRAYS_MAX. */
sg_status sg_arrays_add(sg_arrays *a, const char *name, const sg_array *array,
                        sg_error *err) SG_CHECKED;

/* Appends a sparse matrix, and takes it over, whether it succeeds or not. */
sg_status sg_arrays_add_sparse(sg_arrays *a, const char *name, sg_csr *m, sg_error *err) SG_CHECKED;

/* Takes something over, whether it succeeds or not; it is freed with the arrays. */
sg_status sg_arrays_keep(sg_arrays *a, void *what, void (*release)(void *),
                         sg_error *err) SG_CHECKED;

/* Moves all of `from` behind what *to holds, as arrays of that file. SG_ENOMEM: some stay. */
sg_status sg_arrays_move(sg_arrays *from, size_t of_file, sg_arrays *to, sg_error *err) SG_CHECKED;

/* Sorts by file and name, in natural order of names, so that sg_arrays_find() works. SG_EFORMAT:
 * two arrays of a file have one name. */
sg_status sg_arrays_sort(sg_arrays *a, sg_error *err) SG_CHECKED;

/* Finds an array of a file by its name, or NULL. */
const sg_array *sg_arrays_find(const sg_arrays *a, size_t of_file, const char *name);

/* Adds all tensors of an open file, which must outlive the arrays. */
sg_status sg_arrays_of_safetensors(const sg_safetensors *f, sg_arrays *ret,
                                   sg_error *err) SG_CHECKED;

/* Fills in the strides of an array whose values stand row by row. */
void sg_array_set_strides(sg_array *array);

/* Sets n_values from the shape; false on overflow. */
bool sg_array_count_values(sg_array *array);

/* Reads n values of a dense array as f32 from value number `first` on, in the order of rows. */
sg_status sg_array_read_f32(const sg_array *array, size_t first, size_t n, float *ret,
                            sg_error *err) SG_CHECKED;

#endif
