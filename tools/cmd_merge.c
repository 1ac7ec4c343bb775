/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "interrupt.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include "shell.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct settings {
    const char *out;
    bool dry_run, partial, json, quiet;
} settings;

/* The folders to open: those named, and where the runs go, if runs are there already. */
typedef struct folders {
    size_t n;
    const char **item;
} folders;

static void clear_folders(folders *f)
{
    free((void *)f->item);
}

static bool gather_folders(const operands *named, const char *out, folders *ret)
{
    ret->item = calloc(named->n + 1, sizeof *ret->item);
    if (!ret->item)
        return false;
    for (size_t i = 0; i < named->n; i++)
        ret->item[ret->n++] = named->item[i];
    if (sg_sweep_is(out))
        ret->item[ret->n++] = out;
    return true;
}

/* Whether a run has to be trained from its beginning. */
static bool is_missing(const sg_sweep_run *r, const char *method)
{
    return r->stage < SG_RUN_INTERRUPTED && (!method || strcmp(r->method, method) == 0);
}

static void say_missing(meter *m, const sg_sweep *sweep)
{
    for (size_t i = 0; i < sg_sweep_n_runs(sweep); i++) {
        const sg_sweep_run *r = sg_sweep_run_at(sweep, i);
        char shard[64] = "";
        if (r->shard > 0)
            (void)snprintf(shard, sizeof shard, "  (shard %zu/%zu)", r->shard,
                           sg_sweep_n_shards(sweep));
        if (r->stage == SG_RUN_INTERRUPTED)
            meter_say(m, "unfinished  %s, after epoch %ld%s", r->path, r->epoch, shard);
        else if (r->stage != SG_RUN_COMPLETE)
            meter_say(m, "missing     %s%s", r->name, shard);
    }
}

static void print_seeds(FILE *stream, const sg_sweep *sweep, const char *method)
{
    const char *comma = "";

    for (size_t i = 0; i < sg_sweep_n_runs(sweep); i++) {
        const sg_sweep_run *r = sg_sweep_run_at(sweep, i);
        if (!is_missing(r, method))
            continue;
        (void)fprintf(stream, "%s%" PRIu64, comma, r->seed);
        comma = ",";
    }
}

/* Prints the command that makes run i complete: goes on with it, or trains it and all the others of
 * its method that are missing; false where the command of an earlier run does so. */
static bool print_command(FILE *stream, const sg_sweep *sweep, size_t i, const char *folder)
{
    const sg_sweep_run *r = sg_sweep_run_at(sweep, i);

    if (r->stage == SG_RUN_INTERRUPTED) {
        (void)fputs("sparsegraph train --resume ", stream);
        shell_print(stream, r->path);
        return true;
    }
    for (size_t k = 0; k < i; k++)
        if (is_missing(sg_sweep_run_at(sweep, k), r->method))
            return false;
    if (!is_missing(r, NULL) || !sg_sweep_command(sweep))
        return false;
    (void)fprintf(stream, "%s --methods %s --seeds ", sg_sweep_command(sweep), r->method);
    print_seeds(stream, sweep, r->method);
    (void)fputs(" -o ", stream);
    shell_print(stream, folder);
    return true;
}

static void say_commands(meter *m, const sg_sweep *sweep, const char *folder)
{
    for (size_t i = 0; i < sg_sweep_n_runs(sweep); i++) {
        AUTO_TEXT *line = NULL;
        size_t size;
        FILE *stream = open_memstream(&line, &size);
        const bool due = stream && print_command(stream, sweep, i, folder);
        if (stream && fclose(stream) == 0 && due)
            meter_say(m, "to train    %s", line);
    }
}

/* Names the first missing run and its shard in the one line of the failure. */
static sg_status fail_missing(const sg_sweep *sweep, sg_error *err)
{
    const size_t n = sg_sweep_n_runs(sweep);
    const sg_sweep_run *first = NULL;
    char shard[64] = "";

    for (size_t i = n; i > 0; i--)
        if (sg_sweep_run_at(sweep, i - 1)->stage != SG_RUN_COMPLETE)
            first = sg_sweep_run_at(sweep, i - 1);
    if (first && first->shard > 0)
        (void)snprintf(shard, sizeof shard, " of shard %zu/%zu", first->shard,
                       sg_sweep_n_shards(sweep));
    (void)snprintf(err->message, sizeof err->message,
                   "%zu of %zu runs are not complete, the first is %s%s; train them, or join the "
                   "others by --partial",
                   n - sg_sweep_n_complete(sweep), n, first ? first->name : "unknown", shard);
    return SG_ENOTFOUND;
}

static sg_status print_index(const sg_sweep *sweep, sg_error *err)
{
    OWNED(char) text = NULL;
    const sg_status status = sg_sweep_json(sweep, &text, err);

    if (status == SG_OK)
        (void)fputs(text, stdout);
    return status;
}

static sg_status merge(const settings *s, const operands *named, meter *m, sg_error *err)
{
    __attribute__((cleanup(clear_folders))) folders from = {0};
    OWNED(sg_sweep) sweep = NULL;
    const char *out = s->out ? s->out : named->item[0];
    const sg_progress progress = {meter_progress, m, interrupt_listen()};

    if (!gather_folders(named, out, &from))
        return SG_ENOMEM;
    sg_status status = sg_sweep_open(from.item, from.n, &sweep, err);
    if (status != SG_OK)
        return status;
    const size_t n = sg_sweep_n_runs(sweep);
    const size_t n_complete = sg_sweep_n_complete(sweep);
    if (n_complete < n) {
        say_missing(m, sweep);
        say_commands(m, sweep, named->item[0]);
        if (!s->partial)
            return fail_missing(sweep, err);
    }
    if (!s->dry_run)
        status = sg_sweep_gather(sweep, out, &progress, err);
    if (status == SG_OK && s->json)
        status = print_index(sweep, err);
    if (status != SG_OK)
        return status;
    meter_finish(m);
    if (s->dry_run)
        meter_say(m, "%zu of %zu runs would be in %s", n_complete, n, out);
    else
        meter_say(m, "runs     %s: %zu of %zu, listed in %s/sweep.json", out, n_complete, n, out);
    return SG_OK;
}

static int run_merge(int argc, char **argv)
{
    settings s = {0};
    meter m;
    sg_error err = {0};
    const opt opts[] = {
        {'o', "output", "FOLDER", OPT_TEXT, &s.out, "the folder that receives the runs",
         .group = "Output", .fallback = "the one folder given"},
        {'n', "dry-run", NULL, OPT_FLAG, &s.dry_run, "check everything, write nothing"},
        {0, "partial", NULL, OPT_FLAG, &s.partial, "join what is complete and leave out the rest"},
        {0, "json", NULL, OPT_FLAG, &s.json, "print what sweep.json holds"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "say nothing but errors"},
    };
    operands named;
    const int parsed = opts_parse(&cmd_merge, opts, COUNT(opts), argc, argv, &named);

    if (parsed != PARSED)
        return parsed;
    if (!s.out && named.n > 1)
        return command_usage_error(
            &cmd_merge, "-o FOLDER is missing: where the runs of %zu folders are to go", named.n);
    meter_start(&m, s.quiet);
    const sg_status status = merge(&s, &named, &m, &err);
    if (status == SG_OK)
        return EXIT_OK;
    meter_clear(&m);
    err.status = status;
    return command_fail(&err);
}

const command cmd_merge = {
    .name = "merge",
    .group = "Train",
    .summary = "join runs that several machines trained; say what is missing",
    .usage = "FOLDER... -o FOLDER [options]\nFOLDER",
    .examples = "# the first of three parts of nine runs; the others on other machines\n"
                "sparsegraph train digits --seeds 1:9 --shard 1/3 -o part1\n"
                "# their folders, copied to one machine, become one\n"
                "sparsegraph merge part1 part2 part3 -o output/all\n"
                "# a folder that all tasks of a Slurm array wrote into: is everything there\n"
                "sparsegraph merge output/sweep\n"
                "# what is missing, and the commands that train it\n"
                "sparsegraph merge part1 part2 -o output/all --dry-run\n"
                "# then: how sure is each measure over the seeds\n"
                "sparsegraph analyze output/all/set-seed-* --group\n",
    .about =
        "FOLDER is one that 'sparsegraph train --seeds' made, with its plan (plan.json) and a "
        "directory for each run. All plans must agree in all settings but method and seed; each "
        "run must have the settings of the plan, what its name says, and the same data (SHA-256). "
        "A run that is in several folders must be the same in all, byte by byte but for its "
        "times. Snapshots cut short in copying are found.\n\n"
        "Nothing is written unless the whole plan is complete, or --partial is given. A run "
        "appears in the new folder whole or not at all. Snapshots become hard links where that is "
        "possible, copies where it is not; the folders merged may be removed afterwards. A merge "
        "that was stopped goes on when called again, and more folders may be joined later.\n\n"
        "sweep.json lists the runs with method, seed, accuracy and links.",
    .min_operands = 1,
    .max_operands = -1,
    .operand = "a folder of runs",
    .run = run_merge,
};
