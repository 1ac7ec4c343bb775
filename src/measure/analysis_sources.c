/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include "sparsegraph/run.h"
#include <stdlib.h>
#include <string.h>

/* Which snapshot files stand behind the paths that a user gave. */

SG_DEFINE_CLEANUP(sg_run, sg_run_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

void sg_analysis_sources_clear(sg_analysis_sources *s)
{
    for (size_t i = 0; i < s->n; i++) {
        sg_free(s->at[i].path);
        sg_free(s->at[i].file);
        sg_free(s->at[i].label);
    }
    sg_free(s->at);
    *s = (sg_analysis_sources){0};
}

/* Appends a copy; room was made. */
static sg_status add(sg_analysis_sources *s, const char *path, const char *file, long epoch,
                     sg_error *err)
{
    sg_analysis_source source = {
        .path = sg_strdup(path), .file = sg_strdup(file), .epoch = epoch, .listed = true};
    if (!source.path || !source.file) {
        sg_free(source.path);
        sg_free(source.file);
        return sg_fail_memory(err, "listing snapshots");
    }
    s->at[s->n++] = source;
    return SG_OK;
}

/* The part of a snapshot's path below its run, so that a run that was moved gives equal results. */
static const char *below(const char *run, const char *path)
{
    const size_t n = strlen(run);
    if (strncmp(run, path, n) != 0)
        return path;
    const char *rest = path + n;
    while (*rest == '/')
        rest++;
    return *rest ? rest : path;
}

static sg_status sources_of_run(const char *path, sg_analysis_sources *s, sg_error *err)
{
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_TRY(sg_run_open(path, &run, err));
    const size_t n = sg_run_n_snapshots(run);
    if (n == 0)
        return sg_fail(err, SG_ENOTFOUND, "run '%s' holds no snapshot", path);
    s->at = SG_NEW_ARRAY(sg_analysis_source, n);
    if (!s->at)
        return sg_fail_memory(err, "listing snapshots");
    for (size_t i = 0; i < n; i++) {
        const char *file = sg_run_snapshot_path(run, i);
        SG_TRY(add(s, file, below(path, file), sg_run_snapshot_epoch(run, i), err));
    }
    return SG_OK;
}

static int by_epoch(const void *a, const void *b)
{
    const sg_analysis_source *x = a;
    const sg_analysis_source *y = b;
    return (x->epoch > y->epoch) - (x->epoch < y->epoch);
}

/* Orders files by their epochs, or numbers them where no file has one. */
static sg_status order(sg_analysis_sources *s, sg_error *err)
{
    size_t n_without = 0;
    for (size_t i = 0; i < s->n; i++)
        n_without += s->at[i].epoch < 0;
    if (s->n == 1)
        return SG_OK;
    if (n_without == s->n) {
        for (size_t i = 0; i < s->n; i++)
            s->at[i].epoch = (long)i;
        s->numbered = true;
        return SG_OK;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].epoch < 0)
            return sg_fail(err, SG_EINVAL,
                           "'%s' names no epoch in its metadata, while other files do; analyse it "
                           "alone",
                           s->at[i].path);
    qsort(s->at, s->n, sizeof *s->at, by_epoch);
    for (size_t i = 1; i < s->n; i++)
        if (s->at[i].epoch == s->at[i - 1].epoch)
            return sg_fail(err, SG_EINVAL,
                           "'%s' and '%s' are both of epoch %ld; analyse the snapshots of one run "
                           "at a time",
                           s->at[i - 1].path, s->at[i].path, s->at[i].epoch);
    return SG_OK;
}

static sg_status sources_of_files(const char *const *paths, size_t n_paths, sg_analysis_sources *s,
                                  sg_error *err)
{
    s->at = SG_NEW_ARRAY(sg_analysis_source, n_paths);
    if (!s->at)
        return sg_fail_memory(err, "listing snapshots");
    for (size_t i = 0; i < n_paths; i++) {
        if (sg_run_is(paths[i]))
            return sg_fail(err, SG_EINVAL,
                           "'%s' is a run directory; analyse one run, or several snapshot files, "
                           "at a time",
                           paths[i]);
        SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *snapshot = NULL;
        SG_TRY(sg_snapshot_read(paths[i], &snapshot, err));
        SG_TRY(add(s, paths[i], paths[i], sg_snapshot_epoch(snapshot), err));
    }
    return order(s, err);
}

static bool wanted(const sg_analysis_params *p, long epoch)
{
    if (epoch < 0)
        return true; /* a single file that names no epoch */
    return epoch >= p->epoch_first && (p->epoch_last < 0 || epoch <= p->epoch_last) &&
           (epoch - p->epoch_first) % p->epoch_step == 0;
}

/* Drops what the params leave out; epoch 0 stays, unlisted. */
static sg_status filter(sg_analysis_sources *s, const sg_analysis_params *p, sg_error *err)
{
    size_t n_listed = 0;
    size_t kept = 0;
    const long lowest = s->at[0].epoch;
    const long highest = s->at[s->n - 1].epoch;
    for (size_t i = 0; i < s->n; i++) {
        sg_analysis_source *source = &s->at[i];
        source->listed = wanted(p, source->epoch);
        n_listed += source->listed;
        if (source->listed || source->epoch == 0) {
            const sg_analysis_source keep = *source;
            *source = s->at[kept];
            s->at[kept++] = keep;
        }
    }
    if (n_listed == 0)
        return sg_fail(err, SG_EINVAL,
                       "the epochs asked for leave no snapshot; there are epochs %ld to %ld",
                       lowest, highest);
    for (size_t i = kept; i < s->n; i++) {
        sg_free(s->at[i].path);
        sg_free(s->at[i].file);
    }
    s->n = kept;
    return SG_OK;
}

static sg_status label(sg_analysis_sources *s, sg_error *err)
{
    for (size_t i = 0; i < s->n; i++) {
        const long epoch = s->at[i].epoch;
        s->at[i].label = epoch < 0 ? sg_strdup(s->at[i].file) : sg_format("epoch %ld", epoch);
        if (!s->at[i].label)
            return sg_fail_memory(err, "listing snapshots");
    }
    return SG_OK;
}

sg_status sg_analysis_sources_find(const char *const *paths, size_t n_paths,
                                   const sg_analysis_params *params, sg_analysis_sources *ret,
                                   sg_error *err)
{
    SG_CLEANUP(sg_analysis_sources_clear) sg_analysis_sources s = {0};
    if (n_paths == 0)
        return sg_fail(err, SG_EINVAL, "nothing to analyse: give a run or snapshot files");
    if (n_paths == 1 && sg_run_is(paths[0]))
        SG_TRY(sources_of_run(paths[0], &s, err));
    else
        SG_TRY(sources_of_files(paths, n_paths, &s, err));
    SG_TRY(filter(&s, params, err));
    SG_TRY(label(&s, err));
    *ret = s;
    s = (sg_analysis_sources){0};
    return SG_OK;
}
