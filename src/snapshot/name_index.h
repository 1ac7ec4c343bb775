/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_NAME_INDEX_H
#define SG_SNAPSHOT_NAME_INDEX_H

/* Where each name is: a sorted list, so that a file of very many names cannot make reading slow. */

#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct sg_named {
    const char *name;
    size_t position;
} sg_named;

/* Zero-initialise. */
typedef struct sg_name_index {
    sg_named *entries;
    size_t n;
} sg_name_index;

void sg_name_index_free(sg_name_index *index);

/* Finds a name; position may be NULL. */
bool sg_name_index_find(const sg_name_index *index, const char *name, size_t *position);

/* Makes room for one more name, so that the next add cannot fail. */
sg_status sg_name_index_reserve(sg_name_index *index, sg_error *err) SG_CHECKED;

/* Adds a name that is not there yet; it is borrowed. */
void sg_name_index_add(sg_name_index *index, const char *name, size_t position);

#endif
