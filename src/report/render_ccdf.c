/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/degree_fit.h"
#include "report/null_band.h"
#include "report/source.h"
#include "report/tail_laws.h"
#include <math.h>

enum { SERIES_MAX = 4 }; /* two sides, each at two epochs */

/* One of the two networks of the figure. */
typedef struct moment {
    sg_snapshot *network;
    const sg_link *link;
    size_t link_index;
    long epoch;
} moment;

typedef struct ccdf {
    const sg_render_job *job;
    const sg_analysis *analysis; /* or NULL */
    sg_analysis *own_analysis;   /* read here, to be freed */
    moment last;
    moment first; /* network NULL where there is none to compare with */
    size_t n_series;
    sg_ccdf_series series[SERIES_MAX];
    sg_degree_fit data[SERIES_MAX];
    sg_ccdf_fit fit[SERIES_MAX];
    char *label[SERIES_MAX];
    sg_null_band null[SERIES_MAX];
    sg_ccdf_band band[SERIES_MAX];
    char *band_label[SERIES_MAX];
    size_t n_bands;
    sg_tail_laws *laws[SERIES_MAX]; /* NULL = none */
    bool has_laws;
} ccdf;

static void ccdf_cleanup(ccdf *c)
{
    for (size_t i = 0; i < SERIES_MAX; i++) {
        sg_degree_fit_clear(&c->data[i]);
        sg_free(c->label[i]);
        sg_free(c->band_label[i]);
        sg_free(c->laws[i]);
        sg_null_band_clear(&c->null[i]);
    }
    sg_snapshot_free(c->last.network);
    sg_snapshot_free(c->first.network);
    sg_analysis_free(c->own_analysis);
}

static sg_status load_moment(ccdf *c, const sg_source *source, size_t i, moment *ret, sg_error *err)
{
    size_t link = 0;

    SG_TRY(sg_source_load(source, i, c->job->params->core_zeta, &ret->network, &ret->epoch, err));
    SG_TRY(sg_source_find_link(ret->network, c->job->params->link, &link, err));
    ret->link = sg_snapshot_link(ret->network, link);
    ret->link_index = link;
    return SG_OK;
}

/* The degrees and fit of one side, from the analysis where it has them. */
static sg_status find_fit(ccdf *c, const moment *when, sg_side side, const sg_powerlaw *untrained,
                          sg_degree_fit *ret, sg_error *err)
{
    const sg_analysis_fit *known =
        c->analysis ? sg_analysis_find_fit(c->analysis, when->epoch, when->link->name, side) : NULL;
    if (known)
        return sg_degree_fit_copy(known, ret, err);
    const sg_powerlaw_params params = {.n_replicates = c->job->params->n_bootstrap,
                                       .seed = c->job->params->seed};
    return sg_degree_fit_make(when->link->matrix, side, &params, untrained, ret, err);
}

static sg_status add_series(ccdf *c, const moment *when, sg_side side, const sg_powerlaw *untrained,
                            sg_error *err)
{
    const size_t k = c->n_series;
    const bool is_out = side == SG_SIDE_OUT;
    const sg_layer *layer =
        sg_snapshot_layer(when->network, is_out ? when->link->from : when->link->to);

    SG_TRY(find_fit(c, when, side, untrained, &c->data[k], err));
    c->label[k] = when->epoch < 0 ? sg_format("%s by %s", is_out ? "Sent" : "Received", layer->name)
                                  : sg_format("%s by %s, epoch %ld", is_out ? "Sent" : "Received",
                                              layer->name, when->epoch);
    if (!c->label[k])
        return sg_fail_memory(err, "labelling a figure");

    const sg_degree_fit *d = &c->data[k];
    c->fit[k] = (sg_ccdf_fit){.alpha = d->fit.alpha,
                              .xmin = (double)d->fit.xmin,
                              .n_tail = (double)d->fit.n_tail,
                              .p_value = d->fit.p_value,
                              .passes = d->fit.passes,
                              .verdict = d->verdict};
    const bool has_fit = isfinite(d->fit.alpha) && d->fit.xmin > 0;
    c->series[k] = (sg_ccdf_series){.label = c->label[k],
                                    .degree = d->degree,
                                    .count = d->count,
                                    .n = d->n,
                                    .fit = has_fit ? &c->fit[k] : NULL,
                                    .reference = when == &c->first};
    c->n_series++;
    return SG_OK;
}

/* Puts the band of random links behind the series added last. */
static sg_status add_band(ccdf *c, const moment *when, sg_side side, sg_error *err)
{
    const size_t n_nulls = c->job->params->n_nulls;
    const size_t k = c->n_series - 1;
    const sg_null_band *null = &c->null[k];

    if (n_nulls < 2)
        return SG_OK;
    const sg_null_band_how how = {n_nulls, c->job->params->seed, (uint32_t)when->link_index};
    SG_TRY(sg_null_band_draw(when->link->matrix, side, &how, &c->null[k], err));
    if (null->n == 0)
        return SG_OK;
    c->band_label[k] = sg_format("%s by random links: 95 %% of %zu",
                                 side == SG_SIDE_OUT ? "Sent" : "Received", n_nulls);
    if (!c->band_label[k])
        return sg_fail_memory(err, "labelling a figure");
    c->band[k] = (sg_ccdf_band){c->band_label[k], null->k, null->low, null->high, null->n};
    c->series[k].band = &c->band[k];
    c->n_bands++;
    return SG_OK;
}

/* Puts the laws that stand against the power law beside it: two of them where the other side is in
 * the figure too, else all. */
static sg_status add_laws(ccdf *c, sg_error *err)
{
    const size_t k = c->n_series - 1;
    const size_t n_most = c->job->params->side == SG_RENDER_BOTH ? 2 : SG_TAIL_LAWS;

    if (!c->series[k].fit)
        return SG_OK;
    c->laws[k] = SG_NEW(sg_tail_laws);
    if (!c->laws[k])
        return sg_fail_memory(err, "fitting laws");
    SG_TRY(sg_tail_laws_of(&c->data[k], n_most, c->laws[k], err));
    c->series[k].curves = c->laws[k]->curve;
    c->series[k].n_curves = c->laws[k]->n_curves;
    c->has_laws = c->has_laws || c->laws[k]->n_curves > 0;
    return SG_OK;
}

/* Adds the untrained network's curve, then the last one's, judged against it. */
static sg_status add_side(ccdf *c, sg_side side, sg_error *err)
{
    const sg_powerlaw *untrained = NULL;

    if (c->first.network) {
        SG_TRY(add_series(c, &c->first, side, NULL, err));
        if (c->first.epoch == 0)
            untrained = &c->data[c->n_series - 1].fit;
    }
    SG_TRY(add_series(c, &c->last, side, untrained, err));
    SG_TRY(add_laws(c, err));
    return add_band(c, &c->last, side, err);
}

static sg_status load_moments(ccdf *c, const sg_source *source, sg_error *err)
{
    const sg_render_params *p = c->job->params;
    const sg_source_wish wish = {p->n_epochs ? &p->epochs[p->n_epochs - 1] : NULL,
                                 p->n_epochs ? 1 : 0, 1};
    size_t picked = 0;
    size_t n_picked = 0;

    SG_TRY(sg_source_pick(source, &wish, &picked, &n_picked, err));
    SG_TRY(load_moment(c, source, picked, &c->last, err));
    if (picked > 0)
        SG_TRY(load_moment(c, source, 0, &c->first, err));
    return SG_OK;
}

/* Which of five laws beats the power law on each tail, as far as a test tells. */
static void describe_laws(const ccdf *c, sg_text *caption)
{
    bool any = false;

    if (!c->has_laws)
        return;
    sg_text_append(caption, ". Broken lines: other laws fitted to the same tails. Of five of them, "
                            "favoured over the power law (Vuong and likelihood-ratio tests, "
                            "p < 0.1):");
    for (size_t k = 0; k < c->n_series; k++) {
        double p = (double)NAN;
        if (!c->laws[k] || c->laws[k]->n_curves == 0)
            continue;
        const sg_powerlaw_alternative best =
            sg_alternatives_favoured(&c->laws[k]->alternatives, &p);
        if (best == SG_ALTERNATIVE_NONE)
            continue;
        sg_text_printf(caption, "%s %s (%s; p = %.2g)", any ? "," : "",
                       sg_powerlaw_alternative_name(best), c->label[k], p);
        any = true;
    }
    sg_text_append(caption, any ? "" : " none, which does not confirm it");
}

static void describe(const ccdf *c, const sg_source *source, sg_text *caption)
{
    const sg_csr *m = c->last.link->matrix;
    size_t n_replicates = 0;

    for (size_t k = 0; k < c->n_series; k++)
        if (c->data[k].fit.n_replicates > n_replicates)
            n_replicates = c->data[k].fit.n_replicates;
    sg_text_printf(caption, "Share of neurons with at least k links, link %s (",
                   c->last.link->name);
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    sg_text_printf(caption, "), n = %zu sending and %zu receiving neurons", m->n_cols, m->n_rows);
    if (c->first.network)
        sg_text_printf(caption, "; grey: epoch %ld%s", c->first.epoch,
                       c->first.epoch == 0 ? ", before training" : "");
    sg_text_append(caption,
                   ". Lines: discrete power laws fitted by maximum likelihood from the xmin "
                   "that minimises the Kolmogorov-Smirnov distance");
    if (n_replicates)
        sg_text_printf(caption,
                       "; p from %zu bootstrap replicates, a small p rejecting the power law",
                       n_replicates);
    describe_laws(c, caption);
    if (c->n_bands)
        sg_text_printf(caption,
                       ". Bands: where 95 %% of %zu Erd\xC5\x91s\xE2\x80\x93R\xC3\xA9nyi links "
                       "of as many connections lie at each degree (seed %llu)",
                       c->job->params->n_nulls, (unsigned long long)c->job->params->seed);
    sg_text_append(caption, ". Neurons without a link count in the share; stored zero weights are "
                            "links; directions are kept apart, and there are no loops.");
    sg_render_describe_core(caption, c->job->params->core_zeta);
}

sg_status sg_render_ccdf(const sg_render_job *job, sg_scene **ret, sg_text *caption, sg_error *err)
{
    const sg_render_params *params = job->params;
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(ccdf_cleanup) ccdf c = {.job = job};

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    c.analysis = sg_render_find_analysis(job, &c.own_analysis);
    SG_TRY(load_moments(&c, source, err));
    if (params->side != SG_RENDER_IN)
        SG_TRY(add_side(&c, SG_SIDE_OUT, err));
    if (params->side != SG_RENDER_OUT)
        SG_TRY(add_side(&c, SG_SIDE_IN, err));

    SG_AUTOFREE char *title =
        sg_format(isnan(params->core_zeta) ? "Degrees of link %s" : "Core degrees of link %s",
                  c.last.link->name);
    if (!title)
        return sg_fail_memory(err, "labelling a figure");
    sg_ccdf_params figure = SG_CCDF_PARAMS_DEFAULT;
    figure.series = c.series;
    figure.n_series = c.n_series;
    figure.title = sg_render_title(params, title);
    figure.x_label = "Links per neuron ~{k}";
    figure.width_mm = params->width_mm;
    describe(&c, source, caption);
    return sg_figure_ccdf(&figure, ret, err);
}
