/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "snapshot/run_writer.h"
#include "train/trainer.h"

#include <inttypes.h>
#include <stdio.h>

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

/* 17 digits: doubles read back equal to the bit. */
static sg_status set_real(sg_snapshot *s, const char *key, double value, sg_error *err)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    return sg_snapshot_set_meta(s, key, text, err);
}

static sg_status set_count(sg_snapshot *s, const char *key, size_t value, sg_error *err)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%zu", value);
    return sg_snapshot_set_meta(s, key, text, err);
}

sg_status sg_checkpoint_write(const sg_trainer *t, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_network_to_snapshot(t->net, (sg_input_shape){0}, true, &s, err));
    SG_TRY(set_count(s, "checkpoint.epoch", t->at.epoch, err));
    SG_TRY(set_count(s, "checkpoint.batch", t->at.batch, err));
    SG_TRY(set_count(s, "checkpoint.n_correct", t->at.score.n_correct, err));
    SG_TRY(set_count(s, "checkpoint.n_samples", t->at.score.n_samples, err));
    SG_TRY(set_real(s, "checkpoint.loss", t->at.score.loss, err));
    SG_TRY(set_real(s, "checkpoint.train_s", t->at.train_s, err));
    return sg_run_write_checkpoint(t->run_path, s, err);
}

static bool get_count(const sg_snapshot *s, const char *key, size_t *ret)
{
    const char *text = sg_snapshot_meta(s, key);
    uint64_t value = 0;
    if (!text || !sg_parse_u64(text, &value))
        return false;
    *ret = (size_t)value;
    return true;
}

static bool get_real(const sg_snapshot *s, const char *key, double *ret)
{
    const char *text = sg_snapshot_meta(s, key);
    return text && sg_parse_double(text, ret);
}

static bool read_position(const sg_snapshot *s, sg_position *at)
{
    return get_count(s, "checkpoint.epoch", &at->epoch) &&
           get_count(s, "checkpoint.batch", &at->batch) &&
           get_count(s, "checkpoint.n_correct", &at->score.n_correct) &&
           get_count(s, "checkpoint.n_samples", &at->score.n_samples) &&
           get_real(s, "checkpoint.loss", &at->score.loss) &&
           get_real(s, "checkpoint.train_s", &at->train_s);
}

sg_status sg_checkpoint_read(sg_trainer *t, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_run_read_checkpoint(t->run_path, &s, err));
    sg_position at = {0};
    if (!read_position(s, &at) || at.epoch < 1 || at.epoch > t->params->n_epochs ||
        at.batch > t->n_batches)
        return sg_fail(err, SG_EFORMAT,
                       "the checkpoint of '%s' does not say where training stands; train anew",
                       t->run_path);
    SG_TRY(sg_network_from_checkpoint(t->params, sg_dataset_n_features(t->data),
                                      sg_dataset_n_classes(t->data), s, &t->net, err));
    t->at = at;
    return SG_OK;
}
