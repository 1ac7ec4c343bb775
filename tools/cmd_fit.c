/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "fit_print.h"
#include "interrupt.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct settings {
    sg_values_fit_params params;
    sg_graph_read_params read;
    double precision; /* NaN: as many replicates as asked for */
    double xmin;      /* NaN: found */
    int format;
    bool degrees, discrete, continuous, json, csv, quiet;
} settings;

/* The fits in the order of the files; a graph that is directed has two. */
typedef struct fits {
    fit_item *item; /* (n), room for two of each file */
    size_t n;
} fits;

static void values_cleanup(sg_values *v)
{
    sg_values_clear(v);
}

static void graph_cleanup(sg_graph **g)
{
    sg_graph_free(*g);
}

static sg_status out_of_memory(sg_error *err)
{
    err->status = SG_ENOMEM;
    (void)snprintf(err->message, sizeof err->message, "out of memory fitting");
    return SG_ENOMEM;
}

static const char *shown(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Puts the file's name before a message that cannot know it. */
static sg_status fit_list(const settings *s, const char *path, const double *values, size_t n,
                          sg_values_fit *ret, sg_error *err)
{
    const sg_status status = sg_values_fit_tail(values, n, &s->params, ret, err);
    if (status != SG_OK && status != SG_ENOMEM) {
        const sg_error inner = *err;
        (void)snprintf(err->message, sizeof err->message, "'%.200s': %.300s", shown(path),
                       inner.message);
    }
    return status;
}

static sg_status fit_numbers(const settings *s, const char *path, fits *f, sg_error *err)
{
    __attribute__((cleanup(values_cleanup))) sg_values v = {0};
    sg_status status = sg_values_read(path, &v, err);
    fit_item *item = &f->item[f->n];

    *item = (fit_item){.file = shown(path)};
    if (status == SG_OK)
        status = fit_list(s, path, v.value, v.n, &item->fit, err);
    if (status == SG_OK)
        f->n++;
    return status;
}

static sg_status fit_degrees(const settings *s, const char *path, const sg_graph *g,
                             sg_degree_mode mode, fits *f, sg_error *err)
{
    const size_t n = sg_graph_n_nodes(g);
    uint32_t *degree = calloc(n + 1, sizeof *degree);
    double *values = calloc(n + 1, sizeof *values);
    sg_status status = degree && values ? SG_OK : out_of_memory(err);
    fit_item *item = &f->item[f->n];

    *item = (fit_item){
        .file = shown(path),
        .degree = mode == SG_DEGREE_IN    ? "in-degrees"
                  : mode == SG_DEGREE_OUT ? "out-degrees"
                                          : "degrees",
        .n_nodes = n,
        .n_edges = sg_graph_n_edges(g),
        .n_dropped = sg_graph_n_loops_dropped(g) + sg_graph_n_multi_dropped(g),
    };
    if (status == SG_OK) {
        sg_graph_degrees(g, mode, degree);
        for (size_t i = 0; i < n; i++)
            values[i] = degree[i];
        status = fit_list(s, path, values, n, &item->fit, err);
    }
    if (status == SG_OK)
        f->n++;
    free(degree);
    free(values);
    return status;
}

static sg_status fit_graph(const settings *s, const char *path, fits *f, sg_error *err)
{
    __attribute__((cleanup(graph_cleanup))) sg_graph *g = NULL;
    sg_status status =
        sg_graph_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &s->read, &g, err);
    if (status != SG_OK)
        return status;
    if (!sg_graph_is_directed(g))
        return fit_degrees(s, path, g, SG_DEGREE_TOTAL, f, err);
    status = fit_degrees(s, path, g, SG_DEGREE_IN, f, err);
    return status == SG_OK ? fit_degrees(s, path, g, SG_DEGREE_OUT, f, err) : status;
}

static sg_scale_free_class classify(const fits *f)
{
    sg_powerlaw *law = calloc(f->n + 1, sizeof *law);
    sg_scale_free_class all = {0};

    for (size_t i = 0; law && i < f->n; i++) {
        const fit_view v = fit_view_of(&f->item[i].fit);
        law[i] = (sg_powerlaw){.alpha = v.alpha,
                               .n_tail = v.n_tail,
                               .p_value = v.p_value,
                               .favoured = v.favoured,
                               .favoured_p = v.fitted ? 0 : NAN};
    }
    if (law)
        all = sg_scale_free_classify(law, f->n);
    free(law);
    return all;
}

static sg_status fit_all(const settings *s, const operands *files, meter *m, fits *f, sg_error *err)
{
    const volatile sig_atomic_t *stop = interrupt_listen();

    for (size_t i = 0; i < files->n; i++) {
        const sg_status status = s->degrees ? fit_graph(s, files->item[i], f, err)
                                            : fit_numbers(s, files->item[i], f, err);
        if (status != SG_OK)
            return status;
        if (*stop) {
            err->status = SG_EINTERRUPTED;
            (void)snprintf(err->message, sizeof err->message, "interrupted");
            return SG_EINTERRUPTED;
        }
        meter_progress(m, "fits", i + 1, files->n);
    }
    return SG_OK;
}

static sg_status print(const settings *s, const fits *f, sg_error *err)
{
    const sg_scale_free_class all = classify(f);

    return s->json  ? fit_print_json(f->item, f->n, &all, err)
           : s->csv ? fit_print_csv(f->item, f->n, err)
                    : fit_print_text(f->item, f->n, &all, err);
}

static int fit(const settings *s, const operands *files)
{
    meter m;
    sg_error err = {0};
    fits f = {.item = calloc(2 * files->n, sizeof *f.item)};

    meter_start(&m, s->quiet || files->n == 1);
    err.status = f.item ? fit_all(s, files, &m, &f, &err) : out_of_memory(&err);
    meter_clear(&m);
    if (err.status == SG_OK)
        err.status = print(s, &f, &err);
    free(f.item);
    if (err.status != SG_OK)
        return command_fail(&err);
    meter_finish(&m);
    return EXIT_OK;
}

static int check(const settings *s)
{
    if (s->json && s->csv)
        return command_usage_error(&cmd_fit,
                                   "--json and --csv both want standard output; choose one");
    if (s->discrete && s->continuous)
        return command_usage_error(&cmd_fit, "--discrete and --continuous: choose one");
    if (s->degrees && s->continuous)
        return command_usage_error(&cmd_fit, "degrees are counts: --continuous does not go with "
                                             "--degrees");
    if (s->read.directed && !s->degrees)
        return command_usage_error(&cmd_fit, "--directed is about graphs; add --degrees");
    return PARSED;
}

static void resolve(settings *s)
{
    s->params.kind = s->discrete     ? SG_VALUES_DISCRETE
                     : s->continuous ? SG_VALUES_CONTINUOUS
                                     : SG_VALUES_DETECT;
    s->params.index.seed = s->params.powerlaw.seed;
    s->read.format = (sg_graph_format)s->format;
    if (!isnan(s->precision))
        s->params.powerlaw.precision = s->precision;
    if (!isnan(s->xmin))
        s->params.powerlaw.xmin = s->xmin;
}

static int run_fit(int argc, char **argv)
{
    static const char *const formats[] = {"auto", "edges", "graphml", "gml", "pajek", NULL};
    settings s = {.params = SG_VALUES_FIT_PARAMS_DEFAULT,
                  .read = SG_GRAPH_READ_DEFAULT,
                  .precision = NAN,
                  .xmin = NAN};
    sg_powerlaw_params *p = &s.params.powerlaw;
    p->n_replicates = 1000;
    const opt opts[] = {
        {0, "degrees", NULL, OPT_FLAG, &s.degrees,
         "the files are graphs: fit the degrees of their nodes", .group = "Numbers"},
        {0, "directed", NULL, OPT_FLAG, &s.read.directed,
         "the lines of edge lists are arcs: fit in- and out-degrees, one after the other"},
        {0, "format", "NAME", OPT_CHOICE, &s.format, "format of the graphs", .choices = formats},
        {0, "discrete", NULL, OPT_FLAG, &s.discrete,
         "the numbers are counts [where all of them are]"},
        {0, "continuous", NULL, OPT_FLAG, &s.continuous, "the numbers are reals"},

        {0, "xmin", "X", OPT_REAL, &s.xmin,
         "begin the tail at the smallest value of at least X, in place of the one with the "
         "smallest distance",
         .group = "How", .min = 0, .max = 9007199254740992.0, .above_min = true},
        {'b', "bootstrap", "N", OPT_SIZE, &p->n_replicates,
         "replicates behind the goodness-of-fit p, which is good to 1/(2 sqrt N); 0 leaves it out",
         .min = 0, .max = 1e8},
        {0, "precision", "EPS", OPT_REAL, &s.precision,
         "as many replicates as make that p good to EPS: 2500 for 0.01", .min = 5e-5, .max = 0.5},
        {0, "seed", "N", OPT_U64, &p->seed, "of the replicates and samples"},

        {0, "json", NULL, OPT_FLAG, &s.json, "print one JSON object", .group = "Output"},
        {0, "csv", NULL, OPT_FLAG, &s.csv, "print CSV, a line a list of numbers"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "no progress"},
    };
    operands files;
    int parsed = opts_parse(&cmd_fit, opts, COUNT(opts), argc, argv, &files);

    if (parsed == PARSED)
        parsed = check(&s);
    if (parsed != PARSED)
        return parsed;
    resolve(&s);
    return fit(&s, &files);
}

const command cmd_fit = {
    .name = "fit",
    .group = "Measure",
    .summary = "say what speaks against a power law in a list of numbers",
    .usage = "FILE... [options]",
    .examples = "# any list of numbers, one or more a line\n"
                "sparsegraph fit degrees.txt\n"
                "# the degrees of a network from a file of two names a line\n"
                "sparsegraph fit --degrees yeast.edges\n"
                "# a p-value good to 0.01, for a script\n"
                "cut -f2 counts.tsv | sparsegraph fit - --precision 0.01 --json\n",
    .about =
        "Fits a power law to the tail, with its standard error and its goodness of fit; holds it "
        "against a Poisson, exponential, stretched exponential and lognormal law and one with a "
        "cutoff; estimates the tail index in three ways that need no xmin; names the class of "
        "Broido & Clauset; and says what speaks against a power law.\n\n"
        "FILE is text, gzipped or not: numbers separated by blanks, tabs, commas or semicolons; "
        "what follows # or % on a line is a comment. '-' is standard input. What is not above zero "
        "is left out.\n\n"
        "Two p-values are printed, and they point in opposite directions: a small goodness-of-fit "
        "p rejects the power law; a small thin-tail p speaks for it, over an exponential.",
    .min_operands = 1,
    .max_operands = -1,
    .operand = "a file of numbers",
    .run = run_fit,
};
