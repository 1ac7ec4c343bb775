/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_IGRAPH_GUARD_H
#define SG_GRAPH_IGRAPH_GUARD_H

/*
 * Every call of igraph is made inside a section:
 *
 *     SG_IGRAPH_SECTION;
 *     SG_IGRAPH_TRY(igraph_coreness(&graph, &core, IGRAPH_ALL), err, "measuring the k-core");
 *
 * igraph 0.10 keeps its error handlers and its clean-up stack in globals and aborts on an error by
 * default. A section holds one lock of the process, puts our handlers in place of those that were
 * there (a program that links us may use igraph itself), and puts theirs back when its scope ends.
 */

#include "base/status.h"
#include <igraph/igraph.h>

typedef struct sg_igraph_section {
    igraph_error_handler_t *error_handler;
    igraph_warning_handler_t *warning_handler;
} sg_igraph_section;

sg_igraph_section sg_igraph_enter(void);
void sg_igraph_leave(sg_igraph_section *section);

#define SG_IGRAPH_SECTION                                                                          \
    __attribute__((cleanup(sg_igraph_leave), unused)) sg_igraph_section igraph_section_ =          \
        sg_igraph_enter()

/*
 * Turns igraph's code into a status: SG_ENOMEM, SG_EFORMAT for its parse errors, SG_EUNSUPPORTED,
 * SG_EIO, else SG_EINVAL. The message is "cannot <doing>: <igraph's first reason>".
 */
sg_status sg_igraph_status(igraph_error_t code, sg_error *err, const char *doing) SG_CHECKED;

#define SG_IGRAPH_TRY(call, err, doing) SG_TRY(sg_igraph_status((call), (err), (doing)))

/* Vectors that start empty and are destroyed at the end of their scope. */
#define SG_AUTO_VECTOR     __attribute__((cleanup(igraph_vector_destroy))) igraph_vector_t
#define SG_AUTO_VECTOR_INT __attribute__((cleanup(igraph_vector_int_destroy))) igraph_vector_int_t

#endif
