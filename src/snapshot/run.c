/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/run.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "snapshot/metrics.h"
#include "snapshot/run_files.h"
#include "snapshot/sweep_plan.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

typedef struct setting {
    const char *key; /* borrowed from the manifest */
    char *value;
} setting;

typedef struct listed {
    long epoch;
    char *path;
} listed;

struct sg_run {
    char *path;
    char *manifest;
    sg_json *manifest_json; /* NULL where there is no manifest */
    setting *settings;
    size_t n_settings;
    sg_epoch_metrics *metrics;
    size_t n_metrics;
    listed *snapshots;
    size_t n_snapshots;
    char *final_path;
};
SG_DEFINE_CLEANUP(sg_run, sg_run_free)

void sg_run_free(sg_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->n_settings; i++)
        sg_free(run->settings[i].value);
    for (size_t i = 0; i < run->n_snapshots; i++)
        sg_free(run->snapshots[i].path);
    sg_free(run->settings);
    sg_free(run->snapshots);
    sg_free(run->metrics);
    sg_free(run->final_path);
    sg_json_free(run->manifest_json);
    sg_free(run->manifest);
    sg_free(run->path);
    sg_free(run);
}

bool sg_run_is(const char *path)
{
    return sg_dir_exists(path) && (sg_dir_holds(path, SG_RUN_MANIFEST, false) ||
                                   sg_dir_holds(path, SG_RUN_SNAPSHOTS, true));
}

long sg_run_epoch_of_name(const char *name)
{
    static const char BEFORE[] = "epoch-";
    enum { DIGITS_MAX = 18 /* fit in 64 bits */ };
    if (strncmp(name, BEFORE, strlen(BEFORE)) != 0)
        return -1;
    const char *digits = name + strlen(BEFORE);
    const size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > DIGITS_MAX || strcmp(digits + n, ".safetensors") != 0)
        return -1;
    return strtol(digits, NULL, 10);
}

static int by_epoch_then_path(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->epoch != y->epoch)
        return x->epoch < y->epoch ? -1 : 1;
    return strcmp(x->path, y->path);
}

static sg_status list_snapshot(sg_run *run, const char *dir, const char *name, sg_error *err)
{
    const long epoch = sg_run_epoch_of_name(name);
    if (epoch < 0)
        return SG_OK;
    const size_t n = run->n_snapshots;
    if ((n & (n - 1)) == 0) { /* full: capacities are powers of two */
        listed *larger = sg_resize(run->snapshots, n > 0 ? 2 * n : 1, sizeof *larger);
        if (!larger)
            return sg_fail_memory(err, "listing snapshots");
        run->snapshots = larger;
    }
    char *path = sg_format("%s/%s", dir, name);
    if (!path)
        return sg_fail_memory(err, "listing snapshots");
    run->snapshots[run->n_snapshots++] = (listed){.epoch = epoch, .path = path};
    return SG_OK;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

static sg_status list_snapshots(sg_run *run, sg_error *err)
{
    SG_AUTOFREE char *dir = sg_format("%s/" SG_RUN_SNAPSHOTS, run->path);
    if (!dir)
        return sg_fail_memory(err, "listing snapshots");
    if (!sg_dir_exists(dir))
        return SG_OK;
    SG_CLEANUP(close_folder) DIR *folder = opendir(dir);
    if (!folder)
        return sg_fail_errno(err, "read", dir);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        SG_TRY(list_snapshot(run, dir, entry->d_name, err));
    if (run->n_snapshots > 0)
        qsort(run->snapshots, run->n_snapshots, sizeof *run->snapshots, by_epoch_then_path);
    if (sg_dir_holds(run->path, SG_RUN_FINAL, false)) {
        run->final_path = sg_format("%s/" SG_RUN_FINAL, run->path);
        if (!run->final_path)
            return sg_fail_memory(err, "listing snapshots");
    }
    return SG_OK;
}

/* Returns a value as a person would write it: strings bare, lists of scalars with commas; NULL for
 * null and objects (and when out of memory, with *failed set). */
static char *text_of_value(const sg_json *value, bool *failed)
{
    const bool is_scalar = sg_json_number(value, NULL) || sg_json_is_bool(value, NULL);
    char *text = NULL;
    if (sg_json_string(value)) {
        text = sg_strdup(sg_json_string(value));
        *failed = !text;
    } else if (is_scalar || sg_json_is_array(value)) {
        *failed = sg_json_print(value, false, &text, NULL) != SG_OK;
    }
    if (text && sg_json_is_array(value)) { /* without its brackets */
        const size_t n = strlen(text);
        memmove(text, text + 1, n - 2);
        text[n - 2] = '\0';
    }
    return text;
}

/* Notes the members of an object of the manifest. */
static sg_status note_settings(sg_run *run, const sg_json *object, sg_error *err)
{
    for (const sg_json *e = sg_json_first(object); e; e = sg_json_next(e)) {
        bool failed = false;
        char *value = text_of_value(e, &failed);
        if (failed)
            return sg_fail_memory(err, "reading a manifest");
        if (value)
            run->settings[run->n_settings++] = (setting){.key = sg_json_key(e), .value = value};
    }
    return SG_OK;
}

static sg_status read_manifest(sg_run *run, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/" SG_RUN_MANIFEST, run->path);
    if (!path)
        return sg_fail_memory(err, "reading a manifest");
    if (!sg_file_exists(path)) {
        run->manifest = sg_strdup("{}");
        return run->manifest ? SG_OK : sg_fail_memory(err, "reading a manifest");
    }
    size_t n = 0;
    SG_TRY(sg_file_read(path, SG_RUN_MANIFEST_BYTES_MAX, &run->manifest, &n, err));
    const sg_status status = sg_json_parse(run->manifest, n, &run->manifest_json, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot read '%s'", path);
    if (!sg_json_is_object(run->manifest_json))
        return sg_fail(err, SG_EFORMAT, "cannot read '%s': it is no JSON object", path);

    const sg_json *settings = sg_json_get(run->manifest_json, "settings");
    const sg_json *nested = sg_json_is_object(settings) ? settings : NULL;
    run->settings =
        SG_NEW_ARRAY(setting, sg_json_count(run->manifest_json) + sg_json_count(nested));
    if (!run->settings)
        return sg_fail_memory(err, "reading a manifest");
    SG_TRY(note_settings(run, run->manifest_json, err));
    return note_settings(run, nested, err);
}

static sg_status read_metrics(sg_run *run, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/" SG_RUN_METRICS, run->path);
    SG_AUTOFREE char *text = NULL;
    size_t n = 0;
    if (!path)
        return sg_fail_memory(err, "reading metrics");
    if (!sg_file_exists(path))
        return SG_OK;
    SG_TRY(sg_file_read(path, SG_RUN_METRICS_BYTES_MAX, &text, &n, err));
    const sg_status status = sg_metrics_parse(text, n, &run->metrics, &run->n_metrics, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", path);
}

sg_status sg_run_open(const char *path, sg_run **ret, sg_error *err)
{
    if (!sg_dir_exists(path))
        return sg_fail(err, SG_ENOTFOUND, "there is no run directory '%s'", path);
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = SG_NEW(sg_run);
    if (!run)
        return sg_fail_memory(err, "opening a run");
    run->path = sg_strdup(path);
    if (!run->path)
        return sg_fail_memory(err, "opening a run");
    SG_TRY(read_manifest(run, err));
    SG_TRY(list_snapshots(run, err));
    const bool is_empty = !run->manifest_json && run->n_snapshots == 0 && !run->final_path;
    if (is_empty && sg_dir_holds(path, SG_SWEEP_PLAN, false))
        return sg_fail(err, SG_ENOTFOUND,
                       "'%s' holds several runs and is none itself; name the run, such as "
                       "%s/set-seed-1",
                       path, path);
    if (is_empty)
        return sg_fail(err, SG_ENOTFOUND,
                       "'%s' is no run directory: it holds neither " SG_RUN_MANIFEST
                       " nor " SG_RUN_SNAPSHOTS "/epoch-*.safetensors",
                       path);
    SG_TRY(read_metrics(run, err));
    *ret = SG_TAKE(run);
    return SG_OK;
}

const char *sg_run_path(const sg_run *run)
{
    return run->path;
}

const char *sg_run_manifest(const sg_run *run)
{
    return run->manifest;
}

const char *sg_run_setting(const sg_run *run, const char *key)
{
    for (size_t i = 0; i < run->n_settings; i++)
        if (strcmp(run->settings[i].key, key) == 0)
            return run->settings[i].value;
    return NULL;
}

size_t sg_run_n_metrics(const sg_run *run)
{
    return run->n_metrics;
}

const sg_epoch_metrics *sg_run_metrics(const sg_run *run, size_t i)
{
    return &run->metrics[i];
}

size_t sg_run_n_snapshots(const sg_run *run)
{
    return run->n_snapshots;
}

long sg_run_snapshot_epoch(const sg_run *run, size_t i)
{
    return run->snapshots[i].epoch;
}

const char *sg_run_snapshot_path(const sg_run *run, size_t i)
{
    return run->snapshots[i].path;
}

const char *sg_run_final_path(const sg_run *run)
{
    return run->final_path;
}
