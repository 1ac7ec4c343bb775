/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CX2, the format of Cytoscape and NDEx: a JSON array of aspects, in the order that its
 * specification asks for. */
#include "snapshot/write_network.h"

enum { SPACING = 60 /* between neighbouring nodes; Cytoscape draws a node about 50 wide */ };

/* The metadata of the network, after its name; an entry called "name" would be a second one. */
static void put_network(const sg_net *net, bool types, sg_out *o)
{
    sg_out_text(o, "\"name\":");
    if (types)
        sg_out_text(o, "{\"d\":\"string\"}");
    else {
        sg_out_text(o, "\"");
        sg_net_out_title(o, net);
        sg_out_text(o, "\"");
    }
    for (size_t i = 0; i < sg_snapshot_n_meta(net->s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(net->s, i, &key, &value);
        if (strcmp(key, "name") == 0)
            continue;
        sg_out_text(o, ",\"");
        sg_out_json(o, key);
        sg_out_text(o, types ? "\":{\"d\":\"string\"}" : "\":\"");
        if (!types) {
            sg_out_json(o, value);
            sg_out_text(o, "\"");
        }
    }
}

static void put_declarations(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "{\"attributeDeclarations\":[{\"networkAttributes\":{");
    put_network(net, true, o);
    sg_out_text(o, "},\"nodes\":{\"name\":{\"d\":\"string\"},\"layer\":{\"d\":\"string\"},"
                   "\"index\":{\"d\":\"long\"}");
    if (net->channelled)
        sg_out_text(o, ",\"channel\":{\"d\":\"long\"}");
    if (net->gridded)
        sg_out_text(o, ",\"row\":{\"d\":\"long\"},\"column\":{\"d\":\"long\"}");
    if (net->biased)
        sg_out_text(o, ",\"bias\":{\"d\":\"double\"}");
    sg_out_text(o, "},\"edges\":{\"interaction\":{\"d\":\"string\"}");
    if (net->weighted)
        sg_out_text(o, ",\"weight\":{\"d\":\"double\"}");
    sg_out_text(o, "}}]},\n");
}

static void put_number(sg_out *o, const char *key, size_t value)
{
    sg_out_text(o, ",\"");
    sg_out_text(o, key);
    sg_out_text(o, "\":");
    sg_out_u64(o, value);
}

static void put_node(const sg_net_node *node, sg_out *o)
{
    sg_out_text(o, "{\"id\":");
    sg_out_u64(o, node->number);
    sg_out_text(o, ",\"x\":");
    sg_out_real(o, SPACING * node->x);
    sg_out_text(o, ",\"y\":");
    sg_out_real(o, SPACING * node->y);
    sg_out_text(o, ",\"v\":{\"name\":\"");
    sg_net_out_name(o, node, sg_out_json);
    sg_out_text(o, "\",\"layer\":\"");
    sg_out_json(o, node->layer->name);
    sg_out_text(o, "\"");
    put_number(o, "index", node->index);
    if (node->n_place == 3)
        put_number(o, "channel", node->channel);
    if (node->n_place >= 2) {
        put_number(o, "row", node->row);
        put_number(o, "column", node->column);
    }
    if (node->layer->bias) {
        sg_out_text(o, ",\"bias\":");
        sg_out_real(o, node->layer->bias[node->index]);
    }
    sg_out_text(o, "}}");
}

static void put_edge(const sg_net *net, size_t number, const sg_net_edge *edge, sg_out *o)
{
    sg_out_text(o, "{\"id\":");
    sg_out_u64(o, number);
    put_number(o, "s", edge->from);
    put_number(o, "t", edge->to);
    sg_out_text(o, ",\"v\":{\"interaction\":\"");
    sg_out_json(o, edge->link->name);
    sg_out_text(o, "\"");
    if (net->weighted) {
        sg_out_text(o, ",\"weight\":");
        sg_out_real(o, edge->weight);
    }
    sg_out_text(o, "}}");
}

static void put_nodes(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "{\"nodes\":[\n");
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(net->s, l)->size; i++) {
            const sg_net_node node = sg_net_node_at(net, l, i);
            if (node.number > 0)
                sg_out_text(o, ",\n");
            put_node(&node, o);
        }
    sg_out_text(o, "\n]},\n");
}

static void put_edges(const sg_net *net, sg_out *o)
{
    sg_net_walk walk = {0};
    sg_net_edge edge;
    sg_out_text(o, "{\"edges\":[\n");
    for (size_t number = 0; sg_net_next(net, &walk, &edge); number++) {
        if (number > 0)
            sg_out_text(o, ",\n");
        put_edge(net, number, &edge, o);
    }
    sg_out_text(o, "\n]},\n");
}

static void put_count(sg_out *o, const char *aspect, size_t n)
{
    sg_out_text(o, ",{\"elementCount\":");
    sg_out_u64(o, n);
    sg_out_text(o, ",\"name\":\"");
    sg_out_text(o, aspect);
    sg_out_text(o, "\"}");
}

void sg_write_cx2(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "[{\"CXVersion\":\"2.0\",\"hasFragments\":false},\n"
                   "{\"metaData\":[{\"elementCount\":1,\"name\":\"attributeDeclarations\"}");
    put_count(o, "networkAttributes", 1);
    put_count(o, "nodes", net->n_nodes);
    put_count(o, "edges", net->n_edges);
    sg_out_text(o, "]},\n");
    put_declarations(net, o);
    sg_out_text(o, "{\"networkAttributes\":[{");
    put_network(net, false, o);
    sg_out_text(o, "}]},\n");
    put_nodes(net, o);
    put_edges(net, o);
    sg_out_text(o, "{\"status\":[{\"success\":true}]}]\n");
}
