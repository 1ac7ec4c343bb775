/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

/*
 * Neural persistence. All neurons of a link's two layers are there from the start, at 1; its
 * connections come in by falling |weight| / largest |weight| of the network; each one that joins
 * two components ends one of them, after 1 - |weight| / largest.
 */

/*
 * A connection while it is sorted: the bits of |weight|, which as integers order as the floats do,
 * above its place in the matrix. A word each is what a matrix of 10^9 connections can afford.
 */
enum { PLACE_BITS = 33 };

static uint32_t bits_of(float weight)
{
    uint32_t bits;
    memcpy(&bits, &weight, sizeof bits);
    return bits & UINT32_C(0x7fffffff);
}

static float weight_of(uint32_t bits)
{
    float weight;
    memcpy(&weight, &bits, sizeof weight);
    return weight;
}

enum { DIGIT_BITS = 11, N_DIGITS = 1 << DIGIT_BITS, N_PASSES = 3 /* 33 bits hold the 31 */ };

/* Sorts by falling key, stably; returns where the result is, in `edges` or in `spare`. */
static uint64_t *sort_edges(uint64_t *edges, uint64_t *spare, size_t n)
{
    for (unsigned pass = 0; pass < N_PASSES; pass++) {
        const unsigned shift = PLACE_BITS + pass * DIGIT_BITS;
        size_t begin[N_DIGITS] = {0};
        for (size_t i = 0; i < n; i++)
            begin[edges[i] >> shift & (N_DIGITS - 1)]++;
        size_t before = 0;
        for (size_t digit = N_DIGITS; digit-- > 0;) {
            const size_t count = begin[digit];
            begin[digit] = before;
            before += count;
        }
        for (size_t i = 0; i < n; i++)
            spare[begin[edges[i] >> shift & (N_DIGITS - 1)]++] = edges[i];
        uint64_t *swapped = edges;
        edges = spare;
        spare = swapped;
    }
    return edges;
}

/* The root of v's component; halves the way there. */
static size_t root_of(size_t *parent, size_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

/* Sum of (1 - |w| / largest)^2 over the connections that join components, by Kruskal's rule, and of
 * 1 for each component but one that is left: absent connections come last, at 0. */
static double sum_of_squares(const uint64_t *sorted, const uint32_t *row, const sg_csr *m,
                             double largest, size_t *parent)
{
    const size_t n_neurons = m->n_rows + m->n_cols;
    size_t n_components = n_neurons;
    double sum = 0;
    for (size_t v = 0; v < n_neurons; v++)
        parent[v] = v;
    for (size_t i = 0; i < m->n_links && n_components > 1; i++) {
        const uint64_t k = sorted[i] & ((UINT64_C(1) << PLACE_BITS) - 1);
        const size_t a = root_of(parent, row[k]);
        const size_t b = root_of(parent, m->n_rows + m->col[k]);
        if (a == b)
            continue;
        parent[a < b ? b : a] = a < b ? a : b;
        const double life = 1 - (double)weight_of((uint32_t)(sorted[i] >> PLACE_BITS)) / largest;
        sum += life * life;
        n_components--;
    }
    return sum + (double)(n_components - 1);
}

static sg_status persistence_of(const sg_csr *m, double largest, double *ret, sg_error *err)
{
    if (m->n_links >> PLACE_BITS > 0)
        return sg_fail(err, SG_EUNSUPPORTED, "neural persistence of more than 2^33 connections");
    SG_AUTOFREE uint64_t *edges = SG_NEW_ARRAY(uint64_t, m->n_links);
    SG_AUTOFREE uint64_t *spare = SG_NEW_ARRAY(uint64_t, m->n_links);
    SG_AUTOFREE uint32_t *row_of = SG_NEW_ARRAY(uint32_t, m->n_links);
    SG_AUTOFREE size_t *parent = SG_NEW_ARRAY(size_t, m->n_rows + m->n_cols);
    if (!edges || !spare || !row_of || !parent)
        return sg_fail_memory(err, "measuring neural persistence");
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            edges[k] = (uint64_t)bits_of(m->value ? m->value[k] : 1.0F) << PLACE_BITS | k;
            row_of[k] = (uint32_t)row;
        }
    const uint64_t *sorted = sort_edges(edges, spare, m->n_links);
    const double n_pairs = (double)(m->n_rows + m->n_cols - 1);
    *ret = sqrt(sum_of_squares(sorted, row_of, m, largest, parent) / n_pairs);
    return SG_OK;
}

/* Largest |weight| of the whole network. */
static double largest_weight(const sg_snapshot *s)
{
    uint32_t largest = 0;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        for (size_t k = 0; k < m->n_links; k++) {
            const uint32_t bits = bits_of(m->value ? m->value[k] : 1.0F);
            largest = bits > largest ? bits : largest;
        }
    }
    return (double)weight_of(largest);
}

/* Keeps one number a link. */
static sg_status measure_links(sg_measured *m, const double **ret, sg_error *err)
{
    *ret = sg_measured_kept(m, SG_KEPT_PERSISTENCE);
    if (*ret)
        return SG_OK;
    SG_AUTOFREE double *of_link = SG_NEW_ARRAY(double, m->n_links);
    if (!of_link)
        return sg_fail_memory(err, "measuring neural persistence");
    const double largest = largest_weight(m->snapshot);
    for (size_t i = 0; i < m->n_links; i++) {
        of_link[i] = NAN;
        if (largest > 0)
            SG_TRY(persistence_of(sg_snapshot_link(m->snapshot, i)->matrix, largest, &of_link[i],
                                  err));
    }
    *ret = of_link;
    sg_measured_keep(m, SG_KEPT_PERSISTENCE, SG_TAKE(of_link), sg_free);
    return SG_OK;
}

static sg_status link_persistence(const sg_measure *self, sg_measured *m, size_t subject,
                                  double *ret, sg_error *err)
{
    (void)self;
    const double *of_link = NULL;
    SG_TRY(measure_links(m, &of_link, err));
    *ret = of_link[subject];
    return SG_OK;
}

static sg_status mean_persistence(const sg_measure *self, sg_measured *m, size_t subject,
                                  double *ret, sg_error *err)
{
    (void)self;
    (void)subject;
    const double *of_link = NULL;
    SG_TRY(measure_links(m, &of_link, err));
    double sum = 0;
    for (size_t i = 0; i < m->n_links; i++)
        sum += of_link[i];
    *ret = m->n_links > 0 ? sum / (double)m->n_links : NAN;
    return SG_OK;
}

/* The authors' program also counts the component that never ends, as 1; we leave it out, as their
 * bound does, so that the value stays in [0, 1]. */
#define PERSISTENCE_SOURCE "Rieck et al., ICLR 2019, doi:10.48550/arXiv.1812.09764"

static const sg_measure of_links[] = {
    {"neural_persistence", "dimensionless",
     "sqrt(sum of (1 - |w|/max)^2 / (n - 1)) over the joins of components as |w| falls, max over "
     "all links, n neurons of both sides; absent connections join last, at 0",
     PERSISTENCE_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_DEGREES, 0, link_persistence},
};

static const sg_measure of_network[] = {
    {"network_neural_persistence", "dimensionless", "mean neural persistence of the links",
     PERSISTENCE_SOURCE, SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_DEGREES, 0, mean_persistence},
};

const sg_measure_family sg_family_persistence = {of_links, SG_COUNT(of_links)};
const sg_measure_family sg_family_network_persistence = {of_network, SG_COUNT(of_network)};
