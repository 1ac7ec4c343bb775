/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_TORCH_H
#define SG_SNAPSHOT_TORCH_H

/* From the pickle of a PyTorch file and its raw storages to arrays. */

#include "snapshot/arrays.h"
#include "snapshot/pickle.h"

/* The raw values that tensors point into. */
typedef struct sg_torch_storage {
    sg_span key;
    sg_dtype dtype;
    const unsigned char *bytes; /* NULL until it is found */
    size_t n_values;
} sg_torch_storage;

/* Zero-initialise. */
typedef struct sg_torch {
    sg_pickle pickle;
    sg_torch_storage *storage; /* in the order of their keys */
    size_t n_storages;
    bool is_swapped; /* big-endian */
    size_t
        n_left; /* values that further tensors may have: they may share storages, within reason */
} sg_torch;

void sg_torch_clear(sg_torch *t);

/* Lists the storages that the pickle names, each once. */
sg_status sg_torch_list_storages(sg_torch *t, sg_error *err) SG_CHECKED;

/* Finds a storage by its key, or NULL. */
sg_torch_storage *sg_torch_find_storage(const sg_torch *t, sg_span key);

/* Makes an array of a value of the pickle; *is_tensor is false where it is none. */
sg_status sg_torch_tensor(sg_torch *t, const sg_pickle_value *value, sg_array *ret, bool *is_tensor,
                          sg_error *err) SG_CHECKED;

/*
 * Finds the dict of weights in the pickle and adds its tensors: the pickle itself, or the one in a
 * checkpoint. SG_EUNSUPPORTED: there is none, or there are several and none has a usual name.
 */
sg_status sg_torch_arrays(sg_torch *t, sg_arrays *ret, sg_error *err) SG_CHECKED;

#endif
