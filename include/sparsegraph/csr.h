/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_CSR_H
#define SPARSEGRAPH_CSR_H

/** @file csr.h  A compressed sparse matrix: rows receive (out), columns send (in), as in PyTorch.
 */

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SG_BEGIN_DECLS

/**
 * A sparse matrix (n_rows, n_cols) in compressed row form, plain data.
 *
 * Invariants, checked by sg_csr_check(): row_start has n_rows + 1 ascending
 * entries from 0 to n_links; in each row the columns ascend strictly and stay
 * below n_cols; values are finite. `value` may be NULL: topology alone, every
 * link then counts as weight 1.
 */
typedef struct sg_csr {
    size_t n_rows;       /**< neurons that receive */
    size_t n_cols;       /**< neurons that send, at most 2^32 - 1 */
    size_t n_links;      /**< stored links, zeros included */
    uint64_t *row_start; /**< (n_rows + 1) */
    uint32_t *col;       /**< (n_links) */
    float *value;        /**< (n_links), or NULL */
} sg_csr;

/**
 * Allocates a matrix with room for n_links; row_start is zeroed, the rest is not.
 *
 * @param with_values  whether `value` is allocated.
 * @param[out] ret     the matrix; the caller frees it with sg_csr_free().
 * @retval SG_EINVAL   n_cols above 2^32 - 1, or n_links above n_rows * n_cols.
 * @retval SG_ENOMEM   no memory.
 */
SG_API SG_CHECKED sg_status sg_csr_new(size_t n_rows, size_t n_cols, size_t n_links,
                                       bool with_values, sg_csr **ret, sg_error *err);

/** Frees a matrix and its arrays; NULL is allowed. */
SG_API void sg_csr_free(sg_csr *m);

/** Copies a matrix. @retval SG_ENOMEM no memory. */
SG_API SG_CHECKED sg_status sg_csr_copy(const sg_csr *m, sg_csr **ret, sg_error *err);

/** Checks the invariants of sg_csr in O(n_rows + n_links). @retval SG_EFORMAT one is broken; the
 * message says which. */
SG_API SG_CHECKED sg_status sg_csr_check(const sg_csr *m, sg_error *err);

/** Returns n_links / (n_rows * n_cols), dimensionless; 0 for an empty matrix. */
SG_API double sg_csr_density(const sg_csr *m);

/**
 * Transposes in O(n_rows + n_cols + n_links).
 *
 * @param[out] ret         (n_cols, n_rows); columns ascend within each row.
 * @param[out] permutation (n_links) position in m of each link of *ret; may be NULL; caller's
 * buffer.
 * @retval SG_ENOMEM no memory.
 */
SG_API SG_CHECKED sg_status sg_csr_transpose(const sg_csr *m, uint64_t *permutation, sg_csr **ret,
                                             sg_error *err);

SG_END_DECLS

#endif
