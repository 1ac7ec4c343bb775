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

static size_t count_kept(const bool *keep, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        n_kept += keep[i];
    return n_kept;
}

/* Moves the kept links to the front. */
static void drop_links(sg_csr *m, const sg_regrowth *how)
{
    uint64_t n_kept = 0;
    uint64_t begin = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t end = m->row_start[row + 1];
        for (uint64_t k = begin; k < end; k++) {
            m->col[n_kept] = m->col[k];
            m->value[n_kept] = m->value[k];
            if (how->beside)
                how->beside[n_kept] = how->beside[k];
            n_kept += how->keep[k];
        }
        m->row_start[row + 1] = n_kept;
        begin = end;
    }
    m->n_links = n_kept;
}

/*
 * Links on their way to where they belong, from the last on: `n_kept` and `n_grown` of each kind
 * are still to be moved, so that the next goes to the place of their sum. A grown one is known by
 * its rank among the empty cells; its cell is that rank and the kept links before it.
 */
typedef struct merge {
    sg_csr *m;
    const sg_regrowth *how;
    const uint64_t *rank; /* (n_new) ascending */
    uint64_t n_kept;
    size_t n_grown;
} merge;

static void move_kept(merge *g)
{
    const uint64_t from = --g->n_kept;
    const uint64_t to = from + g->n_grown;
    g->m->col[to] = g->m->col[from];
    g->m->value[to] = g->m->value[from];
    if (g->how->beside)
        g->how->beside[to] = g->how->beside[from];
}

static void put_grown(merge *g, uint64_t row_begin)
{
    const size_t i = --g->n_grown;
    const uint64_t to = g->n_kept + i;
    g->m->col[to] = (uint32_t)(g->rank[i] + g->n_kept - row_begin);
    g->m->value[to] = g->how->grown[i];
    if (g->how->beside)
        g->how->beside[to] = 0.0F;
}

/* Whether the last grown link still to be moved stands after the last kept one of this row, if any,
 * and in this row. */
static bool grown_is_next(const merge *g, uint64_t first_kept, uint64_t row_begin)
{
    if (g->n_grown == 0)
        return false;
    const uint64_t rank = g->rank[g->n_grown - 1];
    if (g->n_kept == first_kept)
        return rank + g->n_kept >= row_begin;
    /* the cell of the kept link, less the kept ones before it: the empty cells before it */
    return rank >= row_begin + g->m->col[g->n_kept - 1] - (g->n_kept - 1);
}

static void insert_grown(merge *g)
{
    for (size_t row = g->m->n_rows; row-- > 0 && g->n_grown > 0;) {
        const uint64_t first_kept = g->m->row_start[row];
        const uint64_t row_begin = (uint64_t)row * g->m->n_cols;
        g->m->row_start[row + 1] = g->n_kept + g->n_grown;
        for (;;) {
            if (grown_is_next(g, first_kept, row_begin))
                put_grown(g, row_begin);
            else if (g->n_kept > first_kept)
                move_kept(g);
            else
                break;
        }
    }
}

sg_status sg_topology_regrow(sg_csr *m, const sg_regrowth *how, sg_random *random, sg_error *err)
{
    const size_t n_kept = count_kept(how->keep, m->n_links);
    if (how->n_new > m->n_links - n_kept)
        return sg_fail(err, SG_EINVAL, "cannot grow %zu links where %zu go", how->n_new,
                       m->n_links - n_kept);
    SG_AUTOFREE uint64_t *rank = SG_NEW_ARRAY(uint64_t, how->n_new);
    if (!rank)
        return sg_fail_memory(err, "growing links");
    const uint64_t n_empty = (uint64_t)m->n_rows * m->n_cols - n_kept;
    SG_TRY(sg_sample_distinct(random, n_empty, how->n_new, rank, err));

    drop_links(m, how);
    merge g = {.m = m, .how = how, .rank = rank, .n_kept = n_kept, .n_grown = how->n_new};
    insert_grown(&g);
    m->n_links = n_kept + how->n_new;
    return SG_OK;
}
