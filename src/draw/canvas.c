/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/canvas.h"

#include "base/status.h"
#include "draw/label.h"
#include "draw/marks.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <zlib.h>

static void destroy_surface(cairo_surface_t **surface)
{
    cairo_surface_destroy(*surface);
}

static void destroy_cairo(cairo_t **cr)
{
    cairo_destroy(*cr);
}

static void set_ink(cairo_t *cr, sg_ink ink)
{
    cairo_set_source_rgba(cr, ink.r / 255.0, ink.g / 255.0, ink.b / 255.0, ink.a / 255.0);
}

/* Everything below is in mm; only letters are in points. */
static void stroke(cairo_t *cr, sg_pen pen)
{
    int n = 0;
    const double *length = sg_dash_lengths(pen.dash, &n);
    const double width = pen.width_pt * SG_MM_PER_PT;
    double scaled[4];

    for (int i = 0; i < n; i++)
        scaled[i] = length[i] * width;
    set_ink(cr, pen.ink);
    cairo_set_line_width(cr, width);
    cairo_set_dash(cr, scaled, n, 0.0);
    cairo_stroke(cr);
}

/* Fills and strokes the current path, and clears it. */
static void paint_path(cairo_t *cr, sg_ink fill, sg_pen pen)
{
    const bool stroked = pen.width_pt > 0.0 && pen.ink.a > 0;
    if (fill.a > 0) {
        set_ink(cr, fill);
        if (stroked)
            cairo_fill_preserve(cr);
        else
            cairo_fill(cr);
    }
    if (stroked)
        stroke(cr, pen);
    cairo_new_path(cr);
}

static void draw_path(cairo_t *cr, const sg_mark *m)
{
    for (size_t i = 0; i < m->n; i++)
        cairo_line_to(cr, m->point[i].x, m->point[i].y);
    if (m->closed)
        cairo_close_path(cr);
    paint_path(cr, m->fill, m->pen);
}

static void draw_segments(cairo_t *cr, const sg_mark *m)
{
    for (size_t i = 0; i < m->n; i++) {
        cairo_move_to(cr, m->segment[i].a.x, m->segment[i].a.y);
        cairo_line_to(cr, m->segment[i].b.x, m->segment[i].b.y);
        stroke(cr, m->pen);
    }
}

static void draw_symbols(cairo_t *cr, const sg_mark *m)
{
    size_t n = 0;
    bool strokes = false;
    const sg_point *corner = sg_symbol_corners(m->symbol, &n, &strokes);

    for (size_t i = 0; i < m->n; i++) {
        const sg_spot s = m->spot[i];
        cairo_new_path(cr);
        if (n == 0)
            cairo_arc(cr, s.x, s.y, s.size / 2.0, 0.0, 2.0 * M_PI);
        for (size_t k = 0; k < n; k++) {
            if (strokes && k % 2 == 0)
                cairo_move_to(cr, s.x + s.size * corner[k].x, s.y + s.size * corner[k].y);
            else
                cairo_line_to(cr, s.x + s.size * corner[k].x, s.y + s.size * corner[k].y);
        }
        if (n > 0 && !strokes)
            cairo_close_path(cr);
        paint_path(cr, strokes ? SG_INK_NONE : m->fill, m->pen);
    }
}

/*
 * Each cell also covers a little of the ones to its right and below, which are drawn after it: PDF
 * viewers smooth each edge by itself, and would let the page shine through between two cells.
 */
static void draw_cells(cairo_t *cr, const sg_mark *m)
{
    const double bleed = 0.1;
    const double w = m->rect.w / (double)m->n_cols;
    const double h = m->rect.h / (double)m->n_rows;

    cairo_save(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    for (size_t i = 0; i < m->n; i++) {
        const size_t row = i / m->n_cols;
        const size_t col = i % m->n_cols;
        if (m->cell[i].a == 0)
            continue;
        set_ink(cr, m->cell[i]);
        cairo_rectangle(cr, m->rect.x + w * (double)col, m->rect.y + h * (double)row,
                        w * (col + 1 < m->n_cols ? 1.0 + bleed : 1.0),
                        h * (row + 1 < m->n_rows ? 1.0 + bleed : 1.0));
        cairo_fill(cr);
    }
    cairo_restore(cr);
}

/* A run as a Pango layout; g_object_unref() it. */
static PangoLayout *shape_run(PangoContext *context, const sg_mark *m, const sg_label_run *run)
{
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, SG_FONT_FAMILIES);
    pango_font_description_set_weight(font, m->font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font, run->italic ? PANGO_STYLE_OBLIQUE : PANGO_STYLE_NORMAL);
    pango_font_description_set_absolute_size(font, m->font.size_pt * run->scale * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, run->bytes, (int)run->n);
    pango_font_description_free(font);
    return layout;
}

static double layout_width(PangoLayout *layout)
{
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

static double text_width(PangoContext *context, const sg_mark *m)
{
    const char *rest = m->text;
    sg_label_run run;
    double width = 0.0;
    while (sg_label_next(&rest, &run)) {
        PangoLayout *layout = shape_run(context, m, &run);
        width += layout_width(layout);
        g_object_unref(layout);
    }
    return width;
}

static void draw_text(cairo_t *cr, PangoContext *context, const sg_mark *m)
{
    const double share = m->font.halign == SG_LEFT ? 0.0 : m->font.halign == SG_CENTRE ? 0.5 : 1.0;
    double x = share > 0.0 ? -share * text_width(context, m) : 0.0;
    const char *rest = m->text;
    sg_label_run run;

    cairo_save(cr);
    cairo_translate(cr, m->rect.x, m->rect.y);
    cairo_rotate(cr, -m->font.turn_deg * (M_PI / 180.0));
    cairo_scale(cr, SG_MM_PER_PT, SG_MM_PER_PT);
    set_ink(cr, m->font.ink);
    while (sg_label_next(&rest, &run)) {
        PangoLayout *layout = shape_run(context, m, &run);
        cairo_move_to(cr, x, -run.rise * m->font.size_pt);
        pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout, 0));
        x += layout_width(layout);
        g_object_unref(layout);
    }
    cairo_restore(cr);
}

static void draw_mark(cairo_t *cr, PangoContext *context, const sg_mark *m)
{
    cairo_new_path(cr); /* a text leaves its end as the current point */
    switch (m->kind) {
    case SG_MARK_RECT:
        cairo_rectangle(cr, m->rect.x, m->rect.y, m->rect.w, m->rect.h);
        paint_path(cr, m->fill, m->pen);
        break;
    case SG_MARK_PATH:
        draw_path(cr, m);
        break;
    case SG_MARK_SEGMENTS:
        draw_segments(cr, m);
        break;
    case SG_MARK_SYMBOLS:
        draw_symbols(cr, m);
        break;
    case SG_MARK_CELLS:
        draw_cells(cr, m);
        break;
    case SG_MARK_TEXT:
        draw_text(cr, context, m);
        break;
    case SG_MARK_CLIP:
        cairo_save(cr);
        cairo_rectangle(cr, m->rect.x, m->rect.y, m->rect.w, m->rect.h);
        cairo_clip(cr);
        break;
    case SG_MARK_UNCLIP:
        cairo_restore(cr);
        break;
    }
}

static bool has_text(const sg_scene *scene)
{
    for (size_t i = 0; i < scene->n_marks; i++)
        if (scene->mark[i].kind == SG_MARK_TEXT)
            return true;
    return false;
}

/* Without any font Pango cannot go on and warns on stderr, so ask first: its list of families names
 * aliases even then, but loading a font fails. The map is this thread's own. */
static sg_status check_fonts(const sg_scene *scene, sg_error *err)
{
    if (!has_text(scene))
        return SG_OK;
    PangoFontMap *map = pango_cairo_font_map_get_default();
    PangoContext *context = pango_font_map_create_context(map);
    PangoFontDescription *wanted = pango_font_description_from_string(SG_FONT_FAMILIES " 7");
    PangoFont *font = pango_font_map_load_font(map, context, wanted);
    const bool found = font != NULL;

    if (font)
        g_object_unref(font);
    pango_font_description_free(wanted);
    g_object_unref(context);
    if (!found)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "no font is installed to write a figure's labels with: install one, e.g. "
                       "the package fonts-dejavu-core, or write .svg");
    return SG_OK;
}

static PangoContext *new_context(cairo_t *cr)
{
    PangoContext *context = pango_cairo_create_context(cr);
    cairo_font_options_t *options = cairo_font_options_create();

    /* Letters the same at every size: no fitting to the grid of pixels. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72.0);
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_destroy(options);
    return context;
}

/* Draws all marks; scale: device units per mm. */
static sg_status draw(cairo_surface_t *surface, const sg_scene *scene, double scale, sg_error *err)
{
    __attribute__((cleanup(destroy_cairo))) cairo_t *cr = cairo_create(surface);

    cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    PangoContext *context = new_context(cr);
    for (size_t i = 0; i < scene->n_marks; i++)
        draw_mark(cr, context, &scene->mark[i]);
    g_object_unref(context);
    if (cairo_status(cr) == CAIRO_STATUS_NO_MEMORY)
        return sg_fail_memory(err, "drawing a figure");
    if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        return sg_fail(err, SG_EINVAL, "cannot draw the figure: %s",
                       cairo_status_to_string(cairo_status(cr)));
    return SG_OK;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *bytes, unsigned n)
{
    sg_text *t = closure;
    sg_text_append_bytes(t, bytes, n);
    return t->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static sg_status surface_status(cairo_status_t status, sg_error *err)
{
    return status == CAIRO_STATUS_SUCCESS ? SG_OK : sg_fail_memory(err, "encoding a figure");
}

static void put_be32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* Appends a PNG with its resolution (chunk pHYs, pixels per metre), which Cairo leaves out. */
static void put_with_resolution(sg_text *t, const sg_text *png, double dpi)
{
    const size_t header = 8 + 25; /* the signature and IHDR */
    unsigned char chunk[4 + 4 + 9 + 4] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
    const uint32_t per_metre = (uint32_t)lround(dpi / 0.0254);

    put_be32(chunk + 8, per_metre);
    put_be32(chunk + 12, per_metre);
    chunk[16] = 1;
    put_be32(chunk + 17, (uint32_t)crc32(crc32(0, NULL, 0), chunk + 4, 13));
    sg_text_append_bytes(t, png->bytes, header);
    sg_text_append_bytes(t, chunk, sizeof chunk);
    sg_text_append_bytes(t, png->bytes + header, png->n - header);
}

sg_status sg_canvas_png(sg_text *t, const sg_scene *scene, double dpi, sg_error *err)
{
    const double scale = dpi / 25.4;
    const double width = fmax(ceil(scene->width_mm * scale - 1e-6), 1.0);
    const double height = fmax(ceil(scene->height_mm * scale - 1e-6), 1.0);
    const double most_side = 32767.0; /* Cairo's own limit */
    const double most_pixels = 1e8;

    if (width > most_side || height > most_side || width * height > most_pixels)
        return sg_fail(err, SG_EINVAL,
                       "a picture of %.0f x %.0f pixels is too large: lower the dpi, or write .pdf",
                       width, height);
    SG_TRY(check_fonts(scene, err));
    __attribute__((cleanup(destroy_surface))) cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    SG_TRY(surface_status(cairo_surface_status(surface), err));
    SG_TRY(draw(surface, scene, scale, err));

    SG_AUTO_TEXT sg_text png = {0};
    SG_TRY(surface_status(cairo_surface_write_to_png_stream(surface, append_bytes, &png), err));
    put_with_resolution(t, &png, dpi);
    return SG_OK;
}

sg_status sg_canvas_pdf(sg_text *t, const sg_scene *scene, sg_error *err)
{
    const double pt_per_mm = 1.0 / SG_MM_PER_PT;

    SG_TRY(check_fonts(scene, err));
    __attribute__((cleanup(destroy_surface))) cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append_bytes, t, scene->width_mm * pt_per_mm,
                                            scene->height_mm * pt_per_mm);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, sg_scene_title(scene));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "sparsegraph");
    /* A fixed moment instead of now: the same figure is the same bytes. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    SG_TRY(draw(surface, scene, pt_per_mm, err));
    cairo_surface_finish(surface);
    return surface_status(cairo_surface_status(surface), err);
}
