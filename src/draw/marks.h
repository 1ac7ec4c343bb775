/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_MARKS_H
#define SG_DRAW_MARKS_H

/*
 * What a scene is made of. Lengths and positions are mm from the page's upper left corner, y down;
 * pens and letters are measured in points. A mark added out of memory makes the scene failed; ask
 * once, with sg_scene_finish().
 */

#include "base/memory.h"
#include "base/status.h"
#include "draw/ink.h"
#include <stdbool.h>

typedef enum sg_dash { SG_SOLID, SG_DASHED, SG_DOTTED, SG_DASH_DOT, SG_N_DASHES } sg_dash;

typedef struct sg_pen {
    sg_ink ink;
    double width_pt; /* 0 draws nothing */
    sg_dash dash;
} sg_pen;

#define SG_NO_PEN ((sg_pen){{0, 0, 0, 0}, 0.0, SG_SOLID})

typedef enum sg_symbol {
    SG_CIRCLE,
    SG_SQUARE,
    SG_TRIANGLE,
    SG_DIAMOND,
    SG_CROSS,
    SG_TRIANGLE_DOWN,
    SG_PLUS,
    SG_HEXAGON,
    SG_N_SYMBOLS
} sg_symbol;

typedef enum sg_halign { SG_LEFT, SG_CENTRE, SG_RIGHT } sg_halign;
typedef enum sg_valign { SG_BASELINE, SG_MIDDLE, SG_TOP } sg_valign; /* of the capitals */

typedef struct sg_font {
    double size_pt;
    bool bold;
    sg_halign halign;
    sg_valign valign;
    double turn_deg; /* counterclockwise about the text's position: 0 or 90 */
    sg_ink ink;
} sg_font;

typedef struct sg_point {
    double x, y;
} sg_point;

typedef struct sg_rect {
    double x, y, w, h;
} sg_rect;

typedef struct sg_segment {
    sg_point a, b;
} sg_segment;

/* A symbol's place and its size: the side of the square, or diameter of the circle, of like area.
 */
typedef struct sg_spot {
    double x, y, size;
} sg_spot;

typedef enum sg_mark_kind {
    SG_MARK_RECT,     /* rect, fill, pen */
    SG_MARK_PATH,     /* point[n], closed, fill, pen */
    SG_MARK_SEGMENTS, /* segment[n], pen: each drawn by itself, so that faint ones add up */
    SG_MARK_SYMBOLS,  /* spot[n], symbol, fill, pen */
    SG_MARK_CELLS,    /* rect split into n_rows x n_cols cells: cell[n] */
    SG_MARK_TEXT,     /* text at rect.x, rect.y (the baseline), font */
    SG_MARK_CLIP,     /* from here to the next SG_MARK_UNCLIP only what lies in rect shows */
    SG_MARK_UNCLIP,
} sg_mark_kind;

typedef struct sg_mark {
    sg_mark_kind kind;
    sg_rect rect;
    sg_ink fill;
    sg_pen pen;
    sg_font font;
    sg_symbol symbol;
    bool closed;
    size_t n_rows, n_cols;
    size_t n;
    union {
        void *data; /* owned */
        sg_point *point;
        sg_segment *segment;
        sg_spot *spot;
        sg_ink *cell;
        char *text;
    };
} sg_mark;

struct sg_scene {
    double width_mm, height_mm;
    char *title, *caption;
    sg_mark *mark;
    size_t n_marks, capacity;
    bool failed;
};

SG_DEFINE_CLEANUP(sg_scene, sg_scene_free)

/* A page without height yet; NULL when out of memory. */
sg_scene *sg_scene_new(double width_mm) SG_CHECKED;

void sg_scene_set_height(sg_scene *s, double height_mm);
void sg_scene_set_title(sg_scene *s, const char *title);     /* plain letters; NULL = "" */
void sg_scene_set_caption(sg_scene *s, const char *caption); /* plain letters; NULL = "" */

/* Adding marks. Arrays and strings are copied; a NaN or infinite position is our own bug. */
void sg_add_rect(sg_scene *s, sg_rect rect, sg_ink fill, sg_pen pen);
void sg_add_line(sg_scene *s, double x0, double y0, double x1, double y1, sg_pen pen);
void sg_add_polyline(sg_scene *s, const sg_point *point, size_t n, sg_pen pen);
void sg_add_polygon(sg_scene *s, const sg_point *point, size_t n, sg_ink fill, sg_pen pen);
void sg_add_segments(sg_scene *s, const sg_segment *segment, size_t n, sg_pen pen);
void sg_add_symbols(sg_scene *s, const sg_spot *spot, size_t n, sg_symbol symbol, sg_ink fill,
                    sg_pen pen);
/* cell is (n_rows, n_cols) row-major. */
void sg_add_cells(sg_scene *s, sg_rect rect, size_t n_rows, size_t n_cols, const sg_ink *cell);
void sg_add_text(sg_scene *s, double x, double y, const char *label, sg_font font);
void sg_add_clip(sg_scene *s, sg_rect rect);
void sg_add_unclip(sg_scene *s);

/* Adds a text broken into lines of at most width_mm, the first one's capitals beginning at y;
 * returns its height in mm, 0 for an empty one. */
double sg_add_paragraph(sg_scene *s, sg_rect at, const char *label, sg_font font);

/* Hands a complete scene over, or says that memory ran out while it was built. */
sg_status sg_scene_finish(sg_scene **scene, sg_scene **ret, sg_error *err) SG_CHECKED;

/* The corners of a symbol that is a polygon, around (0, 0) and of size 1, at most 8; *n is 0 for
 * the circle. SG_CROSS and SG_PLUS are strokes: pairs of corners, not closed. */
const sg_point *sg_symbol_corners(sg_symbol symbol, size_t *n, bool *strokes);

/* The lengths of a dash pattern in multiples of the pen's width; *n is 0 for a solid line. */
const double *sg_dash_lengths(sg_dash dash, int *n);

#endif
