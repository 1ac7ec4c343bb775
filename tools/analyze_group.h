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

/* Returns the exit code; what went wrong is printed. */
int analyze_group(const group_request *r, const operands *paths);

#endif
