/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/arrays.h"

#include "snapshot/mlp_order.h"

#include <stdlib.h>
#include <string.h>

void sg_arrays_clear(sg_arrays *a)
{
    for (size_t i = 0; i < a->n; i++) {
        sg_free(a->at[i].name);
        sg_csr_free(a->at[i].sparse);
    }
    sg_free(a->at);
    for (size_t i = a->n_kept; i > 0; i--)
        a->kept[i - 1].release(a->kept[i - 1].what);
    sg_free(a->kept);
    *a = (sg_arrays){0};
}

/* Makes room for one more. */
static sg_status grow(sg_arrays *a, sg_error *err)
{
    if (a->n < a->capacity)
        return SG_OK;
    if (a->n >= SG_ARRAYS_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "it holds more than %d arrays", SG_ARRAYS_MAX);
    const size_t capacity = a->capacity ? 2 * a->capacity : 8;
    sg_array *at = sg_resize(a->at, capacity, sizeof *at);
    if (!at)
        return sg_fail_memory(err, "listing arrays");
    a->at = at;
    a->capacity = capacity;
    return SG_OK;
}

sg_status sg_arrays_add(sg_arrays *a, const char *name, const sg_array *array, sg_error *err)
{
    SG_TRY(grow(a, err));
    char *copy = sg_strdup(name);
    if (!copy)
        return sg_fail_memory(err, "listing arrays");
    a->at[a->n] = *array;
    a->at[a->n].name = copy;
    a->n++;
    return SG_OK;
}

sg_status sg_arrays_add_sparse(sg_arrays *a, const char *name, sg_csr *m, sg_error *err)
{
    const sg_array array = {.dtype = SG_DTYPE_F32,
                            .n_dims = 2,
                            .shape = {m->n_rows, m->n_cols},
                            .n_values = m->n_links,
                            .sparse = m};
    const sg_status status = sg_arrays_add(a, name, &array, err);
    if (status != SG_OK)
        sg_csr_free(m);
    return status;
}

sg_status sg_arrays_keep(sg_arrays *a, void *what, void (*release)(void *), sg_error *err)
{
    sg_kept *kept = sg_resize(a->kept, a->n_kept + 1, sizeof *kept);
    if (!kept) {
        release(what);
        return sg_fail_memory(err, "reading arrays");
    }
    kept[a->n_kept++] = (sg_kept){what, release};
    a->kept = kept;
    return SG_OK;
}

sg_status sg_arrays_move(sg_arrays *from, size_t of_file, sg_arrays *to, sg_error *err)
{
    while (from->n > 0) {
        SG_TRY(grow(to, err));
        to->at[to->n] = from->at[--from->n];
        to->at[to->n++].of_file = of_file;
    }
    sg_kept *kept = sg_resize(to->kept, to->n_kept + from->n_kept, sizeof *kept);
    if (!kept)
        return sg_fail_memory(err, "reading arrays");
    to->kept = kept;
    for (size_t i = 0; i < from->n_kept; i++)
        kept[to->n_kept++] = from->kept[i];
    from->n_kept = 0;
    return SG_OK;
}

static int by_file_and_name(const void *a, const void *b)
{
    const sg_array *x = a;
    const sg_array *y = b;
    if (x->of_file != y->of_file)
        return x->of_file < y->of_file ? -1 : 1;
    return sg_natural_compare(x->name, y->name);
}

sg_status sg_arrays_sort(sg_arrays *a, sg_error *err)
{
    if (a->n > 1) /* qsort wants an array even of nothing */
        qsort(a->at, a->n, sizeof *a->at, by_file_and_name);
    for (size_t i = 1; i < a->n; i++)
        if (by_file_and_name(&a->at[i - 1], &a->at[i]) == 0)
            return sg_fail(err, SG_EFORMAT, "two arrays are named '%.100s'", a->at[i].name);
    return SG_OK;
}

const sg_array *sg_arrays_find(const sg_arrays *a, size_t of_file, const char *name)
{
    size_t low = 0;
    size_t high = a->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const sg_array *x = &a->at[middle];
        const int order = x->of_file != of_file ? (x->of_file < of_file ? -1 : 1)
                                                : sg_natural_compare(x->name, name);
        if (order == 0)
            return x;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

sg_status sg_arrays_of_safetensors(const sg_safetensors *f, sg_arrays *ret, sg_error *err)
{
    for (size_t i = 0; i < sg_safetensors_count(f); i++) {
        const sg_stored *t = sg_safetensors_at(f, i);
        sg_array array = {.dtype = t->dtype,
                          .n_dims = t->n_dims,
                          .n_values = t->n_values,
                          .file = f,
                          .stored = t};
        memcpy(array.shape, t->shape, sizeof array.shape);
        SG_TRY(sg_arrays_add(ret, t->name, &array, err));
    }
    const char *format = sg_json_string(sg_json_get(sg_safetensors_meta(f), "format"));
    ret->meta = sg_safetensors_meta(f);
    ret->is_torch = format && strcmp(format, "pt") == 0;
    return sg_arrays_sort(ret, err);
}

void sg_array_set_strides(sg_array *array)
{
    size_t stride = 1;
    for (size_t d = array->n_dims; d > 0; d--) {
        array->stride[d - 1] = stride;
        stride *= array->shape[d - 1];
    }
}

bool sg_array_count_values(sg_array *array)
{
    array->n_values = 1;
    for (size_t d = 0; d < array->n_dims; d++)
        if (__builtin_mul_overflow(array->n_values, array->shape[d], &array->n_values))
            return false;
    return true;
}

/* Returns the place of value number i, counted in values from the first. */
static size_t place_of(const sg_array *a, size_t i)
{
    size_t place = 0;
    for (size_t d = a->n_dims; d > 0; d--) {
        place += i % a->shape[d - 1] * a->stride[d - 1];
        i /= a->shape[d - 1];
    }
    return place;
}

/* Copies one value of up to 8 bytes in this machine's order of bytes. */
static void fetch(const sg_array *a, size_t place, size_t size, unsigned char *ret)
{
    const unsigned char *from = a->bytes + place * size;
    for (size_t k = 0; k < size; k++)
        ret[k] = from[a->is_swapped ? size - 1 - k : k];
}

static bool is_in_order(const sg_array *a)
{
    size_t stride = 1;
    for (size_t d = a->n_dims; d > 0; d--) {
        if (a->shape[d - 1] > 1 && a->stride[d - 1] != stride)
            return false;
        stride *= a->shape[d - 1];
    }
    return !a->is_swapped;
}

sg_status sg_array_read_f32(const sg_array *a, size_t first, size_t n, float *ret, sg_error *err)
{
    if (!a->bytes && a->file)
        return sg_safetensors_read_f32(a->file, a->stored, first, n, ret, err);
    const size_t size = sg_dtype_size(a->dtype);
    if (is_in_order(a)) {
        if (n > 0)
            sg_dtype_to_f32(a->dtype, a->bytes + first * size, n, ret);
        return SG_OK;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char value[8];
        fetch(a, place_of(a, first + i), size, value);
        sg_dtype_to_f32(a->dtype, value, 1, ret + i);
    }
    return SG_OK;
}
