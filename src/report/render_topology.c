/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/html.h"
#include "report/source.h"

/* The arrays behind a figure of layers. */
typedef struct layers {
    size_t n_layers, n_links;
    size_t *size;
    const char **name;
    sg_layers_link *link;
    uint32_t **ends; /* (2 * n_links) from and to of each link */
} layers;

static void layers_cleanup(layers *l)
{
    for (size_t i = 0; l->ends && i < 2 * l->n_links; i++)
        sg_free(l->ends[i]);
    sg_free(l->ends);
    sg_free(l->link);
    sg_free((void *)l->name);
    sg_free(l->size);
}

/* Writes out the ends of every connection of a matrix. */
static void list_ends(const sg_csr *m, uint32_t *from, uint32_t *to)
{
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            from[k] = m->col[k];
            to[k] = (uint32_t)row;
        }
}

static sg_status fill_link(layers *l, size_t i, const sg_link *link, sg_error *err)
{
    const sg_csr *m = link->matrix;
    uint32_t *from = l->ends[2 * i] = SG_NEW_ARRAY(uint32_t, m->n_links);
    uint32_t *to = l->ends[2 * i + 1] = SG_NEW_ARRAY(uint32_t, m->n_links);

    if (!from || !to)
        return sg_fail_memory(err, "listing connections");
    list_ends(m, from, to);
    l->link[i] = (sg_layers_link){link->from, link->to, m->n_links, from, to, m->value};
    return SG_OK;
}

static sg_status fill_layers(layers *l, const sg_snapshot *s, sg_error *err)
{
    l->n_layers = sg_snapshot_n_layers(s);
    l->size = SG_NEW_ARRAY(size_t, l->n_layers);
    l->name = SG_NEW_ARRAY(const char *, l->n_layers);
    l->n_links = sg_snapshot_n_links(s);
    l->link = SG_NEW_ARRAY(sg_layers_link, l->n_links);
    l->ends = SG_NEW_ARRAY(uint32_t *, 2 * l->n_links);
    if (!l->size || !l->name || !l->link || !l->ends)
        return sg_fail_memory(err, "listing layers");

    for (size_t i = 0; i < l->n_layers; i++) {
        l->size[i] = sg_snapshot_layer(s, i)->size;
        l->name[i] = sg_snapshot_layer(s, i)->name;
    }
    for (size_t i = 0; i < l->n_links; i++)
        SG_TRY(fill_link(l, i, sg_snapshot_link(s, i), err));
    return SG_OK;
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

static void describe(const sg_render_job *job, const sg_source *source, const sg_snapshot *s,
                     long epoch, sg_text *caption)
{
    double possible = 0.0;

    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        possible += (double)m->n_rows * (double)m->n_cols;
    }
    sg_text_append(caption, "The same layers fully connected (left) and as they are (right: ");
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    if (epoch >= 0)
        sg_text_printf(caption, ", epoch %ld", epoch);
    const double n = (double)sg_snapshot_n_connections(s);
    sg_text_append(caption, "). The whole network has ");
    sg_html_count(caption, n);
    sg_text_append(caption, " of ");
    sg_html_count(caption, possible);
    sg_text_printf(caption, " possible connections (%.3g\xE2\x80\xAF%%).", 100.0 * n / possible);
    sg_render_describe_core(caption, job->params->core_zeta);
}

sg_status sg_render_topology(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                             sg_error *err)
{
    const sg_render_params *params = job->params;
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *s = NULL;
    SG_CLEANUP(layers_cleanup) layers l = {0};
    long epoch = -1;
    size_t picked = 0;
    size_t n_picked = 0;

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    const sg_source_wish wish = {params->n_epochs ? &params->epochs[params->n_epochs - 1] : NULL,
                                 params->n_epochs ? 1 : 0, 1};
    SG_TRY(sg_source_pick(source, &wish, &picked, &n_picked, err));
    SG_TRY(sg_source_load(source, picked, params->core_zeta, &s, &epoch, err));
    if (sg_snapshot_n_links(s) == 0)
        return sg_fail(err, SG_EINVAL, "'%s' has no links between its layers to draw",
                       sg_source_path(source, picked));
    SG_TRY(fill_layers(&l, s, err));

    SG_AUTOFREE char *own = epoch >= 0 ? sg_format("As learned, epoch %ld", epoch) : NULL;
    sg_layers_params figure = SG_LAYERS_PARAMS_DEFAULT;
    figure.layer_size = l.size;
    figure.layer_name = l.name;
    figure.n_layers = l.n_layers;
    figure.links = l.link;
    figure.n_link_sets = l.n_links;
    if (params->n_sample)
        figure.max_neurons = params->n_sample;
    figure.seed = params->seed;
    figure.title = sg_render_title(params, "Dense and sparse layers");
    figure.dense_title = "Fully connected";
    figure.sparse_title = epoch == 0 ? "Sparse, untrained" : own;
    figure.width_mm = params->width_mm;
    describe(job, source, s, epoch, caption);
    return sg_figure_layers(&figure, ret, err);
}
