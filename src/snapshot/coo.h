/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_COO_H
#define SG_SNAPSHOT_COO_H

/* Links in any order, and the matrix that they make. */

#include "base/memory.h"
#include "base/status.h"
#include "sparsegraph/csr.h"

/* Neurons that a sparse matrix may have beyond the bytes of its file, most of them unlinked. */
enum { SG_SPARE_NEURONS = 1 << 24 };

typedef struct sg_coo_link {
    uint32_t row;
    uint32_t col;
    float value;
} sg_coo_link;

/* A matrix (n_rows, n_cols) in the making; zero-initialise. */
typedef struct sg_coo {
    size_t n_rows;
    size_t n_cols;
    bool is_weighted;   /* else the values say nothing */
    bool refuses_twice; /* a link that is given twice is an error; else its values are added */
    sg_coo_link *link;
    size_t n;
    size_t capacity;
} sg_coo;

void sg_coo_clear(sg_coo *coo);

/* Makes room for n links in all. */
sg_status sg_coo_reserve(sg_coo *coo, size_t n, sg_error *err) SG_CHECKED;

/* Appends a link; SG_EFORMAT where it lies outside the matrix or its value is not finite. */
sg_status sg_coo_add(sg_coo *coo, uint64_t row, uint64_t col, float value,
                     sg_error *err) SG_CHECKED;

/* Makes the matrix, in O(links log links). SG_EFORMAT: a link twice, or a sum that is infinite. */
sg_status sg_coo_matrix(sg_coo *coo, sg_csr **ret, sg_error *err) SG_CHECKED;

/* Refuses sizes that a file of n_bytes cannot mean: each takes memory by itself. SG_EUNSUPPORTED.
 */
sg_status sg_sizes_check(uint64_t n_rows, uint64_t n_cols, size_t n_bytes,
                         sg_error *err) SG_CHECKED;

#endif
