/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_LABEL_H
#define SG_DRAW_LABEL_H

/*
 * Texts on a figure: UTF-8 made clean, the signs ^{raised}, _{lowered} and ~{italic}, and widths
 * from a table, so that a layout does not depend on the fonts of the machine.
 */

#include "base/text.h"

/* The families asked for, in order; the same list in SVG and in Pango. */
#define SG_FONT_FAMILIES "Helvetica, Arial, DejaVu Sans, sans-serif"

#define SG_MM_PER_PT (25.4 / 72.0)

/* Heights in em, of Helvetica and DejaVu Sans near enough. */
#define SG_CAP_EM     0.72
#define SG_DESCENT_EM 0.22
#define SG_LEADING_EM 1.25 /* from one line to the next */

/* A stretch of a label in one style. */
typedef struct sg_label_run {
    const char *bytes; /* into the label, not terminated */
    size_t n;
    bool italic;
    double scale; /* of the font size: 1, or less where raised or lowered */
    double rise;  /* of the baseline in em of the whole label's font, up positive */
} sg_label_run;

/* Takes the next run off *rest; false at the end. Signs do not nest; one left open ends with the
 * label. */
bool sg_label_next(const char **rest, sg_label_run *run);

/* Appends the label's plain letters, without the signs. */
void sg_label_plain(sg_text *t, const char *label);

/* Returns a copy with control characters as spaces and bytes that are no UTF-8 as U+FFFD (sg_free);
 * NULL when out of memory. */
char *sg_label_clean(const char *text) SG_CHECKED;

/* Returns the width of n bytes, or of a whole label, in em. Wide for most fonts: the table is of
 * DejaVu Sans, the widest of the families. */
double sg_label_width_n(const char *bytes, size_t n, bool bold);
double sg_label_width(const char *label, bool bold);

/* Takes as many words off *rest as fit into width_em (at least one); false at the end. */
bool sg_label_next_line(const char **rest, double width_em, bool bold, const char **line,
                        size_t *n);

#endif
