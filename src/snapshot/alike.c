/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/alike.h"

bool sg_snapshots_are_alike(const sg_snapshot *a, const sg_snapshot *b)
{
    if (sg_snapshot_n_layers(a) != sg_snapshot_n_layers(b) ||
        sg_snapshot_n_links(a) != sg_snapshot_n_links(b))
        return false;
    for (size_t i = 0; i < sg_snapshot_n_layers(a); i++)
        if (sg_snapshot_layer(a, i)->size != sg_snapshot_layer(b, i)->size)
            return false;
    for (size_t i = 0; i < sg_snapshot_n_links(a); i++) {
        const sg_link *x = sg_snapshot_link(a, i);
        const sg_link *y = sg_snapshot_link(b, i);
        if (x->from != y->from || x->to != y->to)
            return false;
    }
    return true;
}
