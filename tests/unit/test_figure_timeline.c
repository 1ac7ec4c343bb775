/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

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

/* Eight curves that end at one value, or near it: their names stay apart and in the page. */
static void names_beside_curves_stay_apart(void **state)
{
    (void)state;
    static const double epoch[] = {0, 1, 2};
    static double value[8][3];
    static const char *const names[] = {"input-hidden1",   "hidden1-hidden2", "hidden2-hidden3",
                                        "hidden3-hidden4", "hidden4-hidden5", "hidden5-hidden6",
                                        "hidden6-hidden7", "hidden7-output"};
    sg_timeline_series series[8];

    for (size_t i = 0; i < 8; i++) {
        value[i][0] = (double)i;
        value[i][1] = value[i][2] = i == 7 ? (double)NAN : 1.0 + 0.01 * (double)(i % 3);
        series[i] = (sg_timeline_series){
            .label = names[i], .epoch = epoch, .value = value[i], .n = 3, .reference = i == 6};
    }
    sg_timeline_panel panels[] = {SG_TIMELINE_PANEL_DEFAULT, SG_TIMELINE_PANEL_DEFAULT};
    panels[0].label = panels[1].label = "Jaccard";
    panels[0].series = panels[1].series = series;
    panels[0].n_series = 8;
    panels[1].n_series = 2;
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
        sg_scene *s = NULL;
        sg_error err = {0};
        p.panels = panels;
        p.n_panels = 2;
        p.panel_mm = 22.0;
        p.direct_labels = true;
        p.width_mm = widths[w];
        assert_ok(sg_figure_timeline(&p, &s, &err), &err);
        assert_non_null(find_text(s, "hidden7-output"));
        judge(s, widths[w]);
    }
    sg_timeline_params flat = SG_TIMELINE_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    flat.panels = panels;
    flat.n_panels = 2;
    flat.panel_mm = 5.0;
    assert_int_equal(sg_figure_timeline(&flat, &s, NULL), SG_EINVAL);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timelines_take_degenerate_input),
        cmocka_unit_test(a_gap_breaks_the_line_and_a_lone_value_is_a_mark),
        cmocka_unit_test(logarithmic_panels_say_what_they_cannot_draw),
        cmocka_unit_test(timelines_refuse_epochs_out_of_order),
        cmocka_unit_test(a_run_keeps_its_colour_in_every_panel),
        cmocka_unit_test(names_beside_curves_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
