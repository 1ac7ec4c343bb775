/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/csr.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

void sg_csr_free(sg_csr *m)
{
    if (!m)
        return;
    sg_free(m->row_start);
    sg_free(m->col);
    sg_free(m->value);
    sg_free(m);
}

sg_status sg_csr_new(size_t n_rows, size_t n_cols, size_t n_links, bool with_values, sg_csr **ret,
                     sg_error *err)
{
    if (n_cols > UINT32_MAX || n_rows > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "a matrix of %zu x %zu is too wide: at most 2^32 - 1",
                       n_rows, n_cols);
    if (n_links > (uint64_t)n_rows * n_cols)
        return sg_fail(err, SG_EINVAL, "%zu links do not fit in a matrix of %zu x %zu", n_links,
                       n_rows, n_cols);

    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = SG_NEW(sg_csr);
    if (!m)
        return sg_fail_memory(err, "making a sparse matrix");
    *m = (sg_csr){.n_rows = n_rows, .n_cols = n_cols, .n_links = n_links};
    m->row_start = SG_NEW_ARRAY(uint64_t, n_rows + 1);
    m->col = sg_alloc_aligned(n_links, sizeof *m->col);
    m->value = with_values ? sg_alloc_aligned(n_links, sizeof *m->value) : NULL;
    if (!m->row_start || !m->col || (with_values && !m->value))
        return sg_fail_memory(err, "making a sparse matrix");

    *ret = SG_TAKE(m);
    return SG_OK;
}

sg_status sg_csr_copy(const sg_csr *m, sg_csr **ret, sg_error *err)
{
    sg_csr *copy = NULL;
    SG_TRY(sg_csr_new(m->n_rows, m->n_cols, m->n_links, m->value != NULL, &copy, err));
    memcpy(copy->row_start, m->row_start, (m->n_rows + 1) * sizeof *m->row_start);
    memcpy(copy->col, m->col, m->n_links * sizeof *m->col);
    if (m->value)
        memcpy(copy->value, m->value, m->n_links * sizeof *m->value);
    *ret = copy;
    return SG_OK;
}

static sg_status check_row(const sg_csr *m, size_t row, sg_error *err)
{
    const uint64_t begin = m->row_start[row];
    const uint64_t end = m->row_start[row + 1];

    for (uint64_t k = begin; k < end; k++) {
        if (m->col[k] >= m->n_cols)
            return sg_fail(err, SG_EFORMAT, "row %zu names column %u of %zu", row, m->col[k],
                           m->n_cols);
        if (k > begin && m->col[k] <= m->col[k - 1])
            return sg_fail(err, SG_EFORMAT, "the columns of row %zu do not ascend", row);
        if (m->value && !isfinite(m->value[k]))
            return sg_fail(err, SG_EFORMAT, "the weight at row %zu, column %u is %s", row,
                           m->col[k], isnan(m->value[k]) ? "NaN" : "infinite");
    }
    return SG_OK;
}

sg_status sg_csr_check(const sg_csr *m, sg_error *err)
{
    if (m->row_start[0] != 0 || m->row_start[m->n_rows] != m->n_links)
        return sg_fail(err, SG_EFORMAT, "the row offsets do not run from 0 to %zu", m->n_links);
    for (size_t row = 0; row < m->n_rows; row++)
        if (m->row_start[row] > m->row_start[row + 1] || m->row_start[row + 1] > m->n_links)
            return sg_fail(err, SG_EFORMAT, "the offset of row %zu lies outside its bounds", row);
    for (size_t row = 0; row < m->n_rows; row++)
        SG_TRY(check_row(m, row, err));
    return SG_OK;
}

double sg_csr_density(const sg_csr *m)
{
    const double cells = (double)m->n_rows * (double)m->n_cols;
    return cells > 0.0 ? (double)m->n_links / cells : 0.0;
}

sg_status sg_csr_transpose(const sg_csr *m, uint64_t *permutation, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *t = NULL;
    SG_TRY(sg_csr_new(m->n_cols, m->n_rows, m->n_links, m->value != NULL, &t, err));
    SG_AUTOFREE uint64_t *next = SG_NEW_ARRAY(uint64_t, m->n_cols + 1);
    if (!next)
        return sg_fail_memory(err, "transposing a sparse matrix");

    for (size_t k = 0; k < m->n_links; k++)
        t->row_start[m->col[k] + 1]++;
    for (size_t c = 0; c < m->n_cols; c++)
        t->row_start[c + 1] += t->row_start[c];
    memcpy(next, t->row_start, (m->n_cols + 1) * sizeof *next);

    for (size_t row = 0; row < m->n_rows; row++) {
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            const uint64_t at = next[m->col[k]]++;
            t->col[at] = (uint32_t)row;
            if (m->value)
                t->value[at] = m->value[k];
            if (permutation)
                permutation[at] = k;
        }
    }
    *ret = SG_TAKE(t);
    return SG_OK;
}
