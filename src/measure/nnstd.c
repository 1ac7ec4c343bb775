/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/nnstd.h"

#include "base/memory.h"
#include "base/status.h"
#include "measure/assignment.h"
#include "snapshot/alike.h"
#include <math.h>
#include <string.h>

/* Two networks of the same layers and links, and which neuron of `b` stands for one of `a`. */
typedef struct pair {
    const sg_snapshot *a;
    const sg_snapshot *b;
    size_t n_layers;
    uint32_t **twin; /* (n_layers) of each layer: (neurons) of `a`; NULL where unknown */
} pair;

static void clear_pair(pair *p)
{
    for (size_t i = 0; p->twin && i < p->n_layers; i++)
        sg_free(p->twin[i]);
    sg_free(p->twin);
}

void sg_nnstd_clear(sg_nnstd *d)
{
    sg_free(d->of_link);
    *d = (sg_nnstd){0};
}

static bool is_hidden(const sg_snapshot *s, size_t layer)
{
    bool receives = false;
    bool sends = false;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        receives = receives || sg_snapshot_link(s, i)->to == layer;
        sends = sends || sg_snapshot_link(s, i)->from == layer;
    }
    return receives && sends;
}

static double distance(uint64_t n_a, uint64_t n_b, uint64_t n_common)
{
    const double n_union = (double)(n_a + n_b - n_common);
    return n_union > 0 ? (n_union - (double)n_common) / n_union : 0;
}

static uint64_t degree(const sg_csr *m, size_t row)
{
    return m->row_start[row + 1] - m->row_start[row];
}

/* The connections of a matrix, or those that it lacks where these are fewer. */
typedef struct side {
    const sg_csr *matrix;
    sg_csr *lacking; /* NULL where `matrix` is counted itself */
} side;

static const sg_csr *counted(const side *s)
{
    return s->lacking ? s->lacking : s->matrix;
}

static void clear_side(side *s)
{
    sg_csr_free(s->lacking);
}

static sg_status make_side(side *ret, sg_error *err)
{
    const sg_csr *m = ret->matrix;
    if (sg_csr_density(m) <= 0.5)
        return SG_OK;
    SG_TRY(sg_csr_new(m->n_rows, m->n_cols, m->n_rows * m->n_cols - m->n_links, false,
                      &ret->lacking, err));
    sg_csr *l = ret->lacking;
    uint64_t n = 0;
    for (size_t i = 0; i < m->n_rows; i++) {
        uint64_t k = m->row_start[i];
        for (uint32_t col = 0; col < m->n_cols; col++) {
            const bool there = k < m->row_start[i + 1] && m->col[k] == col;
            k += there;
            if (!there)
                l->col[n++] = col;
        }
        l->row_start[i + 1] = n;
    }
    return SG_OK;
}

/* Adds to (n, n) counts, `each` at a time, the inputs that row i of `a` and row j of `b` share.
 * `sends` is the transpose of `b`: a row for each sending neuron. */
static void add_shared(const sg_csr *a, const sg_csr *sends, const uint32_t *twin, float each,
                       float *counts)
{
    for (size_t i = 0; i < a->n_rows; i++) {
        float *row = counts + i * a->n_rows;
        for (uint64_t k = a->row_start[i]; k < a->row_start[i + 1]; k++) {
            const uint32_t sender = twin[a->col[k]];
            for (uint64_t q = sends->row_start[sender]; q < sends->row_start[sender + 1]; q++)
                row[sends->col[q]] += each;
        }
    }
}

/*
 * Adds to (n, n) counts how many inputs row i of `a` and row j of `b` share. Where a matrix is
 * denser than one half, what it lacks is counted in its stead: |A and B| = |B| - |not A and B|.
 */
static sg_status add_common(const sg_csr *a, const sg_csr *b, const uint32_t *twin, float *counts,
                            sg_error *err)
{
    SG_CLEANUP(clear_side) side of_a = {.matrix = a};
    SG_CLEANUP(clear_side) side of_b = {.matrix = b};
    SG_TRY(make_side(&of_a, err));
    SG_TRY(make_side(&of_b, err));
    sg_csr *sends = NULL;
    SG_TRY(sg_csr_transpose(counted(&of_b), NULL, &sends, err));
    add_shared(counted(&of_a), sends, twin, !of_a.lacking == !of_b.lacking ? 1.0F : -1.0F, counts);
    sg_csr_free(sends);
    if (!of_a.lacking && !of_b.lacking)
        return SG_OK;
    const float both = of_a.lacking && of_b.lacking ? (float)a->n_cols : 0;
    for (size_t i = 0; i < a->n_rows; i++)
        for (size_t j = 0; j < a->n_rows; j++)
            counts[i * a->n_rows + j] += (of_b.lacking ? (float)degree(a, i) : 0) +
                                         (of_a.lacking ? (float)degree(b, j) : 0) - both;
    return SG_OK;
}

/* Makes costs of counts, in place, from the numbers of inputs of the neurons. */
static void make_costs(size_t n, const float *n_a, const float *n_b, float *counts)
{
    for (size_t i = 0; i < n; i++) {
        float *row = counts + i * n;
        for (size_t j = 0; j < n; j++) {
            const float all = n_a[i] + n_b[j];
            const float common = row[j];
            row[j] = sg_assignable((all - 2 * common) / fmaxf(all - common, 1.0F));
        }
    }
}

/* Counts the inputs of a layer's neurons over all links into it. */
static void add_inputs(const sg_snapshot *s, size_t layer, float *n_inputs)
{
    for (size_t k = 0; k < sg_snapshot_n_links(s); k++) {
        const sg_link *link = sg_snapshot_link(s, k);
        for (size_t i = 0; link->to == layer && i < link->matrix->n_rows; i++)
            n_inputs[i] += (float)degree(link->matrix, i);
    }
}

/* The distances of all neurons of a layer in `a` to all in `b`; *ret is the caller's. */
static sg_status all_distances(const pair *p, size_t layer, float **ret, sg_error *err)
{
    const size_t n = sg_snapshot_layer(p->a, layer)->size;
    SG_AUTOFREE float *cost = SG_NEW_ARRAY(float, n *n);
    SG_AUTOFREE float *inputs = SG_NEW_ARRAY(float, 2 * n);
    if (!cost || !inputs)
        return sg_fail_memory(err, "matching neurons");
    for (size_t k = 0; k < sg_snapshot_n_links(p->a); k++) {
        const sg_link *link = sg_snapshot_link(p->a, k);
        if (link->to != layer)
            continue;
        SG_TRY(add_common(link->matrix, sg_snapshot_link(p->b, k)->matrix, p->twin[link->from],
                          cost, err));
    }
    add_inputs(p->a, layer, inputs);
    add_inputs(p->b, layer, inputs + n);
    make_costs(n, inputs, inputs + n, cost);
    *ret = SG_TAKE(cost);
    return SG_OK;
}

/* Whether every layer that the layer hears has twins. */
static bool can_match(const pair *p, size_t layer)
{
    for (size_t k = 0; k < sg_snapshot_n_links(p->a); k++) {
        const sg_link *link = sg_snapshot_link(p->a, k);
        if (link->to == layer && !p->twin[link->from])
            return false;
    }
    return true;
}

static sg_status match_layer(pair *p, size_t layer, sg_error *err)
{
    const size_t n = sg_snapshot_layer(p->a, layer)->size;
    const bool hidden = is_hidden(p->a, layer);
    if (hidden && (n > SG_NNSTD_NEURONS_MAX || !can_match(p, layer)))
        return SG_OK;
    SG_AUTOFREE uint32_t *twin = SG_NEW_ARRAY(uint32_t, n);
    if (!twin)
        return sg_fail_memory(err, "matching neurons");
    for (size_t i = 0; i < n; i++)
        twin[i] = (uint32_t)i;
    if (hidden) {
        SG_AUTOFREE float *cost = NULL;
        SG_TRY(all_distances(p, layer, &cost, err));
        SG_TRY(sg_assign(cost, n, twin, err));
    }
    p->twin[layer] = SG_TAKE(twin);
    return SG_OK;
}

/* The mean distance of the matched neurons by one link. `seen` is (n_cols), zeroed: a neuron of
 * `b` that the row at hand hears holds the row's number plus 1. */
static double mean_distance(const pair *p, size_t link, uint64_t *seen)
{
    const sg_link *at = sg_snapshot_link(p->a, link);
    const sg_csr *a = at->matrix;
    const sg_csr *b = sg_snapshot_link(p->b, link)->matrix;
    const uint32_t *receiver = p->twin[at->to];
    const uint32_t *sender = p->twin[at->from];
    double sum = 0;
    if (!receiver || !sender || a->n_rows == 0)
        return NAN;
    for (size_t i = 0; i < a->n_rows; i++) {
        const size_t j = receiver[i];
        uint64_t n_common = 0;
        for (uint64_t k = b->row_start[j]; k < b->row_start[j + 1]; k++)
            seen[b->col[k]] = i + 1;
        for (uint64_t k = a->row_start[i]; k < a->row_start[i + 1]; k++)
            n_common += seen[sender[a->col[k]]] == i + 1;
        sum += distance(degree(a, i), degree(b, j), n_common);
    }
    return sum / (double)a->n_rows;
}

static sg_status measure_links(const pair *p, sg_nnstd *d, sg_error *err)
{
    d->network = 0;
    for (size_t k = 0; k < d->n_links; k++) {
        const sg_csr *m = sg_snapshot_link(p->a, k)->matrix;
        SG_AUTOFREE uint64_t *seen = SG_NEW_ARRAY(uint64_t, m->n_cols);
        if (!seen)
            return sg_fail_memory(err, "comparing neurons");
        d->of_link[k] = mean_distance(p, k, seen);
        d->network += d->of_link[k] / (double)d->n_links;
    }
    return SG_OK;
}

sg_status sg_nnstd_make(const sg_snapshot *a, const sg_snapshot *b, sg_nnstd *ret, sg_error *err)
{
    SG_CLEANUP(sg_nnstd_clear)
    sg_nnstd d = {.n_links = sg_snapshot_n_links(a), .network = NAN};
    d.of_link = SG_NEW_ARRAY(double, d.n_links);
    if (!d.of_link)
        return sg_fail_memory(err, "comparing networks");
    for (size_t k = 0; k < d.n_links; k++)
        d.of_link[k] = NAN;
    if (d.n_links > 0 && sg_snapshots_are_alike(a, b)) {
        SG_CLEANUP(clear_pair)
        pair p = {.a = a, .b = b, .n_layers = sg_snapshot_n_layers(a)};
        p.twin = SG_NEW_ARRAY(uint32_t *, p.n_layers);
        if (!p.twin)
            return sg_fail_memory(err, "comparing networks");
        for (size_t layer = 0; layer < p.n_layers; layer++)
            SG_TRY(match_layer(&p, layer, err));
        SG_TRY(measure_links(&p, &d, err));
    }
    *ret = d;
    d = (sg_nnstd){0};
    return SG_OK;
}
