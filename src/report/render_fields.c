/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/picture.h"
#include "report/source.h"
#include "sparsegraph/fields.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEURONS_MAX = 16, NEURONS_USUAL = 6 };

typedef struct fields {
    const sg_render_job *job;
    sg_snapshot *network;
    long epoch;
    size_t input; /* index of the input layer */
    bool weighted;
    size_t n_neurons;
    sg_neuron neuron[NEURONS_MAX];
    sg_picture picture;
    size_t n_reached[NEURONS_MAX];
    double *value[NEURONS_MAX];
    char *titles[NEURONS_MAX];
    sg_heatmap_panel panels[NEURONS_MAX];
} fields;

static void fields_cleanup(fields *f)
{
    for (size_t i = 0; i < NEURONS_MAX; i++) {
        sg_free(f->value[i]);
        sg_free(f->titles[i]);
    }
    sg_snapshot_free(f->network);
}

static bool receives(const sg_snapshot *s, size_t layer)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        if (sg_snapshot_link(s, i)->to == layer)
            return true;
    return false;
}

static bool sends(const sg_snapshot *s, size_t layer)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        if (sg_snapshot_link(s, i)->from == layer)
            return true;
    return false;
}

/* The first layer that only sends. */
static sg_status find_input(fields *f, sg_error *err)
{
    for (size_t i = 0; i < sg_snapshot_n_layers(f->network); i++)
        if (!receives(f->network, i) && sends(f->network, i)) {
            f->input = i;
            return SG_OK;
        }
    return sg_fail(err, SG_EINVAL, "the network has no layer that only sends");
}

/* Weights everywhere, or none: a sum over paths must not mix them with 1. */
static bool has_weights(const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        if (!sg_snapshot_link(s, i)->matrix->value)
            return false;
    return true;
}

/* Reads one "layer:index". */
static sg_status fail_layer(const sg_snapshot *s, const char *name, sg_error *err)
{
    SG_AUTO_TEXT sg_text there = {0};
    for (size_t i = 0; i < sg_snapshot_n_layers(s) && there.n < 200; i++)
        sg_text_printf(&there, "%s%s", i ? ", " : "", sg_snapshot_layer(s, i)->name);
    return sg_fail(err, SG_ENOTFOUND, "the network has no layer '%s', but %s", name,
                   there.failed ? "others" : there.bytes);
}

static sg_status read_neuron(const sg_snapshot *s, const char *text, sg_neuron *ret, sg_error *err)
{
    const char *colon = strrchr(text, ':');
    uint64_t index = 0;

    if (!colon || !sg_parse_u64(colon + 1, &index))
        return sg_fail(err, SG_EINVAL, "'%s' is no neuron; write layer:index, such as hidden1:5",
                       text);
    SG_AUTOFREE char *name = sg_format("%.*s", (int)(colon - text), text);
    if (!name)
        return sg_fail_memory(err, "reading neurons");
    const size_t layer = sg_snapshot_find_layer(s, name);
    if (layer == SIZE_MAX)
        return fail_layer(s, name, err);
    if (index >= sg_snapshot_layer(s, layer)->size)
        return sg_fail(err, SG_ENOTFOUND, "layer '%s' has neurons 0 to %zu, not %s", name,
                       sg_snapshot_layer(s, layer)->size - 1, colon + 1);
    *ret = (sg_neuron){layer, (size_t)index};
    return SG_OK;
}

static sg_status read_neurons(fields *f, sg_error *err)
{
    SG_AUTOFREE char *list = sg_strdup(f->job->params->neurons);
    char *rest = list;
    if (!list)
        return sg_fail_memory(err, "reading neurons");
    for (char *item = strsep(&rest, ","); item; item = strsep(&rest, ",")) {
        if (f->n_neurons == NEURONS_MAX)
            return sg_fail(err, SG_EINVAL, "a figure shows %d neurons at most", NEURONS_MAX);
        SG_TRY(read_neuron(f->network, item, &f->neuron[f->n_neurons], err));
        f->n_neurons++;
    }
    return SG_OK;
}

typedef struct ranked {
    uint32_t degree, index;
} ranked;

static int by_degree(const void *a, const void *b)
{
    const ranked *x = a;
    const ranked *y = b;
    if (x->degree != y->degree)
        return x->degree > y->degree ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* The last layer that both receives and sends, or the last that receives. */
static size_t deepest_hidden(const sg_snapshot *s)
{
    size_t layer = SIZE_MAX;
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++)
        if (receives(s, i) && sends(s, i))
            layer = i;
    for (size_t i = 0; layer == SIZE_MAX && i < sg_snapshot_n_layers(s); i++)
        if (receives(s, i))
            layer = i;
    return layer;
}

/* Those of the last hidden layer with the most links, both ways. */
static sg_status choose_neurons(fields *f, sg_error *err)
{
    const size_t layer = deepest_hidden(f->network);
    const size_t n = layer == SIZE_MAX ? 0 : sg_snapshot_layer(f->network, layer)->size;
    SG_AUTOFREE ranked *all = SG_NEW_ARRAY(ranked, n);
    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, n);
    if (!all || !degree)
        return sg_fail_memory(err, "choosing neurons");

    for (uint32_t i = 0; i < n; i++)
        all[i] = (ranked){0, i};
    for (size_t i = 0; i < sg_snapshot_n_links(f->network); i++) {
        const sg_link *link = sg_snapshot_link(f->network, i);
        if (link->from != layer && link->to != layer)
            continue;
        sg_source_degrees(link->matrix, link->from == layer, degree);
        for (size_t k = 0; k < n; k++)
            all[k].degree += degree[k];
    }
    qsort(all, n, sizeof *all, by_degree);
    for (; f->n_neurons < n && f->n_neurons < NEURONS_USUAL; f->n_neurons++)
        f->neuron[f->n_neurons] = (sg_neuron){layer, all[f->n_neurons].index};
    return SG_OK;
}

static sg_status add_panel(fields *f, size_t k, sg_error *err)
{
    const sg_layer *input = sg_snapshot_layer(f->network, f->input);
    const sg_neuron of = f->neuron[k];
    SG_AUTOFREE double *weight = SG_NEW_ARRAY(double, input->size);
    SG_AUTOFREE bool *reached = SG_NEW_ARRAY(bool, input->size);

    f->value[k] = SG_NEW_ARRAY(double, f->picture.n_rows * f->picture.n_cols);
    f->titles[k] = sg_format("%s:%zu", sg_snapshot_layer(f->network, of.layer)->name, of.index);
    if (!weight || !reached || !f->value[k] || !f->titles[k])
        return sg_fail_memory(err, "drawing fields");
    SG_TRY(sg_receptive_field(f->network, of, f->input, reached, err));
    SG_TRY(sg_receptive_weights(f->network, of, f->input,
                                f->weighted ? SG_PATH_SIGNED : SG_PATH_COUNT, weight, err));
    for (size_t i = 0; i < input->size; i++)
        f->n_reached[k] += reached[i];
    sg_picture_fill(&f->picture, weight, input->size, f->value[k]);
    f->panels[k] = (sg_heatmap_panel){f->titles[k], f->value[k]};
    return SG_OK;
}

/* One panel far stronger than the others must not whiten them: each is scaled by its largest. */
static void scale_panels(fields *f)
{
    const size_t n = f->picture.n_rows * f->picture.n_cols;
    for (size_t k = 0; k < f->n_neurons; k++) {
        double most = 0.0;
        for (size_t i = 0; i < n; i++)
            if (!isnan(f->value[k][i]))
                most = fmax(most, fabs(f->value[k][i]));
        for (size_t i = 0; most > 0.0 && i < n; i++)
            f->value[k][i] /= most;
    }
}

static void describe(const fields *f, const sg_source *source, sg_text *caption)
{
    const sg_layer *input = sg_snapshot_layer(f->network, f->input);
    size_t least = SIZE_MAX;
    size_t most = 0;

    for (size_t k = 0; k < f->n_neurons; k++) {
        least = f->n_reached[k] < least ? f->n_reached[k] : least;
        most = f->n_reached[k] > most ? f->n_reached[k] : most;
    }
    sg_text_append(caption, "What ");
    sg_text_printf(caption, "%zu neurons hear of layer %s (", f->n_neurons, input->name);
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    if (f->epoch >= 0)
        sg_text_printf(caption, ", epoch %ld", f->epoch);
    sg_text_append(caption, "). ");
    if (f->weighted)
        sg_text_append(caption,
                       "Each cell sums, over all directed paths from an input neuron, the products "
                       "of the signed weights: the response of the linear network, biases and "
                       "activation functions left out; each panel is divided by its largest "
                       "absolute value. ");
    else
        sg_text_append(caption, "Each cell counts the directed paths from an input neuron; each "
                                "panel is divided by its largest count. ");
    if (least == most)
        sg_text_printf(caption, "Paths begin at %zu", most);
    else
        sg_text_printf(caption, "Paths begin at %zu to %zu", least, most);
    sg_text_printf(caption, " of the %zu input neurons.", input->size);
    if (!f->job->params->neurons)
        sg_text_printf(caption, " Chosen: the neurons of layer %s with the most links.",
                       sg_snapshot_layer(f->network, f->neuron[0].layer)->name);
    if (f->picture.how)
        sg_text_append(caption, f->picture.how);
    sg_render_describe_core(caption, f->job->params->core_zeta);
}

static sg_status load(fields *f, const sg_source *source, sg_error *err)
{
    const sg_render_params *p = f->job->params;
    const sg_source_wish wish = {p->n_epochs ? &p->epochs[p->n_epochs - 1] : NULL,
                                 p->n_epochs ? 1 : 0, 1};
    size_t picked = 0;
    size_t n_picked = 0;

    SG_TRY(sg_source_pick(source, &wish, &picked, &n_picked, err));
    SG_TRY(sg_source_load(source, picked, p->core_zeta, &f->network, &f->epoch, err));
    SG_TRY(find_input(f, err));
    f->weighted = has_weights(f->network);
    f->picture = sg_picture_of(sg_snapshot_layer(f->network, f->input));
    return p->neurons ? read_neurons(f, err) : choose_neurons(f, err);
}

sg_status sg_render_fields(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                           sg_error *err)
{
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(fields_cleanup) fields f = {.job = job, .epoch = -1};

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    SG_TRY(load(&f, source, err));
    for (size_t k = 0; k < f.n_neurons; k++)
        SG_TRY(add_panel(&f, k, err));
    scale_panels(&f);

    sg_heatmap_params figure = SG_HEATMAP_PARAMS_DEFAULT;
    figure.n_rows = f.picture.n_rows;
    figure.n_cols = f.picture.n_cols;
    figure.panels = f.panels;
    figure.n_panels = f.n_neurons;
    figure.map = f.weighted ? SG_MAP_DIVERGING : SG_MAP_CIVIDIS;
    figure.title = sg_render_title(job->params, "Receptive fields");
    figure.value_label = f.weighted ? "Path weight" : "Paths";
    figure.low = f.weighted ? -1.0 : 0.0;
    figure.high = 1.0;
    figure.width_mm = job->params->width_mm;
    describe(&f, source, caption);
    return sg_figure_heatmap(&figure, ret, err);
}
