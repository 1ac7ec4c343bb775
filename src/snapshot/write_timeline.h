/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_WRITE_TIMELINE_H
#define SG_SNAPSHOT_WRITE_TIMELINE_H

/* When each connection was there, gathered from one snapshot after the other. */

#include "base/memory.h"
#include "base/status.h"
#include "sparsegraph/csr.h"
#include <stdbool.h>
#include <stdint.h>

#define SG_NO_STRETCH UINT32_MAX

/* A connection from one moment to another, both included, with its weight; moments count the
 * snapshots taken. */
typedef struct sg_stretch {
    uint32_t first;
    uint32_t last;
    float weight;
    uint32_t before; /* the one before of the same connection, or SG_NO_STRETCH */
} sg_stretch;

/* The stretches of all connections. Zero-initialise; sg_free(item). */
typedef struct sg_stretches {
    sg_stretch *item;
    size_t n;
    size_t capacity;
} sg_stretches;

/* Every connection that a link ever had, as a compressed matrix. Zero-initialise. */
typedef struct sg_link_past {
    size_t n_rows;
    uint64_t *row_start; /* (n_rows + 1) */
    uint32_t *col;
    uint32_t *latest; /* the latest stretch of each connection */
} sg_link_past;

void sg_link_past_free(sg_link_past *past);

/*
 * Adds a link as it was at a moment; moments ascend by one. A stretch goes on where the connection
 * was there the moment before and, with each_weight, weighed the same; its weight is its last.
 */
sg_status sg_link_past_add(sg_link_past *past, const sg_csr *m, uint32_t moment, bool each_weight,
                           sg_stretches *stretches, sg_error *err) SG_CHECKED;

#endif
