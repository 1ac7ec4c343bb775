/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_RUN_WRITER_H
#define SG_SNAPSHOT_RUN_WRITER_H

/* How the trainer fills a run directory. The public sparsegraph/run.h reads it again. */

#include "base/lock.h"
#include "base/status.h"
#include "sparsegraph/run.h"
#include <stdbool.h>

/*
 * Makes the directory with snapshots/ in it and writes manifest.json, whose text is one JSON
 * object.
 *
 * A directory that is not empty and holds no run is refused (SG_EINVAL), and so is an existing run
 * unless overwrite is true. Overwriting removes the manifest, metrics, checkpoint and snapshots,
 * and what analyze and report wrote of them under fixed names; a user's own files stay.
 */
sg_status sg_run_create(const char *path, const char *manifest, bool overwrite,
                        sg_error *err) SG_CHECKED;

/*
 * Makes sure that nobody else writes the run at a path, which is made where it is missing, until
 * sg_lock_free(). SG_EINVAL: a file stands there, or another process (named) is writing the run.
 */
sg_status sg_run_lock(const char *path, sg_lock **ret, sg_error *err) SG_CHECKED;

/* Removes what sg_run_create() would remove; the directory stays. Nobody may be writing the run. */
sg_status sg_run_remove(const char *path, sg_error *err) SG_CHECKED;

/* Writes manifest.json anew, atomically. SG_EINVAL: the text is no JSON object. */
sg_status sg_run_write_manifest(const char *path, const char *manifest, sg_error *err) SG_CHECKED;

/* Writes snapshots/epoch-0000.safetensors (four digits or more); epoch >= 0. */
sg_status sg_run_write_snapshot(const char *path, long epoch, const sg_snapshot *s,
                                sg_error *err) SG_CHECKED;

/* Writes snapshots/final.safetensors. */
sg_status sg_run_write_final(const char *path, const sg_snapshot *s, sg_error *err) SG_CHECKED;

/* Appends one line to metrics.jsonl; numbers read back equal, NaN and infinities become null. */
sg_status sg_run_append_metrics(const char *path, const sg_epoch_metrics *m,
                                sg_error *err) SG_CHECKED;

/*
 * Drops the lines of epochs after last_epoch and a half-written last line, atomically: what a
 * resumed training does before it goes on. Members that sg_epoch_metrics does not have go too. No
 * file is fine.
 */
sg_status sg_run_truncate_metrics(const char *path, long last_epoch, sg_error *err) SG_CHECKED;

/* Removes the temporary files that a killed training left behind; nobody may be writing the run. */
sg_status sg_run_remove_half_written(const char *path, sg_error *err) SG_CHECKED;

/*
 * The checkpoint is a snapshot: the network, further state as extra tensors ("velocity.LINK"), and
 * counters as metadata. Reading: SG_ENOTFOUND where the run has none.
 */
sg_status sg_run_write_checkpoint(const char *path, const sg_snapshot *s, sg_error *err) SG_CHECKED;
sg_status sg_run_read_checkpoint(const char *path, sg_snapshot **ret, sg_error *err) SG_CHECKED;

/* Removes the checkpoint; none is fine. */
sg_status sg_run_remove_checkpoint(const char *path, sg_error *err) SG_CHECKED;

#endif
