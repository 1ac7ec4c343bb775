/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One edge a line: edge lists, tables of layers, and Cytoscape's simple interaction format. */
#include "snapshot/write_network.h"

static void put_name(const sg_net *net, size_t layer, size_t index, sg_out *o)
{
    if (net->numbers) {
        sg_out_u64(o, net->first[layer] + index);
    } else {
        sg_out_text(o, sg_snapshot_layer(net->s, layer)->name);
        sg_out_text(o, ":");
        sg_out_u64(o, index);
    }
}

static void put_sender(const sg_net *net, const sg_net_edge *e, sg_out *o)
{
    put_name(net, e->link->from, e->from - net->first[e->link->from], o);
}

static void put_receiver(const sg_net *net, const sg_net_edge *e, sg_out *o)
{
    put_name(net, e->link->to, e->to - net->first[e->link->to], o);
}

void sg_write_edges(const sg_net *net, sg_out *o)
{
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge)) {
        put_sender(net, &edge, o);
        sg_out_text(o, "\t");
        put_receiver(net, &edge, o);
        if (net->weighted) {
            sg_out_text(o, "\t");
            sg_out_real(o, edge.weight);
        }
        sg_out_text(o, "\n");
    }
}

void sg_write_csv(const sg_net *net, sg_out *o)
{
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++) {
        sg_out_text(o, "# layer ");
        sg_out_text(o, sg_snapshot_layer(net->s, l)->name);
        sg_out_text(o, " ");
        sg_out_u64(o, sg_snapshot_layer(net->s, l)->size);
        sg_out_text(o, "\n");
    }
    sg_out_text(o, net->weighted ? "from_layer,from,to_layer,to,weight\n"
                                 : "from_layer,from,to_layer,to\n");
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge)) {
        const size_t from = edge.link->from;
        const size_t to = edge.link->to;
        sg_out_text(o, sg_snapshot_layer(net->s, from)->name);
        sg_out_text(o, ",");
        sg_out_u64(o, edge.from - net->first[from]);
        sg_out_text(o, ",");
        sg_out_text(o, sg_snapshot_layer(net->s, to)->name);
        sg_out_text(o, ",");
        sg_out_u64(o, edge.to - net->first[to]);
        if (net->weighted) {
            sg_out_text(o, ",");
            sg_out_real(o, edge.weight);
        }
        sg_out_text(o, "\n");
    }
}

/* Marks the nodes that an edge touches. */
static sg_status find_joined(const sg_net *net, bool **ret, sg_error *err)
{
    bool *joined = SG_NEW_ARRAY(bool, net->n_nodes);
    if (!joined)
        return sg_fail_memory(err, "looking for isolated neurons");
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge))
        joined[edge.from] = joined[edge.to] = true;
    *ret = joined;
    return SG_OK;
}

void sg_write_sif(const sg_net *net, sg_out *o)
{
    SG_AUTOFREE bool *joined = NULL;
    const sg_status status = find_joined(net, &joined, o->err);
    if (status != SG_OK) {
        o->status = o->status == SG_OK ? status : o->status;
        return;
    }
    sg_net_walk walk = {0};
    sg_net_edge edge;
    while (sg_net_next(net, &walk, &edge)) {
        put_sender(net, &edge, o);
        sg_out_text(o, "\t");
        sg_out_text(o, edge.link->name);
        sg_out_text(o, "\t");
        put_receiver(net, &edge, o);
        sg_out_text(o, "\n");
    }
    for (size_t l = 0; l < sg_snapshot_n_layers(net->s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(net->s, l)->size; i++)
            if (!joined[net->first[l] + i]) {
                put_name(net, l, i, o);
                sg_out_text(o, "\n");
            }
}
