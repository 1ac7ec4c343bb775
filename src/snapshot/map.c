/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/map.h"

#include "base/memory.h"

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

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

sg_status sg_snapshot_map(const sg_snapshot *s, sg_link_maker make, void *user, sg_snapshot **ret,
                          sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *made = NULL;
    SG_TRY(sg_snapshot_new(&made, err));
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        SG_TRY(sg_snapshot_add_layer(made, sg_snapshot_layer(s, i), err));
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
        SG_TRY(make(link, i, user, &m, err));
        SG_TRY(sg_snapshot_add_link(made, link->name, link->from, link->to, m, err));
        m = NULL; /* the snapshot has taken it over */
    }
    SG_TRY(copy_rest(s, made, err));
    *ret = SG_TAKE(made);
    return SG_OK;
}
