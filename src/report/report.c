/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/report.h"

#include "base/status.h"
#include "report/page.h"
#include "report/report_data.h"
#include "report/style.h"
#include <math.h>
#include <string.h>

static void page_cleanup(sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        sg_subject_clear(&page->subjects[i]);
    sg_free(page->subjects);
    sg_outputs_clear(&page->outputs);
    sg_text_free(&page->html);
}

static sg_status check_params(const sg_report_params *p, const char *const *inputs, size_t n_inputs,
                              sg_error *err)
{
    if (n_inputs < 1 || n_inputs > SG_REPORT_RUNS_MAX)
        return sg_fail(err, SG_EINVAL, "a report is about 1 to %d runs, got %zu",
                       SG_REPORT_RUNS_MAX, n_inputs);
    if (!(p->png_dpi >= 36.0 && p->png_dpi <= 1200.0))
        return sg_fail(err, SG_EINVAL, "the resolution must lie in [36, 1200] dpi, got %g",
                       p->png_dpi);
    if (!p->out && (n_inputs > 1 || !sg_run_is(inputs[0])))
        return sg_fail(err, SG_EINVAL,
                       "a report on %s needs a folder of its own; name one as output",
                       n_inputs > 1 ? "several runs" : "a single file");
    return SG_OK;
}

static sg_status open_subjects(sg_page *page, const char *const *inputs, size_t n, sg_error *err)
{
    page->subjects = SG_NEW_ARRAY(sg_subject, n);
    if (!page->subjects)
        return sg_fail_memory(err, "opening runs");
    for (size_t i = 0; i < n; i++) {
        SG_TRY(sg_subject_open(inputs[i], page->params, page->progress, &page->subjects[i], err));
        page->n_subjects++;
    }
    return sg_subjects_name(page->subjects, n, err);
}

/* Figures for the progress: an estimate from above, told as such by never passing it. */
static size_t count_plates(const sg_page *page)
{
    size_t n = page->n_subjects > 1 ? 2 : 1;

    for (size_t i = 0; i < page->n_subjects; i++)
        n += 12 + sg_snapshot_n_links(page->subjects[i].last);
    return n;
}

static char *title_of(const sg_page *page)
{
    if (page->params->title)
        return sg_strdup(page->params->title);
    const sg_subject *s = &page->subjects[0];
    const char *method = sg_subject_setting(s, "method");
    const char *dataset = sg_subject_setting(s, "dataset");
    if (page->n_subjects > 1)
        return sg_format("%zu sparse networks as graphs", page->n_subjects);
    if (method && dataset)
        return sg_format("How a network trained %s%s on %s looks as a graph",
                         strcmp(method, "set") == 0 ? "by SET" : "with method ",
                         strcmp(method, "set") == 0 ? "" : method, dataset);
    return sg_format("%s as a graph", s->label);
}

static void append_nav(sg_page *page)
{
    sg_text *t = &page->html;

    sg_text_append(t,
                   "<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#brief\">In brief</a></li>\n");
    if (page->n_subjects > 1)
        for (size_t i = 0; i < page->n_subjects; i++) {
            sg_text_printf(t, "<li><a href=\"#%s\">", page->subjects[i].slug);
            sg_html_escape(t, page->subjects[i].label);
            sg_text_append(t, "</a></li>\n");
        }
    else {
        const sg_subject *s = &page->subjects[0];
        sg_text_append(t, "<li><a href=\"#settings\">What was run</a></li>\n");
        if (s->run)
            sg_text_append(t, "<li><a href=\"#training\">How it learned</a></li>\n");
        sg_text_append(t, "<li><a href=\"#topology\">Topology</a></li>\n");
        if (sg_analysis_n_fits(s->analysis) > 0)
            sg_text_append(t, "<li><a href=\"#degrees\">Degrees</a></li>\n");
        if (sg_subject_has_nulls(s))
            sg_text_append(t, "<li><a href=\"#nulls\">Null models</a></li>\n");
        if (s->run && s->first)
            sg_text_append(t, "<li><a href=\"#change\">Change</a></li>\n");
    }
    sg_text_append(t, "<li><a href=\"#others\">Other networks</a></li>\n"
                      "<li><a href=\"#methods\">Methods</a></li>\n"
                      "<li><a href=\"#files\">Files</a></li>\n</ul></nav>\n");
}

/* What the line below the title calls the subjects. */
static const char *kind_of(const sg_page *page)
{
    size_t n_runs = 0;

    for (size_t i = 0; i < page->n_subjects; i++)
        n_runs += page->subjects[i].run != NULL;
    if (n_runs < page->n_subjects)
        return page->n_subjects > 1 ? "Networks: " : "File: ";
    return n_runs > 1 ? "Runs: " : "Run: ";
}

static sg_status append_head(sg_page *page, sg_error *err)
{
    sg_text *t = &page->html;
    SG_AUTOFREE char *title = title_of(page);
    if (!title)
        return sg_fail_memory(err, "naming the report");

    sg_text_append(t, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"generator\" content=\"sparsegraph ");
    sg_html_escape(t, sg_version());
    sg_text_append(t, "\">\n<title>");
    sg_html_escape(t, title);
    sg_text_append(t, "</title>\n<style>\n");
    sg_text_append(t, sg_report_style);
    sg_text_append(t, "</style>\n</head>\n<body>\n"
                      "<a class=\"skip\" href=\"#brief\">Skip to the findings</a>\n"
                      "<header>\n<p class=\"kicker\">sparsegraph report</p>\n<h1>");
    sg_html_escape(t, title);
    sg_text_append(t, "</h1>\n<p class=\"lead\">");
    for (size_t i = 0; i < page->n_subjects; i++) {
        sg_text_append(t, i ? ", " : kind_of(page));
        sg_html_escape(t, page->subjects[i].label);
    }
    sg_text_append(t, "</p>\n</header>\n");
    append_nav(page);
    sg_text_append(t, "<main>\n");
    return SG_OK;
}

static sg_status append_subject(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_text *t = &page->html;

    if (page->n_subjects > 1) {
        sg_text_printf(t, "<h2 id=\"%s\">", s->slug);
        sg_html_escape(t, s->label);
        sg_text_append(t, "</h2>\n");
    }
    SG_TRY(sg_section_settings(page, s, err));
    SG_TRY(sg_section_training(page, s, err));
    SG_TRY(sg_section_topology(page, s, err));
    SG_TRY(sg_section_degrees(page, s, err));
    SG_TRY(sg_section_nulls(page, s, err));
    SG_TRY(sg_section_change(page, s, err));
    return sg_report_data(page, s, err);
}

static void append_files(sg_page *page)
{
    sg_text *t = &page->html;

    sg_page_heading(page, NULL, "files", "Files");
    sg_text_append(t, "<p>Beside this page lie its figures, as SVG, PDF and PNG, in the folder "
                      "<code>figures</code>, and the numbers it was made from:</p>\n<ul>\n");
    for (size_t i = 0; i < page->outputs.n; i++) {
        const char *name = page->outputs.item[i].name;
        if (strncmp(name, "figures/", strlen("figures/")) == 0)
            continue;
        sg_text_append(t, "<li><a href=\"");
        sg_html_escape(t, name);
        sg_text_append(t, "\">");
        sg_html_escape(t, name);
        sg_text_append(t, "</a></li>\n");
    }
    sg_text_append(t, "</ul>\n</main>\n<footer>Made by sparsegraph ");
    sg_html_escape(t, sg_version());
    sg_text_append(t, " from the files named above and nothing else: the same input gives the same "
                      "report, byte for byte.</footer>\n</body>\n</html>\n");
}

static sg_status compose(sg_page *page, sg_error *err)
{
    char *html = NULL;

    page->n_plates = count_plates(page);
    SG_TRY(append_head(page, err));
    SG_TRY(sg_section_brief(page, err));
    sg_section_limits(page);
    for (size_t i = 0; i < page->n_subjects; i++)
        SG_TRY(append_subject(page, &page->subjects[i], err));
    SG_TRY(sg_section_compare(page, err));
    SG_TRY(sg_section_methods(page, err));
    append_files(page);
    const size_t n = page->html.n;
    SG_TRY(sg_text_take(&page->html, &html, err));
    return sg_outputs_add(&page->outputs, "report.html", html, n, err);
}

sg_status sg_report_write(const char *const *inputs, size_t n_inputs,
                          const sg_report_params *params, const sg_progress *progress,
                          char **ret_path, sg_error *err)
{
    const sg_report_params usual = SG_REPORT_PARAMS_DEFAULT;
    SG_CLEANUP(page_cleanup)
    sg_page page = {.params = params ? params : &usual, .progress = progress};

    SG_TRY(check_params(page.params, inputs, n_inputs, err));
    SG_TRY(open_subjects(&page, inputs, n_inputs, err));
    SG_TRY(compose(&page, err));

    const char *out = page.params->out ? page.params->out : inputs[0];
    SG_AUTOFREE char *path = sg_format("%s/report.html", out);
    if (!path)
        return sg_fail_memory(err, "naming the report");
    SG_TRY(sg_outputs_write(&page.outputs, out, err));
    if (ret_path)
        *ret_path = SG_TAKE(path);
    return SG_OK;
}
