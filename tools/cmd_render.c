/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "inputs.h"
#include "meter.h"
#include "options.h"
#include "owned.h"
#include "suggest.h"
#include <stdio.h>
#include <string.h>

enum { FIGURES_MAX = 32 };

typedef struct settings {
    sg_render_params params;
    sg_scene_write_params write;
    size_list epochs;
    long numbers[OPT_SIZES_MAX]; /* the same, as the library takes them */
    int side, format, order;
    const char *path;
    bool list, quiet;
    input_style style;
} settings;

static int list_figures(void)
{
    for (size_t i = 0; i < sg_rendering_count(); i++) {
        const sg_rendering *r = sg_rendering_at(i);
        printf("%-10s %-14s %s\n", r->name, r->inputs, r->summary);
    }
    return EXIT_OK;
}

static int unknown_figure(const char *name)
{
    const char *names[FIGURES_MAX];
    size_t n = 0;

    for (; n < sg_rendering_count() && n < FIGURES_MAX; n++)
        names[n] = sg_rendering_at(n)->name;

    const char *nearest = suggest(name, names, n);

    if (nearest)
        return command_usage_error(&cmd_render, "unknown figure '%s', did you mean '%s'?", name,
                                   nearest);
    return command_usage_error(&cmd_render,
                               "unknown figure '%s'; 'sparsegraph render --list' names them", name);
}

static sg_status write_scene(const settings *s, const sg_scene *scene, sg_error *err)
{
    OWNED(char) bytes = NULL;
    size_t n;

    if (strcmp(s->path, "-") != 0)
        return sg_scene_write(scene, s->path, &s->write, err);

    const sg_status status = sg_scene_encode(scene, &s->write, &bytes, &n, err);
    if (status == SG_OK)
        (void)fwrite(bytes, 1, n, stdout); /* command_finish() reports a failed write */
    return status;
}

static int render(const settings *s, const sg_rendering *kind, const operands *in)
{
    meter m;
    sg_error err = {0};
    __attribute__((cleanup(sg_rendered_clear))) sg_rendered figure = {0};
    sg_scene_format format = s->write.format;
    sg_status status = SG_OK;

    meter_start(&m, s->quiet);
    if (format == SG_SCENE_BY_SUFFIX) /* a wrong suffix is better told before the work */
        status = sg_scene_format_of(s->path, &format, &err);
    if (status == SG_OK)
        status = sg_render(kind, in->item, in->n, &s->params, &figure, &err);
    if (status == SG_OK)
        status = write_scene(s, figure.scene, &err);
    if (status != SG_OK) {
        err.status = status;
        return command_fail(&err);
    }
    if (figure.caption && figure.caption[0] != '\0')
        meter_say(&m, "%s: %s", s->path, figure.caption);
    return EXIT_OK;
}

static int check(const settings *s, const sg_rendering *kind, const operands *in)
{
    if (!s->path)
        return command_usage_error(&cmd_render,
                                   "-o FILE is missing: the picture's name, such as "
                                   "-o %s.svg",
                                   kind->name);
    if (strcmp(s->path, "-") == 0 && s->format == SG_SCENE_BY_SUFFIX)
        return command_usage_error(&cmd_render, "-o - needs --format png, svg or pdf");
    if (in->n < kind->min_inputs)
        return command_usage_error(&cmd_render, "%s needs %s: sparsegraph render %s %s -o %s",
                                   kind->name, kind->inputs, kind->name, kind->inputs, s->path);
    if (in->n > kind->max_inputs)
        return command_usage_error(&cmd_render, "%s takes %zu at most of %s, got %zu", kind->name,
                                   kind->max_inputs, kind->inputs, in->n);
    return PARSED;
}

/* Puts the options into the library's terms, and draws. */
static int render_figure(settings *s, const operands *rest)
{
    const sg_rendering *kind = sg_rendering_find(rest->item[0]);
    sg_render_params *p = &s->params;
    AUTO_INPUTS in = {0};
    sg_error err = {0};

    err.status = inputs_restyle(rest->item + 1, rest->n - 1, &s->style, &in, &err);
    if (err.status != SG_OK)
        return command_fail(&err);
    const int checked = kind ? check(s, kind, &in.paths) : unknown_figure(rest->item[0]);
    if (checked != PARSED)
        return checked;
    for (size_t i = 0; i < s->epochs.n; i++)
        s->numbers[i] = (long)s->epochs.item[i];
    p->epochs = s->epochs.n > 0 ? s->numbers : NULL;
    p->n_epochs = s->epochs.n;
    p->side = (sg_render_side)s->side;
    p->order = (sg_render_order)s->order;
    s->write.format = (sg_scene_format)s->format;
    return render(s, kind, &in.paths);
}

static int run_render(int argc, char **argv)
{
    static const char *const sides[] = {"both", "out", "in", NULL};
    static const char *const orders[] = {"degree", "community", "natural", NULL};
    static const char *const formats[] = {"suffix", "png", "svg", "pdf", NULL};
    settings s = {.params = SG_RENDER_PARAMS_DEFAULT, .write = SG_SCENE_WRITE_PARAMS_DEFAULT};
    sg_render_params *p = &s.params;
    const opt opts[] = {
        {'o', "output", "FILE", OPT_TEXT, &s.path,
         "the picture; its suffix .png, .svg or .pdf says the format; - for standard output",
         .group = "Output"},
        {0, "format", "NAME", OPT_CHOICE, &s.format, "format, in place of the suffix",
         .choices = formats},
        {0, "width", "MM", OPT_REAL, &p->width_mm,
         "width of the figure: 85 fits a journal's column, 180 its page", .min = 40, .max = 400},
        {0, "dpi", "N", OPT_REAL, &s.write.dpi, "pixels an inch, of png", .min = 10, .max = 2400},
        {0, "title", "TEXT", OPT_TEXT, &p->title, "title", .fallback = "the figure's own"},
        {'q', "quiet", NULL, OPT_FLAG, &s.quiet, "do not print the caption"},
        {0, "list", NULL, OPT_FLAG, &s.list, "print the figures and what each takes, and stop"},

        INPUT_OPTIONS(s.style),

        {0, "epochs", "N,N,...", OPT_SIZES, &s.epochs, "epochs to show", .group = "What is drawn",
         .fallback = "the first, some between, the last"},
        {0, "link", "NAME", OPT_TEXT, &p->link, "links between these layers, such as input-hidden1",
         .fallback = "the first; zscores, turnover: each"},
        {0, "side", "NAME", OPT_CHOICE, &s.side,
         "ccdf, heatmap, ridgelines: degrees of sending neurons (out) or receiving ones (in)",
         .choices = sides},
        {0, "order", "NAME", OPT_CHOICE, &s.order, "adjacency: how neurons are sorted",
         .choices = orders},
        {0, "neurons", "LAYER:N,...", OPT_TEXT, &p->neurons,
         "fields: neurons, such as hidden1:5,hidden1:17",
         .fallback = "those of the last hidden layer with the most links"},
        {0, "core", "ZETA", OPT_REAL, &p->core_zeta,
         "only the links that SET's next removal of the fraction ZETA would keep", .min = 0,
         .max = 1},
        {0, "sample", "N", OPT_SIZE, &p->n_sample, "topology: neurons drawn of each layer",
         .fallback = "as many as are legible", .min = 0, .max = 1000},
        {0, "bootstrap", "N", OPT_SIZE, &p->n_bootstrap,
         "ccdf: replicates of fits that no stored analysis holds", .min = 0, .max = 1e6},
        {0, "nulls", "N", OPT_SIZE, &p->n_nulls,
         "ccdf: random links behind the envelope; zscores: random networks where no stored "
         "analysis has any, 20 at most",
         .min = 0, .max = 10000},
        {0, "seed", "N", OPT_U64, &p->seed, "of samples, layouts and bootstraps"},
    };
    operands rest;
    const int parsed = opts_parse(&cmd_render, opts, COUNT(opts), argc, argv, &rest);

    if (parsed != PARSED)
        return parsed;
    if (s.list)
        return list_figures();
    if (rest.n == 0)
        return command_usage_error(&cmd_render,
                                   "a figure is missing; 'sparsegraph render --list' names them");

    return render_figure(&s, &rest);
}

const command cmd_render = {
    .name = "render",
    .group = "Show",
    .summary = "draw one figure as png, svg or pdf",
    .usage = "FIGURE RUN|FILE... -o FILE [options]\n--list",
    .examples = "# links of each input pixel, at three epochs on one scale\n"
                "sparsegraph render heatmap output/set --epochs 0,5,10 -o heatmap.pdf\n"
                "# the layers fully connected and as learned\n"
                "sparsegraph render topology output/set -o topology.svg\n"
                "# degree distributions with their power-law fits, one column wide\n"
                "sparsegraph render ccdf output/set --width 85 -o ccdf.png\n"
                "# accuracy, density and degree spread of two runs over the epochs\n"
                "sparsegraph render timeline output/set output/fixed -o timeline.svg\n"
                "# measures against random networks, and what was removed and regrown\n"
                "sparsegraph render zscores output/set -o zscores.pdf\n"
                "sparsegraph render turnover output/set -o turnover.pdf\n"
                "# a dense and a sparse social network\n"
                "sparsegraph render networks -o networks.svg\n",
    .about = "FIGURE is one of the names that --list prints. The caption, with what was sampled or "
             "left out, is printed on stderr.",
    .min_operands = 0,
    .max_operands = -1,
    .operand = "a figure",
    .run = run_render,
};
