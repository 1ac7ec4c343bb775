/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_PAGE_H
#define SG_REPORT_PAGE_H

/* The report while it is being written, and the sections it is made of. */

#include "report/html_table.h"
#include "report/outputs.h"
#include "report/subject.h"
#include "sparsegraph/render.h"

typedef struct sg_page {
    sg_text html;
    sg_outputs outputs; /* figures and data, to be written before the page */
    const sg_report_params *params;
    const sg_progress *progress;
    sg_subject *subjects; /* (n_subjects) */
    size_t n_subjects;
    size_t n_figures, n_tables;     /* numbered so far */
    size_t n_plates_done, n_plates; /* for the progress */
} sg_page;

/* A figure to put in. */
typedef struct sg_plate {
    const char *kind;          /* name of the rendering */
    const char *name;          /* for the files: "heatmap"; unique in the report */
    const char *title;         /* bold, before the caption */
    const sg_subject *subject; /* NULL = all of them (timeline) or none (networks) */
    const char *link;          /* or NULL */
    sg_render_side side;
    sg_render_order order;
    double core_zeta; /* 0 = every link; else only those that a removal of this share would keep */
} sg_plate;

/* Renders, keeps SVG, PDF and PNG for figures/, and appends the <figure>. */
sg_status sg_page_plate(sg_page *page, const sg_plate *plate, sg_error *err) SG_CHECKED;

/* The same for a plate of one subject, whose file is named after it where there are several. */
sg_status sg_page_subject_plate(sg_page *page, const sg_plate *plate, sg_error *err) SG_CHECKED;

/* Opens the next numbered table. The caption's title is plain text, the rest our own markup. */
void sg_page_table(sg_page *page, const char *title, const char *rest,
                   const sg_html_column *columns, size_t n_columns);

/* Appends a heading of a section with an id that no other has. */
void sg_page_heading(sg_page *page, const sg_subject *subject, const char *id, const char *text);

/* Appends what stands out against random networks, as an item of a list; nothing where none were
 * drawn. */
void sg_nulls_brief(sg_page *page, const sg_subject *s);

/* Sections, in the order of the page. */
sg_status sg_section_brief(sg_page *page, sg_error *err) SG_CHECKED;
sg_status sg_section_settings(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_training(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_topology(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_degrees(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_nulls(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_change(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;
sg_status sg_section_compare(sg_page *page, sg_error *err) SG_CHECKED;
void sg_section_limits(sg_page *page);
sg_status sg_section_methods(sg_page *page, sg_error *err) SG_CHECKED;

#endif
