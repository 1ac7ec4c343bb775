/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "base/zeta.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SERIES = 8, MOST_CURVES = 3, MOST_LAWS = 8, FIT_POINTS = 64, N_COLUMNS = 4 };

#define SYMBOL_MM  1.2
#define CLOSEST_MM 0.25 /* symbols nearer than this to the last one would print as one */
#define COLUMN_MM  9.5
#define TALL_MM    64.0
#define SHORT_MM   56.0

/* P(K >= k) of one series at each of its positive degrees. */
typedef struct curve {
    double *k, *p; /* (n), k ascending */
    size_t n;
    double total; /* neurons, those of degree zero included */
    double zeros;
} curve;

typedef struct chart {
    curve curve[MOST_SERIES];
    sg_key key[MOST_SERIES];
    sg_axis x, y;
} chart;

static void chart_free(chart *c)
{
    for (size_t i = 0; i < MOST_SERIES; i++) {
        sg_free(c->curve[i].k);
        sg_free(c->curve[i].p);
    }
}

static bool is_share(double v)
{
    return v >= 0.0 && v <= 1.0;
}

static bool ascends(const double *k, size_t i)
{
    return k[i] > 0.0 && isfinite(k[i]) && (i == 0 || k[i] > k[i - 1]);
}

static sg_status check_band(const sg_ccdf_band *b, const char *series, sg_error *err)
{
    if (!b->label || !b->k || !b->low || !b->high)
        return sg_fail(err, SG_EINVAL, "the band of '%s' has no label or no values", series);
    for (size_t i = 0; i < b->n; i++)
        if (!ascends(b->k, i) || !is_share(b->low[i]) || !is_share(b->high[i]) ||
            b->low[i] > b->high[i])
            return sg_fail(err, SG_EINVAL, "entry %zu of the band of '%s' is none", i, series);
    return SG_OK;
}

static sg_status check_curve(const sg_ccdf_curve *c, const char *series, sg_error *err)
{
    if (!c->label || !c->k || !c->p)
        return sg_fail(err, SG_EINVAL, "a curve of '%s' has no label or no values", series);
    for (size_t i = 0; i < c->n; i++)
        if (!ascends(c->k, i) || !is_share(c->p[i]))
            return sg_fail(err, SG_EINVAL, "entry %zu of the curve '%s' of '%s' is none", i,
                           c->label, series);
    return SG_OK;
}

static sg_status check(const sg_ccdf_params *p, sg_error *err)
{
    if (p->n_series == 0 || p->n_series > MOST_SERIES || !p->series)
        return sg_fail(err, SG_EINVAL,
                       "a figure of degree distributions takes 1 to %d series, got %zu",
                       MOST_SERIES, p->n_series);
    for (size_t i = 0; i < p->n_series; i++) {
        const sg_ccdf_series *s = &p->series[i];
        if (!s->label || (s->n > 0 && !s->degree))
            return sg_fail(err, SG_EINVAL, "series %zu has no label or no degrees", i);
        if (s->band)
            SG_TRY(check_band(s->band, s->label, err));
        if (s->n_curves > MOST_CURVES || (s->n_curves > 0 && !s->curves))
            return sg_fail(err, SG_EINVAL, "'%s' takes at most %d curves, got %zu", s->label,
                           MOST_CURVES, s->n_curves);
        for (size_t k = 0; k < s->n_curves; k++)
            SG_TRY(check_curve(&s->curves[k], s->label, err));
    }
    return SG_OK;
}

typedef struct bin {
    double degree, count;
} bin;

static int by_degree(const void *a, const void *b)
{
    const double x = ((const bin *)a)->degree;
    const double y = ((const bin *)b)->degree;
    return (x > y) - (x < y);
}

static sg_status make_curve(const sg_ccdf_series *s, curve *c)
{
    SG_AUTOFREE bin *bins = SG_NEW_ARRAY(bin, s->n);
    c->k = SG_NEW_ARRAY(double, s->n);
    c->p = SG_NEW_ARRAY(double, s->n);
    if (!bins || !c->k || !c->p)
        return SG_ENOMEM;

    for (size_t i = 0; i < s->n; i++) {
        bins[i] = (bin){(double)s->degree[i], s->count ? (double)s->count[i] : 1.0};
        c->total += bins[i].count;
        c->zeros += bins[i].degree == 0.0 ? bins[i].count : 0.0;
    }
    qsort(bins, s->n, sizeof *bins, by_degree);
    double at_least = c->total;
    for (size_t i = 0; i < s->n; i++) {
        const bool seen = c->n > 0 && c->k[c->n - 1] == bins[i].degree;
        if (bins[i].degree > 0.0 && bins[i].count > 0.0 && !seen) {
            c->k[c->n] = bins[i].degree;
            c->p[c->n++] = at_least / c->total;
        }
        at_least -= bins[i].count;
    }
    return SG_OK;
}

/* rank: the coloured series before it. A reference has the symbol of the series that follows, which
 * is mostly the one it is the reference of. */
static sg_key make_key(const sg_ccdf_series *s, size_t rank)
{
    const sg_symbol symbol = (sg_symbol)(rank % SG_N_SYMBOLS);
    if (s->reference)
        return (sg_key){.label = s->label,
                        .pen = {SG_INK_GREY, 0.7, SG_SOLID},
                        .symbol = symbol,
                        .symbol_ink = SG_INK_PALE,
                        .symbol_pen = {SG_INK_GREY, 0.4, SG_SOLID},
                        .symbol_size = 0.8 * SYMBOL_MM};
    const sg_ink ink = sg_ink_category(rank);
    return (sg_key){.label = s->label,
                    .pen = {ink, SG_CURVE_PT, SG_SOLID},
                    .symbol = symbol,
                    .symbol_ink = sg_ink_faded(ink, 0.35),
                    .symbol_pen = {ink, 0.5, SG_SOLID},
                    .symbol_size = SYMBOL_MM};
}

/* Widens the axis to where the band still holds a neuron. */
static void include_band(const sg_ccdf_band *b, double total, double *k_low, double *k_high)
{
    for (size_t i = 0; b && i < b->n; i++) {
        if (b->high[i] * total < 1.0)
            continue;
        *k_high = fmax(*k_high, b->k[i]);
        if (b->low[i] < 1.0) /* where all still have as many, there is nothing to see */
            *k_low = fmin(*k_low, b->k[i]);
    }
}

static sg_status make_chart(const sg_ccdf_params *p, chart *c)
{
    double k_low = (double)INFINITY;
    double k_high = 0.0;
    double p_low = 1.0;
    size_t rank = 0;

    for (size_t i = 0; i < p->n_series; i++) {
        SG_TRY(make_curve(&p->series[i], &c->curve[i]));
        c->key[i] = make_key(&p->series[i], rank);
        rank += p->series[i].reference ? 0 : 1;
        const curve *v = &c->curve[i];
        if (v->n > 0) {
            k_low = fmin(k_low, v->k[0]);
            k_high = fmax(k_high, v->k[v->n - 1]);
            p_low = fmin(p_low, v->p[v->n - 1]);
        }
        include_band(p->series[i].band, v->total, &k_low, &k_high);
    }
    if (!(k_high > 0.0)) { /* nothing but zeros */
        k_low = 1.0;
        k_high = 10.0;
        p_low = 0.1;
    }
    const double air = fmax(pow(k_high / k_low, 0.04), 1.08);
    c->x = (sg_axis){.low = k_low / air, .high = k_high * air, .log = true};
    c->y = (sg_axis){.low = p_low / 1.6, .high = 1.35, .log = true};
    return SG_OK;
}

static bool can_draw(const sg_ccdf_fit *fit)
{
    const double steepest = 1e9; /* a vertical line in any picture */
    return fit && fit->alpha > 1.0 && fit->alpha < steepest && fit->xmin >= 1.0 &&
           isfinite(fit->xmin) && fit->n_tail > 0.0;
}

/* The fitted line from xmin to the largest degree. */
static void add_fit(sg_scene *scene, const chart *c, size_t which, const sg_ccdf_fit *fit)
{
    const curve *v = &c->curve[which];
    if (!can_draw(fit) || v->n == 0 || v->k[v->n - 1] <= fit->xmin)
        return;
    const double top = fit->n_tail / v->total;
    const double at_xmin = sg_log_scaled_zeta(fit->alpha, fit->xmin, NULL, NULL);
    const double decades = log10(v->k[v->n - 1] / fit->xmin);
    sg_point point[FIT_POINTS];
    size_t n = 0;

    for (size_t i = 0; i < FIT_POINTS; i++) {
        const double k = fit->xmin * pow(10.0, decades * (double)i / (FIT_POINTS - 1));
        const double p = top * pow(k / fit->xmin, -fit->alpha) *
                         exp(sg_log_scaled_zeta(fit->alpha, k, NULL, NULL) - at_xmin);
        if (p > c->y.low * 1e-6) /* far below the frame; the clip takes the rest */
            point[n++] = (sg_point){sg_axis_place(&c->x, k), sg_axis_place(&c->y, p)};
    }
    sg_add_polyline(scene, point, n, c->key[which].pen);
}

static sg_status add_points(sg_scene *scene, const chart *c, size_t which)
{
    const curve *v = &c->curve[which];
    const sg_key *key = &c->key[which];
    SG_AUTOFREE sg_spot *spot = SG_NEW_ARRAY(sg_spot, v->n);
    if (!spot)
        return SG_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        const sg_spot at = {sg_axis_place(&c->x, v->k[i]), sg_axis_place(&c->y, v->p[i]),
                            key->symbol_size};
        const bool last = i + 1 == v->n; /* the largest degree always shows */
        if (n == 0 || last || hypot(at.x - spot[n - 1].x, at.y - spot[n - 1].y) >= CLOSEST_MM)
            spot[n++] = at;
    }
    sg_add_symbols(scene, spot, n, key->symbol, key->symbol_ink, key->symbol_pen);
    return SG_OK;
}

/* The null's band, as a tint between two thin lines: those tell it from the tint of another. */
static sg_status add_band(sg_scene *scene, const chart *c, size_t which, const sg_ccdf_band *b)
{
    if (!b || b->n == 0)
        return SG_OK;
    SG_AUTOFREE sg_point *point = SG_NEW_ARRAY(sg_point, 2 * b->n);
    if (!point)
        return SG_ENOMEM;
    const sg_ink ink = c->key[which].pen.ink;
    const double least = c->y.low * 1e-3; /* below the frame */

    for (size_t i = 0; i < b->n; i++) {
        const double x = sg_axis_place(&c->x, b->k[i]);
        point[i] = (sg_point){x, sg_axis_place(&c->y, fmax(b->high[i], least))};
        point[2 * b->n - 1 - i] = (sg_point){x, sg_axis_place(&c->y, fmax(b->low[i], least))};
    }
    sg_add_polygon(scene, point, 2 * b->n, sg_ink_faded(ink, 0.16),
                   (sg_pen){sg_ink_faded(ink, 0.55), 0.35, SG_SOLID});
    return SG_OK;
}

/* The laws' names in the order in which they come, which is that of their dashes. */
static size_t find_laws(const sg_ccdf_params *p, const char *label[MOST_LAWS])
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_series; i++)
        for (size_t k = 0; k < p->series[i].n_curves; k++) {
            size_t known = 0;
            while (known < n && strcmp(label[known], p->series[i].curves[k].label) != 0)
                known++;
            if (known == n && n < MOST_LAWS)
                label[n++] = p->series[i].curves[k].label;
        }
    return n;
}

static sg_pen law_pen(size_t law, sg_ink ink)
{
    return (sg_pen){ink, 0.7, (sg_dash)(1 + law % (SG_N_DASHES - 1))};
}

static sg_status add_curve(sg_scene *scene, const chart *c, const sg_ccdf_curve *v, sg_pen pen)
{
    SG_AUTOFREE sg_point *point = SG_NEW_ARRAY(sg_point, v->n);
    size_t n = 0;
    if (!point)
        return SG_ENOMEM;
    for (size_t i = 0; i < v->n; i++)
        if (v->p[i] > c->y.low * 1e-6) /* as for a fit */
            point[n++] = (sg_point){sg_axis_place(&c->x, v->k[i]), sg_axis_place(&c->y, v->p[i])};
    sg_add_polyline(scene, point, n, pen);
    return SG_OK;
}

static sg_status add_curves(sg_scene *scene, const sg_ccdf_params *p, const chart *c, size_t which)
{
    const char *law[MOST_LAWS];
    const size_t n_laws = find_laws(p, law);
    const sg_ccdf_series *s = &p->series[which];

    for (size_t k = 0; k < s->n_curves; k++)
        for (size_t i = 0; i < n_laws; i++)
            if (strcmp(law[i], s->curves[k].label) == 0)
                SG_TRY(add_curve(scene, c, &s->curves[k], law_pen(i, c->key[which].pen.ink)));
    return SG_OK;
}

/* Bands, then reference series; each fit lies over its points. */
static sg_status add_series(sg_scene *scene, const sg_ccdf_params *p, const chart *c)
{
    for (size_t i = 0; i < p->n_series; i++)
        SG_TRY(add_band(scene, c, i, p->series[i].band));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p->n_series; i++)
            if (p->series[i].reference == (pass == 0))
                SG_TRY(add_points(scene, c, i));
        for (size_t i = 0; i < p->n_series; i++)
            if (p->series[i].reference == (pass == 0)) {
                SG_TRY(add_curves(scene, p, c, i));
                add_fit(scene, c, i, p->series[i].fit);
            }
    }
    return SG_OK;
}

/* The plot in its frame; returns where it ends. */
static sg_status add_plot(sg_page *page, const sg_ccdf_params *p, chart *c, double right,
                          double height, double *bottom)
{
    sg_ticks x_ticks;
    sg_ticks y_ticks;
    sg_ticks_log(c->y.low, c->y.high, height / 9.0, &y_ticks);
    const double left = SG_MARGIN_MM + sg_left_axis_width(&y_ticks, true);
    c->x.from = left;
    c->x.to = right;
    c->y.from = page->y + height;
    c->y.to = page->y;
    sg_ticks_log(c->x.low, c->x.high, (right - left) / 12.0, &x_ticks);

    sg_add_left_axis(page->scene, &c->y, left, &y_ticks,
                     p->y_label ? p->y_label : "~{P}(~{K} \xe2\x89\xa5 ~{k})", SG_MARGIN_MM + 1.4);
    const double below = sg_add_bottom_axis(page->scene, &c->x, c->y.from, &x_ticks,
                                            p->x_label ? p->x_label : "Degree ~{k}");
    sg_add_clip(page->scene, (sg_rect){left, page->y, right - left, height});
    SG_TRY(add_series(page->scene, p, c));
    sg_add_unclip(page->scene);
    *bottom = c->y.from + below;
    return SG_OK;
}

/* A tick or a cross, drawn rather than set: few fonts have them. */
static void add_verdict_mark(sg_scene *scene, double x, double y, bool passes)
{
    const sg_pen pen = {passes ? sg_ink_category(2) : sg_ink_category(1), 0.9, SG_SOLID};
    if (passes) {
        const sg_point tick[] = {{x, y + 0.1}, {x + 0.6, y + 0.7}, {x + 1.6, y - 0.8}};
        sg_add_polyline(scene, tick, 3, pen);
    } else {
        sg_add_line(scene, x, y - 0.7, x + 1.4, y + 0.7, pen);
        sg_add_line(scene, x, y + 0.7, x + 1.4, y - 0.7, pen);
    }
}

static void put_column(sg_text *t, const sg_ccdf_fit *fit, size_t column)
{
    if (column == 0)
        sg_put_number(t, fit->alpha, 3);
    else if (column == 1)
        sg_put_number(t, fit->xmin, 3);
    else if (column == 2)
        sg_put_count(t, isfinite(fit->n_tail) ? fit->n_tail : 0.0);
    else if (isnan(fit->p_value))
        sg_text_append(t, "\xe2\x80\x93");
    else if (fit->p_value < 0.01)
        sg_text_append(t, "<0.01");
    else
        sg_put_number(t, fit->p_value, 2);
}

/* One series of the table: sample, label, numbers; the verdict below. Returns the height. */
static double add_row(sg_scene *scene, const sg_ccdf_series *s, const sg_key *key, sg_rect at)
{
    const double em = SG_SMALL_PT * SG_MM_PER_PT;
    const double first = at.x + at.w - N_COLUMNS * COLUMN_MM;
    const double indent = at.x + SG_KEY_MM + 1.0;
    const sg_font plain = sg_font_of(SG_SMALL_PT, SG_LEFT, SG_TOP);
    sg_key sample = *key;

    if (!can_draw(s->fit))
        sample.pen = SG_NO_PEN;
    sg_add_key_sample(scene, at.x, at.y + SG_CAP_EM * em / 2.0, &sample);
    const double end = s->fit ? first + 0.25 * COLUMN_MM : at.x + at.w;
    double height =
        sg_add_paragraph(scene, (sg_rect){indent, at.y, end - indent, 0.0}, s->label, plain);
    for (size_t column = 0; s->fit && column < N_COLUMNS; column++) {
        SG_AUTO_TEXT sg_text t = {0};
        put_column(&t, s->fit, column);
        scene->failed = scene->failed || t.failed;
        sg_add_text(scene, first + (double)(column + 1) * COLUMN_MM, at.y, t.bytes,
                    sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_TOP));
    }
    if (s->fit && s->fit->verdict && *s->fit->verdict) {
        const double y = at.y + height + 0.5;
        sg_font font = plain;
        font.ink = SG_INK_GREY;
        add_verdict_mark(scene, indent, y + SG_CAP_EM * em / 2.0, s->fit->passes);
        height =
            y - at.y +
            sg_add_paragraph(scene, (sg_rect){indent + 2.4, y, at.x + at.w - indent - 2.4, 0.0},
                             s->fit->verdict, font);
    }
    return height + 1.3;
}

/* Sample and name of what is no series; returns the height. */
static double add_more_key(sg_scene *scene, sg_rect at, const sg_key *key)
{
    const double middle = at.y + SG_CAP_EM * SG_SMALL_PT * SG_MM_PER_PT / 2.0;
    const double indent = SG_KEY_MM + 1.0;

    sg_add_key_sample(scene, at.x, middle, key);
    return sg_add_paragraph(scene, (sg_rect){at.x + indent, at.y, at.w - indent, 0.0}, key->label,
                            sg_font_of(SG_SMALL_PT, SG_LEFT, SG_TOP)) +
           1.0;
}

/* The keys of bands and laws below the table; returns their height. */
static double add_more_keys(sg_scene *scene, const sg_ccdf_params *p, const chart *c, sg_rect at)
{
    const char *law[MOST_LAWS];
    const size_t n_laws = find_laws(p, law);
    const double top = at.y;

    for (size_t i = 0; i < p->n_series; i++) {
        const sg_ccdf_band *b = p->series[i].band;
        const sg_ink ink = c->key[i].pen.ink;
        if (!b || b->n == 0)
            continue;
        const double h = SG_CAP_EM * SG_SMALL_PT * SG_MM_PER_PT;
        sg_add_rect(scene, (sg_rect){at.x, at.y, SG_KEY_MM, h}, sg_ink_faded(ink, 0.16),
                    (sg_pen){sg_ink_faded(ink, 0.55), 0.35, SG_SOLID});
        at.y += add_more_key(scene, at, &(sg_key){.label = b->label});
    }
    for (size_t i = 0; i < n_laws; i++)
        at.y +=
            add_more_key(scene, at, &(sg_key){.label = law[i], .pen = law_pen(i, SG_INK_BLACK)});
    return at.y - top;
}

/* The table of series and fits; returns its height. */
static double add_table(sg_scene *scene, const sg_ccdf_params *p, const chart *c, sg_rect at)
{
    static const char *const headings[N_COLUMNS] = {"~{\xce\xb1}", "~{x}_{min}", "~{n}_{tail}",
                                                    "~{p}"};
    const double first = at.x + at.w - N_COLUMNS * COLUMN_MM;
    bool fitted = false;
    double y = at.y;

    for (size_t i = 0; i < p->n_series; i++)
        fitted = fitted || p->series[i].fit;
    if (fitted) {
        for (size_t k = 0; k < N_COLUMNS; k++)
            sg_add_text(scene, first + (double)(k + 1) * COLUMN_MM, y, headings[k],
                        sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_TOP));
        y += 2.7;
        sg_add_line(scene, at.x, y, at.x + at.w, y, (sg_pen){SG_INK_BLACK, 0.4, SG_SOLID});
        y += 1.2;
    }
    for (size_t i = 0; i < p->n_series; i++)
        y += add_row(scene, &p->series[i], &c->key[i], (sg_rect){at.x, y, at.w, 0.0});
    return y - at.y + add_more_keys(scene, p, c, (sg_rect){at.x, y, at.w, 0.0});
}

static void put_caption(sg_text *t, const sg_ccdf_params *p, const chart *c)
{
    bool lines = false;
    bool zeros = false;
    for (size_t i = 0; i < p->n_series; i++)
        lines = lines || (can_draw(p->series[i].fit) && c->curve[i].n > 0);
    if (lines)
        sg_text_append(t, "Solid lines: power laws fitted from ~{x}_{min}, scaled by "
                          "~{n}_{tail}/~{n}.");
    for (size_t i = 0; i < p->n_series; i++) {
        const curve *v = &c->curve[i];
        if (v->zeros <= 0.0)
            continue;
        sg_text_append(t, zeros  ? "; "
                          : t->n ? " Degree 0, not on the axis but counted: "
                                 : "Degree 0, not on the axis but counted: ");
        sg_put_count(t, v->zeros);
        sg_text_append(t, " of ");
        sg_put_count(t, v->total);
        sg_text_printf(t, " (%s)", p->series[i].label);
        zeros = true;
    }
    sg_text_append(t, zeros ? "." : "");
}

sg_status sg_figure_ccdf(const sg_ccdf_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_CLEANUP(chart_free) chart c = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Degree distributions", &page, err));
    if (make_chart(params, &c) != SG_OK)
        return sg_fail_memory(err, "drawing degree distributions");

    const bool beside = params->width_mm >= 130.0;
    const double edge = params->width_mm - SG_MARGIN_MM;
    const double right = beside ? 0.53 * params->width_mm : edge - 1.0;
    double bottom = page.y;
    if (add_plot(&page, params, &c, right, beside ? TALL_MM : SHORT_MM, &bottom) != SG_OK)
        return sg_fail_memory(err, "drawing degree distributions");

    const sg_rect table = {beside ? right + 6.0 : SG_MARGIN_MM, beside ? page.y : bottom + 2.5,
                           beside ? edge - right - 6.0 : edge - SG_MARGIN_MM, 0.0};
    const double end = table.y + add_table(page.scene, params, &c, table);
    page.y = fmax(bottom, end);
    if (beside)
        page.foot = (sg_rect){table.x, end + 1.5, table.w, 0.0};

    SG_AUTO_TEXT sg_text caption = {0};
    put_caption(&caption, params, &c);
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
