/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_RUN_H
#define SPARSEGRAPH_RUN_H

/**
 * @file run.h  The run directory: what training leaves behind and analysis starts from.
 *
 *     RUN/manifest.json            command line, settings, versions, seed, SHA-256 of the inputs
 *     RUN/metrics.jsonl            one JSON object an epoch, epoch 0 = untrained
 *     RUN/snapshots/               epoch-0000.safetensors and on, final.safetensors
 *     RUN/checkpoint.safetensors   where an interrupted training goes on
 *     RUN/analysis/, figures/, report.html   what the later commands add
 */

#include "snapshot.h"

SG_BEGIN_DECLS

typedef struct sg_run sg_run;

/** What metrics.jsonl holds of one epoch; NaN where the file has no such number. */
typedef struct sg_epoch_metrics {
    long epoch;            /**< 0 = untrained */
    double train_s;        /**< wall time of the epoch's batches, s */
    double evolve_s;       /**< wall time of the topology change after the epoch, s */
    double test_s;         /**< wall time of the test pass, s */
    double snapshot_s;     /**< wall time of writing the snapshot, s */
    double train_loss;     /**< mean over the epoch's samples */
    double test_loss;      /**< mean over the test samples */
    double train_accuracy; /**< fraction in [0, 1] */
    double test_accuracy;  /**< fraction in [0, 1] */
    double links;          /**< connections stored */
    double density;        /**< connections / connections of the same layers fully connected */
} sg_epoch_metrics;

/**
 * Opens a run directory for reading: the manifest, the metrics and the list of snapshots.
 *
 * @retval SG_ENOTFOUND  no such directory, or neither a manifest nor a snapshot in it.
 * @retval SG_EFORMAT    the manifest or a line of the metrics is broken (a half-written last line
 * is dropped).
 */
SG_API SG_CHECKED sg_status sg_run_open(const char *path, sg_run **ret, sg_error *err);

/** Closes a run; NULL is allowed. */
SG_API void sg_run_free(sg_run *run);

/** Returns whether a path looks like a run directory (it holds manifest.json or snapshots/). */
SG_API bool sg_run_is(const char *path);

/** Returns the path as given to sg_run_open(), borrowed. */
SG_API const char *sg_run_path(const sg_run *run);

/** Returns the manifest's JSON text, borrowed; "{}" where there is none. */
SG_API const char *sg_run_manifest(const sg_run *run);

/** Returns a member of the manifest or of its "settings" as text ("method", "dataset", "seed", …),
 * borrowed, or NULL where it is absent, null or an object. A list of numbers is "1000,1000". */
SG_API const char *sg_run_setting(const sg_run *run, const char *key);

/** Returns the number of epochs with metrics, and the i-th, in ascending order of epochs. */
SG_API size_t sg_run_n_metrics(const sg_run *run);
SG_API const sg_epoch_metrics *sg_run_metrics(const sg_run *run, size_t i);

/** Returns the number of snapshots of an epoch (final.safetensors is not counted), in ascending
 * order of epochs. */
SG_API size_t sg_run_n_snapshots(const sg_run *run);

/** Returns the epoch of the i-th snapshot. */
SG_API long sg_run_snapshot_epoch(const sg_run *run, size_t i);

/** Returns the path of the i-th snapshot, borrowed. */
SG_API const char *sg_run_snapshot_path(const sg_run *run, size_t i);

/** Returns the path of final.safetensors (after SET's last removal), borrowed, or NULL where there
 * is none. */
SG_API const char *sg_run_final_path(const sg_run *run);

SG_END_DECLS

#endif
