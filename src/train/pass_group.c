/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/pass_group.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/activation.h"
#include "train/cells.h"
#include "train/dropout.h"
#include "train/link.h"

#include <string.h>

void sg_group_clear(sg_group *group)
{
    for (size_t l = 0; group->layers && l < group->net->n_layers; l++) {
        layer_buffer *b = &group->layers[l];
        if (b->z != b->y)
            sg_free(b->z);
        if (b->d != b->y)
            sg_free(b->d);
        sg_free(b->y);
        sg_free(b->mask);
    }
    sg_free(group->layers);
    sg_free(group->label);
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
    /* links never come to have cells: no method grows more than it removes */
    const bool in_place = hidden && !net->links[l].cell;
    if (l > 0)
        b->d = in_place ? b->y : new_buffer(size, group->stride);
    b->mask = hidden && with_dropout ? new_buffer(size, group->stride) : NULL;
    return b->y && b->z && (b->d || l == 0) && (b->mask || !hidden || !with_dropout);
}

/*
 * Returns the columns that go through the layers together, for groups of n samples. Each row of
 * activations is read some 20 times a product, so it pays to have all rows of the widest layer in a
 * core's second-level cache (2 MiB or less); but the links are read anew each time. Where not even
 * the fewest columns fit, all go together. The number follows from the network alone: sums depend
 * on it.
 */
sg_columns sg_group_columns(const sg_network *net, size_t n)
{
    static const size_t room = 3 << 19; /* bytes; the links need some of the cache, too */
    const size_t all = sg_batch_stride(n);
    size_t widest = 1;
    bool whole = false; /* as BLAS is faster on many columns */
    for (size_t l = 0; l < net->n_layers; l++) {
        widest = net->layers[l].size > widest ? net->layers[l].size : widest;
        whole |= l + 1 < net->n_layers && net->links[l].cell;
    }
    const size_t bytes = widest * SG_BATCH_ALIGN * sizeof(float);
    const size_t n_vectors = all / SG_BATCH_ALIGN;
    const size_t fit = whole || bytes > room ? n_vectors : room / bytes;
    const size_t n_parts = (n_vectors + fit - 1) / fit;
    return (sg_columns){n_parts, (n_vectors + n_parts - 1) / n_parts * SG_BATCH_ALIGN};
}

sg_status sg_group_open(sg_group *group, size_t n, bool with_dropout, sg_error *err)
{
    const sg_network *net = group->net;
    group->stride = sg_group_columns(net, n).stride;
    group->label = SG_NEW_ARRAY(uint8_t, group->stride);
    group->layers = SG_NEW_ARRAY(layer_buffer, net->n_layers);
    if (!group->label || !group->layers)
        return sg_fail_memory(err, "making room for a batch");
    for (size_t l = 0; l < net->n_layers; l++)
        if (!new_layer_buffer(group, l, with_dropout, &group->layers[l]))
            return sg_fail_memory(err, "making room for a batch");
    return SG_OK;
}

typedef struct load_task {
    const sg_part *part;
    const uint8_t *raw; /* (n_samples, n_features) */
    const float *scale;
    const float *shift;
} load_task;

/* Returns which sample is in a column of the part; the padding repeats the last one. */
static size_t sample_of(const sg_part *part, size_t column)
{
    const sg_group *group = part->group;
    const size_t s = part->at + (column < part->n ? column : part->n - 1);
    return group->chosen ? group->chosen[s] : group->first_sample + s;
}

/* Turns samples × features into features × samples, some samples at a time: each of them is read
 * as a stream. */
static void load_rows(void *user, size_t begin, size_t end)
{
    const load_task *t = user;
    const sg_group *group = t->part->group;
    const size_t n_features = group->net->layers[0].size;
    for (size_t first = 0; first < group->stride && t->part->n > 0; first += SG_BATCH_ALIGN) {
        sg_unpack unpack = {.scale = t->scale,
                            .shift = t->shift,
                            .y = group->layers[0].y + first,
                            .stride = group->stride};
        for (size_t s = 0; s < SG_BATCH_ALIGN; s++)
            unpack.sample[s] = t->raw + sample_of(t->part, first + s) * n_features;
        group->kernels->elementwise->unpack(&unpack, begin, end);
    }
}

void sg_part_load(const sg_part *part, sg_member member, const sg_dataset *data, sg_split split)
{
    sg_group *group = part->group;
    load_task task = {
        .part = part,
        .raw = sg_dataset_raw(data, split),
        .scale = sg_dataset_scale(data),
        .shift = sg_dataset_shift(data),
    };
    const uint8_t *label = sg_dataset_labels(data, split);
    for (size_t s = 0; member.rank == 0 && s < part->n; s++)
        group->label[s] = label[sample_of(part, s)];
    sg_team_rows(member, group->net->layers[0].size, load_rows, &task);
    sg_team_meet(&group->team);
}

void sg_group_fetch_next(const sg_group *group, sg_member member, const sg_dataset *data,
                         sg_split split)
{
    enum { LINE = 64 };
    const size_t n_features = group->net->layers[0].size;
    const uint8_t *raw = sg_dataset_raw(data, split);
    for (size_t s = member.rank; s < group->n_next; s += group->team.n_members)
        for (size_t j = 0; j < n_features; j += LINE)
            __builtin_prefetch(raw + (size_t)group->next[s] * n_features + j, 0, 2);
}

/* What one layer's work needs; l is the receiving layer of a forward step, the sending one of a
 * backward step. */
typedef struct layer_task {
    const sg_part *part;
    const sg_group *group;
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
        .n = t->part->n,
        .stride = group->stride,
        .group = group->index,
        .add = t->part->at > 0,
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

/* Returns whether the activation is done, too. */
static bool forward_product(const layer_task *t, size_t begin, size_t end)
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
        return false;
    }
    const size_t n_below = net->layers[t->l - 1].size;
    const bool rectified = t->l + 1 < net->n_layers && net->activation == SG_RELU;
    const sg_multiply product = {.matrix = t->matrix,
                                 .bias = bias,
                                 .x = x,
                                 .y = z,
                                 .stride = group->stride,
                                 .rectified = rectified,
                                 .prefetch = sg_prefetch_pays(n_below, group->stride)};
    group->kernels->multiply(&product, begin, end);
    return rectified;
}

/* Calls task for few rows at a time, which are still in the nearest cache for what it does to them
 * next. */
static void by_blocks(const layer_task *t, size_t begin, size_t end,
                      void (*task)(const layer_task *t, size_t begin, size_t end))
{
    enum { ROWS_AT_ONCE = 16 };
    const size_t at_once = t->link->cell ? end - begin : ROWS_AT_ONCE;
    for (size_t row = begin; row < end; row += at_once)
        task(t, row, end - row < at_once ? end : row + at_once);
}

static sg_neurons neurons_of(const layer_task *t, size_t begin, size_t end)
{
    return (sg_neurons){.l = t->l, .begin = begin, .end = end, .stride = t->group->stride};
}

static void drop_rows(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const layer_buffer *to = &group->layers[t->l];
    for (size_t i = begin; i < end; i++) {
        const sg_dropout_row row = {.layer = t->l,
                                    .neuron = i,
                                    .n_neurons = group->net->layers[t->l].size,
                                    .first = group->first + t->part->at,
                                    .n = group->stride,
                                    .n_columns = group->n_columns};
        sg_drop(group->dropout, &row, to->y + i * group->stride, to->mask + i * group->stride);
    }
}

static void forward_block(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const layer_buffer *to = &group->layers[t->l];

    const bool done = forward_product(t, begin, end);
    if (t->l + 1 == group->net->n_layers)
        return;
    if (!done)
        sg_activate(group->net, group->kernels->elementwise, neurons_of(t, begin, end), to->z,
                    to->y);
    if (group->dropout)
        drop_rows(t, begin, end);
}

static void forward_rows(void *user, size_t begin, size_t end)
{
    by_blocks(user, begin, end, forward_block);
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
        .value = link->weight.value,
    };
}

void sg_part_forward(const sg_part *part, sg_member member)
{
    sg_group *group = part->group;
    for (size_t l = 1; l < group->net->n_layers; l++) {
        const train_link *link = &group->net->links[l - 1];
        layer_task task = {part, group, l, link, forward_matrix(link)};
        deal_rows(member, &task, group->net->layers[l].size, forward_rows);
        sg_team_meet(&group->team);
    }
}

/* By the bias of neurons whose d is known. */
static void write_bias_gradient(const sg_part *part, size_t l, size_t begin, size_t end)
{
    const sg_group *group = part->group;
    const size_t stride = group->stride;
    float *gradient = sg_parameter_gradient(&group->net->layers[l].bias, group->index);
    if (part->at == 0)
        memset(gradient + begin, 0, (end - begin) * sizeof *gradient);
    group->kernels->elementwise->row_sums(group->layers[l].d + begin * stride, end - begin, stride,
                                          gradient + begin);
}

void sg_part_loss(const sg_part *part, sg_member member, bool backward)
{
    sg_group *group = part->group;
    const sg_network *net = group->net;
    const size_t last = net->n_layers - 1;
    if (member.rank == 0) {
        const sg_output_batch batch = {
            .z = group->layers[last].z,
            .n_classes = net->layers[last].size,
            .stride = group->stride,
            .n = part->n,
            .n_batch = group->n_batch,
            .label = group->label,
        };
        float *d = backward ? group->layers[last].d : NULL;
        sg_loss_of_batch(net->loss, &batch, d, &group->score);
        if (backward)
            write_bias_gradient(part, last, 0, batch.n_classes);
    }
    sg_team_meet(&group->team);
}

/* What the links of a sparse layer pass down to rows of the layer below, and their gradient. */
static sg_backward sparse_backward(const layer_task *t)
{
    const sg_group *group = t->group;
    const train_link *link = t->link;
    const size_t n_above = group->net->layers[t->l + 1].size;
    return (sg_backward){
        .matrix = t->matrix,
        .position = sg_link_is_turned(link) ? NULL : link->t_position,
        .x = group->layers[t->l].y,
        .d = group->layers[t->l + 1].d,
        .stride = group->stride,
        .gradient = sg_parameter_gradient(&link->weight, group->index),
        .add = t->part->at > 0,
        .prefetch = sg_prefetch_pays(n_above, group->stride),
    };
}

/* d of rows of a hidden layer before dropout and activation, and the gradient of sparse links.
 * Returns whether the activation is done, too. */
static bool backward_product(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    if (t->link->cell) {
        sg_cells_work work = cells_work(t);
        work.d = group->layers[t->l + 1].d;
        work.y = group->layers[t->l].d;
        sg_cells_backward(&work, begin, end);
        return false;
    }
    sg_backward product = sparse_backward(t);
    product.y = group->layers[t->l].d;
    product.rectified = group->net->activation == SG_RELU;
    group->kernels->backward(&product, begin, end);
    return product.rectified;
}

static void backward_block(const layer_task *t, size_t begin, size_t end)
{
    const sg_group *group = t->group;
    const layer_buffer *at = &group->layers[t->l];
    const sg_elementwise *each = group->kernels->elementwise;
    const size_t first = begin * group->stride;

    const bool done = backward_product(t, begin, end);
    if (group->dropout)
        each->multiply_by(at->mask + first, at->d + first, (end - begin) * group->stride);
    if (!done) {
        const parameter *srelu = &group->net->layers[t->l].srelu;
        const sg_srelu_gradient gradient = {sg_parameter_gradient(srelu, group->index),
                                            t->part->at > 0};
        sg_activate_backward(group->net, each, neurons_of(t, begin, end), at->z, at->d, &gradient);
    }
    write_bias_gradient(t->part, t->l, begin, end);
}

static void backward_rows(void *user, size_t begin, size_t end)
{
    by_blocks(user, begin, end, backward_block);
}

/* The gradient of sparse links from the input layer, to which nothing is passed down: by rows of
 * the index or, as a product knows no sides, of the matrix, whichever order the gradient has. */
static void input_gradient_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_group *group = t->group;
    sg_backward product = sparse_backward(t);
    if (!sg_link_is_turned(t->link)) {
        product.matrix = forward_matrix(t->link);
        product.position = NULL;
        product.x = group->layers[1].d;
        product.d = group->layers[0].y;
        product.prefetch = sg_prefetch_pays(group->net->layers[0].size, group->stride);
    }
    group->kernels->backward(&product, begin, end);
}

static void cells_gradient_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    sg_cells_work work = cells_work(t);
    work.x = t->group->layers[t->l].y;
    work.d = t->group->layers[t->l + 1].d;
    sg_cells_gradient(&work, begin, end);
}

void sg_part_backward(const sg_part *part, sg_member member)
{
    sg_group *group = part->group;
    const sg_network *net = group->net;
    for (size_t l = net->n_layers - 1; l-- > 0;) {
        const train_link *link = &net->links[l];
        layer_task task = {part, group, l, link, transposed_matrix(link)};
        if (link->cell)
            deal_rows(member, &task, net->layers[l + 1].size, cells_gradient_rows);
        if (l > 0)
            deal_rows(member, &task, net->layers[l].size, backward_rows);
        else if (!link->cell)
            deal_rows(member, &task, net->layers[sg_link_is_turned(link) ? 0 : 1].size,
                      input_gradient_rows);
        sg_team_meet(&group->team);
    }
}
