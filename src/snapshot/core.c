/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/status.h"
#include "snapshot/map.h"
#include "sparse/set_removal.h"
#include "sparsegraph/snapshot.h"

#include <stdio.h>

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

static sg_status make_core(const sg_link *link, size_t i, void *user, sg_csr **ret, sg_error *err)
{
    (void)i;
    const double *zeta = user;
    return core_of_link(link, *zeta, ret, err);
}

sg_status sg_snapshot_core(const sg_snapshot *s, double zeta, sg_snapshot **ret, sg_error *err)
{
    if (!(zeta >= 0.0 && zeta <= 1.0)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "zeta must lie in [0, 1], got %g", zeta);
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *core = NULL;
    SG_TRY(sg_snapshot_map(s, make_core, &zeta, &core, err));
    char text[32];
    (void)snprintf(text, sizeof text, "%.17g", zeta);
    SG_TRY(sg_snapshot_set_meta(core, "core_zeta", text, err));
    *ret = SG_TAKE(core);
    return SG_OK;
}
