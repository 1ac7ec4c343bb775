/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_PLOT_H
#define SG_DRAW_PLOT_H

/* What every figure shares: the page, axes with ticks, legends, colour bars. Lengths in mm. */

#include "draw/label.h"
#include "draw/marks.h"
#include <stddef.h>

/* Sizes that stay legible where a figure is printed one column (85 mm) wide. */
#define SG_TITLE_PT  8.0
#define SG_LABEL_PT  7.0
#define SG_SMALL_PT  6.0
#define SG_AXIS_PT   0.5 /* pens */
#define SG_CURVE_PT  1.0
#define SG_MARGIN_MM 1.5 /* between the page's edge and anything */

#define SG_AXIS_PEN ((sg_pen){SG_INK_BLACK, SG_AXIS_PT, SG_SOLID})

/* ---- numbers ---- */

enum { SG_TICKS_MAX = 80 };

typedef struct sg_tick {
    double value;
    char label[40]; /* "" = a minor tick */
} sg_tick;

typedef struct sg_ticks {
    sg_tick tick[SG_TICKS_MAX];
    size_t n;
} sg_ticks;

/* Round numbers in [low, high], about `wanted` of them, no closer than 1 where `whole`. */
void sg_ticks_linear(double low, double high, double wanted, bool whole, sg_ticks *ret);
/* Powers of ten in [low, high], 0 < low < high, with minor ticks; below 1.3 decades also 2 and 5.
 */
void sg_ticks_log(double low, double high, double wanted, sg_ticks *ret);
/* Width of the widest label, and of the space for it beside an axis. */
double sg_ticks_width(const sg_ticks *ticks);

/* "1,234,567", and a number with `digits` significant digits (a minus sign, not a hyphen). */
void sg_put_count(sg_text *t, double n);
void sg_put_number(sg_text *t, double v, int digits);

/* ---- axes ---- */

typedef struct sg_axis {
    double low, high; /* the values at its ends */
    bool log;
    double from, to; /* mm on the page of low and high */
    double label_pt; /* 0 = SG_LABEL_PT */
} sg_axis;

double sg_axis_place(const sg_axis *axis, double value);

/* A horizontal axis at y below a plot; labels only where `labelled`. Returns the height used. */
double sg_add_bottom_axis(sg_scene *s, const sg_axis *axis, double y, const sg_ticks *ticks,
                          const char *label);
double sg_bottom_axis_height(bool with_label);
/* A vertical axis at x; the label is centred at label_x. */
void sg_add_left_axis(sg_scene *s, const sg_axis *axis, double x, const sg_ticks *ticks,
                      const char *label, double label_x);
/* Width from an axis to the page's edge, with its label. */
double sg_left_axis_width(const sg_ticks *ticks, bool with_label);

/* ---- legends ---- */

typedef struct sg_key {
    const char *label;
    sg_pen pen;       /* of the line through the key; width 0 = none */
    sg_symbol symbol; /* drawn where symbol_ink or symbol_pen show */
    sg_ink symbol_ink;
    sg_pen symbol_pen;
    double symbol_size;
} sg_key;

/* Draws the sample of a key centred at (x + SG_KEY_MM / 2, y). */
#define SG_KEY_MM 6.0
void sg_add_key_sample(sg_scene *s, double x, double y, const sg_key *key);
/* Keys in lines of the width of `at`, from its top; returns the height. s NULL measures. */
double sg_add_keys(sg_scene *s, sg_rect at, const sg_key *key, size_t n);

/* ---- pages ---- */

typedef struct sg_page {
    sg_scene *scene; /* owned until sg_page_finish() */
    double width;
    double y;     /* where the next thing goes */
    sg_rect foot; /* where the caption goes and how wide; width 0 = below everything */
} sg_page;

void sg_page_free(sg_page *page);
#define SG_AUTO_PAGE SG_CLEANUP(sg_page_free)

/* Opens a page with a title (NULL = none); `fallback` is the scene's title where there is none. */
sg_status sg_page_open(double width_mm, const char *title, const char *fallback, sg_page *ret,
                       sg_error *err) SG_CHECKED;
/* Prints note and caption at the foot, sets the height, and hands the scene over. */
sg_status sg_page_finish(sg_page *page, const char *note, sg_text *caption, sg_scene **ret,
                         sg_error *err) SG_CHECKED;

/* A panel's letter ('a' + index; none where n_panels is 1) and title, its capitals' top at y, in
 * lines of `width`; returns the height down to the panel, 0 when there is neither. */
double sg_add_panel_title(sg_page *page, sg_rect at, size_t index, size_t n_panels,
                          const char *title);

/* Fonts: black, at the baseline. */
sg_font sg_font_of(double size_pt, sg_halign halign, sg_valign valign);

#endif
