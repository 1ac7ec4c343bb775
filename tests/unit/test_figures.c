/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/status.h"
#include "draw/force_layout.h"
#include "draw/label.h"
#include "draw/marks.h"
#include "sparsegraph/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "xml.h"

static const double widths[] = {SG_WIDTH_ONE_COLUMN_MM, 129.0, SG_WIDTH_TWO_COLUMN_MM};

/* ---- what every figure must keep ---- */

typedef struct box {
    double left, top, right, bottom;
} box;

static box text_box(const sg_mark *m)
{
    const double em = m->font.size_pt * SG_MM_PER_PT;
    const double w = em * sg_label_width(m->text, m->font.bold);
    const double before = m->font.halign == SG_LEFT ? 0.0 : m->font.halign == SG_CENTRE ? w / 2 : w;
    const double up = SG_CAP_EM * em;
    if (m->font.turn_deg != 0.0)
        return (box){m->rect.x - up, m->rect.y + before - w, m->rect.x, m->rect.y + before};
    return (box){m->rect.x - before, m->rect.y - up, m->rect.x - before + w, m->rect.y};
}

static void grow(box *b, double x, double y)
{
    assert_true(isfinite(x) && isfinite(y));
    b->left = fmin(b->left, x);
    b->top = fmin(b->top, y);
    b->right = fmax(b->right, x);
    b->bottom = fmax(b->bottom, y);
}

static box mark_box(const sg_mark *m)
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
static void assert_inside_the_page(const sg_scene *s)
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

static void assert_no_text_covers_another(const sg_scene *s)
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

static void assert_drawable(const sg_scene *s)
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
static void judge(sg_scene *s, double width_mm)
{
    assert_non_null(s);
    assert_true(sg_scene_width_mm(s) == width_mm);
    assert_inside_the_page(s);
    assert_no_text_covers_another(s);
    assert_drawable(s);
    sg_scene_free(s);
}

static void compare(sg_scene *s, const char *golden)
{
    sg_error err = {0};
    char *text = NULL;
    assert_ok(sg_scene_dump(s, &text, &err), &err);
    assert_golden(golden, text);
    sg_free(text);
    sg_scene_free(s);
}

static const sg_mark *find_text(const sg_scene *s, const char *part)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_TEXT && strstr(s->mark[i].text, part))
            return &s->mark[i];
    return NULL;
}

static size_t count_kind(const sg_scene *s, sg_mark_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        n += s->mark[i].kind == kind;
    return n;
}

/* ---- the same small input for golden files, width checks and failed allocations ---- */

static const double small_cells[2][6] = {{0, 1, 2, 3, 4, 5}, {6, 5, NAN, 3, 2, 1}};
static const sg_heatmap_panel small_panels[] = {{"epoch 0", small_cells[0]},
                                                {"epoch 10", small_cells[1]}};

static sg_status small_heatmap(double width_mm, sg_scene **ret, sg_error *err)
{
    sg_heatmap_params p = SG_HEATMAP_PARAMS_DEFAULT;
    p.n_rows = 2;
    p.n_cols = 3;
    p.panels = small_panels;
    p.n_panels = 2;
    p.value_label = "Links per input neuron";
    p.width_mm = width_mm;
    return sg_figure_heatmap(&p, ret, err);
}

static sg_status small_layers(double width_mm, sg_scene **ret, sg_error *err)
{
    static const size_t sizes[] = {5, 3, 2};
    static const char *const names[] = {"input", "hidden1", "output"};
    static const uint32_t from[] = {0, 1, 3, 3};
    static const uint32_t to[] = {0, 2, 1, 2};
    static const float weight[] = {1.0F, -1.0F, 0.5F, -0.5F};
    static const uint32_t last_from[] = {0, 2};
    static const uint32_t last_to[] = {1, 0};
    const sg_layers_link links[] = {{0, 1, 4, from, to, weight},
                                    {1, 2, 2, last_from, last_to, NULL}};
    sg_layers_params p = SG_LAYERS_PARAMS_DEFAULT;
    p.layer_size = sizes;
    p.layer_name = names;
    p.n_layers = 3;
    p.links = links;
    p.n_link_sets = 2;
    p.max_neurons = 4;
    p.width_mm = width_mm;
    return sg_figure_layers(&p, ret, err);
}

static sg_status small_networks(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint32_t from[] = {0, 0, 0, 1, 1, 2};
    static const uint32_t to[] = {1, 2, 3, 2, 3, 3};
    static const double x[] = {0, 1, 1, 0};
    static const double y[] = {0, 0, 1, 1};
    static const unsigned char category[] = {0, 1, 2, 3};
    static const char *const names[8] = {"nurses", "doctors", NULL, "patients"};
    const sg_network_panel panels[] = {
        {.title = "Dense",
         .n_nodes = 4,
         .n_edges = 6,
         .from = from,
         .to = to,
         .x = x,
         .y = y,
         .category = category},
        {.title = "Sparse", .n_nodes = 4, .n_edges = 2, .from = from, .to = to, .x = x, .y = y},
    };
    sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
    p.panels = panels;
    p.n_panels = 2;
    p.category_name = names;
    p.width_mm = width_mm;
    return sg_figure_networks(&p, ret, err);
}

static sg_status small_ccdf(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint64_t degree[] = {0, 3, 5, 10, 200};
    static const uint64_t count[] = {2, 6, 4, 3, 1};
    static const uint64_t start[] = {4, 5, 5, 6, 6, 6, 7, 7, 8};
    const sg_ccdf_fit fits[] = {
        {2.5, 3.0, 14.0, 0.35, false, "not scale-free: 14 values in the tail, 50 are needed"},
        {15.2, 5.0, 8.0, NAN, false, NULL},
    };
    const sg_ccdf_series series[] = {
        {.label = "epoch 10", .degree = degree, .count = count, .n = 5, .fit = &fits[0]},
        {.label = "epoch 0", .degree = start, .n = 9, .fit = &fits[1], .reference = true},
    };
    sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
    p.series = series;
    p.n_series = 2;
    p.title = "Degrees of input";
    p.width_mm = width_mm;
    return sg_figure_ccdf(&p, ret, err);
}

static sg_status small_timeline(double width_mm, sg_scene **ret, sg_error *err)
{
    static const double epoch[] = {0, 1, 2, 3, 4};
    static const double accuracy[2][5] = {{0.1, 0.5, 0.7, 0.8, 0.85}, {0.1, 0.45, NAN, 0.7, 0.71}};
    static const double spread[] = {0.0, 1.5, 3.0, 6.0, 12.0};
    const sg_timeline_series first[] = {
        {.label = "training", .epoch = epoch, .value = accuracy[0], .n = 5, .secondary = true},
        {.label = "test", .epoch = epoch, .value = accuracy[1], .n = 5},
    };
    const sg_timeline_series second[] = {
        {.label = "input", .epoch = epoch, .value = spread, .n = 5, .color = 3}};
    sg_timeline_panel panels[] = {SG_TIMELINE_PANEL_DEFAULT, SG_TIMELINE_PANEL_DEFAULT};
    panels[0].label = "Accuracy (%)";
    panels[0].series = first;
    panels[0].n_series = 2;
    panels[0].scale = 100.0;
    panels[1].label = "Variance / mean degree";
    panels[1].series = second;
    panels[1].n_series = 1;
    panels[1].log = true;
    sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
    p.panels = panels;
    p.n_panels = 2;
    p.width_mm = width_mm;
    return sg_figure_timeline(&p, ret, err);
}

typedef struct figure {
    const char *golden;
    sg_status (*make)(double width_mm, sg_scene **ret, sg_error *err);
} figure;

static const figure figures[] = {
    {"draw/heatmap.txt", small_heatmap},   {"draw/layers.txt", small_layers},
    {"draw/networks.txt", small_networks}, {"draw/ccdf.txt", small_ccdf},
    {"draw/timeline.txt", small_timeline},
};

static void each_figure_is_the_text_that_was_accepted(void **state)
{
    (void)state;
    sg_error err = {0};
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        sg_scene *s = NULL;
        assert_ok(figures[i].make(SG_WIDTH_ONE_COLUMN_MM, &s, &err), &err);
        compare(s, figures[i].golden);
    }
}

static void make_and_judge(const figure *f, double width_mm)
{
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(f->make(width_mm, &s, &err), &err);
    judge(s, width_mm);
}

static void each_figure_stays_on_its_page_and_readable(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(figures); i++)
        for (size_t w = 0; w < SG_COUNT(widths); w++)
            make_and_judge(&figures[i], widths[w]);
}

static void each_figure_refuses_absurd_widths(void **state)
{
    (void)state;
    static const double bad[] = {0.0, -85.0, 39.9, 401.0, NAN, INFINITY};
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        for (size_t w = 0; w < SG_COUNT(bad); w++) {
            sg_scene *s = NULL;
            sg_error err = {0};
            assert_int_equal(figures[i].make(bad[w], &s, &err), SG_EINVAL);
            assert_null(s);
            assert_non_null(strstr(err.message, "mm wide"));
        }
    }
}

static void each_figure_survives_each_failed_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_scene *s = NULL;
            sg_test_alloc_budget(budget);
            status = figures[i].make(85.0, &s, NULL);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (s != NULL));
            sg_scene_free(s);
            assert_true(budget < 5000);
        }
        assert_int_equal(status, SG_OK);
    }
}

/* ---- heatmaps ---- */

static void heatmap_of(const sg_heatmap_panel *panels, size_t n, size_t n_rows, size_t n_cols,
                       sg_heatmap_params *p)
{
    *p = SG_HEATMAP_PARAMS_DEFAULT;
    p->panels = panels;
    p->n_panels = n;
    p->n_rows = n_rows;
    p->n_cols = n_cols;
    p->value_label = "Links";
}

static sg_scene *heatmap_made(const sg_heatmap_params *p)
{
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(sg_figure_heatmap(p, &s, &err), &err);
    return s;
}

static void heatmaps_take_any_values(void **state)
{
    (void)state;
    static const double rows[][4] = {
        {0, 0, 0, 0},         {NAN, NAN, NAN, NAN}, {7, 7, 7, 7},         {-3, -3, -3, -3},
        {1e300, 0, 1e299, 5}, {1e-300, 0, 0, 0},    {-5, 5, INFINITY, 0}, {-1e300, 1e300, 0, 0},
    };
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        const sg_heatmap_panel panel = {"epoch 0", rows[i]};
        sg_heatmap_params p;
        heatmap_of(&panel, 1, 2, 2, &p);
        for (int map = SG_MAP_CIVIDIS; map <= SG_MAP_DIVERGING; map++) {
            p.map = (sg_color_map)map;
            judge(heatmap_made(&p), 180.0);
        }
    }
}

/* The panels in every width; a bar of colours comes with them. */
static void judge_heatmaps(const sg_heatmap_panel *panels, size_t n, const size_t shape[2])
{
    sg_heatmap_params p;
    heatmap_of(panels, n, shape[0], shape[1], &p);
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        p.width_mm = widths[w];
        sg_scene *s = heatmap_made(&p);
        assert_int_equal(count_kind(s, SG_MARK_CELLS), n + 1);
        assert_inside_the_page(s);
        sg_scene_free(s);
    }
}

static void heatmaps_take_any_shape_and_number(void **state)
{
    (void)state;
    static double value[1000];
    static const size_t shapes[][2] = {{1, 1}, {1, 1000}, {1000, 1}, {28, 28}, {10, 100}};
    static const size_t counts[] = {1, 2, 5, 12, 64};
    sg_heatmap_panel panels[64];

    for (size_t i = 0; i < 1000; i++)
        value[i] = (double)(i % 37);
    for (size_t i = 0; i < 64; i++)
        panels[i] = (sg_heatmap_panel){"epoch 100", value};
    for (size_t i = 0; i < SG_COUNT(shapes); i++)
        for (size_t c = 0; c < SG_COUNT(counts); c++)
            judge_heatmaps(panels, counts[c], shapes[i]);
}

static void heatmaps_share_one_scale(void **state)
{
    (void)state;
    static const double low[] = {0, 1};
    static const double high[] = {0, 10};
    const sg_heatmap_panel panels[] = {{"a", low}, {"b", high}};
    sg_heatmap_params p;
    sg_scene *s = NULL;
    sg_error err = {0};

    heatmap_of(panels, 2, 1, 2, &p);
    assert_ok(sg_figure_heatmap(&p, &s, &err), &err);
    /* The larger values: a tenth of the scale, and all of it. */
    const sg_ink expected[] = {sg_ink_map(SG_MAP_CIVIDIS, 0.1), sg_ink_map(SG_MAP_CIVIDIS, 1.0)};
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_CELLS && s->mark[i].n == 2 && n < 2) {
            assert_memory_equal(&s->mark[i].cell[1], &expected[n], sizeof(sg_ink));
            n++;
        }
    assert_int_equal(n, 2);
    sg_scene_free(s);
}

static void wide_heatmaps_are_binned_by_the_mean_and_say_so(void **state)
{
    (void)state;
    enum { SIDE = 400 };
    static double value[SIDE * SIDE];
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        value[i] = i % SIDE % 2 ? 0.0 : 2.0; /* columns of 2 and 0: every block's mean is 1 */
    const sg_heatmap_panel panel = {NULL, value};
    sg_heatmap_params p;
    sg_scene *s = NULL;
    sg_error err = {0};

    heatmap_of(&panel, 1, SIDE, SIDE, &p);
    p.low = 0.0;
    p.high = 2.0;
    assert_ok(sg_figure_heatmap(&p, &s, &err), &err);
    assert_string_equal(sg_scene_caption(s),
                        "Each cell is the mean of a block of 2 × 2 of the 400 × 400 values.");
    const sg_ink middle = sg_ink_map(SG_MAP_CIVIDIS, 0.5);
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_CELLS && s->mark[i].n_cols > 1) {
            assert_int_equal(s->mark[i].n, 200 * 200);
            for (size_t k = 0; k < s->mark[i].n; k++)
                assert_memory_equal(&s->mark[i].cell[k], &middle, sizeof middle);
        }
    sg_scene_free(s);
}

static void heatmaps_say_what_lies_beyond_the_scale(void **state)
{
    (void)state;
    static const double value[] = {0, 5, 10, NAN};
    const sg_heatmap_panel panel = {NULL, value};
    sg_heatmap_params p;
    sg_scene *s = NULL;
    sg_error err = {0};

    heatmap_of(&panel, 1, 2, 2, &p);
    p.high = 6.0;
    p.note = "Run 1.";
    assert_ok(sg_figure_heatmap(&p, &s, &err), &err);
    assert_string_equal(sg_scene_caption(s),
                        "Run 1. Values beyond the ends of the scale have the colour of the end. "
                        "Grey: no value.");
    sg_scene_free(s);
}

static void heatmaps_refuse_what_cannot_be_drawn(void **state)
{
    (void)state;
    static const double value[] = {1};
    const sg_heatmap_panel good = {"x", value};
    const sg_heatmap_panel empty = {"x", NULL};
    sg_scene *s = NULL;
    sg_error err = {0};
    sg_heatmap_params p;

    heatmap_of(&good, 1, 0, 1, &p);
    assert_int_equal(sg_figure_heatmap(&p, &s, &err), SG_EINVAL);
    heatmap_of(&good, 65, 1, 1, &p);
    assert_int_equal(sg_figure_heatmap(&p, &s, &err), SG_EINVAL);
    heatmap_of(&good, 0, 1, 1, &p);
    assert_int_equal(sg_figure_heatmap(&p, &s, &err), SG_EINVAL);
    heatmap_of(&empty, 1, 1, 1, &p);
    assert_int_equal(sg_figure_heatmap(&p, &s, &err), SG_EINVAL);
    heatmap_of(&good, 1, 1, 1, &p);
    p.low = 2.0;
    p.high = 1.0;
    assert_int_equal(sg_figure_heatmap(&p, &s, &err), SG_EINVAL);
    assert_string_equal(err.message, "the colour scale from 2 to 1 is empty");
    assert_null(s);
}

/* ---- layers ---- */

typedef struct layer_case {
    size_t sizes[2];
    uint32_t *from, *to;
    size_t n_links;
    sg_layers_link link;
    sg_layers_params params;
} layer_case;

/* Neuron i of `from` to all of `to` whose number is i modulo 7. */
static void make_layers(layer_case *c, size_t n_from, size_t n_to)
{
    *c = (layer_case){.sizes = {n_from, n_to}};
    c->from = malloc(n_from * n_to * sizeof *c->from);
    c->to = malloc(n_from * n_to * sizeof *c->to);
    for (size_t i = 0; i < n_from; i++)
        for (size_t k = i % 7; k < n_to; k += 7) {
            c->from[c->n_links] = (uint32_t)i;
            c->to[c->n_links++] = (uint32_t)k;
        }
    c->link = (sg_layers_link){0, 1, c->n_links, c->from, c->to, NULL};
    c->params = SG_LAYERS_PARAMS_DEFAULT;
    c->params.layer_size = c->sizes;
    c->params.n_layers = 2;
    c->params.links = &c->link;
    c->params.n_link_sets = 1;
}

static void free_layers(layer_case *c)
{
    free(c->from);
    free(c->to);
}

/* Links drawn in the dense and in the sparse panel. */
static void count_links(const sg_scene *s, size_t ret[2])
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_SEGMENTS && n < 2)
            ret[n++] = s->mark[i].n;
}

static void sampled_layers_keep_the_density_and_state_the_sample(void **state)
{
    (void)state;
    layer_case c;
    sg_error err = {0};
    double sum = 0.0;
    make_layers(&c, 784, 1000);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        sg_scene *s = NULL;
        size_t n[2] = {0, 0};
        c.params.seed = seed;
        assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
        count_links(s, n);
        assert_int_equal(n[0], 24 * 24);
        sum += (double)n[1];
        if (seed == 1) {
            char expected[256];
            snprintf(expected, sizeof expected,
                     "24 of 784 neurons, 24 of 1,000, chosen uniformly at random, and all links "
                     "between them are drawn: 576 in a, %zu in b.",
                     n[1]);
            assert_string_equal(sg_scene_caption(s), expected);
            assert_non_null(find_text(s, "784,000 links, density 100 %"));
            assert_non_null(find_text(s, "112,000 links, density 14.3 %"));
        }
        sg_scene_free(s);
    }
    /* A seventh of 576 is 82.3; the mean of 40 samples has a standard error of about 1.4. */
    assert_true(fabs(sum / 40.0 - 576.0 / 7.0) < 7.0);
    free_layers(&c);
}

static void the_sample_follows_the_seed(void **state)
{
    (void)state;
    layer_case c;
    sg_error err = {0};
    char *dump[3] = {NULL, NULL, NULL};
    make_layers(&c, 200, 300);
    for (size_t i = 0; i < 3; i++) {
        sg_scene *s = NULL;
        c.params.seed = i == 2 ? 9 : 1;
        assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
        assert_ok(sg_scene_dump(s, &dump[i], &err), &err);
        sg_scene_free(s);
    }
    assert_string_equal(dump[0], dump[1]);
    assert_string_not_equal(dump[0], dump[2]);
    for (size_t i = 0; i < 3; i++)
        sg_free(dump[i]);
    free_layers(&c);
}

static void small_layers_are_drawn_whole(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    size_t n[2] = {0, 0};
    make_layers(&c, 9, 8);
    assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
    count_links(s, n);
    assert_int_equal(n[0], 72);
    assert_int_equal(n[1], c.n_links);
    assert_string_equal(sg_scene_caption(s), "");
    sg_scene_free(s);
    free_layers(&c);
}

static void layers_without_any_link_are_hollow(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    make_layers(&c, 9, 8);
    c.link.n_links = 0;
    assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
    assert_string_equal(sg_scene_caption(s), "Hollow: neurons without any link in the network.");
    assert_non_null(find_text(s, "0 links, density 0 %"));
    judge(s, 180.0);
    free_layers(&c);
}

static void judge_layers(sg_layers_params *p)
{
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_scene *s = NULL;
        sg_error err = {0};
        p->width_mm = widths[w];
        assert_ok(sg_figure_layers(p, &s, &err), &err);
        assert_inside_the_page(s);
        sg_scene_free(s);
    }
}

static void layers_fit_for_every_depth(void **state)
{
    (void)state;
    size_t sizes[16];
    sg_layers_link links[15];
    const char *names[16];
    for (size_t i = 0; i < 16; i++) {
        sizes[i] = i == 15 ? 10 : 1000;
        names[i] = i == 0 ? "input" : i == 15 ? "output" : "hidden10";
    }
    for (size_t i = 0; i < 15; i++)
        links[i] = (sg_layers_link){.from_layer = i, .to_layer = i + 1};
    sg_layers_params p = SG_LAYERS_PARAMS_DEFAULT;
    p.layer_size = sizes;
    p.layer_name = names;
    p.links = links;
    for (p.n_layers = 2; p.n_layers <= 16; p.n_layers++) {
        p.n_link_sets = p.n_layers - 1;
        p.max_neurons = p.n_layers % 2 ? 100 : 24;
        judge_layers(&p);
    }
}

static void layers_refuse_links_to_nowhere(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    make_layers(&c, 9, 8);
    c.to[3] = 8;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "link 3 of links 0"));
    c.to[3] = 0;
    c.link.to_layer = 2;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    c.link.to_layer = 0;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    c.link.to_layer = 1;
    c.params.max_neurons = 1;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    assert_null(s);
    free_layers(&c);
}

/* ---- networks ---- */

static void the_layout_parts_two_cliques_and_repeats_itself(void **state)
{
    (void)state;
    enum { HALF = 12, N = 2 * HALF };
    uint32_t from[N * N];
    uint32_t to[N * N];
    size_t m = 0;
    sg_point at[N];
    sg_point again[N];
    sg_error err = {0};
    double inside = 0.0;
    double between = 0.0;

    for (uint32_t i = 0; i < N; i++)
        for (uint32_t k = i + 1; k < N; k++)
            if ((i < HALF) == (k < HALF) || (i == 0 && k == HALF)) {
                from[m] = i;
                to[m++] = k;
            }
    const sg_force_graph g = {N, m, from, to};
    assert_ok(sg_force_layout(&g, 1, at, &err), &err);
    assert_ok(sg_force_layout(&g, 1, again, &err), &err);
    assert_memory_equal(at, again, sizeof at);
    for (uint32_t i = 0; i < N; i++) {
        assert_true(fabs(at[i].x - 0.5) < 0.5 + 1e-9 && fabs(at[i].y - 0.5) < 0.5 + 1e-9);
        for (uint32_t k = i + 1; k < N; k++) {
            const double d = hypot(at[i].x - at[k].x, at[i].y - at[k].y);
            *((i < HALF) == (k < HALF) ? &inside : &between) += d;
        }
    }
    inside /= HALF * (HALF - 1);
    between /= HALF * HALF;
    assert_true(between > 2.0 * inside);
}

/* The far cells of the grid are an approximation: a ring must still come out as a ring. */
static void the_layout_of_a_large_grid_network_stays_open(void **state)
{
    (void)state;
    enum { SIDE = 20, N = SIDE * SIDE };
    static uint32_t from[2 * N];
    static uint32_t to[2 * N];
    static sg_point at[N];
    size_t m = 0;
    sg_error err = {0};
    double linked = 0.0;
    double any = 0.0;

    for (uint32_t i = 0; i < N; i++) {
        if (i % SIDE + 1 < SIDE) {
            from[m] = i;
            to[m++] = i + 1;
        }
        if (i + SIDE < N) {
            from[m] = i;
            to[m++] = i + SIDE;
        }
    }
    const sg_force_graph g = {N, m, from, to};
    assert_ok(sg_force_layout(&g, 1, at, &err), &err);
    for (size_t e = 0; e < m; e++)
        linked += hypot(at[from[e]].x - at[to[e]].x, at[from[e]].y - at[to[e]].y) / (double)m;
    for (size_t i = 0; i < N; i++)
        any += hypot(at[i].x - at[(i * 211 + 97) % N].x, at[i].y - at[(i * 211 + 97) % N].y) / N;
    assert_true(linked < 0.1);
    assert_true(any > 5.0 * linked);
}

static void networks_take_degenerate_graphs(void **state)
{
    (void)state;
    static const uint32_t zero[] = {0, 0, 1};
    static const uint32_t one[] = {0, 1, 0}; /* a loop, and an edge twice */
    const sg_network_panel panels[] = {
        {.title = "one node", .n_nodes = 1},
        {.title = "no edge", .n_nodes = 5},
        {.title = "loop and double", .n_nodes = 2, .n_edges = 3, .from = zero, .to = one},
    };
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
        sg_scene *s = NULL;
        sg_error err = {0};
        p.panels = panels;
        p.n_panels = 3;
        p.width_mm = widths[w];
        assert_ok(sg_figure_networks(&p, &s, &err), &err);
        judge(s, widths[w]);
    }
}

static void networks_refuse_broken_input(void **state)
{
    (void)state;
    static const uint32_t a[] = {0};
    static const uint32_t b[] = {2};
    static const double x[] = {0.0, NAN};
    static const unsigned char category[] = {0, 8};
    sg_network_panel panel = {.n_nodes = 2, .n_edges = 1, .from = a, .to = b};
    sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};
    p.panels = &panel;
    p.n_panels = 1;

    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    assert_string_equal(err.message, "edge 0 of network 0 joins 0 and 2 of 2 nodes");
    panel.n_edges = 0;
    panel.x = panel.y = x;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.y = NULL;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.x = NULL;
    panel.category = category;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.category = NULL;
    panel.n_nodes = 20001;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.n_nodes = 0;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    assert_null(s);
}

/* ---- degree distributions ---- */

static const sg_mark *find_tick(const sg_scene *s, const char *label)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_TEXT && s->mark[i].font.halign == SG_RIGHT &&
            strcmp(s->mark[i].text, label) == 0)
            return &s->mark[i];
    return NULL;
}

/* The vertical scale of a finished plot, from two labelled ticks: mm of P = 1 and of P = 0.1. */
static void find_decade(const sg_scene *s, double *one, double *tenth)
{
    const double half_cap = SG_CAP_EM / 2.0 * 6.0 * SG_MM_PER_PT;
    const sg_mark *top = find_tick(s, "1");
    const sg_mark *below = find_tick(s, "0.1");
    assert_non_null(top);
    assert_non_null(below);
    *one = top->rect.y - half_cap;
    *tenth = below->rect.y - half_cap;
}

/*
 * zeta(2.5, k) / zeta(2.5, 3) by scipy.special.zeta 1.10: .13799175307800532 at k = 10 and
 * .0014363862430965138 at k = 200. The line starts at n_tail/n = 14/16.
 */
static void the_fit_is_scaled_by_the_tail_and_ends_where_the_data_do(void **state)
{
    (void)state;
    sg_scene *s = NULL;
    sg_error err = {0};
    double one = 0.0;
    double tenth = 0.0;
    const sg_mark *line = NULL;

    assert_ok(small_ccdf(85.0, &s, &err), &err);
    find_decade(s, &one, &tenth);
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_PATH && s->mark[i].pen.width_pt == 1.0)
            line = &s->mark[i];
    if (!line) {
        fail_msg("there is no line of %g pt", 1.0);
        return;
    }
    const double first = pow(10.0, (one - line->point[0].y) / (tenth - one));
    const double last = pow(10.0, (one - line->point[line->n - 1].y) / (tenth - one));
    assert_true(fabs(first / (14.0 / 16.0) - 1.0) < 1e-9);
    assert_true(fabs(last / (14.0 / 16.0 * .0014363862430965138) - 1.0) < 1e-9);
    sg_scene_free(s);
}

static void zero_degrees_count_and_are_stated(void **state)
{
    (void)state;
    sg_scene *s = NULL;
    sg_error err = {0};
    double one = 0.0;
    double tenth = 0.0;
    assert_ok(small_ccdf(85.0, &s, &err), &err);
    assert_non_null(strstr(sg_scene_caption(s), "2 of 16 (epoch 10)"));
    find_decade(s, &one, &tenth);
    /* The last symbols are epoch 10's; P(K >= 3) = 14/16, P(K >= 200) = 1/16. */
    const sg_mark *points = NULL;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_SYMBOLS && s->mark[i].n == 4)
            points = &s->mark[i];
    if (!points) {
        fail_msg("there are no %d symbols", 4);
        return;
    }
    assert_true(fabs(pow(10.0, (one - points->spot[0].y) / (tenth - one)) - 0.875) < 1e-9);
    assert_true(fabs(pow(10.0, (one - points->spot[3].y) / (tenth - one)) - 0.0625) < 1e-9);
    sg_scene_free(s);
}

static void judge_degrees(const sg_ccdf_series *series)
{
    sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};
    p.series = series;
    p.n_series = 1;
    assert_ok(sg_figure_ccdf(&p, &s, &err), &err);
    judge(s, 180.0);
}

static void degree_figures_take_degenerate_input(void **state)
{
    (void)state;
    static const uint64_t zeros[] = {0, 0, 0};
    static const uint64_t same[] = {20, 20, 20};
    static const uint64_t huge[] = {1, UINT64_MAX, 3};
    static const uint64_t none[] = {0, 0, 0};
    const sg_ccdf_fit bad[] = {
        {NAN, 5.0, 3.0, NAN, false, "no fit: all degrees are equal"},
        {1.0, 1.0, 3.0, 0.5, false, NULL},
        {31.0, 20.0, 3.0, 0.5, false, NULL},
        {2.5, INFINITY, 3.0, 0.001, true, ""},
        {2.5, 1.0, 0.0, 0.5, true, NULL},
        {1e300, 1.0, 3.0, 0.5, true, NULL},
    };
    const sg_ccdf_series series[] = {
        {.label = "all zero", .degree = zeros, .n = 3},
        {.label = "equal", .degree = same, .n = 3},
        {.label = "huge", .degree = huge, .n = 3},
        {.label = "none", .degree = NULL, .n = 0},
        {.label = "zero counts", .degree = huge, .count = none, .n = 3},
    };
    for (size_t i = 0; i < SG_COUNT(series); i++) {
        sg_ccdf_series one = series[i];
        judge_degrees(&one);
        for (size_t f = 0; f < SG_COUNT(bad); f++) {
            one.fit = &bad[f];
            judge_degrees(&one);
        }
    }
}

static void long_labels_and_verdicts_are_wrapped(void **state)
{
    (void)state;
    static const uint64_t degree[] = {1, 2, 3, 4, 100};
    const sg_ccdf_fit fit = {2.5,
                             1.0,
                             5.0,
                             0.5,
                             false,
                             "not scale-free: a verdict of many words that cannot possibly stand "
                             "in one line of a narrow column, however small its letters are"};
    sg_ccdf_series series[8];
    for (size_t i = 0; i < 8; i++)
        series[i] = (sg_ccdf_series){
            .label = "a label of so many words that it needs more than a line of its own",
            .degree = degree,
            .n = 5,
            .fit = &fit};
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
        sg_scene *s = NULL;
        sg_error err = {0};
        p.series = series;
        p.n_series = 8;
        p.title = "A title that is so long that it has to be broken, at least where the figure is "
                  "one column wide";
        p.width_mm = widths[w];
        assert_ok(sg_figure_ccdf(&p, &s, &err), &err);
        judge(s, widths[w]);
    }
}

/* ---- timelines ---- */

static sg_status one_line(const double *epoch, const double *value, size_t n, bool log,
                          sg_scene **ret, sg_error *err)
{
    const sg_timeline_series series = {.label = "SET", .epoch = epoch, .value = value, .n = n};
    sg_timeline_panel panel = SG_TIMELINE_PANEL_DEFAULT;
    sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
    panel.label = "Links";
    panel.series = &series;
    panel.n_series = 1;
    panel.log = log;
    p.panels = &panel;
    p.n_panels = 1;
    return sg_figure_timeline(&p, ret, err);
}

static void judge_line(const double *epoch, const double *value, size_t n, bool log)
{
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(one_line(epoch, value, n, log, &s, &err), &err);
    judge(s, 180.0);
}

static void timelines_take_degenerate_input(void **state)
{
    (void)state;
    static const double epoch[] = {0, 1, 2, 3};
    static const double values[][4] = {
        {0, 0, 0, 0},
        {NAN, NAN, NAN, NAN},
        {5, 5, 5, 5},
        {1e300, -1e300, 0, 1},
        {-1, -2, -3, -4},
        {1e-300, 2e-300, 0, 0},
        {INFINITY, 1, 2, 3},
        {57034, 57034, 57033, 57034},
        {1e308, 1e308, 1e308, 1e308},
    };
    for (size_t i = 0; i < SG_COUNT(values); i++) {
        for (size_t n = 0; n <= 4; n++) {
            judge_line(epoch, values[i], n, false);
            judge_line(epoch, values[i], n, true);
        }
    }
}

static void a_gap_breaks_the_line_and_a_lone_value_is_a_mark(void **state)
{
    (void)state;
    static const double epoch[] = {0, 1, 2, 3, 4, 5};
    static const double value[] = {1, 2, NAN, 4, NAN, 6};
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(one_line(epoch, value, 6, false, &s, &err), &err);
    assert_int_equal(count_kind(s, SG_MARK_PATH), 1); /* epochs 0 to 1; 3 and 5 stand alone */
    size_t n_spots = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_SYMBOLS && s->mark[i].n > n_spots)
            n_spots = s->mark[i].n;
    assert_int_equal(n_spots, 4);
    sg_scene_free(s);
}

static void logarithmic_panels_say_what_they_cannot_draw(void **state)
{
    (void)state;
    static const double epoch[] = {0, 1, 2};
    static const double value[] = {0, -1, 5};
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(one_line(epoch, value, 3, true, &s, &err), &err);
    assert_string_equal(sg_scene_caption(s),
                        "2 values at or below 0 cannot be drawn on a logarithmic axis.");
    sg_scene_free(s);
}

static void timelines_refuse_epochs_out_of_order(void **state)
{
    (void)state;
    static const double epoch[] = {0, 2, 1};
    static const double value[] = {0, 1, 5};
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_int_equal(one_line(epoch, value, 3, false, &s, &err), SG_EINVAL);
    assert_string_equal(err.message, "the epochs of 'SET' in panel 0 do not ascend");
    assert_int_equal(one_line(NULL, value, 3, false, &s, &err), SG_EINVAL);
    assert_null(s);
}

static void a_run_keeps_its_colour_in_every_panel(void **state)
{
    (void)state;
    static const double epoch[] = {0, 1};
    static const double value[] = {1, 2};
    const sg_timeline_series first[] = {{.label = "other", .epoch = epoch, .value = value, .n = 2},
                                        {.label = "SET", .epoch = epoch, .value = value, .n = 2}};
    const sg_timeline_series second[] = {{.label = "SET", .epoch = epoch, .value = value, .n = 2}};
    sg_timeline_panel panels[] = {SG_TIMELINE_PANEL_DEFAULT, SG_TIMELINE_PANEL_DEFAULT};
    sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};
    panels[0].series = first;
    panels[0].n_series = 2;
    panels[1].series = second;
    panels[1].n_series = 1;
    p.panels = panels;
    p.n_panels = 2;
    assert_ok(sg_figure_timeline(&p, &s, &err), &err);
    sg_ink ink[3];
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_PATH && n < 3)
            ink[n++] = s->mark[i].pen.ink;
    assert_int_equal(n, 3);
    assert_memory_equal(&ink[1], &ink[2], sizeof ink[1]);
    assert_memory_not_equal(&ink[0], &ink[1], sizeof ink[1]);
    sg_scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_is_the_text_that_was_accepted),
        cmocka_unit_test(each_figure_stays_on_its_page_and_readable),
        cmocka_unit_test(each_figure_refuses_absurd_widths),
        cmocka_unit_test(each_figure_survives_each_failed_allocation),
        cmocka_unit_test(heatmaps_take_any_values),
        cmocka_unit_test(heatmaps_take_any_shape_and_number),
        cmocka_unit_test(heatmaps_share_one_scale),
        cmocka_unit_test(wide_heatmaps_are_binned_by_the_mean_and_say_so),
        cmocka_unit_test(heatmaps_say_what_lies_beyond_the_scale),
        cmocka_unit_test(heatmaps_refuse_what_cannot_be_drawn),
        cmocka_unit_test(sampled_layers_keep_the_density_and_state_the_sample),
        cmocka_unit_test(the_sample_follows_the_seed),
        cmocka_unit_test(small_layers_are_drawn_whole),
        cmocka_unit_test(layers_without_any_link_are_hollow),
        cmocka_unit_test(layers_fit_for_every_depth),
        cmocka_unit_test(layers_refuse_links_to_nowhere),
        cmocka_unit_test(the_layout_parts_two_cliques_and_repeats_itself),
        cmocka_unit_test(the_layout_of_a_large_grid_network_stays_open),
        cmocka_unit_test(networks_take_degenerate_graphs),
        cmocka_unit_test(networks_refuse_broken_input),
        cmocka_unit_test(the_fit_is_scaled_by_the_tail_and_ends_where_the_data_do),
        cmocka_unit_test(zero_degrees_count_and_are_stated),
        cmocka_unit_test(degree_figures_take_degenerate_input),
        cmocka_unit_test(long_labels_and_verdicts_are_wrapped),
        cmocka_unit_test(timelines_take_degenerate_input),
        cmocka_unit_test(a_gap_breaks_the_line_and_a_lone_value_is_a_mark),
        cmocka_unit_test(logarithmic_panels_say_what_they_cannot_draw),
        cmocka_unit_test(timelines_refuse_epochs_out_of_order),
        cmocka_unit_test(a_run_keeps_its_colour_in_every_panel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
