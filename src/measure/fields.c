/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/fields.h"

#include "base/memory.h"
#include "base/status.h"
#include "measure/neurons.h"
#include <math.h>
#include <string.h>

/* The field of one chosen neuron: one value a neuron, carried from layer to layer. */

typedef enum field_sum {
    SUM_COUNT = SG_PATH_COUNT,
    SUM_ABSOLUTE = SG_PATH_ABSOLUTE,
    SUM_SIGNED = SG_PATH_SIGNED,
    SUM_ANY, /* not how many paths, but whether there is one */
} field_sum;

typedef struct field {
    const sg_snapshot *s;
    field_sum sum;
    size_t *first; /* where each layer begins in value[] */
    double *value; /* (neurons) */
} field;

static void field_clear(field *f)
{
    sg_free(f->first);
    sg_free(f->value);
}

static sg_status field_open(field *f, sg_neuron of, size_t layer, sg_error *err)
{
    const size_t n_layers = sg_snapshot_n_layers(f->s);
    if (of.layer >= n_layers || layer >= n_layers)
        return sg_fail(err, SG_EINVAL, "layer %zu of a network of %zu layers",
                       of.layer >= n_layers ? of.layer : layer, n_layers);
    const sg_layer *its = sg_snapshot_layer(f->s, of.layer);
    if (of.index >= its->size)
        return sg_fail(err, SG_EINVAL, "neuron %zu of layer '%s', which has %zu", of.index,
                       its->name, its->size);
    SG_TRY(sg_neurons_first(f->s, &f->first, err));
    f->value = SG_NEW_ARRAY(double, f->first[n_layers]);
    if (!f->value)
        return sg_fail_memory(err, "following paths");
    f->value[f->first[of.layer] + of.index] = 1;
    return SG_OK;
}

/* What one path brings along, before connection k. */
static double carried(const field *f, double value)
{
    return f->sum == SUM_ANY ? (double)(value != 0) : value;
}

static double factor(const field *f, const sg_csr *m, uint64_t k)
{
    if (!m->value || f->sum == SUM_COUNT || f->sum == SUM_ANY)
        return 1;
    return f->sum == SUM_ABSOLUTE ? fabs((double)m->value[k]) : (double)m->value[k];
}

static void carry_to_senders(const field *f, const sg_link *link)
{
    const sg_csr *m = link->matrix;
    const double *receives = f->value + f->first[link->to];
    double *sends = f->value + f->first[link->from];
    for (size_t row = 0; row < m->n_rows; row++) {
        const double value = carried(f, receives[row]);
        if (value == 0)
            continue;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            sends[m->col[k]] += value * factor(f, m, k);
    }
}

static void carry_to_receivers(const field *f, const sg_link *link)
{
    const sg_csr *m = link->matrix;
    const double *sends = f->value + f->first[link->from];
    double *receives = f->value + f->first[link->to];
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            receives[row] += carried(f, sends[m->col[k]]) * factor(f, m, k);
}

/* Layers stand in topological order: each is complete before it is read. */
static void follow_back(const field *f, size_t from, size_t to)
{
    for (size_t layer = from; layer > to; layer--)
        for (size_t i = 0; i < sg_snapshot_n_links(f->s); i++)
            if (sg_snapshot_link(f->s, i)->to == layer)
                carry_to_senders(f, sg_snapshot_link(f->s, i));
}

static void follow_on(const field *f, size_t from, size_t to)
{
    for (size_t layer = from + 1; layer <= to; layer++)
        for (size_t i = 0; i < sg_snapshot_n_links(f->s); i++)
            if (sg_snapshot_link(f->s, i)->to == layer)
                carry_to_receivers(f, sg_snapshot_link(f->s, i));
}

typedef enum field_side { RECEPTIVE, PROJECTIVE } field_side;

/* Leaves the sums for all neurons in f->value; those of `layer` are complete. */
static sg_status field_make(field *f, field_side side, sg_neuron of, size_t layer, sg_error *err)
{
    SG_TRY(field_open(f, of, layer, err));
    if (side == RECEPTIVE)
        follow_back(f, of.layer, layer);
    else
        follow_on(f, of.layer, layer);
    return SG_OK;
}

static sg_status reached(const sg_snapshot *s, field_side side, sg_neuron of, size_t layer,
                         bool *ret, sg_error *err)
{
    SG_CLEANUP(field_clear) field f = {.s = s, .sum = SUM_ANY};
    SG_TRY(field_make(&f, side, of, layer, err));
    for (size_t i = 0; i < sg_snapshot_layer(s, layer)->size; i++)
        ret[i] = f.value[f.first[layer] + i] != 0;
    return SG_OK;
}

/* Copies the sums out of a field that was made. */
static sg_status take_sums(const field *f, size_t layer, double *ret, sg_error *err)
{
    const size_t size = sg_snapshot_layer(f->s, layer)->size;
    const double *value = f->value + f->first[layer];
    for (size_t i = 0; i < size; i++)
        if (!isfinite(value[i]))
            return sg_fail(err, SG_EINVAL,
                           "the sum over the paths of neuron %zu of layer '%s' is beyond the range "
                           "of double; take sg_count_paths(), which is in logarithms",
                           i, sg_snapshot_layer(f->s, layer)->name);
    memcpy(ret, value, size * sizeof *ret);
    return SG_OK;
}

sg_status sg_receptive_field(const sg_snapshot *s, sg_neuron of, size_t layer, bool *ret,
                             sg_error *err)
{
    return reached(s, RECEPTIVE, of, layer, ret, err);
}

sg_status sg_projective_field(const sg_snapshot *s, sg_neuron of, size_t layer, bool *ret,
                              sg_error *err)
{
    return reached(s, PROJECTIVE, of, layer, ret, err);
}

sg_status sg_receptive_weights(const sg_snapshot *s, sg_neuron of, size_t layer,
                               sg_path_weight weight, double *ret, sg_error *err)
{
    SG_CLEANUP(field_clear) field f = {.s = s, .sum = (field_sum)weight};
    SG_TRY(field_make(&f, RECEPTIVE, of, layer, err));
    return take_sums(&f, layer, ret, err);
}

sg_status sg_projective_weights(const sg_snapshot *s, sg_neuron of, size_t layer,
                                sg_path_weight weight, double *ret, sg_error *err)
{
    SG_CLEANUP(field_clear) field f = {.s = s, .sum = (field_sum)weight};
    SG_TRY(field_make(&f, PROJECTIVE, of, layer, err));
    return take_sums(&f, layer, ret, err);
}
