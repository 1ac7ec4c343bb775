/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/train.h"

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/run_writer.h"
#include "train/settings.h"
#include "train/trainer.h"

#include <string.h>

static const sg_train_watch nobody = {0};

static sg_status check_data(const sg_dataset *data, sg_error *err)
{
    if (sg_dataset_n_samples(data, SG_TRAIN) == 0 || sg_dataset_n_samples(data, SG_TEST) == 0)
        return sg_fail(err, SG_EINVAL, "'%s' needs at least one training and one test sample",
                       sg_dataset_name(data));
    return SG_OK;
}

static sg_status check_ranks(const sg_train_params *p, sg_error *err)
{
    const size_t n_ranks = sg_ranks_count(p->ranks);
    if (n_ranks > SG_GROUPS_MAX)
        return sg_fail(err, SG_EINVAL, "at most %d ranks can share a batch, not %zu", SG_GROUPS_MAX,
                       n_ranks);
    if (p->n_groups < n_ranks)
        return sg_fail(err, SG_EINVAL,
                       "%zu groups leave some of %zu ranks without work; take as many groups or "
                       "fewer ranks",
                       p->n_groups, n_ranks);
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

/* A run that is about to begin. */
typedef struct beginning {
    sg_lock *lock;
    sg_train_params params; /* with the groups chosen */
    const sg_dataset *data; /* borrowed, or the same as loaded */
    sg_dataset *loaded;
    char *manifest;
} beginning;

static void clear_beginning(beginning *b)
{
    sg_dataset_free(b->loaded);
    sg_free(b->manifest);
    sg_lock_free(b->lock);
}

static sg_status prepare(beginning *b, sg_error *err)
{
    sg_train_params *p = &b->params;
    SG_TRY(sg_settings_check(p, err));
    if (!b->data)
        SG_TRY(sg_dataset_load(&p->data, &b->loaded, err));
    if (b->loaded)
        b->data = b->loaded;
    SG_TRY(check_data(b->data, err));
    if (p->n_groups == 0)
        p->n_groups = sg_network_choose_groups(p, sg_dataset_n_features(b->data),
                                               sg_dataset_n_classes(b->data));
    SG_TRY(check_ranks(p, err));
    return sg_manifest_text(p, b->data, &b->manifest, err);
}

/* Ranks that were started with different settings would wait for each other for ever. */
static sg_status compare_ranks(const sg_train_params *p, const sg_dataset *data, sg_error *err)
{
    if (sg_ranks_count(p->ranks) < 2)
        return SG_OK;
    uint64_t digest = 0;
    SG_TRY(sg_ranks_agree(p->ranks, sg_manifest_digest(p, data, &digest, err), err));
    return sg_ranks_same(p->ranks, digest, "has other settings or data than", err);
}

static sg_status draw_and_create(beginning *b, sg_trainer *t, sg_error *err)
{
    SG_TRY(sg_network_new(t->params, sg_dataset_n_features(t->data), sg_dataset_n_classes(t->data),
                          &t->net, err));
    if (!sg_trainer_writes(t))
        return SG_OK;
    SG_TRY(sg_run_lock(t->run_path, &b->lock, err));
    return sg_run_create(t->run_path, b->manifest, t->params->overwrite, err);
}

sg_status sg_train(const sg_train_params *params, const sg_dataset *data, const char *run_path,
                   const sg_train_watch *watch, sg_error *err)
{
    SG_CLEANUP(clear_beginning) beginning b = {.params = *params, .data = data};
    SG_TRY(sg_ranks_agree(params->ranks, prepare(&b, err), err));
    SG_TRY(compare_ranks(&b.params, b.data, err));

    SG_CLEANUP(sg_trainer_clear) sg_trainer t = new_trainer(&b.params, b.data, run_path, watch);
    SG_TRY(sg_ranks_agree(params->ranks, draw_and_create(&b, &t, err), err));
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

/* A run to go on with. */
typedef struct continuation {
    sg_lock *lock;
    sg_run *run;
    sg_json *manifest;
    sg_settings settings;
    const sg_dataset *data; /* borrowed, or the same as loaded */
    sg_dataset *loaded;
    sg_trainer trainer;
} continuation;

static void clear_continuation(continuation *c)
{
    sg_trainer_clear(&c->trainer);
    sg_dataset_free(c->loaded);
    sg_settings_clear(&c->settings);
    sg_json_free(c->manifest);
    sg_run_free(c->run);
    sg_lock_free(c->lock);
}

static sg_status lock_run(continuation *c, const char *run_path, const sg_ranks *ranks,
                          sg_error *err)
{
    /* where it is none, opening it says so and makes no folder */
    if (sg_ranks_index(ranks) > 0 || !sg_run_is(run_path))
        return SG_OK;
    return sg_run_lock(run_path, &c->lock, err);
}

static sg_status read_settings(continuation *c, const char *run_path, sg_error *err)
{
    SG_TRY(sg_run_open(run_path, &c->run, err));
    const char *text = sg_run_manifest(c->run);
    SG_TRY(sg_json_parse(text, strlen(text), &c->manifest, err));
    const sg_status status = sg_settings_from_json(c->manifest, &c->settings, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot resume '%s'", run_path);
}

/* Everything that only reads; settings.params are whole. */
static sg_status read_state(continuation *c, const sg_train_watch *watch, sg_error *err)
{
    sg_train_params *p = &c->settings.params;
    if (!c->data)
        SG_TRY(sg_dataset_load(&p->data, &c->loaded, err));
    if (c->loaded)
        c->data = c->loaded;
    SG_TRY(check_data(c->data, err));
    SG_TRY(sg_manifest_check_data(c->manifest, c->data, err));
    if (p->n_groups == 0) { /* of an older version: it had no ranks */
        sg_train_params alone = *p;
        alone.ranks = NULL;
        p->n_groups = sg_network_choose_groups(&alone, sg_dataset_n_features(c->data),
                                               sg_dataset_n_classes(c->data));
    }
    c->trainer = new_trainer(p, c->data, sg_run_path(c->run), watch);
    const sg_status status = sg_checkpoint_read(&c->trainer, err);
    return status == SG_ENOTFOUND ? explain_no_checkpoint(c->run, p->n_epochs, err) : status;
}

static sg_status clean_run(const sg_trainer *t, sg_error *err)
{
    if (!sg_trainer_writes(t))
        return SG_OK;
    SG_TRY(sg_run_remove_half_written(t->run_path, err));
    return sg_run_truncate_metrics(t->run_path, (long)t->at.epoch - 1, err);
}

/* By how many hands a run is gone on with. */
typedef struct crew {
    size_t n_threads;
    sg_ranks *ranks;
} crew;

static sg_status resume(const char *run_path, const sg_dataset *data, crew by,
                        const sg_train_watch *watch, sg_error *err)
{
    SG_CLEANUP(clear_continuation) continuation c = {.data = data};
    sg_train_params *p = &c.settings.params;
    SG_TRY(sg_ranks_agree(by.ranks, lock_run(&c, run_path, by.ranks, err), err));
    SG_TRY(sg_ranks_agree(by.ranks, read_settings(&c, run_path, err), err));
    p->n_threads = by.n_threads;
    p->ranks = by.ranks;
    SG_TRY(sg_ranks_agree(by.ranks, read_state(&c, watch, err), err));
    SG_TRY(compare_ranks(p, c.data, err));
    SG_TRY(sg_ranks_agree(by.ranks, clean_run(&c.trainer, err), err));
    return sg_trainer_run(&c.trainer, err);
}

sg_status sg_train_resume_on(const char *run_path, const sg_dataset *data, size_t n_threads,
                             const sg_train_watch *watch, sg_error *err)
{
    return resume(run_path, data, (crew){.n_threads = n_threads}, watch, err);
}

sg_status sg_train_resume(const char *run_path, size_t n_threads, sg_ranks *ranks,
                          const sg_train_watch *watch, sg_error *err)
{
    return resume(run_path, NULL, (crew){n_threads, ranks}, watch, err);
}
