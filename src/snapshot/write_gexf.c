/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GEXF 1.3, the format of Gephi: https://gexf.net */
#include "snapshot/write_network.h"

enum { SPACING = 10 /* between neighbouring nodes; Gephi draws a node about 10 wide */ };

static void declare(sg_out *o, const char *id, const char *type)
{
    sg_out_text(o, "      <attribute id=\"");
    sg_out_text(o, id);
    sg_out_text(o, "\" title=\"");
    sg_out_text(o, id);
    sg_out_text(o, "\" type=\"");
    sg_out_text(o, type);
    sg_out_text(o, "\"/>\n");
}

static void put_description(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "    <description>");
    sg_net_out_title(o, net);
    for (size_t i = 0; i < sg_snapshot_n_meta(net->s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(net->s, i, &key, &value);
        sg_out_text(o, "; ");
        sg_out_xml(o, key);
        sg_out_text(o, "=");
        sg_out_xml(o, value);
    }
    sg_out_text(o, "</description>\n");
}

void sg_gexf_begin(const sg_net *net, const char *time, sg_out *o)
{
    sg_out_text(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\"\n"
                   "      xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
                   "      xsi:schemaLocation=\"http://gexf.net/1.3 "
                   "http://gexf.net/1.3/gexf.xsd\" version=\"1.3\">\n"
                   "  <meta>\n"
                   "    <creator>sparsegraph " SG_VERSION "</creator>\n");
    put_description(net, o);
    sg_out_text(o, "  </meta>\n  <graph defaultedgetype=\"directed\" idtype=\"integer\" ");
    sg_out_text(o, time);
    sg_out_text(o, ">\n    <attributes class=\"node\" mode=\"static\">\n");
    declare(o, "layer", "string");
    declare(o, "index", "long");
    if (net->channelled)
        declare(o, "channel", "long");
    if (net->gridded) {
        declare(o, "row", "long");
        declare(o, "column", "long");
    }
    if (net->biased)
        declare(o, "bias", "double");
    sg_out_text(o, "    </attributes>\n");
}

static void put_value(sg_out *o, const char *name, size_t value)
{
    sg_out_text(o, "<attvalue for=\"");
    sg_out_text(o, name);
    sg_out_text(o, "\" value=\"");
    sg_out_u64(o, value);
    sg_out_text(o, "\"/>");
}

static void put_values(const sg_net_node *node, sg_out *o)
{
    sg_out_text(o, "<attvalues><attvalue for=\"layer\" value=\"");
    sg_out_xml(o, node->layer->name);
    sg_out_text(o, "\"/>");
    put_value(o, "index", node->index);
    if (node->n_place == 3)
        put_value(o, "channel", node->channel);
    if (node->n_place >= 2) {
        put_value(o, "row", node->row);
        put_value(o, "column", node->column);
    }
    if (node->layer->bias) {
        sg_out_text(o, "<attvalue for=\"bias\" value=\"");
        sg_out_real(o, node->layer->bias[node->index]);
        sg_out_text(o, "\"/>");
    }
    sg_out_text(o, "</attvalues>");
}

static void put_node(const sg_net_node *node, sg_out *o)
{
    sg_out_text(o, "      <node id=\"");
    sg_out_u64(o, node->number);
    sg_out_text(o, "\" label=\"");
    sg_net_out_name(o, node, sg_out_xml);
    sg_out_text(o, "\">");
    put_values(node, o);
    sg_out_text(o, "<viz:position x=\"");
    sg_out_real(o, SPACING * node->x);
    sg_out_text(o, "\" y=\""); /* which points up there */
    sg_out_real(o, 0.0F - SPACING * node->y);
    sg_out_text(o, "\" z=\"0.0\"/></node>\n");
}

void sg_gexf_nodes(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "    <nodes count=\"");
    sg_out_u64(o, net->n_nodes);
    sg_out_text(o, "\">\n");
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(net->s, l)->size; i++) {
            const sg_net_node node = sg_net_node_at(net, l, i);
            put_node(&node, o);
        }
    sg_out_text(o, "    </nodes>\n");
}

void sg_gexf_end(sg_out *o)
{
    sg_out_text(o, "    </edges>\n  </graph>\n</gexf>\n");
}

void sg_gexf_kind(const sg_net *net, const sg_link *link, sg_out *o)
{
    if (!net->parallel)
        return;
    sg_out_text(o, "\" kind=\"");
    sg_out_xml(o, link->name);
}

void sg_write_gexf(const sg_net *net, sg_out *o)
{
    sg_gexf_begin(net, "mode=\"static\"", o);
    sg_gexf_nodes(net, o);
    sg_out_text(o, "    <edges count=\"");
    sg_out_u64(o, net->n_edges);
    sg_out_text(o, "\">\n");
    sg_net_walk walk = {0};
    sg_net_edge edge;
    for (size_t number = 0; sg_net_next(net, &walk, &edge); number++) {
        sg_out_text(o, "      <edge id=\"");
        sg_out_u64(o, number);
        sg_out_text(o, "\" source=\"");
        sg_out_u64(o, edge.from);
        sg_out_text(o, "\" target=\"");
        sg_out_u64(o, edge.to);
        sg_gexf_kind(net, edge.link, o);
        if (net->weighted) {
            sg_out_text(o, "\" weight=\"");
            sg_out_real(o, edge.weight);
        }
        sg_out_text(o, "\"/>\n");
    }
    sg_gexf_end(o);
}
