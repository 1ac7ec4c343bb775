/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_NODE_TABLE_H
#define SG_GRAPH_NODE_TABLE_H

/* Numbers strings in the order in which they first come. */

#include "graph/graph_internal.h"

/* Zero-initialise. */
typedef struct sg_node_table {
    sg_names names;
    size_t n_start_capacity;
    size_t n_bytes;
    size_t n_bytes_capacity;
    uint32_t *slot; /* (n_slots) node + 1, 0 where free; open addressing */
    size_t n_slots; /* a power of two, at least twice the names */
} sg_node_table;

void sg_node_table_free(sg_node_table *t);

/* Returns through *ret the number of a name of n bytes, without a NUL in them. SG_ENOMEM; SG_EINVAL
 * past SG_GRAPH_COUNT_MAX names. */
sg_status sg_node_table_number(sg_node_table *t, const char *name, size_t n, uint32_t *ret,
                               sg_error *err) SG_CHECKED;

/* Appends a name without looking for an equal one. */
sg_status sg_names_append(sg_node_table *t, const char *name, size_t n, sg_error *err) SG_CHECKED;

/* Hands the names to a graph that has none. */
void sg_node_table_give(sg_node_table *t, sg_graph *g);

#endif
