/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/sha256.h"
#include "train/settings.h"
#include "train/trainer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static void add_sources(const sg_dataset *data, sg_json *manifest)
{
    sg_json *sources = sg_json_add_array(manifest, "inputs");
    for (size_t i = 0; i < sg_dataset_n_sources(data); i++) {
        const char *path = NULL;
        const char *sha256 = NULL;
        sg_dataset_source(data, i, &path, &sha256);
        sg_json *source = sg_json_push_object(sources);
        sg_json_add_string(source, "path", path);
        sg_json_add_string(source, "sha256", sha256);
    }
}

static void add_sizes(const sg_dataset *data, sg_json *manifest)
{
    sg_json *sizes = sg_json_add_object(manifest, "samples");
    sg_json_add_number(sizes, "train", (double)sg_dataset_n_samples(data, SG_TRAIN));
    sg_json_add_number(sizes, "test", (double)sg_dataset_n_samples(data, SG_TEST));
    sg_json_add_number(sizes, "features", (double)sg_dataset_n_features(data));
    sg_json_add_number(sizes, "classes", (double)sg_dataset_n_classes(data));
}

static void add_host(sg_json *manifest)
{
    struct utsname host;
    sg_json *object = sg_json_add_object(manifest, "host");
    if (uname(&host) == 0) {
        sg_json_add_string(object, "system", host.sysname);
        sg_json_add_string(object, "release", host.release);
        sg_json_add_string(object, "machine", host.machine);
    }
    sg_json_add_string(object, "compiler", __VERSION__);
}

sg_status sg_manifest_text(const sg_train_params *p, const sg_dataset *data, char **ret,
                           sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = sg_json_object();
    if (!manifest)
        return sg_fail_memory(err, "writing the manifest");
    sg_json_add_string(manifest, "format", "sparsegraph-run");
    sg_json_add_number(manifest, "format_version", 1);
    sg_json_add_string(manifest, "sparsegraph", sg_version());
    sg_json_add_string(manifest, "command_line", p->command_line);
    sg_json_add_string(manifest, "dataset", sg_dataset_name(data));
    sg_settings_to_json(p, manifest);
    add_sizes(data, manifest);
    add_sources(data, manifest);
    add_host(manifest);
    return sg_json_print(manifest, true, ret, err);
}

sg_status sg_manifest_digest(const sg_train_params *p, const sg_dataset *data, uint64_t *ret,
                             sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *shared = sg_json_object();
    if (!shared)
        return sg_fail_memory(err, "comparing settings");
    sg_settings_to_json(p, shared);
    add_sizes(data, shared);
    sg_json *sources = sg_json_add_array(shared, "inputs");
    for (size_t i = 0; i < sg_dataset_n_sources(data); i++) {
        const char *path = NULL; /* may differ from node to node */
        const char *sha256 = NULL;
        sg_dataset_source(data, i, &path, &sha256);
        sg_json_add_string(sg_json_push_object(sources), "sha256", sha256);
    }
    SG_AUTOFREE char *text = NULL;
    SG_TRY(sg_json_print(shared, false, &text, err));
    char hex[SG_SHA256_HEX];
    sg_sha256_hex(text, strlen(text), hex);
    hex[16] = '\0'; /* 64 bits */
    *ret = strtoull(hex, NULL, 16);
    return SG_OK;
}

sg_status sg_manifest_check_data(const sg_json *manifest, const sg_dataset *data, sg_error *err)
{
    const sg_json *source = sg_json_first(sg_json_get(manifest, "inputs"));
    for (size_t i = 0; i < sg_dataset_n_sources(data); i++, source = sg_json_next(source)) {
        const char *path = NULL;
        const char *sha256 = NULL;
        sg_dataset_source(data, i, &path, &sha256);
        const char *recorded = sg_json_string(sg_json_get(source, "sha256"));
        if (!recorded || strcmp(recorded, sha256) != 0)
            return sg_fail(
                err, SG_EFORMAT,
                "'%s' is not the file that this run began with: its SHA-256 differs from "
                "the manifest's; bring the old file back, or train anew",
                path);
    }
    return SG_OK;
}
