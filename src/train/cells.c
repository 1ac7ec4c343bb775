/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/cells.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/group_sum.h"

#include <string.h>

static size_t n_cells(const train_link *link)
{
    return link->matrix->n_rows * link->matrix->n_cols;
}

static bool is_full(const train_link *link)
{
    return link->matrix->n_links == n_cells(link);
}

void sg_cells_clear(train_link *link)
{
    if (!link->cell)
        return;
    if (link->cell_gradient) /* or the cells are the matrix's values */
        sg_free(link->cell);
    sg_free(link->cell_gradient);
    link->cell = NULL;
    link->cell_gradient = NULL;
    sg_dense_select()->leave();
}

sg_status sg_cells_open(sg_network *net, size_t l, sg_error *err)
{
    train_link *link = &net->links[l];
    const sg_csr *m = link->matrix;
    if (!net->dense || !sg_dense_pays(m->n_rows, m->n_cols, m->n_links))
        return SG_OK;
    if (is_full(link)) {
        link->cell = m->value;
        net->dense->enter();
        return SG_OK;
    }
    SG_AUTOFREE float *cell = sg_alloc_aligned(n_cells(link), sizeof *cell);
    float *gradient = sg_alloc(n_cells(link), link->weight.n_groups * sizeof *gradient);
    if (!cell || !gradient) {
        sg_free(gradient);
        return sg_fail_memory(err, "making room for the cells of a layer");
    }
    memset(cell, 0, n_cells(link) * sizeof *cell);
    link->cell = SG_TAKE(cell);
    link->cell_gradient = gradient;
    net->dense->enter();
    sg_cells_refresh(link, (sg_share){0, 1});
    return SG_OK;
}

/* Returns the row in which link k stands, by bisection; k is below the number of links. */
static size_t row_of(const sg_csr *m, size_t k)
{
    size_t low = 0;
    size_t high = m->n_rows;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (m->row_start[middle] <= k)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void sg_cells_refresh(const train_link *link, sg_share share)
{
    const sg_csr *m = link->matrix;
    if (!link->cell_gradient)
        return;
    const sg_range range = sg_range_of(m->n_links, share.index, share.n);
    size_t row = range.begin < range.end ? row_of(m, range.begin) : 0;
    for (size_t k = range.begin; k < range.end; k++) {
        while (m->row_start[row + 1] <= k)
            row++;
        link->cell[row * m->n_cols + m->col[k]] = m->value[k];
    }
}

static sg_dense_matrix cells_of(const train_link *link)
{
    return (sg_dense_matrix){link->matrix->n_rows, link->matrix->n_cols, link->cell};
}

void sg_cells_forward(const sg_cells_work *w, const float *bias, size_t begin, size_t end)
{
    const sg_dense_multiply product = {
        .matrix = cells_of(w->link),
        .bias = bias,
        .x = w->x,
        .y = w->y,
        .n = w->n,
        .stride = w->stride,
    };
    w->dense->multiply(&product, begin, end);
}

void sg_cells_backward(const sg_cells_work *w, size_t begin, size_t end)
{
    const sg_dense_multiply product = {
        .matrix = cells_of(w->link), .x = w->d, .y = w->y, .n = w->n, .stride = w->stride};
    w->dense->multiply_transposed(&product, begin, end);
}

void sg_cells_gradient(const sg_cells_work *w, size_t begin, size_t end)
{
    const train_link *link = w->link;
    const sg_csr *m = link->matrix;
    float *gradient = sg_parameter_gradient(&link->weight, w->group);
    float *cell = link->cell_gradient ? link->cell_gradient + w->group * n_cells(link) : gradient;
    const sg_dense_gradient product = {
        .n_rows = m->n_rows,
        .n_cols = m->n_cols,
        .x = w->x,
        .d = w->d,
        .n = w->n,
        .stride = w->stride,
        .gradient = cell,
        .add = w->add,
    };
    w->dense->gradient(&product, begin, end);
    if (cell == gradient)
        return;
    for (size_t row = begin; row < end; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            gradient[k] = cell[row * m->n_cols + m->col[k]];
}
