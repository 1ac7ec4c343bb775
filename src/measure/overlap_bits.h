/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_OVERLAP_BITS_H
#define SG_MEASURE_OVERLAP_BITS_H

/* The rows of a matrix as bits, for links so full that counting wedges would cost more. */

#include "base/status.h"
#include "sparsegraph/csr.h"

typedef struct sg_bit_rows {
    size_t n_words; /* of a row */
    uint64_t *word; /* (n, n_words) */
} sg_bit_rows;

/* Takes n of the rows of m, in the order that `row` names them. SG_ENOMEM. */
sg_status sg_bit_rows_new(const sg_csr *m, const uint32_t *row, size_t n, sg_bit_rows **ret,
                          sg_error *err) SG_CHECKED;
void sg_bit_rows_free(sg_bit_rows *b);

/* Writes shared[v], (i): the columns in both row i and row v, for every v < i. */
void sg_bit_rows_shared(const sg_bit_rows *b, size_t i, uint32_t *shared);

#endif
