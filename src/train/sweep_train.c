/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/sweep_train.h"

#include "base/file.h"
#include "base/text.h"
#include "snapshot/run_stage.h"
#include "snapshot/run_writer.h"
#include "snapshot/sweep_plan.h"
#include "train/settings.h"
#include "train/trainer.h"

#include <inttypes.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_dataset, sg_dataset_free)
SG_DEFINE_CLEANUP(sg_run, sg_run_free)
SG_DEFINE_CLEANUP(sg_sweep, sg_sweep_free)

static const sg_sweep_watch nobody = {0};

/* A sweep under way. */
typedef struct sweeping {
    const sg_sweep_params *params;
    const sg_sweep_watch *watch; /* never NULL */
    const char *folder;
    const sg_dataset *data; /* NULL until a run needs it */
    sg_dataset *loaded;
    sg_sweep_plan plan;
    size_t n_steps; /* runs of this part */
    size_t n_failed;
    sg_error first; /* failure */
} sweeping;

static void clear_sweeping(sweeping *s)
{
    sg_sweep_plan_clear(&s->plan);
    sg_dataset_free(s->loaded);
}

static sg_status check_params(const sg_sweep_params *p, const char *folder, sg_error *err)
{
    SG_TRY(sg_settings_check(&p->train, err));
    if (sg_ranks_count(p->train.ranks) > 1)
        return sg_fail(
            err, SG_EUNSUPPORTED,
            "several runs are dealt by shards, not shared by ranks; start without mpirun "
            "and give each process a shard of its own");
    if (p->n_methods == 0 || p->n_seeds == 0)
        return sg_fail(err, SG_EINVAL, "a sweep needs at least one method and one seed");
    if (p->n_shards == 0 ? p->shard != 0 : p->shard < 1 || p->shard > p->n_shards)
        return sg_fail(err, SG_EINVAL, "shard %zu of %zu is none: the first is 1", p->shard,
                       p->n_shards);
    for (size_t i = 0; i < p->n_methods; i++)
        if (strcmp(sg_method_name(p->methods[i]), "unknown") == 0)
            return sg_fail(err, SG_EINVAL, "method has the unknown value %zu",
                           (size_t)p->methods[i]);
    if (sg_file_exists(folder))
        return sg_fail(err, SG_EINVAL,
                       "cannot train runs in '%s': it is a file; choose another path", folder);
    if (sg_run_is(folder))
        return sg_fail(err, SG_EINVAL,
                       "'%s' is a run itself; choose another folder for several runs", folder);
    return SG_OK;
}

/* Makes the plan of the list, and the folder's plan hold it. */
static sg_status make_plan(const sweeping *s, sg_error *err)
{
    const sg_sweep_params *p = s->params;
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan plan = {0};
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = sg_json_object();
    SG_AUTOFREE const char **names = SG_NEW_ARRAY(const char *, p->n_methods);
    if (!manifest || !names)
        return sg_fail_memory(err, "planning runs");
    for (size_t i = 0; i < p->n_methods; i++)
        names[i] = sg_method_name(p->methods[i]);
    sg_settings_to_json(&p->train, manifest);
    const sg_sweep_list list = {.methods = names,
                                .n_methods = p->n_methods,
                                .seeds = p->seeds,
                                .n_seeds = p->n_seeds,
                                .n_shards = p->n_shards,
                                .command = p->command};
    SG_TRY(sg_sweep_plan_new(&list, manifest, &plan, err));
    return sg_sweep_plan_publish(s->folder, &plan, err);
}

/* Reads how far the run at step->path has come, and checks that it is of these settings. */
static sg_status look(const sweeping *s, sg_sweep_step *step, sg_error *err)
{
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = NULL;
    step->stage = SG_RUN_ABSENT;
    step->epoch = -1;
    if (!sg_run_is(step->path))
        return SG_OK;
    const sg_status status = sg_run_open(step->path, &run, err);
    if (status == SG_ENOTFOUND) { /* stopped between its first folder and its manifest */
        step->stage = SG_RUN_BEGUN;
        return SG_OK;
    }
    SG_TRY(status);
    const char *text = sg_run_manifest(run);
    SG_TRY(sg_json_parse(text, strlen(text), &manifest, err));
    SG_TRY(sg_sweep_plan_check(&s->plan, step->name, manifest, step->path, err));
    SG_TRY(sg_run_stage_of(run, &step->stage, err));
    const size_t n = sg_run_n_metrics(run);
    step->epoch = n > 0 ? sg_run_metrics(run, n - 1)->epoch : -1;
    return SG_OK;
}

static sg_status load_data(sweeping *s, sg_error *err)
{
    if (s->data)
        return SG_OK;
    SG_TRY(sg_dataset_load(&s->params->train.data, &s->loaded, err));
    s->data = s->loaded;
    return SG_OK;
}

/* Removes what a run that has no checkpoint left, unless it has one by now or is being written. */
static sg_status make_way(const sweeping *s, sg_sweep_step *step, sg_error *err)
{
    SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
    SG_TRY(sg_run_lock(step->path, &lock, err));
    SG_TRY(look(s, step, err));
    return step->stage == SG_RUN_BEGUN ? sg_run_remove(step->path, err) : SG_OK;
}

static sg_status train_or_resume(const sweeping *s, const sg_sweep_step *step, sg_error *err)
{
    const sg_train_watch *watch = &s->watch->train;
    sg_train_params p = s->params->train;
    if (step->stage == SG_RUN_INTERRUPTED)
        return sg_train_resume_on(step->path, s->data, p.n_threads, watch, err);
    p.method = step->method;
    p.seed = step->seed;
    p.overwrite = false; /* a run that somebody else began meanwhile stays */
    return sg_train(&p, s->data, step->path, watch, err);
}

static sg_status do_step(sweeping *s, sg_sweep_step *step, sg_error *err)
{
    SG_TRY(look(s, step, err));
    if (step->stage != SG_RUN_COMPLETE)
        SG_TRY(load_data(s, err));
    if (step->stage == SG_RUN_BEGUN)
        SG_TRY(make_way(s, step, err));
    if (s->watch->begin)
        s->watch->begin(s->watch->user, step);
    return step->stage == SG_RUN_COMPLETE ? SG_OK : train_or_resume(s, step, err);
}

static bool must_end(sg_status status)
{
    return status == SG_EINTERRUPTED || status == SG_ENOMEM || status == SG_EIO;
}

/* Does one run and tells; only what must end the whole is a failure here. */
static sg_status step_and_tell(sweeping *s, sg_sweep_step *step, sg_error *err)
{
    sg_error own = {0};
    sg_status status = do_step(s, step, &own);
    if (s->watch->end)
        s->watch->end(s->watch->user, step, status, &own);
    if (status == SG_OK)
        return SG_OK;
    own.status = status;
    if (!strstr(own.message, step->name)) /* not every message names the run */
        status = sg_fail_within(&own, status, "'%s'", step->path);
    if (s->n_failed++ == 0)
        s->first = own;
    if (!must_end(status))
        return SG_OK;
    if (err)
        *err = own;
    return status;
}

static sg_status do_part(sweeping *s, sg_error *err)
{
    const sg_sweep_params *p = s->params;
    const size_t n_shards = p->n_shards > 0 ? p->n_shards : 1;
    const size_t first = p->n_shards > 0 ? p->shard - 1 : 0;
    const size_t n_runs = p->n_methods * p->n_seeds;
    s->n_steps = first < n_runs ? (n_runs - first - 1) / n_shards + 1 : 0;
    for (size_t i = 0; i < s->n_steps; i++) {
        const size_t run = first + i * n_shards;
        sg_sweep_step step = {.method = p->methods[run / p->n_seeds],
                              .seed = p->seeds[run % p->n_seeds],
                              .i = i,
                              .n = s->n_steps};
        SG_AUTOFREE char *name = sg_sweep_run_name(sg_method_name(step.method), step.seed);
        SG_AUTOFREE char *path = name ? sg_format("%s/%s", s->folder, name) : NULL;
        if (!path)
            return sg_fail_memory(err, "training runs");
        step.name = name;
        step.path = path;
        if (s->watch->train.stop && *s->watch->train.stop)
            return sg_fail(err, SG_EINTERRUPTED, "stopped before %s", name);
        SG_TRY(step_and_tell(s, &step, err));
    }
    return SG_OK;
}

/* Writes the index where the whole plan is complete: the last part to end does. */
static sg_status write_index(const sweeping *s, sg_error *err)
{
    SG_CLEANUP(sg_sweep_free_cleanup_) sg_sweep *sweep = NULL;
    SG_TRY(sg_sweep_open(&s->folder, 1, &sweep, err));
    if (sg_sweep_n_complete(sweep) < sg_sweep_n_runs(sweep))
        return SG_OK;
    return sg_sweep_write_index(sweep, s->folder, err);
}

sg_status sg_sweep_train(const sg_sweep_params *params, const sg_dataset *data, const char *folder,
                         const sg_sweep_watch *watch, sg_error *err)
{
    SG_TRY(check_params(params, folder, err));
    SG_CLEANUP(clear_sweeping)
    sweeping s = {
        .params = params, .data = data, .folder = folder, .watch = watch ? watch : &nobody};
    SG_TRY(make_plan(&s, err));
    SG_TRY(sg_sweep_plan_read(folder, &s.plan, err));
    SG_TRY(do_part(&s, err));
    if (s.n_failed > 0) {
        if (err)
            *err = s.first;
        if (s.n_failed > 1)
            return sg_fail_within(err, s.first.status, "%zu of %zu runs failed; the first",
                                  s.n_failed, s.n_steps);
        return s.first.status;
    }
    return write_index(&s, err);
}
