/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include <math.h>
#include <string.h>

enum { LINKS_MAX = 8, PANEL_MM = 22 };

/* What the panels show, from top to bottom. */
static const struct {
    const char *measure;
    const char *label;
    double scale;
    bool from_zero;
} shown[] = {
    {"previous_turnover", "Removed (%)", 100.0, true},
    {"previous_jaccard", "Jaccard, previous", 1.0, false},
    {"start_jaccard", "Jaccard, start", 1.0, false},
    {"itop_rate", "Ever linked (%)", 100.0, true},
    {"age_mean", "Mean age (epochs)", 1.0, true},
    {"age_median", "Median (epochs)", 1.0, true},
};

enum { PANELS = SG_COUNT(shown) };

typedef struct turnover {
    const sg_render_job *job;
    const sg_analysis *analysis;
    sg_analysis *own; /* read or made here, to be freed */
    size_t n_epochs;
    double *epoch;                    /* (n_epochs) */
    double *value[PANELS][LINKS_MAX]; /* (n_epochs) */
    sg_timeline_series series[PANELS][LINKS_MAX];
    sg_timeline_panel panel[PANELS];
    size_t n_panels, n_links;
} turnover;

static void turnover_cleanup(turnover *t)
{
    for (size_t i = 0; i < PANELS; i++)
        for (size_t k = 0; k < LINKS_MAX; k++)
            sg_free(t->value[i][k]);
    sg_free(t->epoch);
    sg_analysis_free(t->own);
}

static bool has_rows(const sg_analysis *a, const char *measure)
{
    for (size_t i = 0; a && i < sg_analysis_n_rows(a); i++)
        if (strcmp(sg_analysis_row_at(a, i)->measure, measure) == 0)
            return true;
    return false;
}

/* What is stored where it has all of it; else measured here, and nothing besides. */
static sg_status find_analysis(turnover *t, sg_error *err)
{
    const char *names[PANELS];
    bool is_whole = true;

    t->analysis = sg_render_find_analysis(t->job, &t->own);
    for (size_t i = 0; i < PANELS; i++) {
        names[i] = shown[i].measure;
        is_whole = is_whole && has_rows(t->analysis, names[i]);
    }
    if (is_whole)
        return SG_OK;
    sg_analysis_params how = SG_ANALYSIS_PARAMS_DEFAULT;
    how.n_bootstrap = 0;
    how.n_nulls = 0;
    how.core_zeta = t->job->params->core_zeta;
    how.measures = names;
    how.n_measures = PANELS;
    sg_analysis_free(t->own);
    t->own = NULL;
    SG_TRY(sg_analyze(t->job->inputs, t->job->n_inputs, &how, NULL, &t->own, err));
    t->analysis = t->own;
    return SG_OK;
}

static sg_status list_epochs(turnover *t, sg_error *err)
{
    t->n_epochs = sg_analysis_n_snapshots(t->analysis);
    if (t->n_epochs < 2)
        return sg_fail(err, SG_EINVAL, "'%s' has one snapshot; turnover needs two at least",
                       t->job->inputs[0]);
    t->epoch = SG_NEW_ARRAY(double, t->n_epochs);
    if (!t->epoch)
        return sg_fail_memory(err, "drawing turnover");
    for (size_t i = 0; i < t->n_epochs; i++)
        t->epoch[i] = (double)sg_analysis_epoch(t->analysis, i);
    return SG_OK;
}

/* A full link has nothing to turn over: all it could ever have is always there. */
static bool is_full(const turnover *t, const char *link)
{
    for (size_t i = 0; i < t->n_epochs; i++) {
        const double density =
            sg_analysis_value(t->analysis, sg_analysis_epoch(t->analysis, i), link, "itop_rate");
        if (!isnan(density))
            return density >= 1.0;
    }
    return false;
}

static sg_status add_series(turnover *t, size_t which, const char *link, unsigned color,
                            sg_error *err)
{
    sg_timeline_panel *panel = &t->panel[t->n_panels];
    const size_t k = panel->n_series;
    double *value = t->value[which][k] = SG_NEW_ARRAY(double, t->n_epochs);
    bool any = false;

    if (!value)
        return sg_fail_memory(err, "drawing turnover");
    for (size_t i = 0; i < t->n_epochs; i++) {
        value[i] = sg_analysis_value(t->analysis, sg_analysis_epoch(t->analysis, i), link,
                                     shown[which].measure);
        any = any || isfinite(value[i]);
    }
    t->series[which][k] = (sg_timeline_series){
        .label = link, .epoch = t->epoch, .value = value, .n = t->n_epochs, .color = color};
    if (any)
        panel->n_series++;
    else {
        sg_free(value);
        t->value[which][k] = NULL;
    }
    return SG_OK;
}

static sg_status add_panel(turnover *t, size_t which, sg_error *err)
{
    sg_timeline_panel *panel = &t->panel[t->n_panels];
    const char *wanted = t->job->params->link;

    *panel = SG_TIMELINE_PANEL_DEFAULT;
    panel->label = shown[which].label;
    panel->scale = shown[which].scale;
    panel->series = t->series[which];
    if (shown[which].from_zero)
        panel->low = 0.0;
    t->n_links = 0;
    for (size_t i = 0; i < sg_analysis_n_links(t->analysis) && t->n_links < LINKS_MAX; i++) {
        const char *link = sg_analysis_link_name(t->analysis, i);
        if ((wanted && strcmp(wanted, link) != 0) || is_full(t, link))
            continue;
        t->n_links++;
        SG_TRY(add_series(t, which, link, (unsigned)t->n_links, err));
    }
    t->n_panels += panel->n_series > 0 ? 1 : 0;
    return SG_OK;
}

static void run_cleanup(sg_run **run)
{
    sg_run_free(*run);
}

static void describe(const turnover *t, const sg_run *run, sg_text *caption)
{
    sg_text_append(caption, "Links over the epochs (");
    sg_render_describe(caption, run, t->job->inputs[0]);
    sg_text_printf(
        caption,
        "; one run, %zu snapshots, hence no error bars). Removed: share of the previous "
        "snapshot's links that are gone. Jaccard index with the previous snapshot and with epoch "
        "0: links in both over links in either. Ever linked: share of all possible links that "
        "were there in any snapshot so far (in-time over-parameterisation, ITOP). Mean and "
        "median age of the links there, in epochs since each last appeared. Links that came and "
        "went between two "
        "snapshots are not seen; directions are as stored, full links are left out.",
        t->n_epochs);
    sg_render_describe_core(caption, t->job->params->core_zeta);
}

sg_status sg_render_turnover(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                             sg_error *err)
{
    SG_CLEANUP(run_cleanup) sg_run *run = NULL;
    SG_CLEANUP(turnover_cleanup) turnover t = {.job = job};

    SG_TRY(find_analysis(&t, err));
    if (sg_run_is(job->inputs[0]))
        SG_TRY(sg_run_open(job->inputs[0], &run, err));
    SG_TRY(list_epochs(&t, err));
    for (size_t i = 0; i < PANELS; i++)
        SG_TRY(add_panel(&t, i, err));
    if (t.n_panels == 0)
        return sg_fail(err, SG_ENOTFOUND, "no link %s%sof '%s' could change",
                       job->params->link ? job->params->link : "", job->params->link ? " " : "",
                       job->inputs[0]);

    sg_timeline_params figure = SG_TIMELINE_PARAMS_DEFAULT;
    figure.panels = t.panel;
    figure.n_panels = t.n_panels;
    figure.title = sg_render_title(job->params, "Links removed, kept and explored");
    figure.width_mm = job->params->width_mm;
    figure.panel_mm = PANEL_MM;
    figure.direct_labels = job->params->width_mm >= 120.0;
    describe(&t, run, caption);
    return sg_figure_timeline(&figure, ret, err);
}
