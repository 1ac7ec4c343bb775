/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/paths.h"

#include "base/memory.h"
#include "measure/neurons.h"

/* The longest paths: how long, and how many. */

typedef struct longest {
    uint32_t *length; /* (neurons) of the longest path from an input; 0 without one */
    sg_big *count;    /* (neurons) paths of that length */
} longest;

static void longest_clear(longest *l)
{
    sg_free(l->length);
    sg_free(l->count);
}

/* What one link adds to what its receivers know; a longer path makes the shorter ones forgotten. */
static void extend(const sg_csr *m, const longest *l, size_t from, size_t to)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        uint32_t best = l->length[to + row];
        sg_big sum = l->count[to + row];
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            const size_t sender = from + m->col[k];
            const uint32_t length = l->length[sender] + 1;
            if (l->count[sender].m == 0 || length < best)
                continue;
            if (length > best)
                sum = (sg_big){0, 0};
            best = length;
            sg_big_add(&sum, l->count[sender]);
        }
        l->length[to + row] = best;
        l->count[to + row] = sum;
    }
}

static sg_depth depth_of(const sg_snapshot *s, const sg_paths *p, const longest *l)
{
    uint32_t most = 0;
    sg_big count = {0, 0};
    for (size_t layer = 0; layer < sg_snapshot_n_layers(s); layer++)
        if (sg_layer_is_output(s, layer))
            for (size_t v = p->first[layer]; v < p->first[layer + 1]; v++) {
                if (l->length[v] < most || l->count[v].m == 0)
                    continue;
                if (l->length[v] > most)
                    count = (sg_big){0, 0};
                most = l->length[v];
                sg_big_add(&count, l->count[v]);
            }
    return (sg_depth){most, sg_big_ratio(count, p->total)};
}

sg_status sg_paths_depth(const sg_snapshot *s, const sg_paths *p, sg_depth *ret, sg_error *err)
{
    const size_t n_layers = sg_snapshot_n_layers(s);
    SG_CLEANUP(longest_clear)
    longest l = {SG_NEW_ARRAY(uint32_t, p->first[n_layers]),
                 SG_NEW_ARRAY(sg_big, p->first[n_layers])};
    if (!l.length || !l.count)
        return sg_fail_memory(err, "looking for the longest paths");
    for (size_t layer = 0; layer < n_layers; layer++) {
        for (size_t v = p->first[layer]; sg_layer_is_input(s, layer) && v < p->first[layer + 1];
             v++)
            l.count[v] = (sg_big){1, 0};
        for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
            const sg_link *link = sg_snapshot_link(s, i);
            if (link->to == layer)
                extend(link->matrix, &l, p->first[link->from], p->first[layer]);
        }
    }
    *ret = depth_of(s, p, &l);
    return SG_OK;
}
