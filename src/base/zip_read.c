/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zip_read.h"

#include "base/zlib_memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR_BYTES = 20,
    COMMENT_MAX = 65535,
    NAME_MAX_BYTES = 4096,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    FLAG_ENCRYPTED = 1,
    EXTRA_ZIP64 = 1,
    DEFLATE_RATIO_MAX = 1032, /* a deflated stream cannot grow by more: zlib's own documentation */
};

struct sg_zip {
    const unsigned char *bytes;
    uint64_t n;
    sg_zip_entry *entries;
    size_t n_entries;
};

static uint16_t get16(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const unsigned char *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const unsigned char *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

void sg_zip_free(sg_zip *z)
{
    if (!z)
        return;
    for (size_t i = 0; i < z->n_entries; i++)
        sg_free(z->entries[i].name);
    sg_free(z->entries);
    sg_free(z);
}

bool sg_zip_is(const void *bytes, size_t n)
{
    return n >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

/* Where the central directory is. */
typedef struct directory {
    uint64_t n_entries;
    uint64_t n_bytes;
    uint64_t offset;
} directory;

/* Finds the record at the archive's end, before a comment of any length. */
static const unsigned char *find_end(const sg_zip *z)
{
    if (z->n < END_BYTES)
        return NULL;
    const uint64_t last = z->n - END_BYTES;
    const uint64_t first = last > COMMENT_MAX ? last - COMMENT_MAX : 0;
    for (uint64_t at = last + 1; at > first; at--) {
        const unsigned char *p = z->bytes + at - 1;
        if (memcmp(p, "PK\5\6", 4) == 0 && get16(p + 20) == z->n - (at - 1) - END_BYTES)
            return p;
    }
    return NULL;
}

/* Reads the directory's place from the zip64 records, where they are there. */
static sg_status read_end64(const sg_zip *z, const unsigned char *end, directory *ret,
                            sg_error *err)
{
    const uint64_t at = (uint64_t)(end - z->bytes);
    if (at < LOCATOR_BYTES || memcmp(end - LOCATOR_BYTES, "PK\6\7", 4) != 0)
        return SG_OK;
    const uint64_t where = get64(end - LOCATOR_BYTES + 8);
    if (z->n < END64_BYTES || where > z->n - END64_BYTES ||
        memcmp(z->bytes + where, "PK\6\6", 4) != 0)
        return sg_fail(err, SG_EFORMAT,
                       "the zip64 record of the archive is not where it should be");
    const unsigned char *p = z->bytes + where;
    *ret =
        (directory){.n_entries = get64(p + 32), .n_bytes = get64(p + 40), .offset = get64(p + 48)};
    return SG_OK;
}

static sg_status find_directory(const sg_zip *z, directory *ret, sg_error *err)
{
    const unsigned char *end = find_end(z);
    if (!end)
        return sg_fail(err, SG_EFORMAT, "the zip archive is truncated: it has no directory");
    if (get16(end + 4) != 0 || get16(end + 6) != 0)
        return sg_fail(err, SG_EUNSUPPORTED, "the zip archive spans several disks");
    *ret = (directory){
        .n_entries = get16(end + 10), .n_bytes = get32(end + 12), .offset = get32(end + 16)};
    if (ret->n_entries == UINT16_MAX || ret->n_bytes == UINT32_MAX || ret->offset == UINT32_MAX)
        SG_TRY(read_end64(z, end, ret, err));
    if (ret->offset > z->n || ret->n_bytes > z->n - ret->offset ||
        ret->n_entries > ret->n_bytes / CENTRAL_BYTES)
        return sg_fail(err, SG_EFORMAT, "the directory of the zip archive does not fit into it");
    if (ret->n_entries > SG_ZIP_ENTRIES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the zip archive has more than %d entries",
                       SG_ZIP_ENTRIES_MAX);
    return SG_OK;
}

/* Replaces the sizes and the offset that did not fit into 32 bits. */
static sg_status read_extra(const unsigned char *p, size_t n, sg_zip_entry *e, sg_error *err)
{
    while (n >= 4) {
        const size_t n_field = get16(p + 2);
        if (n_field > n - 4)
            break;
        const unsigned char *at = p + 4;
        size_t left = n_field;
        uint64_t *const wide[] = {&e->n_bytes, &e->n_packed, &e->offset};
        for (size_t i = 0; get16(p) == EXTRA_ZIP64 && i < SG_COUNT(wide); i++) {
            if (*wide[i] != UINT32_MAX)
                continue;
            if (left < 8)
                return sg_fail(err, SG_EFORMAT, "the zip64 sizes of '%.100s' are missing", e->name);
            *wide[i] = get64(at);
            at += 8;
            left -= 8;
        }
        p += 4 + n_field;
        n -= 4 + n_field;
    }
    return SG_OK;
}

static bool is_plain_name(const unsigned char *name, size_t n)
{
    if (n == 0 || n > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < n; i++)
        if (name[i] < 0x20 || name[i] == 0x7F ||
            (name[i] == 0xC2 && i + 1 < n && name[i + 1] < 0xA0))
            return false;
    return true;
}

static sg_status check_entry(const sg_zip *z, const unsigned char *p, const sg_zip_entry *e,
                             sg_error *err)
{
    const uint16_t method = get16(p + 10);
    if (get16(p + 8) & FLAG_ENCRYPTED)
        return sg_fail(err, SG_EUNSUPPORTED, "entry '%.100s' of the zip archive is encrypted",
                       e->name);
    if (method != METHOD_STORED && method != METHOD_DEFLATED)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "entry '%.100s' is compressed by method %u; stored and deflated ones are "
                       "read",
                       e->name, method);
    if (e->n_packed > z->n || (method == METHOD_STORED && e->n_packed != e->n_bytes) ||
        e->n_bytes / DEFLATE_RATIO_MAX > e->n_packed)
        return sg_fail(err, SG_EFORMAT, "entry '%.100s' has impossible sizes", e->name);
    return SG_OK;
}

/* Reads one record of the directory and moves *p behind it. */
static sg_status read_record(sg_zip *z, const unsigned char **p, const unsigned char *end,
                             sg_error *err)
{
    const unsigned char *at = *p;
    if (end - at < CENTRAL_BYTES || memcmp(at, "PK\1\2", 4) != 0)
        return sg_fail(err, SG_EFORMAT, "the directory of the zip archive is corrupt");
    const size_t n_name = get16(at + 28);
    const size_t n_extra = get16(at + 30);
    const size_t n_all = CENTRAL_BYTES + n_name + n_extra + get16(at + 32);
    if (n_all > (size_t)(end - at) || !is_plain_name(at + CENTRAL_BYTES, n_name))
        return sg_fail(err, SG_EFORMAT, "the directory of the zip archive is corrupt");

    sg_zip_entry *e = &z->entries[z->n_entries];
    *e = (sg_zip_entry){.is_deflated = get16(at + 10) == METHOD_DEFLATED,
                        .crc32 = get32(at + 16),
                        .n_packed = get32(at + 20),
                        .n_bytes = get32(at + 24),
                        .offset = get32(at + 42),
                        .name = sg_memdup(at + CENTRAL_BYTES, n_name)};
    if (!e->name)
        return sg_fail_memory(err, "reading a zip archive");
    z->n_entries++;
    SG_TRY(read_extra(at + CENTRAL_BYTES + n_name, n_extra, e, err));
    SG_TRY(check_entry(z, at, e, err));
    *p = at + n_all;
    return SG_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const sg_zip_entry *)a)->name, ((const sg_zip_entry *)b)->name);
}

/* No entry twice, and together no more than was allowed: bombs share one entry's data. */
static sg_status check_all(const sg_zip *z, uint64_t max_bytes, sg_error *err)
{
    uint64_t n_packed = 0;
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < z->n_entries; i++) {
        const sg_zip_entry *e = &z->entries[i];
        if (i > 0 && strcmp(e[-1].name, e->name) == 0)
            return sg_fail(err, SG_EFORMAT, "the zip archive has two entries '%.100s'", e->name);
        if (__builtin_add_overflow(n_packed, e->n_packed, &n_packed) || n_packed > z->n)
            return sg_fail(err, SG_EFORMAT, "the entries of the zip archive overlap");
        if (__builtin_add_overflow(n_bytes, e->n_bytes, &n_bytes) || n_bytes > max_bytes)
            return sg_fail(err, SG_EFORMAT, "it inflates to more than %llu bytes, the most read",
                           (unsigned long long)max_bytes);
    }
    return SG_OK;
}

sg_status sg_zip_open(const void *bytes, size_t n, uint64_t max_bytes, sg_zip **ret, sg_error *err)
{
    SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *z = SG_NEW(sg_zip);
    directory where = {0};
    if (!z)
        return sg_fail_memory(err, "reading a zip archive");
    z->bytes = bytes;
    z->n = n;
    SG_TRY(find_directory(z, &where, err));
    z->entries = SG_NEW_ARRAY(sg_zip_entry, (size_t)where.n_entries);
    if (!z->entries)
        return sg_fail_memory(err, "reading a zip archive");
    const unsigned char *p = z->bytes + where.offset;
    const unsigned char *end = p + where.n_bytes;
    for (uint64_t i = 0; i < where.n_entries; i++)
        SG_TRY(read_record(z, &p, end, err));
    qsort(z->entries, z->n_entries, sizeof *z->entries, by_name);
    SG_TRY(check_all(z, max_bytes, err));
    *ret = SG_TAKE(z);
    return SG_OK;
}

size_t sg_zip_count(const sg_zip *z)
{
    return z->n_entries;
}

const sg_zip_entry *sg_zip_at(const sg_zip *z, size_t i)
{
    return &z->entries[i];
}

const sg_zip_entry *sg_zip_find(const sg_zip *z, const char *name)
{
    size_t low = 0;
    size_t high = z->n_entries;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(z->entries[middle].name, name);
        if (order == 0)
            return &z->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Inflates packed bytes into exactly n; lengths go in steps, since zlib counts in 32 bits. */
static sg_status inflate_entry(const sg_zip_entry *e, const unsigned char *packed,
                               unsigned char *ret, sg_error *err)
{
    enum { STEP = 1 << 30 };
    SG_CLEANUP(sg_inflate_cleanup)
    z_stream z = {.zalloc = sg_zlib_alloc, .zfree = sg_zlib_free};
    if (inflateInit2(&z, -15) != Z_OK) /* the largest window; negative: no header of zlib's */
        return sg_fail_memory(err, "inflating a zip entry");
    uint64_t used = 0;
    uint64_t made = 0;
    for (;;) {
        const uint64_t left_in = e->n_packed - used;
        const uint64_t left_out = e->n_bytes - made;
        const unsigned step_in = left_in < STEP ? (unsigned)left_in : STEP;
        const unsigned step_out = left_out < STEP ? (unsigned)left_out : STEP;
        z.next_in = packed + used;
        z.avail_in = step_in;
        z.next_out = ret + made;
        z.avail_out = step_out;
        const int result = inflate(&z, Z_NO_FLUSH);
        used += step_in - z.avail_in;
        made += step_out - z.avail_out;
        if (result == Z_MEM_ERROR)
            return sg_fail_memory(err, "inflating a zip entry");
        if (result == Z_STREAM_END)
            break;
        if (result != Z_OK || (step_in == z.avail_in && step_out == z.avail_out))
            return sg_fail(err, SG_EFORMAT, "entry '%.100s' of the zip archive is corrupt",
                           e->name);
    }
    if (made != e->n_bytes)
        return sg_fail(err, SG_EFORMAT, "entry '%.100s' of the zip archive is shorter than it says",
                       e->name);
    return SG_OK;
}

static bool has_checksum(const unsigned char *bytes, uint64_t n, uint32_t wanted)
{
    return crc32_z(crc32_z(0, NULL, 0), bytes, (size_t)n) == wanted;
}

sg_status sg_zip_read(const sg_zip *z, const sg_zip_entry *e, const unsigned char **ret,
                      void **owned, sg_error *err)
{
    static const unsigned char NOTHING[1] = {0};
    if (z->n < LOCAL_BYTES || e->offset > z->n - LOCAL_BYTES ||
        memcmp(z->bytes + e->offset, "PK\3\4", 4) != 0)
        return sg_fail(err, SG_EFORMAT, "entry '%.100s' is not where the archive says", e->name);
    const unsigned char *local = z->bytes + e->offset;
    const uint64_t begin = e->offset + LOCAL_BYTES + get16(local + 26) + get16(local + 28);
    if (begin > z->n || e->n_packed > z->n - begin)
        return sg_fail(err, SG_EFORMAT, "entry '%.100s' of the zip archive is cut short", e->name);

    const unsigned char *bytes = z->bytes + begin;
    SG_AUTOFREE unsigned char *inflated = NULL;
    if (e->is_deflated) {
        inflated = sg_alloc((size_t)e->n_bytes, 1);
        if (!inflated)
            return sg_fail_memory(err, "inflating a zip entry");
        SG_TRY(inflate_entry(e, bytes, inflated, err));
        bytes = inflated;
    }
    if (!has_checksum(bytes, e->n_bytes, e->crc32))
        return sg_fail(err, SG_EFORMAT, "entry '%.100s' of the zip archive has a wrong checksum",
                       e->name);
    *ret = e->n_bytes > 0 ? bytes : NOTHING;
    *owned = SG_TAKE(inflated);
    return SG_OK;
}
