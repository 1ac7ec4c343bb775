/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zip_write.h"

#include "base/text.h"
#include <limits.h>
#include <string.h>
#include <zlib.h>

enum {
    LOCAL_HEADER = 0x04034b50,
    DIRECTORY_ENTRY = 0x02014b50,
    DIRECTORY_END = 0x06054b50,
    DIRECTORY_END_64 = 0x06064b50,
    LOCATOR_64 = 0x07064b50,
    VERSION_PLAIN = 20,
    VERSION_64 = 45,
    NAMES_ARE_UTF8 = 1 << 11,
    EARLIEST_DATE = (1 << 5) | 1, /* 1980-01-01, as MS-DOS counts */
    EXTRA_64 = 1,
    EXTRA_64_BOTH = 16, /* bytes of the extra field: two sizes, or two sizes and an offset */
    EXTRA_64_ALL = 24,
    FEW_ENTRIES = 0xFFFF,
};

static const uint32_t SEE_EXTRA = 0xFFFFFFFFU;

struct sg_zip_writer {
    sg_writer *w;
    uint64_t limit; /* what no longer fits 32 bits */
    uint64_t offset;
    uint64_t n_entries;
    sg_text directory;
};

sg_status sg_zip_writer_new(sg_writer *w, sg_zip_writer **ret, sg_error *err)
{
    sg_zip_writer *zip = SG_NEW(sg_zip_writer);
    if (!zip)
        return sg_fail_memory(err, "starting an archive");
    zip->w = w;
    zip->limit = SEE_EXTRA;
    *ret = zip;
    return SG_OK;
}

void sg_zip_writer_free(sg_zip_writer *zip)
{
    if (!zip)
        return;
    sg_text_free(&zip->directory);
    sg_free(zip);
}

void sg_zip_writer_set_limit(sg_zip_writer *zip, uint64_t limit)
{
    zip->limit = limit;
}

/* Appends the low n bytes of a value, the lowest first. */
static void put(sg_text *t, uint64_t value, size_t n)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < n; i++, value >>= 8)
        bytes[i] = (unsigned char)(value & 0xFF);
    sg_text_append_bytes(t, bytes, n);
}

static sg_status write_text(sg_zip_writer *zip, const sg_text *t, sg_error *err)
{
    if (t->failed)
        return sg_fail_memory(err, "writing an archive");
    SG_TRY(sg_writer_write(zip->w, t->bytes, t->n, err));
    zip->offset += t->n;
    return SG_OK;
}

static uint32_t checksum(const sg_zip_piece *pieces, size_t n_pieces, uint64_t *n_bytes)
{
    uLong crc = crc32(0, NULL, 0);
    *n_bytes = 0;
    for (size_t i = 0; i < n_pieces; i++) {
        const Bytef *bytes = pieces[i].bytes;
        for (size_t rest = pieces[i].n; rest > 0;) {
            const uInt n = rest > INT_MAX ? INT_MAX : (uInt)rest;
            crc = crc32(crc, bytes, n);
            bytes += n;
            rest -= n;
        }
        *n_bytes += pieces[i].n;
    }
    return (uint32_t)crc;
}

/* What both headers of an entry say in the same order. */
static void put_common(sg_text *t, bool is_64, uint32_t crc, uint64_t n_bytes)
{
    put(t, is_64 ? VERSION_64 : VERSION_PLAIN, 2);
    put(t, NAMES_ARE_UTF8, 2);
    put(t, 0, 2); /* stored */
    put(t, 0, 2); /* midnight */
    put(t, EARLIEST_DATE, 2);
    put(t, crc, 4);
    put(t, is_64 ? SEE_EXTRA : n_bytes, 4); /* as stored, and inflated */
    put(t, is_64 ? SEE_EXTRA : n_bytes, 4);
}

static void put_local(sg_text *t, const char *name, bool is_64, uint32_t crc, uint64_t n_bytes)
{
    put(t, LOCAL_HEADER, 4);
    put_common(t, is_64, crc, n_bytes);
    put(t, strlen(name), 2);
    put(t, is_64 ? 4 + EXTRA_64_BOTH : 0, 2);
    sg_text_append(t, name);
    if (is_64) {
        put(t, EXTRA_64, 2);
        put(t, EXTRA_64_BOTH, 2);
        put(t, n_bytes, 8);
        put(t, n_bytes, 8);
    }
}

static void put_entry(sg_zip_writer *zip, const char *name, bool is_64, uint32_t crc,
                      uint64_t n_bytes)
{
    sg_text *t = &zip->directory;
    put(t, DIRECTORY_ENTRY, 4);
    put(t, is_64 ? VERSION_64 : VERSION_PLAIN, 2); /* made by */
    put_common(t, is_64, crc, n_bytes);
    put(t, strlen(name), 2);
    put(t, is_64 ? 4 + EXTRA_64_ALL : 0, 2);
    put(t, 0, 2); /* no comment */
    put(t, 0, 2); /* on the first disk */
    put(t, 0, 2); /* no attributes, inner and outer */
    put(t, 0, 4);
    put(t, is_64 ? SEE_EXTRA : zip->offset, 4);
    sg_text_append(t, name);
    if (is_64) {
        put(t, EXTRA_64, 2);
        put(t, EXTRA_64_ALL, 2);
        put(t, n_bytes, 8);
        put(t, n_bytes, 8);
        put(t, zip->offset, 8);
    }
}

sg_status sg_zip_writer_add(sg_zip_writer *zip, const char *name, const sg_zip_piece *pieces,
                            size_t n_pieces, sg_error *err)
{
    uint64_t n_bytes = 0;
    const uint32_t crc = checksum(pieces, n_pieces, &n_bytes);
    const bool is_64 = n_bytes >= zip->limit || zip->offset >= zip->limit;
    SG_AUTO_TEXT sg_text header = {0};
    put_local(&header, name, is_64, crc, n_bytes);
    put_entry(zip, name, is_64, crc, n_bytes);
    SG_TRY(write_text(zip, &header, err));
    for (size_t i = 0; i < n_pieces; i++)
        SG_TRY(sg_writer_write(zip->w, pieces[i].bytes, pieces[i].n, err));
    zip->offset += n_bytes;
    zip->n_entries++;
    return SG_OK;
}

/* The zip64 record and the locator that points to it. */
static void put_end_64(sg_text *t, const sg_zip_writer *zip, uint64_t directory_at)
{
    put(t, DIRECTORY_END_64, 4);
    put(t, 44, 8); /* bytes of this record that follow */
    put(t, VERSION_64, 2);
    put(t, VERSION_64, 2);
    put(t, 0, 4); /* one disk */
    put(t, 0, 4);
    put(t, zip->n_entries, 8);
    put(t, zip->n_entries, 8);
    put(t, zip->directory.n, 8);
    put(t, directory_at, 8);
    put(t, LOCATOR_64, 4);
    put(t, 0, 4);
    put(t, directory_at + zip->directory.n, 8);
    put(t, 1, 4);
}

sg_status sg_zip_writer_end(sg_zip_writer *zip, sg_error *err)
{
    const uint64_t at = zip->offset;
    SG_TRY(write_text(zip, &zip->directory, err));
    const bool is_64 =
        at >= zip->limit || zip->directory.n >= zip->limit || zip->n_entries >= FEW_ENTRIES;
    SG_AUTO_TEXT sg_text end = {0};
    if (is_64)
        put_end_64(&end, zip, at);
    put(&end, DIRECTORY_END, 4);
    put(&end, 0, 2); /* one disk */
    put(&end, 0, 2);
    put(&end, is_64 ? FEW_ENTRIES : zip->n_entries, 2);
    put(&end, is_64 ? FEW_ENTRIES : zip->n_entries, 2);
    put(&end, is_64 ? SEE_EXTRA : zip->directory.n, 4);
    put(&end, is_64 ? SEE_EXTRA : at, 4);
    put(&end, 0, 2); /* no comment */
    return write_text(zip, &end, err);
}
