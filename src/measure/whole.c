/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>

/* Counts over all layers and links. */

static double whole_density(const sg_snapshot *s)
{
    double cells = 0;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        cells += (double)m->n_rows * (double)m->n_cols;
    }
    return cells > 0 ? (double)sg_snapshot_n_connections(s) / cells : NAN;
}

enum { NODES, CONNECTIONS, DENSITY };

static sg_status count(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                       sg_error *err)
{
    (void)subject;
    (void)err;
    size_t n_nodes = 0;
    for (size_t i = 0; i < m->n_layers; i++)
        n_nodes += sg_snapshot_layer(m->snapshot, i)->size;
    switch (self->which) {
    case NODES:
        *ret = (double)n_nodes;
        break;
    case CONNECTIONS:
        *ret = (double)sg_snapshot_n_connections(m->snapshot);
        break;
    default:
        *ret = whole_density(m->snapshot);
    }
    return SG_OK;
}

enum { ACTIVE, ACTIVE_FRAC };

static sg_status active(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                        sg_error *err)
{
    (void)subject;
    SG_TRY(sg_measured_active(m, err));
    double n_active = 0;
    double n_nodes = 0;
    for (size_t i = 0; i < m->n_layers; i++) {
        n_active += (double)m->n_active[i];
        n_nodes += (double)sg_snapshot_layer(m->snapshot, i)->size;
    }
    *ret = self->which == ACTIVE ? n_active : n_active / n_nodes;
    return SG_OK;
}

enum { JACCARD = 0, TURNOVER = 8 };

static sg_status change(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                        sg_error *err)
{
    (void)subject;
    (void)err;
    sg_measured_changes(m);
    double kept = 0;
    double all = 0;
    *ret = NAN;
    for (size_t i = 0; i < m->n_links; i++) {
        const sg_change *c = &m->change[i][self->which & ~(unsigned)TURNOVER];
        if (!c->known)
            return SG_OK;
        kept += (double)c->kept;
        all += (double)(c->kept + c->removed + (self->which & TURNOVER ? 0 : c->added));
    }
    if (all > 0)
        *ret = (self->which & TURNOVER ? all - kept : kept) / all;
    return SG_OK;
}

static const sg_measure measures[] = {
    {"nodes", "neurons", "neurons of all layers", "", SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_NONE,
     NODES, count},
    {"connections", "connections", "connections of all links", "", SG_SCOPE_WHOLE, SG_COST_LINEAR,
     SG_NULL_NONE, CONNECTIONS, count},
    {"network_density", "dimensionless", "connections / those of the same links fully connected",
     "", SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_NONE, DENSITY, count},
    {"network_active_neurons", "neurons",
     "neurons on a path of connections from an input to an output neuron", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_RANDOM, ACTIVE, active},
    {"network_active_frac", "dimensionless", "active neurons / neurons of all layers", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_RANDOM, ACTIVE_FRAC, active},
    {"network_previous_jaccard", "dimensionless",
     "kept / (kept + added + removed) over all links since the epoch measured before", "",
     SG_SCOPE_WHOLE, SG_COST_LINEAR, SG_NULL_RANDOM, JACCARD | SG_SINCE_PREVIOUS, change},
    {"network_start_jaccard", "dimensionless",
     "kept / (kept + added + removed) over all links since epoch 0", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_RANDOM, JACCARD | SG_SINCE_START, change},
    {"network_previous_turnover", "dimensionless",
     "share of all connections of the epoch measured before that were removed", "", SG_SCOPE_WHOLE,
     SG_COST_LINEAR, SG_NULL_NONE, TURNOVER | SG_SINCE_PREVIOUS, change},
};

const sg_measure_family sg_family_whole = {measures, SG_COUNT(measures)};
