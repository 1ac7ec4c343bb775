/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GraphML: http://graphml.graphdrawing.org/specification.html; igraph, NetworkX, Gephi, yEd and
 * Cytoscape read it. */
#include "snapshot/write_network.h"

#include <stdio.h>

static void declare(sg_out *o, const char *of, const char *id, const char *name, const char *type)
{
    sg_out_text(o, "  <key id=\"");
    sg_out_text(o, id);
    sg_out_text(o, "\" for=\"");
    sg_out_text(o, of);
    sg_out_text(o, "\" attr.name=\"");
    sg_out_xml(o, name);
    sg_out_text(o, "\" attr.type=\"");
    sg_out_text(o, type);
    sg_out_text(o, "\"/>\n");
}

static void declare_all(const sg_net *net, sg_out *o)
{
    for (size_t i = 0; i < sg_snapshot_n_meta(net->s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        char id[24] = "g";
        sg_snapshot_meta_at(net->s, i, &key, &value);
        (void)snprintf(id, sizeof id, "g%zu", i);
        declare(o, "graph", id, key, "string");
    }
    declare(o, "node", "name", "name", "string");
    declare(o, "node", "layer", "layer", "string");
    declare(o, "node", "index", "index", "long");
    if (net->channelled)
        declare(o, "node", "channel", "channel", "long");
    if (net->gridded) {
        declare(o, "node", "row", "row", "long");
        declare(o, "node", "column", "column", "long");
    }
    if (net->biased)
        declare(o, "node", "bias", "bias", "double");
    if (net->weighted)
        declare(o, "edge", "weight", "weight", "double");
}

static void graph_data(const sg_net *net, sg_out *o)
{
    for (size_t i = 0; i < sg_snapshot_n_meta(net->s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(net->s, i, &key, &value);
        sg_out_text(o, "    <data key=\"g");
        sg_out_u64(o, i);
        sg_out_text(o, "\">");
        sg_out_xml(o, value);
        sg_out_text(o, "</data>\n");
    }
}

static void number_data(sg_out *o, const char *key, size_t value)
{
    sg_out_text(o, "<data key=\"");
    sg_out_text(o, key);
    sg_out_text(o, "\">");
    sg_out_u64(o, value);
    sg_out_text(o, "</data>");
}

static void put_node(const sg_net_node *node, sg_out *o)
{
    sg_out_text(o, "    <node id=\"n");
    sg_out_u64(o, node->number);
    sg_out_text(o, "\"><data key=\"name\">");
    sg_net_out_name(o, node, sg_out_xml);
    sg_out_text(o, "</data><data key=\"layer\">");
    sg_out_xml(o, node->layer->name);
    sg_out_text(o, "</data>");
    number_data(o, "index", node->index);
    if (node->n_place == 3)
        number_data(o, "channel", node->channel);
    if (node->n_place >= 2) {
        number_data(o, "row", node->row);
        number_data(o, "column", node->column);
    }
    if (node->layer->bias) {
        sg_out_text(o, "<data key=\"bias\">");
        sg_out_real(o, node->layer->bias[node->index]);
        sg_out_text(o, "</data>");
    }
    sg_out_text(o, "</node>\n");
}

static void put_edge(const sg_net *net, const sg_net_edge *edge, sg_out *o)
{
    sg_out_text(o, "    <edge source=\"n");
    sg_out_u64(o, edge->from);
    sg_out_text(o, "\" target=\"n");
    sg_out_u64(o, edge->to);
    if (net->weighted) {
        sg_out_text(o, "\"><data key=\"weight\">");
        sg_out_real(o, edge->weight);
        sg_out_text(o, "</data></edge>\n");
    } else {
        sg_out_text(o, "\"/>\n");
    }
}

void sg_write_graphml(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"\n"
                   "         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
                   "         xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
                   "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n");
    declare_all(net, o);
    sg_out_text(o, "  <graph id=\"G\" edgedefault=\"directed\">\n");
    graph_data(net, o);
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(net->s, l)->size; i++) {
            const sg_net_node node = sg_net_node_at(net, l, i);
            put_node(&node, o);
        }
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge))
        put_edge(net, &edge, o);
    sg_out_text(o, "  </graph>\n</graphml>\n");
}
