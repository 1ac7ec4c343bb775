/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_KCORE_H
#define SG_MEASURE_KCORE_H

/* Core numbers: the largest k such that a neuron is in a subgraph of degrees of at least k. */

#include "measure/search.h"

/* Drops a neighbour that is listed twice, as links of the same two layers may do. */
void sg_neighbors_drop_repeats(sg_search_graph *g);

/*
 * Finds the largest core number; 0 without connections. Each neighbour must be listed once.
 * O(neurons + connections), 12 bytes a neuron. Batagelj & Zaversnik (2003), arXiv:cs/0310049.
 */
sg_status sg_core_max(const sg_search_graph *g, uint32_t *ret, sg_error *err) SG_CHECKED;

#endif
