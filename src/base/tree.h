/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_TREE_H
#define SG_BASE_TREE_H

/* Folders with all they hold. */

#include "base/status.h"
#include <stdbool.h>

/*
 * Copies a folder to a path that is not there yet, through links to files and folders. Files that
 * `may_link` (may be NULL) picks by name become hard links where the file system has them. Names
 * that begin with a dot are left out: locks and files half-written. SG_EIO, SG_ENOTFOUND,
 * SG_EFORMAT (neither file nor folder, or folders without end), SG_ENOMEM; what was copied until
 * then stays.
 */
sg_status sg_tree_copy(const char *from, const char *to, bool (*may_link)(const char *name),
                       sg_error *err) SG_CHECKED;

/* Removes a folder with all it holds, through no link; none is fine. */
sg_status sg_tree_remove(const char *path, sg_error *err) SG_CHECKED;

/* Compares two files byte by byte. */
sg_status sg_file_same(const char *a, const char *b, bool *ret, sg_error *err) SG_CHECKED;

#endif
