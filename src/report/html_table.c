/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_table.h"

static void append_column(sg_text *t, const sg_html_column *c)
{
    sg_text_append(t, c->is_text ? "<th scope=\"col\" class=\"text\"" : "<th scope=\"col\"");
    if (c->title) {
        sg_text_append(t, " title=\"");
        sg_html_escape(t, c->title);
        sg_text_append(t, "\"");
    }
    sg_text_append(t, ">");
    sg_html_escape(t, c->head);
    if (c->unit) {
        sg_text_append(t, "<span class=\"unit\">");
        sg_html_escape(t, c->unit);
        sg_text_append(t, "</span>");
    }
    sg_text_append(t, "</th>");
}

void sg_html_table(sg_text *t, const char *id, const char *caption, const sg_html_column *columns,
                   size_t n_columns)
{
    /* The scrolling box can be reached and scrolled by keyboard. */
    sg_text_append(t, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"");
    sg_html_escape(t, id);
    sg_text_append(t, "-caption\">\n<table id=\"");
    sg_html_escape(t, id);
    sg_text_append(t, "\">\n<caption id=\"");
    sg_html_escape(t, id);
    sg_text_append(t, "-caption\">");
    sg_text_append(t, caption);
    sg_text_append(t, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < n_columns; i++)
        append_column(t, &columns[i]);
    sg_text_append(t, "</tr></thead>\n<tbody>\n");
}

void sg_html_table_end(sg_text *t)
{
    sg_text_append(t, "</tbody>\n</table>\n</div>\n");
}

void sg_html_row(sg_text *t, const char *css_class, const char *head)
{
    sg_text_append(t, "<tr");
    if (css_class)
        sg_text_printf(t, " class=\"%s\"", css_class);
    sg_text_append(t, "><th scope=\"row\">");
    sg_html_escape(t, head);
    sg_text_append(t, "</th>");
}

void sg_html_row_end(sg_text *t)
{
    sg_text_append(t, "</tr>\n");
}

void sg_html_cell_text(sg_text *t, const char *text)
{
    sg_text_append(t, "<td class=\"text\">");
    sg_html_escape(t, text);
    sg_text_append(t, "</td>");
}

void sg_html_cell_count(sg_text *t, double value)
{
    sg_text_append(t, "<td>");
    sg_html_count(t, value);
    sg_text_append(t, "</td>");
}

void sg_html_cell_number(sg_text *t, double value, int n_digits)
{
    sg_text_append(t, "<td>");
    sg_html_number(t, value, n_digits);
    sg_text_append(t, "</td>");
}

void sg_html_cell_percent(sg_text *t, double frac, int n_places)
{
    sg_text_append(t, "<td>");
    sg_html_percent(t, frac, n_places);
    sg_text_append(t, "</td>");
}
