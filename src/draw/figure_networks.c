/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/force_layout.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>

enum { MOST_PANELS = 6, MOST_NODES = 20000 };

#define GAP_MM     4.0
#define LARGEST_MM 88.0
#define BIGGEST_MM 3.4 /* a node's diameter */
#define LEAST_MM   0.55

static sg_status check_panel(const sg_network_panel *g, size_t which, sg_error *err)
{
    if (g->n_nodes == 0 || g->n_nodes > MOST_NODES)
        return sg_fail(err, SG_EINVAL, "network %zu has %zu nodes: 1 to %d can be drawn", which,
                       g->n_nodes, MOST_NODES);
    if (g->n_edges > 0 && (!g->from || !g->to))
        return sg_fail(err, SG_EINVAL, "network %zu has no ends of its edges", which);
    if (!g->x != !g->y)
        return sg_fail(err, SG_EINVAL, "network %zu has positions in one direction only", which);
    for (size_t e = 0; e < g->n_edges; e++)
        if (g->from[e] >= g->n_nodes || g->to[e] >= g->n_nodes)
            return sg_fail(err, SG_EINVAL, "edge %zu of network %zu joins %u and %u of %zu nodes",
                           e, which, g->from[e], g->to[e], g->n_nodes);
    for (size_t i = 0; i < g->n_nodes; i++) {
        if (g->x && (!isfinite(g->x[i]) || !isfinite(g->y[i])))
            return sg_fail(err, SG_EINVAL, "node %zu of network %zu has no position", i, which);
        if (g->category && g->category[i] >= SG_N_CATEGORIES)
            return sg_fail(err, SG_EINVAL, "node %zu of network %zu has category %u: 0 to 7 exist",
                           i, which, g->category[i]);
    }
    return SG_OK;
}

static sg_status check(const sg_networks_params *p, sg_error *err)
{
    if (p->n_panels == 0 || p->n_panels > MOST_PANELS || !p->panels)
        return sg_fail(err, SG_EINVAL, "a figure takes 1 to %d networks, got %zu", MOST_PANELS,
                       p->n_panels);
    for (size_t i = 0; i < p->n_panels; i++)
        SG_TRY(check_panel(&p->panels[i], i, err));
    return SG_OK;
}

/* Positions on the page; the caller's y points up, as in a plot. */
static sg_status place_nodes(const sg_network_panel *g, uint64_t seed, sg_rect at, sg_point *node,
                             sg_error *err)
{
    if (g->x) {
        for (size_t i = 0; i < g->n_nodes; i++)
            node[i] = (sg_point){g->x[i], -g->y[i]};
        sg_fit_square(node, g->n_nodes);
    } else {
        const sg_force_graph graph = {g->n_nodes, g->n_edges, g->from, g->to};
        SG_TRY(sg_force_layout(&graph, seed, node, err));
    }
    const double pad = BIGGEST_MM / 2.0;
    for (size_t i = 0; i < g->n_nodes; i++) {
        node[i].x = at.x + pad + node[i].x * (at.w - 2.0 * pad);
        node[i].y = at.y + pad + node[i].y * (at.h - 2.0 * pad);
    }
    return SG_OK;
}

static sg_status add_edges(sg_scene *scene, const sg_network_panel *g, const sg_point *node)
{
    SG_AUTOFREE sg_segment *segment = SG_NEW_ARRAY(sg_segment, g->n_edges);
    if (!segment)
        return SG_ENOMEM;
    for (size_t e = 0; e < g->n_edges; e++)
        segment[e] = (sg_segment){node[g->from[e]], node[g->to[e]]};
    const double opacity = fmin(fmax(200.0 / (double)(g->n_edges + 1), 0.10), 0.55);
    const double width = g->n_edges > 2000 ? 0.25 : 0.4;
    sg_add_segments(scene, segment, g->n_edges,
                    (sg_pen){sg_ink_faded((sg_ink){40, 40, 40, 255}, opacity), width, SG_SOLID});
    return SG_OK;
}

static double diameter(const sg_network_panel *g, const uint32_t *degree, uint32_t most, size_t i,
                       double side)
{
    const double roomy = 0.55 * side / sqrt((double)g->n_nodes);
    const double biggest = fmin(fmax(roomy, 1.0), fmin(BIGGEST_MM, 0.06 * side));
    return fmax(biggest * sqrt((1.0 + degree[i]) / (1.0 + most)), LEAST_MM);
}

static sg_status add_nodes(sg_scene *scene, const sg_network_panel *g, const sg_point *node,
                           const uint32_t *degree, double side)
{
    SG_AUTOFREE sg_spot *spot = SG_NEW_ARRAY(sg_spot, g->n_nodes);
    if (!spot)
        return SG_ENOMEM;
    uint32_t most = 0;
    for (size_t i = 0; i < g->n_nodes; i++)
        most = degree[i] > most ? degree[i] : most;
    for (size_t c = 0; c < SG_N_CATEGORIES; c++) {
        size_t n = 0;
        for (size_t i = 0; i < g->n_nodes; i++)
            if ((g->category ? g->category[i] : 0) == c)
                spot[n++] = (sg_spot){node[i].x, node[i].y, diameter(g, degree, most, i, side)};
        const bool open = c == SG_CROSS || c == SG_PLUS; /* shapes without an inside */
        const sg_pen edge = open ? (sg_pen){sg_ink_category(c), 0.8, SG_SOLID}
                                 : (sg_pen){SG_INK_WHITE, 0.3, SG_SOLID};
        sg_add_symbols(scene, spot, n, (sg_symbol)c, sg_ink_category(c), edge);
    }
    return SG_OK;
}

/* Appends "n = 75, m = 1,138, density 41 %". */
static void put_counts(sg_text *t, const sg_network_panel *g)
{
    const double n = (double)g->n_nodes;
    const double possible = n * (n - 1.0) / (g->directed ? 1.0 : 2.0);

    sg_text_append(t, "~{n} = ");
    sg_put_count(t, n);
    sg_text_append(t, ", ~{m} = ");
    sg_put_count(t, (double)g->n_edges);
    if (possible > 0.0) {
        sg_text_append(t, ", density ");
        sg_put_number(t, 100.0 * (double)g->n_edges / possible, 2);
        sg_text_append(t, " %");
    }
}

static sg_status add_network(sg_scene *scene, const sg_networks_params *p, size_t which, sg_rect at,
                             sg_error *err)
{
    const sg_network_panel *g = &p->panels[which];
    SG_AUTOFREE sg_point *node = SG_NEW_ARRAY(sg_point, g->n_nodes);
    SG_AUTOFREE uint32_t *counted = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    SG_AUTO_TEXT sg_text counts = {0};
    if (!node || !counted)
        return sg_fail_memory(err, "drawing a network");

    for (size_t e = 0; e < g->n_edges; e++) {
        counted[g->from[e]]++;
        counted[g->to[e]]++;
    }
    SG_TRY(place_nodes(g, p->seed, at, node, err));
    if (add_edges(scene, g, node) != SG_OK ||
        add_nodes(scene, g, node, g->degree ? g->degree : counted, at.w) != SG_OK)
        return sg_fail_memory(err, "drawing a network");
    put_counts(&counts, g);
    scene->failed = scene->failed || counts.failed;
    sg_add_text(scene, at.x + at.w / 2.0, at.y + at.h + 1.2, counts.bytes,
                sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_TOP));
    return SG_OK;
}

/* Keys of the categories that some node has and that have a name. */
static double add_categories(sg_page *page, const sg_networks_params *p, double y)
{
    sg_key key[SG_N_CATEGORIES];
    size_t n = 0;

    for (size_t c = 0; p->category_name && c < SG_N_CATEGORIES; c++) {
        bool used = false;
        for (size_t k = 0; k < p->n_panels; k++)
            for (size_t i = 0; p->panels[k].category && i < p->panels[k].n_nodes; i++)
                used = used || p->panels[k].category[i] == c;
        if (used && p->category_name[c])
            key[n++] = (sg_key){.label = p->category_name[c],
                                .symbol = (sg_symbol)c,
                                .symbol_ink = sg_ink_category(c),
                                .symbol_pen = {sg_ink_category(c), 0.5, SG_SOLID},
                                .symbol_size = 1.8};
    }
    const sg_rect at = {SG_MARGIN_MM, y, page->width - 2.0 * SG_MARGIN_MM, 0.0};
    return sg_add_keys(page->scene, at, key, n);
}

sg_status sg_figure_networks(const sg_networks_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Networks", &page, err));

    const double room = params->width_mm - 2.0 * SG_MARGIN_MM;
    const size_t most = params->width_mm >= 130.0 ? 3 : 2;
    const size_t n_rows = (params->n_panels + most - 1) / most;
    const size_t n_cols = (params->n_panels + n_rows - 1) / n_rows;
    const double side = fmin((room + GAP_MM) / (double)n_cols - GAP_MM, LARGEST_MM);
    const double left = (params->width_mm - (double)n_cols * (side + GAP_MM) + GAP_MM) / 2.0;
    double bottom = page.y;

    for (size_t row = 0; row < n_rows; row++) {
        const size_t first = row * n_cols;
        double heading = 0.0;
        for (size_t i = first; i < first + n_cols && i < params->n_panels; i++) {
            const sg_rect at = {left + (double)(i - first) * (side + GAP_MM), page.y, side, 0.0};
            heading = fmax(heading, sg_add_panel_title(&page, at, i, params->n_panels,
                                                       params->panels[i].title));
        }
        for (size_t i = first; i < first + n_cols && i < params->n_panels; i++) {
            const sg_rect at = {left + (double)(i - first) * (side + GAP_MM), page.y + heading,
                                side, side};
            SG_TRY(add_network(page.scene, params, i, at, err));
        }
        bottom = page.y + heading + side + 1.2 + SG_SMALL_PT * SG_MM_PER_PT;
        page.y = bottom + 2.0;
    }
    page.y = bottom + add_categories(&page, params, bottom + 0.5);

    SG_AUTO_TEXT sg_text caption = {0};
    sg_text_append(&caption, "A node\xe2\x80\x99s area grows with its degree.");
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
