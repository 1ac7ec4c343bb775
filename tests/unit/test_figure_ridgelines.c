/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

/* The area of the n-th filled ridge over its baseline, in mm^2; white ones hide what is behind. */
static double ridge_area(const sg_scene *s, size_t which)
{
    for (size_t i = 0; i < s->n_marks; i++) {
        const sg_mark *m = &s->mark[i];
        if (m->kind != SG_MARK_PATH || !m->closed || m->fill.a == 255 || which-- > 0)
            continue;
        double area = 0.0;
        for (size_t k = 0; k < m->n; k++) {
            const sg_point a = m->point[k];
            const sg_point b = m->point[(k + 1) % m->n];
            area += 0.5 * (a.x * b.y - b.x * a.y);
        }
        return fabs(area);
    }
    fail_msg("there are too few ridges: %zu more are wanted", which + 1);
    return 0.0;
}

static void every_ridge_has_the_same_area_wherever_its_degrees_lie(void **state)
{
    (void)state;
    static const uint64_t zeros[] = {0, 0};
    static const uint64_t ones[] = {1};
    static const uint64_t large[] = {100, 400, 90};
    const sg_ridge ridges[] = {
        {"0", zeros, NULL, 2, true}, {"1", ones, NULL, 1, false}, {"2", large, NULL, 3, false}};
    sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};

    p.ridges = ridges;
    p.n_ridges = 3;
    assert_ok(sg_figure_ridgelines(&p, &s, &err), &err);
    const double first = ridge_area(s, 0);
    /* The trapezoidal rule on a Gaussian 0.25 wide in steps of 20.75/240: exact to 1e-6. */
    assert_true(fabs(ridge_area(s, 1) / first - 1.0) < 1e-3);
    assert_true(fabs(ridge_area(s, 2) / first - 1.0) < 1e-3);
    sg_scene_free(s);
}

static void counts_weigh_as_many_neurons(void **state)
{
    (void)state;
    static const uint64_t one_by_one[] = {3, 3, 3, 9};
    static const uint64_t degree[] = {9, 3};
    static const uint64_t count[] = {1, 3};
    const sg_ridge ridges[] = {{"a", one_by_one, NULL, 4, false}, {"a", degree, count, 2, false}};
    char *text[2] = {NULL, NULL};

    for (size_t i = 0; i < 2; i++) {
        sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
        sg_scene *s = NULL;
        sg_error err = {0};
        p.ridges = &ridges[i];
        p.n_ridges = 1;
        assert_ok(sg_figure_ridgelines(&p, &s, &err), &err);
        assert_ok(sg_scene_dump(s, &text[i], &err), &err);
        sg_scene_free(s);
    }
    assert_string_equal(text[0], text[1]);
    sg_free(text[0]);
    sg_free(text[1]);
}

static void any_number_of_ridges_stays_on_the_page(void **state)
{
    (void)state;
    static const uint64_t degree[] = {0, 1, 5, 20, 1000};
    sg_ridge ridges[24];

    for (size_t i = 0; i < 24; i++)
        ridges[i] = (sg_ridge){"epoch 100", degree, NULL, i % 5 + 1, i == 0};
    for (size_t n = 1; n <= 24; n++) {
        for (size_t w = 0; w < SG_COUNT(widths); w++) {
            sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
            sg_scene *s = NULL;
            sg_error err = {0};
            p.ridges = ridges;
            p.n_ridges = n;
            p.width_mm = widths[w];
            assert_ok(sg_figure_ridgelines(&p, &s, &err), &err);
            assert_inside_the_page(s);
            assert_no_text_covers_another(s);
            sg_scene_free(s);
        }
    }
}

static void ridges_that_cannot_be_drawn_are_refused(void **state)
{
    (void)state;
    static const uint64_t degree[] = {1};
    static const uint64_t none[] = {0};
    static const double bad[] = {1.5};
    const sg_ridge good = {"a", degree, NULL, 1, false};
    const sg_ridge ridges[] = {
        {NULL, degree, NULL, 1, false}, {"a", NULL, NULL, 1, false}, {"a", degree, none, 1, false}};
    sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
    sg_scene *s = NULL;

    p.n_ridges = 1;
    for (size_t i = 0; i < SG_COUNT(ridges); i++) {
        p.ridges = &ridges[i];
        assert_int_equal(sg_figure_ridgelines(&p, &s, NULL), SG_EINVAL);
    }
    p.ridges = &good;
    p.reference = bad;
    p.n_reference = 1;
    assert_int_equal(sg_figure_ridgelines(&p, &s, NULL), SG_EINVAL);
    p.n_reference = 0;
    p.n_ridges = 25;
    assert_int_equal(sg_figure_ridgelines(&p, &s, NULL), SG_EINVAL);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ridge_has_the_same_area_wherever_its_degrees_lie),
        cmocka_unit_test(counts_weigh_as_many_neurons),
        cmocka_unit_test(any_number_of_ridges_stays_on_the_page),
        cmocka_unit_test(ridges_that_cannot_be_drawn_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
