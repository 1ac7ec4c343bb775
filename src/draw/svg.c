/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/svg.h"

#include "draw/digits.h"
#include "draw/label.h"
#include "draw/marks.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/*
 * SVG by hand, because Cairo turns letters into outlines whose ids collide in one page. The unit
 * of the coordinates is the point, which drawing programs read as such.
 */

typedef struct writer {
    sg_text *t;
    const char *prefix;
    size_t n_clips;
} writer;

static void put_pt(sg_text *t, double mm)
{
    sg_put_fixed(t, mm / SG_MM_PER_PT, 2);
}

/* ` name="v"`, v a length in mm. */
static void put_length(sg_text *t, const char *name, double mm)
{
    sg_text_printf(t, " %s=\"", name);
    put_pt(t, mm);
    sg_text_append(t, "\"");
}

static void put_escaped(sg_text *t, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *entity = bytes[i] == '&'   ? "&amp;"
                             : bytes[i] == '<' ? "&lt;"
                             : bytes[i] == '>' ? "&gt;"
                             : bytes[i] == '"' ? "&quot;"
                                               : NULL;
        if (entity)
            sg_text_append(t, entity);
        else
            sg_text_append_bytes(t, bytes + i, 1);
    }
}

static void put_ink(sg_text *t, const char *property, sg_ink ink)
{
    if (ink.a == 0) {
        sg_text_printf(t, " %s=\"none\"", property);
        return;
    }
    sg_text_printf(t, " %s=\"", property);
    sg_put_hex(t, ink.r, ink.g, ink.b);
    sg_text_append(t, "\"");
    if (ink.a < 255) {
        sg_text_printf(t, " %s-opacity=\"", property);
        sg_put_fixed(t, ink.a / 255.0, 3);
        sg_text_append(t, "\"");
    }
}

static void put_pen(sg_text *t, sg_pen pen)
{
    if (pen.width_pt <= 0.0 || pen.ink.a == 0)
        return;
    put_ink(t, "stroke", pen.ink);
    sg_text_append(t, " stroke-width=\"");
    sg_put_fixed(t, pen.width_pt, 3);
    sg_text_append(t, "\"");

    int n = 0;
    const double *length = sg_dash_lengths(pen.dash, &n);
    for (int i = 0; i < n; i++) {
        sg_text_append(t, i == 0 ? " stroke-dasharray=\"" : " ");
        sg_put_fixed(t, length[i] * pen.width_pt, 2);
    }
    if (n)
        sg_text_append(t, "\"");
}

static void put_xy(sg_text *t, const char *command, double x, double y)
{
    sg_text_append(t, command);
    put_pt(t, x);
    sg_text_append(t, " ");
    put_pt(t, y);
}

static void put_path(sg_text *t, const sg_mark *m)
{
    sg_text_append(t, "<path");
    put_ink(t, "fill", m->fill);
    put_pen(t, m->pen);
    sg_text_append(t, " stroke-linejoin=\"round\" d=\"");
    for (size_t i = 0; i < m->n; i++)
        put_xy(t, i == 0 ? "M" : "L", m->point[i].x, m->point[i].y);
    sg_text_append(t, m->closed ? "Z\"/>\n" : "\"/>\n");
}

static void put_segments(sg_text *t, const sg_mark *m)
{
    sg_text_append(t, "<g fill=\"none\"");
    put_pen(t, m->pen);
    sg_text_append(t, ">");
    for (size_t i = 0; i < m->n; i++) {
        put_xy(t, "<path d=\"M", m->segment[i].a.x, m->segment[i].a.y);
        put_xy(t, "L", m->segment[i].b.x, m->segment[i].b.y);
        sg_text_append(t, "\"/>");
    }
    sg_text_append(t, "</g>\n");
}

static void put_spot(sg_text *t, sg_spot spot, sg_symbol symbol)
{
    size_t n = 0;
    bool strokes = false;
    const sg_point *corner = sg_symbol_corners(symbol, &n, &strokes);

    if (n == 0) {
        sg_text_append(t, "<circle");
        put_length(t, "cx", spot.x);
        put_length(t, "cy", spot.y);
        put_length(t, "r", spot.size / 2.0);
        sg_text_append(t, "/>");
        return;
    }
    sg_text_append(t, "<path d=\"");
    for (size_t i = 0; i < n; i++)
        put_xy(t, i == 0 || (strokes && i % 2 == 0) ? "M" : "L", spot.x + spot.size * corner[i].x,
               spot.y + spot.size * corner[i].y);
    sg_text_append(t, strokes ? "\"/>" : "Z\"/>");
}

static void put_symbols(sg_text *t, const sg_mark *m)
{
    sg_text_append(t, "<g");
    put_ink(t, "fill", m->fill);
    put_pen(t, m->pen);
    sg_text_append(t, ">");
    for (size_t i = 0; i < m->n; i++)
        put_spot(t, m->spot[i], m->symbol);
    sg_text_append(t, "</g>\n");
}

static bool same_ink(sg_ink a, sg_ink b)
{
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

/* All cells of the colour of cell `first`, from there on, as one path of runs; marks them done. */
static void put_cells_of(sg_text *t, const sg_mark *m, size_t first, bool *done)
{
    const sg_ink ink = m->cell[first];
    size_t row = SIZE_MAX; /* of the last run: later ones give their offset alone */
    size_t col = 0;

    sg_text_append(t, "<path");
    put_ink(t, "fill", ink);
    sg_text_append(t, " d=\"");
    for (size_t i = first; i < m->n;) {
        size_t n = 0;
        while (i + n < m->n && (n == 0 || (i + n) % m->n_cols != 0) && !done[i + n] &&
               same_ink(m->cell[i + n], ink))
            done[i + n++] = true;
        if (n) {
            row = i / m->n_cols;
            col = i % m->n_cols;
            sg_text_printf(t, "M%zu %zuh%zuv1h-%zuz", col, row, n, n);
        }
        i += n ? n : 1;
    }
    sg_text_append(t, "\"/>");
}

static void put_cells(sg_text *t, const sg_mark *m)
{
    SG_AUTOFREE bool *done = SG_NEW_ARRAY(bool, m->n);
    if (!done) {
        t->failed = true;
        return;
    }
    /* Whole cells as units, moved and stretched to their place. */
    sg_text_append(t, "<g shape-rendering=\"crispEdges\" transform=\"translate(");
    put_pt(t, m->rect.x);
    sg_text_append(t, " ");
    put_pt(t, m->rect.y);
    sg_text_append(t, ") scale(");
    sg_put_fixed(t, m->rect.w / SG_MM_PER_PT / (double)m->n_cols, 6);
    sg_text_append(t, " ");
    sg_put_fixed(t, m->rect.h / SG_MM_PER_PT / (double)m->n_rows, 6);
    sg_text_append(t, ")\">");
    for (size_t i = 0; i < m->n; i++)
        if (!done[i] && m->cell[i].a > 0)
            put_cells_of(t, m, i, done);
    sg_text_append(t, "</g>\n");
}

static void put_run(sg_text *t, const sg_label_run *run, double size_pt, double drop_pt)
{
    const bool plain = !run->italic && run->scale == 1.0 && drop_pt == 0.0;
    if (!plain) {
        sg_text_append(t, "<tspan");
        if (run->italic)
            sg_text_append(t, " font-style=\"italic\"");
        if (run->scale != 1.0) {
            sg_text_append(t, " font-size=\"");
            sg_put_fixed(t, size_pt * run->scale, 2);
            sg_text_append(t, "\"");
        }
        if (drop_pt != 0.0) {
            sg_text_append(t, " dy=\"");
            sg_put_fixed(t, drop_pt, 2);
            sg_text_append(t, "\"");
        }
        sg_text_append(t, ">");
    }
    put_escaped(t, run->bytes, run->n);
    if (!plain)
        sg_text_append(t, "</tspan>");
}

static void put_text(sg_text *t, const sg_mark *m)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};

    sg_text_append(t, "<text");
    if (m->font.turn_deg != 0.0) {
        sg_text_append(t, " transform=\"translate(");
        put_pt(t, m->rect.x);
        sg_text_append(t, " ");
        put_pt(t, m->rect.y);
        sg_text_append(t, ") rotate(");
        sg_put_fixed(t, -m->font.turn_deg, 3);
        sg_text_append(t, ")\"");
    } else {
        put_length(t, "x", m->rect.x);
        put_length(t, "y", m->rect.y);
    }
    sg_text_append(t, " font-size=\"");
    sg_put_fixed(t, m->font.size_pt, 2);
    sg_text_printf(t, "\"%s%s", m->font.bold ? " font-weight=\"bold\"" : "",
                   anchors[m->font.halign]);
    put_ink(t, "fill", m->font.ink);
    sg_text_append(t, ">");

    const char *rest = m->text;
    sg_label_run run;
    double rise_pt = 0.0;
    while (sg_label_next(&rest, &run)) {
        const double wanted = run.rise * m->font.size_pt;
        put_run(t, &run, m->font.size_pt, rise_pt - wanted);
        rise_pt = wanted;
    }
    sg_text_append(t, "</text>\n");
}

static void put_rect(sg_text *t, sg_rect r)
{
    sg_text_append(t, "<rect");
    put_length(t, "x", r.x);
    put_length(t, "y", r.y);
    put_length(t, "width", r.w);
    put_length(t, "height", r.h);
}

static void put_clip(writer *w, const sg_mark *m)
{
    w->n_clips++;
    sg_text_printf(w->t, "<clipPath id=\"%s-clip%zu\">", w->prefix, w->n_clips);
    put_rect(w->t, m->rect);
    sg_text_printf(w->t, "/></clipPath>\n<g clip-path=\"url(#%s-clip%zu)\">\n", w->prefix,
                   w->n_clips);
}

static void put_mark(writer *w, const sg_mark *m)
{
    switch (m->kind) {
    case SG_MARK_RECT:
        put_rect(w->t, m->rect);
        put_ink(w->t, "fill", m->fill);
        put_pen(w->t, m->pen);
        sg_text_append(w->t, "/>\n");
        break;
    case SG_MARK_PATH:
        put_path(w->t, m);
        break;
    case SG_MARK_SEGMENTS:
        put_segments(w->t, m);
        break;
    case SG_MARK_SYMBOLS:
        put_symbols(w->t, m);
        break;
    case SG_MARK_CELLS:
        put_cells(w->t, m);
        break;
    case SG_MARK_TEXT:
        put_text(w->t, m);
        break;
    case SG_MARK_CLIP:
        put_clip(w, m);
        break;
    case SG_MARK_UNCLIP:
        sg_text_append(w->t, "</g>\n");
        break;
    }
}

/* <title> and <desc>, which screen readers speak. */
static void put_description(sg_text *t, const sg_scene *scene, const char *prefix)
{
    const char *title = sg_scene_title(scene);
    const char *caption = sg_scene_caption(scene);

    sg_text_printf(t, "<title id=\"%s-title\">", prefix);
    put_escaped(t, title, strlen(title));
    sg_text_printf(t, "</title>\n<desc id=\"%s-desc\">", prefix);
    put_escaped(t, caption, strlen(caption));
    sg_text_append(t, "</desc>\n");
}

void sg_svg_put(sg_text *t, const sg_scene *scene, const char *id_prefix, bool standalone)
{
    writer w = {.t = t, .prefix = id_prefix};

    if (standalone)
        sg_text_append(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    sg_text_append(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    sg_put_fixed(t, scene->width_mm, 3);
    sg_text_append(t, "mm\" height=\"");
    sg_put_fixed(t, scene->height_mm, 3);
    sg_text_append(t, "mm\" viewBox=\"0 0 ");
    put_pt(t, scene->width_mm);
    sg_text_append(t, " ");
    put_pt(t, scene->height_mm);
    sg_text_printf(t,
                   "\" role=\"img\" aria-labelledby=\"%s-title %s-desc\"%s font-family=\"%s\">\n",
                   id_prefix, id_prefix, standalone ? "" : " style=\"max-width:100%;height:auto\"",
                   SG_FONT_FAMILIES);
    put_description(t, scene, id_prefix);
    put_rect(t, (sg_rect){0.0, 0.0, scene->width_mm, scene->height_mm});
    sg_text_append(t, " fill=\"#ffffff\"/>\n");
    for (size_t i = 0; i < scene->n_marks; i++)
        put_mark(&w, &scene->mark[i]);
    sg_text_append(t, "</svg>\n");
}

static bool is_prefix(const char *s)
{
    if (!s || !isascii(*s) || !isalpha((unsigned char)*s))
        return false;
    for (; *s; s++)
        if (!isascii(*s) || !(isalnum((unsigned char)*s) || *s == '-' || *s == '_'))
            return false;
    return true;
}

sg_status sg_scene_svg(const sg_scene *scene, const char *id_prefix, char **ret, sg_error *err)
{
    if (!is_prefix(id_prefix))
        return sg_fail(err, SG_EINVAL,
                       "the id prefix '%s' must be a letter, then letters, digits, '-' or '_'",
                       id_prefix ? id_prefix : "");
    SG_AUTO_TEXT sg_text t = {0};
    sg_svg_put(&t, scene, id_prefix, false);
    return sg_text_take(&t, ret, err);
}
