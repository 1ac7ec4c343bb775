/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"
#include "measure/null_values.h"

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
    size_t n_batches;      /* of random networks, a snapshot */
    size_t batch_max;      /* random networks in one */
    sg_analysis *analysis; /* of the caller's process alone, as is the next */
    sg_null_sample sample;
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
    if (p->n_nulls > SG_ANALYSIS_NULLS_MAX)
        return sg_fail(err, SG_EINVAL, "%zu random networks; at most %d can be drawn", p->n_nulls,
                       SG_ANALYSIS_NULLS_MAX);
    if (p->degrees_model != SG_NULL_MODEL_CURVEBALL && p->degrees_model != SG_NULL_MODEL_BICM)
        return sg_fail(err, SG_EINVAL, "the model that keeps degrees must be curveball or bicm");
    return SG_OK;
}

static void list_clear(sg_measure_list *list)
{
    sg_free(list->at);
    sg_free(list->has_nulls);
}

/* What costs much is measured on random networks only where it was asked for by name. */
static bool has_nulls(const sg_measure *measure, bool by_name)
{
    return sg_measure_has_nulls(measure) ||
           (by_name &&
            (measure->cost == SG_COST_COMMUNITIES || measure->cost == SG_COST_MATCHING) &&
            (measure->null == SG_NULL_RANDOM || measure->null == SG_NULL_DEGREES));
}

static sg_status choose(const sg_analysis_params *p, sg_measure_list *list, sg_error *err)
{
    const size_t n = sg_measure_count();
    list->at = sg_alloc(n, sizeof *list->at);
    list->has_nulls = SG_NEW_ARRAY(bool, n);
    SG_AUTOFREE bool *chosen = SG_NEW_ARRAY(bool, n);
    if (!list->at || !list->has_nulls || !chosen)
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
    list->by_name = p->measures != NULL;
    for (size_t i = 0; i < n; i++) {
        if (p->measures && !chosen[i])
            continue;
        const sg_measure *measure = sg_measure_at(i);
        list->has_nulls[list->n] = has_nulls(measure, chosen[i]);
        list->at[list->n++] = measure;
    }
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

/* What a worker does at a time: measure one snapshot, or some of its random networks. */
typedef struct work_item {
    size_t source;
    uint32_t n_nulls; /* 0: the snapshot itself, the first item of each source */
    uint32_t first_null;
} work_item;

static work_item item_at(const task *t, size_t i)
{
    const size_t a_source = 1 + t->n_batches;
    work_item item = {.source = i / a_source};
    const size_t batch = i % a_source;
    if (batch > 0) {
        const size_t first = (batch - 1) * t->batch_max;
        const size_t left = t->params->n_nulls - first;
        item.first_null = (uint32_t)first;
        item.n_nulls = (uint32_t)(left < t->batch_max ? left : t->batch_max);
    }
    return item;
}

static sg_status work(size_t index, void *user, sg_text *result, sg_error *err)
{
    const task *t = user;
    const work_item item = item_at(t, index);
    const size_t i = item.source;
    const sg_analysis_source *at = t->sources->at;
    if (item.n_nulls > 0 && !at[i].listed)
        return SG_OK; /* it is there for the comparison only */
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
    if (item.n_nulls > 0) {
        const sg_null_batch batch = {item.first_null, item.n_nulls, t->params->degrees_model};
        SG_TRY(sg_null_values(s, &against, t->list, &batch, &json, err));
    } else {
        SG_TRY(sg_analysis_describe(s, &against, t->list, &json, err));
    }
    sg_text_append(result, json);
    return SG_OK;
}

static sg_status take_network(task *t, const sg_analysis_source *source, const sg_json *json,
                              sg_error *err)
{
    SG_TRY(sg_analysis_take_structure(t->analysis, json, err));
    SG_TRY(sg_analysis_take_snapshot(t->analysis, json, source->file, source->epoch, source->listed,
                                     err));
    if (t->n_batches == 0 || !source->listed)
        return SG_OK;
    return sg_null_sample_open(t->analysis, t->list, t->params->n_nulls, &t->sample, err);
}

static sg_status take_nulls(task *t, const sg_json *json, sg_error *err)
{
    bool levelled = false;
    SG_TRY(sg_null_sample_add(&t->sample, sg_json_get(json, "values"), err));
    (void)sg_json_is_bool(sg_json_get(json, "levelled"), &levelled);
    t->analysis->nulls_levelled = t->analysis->nulls_levelled && levelled;
    if (t->sample.n == t->sample.n_nulls)
        sg_null_sample_close(&t->sample, t->list, t->analysis);
    return SG_OK;
}

/* Items come in their order: a snapshot, then its random networks. */
static sg_status take(size_t index, void *user, const char *result, size_t n, sg_error *err)
{
    task *t = user;
    const work_item item = item_at(t, index);
    const sg_analysis_source *source = &t->sources->at[item.source];
    if (item.n_nulls > 0 && !source->listed)
        return SG_OK;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *json = NULL;
    SG_TRY(sg_json_parse(result, n, &json, err));
    return item.n_nulls > 0 ? take_nulls(t, json, err) : take_network(t, source, json, err);
}

static const char *name(size_t index, void *user)
{
    const task *t = user;
    return t->sources->at[item_at(t, index).source].label;
}

/* Splits the random networks of each snapshot so that a single one keeps all workers busy. */
static void plan(task *t)
{
    enum { FEW_SNAPSHOTS = 16, SMALL_BATCH = 5, LARGE_BATCH = 20 };
    bool any = false;
    for (size_t i = 0; i < t->list->n; i++)
        any = any || t->list->has_nulls[i];
    t->batch_max = t->sources->n < FEW_SNAPSHOTS ? SMALL_BATCH : LARGE_BATCH;
    t->n_batches = any ? (t->params->n_nulls + t->batch_max - 1) / t->batch_max : 0;
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
    a->n_nulls = params->n_nulls;
    a->degrees_model = params->degrees_model;
    a->nulls_levelled = true;
    a->seed = params->seed;
    a->chosen = params->measures != NULL;
    a->numbered = sources.numbered;
    task t = {.params = params, .sources = &sources, .list = &list, .analysis = a};
    SG_CLEANUP(sg_history_free_cleanup_) sg_history *history = NULL;
    if (needs_history(&list))
        SG_TRY(follow(&t, progress, &history, err));
    t.history = history;
    plan(&t);
    const sg_pool_job job = {
        .stage = t.n_batches > 0 ? "batches of networks" : "snapshots",
        .n_items = sources.n * (1 + t.n_batches),
        .n_workers = params->n_workers,
        .user = &t,
        .work = work,
        .take = take,
        .name = name,
    };
    const sg_status status = sg_pool_run(&job, progress, err);
    sg_null_sample_clear(&t.sample);
    SG_TRY(status);
    SG_TRY(sg_analysis_finish(a, err));
    *ret = SG_TAKE(a);
    return SG_OK;
}
