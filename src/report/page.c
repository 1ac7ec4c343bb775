/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "base/status.h"
#include "report/render_job.h"
#include "sparsegraph/scene.h"
#include <stdio.h>

static sg_status render(const sg_page *page, const sg_plate *plate, sg_rendered *ret, sg_error *err)
{
    const char *inputs[SG_REPORT_RUNS_MAX];
    const sg_analysis *analyses[SG_REPORT_RUNS_MAX];
    const sg_rendering *kind = sg_rendering_find(plate->kind);
    size_t n = 0;

    if (plate->subject) {
        inputs[n] = plate->subject->path;
        analyses[n++] = plate->subject->analysis;
    } else if (kind->min_inputs > 0) {
        for (; n < page->n_subjects; n++) {
            inputs[n] = page->subjects[n].path;
            analyses[n] = page->subjects[n].analysis;
        }
    }
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.title = ""; /* the page's caption says it */
    params.link = plate->link;
    params.side = plate->side;
    params.order = plate->order;
    if (plate->core_zeta > 0.0)
        params.core_zeta = plate->core_zeta;
    params.seed = page->params->seed;
    params.n_bootstrap = page->params->n_bootstrap;
    const sg_render_job job = {inputs, n, &params, analyses};
    return sg_render_with(kind, &job, ret, err);
}

/* Keeps one scene in the three formats that papers and slides ask for. */
static sg_status keep_files(sg_page *page, const sg_scene *scene, const char *name, sg_error *err)
{
    static const struct {
        sg_scene_format format;
        const char *suffix;
    } kinds[] = {{SG_SCENE_SVG, "svg"}, {SG_SCENE_PDF, "pdf"}, {SG_SCENE_PNG, "png"}};

    for (size_t i = 0; i < SG_COUNT(kinds); i++) {
        const sg_scene_write_params params = {kinds[i].format, page->params->png_dpi};
        SG_AUTOFREE char *file = sg_format("figures/%s.%s", name, kinds[i].suffix);
        char *bytes = NULL;
        size_t n = 0;
        if (!file)
            return sg_fail_memory(err, "naming figures");
        const sg_status status = sg_scene_encode(scene, &params, &bytes, &n, err);
        if (status == SG_EUNSUPPORTED) /* no font installed: the SVG serves */
            continue;
        SG_TRY(status);
        SG_TRY(sg_outputs_add(&page->outputs, file, bytes, n, err));
    }
    return SG_OK;
}

static sg_status tell(sg_page *page, sg_error *err)
{
    const sg_progress *p = page->progress;

    if (p && p->update)
        p->update(p->user, "figures", page->n_plates_done, page->n_plates);
    if (p && p->stop && *p->stop)
        return sg_fail(err, SG_EINTERRUPTED, "stopped; no report was written");
    return SG_OK;
}

sg_status sg_page_plate(sg_page *page, const sg_plate *plate, sg_error *err)
{
    SG_CLEANUP(sg_rendered_clear) sg_rendered figure = {0};
    SG_AUTOFREE char *svg = NULL;
    SG_AUTOFREE char *prefix = sg_format("fig%zu-", page->n_figures + 1);
    if (!prefix)
        return sg_fail_memory(err, "numbering figures");

    SG_TRY(tell(page, err));
    SG_TRY(render(page, plate, &figure, err));
    SG_TRY(sg_scene_svg(figure.scene, prefix, &svg, err));
    SG_TRY(keep_files(page, figure.scene, plate->name, err));

    sg_text *t = &page->html;
    page->n_figures++;
    page->n_plates_done++;
    sg_text_printf(t, "<figure id=\"figure-%zu\">\n<div class=\"plate\">\n", page->n_figures);
    sg_text_append(t, svg);
    sg_text_printf(t, "</div>\n<figcaption><b>Fig. %zu | ", page->n_figures);
    sg_html_escape(t, plate->title);
    sg_text_append(t, ".</b> ");
    sg_html_escape(t, figure.caption);
    sg_text_printf(t, " <span class=\"files\">Files: <a href=\"figures/%s.svg\">SVG</a>",
                   plate->name);
    sg_text_printf(
        t, ", <a href=\"figures/%s.pdf\">PDF</a>, <a href=\"figures/%s.png\">PNG</a>.</span>",
        plate->name, plate->name);
    sg_text_append(t, "</figcaption>\n</figure>\n");
    return tell(page, err);
}

sg_status sg_page_subject_plate(sg_page *page, const sg_plate *plate, sg_error *err)
{
    SG_AUTOFREE char *name = page->n_subjects > 1
                                 ? sg_format("%s-%s", plate->name, plate->subject->slug)
                                 : sg_strdup(plate->name);
    sg_plate named = *plate;

    named.name = name;
    return name ? sg_page_plate(page, &named, err) : sg_fail_memory(err, "naming figures");
}

void sg_page_table(sg_page *page, const char *title, const char *rest,
                   const sg_html_column *columns, size_t n_columns)
{
    SG_AUTO_TEXT sg_text caption = {0};
    char id[32];

    page->n_tables++;
    (void)snprintf(id, sizeof id, "table-%zu", page->n_tables);
    sg_text_printf(&caption, "<b>Table %zu | ", page->n_tables);
    sg_html_escape(&caption, title);
    sg_text_append(&caption, ".</b> ");
    sg_text_append(&caption, rest);
    if (caption.failed)
        page->html.failed = true;
    else
        sg_html_table(&page->html, id, caption.bytes, columns, n_columns);
}

void sg_page_heading(sg_page *page, const sg_subject *subject, const char *id, const char *text)
{
    sg_text *t = &page->html;
    const bool is_below = subject && page->n_subjects > 1;

    sg_text_printf(t, "<%s id=\"%s%s%s\">", is_below ? "h3" : "h2", is_below ? subject->slug : "",
                   is_below ? "-" : "", id);
    sg_html_escape(t, text);
    sg_text_append(t, is_below ? "</h3>\n" : "</h2>\n");
}
