/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_SWEEP_H
#define SPARSEGRAPH_SWEEP_H

/**
 * @file sweep.h  Many runs of one setting under several methods and seeds: which there are to be,
 * how far each has come, and how folders from several machines become one.
 *
 *     FOLDER/plan.json       the settings and the list of runs; written when training begins
 *     FOLDER/METHOD-seed-N/  a run directory each (run.h): set-seed-1, fixed-seed-1, …
 *     FOLDER/sweep.json      what came out: accuracy and links of each run; written once all the
 *                            runs of the plan are complete
 *
 * sg_sweep_train() (sweep_train.h) makes such a folder, or a part of one.
 */

#include "progress.h"
#include <stdbool.h>
#include <stdint.h>

SG_BEGIN_DECLS

typedef struct sg_sweep sg_sweep;

/** How far a run has come. */
typedef enum sg_run_stage {
    SG_RUN_ABSENT = 0,  /**< nothing is there */
    SG_RUN_BEGUN,       /**< stopped before its first checkpoint: it has to begin anew */
    SG_RUN_INTERRUPTED, /**< a checkpoint is there: training goes on from it, or is still going on
                         */
    SG_RUN_COMPLETE,    /**< all of its epochs are trained */
} sg_run_stage;

/** Returns "absent", "begun", "interrupted" or "complete", never NULL. */
SG_API const char *sg_run_stage_name(sg_run_stage stage);

/** One run of a plan; borrowed from its sweep. */
typedef struct sg_sweep_run {
    const char *name;   /**< of its folder: "set-seed-1" */
    const char *method; /**< "set" */
    uint64_t seed;
    size_t shard;     /**< which part of the dealing has it, from 1; 0 where it was not dealt, or in
                           several ways */
    const char *path; /**< where it is, NULL where it is absent; of several copies the farthest */
    sg_run_stage stage;
    long epoch;           /**< the last one tested; -1 where there is none */
    double test_accuracy; /**< of that epoch, fraction in [0, 1]; NaN where it is not known */
    double links;         /**< connections at that epoch; NaN where it is not known */
} sg_sweep_run;

/** Returns whether a path is a folder of runs with a plan. */
SG_API bool sg_sweep_is(const char *path);

/**
 * Opens one or several folders of one plan, or of plans of the same settings, as one sweep.
 *
 * The plans must agree in all settings but method and seed. Each run found must have the settings
 * of the plan and the method and seed of its name, and be trained on the same data (SHA-256). Where
 * a run is complete in several folders, its copies must be the same: every snapshot byte by byte,
 * the metrics but for their times. Of a complete run the first and last epoch's snapshots (and of
 * SET the final one) must be there, and each snapshot's header must fit its file's size.
 *
 * @retval SG_ENOTFOUND  a folder is not there or has no plan.
 * @retval SG_EINVAL     plans or runs that differ; the message names the setting, or the file.
 * @retval SG_EFORMAT    a plan, manifest, metrics file or snapshot is broken.
 */
SG_API SG_CHECKED sg_status sg_sweep_open(const char *const *folders, size_t n_folders,
                                          sg_sweep **ret, sg_error *err);

/** Closes a sweep; NULL is allowed. */
SG_API void sg_sweep_free(sg_sweep *s);

/** Return the runs of the plan, in its order: their number, and the i-th. */
SG_API size_t sg_sweep_n_runs(const sg_sweep *s);
SG_API const sg_sweep_run *sg_sweep_run_at(const sg_sweep *s, size_t i);

/** Returns how many of them are complete. */
SG_API size_t sg_sweep_n_complete(const sg_sweep *s);

/** Returns into how many shards the plan was dealt; 0 where it was not, or in several ways. */
SG_API size_t sg_sweep_n_shards(const sg_sweep *s);

/** Returns the command that trains a run of the plan but for methods, seeds and folder
 * ("sparsegraph train digits --epochs 5"), borrowed, or NULL where it is not known. */
SG_API const char *sg_sweep_command(const sg_sweep *s);

/** Makes the text of sweep.json, whose runs are the complete ones; *ret is the caller's, sg_free().
 * The same runs give the same bytes, wherever they lie. @retval SG_ENOMEM no memory. */
SG_API SG_CHECKED sg_status sg_sweep_json(const sg_sweep *s, char **ret, sg_error *err);

/** Writes sweep.json into a folder, atomically. @retval SG_EIO the system refused. */
SG_API SG_CHECKED sg_status sg_sweep_write_index(const sg_sweep *s, const char *folder,
                                                 sg_error *err);

/**
 * Brings the complete runs of a sweep into one folder, and writes its plan and its index.
 *
 * A run appears there whole or not at all: its files are linked, where the file system can do so,
 * or copied under another name, which is then changed. Snapshots are never changed once written, so
 * a link is as good as a copy. A run that is already in the folder stays; an unfinished one there
 * gives way to its complete copy. What was stopped goes on when called again.
 *
 * Runs that are not complete are left out: ask for sg_sweep_n_complete() before.
 *
 * @param progress  may be NULL; the stage is "runs".
 *
 * @retval SG_EINVAL       the folder holds something else, or is being written by another process.
 * @retval SG_EIO          the system refused; what is there is sound.
 * @retval SG_EINTERRUPTED stopped by the caller.
 */
SG_API SG_CHECKED sg_status sg_sweep_gather(const sg_sweep *s, const char *folder,
                                            const sg_progress *progress, sg_error *err);

SG_END_DECLS

#endif
