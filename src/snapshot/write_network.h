/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_WRITE_NETWORK_H
#define SG_SNAPSHOT_WRITE_NETWORK_H

/* A snapshot as the writers of graph formats see it: nodes in a row, edges one after the other. */

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/write_out.h"
#include "sparsegraph/snapshot.h"
#include <stdbool.h>

/* Zero-initialise; sg_net_free(). */
typedef struct sg_net {
    const sg_snapshot *s;
    bool absolute; /* |weight| instead of weight */
    bool numbers;  /* nodes are named by their numbers where the format asks for names */
    bool weighted; /* some link has weights; connections of the others weigh 1 */
    bool biased;   /* some layer has a bias */
    bool gridded;  /* some layer has rows and columns */
    bool channelled;
    bool parallel; /* two links join the same two layers */
    size_t n_nodes;
    size_t n_edges;
    size_t *first; /* (n_layers + 1) number of each layer's first node */
    float *left;   /* (n_layers) where each layer begins in the drawing, see sg_net_node */
} sg_net;

typedef struct sg_net_node {
    size_t number;
    const sg_layer *layer;
    size_t index;   /* within the layer */
    size_t n_place; /* how many of the next three there are, counted from `column` up: 0, 2, 3 */
    size_t column;
    size_t row;
    size_t channel;
    float x; /* layers side by side, each a block, in units of one node; y points down */
    float y;
} sg_net_node;

typedef struct sg_net_edge {
    const sg_link *link;
    size_t from; /* numbers of nodes */
    size_t to;
    float weight;
} sg_net_edge;

/* Where a walk through the edges is; zero-initialise. */
typedef struct sg_net_walk {
    size_t link;
    size_t row;
    uint64_t k;
} sg_net_walk;

sg_status sg_net_of(const sg_snapshot *s, sg_net *ret, sg_error *err) SG_CHECKED;
void sg_net_free(sg_net *net);

/* The node at an index of a layer. */
sg_net_node sg_net_node_at(const sg_net *net, size_t layer, size_t index);

/* Takes the next edge, in the order of links, receivers, senders; false at the end. */
bool sg_net_next(const sg_net *net, sg_net_walk *walk, sg_net_edge *ret);

/* Writes "LAYER:INDEX" with a layer's name escaped by the given writer, e.g. sg_out_xml(). */
static inline void sg_net_out_name(sg_out *o, const sg_net_node *node,
                                   void (*escape)(sg_out *o, const char *text))
{
    escape(o, node->layer->name);
    sg_out_text(o, ":");
    sg_out_u64(o, node->index);
}

/* What to call the network: "sparsegraph network, epoch 5". */
void sg_net_out_title(sg_out *o, const sg_net *net);

/* The writers of the formats of graphs, each a whole file. */
void sg_write_graphml(const sg_net *net, sg_out *o);
void sg_write_gml(const sg_net *net, sg_out *o);
void sg_write_gexf(const sg_net *net, sg_out *o);
void sg_write_cx2(const sg_net *net, sg_out *o);
void sg_write_sif(const sg_net *net, sg_out *o);
void sg_write_edges(const sg_net *net, sg_out *o);
void sg_write_csv(const sg_net *net, sg_out *o);

/* The parts of GEXF that a timeline shares with a single network; `time` adds attributes to the
 * element graph. */
void sg_gexf_begin(const sg_net *net, const char *time, sg_out *o);
void sg_gexf_nodes(const sg_net *net, sg_out *o);
void sg_gexf_end(sg_out *o);
/* Within an edge: what tells edges apart that join the same two nodes, where some may. */
void sg_gexf_kind(const sg_net *net, const sg_link *link, sg_out *o);

#endif
