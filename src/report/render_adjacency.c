/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/link_order.h"
#include "report/source.h"
#include <math.h>

/* More communities than these are ordered, not framed: the frames would hide the links. */
enum { PANELS_MAX = 8, CUTS_MAX = 64 };

typedef struct adjacency {
    const sg_render_job *job;
    size_t n_panels;
    sg_adjacency_panel panels[PANELS_MAX];
    sg_snapshot *network[PANELS_MAX];
    const sg_link *link[PANELS_MAX];
    uint32_t *row[PANELS_MAX];
    sg_link_order order[PANELS_MAX];
    char *titles[PANELS_MAX];
} adjacency;

static void adjacency_cleanup(adjacency *a)
{
    for (size_t k = 0; k < PANELS_MAX; k++) {
        sg_snapshot_free(a->network[k]);
        sg_free(a->row[k]);
        sg_link_order_clear(&a->order[k]);
        sg_free(a->titles[k]);
    }
}

static void use_order(const sg_link_order *o, sg_adjacency_panel *panel)
{
    panel->row_at = o->row_at;
    panel->col_at = o->col_at;
    if (o->n_communities > 1 && o->n_communities <= CUTS_MAX) {
        panel->row_cut = o->row_cut;
        panel->col_cut = o->col_cut;
        panel->n_cuts = o->n_communities - 1;
    }
}

static sg_status add_panel(adjacency *a, const sg_source *source, size_t i, sg_error *err)
{
    const sg_render_params *p = a->job->params;
    const size_t k = a->n_panels++;
    size_t link = 0;
    long epoch = -1;

    SG_TRY(sg_source_load(source, i, p->core_zeta, &a->network[k], &epoch, err));
    SG_TRY(sg_source_find_link(a->network[k], p->link, &link, err));
    a->link[k] = sg_snapshot_link(a->network[k], link);
    const sg_csr *m = a->link[k]->matrix;
    if (m->n_rows != a->link[0]->matrix->n_rows || m->n_cols != a->link[0]->matrix->n_cols)
        return sg_fail(err, SG_EINVAL, "link '%s' of '%s' has another shape than the first one",
                       a->link[k]->name, sg_source_path(source, i));
    a->row[k] = SG_NEW_ARRAY(uint32_t, m->n_links);
    a->titles[k] = sg_render_moment(sg_source_run(source), sg_source_path(source, i),
                                    sg_source_count(source), epoch);
    if (!a->row[k] || !a->titles[k])
        return sg_fail_memory(err, "drawing a matrix");
    for (uint32_t row = 0; row < m->n_rows; row++)
        for (uint64_t at = m->row_start[row]; at < m->row_start[row + 1]; at++)
            a->row[k][at] = row;
    SG_TRY(sg_link_order_of(m, p->order, &a->order[k], err));
    a->panels[k] = (sg_adjacency_panel){
        .title = a->titles[k], .n_links = m->n_links, .row = a->row[k], .col = m->col};
    use_order(&a->order[k], &a->panels[k]);
    return SG_OK;
}

static void describe_order(const adjacency *a, sg_text *caption)
{
    const char *each = a->n_panels > 1 ? ", each panel by its own" : "";

    switch (a->job->params->order) {
    case SG_RENDER_NATURAL:
        sg_text_append(caption, " Neurons stand in their order.");
        return;
    case SG_RENDER_BY_DEGREE:
        sg_text_printf(caption,
                       " Neurons are sorted by their number of links%s: sorting alone gives any "
                       "random matrix a gradient, so that only its steepness tells something.",
                       each);
        return;
    case SG_RENDER_BY_COMMUNITY:
        break;
    }
    sg_text_printf(caption,
                   " Neurons are grouped into communities%s, the largest first, within each sorted "
                   "by their number of links; Barber's modularity, best of 8 searches, ",
                   each);
    for (size_t k = 0; k < a->n_panels; k++)
        sg_text_printf(caption, "%s%.3f (%zu communities)", k ? ", " : "", a->order[k].modularity,
                       a->order[k].n_communities);
    sg_text_append(caption, ". Any random matrix has such groups: compare with the first panel or "
                            "with null models.");
}

static void describe(const adjacency *a, const sg_source *source, sg_text *caption)
{
    const sg_csr *first = a->link[0]->matrix;
    const sg_csr *last = a->link[a->n_panels - 1]->matrix;

    sg_text_printf(caption, "Links of %s (", a->link[0]->name);
    sg_render_describe(caption, sg_source_run(source), sg_source_path(source, 0));
    sg_text_printf(caption, "): %zu sending by %zu receiving neurons, ", first->n_cols,
                   first->n_rows);
    if (first->n_links == last->n_links)
        sg_text_printf(caption, "%zu links%s, ", last->n_links,
                       a->n_panels > 1 ? " in the first and the last panel" : "");
    else
        sg_text_printf(caption, "%zu links in the first panel, %zu in the last, ", first->n_links,
                       last->n_links);
    sg_text_printf(caption, "density %.3g.", sg_csr_density(last));
    describe_order(a, caption);
    sg_text_append(caption, " Signs and sizes of the weights are left out; neurons without a link "
                            "are kept, and there are no loops.");
    sg_render_describe_core(caption, a->job->params->core_zeta);
}

sg_status sg_render_adjacency(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                              sg_error *err)
{
    const sg_render_params *params = job->params;
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;
    SG_CLEANUP(adjacency_cleanup) adjacency a = {.job = job};
    size_t picked[PANELS_MAX];
    size_t n_picked = 0;

    SG_TRY(sg_source_open(job->inputs, job->n_inputs, &source, err));
    const bool is_chosen = params->n_epochs > 0 || !sg_source_run(source);
    const sg_source_wish wish = {params->epochs, params->n_epochs, is_chosen ? PANELS_MAX : 2};
    SG_TRY(sg_source_pick(source, &wish, picked, &n_picked, err));
    for (size_t k = 0; k < n_picked; k++)
        SG_TRY(add_panel(&a, source, picked[k], err));

    const sg_snapshot *s = a.network[0];
    if (!s || !a.link[0])
        return sg_fail(err, SG_EINVAL, "there is no snapshot to draw");
    SG_AUTOFREE char *title =
        sg_format("%s of %s", isnan(params->core_zeta) ? "Links" : "Core links", a.link[0]->name);
    SG_AUTOFREE char *rows = sg_format("Neuron of %s", sg_snapshot_layer(s, a.link[0]->to)->name);
    SG_AUTOFREE char *cols = sg_format("Neuron of %s", sg_snapshot_layer(s, a.link[0]->from)->name);
    if (!title || !rows || !cols)
        return sg_fail_memory(err, "drawing a matrix");
    sg_adjacency_params figure = SG_ADJACENCY_PARAMS_DEFAULT;
    figure.n_rows = a.link[0]->matrix->n_rows;
    figure.n_cols = a.link[0]->matrix->n_cols;
    figure.panels = a.panels;
    figure.n_panels = a.n_panels;
    figure.title = sg_render_title(params, title);
    figure.row_label = rows;
    figure.col_label = cols;
    figure.width_mm = params->width_mm;
    describe(&a, source, caption);
    return sg_figure_adjacency(&figure, ret, err);
}
