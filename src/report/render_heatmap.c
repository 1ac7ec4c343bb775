/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/picture.h"
#include "report/source.h"
#include <math.h>

enum { PANELS_MAX = 16 };

/* What all panels must share, and what the caption tells of them. */
typedef struct heatmap {
    const sg_render_job *job;
    bool is_out;
    char *link;
    char *layer;
    size_t n_neurons;
    sg_picture picture;
    size_t n_panels;
    sg_heatmap_panel panels[PANELS_MAX];
    double *values[PANELS_MAX];
    char *titles[PANELS_MAX];
    size_t n_unlinked[PANELS_MAX];
    double mean[PANELS_MAX];
} heatmap;

static void heatmap_cleanup(heatmap *h)
{
    for (size_t k = 0; k < PANELS_MAX; k++) {
        sg_free(h->values[k]);
        sg_free(h->titles[k]);
    }
    sg_free(h->link);
    sg_free(h->layer);
}

/* The first panel decides the layer; the others must have one of the same size. */
static sg_status adopt_layer(heatmap *h, const sg_layer *layer, const char *link, const char *path,
                             sg_error *err)
{
    if (h->n_panels == 0) {
        h->link = sg_strdup(link);
        h->layer = sg_strdup(layer->name);
        h->n_neurons = layer->size;
        h->picture = sg_picture_of(layer);
        return h->link && h->layer ? SG_OK : sg_fail_memory(err, "making a heatmap");
    }
    if (layer->size != h->n_neurons)
        return sg_fail(err, SG_EINVAL,
                       "'%s' has %zu neurons in layer '%s', the first network %zu: one colour "
                       "scale needs layers of one size",
                       path, layer->size, layer->name, h->n_neurons);
    return SG_OK;
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

static sg_status add_panel(heatmap *h, const sg_source *source, size_t i, sg_error *err)
{
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *s = NULL;
    size_t link_index = 0;
    long epoch = -1;

    SG_TRY(sg_source_load(source, i, h->job->params->core_zeta, &s, &epoch, err));
    SG_TRY(sg_source_find_link(s, h->job->params->link, &link_index, err));
    const sg_link *link = sg_snapshot_link(s, link_index);
    const sg_layer *layer = sg_snapshot_layer(s, h->is_out ? link->from : link->to);
    SG_TRY(adopt_layer(h, layer, link->name, sg_source_path(source, i), err));

    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, layer->size);
    const size_t k = h->n_panels;
    h->values[k] = SG_NEW_ARRAY(double, h->picture.n_rows * h->picture.n_cols);
    h->titles[k] = sg_render_moment(sg_source_run(source), sg_source_path(source, i),
                                    sg_source_count(source), epoch);
    if (!degree || !h->values[k] || !h->titles[k])
        return sg_fail_memory(err, "making a heatmap");
    sg_source_degrees(link->matrix, h->is_out, degree);
    SG_AUTOFREE double *links = SG_NEW_ARRAY(double, layer->size);
    if (!links)
        return sg_fail_memory(err, "making a heatmap");
    for (size_t neuron = 0; neuron < layer->size; neuron++)
        links[neuron] = degree[neuron];
    sg_picture_fill(&h->picture, links, layer->size, h->values[k]);
    for (size_t neuron = 0; neuron < layer->size; neuron++)
        h->n_unlinked[k] += degree[neuron] == 0;
    h->mean[k] = (double)link->matrix->n_links / (double)layer->size;
    h->panels[k] = (sg_heatmap_panel){h->titles[k], h->values[k]};
    h->n_panels++;
    return SG_OK;
}

static void describe(const heatmap *h, const sg_source *source, sg_text *caption)
{
    const size_t last = h->n_panels - 1;

    sg_text_printf(caption, "Links %s by each of the %zu neurons of layer %s (link %s",
                   h->is_out ? "sent" : "received", h->n_neurons, h->layer, h->link);
    sg_text_append(caption, "; ");
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    sg_text_printf(caption, "), all panels on one colour scale. Mean %.3g links a neuron",
                   h->mean[last]);
    if (h->n_panels > 1)
        sg_text_printf(
            caption,
            " in the last panel; neurons without a link: %zu in the first panel, %zu in the last.",
            h->n_unlinked[0], h->n_unlinked[last]);
    else
        sg_text_printf(caption, "; neurons without a link: %zu.", h->n_unlinked[last]);
    if (h->picture.how)
        sg_text_append(caption, h->picture.how);
    sg_render_describe_core(caption, h->job->params->core_zeta);
}

sg_status sg_render_heatmap(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                            sg_error *err)
{
    const sg_render_params *params = job->params;
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(heatmap_cleanup) heatmap h = {.job = job, .is_out = params->side != SG_RENDER_IN};
    size_t picked[PANELS_MAX];
    size_t n_picked = 0;

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    const size_t n_usual = params->width_mm < 120.0 ? 2 : 4;
    const bool is_chosen = params->n_epochs > 0 || !sg_source_run(source);
    const sg_source_wish wish = {params->epochs, params->n_epochs,
                                 is_chosen ? PANELS_MAX : n_usual};
    SG_TRY(sg_source_pick(source, &wish, picked, &n_picked, err));
    for (size_t k = 0; k < n_picked; k++)
        SG_TRY(add_panel(&h, source, picked[k], err));

    const char *what = isnan(params->core_zeta) ? "Links" : "Core links";
    SG_AUTOFREE char *title = sg_format("%s %s by each neuron of layer %s", what,
                                        h.is_out ? "sent" : "received", h.layer);
    SG_AUTOFREE char *label = sg_format("%s per %s neuron", what, h.layer);
    if (!title || !label)
        return sg_fail_memory(err, "making a heatmap");
    sg_heatmap_params figure = SG_HEATMAP_PARAMS_DEFAULT;
    figure.n_rows = h.picture.n_rows;
    figure.n_cols = h.picture.n_cols;
    figure.panels = h.panels;
    figure.n_panels = h.n_panels;
    figure.title = sg_render_title(params, title);
    figure.value_label = label;
    figure.width_mm = params->width_mm;
    describe(&h, source, caption);
    return sg_figure_heatmap(&figure, ret, err);
}
