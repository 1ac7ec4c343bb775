/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/overlap.h"

#include "base/memory.h"
#include "measure/overlap_bits.h"
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

__extension__ typedef unsigned __int128 u128;

/*
 * Rows are taken in the order of their degrees, so that of two the one taken later has the larger;
 * each is counted against those before it. Rows without a connection are left out. Arrays of rows
 * are (n) in that order.
 */
typedef struct pairing {
    const sg_csr *m;
    size_t n;
    uint32_t *row;       /* where it stands in the matrix */
    double *degree;      /* never 0 */
    double *inverse;     /* 1 / degree */
    uint32_t *shared;    /* with the row being taken; 0 between rows */
    uint32_t *n_sharing; /* rows that share a partner with it */
    double *sum[SG_N_LATAPY];
    double *ratio;       /* scratch: shared / either's partners */
    double *part;        /* scratch: shared / smaller degree */
    uint64_t *col_start; /* (n_cols + 1) */
    uint64_t *col_end;   /* (n_cols) behind the rows taken so far */
    uint32_t *listed;    /* (n_links) the rows of each column; NULL with bits */
    sg_bit_rows *bits;   /* or NULL */
    u128 butterflies;
    double nested;
} pairing;

static void pairing_clear(pairing *p)
{
    sg_free(p->row);
    sg_free(p->degree);
    sg_free(p->inverse);
    sg_free(p->shared);
    sg_free(p->n_sharing);
    for (size_t i = 0; i < SG_N_LATAPY; i++)
        sg_free(p->sum[i]);
    sg_free(p->ratio);
    sg_free(p->part);
    sg_free(p->col_start);
    sg_free(p->col_end);
    sg_free(p->listed);
    sg_bit_rows_free(p->bits);
}

double sg_wedges(const uint64_t *degree, size_t n)
{
    double wedges = 0;
    for (size_t i = 0; i < n; i++)
        wedges += 0.5 * (double)degree[i] * ((double)degree[i] - 1);
    return wedges;
}

static size_t degree_of(const sg_csr *m, size_t row)
{
    return (size_t)(m->row_start[row + 1] - m->row_start[row]);
}

/* Lists the connected rows by degree, equal ones as they stand. */
static sg_status sort_rows(pairing *p, sg_error *err)
{
    const sg_csr *m = p->m;
    size_t max = 0;
    for (size_t row = 0; row < m->n_rows; row++)
        if (degree_of(m, row) > max)
            max = degree_of(m, row);
    SG_AUTOFREE size_t *first = SG_NEW_ARRAY(size_t, max + 2); /* of each degree */
    p->row = SG_NEW_ARRAY(uint32_t, m->n_rows);
    p->degree = SG_NEW_ARRAY(double, m->n_rows);
    p->inverse = SG_NEW_ARRAY(double, m->n_rows);
    if (!first || !p->row || !p->degree || !p->inverse)
        return sg_fail_memory(err, "counting shared partners");
    for (size_t row = 0; row < m->n_rows; row++)
        first[degree_of(m, row) + 1]++;
    first[1] = 0; /* the unconnected take no place */
    for (size_t d = 1; d <= max + 1; d++)
        first[d] += first[d - 1];
    p->n = first[max + 1];
    for (size_t row = 0; row < m->n_rows; row++) {
        const size_t degree = degree_of(m, row);
        if (degree == 0)
            continue;
        const size_t at = first[degree]++;
        p->row[at] = (uint32_t)row;
        p->degree[at] = (double)degree;
        p->inverse[at] = 1 / (double)degree;
    }
    return SG_OK;
}

static sg_status list_columns(pairing *p, sg_error *err)
{
    const sg_csr *m = p->m;
    p->col_start = SG_NEW_ARRAY(uint64_t, m->n_cols + 1);
    p->col_end = SG_NEW_ARRAY(uint64_t, m->n_cols);
    if (!p->col_start || !p->col_end)
        return sg_fail_memory(err, "counting shared partners");
    for (size_t k = 0; k < m->n_links; k++)
        p->col_end[m->col[k]]++;
    const double wedges = sg_wedges(p->col_end, m->n_cols);
    for (size_t col = 0; col < m->n_cols; col++)
        p->col_start[col + 1] = p->col_start[col] + p->col_end[col];
    memcpy(p->col_end, p->col_start, m->n_cols * sizeof *p->col_end);

    const size_t n_words = m->n_cols / 64 + 1;
    if (0.5 * (double)p->n * (double)p->n * (double)n_words < wedges)
        return sg_bit_rows_new(m, p->row, p->n, &p->bits, err);
    p->listed = SG_NEW_ARRAY(uint32_t, m->n_links);
    return p->listed ? SG_OK : sg_fail_memory(err, "counting shared partners");
}

static sg_status pairing_open(pairing *p, sg_error *err)
{
    SG_TRY(sort_rows(p, err));
    SG_TRY(list_columns(p, err));
    p->shared = SG_NEW_ARRAY(uint32_t, p->n);
    p->n_sharing = SG_NEW_ARRAY(uint32_t, p->n);
    p->ratio = SG_NEW_ARRAY(double, p->n);
    p->part = SG_NEW_ARRAY(double, p->n);
    bool has_all = p->shared && p->n_sharing && p->ratio && p->part;
    for (size_t i = 0; i < SG_N_LATAPY; i++)
        has_all = (p->sum[i] = SG_NEW_ARRAY(double, p->n)) && has_all;
    return has_all ? SG_OK : sg_fail_memory(err, "counting shared partners");
}

/* What the row being taken gathers from those before it. */
typedef struct gathered {
    double ratio;
    double part;
    double nested;
    uint64_t butterflies;
    uint32_t n_sharing;
} gathered;

/* Four sums, so that an addition need not wait for the one before it. */
static double total(const double *x, size_t n)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t lane = 0; lane < 4; lane++)
            sum[lane] += x[i + lane];
    for (; i < n; i++)
        sum[0] += x[i];
    return sum[0] + sum[1] + (sum[2] + sum[3]);
}

/* Takes all n rows before row i, whose first n_smaller have smaller degrees. */
static gathered gather_all(const pairing *p, size_t i, size_t n_smaller)
{
    uint32_t *restrict shared = p->shared;
    uint32_t *restrict n_sharing = p->n_sharing;
    double *restrict ratio = p->ratio;
    double *restrict part = p->part;
    double *restrict dot = p->sum[SG_LATAPY_DOT];
    double *restrict max = p->sum[SG_LATAPY_MAX];
    const double *restrict degree = p->degree;
    const double *restrict inverse = p->inverse;
    const double my_degree = degree[i];
    const double my_inverse = inverse[i];
    gathered g = {0};
    for (size_t v = 0; v < i; v++) {
        const double both = (double)shared[v];
        ratio[v] = both / (my_degree + degree[v] - both);
        part[v] = both * inverse[v];
        dot[v] += ratio[v];
        max[v] += both * my_inverse;
    }
    for (size_t v = 0; v < i; v++) {
        const uint32_t n = shared[v];
        g.butterflies += (uint64_t)n * (uint32_t)(n - 1) / 2; /* 0 times what it wraps to is 0 */
        g.n_sharing += n > 0;
        n_sharing[v] += n > 0;
        shared[v] = 0;
    }
    g.ratio = total(ratio, i);
    g.nested = total(part, n_smaller);
    g.part = g.nested + total(part + n_smaller, i - n_smaller);
    return g;
}

static void gather_one(const pairing *p, size_t i, size_t v, size_t n_smaller, gathered *g)
{
    const uint64_t n = p->shared[v];
    const double both = (double)n;
    const double ratio = both / (p->degree[i] + p->degree[v] - both);
    const double part = both * p->inverse[v];
    p->sum[SG_LATAPY_DOT][v] += ratio;
    p->sum[SG_LATAPY_MAX][v] += both * p->inverse[i];
    p->n_sharing[v]++;
    p->shared[v] = 0;
    g->ratio += ratio;
    g->part += part;
    g->nested += v < n_smaller ? part : 0;
    g->butterflies += n * (n - 1) / 2;
    g->n_sharing++;
}

/* Takes those rows before row i that share a partner with it. */
static gathered gather_listed(const pairing *p, size_t i, size_t n_smaller)
{
    const sg_csr *m = p->m;
    gathered g = {0};
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        const size_t col = m->col[k];
        for (uint64_t j = p->col_start[col]; j < p->col_end[col]; j++)
            if (p->shared[p->listed[j]] > 0)
                gather_one(p, i, p->listed[j], n_smaller, &g);
    }
    return g;
}

static void count_wedges(const pairing *p, size_t i)
{
    const sg_csr *m = p->m;
    uint32_t *shared = p->shared;
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        const size_t col = m->col[k];
        const uint64_t end = p->col_end[col];
        for (uint64_t j = p->col_start[col]; j < end; j++)
            shared[p->listed[j]]++;
    }
}

/* Counts the wedges of row i with the rows before it and with those to come. */
static void look_around(const pairing *p, size_t i, uint64_t *n_before, uint64_t *n_after)
{
    const sg_csr *m = p->m;
    *n_before = 0;
    *n_after = 0;
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        const size_t col = m->col[k];
        *n_before += p->col_end[col] - p->col_start[col];
        *n_after += p->col_start[col + 1] - p->col_end[col] - 1;
    }
}

static void enter(const pairing *p, size_t i)
{
    const sg_csr *m = p->m;
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        uint64_t *end = &p->col_end[m->col[k]];
        if (p->listed)
            p->listed[*end] = (uint32_t)i;
        (*end)++;
    }
}

/* A row met by way of a list costs about as much as this many met in passing. */
enum { LISTED_COST = 4 };

static void take_row(pairing *p, size_t i, size_t n_smaller)
{
    uint64_t n_before;
    uint64_t n_after;
    look_around(p, i, &n_before, &n_after);
    if (p->bits)
        sg_bit_rows_shared(p->bits, i, p->shared);
    else
        count_wedges(p, i);
    const gathered g = p->bits || LISTED_COST * n_before > i ? gather_all(p, i, n_smaller)
                                                             : gather_listed(p, i, n_smaller);
    enter(p, i);
    /* The smaller degree is that of the row before, the larger its own: half of the sums need no
     * pass. */
    p->sum[SG_LATAPY_DOT][i] += g.ratio;
    p->sum[SG_LATAPY_MIN][i] += g.part + (double)n_after * p->inverse[i];
    p->sum[SG_LATAPY_MAX][i] += (double)n_before * p->inverse[i];
    p->n_sharing[i] += g.n_sharing;
    p->nested += g.nested;
    p->butterflies += g.butterflies;
}

static sg_status count_rows(const sg_csr *m, sg_overlap *ret, sg_error *err)
{
    SG_CLEANUP(pairing_clear) pairing p = {.m = m};
    SG_TRY(pairing_open(&p, err));
    size_t n_smaller = 0;
    for (size_t i = 0; i < p.n; i++) {
        if (i > 0 && p.degree[i] > p.degree[i - 1])
            n_smaller = i;
        take_row(&p, i, n_smaller);
    }
    sg_overlap all = {.butterflies = (double)p.butterflies, .nested = p.nested};
    for (size_t kind = 0; kind < SG_N_LATAPY; kind++) {
        for (size_t i = 0; i < p.n; i++)
            if (p.n_sharing[i] > 0)
                all.latapy[kind] += p.sum[kind][i] / p.n_sharing[i];
        all.latapy[kind] /= (double)m->n_rows;
    }
    *ret = all;
    return SG_OK;
}

/* Closes a butterfly with every earlier wedge between the same two rows. */
static uint64_t close_wedges(const pairing *p, size_t i)
{
    const sg_csr *m = p->m;
    uint32_t *shared = p->shared;
    uint64_t n = 0;
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        const size_t col = m->col[k];
        const uint64_t end = p->col_end[col];
        for (uint64_t j = p->col_start[col]; j < end; j++)
            n += shared[p->listed[j]]++;
    }
    for (uint64_t k = m->row_start[p->row[i]]; k < m->row_start[p->row[i] + 1]; k++) {
        const size_t col = m->col[k];
        const uint64_t end = p->col_end[col];
        for (uint64_t j = p->col_start[col]; j < end; j++)
            shared[p->listed[j]] = 0;
    }
    return n;
}

static uint64_t close_pairs(const pairing *p, size_t i)
{
    uint64_t n = 0;
    sg_bit_rows_shared(p->bits, i, p->shared);
    for (size_t v = 0; v < i; v++)
        n += (uint64_t)p->shared[v] * (uint32_t)(p->shared[v] - 1) / 2;
    return n;
}

static sg_status count_butterflies(const sg_csr *m, double *ret, sg_error *err)
{
    SG_CLEANUP(pairing_clear) pairing p = {.m = m};
    SG_TRY(sort_rows(&p, err));
    SG_TRY(list_columns(&p, err));
    p.shared = SG_NEW_ARRAY(uint32_t, p.n);
    if (!p.shared)
        return sg_fail_memory(err, "counting butterflies");
    for (size_t i = 0; i < p.n; i++) {
        p.butterflies += p.bits ? close_pairs(&p, i) : close_wedges(&p, i);
        enter(&p, i);
    }
    *ret = (double)p.butterflies;
    return SG_OK;
}

/* The topology with rows and columns exchanged. */
static sg_status turn(const sg_csr *m, sg_csr **ret, sg_error *err)
{
    sg_csr topology = *m;
    topology.value = NULL;
    return sg_csr_transpose(&topology, NULL, ret, err);
}

sg_status sg_butterflies_count(const sg_csr *m, sg_side side, double *ret, sg_error *err)
{
    if (side == SG_SIDE_IN)
        return count_butterflies(m, ret, err);
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *turned = NULL;
    SG_TRY(turn(m, &turned, err));
    return count_butterflies(turned, ret, err);
}

sg_status sg_overlap_count(const sg_csr *m, sg_side side, sg_overlap *ret, sg_error *err)
{
    if (side == SG_SIDE_IN)
        return count_rows(m, ret, err);
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *turned = NULL;
    SG_TRY(turn(m, &turned, err));
    return count_rows(turned, ret, err);
}
