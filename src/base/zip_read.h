/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_ZIP_READ_H
#define SG_BASE_ZIP_READ_H

/*
 * Zip archives in memory, read as hostile files: entries stored or deflated, zip64 or not. Sizes
 * come from the central directory; each is held against the archive before it is believed.
 *
 * Format: PKWARE, APPNOTE.TXT, version 6.3.
 */

#include "base/memory.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_ZIP_ENTRIES_MAX = 1 << 20 };

/* One entry; borrowed from its archive. */
typedef struct sg_zip_entry {
    char *name; /* printable ASCII or UTF-8 without control characters; no two alike */
    bool is_deflated;
    uint32_t crc32;
    uint64_t n_packed;
    uint64_t n_bytes; /* as the archive has it; what is read has this many or is refused */
    uint64_t offset;  /* of its local header */
} sg_zip_entry;

typedef struct sg_zip sg_zip;

/*
 * Opens an archive of n bytes, which stay the caller's and must outlive *ret. max_bytes caps what
 * all entries together may become. SG_EFORMAT, SG_EUNSUPPORTED (encryption, another compression,
 * several disks, more entries than SG_ZIP_ENTRIES_MAX), SG_ENOMEM. Messages do not name the file.
 */
sg_status sg_zip_open(const void *bytes, size_t n, uint64_t max_bytes, sg_zip **ret,
                      sg_error *err) SG_CHECKED;
void sg_zip_free(sg_zip *z);
SG_DEFINE_CLEANUP(sg_zip, sg_zip_free)

/* The entries in the order of their names, and one by its name (or NULL). */
size_t sg_zip_count(const sg_zip *z);
const sg_zip_entry *sg_zip_at(const sg_zip *z, size_t i);
const sg_zip_entry *sg_zip_find(const sg_zip *z, const char *name);

/* Whether bytes begin as a zip archive does. */
bool sg_zip_is(const void *bytes, size_t n);

/*
 * Reads an entry of n_bytes. *ret points into the archive where the entry is stored, and *owned is
 * NULL; else *ret is *owned, which the caller frees. SG_EFORMAT: its data are cut short, corrupt,
 * or of another length or checksum.
 */
sg_status sg_zip_read(const sg_zip *z, const sg_zip_entry *entry, const unsigned char **ret,
                      void **owned, sg_error *err) SG_CHECKED;

#endif
