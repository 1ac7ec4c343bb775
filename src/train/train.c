/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/train.h"

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/run_writer.h"
#include "train/settings.h"
#include "train/trainer.h"

#include <string.h>

SG_DEFINE_CLEANUP(sg_dataset, sg_dataset_free)
SG_DEFINE_CLEANUP(sg_run, sg_run_free)

static const sg_train_watch nobody = {0};

static sg_status check_data(const sg_dataset *data, sg_error *err)
{
    if (sg_dataset_n_samples(data, SG_TRAIN) == 0 || sg_dataset_n_samples(data, SG_TEST) == 0)
        return sg_fail(err, SG_EINVAL, "'%s' needs at least one training and one test sample",
                       sg_dataset_name(data));
    return SG_OK;
}

static sg_trainer new_trainer(const sg_train_params *p, const sg_dataset *data,
                              const char *run_path, const sg_train_watch *watch)
{
    const size_t n_samples = sg_dataset_n_samples(data, SG_TRAIN);
    return (sg_trainer){
        .params = p,
        .data = data,
        .run_path = run_path,
        .watch = watch ? watch : &nobody,
        .rule = sg_rule_of(p->method),
        .n_batches = (n_samples + p->batch - 1) / p->batch,
        .start_s = sg_clock_s(),
    };
}

sg_status sg_train(const sg_train_params *params, const sg_dataset *data, const char *run_path,
                   const sg_train_watch *watch, sg_error *err)
{
    SG_TRY(sg_settings_check(params, err));
    SG_CLEANUP(sg_dataset_free_cleanup_) sg_dataset *loaded = NULL;
    if (!data) {
        SG_TRY(sg_dataset_load(&params->data, &loaded, err));
        data = loaded;
    }
    SG_TRY(check_data(data, err));
    SG_AUTOFREE char *manifest = NULL;
    SG_TRY(sg_manifest_text(params, data, &manifest, err));

    SG_CLEANUP(sg_trainer_clear) sg_trainer t = new_trainer(params, data, run_path, watch);
    SG_TRY(sg_network_new(params, sg_dataset_n_features(data), sg_dataset_n_classes(data), &t.net,
                          err));
    SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
    SG_TRY(sg_run_lock(run_path, &lock, err));
    SG_TRY(sg_run_create(run_path, manifest, params->overwrite, err));
    return sg_trainer_run(&t, err);
}

/* Says whether a run without a checkpoint is finished or never began. */
static sg_status explain_no_checkpoint(const sg_run *run, size_t n_epochs, sg_error *err)
{
    const size_t n = sg_run_n_metrics(run);
    const long last = n > 0 ? sg_run_metrics(run, n - 1)->epoch : -1;
    if (last >= 0 && (size_t)last >= n_epochs)
        return sg_fail(err, SG_ENOTFOUND,
                       "'%s' is finished: all %zu epochs are trained, nothing is left to resume",
                       sg_run_path(run), n_epochs);
    return sg_fail(err, SG_ENOTFOUND,
                   "'%s' has no checkpoint to resume from; train anew with --overwrite",
                   sg_run_path(run));
}

/* Goes on with a locked run, its data loaded. */
static sg_status resume(const sg_settings *settings, const sg_json *manifest, const sg_run *run,
                        const sg_dataset *data, const sg_train_watch *watch, sg_error *err)
{
    const char *run_path = sg_run_path(run);
    SG_TRY(check_data(data, err));
    SG_TRY(sg_manifest_check_data(manifest, data, err));

    SG_CLEANUP(sg_trainer_clear)
    sg_trainer t = new_trainer(&settings->params, data, run_path, watch);
    const sg_status status = sg_checkpoint_read(&t, err);
    if (status == SG_ENOTFOUND)
        return explain_no_checkpoint(run, settings->params.n_epochs, err);
    SG_TRY(status);
    SG_TRY(sg_run_remove_half_written(run_path, err));
    SG_TRY(sg_run_truncate_metrics(run_path, (long)t.at.epoch - 1, err));
    return sg_trainer_run(&t, err);
}

sg_status sg_train_resume_on(const char *run_path, const sg_dataset *data, size_t n_threads,
                             const sg_train_watch *watch, sg_error *err)
{
    SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
    if (sg_run_is(run_path)) /* where it is none, opening it says so and makes no folder */
        SG_TRY(sg_run_lock(run_path, &lock, err));
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_TRY(sg_run_open(run_path, &run, err));
    const char *text = sg_run_manifest(run);
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = NULL;
    SG_TRY(sg_json_parse(text, strlen(text), &manifest, err));
    SG_CLEANUP(sg_settings_clear) sg_settings settings = {0};
    sg_status status = sg_settings_from_json(manifest, &settings, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot resume '%s'", run_path);
    settings.params.n_threads = n_threads;
    SG_CLEANUP(sg_dataset_free_cleanup_) sg_dataset *loaded = NULL;
    if (!data) {
        SG_TRY(sg_dataset_load(&settings.params.data, &loaded, err));
        data = loaded;
    }
    return resume(&settings, manifest, run, data, watch, err);
}

sg_status sg_train_resume(const char *run_path, size_t n_threads, const sg_train_watch *watch,
                          sg_error *err)
{
    return sg_train_resume_on(run_path, NULL, n_threads, watch, err);
}
