/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/rule.h"

#include "base/memory.h"
#include "base/status.h"
#include "sparse/set_removal.h"

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

static const double grown_deviation = 0.1; /* of SET's reference code for MLPs */

/* Gives grown links their weights and carries the velocity of the kept ones over. */
static void fill_links(const sg_rule_when *when, size_t l, const float *old_velocity,
                       const sg_regrown *grown, float *velocity)
{
    sg_random random;
    sg_random_open(&random, when->seed, SG_RANDOM_GROW_WEIGHTS, (uint32_t)l, when->epoch);
    for (size_t k = 0; k < grown->matrix->n_links; k++) {
        if (grown->origin[k] == SG_GROWN)
            grown->matrix->value[k] = (float)(grown_deviation * sg_random_normal(&random));
        else
            velocity[k] = old_velocity[grown->origin[k]];
    }
}

static sg_status evolve_link(sg_network *net, size_t l, const sg_rule_when *when, sg_error *err)
{
    const sg_csr *old = net->links[l].matrix;
    SG_AUTOFREE bool *keep = SG_NEW_ARRAY(bool, old->n_links);
    if (!keep)
        return sg_fail_memory(err, "evolving a layer");
    sg_set_removal removed = {0};
    SG_TRY(sg_set_removal_mask(old->value, old->n_links, when->zeta, keep, &removed, err));

    const size_t n_removed = removed.positive + removed.negative + removed.zero;
    sg_random random;
    sg_random_open(&random, when->seed, SG_RANDOM_GROW, (uint32_t)l, when->epoch);
    SG_CLEANUP(sg_regrown_clear) sg_regrown grown = {0};
    SG_TRY(sg_topology_regrow(old, keep, when->last ? 0 : n_removed, &random, &grown, err));
    SG_AUTOFREE float *velocity = SG_NEW_ARRAY(float, grown.matrix->n_links);
    if (!velocity)
        return sg_fail_memory(err, "evolving a layer");
    fill_links(when, l, net->links[l].weight.velocity, &grown, velocity);

    SG_TRY(sg_network_set_matrix(net, l, grown.matrix, err));
    grown.matrix = NULL;
    parameter *weight = &net->links[l].weight;
    sg_free(weight->velocity);
    weight->velocity = SG_TAKE(velocity);
    return SG_OK;
}

sg_status sg_set_evolve(sg_network *net, const sg_rule_when *when, sg_error *err)
{
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        if (net->links[l].evolves)
            SG_TRY(evolve_link(net, l, when, err));
    return SG_OK;
}
