/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "sparsegraph/snapshot.h"

static void add_shape(sg_json *object, const size_t *shape, size_t n_dims)
{
    sg_json *array = sg_json_add_array(object, "shape");
    for (size_t d = 0; d < n_dims; d++)
        sg_json_push_number(array, (double)shape[d]);
}

static void add_layers(const sg_snapshot *s, sg_json *root)
{
    sg_json *array = sg_json_add_array(root, "layers");
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        sg_json *object = sg_json_push_object(array);
        sg_json_add_string(object, "name", layer->name);
        sg_json_add_number(object, "size", (double)layer->size);
        add_shape(object, layer->shape, layer->n_dims);
        sg_json_add_bool(object, "bias", layer->bias != NULL);
    }
}

/* Adds the links and returns how many connections they would have if they were full. */
static double add_links(const sg_snapshot *s, sg_json *root)
{
    double n_cells = 0.0;
    sg_json *array = sg_json_add_array(root, "links");
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        const sg_csr *m = link->matrix;
        sg_json *object = sg_json_push_object(array);
        sg_json_add_string(object, "name", link->name);
        sg_json_add_string(object, "from", sg_snapshot_layer(s, link->from)->name);
        sg_json_add_string(object, "to", sg_snapshot_layer(s, link->to)->name);
        sg_json_add_number(object, "connections", (double)m->n_links);
        sg_json_add_number(object, "density", sg_csr_density(m));
        sg_json_add_bool(object, "weighted", m->value != NULL);
        n_cells += (double)m->n_rows * (double)m->n_cols;
    }
    return n_cells;
}

static void add_rest(const sg_snapshot *s, sg_json *root)
{
    sg_json *meta = sg_json_add_object(root, "metadata");
    for (size_t i = 0; i < sg_snapshot_n_meta(s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(s, i, &key, &value);
        sg_json_add_string(meta, key, value);
    }
    sg_json *array = sg_json_add_array(root, "tensors");
    for (size_t i = 0; i < sg_snapshot_n_tensors(s); i++) {
        const sg_tensor *t = sg_snapshot_tensor(s, i);
        sg_json *object = sg_json_push_object(array);
        sg_json_add_string(object, "name", t->name);
        add_shape(object, t->shape, t->n_dims);
    }
}

sg_status sg_snapshot_describe_json(const sg_snapshot *s, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    const double n_connections = (double)sg_snapshot_n_connections(s);
    sg_json_add_number(root, "connections", n_connections);
    add_layers(s, root);
    const double n_cells = add_links(s, root);
    sg_json_add_number(root, "density", n_cells > 0.0 ? n_connections / n_cells : 0.0);
    add_rest(s, root);
    return sg_json_print(root, false, ret, err);
}
