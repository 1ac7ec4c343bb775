/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/network.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/cells.h"
#include "train/link.h"

#include <math.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_network, sg_network_free)
SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

sg_status sg_parameter_new(size_t n, size_t n_groups, float *borrowed_value, parameter *ret,
                           sg_error *err)
{
    parameter p = {.n = n, .n_groups = n_groups};
    p.value = borrowed_value ? borrowed_value : SG_NEW_ARRAY(float, n);
    p.velocity = SG_NEW_ARRAY(float, n);
    p.gradient = sg_alloc(n, n_groups * sizeof *p.gradient);
    if (!p.value || !p.velocity || !p.gradient) {
        if (!borrowed_value)
            sg_free(p.value);
        sg_free(p.velocity);
        sg_free(p.gradient);
        return sg_fail_memory(err, "making room for parameters");
    }
    *ret = p;
    return SG_OK;
}

static void free_parameter(parameter *p, bool borrowed_value)
{
    if (!borrowed_value)
        sg_free(p->value);
    sg_free(p->velocity);
    sg_free(p->gradient);
    *p = (parameter){0};
}

static void free_link(train_link *link)
{
    free_parameter(&link->weight, !link->matrix || !sg_link_is_turned(link));
    sg_cells_clear(link);
    sg_csr_free(link->matrix);
    sg_free(link->t_start);
    sg_free(link->t_row);
    sg_free(link->t_position);
}

/* How many gradients of each parameter this rank keeps: one a group, and one for the sum where it
 * has no group. */
static size_t n_gradients_of(const sg_network *net)
{
    return net->own.end > net->own.begin ? net->own.end - net->own.begin : 1;
}

void sg_network_free(sg_network *net)
{
    if (!net)
        return;
    for (size_t l = 0; net->layers && l < net->n_layers; l++) {
        free_parameter(&net->layers[l].bias, false);
        free_parameter(&net->layers[l].srelu, false);
    }
    for (size_t l = 0; net->links && l + 1 < net->n_layers; l++)
        free_link(&net->links[l]);
    sg_free(net->layers);
    sg_free(net->links);
    sg_free(net);
}

static void fill_transposed(train_link *link, uint64_t *next)
{
    const sg_csr *m = link->matrix;
    for (size_t k = 0; k < m->n_links; k++)
        link->t_start[m->col[k] + 1]++;
    for (size_t c = 0; c < m->n_cols; c++)
        link->t_start[c + 1] += link->t_start[c];
    memcpy(next, link->t_start, m->n_cols * sizeof *next);
    for (size_t row = 0; row < m->n_rows; row++) {
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            const uint64_t at = next[m->col[k]]++;
            link->t_row[at] = (uint32_t)row;
            link->t_position[at] = (uint32_t)k;
        }
    }
}

void sg_network_forget_index(sg_network *net, size_t l)
{
    train_link *link = &net->links[l];
    sg_link_turn_back(link);
    sg_free(link->t_start);
    sg_free(link->t_row);
    sg_free(link->t_position);
    sg_free(link->weight.gradient);
    link->t_start = NULL;
    link->t_row = NULL;
    link->t_position = NULL;
    link->weight.gradient = NULL;
    sg_cells_clear(link);
}

sg_status sg_network_index(sg_network *net, size_t l, sg_error *err)
{
    train_link *link = &net->links[l];
    const sg_csr *m = link->matrix;
    link->weight.n = m->n_links;
    link->weight.value = m->value;
    link->weight.gradient =
        sg_alloc(m->n_links, n_gradients_of(net) * sizeof *link->weight.gradient);
    if (!link->weight.gradient)
        return sg_fail_memory(err, "making room for the gradients of a layer");
    SG_TRY(sg_cells_open(net, l, err));
    if (link->cell)
        return SG_OK;
    SG_AUTOFREE uint64_t *next = SG_NEW_ARRAY(uint64_t, m->n_cols + 1);
    link->t_start = SG_NEW_ARRAY(uint64_t, m->n_cols + 1);
    link->t_row = SG_NEW_ARRAY(uint32_t, m->n_links);
    link->t_position = SG_NEW_ARRAY(uint32_t, m->n_links);
    if (!next || !link->t_start || !link->t_row || !link->t_position)
        return sg_fail_memory(err, "indexing the links of a layer");
    fill_transposed(link, next);
    return sg_link_turn(net, link, err);
}

sg_status sg_network_set_matrix(sg_network *net, size_t l, sg_csr *matrix, sg_error *err)
{
    const size_t n = matrix->n_links;
    if (n > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "layer %zu would have %zu links; 2^32 - 1 is the most",
                       l + 1, n);
    float *velocity = SG_NEW_ARRAY(float, n);
    if (!velocity)
        return sg_fail_memory(err, "making room for the links of a layer");

    train_link *link = &net->links[l];
    const bool evolves = link->evolves;
    free_link(link);
    *link = (train_link){
        .matrix = matrix,
        .evolves = evolves,
        .weight = {.n = n,
                   .n_groups = n_gradients_of(net),
                   .value = matrix->value,
                   .velocity = velocity},
    };
    const sg_status status = sg_network_index(net, l, err);
    if (status != SG_OK)
        link->matrix = NULL; /* it stays the caller's */
    return status;
}

/* The share of the n_in * n_out links below layer `to` that the settings ask for; 1 = all. */
static double density_of(const sg_train_params *p, size_t to, size_t n_in, size_t n_out)
{
    const bool is_output = to == p->n_hidden + 1;
    if (p->method == SG_METHOD_DENSE || (is_output && p->output == SG_OUTPUT_DENSE))
        return 1.0;
    const double density = p->density > 0.0 ? p->density : sg_er_density(p->epsilon, n_in, n_out);
    return density < 1.0 ? density : 1.0;
}

/* What the settings lead to expect. */
typedef struct expected {
    double n_links;
    double n_dense; /* those of layers that multiply by their cells */
} expected;

static expected expect(const sg_train_params *p, size_t n_inputs, size_t n_classes)
{
    expected ret = {0};
    size_t n_in = n_inputs;
    for (size_t to = 1; to <= p->n_hidden + 1; to++) {
        const size_t n_out = to <= p->n_hidden ? p->hidden[to - 1] : n_classes;
        const double n = density_of(p, to, n_in, n_out) * (double)n_in * (double)n_out;
        ret.n_links += n;
        ret.n_dense += sg_dense_pays(n_out, n_in, (size_t)n) ? n : 0.0;
        n_in = n_out;
    }
    return ret;
}

/* Up to this many links a network takes 8 bytes more for each of them to be faster; larger ones
 * could not spare those. */
static const double small_network = 4e6;

/*
 * Two groups let two threads work without meeting until the end of a batch, for 4 bytes a link. A
 * batch of a few samples is all padding when cut in two. BLAS is a fifth slower on half a batch:
 * where it does most of the work, there is one. Ranks need a group each.
 */
size_t sg_network_choose_groups(const sg_train_params *p, size_t n_inputs, size_t n_classes)
{
    enum { BATCH_MIN = 32 };
    const expected e = expect(p, n_inputs, n_classes);
    const bool two =
        p->batch >= BATCH_MIN && e.n_links <= small_network && e.n_dense <= 0.5 * e.n_links;
    const size_t by_size = two ? 2 : 1;
    return by_size > sg_ranks_count(p->ranks) ? by_size : sg_ranks_count(p->ranks);
}

/* The starting links between layers l and l + 1, without weights. */
static sg_status draw_topology(const sg_train_params *p, const sg_network *net, size_t l,
                               sg_csr **ret, sg_error *err)
{
    const size_t n_in = net->layers[l].size;
    const size_t n_out = net->layers[l + 1].size;
    const double density = density_of(p, l + 1, n_in, n_out);
    sg_random random;
    sg_random_open(&random, p->seed, SG_RANDOM_TOPOLOGY, (uint32_t)l, 0);
    if (density >= 1.0)
        return sg_topology_full(n_out, n_in, ret, err);
    if (p->start == SG_START_EXACT) {
        const size_t n_links = (size_t)llround(density * (double)n_in * (double)n_out);
        return sg_topology_exact(n_out, n_in, n_links, &random, ret, err);
    }
    return sg_topology_bernoulli(n_out, n_in, density, &random, ret, err);
}

static void draw_weights(const sg_train_params *p, size_t l, sg_csr *m)
{
    const double set_deviation = 0.1; /* of SET's reference code */
    sg_random random;
    sg_random_open(&random, p->seed, SG_RANDOM_WEIGHTS, (uint32_t)l, 0);
    const bool full = m->n_links == m->n_rows * m->n_cols;
    const double fan_in = (double)m->n_links / (double)m->n_rows;
    const double bound = sqrt(6.0 / (fan_in > 1.0 ? fan_in : 1.0));
    for (size_t k = 0; k < m->n_links; k++)
        m->value[k] = p->init == SG_INIT_HE || full
                          ? (float)(bound * (2.0 * sg_random_unit(&random) - 1.0))
                          : (float)(set_deviation * sg_random_normal(&random));
}

/* Glorot-uniform for the left slope and the right threshold, 0 and 1 for the others, as SET's code
 * does. */
static void draw_srelu(const sg_train_params *p, size_t l, train_layer *layer)
{
    sg_random random;
    sg_random_open(&random, p->seed, SG_RANDOM_SRELU, (uint32_t)l, 0);
    const double bound = sqrt(3.0 / (double)layer->size);
    float *v = layer->srelu.value;
    for (size_t i = 0; i < layer->size; i++) {
        v[SRELU_T_LEFT * layer->size + i] = 0.0F;
        v[SRELU_A_LEFT * layer->size + i] = (float)(bound * (2.0 * sg_random_unit(&random) - 1.0));
        v[SRELU_T_RIGHT * layer->size + i] = (float)(bound * sg_random_unit(&random));
        v[SRELU_A_RIGHT * layer->size + i] = 1.0F;
    }
}

sg_status sg_network_skeleton(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                              sg_network **ret, sg_error *err)
{
    SG_CLEANUP(sg_network_free_cleanup_) sg_network *net = SG_NEW(sg_network);
    if (!net)
        return sg_fail_memory(err, "making a network");
    *net = (sg_network){.n_layers = p->n_hidden + 2,
                        .activation = p->activation,
                        .loss = p->loss,
                        .dense = sg_dense_select(),
                        .turns = expect(p, n_inputs, n_classes).n_links <= small_network};
    net->layers = SG_NEW_ARRAY(train_layer, net->n_layers);
    net->links = SG_NEW_ARRAY(train_link, net->n_layers - 1);
    if (!net->layers || !net->links)
        return sg_fail_memory(err, "making a network");

    const size_t last = net->n_layers - 1;
    for (size_t l = 0; l <= last; l++)
        net->layers[l].size = l == 0 ? n_inputs : l == last ? n_classes : p->hidden[l - 1];
    net->n_groups =
        p->n_groups > 0 ? p->n_groups : sg_network_choose_groups(p, n_inputs, n_classes);
    net->ranks = p->ranks;
    net->own = sg_range_of(net->n_groups, sg_ranks_index(p->ranks), sg_ranks_count(p->ranks));
    const size_t n_gradients = n_gradients_of(net);
    for (size_t l = 0; l <= last; l++) {
        train_layer *layer = &net->layers[l];
        if (l > 0)
            SG_TRY(sg_parameter_new(layer->size, n_gradients, NULL, &layer->bias, err));
        if (l > 0 && l < last && p->activation == SG_SRELU)
            SG_TRY(sg_parameter_new(N_SRELU * layer->size, n_gradients, NULL, &layer->srelu, err));
    }
    for (size_t l = 0; l < last; l++)
        net->links[l].evolves =
            p->method == SG_METHOD_SET && (l + 1 < last || p->output == SG_OUTPUT_SPARSE);
    *ret = SG_TAKE(net);
    return SG_OK;
}

sg_status sg_network_new(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                         sg_network **ret, sg_error *err)
{
    SG_CLEANUP(sg_network_free_cleanup_) sg_network *net = NULL;
    SG_TRY(sg_network_skeleton(p, n_inputs, n_classes, &net, err));
    const size_t n_links = net->n_layers - 1;
    for (size_t l = 0; l < n_links; l++) {
        SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
        SG_TRY(draw_topology(p, net, l, &m, err));
        draw_weights(p, l, m);
        SG_TRY(sg_network_set_matrix(net, l, m, err));
        m = NULL;
        if (net->layers[l + 1].srelu.n > 0)
            draw_srelu(p, l + 1, &net->layers[l + 1]);
    }
    *ret = SG_TAKE(net);
    return SG_OK;
}

size_t sg_network_n_links(const sg_network *net)
{
    size_t n = 0;
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        n += net->links[l].matrix->n_links;
    return n;
}

/* FNV-1a over whole words, and each product's upper half folded in, as the lower bits alone would
 * never hear of the upper ones. */
static uint64_t digest(uint64_t so_far, const void *words, size_t n)
{
    const uint64_t prime = UINT64_C(0x100000001b3);
    for (size_t i = 0; i < n; i++) {
        uint32_t word;
        memcpy(&word, (const char *)words + i * sizeof word, sizeof word);
        so_far = (so_far ^ word) * prime;
        so_far ^= so_far >> 32;
    }
    return so_far;
}

static uint64_t digest_parameter(uint64_t so_far, const parameter *p)
{
    return digest(digest(so_far, p->value, p->n), p->velocity, p->n);
}

uint64_t sg_network_digest(const sg_network *net)
{
    uint64_t so_far = UINT64_C(0xcbf29ce484222325);
    for (size_t l = 0; l + 1 < net->n_layers; l++) {
        const train_link *link = &net->links[l];
        so_far = digest(so_far, link->matrix->row_start, 2 * (link->matrix->n_rows + 1));
        so_far = digest(so_far, link->matrix->col, link->matrix->n_links);
        so_far = digest_parameter(so_far, &link->weight);
        so_far = digest_parameter(so_far, &net->layers[l + 1].bias);
        so_far = digest_parameter(so_far, &net->layers[l + 1].srelu);
    }
    return so_far;
}

double sg_network_n_cells(const sg_network *net)
{
    double n = 0.0;
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        n += (double)net->layers[l].size * (double)net->layers[l + 1].size;
    return n;
}
