/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/distances.h"

#include "base/memory.h"
#include "base/random.h"
#include "measure/search.h"
#include <math.h>
#include <stdlib.h>

/* What searches from many sources say of the distances in a network. */

/* Welford's running mean and sum of squared deviations. */
typedef struct running {
    size_t n;
    double mean;
    double squares;
} running;

static void running_add(running *r, double x)
{
    const double delta = x - r->mean;
    r->n++;
    r->mean += delta / (double)r->n;
    r->squares += delta * (x - r->mean);
}

typedef struct survey {
    const sg_search_graph *g;
    running of_giant; /* the sources' mean distances */
    size_t longest;   /* of all sources so far */
    size_t n;         /* cells so far, one a source and distance */
    size_t capacity;
    sg_portrait_cell *cells; /* (capacity) */
} survey;

static void survey_clear(survey *v)
{
    sg_free(v->cells);
}

static sg_status add_cell(survey *v, uint32_t distance, uint32_t n_nodes, sg_error *err)
{
    if (v->n == v->capacity) {
        const size_t capacity = v->capacity ? 2 * v->capacity : 1024;
        sg_portrait_cell *grown = sg_resize(v->cells, capacity, sizeof *grown);
        if (!grown)
            return sg_fail_memory(err, "measuring distances");
        v->cells = grown;
        v->capacity = capacity;
    }
    v->cells[v->n++] = (sg_portrait_cell){distance, n_nodes, 1};
    return SG_OK;
}

/* Takes in what one round of searches found from each of its sources. */
static sg_status take_round(survey *v, const sg_search *found, const uint32_t *sources, size_t n,
                            sg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t level = 0; level < found->n_levels; level++) {
            const uint32_t n_nodes = sg_search_count(found, level, i);
            sum += (double)level * (double)n_nodes;
            if (n_nodes > 0)
                SG_TRY(add_cell(v, (uint32_t)level, n_nodes, err));
            if (n_nodes > 0 && level > v->longest)
                v->longest = level;
        }
        if (v->g->component[sources[i]] == v->g->giant && v->g->n_giant > 1)
            running_add(&v->of_giant, sum / (double)(v->g->n_giant - 1));
    }
    return SG_OK;
}

static int by_cell(const void *a, const void *b)
{
    const sg_portrait_cell *x = a;
    const sg_portrait_cell *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return (x->n_nodes > y->n_nodes) - (x->n_nodes < y->n_nodes);
}

/* Adds the sources that reach nothing at a distance, and merges equal cells. */
static sg_status finish_portrait(survey *v, size_t n_sources, sg_error *err)
{
    const size_t n_found = v->n;
    SG_AUTOFREE uint32_t *n_there = SG_NEW_ARRAY(uint32_t, v->longest + 1);
    if (!n_there)
        return sg_fail_memory(err, "measuring distances");
    for (size_t i = 0; i < n_found; i++)
        n_there[v->cells[i].distance]++;
    for (size_t level = 0; level <= v->longest; level++)
        if (n_there[level] < n_sources) {
            SG_TRY(add_cell(v, (uint32_t)level, 0, err));
            v->cells[v->n - 1].n_sources = (uint32_t)n_sources - n_there[level];
        }
    if (v->n > 0)
        qsort(v->cells, v->n, sizeof *v->cells, by_cell);
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (n > 0 && by_cell(&v->cells[n - 1], &v->cells[i]) == 0)
            v->cells[n - 1].n_sources += v->cells[i].n_sources;
        else
            v->cells[n++] = v->cells[i];
    v->n = n;
    return SG_OK;
}

/* Lists n_sources neurons: all, or drawn without replacement. */
static sg_status draw_sources(size_t n_neurons, size_t n_sources, uint64_t seed, uint32_t **ret,
                              sg_error *err)
{
    uint32_t *nodes = SG_NEW_ARRAY(uint32_t, n_neurons);
    if (!nodes)
        return sg_fail_memory(err, "measuring distances");
    for (size_t i = 0; i < n_neurons; i++)
        nodes[i] = (uint32_t)i;
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 1, 0);
    for (size_t i = 0; i < n_sources && n_sources < n_neurons; i++) {
        const size_t j = i + (size_t)sg_random_below(&random, n_neurons - i);
        const uint32_t chosen = nodes[j];
        nodes[j] = nodes[i];
        nodes[i] = chosen;
    }
    *ret = nodes;
    return SG_OK;
}

static sg_status search_all(survey *v, const uint32_t *sources, size_t n_sources, sg_error *err)
{
    SG_CLEANUP(sg_search_clear) sg_search search = {0};
    SG_TRY(sg_search_open(v->g, &search, err));
    for (size_t begin = 0; begin < n_sources; begin += SG_SEARCH_SOURCES) {
        const size_t left = n_sources - begin;
        const size_t n = left < SG_SEARCH_SOURCES ? left : SG_SEARCH_SOURCES;
        SG_TRY(sg_search_run(v->g, sources + begin, n, &search, err));
        SG_TRY(take_round(v, &search, sources + begin, n, err));
    }
    return SG_OK;
}

/* Mean and its standard error, with the correction for a finite population. */
static void summarise(const survey *v, sg_distances *d)
{
    const running *r = &v->of_giant;
    const double n = (double)r->n;
    d->mean = r->n > 0 ? r->mean : NAN;
    d->se = r->n > 1 ? sqrt(r->squares / (n - 1) / n * (1 - n / (double)v->g->n_giant)) : NAN;
    if (d->exact && r->n > 0)
        d->se = 0;
}

sg_status sg_distances_make(const sg_snapshot *s, size_t max_sources, uint64_t seed,
                            sg_distances *ret, sg_error *err)
{
    SG_CLEANUP(sg_search_graph_clear) sg_search_graph g = {0};
    SG_AUTOFREE uint32_t *sources = NULL;
    SG_CLEANUP(survey_clear) survey v = {.g = &g};
    SG_TRY(sg_search_graph_make(s, &g, err));
    sg_distances d = {.n_sources = g.n_nodes < max_sources ? g.n_nodes : max_sources};
    d.exact = d.n_sources == g.n_nodes;
    SG_TRY(draw_sources(g.n_nodes, d.n_sources, seed, &sources, err));
    SG_TRY(search_all(&v, sources, d.n_sources, err));
    SG_TRY(finish_portrait(&v, d.n_sources, err));
    summarise(&v, &d);
    d.longest = v.longest;
    d.n_cells = v.n;
    d.cells = SG_TAKE(v.cells);
    *ret = d;
    return SG_OK;
}

void sg_distances_clear(sg_distances *d)
{
    sg_free(d->cells);
    d->cells = NULL;
}

double sg_portrait_entropy(const sg_distances *d)
{
    double n_pairs = 0;
    for (size_t i = 0; i < d->n_cells; i++)
        n_pairs += (double)d->cells[i].n_nodes * (double)d->cells[i].n_sources;
    if (!(n_pairs > 0))
        return NAN;
    double entropy = 0;
    for (size_t begin = 0, end = 0; begin < d->n_cells; begin = end) {
        double at_distance = 0;
        for (end = begin; end < d->n_cells && d->cells[end].distance == d->cells[begin].distance;
             end++)
            at_distance += (double)d->cells[end].n_nodes * (double)d->cells[end].n_sources;
        for (size_t i = begin; i < end; i++) {
            const double p =
                (double)d->cells[i].n_sources / (double)d->n_sources * at_distance / n_pairs;
            entropy -= p * log2(p);
        }
    }
    return entropy;
}
