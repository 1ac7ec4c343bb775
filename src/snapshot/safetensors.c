/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/safetensors.h"

#include "snapshot/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LENGTH_BYTES = 8, HEADER_VALUES_MAX = 1 << 22 };

struct sg_safetensors {
    int fd;                     /* -1: the file is in memory */
    const unsigned char *bytes; /* the whole file, or NULL */
    uint64_t n_file;
    uint64_t data_begin; /* where the header ends */
    sg_json *header;
    const sg_json *meta;
    sg_stored *tensors;
    size_t n_tensors;
};

void sg_safetensors_free(sg_safetensors *f)
{
    if (!f)
        return;
    if (f->fd >= 0)
        (void)close(f->fd);
    sg_json_free(f->header);
    sg_free(f->tensors);
    sg_free(f);
}

/* Reads n bytes at an offset; the caller has checked that they lie within the file. */
static sg_status read_at(const sg_safetensors *f, uint64_t offset, void *ret, size_t n,
                         sg_error *err)
{
    if (f->bytes) {
        if (n > 0)
            memcpy(ret, f->bytes + offset, n);
        return SG_OK;
    }
    for (size_t done = 0; done < n;) {
        const ssize_t got = pread(f->fd, (char *)ret + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sg_fail(err, SG_EIO, "%s", strerror(errno));
        if (got == 0)
            return sg_fail(err, SG_EIO, "the file became shorter while it was read");
        done += (size_t)got;
    }
    return SG_OK;
}

sg_status sg_safetensors_read(const sg_safetensors *f, const sg_stored *t, size_t first, size_t n,
                              void *ret, sg_error *err)
{
    const size_t size = sg_dtype_size(t->dtype);
    return read_at(f, f->data_begin + t->begin + (uint64_t)first * size, ret, n * size, err);
}

/* Reads the shape; n_values is its product. */
static sg_status parse_shape(const sg_json *shape, sg_stored *t, sg_error *err)
{
    if (!sg_json_is_array(shape))
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' has no shape", t->name);
    t->n_values = 1;
    for (const sg_json *dim = sg_json_first(shape); dim; dim = sg_json_next(dim)) {
        uint64_t size = 0;
        if (!sg_json_u64(dim, &size))
            return sg_fail(err, SG_EFORMAT,
                           "the shape of tensor '%.100s' is not of integers in [0, 2^53)", t->name);
        if (t->n_dims == SG_SAFETENSORS_DIMS_MAX)
            return sg_fail(err, SG_EUNSUPPORTED, "tensor '%.100s' has more than %d dimensions",
                           t->name, SG_SAFETENSORS_DIMS_MAX);
        t->shape[t->n_dims++] = (size_t)size;
        if (__builtin_mul_overflow(t->n_values, size, &t->n_values))
            return sg_fail(err, SG_EFORMAT, "the shape of tensor '%.100s' overflows", t->name);
    }
    return SG_OK;
}

static sg_status parse_offsets(const sg_json *offsets, sg_stored *t, sg_error *err)
{
    const sg_json *begin = sg_json_first(offsets);
    const sg_json *end = sg_json_next(begin);
    if (!sg_json_is_array(offsets) || sg_json_count(offsets) != 2 ||
        !sg_json_u64(begin, &t->begin) || !sg_json_u64(end, &t->end))
        return sg_fail(err, SG_EFORMAT,
                       "the data_offsets of tensor '%.100s' are not two integers in [0, 2^53)",
                       t->name);
    if (t->end < t->begin)
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' ends before it begins", t->name);

    uint64_t n_bytes = 0;
    if (__builtin_mul_overflow((uint64_t)t->n_values, sg_dtype_size(t->dtype), &n_bytes))
        return sg_fail(err, SG_EFORMAT, "the shape of tensor '%.100s' overflows", t->name);
    if (t->end - t->begin != n_bytes)
        return sg_fail(err, SG_EFORMAT,
                       "tensor '%.100s' needs %llu bytes by its shape and dtype, has %llu", t->name,
                       (unsigned long long)n_bytes, (unsigned long long)(t->end - t->begin));
    return SG_OK;
}

static sg_status parse_tensor(const sg_json *entry, sg_stored *t, sg_error *err)
{
    *t = (sg_stored){.name = sg_json_key(entry)};
    if (sg_has_control(t->name))
        return sg_fail(err, SG_EFORMAT, "the name of a tensor has control characters");
    if (!sg_json_is_object(entry))
        return sg_fail(err, SG_EFORMAT, "the entry of tensor '%.100s' is no object", t->name);
    const char *dtype = sg_json_string(sg_json_get(entry, "dtype"));
    if (!dtype || sg_has_control(dtype))
        return sg_fail(err, SG_EFORMAT, "tensor '%.100s' has no dtype", t->name);
    if (!sg_dtype_find(dtype, &t->dtype))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "tensor '%.100s' has the dtype %.20s; known are BOOL, "
                       "U8 to U64, I8 to I64, F16, BF16, F32, F64",
                       t->name, dtype);
    SG_TRY(parse_shape(sg_json_get(entry, "shape"), t, err));
    return parse_offsets(sg_json_get(entry, "data_offsets"), t, err);
}

static sg_status check_meta(const sg_json *meta, sg_error *err)
{
    if (!sg_json_is_object(meta))
        return sg_fail(err, SG_EFORMAT, "__metadata__ is no object");
    for (const sg_json *entry = sg_json_first(meta); entry; entry = sg_json_next(entry))
        if (!sg_json_string(entry))
            return sg_fail(err, SG_EFORMAT, "an entry of __metadata__ is no string");
    return SG_OK;
}

static sg_status parse_tensors(sg_safetensors *f, sg_error *err)
{
    if (!sg_json_is_object(f->header))
        return sg_fail(err, SG_EFORMAT, "the header is no JSON object");
    f->tensors = SG_NEW_ARRAY(sg_stored, sg_json_count(f->header));
    if (!f->tensors)
        return sg_fail_memory(err, "reading a header");
    for (const sg_json *e = sg_json_first(f->header); e; e = sg_json_next(e)) {
        if (strcmp(sg_json_key(e), "__metadata__") == 0) {
            SG_TRY(check_meta(e, err));
            f->meta = e;
            continue;
        }
        SG_TRY(parse_tensor(e, &f->tensors[f->n_tensors], err));
        f->n_tensors++;
    }
    return SG_OK;
}

static int by_offset(const void *a, const void *b)
{
    const sg_stored *s = a;
    const sg_stored *t = b;
    if (s->begin != t->begin)
        return s->begin < t->begin ? -1 : 1;
    return s->end < t->end ? -1 : s->end > t->end;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const sg_stored *)a)->name, ((const sg_stored *)b)->name);
}

/* The tensors must cover the bytes after the header, each exactly once. */
static sg_status check_layout(const sg_safetensors *f, sg_error *err)
{
    uint64_t end = 0;
    for (size_t i = 0; i < f->n_tensors; i++) {
        const sg_stored *t = &f->tensors[i];
        if (t->begin > end)
            return sg_fail(err, SG_EFORMAT, "%llu bytes before tensor '%.100s' belong to no tensor",
                           (unsigned long long)(t->begin - end), t->name);
        if (t->begin < end)
            return sg_fail(err, SG_EFORMAT, "tensor '%.100s' overlaps the one before it", t->name);
        end = t->end;
    }
    const uint64_t n_data = f->n_file - f->data_begin;
    if (end > n_data)
        return sg_fail(err, SG_EFORMAT, "the file is truncated: %llu bytes of tensors, not %llu",
                       (unsigned long long)n_data, (unsigned long long)end);
    if (end < n_data)
        return sg_fail(err, SG_EFORMAT, "%llu bytes after the last tensor belong to no tensor",
                       (unsigned long long)(n_data - end));
    return SG_OK;
}

/* Returns at least as many values as the JSON text has: one more than its commas and brackets. */
static size_t count_json_values(const char *text, size_t n)
{
    size_t n_values = 1;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        if (in_string && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            in_string = !in_string;
        else if (!in_string && (text[i] == ',' || text[i] == '[' || text[i] == '{'))
            n_values++;
    }
    return n_values;
}

sg_status sg_header_json_parse(const char *text, size_t n, sg_json **ret, sg_error *err)
{
    if (count_json_values(text, n) > HEADER_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "more than %d JSON values", HEADER_VALUES_MAX);
    return sg_json_parse(text, n, ret, err);
}

static sg_status read_header(sg_safetensors *f, sg_error *err)
{
    uint64_t n = 0;
    if (f->n_file < LENGTH_BYTES)
        return sg_fail(err, SG_EFORMAT, "it is too short for a safetensors file");
    SG_TRY(read_at(f, 0, &n, LENGTH_BYTES, err));
    if (n > SG_SAFETENSORS_HEADER_MAX)
        return sg_fail(err, SG_EFORMAT,
                       "it is no safetensors file: its first 8 bytes give a header of %llu bytes, "
                       "at most %d are possible",
                       (unsigned long long)n, SG_SAFETENSORS_HEADER_MAX);
    if (n > f->n_file - LENGTH_BYTES)
        return sg_fail(err, SG_EFORMAT, "the header of %llu bytes does not fit in a file of %llu",
                       (unsigned long long)n, (unsigned long long)f->n_file);
    SG_AUTOFREE char *text = sg_alloc((size_t)n + 1, 1);
    if (!text)
        return sg_fail_memory(err, "reading a header");
    SG_TRY(read_at(f, LENGTH_BYTES, text, (size_t)n, err));
    if (text[0] != '{')
        return sg_fail(err, SG_EFORMAT, "the header does not begin with '{'");
    f->data_begin = LENGTH_BYTES + n;
    const sg_status status = sg_header_json_parse(text, (size_t)n, &f->header, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "the header");
}

static sg_status read_and_check(sg_safetensors *f, sg_error *err)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    return sg_fail(err, SG_EUNSUPPORTED,
                   "safetensors files are read on little-endian machines only");
#endif
    SG_TRY(read_header(f, err));
    SG_TRY(parse_tensors(f, err));
    qsort(f->tensors, f->n_tensors, sizeof *f->tensors, by_offset);
    SG_TRY(check_layout(f, err));
    qsort(f->tensors, f->n_tensors, sizeof *f->tensors, by_name);
    return SG_OK;
}

sg_status sg_safetensors_open(const char *path, sg_safetensors **ret, sg_error *err)
{
    SG_CLEANUP(sg_safetensors_free_cleanup_) sg_safetensors *f = SG_NEW(sg_safetensors);
    if (!f)
        return sg_fail_memory(err, "opening a snapshot");
    f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block */
    struct stat about;
    if (f->fd < 0 || fstat(f->fd, &about) != 0)
        return sg_fail_errno(err, "read", path);
    if (S_ISDIR(about.st_mode))
        return sg_fail(err, SG_EINVAL,
                       "cannot read '%s': it is a folder, and neither a run nor a snapshot file",
                       path);
    if (!S_ISREG(about.st_mode))
        return sg_fail(err, SG_EINVAL, "cannot read '%s': it is no regular file", path);
    f->n_file = (uint64_t)about.st_size;
    const sg_status status = read_and_check(f, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot read '%s'", path);
    *ret = SG_TAKE(f);
    return SG_OK;
}

sg_status sg_safetensors_open_bytes(const void *bytes, size_t n, sg_safetensors **ret,
                                    sg_error *err)
{
    SG_CLEANUP(sg_safetensors_free_cleanup_) sg_safetensors *f = SG_NEW(sg_safetensors);
    if (!f)
        return sg_fail_memory(err, "opening a snapshot");
    f->fd = -1;
    f->bytes = bytes;
    f->n_file = n;
    SG_TRY(read_and_check(f, err));
    *ret = SG_TAKE(f);
    return SG_OK;
}

size_t sg_safetensors_count(const sg_safetensors *f)
{
    return f->n_tensors;
}

const sg_stored *sg_safetensors_at(const sg_safetensors *f, size_t i)
{
    return &f->tensors[i];
}

const sg_stored *sg_safetensors_find(const sg_safetensors *f, const char *name)
{
    const sg_stored key = {.name = name};
    return bsearch(&key, f->tensors, f->n_tensors, sizeof *f->tensors, by_name);
}

const sg_json *sg_safetensors_meta(const sg_safetensors *f)
{
    return f->meta;
}
