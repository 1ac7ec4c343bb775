/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 64, MOST_EPOCHS = 1000, MOST_PANELS = 16, BAR_STEPS = 96 };

#define NEUTRAL      2.0 /* |z| below it is no finding: white */
#define LEAST_END    10.0
#define MOST_END     1000.0
#define FIRST_COLOUR 0.28 /* of the map's half at |z| = NEUTRAL: visibly not white */
#define LEAST_PANEL  24.0 /* mm wide */
#define ROW_MM       3.3
#define GROUP_MM     4.4
#define GAP_MM       3.0
#define BAR_MM       2.6
#define MOST_LABELS  0.58 /* of the figure's width; longer labels are cut off, and say so */
#define LONGEST_BAR  60.0

static sg_status check(const sg_zscores_params *p, sg_error *err)
{
    if (p->n_rows == 0 || p->n_rows > MOST_ROWS || !p->rows)
        return sg_fail(err, SG_EINVAL, "a figure of z-scores takes 1 to %d measures, got %zu",
                       MOST_ROWS, p->n_rows);
    if (p->n_epochs == 0 || p->n_epochs > MOST_EPOCHS || !p->epochs)
        return sg_fail(err, SG_EINVAL, "a figure of z-scores takes 1 to %d epochs, got %zu",
                       MOST_EPOCHS, p->n_epochs);
    if (p->n_panels == 0 || p->n_panels > MOST_PANELS || !p->panels)
        return sg_fail(err, SG_EINVAL, "a figure of z-scores takes 1 to %d panels, got %zu",
                       MOST_PANELS, p->n_panels);
    for (size_t i = 0; i < p->n_rows; i++)
        if (!p->rows[i].label)
            return sg_fail(err, SG_EINVAL, "measure %zu of the z-scores has no label", i);
    for (size_t i = 0; i < p->n_panels; i++)
        if (!p->panels[i].z)
            return sg_fail(err, SG_EINVAL, "panel %zu of the z-scores has no values", i);
    for (size_t i = 1; i < p->n_epochs; i++)
        if (p->epochs[i] <= p->epochs[i - 1])
            return sg_fail(err, SG_EINVAL, "the epochs of the z-scores do not ascend");
    return SG_OK;
}

/* 1, 2 or 5 times a power of ten, the first that holds v, in [LEAST_END, MOST_END]. */
static double round_up(double v)
{
    double end = LEAST_END;
    for (size_t i = 0; end < v && end < MOST_END; i++)
        end *= i % 3 == 1 ? 2.5 : 2.0;
    return fmin(end, MOST_END);
}

/* Where the colours end, and what the caption must say. */
typedef struct scale {
    double end;
    bool beyond, missing;
} scale;

static scale choose_scale(const sg_zscores_params *p)
{
    double most = 0.0;
    scale s = {0};
    for (size_t k = 0; k < p->n_panels; k++)
        for (size_t i = 0; i < p->n_rows * p->n_epochs; i++) {
            const double z = p->panels[k].z[i];
            s.missing = s.missing || isnan(z);
            most = isnan(z) ? most : fmax(most, fabs(z));
        }
    s.end = round_up(most);
    s.beyond = most > s.end;
    return s;
}

/* Place of z on the scale from -1 to 1: linear up to NEUTRAL, logarithmic from there; the neutral
 * part takes FIRST_COLOUR of each half. */
static double place_of(double end, double z)
{
    const double size = fabs(z);
    const double t = size <= NEUTRAL
                         ? FIRST_COLOUR * size / NEUTRAL
                         : FIRST_COLOUR + (1.0 - FIRST_COLOUR) *
                                              fmin(log(size / NEUTRAL) / log(end / NEUTRAL), 1.0);
    return copysign(t, z);
}

static sg_ink ink_of(double end, double z)
{
    if (isnan(z))
        return SG_INK_NONE;
    if (fabs(z) < NEUTRAL)
        return SG_INK_WHITE;
    return sg_ink_map(SG_MAP_DIVERGING, 0.5 + 0.5 * place_of(end, z));
}

/* Where everything goes; panels share the rows' labels on their left. */
typedef struct plan {
    double left; /* of the first panel: room for the rows' labels */
    double w, h; /* of a panel */
    size_t n_cols, n_lines;
    double title_h, bar_x;
    bool numbers;
    double row_y[MOST_ROWS]; /* top of each row below the panel's top */
    bool headed[MOST_ROWS];  /* a group begins here */
} plan;

static void place_rows(const sg_zscores_params *p, plan *l)
{
    double y = 0.0;
    for (size_t i = 0; i < p->n_rows; i++) {
        const char *group = p->rows[i].group;
        const char *before = i > 0 ? p->rows[i - 1].group : NULL;
        l->headed[i] = group && (!before || strcmp(group, before) != 0);
        y += l->headed[i] ? GROUP_MM : 0.0;
        l->row_y[i] = y;
        y += ROW_MM;
    }
    l->h = y;
}

static double bar_width(const scale *s)
{
    SG_AUTO_TEXT sg_text widest = {0};
    sg_put_number(&widest, -s->end, 4);
    const double label = widest.bytes ? sg_label_width(widest.bytes, false) : 4.0;
    return GAP_MM + BAR_MM + 1.4 + label * SG_SMALL_PT * SG_MM_PER_PT;
}

static plan make_plan(const sg_zscores_params *p, const scale *s)
{
    plan l = {0};
    double label = 0.0;
    place_rows(p, &l);
    for (size_t i = 0; i < p->n_rows; i++)
        label = fmax(label, sg_label_width(p->rows[i].label, false));
    double title = 0.0;
    for (size_t i = 0; i < p->n_panels; i++)
        if (p->panels[i].title && *p->panels[i].title) {
            l.title_h = SG_CAP_EM * SG_LABEL_PT * SG_MM_PER_PT + 1.4;
            title = fmax(title, sg_label_width(p->panels[i].title, false) * SG_LABEL_PT);
        }
    const double least = fmax(LEAST_PANEL, title * SG_MM_PER_PT);
    const double most_left = MOST_LABELS * p->width_mm;
    l.left = SG_MARGIN_MM + fmin(label * SG_SMALL_PT * SG_MM_PER_PT + 1.2, most_left);
    const double bar = bar_width(s);
    const double room = p->width_mm - l.left - SG_MARGIN_MM - bar;
    const double fit = fmax(1.0, floor((room + GAP_MM) / (least + GAP_MM)));
    l.n_lines = (size_t)ceil((double)p->n_panels / fit);
    l.n_cols = (p->n_panels + l.n_lines - 1) / l.n_lines;
    l.w = fmin((room + GAP_MM) / (double)l.n_cols - GAP_MM, fmax(9.0 * (double)p->n_epochs, least));
    l.numbers = l.w / (double)p->n_epochs >= 6.4;
    l.bar_x = l.left + (double)l.n_cols * (l.w + GAP_MM);
    return l;
}

/* Diagonal strokes: there is no value, which is not the same as none that matters. */
static void add_hatching(sg_scene *scene, sg_rect at)
{
    const sg_pen pen = {SG_INK_PALE, 0.4, SG_SOLID};
    const double step = 1.3;

    sg_add_clip(scene, at);
    const size_t n = (size_t)ceil((at.w + at.h) / step - 0.5);
    for (size_t i = 0; i < n; i++) {
        const double x = at.x - at.h + ((double)i + 0.5) * step;
        sg_add_line(scene, x, at.y + at.h, x + at.h, at.y, pen);
    }
    sg_add_unclip(scene);
}

/* "+12", "-3.1": what a cell has room for. */
static void add_number(sg_scene *scene, sg_rect at, double z, sg_ink ink)
{
    SG_AUTO_TEXT sg_text t = {0};
    const double size = fabs(z);
    const double shown = size < 9.95 ? round(10.0 * z) / 10.0 : round(fmin(size, 99999.0));

    if (shown == 0.0)
        sg_text_append(&t, "0");
    else
        sg_put_number(&t, size < 9.95 ? shown : copysign(shown, z), 5);
    const double luminance = 0.299 * ink.r + 0.587 * ink.g + 0.114 * ink.b;
    sg_font font = sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_MIDDLE);
    font.ink = luminance < 128.0 ? SG_INK_WHITE : SG_INK_BLACK;
    scene->failed = scene->failed || t.failed;
    sg_add_text(scene, at.x + at.w / 2.0, at.y + at.h / 2.0, t.bytes, font);
}

static sg_status add_row(sg_scene *scene, const sg_zscores_params *p, const scale *s, const plan *l,
                         const double *z, sg_rect at)
{
    const double w = at.w / (double)p->n_epochs;
    SG_AUTOFREE sg_ink *cell = SG_NEW_ARRAY(sg_ink, p->n_epochs);
    if (!cell)
        return SG_ENOMEM;
    for (size_t i = 0; i < p->n_epochs;) {
        size_t n = 0;
        while (i + n < p->n_epochs && isnan(z[i + n]))
            n++;
        if (n)
            add_hatching(scene, (sg_rect){at.x + (double)i * w, at.y, (double)n * w, at.h});
        i += n ? n : 1;
    }
    for (size_t i = 0; i < p->n_epochs; i++)
        cell[i] = ink_of(s->end, z[i]);
    sg_add_cells(scene, at, 1, p->n_epochs, cell);
    for (size_t i = 0; l->numbers && i < p->n_epochs; i++)
        if (!isnan(z[i]))
            add_number(scene, (sg_rect){at.x + (double)i * w, at.y, w, at.h}, z[i], cell[i]);
    sg_add_rect(scene, at, SG_INK_NONE, (sg_pen){SG_INK_PALE, 0.35, SG_SOLID});
    return SG_OK;
}

/* Epochs under the columns: those of round numbers that stay apart, and the first. */
static void add_epochs(sg_scene *scene, const sg_zscores_params *p, sg_rect at)
{
    const double w = at.w / (double)p->n_epochs;
    const double em = SG_SMALL_PT * SG_MM_PER_PT;
    double free_from = at.x - 1e3;

    for (size_t i = 0; i < p->n_epochs; i++) {
        SG_AUTO_TEXT sg_text label = {0};
        const long epoch = p->epochs[i];
        if (p->n_epochs > 12 && epoch % (p->n_epochs > 60 ? 20 : p->n_epochs > 24 ? 10 : 5) != 0)
            continue;
        if (epoch < 0) /* the file names none */
            continue;
        sg_text_printf(&label, "%ld", epoch);
        if (label.failed) {
            scene->failed = true;
            return;
        }
        const double x = at.x + ((double)i + 0.5) * w;
        const double half = 0.5 * em * sg_label_width(label.bytes, false);
        if (x - half < free_from)
            continue;
        sg_add_line(scene, x, at.y, x, at.y + 0.7, SG_AXIS_PEN);
        sg_add_text(scene, x, at.y + 1.4, label.bytes, sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_TOP));
        free_from = x + half + 0.9;
    }
    sg_add_text(scene, at.x + at.w / 2.0, at.y + 1.8 + 1.25 * em, p->x_label ? p->x_label : "Epoch",
                sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_TOP));
}

/* Adds a row's label, its end replaced by an ellipsis where there is no room for it. */
static void add_label(sg_scene *scene, const char *label, double right, double y)
{
    const double room = (right - SG_MARGIN_MM) / (SG_SMALL_PT * SG_MM_PER_PT);
    const sg_font font = sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_MIDDLE);
    const char *ellipsis = "\xe2\x80\xa6";
    size_t n = strlen(label);
    SG_AUTO_TEXT sg_text cut = {0};

    if (sg_label_width(label, false) <= room) {
        sg_add_text(scene, right, y, label, font);
        return;
    }
    while (n > 0 && ((label[n] & 0xC0) == 0x80 || sg_label_width_n(label, n, false) > room - 1.0))
        n--;
    sg_text_append_bytes(&cut, label, n);
    sg_text_append(&cut, ellipsis);
    scene->failed = scene->failed || cut.failed;
    sg_add_text(scene, right, y, cut.bytes, font);
}

static void add_labels(sg_scene *scene, const sg_zscores_params *p, const plan *l, double y)
{
    for (size_t i = 0; i < p->n_rows; i++) {
        const double top = y + l->row_y[i];
        if (l->headed[i]) {
            sg_font font = sg_font_of(SG_SMALL_PT, SG_LEFT, SG_BASELINE);
            font.bold = true;
            sg_add_text(scene, SG_MARGIN_MM, top - 1.1, p->rows[i].group, font);
        }
        add_label(scene, p->rows[i].label, l->left - 1.0, top + ROW_MM / 2.0);
    }
}

/* The colour bar, white where |z| is no finding, with ticks where they stay apart. */
static void add_bar(sg_scene *scene, const scale *s, const plan *l, double y)
{
    static const double ticks[] = {2.0, 1000.0, 100.0, 10.0, 500.0, 50.0, 5.0, 200.0, 20.0};
    const double h = fmin(fmax(l->h, 30.0), LONGEST_BAR);
    const sg_rect bar = {l->bar_x, y, BAR_MM, h};
    const sg_font font = sg_font_of(SG_SMALL_PT, SG_LEFT, SG_MIDDLE);
    double taken[SG_COUNT(ticks)];
    size_t n_taken = 0;
    sg_ink step[BAR_STEPS];

    for (size_t i = 0; i < BAR_STEPS; i++) {
        const double t = 1.0 - 2.0 * ((double)i + 0.5) / BAR_STEPS;
        step[i] =
            fabs(t) < FIRST_COLOUR ? SG_INK_WHITE : sg_ink_map(SG_MAP_DIVERGING, 0.5 + 0.5 * t);
    }
    sg_add_cells(scene, bar, BAR_STEPS, 1, step);
    sg_add_rect(scene, bar, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.35, SG_SOLID});
    const double middle = bar.y + h / 2.0;
    sg_add_text(scene, bar.x, bar.y - 1.4, "~{z}", sg_font_of(SG_LABEL_PT, SG_LEFT, SG_BASELINE));
    sg_add_line(scene, bar.x + bar.w, middle, bar.x + bar.w + 0.8, middle, SG_AXIS_PEN);
    sg_add_text(scene, bar.x + bar.w + 1.4, middle, "0", font);
    for (size_t i = 0; i < SG_COUNT(ticks); i++) {
        const double off = 0.5 * h * place_of(s->end, ticks[i]);
        bool apart = ticks[i] <= s->end;
        for (size_t k = 0; k < n_taken; k++)
            apart = apart && fabs(off - taken[k]) > 2.6;
        for (int side = 0; apart && side < 2; side++) {
            const double sign = side == 0 ? -1.0 : 1.0;
            SG_AUTO_TEXT sg_text label = {0};
            sg_put_number(&label, sign * ticks[i], 4);
            scene->failed = scene->failed || label.failed;
            const double at = middle - sign * off;
            sg_add_line(scene, bar.x + bar.w, at, bar.x + bar.w + 0.8, at, SG_AXIS_PEN);
            sg_add_text(scene, bar.x + bar.w + 1.4, at, label.bytes, font);
        }
        if (apart)
            taken[n_taken++] = off;
    }
}

static sg_status add_panel(sg_page *page, const sg_zscores_params *p, const scale *s, const plan *l,
                           size_t which)
{
    const sg_zscores_panel *panel = &p->panels[which];
    const sg_rect at = {l->left + (double)(which % l->n_cols) * (l->w + GAP_MM),
                        page->y + l->title_h, l->w, l->h};

    sg_add_text(page->scene, at.x + at.w / 2.0, at.y - 1.4, panel->title,
                sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_BASELINE));
    for (size_t i = 0; i < p->n_rows; i++)
        SG_TRY(add_row(page->scene, p, s, l, panel->z + i * p->n_epochs,
                       (sg_rect){at.x, at.y + l->row_y[i], at.w, ROW_MM}));
    add_epochs(page->scene, p, (sg_rect){at.x, at.y + at.h, at.w, 0.0});
    return SG_OK;
}

static void put_caption(sg_text *t, const scale *s)
{
    sg_text_append(t, "White: |~{z}| < 2. Colours grow with log |~{z}|.");
    if (s->beyond)
        sg_text_append(t, " Values beyond the ends of the scale have the colour of the end.");
    if (s->missing)
        sg_text_append(t, " Hatched: not defined.");
}

sg_status sg_figure_zscores(const sg_zscores_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "z-scores over epochs", &page, err));

    const scale s = choose_scale(params);
    const plan l = make_plan(params, &s);
    const double below = sg_bottom_axis_height(true) + 1.0;
    const double first = page.y + l.title_h;
    for (size_t i = 0; i < params->n_panels; i++) {
        if (i % l.n_cols == 0)
            add_labels(page.scene, params, &l, page.y + l.title_h);
        if (add_panel(&page, params, &s, &l, i) != SG_OK)
            return sg_fail_memory(err, "drawing z-scores");
        if (i % l.n_cols + 1 == l.n_cols || i + 1 == params->n_panels)
            page.y += l.title_h + l.h + below + (i + 1 < params->n_panels ? GAP_MM : 0.0);
    }
    add_bar(page.scene, &s, &l, first + (l.headed[0] ? GROUP_MM : 1.0));
    page.y = fmax(page.y, first + GROUP_MM + fmin(fmax(l.h, 30.0), LONGEST_BAR));

    SG_AUTO_TEXT sg_text caption = {0};
    put_caption(&caption, &s);
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
