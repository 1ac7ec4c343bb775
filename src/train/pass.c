/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/pass.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/activation.h"
#include "train/dropout.h"

#include <string.h>

/* The batch at one layer, each (size, stride). */
typedef struct layer_buffer {
    float *z;    /* before the activation; the same array as y under ReLU and in the output layer */
    float *y;    /* what the next layer reads */
    float *d;    /* gradient by z; none in the input layer */
    float *mask; /* the factors of dropout, or NULL */
} layer_buffer;

struct sg_pass {
    const sg_network *net;
    const sg_kernels *kernels;
    int n_threads;
    size_t stride;
    size_t n;             /* samples loaded */
    uint8_t *label;       /* (stride) */
    uint32_t *sample;     /* (stride) which samples are loaded */
    layer_buffer *layers; /* (n_layers) */
    const sg_dropout *dropout;
};

SG_DEFINE_CLEANUP(sg_pass, sg_pass_free)

void sg_pass_free(sg_pass *pass)
{
    if (!pass)
        return;
    for (size_t l = 0; pass->layers && l < pass->net->n_layers; l++) {
        layer_buffer *b = &pass->layers[l];
        if (b->z != b->y)
            sg_free(b->z);
        sg_free(b->y);
        sg_free(b->d);
        sg_free(b->mask);
    }
    sg_free(pass->layers);
    sg_free(pass->label);
    sg_free(pass->sample);
    sg_free(pass);
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

static bool new_layer_buffer(const sg_pass *pass, size_t l, bool with_dropout, layer_buffer *b)
{
    const sg_network *net = pass->net;
    const size_t size = net->layers[l].size;
    const bool hidden = l > 0 && l + 1 < net->n_layers;

    b->y = new_buffer(size, pass->stride);
    b->z = hidden && net->activation != SG_RELU ? new_buffer(size, pass->stride) : b->y;
    b->d = l > 0 ? new_buffer(size, pass->stride) : NULL;
    b->mask = hidden && with_dropout ? new_buffer(size, pass->stride) : NULL;
    return b->y && b->z && (b->d || l == 0) && (b->mask || !hidden || !with_dropout);
}

sg_status sg_pass_new(const sg_network *net, size_t batch, bool with_dropout, int n_threads,
                      sg_pass **ret, sg_error *err)
{
    SG_CLEANUP(sg_pass_free_cleanup_) sg_pass *pass = SG_NEW(sg_pass);
    if (!pass)
        return sg_fail_memory(err, "making room for a batch");
    *pass = (sg_pass){.net = net, .n_threads = n_threads, .stride = sg_batch_stride(batch)};
    SG_TRY(sg_kernels_select(&pass->kernels, err));
    pass->label = SG_NEW_ARRAY(uint8_t, pass->stride);
    pass->sample = SG_NEW_ARRAY(uint32_t, pass->stride);
    pass->layers = SG_NEW_ARRAY(layer_buffer, net->n_layers);
    if (!pass->label || !pass->sample || !pass->layers)
        return sg_fail_memory(err, "making room for a batch");
    for (size_t l = 0; l < net->n_layers; l++)
        if (!new_layer_buffer(pass, l, with_dropout, &pass->layers[l]))
            return sg_fail_memory(err, "making room for a batch");
    *ret = SG_TAKE(pass);
    return SG_OK;
}

typedef struct load_task {
    sg_pass *pass;
    const uint8_t *raw; /* (n_samples, n_features) */
    const float *scale;
    const float *shift;
} load_task;

/* Turns samples × features into features × samples. */
static void load_rows(void *user, size_t begin, size_t end)
{
    const load_task *t = user;
    const sg_pass *pass = t->pass;
    const size_t n_features = pass->net->layers[0].size;
    for (size_t s = 0; s < pass->n; s++) {
        const uint8_t *raw = t->raw + (size_t)pass->sample[s] * n_features;
        for (size_t j = begin; j < end; j++)
            pass->layers[0].y[j * pass->stride + s] = (float)raw[j] * t->scale[j] + t->shift[j];
    }
    for (size_t j = begin; j < end; j++)
        for (size_t s = pass->n; s < pass->stride; s++)
            pass->layers[0].y[j * pass->stride + s] = 0.0F;
}

void sg_pass_load(sg_pass *pass, const sg_dataset *data, sg_split split, const uint32_t *index,
                  size_t first, size_t n)
{
    const uint8_t *label = sg_dataset_labels(data, split);
    pass->n = n;
    for (size_t s = 0; s < n; s++) {
        pass->sample[s] = index ? index[s] : (uint32_t)(first + s);
        pass->label[s] = label[pass->sample[s]];
    }
    load_task task = {
        .pass = pass,
        .raw = sg_dataset_raw(data, split),
        .scale = sg_dataset_scale(data),
        .shift = sg_dataset_shift(data),
    };
    sg_rows_in_parallel(pass->net->layers[0].size, pass->n_threads, load_rows, &task);
}

/* What one layer's work needs; l is the receiving layer of a forward step, the sending one of a
 * backward step. */
typedef struct layer_task {
    sg_pass *pass;
    size_t l;
    sg_kernel_matrix matrix;
} layer_task;

static void forward_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_pass *pass = t->pass;
    const sg_network *net = pass->net;
    const train_layer *layer = &net->layers[t->l];
    const layer_buffer *to = &pass->layers[t->l];
    const size_t stride = pass->stride;

    const sg_multiply product = {.matrix = t->matrix,
                                 .bias = layer->bias.value,
                                 .x = pass->layers[t->l - 1].y,
                                 .y = to->z,
                                 .stride = stride};
    pass->kernels->multiply(&product, begin, end);
    if (t->l + 1 == net->n_layers)
        return;
    for (size_t i = begin; i < end; i++) {
        sg_activate(net, t->l, i, to->z + i * stride, to->y + i * stride, stride);
        if (pass->dropout)
            sg_dropout_row(pass->dropout, (sg_neuron){t->l, layer->size, i}, to->y + i * stride,
                           to->mask + i * stride, stride);
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

void sg_pass_forward(sg_pass *pass, const sg_dropout *dropout)
{
    pass->dropout = dropout && dropout->rate > 0.0 ? dropout : NULL;
    for (size_t l = 1; l < pass->net->n_layers; l++) {
        layer_task task = {pass, l, forward_matrix(&pass->net->links[l - 1])};
        sg_rows_in_parallel(pass->net->layers[l].size, pass->n_threads, forward_rows, &task);
    }
}

/* d of a hidden layer: the transposed links applied to the next layer's d, then dropout and
 * activation. */
static void backward_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_pass *pass = t->pass;
    const layer_buffer *at = &pass->layers[t->l];
    const size_t stride = pass->stride;

    const sg_multiply product = {
        .matrix = t->matrix, .x = pass->layers[t->l + 1].d, .y = at->d, .stride = stride};
    pass->kernels->multiply(&product, begin, end);
    for (size_t i = begin; i < end; i++) {
        float *d = at->d + i * stride;
        if (pass->dropout)
            for (size_t s = 0; s < stride; s++)
                d[s] *= at->mask[i * stride + s];
        sg_activate_backward(pass->net, t->l, i, at->z + i * stride, d, stride);
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

static void gradient_rows(void *user, size_t begin, size_t end)
{
    const layer_task *t = user;
    const sg_pass *pass = t->pass;
    const float *d = pass->layers[t->l].d;

    const sg_gradient product = {.matrix = t->matrix,
                                 .x = pass->layers[t->l - 1].y,
                                 .d = d,
                                 .stride = pass->stride,
                                 .gradient = pass->net->links[t->l - 1].weight.gradient};
    pass->kernels->gradient(&product, begin, end);
    for (size_t i = begin; i < end; i++)
        pass->net->layers[t->l].bias.gradient[i] = row_sum(d + i * pass->stride, pass->stride);
}

void sg_pass_loss(sg_pass *pass, bool backward, sg_score *score)
{
    const sg_network *net = pass->net;
    const size_t last = net->n_layers - 1;
    const sg_output_batch batch = {
        .z = pass->layers[last].z,
        .n_classes = net->layers[last].size,
        .stride = pass->stride,
        .n = pass->n,
        .label = pass->label,
    };
    sg_loss_of_batch(net->loss, &batch, backward ? pass->layers[last].d : NULL, score);
    for (size_t l = last; backward && l > 0; l--) {
        const train_link *link = &net->links[l - 1];
        layer_task gradient = {pass, l, forward_matrix(link)};
        sg_rows_in_parallel(net->layers[l].size, pass->n_threads, gradient_rows, &gradient);
        if (l > 1) {
            layer_task back = {pass, l - 1, transposed_matrix(link)};
            sg_rows_in_parallel(net->layers[l - 1].size, pass->n_threads, backward_rows, &back);
        }
    }
}

sg_score sg_pass_test(sg_pass *pass, const sg_dataset *data, sg_split split)
{
    const size_t n_samples = sg_dataset_n_samples(data, split);
    sg_score score = {0};
    for (size_t first = 0; first < n_samples; first += pass->stride) {
        const size_t left = n_samples - first;
        sg_pass_load(pass, data, split, NULL, first, left < pass->stride ? left : pass->stride);
        sg_pass_forward(pass, NULL);
        sg_pass_loss(pass, false, &score);
    }
    return score;
}
