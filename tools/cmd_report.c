/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include <stdio.h>

enum { JOBS_MAX = 4096 };

static int run_report(int argc, char **argv)
{
    sg_report_params p = SG_REPORT_PARAMS_DEFAULT;
    bool quiet = false;
    input_style style = {0};
    const opt opts[] = {
        {'o', "output", "DIR", OPT_TEXT, &p.out, "folder that receives the report",
         .group = "Output", .fallback = "the run itself, where it is one"},
        {0, "title", "TEXT", OPT_TEXT, &p.title, "title", .fallback = "made from the runs"},
        {0, "dpi", "N", OPT_REAL, &p.png_dpi, "pixels an inch of the png figures", .min = 36,
         .max = 1200},
        {'q', "quiet", NULL, OPT_FLAG, &quiet, "no progress"},

        INPUT_OPTIONS(style),

        {0, "again", NULL, OPT_FLAG, &p.analyze_again, "measure even what was measured before",
         .group = "How"},
        {0, "bootstrap", "N", OPT_SIZE, &p.n_bootstrap,
         "replicates behind each power law's p-value, of runs not analysed before", .min = 0,
         .max = 1e6},
        {0, "nulls", "N", OPT_SIZE, &p.n_nulls,
         "random networks behind each z-score, of runs not analysed before", .min = 0, .max = 1e6},
        {0, "seed", "N", OPT_U64, &p.seed, "of bootstraps, random networks, samples and layouts"},
        {'j', "jobs", "N", OPT_SIZE, &p.n_workers, "worker processes; no influence on the result",
         .fallback = "one a processor", .min = 0, .max = JOBS_MAX},
    };
    operands runs;
    const int parsed = opts_parse(&cmd_report, opts, COUNT(opts), argc, argv, &runs);

    if (parsed != PARSED)
        return parsed;

    meter m;
    sg_error err = {0};
    OWNED(char) path = NULL;

    meter_start(&m, quiet);
    const sg_progress progress = {meter_progress, &m, interrupt_listen()};
    AUTO_INPUTS in = {0};
    err.status = inputs_gather(runs.item, runs.n, &style, &in, &err);
    if (err.status == SG_OK && !p.out && (in.paths.n > 1 || !sg_run_is(in.paths.item[0])))
        return command_usage_error(&cmd_report, "-o DIR is missing: %s",
                                   in.paths.n > 1
                                       ? "a report on several runs needs a folder of its own"
                                       : "a file has no place for a report");
    if (err.status == SG_OK)
        err.status = sg_report_write(in.paths.item, in.paths.n, &p, &progress, &path, &err);
    meter_clear(&m);
    if (err.status != SG_OK)
        return command_fail(&err);
    meter_finish(&m);
    printf("%s\n", path);
    return EXIT_OK;
}

const command cmd_report = {
    .name = "report",
    .group = "Show",
    .summary = "put everything about runs into one HTML page",
    .usage = "RUN|FILE... [options]",
    .examples = "# writes output/set/report.html\n"
                "sparsegraph report output/set\n"
                "# several runs side by side\n"
                "sparsegraph report output/set output/fixed output/dense -o output/report\n",
    .about = "Writes report.html, a page that needs no network, with report_data/ (the numbers as "
             "JSON and CSV) and figures/ (svg, pdf, png) beside it, and prints its path. Runs that "
             "were not analysed yet are measured first.",
    .min_operands = 1,
    .max_operands = -1,
    .operand = "a run",
    .run = run_report,
};
