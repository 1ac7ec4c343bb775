/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/link.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/cells.h"

#include <string.h>

sg_status sg_link_turn(const sg_network *net, train_link *link, sg_error *err)
{
    const size_t n = link->matrix->n_links;
    if (!net->turns || link->cell || n <= SG_LINKS_IN_CACHE)
        return SG_OK;
    const uint32_t *position = link->t_position;
    float *value = SG_NEW_ARRAY(float, n);
    if (!value)
        return sg_fail_memory(err, "making room for the weights of a layer");
    float *velocity = link->weight.gradient;
    for (size_t k = 0; k < n; k++) {
        value[k] = link->matrix->value[position[k]];
        velocity[k] = link->weight.velocity[position[k]];
    }
    memcpy(link->weight.velocity, velocity, n * sizeof *velocity);
    link->weight.value = value;
    return SG_OK;
}

const float *sg_link_velocity(const train_link *link)
{
    if (!sg_link_is_turned(link))
        return link->weight.velocity;
    for (size_t k = 0; k < link->matrix->n_links; k++)
        link->weight.gradient[link->t_position[k]] = link->weight.velocity[k];
    return link->weight.gradient;
}

void sg_link_turn_back(train_link *link)
{
    if (!sg_link_is_turned(link))
        return;
    memcpy(link->weight.velocity, sg_link_velocity(link),
           link->matrix->n_links * sizeof *link->weight.velocity);
    sg_free(link->weight.value);
    link->weight.value = link->matrix->value;
}

enum { AHEAD = 32 }; /* links */

void sg_link_refresh(const train_link *link, sg_share share)
{
    sg_cells_refresh(link, share);
    if (!sg_link_is_turned(link))
        return;
    const sg_range range = sg_range_of(link->matrix->n_links, share.index, share.n);
    for (size_t k = range.begin; k < range.end; k++) {
        const size_t ahead = k + AHEAD < range.end ? k + AHEAD : k;
        __builtin_prefetch(&link->matrix->value[link->t_position[ahead]], 1);
        link->matrix->value[link->t_position[k]] = link->weight.value[k];
    }
}
