/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/measure_words.h"
#include <math.h>
#include <string.h>

enum { ROWS_MAX = 64, PANELS_MAX = 16, EPOCHS_MAX = 1000, NULLS_MAX = 20 };

typedef struct zscores {
    const sg_render_job *job;
    const sg_analysis *analysis;
    sg_analysis *own; /* read or made here, to be freed */
    sg_scope scope;
    size_t n_epochs;
    long epoch[EPOCHS_MAX];
    size_t n_rows;
    const sg_measure *measure[ROWS_MAX];
    char *label[ROWS_MAX];
    sg_zscores_row row[ROWS_MAX];
    size_t n_panels;
    const char *subject[PANELS_MAX]; /* borrowed from the analysis */
    double *z[PANELS_MAX];
    sg_zscores_panel panel[PANELS_MAX];
    size_t n_nulls; /* most behind a score */
    bool is_cut;
} zscores;

static void zscores_cleanup(zscores *f)
{
    for (size_t i = 0; i < ROWS_MAX; i++)
        sg_free(f->label[i]);
    for (size_t i = 0; i < PANELS_MAX; i++)
        sg_free(f->z[i]);
    sg_analysis_free(f->own);
}

static bool has_nulls(const sg_analysis *a)
{
    for (size_t i = 0; a && i < sg_analysis_n_rows(a); i++)
        if (sg_analysis_row_at(a, i)->n_nulls > 0)
            return true;
    return false;
}

/* What is stored where it has null models; else drawn here, fits and their bootstrap left out. */
static sg_status find_analysis(zscores *f, sg_error *err)
{
    const sg_render_params *p = f->job->params;
    const size_t n = p->n_nulls < NULLS_MAX ? p->n_nulls : NULLS_MAX;

    f->analysis = sg_render_find_analysis(f->job, &f->own);
    if (has_nulls(f->analysis))
        return SG_OK;
    if (n < 2)
        return sg_fail(err, SG_EINVAL, "a z-score needs at least 2 random networks, got %zu", n);
    sg_analysis_params how = SG_ANALYSIS_PARAMS_DEFAULT;
    how.n_bootstrap = 0;
    how.n_nulls = n;
    how.core_zeta = p->core_zeta;
    how.seed = p->seed;
    sg_analysis_free(f->own);
    f->own = NULL;
    SG_TRY(sg_analyze(f->job->inputs, f->job->n_inputs, &how, NULL, &f->own, err));
    f->analysis = f->own;
    return SG_OK;
}

/* Epochs asked for, or all. */
static void choose_epochs(zscores *f)
{
    const sg_render_params *p = f->job->params;

    for (size_t i = 0; i < sg_analysis_n_snapshots(f->analysis) && f->n_epochs < EPOCHS_MAX; i++) {
        const long epoch = sg_analysis_epoch(f->analysis, i);
        bool wanted = p->n_epochs == 0;
        for (size_t k = 0; k < p->n_epochs; k++)
            wanted = wanted || p->epochs[k] == epoch;
        if (wanted)
            f->epoch[f->n_epochs++] = epoch;
    }
}

static bool is_wanted(const zscores *f, const sg_analysis_row *row)
{
    const char *link = f->job->params->link;
    if (row->scope != f->scope || row->n_nulls == 0 || isnan(row->z))
        return false;
    return f->scope == SG_SCOPE_WHOLE || !link || strcmp(link, row->subject) == 0;
}

static void add_subject(zscores *f, const char *subject)
{
    for (size_t i = 0; i < f->n_panels; i++)
        if (strcmp(f->subject[i], subject) == 0)
            return;
    if (f->n_panels < PANELS_MAX)
        f->subject[f->n_panels++] = subject;
    else
        f->is_cut = true;
}

static bool is_scored(const zscores *f, const char *measure)
{
    for (size_t i = 0; i < sg_analysis_n_rows(f->analysis); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(f->analysis, i);
        if (is_wanted(f, row) && strcmp(row->measure, measure) == 0)
            return true;
    }
    return false;
}

/* Whether a measure tells how much of an earlier epoch is left. */
static bool is_likeness(const sg_measure *m)
{
    const char *name = m->name;
    const char *network = "network_";
    if (strncmp(name, network, strlen(network)) == 0)
        name += strlen(network);
    return strncmp(name, "previous_", strlen("previous_")) == 0 ||
           strncmp(name, "start_", strlen("start_")) == 0;
}

/* Rows that stand together, under a heading. */
typedef struct group {
    sg_null null;
    bool likeness;
    const char *words;
} group;

/* The heading of likeness says "earlier epochs" already: which one is enough. */
static void put_label(sg_text *t, const sg_measure *m, bool likeness)
{
    static const char *const starts[][2] = {{"since previous epoch, ", "previous: "},
                                            {"since the start, ", "start: "}};
    SG_AUTO_TEXT sg_text words = {0};
    const char *rest;

    sg_measure_words(&words, m->name);
    t->failed = t->failed || words.failed;
    rest = words.bytes ? words.bytes : "";
    for (size_t i = 0; likeness && i < SG_COUNT(starts); i++)
        if (strncmp(rest, starts[i][0], strlen(starts[i][0])) == 0) {
            sg_text_append(t, starts[i][1]);
            rest += strlen(starts[i][0]);
            break;
        }
    sg_text_append(t, rest);
}

static sg_status add_group(zscores *f, const group *g, sg_error *err)
{
    for (size_t i = 0; i < sg_measure_count(); i++) {
        const sg_measure *m = sg_measure_at(i);
        SG_AUTO_TEXT sg_text words = {0};
        if (m->null != g->null || m->scope != f->scope || is_likeness(m) != g->likeness ||
            !is_scored(f, m->name))
            continue;
        if (f->n_rows == ROWS_MAX) {
            f->is_cut = true;
            return SG_OK;
        }
        put_label(&words, m, g->likeness);
        SG_TRY(sg_text_take(&words, &f->label[f->n_rows], err));
        f->measure[f->n_rows] = m;
        f->row[f->n_rows] = (sg_zscores_row){f->label[f->n_rows], g->words};
        f->n_rows++;
    }
    return SG_OK;
}

/* The measures that have a score anywhere, those of one null model together; likeness to earlier
 * epochs, which random links cannot have, last. */
static sg_status choose_rows(zscores *f, sg_error *err)
{
    static const group groups[] = {
        {SG_NULL_RANDOM, false, "Against random links, as many"},
        {SG_NULL_DEGREES, false, "Against random links of the same degrees"},
        {SG_NULL_DEGREES, true, "Likeness to earlier epochs, against the same degrees"},
        {SG_NULL_RANDOM, true, "Likeness to earlier epochs, against random links"},
    };

    for (size_t g = 0; g < SG_COUNT(groups); g++)
        SG_TRY(add_group(f, &groups[g], err));
    return SG_OK;
}

static void put_score(zscores *f, const sg_analysis_row *row)
{
    size_t panel = 0;
    size_t measure = 0;
    size_t epoch = 0;

    while (panel < f->n_panels && strcmp(f->subject[panel], row->subject) != 0)
        panel++;
    while (measure < f->n_rows && strcmp(f->measure[measure]->name, row->measure) != 0)
        measure++;
    while (epoch < f->n_epochs && f->epoch[epoch] != row->epoch)
        epoch++;
    if (panel == f->n_panels || measure == f->n_rows || epoch == f->n_epochs)
        return;
    f->z[panel][measure * f->n_epochs + epoch] = row->z;
    f->n_nulls = row->n_nulls > f->n_nulls ? row->n_nulls : f->n_nulls;
}

static sg_status fill(zscores *f, sg_error *err)
{
    const size_t n_rows = sg_analysis_n_rows(f->analysis);

    for (size_t i = 0; i < n_rows; i++)
        if (is_wanted(f, sg_analysis_row_at(f->analysis, i)))
            add_subject(f, sg_analysis_row_at(f->analysis, i)->subject);
    SG_TRY(choose_rows(f, err));
    for (size_t k = 0; k < f->n_panels; k++) {
        const size_t n = f->n_rows * f->n_epochs;
        f->z[k] = SG_NEW_ARRAY(double, n);
        if (!f->z[k])
            return sg_fail_memory(err, "drawing z-scores");
        for (size_t i = 0; i < n; i++)
            f->z[k][i] = (double)NAN;
        f->panel[k] =
            (sg_zscores_panel){f->scope == SG_SCOPE_WHOLE ? NULL : f->subject[k], f->z[k]};
    }
    for (size_t i = 0; i < n_rows; i++)
        if (is_wanted(f, sg_analysis_row_at(f->analysis, i)))
            put_score(f, sg_analysis_row_at(f->analysis, i));
    return SG_OK;
}

static void describe(const zscores *f, const sg_run *run, sg_text *caption)
{
    const sg_render_job *job = f->job;

    sg_text_printf(caption,
                   "z = (value \xE2\x88\x92 mean of the random networks) / their standard "
                   "deviation, up to %zu random networks a snapshot (",
                   f->n_nulls);
    sg_render_describe(caption, run, job->inputs[0]);
    const bool exact = sg_analysis_degrees_model(f->analysis) != SG_NULL_MODEL_BICM;
    sg_text_append(caption,
                   "; one network, one seed). Random links, as many: "
                   "Erd\xC5\x91s\xE2\x80\x93R\xC3\xA9nyi links drawn link by link with the "
                   "number of connections of each, its weights dealt anew. Same degrees: every "
                   "neuron keeps its in- and out-degree");
    sg_text_append(caption, exact ? ", by curveball trades" : " on average (BiCM)");
    sg_text_append(caption, exact ? "; its weights are dealt anew to its connections"
                                  : "; weights are drawn anew from the link's");
    sg_text_append(caption,
                   ". Layers and directions are kept, neurons without a link count, and there are "
                   "no loops and no double links. |z| measures surprise, not size, and grows with "
                   "the network; the cells are not independent tests, and no correction is made "
                   "for their number.");
    if (f->is_cut)
        sg_text_append(caption, " More links or measures are in measures.csv.");
    sg_render_describe_core(caption, job->params->core_zeta);
}

static void run_cleanup(sg_run **run)
{
    sg_run_free(*run);
}

sg_status sg_render_zscores(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                            sg_error *err)
{
    const char *link = job->params->link;
    SG_CLEANUP(run_cleanup) sg_run *run = NULL;
    SG_CLEANUP(zscores_cleanup)
    zscores f = {.job = job,
                 .scope = link && strcmp(link, "network") == 0 ? SG_SCOPE_WHOLE : SG_SCOPE_LINK};

    SG_TRY(find_analysis(&f, err));
    if (sg_run_is(job->inputs[0]))
        SG_TRY(sg_run_open(job->inputs[0], &run, err));
    choose_epochs(&f);
    SG_TRY(fill(&f, err));
    if (f.n_epochs == 0 || f.n_rows == 0)
        return sg_fail(err, SG_ENOTFOUND, "no z-score of %s%s in '%s' at these epochs",
                       link ? "link " : "any link", link ? link : "", job->inputs[0]);

    sg_zscores_params figure = SG_ZSCORES_PARAMS_DEFAULT;
    figure.rows = f.row;
    figure.n_rows = f.n_rows;
    figure.epochs = f.epoch;
    figure.n_epochs = f.n_epochs;
    figure.panels = f.panel;
    figure.n_panels = f.n_panels;
    figure.title = sg_render_title(job->params, "Against random networks");
    figure.width_mm = job->params->width_mm;
    describe(&f, run, caption);
    return sg_figure_zscores(&figure, ret, err);
}
