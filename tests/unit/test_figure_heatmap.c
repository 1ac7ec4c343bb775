/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heatmaps_take_any_values),
        cmocka_unit_test(heatmaps_take_any_shape_and_number),
        cmocka_unit_test(heatmaps_share_one_scale),
        cmocka_unit_test(wide_heatmaps_are_binned_by_the_mean_and_say_so),
        cmocka_unit_test(heatmaps_say_what_lies_beyond_the_scale),
        cmocka_unit_test(heatmaps_refuse_what_cannot_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
