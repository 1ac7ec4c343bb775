/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "json_print.h"
#include "options.h"
#include "owned.h"
#include "table.h"
#include <stdio.h>
#include <string.h>

/* Where a data set is on this machine, for the list: its folder, or why there is none. */
static void add_place(table *t, const sg_dataset *d)
{
    const char *path;
    const char *sha256;

    if (!d) {
        table_add(t, "not here");
        return;
    }
    if (sg_dataset_n_sources(d) == 0) {
        table_add(t, "built in");
        return;
    }
    sg_dataset_source(d, 0, &path, &sha256);
    const char *slash = strrchr(path, '/');
    table_add(t, "%.*s", slash ? (int)(slash - path) : (int)strlen(path), path);
}

static int list_known(const char *folder)
{
    static const table_column columns[] = {{"name", false}, {"where", false}, {"what", false}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (size_t i = 0; i < sg_dataset_n_known(); i++) {
        const sg_dataset_info *info = sg_dataset_known(i);
        OWNED(sg_dataset) d = NULL;
        sg_dataset_params p = SG_DATASET_PARAMS_DEFAULT;
        sg_error err = {0};
        p.name = info->name;
        p.folder = folder;
        p.n_train = p.n_test = 1;
        const sg_status status = sg_dataset_load(&p, &d, &err);
        if (status != SG_OK && status != SG_ENOTFOUND) {
            err.status = status;
            return command_fail(&err);
        }
        table_add(&t, "%s", info->name);
        add_place(&t, d);
        table_add(&t, "%s", info->title);
    }
    return table_print(&t, stdout) ? EXIT_OK : EXIT_FAILED;
}

static void print_shape(const sg_dataset *d)
{
    const size_t *shape = sg_dataset_shape(d);

    for (size_t i = 0; i < sg_dataset_n_dims(d); i++)
        printf("%s%zu", i > 0 ? "x" : "", shape[i]);
}

static void print_text(const sg_dataset *d, const char *name)
{
    const sg_dataset_info *info = sg_dataset_identity(d);

    printf("%s\n  samples   %zu to train on, %zu to test on\n", name,
           sg_dataset_n_samples(d, SG_TRAIN), sg_dataset_n_samples(d, SG_TEST));
    printf("  features  %zu, ", sg_dataset_n_features(d));
    print_shape(d);
    printf("\n  classes   ");
    for (size_t i = 0; i < sg_dataset_n_classes(d); i++)
        printf("%s%s", i > 0 ? ", " : "", sg_dataset_class_name(d, i));
    printf("\n  verified  %s\n",
           info ? info->title : "unknown: no published checksum matches these files");
    if (info)
        printf("  licence   %s\n  cite      %s\n", info->licence, info->citation);
    for (size_t i = 0; i < sg_dataset_n_sources(d); i++) {
        const char *path;
        const char *sha256;
        sg_dataset_source(d, i, &path, &sha256);
        printf("  file      %s\n            sha256 %s\n", path, sha256);
    }
}

static void print_json(const sg_dataset *d, const char *name)
{
    const sg_dataset_info *info = sg_dataset_identity(d);

    printf("{\"name\":");
    json_print_text(name);
    printf(",\"n_train\":%zu,\"n_test\":%zu,\"n_features\":%zu,\"n_classes\":%zu,\"identity\":",
           sg_dataset_n_samples(d, SG_TRAIN), sg_dataset_n_samples(d, SG_TEST),
           sg_dataset_n_features(d), sg_dataset_n_classes(d));
    json_print_text(info ? info->name : NULL);
    printf(",\"files\":[");
    for (size_t i = 0; i < sg_dataset_n_sources(d); i++) {
        const char *path;
        const char *sha256;
        sg_dataset_source(d, i, &path, &sha256);
        printf("%s{\"path\":", i > 0 ? "," : "");
        json_print_text(path);
        printf(",\"sha256\":");
        json_print_text(sha256);
        printf("}");
    }
    printf("]}");
}

/* Describes each data set; those that fail leave their code and do not keep the others away. */
static int describe(const operands *names, const char *folder, bool json)
{
    int exit_code = EXIT_OK;
    size_t n_printed = 0;

    for (size_t i = 0; i < names->n; i++) {
        OWNED(sg_dataset) d = NULL;
        sg_dataset_params p = SG_DATASET_PARAMS_DEFAULT;
        sg_error err = {0};
        p.name = names->item[i];
        p.folder = folder;
        err.status = sg_dataset_load(&p, &d, &err);
        if (err.status != SG_OK) {
            exit_code = command_fail(&err);
            continue;
        }
        if (json) {
            printf(n_printed > 0 ? ",\n" : "[");
            print_json(d, names->item[i]);
        } else {
            printf(n_printed > 0 ? "\n" : "");
            print_text(d, names->item[i]);
        }
        n_printed++;
    }
    if (json && n_printed > 0)
        printf("]\n");
    return exit_code;
}

static int run_data(int argc, char **argv)
{
    bool json = false;
    const char *folder = NULL;
    const opt opts[] = {
        {0, "data-dir", "DIR", OPT_TEXT, &folder, "a folder of data sets to search first",
         .group = "Where"},
        {0, "json", NULL, OPT_FLAG, &json, "print one JSON array, an object a data set",
         .group = "Output"},
    };
    operands names;
    const int parsed = opts_parse(&cmd_data, opts, COUNT(opts), argc, argv, &names);

    if (parsed != PARSED)
        return parsed;
    if (names.n == 0 && json)
        return command_usage_error(&cmd_data, "--json needs the name of a data set");
    return names.n == 0 ? list_known(folder) : describe(&names, folder, json);
}

const command cmd_data = {
    .name = "data",
    .group = "Look",
    .summary = "list the data sets that are here, and verify them",
    .usage = "[NAME|FOLDER...] [options]",
    .examples = "# which data sets there are, and where\n"
                "sparsegraph data\n"
                "# samples, classes and the SHA-256 of the files, checked against the published\n"
                "sparsegraph data fashion-mnist\n",
    .about =
        "Searches --data-dir, $SPARSEGRAPH_DATA, ~/.cache/sparsegraph and /usr/share/datasets, "
        "as training does. Checksums are of the decompressed bytes: mirrors recompress.",
    .min_operands = 0,
    .max_operands = -1,
    .operand = "a data set",
    .run = run_data,
};
