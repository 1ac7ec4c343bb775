/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include <string.h>

/* Several runs of one setting: each analysed, then put side by side. */

SG_DEFINE_CLEANUP(sg_analysis, sg_analysis_free)

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        sg_free(texts[i]);
    sg_free(texts);
}

void sg_group_free(sg_group *g)
{
    if (!g)
        return;
    free_texts(g->paths, g->n_runs);
    free_texts(g->seeds, g->n_runs);
    free_texts(g->warnings, g->n_warnings);
    sg_analysis_free(g->first);
    sg_free(g->rows);
    sg_free(g->values);
    sg_free(g->pairs);
    sg_free(g);
}

size_t sg_group_n_runs(const sg_group *g)
{
    return g->n_runs;
}

const char *sg_group_run(const sg_group *g, size_t i)
{
    return g->paths[i];
}

const char *sg_group_seed(const sg_group *g, size_t i)
{
    return g->seeds[i];
}

size_t sg_group_n_epochs(const sg_group *g)
{
    return sg_analysis_n_snapshots(g->first);
}

long sg_group_epoch(const sg_group *g, size_t i)
{
    return sg_analysis_epoch(g->first, i);
}

size_t sg_group_n_rows(const sg_group *g)
{
    return g->n_rows;
}

const sg_group_row *sg_group_row_at(const sg_group *g, size_t i)
{
    return &g->rows[i];
}

const sg_group_row *sg_group_find(const sg_group *g, long epoch, const char *subject,
                                  const char *measure)
{
    const sg_measure *known = sg_measure_find(measure);
    for (size_t i = 0; known && i < g->n_rows; i++) {
        const sg_group_row *row = &g->rows[i];
        if (row->epoch == epoch && row->measure == known->name && row->scope == known->scope &&
            strcmp(row->subject, subject) == 0)
            return row;
    }
    return NULL;
}

size_t sg_group_n_pairs(const sg_group *g)
{
    return g->n_pairs;
}

const sg_group_pairs *sg_group_pairs_at(const sg_group *g, size_t i)
{
    return &g->pairs[i];
}

size_t sg_group_n_warnings(const sg_group *g)
{
    return g->n_warnings;
}

const char *sg_group_warning(const sg_group *g, size_t i)
{
    return g->warnings[i];
}

sg_status sg_group_warn(sg_group *g, sg_error *err, const char *format, ...)
{
    SG_AUTO_TEXT sg_text t = {0};
    char **room = sg_resize(g->warnings, g->n_warnings + 1, sizeof *room);
    if (!room)
        return sg_fail_memory(err, "noting a warning");
    g->warnings = room;
    va_list args;
    va_start(args, format);
    sg_text_vprintf(&t, format, args);
    va_end(args);
    SG_TRY(sg_text_take(&t, &g->warnings[g->n_warnings], err));
    g->n_warnings++;
    return SG_OK;
}

/* The runs, opened. */
typedef struct opened {
    size_t n;
    sg_run **at;
} opened;

static void close_runs(opened *o)
{
    for (size_t i = 0; o->at && i < o->n; i++)
        sg_run_free(o->at[i]);
    sg_free(o->at);
}

static sg_status open_runs(const char *const *paths, opened *o, sg_error *err)
{
    o->at = SG_NEW_ARRAY(sg_run *, o->n);
    if (!o->at)
        return sg_fail_memory(err, "grouping runs");
    for (size_t i = 0; i < o->n; i++)
        SG_TRY(sg_run_open(paths[i], &o->at[i], err));
    return SG_OK;
}

static sg_status group_new(const char *const *paths, size_t n, sg_group **ret, sg_error *err)
{
    SG_CLEANUP(sg_group_free_cleanup_) sg_group *g = SG_NEW(sg_group);
    if (!g)
        return sg_fail_memory(err, "grouping runs");
    g->n_runs = n;
    g->paths = SG_NEW_ARRAY(char *, n);
    g->seeds = SG_NEW_ARRAY(char *, n);
    for (size_t i = 0; g->paths && g->seeds && i < n; i++)
        if (!(g->paths[i] = sg_strdup(paths[i])))
            return sg_fail_memory(err, "grouping runs");
    if (!g->paths || !g->seeds)
        return sg_fail_memory(err, "grouping runs");
    *ret = SG_TAKE(g);
    return SG_OK;
}

static sg_status analyze_runs(sg_group *g, const sg_analysis_params *params,
                              const sg_progress *progress, sg_error *err)
{
    for (size_t i = 0; i < g->n_runs; i++) {
        const char *path = g->paths[i];
        SG_CLEANUP(sg_analysis_free_cleanup_) sg_analysis *a = NULL;
        const sg_status status = sg_analyze(&path, 1, params, progress, &a, err);
        if (status != SG_OK)
            return sg_fail_within(err, status, "run '%s'", path);
        if (i == 0)
            g->first = SG_TAKE(a);
        SG_TRY(sg_group_take_run(g, i, i == 0 ? g->first : a, err));
    }
    return SG_OK;
}

sg_status sg_group_analyze(const char *const *paths, size_t n_paths,
                           const sg_analysis_params *params, const sg_progress *progress,
                           sg_group **ret, sg_error *err)
{
    const sg_analysis_params defaults = SG_ANALYSIS_PARAMS_DEFAULT;
    sg_analysis_params values = params ? *params : defaults;
    values.n_nulls = 0; /* the runs are the sample */
    if (n_paths < 2)
        return sg_fail(err, SG_EINVAL,
                       "a group is of at least 2 runs of one setting; train more with other seeds");
    SG_CLEANUP(close_runs) opened runs = {.n = n_paths};
    SG_CLEANUP(sg_group_free_cleanup_) sg_group *g = NULL;
    SG_TRY(open_runs(paths, &runs, err));
    SG_TRY(group_new(paths, n_paths, &g, err));
    const sg_run *const *borrowed = (const sg_run *const *)runs.at;
    SG_TRY(sg_group_check_settings(g, borrowed, err));
    SG_TRY(analyze_runs(g, &values, progress, err));
    sg_group_summarise(g);
    SG_TRY(sg_group_compare_runs(g, borrowed, &values, progress, err));
    if (n_paths < SG_GROUP_RUNS_MIN)
        SG_TRY(sg_group_warn(g, err,
                             "%zu runs give no confidence interval, only a range: at least %d are "
                             "needed, and 5 or more are usual",
                             n_paths, SG_GROUP_RUNS_MIN));
    *ret = SG_TAKE(g);
    return SG_OK;
}
