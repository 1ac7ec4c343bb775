/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "inputs.h"
#include "json_print.h"
#include "options.h"
#include "owned.h"
#include "table.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What the manifest may say of a run, in the order in which a person asks. */
static const struct {
    const char *key;
    const char *label;
} settings[] = {
    {"dataset", "data set"},
    {"method", "method"},
    {"hidden", "hidden"},
    {"epsilon", "epsilon"},
    {"density", "density"},
    {"zeta", "zeta"},
    {"epochs", "epochs"},
    {"batch", "batch"},
    {"lr", "lr"},
    {"loss", "loss"},
    {"seed", "seed"},
    {"sparsegraph", "version"},
    {"command_line", "command"},
};

static bool is_chain(const sg_snapshot *s)
{
    const size_t n_links = sg_snapshot_n_links(s);

    if (n_links + 1 != sg_snapshot_n_layers(s))
        return false;
    for (size_t i = 0; i < n_links; i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        if (link->from != i || link->to != i + 1)
            return false;
    }
    return true;
}

static double whole_density(const sg_snapshot *s)
{
    double cells = 0.0;

    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        cells += (double)m->n_rows * (double)m->n_cols;
    }
    return cells > 0.0 ? (double)sg_snapshot_n_connections(s) / cells : 0.0;
}

static size_t count_neurons(const sg_snapshot *s)
{
    size_t n = 0;

    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        n += sg_snapshot_layer(s, i)->size;
    return n;
}

/* Prints one fact on a line; what could drive the terminal is replaced. */
static void print_fact(const char *name, const char *value)
{
    printf("  %-12s ", name);
    for (; *value != '\0'; value++)
        (void)putchar((unsigned char)*value < 0x20 || *value == 0x7F ? '?' : *value);
    (void)putchar('\n');
}

/* "784-512-10" for a chain of layers, "784 512 10" for any other network. */
static void print_sizes(const sg_snapshot *s)
{
    const bool chain = is_chain(s);

    printf("  %-12s ", "layers");
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        printf("%s%zu", i == 0 ? "" : chain ? "-" : " ", sg_snapshot_layer(s, i)->size);
    printf(", %zu neurons\n", count_neurons(s));
    printf("  %-12s %zu, density %.4g\n", "connections", sg_snapshot_n_connections(s),
           whole_density(s));
}

static void add_layer_row(table *t, const sg_layer *layer)
{
    char shape[SG_LAYER_DIMS_MAX * 24] = "";
    size_t n = 0;

    for (size_t i = 0; i < layer->n_dims && n < sizeof shape; i++)
        n += (size_t)snprintf(shape + n, sizeof shape - n, "%s%zu", i > 0 ? "x" : "",
                              layer->shape[i]);
    table_add(t, "%s", layer->name);
    table_add(t, "%zu", layer->size);
    table_add(t, "%s", shape);
    table_add(t, "%s", layer->bias ? "yes" : "no");
}

static bool print_layers(const sg_snapshot *s)
{
    static const table_column columns[] = {
        {"layer", false}, {"neurons", true}, {"shape", false}, {"bias", false}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        add_layer_row(&t, sg_snapshot_layer(s, i));
    (void)putchar('\n');
    return table_print(&t, stdout);
}

static bool print_links(const sg_snapshot *s)
{
    static const table_column columns[] = {
        {"link", false}, {"from", false}, {"to", false}, {"connections", true}, {"density", true}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        table_add(&t, "%s", link->name);
        table_add(&t, "%s", sg_snapshot_layer(s, link->from)->name);
        table_add(&t, "%s", sg_snapshot_layer(s, link->to)->name);
        table_add(&t, "%zu", link->matrix->n_links);
        table_add_real(&t, sg_csr_density(link->matrix), 4);
    }
    (void)putchar('\n');
    return table_print(&t, stdout);
}

static bool print_metadata(const sg_snapshot *s)
{
    static const table_column columns[] = {{"metadata", false}, {"value", false}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (size_t i = 0; i < sg_snapshot_n_meta(s); i++) {
        const char *key;
        const char *value;
        sg_snapshot_meta_at(s, i, &key, &value);
        table_add(&t, "%s", key);
        table_add(&t, "%s", value);
    }
    (void)putchar('\n');
    return table_print(&t, stdout);
}

static bool print_snapshot(const sg_snapshot *s)
{
    print_sizes(s);
    if (!print_layers(s) || !print_links(s))
        return false;
    return sg_snapshot_n_meta(s) == 0 || print_metadata(s);
}

/* Prints the members "path", "kind" and "network" of an object that the caller opens and closes. */
static sg_status print_json_snapshot(const char *path, const sg_snapshot *s, sg_error *err)
{
    OWNED(char) network = NULL;
    const sg_status status = sg_snapshot_describe_json(s, &network, err);

    if (status != SG_OK)
        return status;
    printf("\"path\":");
    json_print_text(path);
    printf(",\"kind\":\"snapshot\",\"network\":%s", network);
    return SG_OK;
}

static bool print_epochs(const sg_run *run)
{
    static const table_column columns[] = {{"epoch", true},         {"train loss", true},
                                           {"test loss", true},     {"train accuracy", true},
                                           {"test accuracy", true}, {"links", true},
                                           {"density", true},       {"seconds", true}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    if (sg_run_n_metrics(run) == 0)
        return true;
    for (size_t i = 0; i < sg_run_n_metrics(run); i++) {
        const sg_epoch_metrics *m = sg_run_metrics(run, i);
        table_add(&t, "%ld", m->epoch);
        table_add_real(&t, m->train_loss, 4);
        table_add_real(&t, m->test_loss, 4);
        table_add_real(&t, m->train_accuracy, 4);
        table_add_real(&t, m->test_accuracy, 4);
        table_add_real(&t, m->links, 12);
        table_add_real(&t, m->density, 4);
        table_add_real(&t, m->train_s, 3);
    }
    (void)putchar('\n');
    return table_print(&t, stdout);
}

/* The latest network that the run holds: its path, or NULL where it holds none. */
static const char *latest_path(const sg_run *run)
{
    const size_t n = sg_run_n_snapshots(run);

    return n > 0 ? sg_run_snapshot_path(run, n - 1) : sg_run_final_path(run);
}

/* Whether the manifest has this setting and the run's method used it. */
static bool is_in_force(const sg_run *run, const char *key)
{
    const char *method = sg_run_setting(run, "method");
    const char *density = sg_run_setting(run, "density");
    const bool by_density = density && strcmp(density, "0") != 0;

    if (!sg_run_setting(run, key))
        return false;
    if (strcmp(key, "zeta") == 0)
        return method && strcmp(method, "set") == 0;
    if (method && strcmp(method, "dense") == 0 &&
        (strcmp(key, "epsilon") == 0 || strcmp(key, "density") == 0))
        return false;
    if (strcmp(key, "epsilon") == 0)
        return !by_density;
    return strcmp(key, "density") != 0 || by_density;
}

static bool print_run(const sg_run *run, const sg_snapshot *latest)
{
    const size_t n = sg_run_n_snapshots(run);

    for (size_t i = 0; i < COUNT(settings); i++)
        if (is_in_force(run, settings[i].key))
            print_fact(settings[i].label, sg_run_setting(run, settings[i].key));
    if (n > 0)
        printf("  %-12s %zu, epochs %ld to %ld%s\n", "snapshots", n, sg_run_snapshot_epoch(run, 0),
               sg_run_snapshot_epoch(run, n - 1),
               sg_run_final_path(run) ? ", and final.safetensors" : "");
    if (!print_epochs(run))
        return false;
    if (!latest)
        return true;
    printf("\n%s\n", latest_path(run));
    return print_snapshot(latest);
}

static void print_json_epoch(const sg_epoch_metrics *m)
{
    const struct {
        const char *name;
        double value;
    } members[] = {
        {"train_s", m->train_s},
        {"evolve_s", m->evolve_s},
        {"test_s", m->test_s},
        {"snapshot_s", m->snapshot_s},
        {"train_loss", m->train_loss},
        {"test_loss", m->test_loss},
        {"train_accuracy", m->train_accuracy},
        {"test_accuracy", m->test_accuracy},
        {"links", m->links},
        {"density", m->density},
    };

    printf("{\"epoch\":%ld", m->epoch);
    for (size_t i = 0; i < COUNT(members); i++) {
        printf(",\"%s\":", members[i].name);
        json_print_real(members[i].value);
    }
    (void)putchar('}');
}

static sg_status print_json_run(const sg_run *run, const sg_snapshot *latest, sg_error *err)
{
    sg_status status = SG_OK;

    printf("\"path\":");
    json_print_text(sg_run_path(run));
    printf(",\"kind\":\"run\",\"manifest\":%s,\"snapshots\":[", sg_run_manifest(run));
    for (size_t i = 0; i < sg_run_n_snapshots(run); i++) {
        printf("%s{\"epoch\":%ld,\"path\":", i > 0 ? "," : "", sg_run_snapshot_epoch(run, i));
        json_print_text(sg_run_snapshot_path(run, i));
        (void)putchar('}');
    }
    printf("],\"final\":");
    json_print_text(sg_run_final_path(run));
    printf(",\"epochs\":[");
    for (size_t i = 0; i < sg_run_n_metrics(run); i++) {
        if (i > 0)
            (void)putchar(',');
        print_json_epoch(sg_run_metrics(run, i));
    }
    printf("],\"latest\":{");
    if (latest)
        status = print_json_snapshot(latest_path(run), latest, err);
    (void)putchar('}');
    return status;
}

/* Prints what goes between two entries of the output, and before the first. */
static void print_gap(bool json, bool *printed)
{
    if (json)
        printf(*printed ? ",\n{" : "[{");
    else
        printf(*printed ? "\n" : "");
    *printed = true;
}

static sg_status inspect_run(const char *path, bool json, bool *printed, sg_error *err)
{
    OWNED(sg_run) run = NULL;
    OWNED(sg_snapshot) latest = NULL;
    sg_status status = sg_run_open(path, &run, err);

    if (status == SG_OK && latest_path(run))
        status = sg_snapshot_read(latest_path(run), &latest, err);
    if (status != SG_OK)
        return status;
    print_gap(json, printed);
    if (json) {
        status = print_json_run(run, latest, err);
        (void)putchar('}');
        return status;
    }
    printf("%s\n", path);
    return print_run(run, latest) ? SG_OK : SG_ENOMEM;
}

static sg_status inspect_file(const char *path, bool json, bool *printed, sg_error *err)
{
    OWNED(sg_snapshot) s = NULL;
    sg_status status = sg_snapshot_read(path, &s, err);

    if (status != SG_OK)
        return status;
    print_gap(json, printed);
    if (json) {
        status = print_json_snapshot(path, s, err);
        (void)putchar('}');
        return status;
    }
    printf("%s\n", path);
    return print_snapshot(s) ? SG_OK : SG_ENOMEM;
}

static bool is_directory(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int run_inspect(int argc, char **argv)
{
    bool json = false;
    input_style style = {0};
    const opt opts[] = {
        {0, "json", NULL, OPT_FLAG, &json, "print one JSON array, an object a file",
         .group = "Output"},

        INPUT_OPTIONS(style),
    };
    operands paths;
    const int parsed = opts_parse(&cmd_inspect, opts, COUNT(opts), argc, argv, &paths);
    if (parsed != PARSED)
        return parsed;

    bool printed = false;
    int exit_code = EXIT_OK;
    AUTO_INPUTS in = {0};
    sg_error unread = {0};
    unread.status = inputs_restyle(paths.item, paths.n, &style, &in, &unread);
    if (unread.status != SG_OK)
        return command_fail(&unread);
    for (size_t i = 0; i < in.paths.n; i++) {
        sg_error err = {0};
        const char *path = in.paths.item[i];
        const sg_status status = is_directory(path) ? inspect_run(path, json, &printed, &err)
                                                    : inspect_file(path, json, &printed, &err);
        if (status != SG_OK) {
            err.status = status;
            exit_code = command_fail(&err);
        }
    }
    if (json && printed)
        printf("]\n");
    return exit_code;
}

const command cmd_inspect = {
    .name = "inspect",
    .group = "Look",
    .summary = "say what a snapshot, a weights file or a run holds",
    .usage = "FILE|RUN... [options]",
    .examples = "# layers, links and density of a network trained anywhere\n"
                "sparsegraph inspect model.safetensors\n"
                "# what torch.save() or scipy.sparse.save_npz() wrote\n"
                "sparsegraph inspect checkpoint.pt layer.npz\n"
                "# a network of several files, a matrix each, with rows that send\n"
                "sparsegraph inspect --layers --orientation in-out w1.npy w2.npy w3.npy\n"
                "# settings and accuracy by epoch of a run of our own\n"
                "sparsegraph inspect output/first\n"
                "# the same for a script\n"
                "sparsegraph inspect --json output/first\n",
    .about =
        "FILE is told by its content: safetensors (a snapshot of a run, or weights), PyTorch "
        "(.pt, .pth, old .pkl: a state dict, alone or in a checkpoint), NumPy (.npy, .npz), SciPy "
        "sparse .npz, Matrix Market (.mtx), DLMC's .smtx, or an edge list with layers; text may be "
        "gzipped. RUN is a directory that 'sparsegraph train' made; its latest snapshot is "
        "described.\n\n"
        "Of dense matrices exact zeros are absent links; pruning masks (NAME_orig and NAME_mask, "
        "parametrizations, zero_mask) tell otherwise. Pickles are read as data: nothing in them is "
        "ever called. Matrices are put in the order in which their sizes chain; rows receive, or "
        "send, whichever chains, unless --orientation says it. Square ones may leave both open.\n\n"
        "An edge list has the columns from_layer, from, to_layer, to and perhaps weight, named in "
        "its first line and cut by commas, tabs or blanks, with neurons numbered from 0 in each "
        "layer; or, without that line, two neurons LAYER:NUMBER a line. A comment '# layer NAME "
        "SIZE' tells the size of a layer, which else ends with its last connected neuron.",
    .min_operands = 1,
    .max_operands = -1,
    .operand = "a file or a run",
    .run = run_inspect,
};
