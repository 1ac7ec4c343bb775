/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

static sg_status add_layers(sg_graph *g, const sg_snapshot *s, sg_error *err)
{
    const size_t n = sg_snapshot_n_layers(s);
    g->layers = SG_NEW_ARRAY(sg_layer_span, n);
    if (!g->layers)
        return sg_fail_memory(err, "making a graph");
    size_t first = 0;
    for (size_t i = 0; i < n; i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        g->layers[i] = (sg_layer_span){sg_strdup(layer->name), first, layer->size};
        g->n_layers++;
        if (!g->layers[i].name)
            return sg_fail_memory(err, "making a graph");
        first += layer->size;
    }
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        g->n_possible += (double)link->matrix->n_rows * (double)link->matrix->n_cols;
    }
    return SG_OK;
}

/* Appends the arcs of a link in the order of their senders, so that little is left to sort. */
static sg_status append_arcs(const sg_link *link, size_t first_from, size_t first_to,
                             sg_edge *edges, sg_error *err)
{
    sg_csr *by_sender = NULL;
    SG_TRY(sg_csr_transpose(link->matrix, NULL, &by_sender, err));
    size_t n = 0;
    for (size_t v = 0; v < by_sender->n_rows; v++)
        for (uint64_t k = by_sender->row_start[v]; k < by_sender->row_start[v + 1]; k++)
            edges[n++] =
                (sg_edge){(uint32_t)(first_from + v), (uint32_t)(first_to + by_sender->col[k]),
                          by_sender->value ? by_sender->value[k] : 1.0F};
    sg_csr_free(by_sender);
    return SG_OK;
}

sg_status sg_graph_from_snapshot(const sg_snapshot *s, sg_graph **ret, sg_error *err)
{
    const size_t n_links = sg_snapshot_n_connections(s);
    const size_t n_layers = sg_snapshot_n_layers(s);
    SG_AUTOFREE size_t *first = SG_NEW_ARRAY(size_t, n_layers + 1);
    SG_AUTOFREE sg_edge *edges = SG_NEW_ARRAY(sg_edge, n_links);
    if (!first || !edges)
        return sg_fail_memory(err, "making a graph");
    for (size_t i = 0; i < n_layers; i++)
        first[i + 1] = first[i] + sg_snapshot_layer(s, i)->size;
    if (first[n_layers] > SG_GRAPH_COUNT_MAX)
        return sg_fail(err, SG_EINVAL, "a network of %zu neurons; a graph may hold %zu",
                       first[n_layers], SG_GRAPH_COUNT_MAX);

    size_t n = 0;
    bool weighted = false;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        SG_TRY(append_arcs(link, first[link->from], first[link->to], edges + n, err));
        n += link->matrix->n_links;
        weighted = weighted || link->matrix->value;
    }
    SG_CLEANUP(sg_graph_free_cleanup_) sg_graph *g = NULL;
    const sg_graph_kind kind = {first[n_layers], true, weighted};
    SG_TRY(sg_graph_make(kind, edges, n, &g, err));
    SG_TRY(add_layers(g, s, err));
    *ret = SG_TAKE(g);
    return SG_OK;
}
