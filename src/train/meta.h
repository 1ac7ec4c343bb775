/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_META_H
#define SG_TRAIN_META_H

/* Numbers as metadata of a snapshot, which holds text alone. */

#include "sparsegraph/snapshot.h"

enum {
    SG_META_READABLE = 9, /* significant digits for people */
    SG_META_EXACT = 17,   /* those that read back equal to the bit */
};

sg_status sg_meta_set_real(sg_snapshot *s, const char *key, double value, int n_digits,
                           sg_error *err) SG_CHECKED;
sg_status sg_meta_set_count(sg_snapshot *s, const char *key, uint64_t value,
                            sg_error *err) SG_CHECKED;

/* False where the entry is missing or no such number. */
bool sg_meta_real(const sg_snapshot *s, const char *key, double *ret);
bool sg_meta_count(const sg_snapshot *s, const char *key, size_t *ret);

#endif
