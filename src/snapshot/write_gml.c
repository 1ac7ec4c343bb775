/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GML: Himsolt, "GML: A portable Graph File Format" (1997). Reals hold a point, text is ASCII. */
#include "snapshot/write_network.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a metadata key can be one of the graph in GML: letters, digits and, as readers allow,
 * underlines; and none that means something there. */
static bool is_key(const char *text)
{
    static const char *const taken[] = {"node", "edge", "directed", "multigraph", "id", "label"};
    for (size_t i = 0; i < SG_COUNT(taken); i++)
        if (strcmp(text, taken[i]) == 0)
            return false;
    if (!is_letter(*text))
        return false;
    while (is_letter(*text) || (*text >= '0' && *text <= '9') || *text == '_')
        text++;
    return *text == '\0';
}

static void put_metadata(const sg_net *net, sg_out *o)
{
    for (size_t i = 0; i < sg_snapshot_n_meta(net->s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(net->s, i, &key, &value);
        if (!is_key(key))
            continue;
        sg_out_text(o, "  ");
        sg_out_text(o, key);
        sg_out_text(o, " \"");
        sg_out_gml(o, value);
        sg_out_text(o, "\"\n");
    }
}

static void put_number(sg_out *o, const char *key, size_t value)
{
    sg_out_text(o, " ");
    sg_out_text(o, key);
    sg_out_text(o, " ");
    sg_out_u64(o, value);
}

static void put_node(const sg_net_node *node, sg_out *o)
{
    sg_out_text(o, "  node [ id ");
    sg_out_u64(o, node->number);
    sg_out_text(o, " label \"");
    sg_net_out_name(o, node, sg_out_gml);
    sg_out_text(o, "\" layer \"");
    sg_out_gml(o, node->layer->name);
    sg_out_text(o, "\"");
    put_number(o, "index", node->index);
    if (node->n_place == 3)
        put_number(o, "channel", node->channel);
    if (node->n_place >= 2) {
        put_number(o, "row", node->row);
        put_number(o, "column", node->column);
    }
    if (node->layer->bias) {
        sg_out_text(o, " bias ");
        sg_out_real(o, node->layer->bias[node->index]);
    }
    sg_out_text(o, " ]\n");
}

void sg_write_gml(const sg_net *net, sg_out *o)
{
    sg_out_text(o, "Creator \"sparsegraph " SG_VERSION "\"\nVersion 1\ngraph [\n  directed 1\n");
    if (net->parallel)
        sg_out_text(o, "  multigraph 1\n");
    put_metadata(net, o);
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(net->s, l)->size; i++) {
            const sg_net_node node = sg_net_node_at(net, l, i);
            put_node(&node, o);
        }
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge)) {
        sg_out_text(o, "  edge [ source ");
        sg_out_u64(o, edge.from);
        put_number(o, "target", edge.to);
        if (net->weighted) {
            sg_out_text(o, " weight ");
            sg_out_real(o, edge.weight);
        }
        sg_out_text(o, " ]\n");
    }
    sg_out_text(o, "]\n");
}
