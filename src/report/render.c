/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/source.h"
#include "sparsegraph/run.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

static const struct {
    sg_rendering shown;
    sg_render_build *build;
} renderings[] = {
    {{"heatmap", "links per neuron in the layer's own shape, for several epochs on one scale",
      "RUN|FILE...", 1, SG_RENDER_INPUTS_MAX},
     sg_render_heatmap},
    {{"topology", "the layers fully connected beside the layers as they are", "RUN|FILE", 1, 1},
     sg_render_topology},
    {{"networks", "a dense beside a sparse network", "[[DENSE] SPARSE]", 0, 2}, sg_render_networks},
    {{"ccdf", "degree distribution of the last epoch against the first, with fitted power laws",
      "RUN|FILE", 1, 1},
     sg_render_ccdf},
    {{"timeline", "accuracy, density and degree heterogeneity over the epochs", "RUN...", 1,
      SG_RENDER_INPUTS_MAX},
     sg_render_timeline},
    {{"ridgelines", "degree distributions over the epochs against random links", "RUN|FILE...", 1,
      SG_RENDER_INPUTS_MAX},
     sg_render_ridgelines},
    {{"zscores", "measures against their null models over the epochs", "RUN|FILE", 1, 1},
     sg_render_zscores},
    {{"turnover", "links removed, kept and explored over the epochs, and their age", "RUN", 1, 1},
     sg_render_turnover},
    {{"adjacency", "adjacency matrix of a link, sorted, first beside last epoch", "RUN|FILE...", 1,
      SG_RENDER_INPUTS_MAX},
     sg_render_adjacency},
    {{"fields", "receptive fields of neurons, in the shape of the input", "RUN|FILE", 1, 1},
     sg_render_fields},
};

size_t sg_rendering_count(void)
{
    return SG_COUNT(renderings);
}

const sg_rendering *sg_rendering_at(size_t i)
{
    return i < SG_COUNT(renderings) ? &renderings[i].shown : NULL;
}

const sg_rendering *sg_rendering_find(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(renderings); i++)
        if (strcmp(renderings[i].shown.name, name) == 0)
            return &renderings[i].shown;
    return NULL;
}

static sg_status check_job(const sg_rendering *kind, const sg_render_job *job, sg_error *err)
{
    const sg_render_params *p = job->params;

    if (job->n_inputs < kind->min_inputs || job->n_inputs > kind->max_inputs)
        return sg_fail(err, SG_EINVAL, "%s takes %s (%zu to %zu of them), got %zu", kind->name,
                       kind->inputs, kind->min_inputs, kind->max_inputs, job->n_inputs);
    if (!(p->width_mm >= 40.0 && p->width_mm <= 400.0))
        return sg_fail(err, SG_EINVAL, "the width must lie in [40, 400] mm, got %g", p->width_mm);
    if (!isnan(p->core_zeta) && !(p->core_zeta >= 0.0 && p->core_zeta <= 1.0))
        return sg_fail(err, SG_EINVAL, "the share of the core must lie in [0, 1], got %g",
                       p->core_zeta);
    return SG_OK;
}

void sg_rendered_clear(sg_rendered *figure)
{
    sg_scene_free(figure->scene);
    sg_free(figure->caption);
    *figure = (sg_rendered){0};
}

sg_status sg_render_with(const sg_rendering *kind, const sg_render_job *job, sg_rendered *ret,
                         sg_error *err)
{
    SG_CLEANUP(sg_rendered_clear) sg_rendered figure = {0};
    SG_AUTO_TEXT sg_text caption = {0};
    sg_render_build *build = NULL;

    for (size_t i = 0; i < SG_COUNT(renderings); i++)
        if (&renderings[i].shown == kind)
            build = renderings[i].build;
    if (!build)
        return sg_fail(err, SG_EINVAL, "no such figure; take one of the table's own entries");
    SG_TRY(check_job(kind, job, err));
    SG_TRY(build(job, &figure.scene, &caption, err));
    SG_TRY(sg_text_take(&caption, &figure.caption, err));
    *ret = (sg_rendered){SG_TAKE(figure.scene), SG_TAKE(figure.caption)};
    return SG_OK;
}

sg_status sg_render(const sg_rendering *kind, const char *const *inputs, size_t n_inputs,
                    const sg_render_params *params, sg_rendered *ret, sg_error *err)
{
    const sg_render_params usual = SG_RENDER_PARAMS_DEFAULT;
    const sg_render_job job = {inputs, n_inputs, params ? params : &usual, NULL};

    return sg_render_with(kind, &job, ret, err);
}

const sg_analysis *sg_render_analysis(const sg_render_job *job, size_t i)
{
    const sg_analysis *a = job->analyses ? job->analyses[i] : NULL;
    if (!a)
        return NULL;
    const double have = sg_analysis_core_zeta(a);
    const double want = job->params->core_zeta;
    return (isnan(have) && isnan(want)) || have == want ? a : NULL;
}

const sg_analysis *sg_render_find_analysis(const sg_render_job *job, sg_analysis **own)
{
    const sg_analysis *a = sg_render_analysis(job, 0);
    if (a || !sg_run_is(job->inputs[0]))
        return a;
    SG_AUTOFREE char *path = sg_format("%s/analysis", job->inputs[0]);
    if (!path || sg_analysis_read(path, own, NULL) != SG_OK)
        return NULL;
    const sg_analysis *read = *own;
    const sg_render_job with_own = {job->inputs, job->n_inputs, job->params, &read};
    return sg_render_analysis(&with_own, 0);
}

char *sg_render_moment(const sg_run *run, const char *path, size_t n_inputs, long epoch)
{
    if (!run && (n_inputs > 1 || epoch < 0))
        return sg_source_label(path);
    return sg_format(epoch == 0 ? "Epoch %ld (untrained)" : "Epoch %ld", epoch);
}

const char *sg_render_title(const sg_render_params *params, const char *own)
{
    if (!params->title)
        return own;
    return *params->title ? params->title : NULL;
}

void sg_render_describe(sg_text *t, const sg_run *run, const char *path)
{
    const char *method = run ? sg_run_setting(run, "method") : NULL;
    const char *dataset = run ? sg_run_setting(run, "dataset") : NULL;
    const char *seed = run ? sg_run_setting(run, "seed") : NULL;

    if (!method) {
        SG_AUTOFREE char *label = sg_source_label(path);
        sg_text_append(t, label ? label : "");
        return;
    }
    if (strcmp(method, "set") == 0)
        sg_text_append(t, "SET");
    else
        sg_text_append(t, method);
    if (dataset)
        sg_text_printf(t, " on %s", dataset);
    if (seed)
        sg_text_printf(t, ", seed %s", seed);
}

void sg_render_describe_core(sg_text *t, double core_zeta)
{
    if (!isnan(core_zeta))
        sg_text_printf(t,
                       " Only core connections are counted: those that a removal of %g of the "
                       "weakest per sign would keep.",
                       core_zeta);
}
