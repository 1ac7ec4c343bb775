/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/run_writer.h"
#include "train/meta.h"
#include "train/trainer.h"

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

sg_status sg_checkpoint_write(const sg_trainer *t, sg_error *err)
{
    if (!sg_trainer_writes(t))
        return SG_OK;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_network_to_snapshot(t->net, (sg_input_shape){0}, true, &s, err));
    SG_TRY(sg_meta_set_count(s, "checkpoint.epoch", t->at.epoch, err));
    SG_TRY(sg_meta_set_count(s, "checkpoint.batch", t->at.batch, err));
    SG_TRY(sg_meta_set_count(s, "checkpoint.n_correct", t->at.score.n_correct, err));
    SG_TRY(sg_meta_set_count(s, "checkpoint.n_samples", t->at.score.n_samples, err));
    SG_TRY(sg_meta_set_real(s, "checkpoint.loss", t->at.score.loss, SG_META_EXACT, err));
    SG_TRY(sg_meta_set_real(s, "checkpoint.train_s", t->at.train_s, SG_META_EXACT, err));
    return sg_run_write_checkpoint(t->run_path, s, err);
}

static bool read_position(const sg_snapshot *s, sg_position *at)
{
    return sg_meta_count(s, "checkpoint.epoch", &at->epoch) &&
           sg_meta_count(s, "checkpoint.batch", &at->batch) &&
           sg_meta_count(s, "checkpoint.n_correct", &at->score.n_correct) &&
           sg_meta_count(s, "checkpoint.n_samples", &at->score.n_samples) &&
           sg_meta_real(s, "checkpoint.loss", &at->score.loss) &&
           sg_meta_real(s, "checkpoint.train_s", &at->train_s);
}

sg_status sg_checkpoint_read(sg_trainer *t, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_run_read_checkpoint(t->run_path, &s, err));
    sg_position at = {0};
    if (!read_position(s, &at) || at.epoch < 1 || at.epoch > t->params->n_epochs ||
        at.batch > t->n_batches)
        return sg_fail(err, SG_EFORMAT,
                       "the checkpoint of '%s' does not say where training stands; train anew with "
                       "--overwrite",
                       t->run_path);
    SG_TRY(sg_network_from_checkpoint(t->params, sg_dataset_n_features(t->data),
                                      sg_dataset_n_classes(t->data), s, &t->net, err));
    t->at = at;
    return SG_OK;
}
