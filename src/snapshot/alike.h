/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_ALIKE_H
#define SG_SNAPSHOT_ALIKE_H

#include "sparsegraph/snapshot.h"
#include <stdbool.h>

/* Whether two networks have layers of the same sizes, and links between the same of them. */
bool sg_snapshots_are_alike(const sg_snapshot *a, const sg_snapshot *b);

#endif
