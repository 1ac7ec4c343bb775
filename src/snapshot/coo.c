/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/coo.h"

#include "snapshot/snapshot_read.h"

#include <math.h>
#include <stdlib.h>

void sg_coo_clear(sg_coo *coo)
{
    sg_free(coo->link);
    *coo = (sg_coo){0};
}

sg_status sg_coo_reserve(sg_coo *coo, size_t n, sg_error *err)
{
    if (n <= coo->capacity)
        return SG_OK;
    sg_coo_link *link = sg_resize(coo->link, n, sizeof *link);
    if (!link)
        return sg_fail_memory(err, "reading links");
    coo->link = link;
    coo->capacity = n;
    return SG_OK;
}

sg_status sg_coo_add(sg_coo *coo, uint64_t row, uint64_t col, float value, sg_error *err)
{
    if (row >= coo->n_rows || col >= coo->n_cols)
        return sg_fail(err, SG_EFORMAT, "link (%llu, %llu) lies outside the matrix of %zu x %zu",
                       (unsigned long long)row, (unsigned long long)col, coo->n_rows, coo->n_cols);
    if (!isfinite(value))
        return sg_fail(err, SG_EFORMAT, "the weight at [%llu, %llu] is %s", (unsigned long long)row,
                       (unsigned long long)col, isnan(value) ? "NaN" : "infinite in 32 bits");
    if (coo->n == coo->capacity)
        SG_TRY(sg_coo_reserve(coo, coo->capacity ? 2 * coo->capacity : 64, err));
    coo->link[coo->n++] = (sg_coo_link){(uint32_t)row, (uint32_t)col, value};
    return SG_OK;
}

static int by_cell(const void *a, const void *b)
{
    const sg_coo_link *x = a;
    const sg_coo_link *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->col > y->col) - (x->col < y->col);
}

/* With the values last, so that a sum does not depend on the order in the file. */
static int by_cell_and_value(const void *a, const void *b)
{
    const float x = ((const sg_coo_link *)a)->value;
    const float y = ((const sg_coo_link *)b)->value;
    const int order = by_cell(a, b);
    return order != 0 ? order : (x > y) - (x < y);
}

static bool is_sorted(const sg_coo *coo)
{
    for (size_t i = 1; i < coo->n; i++)
        if (by_cell(&coo->link[i - 1], &coo->link[i]) > 0)
            return false;
    return true;
}

/* Adds up the links that share a cell. */
static sg_status merge(sg_coo *coo, sg_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < coo->n; i++) {
        const sg_coo_link link = coo->link[i];
        if (kept == 0 || by_cell(&coo->link[kept - 1], &link) != 0) {
            coo->link[kept++] = link;
            continue;
        }
        if (coo->refuses_twice)
            return sg_fail(err, SG_EFORMAT, "the link (%u, %u) is given twice", link.row, link.col);
        coo->link[kept - 1].value += link.value;
        if (!isfinite(coo->link[kept - 1].value))
            return sg_fail(err, SG_EFORMAT, "the weights at [%u, %u] add up to infinity in 32 bits",
                           link.row, link.col);
    }
    coo->n = kept;
    return SG_OK;
}

sg_status sg_coo_matrix(sg_coo *coo, sg_csr **ret, sg_error *err)
{
    if (!is_sorted(coo))
        qsort(coo->link, coo->n, sizeof *coo->link, by_cell_and_value);
    SG_TRY(merge(coo, err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(sg_blame_content(sg_csr_new(coo->n_rows, coo->n_cols, coo->n, coo->is_weighted, &m, err),
                            err));
    for (size_t k = 0; k < coo->n; k++) {
        m->row_start[coo->link[k].row + 1]++;
        m->col[k] = coo->link[k].col;
        if (coo->is_weighted)
            m->value[k] = coo->link[k].value;
    }
    for (size_t row = 0; row < coo->n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    *ret = SG_TAKE(m);
    return SG_OK;
}

sg_status sg_sizes_check(uint64_t n_rows, uint64_t n_cols, size_t n_bytes, sg_error *err)
{
    const uint64_t most = (uint64_t)n_bytes + SG_SPARE_NEURONS;
    if (n_rows > most || n_cols > most || n_rows > UINT32_MAX || n_cols > UINT32_MAX)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "a matrix of %llu x %llu does not stand to %zu bytes: so many neurons would "
                       "have no link",
                       (unsigned long long)n_rows, (unsigned long long)n_cols, n_bytes);
    return SG_OK;
}
