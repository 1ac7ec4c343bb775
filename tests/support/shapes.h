/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_SHAPES_H
#define SG_TEST_SHAPES_H

/* A scene that holds a mark of every kind, and encoding it. */

#include "unit.h"

#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/scene.h"

static inline sg_font black(double size_pt, sg_halign halign)
{
    return sg_font_of(size_pt, halign, SG_BASELINE);
}

/* One mark of every kind, without text. */
static inline sg_scene *shapes(void)
{
    const sg_point wave[] = {{2, 12}, {6, 8}, {10, 12}, {14, 8}};
    const sg_point area[] = {{16, 12}, {20, 7}, {24, 12}};
    const sg_segment cross[] = {{{2, 14}, {10, 18}}, {{2, 18}, {10, 14}}};
    sg_ink cell[12];
    sg_scene *s = sg_scene_new(30.0);
    assert_non_null(s);

    sg_scene_set_height(s, 24.0);
    sg_scene_set_title(s, "Shapes");
    sg_add_rect(s, (sg_rect){1, 1, 28, 22}, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.5, SG_DASHED});
    sg_add_polyline(s, wave, 4, (sg_pen){sg_ink_category(0), 1.0, SG_SOLID});
    sg_add_polygon(s, area, 3, sg_ink_faded(sg_ink_category(1), 0.5), SG_NO_PEN);
    sg_add_segments(s, cross, 2, (sg_pen){sg_ink_faded(SG_INK_BLACK, 0.3), 2.0, SG_SOLID});
    for (size_t i = 0; i < SG_N_SYMBOLS; i++) {
        const sg_spot spot = {3.0 + 3.0 * (double)i, 4.5, 2.0};
        sg_add_symbols(s, &spot, 1, (sg_symbol)i, sg_ink_category(i),
                       (sg_pen){SG_INK_BLACK, 0.4, SG_SOLID});
    }
    for (size_t i = 0; i < 12; i++)
        cell[i] = i == 5 ? SG_INK_NONE : sg_ink_map(SG_MAP_CIVIDIS, (double)i / 11.0);
    sg_add_cells(s, (sg_rect){13, 14, 8, 6}, 3, 4, cell);
    sg_add_clip(s, (sg_rect){22, 14, 4, 4});
    sg_add_rect(s, (sg_rect){23, 15, 9, 9}, sg_ink_category(2), SG_NO_PEN);
    sg_add_unclip(s);
    assert_false(s->failed);
    return s;
}

static inline sg_scene *with_text(const char *label)
{
    sg_scene *s = shapes();
    sg_add_text(s, 15.0, 22.0, label, black(7.0, SG_CENTRE));
    sg_font turned = black(6.0, SG_LEFT);
    turned.turn_deg = 90.0;
    turned.bold = true;
    sg_add_text(s, 29.0, 20.0, "up", turned);
    assert_false(s->failed);
    return s;
}

static inline void encode(const sg_scene *s, sg_scene_format format, double dpi, char **ret,
                          size_t *n)
{
    sg_error err = {0};
    const sg_scene_write_params p = {format, dpi};
    assert_ok(sg_scene_encode(s, &p, ret, n, &err), &err);
}

#endif
