/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/run_lines.h"
#include "report/source.h"
#include <math.h>
#include <string.h>

enum { PANELS_MAX = 4, SERIES_MAX = 8, LINES_MAX = PANELS_MAX * SERIES_MAX };

typedef struct timeline {
    const sg_render_job *job;
    size_t n_runs;
    sg_run *run[SG_RENDER_INPUTS_MAX];
    char *label[SG_RENDER_INPUTS_MAX];
    sg_dispersions dispersions[SG_RENDER_INPUTS_MAX];
    size_t n_lines;
    sg_run_line line[LINES_MAX]; /* owned, those of the metrics */
    double ends[2];              /* first and last epoch of all */
    double ones[2];
    double untrained; /* accuracy of epoch 0, in percent, where the panel leaves it out; else NaN */
    size_t n_panels;
    sg_timeline_panel panel[PANELS_MAX];
    sg_timeline_series series[PANELS_MAX][SERIES_MAX];
} timeline;

static void timeline_cleanup(timeline *t)
{
    for (size_t i = 0; i < t->n_runs; i++) {
        sg_run_free(t->run[i]);
        sg_free(t->label[i]);
        sg_dispersions_clear(&t->dispersions[i]);
    }
    for (size_t i = 0; i < t->n_lines; i++)
        sg_run_line_clear(&t->line[i]);
}

/* Two runs of one name are told apart by their numbers. */
static char *label_run(const timeline *t, const char *path)
{
    SG_AUTOFREE char *name = sg_source_label(path);

    for (size_t i = 0; name && i < t->n_runs; i++)
        if (strcmp(t->label[i], name) == 0)
            return sg_format("%s (%zu)", name, t->n_runs + 1);
    return SG_TAKE(name);
}

static sg_status open_runs(timeline *t, sg_error *err)
{
    const sg_render_job *job = t->job;

    for (size_t i = 0; i < job->n_inputs; i++) {
        sg_run *run = NULL;
        SG_TRY(sg_run_open(job->inputs[i], &run, err));
        char *label = label_run(t, job->inputs[i]);
        if (!label) {
            sg_run_free(run);
            return sg_fail_memory(err, "labelling a figure");
        }
        t->run[i] = run;
        t->label[i] = label;
        t->n_runs++;
        SG_TRY(sg_dispersions_of(run, sg_render_analysis(job, i), job->params->core_zeta,
                                 &t->dispersions[i], err));
    }
    return SG_OK;
}

static bool has_value(const sg_run_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (isfinite(line->value[i]))
            return true;
    return false;
}

static void add_series(timeline *t, const sg_run_line *line, const char *label, bool reference)
{
    sg_timeline_panel *panel = &t->panel[t->n_panels];

    if (panel->n_series == SERIES_MAX || !has_value(line))
        return;
    t->series[t->n_panels][panel->n_series++] =
        (sg_timeline_series){label, line->epoch, line->value, line->n, reference};
    t->ends[0] = fmin(t->ends[0], line->epoch[0]);
    t->ends[1] = fmax(t->ends[1], line->epoch[line->n - 1]);
}

static void open_panel(timeline *t, const char *label)
{
    sg_timeline_panel *panel = &t->panel[t->n_panels];

    *panel = SG_TIMELINE_PANEL_DEFAULT;
    panel->label = label;
    panel->series = t->series[t->n_panels];
}

/* A panel that shows nothing is left out. */
static void close_panel(timeline *t)
{
    if (t->panel[t->n_panels].n_series > 0)
        t->n_panels++;
}

static sg_status add_metrics(timeline *t, size_t run, sg_run_number number, const char *label,
                             sg_error *err)
{
    sg_run_line *line = &t->line[t->n_lines];

    SG_TRY(sg_run_line_metrics(t->run[run], number, label, line, err));
    t->n_lines++;
    add_series(t, line, label, number == SG_RUN_TRAIN_ACCURACY);
    return SG_OK;
}

/* Lets the axis of accuracy show what is learned after the first epoch, where epoch 0, at chance,
 * would take most of its height. The curve then comes from below, and the caption says from where.
 */
static void zoom_on_learned(timeline *t)
{
    sg_timeline_panel *panel = &t->panel[t->n_panels];
    double least = HUGE_VAL;
    double most = -HUGE_VAL;
    double untrained = -HUGE_VAL;
    for (size_t i = 0; i < panel->n_series; i++) {
        const sg_timeline_series *s = &panel->series[i];
        for (size_t k = 0; k < s->n; k++) {
            if (!isfinite(s->value[k]))
                continue;
            if (s->epoch[k] > 0.0) {
                least = fmin(least, panel->scale * s->value[k]);
                most = fmax(most, panel->scale * s->value[k]);
            } else {
                untrained = fmax(untrained, panel->scale * s->value[k]);
            }
        }
    }
    const double span = most - least;
    if (!(span > 0.0 && isfinite(untrained) && span < 0.5 * (most - untrained)))
        return;
    panel->low = fmax(least - 0.07 * span, 0.0);
    panel->high = fmin(most + 0.07 * span, panel->scale);
    t->untrained = untrained;
}

static sg_status add_metrics_panels(timeline *t, sg_error *err)
{
    const bool is_one = t->n_runs == 1;

    open_panel(t, is_one ? "Accuracy (%)" : "Test accuracy (%)");
    t->panel[t->n_panels].scale = 100.0;
    t->panel[t->n_panels].low = 0.0;
    if (is_one)
        SG_TRY(add_metrics(t, 0, SG_RUN_TRAIN_ACCURACY, "training data", err));
    for (size_t i = 0; i < t->n_runs; i++)
        SG_TRY(add_metrics(t, i, SG_RUN_TEST_ACCURACY, is_one ? "test data" : t->label[i], err));
    zoom_on_learned(t);
    close_panel(t);

    open_panel(t, "Density (%)");
    t->panel[t->n_panels].scale = 100.0;
    t->panel[t->n_panels].low = 0.0;
    for (size_t i = 0; i < t->n_runs; i++)
        SG_TRY(add_metrics(t, i, SG_RUN_DENSITY, is_one ? "whole network" : t->label[i], err));
    close_panel(t);
    return SG_OK;
}

/* One run: every link that can vary. Several: the first link of each. */
static void add_dispersion_panel(timeline *t, size_t side, const sg_run_line *random)
{
    open_panel(t, side == 0 ? "Out-degree, var./mean" : "In-degree, var./mean");
    t->panel[t->n_panels].low = 0.0;
    for (size_t i = 0; i < t->n_runs; i++) {
        const sg_dispersions *d = &t->dispersions[i];
        const size_t n_most = t->n_runs == 1 ? SERIES_MAX - 1 : 1;
        for (size_t link = 0; link < d->n_links && link < n_most; link++)
            if (!d->is_full[link] || t->n_runs > 1)
                add_series(t, &d->line[2 * link + side],
                           t->n_runs == 1 ? d->line[2 * link + side].label : t->label[i], false);
    }
    if (t->panel[t->n_panels].n_series > 0 && t->panel[t->n_panels].n_series < SERIES_MAX)
        add_series(t, random, "Poisson (1)", true);
    close_panel(t);
}

static void describe(const timeline *t, sg_text *caption)
{
    sg_text_append(caption, t->n_runs == 1 ? "Epoch by epoch (" : "Runs compared (");
    for (size_t i = 0; i < t->n_runs; i++) {
        if (i > 0)
            sg_text_append(caption, "; ");
        if (t->n_runs > 1)
            sg_text_printf(caption, "%s: ", t->label[i]);
        sg_render_describe(caption, t->run[i], t->job->inputs[i]);
    }
    sg_text_append(caption, t->n_runs == 1 ? "): one run, hence no error bars."
                                           : "): one run each, hence no error bars.");
    sg_text_append(caption, " Epoch 0 is the untrained network");
    if (!isnan(t->untrained))
        sg_text_printf(caption, "; its test accuracy, %s%.3g %%, lies below the panel",
                       t->n_runs == 1 ? "" : "at most ", t->untrained);
    sg_text_append(caption,
                   ". Variance over mean of the out-degrees (links that a neuron of the named "
                   "layer sends) and "
                   "of the in-degrees (links that it receives): 1 for a Poisson distribution, "
                   "1 - density where links fall at random, more where few neurons hold many");
    if (t->n_runs > 1)
        sg_text_append(caption, "; first link of each network");
    sg_text_append(caption, ".");
    sg_render_describe_core(caption, t->job->params->core_zeta);
}

sg_status sg_render_timeline(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                             sg_error *err)
{
    SG_CLEANUP(timeline_cleanup)
    timeline t = {.job = job, .ends = {HUGE_VAL, -HUGE_VAL}, .ones = {1.0, 1.0}, .untrained = NAN};

    SG_TRY(open_runs(&t, err));
    SG_TRY(add_metrics_panels(&t, err));
    for (size_t i = 0; i < t.n_runs; i++)
        for (size_t k = 0; k < sg_run_n_snapshots(t.run[i]); k++) {
            t.ends[0] = fmin(t.ends[0], (double)sg_run_snapshot_epoch(t.run[i], k));
            t.ends[1] = fmax(t.ends[1], (double)sg_run_snapshot_epoch(t.run[i], k));
        }
    const sg_run_line random = {
        .n = t.ends[1] > t.ends[0] ? 2 : 1, .epoch = t.ends, .value = t.ones};
    for (size_t side = 0; side < 2; side++)
        add_dispersion_panel(&t, side, &random);
    if (t.n_panels == 0)
        return sg_fail(err, SG_EINVAL, "run '%s' holds neither metrics nor sparse links to show",
                       job->inputs[0]);

    sg_timeline_params figure = SG_TIMELINE_PARAMS_DEFAULT;
    figure.panels = t.panel;
    figure.n_panels = t.n_panels;
    figure.title = sg_render_title(job->params, t.n_runs == 1 ? "Training, epoch by epoch"
                                                              : "Runs compared, epoch by epoch");
    figure.width_mm = job->params->width_mm;
    describe(&t, caption);
    return sg_figure_timeline(&figure, ret, err);
}
