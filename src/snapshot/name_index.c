/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/name_index.h"

#include "base/memory.h"

#include <string.h>

void sg_name_index_free(sg_name_index *index)
{
    sg_free(index->entries);
    *index = (sg_name_index){0};
}

/* Returns where a name is, or where it belongs. */
static size_t lower_bound(const sg_name_index *index, const char *name)
{
    size_t low = 0;
    size_t high = index->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(index->entries[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool sg_name_index_find(const sg_name_index *index, const char *name, size_t *position)
{
    const size_t at = lower_bound(index, name);
    if (at == index->n || strcmp(index->entries[at].name, name) != 0)
        return false;
    if (position)
        *position = index->entries[at].position;
    return true;
}

sg_status sg_name_index_reserve(sg_name_index *index, sg_error *err)
{
    const size_t n = index->n;
    if (n & (n - 1)) /* capacities are powers of two, so there is room but for 0 and those */
        return SG_OK;
    sg_named *larger = sg_resize(index->entries, n > 0 ? 2 * n : 1, sizeof *larger);
    if (!larger)
        return sg_fail_memory(err, "growing a snapshot");
    index->entries = larger;
    return SG_OK;
}

void sg_name_index_add(sg_name_index *index, const char *name, size_t position)
{
    const size_t at = lower_bound(index, name);
    memmove(index->entries + at + 1, index->entries + at, (index->n - at) * sizeof *index->entries);
    index->entries[at] = (sg_named){.name = name, .position = position};
    index->n++;
}
