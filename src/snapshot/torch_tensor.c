/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/torch.h"

#include "snapshot/coo.h"
#include "snapshot/snapshot_read.h"

#include <stdlib.h>
#include <string.h>

void sg_torch_clear(sg_torch *t)
{
    sg_pickle_clear(&t->pickle);
    sg_free(t->storage);
    *t = (sg_torch){0};
}

static int compare_spans(sg_span a, sg_span b)
{
    const int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_key(const void *a, const void *b)
{
    return compare_spans(((const sg_torch_storage *)a)->key, ((const sg_torch_storage *)b)->key);
}

static sg_status fail_tensor(sg_error *err, const char *what)
{
    return sg_fail(err, SG_EFORMAT, "a tensor of the pickle %s", what);
}

/* Reads ("storage", type, key, location, values). */
static sg_status read_storage(const sg_pickle *p, const sg_pickle_value *id, sg_torch_storage *ret,
                              sg_error *err)
{
    const sg_pickle_value *type = sg_pickle_item(p, id, 1);
    const sg_pickle_value *key = sg_pickle_item(p, id, 2);
    const sg_pickle_value *n = sg_pickle_item(p, id, 4);
    if (!type || !key || !n || type->kind != SG_PICKLE_NAME || type->name != SG_NAME_STORAGE ||
        key->kind != SG_PICKLE_TEXT || n->kind != SG_PICKLE_INT || n->integer < 0)
        return fail_tensor(err, "has a storage that is not as torch.save() writes it");
    const sg_pickle_value *view = sg_pickle_item(p, id, 5);
    if (view && view->kind != SG_PICKLE_NONE)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "its tensors are views of each other's storages; save a copy of them by "
                       "torch.save()");
    *ret =
        (sg_torch_storage){.key = key->text, .dtype = type->dtype, .n_values = (size_t)n->integer};
    return SG_OK;
}

sg_status sg_torch_list_storages(sg_torch *t, sg_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < t->pickle.n; i++)
        n += t->pickle.value[i].kind == SG_PICKLE_STORAGE;
    t->storage = SG_NEW_ARRAY(sg_torch_storage, n);
    if (!t->storage)
        return sg_fail_memory(err, "listing storages");
    for (size_t i = 0; i < t->pickle.n; i++)
        if (t->pickle.value[i].kind == SG_PICKLE_STORAGE)
            SG_TRY(
                read_storage(&t->pickle, &t->pickle.value[i], &t->storage[t->n_storages++], err));
    qsort(t->storage, t->n_storages, sizeof *t->storage, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < t->n_storages; i++) {
        if (kept == 0 || by_key(&t->storage[kept - 1], &t->storage[i]) != 0)
            t->storage[kept++] = t->storage[i];
        else if (t->storage[kept - 1].dtype != t->storage[i].dtype ||
                 t->storage[kept - 1].n_values != t->storage[i].n_values)
            return fail_tensor(err, "shares a storage that is of two types or sizes");
    }
    t->n_storages = kept;
    return SG_OK;
}

sg_torch_storage *sg_torch_find_storage(const sg_torch *t, sg_span key)
{
    const sg_torch_storage wanted = {.key = key};
    return t->n_storages > 0
               ? bsearch(&wanted, t->storage, t->n_storages, sizeof *t->storage, by_key)
               : NULL;
}

/* Unwraps torch.Size((...)), and Parameters. */
static const sg_pickle_value *unwrap(const sg_pickle *p, const sg_pickle_value *v,
                                     sg_pickle_name wrapper)
{
    for (int depth = 0; depth < 4 && v && v->kind == SG_PICKLE_CALL && v->name == wrapper; depth++)
        v = sg_pickle_item(p, v, 0);
    return v;
}

/* Reads a tuple of sizes that are not negative. */
static sg_status read_sizes(const sg_pickle *p, const sg_pickle_value *v, size_t *ret, size_t *n,
                            sg_error *err)
{
    v = unwrap(p, v, SG_NAME_SIZE);
    if (!v || (v->kind != SG_PICKLE_TUPLE && v->kind != SG_PICKLE_LIST))
        return fail_tensor(err, "has no tuple of sizes");
    if (v->n > SG_ARRAY_DIMS_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "a tensor has more than %d dimensions",
                       SG_ARRAY_DIMS_MAX);
    for (size_t i = 0; i < v->n; i++) {
        const sg_pickle_value *size = sg_pickle_item(p, v, i);
        if (size->kind != SG_PICKLE_INT || size->integer < 0)
            return fail_tensor(err, "has a size that is no natural number");
        ret[i] = (size_t)size->integer;
    }
    *n = v->n;
    return SG_OK;
}

/* Holds the last value that a tensor reaches against its storage. */
static sg_status check_reach(const sg_array *a, size_t offset, size_t n_stored, sg_error *err)
{
    size_t last = offset;
    for (size_t d = 0; d < a->n_dims; d++) {
        size_t reach = 0;
        if (a->n_values == 0)
            return SG_OK;
        if (__builtin_mul_overflow(a->shape[d] - 1, a->stride[d], &reach) ||
            __builtin_add_overflow(last, reach, &last))
            return fail_tensor(err, "reaches past its storage");
    }
    if (last >= n_stored)
        return fail_tensor(err, "reaches past its storage");
    if (a->n_values > n_stored)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "a tensor repeats its values by strides; save a copy of it: tensor.clone()");
    return SG_OK;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, ...) */
static sg_status read_dense(sg_torch *t, const sg_pickle_value *v, sg_array *ret, sg_error *err)
{
    const sg_pickle *p = &t->pickle;
    const sg_pickle_value *id = sg_pickle_item(p, v, 0);
    const sg_pickle_value *offset = sg_pickle_item(p, v, 1);
    const sg_pickle_value *dtype = sg_pickle_item(p, v, 6);
    sg_array a = {.is_swapped = t->is_swapped};
    sg_torch_storage stored = {0};
    size_t n_strides = 0;
    if (!id || id->kind != SG_PICKLE_STORAGE || !offset || offset->kind != SG_PICKLE_INT ||
        offset->integer < 0)
        return fail_tensor(err, "has no storage");
    SG_TRY(read_storage(p, id, &stored, err));
    SG_TRY(read_sizes(p, sg_pickle_item(p, v, 2), a.shape, &a.n_dims, err));
    SG_TRY(read_sizes(p, sg_pickle_item(p, v, 3), a.stride, &n_strides, err));
    if (n_strides != a.n_dims || !sg_array_count_values(&a))
        return fail_tensor(err, "has sizes and strides that do not fit each other");
    const sg_torch_storage *s = sg_torch_find_storage(t, stored.key);
    if (!s || !s->bytes)
        return fail_tensor(err, "has a storage that the file lacks");
    size_t n_stored = s->n_values;
    size_t begin = (size_t)offset->integer;
    a.dtype = s->dtype;
    if (v->name == SG_NAME_TENSOR_V3) {
        if (!dtype || dtype->kind != SG_PICKLE_NAME || !dtype->has_dtype)
            return fail_tensor(err, "has no type");
        a.dtype = dtype->dtype;
        n_stored = s->n_values * sg_dtype_size(s->dtype) / sg_dtype_size(a.dtype);
    }
    SG_TRY(check_reach(&a, begin, n_stored, err));
    if (a.n_values > t->n_left)
        return sg_fail(err, SG_EUNSUPPORTED, "its tensors share their values too often");
    t->n_left -= a.n_values;
    a.bytes = a.n_values > 0 ? s->bytes + begin * sg_dtype_size(a.dtype) : s->bytes;
    *ret = a;
    return SG_OK;
}

/* Reads one of the dense tensors that a sparse one is made of. */
static sg_status read_part(sg_torch *t, const sg_pickle_value *data, size_t i, size_t n_dims,
                           sg_array *ret, sg_error *err)
{
    const sg_pickle_value *v = sg_pickle_item(&t->pickle, data, i);
    if (!v || v->kind != SG_PICKLE_CALL ||
        (v->name != SG_NAME_TENSOR && v->name != SG_NAME_TENSOR_V3))
        return fail_tensor(err, "is sparse and lacks a part");
    SG_TRY(read_dense(t, v, ret, err));
    if (ret->n_dims != n_dims)
        return sg_fail(err, SG_EUNSUPPORTED, "a sparse tensor is no matrix of numbers");
    return SG_OK;
}

/* Index number i of a tensor of int64 or int32; UINT64_MAX where it is negative. */
static uint64_t index_at(const sg_array *a, size_t row, size_t i)
{
    const size_t size = sg_dtype_size(a->dtype);
    const size_t place = a->n_dims == 2 ? row * a->stride[0] + i * a->stride[1] : i * a->stride[0];
    uint64_t value = 0;
    for (size_t k = 0; k < size; k++)
        value |= (uint64_t)a->bytes[place * size + (a->is_swapped ? size - 1 - k : k)] << 8 * k;
    return size > 0 && value >> (8 * size - 1) ? UINT64_MAX : value;
}

static bool is_index(const sg_array *a)
{
    return a->dtype == SG_DTYPE_I64 || a->dtype == SG_DTYPE_I32;
}

/* (indices (2, links), values (links), size) */
static sg_status read_coordinates(const sg_array *indices, const sg_array *values, sg_coo *coo,
                                  sg_error *err)
{
    if (!is_index(indices) || indices->shape[0] != 2 || indices->shape[1] != values->n_values)
        return fail_tensor(err, "is sparse with indices that do not fit its values");
    SG_TRY(sg_coo_reserve(coo, values->n_values, err));
    for (size_t k = 0; k < values->n_values; k++) {
        float value = 0.0F;
        SG_TRY(sg_array_read_f32(values, k, 1, &value, err));
        SG_TRY(sg_coo_add(coo, index_at(indices, 0, k), index_at(indices, 1, k), value, err));
    }
    return SG_OK;
}

/* (row offsets (rows + 1), columns (links), values (links), size) */
static sg_status read_rows(const sg_array *start, const sg_array *col, const sg_array *values,
                           sg_coo *coo, sg_error *err)
{
    const size_t n = values->n_values;
    if (!is_index(start) || !is_index(col) || start->n_values != coo->n_rows + 1 ||
        col->n_values != n || index_at(start, 0, 0) != 0 || index_at(start, 0, coo->n_rows) != n)
        return fail_tensor(err, "is sparse with indices that do not fit its values");
    SG_TRY(sg_coo_reserve(coo, n, err));
    for (size_t row = 0; row < coo->n_rows; row++) {
        const uint64_t end = index_at(start, 0, row + 1);
        if (end > n || end < index_at(start, 0, row))
            return fail_tensor(err, "is sparse with row offsets that do not ascend");
        for (uint64_t k = index_at(start, 0, row); k < end; k++) {
            float value = 0.0F;
            SG_TRY(sg_array_read_f32(values, (size_t)k, 1, &value, err));
            SG_TRY(sg_coo_add(coo, row, index_at(col, 0, (size_t)k), value, err));
        }
    }
    return SG_OK;
}

/* _rebuild_sparse_tensor(layout, (parts..., size)) */
static sg_status read_sparse(sg_torch *t, const sg_pickle_value *v, sg_array *ret, sg_error *err)
{
    const sg_pickle *p = &t->pickle;
    const sg_pickle_value *layout = unwrap(p, sg_pickle_item(p, v, 0), SG_NAME_LAYOUT);
    const sg_pickle_value *data = sg_pickle_item(p, v, 1);
    sg_array part[3] = {{0}};
    size_t shape[SG_ARRAY_DIMS_MAX] = {0};
    size_t n_dims = 0;
    SG_CLEANUP(sg_coo_clear) sg_coo coo = {.is_weighted = true};
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    if (!layout || layout->kind != SG_PICKLE_TEXT || !data || data->kind != SG_PICKLE_TUPLE)
        return fail_tensor(err, "is sparse and lacks its layout");
    const bool is_coo =
        layout->text.n == 16 && memcmp(layout->text.at, "torch.sparse_coo", 16) == 0;
    const bool is_csr =
        layout->text.n == 16 && memcmp(layout->text.at, "torch.sparse_csr", 16) == 0;
    if (!is_coo && !is_csr)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "a sparse tensor is neither COO nor CSR; save tensor.to_sparse_coo()");
    SG_TRY(read_part(t, data, 0, is_coo ? 2 : 1, &part[0], err));
    SG_TRY(read_part(t, data, 1, 1, &part[1], err));
    if (is_csr)
        SG_TRY(read_part(t, data, 2, 1, &part[2], err));
    SG_TRY(read_sizes(p, sg_pickle_item(p, data, is_coo ? 2 : 3), shape, &n_dims, err));
    if (n_dims != 2)
        return sg_fail(err, SG_EUNSUPPORTED, "a sparse tensor has %zu dimensions, not 2", n_dims);
    coo.n_rows = shape[0];
    coo.n_cols = shape[1];
    SG_TRY(sg_sizes_check(coo.n_rows, coo.n_cols, t->n_left, err));
    SG_TRY(is_coo ? read_coordinates(&part[0], &part[1], &coo, err)
                  : read_rows(&part[0], &part[1], &part[2], &coo, err));
    SG_TRY(sg_coo_matrix(&coo, &m, err));
    *ret = (sg_array){.dtype = SG_DTYPE_F32,
                      .n_dims = 2,
                      .shape = {m->n_rows, m->n_cols},
                      .n_values = m->n_links,
                      .sparse = m};
    m = NULL;
    return SG_OK;
}

sg_status sg_torch_tensor(sg_torch *t, const sg_pickle_value *value, sg_array *ret, bool *is_tensor,
                          sg_error *err)
{
    const sg_pickle_value *v = unwrap(&t->pickle, value, SG_NAME_PARAMETER);
    *is_tensor =
        v && v->kind == SG_PICKLE_CALL &&
        (v->name == SG_NAME_TENSOR || v->name == SG_NAME_TENSOR_V3 || v->name == SG_NAME_SPARSE);
    if (!*is_tensor || !ret)
        return SG_OK;
    return v->name == SG_NAME_SPARSE ? read_sparse(t, v, ret, err) : read_dense(t, v, ret, err);
}
