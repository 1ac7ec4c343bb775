/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/dense.h"

#include <limits.h>

enum {
    ROWS_A_CALL = 256,
    CALLS_AT_LEAST = 4,   /* of a matrix with more rows than that: for up to four threads */
    ROWS_TO_A_VECTOR = 4, /* blocks end where the inner loops of BLAS end */
};

size_t sg_dense_block(size_t n_rows)
{
    if (n_rows <= ROWS_A_CALL)
        return n_rows > 0 ? n_rows : 1;
    const size_t n_calls = (n_rows + ROWS_A_CALL - 1) / ROWS_A_CALL;
    const size_t even = (n_calls + CALLS_AT_LEAST - 1) / CALLS_AT_LEAST * CALLS_AT_LEAST;
    const size_t rows = (n_rows + even - 1) / even;
    return (rows + ROWS_TO_A_VECTOR - 1) / ROWS_TO_A_VECTOR * ROWS_TO_A_VECTOR;
}

bool sg_dense_pays(size_t n_rows, size_t n_cols, size_t n_links)
{
    static const double least_density = 0.7;
    enum { NARROWEST = 16 };
    if (!sg_dense_select() || n_rows < NARROWEST || n_cols < NARROWEST || n_rows > INT_MAX ||
        n_cols > INT_MAX)
        return false;
    return (double)n_links >= least_density * (double)n_rows * (double)n_cols;
}
