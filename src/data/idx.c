/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/idx.h"

#include "base/file.h"

#include <stdio.h>

enum {
    PREFIX = 4,    /* bytes before the dimensions */
    DIMENSION = 4, /* bytes of each */
    TYPE_U8 = 0x08,
};

void sg_idx_free(sg_idx *idx)
{
    sg_free(idx->bytes);
    *idx = (sg_idx){0};
}

/* Returns the name of a type of values, or NULL for a byte that is none. */
static const char *type_name(unsigned type)
{
    switch (type) {
    case TYPE_U8:
        return "unsigned bytes";
    case 0x09:
        return "signed bytes";
    case 0x0B:
        return "16-bit integers";
    case 0x0C:
        return "32-bit integers";
    case 0x0D:
        return "32-bit reals";
    case 0x0E:
        return "64-bit reals";
    default:
        return NULL;
    }
}

static sg_status check_prefix(const char *path, const uint8_t *b, size_t n, sg_error *err)
{
    if (n < PREFIX)
        return sg_fail(err, SG_EFORMAT,
                       "'%s' is no IDX file: it ends after %zu bytes; fetch it again", path, n);
    if (b[0] != 0 || b[1] != 0 || !type_name(b[2]))
        return sg_fail(
            err, SG_EFORMAT,
            "'%s' is no IDX file: it begins with the bytes %02x %02x %02x %02x, not with "
            "00 00 08; is it the right file?",
            path, b[0], b[1], b[2], b[3]);
    if (b[2] != TYPE_U8)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "the IDX file '%s' holds %s; only unsigned bytes are read, so scale it to 0 "
                       "to 255 first",
                       path, type_name(b[2]));
    if (b[3] == 0)
        return sg_fail(err, SG_EFORMAT, "the IDX file '%s' has no dimensions; fetch it again",
                       path);
    if (b[3] > SG_IDX_RANK_MAX)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "the IDX file '%s' has %u dimensions; at most %d are read", path, b[3],
                       SG_IDX_RANK_MAX);
    if (n < PREFIX + DIMENSION * (size_t)b[3])
        return sg_fail(err, SG_EFORMAT,
                       "the IDX file '%s' ends inside its header, after %zu bytes; fetch it again",
                       path, n);
    return SG_OK;
}

/* Writes "60000 x 28 x 28" to text. */
static void print_dims(const sg_idx *idx, char *text, size_t size)
{
    size_t at = 0;
    for (size_t d = 0; d < idx->rank && at < size; d++)
        at += (size_t)snprintf(text + at, size - at, d ? " x %zu" : "%zu", idx->dims[d]);
}

/* Reads the dimensions and compares what they promise with the n_following bytes after them. */
static sg_status read_dims(const char *path, const uint8_t *b, size_t n_following, sg_idx *idx,
                           sg_error *err)
{
    char shape[64];
    size_t n_values = 1;
    int overflows = 0;

    for (size_t d = 0; d < idx->rank; d++, b += DIMENSION) {
        idx->dims[d] = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
        if (idx->dims[d] == 0)
            return sg_fail(err, SG_EFORMAT,
                           "dimension %zu of the IDX file '%s' is 0; fetch it again", d + 1, path);
        overflows |= __builtin_mul_overflow(n_values, idx->dims[d], &n_values);
    }
    print_dims(idx, shape, sizeof shape);
    if (overflows)
        return sg_fail(err, SG_EFORMAT,
                       "the header of the IDX file '%s' promises %s values, more than any file "
                       "holds; fetch it again",
                       path, shape);
    if (n_values != n_following)
        return sg_fail(err, SG_EFORMAT,
                       "the header of the IDX file '%s' promises %s = %zu values, but %zu bytes "
                       "follow; fetch it again",
                       path, shape, n_values, n_following);
    idx->n_values = n_values;
    return SG_OK;
}

sg_status sg_idx_read(const char *path, sg_idx *ret, sg_error *err)
{
    SG_AUTO_IDX sg_idx idx = {0};
    size_t n = 0;
    SG_TRY(sg_file_read_gz(path, SG_IDX_BYTES_MAX, &idx.bytes, &n, err));

    const uint8_t *b = (const uint8_t *)idx.bytes;
    SG_TRY(check_prefix(path, b, n, err));
    idx.rank = b[3];
    const size_t header = PREFIX + DIMENSION * idx.rank;
    SG_TRY(read_dims(path, b + PREFIX, n - header, &idx, err));
    idx.values = b + header;
    sg_sha256_hex(idx.bytes, n, idx.sha256);

    *ret = idx;
    idx.bytes = NULL;
    return SG_OK;
}
