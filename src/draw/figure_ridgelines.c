/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"
#include "draw/plot.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <string.h>

enum { MOST_RIDGES = 24, POINTS = 241 };

#define BANDWIDTH  0.25 /* in sqrt(k): half the standard deviation of any Poisson's square root */
#define OVERLAP    1.7  /* height of the tallest ridge in steps from one ridge to the next */
#define LEAST_STEP 5.2
#define MOST_STEP  9.0
#define TALL_MM    84.0 /* all steps together, where they need not be less than LEAST_STEP */

/* Densities over sqrt(k) at POINTS places from `least` to `most`. */
typedef struct ridges {
    double least, most; /* of sqrt(k) */
    double peak;        /* the largest density of all */
    double density[MOST_RIDGES][POINTS];
    double reference[POINTS];
} ridges;

static double count_of(const sg_ridge *r, size_t i)
{
    return r->count ? (double)r->count[i] : 1.0;
}

static double total_of(const sg_ridge *r)
{
    double total = 0.0;
    for (size_t i = 0; i < r->n; i++)
        total += count_of(r, i);
    return total;
}

static sg_status check(const sg_ridgelines_params *p, sg_error *err)
{
    if (p->n_ridges == 0 || p->n_ridges > MOST_RIDGES || !p->ridges)
        return sg_fail(err, SG_EINVAL, "a figure of ridges takes 1 to %d of them, got %zu",
                       MOST_RIDGES, p->n_ridges);
    for (size_t i = 0; i < p->n_ridges; i++) {
        const sg_ridge *r = &p->ridges[i];
        if (!r->label || (r->n > 0 && !r->degree) || !(total_of(r) > 0.0))
            return sg_fail(err, SG_EINVAL, "ridge %zu has no label or no neurons", i);
    }
    for (size_t k = 0; k < p->n_reference; k++)
        if (!p->reference || !(p->reference[k] >= 0.0 && p->reference[k] <= 1.0))
            return sg_fail(err, SG_EINVAL, "the reference's share of degree %zu is none", k);
    return SG_OK;
}

/* Adds a share of the neurons at degree k, spread as a Gaussian; what would lie below 0 is
 * reflected, so that every distribution's area is 1. */
static void spread(double *density, const ridges *all, double k, double share)
{
    const double step = (all->most - all->least) / (POINTS - 1);
    const double centre = sqrt(k);
    const double height = share / (BANDWIDTH * sqrt(2.0 * acos(-1.0)));
    const double reach = 5.0 * BANDWIDTH;
    const size_t first = (size_t)fmax(0.0, floor((centre - reach - all->least) / step));

    for (size_t i = first; i < POINTS; i++) {
        const double x = all->least + (double)i * step;
        if (x > centre + reach)
            break;
        const double near = (x - centre) / BANDWIDTH;
        const double mirrored = (x + centre) / BANDWIDTH;
        density[i] += height * (exp(-0.5 * near * near) + exp(-0.5 * mirrored * mirrored));
    }
}

/* The end of the axis: beyond every degree, and beyond all of the reference but 0.001. */
static double most_root(const sg_ridgelines_params *p)
{
    double most = 1.0;
    double left = 0.0;
    for (size_t i = 0; i < p->n_ridges; i++)
        for (size_t k = 0; k < p->ridges[i].n; k++)
            if (count_of(&p->ridges[i], k) > 0.0)
                most = fmax(most, (double)p->ridges[i].degree[k]);
    for (size_t k = p->n_reference; k-- > 0 && left < 1e-3;) {
        left += p->reference[k];
        if (left >= 1e-3)
            most = fmax(most, (double)k);
    }
    return sqrt(most) + 3.0 * BANDWIDTH;
}

/* The axis begins at 0, unless all lies far from it. */
static double least_root(const sg_ridgelines_params *p)
{
    const double far = 3.0;
    double least = (double)INFINITY;
    double before = 0.0;
    for (size_t i = 0; i < p->n_ridges; i++)
        for (size_t k = 0; k < p->ridges[i].n; k++)
            if (count_of(&p->ridges[i], k) > 0.0)
                least = fmin(least, (double)p->ridges[i].degree[k]);
    for (size_t k = 0; k < p->n_reference && before < 1e-3; k++) {
        before += p->reference[k];
        if (before >= 1e-3)
            least = fmin(least, (double)k);
    }
    return sqrt(least) > far ? sqrt(least) - 4.0 * BANDWIDTH : 0.0;
}

static void fill(const sg_ridgelines_params *p, ridges *all)
{
    all->most = most_root(p);
    all->least = least_root(p);
    for (size_t i = 0; i < p->n_ridges; i++) {
        const sg_ridge *r = &p->ridges[i];
        const double total = total_of(r);
        for (size_t k = 0; k < r->n; k++)
            spread(all->density[i], all, (double)r->degree[k], count_of(r, k) / total);
        for (size_t x = 0; x < POINTS; x++)
            all->peak = fmax(all->peak, all->density[i][x]);
    }
    for (size_t k = 0; k < p->n_reference; k++)
        spread(all->reference, all, (double)k, p->reference[k]);
    for (size_t x = 0; x < POINTS; x++)
        all->peak = fmax(all->peak, all->reference[x]);
}

/* Where the ridges stand. */
typedef struct plan {
    double left, right, step;
    double first; /* baseline of the first ridge */
    double scale; /* mm of a density of 1 */
} plan;

static sg_point point_at(const plan *l, size_t x, double baseline, double density)
{
    return (sg_point){l->left + (l->right - l->left) * (double)x / (POINTS - 1),
                      baseline - l->scale * density};
}

static void add_curve(sg_scene *scene, const plan *l, double baseline, const double *density,
                      sg_pen pen)
{
    sg_point line[POINTS];
    for (size_t x = 0; x < POINTS; x++)
        line[x] = point_at(l, x, baseline, density[x]);
    sg_add_polyline(scene, line, POINTS, pen);
}

/* The reference where it is not flat: dashes along the baselines would say nothing. */
static void add_reference(sg_scene *scene, const plan *l, double baseline, const ridges *all)
{
    sg_point line[POINTS];
    size_t n = 0;
    for (size_t x = 0; x < POINTS; x++)
        if (all->reference[x] > 0.004 * all->peak)
            line[n++] = point_at(l, x, baseline, all->reference[x]);
    sg_add_polyline(scene, line, n, (sg_pen){sg_ink_category(1), 0.7, SG_DASHED});
}

/* The colour tells the order too: the later, the lighter the fill. */
static sg_ink ink_of(const sg_ridgelines_params *p, size_t i)
{
    if (p->ridges[i].marked)
        return SG_INK_PALE;
    const double t = p->n_ridges > 1 ? (double)i / (double)(p->n_ridges - 1) : 0.5;
    return sg_ink_map(SG_MAP_VIRIDIS, 0.12 + 0.76 * t);
}

static void add_ridge(sg_scene *scene, const sg_ridgelines_params *p, const ridges *all, size_t i,
                      const plan *l)
{
    const double baseline = l->first + (double)i * l->step;
    const bool marked = p->ridges[i].marked;
    sg_point area[POINTS + 2];

    for (size_t x = 0; x < POINTS; x++)
        area[x] = point_at(l, x, baseline, all->density[i][x]);
    area[POINTS] = (sg_point){l->right, baseline};
    area[POINTS + 1] = (sg_point){l->left, baseline};
    sg_add_polygon(scene, area, POINTS + 2, SG_INK_WHITE, SG_NO_PEN); /* hides those behind */
    sg_add_polygon(scene, area, POINTS + 2, sg_ink_faded(ink_of(p, i), 0.75), SG_NO_PEN);
    add_curve(scene, l, baseline, all->density[i],
              (sg_pen){marked ? SG_INK_GREY : SG_INK_BLACK, 0.6, SG_SOLID});
    if (p->n_reference > 0)
        add_reference(scene, l, baseline, all);
    sg_add_line(scene, l->left, baseline, l->right, baseline, (sg_pen){SG_INK_GREY, 0.3, SG_SOLID});
    sg_add_text(scene, l->left - 1.4, baseline - 0.2, p->ridges[i].label,
                sg_font_of(SG_SMALL_PT, SG_RIGHT, SG_BASELINE));
}

/* The next degree worth a label: on the next of 1, 2, 5, 10, 20, ..., or, where that lies further
 * than 25 mm, on half-way round numbers. */
static double next_tick(double k, double mm)
{
    if (k == 0.0)
        return 1.0;
    const double power = pow(10.0, floor(log10(k) + 1e-9));
    const double lead = round(k / power);
    const double next = lead < 2.0 ? 2.0 : lead < 5.0 ? 5.0 : 10.0;
    const bool wide = mm * (sqrt(next * power) - sqrt(k)) > 25.0;
    return (wide ? lead + 1.0 : next) * power;
}

/* Labels of degrees that stay apart on the square-root axis: 0, 1, 2, 5, 10, 20, ... */
static void make_ticks(const ridges *all, const plan *l, sg_ticks *ticks)
{
    const double mm = (l->right - l->left) / (all->most - all->least);
    const double em = SG_SMALL_PT * SG_MM_PER_PT;
    double free_from = 0.0; /* mm from the left end */

    *ticks = (sg_ticks){.n = 0};
    for (double k = 0.0; sqrt(k) <= all->most && ticks->n < SG_TICKS_MAX;) {
        SG_AUTO_TEXT sg_text label = {0};
        const double at = mm * (sqrt(k) - all->least);
        sg_put_count(&label, k);
        const double half = 0.5 * em * sg_label_width(label.bytes ? label.bytes : "", false);
        sg_tick *tick = &ticks->tick[ticks->n];
        if (at >= 0.0 && at - half >= free_from - (k == 0.0 ? half : 0.0) && label.bytes &&
            label.n < sizeof tick->label) {
            *tick = (sg_tick){.value = sqrt(k)};
            memcpy(tick->label, label.bytes, label.n + 1);
            free_from = at + half + 2.0;
            ticks->n++;
        }
        k = next_tick(k, mm);
    }
}

static double widest_label(const sg_ridgelines_params *p)
{
    double widest = 0.0;
    for (size_t i = 0; i < p->n_ridges; i++)
        widest = fmax(widest, sg_label_width(p->ridges[i].label, false));
    return widest * SG_SMALL_PT * SG_MM_PER_PT;
}

static double add_legend(sg_page *page, const sg_ridgelines_params *p, const plan *l)
{
    sg_key keys[2];
    size_t n = 0;
    for (size_t i = 0; i < p->n_ridges && n == 0; i++)
        if (p->ridges[i].marked)
            keys[n++] = (sg_key){.label = "before training",
                                 .symbol = SG_SQUARE,
                                 .symbol_ink = sg_ink_faded(SG_INK_PALE, 0.75),
                                 .symbol_pen = {SG_INK_GREY, 0.6, SG_SOLID},
                                 .symbol_size = 2.0};
    if (p->n_reference > 0)
        keys[n++] = (sg_key){.label = p->reference_label ? p->reference_label : "reference",
                             .pen = {sg_ink_category(1), 0.7, SG_DASHED}};
    return sg_add_keys(page->scene, (sg_rect){l->left, page->y, l->right - l->left, 0.0}, keys, n);
}

sg_status sg_figure_ridgelines(const sg_ridgelines_params *params, sg_scene **ret, sg_error *err)
{
    SG_TRY(check(params, err));
    SG_AUTO_PAGE sg_page page = {0};
    SG_TRY(sg_page_open(params->width_mm, params->title, "Degree distributions over epochs", &page,
                        err));
    SG_AUTOFREE ridges *all = SG_NEW_ARRAY(ridges, 1);
    if (!all)
        return sg_fail_memory(err, "drawing degree distributions");
    fill(params, all);

    const double line = SG_LABEL_PT * SG_MM_PER_PT;
    plan l = {.left = SG_MARGIN_MM + line + 2.4 + widest_label(params),
              .right = params->width_mm - SG_MARGIN_MM - 3.0,
              .step = fmin(fmax(TALL_MM / (double)params->n_ridges, LEAST_STEP), MOST_STEP)};
    l.scale = all->peak > 0.0 ? OVERLAP * l.step / all->peak : 0.0;
    page.y += add_legend(&page, params, &l) + 0.5;
    l.first = page.y + OVERLAP * l.step;
    for (size_t i = 0; i < params->n_ridges; i++)
        add_ridge(page.scene, params, all, i, &l);
    const double bottom = l.first + (double)(params->n_ridges - 1) * l.step;

    sg_font font = sg_font_of(SG_LABEL_PT, SG_CENTRE, SG_MIDDLE);
    font.turn_deg = 90.0;
    sg_add_text(page.scene, SG_MARGIN_MM + 1.4, (l.first - l.step + bottom) / 2.0,
                params->y_label ? params->y_label : "Epoch", font);
    const sg_axis axis = {.low = all->least, .high = all->most, .from = l.left, .to = l.right};
    sg_ticks ticks;
    make_ticks(all, &l, &ticks);
    page.y = bottom + 0.8;
    page.y += sg_add_bottom_axis(page.scene, &axis, page.y, &ticks,
                                 params->x_label ? params->x_label : "Degree ~{k}");

    SG_AUTO_TEXT sg_text caption = {0};
    sg_text_append(&caption, "Square-root axis; densities in \xe2\x88\x9a~{k}, all on one scale, "
                             "smoothed by a Gaussian of standard deviation 0.25.");
    return sg_page_finish(&page, params->note, &caption, ret, err);
}
