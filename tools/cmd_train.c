/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "interrupt.h"
#include "meter.h"
#include "owned.h"
#include "shell.h"
#include "train_options.h"
#include "train_sweep.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_data(meter *m, const sg_dataset *d, bool verbose)
{
    meter_say(m, "data     %s: %zu training and %zu test samples, %zu features, %zu classes",
              sg_dataset_name(d), sg_dataset_n_samples(d, SG_TRAIN),
              sg_dataset_n_samples(d, SG_TEST), sg_dataset_n_features(d), sg_dataset_n_classes(d));
    for (size_t i = 0; verbose && i < sg_dataset_n_sources(d); i++) {
        const char *path;
        const char *sha256;
        sg_dataset_source(d, i, &path, &sha256);
        meter_say(m, "         %s sha256 %s", path, sha256);
    }
}

static void say_network(meter *m, const sg_dataset *d, const sg_train_params *p)
{
    char sizes[OPT_SIZES_MAX * 21 + 1] = "";
    size_t n = 0;

    for (size_t i = 0; i < p->n_hidden; i++)
        n += (size_t)snprintf(sizes + n, sizeof sizes - n, "%zu-", p->hidden[i]);
    meter_say(m, "network  %zu-%s%zu, %s, %s hidden units", sg_dataset_n_features(d), sizes,
              sg_dataset_n_classes(d), sg_method_name(p->method),
              sg_activation_name(p->activation));
    meter_say(m, "seed     %" PRIu64, p->seed);
}

/* What the user hears of: the meter, and whether the network is meant to be sparse. */
typedef struct audience {
    meter m;
    bool sparse;
} audience;

static void on_batch(void *user, const sg_train_batch *where)
{
    meter_batch(&((audience *)user)->m, where);
}

static void on_epoch(void *user, const sg_epoch_metrics *e, size_t n_epochs)
{
    audience *a = user;

    meter_epoch(&a->m, e, n_epochs);
    if (a->sparse && e->epoch == 0 && e->density >= 1.0)
        meter_say(&a->m, METER_NOT_SPARSE);
}

/* SET ends with a removal that no snapshot of an epoch shows: what it left, in a line. */
static void say_final(meter *m, const char *path)
{
    OWNED(sg_run) run = NULL;
    OWNED(sg_snapshot) s = NULL;

    if (sg_run_open(path, &run, NULL) != SG_OK || !sg_run_final_path(run) ||
        sg_snapshot_read(sg_run_final_path(run), &s, NULL) != SG_OK)
        return; /* the run is written; this line is a courtesy */

    const char *text = sg_snapshot_meta(s, "test_accuracy");
    double accuracy;
    if (text && opts_read_real(text, &accuracy))
        meter_say(m, "final    test accuracy %.2f %%  links %zu  (after SET's last removal)",
                  100.0 * accuracy, sg_snapshot_n_connections(s));
}

/* The words after training: where the run is, or how to go on with it. Of several ranks, all of
 * which have come to the same status, one speaks. */
static int conclude(const sg_ranks *ranks, meter *m, sg_status status, const char *run,
                    sg_error *err)
{
    if (sg_ranks_index(ranks) > 0)
        return command_exit_code(status);
    meter_clear(m);
    if (status == SG_EINTERRUPTED) {
        (void)fputs("sparsegraph: interrupted; to go on: sparsegraph train --resume ", stderr);
        shell_print(stderr, run);
        (void)fputc('\n', stderr);
        return EXIT_INTERRUPTED;
    }
    if (status != SG_OK) {
        err->status = status;
        return command_fail(err);
    }
    if (!m->quiet)
        say_final(m, run);
    meter_say(m, "run      %s (next: sparsegraph report %s)", run, run);
    return EXIT_OK;
}

static sg_status load(const char *run, const sg_train_params *p, sg_dataset **ret, sg_error *err)
{
    if (sg_run_is(run) && !p->overwrite) { /* better said before the data are read */
        (void)snprintf(err->message, sizeof err->message,
                       "'%s' holds a run already; replace it with --overwrite, or go on "
                       "with it by --resume",
                       run);
        return SG_EINVAL;
    }
    return sg_dataset_load(&p->data, ret, err);
}

static void start_meter(meter *m, const train_settings *s, const sg_ranks *ranks)
{
    meter_start(m, s->quiet || sg_ranks_index(ranks) > 0);
    if (sg_ranks_count(ranks) > 1)
        meter_say(m, "ranks    %zu", sg_ranks_count(ranks));
}

static int train(const train_settings *s)
{
    audience a = {.sparse = s->method != SG_METHOD_DENSE};
    sg_error err = {0};
    OWNED(sg_ranks) ranks = NULL;
    OWNED(sg_dataset) data = NULL;
    sg_train_params params = train_resolve(s);

    if (sg_ranks_open(&ranks, &err) != SG_OK)
        return command_fail(&err);
    params.ranks = ranks;
    start_meter(&a.m, s, ranks);
    sg_status status = sg_ranks_agree(ranks, load(s->run, &params, &data, &err), &err);
    if (status == SG_OK) {
        const sg_train_watch watch = {on_batch, on_epoch, &a, interrupt_listen()};
        say_data(&a.m, data, s->verbose);
        say_network(&a.m, data, &params);
        status = sg_train(&params, data, s->run, &watch, &err);
    }
    return conclude(ranks, &a.m, status, s->run, &err);
}

static int resume(const train_settings *s)
{
    meter m;
    sg_error err = {0};
    OWNED(sg_ranks) ranks = NULL;

    if (sg_ranks_open(&ranks, &err) != SG_OK)
        return command_fail(&err);
    start_meter(&m, s, ranks);
    const sg_train_watch watch = {meter_batch, meter_epoch, &m, interrupt_listen()};
    const sg_status status = sg_train_resume(s->resume, s->params.n_threads, ranks, &watch, &err);
    return conclude(ranks, &m, status, s->resume, &err);
}

/* A resumed run keeps the settings of its manifest: any other option would be ignored silently. */
static int check_resume(const opt *opts, size_t n, const operands *rest)
{
    static const char *const allowed[] = {"resume", "threads", "quiet", "verbose"};

    if (rest->n > 0)
        return command_usage_error(&cmd_train,
                                   "--resume takes no data set: the run knows its own; got '%s'",
                                   rest->item[0]);
    for (size_t i = 0; i < n; i++) {
        bool is_allowed = !opts_given(rest, i);
        for (size_t j = 0; j < COUNT(allowed); j++)
            is_allowed = is_allowed || strcmp(opts[i].name, allowed[j]) == 0;
        if (!is_allowed)
            return command_usage_error(&cmd_train,
                                       "--%s does not go with --resume: the run keeps its settings",
                                       opts[i].name);
    }
    return PARSED;
}

static bool is_given(const opt *opts, size_t n, const operands *rest, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(opts[i].name, name) == 0)
            return opts_given(rest, i);
    return false;
}

static int check_train(const train_settings *s, const opt *opts, size_t n, const operands *rest)
{
    if (rest->n == 0)
        return command_usage_error(&cmd_train, "a data set is missing: digits, fashion-mnist, "
                                               "mnist or a folder of IDX files");
    if (!s->run)
        return command_usage_error(&cmd_train,
                                   "-o RUN is missing: the directory that receives "
                                   "the run, such as -o output/%s",
                                   s->method == SG_METHOD_SET ? "set" : "run");
    if (is_given(opts, n, rest, "density") && is_given(opts, n, rest, "epsilon"))
        return command_usage_error(&cmd_train, "--density and --epsilon both set the sparsity of "
                                               "the start; choose one");
    if (sweep_is_asked(s))
        return sweep_check(s, is_given(opts, n, rest, "seed"), is_given(opts, n, rest, "method"));
    return PARSED;
}

static int run_train(int argc, char **argv)
{
    train_settings s;
    opt opts[TRAIN_OPTIONS_MAX];
    AUTO_TEXT *line = shell_line(argc, argv); /* before parsing moves the operands to the end */
    operands rest;

    train_settings_default(&s);
    const size_t n_opts = train_options(&s, opts);
    int parsed = opts_parse(&cmd_train, opts, n_opts, argc, argv, &rest);
    if (parsed == PARSED)
        parsed =
            s.resume ? check_resume(opts, n_opts, &rest) : check_train(&s, opts, n_opts, &rest);
    if (parsed != PARSED)
        return parsed;
    if (s.resume)
        return resume(&s);
    s.params.data.name = rest.item[0];
    if (sweep_is_asked(&s))
        return sweep_train(&s, argc, argv, line);
    s.params.command_line = line;
    return train(&s);
}

const command cmd_train = {
    .name = "train",
    .group = "Train",
    .summary = "train a sparse network and keep a snapshot of every epoch",
    .usage = "DATA -o RUN [options]\nDATA --seeds A:B -o FOLDER [--shard K/N] [options]\n"
             "--resume RUN [--threads N]",
    .examples = "# digits drawn by sparsegraph itself: nothing to download, under a minute\n"
                "sparsegraph train digits --hidden 300,300 --epochs 5 -o output/first\n"
                "# sparse evolutionary training (SET) on Fashion-MNIST\n"
                "sparsegraph train fashion-mnist --epsilon 20 --zeta 0.3 -o output/set\n"
                "# the same network with a topology that never changes\n"
                "sparsegraph train fashion-mnist --method fixed --epsilon 20 -o output/fixed\n"
                "# ten seeds of two methods: output/sweep/set-seed-1 to fixed-seed-10\n"
                "sparsegraph train mnist --seeds 1:10 --methods set,fixed -o output/sweep\n"
                "# the third of five parts of ten runs; the others on other machines\n"
                "sparsegraph train mnist --seeds 1:10 --shard 3/5 -o output/sweep\n"
                "# one network, on two processes: the same bytes as on one\n"
                "mpirun -n 2 sparsegraph train fashion-mnist -o output/set\n"
                "# after Ctrl-C, a crash or a power cut\n"
                "sparsegraph train --resume output/set\n",
    .about =
        "DATA is 'digits' (generated), 'fashion-mnist' or 'mnist' (searched in --data-dir, "
        "$SPARSEGRAPH_DATA, ~/.cache/sparsegraph and /usr/share/datasets), or a folder of IDX "
        "files, plain or gzipped.\n\n"
        "RUN becomes a directory: manifest.json (every setting), metrics.jsonl (a line an "
        "epoch) and snapshots/ (a safetensors file an epoch, or every --snapshot-every; epoch 0 is "
        "the untrained network). Ctrl-C finishes the batch and writes a checkpoint; a second one "
        "leaves at "
        "once.\n\n"
        "With --seeds or --methods, runs are trained one after another into FOLDER/METHOD-seed-N, "
        "with the same bytes as each alone. The same command given again continues: complete runs "
        "are left alone, interrupted ones go on, and one that another process is writing is "
        "refused. By --shard the runs are dealt to several machines, with a shared folder or with "
        "folders that 'sparsegraph merge' joins later: in a Slurm script with '#SBATCH "
        "--array=1-10', --shard $SLURM_ARRAY_TASK_ID/10. More seeds may be added to a folder "
        "later.",
    .min_operands = 0,
    .max_operands = 1,
    .operand = "a data set",
    .run = run_train,
};
