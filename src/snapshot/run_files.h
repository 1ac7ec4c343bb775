/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_RUN_FILES_H
#define SG_SNAPSHOT_RUN_FILES_H

/* The names of what a run directory holds: one place for its reader and its writer. */

#define SG_RUN_MANIFEST   "manifest.json"
#define SG_RUN_METRICS    "metrics.jsonl"
#define SG_RUN_CHECKPOINT "checkpoint.safetensors"
#define SG_RUN_SNAPSHOTS  "snapshots"
#define SG_RUN_FINAL      "snapshots/final.safetensors"
#define SG_RUN_LOCK       ".lock"

enum {
    SG_RUN_MANIFEST_BYTES_MAX = 64 << 20,
    SG_RUN_METRICS_BYTES_MAX = 256 << 20,
};

/* Returns the epoch of a file's name "epoch-0012.safetensors", or -1 where it is another name. */
long sg_run_epoch_of_name(const char *name);

#endif
