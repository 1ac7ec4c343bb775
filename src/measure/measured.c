/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <assert.h>
#include <string.h>

/* Refuses another network whose link of the same name joins layers of other sizes. */
static sg_status check_shapes(const sg_snapshot *s, const sg_snapshot *other, sg_error *err)
{
    for (size_t i = 0; other && i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        for (size_t j = 0; j < sg_snapshot_n_links(other); j++) {
            const sg_link *theirs = sg_snapshot_link(other, j);
            if (strcmp(link->name, theirs->name) == 0 &&
                (link->matrix->n_rows != theirs->matrix->n_rows ||
                 link->matrix->n_cols != theirs->matrix->n_cols))
                return sg_fail(err, SG_EINVAL,
                               "link '%s' is %zu x %zu here and %zu x %zu in the network it is "
                               "measured against",
                               link->name, link->matrix->n_rows, link->matrix->n_cols,
                               theirs->matrix->n_rows, theirs->matrix->n_cols);
        }
    }
    return SG_OK;
}

void *sg_measured_kept(const sg_measured *m, sg_kept slot)
{
    return m->kept[slot].data;
}

void sg_measured_keep(sg_measured *m, sg_kept slot, void *data, void (*free)(void *data))
{
    assert(!m->kept[slot].data);
    m->kept[slot] = (sg_kept_slot){data, free};
}

void sg_measured_free(sg_measured *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < SG_N_KEPT; i++)
        if (m->kept[i].data)
            m->kept[i].release(m->kept[i].data);
    for (size_t i = 0; m->side && i < m->n_links; i++)
        for (size_t side = 0; side < SG_N_SIDES; side++)
            sg_free(m->side[i][side].degree);
    sg_free(m->side);
    sg_free(m->has_sides);
    sg_free(m->change);
    sg_free(m->n_active);
    sg_free(m);
}
SG_DEFINE_CLEANUP(sg_measured, sg_measured_free)

sg_status sg_measured_new(const sg_snapshot *s, const sg_measured_params *params, sg_measured **ret,
                          sg_error *err)
{
    const sg_measured_params none = {0};
    if (!params)
        params = &none;
    SG_TRY(check_shapes(s, params->previous, err));
    SG_TRY(check_shapes(s, params->start, err));

    SG_CLEANUP(sg_measured_free_cleanup_) sg_measured *m = SG_NEW(sg_measured);
    if (!m)
        return sg_fail_memory(err, "measuring a network");
    m->snapshot = s;
    m->params = *params;
    m->n_layers = sg_snapshot_n_layers(s);
    m->n_links = sg_snapshot_n_links(s);
    m->side = sg_alloc(m->n_links, sizeof *m->side);
    m->has_sides = SG_NEW_ARRAY(bool, m->n_links);
    m->change = sg_alloc(m->n_links, sizeof *m->change);
    m->n_active = SG_NEW_ARRAY(size_t, m->n_layers);
    if (!m->side || !m->has_sides || !m->change || !m->n_active)
        return sg_fail_memory(err, "measuring a network");
    *ret = SG_TAKE(m);
    return SG_OK;
}

size_t sg_measured_n_subjects(const sg_measured *m, sg_scope scope)
{
    switch (scope) {
    case SG_SCOPE_LINK:
        return m->n_links;
    case SG_SCOPE_LAYER:
        return m->n_layers;
    case SG_SCOPE_WHOLE:
        return 1;
    }
    return 0;
}

const char *sg_measured_subject(const sg_measured *m, sg_scope scope, size_t subject)
{
    if (subject >= sg_measured_n_subjects(m, scope))
        return NULL;
    switch (scope) {
    case SG_SCOPE_LINK:
        return sg_snapshot_link(m->snapshot, subject)->name;
    case SG_SCOPE_LAYER:
        return sg_snapshot_layer(m->snapshot, subject)->name;
    case SG_SCOPE_WHOLE:
        return "network";
    }
    return NULL;
}

sg_status sg_measure_value(const sg_measure *measure, sg_measured *m, size_t subject, double *ret,
                           sg_error *err)
{
    const size_t n = sg_measured_n_subjects(m, measure->scope);
    if (subject >= n)
        return sg_fail(err, SG_EINVAL, "measure %s: subject %zu of %zu", measure->name, subject, n);
    return measure->compute(measure, m, subject, ret, err);
}
