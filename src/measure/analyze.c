/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "measure/history.h"
#include <math.h>
#include <stdio.h>

/* The snapshots of a run, each measured in a worker process. */

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)
SG_DEFINE_CLEANUP(sg_history, sg_history_free)

typedef struct task {
    const sg_analysis_params *params;
    const sg_analysis_sources *sources;
    const sg_measure_list *list;
    sg_history *history;   /* or NULL */
    sg_analysis *analysis; /* of the caller's process alone */
} task;

static sg_status check_params(const sg_analysis_params *p, sg_error *err)
{
    if (!isnan(p->core_zeta) && !(p->core_zeta >= 0 && p->core_zeta <= 1))
        return sg_fail(err, SG_EINVAL, "the core's zeta must lie in [0, 1], got %g", p->core_zeta);
    if (p->epoch_first < 0 || p->epoch_step < 1 ||
        (p->epoch_last >= 0 && p->epoch_last < p->epoch_first))
        return sg_fail(err, SG_EINVAL,
                       "epochs %ld to %ld in steps of %ld: the first must be at least 0, the last "
                       "no less, the step at least 1",
                       p->epoch_first, p->epoch_last, p->epoch_step);
    return SG_OK;
}

static void list_clear(sg_measure_list *list)
{
    sg_free(list->at);
}

static sg_status choose(const sg_analysis_params *p, sg_measure_list *list, sg_error *err)
{
    const size_t n = sg_measure_count();
    list->at = sg_alloc(n, sizeof *list->at);
    SG_AUTOFREE bool *chosen = SG_NEW_ARRAY(bool, n);
    if (!list->at || !chosen)
        return sg_fail_memory(err, "choosing measures");
    for (size_t k = 0; p->measures && k < p->n_measures; k++) {
        const sg_measure *measure = sg_measure_find(p->measures[k]);
        if (!measure)
            return sg_fail(err, SG_EINVAL,
                           "there is no measure '%s'; analyze --list-measures shows what there is",
                           p->measures[k]);
        for (size_t i = 0; i < n; i++)
            chosen[i] = chosen[i] || sg_measure_at(i) == measure;
    }
    for (size_t i = 0; i < n; i++)
        if (!p->measures || chosen[i])
            list->at[list->n++] = sg_measure_at(i);
    return SG_OK;
}

/* Reads a snapshot, and cuts it down to its core where that is asked for. */
static sg_status read_network(const task *t, size_t i, sg_snapshot **ret, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *whole = NULL;
    SG_TRY(sg_snapshot_read(t->sources->at[i].path, &whole, err));
    if (!isnan(t->params->core_zeta))
        return sg_snapshot_core(whole, t->params->core_zeta, ret, err);
    *ret = SG_TAKE(whole);
    return SG_OK;
}

static sg_status work(size_t i, void *user, sg_text *result, sg_error *err)
{
    const task *t = user;
    const sg_analysis_source *at = t->sources->at;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *previous = NULL;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *start = NULL;
    SG_TRY(read_network(t, i, &s, err));
    if (i > 0 && at[i - 1].listed)
        SG_TRY(read_network(t, i - 1, &previous, err));
    const bool previous_is_start = i == 1 && previous && at[0].epoch == 0;
    if (i > 0 && at[0].epoch == 0 && !previous_is_start)
        SG_TRY(read_network(t, 0, &start, err));

    const sg_measured_params against = {
        .previous = previous,
        .start = previous_is_start ? previous : (i == 0 && at[0].epoch == 0 ? s : start),
        .n_bootstrap = t->params->n_bootstrap,
        .seed = t->params->seed,
        .history = t->history,
        .epoch = at[i].epoch,
    };
    SG_AUTOFREE char *json = NULL;
    SG_TRY(sg_analysis_describe(s, &against, t->list, &json, err));
    sg_text_append(result, json);
    return SG_OK;
}

static sg_status take(size_t i, void *user, const char *result, size_t n, sg_error *err)
{
    const task *t = user;
    const sg_analysis_source *source = &t->sources->at[i];
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *json = NULL;
    SG_TRY(sg_json_parse(result, n, &json, err));
    SG_TRY(sg_analysis_take_structure(t->analysis, json, err));
    return sg_analysis_take_snapshot(t->analysis, json, source->file, source->epoch, source->listed,
                                     err);
}

static const char *name(size_t i, void *user)
{
    const task *t = user;
    return t->sources->at[i].label;
}

static bool needs_history(const sg_measure_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (sg_measure_needs_history(list->at[i]))
            return true;
    return false;
}

/* Follows the connections from epoch to epoch, as far as the snapshots can be read: a broken one is
 * left to the worker, which names it. */
static sg_status follow(const task *t, const sg_progress *progress, sg_history **ret, sg_error *err)
{
    SG_CLEANUP(sg_history_free_cleanup_) sg_history *h = NULL;
    SG_TRY(sg_history_new(&h, err));
    for (size_t i = 0; i < t->sources->n && sg_history_is_open(h); i++) {
        SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
        if (progress && progress->stop && *progress->stop)
            return sg_fail(err, SG_EINTERRUPTED, "interrupted before any snapshot was measured");
        if (read_network(t, i, &s, NULL) != SG_OK)
            break;
        SG_TRY(sg_history_add(h, s, t->sources->at[i].epoch, err));
    }
    sg_history_close(h);
    *ret = SG_TAKE(h);
    return SG_OK;
}

sg_status sg_analyze(const char *const *paths, size_t n_paths, const sg_analysis_params *params,
                     const sg_progress *progress, sg_analysis **ret, sg_error *err)
{
    const sg_analysis_params defaults = SG_ANALYSIS_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    SG_TRY(check_params(params, err));
    SG_CLEANUP(sg_analysis_sources_clear) sg_analysis_sources sources = {0};
    SG_CLEANUP(list_clear) sg_measure_list list = {0};
    SG_TRY(choose(params, &list, err));
    SG_TRY(sg_analysis_sources_find(paths, n_paths, params, &sources, err));

    SG_CLEANUP(sg_analysis_free_cleanup_) sg_analysis *a = SG_NEW(sg_analysis);
    if (!a)
        return sg_fail_memory(err, "analysing snapshots");
    a->core_zeta = params->core_zeta;
    a->n_bootstrap = params->n_bootstrap;
    a->seed = params->seed;
    a->numbered = sources.numbered;
    task t = {.params = params, .sources = &sources, .list = &list, .analysis = a};
    SG_CLEANUP(sg_history_free_cleanup_) sg_history *history = NULL;
    if (needs_history(&list))
        SG_TRY(follow(&t, progress, &history, err));
    t.history = history;
    const sg_pool_job job = {
        .stage = "snapshots",
        .n_items = sources.n,
        .n_workers = params->n_workers,
        .user = &t,
        .work = work,
        .take = take,
        .name = name,
    };
    SG_TRY(sg_pool_run(&job, progress, err));
    SG_TRY(sg_analysis_finish(a, err));
    *ret = SG_TAKE(a);
    return SG_OK;
}
