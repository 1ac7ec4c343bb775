/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_WEIGHTS_H
#define SG_SNAPSHOT_WEIGHTS_H

/* Which of a file's arrays are the weights of layers, with their masks and biases. */

#include "snapshot/arrays.h"

/* One weight matrix; the arrays are borrowed. */
typedef struct sg_weight {
    const sg_array *value;
    const sg_array *mask; /* of the same shape, or NULL */
    bool marks_pruned;    /* the mask is 1 where there is no link */
    const sg_array *bias; /* 1-D, of any size, or NULL */
    size_t n_out;         /* of the matrix as it is stored, until sg_mlp_order() may swap the two */
    size_t n_in;
} sg_weight;

/*
 * Finds the weights among sorted arrays, in their order; ret has room for all.
 *
 * SG_EFORMAT: a mask has another shape than its weight. SG_EUNSUPPORTED: an array has more than two
 * dimensions, or is 2-D and not of floats (booleans will do where nothing is of floats: they are a
 * topology), or there is no weight.
 */
sg_status sg_weights_find(const sg_arrays *a, sg_weight *ret, size_t *n, sg_error *err) SG_CHECKED;

/* Finds the mask of a dense array; *ret is NULL where there is none. */
sg_status sg_mask_find(const sg_arrays *a, const sg_array *array, const sg_array **ret,
                       bool *marks_pruned, sg_error *err) SG_CHECKED;

/*
 * Makes the matrix of a weight (shape[0], shape[1]) as it is stored: exact zeros are no links, or
 * where there is a mask, what that leaves out. SG_EFORMAT: a weight is not finite.
 */
sg_status sg_weight_matrix(const sg_weight *w, sg_csr **ret, sg_error *err) SG_CHECKED;

#endif
