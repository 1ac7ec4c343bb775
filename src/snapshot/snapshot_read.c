/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot_read.h"

#include "base/text.h"
#include "snapshot/lend.h"
#include "snapshot/names.h"

#include <string.h>

sg_status sg_blame_content(sg_status status, sg_error *err)
{
    if (status != SG_EINVAL)
        return status;
    if (err)
        err->status = SG_EFORMAT;
    return SG_EFORMAT;
}

/* A tensor "PART.SUFFIX" that must be 1-D of that dtype. */
typedef struct part {
    const char *name;
    const char *suffix;
    sg_dtype dtype;
} part;

/* Finds a part and checks it; absent is *ret = NULL. */
static sg_status find_part(const sg_safetensors *f, part p, const sg_stored **ret, sg_error *err)
{
    SG_AUTOFREE char *name = sg_format("%s.%s", p.name, p.suffix);
    if (!name)
        return sg_fail_memory(err, "reading a snapshot");
    const sg_stored *t = sg_safetensors_find(f, name);
    if (t && (t->dtype != p.dtype || t->n_dims != 1))
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' is %zu-dimensional %s, must be 1-D %s",
                       t->name, t->n_dims, sg_dtype_name(t->dtype), sg_dtype_name(p.dtype));
    *ret = t;
    return SG_OK;
}

/* The same, where the part must be there with n values. */
static sg_status need_part(const sg_safetensors *f, part p, size_t n, const sg_stored **ret,
                           sg_error *err)
{
    SG_TRY(find_part(f, p, ret, err));
    if (!*ret)
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s.%s' is missing", p.name, p.suffix);
    if ((*ret)->n_values != n)
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' holds %zu values, must be %zu",
                       (*ret)->name, (*ret)->n_values, n);
    return SG_OK;
}

/* Parses one of the JSON texts in the metadata, an array. */
static sg_status parse_list(const sg_safetensors *f, const char *key, sg_json **ret, sg_error *err)
{
    const char *text = sg_json_string(sg_json_get(sg_safetensors_meta(f), key));
    if (!text)
        return sg_fail(err, SG_EFORMAT, "the metadata entry '%s' is missing", key);
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *list = NULL;
    const sg_status status = sg_header_json_parse(text, strlen(text), &list, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "the metadata entry '%s'", key);
    if (!sg_json_is_array(list))
        return sg_fail(err, SG_EFORMAT, "the metadata entry '%s' is no JSON array", key);
    *ret = SG_TAKE(list);
    return SG_OK;
}

static sg_status parse_layer(const sg_json *entry, sg_layer *layer, bool *has_bias, sg_error *err)
{
    uint64_t size = 0;
    layer->name = sg_json_string(sg_json_get(entry, "name"));
    const sg_json *shape = sg_json_get(entry, "shape");
    if (!layer->name || !sg_json_u64(sg_json_get(entry, "size"), &size) ||
        !sg_json_is_array(shape) || !sg_json_is_bool(sg_json_get(entry, "bias"), has_bias))
        return sg_fail(err, SG_EFORMAT,
                       "an entry of the metadata's layers lacks name, size, shape "
                       "or bias, or has them of another type");
    SG_TRY(sg_blame_content(sg_name_check("layer", layer->name, err), err));
    layer->size = (size_t)size;
    for (const sg_json *dim = sg_json_first(shape); dim; dim = sg_json_next(dim)) {
        uint64_t n = 0;
        if (layer->n_dims == SG_LAYER_DIMS_MAX || !sg_json_u64(dim, &n))
            return sg_fail(err, SG_EFORMAT, "the shape of layer '%.100s' is not 1 to %d integers",
                           layer->name, SG_LAYER_DIMS_MAX);
        layer->shape[layer->n_dims++] = (size_t)n;
    }
    if (layer->n_dims == 0)
        return sg_fail(err, SG_EFORMAT, "the shape of layer '%.100s' is empty", layer->name);
    return SG_OK;
}

static sg_status read_layer(const sg_safetensors *f, const sg_json *entry, sg_snapshot *s,
                            sg_error *err)
{
    sg_layer layer = {0};
    bool has_bias = false;
    SG_TRY(parse_layer(entry, &layer, &has_bias, err));
    SG_AUTOFREE float *bias = NULL;
    if (has_bias) {
        const sg_stored *t = NULL;
        SG_TRY(need_part(f, (part){layer.name, "bias", SG_DTYPE_F32}, layer.size, &t, err));
        bias = SG_NEW_ARRAY(float, t->n_values);
        if (!bias)
            return sg_fail_memory(err, "reading a bias");
        SG_TRY(sg_safetensors_read(f, t, 0, t->n_values, bias, err));
        layer.bias = bias;
    }
    return sg_blame_content(sg_snapshot_add_layer(s, &layer, err), err);
}

/* Returns the index of the layer that a link's entry names, or SIZE_MAX. */
static size_t find_layer(const sg_snapshot *s, const sg_json *name)
{
    const char *text = sg_json_string(name);
    return text ? sg_snapshot_find_layer(s, text) : SIZE_MAX;
}

/* Reads the three arrays of a link between layers of those sizes. */
static sg_status read_matrix(const sg_safetensors *f, const char *name, size_t n_rows,
                             size_t n_cols, sg_csr **ret, sg_error *err)
{
    const sg_stored *offsets = NULL;
    const sg_stored *columns = NULL;
    const sg_stored *values = NULL;
    SG_TRY(need_part(f, (part){name, "indptr", SG_DTYPE_U64}, n_rows + 1, &offsets, err));
    SG_TRY(find_part(f, (part){name, "indices", SG_DTYPE_U32}, &columns, err));
    SG_TRY(find_part(f, (part){name, "values", SG_DTYPE_F32}, &values, err));
    if (!columns)
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s.indices' is missing", name);
    if (values && values->n_values != columns->n_values)
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' holds %zu values, '%.100s' %zu",
                       values->name, values->n_values, columns->name, columns->n_values);

    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(sg_csr_new(n_rows, n_cols, columns->n_values, values != NULL, &m, err));
    SG_TRY(sg_safetensors_read(f, offsets, 0, offsets->n_values, m->row_start, err));
    SG_TRY(sg_safetensors_read(f, columns, 0, columns->n_values, m->col, err));
    if (values)
        SG_TRY(sg_safetensors_read(f, values, 0, values->n_values, m->value, err));
    *ret = SG_TAKE(m);
    return SG_OK;
}

static sg_status read_link(const sg_safetensors *f, const sg_json *entry, sg_snapshot *s,
                           sg_error *err)
{
    const char *name = sg_json_string(sg_json_get(entry, "name"));
    if (!name)
        return sg_fail(err, SG_EFORMAT, "an entry of the metadata's links lacks a name");
    SG_TRY(sg_blame_content(sg_name_check("link", name, err), err));
    const size_t from = find_layer(s, sg_json_get(entry, "from"));
    const size_t to = find_layer(s, sg_json_get(entry, "to"));
    if (from == SIZE_MAX || to == SIZE_MAX)
        return sg_fail(err, SG_EFORMAT, "link '%.100s' joins a layer that is not there", name);
    if (from >= to) /* said here because the matrix would not fit either, which is no reason */
        return sg_fail(err, SG_EFORMAT,
                       "link '%.100s' runs from layer '%s' back to '%s': links run forward", name,
                       sg_snapshot_layer(s, from)->name, sg_snapshot_layer(s, to)->name);
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    const sg_status status = read_matrix(f, name, sg_snapshot_layer(s, to)->size,
                                         sg_snapshot_layer(s, from)->size, &m, err);
    if (status == SG_EINVAL)
        return sg_blame_content(sg_fail_within(err, status, "link '%.100s'", name), err);
    SG_TRY(status);
    SG_TRY(sg_blame_content(sg_snapshot_add_link(s, name, from, to, m, err), err));
    m = NULL; /* the snapshot has taken it over */
    return SG_OK;
}

static sg_status read_extra(const sg_safetensors *f, const sg_stored *t, sg_snapshot *s,
                            sg_error *err)
{
    if (t->dtype != SG_DTYPE_F32 || t->n_dims > SG_LAYER_DIMS_MAX)
        return sg_fail(err, SG_EFORMAT,
                       "tensor '%.100s' is %zu-dimensional %s, must be F32 of at "
                       "most %d dimensions",
                       t->name, t->n_dims, sg_dtype_name(t->dtype), SG_LAYER_DIMS_MAX);
    SG_AUTOFREE float *value = SG_NEW_ARRAY(float, t->n_values);
    if (!value)
        return sg_fail_memory(err, "reading an extra tensor");
    SG_TRY(sg_safetensors_read(f, t, 0, t->n_values, value, err));
    sg_tensor tensor = {.name = t->name + strlen("extra."), .n_dims = t->n_dims, .value = value};
    memcpy(tensor.shape, t->shape, sizeof tensor.shape);
    SG_TRY(sg_blame_content(sg_snapshot_give_tensor(s, &tensor, value, err), err));
    value = NULL; /* the snapshot has taken it over */
    return SG_OK;
}

/* Reads the extra tensors, and refuses a file that holds more than was asked for: parts have all
 * different names, so counting them is enough. */
static sg_status read_extras(const sg_safetensors *f, sg_snapshot *s, sg_error *err)
{
    size_t n_known = 0;
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        n_known += sg_snapshot_layer(s, i)->bias != NULL;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        n_known += sg_snapshot_link(s, i)->matrix->value ? 3 : 2;
    for (size_t i = 0; i < sg_safetensors_count(f); i++) {
        const sg_stored *t = sg_safetensors_at(f, i);
        if (strncmp(t->name, "extra.", strlen("extra.")) == 0) {
            SG_TRY(read_extra(f, t, s, err));
            n_known++;
        }
    }
    if (n_known != sg_safetensors_count(f))
        return sg_fail(err, SG_EFORMAT,
                       "%zu tensors belong to no layer or link; further ones are "
                       "named 'extra.NAME'",
                       sg_safetensors_count(f) - n_known);
    return SG_OK;
}

static sg_status read_meta(const sg_safetensors *f, sg_snapshot *s, sg_error *err)
{
    const sg_json *e = sg_json_first(sg_safetensors_meta(f));
    for (; e; e = sg_json_next(e))
        if (!sg_meta_is_reserved(sg_json_key(e)))
            SG_TRY(sg_blame_content(sg_snapshot_set_meta(s, sg_json_key(e), sg_json_string(e), err),
                                    err));
    return SG_OK;
}

sg_status sg_snapshot_from_native(const sg_safetensors *f, sg_snapshot **ret, sg_error *err)
{
    const char *version = sg_json_string(sg_json_get(sg_safetensors_meta(f), "format_version"));
    if (!version || sg_has_control(version))
        return sg_fail(err, SG_EFORMAT, "the metadata entry 'format_version' is missing");
    if (strcmp(version, SG_SNAPSHOT_FORMAT_VERSION) != 0)
        return sg_fail(
            err, SG_EUNSUPPORTED,
            "its format version is %.20s, this sparsegraph reads %s; a newer sparsegraph "
            "may read it",
            version, SG_SNAPSHOT_FORMAT_VERSION);
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *layers = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *links = NULL;
    SG_TRY(sg_snapshot_new(&s, err));
    SG_TRY(parse_list(f, "layers", &layers, err));
    SG_TRY(parse_list(f, "links", &links, err));
    for (const sg_json *e = sg_json_first(layers); e; e = sg_json_next(e))
        SG_TRY(read_layer(f, e, s, err));
    for (const sg_json *e = sg_json_first(links); e; e = sg_json_next(e))
        SG_TRY(read_link(f, e, s, err));
    SG_TRY(read_extras(f, s, err));
    SG_TRY(read_meta(f, s, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}

bool sg_safetensors_is_native(const sg_safetensors *f)
{
    const char *format = sg_json_string(sg_json_get(sg_safetensors_meta(f), "format"));
    return format && strcmp(format, SG_SNAPSHOT_FORMAT) == 0;
}

sg_status sg_snapshot_from_safetensors(const sg_safetensors *f, sg_orientation orientation,
                                       sg_snapshot **ret, sg_error *err)
{
    if (sg_safetensors_is_native(f))
        return sg_snapshot_from_native(f, ret, err);
    SG_CLEANUP(sg_arrays_clear) sg_arrays a = {0};
    SG_TRY(sg_arrays_of_safetensors(f, &a, err));
    return sg_snapshot_from_arrays(&a, (sg_order_known){.orientation = orientation}, ret, err);
}
