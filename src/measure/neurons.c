/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/neurons.h"

#include "base/memory.h"

sg_status sg_neurons_first(const sg_snapshot *s, size_t **ret, sg_error *err)
{
    const size_t n_layers = sg_snapshot_n_layers(s);
    size_t *first = SG_NEW_ARRAY(size_t, n_layers + 1);
    if (!first)
        return sg_fail_memory(err, "numbering neurons");
    for (size_t i = 0; i < n_layers; i++)
        first[i + 1] = first[i] + sg_snapshot_layer(s, i)->size;
    *ret = first;
    return SG_OK;
}

typedef struct traffic {
    bool sends;
    bool receives;
} traffic;

static traffic traffic_of(const sg_snapshot *s, size_t layer)
{
    traffic t = {false, false};
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        t.sends = t.sends || sg_snapshot_link(s, i)->from == layer;
        t.receives = t.receives || sg_snapshot_link(s, i)->to == layer;
    }
    return t;
}

bool sg_layer_is_input(const sg_snapshot *s, size_t layer)
{
    const traffic t = traffic_of(s, layer);
    return t.sends && !t.receives;
}

bool sg_layer_is_output(const sg_snapshot *s, size_t layer)
{
    const traffic t = traffic_of(s, layer);
    return t.receives && !t.sends;
}
