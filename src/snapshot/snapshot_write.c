/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/text.h"
#include "snapshot/names.h"
#include "snapshot/safetensors.h"
#include "sparsegraph/snapshot.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_ALIGNMENT = 8, LENGTH_BYTES = 8 };

/* One tensor to write; its values stay where the snapshot keeps them. */
typedef struct item {
    char *name;
    sg_dtype dtype;
    size_t n_dims;
    size_t shape[SG_LAYER_DIMS_MAX];
    const void *values;
    uint64_t n_bytes;
} item;

typedef struct item_list {
    item *items;
    size_t n;
} item_list;

static void free_items(item_list *list)
{
    for (size_t i = 0; list->items && i < list->n; i++)
        sg_free(list->items[i].name);
    sg_free(list->items);
}

/* Appends a tensor under a name that it takes over; false when the name is NULL (no memory). */
static bool put_item(item_list *list, char *name, sg_dtype dtype, const void *values,
                     const size_t *shape, size_t n_dims)
{
    if (!name)
        return false;
    item *it = &list->items[list->n++];
    *it = (item){.dtype = dtype, .n_dims = n_dims, .values = values};
    it->name = name;
    it->n_bytes = sg_dtype_size(dtype);
    for (size_t d = 0; d < n_dims; d++) {
        it->shape[d] = shape[d];
        it->n_bytes *= shape[d];
    }
    return true;
}

static bool put_link(item_list *list, const sg_link *link)
{
    const sg_csr *m = link->matrix;
    const size_t n_offsets = m->n_rows + 1;
    return put_item(list, sg_format("%s.indptr", link->name), SG_DTYPE_U64, m->row_start,
                    &n_offsets, 1) &&
           put_item(list, sg_format("%s.indices", link->name), SG_DTYPE_U32, m->col, &m->n_links,
                    1) &&
           (!m->value || put_item(list, sg_format("%s.values", link->name), SG_DTYPE_F32, m->value,
                                  &m->n_links, 1));
}

static int by_alignment_then_name(const void *a, const void *b)
{
    const item *s = a;
    const item *t = b;
    const size_t s_size = sg_dtype_size(s->dtype);
    const size_t t_size = sg_dtype_size(t->dtype);
    if (s_size != t_size)
        return s_size > t_size ? -1 : 1;
    return strcmp(s->name, t->name);
}

/* Lists every tensor of the file in the order in which it is written. */
static sg_status list_items(const sg_snapshot *s, item_list *list, sg_error *err)
{
    const size_t n_max =
        3 * sg_snapshot_n_links(s) + sg_snapshot_n_layers(s) + sg_snapshot_n_tensors(s);
    list->items = SG_NEW_ARRAY(item, n_max);
    bool ok = list->items != NULL;
    for (size_t i = 0; ok && i < sg_snapshot_n_links(s); i++)
        ok = put_link(list, sg_snapshot_link(s, i));
    for (size_t i = 0; ok && i < sg_snapshot_n_layers(s); i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        ok = !layer->bias || put_item(list, sg_format("%s.bias", layer->name), SG_DTYPE_F32,
                                      layer->bias, &layer->size, 1);
    }
    for (size_t i = 0; ok && i < sg_snapshot_n_tensors(s); i++) {
        const sg_tensor *t = sg_snapshot_tensor(s, i);
        ok = put_item(list, sg_format("extra.%s", t->name), SG_DTYPE_F32, t->value, t->shape,
                      t->n_dims);
    }
    if (!ok)
        return sg_fail_memory(err, "writing a snapshot");
    qsort(list->items, list->n, sizeof *list->items, by_alignment_then_name);
    return SG_OK;
}

static void add_shape(sg_json *object, const size_t *shape, size_t n_dims)
{
    sg_json *array = sg_json_add_array(object, "shape");
    for (size_t d = 0; d < n_dims; d++)
        sg_json_push_number(array, (double)shape[d]);
}

/* Returns the layers as JSON text, or NULL when out of memory. */
static char *layers_text(const sg_snapshot *s)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *array = sg_json_array();
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        sg_json *object = sg_json_push_object(array);
        sg_json_add_string(object, "name", layer->name);
        sg_json_add_number(object, "size", (double)layer->size);
        add_shape(object, layer->shape, layer->n_dims);
        sg_json_add_bool(object, "bias", layer->bias != NULL);
    }
    char *text = NULL;
    return sg_json_print(array, false, &text, NULL) == SG_OK ? text : NULL;
}

static char *links_text(const sg_snapshot *s)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *array = sg_json_array();
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        sg_json *object = sg_json_push_object(array);
        sg_json_add_string(object, "name", link->name);
        sg_json_add_string(object, "from", sg_snapshot_layer(s, link->from)->name);
        sg_json_add_string(object, "to", sg_snapshot_layer(s, link->to)->name);
    }
    char *text = NULL;
    return sg_json_print(array, false, &text, NULL) == SG_OK ? text : NULL;
}

static sg_status add_metadata(const sg_snapshot *s, sg_json *header, sg_error *err)
{
    SG_AUTOFREE char *layers = layers_text(s);
    SG_AUTOFREE char *links = links_text(s);
    if (!layers || !links)
        return sg_fail_memory(err, "writing a snapshot");
    sg_json *meta = sg_json_add_object(header, "__metadata__");
    sg_json_add_string(meta, "format", SG_SNAPSHOT_FORMAT);
    sg_json_add_string(meta, "format_version", SG_SNAPSHOT_FORMAT_VERSION);
    sg_json_add_string(meta, "layers", layers);
    sg_json_add_string(meta, "links", links);
    for (size_t i = 0; i < sg_snapshot_n_meta(s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(s, i, &key, &value);
        sg_json_add_string(meta, key, value);
    }
    return SG_OK;
}

static sg_status make_header(const sg_snapshot *s, const item_list *list, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *header = sg_json_object();
    SG_TRY(add_metadata(s, header, err));
    uint64_t offset = 0;
    for (size_t i = 0; i < list->n; i++) {
        const item *it = &list->items[i];
        sg_json *entry = sg_json_add_object(header, it->name);
        sg_json_add_string(entry, "dtype", sg_dtype_name(it->dtype));
        add_shape(entry, it->shape, it->n_dims);
        sg_json *offsets = sg_json_add_array(entry, "data_offsets");
        sg_json_push_number(offsets, (double)offset);
        offset += it->n_bytes;
        sg_json_push_number(offsets, (double)offset);
    }
    return sg_json_print(header, false, ret, err);
}

static sg_status write_header(sg_writer *w, const char *header, sg_error *err)
{
    static const char PADDING[HEADER_ALIGNMENT] = "       ";
    const size_t n = strlen(header);
    const size_t n_padding = (HEADER_ALIGNMENT - n % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
    const uint64_t length = n + n_padding;
    if (length > SG_SAFETENSORS_HEADER_MAX)
        return sg_fail(
            err, SG_EUNSUPPORTED,
            "the snapshot's header would be %zu bytes, safetensors holds at most %d; use "
            "fewer parts or less metadata",
            n, SG_SAFETENSORS_HEADER_MAX);
    SG_TRY(sg_writer_write(w, &length, LENGTH_BYTES, err));
    SG_TRY(sg_writer_write(w, header, n, err));
    return sg_writer_write(w, PADDING, n_padding, err);
}

sg_status sg_snapshot_write(const sg_snapshot *s, const char *path, sg_error *err)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    return sg_fail(err, SG_EUNSUPPORTED,
                   "cannot write '%s': snapshots are written on little-endian machines only", path);
#endif
    SG_CLEANUP(free_items) item_list list = {0};
    SG_AUTOFREE char *header = NULL;
    SG_TRY(list_items(s, &list, err));
    SG_TRY(make_header(s, &list, &header, err));

    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_TRY(sg_writer_open(path, &w, err));
    SG_TRY(write_header(w, header, err));
    for (size_t i = 0; i < list.n; i++)
        SG_TRY(sg_writer_write(w, list.items[i].values, (size_t)list.items[i].n_bytes, err));
    return sg_writer_commit(w, err);
}
