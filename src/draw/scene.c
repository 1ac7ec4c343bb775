/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/scene.h"

#include "base/text.h"
#include "draw/label.h"
#include "draw/marks.h"

#include <math.h>
#include <string.h>

sg_scene *sg_scene_new(double width_mm)
{
    sg_scene *s = SG_NEW(sg_scene);
    if (s)
        s->width_mm = width_mm;
    return s;
}

void sg_scene_free(sg_scene *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_marks; i++)
        sg_free(s->mark[i].data);
    sg_free(s->mark);
    sg_free(s->title);
    sg_free(s->caption);
    sg_free(s);
}

double sg_scene_width_mm(const sg_scene *scene)
{
    return scene->width_mm;
}

double sg_scene_height_mm(const sg_scene *scene)
{
    return scene->height_mm;
}

const char *sg_scene_title(const sg_scene *scene)
{
    return scene->title ? scene->title : "";
}

const char *sg_scene_caption(const sg_scene *scene)
{
    return scene->caption ? scene->caption : "";
}

void sg_scene_set_height(sg_scene *s, double height_mm)
{
    s->height_mm = height_mm;
}

/* Replaces *field by the label's plain letters. */
static void set_plain(sg_scene *s, char **field, const char *label)
{
    SG_AUTOFREE char *clean = sg_label_clean(label ? label : "");
    SG_AUTO_TEXT sg_text plain = {0};
    char *text = NULL;

    if (clean)
        sg_label_plain(&plain, clean);
    sg_text_append(&plain, "");
    if (!clean || sg_text_take(&plain, &text, NULL) != SG_OK) {
        s->failed = true;
        return;
    }
    sg_free(*field);
    *field = text;
}

void sg_scene_set_title(sg_scene *s, const char *title)
{
    set_plain(s, &s->title, title);
}

void sg_scene_set_caption(sg_scene *s, const char *caption)
{
    set_plain(s, &s->caption, caption);
}

sg_status sg_scene_finish(sg_scene **scene, sg_scene **ret, sg_error *err)
{
    if ((*scene)->failed)
        return sg_fail_memory(err, "drawing a figure");
    *ret = SG_TAKE(*scene);
    return SG_OK;
}

/* Appends a mark with its own copy of n items of `size` bytes. */
static void add(sg_scene *s, sg_mark mark, const void *items, size_t n, size_t size)
{
    if (s->failed)
        return;
    if (s->n_marks == s->capacity) {
        const size_t capacity = s->capacity ? 2 * s->capacity : 64;
        sg_mark *grown = sg_resize(s->mark, capacity, sizeof *grown);
        if (!grown) {
            s->failed = true;
            return;
        }
        s->mark = grown;
        s->capacity = capacity;
    }
    mark.n = n;
    if (items) {
        mark.data = sg_alloc(n, size);
        if (!mark.data) {
            s->failed = true;
            return;
        }
        if (n)
            memcpy(mark.data, items, n * size);
    }
    s->mark[s->n_marks++] = mark;
}

void sg_add_rect(sg_scene *s, sg_rect rect, sg_ink fill, sg_pen pen)
{
    add(s, (sg_mark){.kind = SG_MARK_RECT, .rect = rect, .fill = fill, .pen = pen}, NULL, 0, 0);
}

void sg_add_line(sg_scene *s, double x0, double y0, double x1, double y1, sg_pen pen)
{
    const sg_segment segment = {{x0, y0}, {x1, y1}};
    sg_add_segments(s, &segment, 1, pen);
}

void sg_add_polyline(sg_scene *s, const sg_point *point, size_t n, sg_pen pen)
{
    if (n > 1)
        add(s, (sg_mark){.kind = SG_MARK_PATH, .pen = pen}, point, n, sizeof *point);
}

void sg_add_polygon(sg_scene *s, const sg_point *point, size_t n, sg_ink fill, sg_pen pen)
{
    if (n > 2)
        add(s, (sg_mark){.kind = SG_MARK_PATH, .closed = true, .fill = fill, .pen = pen}, point, n,
            sizeof *point);
}

void sg_add_segments(sg_scene *s, const sg_segment *segment, size_t n, sg_pen pen)
{
    if (n > 0)
        add(s, (sg_mark){.kind = SG_MARK_SEGMENTS, .pen = pen}, segment, n, sizeof *segment);
}

void sg_add_symbols(sg_scene *s, const sg_spot *spot, size_t n, sg_symbol symbol, sg_ink fill,
                    sg_pen pen)
{
    if (n > 0)
        add(s, (sg_mark){.kind = SG_MARK_SYMBOLS, .symbol = symbol, .fill = fill, .pen = pen}, spot,
            n, sizeof *spot);
}

void sg_add_cells(sg_scene *s, sg_rect rect, size_t n_rows, size_t n_cols, const sg_ink *cell)
{
    add(s, (sg_mark){.kind = SG_MARK_CELLS, .rect = rect, .n_rows = n_rows, .n_cols = n_cols}, cell,
        n_rows * n_cols, sizeof *cell);
}

void sg_add_text(sg_scene *s, double x, double y, const char *label, sg_font font)
{
    if (s->failed || !label || !*label)
        return;
    SG_AUTOFREE char *clean = sg_label_clean(label);
    if (!clean) {
        s->failed = true;
        return;
    }
    /* From the capitals' top or middle down to the baseline, which turns with the text. */
    const double drop_em = font.valign == SG_TOP      ? SG_CAP_EM
                           : font.valign == SG_MIDDLE ? SG_CAP_EM / 2.0
                                                      : 0.0;
    const double drop = drop_em * font.size_pt * SG_MM_PER_PT;
    const double turn = font.turn_deg * (M_PI / 180.0);
    font.valign = SG_BASELINE;
    add(s,
        (sg_mark){.kind = SG_MARK_TEXT,
                  .rect = {x + drop * sin(turn), y + drop * cos(turn), 0.0, 0.0},
                  .font = font},
        clean, strlen(clean) + 1, 1);
}

void sg_add_clip(sg_scene *s, sg_rect rect)
{
    add(s, (sg_mark){.kind = SG_MARK_CLIP, .rect = rect}, NULL, 0, 0);
}

void sg_add_unclip(sg_scene *s)
{
    add(s, (sg_mark){.kind = SG_MARK_UNCLIP}, NULL, 0, 0);
}

double sg_add_paragraph(sg_scene *s, sg_rect at, const char *label, sg_font font)
{
    const double em = font.size_pt * SG_MM_PER_PT;
    const double step = SG_LEADING_EM * em;
    SG_AUTOFREE char *clean = sg_label_clean(label ? label : "");
    if (!clean) {
        s->failed = true;
        return 0.0;
    }

    const char *rest = clean;
    const char *line = NULL;
    size_t n = 0;
    size_t n_lines = 0;
    font.valign = SG_TOP;
    while (sg_label_next_line(&rest, at.w / em, font.bold, &line, &n)) {
        SG_AUTOFREE char *copy = sg_memdup(line, n);
        if (copy)
            sg_add_text(s, at.x, at.y + (double)n_lines * step, copy, font);
        else
            s->failed = true;
        n_lines++;
    }
    return n_lines ? (double)(n_lines - 1) * step + (SG_CAP_EM + SG_DESCENT_EM) * em : 0.0;
}

const sg_point *sg_symbol_corners(sg_symbol symbol, size_t *n, bool *strokes)
{
    /* Shapes of about the same area as the circle of diameter 1, centred on their middle. */
    static const sg_point square[] = {{-.44, -.44}, {.44, -.44}, {.44, .44}, {-.44, .44}};
    static const sg_point triangle[] = {{0.0, -.72}, {.62, .42}, {-.62, .42}};
    static const sg_point diamond[] = {{0.0, -.64}, {.64, 0.0}, {0.0, .64}, {-.64, 0.0}};
    static const sg_point cross[] = {{-.42, -.42}, {.42, .42}, {-.42, .42}, {.42, -.42}};
    static const sg_point down[] = {{0.0, .72}, {-.62, -.42}, {.62, -.42}};
    static const sg_point plus[] = {{-.55, 0.0}, {.55, 0.0}, {0.0, -.55}, {0.0, .55}};
    static const sg_point hexagon[] = {{-.54, 0.0}, {-.27, -.47}, {.27, -.47},
                                       {.54, 0.0},  {.27, .47},   {-.27, .47}};
    static const struct {
        const sg_point *corner;
        size_t n;
        bool strokes;
    } shapes[SG_N_SYMBOLS] = {
        [SG_CIRCLE] = {NULL, 0, false},       [SG_SQUARE] = {square, 4, false},
        [SG_TRIANGLE] = {triangle, 3, false}, [SG_DIAMOND] = {diamond, 4, false},
        [SG_CROSS] = {cross, 4, true},        [SG_TRIANGLE_DOWN] = {down, 3, false},
        [SG_PLUS] = {plus, 4, true},          [SG_HEXAGON] = {hexagon, 6, false},
    };
    *n = shapes[symbol].n;
    *strokes = shapes[symbol].strokes;
    return shapes[symbol].corner;
}

const double *sg_dash_lengths(sg_dash dash, int *n)
{
    static const double dashed[] = {4.0, 2.5};
    static const double dotted[] = {1.0, 1.8};
    static const double dash_dot[] = {5.0, 2.0, 1.0, 2.0};

    *n = dash == SG_SOLID ? 0 : dash == SG_DASH_DOT ? 4 : 2;
    return dash == SG_DASHED ? dashed : dash == SG_DOTTED ? dotted : dash_dot;
}
