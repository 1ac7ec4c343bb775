/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The choices of --to, in the order of the help. */
static const char *const formats[] = {"safetensors", "npz", "mtx",   "graphml", "gml", "gexf",
                                      "cx2",         "sif", "edges", "csv",     NULL};

typedef struct settings {
    int to; /* index into formats; -1: OUT's suffix decides */
    size_t epoch;
    bool epoch_given; /* else the latest */
    epoch_range epochs;
    bool epochs_given;
    double core_zeta;
    bool numbers;
    bool absolute;
    bool all_weights;
    bool quiet;
    input_style style;
} settings;

static bool is_standard_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* Writes past stdio, whose buffer would fail a second time at the end of the program. */
static sg_status print_bytes(void *user, const void *bytes, size_t n, sg_error *err)
{
    const char *rest = bytes;

    (void)user;
    while (n > 0) {
        const ssize_t written = write(STDOUT_FILENO, rest, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            err->status = SG_EIO;
            (void)snprintf(err->message, sizeof err->message, "cannot write to standard output: %s",
                           strerror(errno));
            return SG_EIO;
        }
        rest += written;
        n -= (size_t)written;
    }
    return SG_OK;
}

static sg_convert_target target_of(const char *path)
{
    return is_standard_output(path) ? (sg_convert_target){NULL, print_bytes, NULL}
                                    : (sg_convert_target){path, NULL, NULL};
}

/* The format that the options or the path name; NULL, and a message, where there is none. */
static const sg_convert_info *format_of(const settings *s, const char *out)
{
    const sg_convert_info *info =
        s->to >= 0 ? sg_convert_find(formats[s->to]) : sg_convert_of_path(out);

    if (info)
        return info;
    if (is_standard_output(out))
        (void)command_usage_error(&cmd_convert, "'-' has no suffix: name the format by --to");
    else
        (void)command_usage_error(
            &cmd_convert, "'%s' ends in no suffix that is known: name the format by --to", out);
    return NULL;
}

/* Finds the snapshot that was asked for, or the latest. */
static sg_status path_in_run(const sg_run *run, const settings *s, const char **ret, sg_error *err)
{
    const size_t n = sg_run_n_snapshots(run);
    const char *path = NULL;

    if (!s->epoch_given)
        path = n > 0 ? sg_run_snapshot_path(run, n - 1) : sg_run_final_path(run);
    for (size_t i = 0; i < n && s->epoch_given; i++)
        if (sg_run_snapshot_epoch(run, i) == (long)s->epoch)
            path = sg_run_snapshot_path(run, i);
    if (path) {
        *ret = path;
        return SG_OK;
    }
    err->status = SG_ENOTFOUND;
    if (s->epoch_given)
        (void)snprintf(err->message, sizeof err->message,
                       "'%s' has no snapshot of epoch %zu; 'sparsegraph inspect' lists its epochs",
                       sg_run_path(run), s->epoch);
    else
        (void)snprintf(err->message, sizeof err->message, "'%s' has no snapshot", sg_run_path(run));
    return SG_ENOTFOUND;
}

/* Reads the one network that is to be written. */
static sg_status read_network(const char *in, const settings *s, sg_snapshot **ret, sg_error *err)
{
    OWNED(sg_run) run = NULL;
    OWNED(sg_snapshot) whole = NULL;
    const char *path = in;
    sg_status status = SG_OK;

    if (sg_run_is(in)) {
        status = sg_run_open(in, &run, err);
        if (status == SG_OK)
            status = path_in_run(run, s, &path, err);
    }
    if (status == SG_OK)
        status = sg_snapshot_read(path, &whole, err);
    if (status != SG_OK)
        return status;
    if (!isnan(s->core_zeta))
        return sg_snapshot_core(whole, s->core_zeta, ret, err);
    *ret = whole;
    whole = NULL;
    return SG_OK;
}

/* Says on stderr which files there are now. */
static sg_status tell_files(const sg_snapshot *network, const sg_convert_info *info,
                            const char *out, meter *m, sg_error *err)
{
    const size_t n = info->per_link ? sg_snapshot_n_links(network) : 0;

    if (n < 2) {
        meter_say(m, "written: %s", out);
        return SG_OK;
    }
    for (size_t i = 0; i < n; i++) {
        OWNED(char) path = NULL;
        const sg_status status = sg_convert_link_path(network, i, out, &path, err);
        if (status != SG_OK)
            return status;
        meter_say(m, "written: %s", path);
    }
    return SG_OK;
}

static sg_status convert_network(const char *in, const char *out, const sg_convert_info *info,
                                 const settings *s, meter *m, sg_error *err)
{
    OWNED(sg_snapshot) network = NULL;
    const sg_convert_target target = target_of(out);
    const sg_convert_params params = {info->format, s->numbers, s->absolute};
    sg_status status = read_network(in, s, &network, err);

    if (status == SG_OK)
        status = sg_convert_write(network, &target, &params, err);
    if (status == SG_OK && target.path)
        status = tell_files(network, info, out, m, err);
    return status;
}

static sg_status convert_timeline(const char *in, const char *out, const settings *s, meter *m,
                                  sg_error *err)
{
    OWNED(sg_run) run = NULL;
    const sg_convert_target target = target_of(out);
    const sg_convert_timeline_params params = {.epoch_first = s->epochs.first,
                                               .epoch_last = s->epochs.last,
                                               .epoch_step = s->epochs.step,
                                               .core_zeta = s->core_zeta,
                                               .all_weights = s->all_weights,
                                               .absolute = s->absolute};
    const sg_progress progress = {meter_progress, m, interrupt_listen()};
    sg_status status = sg_run_open(in, &run, err);

    if (status == SG_OK)
        status = sg_convert_timeline(run, &target, &params, &progress, err);
    meter_clear(m);
    if (status == SG_OK && target.path)
        meter_say(m, "written: %s", out);
    return status;
}

/* Whether the epochs of a run become a timeline. */
static bool is_timeline(const char *in, const sg_convert_info *info, const settings *s)
{
    return info->format == SG_CONVERT_GEXF && !s->epoch_given && sg_run_is(in);
}

static int check(const char *in, const sg_convert_info *info, const settings *s)
{
    const bool timeline = is_timeline(in, info, s);

    if (s->epoch_given && !sg_run_is(in))
        return command_usage_error(&cmd_convert, "--epoch chooses one of a run, and '%s' is none",
                                   in);
    if (s->epochs_given && !timeline)
        return command_usage_error(&cmd_convert, "--epochs needs a run and the format gexf; "
                                                 "--epoch takes one epoch in any format");
    if (s->all_weights && !timeline)
        return command_usage_error(&cmd_convert,
                                   "--all-weights needs a run whose epochs become a timeline");
    if (s->numbers && info->format != SG_CONVERT_SIF && info->format != SG_CONVERT_EDGES)
        return command_usage_error(&cmd_convert, "--numbers is for the formats sif and edges");
    return PARSED;
}

/* The last of the paths is where to write, those before it are one network. */
static int convert(const settings *s, const operands *paths)
{
    const char *out = paths->item[paths->n - 1];
    const sg_convert_info *info = format_of(s, out);
    AUTO_INPUTS gathered = {0};
    sg_error err = {0};
    meter m = {0};

    if (!info)
        return EXIT_USAGE;
    if (paths->n > 2 && !s->style.layers)
        return command_usage_error(
            &cmd_convert, "unexpected argument '%s'; --layers joins several files", paths->item[2]);
    err.status = inputs_gather(paths->item, paths->n - 1, &s->style, &gathered, &err);
    if (err.status != SG_OK)
        return command_fail(&err);
    const char *in = gathered.paths.item[0];
    const int checked = check(in, info, s);
    if (checked != PARSED)
        return checked;
    meter_start(&m, s->quiet);
    err.status = is_timeline(in, info, s) ? convert_timeline(in, out, s, &m, &err)
                                          : convert_network(in, out, info, s, &m, &err);
    return err.status == SG_OK ? EXIT_OK : command_fail(&err);
}

static int run_convert(int argc, char **argv)
{
    enum { EPOCH = 1, EPOCHS = 2 }; /* their places in the table */
    settings s = {.to = -1, .epochs = EPOCHS_ALL, .core_zeta = NAN};
    const opt opts[] = {
        {0, "to", "FORMAT", OPT_CHOICE, &s.to, "what to write", .group = "Output",
         .choices = formats, .fallback = "by OUT's suffix"},
        {0, "epoch", "N", OPT_SIZE, &s.epoch, "of a run: this epoch", .group = "What is written",
         .fallback = "the latest", .min = 0, .max = 1e9},
        {0, "epochs", "A:B:STEP", OPT_EPOCHS, &s.epochs,
         "of a run as a GEXF timeline: epochs A to B, every STEP-th; each may be left out",
         .fallback = "all"},
        {0, "core", "ZETA", OPT_REAL, &s.core_zeta,
         "only the links that SET's next removal of the fraction ZETA would keep", .min = 0,
         .max = 1},
        {0, "absolute", NULL, OPT_FLAG, &s.absolute,
         "write |weight|: programs that lay out by weight take it for an attraction"},
        {0, "all-weights", NULL, OPT_FLAG, &s.all_weights,
         "in a timeline: each edge's weight at every epoch, not only its last; a large file"},
        {0, "numbers", NULL, OPT_FLAG, &s.numbers,
         "in edges and sif: name neurons by numbers from 0 through all layers, not LAYER:INDEX"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "no progress, no list of what was written"},

        INPUT_OPTIONS(s.style),
    };
    operands paths;
    const int parsed = opts_parse(&cmd_convert, opts, COUNT(opts), argc, argv, &paths);

    if (parsed != PARSED)
        return parsed;
    s.epoch_given = opts_given(&paths, EPOCH);
    s.epochs_given = opts_given(&paths, EPOCHS);
    return convert(&s, &paths);
}

const command cmd_convert = {
    .name = "convert",
    .group = "Look",
    .summary = "write a network in the format of another program",
    .usage = "FILE|RUN OUT [options]\n--layers FILE... OUT [options]",
    .examples = "# the last epoch of a run, for igraph, NetworkX, Gephi or yEd\n"
                "sparsegraph convert output/set last.graphml\n"
                "# every epoch on Gephi's timeline\n"
                "sparsegraph convert output/set growth.gexf --epochs ::5 --absolute\n"
                "# a SciPy matrix for each link: pruned-1-input-hidden1.npz, ...\n"
                "sparsegraph convert model.safetensors pruned.npz\n"
                "# an edge list for a script\n"
                "sparsegraph convert output/set - --to edges | sort | head\n",
    .about =
        "Formats, by OUT's suffix or --to: safetensors (everything a snapshot holds), npz (SciPy) "
        "and mtx (Matrix Market), graphml, gml, gexf (Gephi), cx2 and sif (Cytoscape), edges "
        "(.edges, .tsv, .txt: sender, receiver, weight, between tabs), csv (from_layer, from, "
        "to_layer, to, weight). OUT may be '-' for standard output where the format is text. What "
        "'sparsegraph inspect' describes can be converted.\n\n"
        "Neurons are nodes named LAYER:INDEX with the attributes layer, index, row, column, "
        "channel and bias where they apply; connections are directed edges with the attribute "
        "weight. sif holds no weights, edges no isolated neurons. Weights are written with the "
        "digits that read back as the same number.\n\n"
        "npz and mtx hold one matrix (receiving, sending): a network of several links becomes "
        "OUT-1-LINK.npz and so on, numbered so that a shell lists them in order.",
    .min_operands = 2,
    .max_operands = -1,
    .operand = "what to read, or where to write,",
    .run = run_convert,
};
