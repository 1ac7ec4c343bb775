/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/kcore.h"

#include "base/memory.h"
#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void sg_neighbors_drop_repeats(sg_search_graph *g)
{
    uint64_t n = 0;
    uint64_t begin = 0;
    for (size_t v = 0; v < g->n_nodes; v++) {
        const uint64_t end = g->start[v + 1];
        const uint64_t first = n;
        qsort(g->neighbor + begin, (size_t)(end - begin), sizeof *g->neighbor, by_id);
        for (uint64_t k = begin; k < end; k++)
            if (n == first || g->neighbor[n - 1] != g->neighbor[k])
                g->neighbor[n++] = g->neighbor[k];
        g->start[v + 1] = n;
        begin = end;
    }
}

/* Neurons in the order of the degrees they have left: those of degree d begin at begin[d]. */
typedef struct peeling {
    uint32_t *left;  /* (n_nodes) degree among the neurons not yet peeled */
    uint32_t *order; /* (n_nodes) */
    uint32_t *place; /* (n_nodes) of a neuron in the order */
    uint32_t *begin; /* (largest degree + 2) */
} peeling;

static void peeling_clear(peeling *p)
{
    sg_free(p->left);
    sg_free(p->order);
    sg_free(p->place);
    sg_free(p->begin);
}

static sg_status peeling_open(const sg_search_graph *g, peeling *p, sg_error *err)
{
    uint64_t largest = 0;
    for (size_t v = 0; v < g->n_nodes; v++)
        if (g->start[v + 1] - g->start[v] > largest)
            largest = g->start[v + 1] - g->start[v];
    p->left = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    p->order = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    p->place = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    p->begin = SG_NEW_ARRAY(uint32_t, largest + 2);
    if (!p->left || !p->order || !p->place || !p->begin)
        return sg_fail_memory(err, "measuring the k-core");
    for (size_t v = 0; v < g->n_nodes; v++) {
        p->left[v] = (uint32_t)(g->start[v + 1] - g->start[v]);
        p->begin[p->left[v] + 1]++;
    }
    for (size_t d = 0; d <= largest; d++)
        p->begin[d + 1] += p->begin[d];
    for (size_t v = 0; v < g->n_nodes; v++) {
        p->place[v] = p->begin[p->left[v]]++;
        p->order[p->place[v]] = (uint32_t)v;
    }
    for (size_t d = largest + 1; d > 0; d--) /* each begin stands where the next one's was */
        p->begin[d] = p->begin[d - 1];
    p->begin[0] = 0;
    return SG_OK;
}

/* Moves a neuron to the front of its degree, which then ends before it. */
static void lower(peeling *p, uint32_t v)
{
    const uint32_t front = p->begin[p->left[v]]++;
    const uint32_t other = p->order[front];
    p->order[p->place[v]] = other;
    p->place[other] = p->place[v];
    p->order[front] = v;
    p->place[v] = front;
    p->left[v]--;
}

sg_status sg_core_max(const sg_search_graph *g, uint32_t *ret, sg_error *err)
{
    SG_CLEANUP(peeling_clear) peeling p = {0};
    SG_TRY(peeling_open(g, &p, err));
    uint32_t core_max = 0;
    for (size_t i = 0; i < g->n_nodes; i++) {
        const uint32_t v = p.order[i];
        core_max = p.left[v] > core_max ? p.left[v] : core_max;
        for (uint64_t k = g->start[v]; k < g->start[v + 1]; k++)
            if (p.left[g->neighbor[k]] > p.left[v])
                lower(&p, g->neighbor[k]);
    }
    *ret = core_max;
    return SG_OK;
}
