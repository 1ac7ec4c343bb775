/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/npz.h"

#include "base/text.h"
#include "snapshot/coo.h"
#include "snapshot/snapshot_read.h"

#include <string.h>

static const char FORMAT[] = "format";

/* Returns how many bytes of a name come before `part`, or SIZE_MAX where it does not end so: the
 * part is the whole name, or follows a dot. */
static size_t prefix_of(const char *name, const char *part)
{
    const size_t n = strlen(name);
    const size_t n_part = strlen(part);
    if (n < n_part || strcmp(name + n - n_part, part) != 0)
        return SIZE_MAX;
    return n == n_part || name[n - n_part - 1] == '.' ? n - n_part : SIZE_MAX;
}

bool sg_npz_is_sparse(const sg_npz_member *member)
{
    return member->npy.kind != SG_NPY_NUMBERS && member->npy.array.n_values == 1 &&
           prefix_of(member->name, FORMAT) != SIZE_MAX;
}

sg_status sg_npz_is_part(const sg_npz_members *all, const char *name, bool *ret, sg_error *err)
{
    static const char *const PARTS[] = {"shape", "data",   "indices", "indptr",   "row",
                                        "col",   "coords", "offsets", "_is_array"};
    *ret = false;
    for (size_t i = 0; i < SG_COUNT(PARTS); i++) {
        const size_t n = prefix_of(name, PARTS[i]);
        if (n == SIZE_MAX)
            continue;
        SG_AUTOFREE char *format = sg_format("%.*s%s", (int)n, name, FORMAT);
        if (!format)
            return sg_fail_memory(err, "reading arrays");
        const sg_npz_member *member = sg_npz_find(all, format);
        *ret = member && sg_npz_is_sparse(member);
    }
    return SG_OK;
}

/* The members that make one matrix. */
typedef struct parts {
    const sg_npz_members *all;
    const char *prefix; /* (n_prefix) of their names */
    size_t n_prefix;
    size_t n_rows;
    size_t n_cols;
} parts;

/* Finds a part that is needed, of so many dimensions, of integers or of any numbers. */
static sg_status need(const parts *p, const char *name, size_t n_dims, bool integers,
                      const sg_array **ret, sg_error *err)
{
    SG_AUTOFREE char *full = sg_format("%.*s%s", (int)p->n_prefix, p->prefix, name);
    if (!full)
        return sg_fail_memory(err, "reading arrays");
    const sg_npz_member *member = sg_npz_find(p->all, full);
    if (!member)
        return sg_fail(err, SG_EFORMAT, "array '%.100s' of a sparse matrix is missing", full);
    const sg_array *a = &member->npy.array;
    if (member->npy.kind != SG_NPY_NUMBERS || a->n_dims != n_dims ||
        (integers && sg_dtype_is_float(a->dtype)))
        return sg_fail(err, SG_EFORMAT, "array '%.100s' of a sparse matrix is not %zu-D of %s",
                       full, n_dims, integers ? "integers" : "numbers");
    *ret = a;
    return SG_OK;
}

/* Reads integer number i, in the order of rows; negative ones become too large. */
static uint64_t integer_at(const sg_array *a, size_t i)
{
    const size_t size = sg_dtype_size(a->dtype);
    size_t place = 0;
    for (size_t d = a->n_dims; d > 0; d--) {
        place += i % a->shape[d - 1] * a->stride[d - 1];
        i /= a->shape[d - 1];
    }
    const unsigned char *from = a->bytes + place * size;
    uint64_t value = 0;
    for (size_t k = 0; k < size; k++)
        value |= (uint64_t)from[a->is_swapped ? size - 1 - k : k] << 8 * k;
    const bool is_signed = a->dtype == SG_DTYPE_I8 || a->dtype == SG_DTYPE_I16 ||
                           a->dtype == SG_DTYPE_I32 || a->dtype == SG_DTYPE_I64;
    return is_signed && size > 0 && value >> (8 * size - 1) ? UINT64_MAX : value;
}

static sg_status value_at(const sg_array *a, size_t i, float *ret, sg_error *err)
{
    return sg_array_read_f32(a, i, 1, ret, err);
}

static sg_status read_coo(const parts *p, sg_coo *coo, sg_error *err)
{
    const sg_array *row = NULL;
    const sg_array *col = NULL;
    const sg_array *data = NULL;
    SG_TRY(need(p, "row", 1, true, &row, err));
    SG_TRY(need(p, "col", 1, true, &col, err));
    SG_TRY(need(p, "data", 1, false, &data, err));
    if (row->n_values != data->n_values || col->n_values != data->n_values)
        return sg_fail(err, SG_EFORMAT, "array 'data' holds %zu values, 'row' %zu and 'col' %zu",
                       data->n_values, row->n_values, col->n_values);
    SG_TRY(sg_coo_reserve(coo, data->n_values, err));
    for (size_t k = 0; k < data->n_values; k++) {
        float value = 0.0F;
        SG_TRY(value_at(data, k, &value, err));
        SG_TRY(sg_coo_add(coo, integer_at(row, k), integer_at(col, k), value, err));
    }
    return SG_OK;
}

/* SciPy's newer n-D form, (2, links) of coordinates. */
static sg_status read_coords(const parts *p, sg_coo *coo, sg_error *err)
{
    const sg_array *coords = NULL;
    const sg_array *data = NULL;
    SG_TRY(need(p, "coords", 2, true, &coords, err));
    SG_TRY(need(p, "data", 1, false, &data, err));
    const size_t n = data->n_values;
    if (coords->shape[0] != 2 || coords->shape[1] != n)
        return sg_fail(err, SG_EFORMAT, "array 'data' holds %zu values, 'coords' is %zu x %zu", n,
                       coords->shape[0], coords->shape[1]);
    SG_TRY(sg_coo_reserve(coo, n, err));
    for (size_t k = 0; k < n; k++) {
        float value = 0.0F;
        SG_TRY(value_at(data, k, &value, err));
        SG_TRY(sg_coo_add(coo, integer_at(coords, k), integer_at(coords, n + k), value, err));
    }
    return SG_OK;
}

/* The compressed forms: for each of n_major rows or columns a run of indices, each the place of one
 * value or of a block of them. */
typedef struct compressed {
    const sg_array *indptr;
    const sg_array *indices;
    const sg_array *data;
    size_t n_major;
    bool is_by_column;
    size_t block_rows;
    size_t block_cols;
} compressed;

static sg_status check_compressed(const compressed *c, sg_error *err)
{
    if (c->indptr->n_values != c->n_major + 1)
        return sg_fail(err, SG_EFORMAT, "array 'indptr' holds %zu values, must be %zu",
                       c->indptr->n_values, c->n_major + 1);
    if (c->indices->n_values != c->data->shape[0])
        return sg_fail(err, SG_EFORMAT, "array 'data' holds %zu values, 'indices' %zu",
                       c->data->shape[0], c->indices->n_values);
    uint64_t before = 0;
    for (size_t i = 0; i <= c->n_major; i++) {
        const uint64_t start = integer_at(c->indptr, i);
        if (start < before || (i == 0 && start != 0) || start > c->indices->n_values)
            return sg_fail(err, SG_EFORMAT, "array 'indptr' does not ascend from 0 at %zu", i);
        before = start;
    }
    if (before != c->indices->n_values)
        return sg_fail(err, SG_EFORMAT, "array 'indptr' ends at %llu, 'indices' holds %zu",
                       (unsigned long long)before, c->indices->n_values);
    return SG_OK;
}

/* Adds block number k, which stands at (major, minor); where blocks have more than one value, its
 * zeros are padding, no links. */
static sg_status add_block(const compressed *c, size_t k, uint64_t major, uint64_t minor,
                           sg_coo *coo, sg_error *err)
{
    const size_t n = c->block_rows * c->block_cols;
    if (minor > UINT32_MAX)
        return sg_fail(err, SG_EFORMAT, "an index of a sparse matrix is negative or too large");
    for (size_t i = 0; i < n; i++) {
        float value = 0.0F;
        SG_TRY(value_at(c->data, k * n + i, &value, err));
        if (n > 1 && value == 0.0F)
            continue;
        if (c->is_by_column)
            SG_TRY(sg_coo_add(coo, minor, major, value, err));
        else
            SG_TRY(sg_coo_add(coo, major * c->block_rows + i / c->block_cols,
                              minor * c->block_cols + i % c->block_cols, value, err));
    }
    return SG_OK;
}

static sg_status read_compressed(const parts *p, const char *format, sg_coo *coo, sg_error *err)
{
    const bool is_blocked = strcmp(format, "bsr") == 0;
    compressed c = {.is_by_column = strcmp(format, "csc") == 0, .block_rows = 1, .block_cols = 1};
    SG_TRY(need(p, "indptr", 1, true, &c.indptr, err));
    SG_TRY(need(p, "indices", 1, true, &c.indices, err));
    SG_TRY(need(p, "data", is_blocked ? 3 : 1, false, &c.data, err));
    if (is_blocked) {
        c.block_rows = c.data->shape[1];
        c.block_cols = c.data->shape[2];
        if (c.block_rows == 0 || c.block_cols == 0 || p->n_rows % c.block_rows ||
            p->n_cols % c.block_cols)
            return sg_fail(err, SG_EFORMAT, "blocks of %zu x %zu do not fill a matrix of %zu x %zu",
                           c.block_rows, c.block_cols, p->n_rows, p->n_cols);
    }
    c.n_major = c.is_by_column ? p->n_cols : p->n_rows / c.block_rows;
    SG_TRY(check_compressed(&c, err));
    SG_TRY(sg_coo_reserve(coo, c.data->n_values, err));
    for (size_t major = 0; major < c.n_major; major++)
        for (uint64_t k = integer_at(c.indptr, major); k < integer_at(c.indptr, major + 1); k++)
            SG_TRY(add_block(&c, (size_t)k, major, integer_at(c.indices, (size_t)k), coo, err));
    return SG_OK;
}

static sg_status read_shape(parts *p, size_t n_bytes, sg_error *err)
{
    const sg_array *shape = NULL;
    SG_TRY(need(p, "shape", 1, true, &shape, err));
    if (shape->n_values != 2)
        return sg_fail(err, SG_EUNSUPPORTED, "a sparse array of %zu dimensions is no matrix",
                       shape->n_values);
    p->n_rows = (size_t)integer_at(shape, 0);
    p->n_cols = (size_t)integer_at(shape, 1);
    return sg_sizes_check(p->n_rows, p->n_cols, n_bytes, err);
}

static sg_status read_links(const parts *p, const char *format, sg_coo *coo, sg_error *err)
{
    SG_AUTOFREE char *coords = sg_format("%.*scoords", (int)p->n_prefix, p->prefix);
    if (!coords)
        return sg_fail_memory(err, "reading arrays");
    if (strcmp(format, "csr") == 0 || strcmp(format, "csc") == 0 || strcmp(format, "bsr") == 0)
        return read_compressed(p, format, coo, err);
    if (strcmp(format, "coo") == 0)
        return sg_npz_find(p->all, coords) ? read_coords(p, coo, err) : read_coo(p, coo, err);
    return sg_fail(err, SG_EUNSUPPORTED,
                   "a sparse matrix of format '%s' is not read; save it as csr, csc, coo or bsr",
                   format);
}

sg_status sg_npz_add_sparse(const sg_npz_members *all, const sg_npz_member *format, sg_file_bytes f,
                            sg_arrays *ret, sg_error *err)
{
    char kind[16];
    parts p = {.all = all, .prefix = format->name, .n_prefix = prefix_of(format->name, FORMAT)};
    sg_npy_text(&format->npy, kind, sizeof kind);
    SG_TRY(read_shape(&p, f.n, err));
    SG_CLEANUP(sg_coo_clear)
    sg_coo coo = {.n_rows = p.n_rows, .n_cols = p.n_cols, .is_weighted = true};
    SG_TRY(read_links(&p, kind, &coo, err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(sg_coo_matrix(&coo, &m, err));
    SG_AUTOFREE char *name =
        p.n_prefix > 0 ? sg_memdup(p.prefix, p.n_prefix - 1) : sg_strdup(f.name);
    if (!name)
        return sg_fail_memory(err, "reading arrays");
    return sg_arrays_add_sparse(ret, name, SG_TAKE(m), err);
}
