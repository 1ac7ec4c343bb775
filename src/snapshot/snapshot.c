/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/snapshot.h"

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/lend.h"
#include "snapshot/name_index.h"
#include "snapshot/names.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 1 << 16 /* of each kind; bounds what a hostile file can ask for */ };

/*
 * Each part is its own block, so that what was borrowed stays valid as the snapshot grows. Arrays
 * are seen through `view`; those that are the snapshot's own stand beside it, too.
 */
typedef struct layer_part {
    sg_layer view;
    char *name;
    float *bias; /* NULL: none, or lent */
} layer_part;

typedef struct link_part {
    sg_link view;
    char *name;
    sg_csr *matrix; /* NULL: lent */
} link_part;

typedef struct tensor_part {
    sg_tensor view;
    char *name;
    float *value; /* NULL: lent */
} tensor_part;

typedef struct meta_entry {
    char *key;
    char *value;
} meta_entry;

struct sg_snapshot {
    layer_part **layers;
    link_part **links;
    tensor_part **tensors;
    meta_entry *meta; /* in the order of the keys */
    size_t n_layers;
    size_t n_links;
    size_t n_tensors;
    size_t n_meta;
    sg_name_index layer_names;
    sg_name_index link_names;
    sg_name_index tensor_names;
};

static void layer_part_free(layer_part *p)
{
    if (!p)
        return;
    sg_free(p->name);
    sg_free(p->bias);
    sg_free(p);
}
SG_DEFINE_CLEANUP(layer_part, layer_part_free)

static void link_part_free(link_part *p)
{
    if (!p)
        return;
    sg_free(p->name);
    sg_csr_free(p->matrix);
    sg_free(p);
}

static void tensor_part_free(tensor_part *p)
{
    if (!p)
        return;
    sg_free(p->name);
    sg_free(p->value);
    sg_free(p);
}
SG_DEFINE_CLEANUP(tensor_part, tensor_part_free)

sg_status sg_snapshot_new(sg_snapshot **ret, sg_error *err)
{
    sg_snapshot *s = SG_NEW(sg_snapshot);
    if (!s)
        return sg_fail_memory(err, "making a snapshot");
    *ret = s;
    return SG_OK;
}

void sg_snapshot_free(sg_snapshot *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_layers; i++)
        layer_part_free(s->layers[i]);
    for (size_t i = 0; i < s->n_links; i++)
        link_part_free(s->links[i]);
    for (size_t i = 0; i < s->n_tensors; i++)
        tensor_part_free(s->tensors[i]);
    for (size_t i = 0; i < s->n_meta; i++) {
        sg_free(s->meta[i].key);
        sg_free(s->meta[i].value);
    }
    sg_free(s->layers);
    sg_free(s->links);
    sg_free(s->tensors);
    sg_free(s->meta);
    sg_name_index_free(&s->layer_names);
    sg_name_index_free(&s->link_names);
    sg_name_index_free(&s->tensor_names);
    sg_free(s);
}

/*
 * Makes room for one more in a list of n elements: capacities are powers of two, so a list grows
 * exactly when n is 0 or one of them.
 */
static sg_status make_room(void *list, size_t n, size_t element_size, sg_error *err)
{
    if (n == PARTS_MAX)
        return sg_fail(err, SG_EINVAL, "a snapshot holds at most %d parts of a kind", PARTS_MAX);
    if (n & (n - 1)) /* true for every n that is neither 0 nor a power of two */
        return SG_OK;
    void *old = NULL;
    memcpy(&old, list, sizeof old);
    void *larger = sg_resize(old, n > 0 ? 2 * n : 1, element_size);
    if (!larger)
        return sg_fail_memory(err, "growing a snapshot");
    memcpy(list, &larger, sizeof larger);
    return SG_OK;
}

/* Multiplies the dimensions; false on overflow. */
static bool count_values(const size_t *shape, size_t n_dims, size_t *ret)
{
    size_t product = 1;
    for (size_t d = 0; d < n_dims; d++)
        if (__builtin_mul_overflow(product, shape[d], &product))
            return false;
    *ret = product;
    return true;
}

/* Returns the index of the first value that is not finite, or n. */
static size_t find_not_finite(const float *v, size_t n)
{
    size_t i = 0;
    while (i < n && isfinite(v[i]))
        i++;
    return i;
}

static sg_status check_finite(const char *what, const char *name, const float *v, size_t n,
                              sg_error *err)
{
    const size_t bad = find_not_finite(v, n);
    if (bad < n)
        return sg_fail(err, SG_EINVAL, "%s '%s': value %zu is %s", what, name, bad,
                       isnan(v[bad]) ? "NaN" : "infinite");
    return SG_OK;
}

static sg_status check_layer(const sg_snapshot *s, const sg_layer *layer, sg_error *err)
{
    SG_TRY(sg_name_check("layer", layer->name, err));
    if (sg_name_index_find(&s->layer_names, layer->name, NULL))
        return sg_fail(err, SG_EINVAL, "two layers are named '%s'", layer->name);
    if (layer->size == 0 || layer->size > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "layer '%s' has %zu neurons: 1 to 2^32 - 1 are possible",
                       layer->name, layer->size);
    if (layer->n_dims > SG_LAYER_DIMS_MAX)
        return sg_fail(err, SG_EINVAL, "layer '%s' has %zu dimensions: at most %d are possible",
                       layer->name, layer->n_dims, SG_LAYER_DIMS_MAX);
    size_t product = 0;
    if (layer->n_dims > 0 &&
        (!count_values(layer->shape, layer->n_dims, &product) || product != layer->size))
        return sg_fail(err, SG_EINVAL, "the shape of layer '%s' does not multiply to %zu",
                       layer->name, layer->size);
    if (layer->bias)
        return check_finite("bias of layer", layer->name, layer->bias, layer->size, err);
    return SG_OK;
}

static sg_status append_layer(sg_snapshot *s, const sg_layer *layer, bool lent, sg_error *err)
{
    const bool copies = layer->bias && !lent;
    SG_TRY(check_layer(s, layer, err));
    SG_TRY(make_room(&s->layers, s->n_layers, sizeof *s->layers, err));
    SG_TRY(sg_name_index_reserve(&s->layer_names, err));
    SG_CLEANUP(layer_part_free_cleanup_) layer_part *p = SG_NEW(layer_part);
    if (!p)
        return sg_fail_memory(err, "adding a layer");
    p->name = sg_strdup(layer->name);
    p->bias = copies ? sg_memdup(layer->bias, layer->size * sizeof *layer->bias) : NULL;
    if (!p->name || (copies && !p->bias))
        return sg_fail_memory(err, "adding a layer");

    p->view = *layer;
    p->view.name = p->name;
    p->view.bias = lent ? layer->bias : p->bias;
    if (layer->n_dims == 0) {
        p->view.n_dims = 1;
        p->view.shape[0] = layer->size;
    }
    for (size_t d = p->view.n_dims; d < SG_LAYER_DIMS_MAX; d++)
        p->view.shape[d] = 0;
    sg_name_index_add(&s->layer_names, p->name, s->n_layers);
    s->layers[s->n_layers++] = SG_TAKE(p);
    return SG_OK;
}

sg_status sg_snapshot_add_layer(sg_snapshot *s, const sg_layer *layer, sg_error *err)
{
    return append_layer(s, layer, false, err);
}

sg_status sg_snapshot_lend_layer(sg_snapshot *s, const sg_layer *layer, sg_error *err)
{
    return append_layer(s, layer, true, err);
}

static sg_status check_link(const sg_snapshot *s, const char *name, size_t from, size_t to,
                            sg_error *err)
{
    SG_TRY(sg_name_check("link", name, err));
    if (sg_name_index_find(&s->link_names, name, NULL))
        return sg_fail(err, SG_EINVAL, "two links are named '%s'", name);
    if (from >= s->n_layers || to >= s->n_layers)
        return sg_fail(err, SG_EINVAL, "link '%s' runs from layer %zu to layer %zu of %zu", name,
                       from, to, s->n_layers);
    if (from >= to)
        return sg_fail(err, SG_EINVAL,
                       "link '%s' runs from layer '%s' back to '%s': links run forward", name,
                       s->layers[from]->name, s->layers[to]->name);
    return SG_OK;
}

sg_status sg_snapshot_lend_link(sg_snapshot *s, const char *name, size_t from, size_t to,
                                const sg_csr *matrix, sg_error *err)
{
    SG_TRY(check_link(s, name, from, to, err));
    const size_t n_rows = s->layers[to]->view.size;
    const size_t n_cols = s->layers[from]->view.size;
    if (matrix->n_rows != n_rows || matrix->n_cols != n_cols)
        return sg_fail(err, SG_EFORMAT, "link '%s' is %zu x %zu, its layers want %zu x %zu", name,
                       matrix->n_rows, matrix->n_cols, n_rows, n_cols);
    const sg_status status = sg_csr_check(matrix, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "link '%s'", name);

    SG_TRY(make_room(&s->links, s->n_links, sizeof *s->links, err));
    SG_TRY(sg_name_index_reserve(&s->link_names, err));
    SG_AUTOFREE link_part *p = SG_NEW(link_part);
    char *own_name = sg_strdup(name);
    if (!p || !own_name) {
        sg_free(own_name);
        return sg_fail_memory(err, "adding a link");
    }
    p->name = own_name;
    p->view = (sg_link){.name = own_name, .from = from, .to = to, .matrix = matrix};
    sg_name_index_add(&s->link_names, p->name, s->n_links);
    s->links[s->n_links++] = SG_TAKE(p);
    return SG_OK;
}

sg_status sg_snapshot_add_link(sg_snapshot *s, const char *name, size_t from, size_t to,
                               sg_csr *matrix, sg_error *err)
{
    SG_TRY(sg_snapshot_lend_link(s, name, from, to, matrix, err));
    s->links[s->n_links - 1]->matrix = matrix;
    return SG_OK;
}

sg_csr *sg_snapshot_take_matrix(sg_snapshot *s, size_t i)
{
    return SG_TAKE(s->links[i]->matrix);
}

static sg_status check_tensor(const sg_snapshot *s, const sg_tensor *tensor, size_t *n_values,
                              sg_error *err)
{
    SG_TRY(sg_name_check("extra tensor", tensor->name, err));
    if (sg_snapshot_find_tensor(s, tensor->name))
        return sg_fail(err, SG_EINVAL, "two extra tensors are named '%s'", tensor->name);
    if (tensor->n_dims > SG_LAYER_DIMS_MAX ||
        !count_values(tensor->shape, tensor->n_dims, n_values))
        return sg_fail(err, SG_EINVAL, "the shape of extra tensor '%s' is not possible",
                       tensor->name);
    return check_finite("extra tensor", tensor->name, tensor->value, *n_values, err);
}

sg_status sg_snapshot_lend_tensor(sg_snapshot *s, const sg_tensor *tensor, sg_error *err)
{
    size_t n_values = 0;
    SG_TRY(check_tensor(s, tensor, &n_values, err));
    SG_TRY(make_room(&s->tensors, s->n_tensors, sizeof *s->tensors, err));
    SG_TRY(sg_name_index_reserve(&s->tensor_names, err));
    SG_CLEANUP(tensor_part_free_cleanup_) tensor_part *p = SG_NEW(tensor_part);
    if (!p)
        return sg_fail_memory(err, "adding an extra tensor");
    p->name = sg_strdup(tensor->name);
    if (!p->name)
        return sg_fail_memory(err, "adding an extra tensor");

    p->view = *tensor;
    p->view.name = p->name;
    sg_name_index_add(&s->tensor_names, p->name, s->n_tensors);
    s->tensors[s->n_tensors++] = SG_TAKE(p);
    return SG_OK;
}

sg_status sg_snapshot_give_tensor(sg_snapshot *s, const sg_tensor *tensor, float *value,
                                  sg_error *err)
{
    sg_tensor given = *tensor;
    given.value = value;
    SG_TRY(sg_snapshot_lend_tensor(s, &given, err));
    s->tensors[s->n_tensors - 1]->value = value;
    return SG_OK;
}

sg_status sg_snapshot_add_tensor(sg_snapshot *s, const sg_tensor *tensor, sg_error *err)
{
    size_t n_values = 0;
    SG_TRY(check_tensor(s, tensor, &n_values, err));
    SG_AUTOFREE float *copy = sg_memdup(tensor->value, n_values * sizeof *tensor->value);
    if (!copy)
        return sg_fail_memory(err, "adding an extra tensor");
    SG_TRY(sg_snapshot_give_tensor(s, tensor, copy, err));
    copy = NULL; /* the snapshot has taken it over */
    return SG_OK;
}

float *sg_snapshot_take_values(sg_snapshot *s, size_t i)
{
    return SG_TAKE(s->tensors[i]->value);
}

/* Returns where a key is, or where it belongs. */
static size_t find_meta(const sg_snapshot *s, const char *key)
{
    size_t low = 0;
    size_t high = s->n_meta;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(s->meta[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sg_status sg_snapshot_set_meta(sg_snapshot *s, const char *key, const char *value, sg_error *err)
{
    SG_TRY(sg_meta_check(key, value, err));
    SG_AUTOFREE char *own_key = sg_strdup(key);
    SG_AUTOFREE char *own_value = sg_strdup(value);
    if (!own_key || !own_value)
        return sg_fail_memory(err, "setting a metadata entry");

    const size_t at = find_meta(s, key);
    if (at < s->n_meta && strcmp(s->meta[at].key, key) == 0) {
        sg_free(s->meta[at].value);
        s->meta[at].value = SG_TAKE(own_value);
        return SG_OK;
    }
    SG_TRY(make_room(&s->meta, s->n_meta, sizeof *s->meta, err));
    memmove(s->meta + at + 1, s->meta + at, (s->n_meta - at) * sizeof *s->meta);
    s->meta[at] = (meta_entry){.key = SG_TAKE(own_key), .value = SG_TAKE(own_value)};
    s->n_meta++;
    return SG_OK;
}

const char *sg_snapshot_meta(const sg_snapshot *s, const char *key)
{
    const size_t at = find_meta(s, key);
    return at < s->n_meta && strcmp(s->meta[at].key, key) == 0 ? s->meta[at].value : NULL;
}

size_t sg_snapshot_n_meta(const sg_snapshot *s)
{
    return s->n_meta;
}

void sg_snapshot_meta_at(const sg_snapshot *s, size_t i, const char **key, const char **value)
{
    *key = s->meta[i].key;
    *value = s->meta[i].value;
}

size_t sg_snapshot_n_layers(const sg_snapshot *s)
{
    return s->n_layers;
}

size_t sg_snapshot_n_links(const sg_snapshot *s)
{
    return s->n_links;
}

size_t sg_snapshot_n_tensors(const sg_snapshot *s)
{
    return s->n_tensors;
}

const sg_layer *sg_snapshot_layer(const sg_snapshot *s, size_t i)
{
    return &s->layers[i]->view;
}

const sg_link *sg_snapshot_link(const sg_snapshot *s, size_t i)
{
    return &s->links[i]->view;
}

const sg_tensor *sg_snapshot_tensor(const sg_snapshot *s, size_t i)
{
    return &s->tensors[i]->view;
}

const sg_tensor *sg_snapshot_find_tensor(const sg_snapshot *s, const char *name)
{
    size_t i = 0;
    return sg_name_index_find(&s->tensor_names, name, &i) ? sg_snapshot_tensor(s, i) : NULL;
}

size_t sg_snapshot_find_layer(const sg_snapshot *s, const char *name)
{
    size_t i = SIZE_MAX;
    (void)sg_name_index_find(&s->layer_names, name, &i);
    return i;
}

size_t sg_snapshot_n_connections(const sg_snapshot *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_links; i++)
        n += s->links[i]->view.matrix->n_links;
    return n;
}

long sg_snapshot_epoch(const sg_snapshot *s)
{
    const char *text = sg_snapshot_meta(s, "epoch");
    if (!text || *text < '0' || *text > '9')
        return -1;
    char *end = NULL;
    errno = 0;
    const long epoch = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' ? epoch : -1;
}
