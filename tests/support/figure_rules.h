/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_FIGURE_RULES_H
#define SG_TEST_FIGURE_RULES_H

/* What every figure must keep, whatever it shows. */

#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/label.h"
#include "draw/marks.h"
#include "sparsegraph/figure.h"
#include "xml.h"

static const double widths[] = {SG_WIDTH_ONE_COLUMN_MM, 129.0, SG_WIDTH_TWO_COLUMN_MM};

typedef struct box {
    double left, top, right, bottom;
} box;

static inline box text_box(const sg_mark *m)
{
    const double em = m->font.size_pt * SG_MM_PER_PT;
    const double w = em * sg_label_width(m->text, m->font.bold);
    const double before = m->font.halign == SG_LEFT ? 0.0 : m->font.halign == SG_CENTRE ? w / 2 : w;
    const double up = SG_CAP_EM * em;
    if (m->font.turn_deg != 0.0)
        return (box){m->rect.x - up, m->rect.y + before - w, m->rect.x, m->rect.y + before};
    return (box){m->rect.x - before, m->rect.y - up, m->rect.x - before + w, m->rect.y};
}

static inline void grow(box *b, double x, double y)
{
    assert_true(isfinite(x) && isfinite(y));
    b->left = fmin(b->left, x);
    b->top = fmin(b->top, y);
    b->right = fmax(b->right, x);
    b->bottom = fmax(b->bottom, y);
}

static inline box mark_box(const sg_mark *m)
{
    const double far = (double)INFINITY;
    box b = {far, far, -far, -far};
    if (m->kind == SG_MARK_TEXT)
        return text_box(m);
    if (m->kind == SG_MARK_RECT || m->kind == SG_MARK_CELLS || m->kind == SG_MARK_CLIP) {
        grow(&b, m->rect.x, m->rect.y);
        grow(&b, m->rect.x + m->rect.w, m->rect.y + m->rect.h);
    }
    for (size_t i = 0; i < m->n; i++) {
        if (m->kind == SG_MARK_PATH) {
            grow(&b, m->point[i].x, m->point[i].y);
        } else if (m->kind == SG_MARK_SEGMENTS) {
            grow(&b, m->segment[i].a.x, m->segment[i].a.y);
            grow(&b, m->segment[i].b.x, m->segment[i].b.y);
        } else if (m->kind == SG_MARK_SYMBOLS) {
            grow(&b, m->spot[i].x - m->spot[i].size / 2, m->spot[i].y - m->spot[i].size / 2);
            grow(&b, m->spot[i].x + m->spot[i].size / 2, m->spot[i].y + m->spot[i].size / 2);
        }
    }
    return b;
}

/* Nothing outside the page (but what a clip hides), and letters of at least 6 pt. */
static inline void assert_inside_the_page(const sg_scene *s)
{
    bool clipped = false;
    for (size_t i = 0; i < s->n_marks; i++) {
        const sg_mark *m = &s->mark[i];
        if (m->kind == SG_MARK_CLIP || m->kind == SG_MARK_UNCLIP) {
            clipped = m->kind == SG_MARK_CLIP;
            continue;
        }
        const box b = mark_box(m);
        if (!clipped && (b.left < -0.01 || b.top < -0.01 || b.right > s->width_mm + 0.01 ||
                         b.bottom > s->height_mm + 0.01))
            fail_msg("mark %zu (%s) leaves the page of %g x %g mm: %g %g %g %g", i,
                     m->kind == SG_MARK_TEXT ? m->text : "no text", s->width_mm, s->height_mm,
                     b.left, b.top, b.right, b.bottom);
        if (m->kind == SG_MARK_TEXT)
            assert_true(m->font.size_pt >= 6.0 && m->font.size_pt <= 8.0);
        if (m->pen.ink.a > 0 && m->pen.width_pt > 0.0)
            assert_true(m->pen.width_pt >= 0.25);
    }
    assert_false(clipped);
}

static inline void assert_no_text_covers_another(const sg_scene *s)
{
    for (size_t i = 0; i < s->n_marks; i++) {
        for (size_t k = i + 1; k < s->n_marks; k++) {
            if (s->mark[i].kind != SG_MARK_TEXT || s->mark[k].kind != SG_MARK_TEXT)
                continue;
            const box a = text_box(&s->mark[i]);
            const box b = text_box(&s->mark[k]);
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
                fail_msg("on a page of %g mm '%s' and '%s' overlap", s->width_mm, s->mark[i].text,
                         s->mark[k].text);
        }
    }
}

static inline void assert_drawable(const sg_scene *s)
{
    sg_error err = {0};
    char *text = NULL;
    size_t n = 0;
    xml_reader *x = malloc(sizeof *x);
    const sg_scene_write_params p = {SG_SCENE_PNG, 40.0};

    assert_ok(sg_scene_svg(s, "a", &text, &err), &err);
    xml_check(x, text);
    sg_free(text);
    free(x);
    assert_ok(sg_scene_encode(s, &p, &text, &n, &err), &err);
    sg_free(text);
}

/* Checks a scene against all rules and frees it. */
static inline void judge(sg_scene *s, double width_mm)
{
    assert_non_null(s);
    assert_true(sg_scene_width_mm(s) == width_mm);
    assert_inside_the_page(s);
    assert_no_text_covers_another(s);
    assert_drawable(s);
    sg_scene_free(s);
}

static inline const sg_mark *find_text(const sg_scene *s, const char *part)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_TEXT && strstr(s->mark[i].text, part))
            return &s->mark[i];
    return NULL;
}

static inline size_t count_kind(const sg_scene *s, sg_mark_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        n += s->mark[i].kind == kind;
    return n;
}

#endif
