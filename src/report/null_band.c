/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/null_band.h"

#include "base/status.h"
#include "report/source.h"
#include "sparse/topology.h"
#include <math.h>
#include <stdlib.h>

void sg_null_band_clear(sg_null_band *b)
{
    sg_free(b->k);
    sg_free(b->low);
    sg_free(b->high);
    *b = (sg_null_band){0};
}

/* Counts the neurons of a random link with at least k connections, k = 1 .. n_k, into column
 * `which` of the table. */
static sg_status draw_one(const sg_csr *m, sg_side side, sg_random *random, size_t n_k,
                          double *at_least, sg_error *err)
{
    const size_t n = side == SG_SIDE_OUT ? m->n_cols : m->n_rows;
    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, n);
    sg_csr *drawn = NULL;
    if (!degree)
        return sg_fail_memory(err, "drawing random links");

    SG_TRY(sg_topology_exact(m->n_rows, m->n_cols, m->n_links, random, &drawn, err));
    sg_source_degrees(drawn, side == SG_SIDE_OUT, degree);
    sg_csr_free(drawn);
    for (size_t i = 0; i < n; i++)
        if (degree[i] > 0)
            at_least[(degree[i] < n_k ? degree[i] : n_k) - 1] += 1.0;
    for (size_t k = n_k - 1; k-- > 0;)
        at_least[k] += at_least[k + 1];
    return SG_OK;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The type-7 quantile of n sorted values: linear between the two nearest. */
static double quantile(const double *sorted, size_t n, double share)
{
    const double at = share * (double)(n - 1);
    const size_t i = (size_t)at;
    const double next = i + 1 < n ? sorted[i + 1] : sorted[i];
    return sorted[i] + (at - (double)i) * (next - sorted[i]);
}

/* The largest degree worth counting: ten standard deviations above the mean and some more. */
static size_t most_degree(const sg_csr *m, sg_side side)
{
    const size_t n = side == SG_SIDE_OUT ? m->n_cols : m->n_rows;
    const size_t opposite = side == SG_SIDE_OUT ? m->n_rows : m->n_cols;
    const double mean = (double)m->n_links / (double)n;
    const double far = ceil(mean + 10.0 * sqrt(mean) + 30.0);

    return far < (double)opposite ? (size_t)far : opposite;
}

/* Fills the band from the share of neurons with at least k links: table is (n_nulls, n_k), in
 * numbers of the n neurons; column (n_nulls) is room. */
static void take_quantiles(const double *table, size_t n_nulls, size_t n, double *column,
                           sg_null_band *band)
{
    const size_t n_k = band->n;
    band->n = 0;
    for (size_t k = 0; k < n_k; k++) {
        for (size_t i = 0; i < n_nulls; i++)
            column[i] = table[i * n_k + k] / (double)n;
        qsort(column, n_nulls, sizeof *column, by_size);
        const double low = quantile(column, n_nulls, 0.025);
        const double high = quantile(column, n_nulls, 0.975);
        if (low >= 1.0) /* every neuron has as many: the band begins where that ends */
            band->n = 0;
        if (high == 0.0)
            break;
        band->k[band->n] = (double)(k + 1);
        band->low[band->n] = low;
        band->high[band->n++] = high;
    }
}

sg_status sg_null_band_draw(const sg_csr *m, sg_side side, const sg_null_band_how *how,
                            sg_null_band *ret, sg_error *err)
{
    const size_t n = side == SG_SIDE_OUT ? m->n_cols : m->n_rows;
    const size_t n_nulls = how->n_nulls;
    if (m->n_links == 0 || sg_csr_density(m) >= 1.0) {
        *ret = (sg_null_band){0};
        return SG_OK;
    }
    const size_t n_k = most_degree(m, side);
    SG_CLEANUP(sg_null_band_clear)
    sg_null_band band = {.n = n_k,
                         .k = SG_NEW_ARRAY(double, n_k),
                         .low = SG_NEW_ARRAY(double, n_k),
                         .high = SG_NEW_ARRAY(double, n_k)};
    SG_AUTOFREE double *table = SG_NEW_ARRAY(double, n_k *n_nulls);
    SG_AUTOFREE double *column = SG_NEW_ARRAY(double, n_nulls);
    if (!band.k || !band.low || !band.high || !table || !column)
        return sg_fail_memory(err, "drawing random links");

    for (size_t i = 0; i < n_nulls; i++) {
        sg_random random;
        sg_random_open(&random, how->seed, SG_RANDOM_NULL, how->link, (uint32_t)i);
        SG_TRY(draw_one(m, side, &random, n_k, table + i * n_k, err));
    }
    take_quantiles(table, n_nulls, n, column, &band);
    *ret = band;
    band = (sg_null_band){0};
    return SG_OK;
}
