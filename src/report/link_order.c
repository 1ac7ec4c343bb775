/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/link_order.h"

#include "base/status.h"
#include "measure/bipartite_modules.h"
#include "report/source.h"
#include <math.h>
#include <stdlib.h>

void sg_link_order_clear(sg_link_order *o)
{
    sg_free(o->row_at);
    sg_free(o->col_at);
    sg_free(o->row_cut);
    sg_free(o->col_cut);
    *o = (sg_link_order){0};
}

/* One side of a link. */
typedef struct half {
    size_t n;
    const uint32_t *degree; /* (n) */
    const uint32_t *module; /* (n); NULL: all alike */
} half;

typedef struct item {
    uint32_t neuron, degree, rank; /* rank: of its module */
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

/* Places one side, neurons without links last; cut is (n_modules - 1) or NULL. */
static sg_status place(const half *h, const uint32_t *rank, size_t n_modules, uint32_t *at,
                       uint32_t *cut, sg_error *err)
{
    SG_AUTOFREE item *items = SG_NEW_ARRAY(item, h->n);
    if (!items)
        return sg_fail_memory(err, "ordering neurons");
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t of_linked = h->module && h->degree[i] > 0 ? rank[h->module[i]] : 0;
        items[i] = (item){i, h->degree[i], h->degree[i] > 0 ? of_linked : UINT32_MAX};
    }
    qsort(items, h->n, sizeof *items, by_rank_then_degree);
    for (uint32_t i = 0; i < h->n; i++)
        at[items[i].neuron] = i;
    size_t next = 0;
    for (size_t k = 1; cut && k < n_modules; k++) {
        while (next < h->n && items[next].rank < k)
            next++;
        cut[k - 1] = (uint32_t)next;
    }
    return SG_OK;
}

typedef struct module_size {
    size_t n;
    uint32_t module;
} module_size;

static int by_size(const void *a, const void *b)
{
    const module_size *x = a;
    const module_size *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->module > y->module) - (x->module < y->module);
}

static void count_neurons(const half *h, module_size *sizes)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->degree[i] > 0)
            sizes[h->module[i]].n++;
}

/* Places both sides by their modules, the largest first. */
static sg_status place_modules(const half *rows, const half *cols, size_t n_modules,
                               sg_link_order *o, sg_error *err)
{
    SG_AUTOFREE uint32_t *rank = SG_NEW_ARRAY(uint32_t, n_modules);
    SG_AUTOFREE module_size *sizes = SG_NEW_ARRAY(module_size, n_modules);
    const size_t n_cuts = n_modules > 1 ? n_modules - 1 : 0;
    o->n_communities = n_modules;
    o->row_cut = SG_NEW_ARRAY(uint32_t, n_cuts);
    o->col_cut = SG_NEW_ARRAY(uint32_t, n_cuts);
    if (!rank || !sizes || !o->row_cut || !o->col_cut)
        return sg_fail_memory(err, "ordering neurons");
    for (uint32_t i = 0; i < n_modules; i++)
        sizes[i] = (module_size){0, i};
    count_neurons(rows, sizes);
    count_neurons(cols, sizes);
    qsort(sizes, n_modules, sizeof *sizes, by_size);
    for (uint32_t i = 0; i < n_modules; i++)
        rank[sizes[i].module] = i;
    SG_TRY(place(rows, rank, n_modules, o->row_at, o->row_cut, err));
    return place(cols, rank, n_modules, o->col_at, o->col_cut, err);
}

static sg_status place_by_module(const sg_csr *m, half *rows, half *cols, sg_link_order *o,
                                 sg_error *err)
{
    static const sg_modules_params how = {.n_starts = SG_MODULES_STARTS, .seed = 1};
    SG_CLEANUP(sg_modules_clear) sg_modules found = {0};
    SG_TRY(sg_modules_find(m, &how, &found, err));
    rows->module = found.row;
    cols->module = found.col;
    o->modularity = found.modularity;
    return place_modules(rows, cols, found.n, o, err);
}

static void number(uint32_t *at, size_t n)
{
    for (uint32_t i = 0; i < n; i++)
        at[i] = i;
}

sg_status sg_link_order_of(const sg_csr *m, sg_render_order order, sg_link_order *ret,
                           sg_error *err)
{
    SG_CLEANUP(sg_link_order_clear)
    sg_link_order o = {.row_at = SG_NEW_ARRAY(uint32_t, m->n_rows),
                       .col_at = SG_NEW_ARRAY(uint32_t, m->n_cols),
                       .modularity = (double)NAN};
    SG_AUTOFREE uint32_t *row_degree = SG_NEW_ARRAY(uint32_t, m->n_rows);
    SG_AUTOFREE uint32_t *col_degree = SG_NEW_ARRAY(uint32_t, m->n_cols);
    if (!o.row_at || !o.col_at || !row_degree || !col_degree)
        return sg_fail_memory(err, "ordering neurons");
    sg_source_degrees(m, false, row_degree);
    sg_source_degrees(m, true, col_degree);
    half rows = {m->n_rows, row_degree, NULL};
    half cols = {m->n_cols, col_degree, NULL};

    if (order == SG_RENDER_NATURAL) {
        number(o.row_at, m->n_rows);
        number(o.col_at, m->n_cols);
    } else if (order == SG_RENDER_BY_COMMUNITY && m->n_links > 0) {
        SG_TRY(place_by_module(m, &rows, &cols, &o, err));
    } else {
        SG_TRY(place(&rows, NULL, 0, o.row_at, NULL, err));
        SG_TRY(place(&cols, NULL, 0, o.col_at, NULL, err));
    }
    *ret = o;
    o = (sg_link_order){0};
    return SG_OK;
}
