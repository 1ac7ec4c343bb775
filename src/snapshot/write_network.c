/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/write_network.h"

#include <math.h>
#include <stdlib.h>

enum {
    COLUMN_MAX = 40, /* neurons that stand in one column; more form a block */
    LAYER_GAP = 12,  /* free columns between layers */
    CHANNEL_GAP = 2
};

void sg_net_free(sg_net *net)
{
    sg_free(net->first);
    sg_free(net->left);
    *net = (sg_net){0};
}

/* How a layer's neurons are arranged, row by row. */
typedef struct block {
    size_t n_rows;
    size_t n_columns;
    size_t n_channels;
} block;

static block block_of(const sg_layer *layer)
{
    if (layer->n_dims == 2)
        return (block){layer->shape[0], layer->shape[1], 1};
    if (layer->n_dims == 3)
        return (block){layer->shape[1], layer->shape[2], layer->shape[0]};
    const size_t n = layer->size;
    const size_t n_columns = n <= COLUMN_MAX ? 1 : (size_t)ceil(sqrt((double)n));
    return (block){(n + n_columns - 1) / n_columns, n_columns, 1};
}

static size_t block_width(block b)
{
    return b.n_channels * (b.n_columns + CHANNEL_GAP) - CHANNEL_GAP;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Finds out whether two links join the same layers. */
static sg_status find_parallel(sg_net *net, sg_error *err)
{
    const size_t n = sg_snapshot_n_links(net->s);
    SG_AUTOFREE uint64_t *pairs = SG_NEW_ARRAY(uint64_t, n);
    if (!pairs)
        return sg_fail_memory(err, "writing a network");
    for (size_t i = 0; i < n; i++) {
        const sg_link *link = sg_snapshot_link(net->s, i);
        pairs[i] = (uint64_t)link->from << 32 | link->to;
    }
    qsort(pairs, n, sizeof *pairs, by_value);
    for (size_t i = 1; i < n; i++)
        net->parallel = net->parallel || pairs[i] == pairs[i - 1];
    return SG_OK;
}

static sg_status measure(sg_net *net, sg_error *err)
{
    const size_t n_layers = sg_snapshot_n_layers(net->s);
    net->first = SG_NEW_ARRAY(size_t, n_layers + 1);
    net->left = SG_NEW_ARRAY(float, n_layers + 1);
    if (!net->first || !net->left)
        return sg_fail_memory(err, "writing a network");
    for (size_t i = 0; i < n_layers; i++) {
        const sg_layer *layer = sg_snapshot_layer(net->s, i);
        net->first[i + 1] = net->first[i] + layer->size;
        net->left[i + 1] = net->left[i] + (float)(block_width(block_of(layer)) + LAYER_GAP);
        net->biased = net->biased || layer->bias;
        net->gridded = net->gridded || layer->n_dims == 2 || layer->n_dims == 3;
        net->channelled = net->channelled || layer->n_dims == 3;
    }
    for (size_t i = 0; i < sg_snapshot_n_links(net->s); i++)
        net->weighted = net->weighted || sg_snapshot_link(net->s, i)->matrix->value;
    net->n_nodes = net->first[n_layers];
    net->n_edges = sg_snapshot_n_connections(net->s);
    return find_parallel(net, err);
}

sg_status sg_net_of(const sg_snapshot *s, sg_net *ret, sg_error *err)
{
    SG_CLEANUP(sg_net_free) sg_net net = {.s = s};
    SG_TRY(measure(&net, err));
    *ret = net;
    net = (sg_net){0};
    return SG_OK;
}

sg_net_node sg_net_node_at(const sg_net *net, size_t layer, size_t index)
{
    const sg_layer *l = sg_snapshot_layer(net->s, layer);
    const block b = block_of(l);
    const size_t in_channel = index % (b.n_rows * b.n_columns);
    sg_net_node node = {.number = net->first[layer] + index, .layer = l, .index = index};
    node.n_place = l->n_dims == 2 || l->n_dims == 3 ? l->n_dims : 0;
    node.column = in_channel % b.n_columns;
    node.row = in_channel / b.n_columns;
    node.channel = index / (b.n_rows * b.n_columns);
    node.x = net->left[layer] + (float)(node.channel * (b.n_columns + CHANNEL_GAP) + node.column);
    node.y = (float)node.row - (float)(b.n_rows - 1) / 2.0F;
    return node;
}

bool sg_net_next(const sg_net *net, sg_net_walk *walk, sg_net_edge *ret)
{
    for (; walk->link < sg_snapshot_n_links(net->s);
         *walk = (sg_net_walk){.link = walk->link + 1}) {
        const sg_link *link = sg_snapshot_link(net->s, walk->link);
        const sg_csr *m = link->matrix;
        if (walk->k == m->n_links)
            continue;
        while (m->row_start[walk->row + 1] <= walk->k)
            walk->row++;
        const float weight = m->value ? m->value[walk->k] : 1.0F;
        ret->link = link;
        ret->from = net->first[link->from] + m->col[walk->k];
        ret->to = net->first[link->to] + walk->row;
        ret->weight = net->absolute ? fabsf(weight) : weight;
        walk->k++;
        return true;
    }
    return false;
}

void sg_net_out_title(sg_out *o, const sg_net *net)
{
    const long epoch = sg_snapshot_epoch(net->s);
    sg_out_text(o, "sparsegraph network");
    if (epoch >= 0) {
        sg_out_text(o, ", epoch ");
        sg_out_u64(o, (uint64_t)epoch);
    }
}
