/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_INPUTS_H
#define SG_TOOLS_INPUTS_H

/* What is said of paths before any work is done on them. */

#include <sparsegraph/sparsegraph.h>

/*
 * Checks that each path is a file, or a directory that is a run. SG_ENOTFOUND with the words of
 * sg_run_open() where a directory is none, or where there is nothing at all.
 */
SG_CHECKED sg_status inputs_check(const char *const *paths, size_t n, sg_error *err);

#endif
