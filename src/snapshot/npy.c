/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/npy.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MAGIC_BYTES = 6, DESCR_MAX = 32 };

static const char MAGIC[] = "\x93NUMPY";

bool sg_npy_is(const void *bytes, size_t n)
{
    return n >= MAGIC_BYTES && memcmp(bytes, MAGIC, MAGIC_BYTES) == 0;
}

/* The literal while it is read. */
typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static void skip_blanks(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\t'))
        c->at++;
}

/* Moves past a character, where it comes next. */
static bool take(cursor *c, char wanted)
{
    skip_blanks(c);
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_word(cursor *c, const char *word)
{
    const size_t n = strlen(word);
    skip_blanks(c);
    if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

/* Reads a string without escapes, of printable ASCII. */
static bool take_text(cursor *c, char *ret, size_t n)
{
    skip_blanks(c);
    if (c->at == c->end || (*c->at != '\'' && *c->at != '"'))
        return false;
    const char quote = *c->at++;
    size_t length = 0;
    while (c->at < c->end && *c->at != quote && length + 1 < n) {
        if (*c->at < ' ' || *c->at > '~' || *c->at == '\\')
            return false;
        ret[length++] = *c->at++;
    }
    ret[length] = '\0';
    return take(c, quote);
}

/* Reads an integer, perhaps with the L of Python 2. */
static bool take_size(cursor *c, size_t *ret)
{
    uint64_t value = 0;
    bool has_digits = false;
    skip_blanks(c);
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        has_digits = true;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*c->at - '0'), &value))
            return false;
    }
    if (has_digits && c->at < c->end && *c->at == 'L')
        c->at++;
    *ret = (size_t)value;
    return has_digits;
}

static sg_status take_shape(cursor *c, sg_array *ret, sg_error *err)
{
    if (!take(c, '('))
        return sg_fail(err, SG_EFORMAT, "the header's shape is no tuple");
    while (!take(c, ')')) {
        size_t size = 0;
        if (!take_size(c, &size))
            return sg_fail(err, SG_EFORMAT, "the header's shape is not of integers");
        if (ret->n_dims == SG_ARRAY_DIMS_MAX)
            return sg_fail(err, SG_EUNSUPPORTED, "the array has more than %d dimensions",
                           SG_ARRAY_DIMS_MAX);
        ret->shape[ret->n_dims++] = size;
        if (!take(c, ',')) {
            if (take(c, ')'))
                break;
            return sg_fail(err, SG_EFORMAT, "the header's shape is no tuple");
        }
    }
    if (!sg_array_count_values(ret))
        return sg_fail(err, SG_EFORMAT, "the header's shape overflows");
    return SG_OK;
}

/* What the literal says. */
typedef struct header {
    char descr[DESCR_MAX];
    bool is_fortran;
    bool has_order;
    bool has_shape;
} header;

static sg_status take_entry(cursor *c, header *h, sg_array *array, sg_error *err)
{
    char key[DESCR_MAX];
    if (!take_text(c, key, sizeof key) || !take(c, ':'))
        return sg_fail(err, SG_EFORMAT, "the header is no dict of descr, fortran_order and shape");
    if (strcmp(key, "descr") == 0 && h->descr[0] == '\0') {
        skip_blanks(c);
        if (c->at < c->end && *c->at == '[')
            return sg_fail(err, SG_EUNSUPPORTED,
                           "it holds structures; save each field as an array of numbers");
        if (take_text(c, h->descr, sizeof h->descr) && h->descr[0])
            return SG_OK;
    } else if (strcmp(key, "fortran_order") == 0 && !h->has_order) {
        h->has_order = true;
        h->is_fortran = take_word(c, "True");
        if (h->is_fortran || take_word(c, "False"))
            return SG_OK;
    } else if (strcmp(key, "shape") == 0 && !h->has_shape) {
        h->has_shape = true;
        return take_shape(c, array, err);
    }
    return sg_fail(err, SG_EFORMAT, "the header's entry '%s' is not as NumPy writes it", key);
}

static sg_status parse_literal(cursor c, header *h, sg_array *array, sg_error *err)
{
    if (!take(&c, '{'))
        return sg_fail(err, SG_EFORMAT, "the header is no dict of descr, fortran_order and shape");
    while (!take(&c, '}')) {
        SG_TRY(take_entry(&c, h, array, err));
        if (!take(&c, ',') && !take(&c, '}'))
            return sg_fail(err, SG_EFORMAT, "the header is cut short");
        if (c.at[-1] == '}')
            break;
    }
    skip_blanks(&c);
    if (c.at != c.end || !h->has_order || !h->has_shape || !h->descr[0])
        return sg_fail(err, SG_EFORMAT, "the header is no dict of descr, fortran_order and shape");
    return SG_OK;
}

/* NumPy's names of numbers, without the order of bytes. */
static const struct {
    const char *name;
    sg_dtype dtype;
} DTYPES[] = {
    {"b1", SG_DTYPE_BOOL}, {"u1", SG_DTYPE_U8},  {"i1", SG_DTYPE_I8},  {"u2", SG_DTYPE_U16},
    {"i2", SG_DTYPE_I16},  {"u4", SG_DTYPE_U32}, {"i4", SG_DTYPE_I32}, {"u8", SG_DTYPE_U64},
    {"i8", SG_DTYPE_I64},  {"f2", SG_DTYPE_F16}, {"f4", SG_DTYPE_F32}, {"f8", SG_DTYPE_F64},
};

static sg_status find_dtype(const char *descr, sg_npy *ret, sg_error *err)
{
    const char *name = descr + (strchr("<>|=", descr[0]) != NULL);
    uint64_t length = 0;
    ret->array.is_swapped = descr[0] == '>';
    for (size_t i = 0; i < SG_COUNT(DTYPES); i++) {
        if (strcmp(DTYPES[i].name, name) == 0) {
            ret->array.dtype = DTYPES[i].dtype;
            ret->item_bytes = sg_dtype_size(DTYPES[i].dtype);
            return SG_OK;
        }
    }
    if ((name[0] == 'S' || name[0] == 'U') && sg_parse_u64(name + 1, &length) && length < 65536) {
        ret->kind = name[0] == 'S' ? SG_NPY_BYTES : SG_NPY_UNICODE;
        ret->item_bytes = (size_t)length * (name[0] == 'S' ? 1 : 4);
        return SG_OK;
    }
    if (name[0] == 'O')
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it holds Python objects, which are not read; save arrays of numbers");
    return sg_fail(err, SG_EUNSUPPORTED,
                   "it holds '%s'; known are booleans, integers and floats of up to 64 bits",
                   descr);
}

static void set_strides(sg_array *a, bool is_fortran)
{
    size_t stride = 1;
    sg_array_set_strides(a);
    for (size_t d = 0; is_fortran && d < a->n_dims; d++) {
        a->stride[d] = stride;
        stride *= a->shape[d];
    }
}

/* Finds the literal; *data is where the values begin. */
static sg_status find_literal(const unsigned char *bytes, size_t n, cursor *ret, size_t *data,
                              sg_error *err)
{
    if (!sg_npy_is(bytes, n) || n < 10)
        return sg_fail(err, SG_EFORMAT, "it is no .npy array");
    const unsigned version = bytes[MAGIC_BYTES];
    if (version < 1 || version > 3)
        return sg_fail(err, SG_EUNSUPPORTED, "it is of version %u of .npy; 1 to 3 are read",
                       version);
    const size_t begin = version == 1 ? 10 : 12;
    size_t n_header = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (version > 1 && n >= begin)
        n_header |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (n_header > SG_NPY_HEADER_MAX || n < begin || n_header > n - begin)
        return sg_fail(err, SG_EFORMAT, "its header is cut short or above %d bytes",
                       SG_NPY_HEADER_MAX);
    *ret = (cursor){(const char *)bytes + begin, (const char *)bytes + begin + n_header};
    *data = begin + n_header;
    return SG_OK;
}

sg_status sg_npy_parse(const void *bytes, size_t n, sg_npy *ret, sg_error *err)
{
    cursor literal = {0};
    size_t data = 0;
    header h = {0};
    sg_npy npy = {0};
    SG_TRY(find_literal(bytes, n, &literal, &data, err));
    SG_TRY(parse_literal(literal, &h, &npy.array, err));
    SG_TRY(find_dtype(h.descr, &npy, err));
    size_t n_values_bytes = 0;
    if (__builtin_mul_overflow(npy.array.n_values, npy.item_bytes, &n_values_bytes))
        return sg_fail(err, SG_EFORMAT, "the header's shape overflows");
    if (n_values_bytes != n - data)
        return sg_fail(err, SG_EFORMAT, "it needs %zu bytes by its shape and dtype, has %zu",
                       n_values_bytes, n - data);
    set_strides(&npy.array, h.is_fortran);
    npy.array.bytes = (const unsigned char *)bytes + data;
    *ret = npy;
    return SG_OK;
}

void sg_npy_text(const sg_npy *npy, char *ret, size_t n)
{
    const size_t step = npy->kind == SG_NPY_UNICODE ? 4 : 1;
    const size_t first = npy->kind == SG_NPY_UNICODE && npy->array.is_swapped ? 3 : 0;
    size_t length = 0;
    for (size_t at = first; npy->array.n_values == 1 && at < npy->item_bytes; at += step) {
        const unsigned char c = npy->array.bytes[at];
        if (c < ' ' || c > '~' || length + 1 >= n)
            break;
        ret[length++] = (char)c;
    }
    ret[length] = '\0';
}
