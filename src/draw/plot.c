/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/plot.h"

#include <math.h>

#define TICK_MM       0.9
#define MINOR_TICK_MM 0.5
#define GAP_MM        0.7 /* between a tick and its label, and around labels */

sg_font sg_font_of(double size_pt, sg_halign halign, sg_valign valign)
{
    return (sg_font){.size_pt = size_pt, .halign = halign, .valign = valign, .ink = SG_INK_BLACK};
}

static double cap_mm(double size_pt)
{
    return SG_CAP_EM * size_pt * SG_MM_PER_PT;
}

static double line_mm(double size_pt)
{
    return (SG_CAP_EM + SG_DESCENT_EM) * size_pt * SG_MM_PER_PT;
}

double sg_axis_place(const sg_axis *axis, double value)
{
    const double low = axis->log ? log10(axis->low) : axis->low;
    const double high = axis->log ? log10(axis->high) : axis->high;
    const double v = axis->log ? log10(value) : value;
    return axis->from + (axis->to - axis->from) * ((v - low) / (high - low));
}

double sg_bottom_axis_height(bool with_label)
{
    const double ticks = TICK_MM + GAP_MM + line_mm(SG_SMALL_PT);
    return with_label ? ticks + GAP_MM + line_mm(SG_LABEL_PT) : ticks;
}

double sg_add_bottom_axis(sg_scene *s, const sg_axis *axis, double y, const sg_ticks *ticks,
                          const char *label)
{
    sg_add_line(s, axis->from, y, axis->to, y, SG_AXIS_PEN);
    for (size_t i = 0; i < ticks->n; i++) {
        const sg_tick *tick = &ticks->tick[i];
        const double x = sg_axis_place(axis, tick->value);
        sg_add_line(s, x, y, x, y + (*tick->label ? TICK_MM : MINOR_TICK_MM), SG_AXIS_PEN);
        sg_add_text(s, x, y + TICK_MM + GAP_MM, tick->label,
                    sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_TOP));
    }
    const double below = y + sg_bottom_axis_height(false) + GAP_MM;
    sg_add_text(s, (axis->from + axis->to) / 2.0, below, label,
                sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_TOP));
    return sg_bottom_axis_height(label && *label);
}

void sg_add_left_axis(sg_scene *s, const sg_axis *axis, double x, const sg_ticks *ticks,
                      const char *label, double label_x)
{
    sg_add_line(s, x, axis->from, x, axis->to, SG_AXIS_PEN);
    for (size_t i = 0; i < ticks->n; i++) {
        const sg_tick *tick = &ticks->tick[i];
        const double y = sg_axis_place(axis, tick->value);
        sg_add_line(s, x - (*tick->label ? TICK_MM : MINOR_TICK_MM), y, x, y, SG_AXIS_PEN);
        sg_add_text(s, x - TICK_MM - GAP_MM, y, tick->label,
                    sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_MIDDLE));
    }
    const double size = axis->label_pt > 0.0 ? axis->label_pt : SG_LABEL_PT;
    sg_font font = sg_font_of(size, SG_CENTRE, SG_MIDDLE);
    font.turn_deg = 90.0;
    sg_add_text(s, label_x, (axis->from + axis->to) / 2.0, label, font);
}

double sg_left_axis_width(const sg_ticks *ticks, bool with_label)
{
    const double width = TICK_MM + GAP_MM + sg_ticks_width(ticks);
    return with_label ? width + 2.0 * GAP_MM + line_mm(SG_LABEL_PT) : width;
}

void sg_add_key_sample(sg_scene *s, double x, double y, const sg_key *key)
{
    const sg_spot middle = {x + SG_KEY_MM / 2.0, y, key->symbol_size};
    if (key->pen.width_pt > 0.0)
        sg_add_line(s, x, y, x + SG_KEY_MM, y, key->pen);
    if (key->symbol_ink.a > 0 || key->symbol_pen.width_pt > 0.0)
        sg_add_symbols(s, &middle, 1, key->symbol, key->symbol_ink, key->symbol_pen);
}

double sg_add_keys(sg_scene *s, sg_rect at, const sg_key *key, size_t n)
{
    const double step = 1.35 * SG_SMALL_PT * SG_MM_PER_PT;
    const double gap = 3.0;
    double x = 0.0;
    double y = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double width =
            SG_KEY_MM + GAP_MM + sg_label_width(key[i].label, false) * SG_SMALL_PT * SG_MM_PER_PT;
        if (x > 0.0 && x + width > at.w) {
            x = 0.0;
            y += step;
        }
        if (s) {
            const double middle = at.y + y + step / 2.0;
            sg_add_key_sample(s, at.x + x, middle, &key[i]);
            sg_add_text(s, at.x + x + SG_KEY_MM + GAP_MM, middle, key[i].label,
                        sg_font_of(SG_SMALL_PT, SG_LEFT, SG_MIDDLE));
        }
        x += width + gap;
    }
    return n ? y + step : 0.0;
}

void sg_page_free(sg_page *page)
{
    sg_scene_free(page->scene);
    page->scene = NULL;
}

sg_status sg_page_open(double width_mm, const char *title, const char *fallback, sg_page *ret,
                       sg_error *err)
{
    const double least = 40.0; /* below it labels of 6 pt leave no room for data */
    const double most = 400.0;
    if (!(width_mm >= least && width_mm <= most))
        return sg_fail(err, SG_EINVAL,
                       "a figure must be %.0f to %.0f mm wide, got %g: journals use 85 or 180",
                       least, most, width_mm);
    sg_scene *scene = sg_scene_new(width_mm);
    if (!scene)
        return sg_fail_memory(err, "drawing a figure");

    const bool titled = title && *title;
    sg_scene_set_title(scene, titled ? title : fallback);
    *ret = (sg_page){.scene = scene, .width = width_mm, .y = SG_MARGIN_MM};
    if (titled) {
        sg_font font = sg_font_of(SG_TITLE_PT, SG_LEFT, SG_TOP);
        font.bold = true;
        const sg_rect at = {SG_MARGIN_MM, ret->y, width_mm - 2.0 * SG_MARGIN_MM, 0.0};
        ret->y += sg_add_paragraph(scene, at, title, font) + 2.0 * GAP_MM;
    }
    return SG_OK;
}

sg_status sg_page_finish(sg_page *page, const char *note, sg_text *caption, sg_scene **ret,
                         sg_error *err)
{
    SG_AUTO_TEXT sg_text whole = {0};
    sg_text_append(&whole, note ? note : "");
    if (whole.n && caption->n)
        sg_text_append(&whole, " ");
    if (caption->n)
        sg_text_append(&whole, caption->bytes);
    if (whole.failed || caption->failed)
        return sg_fail_memory(err, "writing a figure's caption");

    if (whole.n) {
        sg_font font = sg_font_of(SG_SMALL_PT, SG_LEFT, SG_TOP);
        font.ink = SG_INK_GREY;
        const sg_rect below = {SG_MARGIN_MM, page->y + 3.0 * GAP_MM,
                               page->width - 2.0 * SG_MARGIN_MM, 0.0};
        const sg_rect at = page->foot.w > 0.0 ? page->foot : below;
        const double end = at.y + sg_add_paragraph(page->scene, at, whole.bytes, font);
        page->y = fmax(page->y, end);
    }
    sg_scene_set_caption(page->scene, whole.n ? whole.bytes : "");
    sg_scene_set_height(page->scene, page->y + SG_MARGIN_MM);
    return sg_scene_finish(&page->scene, ret, err);
}

double sg_add_panel_title(sg_page *page, sg_rect at, size_t index, size_t n_panels,
                          const char *title)
{
    const bool lettered = n_panels > 1;
    const bool titled = title && *title;
    double height = lettered ? cap_mm(SG_TITLE_PT) : 0.0;
    double indent = 0.0;

    if (lettered) {
        const char letter[2] = {(char)('a' + index % 26), '\0'};
        sg_font font = sg_font_of(SG_TITLE_PT, SG_LEFT, SG_TOP);
        font.bold = true;
        sg_add_text(page->scene, at.x, at.y, letter, font);
        indent = 3.2;
    }
    if (titled) {
        const double drop = lettered ? cap_mm(SG_TITLE_PT) - cap_mm(SG_LABEL_PT) : 0.0;
        const sg_rect beside = {at.x + indent, at.y + drop, at.w - indent, 0.0};
        const double title_height =
            drop +
            sg_add_paragraph(page->scene, beside, title, sg_font_of(SG_LABEL_PT, SG_LEFT, SG_TOP));
        height = fmax(height, title_height);
    }
    return height > 0.0 ? height + GAP_MM : 0.0;
}
