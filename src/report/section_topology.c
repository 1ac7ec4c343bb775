/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/measure_words.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

/* Links beyond these would make a table that nobody reads; the CSV has them all. */
enum { SUBJECTS_MAX = 6 };

/* A longer table is folded away: figures and findings stay together. */
enum { ROWS_OPEN_MAX = 25 };

/* The subjects of one scope, as the measurements of the last epoch name them, in their order. */
typedef struct subjects {
    const char *name[SUBJECTS_MAX];
    size_t n;
    bool is_cut;
} subjects;

static void add_subject(subjects *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->name[i], name) == 0)
            return;
    if (all->n < SUBJECTS_MAX)
        all->name[all->n++] = name;
    else
        all->is_cut = true;
}

static subjects find_subjects(const sg_subject *s, sg_scope scope)
{
    subjects all = {0};

    for (size_t i = 0; i < sg_analysis_n_rows(s->analysis); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(s->analysis, i);
        if (row->scope == scope && row->epoch == s->last_epoch)
            add_subject(&all, row->subject);
    }
    return all;
}

static double value_of(const sg_subject *s, const char *subject, const char *measure, bool is_first)
{
    if (is_first && !s->first)
        return (double)NAN;
    return sg_analysis_value(s->analysis, is_first ? s->first_epoch : s->last_epoch, subject,
                             measure);
}

/* The fits have a table of their own, with what stands against them. */
static bool is_shown(const sg_subject *s, const sg_measure *measure, const subjects *all)
{
    if (strstr(measure->name, "powerlaw"))
        return false;
    for (size_t i = 0; i < all->n; i++)
        if (!isnan(value_of(s, all->name[i], measure->name, false)))
            return true;
    return false;
}

static void append_value(sg_text *t, const sg_measure *measure, double value)
{
    if (value == floor(value) && fabs(value) < 1e12 && strcmp(measure->unit, "dimensionless") != 0)
        sg_html_count(t, value);
    else
        sg_html_number(t, value, 3);
}

/* "0.97 → 14.2", or the value alone where it did not change or has no start. */
static void append_cell(sg_text *t, const sg_measure *measure, double first, double last)
{
    sg_text_append(t, "<td>");
    if (!isnan(first) && first != last) {
        sg_text_append(t, "<span class=\"first\">");
        append_value(t, measure, first);
        sg_text_append(t, " \xE2\x86\x92</span> ");
    }
    append_value(t, measure, last);
    sg_text_append(t, "</td>");
}

static void append_measure(sg_text *t, const sg_subject *s, const sg_measure *measure,
                           const subjects *all)
{
    sg_text_append(t, "<tr><th scope=\"row\" title=\"");
    sg_html_escape(t, measure->summary);
    sg_text_append(t, "\">");
    sg_measure_words(t, measure->name);
    sg_text_append(t, "</th>");
    for (size_t i = 0; i < all->n; i++)
        append_cell(t, measure, value_of(s, all->name[i], measure->name, true),
                    value_of(s, all->name[i], measure->name, false));
    sg_html_row_end(t);
}

static size_t count_shown(const sg_subject *s, sg_scope scope, const subjects *all)
{
    size_t n = 0;
    for (size_t i = 0; i < sg_measure_count(); i++)
        n += sg_measure_at(i)->scope == scope && is_shown(s, sg_measure_at(i), all);
    return n;
}

static void append_scope(sg_page *page, const sg_subject *s, sg_scope scope, const char *title)
{
    sg_text *t = &page->html;
    const subjects all = find_subjects(s, scope);
    sg_html_column columns[1 + SUBJECTS_MAX] = {{"Measure", NULL, NULL, true}};
    SG_AUTO_TEXT sg_text rest = {0};

    if (all.n == 0)
        return;
    for (size_t i = 0; i < all.n; i++)
        columns[i + 1] = (sg_html_column){all.name[i], NULL, NULL, false};
    if (s->first)
        sg_text_printf(&rest,
                       "Epoch %ld \xE2\x86\x92 epoch %ld; one number where both are equal or the "
                       "first is not defined. ",
                       s->first_epoch, s->last_epoch);
    sg_text_append(&rest, "Definitions appear on pointing at a name, and in "
                          "<a href=\"#methods\">Methods</a>; \xE2\x80\x93 means not defined.");
    if (all.is_cut)
        sg_text_printf(&rest, " The first %d are shown; the data folder has all.", SUBJECTS_MAX);
    if (rest.failed) {
        t->failed = true;
        return;
    }
    const size_t n_rows = count_shown(s, scope, &all);
    if (n_rows > ROWS_OPEN_MAX)
        sg_text_printf(t, "<details><summary>%s: %zu measures as a table</summary>\n", title,
                       n_rows);
    sg_page_table(page, title, rest.bytes, columns, all.n + 1);
    for (size_t i = 0; i < sg_measure_count(); i++) {
        const sg_measure *measure = sg_measure_at(i);
        if (measure->scope == scope && is_shown(s, measure, &all))
            append_measure(t, s, measure, &all);
    }
    sg_html_table_end(t);
    if (n_rows > ROWS_OPEN_MAX)
        sg_text_append(t, "</details>\n");
}

/* The share that SET removes, where the run is one of SET; else 0. */
static double zeta_of(const sg_subject *s)
{
    const char *method = sg_subject_setting(s, "method");
    const char *text = sg_subject_setting(s, "zeta");
    double zeta = 0.0;

    if (!s->run || !method || strcmp(method, "set") != 0 || !text ||
        !sg_parse_double(text, &zeta) || !(zeta > 0.0 && zeta < 1.0))
        return 0.0;
    return zeta;
}

/* The first link that could have other connections, or NULL. */
static const sg_link *find_sparse_link(const sg_subject *s)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s->last); i++) {
        const sg_link *link = sg_snapshot_link(s->last, i);
        if (sg_csr_density(link->matrix) < 1.0 && link->matrix->n_links > 0)
            return link;
    }
    return NULL;
}

/* Matrices of the first sparse link, and what neurons hear of the input. */
static sg_status append_matrices(sg_page *page, const sg_subject *s, sg_error *err)
{
    const sg_link *link = find_sparse_link(s);
    if (!link)
        return SG_OK;
    const sg_plate plates[] = {
        {.kind = "adjacency",
         .name = "adjacency",
         .title = "Who is linked to whom, sorted by degree",
         .subject = s,
         .link = link->name},
        {.kind = "adjacency",
         .name = "adjacency-communities",
         .title = "The same in communities",
         .subject = s,
         .link = link->name,
         .order = SG_RENDER_BY_COMMUNITY},
        {.kind = "fields", .name = "fields", .title = "Receptive fields", .subject = s},
    };
    for (size_t i = 0; i < SG_COUNT(plates); i++)
        SG_TRY(sg_page_subject_plate(page, &plates[i], err));
    return SG_OK;
}

static sg_status append_plates(sg_page *page, const sg_subject *s, sg_error *err)
{
    const double zeta = zeta_of(s);
    const sg_plate plates[] = {
        {.kind = "heatmap", .name = "heatmap", .title = "Where the links are", .subject = s},
        {.kind = "heatmap",
         .name = "heatmap-core",
         .title = "Where the links stay: what SET\xE2\x80\x99s next removal would keep",
         .subject = s,
         .core_zeta = zeta},
        {.kind = "topology", .name = "topology", .title = "Dense and sparse layers", .subject = s},
    };

    for (size_t i = 0; i < SG_COUNT(plates); i++)
        if (i != 1 || zeta > 0.0)
            SG_TRY(sg_page_subject_plate(page, &plates[i], err));
    return append_matrices(page, s, err);
}

sg_status sg_section_topology(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_page_heading(page, s, "topology", s->first ? "How its topology changed" : "Its topology");
    if (sg_snapshot_n_links(s->last) == 0) {
        sg_text_append(&page->html, "<p>The network has no links between its layers.</p>\n");
        return SG_OK;
    }
    SG_TRY(append_plates(page, s, err));
    append_scope(page, s, SG_SCOPE_LINK, "Links between layers");
    append_scope(page, s, SG_SCOPE_LAYER, "Layers");
    append_scope(page, s, SG_SCOPE_WHOLE, "The whole network");
    return SG_OK;
}
