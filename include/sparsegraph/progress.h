/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_PROGRESS_H
#define SPARSEGRAPH_PROGRESS_H

/** @file progress.h  How long work tells its caller where it stands, and how the caller stops it.
 */

#include "error.h"
#include <signal.h>
#include <stddef.h>

SG_BEGIN_DECLS

/** A caller's ear and brake for long work. All members may be zero. */
typedef struct sg_progress {
    /**
     * Called on the calling thread after each finished item; may be NULL.
     *
     * @param user   the member `user` below.
     * @param stage  what is being done, e.g. "snapshots"; valid during the call.
     * @param done   finished items, 0 at the start of a stage.
     * @param total  items of this stage.
     */
    void (*update)(void *user, const char *stage, size_t done, size_t total);
    void *user;
    /** Work ends with SG_EINTERRUPTED soon after *stop becomes nonzero; may be NULL. */
    const volatile sig_atomic_t *stop;
} sg_progress;

SG_END_DECLS

#endif
