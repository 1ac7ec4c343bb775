/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/search.h"

#include "base/memory.h"
#include "measure/neurons.h"
#include <string.h>

/*
 * Each neuron holds the set of the sources that have reached it. A level pulls: a neuron takes the
 * union of its neighbours' frontiers and stops as soon as every source of its component is there,
 * which in a dense level is after a few neighbours.
 */

typedef struct arc_walk {
    const sg_csr *m;
    size_t first_row; /* the receivers' and senders' numbers begin here */
    size_t first_col;
} arc_walk;

static void count_neighbors(const arc_walk *w, uint64_t *count)
{
    for (size_t row = 0; row < w->m->n_rows; row++) {
        count[w->first_row + row] += w->m->row_start[row + 1] - w->m->row_start[row];
        for (uint64_t k = w->m->row_start[row]; k < w->m->row_start[row + 1]; k++)
            count[w->first_col + w->m->col[k]]++;
    }
}

/* `next` is where each neuron's next neighbour goes. */
static void fill_neighbors(const arc_walk *w, uint64_t *next, uint32_t *neighbor)
{
    for (size_t row = 0; row < w->m->n_rows; row++) {
        const size_t receiver = w->first_row + row;
        uint64_t at = next[receiver];
        for (uint64_t k = w->m->row_start[row]; k < w->m->row_start[row + 1]; k++) {
            const size_t sender = w->first_col + w->m->col[k];
            neighbor[at++] = (uint32_t)sender;
            neighbor[next[sender]++] = (uint32_t)receiver;
        }
        next[receiver] = at;
    }
}

static arc_walk walk_of(const sg_snapshot *s, size_t link, const size_t *first)
{
    const sg_link *l = sg_snapshot_link(s, link);
    return (arc_walk){l->matrix, first[l->to], first[l->from]};
}

static sg_status join_neurons(const sg_snapshot *s, const size_t *first, sg_search_graph *g,
                              sg_error *err)
{
    const size_t n_links = sg_snapshot_n_links(s);
    g->start = SG_NEW_ARRAY(uint64_t, g->n_nodes + 1);
    g->neighbor = sg_alloc_aligned(2 * sg_snapshot_n_connections(s), sizeof *g->neighbor);
    SG_AUTOFREE uint64_t *next = SG_NEW_ARRAY(uint64_t, g->n_nodes + 1);
    if (!g->start || !g->neighbor || !next)
        return sg_fail_memory(err, "measuring distances");
    for (size_t i = 0; i < n_links; i++) {
        const arc_walk w = walk_of(s, i, first);
        count_neighbors(&w, g->start + 1);
    }
    for (size_t v = 0; v < g->n_nodes; v++)
        g->start[v + 1] += g->start[v];
    memcpy(next, g->start, g->n_nodes * sizeof *next);
    for (size_t i = 0; i < n_links; i++) {
        const arc_walk w = walk_of(s, i, first);
        fill_neighbors(&w, next, g->neighbor);
    }
    return SG_OK;
}

/* Numbers the component of one neuron; returns its size. */
static size_t flood(sg_search_graph *g, uint32_t from, uint32_t number, uint32_t *queue)
{
    size_t n = 1;
    queue[0] = from;
    g->component[from] = number;
    for (size_t head = 0; head < n; head++)
        for (uint64_t k = g->start[queue[head]]; k < g->start[queue[head] + 1]; k++)
            if (g->component[g->neighbor[k]] == UINT32_MAX) {
                g->component[g->neighbor[k]] = number;
                queue[n++] = g->neighbor[k];
            }
    return n;
}

static sg_status find_components(sg_search_graph *g, sg_error *err)
{
    g->component = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTOFREE uint32_t *queue = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    if (!g->component || !queue)
        return sg_fail_memory(err, "measuring distances");
    memset(g->component, 0xff, g->n_nodes * sizeof *g->component);
    for (size_t v = 0; v < g->n_nodes; v++) {
        if (g->component[v] != UINT32_MAX)
            continue;
        const uint32_t number = (uint32_t)g->n_components++;
        const size_t size = flood(g, (uint32_t)v, number, queue);
        if (size > g->n_giant) {
            g->n_giant = size;
            g->giant = number;
        }
    }
    return SG_OK;
}

sg_status sg_search_graph_make(const sg_snapshot *s, sg_search_graph *ret, sg_error *err)
{
    SG_AUTOFREE size_t *first = NULL;
    SG_TRY(sg_neurons_first(s, &first, err));
    SG_CLEANUP(sg_search_graph_clear)
    sg_search_graph g = {.n_nodes = first[sg_snapshot_n_layers(s)]};
    if (g.n_nodes >= UINT32_MAX)
        return sg_fail(err, SG_EINVAL,
                       "a network of %zu neurons; distances are measured in fewer than 2^32 - 1",
                       g.n_nodes);
    SG_TRY(join_neurons(s, first, &g, err));
    SG_TRY(find_components(&g, err));
    *ret = g;
    g = (sg_search_graph){0};
    return SG_OK;
}

void sg_search_graph_clear(sg_search_graph *g)
{
    sg_free(g->start);
    sg_free(g->neighbor);
    sg_free(g->component);
}

sg_status sg_search_open(const sg_search_graph *g, sg_search *search, sg_error *err)
{
    search->seen = sg_alloc_aligned(g->n_nodes, sizeof *search->seen);
    search->frontier = sg_alloc_aligned(g->n_nodes, sizeof *search->frontier);
    search->next = sg_alloc_aligned(g->n_nodes, sizeof *search->next);
    search->reach = sg_alloc_aligned(g->n_components, sizeof *search->reach);
    if (!search->seen || !search->frontier || !search->next || !search->reach)
        return sg_fail_memory(err, "measuring distances");
    return SG_OK;
}

void sg_search_clear(sg_search *search)
{
    sg_free(search->count);
    sg_free(search->seen);
    sg_free(search->frontier);
    sg_free(search->next);
    sg_free(search->reach);
}

/* Counters of all sources side by side: slice b holds bit b of each one's count. */
enum { N_SLICES = 32 };

typedef struct slices {
    uint64_t bit[SG_SEARCH_WORDS][N_SLICES];
} slices;

/* Adds 1 to the counters of the sources in a set. */
static void count_set(slices *s, const sg_search_set *set)
{
    for (size_t w = 0; w < SG_SEARCH_WORDS; w++) {
        uint64_t carry = set->word[w];
        for (size_t b = 0; carry; b++) {
            const uint64_t both = s->bit[w][b] & carry;
            s->bit[w][b] ^= carry;
            carry = both;
        }
    }
}

static sg_status publish_level(const slices *s, sg_search *search, sg_error *err)
{
    if (search->n_levels == search->capacity) {
        const size_t capacity = search->capacity ? 2 * search->capacity : 16;
        uint32_t *grown =
            sg_resize(search->count, capacity, SG_SEARCH_SOURCES * sizeof *search->count);
        if (!grown)
            return sg_fail_memory(err, "measuring distances");
        search->count = grown;
        search->capacity = capacity;
    }
    uint32_t *count = search->count + search->n_levels++ * SG_SEARCH_SOURCES;
    for (size_t i = 0; i < SG_SEARCH_SOURCES; i++) {
        count[i] = 0;
        for (size_t b = 0; b < N_SLICES; b++)
            count[i] |= (uint32_t)(s->bit[i / 64][b] >> i % 64 & 1) << b;
    }
    return SG_OK;
}

static bool equal(const sg_search_set *a, const sg_search_set *b)
{
    uint64_t difference = 0;
    for (size_t w = 0; w < SG_SEARCH_WORDS; w++)
        difference |= a->word[w] ^ b->word[w];
    return difference == 0;
}

/* Unites what neuron v's neighbours were reached by last with what has seen v already. */
static sg_search_set pull(const sg_search_graph *g, const sg_search *search, size_t v)
{
    const sg_search_set *all = &search->reach[g->component[v]];
    sg_search_set set = search->seen[v];
    for (uint64_t k = g->start[v]; k < g->start[v + 1] && !equal(&set, all); k++)
        for (size_t w = 0; w < SG_SEARCH_WORDS; w++)
            set.word[w] |= search->frontier[g->neighbor[k]].word[w];
    return set;
}

/* One step of all searches; false when none went further. */
static bool advance(const sg_search_graph *g, sg_search *search, slices *found)
{
    bool any = false;
    for (size_t v = 0; v < g->n_nodes; v++) {
        const sg_search_set set = pull(g, search, v);
        uint64_t fresh = 0;
        for (size_t w = 0; w < SG_SEARCH_WORDS; w++) {
            search->next[v].word[w] = set.word[w] & ~search->seen[v].word[w];
            fresh |= search->next[v].word[w];
        }
        search->seen[v] = set; /* frontiers are read in this level, not `seen` */
        if (fresh) {
            count_set(found, &search->next[v]);
            any = true;
        }
    }
    sg_search_set *swapped = search->frontier;
    search->frontier = search->next;
    search->next = swapped;
    return any;
}

sg_status sg_search_run(const sg_search_graph *g, const uint32_t *sources, size_t n,
                        sg_search *search, sg_error *err)
{
    memset(search->seen, 0, g->n_nodes * sizeof *search->seen);
    memset(search->reach, 0, g->n_components * sizeof *search->reach);
    search->n_levels = 0;
    slices found = {0};
    for (size_t i = 0; i < n; i++) {
        const uint64_t bit = UINT64_C(1) << i % 64;
        search->seen[sources[i]].word[i / 64] |= bit;
        search->reach[g->component[sources[i]]].word[i / 64] |= bit;
        found.bit[i / 64][0] |= bit; /* itself, at distance 0 */
    }
    memcpy(search->frontier, search->seen, g->n_nodes * sizeof *search->seen);
    SG_TRY(publish_level(&found, search, err));
    for (;;) {
        found = (slices){0};
        if (!advance(g, search, &found))
            return SG_OK;
        SG_TRY(publish_level(&found, search, err));
    }
}
