/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/bipartite_modules.h"

#include "base/memory.h"
#include "base/random.h"
#include "sparse/topology.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

/* Of the starts from few modules the first has so many, the next one more. Such starts climb higher
 * on links without clear modules, where growing from single neurons stops early. */
enum { FEWEST_MODULES = 4 };

__extension__ typedef __int128 wide; /* holds m^2 */

/* The neurons of one side. */
typedef struct party {
    const sg_csr *partners; /* a row each */
    uint32_t *module;       /* (n_rows of partners) */
    uint64_t *degree;       /* (n_modules) sum over the module's neurons on this side */
} party;

/* Two modules that might be one. */
typedef struct merger {
    uint64_t modules; /* the lower << 32 | the higher */
    double gain;
} merger;

typedef struct search {
    party side[SG_N_SIDES];
    sg_side small;    /* the side with fewer neurons */
    size_t n_modules; /* there never are more */
    int64_t n_links;
    uint32_t *n_to;    /* (n_modules) of a neuron's connections; 0 between neurons */
    uint32_t *touched; /* (n_modules) where n_to is not 0 */
    uint32_t *becomes; /* (n_modules) */
    uint64_t *pair;    /* (2 n_links) modules joined by connections, and scratch to sort them */
    merger *mergers;   /* (n_links) */
    uint32_t *best[SG_N_SIDES]; /* the best partition so far */
    wide best_quality;
    bool has_best;
} search;

void sg_modules_clear(sg_modules *m)
{
    if (!m)
        return;
    sg_free(m->row);
    sg_free(m->col);
    *m = (sg_modules){0};
}

static void search_clear(search *s)
{
    for (size_t i = 0; i < SG_N_SIDES; i++) {
        sg_free(s->side[i].module);
        sg_free(s->side[i].degree);
        sg_free(s->best[i]);
    }
    sg_free(s->n_to);
    sg_free(s->touched);
    sg_free(s->becomes);
    sg_free(s->pair);
    sg_free(s->mergers);
}

static sg_status search_open(search *s, const sg_csr *rows, const sg_csr *cols, sg_error *err)
{
    s->small = rows->n_rows <= cols->n_rows ? SG_SIDE_IN : SG_SIDE_OUT;
    s->n_links = (int64_t)rows->n_links;
    s->side[SG_SIDE_IN].partners = rows;
    s->side[SG_SIDE_OUT].partners = cols;
    s->n_modules = s->side[s->small].partners->n_rows;
    bool has_all = true;
    for (size_t i = 0; i < SG_N_SIDES; i++) {
        party *p = &s->side[i];
        p->module = SG_NEW_ARRAY(uint32_t, p->partners->n_rows);
        p->degree = SG_NEW_ARRAY(uint64_t, s->n_modules);
        s->best[i] = SG_NEW_ARRAY(uint32_t, p->partners->n_rows);
        has_all = has_all && p->module && p->degree && s->best[i];
    }
    s->n_to = SG_NEW_ARRAY(uint32_t, s->n_modules);
    s->touched = SG_NEW_ARRAY(uint32_t, s->n_modules);
    s->becomes = SG_NEW_ARRAY(uint32_t, s->n_modules);
    s->pair = sg_alloc(rows->n_links, 2 * sizeof *s->pair);
    s->mergers = SG_NEW_ARRAY(merger, rows->n_links);
    has_all = has_all && s->n_to && s->touched && s->becomes && s->pair && s->mergers;
    return has_all ? SG_OK : sg_fail_memory(err, "looking for modules");
}

static uint64_t degree_of(const party *p, size_t i)
{
    return p->partners->row_start[i + 1] - p->partners->row_start[i];
}

/* m^2 times what a neuron's being in a module adds to Q. */
static int64_t gain(const search *s, const party *other, uint64_t degree, uint32_t module)
{
    return s->n_links * (int64_t)s->n_to[module] - (int64_t)(degree * other->degree[module]);
}

/* The module that raises Q most; its own unless another does better, then the lowest. */
static uint32_t choose(const search *s, const party *me, const party *other, size_t i,
                       size_t n_touched)
{
    const uint64_t degree = degree_of(me, i);
    uint32_t best = me->module[i];
    int64_t best_gain = best == SG_NO_MODULE ? INT64_MIN : gain(s, other, degree, best);
    const int64_t own_gain = best_gain;
    for (size_t t = 0; t < n_touched; t++) {
        const int64_t its = gain(s, other, degree, s->touched[t]);
        if (its > best_gain || (its == best_gain && its > own_gain && s->touched[t] < best)) {
            best = s->touched[t];
            best_gain = its;
        }
    }
    return best;
}

/* Moves each neuron of a side, which does not change what the others of its side had best do. */
static bool sweep(search *s, sg_side side)
{
    party *me = &s->side[side];
    const party *other = &s->side[side == SG_SIDE_IN ? SG_SIDE_OUT : SG_SIDE_IN];
    const sg_csr *m = me->partners;
    bool moved = false;
    for (size_t i = 0; i < m->n_rows; i++) {
        size_t n_touched = 0;
        for (uint64_t k = m->row_start[i]; k < m->row_start[i + 1]; k++) {
            const uint32_t module = other->module[m->col[k]];
            if (s->n_to[module]++ == 0)
                s->touched[n_touched++] = module;
        }
        if (n_touched == 0)
            continue;
        const uint32_t best = choose(s, me, other, i, n_touched);
        for (size_t t = 0; t < n_touched; t++)
            s->n_to[s->touched[t]] = 0;
        if (best == me->module[i])
            continue;
        if (me->module[i] != SG_NO_MODULE)
            me->degree[me->module[i]] -= degree_of(me, i);
        me->degree[best] += degree_of(me, i);
        me->module[i] = best;
        moved = true;
    }
    return moved;
}

static int by_gain(const void *a, const void *b)
{
    const merger *x = a;
    const merger *y = b;
    if (x->gain != y->gain)
        return x->gain > y->gain ? -1 : 1;
    return x->modules < y->modules ? -1 : x->modules > y->modules;
}

/* Lists the pairs of modules that had better be one, the most gainful first. */
static size_t list_mergers(search *s)
{
    const party *rows = &s->side[SG_SIDE_IN];
    const party *cols = &s->side[SG_SIDE_OUT];
    const sg_csr *m = rows->partners;
    size_t n = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            const uint64_t g = rows->module[row];
            const uint64_t h = cols->module[m->col[k]];
            if (g != h)
                s->pair[n++] = g < h ? g << 32 | h : h << 32 | g;
        }
    }
    sg_sort_u64(s->pair, n, s->pair + n);
    size_t n_mergers = 0;
    for (size_t first = 0, next = 0; first < n; first = next) {
        while (next < n && s->pair[next] == s->pair[first])
            next++;
        const size_t g = (size_t)(s->pair[first] >> 32);
        const size_t h = (size_t)(s->pair[first] & UINT32_MAX);
        const wide expected =
            (wide)rows->degree[g] * cols->degree[h] + (wide)rows->degree[h] * cols->degree[g];
        const wide more = (wide)s->n_links * (wide)(next - first) - expected;
        if (more > 0)
            s->mergers[n_mergers++] = (merger){s->pair[first], (double)more};
    }
    qsort(s->mergers, n_mergers, sizeof *s->mergers, by_gain);
    return n_mergers;
}

static void rename_modules(party *p, const uint32_t *becomes)
{
    for (size_t i = 0; i < p->partners->n_rows; i++)
        if (p->module[i] != SG_NO_MODULE)
            p->module[i] = becomes[p->module[i]];
}

/* Merges each module with at most one other. */
static bool merge(search *s)
{
    const size_t n = list_mergers(s);
    for (uint32_t g = 0; g < s->n_modules; g++)
        s->becomes[g] = g;
    bool *taken = (bool *)s->touched; /* idle here, and as long */
    memset(taken, 0, s->n_modules * sizeof *taken);
    for (size_t i = 0; i < n; i++) {
        const size_t g = (size_t)(s->mergers[i].modules >> 32);
        const size_t h = (size_t)(s->mergers[i].modules & UINT32_MAX);
        if (taken[g] || taken[h])
            continue;
        taken[g] = taken[h] = true;
        s->becomes[h] = (uint32_t)g;
        for (size_t side = 0; side < SG_N_SIDES; side++) {
            s->side[side].degree[g] += s->side[side].degree[h];
            s->side[side].degree[h] = 0;
        }
    }
    for (size_t side = 0; n > 0 && side < SG_N_SIDES; side++)
        rename_modules(&s->side[side], s->becomes);
    return n > 0;
}

/* Returns m^2 Q, exactly. */
static wide quality(const search *s)
{
    const party *rows = &s->side[SG_SIDE_IN];
    const party *cols = &s->side[SG_SIDE_OUT];
    const sg_csr *m = rows->partners;
    int64_t n_within = 0;
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            n_within += rows->module[row] == cols->module[m->col[k]];
    wide q = (wide)s->n_links * n_within;
    for (size_t g = 0; g < s->n_modules; g++)
        q -= (wide)rows->degree[g] * cols->degree[g];
    return q;
}

/* Gives the smaller side n modules at random, or, for n = 0, a module to each neuron. */
static void start_from(search *s, size_t n, sg_random *random)
{
    for (size_t side = 0; side < SG_N_SIDES; side++) {
        party *p = &s->side[side];
        memset(p->degree, 0, s->n_modules * sizeof *p->degree);
        for (size_t i = 0; i < p->partners->n_rows; i++)
            p->module[i] = SG_NO_MODULE;
    }
    party *p = &s->side[s->small];
    for (size_t i = 0; i < p->partners->n_rows; i++) {
        if (degree_of(p, i) == 0)
            continue;
        p->module[i] = (uint32_t)(n > 0 ? sg_random_below(random, n) : i);
        p->degree[p->module[i]] += degree_of(p, i);
    }
}

/* Climbs from the partition of the smaller side, and keeps what it finds if nothing was better. */
static void climb(search *s)
{
    const sg_side large = s->small == SG_SIDE_IN ? SG_SIDE_OUT : SG_SIDE_IN;
    do {
        bool moved = true;
        while (moved) {
            moved = sweep(s, large);
            moved |= sweep(s, s->small);
        }
    } while (merge(s));
    const wide q = quality(s);
    if (s->has_best && q <= s->best_quality)
        return;
    s->has_best = true;
    s->best_quality = q;
    for (size_t side = 0; side < SG_N_SIDES; side++)
        memcpy(s->best[side], s->side[side].module,
               s->side[side].partners->n_rows * sizeof *s->best[side]);
}

/* Numbers the modules from 0 in the order of rows, and counts them. */
static size_t number(search *s)
{
    uint32_t n = 0;
    for (size_t g = 0; g < s->n_modules; g++)
        s->becomes[g] = SG_NO_MODULE;
    for (size_t side = 0; side < SG_N_SIDES; side++) {
        uint32_t *module = s->best[side];
        for (size_t i = 0; i < s->side[side].partners->n_rows; i++) {
            if (module[i] == SG_NO_MODULE)
                continue;
            if (s->becomes[module[i]] == SG_NO_MODULE)
                s->becomes[module[i]] = n++;
            module[i] = s->becomes[module[i]];
        }
    }
    return n;
}

/* Where nothing is better than a single module, as in a full link, it is the answer. */
static void prefer_one(search *s)
{
    if (s->best_quality > 0)
        return;
    s->best_quality = 0;
    for (size_t side = 0; side < SG_N_SIDES; side++)
        for (size_t i = 0; i < s->side[side].partners->n_rows; i++)
            s->best[side][i] = degree_of(&s->side[side], i) > 0 ? 0 : SG_NO_MODULE;
}

sg_status sg_modules_find(const sg_csr *m, const sg_modules_params *params, sg_modules *ret,
                          sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *cols = NULL;
    SG_CLEANUP(search_clear) search s = {0};
    sg_csr topology = *m;
    topology.value = NULL;
    SG_TRY(sg_csr_transpose(&topology, NULL, &cols, err));
    SG_TRY(search_open(&s, m, cols, err));

    sg_modules found = {0};
    for (size_t start = 0; start < params->n_starts; start++) {
        sg_random random;
        sg_random_open(&random, params->seed, SG_RANDOM_MODULES, params->link, (uint32_t)start);
        const size_t n = start > 0 ? FEWEST_MODULES + start - 1 : 0;
        start_from(&s, n < s.n_modules ? n : s.n_modules, &random);
        climb(&s);
    }
    prefer_one(&s);
    found.n = number(&s);
    const double links = (double)m->n_links;
    found.modularity = m->n_links > 0 ? (double)s.best_quality / links / links : (double)NAN;
    found.row = SG_TAKE(s.best[SG_SIDE_IN]);
    found.col = SG_TAKE(s.best[SG_SIDE_OUT]);
    *ret = found;
    return SG_OK;
}
