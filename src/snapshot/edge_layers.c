/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/edge_layers.h"

#include "base/text.h"
#include "snapshot/names.h"
#include "snapshot/snapshot_read.h"

#include <stdlib.h>
#include <string.h>

void sg_edge_layers_clear(sg_edge_layers *e)
{
    for (size_t i = 0; i < e->n_layers; i++)
        sg_free(e->layer[i].name);
    for (size_t i = 0; i < e->n_links; i++)
        sg_coo_clear(&e->link[i].coo);
    sg_free(e->layer);
    sg_free(e->link);
    sg_name_index_free(&e->index);
    *e = (sg_edge_layers){0};
}

/* Adds a layer; takes the name over, whether it succeeds or not. */
static sg_status add_layer(sg_edge_layers *e, char *name, sg_error *err)
{
    SG_AUTOFREE char *owned = name;
    SG_TRY(sg_blame_content(sg_name_check("layer", name, err), err));
    if (e->n_layers == SG_EDGE_LAYERS_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "there are more than %d layers", SG_EDGE_LAYERS_MAX);
    SG_TRY(sg_name_index_reserve(&e->index, err));
    sg_edge_layer *layer = sg_resize(e->layer, e->n_layers + 1, sizeof *layer);
    if (!layer)
        return sg_fail_memory(err, "reading layers");
    e->layer = layer;
    sg_name_index_add(&e->index, owned, e->n_layers);
    layer[e->n_layers++] = (sg_edge_layer){.name = SG_TAKE(owned)};
    return SG_OK;
}

sg_status sg_edge_layers_find(sg_edge_layers *e, sg_span name, size_t *ret, sg_error *err)
{
    char text[256];
    if (name.n == 0 || name.n >= sizeof text || memchr(name.at, '\0', name.n))
        return sg_fail(err, SG_EFORMAT, "the name of a layer is not 1 to 255 bytes of text");
    memcpy(text, name.at, name.n);
    text[name.n] = '\0';
    if (sg_name_index_find(&e->index, text, ret))
        return SG_OK;
    char *copy = sg_strdup(text);
    if (!copy)
        return sg_fail_memory(err, "reading layers");
    SG_TRY(add_layer(e, copy, err));
    *ret = e->n_layers - 1;
    return SG_OK;
}

/* Finds the link between two layers, or adds it; consecutive connections mostly share one. */
static sg_status find_link(sg_edge_layers *e, size_t from, size_t to, sg_coo **ret, sg_error *err)
{
    for (size_t k = 0; k < e->n_links; k++) {
        const size_t i = (e->last_link + k) % e->n_links;
        if (e->link[i].from == from && e->link[i].to == to) {
            e->last_link = i;
            *ret = &e->link[i].coo;
            return SG_OK;
        }
    }
    if (from == to)
        return sg_fail(err, SG_EFORMAT, "a connection within layer '%.100s': links join two layers",
                       e->layer[from].name);
    if (e->n_links == SG_EDGE_LAYERS_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "more than %d pairs of layers are linked",
                       SG_EDGE_LAYERS_MAX);
    sg_edge_link *link = sg_resize(e->link, e->n_links + 1, sizeof *link);
    if (!link)
        return sg_fail_memory(err, "reading links");
    e->link = link;
    link[e->n_links] = (sg_edge_link){.from = from, .to = to};
    *ret = &link[e->n_links].coo;
    e->last_link = e->n_links++;
    return SG_OK;
}

sg_status sg_edge_layers_add(sg_edge_layers *e, const size_t layer[2], const uint64_t neuron[2],
                             float weight, sg_error *err)
{
    sg_coo *coo = NULL;
    SG_TRY(find_link(e, layer[0], layer[1], &coo, err));
    coo->n_rows = coo->n_cols = UINT32_MAX; /* until the layers' sizes are known */
    SG_TRY(sg_coo_add(coo, neuron[1], neuron[0], weight, err));
    for (size_t i = 0; i < 2; i++)
        if (e->layer[layer[i]].size <= neuron[i])
            e->layer[layer[i]].size = neuron[i] + 1;
    return SG_OK;
}

/* Whether every link into a layer comes from a layer that has its place. */
static bool is_free(const sg_edge_layers *e, size_t layer, const size_t *place)
{
    for (size_t k = 0; k < e->n_links; k++)
        if (e->link[k].to == layer && place[e->link[k].from] == SIZE_MAX)
            return false;
    return true;
}

/* Gives each layer its place; order is the inverse. */
static sg_status sort_layers(const sg_edge_layers *e, size_t *place, size_t *order, sg_error *err)
{
    for (size_t i = 0; i < e->n_layers; i++)
        place[i] = SIZE_MAX;
    for (size_t n = 0; n < e->n_layers; n++) {
        size_t i = 0;
        while (i < e->n_layers && (place[i] != SIZE_MAX || !is_free(e, i, place)))
            i++;
        if (i == e->n_layers)
            return sg_fail(err, SG_EFORMAT,
                           "its layers are linked in a circle: links run from input to output");
        order[n] = i;
        place[i] = n;
    }
    return SG_OK;
}

static int by_rank(const void *a, const void *b)
{
    const uint64_t x = ((const sg_edge_link *)a)->rank;
    const uint64_t y = ((const sg_edge_link *)b)->rank;
    return (x > y) - (x < y);
}

static void sort_links(sg_edge_layers *e, const size_t *place)
{
    for (size_t k = 0; k < e->n_links; k++)
        e->link[k].rank =
            (uint64_t)place[e->link[k].from] * SG_EDGE_LAYERS_MAX + place[e->link[k].to];
    qsort(e->link, e->n_links, sizeof *e->link, by_rank);
}

static sg_status add_link(sg_edge_layers *e, size_t k, const size_t *place, sg_snapshot *s,
                          sg_error *err)
{
    sg_edge_link *link = &e->link[k];
    const sg_edge_layer *from = &e->layer[link->from];
    const sg_edge_layer *to = &e->layer[link->to];
    link->coo.n_cols = (size_t)from->size;
    link->coo.n_rows = (size_t)to->size;
    link->coo.is_weighted = e->is_weighted;
    link->coo.refuses_twice = true;
    SG_AUTOFREE char *name = sg_format("%s-%s", from->name, to->name);
    if (!name)
        return sg_fail_memory(err, "reading links");
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    const sg_status status = sg_coo_matrix(&link->coo, &m, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "link '%.100s'", name);
    SG_TRY(sg_blame_content(
        sg_snapshot_add_link(s, name, place[link->from], place[link->to], m, err), err));
    m = NULL; /* the snapshot has taken it over */
    return SG_OK;
}

sg_status sg_edge_layers_network(sg_edge_layers *e, size_t n_bytes, sg_snapshot **ret,
                                 sg_error *err)
{
    SG_AUTOFREE size_t *place = SG_NEW_ARRAY(size_t, e->n_layers);
    SG_AUTOFREE size_t *order = SG_NEW_ARRAY(size_t, e->n_layers);
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    if (!place || !order)
        return sg_fail_memory(err, "ordering layers");
    SG_TRY(sort_layers(e, place, order, err));
    SG_TRY(sg_snapshot_new(&s, err));
    uint64_t n_neurons = 0;
    for (size_t i = 0; i < e->n_layers; i++) {
        const sg_edge_layer *from = &e->layer[order[i]];
        sg_layer layer = {.name = from->name, .size = (size_t)from->size};
        n_neurons += from->size;
        if (n_neurons > (uint64_t)n_bytes + SG_SPARE_NEURONS || from->size > UINT32_MAX)
            return sg_fail(err, SG_EUNSUPPORTED,
                           "layer '%.100s' of %llu neurons does not stand to %zu bytes: so many "
                           "would have no link",
                           from->name, (unsigned long long)from->size, n_bytes);
        if (i == 0)
            sg_layer_guess_shape(&layer);
        SG_TRY(sg_blame_content(sg_snapshot_add_layer(s, &layer, err), err));
    }
    sort_links(e, place);
    for (size_t k = 0; k < e->n_links; k++)
        SG_TRY(add_link(e, k, place, s, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}
