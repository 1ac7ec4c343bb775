/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/mlp_order.h"
#include "snapshot/names.h"
#include "snapshot/snapshot_read.h"

#include <stdio.h>
#include <string.h>

enum {
    IMAGE_PIXELS = 28 * 28, /* an input of 784 neurons is drawn as the 28 x 28 image it nearly
                               always is: MNIST and its kin; a hint for display, nothing more */
    IMAGE_SIDE = 28,
};

/* Reads the bias of a weight, 0 where it is pruned. */
static sg_status read_bias(const sg_arrays *a, const sg_weight *w, float **ret, sg_error *err)
{
    const sg_array *t = w->bias;
    const sg_array *mask = NULL;
    bool marks_pruned = false;
    if (t->n_values != w->n_out)
        return sg_fail(err, SG_EFORMAT, "bias '%.100s' holds %zu values, its weight %zu rows",
                       t->name, t->n_values, w->n_out);
    SG_TRY(sg_mask_find(a, t, &mask, &marks_pruned, err));
    SG_AUTOFREE float *bias = SG_NEW_ARRAY(float, t->n_values);
    SG_AUTOFREE float *kept = mask ? SG_NEW_ARRAY(float, t->n_values) : NULL;
    if (!bias || (mask && !kept))
        return sg_fail_memory(err, "reading a bias");
    SG_TRY(sg_array_read_f32(t, 0, t->n_values, bias, err));
    if (mask)
        SG_TRY(sg_array_read_f32(mask, 0, t->n_values, kept, err));
    for (size_t i = 0; mask && i < t->n_values; i++)
        if ((kept[i] != 0.0F) == marks_pruned)
            bias[i] = 0.0F;
    *ret = SG_TAKE(bias);
    return SG_OK;
}

static void name_layer(size_t i, size_t n_weights, char *ret, size_t n)
{
    if (i == 0)
        (void)snprintf(ret, n, "input");
    else if (i == n_weights)
        (void)snprintf(ret, n, "output");
    else
        (void)snprintf(ret, n, "hidden%zu", i);
}

enum { LAYER_NAME_BYTES = 32 };

void sg_layer_guess_shape(sg_layer *input)
{
    if (input->size != IMAGE_PIXELS)
        return;
    input->n_dims = 2;
    input->shape[0] = input->shape[1] = IMAGE_SIDE;
}

static sg_status add_input(sg_snapshot *s, size_t size, sg_error *err)
{
    sg_layer input = {.name = "input", .size = size};
    sg_layer_guess_shape(&input);
    return sg_snapshot_add_layer(s, &input, err);
}

/* Adds the layer that a weight leads to. */
static sg_status add_receiver(const sg_arrays *a, const sg_weight *w, const char *name,
                              sg_snapshot *s, sg_error *err)
{
    SG_AUTOFREE float *bias = NULL;
    if (w->bias)
        SG_TRY(read_bias(a, w, &bias, err));
    const sg_layer layer = {.name = name, .size = w->n_out, .bias = bias};
    return sg_snapshot_add_layer(s, &layer, err);
}

/* Reads the matrix of a weight (n_out, n_in). */
static sg_status read_matrix(const sg_weight *w, bool is_in_out, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *stored = NULL;
    SG_TRY(sg_weight_matrix(w, &stored, err));
    if (is_in_out)
        return sg_csr_transpose(stored, NULL, ret, err);
    *ret = SG_TAKE(stored);
    return SG_OK;
}

/* The weights of one network in their order. */
typedef struct chain {
    const sg_arrays *arrays;
    const sg_weight *weights;
    size_t n;
    bool is_in_out;
} chain;

static sg_status add_weight(const chain *c, size_t i, sg_snapshot *s, sg_error *err)
{
    char from[LAYER_NAME_BYTES];
    char to[LAYER_NAME_BYTES];
    char link[2 * LAYER_NAME_BYTES];
    char key[2 * LAYER_NAME_BYTES + 8];
    name_layer(i, c->n, from, sizeof from);
    name_layer(i + 1, c->n, to, sizeof to);
    (void)snprintf(link, sizeof link, "%s-%s", from, to);
    (void)snprintf(key, sizeof key, "tensor.%s", link);

    const sg_weight *w = &c->weights[i];
    SG_TRY(sg_blame_content(add_receiver(c->arrays, w, to, s, err), err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(read_matrix(w, c->is_in_out, &m, err));
    SG_TRY(sg_blame_content(sg_snapshot_add_link(s, link, i, i + 1, m, err), err));
    m = NULL; /* the snapshot has taken it over */
    return sg_blame_content(sg_snapshot_set_meta(s, key, w->value->name, err), err);
}

/* Keeps the metadata of the file, but for "format" and the like, which would be ours. */
static sg_status copy_meta(const sg_arrays *a, sg_snapshot *s, sg_error *err)
{
    const sg_json *e = sg_json_first(a->meta);
    for (; e; e = sg_json_next(e))
        if (!sg_meta_is_reserved(sg_json_key(e)))
            SG_TRY(sg_blame_content(sg_snapshot_set_meta(s, sg_json_key(e), sg_json_string(e), err),
                                    err));
    char epoch[24];
    (void)snprintf(epoch, sizeof epoch, "%ld", a->epoch);
    return a->has_epoch ? sg_snapshot_set_meta(s, "epoch", epoch, err) : SG_OK;
}

sg_status sg_snapshot_from_arrays(const sg_arrays *a, sg_order_known known, sg_snapshot **ret,
                                  sg_error *err)
{
    SG_AUTOFREE sg_weight *weights = SG_NEW_ARRAY(sg_weight, a->n);
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    if (!weights)
        return sg_fail_memory(err, "reading dense weights");
    chain c = {.arrays = a, .weights = weights};
    SG_TRY(sg_weights_find(a, weights, &c.n, err));
    known.is_torch = known.is_torch || a->is_torch;
    SG_TRY(sg_mlp_order(weights, c.n, known, &c.is_in_out, err));

    SG_TRY(sg_snapshot_new(&s, err));
    SG_TRY(copy_meta(a, s, err));
    if (c.is_in_out)
        SG_TRY(sg_snapshot_set_meta(s, "orientation", "in-out", err));
    SG_TRY(sg_blame_content(add_input(s, weights[0].n_in, err), err));
    for (size_t i = 0; i < c.n; i++)
        SG_TRY(add_weight(&c, i, s, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}
