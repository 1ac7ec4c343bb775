/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PANELS = 8, MOST_SERIES = 8, MOST_LABELS = MOST_PANELS * MOST_SERIES };

#define N_TICKS   5.0  /* on a vertical axis, about */
#define PANEL_MM  27.0 /* height, where the caller wants no other */
#define GAP_MM    3.2
#define SYMBOL_MM 1.3
#define LABEL_MM  2.7 /* from one name beside a curve to the next */

/* The looks, one for each label of the figure in the order in which they come first. */
typedef struct looks {
    const sg_timeline_series *series[MOST_LABELS];
    size_t n;
} looks;

static sg_status check_series(const sg_timeline_panel *panel, size_t which, sg_error *err)
{
    if (panel->n_series == 0 || panel->n_series > MOST_SERIES || !panel->series)
        return sg_fail(err, SG_EINVAL, "panel %zu of the timeline needs 1 to %d series, got %zu",
                       which, MOST_SERIES, panel->n_series);
    if (isinf(panel->low) || isinf(panel->high) || panel->low >= panel->high ||
        (panel->log && panel->low <= 0.0) || !isfinite(panel->scale))
        return sg_fail(err, SG_EINVAL, "the axis of panel %zu of the timeline is empty", which);
    for (size_t i = 0; i < panel->n_series; i++) {
        const sg_timeline_series *s = &panel->series[i];
        if (!s->label || (s->n > 0 && (!s->epoch || !s->value)))
            return sg_fail(err, SG_EINVAL, "series %zu of panel %zu has no label or no values", i,
                           which);
        if (s->color > SG_N_CATEGORIES)
            return sg_fail(err, SG_EINVAL, "'%s' asks for colour %u: 1 to %d exist", s->label,
                           s->color, SG_N_CATEGORIES);
        for (size_t k = 0; k < s->n; k++)
            if (!isfinite(s->epoch[k]) || (k > 0 && s->epoch[k] <= s->epoch[k - 1]))
                return sg_fail(err, SG_EINVAL, "the epochs of '%s' in panel %zu do not ascend",
                               s->label, which);
    }
    return SG_OK;
}

static sg_status check(const sg_timeline_params *p, sg_error *err)
{
    if (p->n_panels == 0 || p->n_panels > MOST_PANELS || !p->panels)
        return sg_fail(err, SG_EINVAL, "a timeline takes 1 to %d panels, got %zu", MOST_PANELS,
                       p->n_panels);
    if (p->panel_mm != 0.0 && !(p->panel_mm >= 10.0 && p->panel_mm <= 100.0))
        return sg_fail(err, SG_EINVAL, "panels of %g mm: 10 to 100 can be drawn", p->panel_mm);
    for (size_t i = 0; i < p->n_panels; i++)
        SG_TRY(check_series(&p->panels[i], i, err));
    return SG_OK;
}

static size_t look_of(looks *l, const sg_timeline_series *s)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->series[i]->label, s->label) == 0)
            return i;
    l->series[l->n] = s;
    return l->n++;
}

/* The category of a look: as the caller says, or the next after the ones before it. */
static size_t rank_of(const looks *l, size_t look)
{
    size_t rank = 0;
    if (l->series[look]->color > 0)
        return l->series[look]->color - 1;
    for (size_t i = 0; i < look; i++)
        rank += l->series[i]->reference || l->series[i]->color > 0 ? 0 : 1;
    return rank;
}

static sg_key key_of(const looks *l, size_t look)
{
    const sg_timeline_series *s = l->series[look];
    if (s->reference)
        return (sg_key){.label = s->label, .pen = {SG_INK_GREY, 0.8, SG_DASHED}};
    const size_t rank = rank_of(l, look);
    const sg_ink ink = sg_ink_category(rank);
    return (sg_key){.label = s->label,
                    .pen = {ink, SG_CURVE_PT, s->secondary ? SG_DASHED : SG_SOLID},
                    .symbol = (sg_symbol)(rank % SG_N_SYMBOLS),
                    .symbol_ink = s->secondary ? SG_INK_WHITE : ink,
                    .symbol_pen = {ink, 0.7, SG_SOLID},
                    .symbol_size = SYMBOL_MM};
}

/* The value as drawn: scaled; NaN for a gap. */
static double value_of(const sg_timeline_panel *panel, const sg_timeline_series *s, size_t k)
{
    const double v = s->value[k] * (panel->scale == 0.0 ? 1.0 : panel->scale);
    return isfinite(v) && (!panel->log || v > 0.0) ? v : (double)NAN;
}

/* The vertical axis' ends: the data's with some air, unless the caller gave them. */
static void choose_range(const sg_timeline_panel *panel, sg_axis *axis)
{
    double least = (double)INFINITY;
    double most = -(double)INFINITY;
    for (size_t i = 0; i < panel->n_series; i++) {
        for (size_t k = 0; k < panel->series[i].n; k++) {
            least = fmin(least, value_of(panel, &panel->series[i], k));
            most = fmax(most, value_of(panel, &panel->series[i], k));
        }
    }
    if (!(most >= least))
        least = most = 1.0;

    double low = 0.0;
    double high = 0.0;
    if (panel->log) {
        const double air = fmax(pow(most / least, 0.06), 1.15);
        low = least / air;
        high = most * air;
    } else {
        const double span = most - least;
        const double tiny = 1e-9 * fmax(fabs(least), fabs(most));
        const double air = span > tiny ? 0.07 * span : fmax(0.1 * fabs(most), 1e-6);
        low = least >= 0.0 && least < 0.35 * span ? 0.0 : least - air;
        if (least >= 0.0)
            low = fmax(low, 0.0);
        high = most + air;
    }
    axis->log = panel->log;
    axis->low = isnan(panel->low) ? low : panel->low;
    axis->high = isnan(panel->high) ? high : panel->high;
    if (!(axis->high > axis->low)) /* the caller's end lies beyond the data */
        *(isnan(panel->high) ? &axis->high : &axis->low) +=
            (isnan(panel->high) ? 1.0 : -1.0) * fmax(fabs(axis->low), 1e-6);
    if (panel->log && axis->low <= 0.0)
        axis->low = axis->high / 10.0;
}

/* Whether a curve comes from below the axis' low end. */
static bool reaches_below(const sg_timeline_panel *panel, double low)
{
    for (size_t i = 0; i < panel->n_series; i++)
        for (size_t k = 0; k < panel->series[i].n; k++)
            if (value_of(panel, &panel->series[i], k) < low)
                return true;
    return false;
}

/* All epochs of the figure. */
static void choose_epochs(const sg_timeline_params *p, sg_axis *axis)
{
    double first = (double)INFINITY;
    double last = -(double)INFINITY;
    for (size_t i = 0; i < p->n_panels; i++) {
        for (size_t j = 0; j < p->panels[i].n_series; j++) {
            const sg_timeline_series *s = &p->panels[i].series[j];
            if (s->n > 0) {
                first = fmin(first, s->epoch[0]);
                last = fmax(last, s->epoch[s->n - 1]);
            }
        }
    }
    if (!(last >= first))
        first = last = 0.0;
    const double air = last > first ? 0.02 * (last - first) : 1.0;
    *axis = (sg_axis){.low = first - air, .high = last + air};
}

/* The curve of one series, broken at gaps, with symbols where they do not run together. */
static sg_status add_series(sg_scene *scene, const sg_timeline_panel *panel,
                            const sg_timeline_series *s, const sg_axis axis[2], const sg_key *key)
{
    SG_AUTOFREE sg_point *point = SG_NEW_ARRAY(sg_point, s->n);
    SG_AUTOFREE sg_spot *spot = SG_NEW_ARRAY(sg_spot, s->n);
    if (!point || !spot)
        return SG_ENOMEM;

    size_t n = 0;
    size_t n_spots = 0;
    double last_x = -(double)INFINITY;
    for (size_t k = 0; k <= s->n; k++) {
        const double v = k < s->n ? value_of(panel, s, k) : (double)NAN;
        if (isnan(v)) {
            sg_add_polyline(scene, point, n, key->pen);
            n = 0;
            continue;
        }
        const sg_point at = {sg_axis_place(&axis[0], s->epoch[k]), sg_axis_place(&axis[1], v)};
        const bool alone = n == 0 && (k + 1 == s->n || isnan(value_of(panel, s, k + 1)));
        if (at.x - last_x >= 3.0 * SYMBOL_MM || alone) {
            spot[n_spots++] =
                (sg_spot){at.x, at.y, key->symbol_size > 0.0 ? key->symbol_size : 0.8};
            last_x = at.x;
        }
        point[n++] = at;
    }
    if (key->symbol_size > 0.0)
        sg_add_symbols(scene, spot, n_spots, key->symbol, key->symbol_ink, key->symbol_pen);
    return SG_OK;
}

/* True when panel `which` needs keys of its own: it has other labels than the one before it. */
static bool needs_keys(const sg_timeline_params *p, size_t which)
{
    const sg_timeline_panel *own = &p->panels[which];
    if (own->n_series == 1 && !*own->series[0].label)
        return false;
    if (which == 0)
        return true;
    const sg_timeline_panel *before = &p->panels[which - 1];
    if (own->n_series != before->n_series)
        return true;
    for (size_t i = 0; i < own->n_series; i++)
        if (strcmp(own->series[i].label, before->series[i].label) != 0)
            return true;
    return false;
}

/* Reference curves first, so that they lie behind. */
static sg_status add_curves(sg_scene *scene, const sg_timeline_panel *panel, looks *l,
                            const sg_axis axis[2])
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < panel->n_series; i++) {
            const sg_timeline_series *s = &panel->series[i];
            const sg_key key = key_of(l, look_of(l, s));
            if (s->reference == (pass == 0))
                SG_TRY(add_series(scene, panel, s, axis, &key));
        }
    }
    return SG_OK;
}

/* Keys above a panel; returns their height. */
static double add_panel_keys(sg_scene *scene, const sg_timeline_panel *panel, looks *l, sg_rect at)
{
    sg_key key[MOST_SERIES];
    size_t n = 0;
    size_t seen[MOST_SERIES];
    for (size_t i = 0; i < panel->n_series; i++) {
        const size_t look = look_of(l, &panel->series[i]);
        bool new = true;
        for (size_t k = 0; k < n; k++)
            new = new &&seen[k] != look;
        if (new) {
            seen[n] = look;
            key[n++] = key_of(l, look);
        }
    }
    return sg_add_keys(scene, at, key, n);
}

/* A label beside the end of its curve. */
typedef struct end {
    double y; /* of the curve's last value, then of the label */
    size_t look;
} end;

static int by_height(const void *a, const void *b)
{
    const double x = ((const end *)a)->y;
    const double y = ((const end *)b)->y;
    return (x > y) - (x < y);
}

/* Moves labels apart, downwards and then back up from the panel's foot. */
static void move_apart(end *ends, size_t n, double top, double bottom)
{
    const double step = fmin(LABEL_MM, n > 1 ? (bottom - top) / (double)(n - 1) : LABEL_MM);

    qsort(ends, n, sizeof *ends, by_height);
    for (size_t i = 0; i < n; i++)
        ends[i].y = fmax(ends[i].y, i ? ends[i - 1].y + step : top);
    for (size_t i = n; i-- > 0;)
        ends[i].y = fmin(ends[i].y, i + 1 < n ? ends[i + 1].y - step : bottom);
}

/* Names beside the curves' ends, each with its symbol: a label moved away still tells whose it is.
 */
static void add_end_labels(sg_scene *scene, const sg_timeline_panel *panel, looks *l,
                           const sg_axis axis[2], double right)
{
    end ends[MOST_SERIES];
    size_t n = 0;

    for (size_t i = 0; i < panel->n_series; i++) {
        const sg_timeline_series *s = &panel->series[i];
        size_t k = s->n;
        while (k > 0 && isnan(value_of(panel, s, k - 1)))
            k--;
        if (k == 0)
            continue;
        const double y = sg_axis_place(&axis[1], value_of(panel, s, k - 1));
        ends[n++] = (end){fmin(fmax(y, axis[1].to), axis[1].from), look_of(l, s)};
    }
    move_apart(ends, n, axis[1].to, axis[1].from);
    for (size_t i = 0; i < n; i++) {
        const sg_key key = key_of(l, ends[i].look);
        const sg_spot spot = {right + 2.6, ends[i].y, key.symbol_size};
        if (key.symbol_size > 0.0)
            sg_add_symbols(scene, &spot, 1, key.symbol, key.symbol_ink, key.symbol_pen);
        else
            sg_add_line(scene, right + 1.4, ends[i].y, right + 3.6, ends[i].y, key.pen);
        sg_add_text(scene, right + 4.2, ends[i].y, key.label,
                    sg_font_of(SG_SMALL_PT, SG_LEFT, SG_MIDDLE));
    }
}

/* Room for the names to the right of the panels. */
static double end_labels_width(const sg_timeline_params *p)
{
    double widest = 0.0;
    for (size_t i = 0; i < p->n_panels; i++)
        for (size_t j = 0; j < p->panels[i].n_series; j++)
            widest = fmax(widest, sg_label_width(p->panels[i].series[j].label, false));
    return p->direct_labels ? 3.4 + widest * SG_SMALL_PT * SG_MM_PER_PT : 0.0;
}

static size_t count_dropped(const sg_timeline_params *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_panels; i++)
        for (size_t j = 0; p->panels[i].log && j < p->panels[i].n_series; j++)
            for (size_t k = 0; k < p->panels[i].series[j].n; k++)
                n += p->panels[i].series[j].value[k] <= 0.0 ? 1 : 0;
    return n;
}

typedef struct frame {
    double left, right; /* of all panels */
    double panel_mm;    /* height of each */
    double label_pt;    /* one size for all vertical labels */
    sg_axis epochs;
    looks looks;
} frame;

static sg_status add_panel(sg_page *page, const sg_timeline_params *p, size_t which, frame *f)
{
    const sg_timeline_panel *panel = &p->panels[which];
    const bool last = which + 1 == p->n_panels;
    sg_axis axis[2] = {f->epochs, {.label_pt = f->label_pt}};
    sg_ticks ticks;

    const double letter = sg_add_panel_title(page, (sg_rect){SG_MARGIN_MM, page->y, 10.0, 0.0},
                                             which, p->n_panels, NULL);
    double keys = 0.0;
    if (!p->direct_labels && needs_keys(p, which))
        keys = add_panel_keys(page->scene, panel, &f->looks,
                              (sg_rect){f->left, page->y - 0.6, f->right - f->left, 0.0});
    page->y += fmax(letter, keys);

    choose_range(panel, &axis[1]);
    axis[1].from = page->y + f->panel_mm;
    axis[1].to = page->y;
    if (panel->log)
        sg_ticks_log(axis[1].low, axis[1].high, N_TICKS, &ticks);
    else
        sg_ticks_linear(axis[1].low, axis[1].high, N_TICKS, false, &ticks);
    sg_add_left_axis(page->scene, &axis[1], f->left, &ticks, panel->label, SG_MARGIN_MM + 1.4);

    const double over = SYMBOL_MM; /* a symbol on the frame shows whole */
    const double under = reaches_below(panel, axis[1].low) ? 0.0 : over;
    sg_add_clip(page->scene,
                (sg_rect){f->left - over, page->y - over, f->right - f->left + 2.0 * over,
                          f->panel_mm + over + under});
    SG_TRY(add_curves(page->scene, panel, &f->looks, axis));
    sg_add_unclip(page->scene);
    if (p->direct_labels)
        add_end_labels(page->scene, panel, &f->looks, axis, f->right);
    page->y += f->panel_mm;

    sg_ticks_linear(f->epochs.low, f->epochs.high, (f->right - f->left) / 12.0, true, &ticks);
    if (!last)
        for (size_t i = 0; i < ticks.n; i++)
            ticks.tick[i].label[0] = '\0';
    const char *x_label = p->x_label ? p->x_label : "Epoch";
    const double below =
        sg_add_bottom_axis(page->scene, &f->epochs, page->y, &ticks, last ? x_label : NULL);
    page->y += last ? below : GAP_MM;
    return SG_OK;
}

static double panel_height(const sg_timeline_params *p)
{
    return p->panel_mm > 0.0 ? p->panel_mm : PANEL_MM;
}

static double label_size(const sg_timeline_params *p)
{
    for (size_t i = 0; i < p->n_panels; i++)
        if (p->panels[i].label &&
            sg_label_width(p->panels[i].label, false) * SG_LABEL_PT * SG_MM_PER_PT >
                panel_height(p))
            return SG_SMALL_PT;
    return SG_LABEL_PT;
}

/* The left edge of the panels: room for the widest labels of any. */
static double left_edge(const sg_timeline_params *p)
{
    double widest = 0.0;
    for (size_t i = 0; i < p->n_panels; i++) {
        sg_axis axis = {0};
        sg_ticks ticks;
        choose_range(&p->panels[i], &axis);
        if (p->panels[i].log)
            sg_ticks_log(axis.low, axis.high, N_TICKS, &ticks);
        else
            sg_ticks_linear(axis.low, axis.high, N_TICKS, false, &ticks);
        widest = fmax(widest, sg_left_axis_width(&ticks, true));
    }
    return SG_MARGIN_MM + widest;
}

sg_status sg_figure_timeline(const sg_timeline_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Timeline", &page, err));

    frame f = {.left = left_edge(params),
               .label_pt = label_size(params),
               .panel_mm = panel_height(params),
               .right = params->width_mm - SG_MARGIN_MM - 1.0 - end_labels_width(params)};
    choose_epochs(params, &f.epochs);
    f.epochs.from = f.left;
    f.epochs.to = f.right;
    for (size_t i = 0; i < params->n_panels; i++)
        if (add_panel(&page, params, i, &f) != SG_OK)
            return sg_fail_memory(err, "drawing a timeline");

    SG_AUTO_TEXT sg_text caption = {0};
    const size_t dropped = count_dropped(params);
    if (dropped)
        sg_text_printf(&caption, "%zu value%s at or below 0 cannot be drawn on a logarithmic axis.",
                       dropped, dropped == 1 ? "" : "s");
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
