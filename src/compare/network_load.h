/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_COMPARE_NETWORK_LOAD_H
#define SG_COMPARE_NETWORK_LOAD_H

/* What stands behind a path or name: a snapshot, a graph file, or a built-in graph. */

#include "compare/compare_internal.h"

typedef struct sg_loaded {
    sg_graph *graph;
    sg_snapshot *snapshot; /* NULL where it is no layered network */
    const char *citation;  /* "" for none; constant */
} sg_loaded;

void sg_loaded_clear(sg_loaded *l);

sg_status sg_compared_load(const sg_compare_source *source, const sg_graph_read_params *read,
                           sg_loaded *ret, sg_error *err) SG_CHECKED;

#endif
