/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_POOL_H
#define SG_BASE_POOL_H

/* Many independent items over forked worker processes: igraph is not thread-safe, and a crash costs
 * one item. */

#include "base/text.h"
#include "sparsegraph/progress.h"

typedef struct sg_pool_job {
    const char *stage; /* for the progress, e.g. "snapshots" */
    size_t n_items;
    size_t n_workers; /* 0 = one a processor; 1 still forks, so that a crash is survived */
    void *user;
    /*
     * Runs in a worker: does item i and appends its result. It must not write files that others
     * write; its OpenMP regions run serially, and Ctrl-C is left to the caller's process.
     */
    sg_status (*work)(size_t i, void *user, sg_text *result, sg_error *err);
    /* Runs in the caller, in the order of the items: takes the result of item i. */
    sg_status (*take)(size_t i, void *user, const char *result, size_t n, sg_error *err);
    /* Names an item in messages, e.g. the path of its snapshot; borrowed. May be NULL. */
    const char *(*name)(size_t i, void *user);
} sg_pool_job;

/*
 * Runs every item. A failing item fails the run with its own status and message, prefixed by its
 * name; a worker that dies by a signal gives SG_EWORKER with the item's name and the signal; of
 * several failures the first in the order of the items is told, and what stands before it was
 * taken. SG_EINTERRUPTED soon after the stop flag is set. No child is left behind in any case.
 */
sg_status sg_pool_run(const sg_pool_job *job, const sg_progress *progress,
                      sg_error *err) SG_CHECKED;

/* Returns the number of processors of the affinity mask, at least 1. */
size_t sg_n_processors(void);

#endif
