/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze_group.h"
#include "commands.h"
#include "help.h"
#include "inputs.h"
#include "interrupt.h"
#include "json_print.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include "terminal.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { JOBS_MAX = 4096 };

typedef struct settings {
    sg_analysis_params params;
    epoch_range epochs;
    text_list measures;
    input_style style;
    const char *dir;
    int null_model;
    bool json, csv, list, quiet, verbose, group;
} settings;

static const char *const against[] = {
    [SG_NULL_UNTRAINED] = "the network at epoch 0",
    [SG_NULL_RANDOM] = "random networks of as many links",
    [SG_NULL_DEGREES] = "random networks of the same degrees",
};

/* Name and unit, then the definition, what the value stands against, and the source. */
static void describe(const sg_measure *m)
{
    enum { INDENT = 6 };

    printf("  %s (%s)\n%*s", m->name, m->unit, INDENT, "");
    help_print_words(m->summary, INDENT, INDENT);
    if (m->null != SG_NULL_NONE)
        printf("%*sagainst %s%s\n", INDENT, "", against[m->null],
               sg_measure_has_nulls(m) || m->null == SG_NULL_UNTRAINED ? ""
                                                                       : ", if named by --measure");
    if (m->source[0] != '\0') {
        printf("%*s", INDENT, "");
        help_print_words(m->source, INDENT, INDENT);
    }
}

static int list_measures(bool json)
{
    const char *scope = "";

    for (size_t i = 0; i < sg_measure_count(); i++) {
        const sg_measure *m = sg_measure_at(i);
        if (json) {
            printf("%s{\"name\":", i == 0 ? "[" : ",\n");
            json_print_text(m->name);
            printf(",\"scope\":");
            json_print_text(sg_scope_name(m->scope));
            printf(",\"unit\":");
            json_print_text(m->unit);
            printf(",\"summary\":");
            json_print_text(m->summary);
            printf(",\"source\":");
            json_print_text(m->source);
            printf(",\"cost\":");
            json_print_text(sg_cost_name(m->cost));
            printf(",\"null\":");
            json_print_text(sg_null_name(m->null));
            printf("}");
            continue;
        }
        if (strcmp(scope, sg_scope_name(m->scope)) != 0)
            printf("%sMeasures of a %s\n", i > 0 ? "\n" : "",
                   m->scope == SG_SCOPE_WHOLE ? "whole network" : sg_scope_name(m->scope));
        scope = sg_scope_name(m->scope);
        describe(m);
    }
    if (json)
        printf("%s]\n", sg_measure_count() == 0 ? "[" : "");
    return EXIT_OK;
}

/* Where the files go: -o, else into the run; "" for snapshot files without -o. */
static void choose_folder(const settings *s, const operands *paths, char *dir, size_t size)
{
    if (s->dir)
        (void)snprintf(dir, size, "%s", s->dir);
    else if (paths->n == 1 && sg_run_is(paths->item[0]))
        (void)snprintf(dir, size, "%s/analysis%s", paths->item[0],
                       isnan(s->params.core_zeta) ? "" : "-core");
    else
        dir[0] = '\0';
}

static sg_status print_result(const settings *s, const sg_analysis *a, sg_error *err)
{
    OWNED(char) text = NULL;
    const size_t width = terminal_is(stdout) ? terminal_width(stdout) : 0;
    const sg_status status = s->json  ? sg_analysis_json(a, &text, err)
                             : s->csv ? sg_analysis_csv(a, &text, err)
                                      : sg_analysis_table(a, width, &text, err);

    if (status == SG_OK)
        (void)fputs(text, stdout);
    return status;
}

static int analyze(const settings *s, const operands *paths)
{
    char dir[4096];
    meter m;
    sg_error err = {0};
    OWNED(sg_analysis) a = NULL;

    choose_folder(s, paths, dir, sizeof dir);
    meter_start(&m, s->quiet);
    const sg_progress progress = {meter_progress, &m, interrupt_listen()};
    sg_status status = inputs_check(paths->item, paths->n, &err);
    if (status == SG_OK)
        status = sg_analyze(paths->item, paths->n, &s->params, &progress, &a, &err);
    if (status == SG_OK && dir[0] != '\0')
        status = sg_analysis_write(a, dir, &err);
    meter_clear(&m);
    if (status == SG_OK)
        status = print_result(s, a, &err);
    if (status != SG_OK) {
        err.status = status;
        return command_fail(&err);
    }
    meter_finish(&m);
    for (size_t i = 0; i < sg_analysis_n_warnings(a); i++)
        meter_say(&m, "warning: %s", sg_analysis_warning(a, i));
    if (dir[0] != '\0')
        meter_say(&m, "written: %s/analysis.json, measures.csv, fits.csv, degrees.csv", dir);
    return EXIT_OK;
}

static int check(const settings *s, const operands *paths)
{
    if (paths->n == 0)
        return command_usage_error(
            &cmd_analyze,
            "a run or a snapshot is missing; 'sparsegraph analyze --help' shows examples");
    if (s->json && s->csv)
        return command_usage_error(&cmd_analyze, "--json and --csv both want standard output; "
                                                 "choose one");
    return PARSED;
}

/* Puts the options into the library's terms, and analyses. */
static int analyze_paths(settings *s, const operands *paths)
{
    AUTO_INPUTS in = {0};
    sg_error err = {0};
    sg_analysis_params *p = &s->params;

    p->degrees_model = s->null_model == 0 ? SG_NULL_MODEL_CURVEBALL : SG_NULL_MODEL_BICM;
    p->epoch_first = s->epochs.first;
    p->epoch_last = s->epochs.last;
    p->epoch_step = s->epochs.step;
    p->measures = s->measures.n > 0 ? s->measures.item : NULL;
    p->n_measures = s->measures.n;
    __attribute__((cleanup(group_paths_clear))) group_paths runs = {.paths = *paths};
    if (s->group && !s->style.layers) {
        runs.paths.n = 0;
        err.status = group_paths_expand(paths, &runs, &err);
    }
    if (err.status == SG_OK)
        err.status = inputs_gather(runs.paths.item, runs.paths.n, &s->style, &in, &err);
    if (err.status != SG_OK)
        return command_fail(&err);
    if (s->group)
        return analyze_group(&(group_request){p, s->dir, s->json, s->csv, s->quiet}, &in.paths);
    return analyze(s, &in.paths);
}

static const char *const null_models[] = {"curveball", "bicm", NULL};

static int run_analyze(int argc, char **argv)
{
    settings s = {.params = SG_ANALYSIS_PARAMS_DEFAULT, .epochs = EPOCHS_ALL};
    sg_analysis_params *p = &s.params;
    const opt opts[] = {
        {'o', "output", "DIR", OPT_TEXT, &s.dir,
         "write analysis.json, measures.csv, fits.csv and degrees.csv here", .group = "Output",
         .fallback = "RUN/analysis; for files: nothing is written"},
        {0, "json", NULL, OPT_FLAG, &s.json, "print the whole analysis as one JSON object"},
        {0, "csv", NULL, OPT_FLAG, &s.csv, "print the measures as tidy CSV"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "no progress, no warnings"},

        {0, "epochs", "A:B:STEP", OPT_EPOCHS, &s.epochs,
         "measure epochs A to B, every STEP-th; each may be left out", .group = "What is measured",
         .fallback = "all"},
        {0, "measure", "NAME", OPT_TEXTS, &s.measures, "only this measure; may be repeated",
         .fallback = "all"},
        {0, "core", "ZETA", OPT_REAL, &p->core_zeta,
         "only the links that SET's next removal of the fraction ZETA would keep, as its authors "
         "plot them; written to RUN/analysis-core",
         .min = 0, .max = 1},
        {0, "group", NULL, OPT_FLAG, &s.group,
         "the runs, or the folder of runs, are of one setting under different seeds: mean, spread "
         "and 95 % confidence "
         "interval of each measure over them, no random networks; -o takes group.json and "
         "group.csv"},
        {0, "list-measures", NULL, OPT_FLAG, &s.list, "print what can be measured, and stop"},

        INPUT_OPTIONS(s.style),

        {0, "bootstrap", "N", OPT_SIZE, &p->n_bootstrap,
         "replicates behind each power law's p-value; 0 leaves the p-values out", .group = "How",
         .min = 0, .max = 1e6},
        {0, "nulls", "N", OPT_SIZE, &p->n_nulls,
         "random networks behind each z-score, of each of two kinds: as many links, and the same "
         "degrees; 0 leaves them out",
         .min = 0, .max = SG_ANALYSIS_NULLS_MAX},
        {0, "null-model", "MODEL", OPT_CHOICE, &s.null_model,
         "what keeps the degrees: curveball, each exactly; bicm, each on average",
         .choices = null_models},
        {0, "seed", "N", OPT_U64, &p->seed, "of the bootstrap and of the random networks"},
        {'j', "jobs", "N", OPT_SIZE, &p->n_workers, "worker processes; no influence on the result",
         .fallback = "one a processor", .min = 0, .max = JOBS_MAX},
    };
    operands paths;
    int parsed = opts_parse(&cmd_analyze, opts, COUNT(opts), argc, argv, &paths);

    if (parsed == PARSED && s.list)
        return list_measures(s.json);
    if (parsed == PARSED)
        parsed = check(&s, &paths);
    if (parsed != PARSED)
        return parsed;
    return analyze_paths(&s, &paths);
}

const command cmd_analyze = {
    .name = "analyze",
    .group = "Measure",
    .summary = "measure every snapshot of a run as a graph",
    .usage = "RUN|FILE... [options]",
    .examples = "# every epoch of a run; the table on the terminal, the numbers in RUN/analysis\n"
                "sparsegraph analyze output/set\n"
                "# weights from elsewhere\n"
                "sparsegraph analyze pruned.safetensors --json > pruned.json\n"
                "# the layers of a network, a file each\n"
                "sparsegraph analyze --layers fc1.smtx fc2.smtx fc3.smtx\n"
                "# every tenth epoch, more certain p-values, four processes\n"
                "sparsegraph analyze output/set --epochs ::10 --bootstrap 1000 --jobs 4\n"
                "# three runs that differ in their seed: how sure is each number\n"
                "sparsegraph analyze set-1 set-2 set-3 --group -o set-group\n"
                "# what can be measured\n"
                "sparsegraph analyze --list-measures\n",
    .about = "Measures the links between layers (degrees, their spread, power-law fits with the "
             "reasons why they hold or do not), the layers (neurons on a path from input to "
             "output) and the whole network, epoch by epoch, each against the untrained network of "
             "epoch 0.\n\n"
             "By --nulls, each value is also compared with random networks: what follows from the "
             "degrees with networks of as many links, everything else with networks of the same "
             "degrees. It gets a z-score, the relative difference from their mean, the interval "
             "that holds 95 % of them and a two-sided p. --list-measures tells which measure "
             "stands against what. Communities and modules are looked for in networks of at most "
             "1,048,576 connections, in larger ones where --measure names them.\n\n"
             "A power law is only said to hold where its exponent lies between 2 and 3, the tail "
             "spans a decade and 50 neurons, the bootstrap does not reject it, and the untrained "
             "network does not pass the same test.",
    .min_operands = 0,
    .max_operands = -1,
    .operand = "a run or a snapshot",
    .run = run_analyze,
};
