/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_HTML_TABLE_H
#define SG_REPORT_HTML_TABLE_H

/* Tables with a caption and a head, row by row. */

#include "report/html.h"

/* One column of a table. */
typedef struct sg_html_column {
    const char *head;  /* plain text */
    const char *unit;  /* plain text below the head, or NULL */
    const char *title; /* what the column means, shown on hovering; or NULL */
    bool is_text;      /* left aligned; numbers stand right */
} sg_html_column;

/* Opens a table. The caption is our own markup; the first column holds the heads of the rows. */
void sg_html_table(sg_text *t, const char *id, const char *caption, const sg_html_column *columns,
                   size_t n_columns);
void sg_html_table_end(sg_text *t);

void sg_html_row(sg_text *t, const char *css_class, const char *head); /* class NULL = none */
void sg_html_row_end(sg_text *t);

/* Cells of a row, in the order of the columns. */
void sg_html_cell_text(sg_text *t, const char *text);
void sg_html_cell_count(sg_text *t, double value);
void sg_html_cell_number(sg_text *t, double value, int n_digits);
void sg_html_cell_percent(sg_text *t, double frac, int n_places);

#endif
