/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_RENDER_JOB_H
#define SG_REPORT_RENDER_JOB_H

/* What a builder of figures gets: checked inputs, and measurements that the caller already has. */

#include "base/text.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/figure.h"
#include "sparsegraph/render.h"
#include "sparsegraph/run.h"

typedef struct sg_render_job {
    const char *const *inputs; /* (n_inputs), within the bounds of the rendering */
    size_t n_inputs;
    const sg_render_params *params;     /* checked, never NULL */
    const sg_analysis *const *analyses; /* (n_inputs), entries may be NULL; or NULL */
} sg_render_job;

/* Makes the figure and appends its caption: plain text, whole sentences. */
typedef sg_status sg_render_build(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                                  sg_error *err);

sg_render_build sg_render_heatmap;
sg_render_build sg_render_topology;
sg_render_build sg_render_networks;
sg_render_build sg_render_ccdf;
sg_render_build sg_render_timeline;
sg_render_build sg_render_ridgelines;
sg_render_build sg_render_zscores;
sg_render_build sg_render_turnover;
sg_render_build sg_render_adjacency;
sg_render_build sg_render_fields;

/* sg_render() with measurements at hand; analyses is (n_inputs) or NULL. */
sg_status sg_render_with(const sg_rendering *kind, const sg_render_job *job, sg_rendered *ret,
                         sg_error *err) SG_CHECKED;

/* Returns the measurements of the i-th input if the caller has them and they are of all links or
 * of the core that the figure is to show; else NULL. */
const sg_analysis *sg_render_analysis(const sg_render_job *job, size_t i);

/* Returns what the caller has, or what the analysis/ of the first input, a run, holds and fits the
 * figure; else NULL. *own is what was read here, to be freed, and may be NULL. */
const sg_analysis *sg_render_find_analysis(const sg_render_job *job, sg_analysis **own);

/* Returns the title to draw: the user's, none for "", else the figure's own. */
const char *sg_render_title(const sg_render_params *params, const char *own);

/* Appends "SET on fashion-mnist, seed 1" as far as the run says so, else its name. */
void sg_render_describe(sg_text *t, const sg_run *run, const char *path);

/* Returns "Epoch 10", or the file's name where it is one of several or names no epoch; a new
 * string, or NULL. */
char *sg_render_moment(const sg_run *run, const char *path, size_t n_inputs, long epoch);

/* Appends what a core_zeta means, as a sentence; nothing for NaN. */
void sg_render_describe_core(sg_text *t, double core_zeta);

#endif
