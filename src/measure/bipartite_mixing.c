/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/bipartite_mixing.h"

#include "base/memory.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

/* One side of a link: its degrees, and a number for each neuron. */
typedef struct party {
    size_t n;
    const uint64_t *degree; /* (n) */
    double *x;              /* (n) */
    uint64_t *n_links;      /* (max + 2) scratch: connections by the degree of their neuron */
    uint64_t max;
    bool varies; /* among the connected */
} party;

static void party_clear(party *p)
{
    sg_free(p->x);
    sg_free(p->n_links);
}

static sg_status party_open(party *p, sg_error *err)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->degree[i] > p->max)
            p->max = p->degree[i];
    for (size_t i = 0; i < p->n; i++)
        p->varies |= p->degree[i] > 0 && p->degree[i] < p->max;
    p->x = SG_NEW_ARRAY(double, p->n);
    p->n_links = SG_NEW_ARRAY(uint64_t, p->max + 2);
    return p->x && p->n_links ? SG_OK : sg_fail_memory(err, "relating degrees");
}

static void take_degrees(const party *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->x[i] = (double)p->degree[i];
}

/* The rank of a connection by the degree of its neuron on this side. */
static void take_ranks(const party *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->n_links[p->degree[i] + 1] += p->degree[i];
    for (uint64_t d = 1; d <= p->max + 1; d++)
        p->n_links[d] += p->n_links[d - 1]; /* below degree d */
    for (size_t i = 0; i < p->n; i++) {
        const uint64_t *below = p->n_links + p->degree[i];
        p->x[i] = 0.5 * ((double)below[0] + (double)below[1] + 1);
    }
}

/* Centres the numbers on their mean over connections; returns their sum of squares over these. */
static double centre(const party *p, size_t n_links)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++)
        sum += (double)p->degree[i] * p->x[i];
    const double mean = sum / (double)n_links;
    double squares = 0;
    for (size_t i = 0; i < p->n; i++) {
        p->x[i] -= mean;
        squares += (double)p->degree[i] * p->x[i] * p->x[i];
    }
    return squares;
}

static double correlate(const sg_csr *m, const party *in, const party *out)
{
    if (!in->varies || !out->varies)
        return NAN;
    const double in_squares = centre(in, m->n_links);
    const double out_squares = centre(out, m->n_links);
    double product = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        double sum = 0;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            sum += out->x[m->col[k]];
        product += in->x[row] * sum;
    }
    return product / sqrt(in_squares) / sqrt(out_squares);
}

static double count_three_paths(const sg_csr *m, const uint64_t *out)
{
    u128 paths = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t degree = m->row_start[row + 1] - m->row_start[row];
        uint64_t further = 0;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            further += out[m->col[k]] - 1;
        paths += degree > 0 ? (u128)(degree - 1) * further : 0;
    }
    return (double)paths;
}

/* The least degree of the rich; at least 1. */
static uint64_t rich_from(const party *p)
{
    const size_t wanted = (p->n + SG_RICH_SHARE - 1) / SG_RICH_SHARE;
    memset(p->n_links, 0, (size_t)(p->max + 2) * sizeof *p->n_links);
    for (size_t i = 0; i < p->n; i++)
        p->n_links[p->degree[i]]++;
    uint64_t degree = p->max;
    for (uint64_t n = p->n_links[degree]; n < wanted && degree > 1;)
        n += p->n_links[--degree];
    return degree;
}

static double rich_club(const sg_csr *m, const party *in, const party *out)
{
    const uint64_t in_from = rich_from(in);
    const uint64_t out_from = rich_from(out);
    size_t n_out = 0;
    for (size_t i = 0; i < out->n; i++)
        n_out += out->degree[i] >= out_from;
    size_t n_in = 0;
    uint64_t n_links = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        if (in->degree[row] < in_from)
            continue;
        n_in++;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            n_links += out->degree[m->col[k]] >= out_from;
    }
    return (double)n_links / ((double)n_in * (double)n_out);
}

sg_status sg_mixing_of(const sg_csr *m, const uint64_t *in, const uint64_t *out, sg_mixing *ret,
                       sg_error *err)
{
    SG_CLEANUP(party_clear) party rows = {.n = m->n_rows, .degree = in};
    SG_CLEANUP(party_clear) party cols = {.n = m->n_cols, .degree = out};
    SG_TRY(party_open(&rows, err));
    SG_TRY(party_open(&cols, err));
    sg_mixing mixing = {.pearson = NAN, .spearman = NAN, .rich_club = NAN};
    if (m->n_links > 0) {
        mixing.three_paths = count_three_paths(m, out);
        take_degrees(&rows);
        take_degrees(&cols);
        mixing.pearson = correlate(m, &rows, &cols);
        take_ranks(&rows);
        take_ranks(&cols);
        mixing.spearman = correlate(m, &rows, &cols);
        mixing.rich_club = rich_club(m, &rows, &cols);
    }
    *ret = mixing;
    return SG_OK;
}
