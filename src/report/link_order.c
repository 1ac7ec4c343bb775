/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/link_order.h"

#include "base/status.h"
#include "report/source.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 200 };

void sg_link_order_clear(sg_link_order *o)
{
    sg_free(o->row_at);
    sg_free(o->col_at);
    sg_free(o->row_cut);
    sg_free(o->col_cut);
    *o = (sg_link_order){0};
}

/* One side of a link: its neurons' neighbours, in compressed rows. */
typedef struct half {
    size_t n;
    const uint64_t *start; /* (n + 1) */
    const uint32_t *other; /* (links) */
    uint32_t *degree;      /* (n) */
    uint32_t *label;       /* (n) community */
} half;

/* Both sides, and room to work in. */
typedef struct climb {
    half row, col;
    uint64_t *col_start; /* owned by the columns' half */
    uint32_t *col_other;
    double *weight; /* (n_cols) degrees of one side in each community */
    double *count;  /* (n_cols) a neuron's links into each community */
} climb;

static void climb_cleanup(climb *c)
{
    sg_free(c->row.degree);
    sg_free(c->row.label);
    sg_free(c->col.degree);
    sg_free(c->col.label);
    sg_free(c->col_start);
    sg_free(c->col_other);
    sg_free(c->weight);
    sg_free(c->count);
}

/* Turns the rows round: the neighbours of each column. */
static void transpose(const sg_csr *m, climb *c)
{
    for (size_t i = 0; i < m->n_links; i++)
        c->col_start[m->col[i] + 1]++;
    for (size_t i = 0; i < m->n_cols; i++)
        c->col_start[i + 1] += c->col_start[i];
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t i = m->row_start[row]; i < m->row_start[row + 1]; i++)
            c->col_other[c->col_start[m->col[i]]++] = (uint32_t)row;
    memmove(c->col_start + 1, c->col_start, m->n_cols * sizeof *c->col_start);
    c->col_start[0] = 0;
}

static sg_status open_climb(const sg_csr *m, climb *c, sg_error *err)
{
    c->col_start = SG_NEW_ARRAY(uint64_t, m->n_cols + 1);
    c->col_other = SG_NEW_ARRAY(uint32_t, m->n_links);
    c->weight = SG_NEW_ARRAY(double, m->n_cols);
    c->count = SG_NEW_ARRAY(double, m->n_cols);
    c->row = (half){m->n_rows, m->row_start, m->col, SG_NEW_ARRAY(uint32_t, m->n_rows),
                    SG_NEW_ARRAY(uint32_t, m->n_rows)};
    c->col = (half){m->n_cols, c->col_start, c->col_other, SG_NEW_ARRAY(uint32_t, m->n_cols),
                    SG_NEW_ARRAY(uint32_t, m->n_cols)};
    if (!c->col_start || !c->col_other || !c->weight || !c->count || !c->row.degree ||
        !c->row.label || !c->col.degree || !c->col.label)
        return sg_fail_memory(err, "ordering neurons");
    transpose(m, c);
    sg_source_degrees(m, false, c->row.degree);
    sg_source_degrees(m, true, c->col.degree);
    for (uint32_t i = 0; i < m->n_cols; i++)
        c->col.label[i] = i;
    return SG_OK;
}

static void weigh(const half *h, double *weight, size_t n_labels)
{
    memset(weight, 0, n_labels * sizeof *weight);
    for (size_t i = 0; i < h->n; i++)
        weight[h->label[i]] += h->degree[i];
}

/* Gives each neuron of one side the label of the most links beyond what the degrees let expect;
 * a tie goes to the label met first. Returns whether any label changed. */
static bool relabel(half *own, const half *opposite, climb *c, double n_links)
{
    bool changed = false;
    weigh(opposite, c->weight, c->col.n);
    for (size_t i = 0; i < own->n; i++) {
        uint32_t best = own->label[i];
        double best_gain = -(double)INFINITY;
        for (uint64_t k = own->start[i]; k < own->start[i + 1]; k++)
            c->count[opposite->label[own->other[k]]] += 1.0;
        for (uint64_t k = own->start[i]; k < own->start[i + 1]; k++) {
            const uint32_t label = opposite->label[own->other[k]];
            const double gain = c->count[label] - own->degree[i] * c->weight[label] / n_links;
            if (gain > best_gain + 1e-9) {
                best_gain = gain;
                best = label;
            }
        }
        for (uint64_t k = own->start[i]; k < own->start[i + 1]; k++)
            c->count[opposite->label[own->other[k]]] = 0.0;
        changed = changed || best != own->label[i];
        own->label[i] = best;
    }
    return changed;
}

/* Barber's modularity: share of links within communities, less what the degrees let expect. */
static double modularity(climb *c, double n_links)
{
    double within = 0.0;
    double expected = 0.0;
    for (size_t i = 0; i < c->row.n; i++)
        for (uint64_t k = c->row.start[i]; k < c->row.start[i + 1]; k++)
            within += c->row.label[i] == c->col.label[c->row.other[k]] ? 1.0 : 0.0;
    weigh(&c->row, c->count, c->col.n);
    weigh(&c->col, c->weight, c->col.n);
    for (size_t label = 0; label < c->col.n; label++)
        expected += c->count[label] * c->weight[label];
    memset(c->count, 0, c->col.n * sizeof *c->count);
    return within / n_links - expected / (n_links * n_links);
}

typedef struct item {
    uint32_t neuron, degree, rank; /* rank: of its community */
} item;

static int by_rank_then_degree(const void *a, const void *b)
{
    const item *x = a;
    const item *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->degree != y->degree)
        return x->degree > y->degree ? -1 : 1;
    return (x->neuron > y->neuron) - (x->neuron < y->neuron);
}

/* Places one side; rank (by label) may be NULL: all alike. cut is (n_communities - 1) or NULL. */
static sg_status place(const half *h, const uint32_t *rank, size_t n_communities, uint32_t *at,
                       uint32_t *cut, sg_error *err)
{
    SG_AUTOFREE item *items = SG_NEW_ARRAY(item, h->n);
    if (!items)
        return sg_fail_memory(err, "ordering neurons");
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t of_linked = rank ? rank[h->label[i]] : 0;
        items[i] = (item){i, h->degree[i], h->degree[i] > 0 ? of_linked : UINT32_MAX};
    }
    qsort(items, h->n, sizeof *items, by_rank_then_degree);
    for (uint32_t i = 0; i < h->n; i++)
        at[items[i].neuron] = i;
    size_t next = 0;
    for (size_t k = 1; cut && k < n_communities; k++) {
        while (next < h->n && items[next].rank < k)
            next++;
        cut[k - 1] = (uint32_t)next;
    }
    return SG_OK;
}

typedef struct community {
    double size;
    uint32_t label;
} community;

static int by_size(const void *a, const void *b)
{
    const community *x = a;
    const community *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->label > y->label) - (x->label < y->label);
}

/* Ranks the communities by their neurons with links, the largest first, those without links after
 * all of them; returns how many have links. */
static size_t rank_communities(climb *c, uint32_t *rank, community *all)
{
    size_t n = 0;
    for (uint32_t label = 0; label < c->col.n; label++)
        all[label] = (community){0.0, label};
    for (size_t i = 0; i < c->row.n; i++)
        all[c->row.label[i]].size += c->row.degree[i] > 0 ? 1.0 : 0.0;
    for (size_t i = 0; i < c->col.n; i++)
        all[c->col.label[i]].size += c->col.degree[i] > 0 ? 1.0 : 0.0;
    qsort(all, c->col.n, sizeof *all, by_size);
    while (n < c->col.n && all[n].size > 0.0)
        n++;
    for (uint32_t i = 0; i < c->col.n; i++)
        rank[all[i].label] = i < n ? i : (uint32_t)n;
    return n;
}

static sg_status place_communities(climb *c, sg_link_order *o, sg_error *err)
{
    SG_AUTOFREE uint32_t *rank = SG_NEW_ARRAY(uint32_t, c->col.n + 1);
    SG_AUTOFREE community *all = SG_NEW_ARRAY(community, c->col.n);
    if (!rank || !all)
        return sg_fail_memory(err, "ordering neurons");
    o->n_communities = rank_communities(c, rank, all);
    const size_t n_cuts = o->n_communities > 1 ? o->n_communities - 1 : 0;
    o->row_cut = SG_NEW_ARRAY(uint32_t, n_cuts);
    o->col_cut = SG_NEW_ARRAY(uint32_t, n_cuts);
    if (!o->row_cut || !o->col_cut)
        return sg_fail_memory(err, "ordering neurons");
    SG_TRY(place(&c->row, rank, o->n_communities, o->row_at, o->row_cut, err));
    return place(&c->col, rank, o->n_communities, o->col_at, o->col_cut, err);
}

sg_status sg_link_order_of(const sg_csr *m, sg_render_order order, sg_link_order *ret,
                           sg_error *err)
{
    SG_CLEANUP(sg_link_order_clear)
    sg_link_order o = {.row_at = SG_NEW_ARRAY(uint32_t, m->n_rows),
                       .col_at = SG_NEW_ARRAY(uint32_t, m->n_cols),
                       .modularity = (double)NAN};
    SG_CLEANUP(climb_cleanup) climb c = {.weight = NULL};
    if (!o.row_at || !o.col_at)
        return sg_fail_memory(err, "ordering neurons");
    SG_TRY(open_climb(m, &c, err));

    if (order == SG_RENDER_NATURAL) {
        for (uint32_t i = 0; i < m->n_rows; i++)
            o.row_at[i] = i;
        for (uint32_t i = 0; i < m->n_cols; i++)
            o.col_at[i] = i;
    } else if (order == SG_RENDER_BY_COMMUNITY && m->n_links > 0) {
        const double n_links = (double)m->n_links;
        bool changed = true;
        for (int round = 0; changed && round < ROUNDS_MAX; round++) {
            changed = relabel(&c.row, &c.col, &c, n_links);
            changed = relabel(&c.col, &c.row, &c, n_links) || changed;
        }
        o.modularity = modularity(&c, n_links);
        SG_TRY(place_communities(&c, &o, err));
    } else {
        SG_TRY(place(&c.row, NULL, 0, o.row_at, NULL, err));
        SG_TRY(place(&c.col, NULL, 0, o.col_at, NULL, err));
    }
    *ret = o;
    o = (sg_link_order){0};
    return SG_OK;
}
