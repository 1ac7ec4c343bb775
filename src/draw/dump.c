/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/digits.h"
#include "draw/marks.h"
#include "sparsegraph/scene.h"

/* A scene as text: one line a mark, in the order in which they are drawn. */

static void put_mm(sg_text *t, double v)
{
    sg_text_append(t, " ");
    sg_put_fixed(t, v, 3);
}

static void put_ink(sg_text *t, const char *what, sg_ink ink)
{
    if (ink.a == 0)
        return;
    sg_text_printf(t, " %s ", what);
    sg_put_hex(t, ink.r, ink.g, ink.b);
    if (ink.a < 255)
        sg_text_printf(t, "/%u", ink.a);
}

static void put_pen(sg_text *t, sg_pen pen)
{
    static const char *const dashes[SG_N_DASHES] = {"", " dashed", " dotted", " dash-dot"};
    if (pen.width_pt <= 0.0 || pen.ink.a == 0)
        return;
    put_ink(t, "pen", pen.ink);
    put_mm(t, pen.width_pt);
    sg_text_append(t, "pt");
    sg_text_append(t, dashes[pen.dash]);
}

static void put_rect(sg_text *t, sg_rect r)
{
    put_mm(t, r.x);
    put_mm(t, r.y);
    put_mm(t, r.w);
    put_mm(t, r.h);
}

/* Cells as runs of one colour, a line a row. */
static void put_cells(sg_text *t, const sg_mark *m)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        sg_text_append(t, "\n ");
        for (size_t col = 0; col < m->n_cols;) {
            const sg_ink ink = m->cell[row * m->n_cols + col];
            size_t n = 0;
            while (col + n < m->n_cols) {
                const sg_ink other = m->cell[row * m->n_cols + col + n];
                if (other.r != ink.r || other.g != ink.g || other.b != ink.b || other.a != ink.a)
                    break;
                n++;
            }
            sg_text_append(t, " ");
            if (ink.a)
                sg_put_hex(t, ink.r, ink.g, ink.b);
            else
                sg_text_append(t, "none");
            if (n > 1)
                sg_text_printf(t, "*%zu", n);
            col += n;
        }
    }
}

static void put_text(sg_text *t, const sg_mark *m)
{
    static const char *const sides[] = {"left", "centre", "right"};
    put_mm(t, m->rect.x);
    put_mm(t, m->rect.y);
    put_mm(t, m->font.size_pt);
    sg_text_printf(t, "pt%s %s", m->font.bold ? " bold" : "", sides[m->font.halign]);
    if (m->font.turn_deg != 0.0) {
        sg_text_append(t, " turned");
        put_mm(t, m->font.turn_deg);
    }
    put_ink(t, "ink", m->font.ink);
    sg_text_printf(t, " \"%s\"", m->text);
}

static void put_points(sg_text *t, const sg_mark *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->kind == SG_MARK_PATH) {
            put_mm(t, m->point[i].x);
            put_mm(t, m->point[i].y);
        } else if (m->kind == SG_MARK_SEGMENTS) {
            put_mm(t, m->segment[i].a.x);
            put_mm(t, m->segment[i].a.y);
            put_mm(t, m->segment[i].b.x);
            put_mm(t, m->segment[i].b.y);
        } else {
            put_mm(t, m->spot[i].x);
            put_mm(t, m->spot[i].y);
            put_mm(t, m->spot[i].size);
        }
        sg_text_append(t, i + 1 < m->n ? "," : "");
    }
}

static void put_mark(sg_text *t, const sg_mark *m)
{
    static const char *const symbols[SG_N_SYMBOLS] = {
        "circle", "square", "triangle", "diamond", "cross", "triangle-down", "plus", "hexagon"};
    static const char *const kinds[] = {
        [SG_MARK_RECT] = "rect",       [SG_MARK_PATH] = "path",     [SG_MARK_SEGMENTS] = "lines",
        [SG_MARK_SYMBOLS] = "symbols", [SG_MARK_CELLS] = "cells",   [SG_MARK_TEXT] = "text",
        [SG_MARK_CLIP] = "clip",       [SG_MARK_UNCLIP] = "unclip",
    };

    sg_text_append(t, m->kind == SG_MARK_PATH && m->closed ? "area" : kinds[m->kind]);
    if (m->kind == SG_MARK_SYMBOLS)
        sg_text_printf(t, " %s", symbols[m->symbol]);
    if (m->kind == SG_MARK_TEXT)
        put_text(t, m);
    else if (m->kind == SG_MARK_RECT || m->kind == SG_MARK_CELLS || m->kind == SG_MARK_CLIP)
        put_rect(t, m->rect);
    put_ink(t, "fill", m->fill);
    put_pen(t, m->pen);
    if (m->kind == SG_MARK_CELLS)
        put_cells(t, m);
    else if (m->kind == SG_MARK_PATH || m->kind == SG_MARK_SEGMENTS || m->kind == SG_MARK_SYMBOLS)
        put_points(t, m);
    sg_text_append(t, "\n");
}

sg_status sg_scene_dump(const sg_scene *scene, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "scene");
    put_mm(&t, scene->width_mm);
    put_mm(&t, scene->height_mm);
    sg_text_printf(&t, "\ntitle \"%s\"\ncaption \"%s\"\n", sg_scene_title(scene),
                   sg_scene_caption(scene));
    for (size_t i = 0; i < scene->n_marks; i++)
        put_mark(&t, &scene->mark[i]);
    return sg_text_take(&t, ret, err);
}
