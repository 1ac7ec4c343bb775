/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>

enum { MOST_PANELS = 64, MOST_CELLS = 100000, MOST_SIDE = 256, BAR_STEPS = 64 };

#define BAR_MM          2.6
#define SHORTEST_BAR_MM 12.0
#define LONGEST_BAR_MM  80.0
#define GAP_MM          2.5
#define SMALLEST_MM     16.0 /* side of a panel before the figure takes another row */
#define LARGEST_MM      52.0
#define NO_VALUE_INK    ((sg_ink){225, 225, 225, 255})

/* The figure's scale: the value at t is mapped to the colour at (v - low) / (high - low). */
typedef struct scale {
    double low, high;           /* ends of the colour bar */
    double map_low, map_high;   /* values of the map's first and last colour */
    bool below, above, missing; /* some value lies beyond an end, or is none */
} scale;

typedef struct grid {
    size_t n_rows, n_cols; /* after binning */
    size_t row_block, col_block;
} grid;

static sg_status check(const sg_heatmap_params *p, sg_error *err)
{
    if (p->n_rows == 0 || p->n_cols == 0)
        return sg_fail(err, SG_EINVAL, "a heatmap of %zu x %zu has no cells", p->n_rows, p->n_cols);
    if (p->n_rows > UINT32_MAX || p->n_cols > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "a heatmap of %zu x %zu is too large", p->n_rows, p->n_cols);
    if (p->n_panels == 0 || p->n_panels > MOST_PANELS || !p->panels)
        return sg_fail(err, SG_EINVAL,
                       "a heatmap figure takes 1 to %d panels, got %zu: choose "
                       "fewer epochs",
                       MOST_PANELS, p->n_panels);
    if (isinf(p->low) || isinf(p->high) || p->low >= p->high)
        return sg_fail(err, SG_EINVAL, "the colour scale from %g to %g is empty", p->low, p->high);
    for (size_t i = 0; i < p->n_panels; i++)
        if (!p->panels[i].value)
            return sg_fail(err, SG_EINVAL, "panel %zu of the heatmap has no values", i);
    return SG_OK;
}

static grid binned(const sg_heatmap_params *p)
{
    grid g = {p->n_rows, p->n_cols, 1, 1};
    if ((double)p->n_rows * (double)p->n_cols > MOST_CELLS) {
        g.row_block = (p->n_rows + MOST_SIDE - 1) / MOST_SIDE;
        g.col_block = (p->n_cols + MOST_SIDE - 1) / MOST_SIDE;
        g.n_rows = (p->n_rows + g.row_block - 1) / g.row_block;
        g.n_cols = (p->n_cols + g.col_block - 1) / g.col_block;
    }
    return g;
}

/* Mean of the block's finite values; NaN where there is none. */
static double cell_value(const sg_heatmap_params *p, const grid *g, const double *value, size_t i)
{
    const size_t row = i / g->n_cols * g->row_block;
    const size_t col = i % g->n_cols * g->col_block;
    double sum = 0.0;
    double n = 0.0;

    for (size_t r = row; r < row + g->row_block && r < p->n_rows; r++) {
        for (size_t c = col; c < col + g->col_block && c < p->n_cols; c++) {
            const double v = value[r * p->n_cols + c];
            if (isfinite(v)) {
                sum += v;
                n += 1.0;
            }
        }
    }
    return n > 0.0 ? sum / n : (double)NAN;
}

/* Fills in the ends that the caller left to the data. */
static void choose_ends(const sg_heatmap_params *p, double least, double most, scale *s)
{
    const bool signs = p->map == SG_MAP_DIVERGING;
    const double largest = fmax(fabs(least), fabs(most));

    s->low = !isnan(p->low) ? p->low : signs ? -largest : fmin(least, 0.0);
    s->high = !isnan(p->high) ? p->high : signs ? largest : most;
    if (!(s->high > s->low)) { /* all values alike */
        const double pad = fmax(fabs(s->low), 1.0);
        if (isnan(p->high))
            s->high = s->low + pad;
        else
            s->low = s->high - pad;
    }
    const double reach = fmax(fabs(s->low), fabs(s->high));
    s->map_low = signs ? -reach : s->low;
    s->map_high = signs ? reach : s->high;
}

static scale choose_scale(const sg_heatmap_params *p, const grid *g)
{
    scale s = {0};
    double least = (double)INFINITY;
    double most = -(double)INFINITY;

    for (size_t k = 0; k < p->n_panels; k++) {
        for (size_t i = 0; i < g->n_rows * g->n_cols; i++) {
            const double v = cell_value(p, g, p->panels[k].value, i);
            s.missing = s.missing || isnan(v);
            least = fmin(least, v);
            most = fmax(most, v);
        }
    }
    const bool any = most >= least;
    choose_ends(p, any ? least : 0.0, any ? most : 0.0, &s);
    s.below = any && least < s.low;
    s.above = any && most > s.high;
    return s;
}

static sg_ink ink_of(const sg_heatmap_params *p, const scale *s, double v)
{
    if (isnan(v))
        return NO_VALUE_INK;
    const double bounded = fmin(fmax(v, s->low), s->high);
    return sg_ink_map(p->map, (bounded - s->map_low) / (s->map_high - s->map_low));
}

/* Where the panels and the bar go. */
typedef struct plan {
    size_t n_cols, n_rows; /* of panels */
    double w, h;           /* of a panel */
    double title_h;
    double left, bar_x;
    sg_ticks ticks;
} plan;

static double title_height(const sg_heatmap_params *p)
{
    for (size_t i = 0; i < p->n_panels; i++)
        if (p->panels[i].title && *p->panels[i].title)
            return SG_CAP_EM * SG_LABEL_PT * SG_MM_PER_PT + 1.2;
    return 0.0;
}

static plan make_plan(const sg_heatmap_params *p, const scale *s)
{
    plan l = {.title_h = title_height(p)};
    const bool labelled = p->value_label && *p->value_label;
    const double aspect = (double)p->n_rows / (double)p->n_cols;

    sg_ticks_linear(s->low, s->high, 4.0, false, &l.ticks);
    const double bar = GAP_MM + BAR_MM + sg_left_axis_width(&l.ticks, labelled);
    const double room = p->width_mm - 2.0 * SG_MARGIN_MM - bar;
    const size_t fit = (size_t)fmax(1.0, floor((room + GAP_MM) / (SMALLEST_MM + GAP_MM)));
    l.n_rows = (p->n_panels + fit - 1) / fit;
    l.n_cols = (p->n_panels + l.n_rows - 1) / l.n_rows;
    l.w = fmin((room + GAP_MM) / (double)l.n_cols - GAP_MM, LARGEST_MM);
    l.h = l.w * aspect;
    if (l.h > LARGEST_MM * 1.3) {
        l.h = LARGEST_MM * 1.3;
        l.w = fmax(l.h / aspect, 4.0);
    }
    l.h = fmax(l.h, 4.0);
    const double used = (double)l.n_cols * (l.w + GAP_MM) - GAP_MM;
    l.left = SG_MARGIN_MM + fmax(0.0, (room - used) / 2.0);
    l.bar_x = l.left + used + GAP_MM;
    return l;
}

static sg_status add_panel(sg_scene *scene, const sg_heatmap_params *p, const grid *g,
                           const scale *s, const double *value, sg_rect at)
{
    const size_t n = g->n_rows * g->n_cols;
    SG_AUTOFREE sg_ink *cell = SG_NEW_ARRAY(sg_ink, n);
    if (!cell)
        return SG_ENOMEM;
    for (size_t i = 0; i < n; i++)
        cell[i] = ink_of(p, s, cell_value(p, g, value, i));
    sg_add_cells(scene, at, g->n_rows, g->n_cols, cell);
    sg_add_rect(scene, at, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.35, SG_SOLID});
    return SG_OK;
}

/* The colour bar, with its ticks and label to the right. */
static void add_bar(sg_scene *scene, const sg_heatmap_params *p, const scale *s, const plan *l,
                    double y)
{
    const double row = l->h + l->title_h + GAP_MM;
    const double n_rows =
        fmax(1.0, fmin((double)l->n_rows, floor((LONGEST_BAR_MM + GAP_MM) / row)));
    const sg_rect bar = {l->bar_x, y + l->title_h, BAR_MM,
                         fmax(n_rows * row - GAP_MM - l->title_h, SHORTEST_BAR_MM)};
    const sg_axis axis = {s->low, s->high, false, bar.y + bar.h, bar.y};
    sg_ink step[BAR_STEPS];

    for (size_t i = 0; i < BAR_STEPS; i++)
        step[i] = ink_of(p, s, s->high - (s->high - s->low) * ((double)i + 0.5) / BAR_STEPS);
    sg_add_cells(scene, bar, BAR_STEPS, 1, step);
    sg_add_rect(scene, bar, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.35, SG_SOLID});
    for (size_t i = 0; i < l->ticks.n; i++) {
        const double at = sg_axis_place(&axis, l->ticks.tick[i].value);
        const double right = bar.x + bar.w;
        sg_add_line(scene, right, at, right + 0.8, at, SG_AXIS_PEN);
        sg_add_text(scene, right + 1.4, at, l->ticks.tick[i].label,
                    sg_font_of(SG_SMALL_PT, SG_LEFT, SG_MIDDLE));
    }
    sg_font font = sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_MIDDLE);
    font.turn_deg = 90.0;
    sg_add_text(scene, bar.x + bar.w + sg_left_axis_width(&l->ticks, true) - 1.0,
                bar.y + bar.h / 2.0, p->value_label, font);
}

static void put_caption(sg_text *t, const sg_heatmap_params *p, const grid *g, const scale *s)
{
    if (g->row_block > 1 || g->col_block > 1)
        sg_text_printf(t,
                       "Each cell is the mean of a block of %zu \xc3\x97 %zu of the %zu \xc3\x97 "
                       "%zu values.",
                       g->row_block, g->col_block, p->n_rows, p->n_cols);
    if (s->below || s->above)
        sg_text_printf(t, "%sValues beyond the ends of the scale have the colour of the end.",
                       t->n ? " " : "");
    if (s->missing)
        sg_text_printf(t, "%sGrey: no value.", t->n ? " " : "");
}

sg_status sg_figure_heatmap(const sg_heatmap_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Heatmap", &page, err));

    const grid g = binned(params);
    const scale s = choose_scale(params, &g);
    const plan l = make_plan(params, &s);
    for (size_t i = 0; i < params->n_panels; i++) {
        const size_t row = i / l.n_cols;
        const size_t col = i % l.n_cols;
        const sg_rect at = {l.left + (double)col * (l.w + GAP_MM),
                            page.y + l.title_h + (double)row * (l.h + l.title_h + GAP_MM), l.w,
                            l.h};
        sg_add_text(page.scene, at.x + at.w / 2.0, at.y - 1.2, params->panels[i].title,
                    sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_BASELINE));
        if (add_panel(page.scene, params, &g, &s, params->panels[i].value, at) != SG_OK)
            return sg_fail_memory(err, "drawing a heatmap");
    }
    add_bar(page.scene, params, &s, &l, page.y);
    page.y +=
        fmax((double)l.n_rows * (l.h + l.title_h + GAP_MM) - GAP_MM, l.title_h + SHORTEST_BAR_MM);

    SG_AUTO_TEXT sg_text caption = {0};
    put_caption(&caption, params, &g, &s);
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
