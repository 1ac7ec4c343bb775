/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/rule.h"

#include "base/memory.h"
#include "base/status.h"
#include "sparse/set_removal.h"

static const double grown_deviation = 0.1; /* of SET's reference code for MLPs */

static sg_status draw_grown(const sg_rule_when *when, size_t l, size_t n, float **ret,
                            sg_error *err)
{
    float *grown = SG_NEW_ARRAY(float, n);
    if (!grown)
        return sg_fail_memory(err, "evolving a layer");
    sg_random random;
    sg_random_open(&random, when->seed, SG_RANDOM_GROW_WEIGHTS, (uint32_t)l, when->epoch);
    for (size_t i = 0; i < n; i++)
        grown[i] = (float)(grown_deviation * sg_random_normal(&random));
    *ret = grown;
    return SG_OK;
}

/* Removes and grows the links of a layer, in place. */
static sg_status change_links(train_link *link, size_t l, const sg_rule_when *when, sg_error *err)
{
    sg_csr *m = link->matrix;
    SG_AUTOFREE bool *keep = SG_NEW_ARRAY(bool, m->n_links);
    SG_AUTOFREE float *grown = NULL;
    if (!keep)
        return sg_fail_memory(err, "evolving a layer");
    sg_set_removal removed = {0};
    SG_TRY(sg_set_removal_mask(m->value, m->n_links, when->zeta, keep, &removed, err));

    const size_t n_removed = removed.positive + removed.negative + removed.zero;
    const size_t n_new = when->last ? 0 : n_removed;
    SG_TRY(draw_grown(when, l, n_new, &grown, err));
    sg_random random;
    sg_random_open(&random, when->seed, SG_RANDOM_GROW, (uint32_t)l, when->epoch);
    const sg_regrowth how = {
        .keep = keep, .n_new = n_new, .grown = grown, .beside = link->weight.velocity};
    return sg_topology_regrow(m, &how, &random, err);
}

/* What follows from the links makes room for what the change needs, and is made anew after it. */
static sg_status evolve_link(sg_network *net, size_t l, const sg_rule_when *when, sg_error *err)
{
    sg_network_forget_index(net, l);
    SG_TRY(change_links(&net->links[l], l, when, err));
    return sg_network_index(net, l, err);
}

sg_status sg_set_evolve(sg_network *net, const sg_rule_when *when, sg_error *err)
{
    const size_t n_links = net->n_layers - 1;
    const int n_threads = when->n_threads > 0 ? (int)when->n_threads : 1;
    (void)n_threads; /* where there is no OpenMP */
    SG_AUTOFREE sg_error *failure = SG_NEW_ARRAY(sg_error, n_links);
    if (!failure)
        return sg_fail_memory(err, "evolving a network");

        /* layers know nothing of each other, so that the threads have no influence on the result */
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
    for (size_t l = 0; l < n_links; l++)
        if (net->links[l].evolves)
            failure[l].status = evolve_link(net, l, when, &failure[l]);

    for (size_t l = 0; l < n_links; l++)
        if (failure[l].status != SG_OK)
            return sg_fail(err, failure[l].status, "%s", failure[l].message);
    return SG_OK;
}
