/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/pass_group.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/activation.h"
#include "train/cells.h"
#include "train/dropout.h"

#include <string.h>

void sg_group_clear(sg_group *group)
{
    for (size_t l = 0; group->layers && l < group->net->n_layers; l++) {
        layer_buffer *b = &group->layers[l];
        if (b->z != b->y)
            sg_free(b->z);
        sg_free(b->y);
        sg_free(b->d);
        sg_free(b->mask);
    }
    sg_free(group->layers);
    sg_free(group->label);
    sg_free(group->sample);
}

/* Zeroed, so that the padding is never uninitialised. */
static float *new_buffer(size_t size, size_t stride)
{
    float *buffer =
        size <= SIZE_MAX / stride ? sg_alloc_aligned(size * stride, sizeof *buffer) : NULL;
    if (buffer)
        memset(buffer, 0, size * stride * sizeof *buffer);
    return buffer;
}

static bool new_layer_buffer(const sg_group *group, size_t l, bool with_dropout, layer_buffer *b)
{
    const sg_network *net = group->net;
    const size_t size = net->layers[l].size;
    const bool hidden = l > 0 && l + 1 < net->n_layers;

    b->y = new_buffer(size, group->stride);
    b->z = hidden && net->activation != SG_RELU ? new_buffer(size, group->stride) : b->y;
    b->d = l > 0 ? new_buffer(size, group->stride) : NULL;
    b->mask = hidden && with_dropout ? new_buffer(size, group->stride) : NULL;
    return b->y && b->z && (b->d || l == 0) && (b->mask || !hidden || !with_dropout);
}

sg_status sg_group_open(sg_group *group, sg_network *net, size_t n, bool with_dropout,
                        sg_error *err)
{
    group->net = net;
    group->stride = sg_batch_stride(n);
    SG_TRY(sg_kernels_select(&group->kernels, err));
    group->label = SG_NEW_ARRAY(uint8_t, group->stride);
    group->sample = SG_NEW_ARRAY(uint32_t, group->stride);
    group->layers = SG_NEW_ARRAY(layer_buffer, net->n_layers);
    if (!group->label || !group->sample || !group->layers)
        return sg_fail_memory(err, "making room for a batch");
    for (size_t l = 0; l < net->n_layers; l++)
        if (!new_layer_buffer(group, l, with_dropout, &group->layers[l]))
            return sg_fail_memory(err, "making room for a batch");
    return SG_OK;
}

typedef struct load_task {
    sg_group *group;
    const uint8_t *raw; /* (n_samples, n_features) */
    const float *scale;
    const float *shift;
} load_task;

/* Turns samples × features into features × samples, some samples at a time: each of them is read
 * as a stream. */
static void load_rows(void *user, size_t begin, size_t end)
{
    const load_task *t = user;
    const sg_group *group = t->group;
    const size_t n_features = group->net->layers[0].size;
    for (size_t first = 0; first < group->stride; first += SG_BATCH_ALIGN) {
        const uint8_t *raw[SG_BATCH_ALIGN];
        const size_t left = group->n > first ? group->n - first : 0;
        const size_t n = left < SG_BATCH_ALIGN ? left : SG_BATCH_ALIGN;
        for (size_t s = 0; s < n; s++)
            raw[s] = t->raw + (size_t)group->sample[first + s] * n_features;
        for (size_t j = begin; j < end; j++) {
            float *y = group->layers[0].y + j * group->stride + first;
            float column[SG_BATCH_ALIGN] = {0};
            for (size_t s = 0; s < n; s++)
                column[s] = (float)raw[s][j] * t->scale[j] + t->shift[j];
            memcpy(y, column, sizeof column);
        }
    }
}

void sg_group_load(sg_group *group, sg_member member, const sg_dataset *data, sg_split split)
{
    load_task task = {
        .group = group,
        .raw = sg_dataset_raw(data, split),
        .scale = sg_dataset_scale(data),
        .shift = sg_dataset_shift(data),
    };
    sg_team_rows(member, group->net->layers[0].size, load_rows, &task);
    sg_team_meet(&group->team);
}

/* What one layer's work needs; l is the receiving layer of a forward step, the sending one of a
 * backward step. */
typedef struct layer_task {
    sg_group *group;
    size_t l;
    const train_link *link; /* from or to that layer */
    sg_kernel_matrix matrix;
} layer_task;

/* The part of a layer's work that a link does by its cells. */
static sg_cells_work cells_work(const layer_task *t)
{
    const sg_group *group = t->group;
    return (sg_cells_work){
        .link = t->link,
        .dense = group->net->dense,
        .n = group->n,
        .stride = group->stride,
        .group = group->index,
    };
}

/* Deals the rows of a layer to the team: by the blocks that the link multiplies in. */
static void deal_rows(sg_member member, layer_task *t, size_t n_rows,
                      void (*task)(void *user, size_t begin, size_t end))
{
    if (t->link->cell)
        sg_team_blocks(member, n_rows, sg_dense_block(n_rows), task, t);
    else
        sg_team_rows(member, n_rows, task, t);
}

static void forward_product(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const sg_network *net = group->net;
    const float *bias = net->layers[t->l].bias.value;
    const float *x = group->layers[t->l - 1].y;
    float *z = group->layers[t->l].z;
    if (t->link->cell) {
        sg_cells_work work = cells_work(t);
        work.x = x;
        work.y = z;
        sg_cells_forward(&work, bias, begin, end);
        return;
    }
    const size_t n_below = net->layers[t->l - 1].size;
    const sg_multiply product = {.matrix = t->matrix,
                                 .bias = bias,
                                 .x = x,
                                 .y = z,
                                 .stride = group->stride,
                                 .prefetch = sg_prefetch_pays(n_below, group->stride)};
    group->kernels->multiply(&product, begin, end);
}

static void forward_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_group *group = t->group;
    const sg_network *net = group->net;
    const train_layer *layer = &net->layers[t->l];
    const layer_buffer *to = &group->layers[t->l];
    const size_t stride = group->stride;

    forward_product(t, begin, end);
    if (t->l + 1 == net->n_layers)
        return;
    for (size_t i = begin; i < end; i++) {
        sg_activate(net, t->l, i, to->z + i * stride, to->y + i * stride, stride);
        if (group->dropout) {
            const sg_dropout_row row = {.layer = t->l,
                                        .neuron = i,
                                        .n_neurons = layer->size,
                                        .first = group->first,
                                        .n = stride,
                                        .n_columns = group->n_columns};
            sg_drop(group->dropout, &row, to->y + i * stride, to->mask + i * stride);
        }
    }
}

static sg_kernel_matrix forward_matrix(const train_link *link)
{
    const sg_csr *m = link->matrix;
    return (sg_kernel_matrix){
        .n_rows = m->n_rows, .row_start = m->row_start, .col = m->col, .value = m->value};
}

static sg_kernel_matrix transposed_matrix(const train_link *link)
{
    return (sg_kernel_matrix){
        .n_rows = link->matrix->n_cols,
        .row_start = link->t_start,
        .col = link->t_row,
        .value = link->matrix->value,
        .position = link->t_position,
    };
}

void sg_group_forward(sg_group *group, sg_member member)
{
    for (size_t l = 1; l < group->net->n_layers; l++) {
        const train_link *link = &group->net->links[l - 1];
        layer_task task = {group, l, link, forward_matrix(link)};
        deal_rows(member, &task, group->net->layers[l].size, forward_rows);
        sg_team_meet(&group->team);
    }
}

void sg_group_loss(sg_group *group, sg_member member, bool backward)
{
    const sg_network *net = group->net;
    const size_t last = net->n_layers - 1;
    if (member.rank == 0) {
        const sg_output_batch batch = {
            .z = group->layers[last].z,
            .n_classes = net->layers[last].size,
            .stride = group->stride,
            .n = group->n,
            .n_batch = group->n_batch,
            .label = group->label,
        };
        group->score = (sg_score){0};
        sg_loss_of_batch(net->loss, &batch, backward ? group->layers[last].d : NULL, &group->score);
    }
    sg_team_meet(&group->team);
}

static void backward_product(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const float *above = group->layers[t->l + 1].d;
    float *d = group->layers[t->l].d;
    if (t->link->cell) {
        sg_cells_work work = cells_work(t);
        work.d = above;
        work.y = d;
        sg_cells_backward(&work, begin, end);
        return;
    }
    const size_t n_above = group->net->layers[t->l + 1].size;
    const sg_multiply product = {.matrix = t->matrix,
                                 .x = above,
                                 .y = d,
                                 .stride = group->stride,
                                 .prefetch = sg_prefetch_pays(n_above, group->stride)};
    group->kernels->multiply(&product, begin, end);
}

/* d of a hidden layer: the transposed links applied to the next layer's d, then dropout and
 * activation. */
static void backward_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_group *group = t->group;
    const layer_buffer *at = &group->layers[t->l];
    const size_t stride = group->stride;
    const parameter *srelu = &group->net->layers[t->l].srelu;

    backward_product(t, begin, end);
    for (size_t i = begin; i < end; i++) {
        float *d = at->d + i * stride;
        if (group->dropout)
            for (size_t s = 0; s < stride; s++)
                d[s] *= at->mask[i * stride + s];
        const sg_neuron neuron = {t->l, i};
        sg_activate_backward(group->net, neuron, at->z + i * stride, d, stride,
                             sg_parameter_gradient(srelu, group->index));
    }
}

/* A row's sum in SG_BATCH_ALIGN lanes: a fixed order that vectorises. */
static float row_sum(const float *d, size_t stride)
{
    float lane[SG_BATCH_ALIGN] = {0};
    for (size_t s = 0; s < stride; s += SG_BATCH_ALIGN)
        for (size_t i = 0; i < SG_BATCH_ALIGN; i++)
            lane[i] += d[s + i];
    float sum = 0.0F;
    for (size_t i = 0; i < SG_BATCH_ALIGN; i++)
        sum += lane[i];
    return sum;
}

static void gradient_product(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const float *x = group->layers[t->l - 1].y;
    const float *d = group->layers[t->l].d;
    if (t->link->cell) {
        sg_cells_work work = cells_work(t);
        work.x = x;
        work.d = d;
        sg_cells_gradient(&work, begin, end);
        return;
    }
    const size_t n_below = group->net->layers[t->l - 1].size;
    const sg_gradient product = {.matrix = t->matrix,
                                 .x = x,
                                 .d = d,
                                 .stride = group->stride,
                                 .gradient = sg_parameter_gradient(&t->link->weight, group->index),
                                 .prefetch = sg_prefetch_pays(n_below, group->stride)};
    group->kernels->gradient(&product, begin, end);
}

static void gradient_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_group *group = t->group;
    const float *d = group->layers[t->l].d;
    float *bias = sg_parameter_gradient(&group->net->layers[t->l].bias, group->index);

    gradient_product(t, begin, end);
    for (size_t i = begin; i < end; i++)
        bias[i] = row_sum(d + i * group->stride, group->stride);
}

void sg_group_backward(sg_group *group, sg_member member)
{
    const sg_network *net = group->net;
    for (size_t l = net->n_layers - 1; l > 0; l--) {
        const train_link *link = &net->links[l - 1];
        layer_task gradient = {group, l, link, forward_matrix(link)};
        deal_rows(member, &gradient, net->layers[l].size, gradient_rows);
        if (l > 1) {
            layer_task back = {group, l - 1, link, transposed_matrix(link)};
            deal_rows(member, &back, net->layers[l - 1].size, backward_rows);
        }
        sg_team_meet(&group->team);
    }
}
