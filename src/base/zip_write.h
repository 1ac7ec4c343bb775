/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_ZIP_WRITE_H
#define SG_BASE_ZIP_WRITE_H

/*
 * A zip archive of stored (not deflated) entries, written front to back: PKWARE's APPNOTE 6.3.
 * Equal entries give equal bytes: the time of every entry is the format's earliest, 1980-01-01.
 * Zip64 records appear only where an entry, an offset or the number of entries needs them.
 */

#include "base/file.h"

/* A stretch of an entry's bytes. */
typedef struct sg_zip_piece {
    const void *bytes;
    size_t n;
} sg_zip_piece;

typedef struct sg_zip_writer sg_zip_writer;

/* Starts an archive in a writer, which must outlive it; the caller commits the writer. */
sg_status sg_zip_writer_new(sg_writer *w, sg_zip_writer **ret, sg_error *err) SG_CHECKED;
void sg_zip_writer_free(sg_zip_writer *zip);
SG_DEFINE_CLEANUP(sg_zip_writer, sg_zip_writer_free)

/* Lets zip64 records begin at a limit below 2^32 - 1, so that tests need no files of 4 GB. */
void sg_zip_writer_set_limit(sg_zip_writer *zip, uint64_t limit);

/* Writes an entry, its pieces one after the other; the name is UTF-8, at most 65,535 bytes. */
sg_status sg_zip_writer_add(sg_zip_writer *zip, const char *name, const sg_zip_piece *pieces,
                            size_t n_pieces, sg_error *err) SG_CHECKED;

/* Writes the directory that ends an archive. */
sg_status sg_zip_writer_end(sg_zip_writer *zip, sg_error *err) SG_CHECKED;

#endif
