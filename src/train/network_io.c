/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/network.h"

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/lend.h"
#include "train/link.h"

#include <stdio.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)
SG_DEFINE_CLEANUP(sg_network, sg_network_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

enum { NAME_MAX_BYTES = 64 };

static void layer_name(const sg_network *net, size_t l, char name[NAME_MAX_BYTES])
{
    if (l == 0)
        (void)snprintf(name, NAME_MAX_BYTES, "input");
    else if (l + 1 == net->n_layers)
        (void)snprintf(name, NAME_MAX_BYTES, "output");
    else
        (void)snprintf(name, NAME_MAX_BYTES, "hidden%zu", l);
}

static void link_name(const sg_network *net, size_t l, char name[NAME_MAX_BYTES])
{
    char from[NAME_MAX_BYTES / 2 - 1];
    char to[NAME_MAX_BYTES / 2 - 1];
    char whole[NAME_MAX_BYTES];
    layer_name(net, l, whole);
    memcpy(from, whole, sizeof from);
    layer_name(net, l + 1, whole);
    memcpy(to, whole, sizeof to);
    (void)snprintf(name, NAME_MAX_BYTES, "%s-%s", from, to);
}

/* Where an array of a layer or link stands among the extra tensors: "velocity.input-hidden1",
 * "srelu.hidden1", … */
typedef struct array_name {
    char text[2 * NAME_MAX_BYTES];
} array_name;

static array_name name_array(const char *kind, const char *owner)
{
    array_name name;
    (void)snprintf(name.text, sizeof name.text, "%s.%s", kind, owner);
    return name;
}

static sg_status add_array(sg_snapshot *s, const char *kind, const char *owner, const float *value,
                           size_t n, sg_error *err)
{
    const array_name name = name_array(kind, owner);
    const sg_tensor tensor = {.name = name.text, .n_dims = 1, .shape = {n}, .value = value};
    return sg_snapshot_lend_tensor(s, &tensor, err);
}

static sg_status add_layer(const sg_network *net, size_t l, sg_input_shape input, sg_snapshot *s,
                           sg_error *err)
{
    const train_layer *from = &net->layers[l];
    char name[NAME_MAX_BYTES];
    layer_name(net, l, name);
    sg_layer layer = {.name = name, .size = from->size, .n_dims = 1, .shape = {from->size}};
    if (l == 0 && input.n_dims >= 1 && input.n_dims <= SG_LAYER_DIMS_MAX) {
        layer.n_dims = input.n_dims;
        memcpy(layer.shape, input.shape, input.n_dims * sizeof *input.shape);
    }
    layer.bias = from->bias.value;
    SG_TRY(sg_snapshot_lend_layer(s, &layer, err));
    if (from->srelu.n == 0)
        return SG_OK;
    const sg_tensor srelu = {
        .name = name_array("srelu", name).text,
        .n_dims = 2,
        .shape = {N_SRELU, from->size},
        .value = from->srelu.value,
    };
    return sg_snapshot_lend_tensor(s, &srelu, err);
}

static sg_status add_link(const sg_network *net, size_t l, sg_snapshot *s, sg_error *err)
{
    char name[NAME_MAX_BYTES];
    link_name(net, l, name);
    return sg_snapshot_lend_link(s, name, l, l + 1, net->links[l].matrix, err);
}

static sg_status add_velocities(const sg_network *net, sg_snapshot *s, sg_error *err)
{
    char name[NAME_MAX_BYTES];
    for (size_t l = 0; l + 1 < net->n_layers; l++) {
        link_name(net, l, name);
        const float *velocity = sg_link_velocity(&net->links[l]);
        SG_TRY(add_array(s, "velocity", name, velocity, net->links[l].weight.n, err));
    }
    for (size_t l = 1; l < net->n_layers; l++) {
        layer_name(net, l, name);
        const train_layer *layer = &net->layers[l];
        SG_TRY(add_array(s, "velocity", name, layer->bias.velocity, layer->bias.n, err));
        if (layer->srelu.n > 0)
            SG_TRY(
                add_array(s, "velocity.srelu", name, layer->srelu.velocity, layer->srelu.n, err));
    }
    return SG_OK;
}

sg_status sg_network_to_snapshot(const sg_network *net, sg_input_shape input, bool with_velocities,
                                 sg_snapshot **ret, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_snapshot_new(&s, err));
    for (size_t l = 0; l < net->n_layers; l++)
        SG_TRY(add_layer(net, l, input, s, err));
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        SG_TRY(add_link(net, l, s, err));
    if (with_velocities)
        SG_TRY(add_velocities(net, s, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}

/* Where the extra tensor of that name is among the snapshot's, or their number. */
static size_t find_tensor(const sg_snapshot *s, const char *name)
{
    size_t i = 0;
    while (i < sg_snapshot_n_tensors(s) && strcmp(sg_snapshot_tensor(s, i)->name, name) != 0)
        i++;
    return i;
}

/* Puts the values of a tensor, n of them, in the place of *value. */
static sg_status load_array(sg_snapshot *s, const char *kind, const char *owner, float **value,
                            size_t n, sg_error *err)
{
    const array_name name = name_array(kind, owner);
    const size_t i = find_tensor(s, name.text);
    const sg_tensor *tensor = i < sg_snapshot_n_tensors(s) ? sg_snapshot_tensor(s, i) : NULL;
    size_t n_there = tensor ? 1 : 0;
    for (size_t d = 0; tensor && d < tensor->n_dims; d++)
        n_there *= tensor->shape[d];
    if (!tensor || n_there != n)
        return sg_fail(err, SG_EFORMAT, "the checkpoint's '%s' holds %zu values, not %zu",
                       name.text, n_there, n);
    sg_free(*value);
    *value = sg_snapshot_take_values(s, i);
    return SG_OK;
}

static sg_status load_layer(sg_network *net, size_t l, sg_snapshot *s, sg_error *err)
{
    train_layer *layer = &net->layers[l];
    const sg_layer *from = sg_snapshot_layer(s, l);
    char name[NAME_MAX_BYTES];
    layer_name(net, l, name);
    if (from->size != layer->size || (l > 0 && !from->bias))
        return sg_fail(err, SG_EFORMAT, "the checkpoint's layer '%s' is not that of the settings",
                       name);
    if (l == 0)
        return SG_OK;
    memcpy(layer->bias.value, from->bias, layer->size * sizeof *from->bias);
    SG_TRY(load_array(s, "velocity", name, &layer->bias.velocity, layer->size, err));
    if (layer->srelu.n == 0)
        return SG_OK;
    SG_TRY(load_array(s, "srelu", name, &layer->srelu.value, layer->srelu.n, err));
    return load_array(s, "velocity.srelu", name, &layer->srelu.velocity, layer->srelu.n, err);
}

static sg_status load_link(sg_network *net, size_t l, sg_snapshot *s, sg_error *err)
{
    const sg_link *from = sg_snapshot_link(s, l);
    char name[NAME_MAX_BYTES];
    link_name(net, l, name);
    if (from->from != l || from->to != l + 1 || !from->matrix->value)
        return sg_fail(err, SG_EFORMAT, "the checkpoint's link '%s' is not that of the settings",
                       name);
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *matrix = sg_snapshot_take_matrix(s, l);
    SG_TRY(sg_network_set_matrix(net, l, matrix, err));
    matrix = NULL;
    train_link *link = &net->links[l];
    sg_link_turn_back(link); /* as the checkpoint has it */
    SG_TRY(load_array(s, "velocity", name, &link->weight.velocity, link->weight.n, err));
    return sg_link_turn(net, link, err);
}

/* Fills the layers of a skeleton. */
static sg_status load(sg_network *net, sg_snapshot *s, sg_error *err)
{
    if (sg_snapshot_n_layers(s) != net->n_layers || sg_snapshot_n_links(s) != net->n_layers - 1)
        return sg_fail(err, SG_EFORMAT, "the checkpoint holds %zu layers, the settings ask for %zu",
                       sg_snapshot_n_layers(s), net->n_layers);
    for (size_t l = 0; l < net->n_layers; l++)
        SG_TRY(load_layer(net, l, s, err));
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        SG_TRY(load_link(net, l, s, err));
    return SG_OK;
}

sg_status sg_network_from_checkpoint(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                                     sg_snapshot *s, sg_network **ret, sg_error *err)
{
    SG_CLEANUP(sg_network_free_cleanup_) sg_network *net = NULL;
    SG_TRY(sg_network_skeleton(p, n_inputs, n_classes, &net, err));
    SG_TRY(load(net, s, err));
    *ret = SG_TAKE(net);
    return SG_OK;
}
