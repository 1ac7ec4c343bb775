/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/node_table.h"

#include <string.h>

void sg_node_table_free(sg_node_table *t)
{
    sg_free(t->names.start);
    sg_free(t->names.bytes);
    sg_free(t->slot);
    *t = (sg_node_table){0};
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_of(const char *name, size_t n)
{
    uint64_t h = 14695981039346656037U;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)name[i]) * 1099511628211U;
    return h ^ h >> 32;
}

/* Returns the slot that holds the name, or the free one where it belongs. */
static size_t find_slot(const sg_node_table *t, const char *name, size_t n)
{
    size_t i = (size_t)hash_of(name, n) & (t->n_slots - 1);

    while (t->slot[i] != 0) {
        const char *other = t->names.bytes + t->names.start[t->slot[i] - 1];
        if (strncmp(other, name, n) == 0 && other[n] == '\0')
            break;
        i = (i + 1) & (t->n_slots - 1);
    }
    return i;
}

static sg_status grow_slots(sg_node_table *t, sg_error *err)
{
    const size_t n_slots = t->n_slots ? 2 * t->n_slots : 256;
    uint32_t *old = t->slot;
    uint32_t *slot = SG_NEW_ARRAY(uint32_t, n_slots);
    if (!slot)
        return sg_fail_memory(err, "numbering nodes");
    t->slot = slot;
    t->n_slots = n_slots;
    for (size_t v = 0; v < t->names.n; v++) {
        const char *name = t->names.bytes + t->names.start[v];
        slot[find_slot(t, name, strlen(name))] = (uint32_t)v + 1;
    }
    sg_free(old);
    return SG_OK;
}

sg_status sg_names_append(sg_node_table *t, const char *name, size_t n, sg_error *err)
{
    if (t->names.n == SG_GRAPH_COUNT_MAX)
        return sg_fail(err, SG_EINVAL, "more than %zu nodes", SG_GRAPH_COUNT_MAX);
    if (t->names.n == t->n_start_capacity) {
        const size_t capacity = t->n_start_capacity ? 2 * t->n_start_capacity : 128;
        size_t *start = sg_resize(t->names.start, capacity, sizeof *start);
        if (!start)
            return sg_fail_memory(err, "naming nodes");
        t->names.start = start;
        t->n_start_capacity = capacity;
    }
    if (n >= t->n_bytes_capacity - t->n_bytes) {
        const size_t capacity = 2 * t->n_bytes_capacity + n + 1024;
        char *bytes = sg_resize(t->names.bytes, capacity, 1);
        if (!bytes)
            return sg_fail_memory(err, "naming nodes");
        t->names.bytes = bytes;
        t->n_bytes_capacity = capacity;
    }
    t->names.start[t->names.n++] = t->n_bytes;
    memcpy(t->names.bytes + t->n_bytes, name, n);
    t->names.bytes[t->n_bytes + n] = '\0';
    t->n_bytes += n + 1;
    return SG_OK;
}

sg_status sg_node_table_number(sg_node_table *t, const char *name, size_t n, uint32_t *ret,
                               sg_error *err)
{
    if (2 * (t->names.n + 1) > t->n_slots)
        SG_TRY(grow_slots(t, err));
    const size_t i = find_slot(t, name, n);
    if (t->slot[i] == 0) {
        SG_TRY(sg_names_append(t, name, n, err));
        t->slot[i] = (uint32_t)t->names.n;
    }
    *ret = t->slot[i] - 1;
    return SG_OK;
}

void sg_node_table_give(sg_node_table *t, sg_graph *g)
{
    g->names = t->names;
    t->names = (sg_names){0};
    sg_node_table_free(t);
}
