/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/topology.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

double sg_er_density(double epsilon, size_t n_in, size_t n_out)
{
    const double p = epsilon * ((double)n_in + (double)n_out) / ((double)n_in * (double)n_out);
    return p < 1.0 ? p : 1.0;
}

sg_status sg_topology_full(size_t n_rows, size_t n_cols, sg_csr **ret, sg_error *err)
{
    sg_csr *m = NULL;
    SG_TRY(sg_csr_new(n_rows, n_cols, n_rows * n_cols, true, &m, err));
    memset(m->value, 0, m->n_links * sizeof *m->value);
    for (size_t row = 0; row < n_rows; row++) {
        m->row_start[row + 1] = (row + 1) * n_cols;
        for (size_t col = 0; col < n_cols; col++)
            m->col[row * n_cols + col] = (uint32_t)col;
    }
    *ret = m;
    return SG_OK;
}

/* Turns ascending cells into the links of a new matrix. */
static sg_status from_cells(size_t n_rows, size_t n_cols, const uint64_t *cell, size_t n,
                            sg_csr **ret, sg_error *err)
{
    sg_csr *m = NULL;
    SG_TRY(sg_csr_new(n_rows, n_cols, n, true, &m, err));
    memset(m->value, 0, n * sizeof *m->value);
    for (size_t k = 0; k < n; k++) {
        m->col[k] = (uint32_t)(cell[k] % n_cols);
        m->row_start[cell[k] / n_cols + 1]++;
    }
    for (size_t row = 0; row < n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    *ret = m;
    return SG_OK;
}

sg_status sg_topology_bernoulli(size_t n_rows, size_t n_cols, double p, sg_random *random,
                                sg_csr **ret, sg_error *err)
{
    if (p >= 1.0)
        return sg_topology_full(n_rows, n_cols, ret, err);
    const uint64_t n_cells = (uint64_t)n_rows * n_cols;
    const double log_empty = log1p(-p);
    /* room for the mean and six standard deviations: growing it is rare */
    const double mean = p * (double)n_cells;
    size_t capacity = (size_t)(mean + 6.0 * sqrt(mean) + 16.0);
    size_t n = 0;
    SG_AUTOFREE uint64_t *cells = SG_NEW_ARRAY(uint64_t, capacity);
    if (!cells)
        return sg_fail_memory(err, "drawing the starting links");

    double at = -1.0;
    for (;;) {
        const double skipped = floor(log1p(-sg_random_unit(random)) / log_empty);
        at += 1.0 + skipped;
        if (!(at < (double)n_cells)) /* also where p = 0 makes the skip infinite or NaN */
            break;
        if (n == capacity) {
            capacity *= 2;
            uint64_t *more = sg_resize(cells, capacity, sizeof *cells);
            if (!more)
                return sg_fail_memory(err, "drawing the starting links");
            cells = more;
        }
        cells[n++] = (uint64_t)at;
    }
    return from_cells(n_rows, n_cols, cells, n, ret, err);
}

sg_status sg_topology_exact(size_t n_rows, size_t n_cols, size_t n_links, sg_random *random,
                            sg_csr **ret, sg_error *err)
{
    SG_AUTOFREE uint64_t *cells = SG_NEW_ARRAY(uint64_t, n_links);
    if (!cells)
        return sg_fail_memory(err, "drawing the starting links");
    SG_TRY(sg_sample_distinct(random, (uint64_t)n_rows * n_cols, n_links, cells, err));
    return from_cells(n_rows, n_cols, cells, n_links, ret, err);
}

void sg_regrown_clear(sg_regrown *r)
{
    sg_csr_free(r->matrix);
    sg_free(r->origin);
    *r = (sg_regrown){0};
}

static size_t count_kept(const bool *keep, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        n_kept += keep[i];
    return n_kept;
}

/*
 * Merges the kept links of one row with the grown ones. `grown` holds ranks among the empty cells,
 * ascending; the rank of an empty cell is its number less the kept links before it.
 */
typedef struct merge {
    const sg_csr *m;
    const bool *keep;
    const uint64_t *grown;
    size_t n_grown;
    size_t grown_at;
    uint64_t n_kept; /* kept links so far */
    uint64_t written;
    sg_regrown *out;
} merge;

static void write_link(merge *g, uint32_t col, uint64_t origin)
{
    g->out->matrix->col[g->written] = col;
    g->out->matrix->value[g->written] = origin == SG_GROWN ? 0.0F : g->m->value[origin];
    g->out->origin[g->written++] = origin;
}

/* Writes the grown links that come before cell `end`, all of them in the row that begins at cell
 * `row_begin`. */
static void write_grown_before(merge *g, uint64_t end, uint64_t row_begin)
{
    while (g->grown_at < g->n_grown && g->grown[g->grown_at] + g->n_kept < end) {
        write_link(g, (uint32_t)(g->grown[g->grown_at] + g->n_kept - row_begin), SG_GROWN);
        g->grown_at++;
    }
}

static void merge_row(merge *g, size_t row)
{
    const uint64_t row_begin = (uint64_t)row * g->m->n_cols;
    for (uint64_t k = g->m->row_start[row]; k < g->m->row_start[row + 1]; k++) {
        if (!g->keep[k])
            continue;
        write_grown_before(g, row_begin + g->m->col[k], row_begin);
        write_link(g, g->m->col[k], k);
        g->n_kept++;
    }
    write_grown_before(g, row_begin + g->m->n_cols, row_begin);
    g->out->matrix->row_start[row + 1] = g->written;
}

sg_status sg_topology_regrow(const sg_csr *m, const bool *keep, size_t n_new, sg_random *random,
                             sg_regrown *ret, sg_error *err)
{
    const size_t n_kept = count_kept(keep, m->n_links);
    const uint64_t n_empty = (uint64_t)m->n_rows * m->n_cols - n_kept;
    SG_AUTOFREE uint64_t *grown = SG_NEW_ARRAY(uint64_t, n_new);
    SG_CLEANUP(sg_regrown_clear) sg_regrown out = {0};
    out.origin = SG_NEW_ARRAY(uint64_t, n_kept + n_new);
    if (!grown || !out.origin)
        return sg_fail_memory(err, "growing links");
    SG_TRY(sg_sample_distinct(random, n_empty, n_new, grown, err));
    SG_TRY(sg_csr_new(m->n_rows, m->n_cols, n_kept + n_new, true, &out.matrix, err));

    merge g = {.m = m, .keep = keep, .grown = grown, .n_grown = n_new, .out = &out};
    for (size_t row = 0; row < m->n_rows; row++)
        merge_row(&g, row);
    *ret = out;
    out = (sg_regrown){0};
    return SG_OK;
}
