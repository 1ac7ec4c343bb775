/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_MAP_H
#define SG_SNAPSHOT_MAP_H

#include "base/status.h"
#include "sparsegraph/snapshot.h"

/* Makes the matrix that takes a link's place, of the same shape; the caller's. */
typedef sg_status (*sg_link_maker)(const sg_link *link, size_t i, void *user, sg_csr **ret,
                                   sg_error *err);

/* Makes a network like s, everything copied, but for the matrices of its links. */
sg_status sg_snapshot_map(const sg_snapshot *s, sg_link_maker make, void *user, sg_snapshot **ret,
                          sg_error *err) SG_CHECKED;

#endif
