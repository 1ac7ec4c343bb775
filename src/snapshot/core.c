/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/status.h"
#include "sparse/set_removal.h"
#include "sparsegraph/snapshot.h"

#include <stdio.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

static bool is_full(const sg_csr *m)
{
    return m->n_links == (uint64_t)m->n_rows * m->n_cols;
}

/* Copies the links where keep is true. */
static sg_status filter(const sg_csr *m, const bool *keep, size_t n_kept, sg_csr **ret,
                        sg_error *err)
{
    sg_csr *kept = NULL;
    SG_TRY(sg_csr_new(m->n_rows, m->n_cols, n_kept, true, &kept, err));
    uint64_t at = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            if (!keep[k])
                continue;
            kept->col[at] = m->col[k];
            kept->value[at++] = m->value[k];
        }
        kept->row_start[row + 1] = at;
    }
    *ret = kept;
    return SG_OK;
}

static sg_status core_of_link(const sg_link *link, double zeta, sg_csr **ret, sg_error *err)
{
    const sg_csr *m = link->matrix;
    if (is_full(m))
        return sg_csr_copy(m, ret, err);
    if (!m->value)
        return sg_fail(err, SG_EINVAL, "link '%s' has no weights, so it has no core", link->name);

    SG_AUTOFREE bool *keep = SG_NEW_ARRAY(bool, m->n_links);
    if (!keep)
        return sg_fail_memory(err, "choosing the core connections");
    sg_set_removal removed = {0};
    const sg_status status = sg_set_removal_mask(m->value, m->n_links, zeta, keep, &removed, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "link '%s'", link->name);
    const size_t n_kept = m->n_links - removed.positive - removed.negative - removed.zero;
    return filter(m, keep, n_kept, ret, err);
}

static sg_status copy_rest(const sg_snapshot *s, sg_snapshot *ret, sg_error *err)
{
    for (size_t i = 0; i < sg_snapshot_n_tensors(s); i++)
        SG_TRY(sg_snapshot_add_tensor(ret, sg_snapshot_tensor(s, i), err));
    for (size_t i = 0; i < sg_snapshot_n_meta(s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(s, i, &key, &value);
        SG_TRY(sg_snapshot_set_meta(ret, key, value, err));
    }
    return SG_OK;
}

sg_status sg_snapshot_core(const sg_snapshot *s, double zeta, sg_snapshot **ret, sg_error *err)
{
    if (!(zeta >= 0.0 && zeta <= 1.0)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "zeta must lie in [0, 1], got %g", zeta);
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *core = NULL;
    SG_TRY(sg_snapshot_new(&core, err));

    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        SG_TRY(sg_snapshot_add_layer(core, sg_snapshot_layer(s, i), err));
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
        SG_TRY(core_of_link(link, zeta, &m, err));
        SG_TRY(sg_snapshot_add_link(core, link->name, link->from, link->to, m, err));
        m = NULL; /* the snapshot has taken it over */
    }
    SG_TRY(copy_rest(s, core, err));
    char text[32];
    (void)snprintf(text, sizeof text, "%.17g", zeta);
    SG_TRY(sg_snapshot_set_meta(core, "core_zeta", text, err));
    *ret = SG_TAKE(core);
    return SG_OK;
}
