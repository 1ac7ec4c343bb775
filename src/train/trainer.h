/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_TRAINER_H
#define SG_TRAIN_TRAINER_H

/* A run in progress: what the loop, the checkpoint and the manifest share. */

#include "base/json.h"
#include "train/pass.h"
#include "train/rule.h"

/* How far training has come; what a checkpoint records beside the network. */
typedef struct sg_position {
    size_t epoch;   /* in progress, from 1 */
    size_t batch;   /* batches done in it */
    sg_score score; /* of these batches */
    double train_s; /* spent on them */
} sg_position;

typedef struct sg_trainer {
    const sg_train_params *params;
    const sg_dataset *data;
    const char *run_path;
    const sg_train_watch *watch; /* never NULL */
    const sg_rule *rule;
    sg_network *net;
    sg_pass *pass;
    uint32_t *order; /* (n_train) the samples of this epoch */
    size_t n_batches;
    sg_position at;
    double start_s;  /* of the clock, when the call began */
    double saved_s;  /* and when the last checkpoint was written */
    double saving_s; /* what that took */
} sg_trainer;

/* Returns a monotonic clock's time in seconds. */
double sg_clock_s(void);

/* Returns whether this rank writes the run and is heard. */
bool sg_trainer_writes(const sg_trainer *t);

/* Writes RUN/checkpoint.safetensors, on the rank that writes. */
sg_status sg_checkpoint_write(const sg_trainer *t, sg_error *err) SG_CHECKED;

/* Reads it into t->net (new) and t->at. SG_EFORMAT: broken, or not of these settings. */
sg_status sg_checkpoint_read(sg_trainer *t, sg_error *err) SG_CHECKED;

/* Returns the manifest's text for a new run (sg_free). */
sg_status sg_manifest_text(const sg_train_params *p, const sg_dataset *data, char **ret,
                           sg_error *err) SG_CHECKED;

/* Checks that the data's files are those whose SHA-256 the manifest records. SG_EFORMAT: they
 * changed. */
sg_status sg_manifest_check_data(const sg_json *manifest, const sg_dataset *data,
                                 sg_error *err) SG_CHECKED;

/* sg_train_resume() by this process alone, with the data already loaded; NULL: they are loaded
 * here. */
sg_status sg_train_resume_on(const char *run_path, const sg_dataset *data, size_t n_threads,
                             const sg_train_watch *watch, sg_error *err) SG_CHECKED;

/* A digest of what all ranks have to share: settings and data. SG_ENOMEM. */
sg_status sg_manifest_digest(const sg_train_params *p, const sg_dataset *data, uint64_t *ret,
                             sg_error *err) SG_CHECKED;

/* Trains from t->at to the end; t->net is there. Fills t->pass and t->order itself. Ranks return
 * with the same status. */
sg_status sg_trainer_run(sg_trainer *t, sg_error *err) SG_CHECKED;

/* Frees the network and buffers, not what was borrowed. */
void sg_trainer_clear(sg_trainer *t);

#endif
