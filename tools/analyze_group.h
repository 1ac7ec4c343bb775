/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_ANALYZE_GROUP_H
#define SG_TOOLS_ANALYZE_GROUP_H

/* `analyze --group`: several runs of one setting under different seeds. */

#include "options.h"

typedef struct group_request {
    const sg_analysis_params *params;
    const char *dir; /* where the files go; NULL: nothing is written */
    bool json, csv, quiet;
} group_request;

/* Paths of which a folder of runs was replaced by its runs. */
typedef struct group_paths {
    operands paths; /* borrows from the rest */
    const char **item;
    sg_sweep **sweeps;
    size_t n_sweeps;
} group_paths;

void group_paths_clear(group_paths *p);

/* Puts the complete runs of each folder made by `train --seeds` in its place. SG_EINVAL: they are
 * of several methods. */
sg_status group_paths_expand(const operands *from, group_paths *ret, sg_error *err);

/* Returns the exit code; what went wrong is printed. */
int analyze_group(const group_request *r, const operands *paths);

#endif
