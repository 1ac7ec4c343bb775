/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_FILE_H
#define SG_BASE_FILE_H

/* Files that are read with a cap, and written whole or not at all. */

#include "base/memory.h"
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

/*
 * Reads a whole file of at most max_bytes; *ret gets a NUL after its *n bytes (sg_free).
 * SG_ENOTFOUND, SG_EIO, SG_EFORMAT (larger than max_bytes), SG_ENOMEM.
 */
sg_status sg_file_read(const char *path, size_t max_bytes, char **ret, size_t *n,
                       sg_error *err) SG_CHECKED;

/*
 * The same through gzip, told by the file's first bytes, not by its name; max_bytes caps the
 * inflated size. A gzip that is truncated or corrupt is SG_EFORMAT.
 */
sg_status sg_file_read_gz(const char *path, size_t max_bytes, char **ret, size_t *n,
                          sg_error *err) SG_CHECKED;

bool sg_file_exists(const char *path); /* a regular file */
bool sg_dir_exists(const char *path);
/* Whether DIR/NAME is there, a folder or a regular file; needs no memory, so that it cannot be
 * wrong. */
bool sg_dir_holds(const char *dir, const char *name, bool folder);

/* Makes a directory and its parents; an existing one is fine. */
sg_status sg_dir_make(const char *path, sg_error *err) SG_CHECKED;

/* A file being written under a temporary name beside its own; nobody sees it before commit. */
typedef struct sg_writer sg_writer;

sg_status sg_writer_open(const char *path, sg_writer **ret, sg_error *err) SG_CHECKED;
sg_status sg_writer_write(sg_writer *w, const void *bytes, size_t n, sg_error *err) SG_CHECKED;
sg_status sg_writer_printf(sg_writer *w, sg_error *err, const char *format, ...)
    SG_PRINTF(3, 4) SG_CHECKED;
/* Flushes, syncs and renames. On failure the old file, if any, is still there. */
sg_status sg_writer_commit(sg_writer *w, sg_error *err) SG_CHECKED;
/* Frees; a file not committed is removed. NULL is allowed. */
void sg_writer_free(sg_writer *w);
SG_DEFINE_CLEANUP(sg_writer, sg_writer_free)
/* The path that the temporary file has now, for writers (Cairo) that need a name; borrowed. */
const char *sg_writer_temporary(const sg_writer *w);

/* Writes n bytes to a file atomically, in one call. */
sg_status sg_file_write(const char *path, const void *bytes, size_t n, sg_error *err) SG_CHECKED;

/* The same with a text, as DIR/NAME; the folder is there. */
sg_status sg_text_write(const char *dir, const char *name, const char *text,
                        sg_error *err) SG_CHECKED;

/* Appends bytes to a file in one write and syncs it: for logs of one line an epoch. */
sg_status sg_file_append(const char *path, const void *bytes, size_t n, sg_error *err) SG_CHECKED;

#endif
