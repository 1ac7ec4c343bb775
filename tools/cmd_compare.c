/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "json_print.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include "table.h"
#include "terminal.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { JOBS_MAX = 4096 };

typedef struct settings {
    sg_compare_params params;
    text_list with;
    size_t first, last; /* epochs; SIZE_MAX = not given */
    int format;
    const char *dir;
    bool json, csv, list, quiet;
    input_style style;
} settings;

static int list_networks(bool json)
{
    static const table_column columns[] = {{"name", false}, {"also", false}, {"what", false}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (size_t i = 0; i < sg_graph_n_named(); i++) {
        const sg_named_graph *g = sg_graph_named_at(i);
        if (json) {
            printf("%s{\"name\":", i == 0 ? "[" : ",\n");
            json_print_text(g->name);
            printf(",\"social\":%s,\"summary\":", g->social ? "true" : "false");
            json_print_text(g->summary);
            printf(",\"citation\":");
            json_print_text(g->citation);
            printf("}");
            continue;
        }
        table_add(&t, "%s", g->name);
        table_add(&t, "%s", g->alias ? g->alias : "");
        table_add(&t, "%s", g->summary);
    }
    if (json) {
        printf("]\n");
        return EXIT_OK;
    }
    return table_print(&t, stdout) ? EXIT_OK : EXIT_FAILED;
}

/* Where the files go: -o, else into the run; "" for other subjects without -o. */
static void choose_folder(const settings *s, const operands *subjects, char *dir, size_t size)
{
    if (s->dir)
        (void)snprintf(dir, size, "%s", s->dir);
    else if (subjects->n == 1 && sg_run_is(subjects->item[0]))
        (void)snprintf(dir, size, "%s/analysis", subjects->item[0]);
    else
        dir[0] = '\0';
}

static sg_status print_result(const settings *s, const sg_comparison *c, sg_error *err)
{
    OWNED(char) text = NULL;
    const size_t width = terminal_is(stdout) ? terminal_width(stdout) : 0;
    const sg_status status = s->json  ? sg_comparison_json(c, &text, err)
                             : s->csv ? sg_comparison_csv(c, &text, err)
                                      : sg_comparison_table(c, width, &text, err);

    if (status == SG_OK)
        (void)fputs(text, stdout);
    return status;
}

static int compare(const settings *s, const operands *subjects)
{
    char dir[PATH_MAX];
    meter m;
    sg_error err = {0};
    OWNED(sg_comparison) c = NULL;

    choose_folder(s, subjects, dir, sizeof dir);
    meter_start(&m, s->quiet);
    const sg_progress progress = {meter_progress, &m, interrupt_listen()};
    err.status = inputs_check(subjects->item, subjects->n, &err);
    if (err.status == SG_OK)
        err.status = sg_compare(subjects->item, subjects->n, &s->params, &progress, &c, &err);
    if (err.status == SG_OK && dir[0] != '\0')
        err.status = sg_comparison_write(c, dir, &err);
    meter_clear(&m);
    if (err.status == SG_OK)
        err.status = print_result(s, c, &err);
    if (err.status != SG_OK)
        return command_fail(&err);
    meter_finish(&m);
    if (dir[0] != '\0')
        meter_say(&m, "written: %s/compare.json, compare.csv", dir);
    return EXIT_OK;
}

static int check(const settings *s, const operands *subjects)
{
    if (subjects->n == 0)
        return command_usage_error(&cmd_compare, "a run or a file is missing; 'sparsegraph "
                                                 "compare --help' shows examples");
    if (s->json && s->csv)
        return command_usage_error(&cmd_compare, "--json and --csv both want standard output; "
                                                 "choose one");
    return PARSED;
}

/* The table's values in the library's terms; borrows from s. */
static void resolve(settings *s)
{
    static const char *const usual[] = {"karate"};
    sg_compare_params *p = &s->params;

    p->with = s->with.n > 0 ? s->with.item : usual;
    p->n_with = s->with.n > 0 ? s->with.n : COUNT(usual);
    p->epoch_first = s->first <= LONG_MAX ? (long)s->first : -1;
    p->epoch_last = s->last <= LONG_MAX ? (long)s->last : -1;
    p->read.format = (sg_graph_format)s->format;
}

static int run_compare(int argc, char **argv)
{
    static const char *const formats[] = {"auto", "edges", "graphml", "gml", "pajek", NULL};
    settings s = {.params = SG_COMPARE_PARAMS_DEFAULT, .first = SIZE_MAX, .last = SIZE_MAX};
    sg_compare_params *p = &s.params;
    const opt opts[] = {
        {'w', "with", "FILE|NAME", OPT_TEXTS, &s.with,
         "a network to hold it against: a graph file, a built-in name, a run or a snapshot; may "
         "be repeated",
         .group = "Networks", .fallback = "karate"},
        {0, "list-networks", NULL, OPT_FLAG, &s.list, "print the built-in networks, and stop"},
        {0, "format", "NAME", OPT_CHOICE, &s.format, "format of graph files", .choices = formats},
        {0, "directed", NULL, OPT_FLAG, &p->read.directed, "the lines of edge lists are arcs"},
        {0, "first", "EPOCH", OPT_SIZE, &s.first, "epoch of the run that stands beside the last",
         .fallback = "its first snapshot", .min = 0, .max = INT32_MAX},
        {0, "last", "EPOCH", OPT_SIZE, &s.last, "epoch that distances are measured from",
         .fallback = "its last snapshot", .min = 0, .max = INT32_MAX},
        {0, "core", "ZETA", OPT_REAL, &p->core_zeta,
         "one more column: the links that SET's next removal of the fraction ZETA would keep",
         .min = 0, .max = 1},

        INPUT_OPTIONS(s.style),

        {'o', "output", "DIR", OPT_TEXT, &s.dir, "write compare.json and compare.csv here",
         .group = "Output", .fallback = "RUN/analysis; for files: nothing is written"},
        {0, "json", NULL, OPT_FLAG, &s.json, "print the whole comparison as one JSON object"},
        {0, "csv", NULL, OPT_FLAG, &s.csv, "print the table as tidy CSV"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "no progress"},

        {0, "bootstrap", "N", OPT_SIZE, &p->n_bootstrap,
         "replicates behind each power law's p-value; 0 leaves the p-values out", .group = "How",
         .min = 0, .max = 1e6},
        {0, "sources", "N", OPT_SIZE, &p->max_sources, "nodes that path lengths are measured from",
         .min = 0, .max = INT32_MAX, .fallback = "all, or a sample in large networks"},
        {0, "seed", "N", OPT_U64, &p->seed, "of bootstraps and samples"},
        {'j', "jobs", "N", OPT_SIZE, &p->n_workers, "worker processes; no influence on the result",
         .fallback = "one a processor", .min = 0, .max = JOBS_MAX},
    };
    operands subjects;
    int parsed = opts_parse(&cmd_compare, opts, COUNT(opts), argc, argv, &subjects);

    if (parsed == PARSED && s.list)
        return list_networks(s.json);
    if (parsed == PARSED)
        parsed = check(&s, &subjects);
    if (parsed != PARSED)
        return parsed;
    resolve(&s);

    AUTO_INPUTS in = {0};
    sg_error err = {0};
    err.status = inputs_gather(subjects.item, subjects.n, &s.style, &in, &err);
    if (err.status != SG_OK)
        return command_fail(&err);
    return compare(&s, &in.paths);
}

const command cmd_compare = {
    .name = "compare",
    .group = "Measure",
    .summary = "hold a network against protein, neural and social ones",
    .usage = "RUN|FILE... [--with FILE|NAME]... [options]\n--list-networks",
    .examples = "# a run at its first and last epoch beside a social network\n"
                "sparsegraph compare output/set --with karate\n"
                "# beside protein interactions from a file of two names a line\n"
                "sparsegraph compare output/set --with karate --with yeast.edges\n"
                "# the table for a script\n"
                "sparsegraph compare output/set --with yeast.edges --csv -q > table.csv\n",
    .about = "Prints a table with a column a network and a row a measure: sizes, degree "
             "distributions on k/<k> and their distances from the run's, power-law fits, "
             "clustering, paths, components. Where a measure says nothing, as clustering does in a "
             "layered network, the table says why.\n\n"
             "Graph files are edge lists with any names (blanks, tabs or commas; # comments; "
             "gzipped or not), GraphML, GML or Pajek.",
    .min_operands = 0,
    .max_operands = -1,
    .operand = "a run or a file",
    .run = run_compare,
};
