/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/source.h"
#include <math.h>

enum { RIDGES_MAX = 24, RIDGES_USUAL = 12 };

typedef struct ridgelines {
    const sg_render_job *job;
    bool is_out;
    char *link;
    char *layer;
    size_t n_neurons, n_opposite;
    size_t n_links_first, n_links_last;
    size_t n_ridges;
    sg_ridge ridges[RIDGES_MAX];
    uint64_t *degree[RIDGES_MAX];
    char *labels[RIDGES_MAX];
    double *reference; /* (n_reference) */
    size_t n_reference;
} ridgelines;

static void ridgelines_cleanup(ridgelines *r)
{
    for (size_t i = 0; i < RIDGES_MAX; i++) {
        sg_free(r->degree[i]);
        sg_free(r->labels[i]);
    }
    sg_free(r->link);
    sg_free(r->layer);
    sg_free(r->reference);
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

/* The first network decides the link; the others must have one of the same shape. */
static sg_status adopt_link(ridgelines *r, const sg_snapshot *s, const sg_link *link,
                            const char *path, sg_error *err)
{
    const sg_csr *m = link->matrix;
    const size_t n = r->is_out ? m->n_cols : m->n_rows;
    const size_t n_opposite = r->is_out ? m->n_rows : m->n_cols;

    if (r->n_ridges == 0) {
        r->link = sg_strdup(link->name);
        r->layer = sg_strdup(sg_snapshot_layer(s, r->is_out ? link->from : link->to)->name);
        r->n_neurons = n;
        r->n_opposite = n_opposite;
        r->n_links_first = m->n_links;
        return r->link && r->layer ? SG_OK : sg_fail_memory(err, "drawing ridges");
    }
    if (n != r->n_neurons || n_opposite != r->n_opposite)
        return sg_fail(err, SG_EINVAL, "link '%s' of '%s' has another shape than the first one",
                       link->name, path);
    return SG_OK;
}

static sg_status add_ridge(ridgelines *r, const sg_source *source, size_t i, sg_error *err)
{
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *s = NULL;
    size_t link_index = 0;
    long epoch = -1;

    SG_TRY(sg_source_load(source, i, r->job->params->core_zeta, &s, &epoch, err));
    SG_TRY(sg_source_find_link(s, r->job->params->link, &link_index, err));
    const sg_link *link = sg_snapshot_link(s, link_index);
    SG_TRY(adopt_link(r, s, link, sg_source_path(source, i), err));

    const size_t k = r->n_ridges;
    SG_AUTOFREE uint32_t *narrow = SG_NEW_ARRAY(uint32_t, r->n_neurons);
    r->degree[k] = SG_NEW_ARRAY(uint64_t, r->n_neurons);
    r->labels[k] = epoch < 0 || !sg_source_run(source) ? sg_source_label(sg_source_path(source, i))
                                                       : sg_format("%ld", epoch);
    if (!narrow || !r->degree[k] || !r->labels[k])
        return sg_fail_memory(err, "drawing ridges");
    sg_source_degrees(link->matrix, r->is_out, narrow);
    for (size_t neuron = 0; neuron < r->n_neurons; neuron++)
        r->degree[k][neuron] = narrow[neuron];
    r->ridges[k] = (sg_ridge){
        .label = r->labels[k], .degree = r->degree[k], .n = r->n_neurons, .marked = epoch == 0};
    r->n_links_last = link->matrix->n_links;
    r->n_ridges++;
    return SG_OK;
}

/* Each of the opposite neurons is linked with the link's density: what n(n_links) links placed at
 * random make of one neuron, but for their number being fixed. */
static sg_status make_reference(ridgelines *r, sg_error *err)
{
    const double n = (double)r->n_opposite;
    const double p = (double)r->n_links_last / (n * (double)r->n_neurons);
    if (!(p > 0.0 && p < 1.0))
        return SG_OK; /* one value alone */

    r->reference = SG_NEW_ARRAY(double, r->n_opposite + 1);
    if (!r->reference)
        return sg_fail_memory(err, "drawing ridges");
    r->n_reference = r->n_opposite + 1;
    for (size_t k = 0; k <= r->n_opposite; k++) {
        const double x = (double)k;
        const double choose = lgamma(n + 1.0) - lgamma(x + 1.0) - lgamma(n - x + 1.0);
        r->reference[k] = fmin(exp(choose + x * log(p) + (n - x) * log1p(-p)), 1.0);
    }
    return SG_OK;
}

static void describe(const ridgelines *r, const sg_source *source, sg_text *caption)
{
    sg_text_printf(caption, "Links %s by each of the n = %zu neurons of layer %s (link %s; ",
                   r->is_out ? "sent" : "received", r->n_neurons, r->layer, r->link);
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    sg_text_printf(caption, "), %zu of %zu snapshots; one network, hence no error bars.",
                   r->n_ridges, sg_source_count(source));
    sg_text_append(caption, " Neurons without a link are counted, at 0; stored zero weights are "
                            "links; directions are kept apart, and there are no loops.");
    if (r->n_reference)
        sg_text_printf(caption,
                       " Dashed: the binomial distribution of %zu links placed at random%s.",
                       r->n_links_last,
                       r->n_links_last == r->n_links_first ? "" : ", the last snapshot's number");
    sg_render_describe_core(caption, r->job->params->core_zeta);
}

sg_status sg_render_ridgelines(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                               sg_error *err)
{
    const sg_render_params *params = job->params;
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(ridgelines_cleanup)
    ridgelines r = {.job = job, .is_out = params->side != SG_RENDER_IN};
    size_t picked[RIDGES_MAX];
    size_t n_picked = 0;

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    const sg_source_wish wish = {params->epochs, params->n_epochs,
                                 params->n_epochs ? RIDGES_MAX : RIDGES_USUAL};
    SG_TRY(sg_source_pick(source, &wish, picked, &n_picked, err));
    for (size_t k = 0; k < n_picked; k++)
        SG_TRY(add_ridge(&r, source, picked[k], err));
    SG_TRY(make_reference(&r, err));

    SG_AUTOFREE char *title = sg_format("%s %s by the neurons of layer %s",
                                        isnan(params->core_zeta) ? "Links" : "Core links",
                                        r.is_out ? "sent" : "received", r.layer);
    if (!title)
        return sg_fail_memory(err, "drawing ridges");
    sg_ridgelines_params figure = SG_RIDGELINES_PARAMS_DEFAULT;
    figure.ridges = r.ridges;
    figure.n_ridges = r.n_ridges;
    figure.reference = r.reference;
    figure.n_reference = r.n_reference;
    figure.reference_label = "random links (binomial)";
    figure.title = sg_render_title(params, title);
    figure.x_label = "Links per neuron ~{k}";
    figure.y_label = sg_source_run(source) ? "Epoch" : "Network";
    figure.width_mm = params->width_mm;
    describe(&r, source, caption);
    return sg_figure_ridgelines(&figure, ret, err);
}
