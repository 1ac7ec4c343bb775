/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_LAYERS = 16, MOST_DRAWN = 100, MOST_NEURONS = UINT32_MAX };

#define TALLEST_MM 56.0
#define DOT_MM     1.5
#define LINK_INK   ((sg_ink){60, 60, 60, 255})
#define LINK_PT    0.3

/* A layer as drawn. */
typedef struct column {
    size_t size;
    size_t n_drawn;
    uint32_t *drawn; /* (n_drawn) the neurons, ascending */
    uint32_t *slot;  /* (size) 1 + position in drawn; 0 = not drawn */
    bool *linked;    /* (size) has any link in the network */
} column;

typedef struct sketch {
    column *column;
    size_t n_columns;
    double n_possible; /* links of the fully connected layers */
    double n_links;
    size_t n_drawn_dense, n_drawn_sparse;
    bool has_weights, has_unlinked;
} sketch;

static void sketch_free(sketch *s)
{
    for (size_t i = 0; s->column && i < s->n_columns; i++) {
        sg_free(s->column[i].drawn);
        sg_free(s->column[i].slot);
        sg_free(s->column[i].linked);
    }
    sg_free(s->column);
}

static sg_status check_link(const sg_layers_params *p, size_t which, sg_error *err)
{
    const sg_layers_link *link = &p->links[which];

    if (link->from_layer >= p->n_layers || link->to_layer >= p->n_layers ||
        link->from_layer == link->to_layer)
        return sg_fail(err, SG_EINVAL, "links %zu lead from layer %zu to %zu of %zu layers", which,
                       link->from_layer, link->to_layer, p->n_layers);
    if (link->n_links > 0 && (!link->from || !link->to))
        return sg_fail(err, SG_EINVAL, "links %zu have no ends", which);
    for (size_t k = 0; k < link->n_links; k++)
        if (link->from[k] >= p->layer_size[link->from_layer] ||
            link->to[k] >= p->layer_size[link->to_layer])
            return sg_fail(err, SG_EINVAL,
                           "link %zu of links %zu leads from neuron %u to %u: there are %zu and "
                           "%zu",
                           k, which, link->from[k], link->to[k], p->layer_size[link->from_layer],
                           p->layer_size[link->to_layer]);
    return SG_OK;
}

static sg_status check(const sg_layers_params *p, sg_error *err)
{
    if (p->n_layers < 2 || p->n_layers > MOST_LAYERS || !p->layer_size)
        return sg_fail(err, SG_EINVAL, "a figure of layers takes 2 to %d of them, got %zu",
                       MOST_LAYERS, p->n_layers);
    if (p->max_neurons < 2 || p->max_neurons > MOST_DRAWN)
        return sg_fail(err, SG_EINVAL, "2 to %d neurons of a layer can be drawn, not %zu",
                       MOST_DRAWN, p->max_neurons);
    if (p->n_link_sets > 0 && !p->links)
        return sg_fail(err, SG_EINVAL, "the figure of layers has no links");
    for (size_t i = 0; i < p->n_layers; i++)
        if (p->layer_size[i] == 0 || p->layer_size[i] > MOST_NEURONS)
            return sg_fail(err, SG_EINVAL, "layer %zu has %zu neurons", i, p->layer_size[i]);
    for (size_t i = 0; i < p->n_link_sets; i++)
        SG_TRY(check_link(p, i, err));
    return SG_OK;
}

static int by_id(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Draws the layer's sample: n_drawn of its neurons, each subset as likely as any other. */
static void sample(column *c, uint64_t seed, size_t layer)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_SAMPLE, (uint32_t)layer, 0);

    /* Floyd's method (Bentley and Floyd, CACM 30:754, 1987, doi:10.1145/30401.315746): n_drawn
     * numbers for any size of layer. slot marks what is chosen already. */
    for (size_t k = 0; k < c->n_drawn; k++) {
        const size_t last = c->size - c->n_drawn + k;
        size_t pick = (size_t)sg_random_below(&r, last + 1);
        if (c->slot[pick])
            pick = last;
        c->slot[pick] = 1;
        c->drawn[k] = (uint32_t)pick;
    }
    qsort(c->drawn, c->n_drawn, sizeof *c->drawn, by_id);
    for (size_t k = 0; k < c->n_drawn; k++)
        c->slot[c->drawn[k]] = (uint32_t)k + 1;
}

static sg_status make_sketch(const sg_layers_params *p, sketch *s)
{
    s->column = SG_NEW_ARRAY(column, p->n_layers);
    if (!s->column)
        return SG_ENOMEM;
    s->n_columns = p->n_layers;
    for (size_t i = 0; i < p->n_layers; i++) {
        column *c = &s->column[i];
        c->size = p->layer_size[i];
        c->n_drawn = c->size < p->max_neurons ? c->size : p->max_neurons;
        c->drawn = SG_NEW_ARRAY(uint32_t, c->n_drawn);
        c->slot = SG_NEW_ARRAY(uint32_t, c->size);
        c->linked = SG_NEW_ARRAY(bool, c->size);
        if (!c->drawn || !c->slot || !c->linked)
            return SG_ENOMEM;
        sample(c, p->seed, i);
    }
    for (size_t i = 0; i < p->n_link_sets; i++) {
        const sg_layers_link *link = &p->links[i];
        s->n_possible +=
            (double)p->layer_size[link->from_layer] * (double)p->layer_size[link->to_layer];
        s->n_links += (double)link->n_links;
        s->has_weights = s->has_weights || link->weight;
        for (size_t k = 0; k < link->n_links; k++) {
            s->column[link->from_layer].linked[link->from[k]] = true;
            s->column[link->to_layer].linked[link->to[k]] = true;
        }
    }
    return SG_OK;
}

/* One panel: its place, and the position of every dot. */
typedef struct panel {
    sg_rect at;  /* of the dots */
    double step; /* between two dots of a column */
} panel;

static sg_point dot(const sketch *s, const panel *l, size_t layer, size_t k)
{
    const column *c = &s->column[layer];
    const double x = l->at.x + l->at.w * ((double)layer + 0.5) / (double)s->n_columns;
    const double middle = l->at.y + l->at.h / 2.0;
    return (sg_point){x, middle + l->step * ((double)k - (double)(c->n_drawn - 1) / 2.0)};
}

/* Drawn links of the largest set, fully connected. */
static double most_dense_links(const sg_layers_params *p, const sketch *s)
{
    double most = 1.0;
    for (size_t i = 0; i < p->n_link_sets; i++)
        most = fmax(most, (double)s->column[p->links[i].from_layer].n_drawn *
                              (double)s->column[p->links[i].to_layer].n_drawn);
    return most;
}

static sg_status add_dense_links(sg_scene *scene, const sg_layers_params *p, sketch *s,
                                 const panel *l)
{
    /* Fainter where there are more, so that the panel does not turn into one grey block. */
    const double opacity = fmin(fmax(170.0 / most_dense_links(p, s), 0.16), 0.6);
    const sg_pen pen = {sg_ink_faded(LINK_INK, opacity), LINK_PT, SG_SOLID};

    for (size_t i = 0; i < p->n_link_sets; i++) {
        const size_t from = p->links[i].from_layer;
        const size_t to = p->links[i].to_layer;
        const size_t n = s->column[from].n_drawn * s->column[to].n_drawn;
        SG_AUTOFREE sg_segment *segment = SG_NEW_ARRAY(sg_segment, n);
        if (!segment)
            return SG_ENOMEM;
        for (size_t k = 0; k < n; k++)
            segment[k] = (sg_segment){dot(s, l, from, k / s->column[to].n_drawn),
                                      dot(s, l, to, k % s->column[to].n_drawn)};
        sg_add_segments(scene, segment, n, pen);
        s->n_drawn_dense += n;
    }
    return SG_OK;
}

/* The drawn links of one set whose weights have the given sign: 1, -1, or 0 where there are none.
 */
static sg_status add_signed_links(sg_scene *scene, const sg_layers_link *link, sketch *s,
                                  const panel *l, int sign)
{
    SG_AUTOFREE sg_segment *segment = SG_NEW_ARRAY(sg_segment, link->n_links);
    if (!segment)
        return SG_ENOMEM;
    size_t n = 0;
    for (size_t k = 0; k < link->n_links; k++) {
        const uint32_t from = s->column[link->from_layer].slot[link->from[k]];
        const uint32_t to = s->column[link->to_layer].slot[link->to[k]];
        const int own = !link->weight ? 0 : link->weight[k] < 0.0F ? -1 : 1;
        if (from && to && own == sign)
            segment[n++] = (sg_segment){dot(s, l, link->from_layer, from - 1),
                                        dot(s, l, link->to_layer, to - 1)};
    }
    const sg_ink ink = sign > 0 ? SG_INK_POSITIVE : sign < 0 ? SG_INK_NEGATIVE : LINK_INK;
    const double opacity = fmin(fmax(60.0 / (double)(n + 1), 0.35), 0.8);
    const double width = n > 80 ? LINK_PT : 1.5 * LINK_PT;
    sg_add_segments(scene, segment, n,
                    (sg_pen){sg_ink_faded(ink, opacity), width, sign < 0 ? SG_DASHED : SG_SOLID});
    s->n_drawn_sparse += n;
    return SG_OK;
}

static sg_status add_sparse_links(sg_scene *scene, const sg_layers_params *p, sketch *s,
                                  const panel *l)
{
    for (size_t i = 0; i < p->n_link_sets; i++)
        for (int sign = -1; sign <= 1; sign++)
            if ((sign == 0) == !p->links[i].weight)
                SG_TRY(add_signed_links(scene, &p->links[i], s, l, sign));
    return SG_OK;
}

/* Three small dots below and above a column that goes on. */
static void add_ellipsis(sg_scene *scene, const sketch *s, const panel *l, size_t layer)
{
    const column *c = &s->column[layer];
    if (c->n_drawn == c->size)
        return;
    const sg_point first = dot(s, l, layer, 0);
    const sg_point last = dot(s, l, layer, c->n_drawn - 1);
    sg_spot spot[6];
    for (size_t i = 0; i < 3; i++) {
        const double away = 1.5 + 0.8 * (double)i;
        spot[i] = (sg_spot){first.x, first.y - away, 0.4};
        spot[3 + i] = (sg_spot){last.x, last.y + away, 0.4};
    }
    sg_add_symbols(scene, spot, 6, SG_CIRCLE, SG_INK_BLACK, SG_NO_PEN);
}

/* The neurons; in the sparse panel hollow where the network gives them no link. */
static void add_dots(sg_scene *scene, sketch *s, const panel *l, bool sparse)
{
    const double size = fmin(DOT_MM, 0.72 * l->step);
    const sg_pen edge = {SG_INK_BLACK, 0.4, SG_SOLID};

    for (size_t i = 0; i < s->n_columns; i++) {
        const column *c = &s->column[i];
        sg_spot full[MOST_DRAWN];
        sg_spot hollow[MOST_DRAWN];
        size_t n_full = 0;
        size_t n_hollow = 0;
        for (size_t k = 0; k < c->n_drawn; k++) {
            const sg_point at = dot(s, l, i, k);
            if (sparse && !c->linked[c->drawn[k]])
                hollow[n_hollow++] = (sg_spot){at.x, at.y, size};
            else
                full[n_full++] = (sg_spot){at.x, at.y, size};
        }
        sg_add_symbols(scene, full, n_full, SG_CIRCLE, SG_INK_BLACK, edge);
        sg_add_symbols(scene, hollow, n_hollow, SG_CIRCLE, SG_INK_WHITE, edge);
        s->has_unlinked = s->has_unlinked || n_hollow > 0;
        add_ellipsis(scene, s, l, i);
    }
}

static const char *name_of(const sg_layers_params *p, size_t layer)
{
    return p->layer_name && p->layer_name[layer] ? p->layer_name[layer] : "";
}

/* Whether every name and size fits under its column. */
static bool names_fit(const sg_layers_params *p, const sketch *s, double width)
{
    const double em = SG_SMALL_PT * SG_MM_PER_PT;
    for (size_t i = 0; i < s->n_columns; i++) {
        const char *rest = name_of(p, i);
        const char *line = NULL;
        size_t n = 0;
        while (sg_label_next_line(&rest, width / em, false, &line, &n))
            if (em * sg_label_width_n(line, n, false) > width)
                return false;
        if (s->column[i].size >= 1000 && width < 6.0)
            return false;
    }
    return true;
}

/* Names and sizes one below the other; returns the height. */
static double add_upright_names(sg_scene *scene, const sg_layers_params *p, const sketch *s,
                                const panel *l)
{
    const double y = l->at.y + l->at.h + 1.0;
    const double step = SG_LEADING_EM * SG_SMALL_PT * SG_MM_PER_PT;
    const double width = l->at.w / (double)s->n_columns - 1.0;
    sg_font font = sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_TOP);
    double deepest = 0.0;

    for (size_t i = 0; i < s->n_columns; i++) {
        SG_AUTO_TEXT sg_text size = {0};
        const double x = dot(s, l, i, 0).x;
        font.ink = SG_INK_BLACK;
        const double name =
            sg_add_paragraph(scene, (sg_rect){x, y, width, 0.0}, name_of(p, i), font);
        const double used = name > 0.0 ? fmax(step, name + 0.5) : 0.0;
        sg_put_count(&size, (double)s->column[i].size);
        font.ink = SG_INK_GREY;
        scene->failed = scene->failed || size.failed;
        sg_add_text(scene, x, y + used, size.bytes, font);
        deepest = fmax(deepest, used + step);
    }
    return deepest;
}

/* "hidden1, 1,000" turned, where columns are narrow; returns the height. */
static double add_turned_names(sg_scene *scene, const sg_layers_params *p, const sketch *s,
                               const panel *l)
{
    const double y = l->at.y + l->at.h + 1.0;
    sg_font font = sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_MIDDLE);
    double deepest = 0.0;

    font.turn_deg = 90.0;
    for (size_t i = 0; i < s->n_columns; i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_text_append(&t, name_of(p, i));
        sg_text_append(&t, t.n ? ", " : "");
        sg_put_count(&t, (double)s->column[i].size);
        scene->failed = scene->failed || t.failed;
        if (!t.failed)
            deepest = fmax(deepest, sg_label_width(t.bytes, false));
        sg_add_text(scene, dot(s, l, i, 0).x, y, t.bytes, font);
    }
    return deepest * SG_SMALL_PT * SG_MM_PER_PT + 1.0;
}

/* What the columns are, under them; returns the height. */
static double add_names(sg_scene *scene, const sg_layers_params *p, const sketch *s, const panel *l)
{
    const double width = l->at.w / (double)s->n_columns - 1.0;
    const double height = names_fit(p, s, width) ? add_upright_names(scene, p, s, l)
                                                 : add_turned_names(scene, p, s, l);
    return height + 1.0;
}

/* "570,000 links, 41.2 % of all possible" */
static void add_count(sg_scene *scene, const sketch *s, double n_links, double x, double y)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_put_count(&t, n_links);
    sg_text_append(&t, n_links == 1.0 ? " link, density " : " links, density ");
    sg_put_number(&t, s->n_possible > 0.0 ? 100.0 * n_links / s->n_possible : 0.0, 3);
    sg_text_append(&t, " %");
    scene->failed = scene->failed || t.failed;
    sg_add_text(scene, x, y, t.bytes, sg_font_of(SG_SMALL_PT, SG_CENTRE, SG_TOP));
}

static bool is_sampled(const sketch *s)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->column[i].n_drawn < s->column[i].size)
            return true;
    return false;
}

static size_t tallest(const sketch *s)
{
    size_t most = 1;
    for (size_t i = 0; i < s->n_columns; i++)
        most = s->column[i].n_drawn > most ? s->column[i].n_drawn : most;
    return most;
}

/* Draws panel `which` (0 dense, 1 sparse) with its upper left corner at (x, y). */
static sg_status add_panel(sg_page *page, const sg_layers_params *p, sketch *s, sg_rect at,
                           size_t which, double *bottom)
{
    const char *const own = which == 0 ? p->dense_title : p->sparse_title;
    const char *const title = own ? own : which == 0 ? "Densely connected" : "Sparsely connected";
    const double pad = is_sampled(s) ? 4.0 : 1.2; /* above and below the dots, for the ellipses */
    panel l = {.at = {at.x, at.y, at.w, 0.0}};

    l.at.y += sg_add_panel_title(page, at, which, 2, title);
    l.step = fmin(2.4, (TALLEST_MM - 2.0 * pad) / (double)tallest(s));
    l.at.h = l.step * (double)tallest(s) + 2.0 * pad;
    const sg_status status = which == 0 ? add_dense_links(page->scene, p, s, &l)
                                        : add_sparse_links(page->scene, p, s, &l);
    SG_TRY(status);
    add_dots(page->scene, s, &l, which == 1);
    const double names = add_names(page->scene, p, s, &l);
    const double y = l.at.y + l.at.h + names + 0.8;
    add_count(page->scene, s, which == 0 ? s->n_possible : s->n_links, at.x + at.w / 2.0, y);
    *bottom = fmax(*bottom, y + SG_SMALL_PT * SG_MM_PER_PT);
    return SG_OK;
}

/* "24 of 784 (input), 24 of 1,000 (hidden1)" for the layers that are sampled. */
static void put_sampled(sg_text *t, const sg_layers_params *p, const sketch *s)
{
    bool first = true;
    for (size_t i = 0; i < s->n_columns; i++) {
        const column *c = &s->column[i];
        if (c->n_drawn == c->size)
            continue;
        sg_text_append(t, first ? "" : ", ");
        sg_text_printf(t, "%zu of ", c->n_drawn);
        sg_put_count(t, (double)c->size);
        if (first)
            sg_text_append(t, " neurons");
        if (p->layer_name && p->layer_name[i] && *p->layer_name[i])
            sg_text_printf(t, " (%s)", p->layer_name[i]);
        first = false;
    }
    if (first)
        return;
    sg_text_append(t, ", chosen uniformly at random, and all links between them are drawn: ");
    sg_put_count(t, (double)s->n_drawn_dense);
    sg_text_append(t, " in a, ");
    sg_put_count(t, (double)s->n_drawn_sparse);
    sg_text_append(t, " in b.");
}

static void put_caption(sg_text *t, const sg_layers_params *p, const sketch *s)
{
    put_sampled(t, p, s);
    if (s->has_weights)
        sg_text_printf(t, "%sOrange: positive weights; blue, dashed: negative.", t->n ? " " : "");
    if (s->has_unlinked)
        sg_text_printf(t, "%sHollow: neurons without any link in the network.", t->n ? " " : "");
}

sg_status sg_figure_layers(const sg_layers_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_CLEANUP(sketch_free) sketch s = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Dense and sparse layers", &page, err));
    if (make_sketch(params, &s) != SG_OK)
        return sg_fail_memory(err, "drawing layers");

    const double gap = 4.0;
    const double room = params->width_mm - 2.0 * SG_MARGIN_MM;
    const bool stacked = room / 2.0 < 9.0 * (double)params->n_layers;
    const double width = stacked ? room : (room - gap) / 2.0;
    double bottom = page.y;
    for (size_t which = 0; which < 2; which++) {
        const double x = SG_MARGIN_MM + (stacked ? 0.0 : (double)which * (width + gap));
        const double y = stacked && which == 1 ? bottom + 2.0 : page.y;
        if (add_panel(&page, params, &s, (sg_rect){x, y, width, 0.0}, which, &bottom) != SG_OK)
            return sg_fail_memory(err, "drawing layers");
    }
    page.y = bottom;

    SG_AUTO_TEXT sg_text caption = {0};
    put_caption(&caption, params, &s);
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
