/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

/* Neurons on a path from an input to an output: what is left when all others were deleted. */

typedef struct reach {
    const sg_snapshot *s;
    size_t n_layers;
    size_t *first;   /* (n_layers + 1) where each layer begins in the arrays below */
    bool *from_in;   /* reached from a neuron of a layer that nothing leads to */
    bool *to_output; /* reaches a neuron of a layer that leads nowhere */
} reach;

static void reach_clear(reach *r)
{
    sg_free(r->first);
    sg_free(r->from_in);
    sg_free(r->to_output);
}

static sg_status reach_open(reach *r, sg_error *err)
{
    r->first = SG_NEW_ARRAY(size_t, r->n_layers + 1);
    if (!r->first)
        return sg_fail_memory(err, "looking for active neurons");
    for (size_t i = 0; i < r->n_layers; i++)
        r->first[i + 1] = r->first[i] + sg_snapshot_layer(r->s, i)->size;
    r->from_in = SG_NEW_ARRAY(bool, r->first[r->n_layers]);
    r->to_output = SG_NEW_ARRAY(bool, r->first[r->n_layers]);
    if (!r->from_in || !r->to_output)
        return sg_fail_memory(err, "looking for active neurons");
    return SG_OK;
}

static void spread_forward(const sg_csr *m, const bool *sends, bool *receives)
{
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1] && !receives[row]; k++)
            receives[row] = sends[m->col[k]];
}

static void spread_backward(const sg_csr *m, const bool *receives, bool *sends)
{
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1] && receives[row]; k++)
            sends[m->col[k]] = true;
}

/* Layers stand in topological order, so one pass in each direction is enough. */
static void walk_forward(reach *r)
{
    const size_t n_links = sg_snapshot_n_links(r->s);
    for (size_t layer = 0; layer < r->n_layers; layer++) {
        bool is_input = true;
        for (size_t i = 0; i < n_links; i++) {
            const sg_link *link = sg_snapshot_link(r->s, i);
            if (link->to != layer)
                continue;
            is_input = false;
            spread_forward(link->matrix, r->from_in + r->first[link->from],
                           r->from_in + r->first[layer]);
        }
        if (is_input)
            memset(r->from_in + r->first[layer], true, r->first[layer + 1] - r->first[layer]);
    }
}

static void walk_backward(reach *r)
{
    const size_t n_links = sg_snapshot_n_links(r->s);
    for (size_t layer = r->n_layers; layer-- > 0;) {
        bool is_output = true;
        for (size_t i = 0; i < n_links; i++) {
            const sg_link *link = sg_snapshot_link(r->s, i);
            if (link->from != layer)
                continue;
            is_output = false;
            spread_backward(link->matrix, r->to_output + r->first[link->to],
                            r->to_output + r->first[layer]);
        }
        if (is_output)
            memset(r->to_output + r->first[layer], true, r->first[layer + 1] - r->first[layer]);
    }
}

sg_status sg_measured_active(sg_measured *m, sg_error *err)
{
    if (m->has_active)
        return SG_OK;
    SG_CLEANUP(reach_clear) reach r = {.s = m->snapshot, .n_layers = m->n_layers};
    SG_TRY(reach_open(&r, err));
    walk_forward(&r);
    walk_backward(&r);
    for (size_t layer = 0; layer < m->n_layers; layer++)
        for (size_t i = r.first[layer]; i < r.first[layer + 1]; i++)
            m->n_active[layer] += r.from_in[i] && r.to_output[i];
    m->has_active = true;
    return SG_OK;
}

enum { SIZE, ACTIVE, ACTIVE_FRAC };

static sg_status layer_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    const double size = (double)sg_snapshot_layer(m->snapshot, subject)->size;
    if (self->which == SIZE) {
        *ret = size;
        return SG_OK;
    }
    SG_TRY(sg_measured_active(m, err));
    const double n_active = (double)m->n_active[subject];
    *ret = self->which == ACTIVE ? n_active : n_active / size;
    return SG_OK;
}

static const sg_measure measures[] = {
    {"neurons", "neurons", "neurons of the layer", "", SG_SCOPE_LAYER, SG_COST_LINEAR, SG_NULL_NONE,
     SIZE, layer_number},
    {"active_neurons", "neurons",
     "neurons on a path of connections from an input to an output neuron", "", SG_SCOPE_LAYER,
     SG_COST_LINEAR, SG_NULL_RANDOM, ACTIVE, layer_number},
    {"active_frac", "dimensionless", "active neurons / neurons of the layer", "", SG_SCOPE_LAYER,
     SG_COST_LINEAR, SG_NULL_RANDOM, ACTIVE_FRAC, layer_number},
};

const sg_measure_family sg_family_active = {measures, SG_COUNT(measures)};
