/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "measure/neurons.h"
#include <math.h>
#include <string.h>

/* Receptive and projective fields of all neurons, by bit sets. */

/* Inputs are taken this many at a time, so that memory stays at 128 bytes a neuron. */
enum { WORD_BITS = 64, WORDS_MAX = 16, ROUND_MAX = WORD_BITS * WORDS_MAX };

/* Shares of the inputs (outputs) in the fields of a layer's neurons. */
typedef struct field_shares {
    double mean;
    double min;
    double max;
} field_shares;

typedef struct layer_fields {
    field_shares receptive;
    field_shares projective;
} layer_fields;

typedef struct field_bits {
    const sg_snapshot *s;
    size_t n_layers;
    const size_t *first; /* (n_layers + 1) */
    size_t n_words;      /* of one neuron's set in this round */
    uint64_t *set;       /* (neurons * n_words) */
    uint32_t *size;      /* (neurons) of the fields, over the rounds so far */
} field_bits;

static uint64_t *set_of(const field_bits *b, size_t neuron)
{
    return b->set + neuron * b->n_words;
}

static void join(uint64_t *into, const uint64_t *set, size_t n_words)
{
    for (size_t w = 0; w < n_words; w++)
        into[w] |= set[w];
}

/* The receivers' sets become the unions of their senders'. */
static void join_senders(const field_bits *b, const sg_link *link)
{
    const sg_csr *m = link->matrix;
    const uint64_t *sends = set_of(b, b->first[link->from]);
    for (size_t row = 0; row < m->n_rows; row++) {
        uint64_t *into = set_of(b, b->first[link->to] + row);
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            join(into, sends + m->col[k] * b->n_words, b->n_words);
    }
}

static void join_receivers(const field_bits *b, const sg_link *link)
{
    const sg_csr *m = link->matrix;
    uint64_t *sends = set_of(b, b->first[link->from]);
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t *set = set_of(b, b->first[link->to] + row);
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            join(sends + m->col[k] * b->n_words, set, b->n_words);
    }
}

typedef enum field_side { RECEPTIVE, PROJECTIVE } field_side;

/* Whether fields are measured in this layer's neurons: the inputs or the outputs. */
static bool is_seed(const field_bits *b, field_side side, size_t layer)
{
    return side == RECEPTIVE ? sg_layer_is_input(b->s, layer) : sg_layer_is_output(b->s, layer);
}

/* Gives each of the seeds begin … begin + ROUND_MAX - 1, counted over all seed layers, its bit. */
static void sow(const field_bits *b, field_side side, size_t begin)
{
    size_t number = 0;
    for (size_t layer = 0; layer < b->n_layers; layer++) {
        if (!is_seed(b, side, layer))
            continue;
        for (size_t v = b->first[layer]; v < b->first[layer + 1]; v++, number++)
            if (number >= begin && number - begin < b->n_words * WORD_BITS)
                set_of(b, v)[(number - begin) / WORD_BITS] |= UINT64_C(1)
                                                              << (number - begin) % WORD_BITS;
    }
}

static void spread(const field_bits *b, field_side side)
{
    const size_t n_links = sg_snapshot_n_links(b->s);
    for (size_t step = 0; step < b->n_layers; step++) {
        const size_t layer = side == RECEPTIVE ? step : b->n_layers - 1 - step;
        for (size_t i = 0; i < n_links; i++) {
            const sg_link *link = sg_snapshot_link(b->s, i);
            if (side == RECEPTIVE && link->to == layer)
                join_senders(b, link);
            if (side == PROJECTIVE && link->from == layer)
                join_receivers(b, link);
        }
    }
}

static void count_bits(const field_bits *b)
{
    for (size_t v = 0; v < b->first[b->n_layers]; v++)
        for (size_t w = 0; w < b->n_words; w++)
            b->size[v] += (uint32_t)__builtin_popcountll(set_of(b, v)[w]);
}

static field_shares shares_of(const field_bits *b, size_t layer, size_t n_seeds)
{
    const size_t size = b->first[layer + 1] - b->first[layer];
    const uint32_t *fields = b->size + b->first[layer];
    double sum = 0;
    uint32_t min = UINT32_MAX;
    uint32_t max = 0;
    for (size_t i = 0; i < size; i++) {
        sum += fields[i];
        min = fields[i] < min ? fields[i] : min;
        max = fields[i] > max ? fields[i] : max;
    }
    const double all = (double)n_seeds;
    return (field_shares){sum / (double)size / all, min / all, max / all};
}

/* Measures one side of all layers; undefined in the seeds themselves and where there are none. */
static sg_status measure_side(field_bits *b, field_side side, layer_fields *ret, sg_error *err)
{
    const size_t n_neurons = b->first[b->n_layers];
    size_t n_seeds = 0;
    for (size_t layer = 0; layer < b->n_layers; layer++)
        n_seeds += is_seed(b, side, layer) ? b->first[layer + 1] - b->first[layer] : 0;
    const size_t n_words = (n_seeds + WORD_BITS - 1) / WORD_BITS;
    b->n_words = n_words < WORDS_MAX ? n_words : WORDS_MAX;
    SG_AUTOFREE uint64_t *set = sg_alloc(n_neurons, b->n_words * sizeof *set);
    SG_AUTOFREE uint32_t *size = SG_NEW_ARRAY(uint32_t, n_neurons);
    if (!set || !size)
        return sg_fail_memory(err, "measuring fields");
    b->set = set;
    b->size = size;
    for (size_t begin = 0; begin < n_seeds; begin += ROUND_MAX) {
        memset(set, 0, n_neurons * b->n_words * sizeof *set);
        sow(b, side, begin);
        spread(b, side);
        count_bits(b);
    }
    for (size_t layer = 0; layer < b->n_layers; layer++) {
        const bool defined = n_seeds > 0 && !is_seed(b, side, layer);
        const field_shares shares =
            defined ? shares_of(b, layer, n_seeds) : (field_shares){NAN, NAN, NAN};
        if (side == RECEPTIVE)
            ret[layer].receptive = shares;
        else
            ret[layer].projective = shares;
    }
    return SG_OK;
}

static sg_status measure_fields(sg_measured *m, const layer_fields **ret, sg_error *err)
{
    *ret = sg_measured_kept(m, SG_KEPT_FIELDS);
    if (*ret)
        return SG_OK;
    SG_AUTOFREE layer_fields *fields = SG_NEW_ARRAY(layer_fields, m->n_layers);
    SG_AUTOFREE size_t *first = NULL;
    if (!fields)
        return sg_fail_memory(err, "measuring fields");
    SG_TRY(sg_neurons_first(m->snapshot, &first, err));
    field_bits b = {.s = m->snapshot, .n_layers = m->n_layers, .first = first};
    SG_TRY(measure_side(&b, RECEPTIVE, fields, err));
    SG_TRY(measure_side(&b, PROJECTIVE, fields, err));
    *ret = fields;
    sg_measured_keep(m, SG_KEPT_FIELDS, SG_TAKE(fields), sg_free);
    return SG_OK;
}

enum { MEAN, MIN, MAX, NUMBER = 3, OUTPUTS = 4 };

static sg_status layer_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    const layer_fields *fields = NULL;
    SG_TRY(measure_fields(m, &fields, err));
    const field_shares *s =
        self->which & OUTPUTS ? &fields[subject].projective : &fields[subject].receptive;
    const double values[] = {[MEAN] = s->mean, [MIN] = s->min, [MAX] = s->max};
    *ret = values[self->which & NUMBER];
    return SG_OK;
}

/* One search from every input or output, 64 of them in the time of one. */
static const sg_measure measures[] = {
    {"receptive_field_mean", "dimensionless",
     "mean over the neurons of the share of the inputs from which a path leads there", "",
     SG_SCOPE_LAYER, SG_COST_SEARCH, SG_NULL_DEGREES, MEAN, layer_number},
    {"receptive_field_min", "dimensionless",
     "smallest share of the inputs from which a path leads to a neuron", "", SG_SCOPE_LAYER,
     SG_COST_SEARCH, SG_NULL_DEGREES, MIN, layer_number},
    {"receptive_field_max", "dimensionless",
     "largest share of the inputs from which a path leads to a neuron", "", SG_SCOPE_LAYER,
     SG_COST_SEARCH, SG_NULL_DEGREES, MAX, layer_number},
    {"projective_field_mean", "dimensionless",
     "mean over the neurons of the share of the outputs to which a path leads from there", "",
     SG_SCOPE_LAYER, SG_COST_SEARCH, SG_NULL_DEGREES, OUTPUTS | MEAN, layer_number},
    {"projective_field_min", "dimensionless",
     "smallest share of the outputs to which a path leads from a neuron", "", SG_SCOPE_LAYER,
     SG_COST_SEARCH, SG_NULL_DEGREES, OUTPUTS | MIN, layer_number},
    {"projective_field_max", "dimensionless",
     "largest share of the outputs to which a path leads from a neuron", "", SG_SCOPE_LAYER,
     SG_COST_SEARCH, SG_NULL_DEGREES, OUTPUTS | MAX, layer_number},
};

const sg_measure_family sg_family_fields = {measures, SG_COUNT(measures)};
