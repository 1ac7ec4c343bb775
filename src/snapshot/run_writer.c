/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/run_writer.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "snapshot/metrics.h"
#include "snapshot/run_files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

static sg_status check_manifest(const char *manifest, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *json = NULL;
    const sg_status status = sg_json_parse(manifest, strlen(manifest), &json, err);
    if (status == SG_ENOMEM)
        return status;
    if (status != SG_OK || !sg_json_is_object(json))
        return sg_fail(err, SG_EINVAL, "the manifest of a run is no JSON object");
    return SG_OK;
}

sg_status sg_run_write_manifest(const char *path, const char *manifest, sg_error *err)
{
    SG_TRY(check_manifest(manifest, err));
    SG_AUTOFREE char *file = sg_format("%s/" SG_RUN_MANIFEST, path);
    if (!file)
        return sg_fail_memory(err, "writing a manifest");
    return sg_file_write(file, manifest, strlen(manifest), err);
}

/* Removes DIR/NAME, a file; none is fine. */
static sg_status remove_file(const char *dir, const char *name, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/%s", dir, name);
    if (!path)
        return sg_fail_memory(err, "removing a file");
    if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
        return sg_fail_errno(err, "remove", path);
    return SG_OK;
}

static bool is_temporary(const char *name)
{
    return name[0] == '.' && strstr(name, ".tmp-") != NULL;
}

/* Whether a run itself put a file of that name into snapshots/. */
static bool is_snapshot(const char *name)
{
    return sg_run_epoch_of_name(name) >= 0 || strcmp(name, "final.safetensors") == 0 ||
           (is_temporary(name) &&
            (strncmp(name, ".epoch-", 7) == 0 || strncmp(name, ".final.", 7) == 0));
}

static bool is_half_written(const char *name)
{
    static const char *const OURS[] = {SG_RUN_MANIFEST, SG_RUN_METRICS, SG_RUN_CHECKPOINT, "epoch-",
                                       "final.safetensors"};
    for (size_t i = 0; is_temporary(name) && i < SG_COUNT(OURS); i++)
        if (strncmp(name + 1, OURS[i], strlen(OURS[i])) == 0)
            return true;
    return false;
}

/* Removes the files of a folder that a predicate picks; no folder is fine. */
static sg_status remove_picked(const char *dir, bool (*pick)(const char *name), sg_error *err)
{
    SG_CLEANUP(close_folder) DIR *folder = opendir(dir);
    if (!folder)
        return errno == ENOENT ? SG_OK : sg_fail_errno(err, "read", dir);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (pick(entry->d_name))
            SG_TRY(remove_file(dir, entry->d_name, err));
    return SG_OK;
}

static sg_status remove_in_snapshots(const char *path, bool (*pick)(const char *name),
                                     sg_error *err)
{
    SG_AUTOFREE char *dir = sg_format("%s/" SG_RUN_SNAPSHOTS, path);
    if (!dir)
        return sg_fail_memory(err, "removing snapshots");
    return remove_picked(dir, pick, err);
}

sg_status sg_run_remove_half_written(const char *path, sg_error *err)
{
    SG_TRY(remove_picked(path, is_half_written, err));
    return remove_in_snapshots(path, is_half_written, err);
}

/* First what a resumed training would start from, last the manifest. */
sg_status sg_run_remove(const char *path, sg_error *err)
{
    static const char *const FILES[] = {
        SG_RUN_CHECKPOINT,       SG_RUN_METRICS,      "analysis/analysis.json",
        "analysis/measures.csv", "analysis/fits.csv", "analysis/degrees.csv",
        "report.html",           SG_RUN_MANIFEST,
    };
    SG_TRY(sg_run_remove_half_written(path, err));
    SG_TRY(remove_in_snapshots(path, is_snapshot, err));
    for (size_t i = 0; i < SG_COUNT(FILES); i++)
        SG_TRY(remove_file(path, FILES[i], err));
    SG_AUTOFREE char *snapshots = sg_format("%s/" SG_RUN_SNAPSHOTS, path);
    if (!snapshots)
        return sg_fail_memory(err, "removing a run");
    (void)rmdir(snapshots); /* unless it holds files of others */
    return SG_OK;
}

static sg_status is_empty_folder(const char *path, bool *ret, sg_error *err)
{
    SG_CLEANUP(close_folder) DIR *folder = opendir(path);
    if (!folder)
        return sg_fail_errno(err, "read", path);
    *ret = true;
    for (const struct dirent *entry = readdir(folder); entry && *ret; entry = readdir(folder))
        *ret = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
               strncmp(entry->d_name, SG_RUN_LOCK, strlen(SG_RUN_LOCK)) == 0;
    return SG_OK;
}

static sg_status fail_no_folder(const char *path, sg_error *err)
{
    return sg_fail(err, SG_EINVAL, "cannot make a run in '%s': it is a file; choose another path",
                   path);
}

sg_status sg_run_lock(const char *path, sg_lock **ret, sg_error *err)
{
    SG_AUTOFREE char *file = sg_format("%s/" SG_RUN_LOCK, path);
    if (!file)
        return sg_fail_memory(err, "locking a run");
    if (sg_file_exists(path))
        return fail_no_folder(path, err);
    SG_TRY(sg_dir_make(path, err));
    return sg_lock_take(file, path, ret, err);
}

/* Makes sure that a new run may go to a path. */
static sg_status make_way(const char *path, bool overwrite, sg_error *err)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return errno == ENOENT ? SG_OK : sg_fail_errno(err, "make a run in", path);
    if (!S_ISDIR(about.st_mode))
        return fail_no_folder(path, err);
    bool empty = false;
    SG_TRY(is_empty_folder(path, &empty, err));
    if (empty)
        return SG_OK;
    if (!sg_run_is(path))
        return sg_fail(
            err, SG_EINVAL,
            "cannot make a run in '%s': the folder is not empty and holds no run; choose "
            "another path",
            path);
    if (!overwrite)
        return sg_fail(err, SG_EINVAL,
                       "'%s' holds a run already; resume it, ask to overwrite it, or choose "
                       "another path",
                       path);
    return sg_run_remove(path, err);
}

sg_status sg_run_create(const char *path, const char *manifest, bool overwrite, sg_error *err)
{
    SG_TRY(check_manifest(manifest, err));
    SG_AUTOFREE char *snapshots = sg_format("%s/" SG_RUN_SNAPSHOTS, path);
    if (!snapshots)
        return sg_fail_memory(err, "making a run");
    SG_TRY(make_way(path, overwrite, err));
    SG_TRY(sg_dir_make(snapshots, err));
    return sg_run_write_manifest(path, manifest, err);
}

static sg_status write_to(const sg_snapshot *s, char *file, sg_error *err)
{
    SG_AUTOFREE char *owned = file;
    if (!owned)
        return sg_fail_memory(err, "writing a snapshot");
    return sg_snapshot_write(s, owned, err);
}

sg_status sg_run_write_snapshot(const char *path, long epoch, const sg_snapshot *s, sg_error *err)
{
    if (epoch < 0)
        return sg_fail(err, SG_EINVAL, "a snapshot of epoch %ld cannot be", epoch);
    return write_to(s, sg_format("%s/" SG_RUN_SNAPSHOTS "/epoch-%04ld.safetensors", path, epoch),
                    err);
}

sg_status sg_run_write_final(const char *path, const sg_snapshot *s, sg_error *err)
{
    return write_to(s, sg_format("%s/" SG_RUN_FINAL, path), err);
}

sg_status sg_run_append_metrics(const char *path, const sg_epoch_metrics *m, sg_error *err)
{
    SG_AUTOFREE char *file = sg_format("%s/" SG_RUN_METRICS, path);
    SG_AUTOFREE char *line = NULL;
    if (!file)
        return sg_fail_memory(err, "writing metrics");
    SG_TRY(sg_metrics_print(m, &line, err));
    return sg_file_append(file, line, strlen(line), err);
}

sg_status sg_run_truncate_metrics(const char *path, long last_epoch, sg_error *err)
{
    SG_AUTOFREE char *file = sg_format("%s/" SG_RUN_METRICS, path);
    SG_AUTOFREE char *text = NULL;
    SG_AUTOFREE sg_epoch_metrics *metrics = NULL;
    size_t n = 0;
    size_t n_metrics = 0;
    if (!file)
        return sg_fail_memory(err, "truncating metrics");
    if (!sg_file_exists(file))
        return SG_OK;
    SG_TRY(sg_file_read(file, SG_RUN_METRICS_BYTES_MAX, &text, &n, err));
    const sg_status status = sg_metrics_parse(text, n, &metrics, &n_metrics, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot read '%s'", file);

    SG_AUTO_TEXT sg_text kept = {0};
    for (size_t i = 0; i < n_metrics && metrics[i].epoch <= last_epoch; i++) {
        SG_AUTOFREE char *line = NULL;
        SG_TRY(sg_metrics_print(&metrics[i], &line, err));
        sg_text_append(&kept, line);
    }
    if (kept.failed)
        return sg_fail_memory(err, "truncating metrics");
    return sg_file_write(file, kept.n > 0 ? kept.bytes : "", kept.n, err);
}

sg_status sg_run_write_checkpoint(const char *path, const sg_snapshot *s, sg_error *err)
{
    return write_to(s, sg_format("%s/" SG_RUN_CHECKPOINT, path), err);
}

sg_status sg_run_read_checkpoint(const char *path, sg_snapshot **ret, sg_error *err)
{
    SG_AUTOFREE char *file = sg_format("%s/" SG_RUN_CHECKPOINT, path);
    if (!file)
        return sg_fail_memory(err, "reading a checkpoint");
    if (!sg_file_exists(file))
        return sg_fail(err, SG_ENOTFOUND,
                       "'%s' holds no checkpoint: its training is complete, or never began", path);
    return sg_snapshot_read(file, ret, err);
}

sg_status sg_run_remove_checkpoint(const char *path, sg_error *err)
{
    return remove_file(path, SG_RUN_CHECKPOINT, err);
}
