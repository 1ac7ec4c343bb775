/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/sweep_internal.h"

#include "base/file.h"
#include "base/text.h"
#include "snapshot/run_compare.h"
#include "snapshot/run_stage.h"

#include <math.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_run, sg_run_free)
SG_DEFINE_CLEANUP(sg_sweep, sg_sweep_free)

/* What runs on the same data agree in. */
static const char *const of_data[] = {"dataset", "samples", "inputs"};
static const char *const may_differ[] = {"inputs.path"};
static const sg_comparing as_data = {of_data, SG_COUNT(of_data), may_differ, SG_COUNT(may_differ)};

void sg_sweep_free(sg_sweep *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->paths && i < s->plan.n_runs; i++)
        sg_free(s->paths[i]);
    sg_free(s->paths);
    sg_free(s->runs);
    sg_sweep_plan_clear(&s->plan);
    sg_free(s);
}

bool sg_sweep_is(const char *path)
{
    return sg_dir_holds(path, SG_SWEEP_PLAN, false);
}

static sg_status read_plans(const char *const *folders, size_t n, sg_sweep *s, sg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan plan = {0};
        if (!sg_sweep_is(folders[i]))
            return sg_fail(err, SG_ENOTFOUND,
                           "'%s' is no folder of runs: it holds no " SG_SWEEP_PLAN
                           ", which 'sparsegraph train --seeds' writes",
                           folders[i]);
        SG_TRY(sg_sweep_plan_read(folders[i], &plan, err));
        if (i == 0) {
            s->plan = plan;
            plan = (sg_sweep_plan){0};
            continue;
        }
        SG_AUTOFREE char *name = sg_format("'%s'", folders[i]);
        if (!name)
            return sg_fail_memory(err, "reading a plan");
        SG_TRY(sg_sweep_plan_join(&s->plan, folders[0], &plan, name, err));
    }
    return SG_OK;
}

static sg_status plan_runs(sg_sweep *s, sg_error *err)
{
    const size_t n = s->plan.n_runs;
    const size_t n_shards = s->plan.n_shards;
    s->runs = SG_NEW_ARRAY(sg_sweep_run, n);
    s->paths = SG_NEW_ARRAY(char *, n);
    if (!s->runs || !s->paths)
        return sg_fail_memory(err, "listing runs");
    for (size_t i = 0; i < n; i++)
        s->runs[i] = (sg_sweep_run){
            .name = s->plan.runs[i].name,
            .method = s->plan.runs[i].method,
            .seed = s->plan.runs[i].seed,
            .shard = n_shards > 1 ? i % n_shards + 1 : 0,
            .epoch = -1,
            .test_accuracy = NAN,
            .links = NAN,
        };
    return SG_OK;
}

/* The first run met, whose data all the others must share. */
typedef struct reference {
    sg_json *manifest;
    char *path;
} reference;

static void clear_reference(reference *r)
{
    sg_json_free(r->manifest);
    sg_free(r->path);
}

static sg_status check_data(reference *r, sg_json **manifest, const char *path, sg_error *err)
{
    sg_difference d = {0};
    if (!r->manifest) {
        r->path = sg_strdup(path);
        r->manifest = SG_TAKE(*manifest);
        return r->path ? SG_OK : sg_fail_memory(err, "reading a manifest");
    }
    if (sg_manifests_differ(r->manifest, *manifest, &as_data, &d))
        return sg_fail(err, SG_EINVAL,
                       "'%s' and '%s' were trained on different data: '%s' is %s and %s", r->path,
                       path, d.place, d.value[0], d.value[1]);
    return SG_OK;
}

/* Takes a copy of run i where it is farther than what is known so far. */
static sg_status take(sg_sweep *s, size_t i, const sg_run *run, sg_run_stage stage, sg_error *err)
{
    sg_sweep_run *r = &s->runs[i];
    const size_t n = sg_run_n_metrics(run);
    const sg_epoch_metrics *last = n > 0 ? sg_run_metrics(run, n - 1) : NULL;
    const long epoch = last ? last->epoch : -1;
    if (stage == SG_RUN_COMPLETE && r->stage == SG_RUN_COMPLETE) {
        SG_CLEANUP(sg_run_free_cleanup_) sg_run *known = NULL;
        SG_TRY(sg_run_open(s->paths[i], &known, err));
        return sg_run_check_same(known, run, err);
    }
    if (stage < r->stage || (stage == r->stage && epoch <= r->epoch))
        return SG_OK;
    char *path = sg_strdup(sg_run_path(run));
    if (!path)
        return sg_fail_memory(err, "listing runs");
    sg_free(s->paths[i]);
    s->paths[i] = path;
    r->path = path;
    r->stage = stage;
    r->epoch = epoch;
    r->test_accuracy = last ? last->test_accuracy : NAN;
    r->links = last ? last->links : NAN;
    return SG_OK;
}

static sg_status look_at(sg_sweep *s, size_t i, const char *folder, reference *r, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/%s", folder, s->plan.runs[i].name);
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = NULL;
    sg_run_stage stage = SG_RUN_ABSENT;
    if (!path)
        return sg_fail_memory(err, "listing runs");
    if (!sg_run_is(path))
        return SG_OK;
    const sg_status status = sg_run_open(path, &run, err);
    if (status == SG_ENOTFOUND) /* a folder, but nothing of a run in it yet */
        return SG_OK;
    SG_TRY(status);
    const char *text = sg_run_manifest(run);
    SG_TRY(sg_json_parse(text, strlen(text), &manifest, err));
    SG_TRY(sg_sweep_plan_check(&s->plan, s->plan.runs[i].name, manifest, path, err));
    SG_TRY(check_data(r, &manifest, path, err));
    SG_TRY(sg_run_stage_of(run, &stage, err));
    if (stage == SG_RUN_COMPLETE)
        SG_TRY(sg_run_check_files(run, err));
    return take(s, i, run, stage, err);
}

sg_status sg_sweep_open(const char *const *folders, size_t n_folders, sg_sweep **ret, sg_error *err)
{
    SG_CLEANUP(clear_reference) reference r = {0};
    SG_CLEANUP(sg_sweep_free_cleanup_) sg_sweep *s = SG_NEW(sg_sweep);
    if (!s)
        return sg_fail_memory(err, "opening a folder of runs");
    if (n_folders == 0)
        return sg_fail(err, SG_EINVAL, "no folder of runs is given");
    SG_TRY(read_plans(folders, n_folders, s, err));
    SG_TRY(plan_runs(s, err));
    for (size_t i = 0; i < s->plan.n_runs; i++)
        for (size_t f = 0; f < n_folders; f++)
            SG_TRY(look_at(s, i, folders[f], &r, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}

size_t sg_sweep_n_runs(const sg_sweep *s)
{
    return s->plan.n_runs;
}

const sg_sweep_run *sg_sweep_run_at(const sg_sweep *s, size_t i)
{
    return &s->runs[i];
}

size_t sg_sweep_n_complete(const sg_sweep *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->plan.n_runs; i++)
        n += s->runs[i].stage == SG_RUN_COMPLETE;
    return n;
}

size_t sg_sweep_n_shards(const sg_sweep *s)
{
    return s->plan.n_shards > 1 ? s->plan.n_shards : 0;
}

const char *sg_sweep_command(const sg_sweep *s)
{
    return s->plan.command;
}
