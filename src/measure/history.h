/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_HISTORY_H
#define SG_MEASURE_HISTORY_H

/*
 * What more than two networks tell: how long each connection has been there, what came back, what
 * was ever tried. One pass over the networks in the order of their epochs, before they are measured
 * one by one. Time O(connections + connections ever there) an epoch, memory the latter.
 */

#include "sparsegraph/measure.h"

/*
 * One link at one epoch t. A connection's age is the number of epochs since it last appeared: 0 for
 * one that epoch t - 1 lacks. What is removed and regrown between two snapshots was never away.
 */
typedef struct sg_link_history {
    double n_cells;      /* receiving x sending neurons */
    uint64_t n_here;     /* connections at t */
    uint64_t n_ever;     /* there at any epoch from 0 to t */
    uint64_t n_grown;    /* here, not at t - 1 */
    uint64_t n_regrown;  /* of those, there at some epoch before t - 1 */
    uint64_t n_gone;     /* there at t - 2, not at t - 1 */
    uint64_t n_returned; /* of those, back at t */
    uint64_t age_sum;    /* epochs, over the connections at t */
    double age_median;   /* NaN where there is no connection */
    uint64_t age_max;
} sg_link_history;

sg_status sg_history_new(sg_history **ret, sg_error *err) SG_CHECKED;
void sg_history_free(sg_history *h); /* NULL is allowed */

/*
 * Adds the network of an epoch. Nothing is known from the first epoch on that does not follow the
 * one before (the first must be 0), or whose links are other than those of epoch 0; such a network
 * is no error. Returns SG_ENOMEM alone; the history then stays as it was.
 */
sg_status sg_history_add(sg_history *h, const sg_snapshot *s, long epoch, sg_error *err) SG_CHECKED;

/* Returns whether a further network would be of use. */
bool sg_history_is_open(const sg_history *h);

/* Drops what only sg_history_add() needs. */
void sg_history_close(sg_history *h);

/* Returns a link at an epoch, borrowed, or NULL where that is not known. h may be NULL. */
const sg_link_history *sg_history_link(const sg_history *h, long epoch, const char *link);

/* Returns whether a measure is NaN without a history. */
bool sg_measure_needs_history(const sg_measure *measure);

#endif
