/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_BYTE_BUILDER_H
#define SG_TEST_BYTE_BUILDER_H

/*
 * Files of other programs, built byte by byte: zip archives, .npy arrays, pickles of torch.save().
 * What they hold follows those programs' formats, not our readers.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { BUILT_MAX = 1 << 14 };

typedef struct built {
    uint8_t at[BUILT_MAX];
    size_t n;
} built;

static inline void put_bytes(built *b, const void *bytes, size_t n)
{
    if (n > BUILT_MAX - b->n)
        abort();
    if (n > 0)
        memcpy(b->at + b->n, bytes, n);
    b->n += n;
}

static inline void put_text(built *b, const char *text)
{
    put_bytes(b, text, strlen(text));
}

/* n bytes, the lowest first */
static inline void put_number(built *b, uint64_t number, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint8_t byte = (uint8_t)(i < 8 ? number >> 8 * i & 0xFF : 0);
        put_bytes(b, &byte, 1);
    }
}

/* --- zip ---------------------------------------------------------------------------------- */

enum { ZIP_ENTRIES_MAX = 24 };

typedef struct zip_build {
    built file;
    built directory;
    size_t n;
    int deflates;  /* entries are compressed */
    int has_zip64; /* sizes stand in zip64 fields, as numpy writes them in local headers */
} zip_build;

static inline void zip_build_add(zip_build *z, const char *name, const void *bytes, size_t n)
{
    uint8_t packed[BUILT_MAX];
    size_t n_packed = n;
    const uint32_t crc = (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)n);
    const size_t offset = z->file.n;
    const void *data = bytes;
    if (z->deflates) {
        z_stream s = {.next_in = bytes, .avail_in = (uInt)n};
        s.next_out = packed;
        s.avail_out = sizeof packed;
        if (deflateInit2(&s, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
            deflate(&s, Z_FINISH) != Z_STREAM_END)
            abort();
        n_packed = s.total_out;
        data = packed;
        (void)deflateEnd(&s);
    }
    built *const to[] = {&z->file, &z->directory};
    for (size_t i = 0; i < 2; i++) {
        put_text(to[i], i == 0 ? "PK\3\4" : "PK\1\2");
        put_number(to[i], 45, i == 0 ? 2 : 4); /* versions */
        put_number(to[i], 0, 2);               /* flags */
        put_number(to[i], z->deflates ? 8 : 0, 2);
        put_number(to[i], 0x0021, 2); /* time and date */
        put_number(to[i], 0x0021, 2);
        put_number(to[i], crc, 4);
        put_number(to[i], z->has_zip64 ? UINT32_MAX : n_packed, 4);
        put_number(to[i], z->has_zip64 ? UINT32_MAX : n, 4);
        put_number(to[i], strlen(name), 2);
        put_number(to[i], z->has_zip64 ? 20 : 0, 2);
        if (i == 1) {
            put_number(to[i], 0, 10); /* comment, disk, attributes */
            put_number(to[i], offset, 4);
        }
        put_text(to[i], name);
        if (z->has_zip64) {
            put_number(to[i], 1, 2);
            put_number(to[i], 16, 2);
            put_number(to[i], n, 8);
            put_number(to[i], n_packed, 8);
        }
    }
    put_bytes(&z->file, data, n_packed);
    z->n++;
}

/* Ends the archive; the bytes are in file. */
static inline void zip_build_end(zip_build *z)
{
    const size_t offset = z->file.n;
    put_bytes(&z->file, z->directory.at, z->directory.n);
    if (z->has_zip64) {
        const size_t record = z->file.n;
        put_text(&z->file, "PK\6\6");
        put_number(&z->file, 44, 8);
        put_number(&z->file, 45, 2);
        put_number(&z->file, 45, 2);
        put_number(&z->file, 0, 8);
        put_number(&z->file, z->n, 8);
        put_number(&z->file, z->n, 8);
        put_number(&z->file, z->directory.n, 8);
        put_number(&z->file, offset, 8);
        put_text(&z->file, "PK\6\7");
        put_number(&z->file, 0, 4);
        put_number(&z->file, record, 8);
        put_number(&z->file, 1, 4);
    }
    put_text(&z->file, "PK\5\6");
    put_number(&z->file, 0, 4);
    put_number(&z->file, z->n, 2);
    put_number(&z->file, z->n, 2);
    put_number(&z->file, z->directory.n, 4);
    put_number(&z->file, z->has_zip64 ? UINT32_MAX : offset, 4);
    put_number(&z->file, 0, 2);
}

/* --- .npy --------------------------------------------------------------------------------- */

/* An array of version 1.0, e.g. put_npy(b, "<f4", "False", "2, 3", data, 24). */
static inline void put_npy(built *b, const char *descr, const char *fortran, const char *shape,
                           const void *data, size_t n_data)
{
    char header[512];
    int n = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }",
                     descr, fortran, shape);
    while ((10 + n + 1) % 64 != 0)
        header[n++] = ' ';
    header[n++] = '\n';
    put_text(b, "\x93NUMPY\x01");
    put_number(b, 0, 1);
    put_number(b, (uint64_t)n, 2);
    put_bytes(b, header, (size_t)n);
    put_bytes(b, data, n_data);
}

static inline void zip_build_npy(zip_build *z, const char *name, const char *descr,
                                 const char *shape, const void *data, size_t n_data)
{
    built b = {.n = 0};
    put_npy(&b, descr, "False", shape, data, n_data);
    zip_build_add(z, name, b.at, b.n);
}

/* --- pickles ------------------------------------------------------------------------------ */

/* A text as BINUNICODE. */
static inline void put_unicode(built *b, const char *text)
{
    put_text(b, "X");
    put_number(b, strlen(text), 4);
    put_text(b, text);
}

static inline void put_int(built *b, uint64_t value)
{
    put_text(b, "J");
    put_number(b, value, 4);
}

/* GLOBAL: a module and a name */
static inline void put_global(built *b, const char *module, const char *name)
{
    put_text(b, "c");
    put_text(b, module);
    put_text(b, "\n");
    put_text(b, name);
    put_text(b, "\n");
}

/* A tensor as torch.save() writes it. */
typedef struct pickled_tensor {
    const char *type; /* "FloatStorage" */
    const char *key;
    size_t n_stored;
    size_t offset;
    size_t shape[2];
    size_t stride[2];
    size_t n_dims;
} pickled_tensor;

static inline void put_sizes(built *b, const size_t *size, size_t n)
{
    put_text(b, "(");
    for (size_t i = 0; i < n; i++)
        put_int(b, size[i]);
    put_text(b, "t");
}

static inline void put_tensor(built *b, const pickled_tensor *t)
{
    put_global(b, "torch._utils", "_rebuild_tensor_v2");
    put_text(b, "((");
    put_unicode(b, "storage");
    put_global(b, "torch", t->type);
    put_unicode(b, t->key);
    put_unicode(b, "cpu");
    put_int(b, t->n_stored);
    put_text(b, "tQ");
    put_int(b, t->offset);
    put_sizes(b, t->shape, t->n_dims);
    put_sizes(b, t->stride, t->n_dims);
    put_text(b, "\x89");
    put_global(b, "collections", "OrderedDict");
    put_text(b, ")RtR");
}

/* The beginning and the end of an OrderedDict that entries are put between. */
static inline void put_dict_begin(built *b)
{
    put_global(b, "collections", "OrderedDict");
    put_text(b, ")R(");
}

static inline void put_dict_end(built *b)
{
    put_text(b, "u");
}

static inline void put_entry(built *b, const char *key, const pickled_tensor *t)
{
    put_unicode(b, key);
    put_tensor(b, t);
}

#endif
