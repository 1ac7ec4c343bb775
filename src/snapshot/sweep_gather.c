/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/sweep_internal.h"

#include "base/file.h"
#include "base/lock.h"
#include "base/text.h"
#include "base/tree.h"
#include "snapshot/run_files.h"
#include "snapshot/run_writer.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The index, and many folders made one. */

enum { INDEX_BYTES_MAX = 64 << 20 };

sg_status sg_sweep_json(const sg_sweep *s, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    if (!root)
        return sg_fail_memory(err, "writing an index");
    sg_json_add_string(root, "format", "sparsegraph-sweep");
    sg_json_add_number(root, "format_version", 1);
    sg_json_add_string(root, "command", s->plan.command);
    sg_json_add_number(root, "n_planned", (double)s->plan.n_runs);
    sg_json *runs = sg_json_add_array(root, "runs");
    for (size_t i = 0; i < s->plan.n_runs; i++) {
        const sg_sweep_run *r = &s->runs[i];
        if (r->stage != SG_RUN_COMPLETE)
            continue;
        sg_json *run = sg_json_push_object(runs);
        sg_sweep_add_run(run, r->name, r->method, r->seed);
        sg_json_add_number(run, "epochs", (double)r->epoch);
        sg_json_add_number(run, "test_accuracy", r->test_accuracy);
        sg_json_add_number(run, "links", r->links);
    }
    return sg_json_print(root, true, ret, err);
}

/* Writes a file unless it holds the text already: a folder may be complete and for reading only. */
static sg_status write_changed(const char *path, const char *text, sg_error *err)
{
    SG_AUTOFREE char *there = NULL;
    size_t n = 0;
    if (sg_file_exists(path) && sg_file_read(path, INDEX_BYTES_MAX, &there, &n, NULL) == SG_OK &&
        n == strlen(text) && memcmp(there, text, n) == 0)
        return SG_OK;
    return sg_file_write(path, text, strlen(text), err);
}

sg_status sg_sweep_write_index(const sg_sweep *s, const char *folder, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/" SG_SWEEP_INDEX, folder);
    SG_AUTOFREE char *text = NULL;
    if (!path)
        return sg_fail_memory(err, "writing an index");
    SG_TRY(sg_sweep_json(s, &text, err));
    return write_changed(path, text, err);
}

/* Whether two paths lead to one folder. */
static bool is_same_folder(const char *a, const char *b)
{
    struct stat about_a;
    struct stat about_b;
    return stat(a, &about_a) == 0 && stat(b, &about_b) == 0 && about_a.st_ino == about_b.st_ino &&
           about_a.st_dev == about_b.st_dev;
}

/* Snapshots are only ever written whole and renamed, so that a second name for one is safe. */
static bool is_snapshot(const char *name)
{
    return sg_run_epoch_of_name(name) >= 0 || strcmp(name, "final.safetensors") == 0;
}

static sg_status move_to(const char *from, const char *to, sg_error *err)
{
    return rename(from, to) == 0 ? SG_OK : sg_fail_errno(err, "make", to);
}

/* Puts a whole copy at its place; an unfinished run there goes, unless somebody is writing it. */
static sg_status put_in_place(const char *copy, const char *place, const char *aside, sg_error *err)
{
    if (!sg_dir_exists(place))
        return move_to(copy, place, err);
    {
        SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
        SG_TRY(sg_run_lock(place, &lock, err));
        SG_TRY(move_to(place, aside, err));
        SG_TRY(move_to(copy, place, err));
    }
    return sg_tree_remove(aside, err);
}

static sg_status gather_run(const sg_sweep_run *r, const char *folder, sg_error *err)
{
    SG_AUTOFREE char *place = sg_format("%s/%s", folder, r->name);
    SG_AUTOFREE char *copy = sg_format("%s/.%s.merging", folder, r->name);
    SG_AUTOFREE char *aside = sg_format("%s/.%s.replaced", folder, r->name);
    if (!place || !copy || !aside)
        return sg_fail_memory(err, "joining runs");
    if (is_same_folder(r->path, place))
        return SG_OK;
    SG_TRY(sg_tree_remove(copy, err)); /* what a killed merge left */
    SG_TRY(sg_tree_remove(aside, err));
    sg_status status = sg_tree_copy(r->path, copy, is_snapshot, err);
    if (status == SG_OK)
        status = put_in_place(copy, place, aside, err);
    if (status != SG_OK)
        (void)!sg_tree_remove(copy, NULL);
    return status;
}

static bool is_empty(const char *path)
{
    bool empty = true;
    DIR *folder = opendir(path);
    if (!folder)
        return true;
    for (const struct dirent *entry = readdir(folder); entry && empty; entry = readdir(folder))
        empty = entry->d_name[0] == '.';
    (void)closedir(folder);
    return empty;
}

static sg_status lock_folder(const char *folder, sg_lock **ret, sg_error *err)
{
    SG_AUTOFREE char *file = sg_format("%s/" SG_SWEEP_LOCK, folder);
    if (!file)
        return sg_fail_memory(err, "joining runs");
    if (sg_file_exists(folder))
        return sg_fail(err, SG_EINVAL, "cannot join runs in '%s': it is a file", folder);
    if (!sg_sweep_is(folder) && !is_empty(folder))
        return sg_fail(err, SG_EINVAL,
                       "cannot join runs in '%s': it is not empty and no folder of such runs; "
                       "choose another",
                       folder);
    SG_TRY(sg_dir_make(folder, err));
    return sg_lock_take(file, folder, ret, err);
}

static void report(const sg_progress *progress, size_t done, size_t total)
{
    if (progress && progress->update)
        progress->update(progress->user, "runs", done, total);
}

static sg_status publish_plan(const sg_sweep *s, const char *folder, sg_error *err)
{
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan there = {0};
    SG_AUTOFREE char *path = sg_format("%s/" SG_SWEEP_PLAN, folder);
    SG_AUTOFREE char *text = NULL;
    if (!path)
        return sg_fail_memory(err, "joining runs");
    if (sg_file_exists(path)) { /* runs planned there that were not opened would be forgotten */
        SG_TRY(sg_sweep_plan_read(folder, &there, err));
        const size_t n = s->plan.n_runs;
        SG_TRY(sg_sweep_plan_join(&there, folder, &s->plan, "the others", err));
        if (there.n_runs != n)
            return sg_fail(err, SG_EINVAL,
                           "'%s' holds other runs as well; name it among those to "
                           "be joined",
                           folder);
    }
    SG_TRY(sg_sweep_plan_text(&s->plan, &text, err));
    return write_changed(path, text, err);
}

sg_status sg_sweep_gather(const sg_sweep *s, const char *folder, const sg_progress *progress,
                          sg_error *err)
{
    const size_t n = s->plan.n_runs;
    SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
    SG_TRY(lock_folder(folder, &lock, err));
    SG_TRY(publish_plan(s, folder, err)); /* first: a merge that was stopped can go on */
    report(progress, 0, n);
    for (size_t i = 0; i < n; i++) {
        if (progress && progress->stop && *progress->stop)
            return sg_fail(err, SG_EINTERRUPTED, "stopped after %zu of %zu runs", i, n);
        if (s->runs[i].stage == SG_RUN_COMPLETE)
            SG_TRY(gather_run(&s->runs[i], folder, err));
        report(progress, i + 1, n);
    }
    return sg_sweep_write_index(s, folder, err);
}
