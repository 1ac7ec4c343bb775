/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_FORCE_LAYOUT_H
#define SG_DRAW_FORCE_LAYOUT_H

/* Where the nodes of a graph diagram go. */

#include "base/status.h"
#include "draw/marks.h"

typedef struct sg_force_graph {
    size_t n_nodes, n_edges;
    const uint32_t *from, *to; /* (n_edges) below n_nodes */
} sg_force_graph;

/*
 * Fills at[n_nodes] with positions in the unit square, its longer side filled. The same for the
 * same seed. See sg_figure_networks() for the method and its cost.
 */
sg_status sg_force_layout(const sg_force_graph *g, uint64_t seed, sg_point *at,
                          sg_error *err) SG_CHECKED;

/* Moves and scales positions into the unit square, centred, keeping their proportions. */
void sg_fit_square(sg_point *at, size_t n);

#endif
