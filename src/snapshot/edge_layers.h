/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_EDGE_LAYERS_H
#define SG_SNAPSHOT_EDGE_LAYERS_H

/* The layers and links of a network whose connections come one by one. */

#include "snapshot/coo.h"
#include "snapshot/name_index.h"
#include "snapshot/text_scan.h"
#include "sparsegraph/snapshot.h"

enum { SG_EDGE_LAYERS_MAX = 4096 }; /* and as many links */

typedef struct sg_edge_layer {
    char *name;
    uint64_t size; /* so far: one more than the highest number */
} sg_edge_layer;

typedef struct sg_edge_link {
    size_t from;
    size_t to;
    uint64_t rank; /* in the network: by the places of its layers */
    sg_coo coo;
} sg_edge_link;

/* Zero-initialise. */
typedef struct sg_edge_layers {
    sg_edge_layer *layer;
    size_t n_layers;
    sg_name_index index;
    sg_edge_link *link;
    size_t n_links;
    size_t last_link;
    bool is_weighted;
} sg_edge_layers;

void sg_edge_layers_clear(sg_edge_layers *e);

/* Finds a layer by its name, or adds it. SG_EFORMAT: no name; SG_EUNSUPPORTED: too many. */
sg_status sg_edge_layers_find(sg_edge_layers *e, sg_span name, size_t *ret,
                              sg_error *err) SG_CHECKED;

/* Adds a connection between two neurons, numbered from 0. */
sg_status sg_edge_layers_add(sg_edge_layers *e, const size_t layer[2], const uint64_t neuron[2],
                             float weight, sg_error *err) SG_CHECKED;

/* Makes the network: layers in topological order, those first that came first where it is free.
 * n_bytes is what the sizes are held against. SG_EFORMAT: a cycle, a connection twice. */
sg_status sg_edge_layers_network(sg_edge_layers *e, size_t n_bytes, sg_snapshot **ret,
                                 sg_error *err) SG_CHECKED;

#endif
