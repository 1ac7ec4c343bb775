/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>

/* Cells of a side at most: with one panel, and with several; more would not print. */
enum {
    MOST_PANELS = 8,
    SIDE_ONE = 200,
    SIDE_MANY = 140,
    LEVELS = 48,
    BAR_STEPS = 48,
    SINGLE_CELLS = 10000 /* fewer are drawn one by one where they fit */
};

#define LINKS_A_CELL 2.0

#define BAR_MM     2.6
#define GAP_MM     4.0
#define LEAST_MM   30.0
#define LARGEST_MM 84.0
#define LEAST_SIDE 12.0

typedef struct grid {
    size_t block;          /* neurons of each side that share a cell */
    size_t n_rows, n_cols; /* cells */
} grid;

/* Whether the places are a permutation of 0 .. n - 1. */
static sg_status check_places(const uint32_t *at, size_t n, size_t which, sg_error *err)
{
    if (!at)
        return SG_OK;
    SG_AUTOFREE bool *seen = SG_NEW_ARRAY(bool, n);
    if (!seen)
        return sg_fail_memory(err, "checking a matrix");
    for (size_t i = 0; i < n; i++) {
        if (at[i] >= n || seen[at[i]])
            return sg_fail(err, SG_EINVAL, "the places in panel %zu are no permutation of %zu",
                           which, n);
        seen[at[i]] = true;
    }
    return SG_OK;
}

static sg_status check_cuts(const uint32_t *cut, size_t n_cuts, size_t n, size_t which,
                            sg_error *err)
{
    for (size_t i = 0; i < n_cuts; i++)
        if (!cut || cut[i] > n || (i > 0 && cut[i] < cut[i - 1]))
            return sg_fail(err, SG_EINVAL, "the groups of panel %zu do not lie in the matrix",
                           which);
    return SG_OK;
}

static sg_status check_panel(const sg_adjacency_params *p, size_t which, sg_error *err)
{
    const sg_adjacency_panel *panel = &p->panels[which];

    if (panel->n_links > 0 && (!panel->row || !panel->col))
        return sg_fail(err, SG_EINVAL, "panel %zu of the matrices has no links", which);
    for (size_t i = 0; i < panel->n_links; i++)
        if (panel->row[i] >= p->n_rows || panel->col[i] >= p->n_cols)
            return sg_fail(err, SG_EINVAL,
                           "link %zu of panel %zu lies outside the %zu x %zu matrix", i, which,
                           p->n_rows, p->n_cols);
    SG_TRY(check_places(panel->row_at, p->n_rows, which, err));
    SG_TRY(check_places(panel->col_at, p->n_cols, which, err));
    SG_TRY(check_cuts(panel->row_cut, panel->n_cuts, p->n_rows, which, err));
    return check_cuts(panel->col_cut, panel->n_cuts, p->n_cols, which, err);
}

static sg_status check(const sg_adjacency_params *p, sg_error *err)
{
    if (p->n_rows == 0 || p->n_cols == 0 || p->n_rows > UINT32_MAX || p->n_cols > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "a matrix of %zu x %zu cannot be drawn", p->n_rows,
                       p->n_cols);
    if (p->n_panels == 0 || p->n_panels > MOST_PANELS || !p->panels)
        return sg_fail(err, SG_EINVAL, "a figure of matrices takes 1 to %d of them, got %zu",
                       MOST_PANELS, p->n_panels);
    for (size_t i = 0; i < p->n_panels; i++)
        SG_TRY(check_panel(p, i, err));
    return SG_OK;
}

/* The side of a block with room for LINKS_A_CELL links in the mean: a share of fewer is noise. */
static size_t block_for_links(const sg_adjacency_params *p)
{
    size_t most = 1;
    for (size_t i = 0; i < p->n_panels; i++)
        most = p->panels[i].n_links > most ? p->panels[i].n_links : most;
    return (size_t)ceil(sqrt(LINKS_A_CELL * (double)p->n_rows * (double)p->n_cols / (double)most));
}

/* Square blocks, so that rows and columns compare: as large as print asks for, and up to twice as
 * large where links are few. */
static grid binned(const sg_adjacency_params *p)
{
    const size_t most = p->n_panels > 1 ? SIDE_MANY : SIDE_ONE;
    const size_t side = p->n_rows > p->n_cols ? p->n_rows : p->n_cols;
    size_t block = (side + most - 1) / most;
    if (p->n_rows * p->n_cols > SINGLE_CELLS || block > 1) {
        const size_t wanted = block_for_links(p);
        block = wanted > 2 * block ? 2 * block : wanted > block ? wanted : block;
    }
    return (grid){block, (p->n_rows + block - 1) / block, (p->n_cols + block - 1) / block};
}

/* Neuron pairs in a cell: fewer at the edges. */
static double pairs_of(const sg_adjacency_params *p, const grid *g, size_t cell)
{
    const size_t row = cell / g->n_cols * g->block;
    const size_t col = cell % g->n_cols * g->block;
    return fmin((double)g->block, (double)(p->n_rows - row)) *
           fmin((double)g->block, (double)(p->n_cols - col));
}

/* Shares of linked pairs, (n_panels, n_rows * n_cols); the largest of all through *most. */
static double *make_shares(const sg_adjacency_params *p, const grid *g, double *most)
{
    const size_t n_cells = g->n_rows * g->n_cols;
    double *share = SG_NEW_ARRAY(double, p->n_panels *n_cells);
    if (!share)
        return NULL;
    *most = 0.0;
    for (size_t k = 0; k < p->n_panels; k++) {
        const sg_adjacency_panel *panel = &p->panels[k];
        double *own = share + k * n_cells;
        for (size_t i = 0; i < panel->n_links; i++) {
            const size_t row = panel->row_at ? panel->row_at[panel->row[i]] : panel->row[i];
            const size_t col = panel->col_at ? panel->col_at[panel->col[i]] : panel->col[i];
            own[row / g->block * g->n_cols + col / g->block] += 1.0;
        }
        for (size_t i = 0; i < n_cells; i++) {
            own[i] /= pairs_of(p, g, i);
            *most = fmax(*most, own[i]);
        }
    }
    return share;
}

/* Links one by one are dark on white; shares are in steps of the map, so that neighbours join. */
static sg_ink ink_of(const grid *g, double share, double most)
{
    if (g->block == 1)
        return share > 0.0 ? sg_ink_map(SG_MAP_CIVIDIS, 0.0) : SG_INK_NONE;
    return sg_ink_map(SG_MAP_CIVIDIS, most > 0.0 ? round(LEVELS * share / most) / LEVELS : 0.0);
}

/* Where the panels go. */
typedef struct plan {
    double left, w, h, title_h;
    size_t n_cols, n_lines; /* of panels */
    double bar_x;
    sg_ticks ticks;
    sg_ticks row_ticks, col_ticks;
    double axis_w, axis_h;
    double most; /* the largest share, at the top of the scale */
} plan;

static const char *row_label(const sg_adjacency_params *p)
{
    return p->row_label ? p->row_label : "Receiving neuron";
}

static plan make_plan(const sg_adjacency_params *p, const grid *g, double most)
{
    plan l = {.most = most};
    const double aspect = (double)p->n_rows / (double)p->n_cols;

    sg_ticks_linear(0.0, fmax(most, 1e-9), 4.0, false, &l.ticks);
    for (size_t i = 0; i < p->n_panels; i++)
        if (p->panels[i].title && *p->panels[i].title)
            l.title_h = SG_CAP_EM * SG_LABEL_PT * SG_MM_PER_PT + 1.6;
    sg_ticks_linear(0.0, (double)p->n_rows, 4.0, true, &l.row_ticks);
    l.axis_w = sg_left_axis_width(&l.row_ticks, true);
    l.axis_h = sg_bottom_axis_height(true);
    const double bar =
        g->block > 1 ? GAP_MM + BAR_MM + sg_left_axis_width(&l.ticks, true) - 1.0 : 2.5;
    const double room = p->width_mm - 2.0 * SG_MARGIN_MM - bar;
    const double fit = fmax(1.0, floor((room + GAP_MM) / (LEAST_MM + l.axis_w + GAP_MM)));
    l.n_lines = (size_t)ceil((double)p->n_panels / fit);
    l.n_cols = (p->n_panels + l.n_lines - 1) / l.n_lines;
    l.w = fmin((room + GAP_MM) / (double)l.n_cols - GAP_MM - l.axis_w, LARGEST_MM);
    l.h = l.w * aspect;
    if (l.h > LARGEST_MM) {
        l.h = LARGEST_MM;
        l.w = fmax(l.h / aspect, LEAST_SIDE);
    }
    /* The label stands beside the panel: a flat matrix is stretched to it. */
    const double label = sg_label_width(row_label(p), false) * SG_LABEL_PT * SG_MM_PER_PT;
    l.h = fmax(l.h, fmax(LEAST_SIDE, label));
    l.left = SG_MARGIN_MM;
    l.bar_x = l.left + (double)l.n_cols * (l.axis_w + l.w + GAP_MM);
    sg_ticks_linear(0.0, (double)p->n_cols, fmax(2.0, l.w / 12.0), true, &l.col_ticks);
    return l;
}

/* Frames round each group's block on the diagonal. */
static void add_groups(sg_scene *scene, const sg_adjacency_params *p,
                       const sg_adjacency_panel *panel, sg_rect at, sg_ink ink)
{
    const double y_step = at.h / (double)p->n_rows;
    const double x_step = at.w / (double)p->n_cols;
    double y = 0.0;
    double x = 0.0;

    for (size_t i = 0; panel->n_cuts > 0 && i <= panel->n_cuts; i++) {
        const double y_end = i < panel->n_cuts ? (double)panel->row_cut[i] : (double)p->n_rows;
        const double x_end = i < panel->n_cuts ? (double)panel->col_cut[i] : (double)p->n_cols;
        if (y_end > y && x_end > x)
            sg_add_rect(scene,
                        (sg_rect){at.x + x * x_step, at.y + y * y_step, (x_end - x) * x_step,
                                  (y_end - y) * y_step},
                        SG_INK_NONE, (sg_pen){ink, 0.5, SG_SOLID});
        y = y_end;
        x = x_end;
    }
}

static sg_status add_cells(sg_scene *scene, const sg_adjacency_params *p, const grid *g,
                           const double *share, double most, sg_rect at)
{
    const size_t n = g->n_rows * g->n_cols;
    SG_AUTOFREE sg_ink *cell = SG_NEW_ARRAY(sg_ink, n);
    if (!cell)
        return SG_ENOMEM;
    for (size_t i = 0; i < n; i++)
        cell[i] = ink_of(g, share[i], most);
    /* Cells beyond the last neuron stick out; the frame cuts them off. */
    const double w = at.w * (double)(g->n_cols * g->block) / (double)p->n_cols;
    const double h = at.h * (double)(g->n_rows * g->block) / (double)p->n_rows;
    sg_add_clip(scene, at);
    sg_add_cells(scene, (sg_rect){at.x, at.y, w, h}, g->n_rows, g->n_cols, cell);
    sg_add_unclip(scene);
    return SG_OK;
}

static sg_status add_panel(sg_page *page, const sg_adjacency_params *p, const grid *g,
                           const double *share, size_t which, const plan *l)
{
    const size_t col = which % l->n_cols;
    const sg_adjacency_panel *panel = &p->panels[which];
    const sg_rect at = {l->left + l->axis_w + (double)col * (l->axis_w + l->w + GAP_MM),
                        page->y + l->title_h, l->w, l->h};
    sg_scene *scene = page->scene;

    SG_TRY(add_cells(scene, p, g, share, l->most, at));
    add_groups(scene, p, panel, at, g->block > 1 ? SG_INK_WHITE : sg_ink_category(1));
    sg_add_rect(scene, at, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.35, SG_SOLID});
    sg_add_text(scene, at.x + at.w / 2.0, at.y - 1.4, panel->title,
                sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_BASELINE));
    const sg_axis rows = {.low = 0.0, .high = (double)p->n_rows, .from = at.y, .to = at.y + at.h};
    const sg_axis cols = {.low = 0.0, .high = (double)p->n_cols, .from = at.x, .to = at.x + at.w};
    sg_add_left_axis(scene, &rows, at.x, &l->row_ticks, row_label(p), at.x - l->axis_w + 1.4);
    (void)sg_add_bottom_axis(scene, &cols, at.y + at.h, &l->col_ticks,
                             p->col_label ? p->col_label : "Sending neuron");
    return SG_OK;
}

static void add_bar(sg_scene *scene, const plan *l, double y)
{
    const sg_rect bar = {l->bar_x, y, BAR_MM, fmin(fmax(l->h, 22.0), 60.0)};
    const sg_axis axis = {
        .low = 0.0, .high = fmax(l->most, 1e-9), .from = bar.y + bar.h, .to = bar.y};
    sg_ink step[BAR_STEPS];

    for (size_t i = 0; i < BAR_STEPS; i++)
        step[i] = sg_ink_map(SG_MAP_CIVIDIS, 1.0 - ((double)i + 0.5) / BAR_STEPS);
    sg_add_cells(scene, bar, BAR_STEPS, 1, step);
    sg_add_rect(scene, bar, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.35, SG_SOLID});
    const double right = bar.x + bar.w;
    for (size_t i = 0; i < l->ticks.n; i++) {
        const double at = sg_axis_place(&axis, l->ticks.tick[i].value);
        sg_add_line(scene, right, at, right + 0.8, at, SG_AXIS_PEN);
        sg_add_text(scene, right + 1.4, at, l->ticks.tick[i].label,
                    sg_font_of(SG_SMALL_PT, SG_LEFT, SG_MIDDLE));
    }
    sg_font font = sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_MIDDLE);
    font.turn_deg = 90.0;
    sg_add_text(scene, right + sg_left_axis_width(&l->ticks, true) - 1.0, bar.y + bar.h / 2.0,
                "Share linked", font);
}

static void put_caption(sg_text *t, const sg_adjacency_params *p, const grid *g)
{
    bool groups = false;
    for (size_t i = 0; i < p->n_panels; i++)
        groups = groups || p->panels[i].n_cuts > 0;
    if (g->block > 1)
        sg_text_printf(t,
                       "Each cell is the share of linked pairs among %zu \xc3\x97 %zu neurons "
                       "(fewer at the last row and column).",
                       g->block, g->block);
    else
        sg_text_append(t, "A filled cell is a link.");
    if (groups)
        sg_text_append(t, " Frames: the links of each group with itself.");
}

sg_status sg_figure_adjacency(const sg_adjacency_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Adjacency matrix", &page, err));

    const grid g = binned(params);
    double most = 0.0;
    SG_AUTOFREE double *share = make_shares(params, &g, &most);
    if (!share)
        return sg_fail_memory(err, "drawing a matrix");
    const plan l = make_plan(params, &g, most);
    const double top = page.y + l.title_h;
    for (size_t i = 0; i < params->n_panels; i++) {
        if (add_panel(&page, params, &g, share + i * g.n_rows * g.n_cols, i, &l) != SG_OK)
            return sg_fail_memory(err, "drawing a matrix");
        if (i % l.n_cols + 1 == l.n_cols || i + 1 == params->n_panels)
            page.y += l.title_h + l.h + l.axis_h + (i + 1 < params->n_panels ? GAP_MM : 0.0);
    }
    if (g.block > 1) {
        add_bar(page.scene, &l, top);
        page.y = fmax(page.y, top + fmin(fmax(l.h, 22.0), 60.0));
    }

    SG_AUTO_TEXT sg_text caption = {0};
    put_caption(&caption, params, &g);
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
