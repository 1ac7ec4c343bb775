/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"
#include "small_ccdf.h"

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

/* A band of 0.25 to 0.5 from 2 to 8, and a law of two points, in one series of four degrees. */
static sg_status with_band_and_law(const sg_ccdf_band *band, const sg_ccdf_curve *curve,
                                   double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint64_t degree[] = {1, 2, 4, 10};
    const sg_ccdf_series series = {
        .label = "sent", .degree = degree, .n = 4, .band = band, .curves = curve, .n_curves = 1};
    sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
    p.series = &series;
    p.n_series = 1;
    p.width_mm = width_mm;
    return sg_figure_ccdf(&p, ret, err);
}

static void a_band_and_a_law_are_drawn_and_named(void **state)
{
    (void)state;
    static const double k[] = {2, 8};
    static const double low[] = {0.25, 0.25};
    static const double high[] = {0.5, 0.5};
    const sg_ccdf_band band = {"95 % of 20 random links", k, low, high, 2};
    const sg_ccdf_curve curve = {"lognormal", k, high, 2};

    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_scene *s = NULL;
        sg_error err = {0};
        size_t n_bands = 0;
        assert_ok(with_band_and_law(&band, &curve, widths[w], &s, &err), &err);
        for (size_t i = 0; i < s->n_marks; i++) {
            const sg_mark *m = &s->mark[i];
            if (m->kind != SG_MARK_PATH || !m->closed || m->n != 4)
                continue;
            n_bands++;
            assert_true(m->point[0].y < m->point[3].y); /* 0.5 lies above 0.25 */
            assert_true(m->point[0].x == m->point[3].x);
        }
        assert_int_equal(n_bands, 1);
        assert_non_null(find_text(s, "95 % of 20 random links"));
        assert_non_null(find_text(s, "lognormal"));
        judge(s, widths[w]);
    }
}

static void bands_and_laws_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const double k[] = {2, 8};
    static const double back[] = {8, 2};
    static const double low[] = {0.25, 0.25};
    static const double high[] = {0.5, 1.5};
    const sg_ccdf_curve good = {"lognormal", k, low, 2};
    const sg_ccdf_band good_band = {"b", k, low, low, 2};
    const sg_ccdf_band bands[] = {
        {"b", back, low, low, 2}, {"b", k, low, high, 2}, {NULL, k, low, low, 2}};
    const sg_ccdf_curve curves[] = {{"c", back, low, 2}, {"c", k, high, 2}, {"c", k, NULL, 2}};
    sg_scene *s = NULL;

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(with_band_and_law(&bands[i], &good, 85.0, &s, NULL), SG_EINVAL);
        assert_int_equal(with_band_and_law(&good_band, &curves[i], 85.0, &s, NULL), SG_EINVAL);
    }
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fit_is_scaled_by_the_tail_and_ends_where_the_data_do),
        cmocka_unit_test(zero_degrees_count_and_are_stated),
        cmocka_unit_test(degree_figures_take_degenerate_input),
        cmocka_unit_test(long_labels_and_verdicts_are_wrapped),
        cmocka_unit_test(a_band_and_a_law_are_drawn_and_named),
        cmocka_unit_test(bands_and_laws_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
