/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "measure/neurons.h"
#include <math.h>
#include <string.h>

/*
 * Bi-parallel diamonds: two paths of two connections with the same ends, i -> {j, k} -> l. Between
 * i and l with p such paths there are p (p - 1) / 2.
 */

typedef struct kept_diamonds {
    double all;
    double of_layer[]; /* (n_layers) with both middles there; NaN where nothing can pass through */
} kept_diamonds;

typedef struct counter {
    const sg_snapshot *s;
    size_t *first;   /* (n_layers + 1) */
    size_t *begin;   /* (n_layers + 1) where the links into each layer begin in links[] */
    size_t *links;   /* (n_links) in the order of the layers that they lead to */
    uint32_t *paths; /* (neurons) that lead to one neuron in two steps; 0 between the counts */
} counter;

static void counter_clear(counter *c)
{
    sg_free(c->first);
    sg_free(c->begin);
    sg_free(c->links);
    sg_free(c->paths);
}

static sg_status counter_open(counter *c, sg_error *err)
{
    const size_t n_layers = sg_snapshot_n_layers(c->s);
    const size_t n_links = sg_snapshot_n_links(c->s);
    SG_TRY(sg_neurons_first(c->s, &c->first, err));
    c->begin = SG_NEW_ARRAY(size_t, n_layers + 1);
    c->links = SG_NEW_ARRAY(size_t, n_links);
    c->paths = SG_NEW_ARRAY(uint32_t, c->first[n_layers]);
    if (!c->begin || !c->links || !c->paths)
        return sg_fail_memory(err, "counting diamonds");
    size_t n = 0;
    for (size_t layer = 0; layer < n_layers; layer++) {
        for (size_t i = 0; i < n_links; i++)
            if (sg_snapshot_link(c->s, i)->to == layer)
                c->links[n++] = i;
        c->begin[layer + 1] = n;
    }
    return SG_OK;
}

/* Each path makes a diamond with every earlier one that begins where it begins. */
static uint64_t add_paths(const sg_csr *lower, const uint32_t *middle, size_t n, uint32_t *paths)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (uint64_t k = lower->row_start[middle[i]]; k < lower->row_start[middle[i] + 1]; k++)
            count += paths[lower->col[k]]++;
    return count;
}

/* Counts diamonds whose last steps are on the given links, which lead to one layer. */
static double count_over(const counter *c, const size_t *uppers, size_t n_uppers)
{
    uint64_t count = 0;
    const size_t n_rows = sg_snapshot_link(c->s, uppers[0])->matrix->n_rows;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t i = 0; i < n_uppers; i++) {
            const sg_link *upper = sg_snapshot_link(c->s, uppers[i]);
            const uint64_t start = upper->matrix->row_start[row];
            for (size_t j = c->begin[upper->from]; j < c->begin[upper->from + 1]; j++) {
                const sg_link *lower = sg_snapshot_link(c->s, c->links[j]);
                count += add_paths(lower->matrix, upper->matrix->col + start,
                                   (size_t)(upper->matrix->row_start[row + 1] - start),
                                   c->paths + c->first[lower->from]);
            }
        }
        for (size_t i = 0; i < n_uppers; i++) {
            const size_t middle = sg_snapshot_link(c->s, uppers[i])->from;
            for (size_t j = c->begin[middle]; j < c->begin[middle + 1]; j++) {
                const size_t from = sg_snapshot_link(c->s, c->links[j])->from;
                memset(c->paths + c->first[from], 0,
                       (c->first[from + 1] - c->first[from]) * sizeof *c->paths);
            }
        }
    }
    return (double)count;
}

/* In a chain, one count serves both the middle layer and the whole. */
static void count_all(const counter *c, kept_diamonds *kept)
{
    const size_t n_layers = sg_snapshot_n_layers(c->s);
    for (size_t layer = 0; layer < n_layers; layer++) {
        bool sends = false;
        for (size_t i = 0; i < sg_snapshot_n_links(c->s); i++)
            sends = sends || sg_snapshot_link(c->s, i)->from == layer;
        kept->of_layer[layer] = sends && c->begin[layer + 1] > c->begin[layer] ? 0 : NAN;
    }
    for (size_t layer = 0; layer < n_layers; layer++) {
        const size_t *uppers = c->links + c->begin[layer];
        const size_t n_uppers = c->begin[layer + 1] - c->begin[layer];
        double single = 0;
        for (size_t i = 0; i < n_uppers; i++) {
            single = count_over(c, uppers + i, 1);
            kept->of_layer[sg_snapshot_link(c->s, uppers[i])->from] += single; /* NaN stays */
        }
        if (n_uppers > 0)
            kept->all += n_uppers == 1 ? single : count_over(c, uppers, n_uppers);
    }
}

static sg_status count(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                       sg_error *err)
{
    const kept_diamonds *known = sg_measured_kept(m, SG_KEPT_DIAMONDS);
    if (!known) {
        SG_CLEANUP(counter_clear) counter c = {.s = m->snapshot};
        SG_AUTOFREE kept_diamonds *kept =
            sg_alloc(1, sizeof(kept_diamonds) + m->n_layers * sizeof(double));
        if (!kept)
            return sg_fail_memory(err, "counting diamonds");
        SG_TRY(counter_open(&c, err));
        count_all(&c, kept);
        known = kept;
        sg_measured_keep(m, SG_KEPT_DIAMONDS, SG_TAKE(kept), sg_free);
    }
    *ret = self->scope == SG_SCOPE_LAYER ? known->of_layer[subject] : known->all;
    return SG_OK;
}

#define MOTIF_SOURCE                                                                               \
    "the bi-parallel motif of Milo et al., Science 298:824 (2002), "                               \
    "doi:10.1126/science.298.5594.824"

static const sg_measure of_layers[] = {
    {"diamonds", "diamonds",
     "pairs of paths of two connections with the same ends and different middles in this layer",
     MOTIF_SOURCE, SG_SCOPE_LAYER, SG_COST_WEDGES, SG_NULL_DEGREES, 0, count},
};

static const sg_measure of_network[] = {
    {"network_diamonds", "diamonds",
     "pairs of paths of two connections with the same ends, whatever layers their middles are in",
     MOTIF_SOURCE, SG_SCOPE_WHOLE, SG_COST_WEDGES, SG_NULL_DEGREES, 0, count},
};

const sg_measure_family sg_family_layer_diamonds = {of_layers, SG_COUNT(of_layers)};
const sg_measure_family sg_family_diamonds = {of_network, SG_COUNT(of_network)};
