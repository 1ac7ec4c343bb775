/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <string.h>

/* The network beside others: the stored comparison, cell by cell, with what each may mean. */

enum { NOTES_MAX = 26 };

/* The notes of the cells, each once, in the order in which a reader meets them. */
typedef struct notes {
    const char *text[NOTES_MAX];
    size_t n;
} notes;

/* Returns the letter of a note, or '\0' for none; those beyond NOTES_MAX are in the data folder. */
static char letter_of(notes *all, const char *text)
{
    if (!*text)
        return '\0';
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->text[i], text) == 0)
            return (char)('a' + (int)i);
    if (all->n == NOTES_MAX)
        return '\0';
    all->text[all->n] = text;
    return (char)('a' + (int)all->n++);
}

static void append_cell(sg_text *t, const sg_comparison *c, size_t row, size_t column, notes *all)
{
    const sg_compare_cell cell = sg_comparison_cell(c, row, column);
    const char letter = letter_of(all, cell.note);

    sg_text_append(t, "<td>");
    if (isnan(cell.value) || sg_comparison_row(row)->kind == SG_COMPARE_COUNT)
        sg_html_count(t, cell.value);
    else {
        sg_text_append(t, *cell.text == '-' ? "\xE2\x88\x92" : "");
        sg_html_escape(t, cell.text + (*cell.text == '-'));
    }
    if (letter)
        sg_text_printf(t, "<sup class=\"note\">%c</sup>", letter);
    sg_text_append(t, "</td>");
}

static void append_group(sg_text *t, const char *group, size_t n_columns)
{
    sg_text_printf(t, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">", n_columns + 1);
    sg_html_escape(t, group);
    sg_text_append(t, "</th></tr>\n");
}

static void append_rows(sg_text *t, const sg_comparison *c, notes *all)
{
    const size_t n_columns = sg_comparison_n_columns(c);
    const char *group = "";

    for (size_t i = 0; i < sg_comparison_n_rows(); i++) {
        const sg_compare_row *row = sg_comparison_row(i);
        if (strcmp(row->group, group) != 0)
            append_group(t, row->group, n_columns);
        group = row->group;
        sg_text_append(t, "<tr><th scope=\"row\" title=\"");
        sg_html_escape(t, row->summary);
        sg_text_append(t, "\">");
        sg_html_escape(t, row->label);
        sg_text_append(t, "</th>");
        for (size_t k = 0; k < n_columns; k++)
            append_cell(t, c, i, k, all);
        sg_html_row_end(t);
    }
}

static void append_notes(sg_text *t, const sg_comparison *c, const notes *all)
{
    sg_text_append(t, "<ul class=\"notes\">\n");
    for (size_t i = 0; i < all->n; i++) {
        sg_text_printf(t, "<li><sup>%c</sup> ", (char)('a' + (int)i));
        sg_html_escape(t, all->text[i]);
        sg_text_append(t, "</li>\n");
    }
    for (size_t k = 0; k < sg_comparison_n_columns(c); k++) {
        const char *citation = sg_comparison_citation(c, k);
        if (!*citation)
            continue;
        sg_text_append(t, "<li>");
        sg_html_printf(t, "%s: ", sg_comparison_column(c, k)->label);
        sg_html_linked(t, citation);
        sg_text_append(t, "</li>\n");
    }
    sg_text_append(t, "</ul>\n");
}

static sg_status append_comparison(sg_page *page, const sg_comparison *c, sg_error *err)
{
    sg_text *t = &page->html;
    const size_t n_columns = sg_comparison_n_columns(c);
    SG_AUTOFREE sg_html_column *columns = SG_NEW_ARRAY(sg_html_column, n_columns + 1);
    notes all = {0};

    if (!columns)
        return sg_fail_memory(err, "listing networks");
    columns[0] = (sg_html_column){"Measure", NULL, NULL, true};
    for (size_t k = 0; k < n_columns; k++) {
        const sg_compare_column *column = sg_comparison_column(c, k);
        const char *what = column->start ? "untrained" : column->subject ? "this network" : NULL;
        columns[k + 1] = (sg_html_column){column->label, what, NULL, false};
    }
    sg_html_prose(t, sg_comparison_verdict(c));
    sg_page_table(page, "The network beside others",
                  "Self-loops dropped, repeated links merged, directions ignored. Letters lead to "
                  "the notes below; \xE2\x80\x93 means that the number would say nothing.",
                  columns, n_columns + 1);
    append_rows(t, c, &all);
    sg_html_table_end(t);
    append_notes(t, c, &all);
    return SG_OK;
}

static sg_status append_plate(sg_page *page, sg_error *err)
{
    const sg_plate plate = {
        .kind = "networks", .name = "networks", .title = "Dense and sparse among people"};

    sg_text_append(&page->html,
                   "<p>For orientation, what sparse means among people: of all the ties that are "
                   "possible few exist, as in a sparse neural network beside a fully connected "
                   "one.</p>\n");
    return sg_page_plate(page, &plate, err);
}

sg_status sg_section_compare(sg_page *page, sg_error *err)
{
    size_t n = 0;

    sg_page_heading(page, NULL, "others", "Beside other networks");
    for (size_t i = 0; i < page->n_subjects; i++) {
        const sg_subject *s = &page->subjects[i];
        if (!s->comparison)
            continue;
        if (page->n_subjects > 1)
            sg_page_heading(page, s, "others", s->label);
        SG_TRY(append_comparison(page, s->comparison, err));
        n++;
    }
    if (n == 0)
        sg_text_append(&page->html,
                       "<p>No comparison has been made yet. <code>sparsegraph compare RUN --with "
                       "karate</code> holds a run against a social network, or against any network "
                       "in a file; the next report then shows it here.</p>\n");
    return append_plate(page, err);
}
