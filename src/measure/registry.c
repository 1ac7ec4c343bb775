/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <string.h>

/* By scope: links, layers, the whole network. */
static const sg_measure_family *const families[] = {
    /* clang-format off */
    &sg_family_degree,
    &sg_family_bipartite,
    &sg_family_spectrum,
    &sg_family_modules,
    &sg_family_inputs,
    &sg_family_bicm,
    &sg_family_powerlaw,
    &sg_family_change,
    &sg_family_history,
    &sg_family_hubs,
    &sg_family_nnstd,
    &sg_family_persistence,
    &sg_family_active,
    &sg_family_layer_paths,
    &sg_family_fields,
    &sg_family_layer_diamonds,
    &sg_family_whole,
    &sg_family_network_history,
    &sg_family_network_nnstd,
    &sg_family_graph,
    &sg_family_paths,
    &sg_family_diamonds,
    &sg_family_network_persistence,
    &sg_family_distances,
    &sg_family_small_world,
    &sg_family_communities,
    /* clang-format on */
};

size_t sg_measure_count(void)
{
    size_t n = 0;
    for (size_t i = 0; i < SG_COUNT(families); i++)
        n += families[i]->n;
    return n;
}

const sg_measure *sg_measure_at(size_t i)
{
    for (size_t k = 0; k < SG_COUNT(families); k++) {
        if (i < families[k]->n)
            return &families[k]->measures[i];
        i -= families[k]->n;
    }
    return NULL;
}

const sg_measure *sg_measure_find(const char *name)
{
    for (size_t i = 0; i < sg_measure_count(); i++)
        if (strcmp(sg_measure_at(i)->name, name) == 0)
            return sg_measure_at(i);
    return NULL;
}

bool sg_measure_has_nulls(const sg_measure *measure)
{
    return (measure->null == SG_NULL_RANDOM || measure->null == SG_NULL_DEGREES) &&
           measure->cost != SG_COST_MATCHING && measure->cost != SG_COST_COMMUNITIES &&
           measure->cost != SG_COST_BOOTSTRAP;
}

const char *sg_scope_name(sg_scope scope)
{
    switch (scope) {
    case SG_SCOPE_LINK:
        return "link";
    case SG_SCOPE_LAYER:
        return "layer";
    case SG_SCOPE_WHOLE:
        return "whole";
    }
    return "unknown";
}

const char *sg_cost_name(sg_cost cost)
{
    switch (cost) {
    case SG_COST_LINEAR:
        return "linear";
    case SG_COST_SORT:
        return "sort";
    case SG_COST_WEDGES:
        return "wedges";
    case SG_COST_SEARCH:
        return "search";
    case SG_COST_SPECTRAL:
        return "spectral";
    case SG_COST_MATCHING:
        return "matching";
    case SG_COST_COMMUNITIES:
        return "communities";
    case SG_COST_BOOTSTRAP:
        return "bootstrap";
    }
    return "unknown";
}

const char *sg_null_name(sg_null null)
{
    switch (null) {
    case SG_NULL_NONE:
        return "none";
    case SG_NULL_UNTRAINED:
        return "untrained";
    case SG_NULL_RANDOM:
        return "random";
    case SG_NULL_DEGREES:
        return "degrees";
    }
    return "unknown";
}

const char *sg_side_name(sg_side side)
{
    switch (side) {
    case SG_SIDE_IN:
        return "in";
    case SG_SIDE_OUT:
        return "out";
    }
    return "unknown";
}
