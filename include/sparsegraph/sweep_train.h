/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_SWEEP_TRAIN_H
#define SPARSEGRAPH_SWEEP_TRAIN_H

/** @file sweep_train.h  Training of many runs that differ in method and seed, or of a part of them.
 */

#include "sweep.h"
#include "train.h"

SG_BEGIN_DECLS

/** Which runs there are to be, and which of them are done here. */
typedef struct sg_sweep_params {
    /** What all runs share. Its method, seed and overwrite are not looked at; its ranks must be one
       alone. */
    sg_train_params train;
    const sg_method *methods; /**< (n_methods) each with every seed; caller's */
    size_t n_methods;
    const uint64_t *seeds; /**< (n_seeds) caller's */
    size_t n_seeds;
    /** This call does part `shard` (from 1) of n_shards. Runs are numbered from 0, methods before
       seeds, and run i belongs to part i mod n_shards + 1. 0 and 0: all of them. */
    size_t shard;
    size_t n_shards;
    const char *command; /**< as sg_sweep_command() returns it; may be NULL */
} sg_sweep_params;

/** A run of the part about to be trained, or looked at. */
typedef struct sg_sweep_step {
    const char *name; /**< "set-seed-1" */
    const char *path; /**< its directory */
    sg_method method;
    uint64_t seed;
    size_t i;           /**< its number in this part, from 0 */
    size_t n;           /**< runs of this part */
    sg_run_stage stage; /**< how far it had come before; a complete run is left alone */
    long epoch;         /**< the last one tested before, or -1 */
} sg_sweep_step;

/** A caller's ear and brake. All members may be zero. */
typedef struct sg_sweep_watch {
    sg_train_watch train; /**< of the run in training; its `stop` ends the whole */
    void (*begin)(void *user, const sg_sweep_step *step);
    /** Called with what became of the run; err tells of a failure. */
    void (*end)(void *user, const sg_sweep_step *step, sg_status status, const sg_error *err);
    void *user; /**< of begin and end */
} sg_sweep_watch;

/**
 * Trains runs one after another into a folder (sweep.h), each as sg_train() would: the bytes of its
 * snapshots are the same.
 *
 * Complete runs are left alone, interrupted ones go on from their checkpoint, so calling it again
 * continues. Several processes, on machines that share the folder or not, may each do a part. A run
 * that fails, or that another process is writing, does not stop the others, unless there is no
 * memory or no room; the first failure is returned in the end. A folder that has a plan already
 * takes more runs of the same settings. Where the whole plan is complete in the end, sweep.json is
 * written.
 *
 * @param data   the data set of params->train.data, already loaded; NULL: it is loaded here if any
 *               run is to be trained.
 * @param watch  may be NULL.
 *
 * @retval SG_EINVAL        a setting outside its domain, a run twice in the list, a part that is
 *                          none, or another plan in the folder; of a run: as sg_train().
 * @retval SG_EUNSUPPORTED  several ranks: runs are dealt by shards.
 * @retval SG_EINTERRUPTED  stopped by the caller; the run in training has a checkpoint.
 * And each error of sg_train() and sg_train_resume(), with the run before it.
 */
SG_API SG_CHECKED sg_status sg_sweep_train(const sg_sweep_params *params, const sg_dataset *data,
                                           const char *folder, const sg_sweep_watch *watch,
                                           sg_error *err);

SG_END_DECLS

#endif
