/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "measure/spectrum.h"
#include "one_link.h"

/* The second value's residual allows 5e-6; what is left in practice is its square. */
#define TOLERANCE 1e-8

static void assert_spectrum(sg_csr *m, double first, double second)
{
    sg_spectrum s = {0};
    sg_error err = {0};
    assert_ok(sg_spectrum_of(m, &s, &err), &err);
    if (!(fabs(s.first - first) <= 1e-12 * first) ||
        !(fabs(s.second - second) <= TOLERANCE * first) || (second == 0 && s.second != 0))
        fail_msg("%.17g and %.17g, not %.17g and %.17g", s.first, s.second, first, second);
    sg_csr_free(m);
}

/* All singular values by LAPACK, through NumPy 1.24; svds of SciPy 1.10.1 gives the same. */
static void agrees_with_numpy_and_scipy(void **state)
{
    (void)state;
    assert_spectrum(drawn_matrix(18, 14, southern_women), 6.741908124910307, 4.3800982969054205);
    assert_spectrum(drawn_at_random(60, 45, 60, 7), 4.5450397580850455, 3.664515624371105);
    assert_spectrum(drawn_at_random(40, 70, 400, 11), 20.927601728648725, 6.86788908852476);
    assert_spectrum(drawn_at_random(300, 8, 150, 3), 9.931827340152637, 7.161931535101183);
    assert_spectrum(drawn_at_random(400, 300, 30, 5), 11.054295013090243, 6.387099324799564);
    assert_spectrum(drawn_at_random(300, 400, 30, 5), 11.110333063076718, 6.404716266893685);
}

static void finds_values_known_without_computing(void **state)
{
    (void)state;
    assert_spectrum(drawn_at_random(10, 1000, 1000, 1), 100, 0); /* sqrt(10 * 1000), rank 1 */
    static const char *const two_blocks[] = {"110000", "110000", "001111", "001111"};
    assert_spectrum(drawn_matrix(4, 6, two_blocks), sqrt(8), 2);
    static const char *const stars[] = {"111000", "000111", "000000"};
    assert_spectrum(drawn_matrix(3, 6, stars), sqrt(3), sqrt(3));
}

/* Lanczos' iteration from one vector never sees a value twice; putting its vector apart does. */
static void finds_a_value_that_is_there_twice(void **state)
{
    (void)state;
    static const char *const identity[] = {"1000", "0100", "0010", "0001"};
    assert_spectrum(drawn_matrix(4, 4, identity), 1, 1);
    sg_csr *one = drawn_at_random(60, 45, 200, 9);
    sg_csr *twice = NULL;
    sg_error err = {0};
    assert_true(one->n_links > 0);
    assert_ok(sg_csr_new(120, 90, 2 * one->n_links, false, &twice, &err), &err);
    for (size_t i = 0; i < 2 * one->n_links; i++)
        twice->col[i] = one->col[i % one->n_links] + (i < one->n_links ? 0 : 45);
    for (size_t i = 0; i <= 120; i++)
        twice->row_start[i] = one->row_start[i % 60] + (i < 60 ? 0 : one->n_links);
    twice->row_start[120] = 2 * one->n_links;
    sg_spectrum s;
    assert_ok(sg_spectrum_of(one, &s, &err), &err);
    sg_csr_free(one);
    assert_spectrum(twice, s.first, s.first);
}

/* Where memory bounds the vectors, the iteration begins anew from the best one so far. */
static void comes_to_the_same_with_room_for_few_vectors(void **state)
{
    (void)state;
    const size_t rooms[] = {12, 20, 40};
    for (uint32_t seed = 1; seed <= 5; seed++) {
        sg_csr *m = drawn_at_random(400, 300, 30, seed);
        sg_spectrum whole;
        sg_error err = {0};
        assert_ok(sg_spectrum_within(m, SG_LANCZOS_STEPS, &whole, &err), &err);
        for (size_t i = 0; i < SG_COUNT(rooms); i++) {
            sg_spectrum s;
            assert_ok(sg_spectrum_within(m, rooms[i], &s, &err), &err);
            /* the residual, which all rooms here but the smallest reach in time */
            if (!(fabs(s.first - whole.first) <= 1e-9 * whole.first) ||
                !(fabs(s.second - whole.second) <= (i ? 5e-6 : 1e-3) * whole.first))
                fail_msg("seed %u, room for %zu: %.12g and %.12g, not %.12g and %.12g", seed,
                         rooms[i], s.first, s.second, whole.first, whole.second);
        }
        sg_csr_free(m);
    }
}

static void says_what_a_link_without_a_second_value_has(void **state)
{
    (void)state;
    static const char *const row[] = {"1101"};
    static const char *const empty[] = {"00", "00", "00"};
    const expected_value of_row[] = {{"singular_1", sqrt(3)},
                                     {"singular_2", NAN},
                                     {"spectral_gap", NAN},
                                     {"ramanujan_ratio", NAN}};
    static const expected_value of_empty[] = {
        {"singular_1", 0}, {"singular_2", 0}, {"spectral_gap", 0}, {"ramanujan_ratio", NAN}};
    sg_snapshot *s = one_link(drawn_matrix(1, 4, row));
    assert_measures(s, of_row, SG_COUNT(of_row), 1e-12);
    sg_snapshot_free(s);
    s = one_link(drawn_matrix(3, 2, empty));
    assert_measures(s, of_empty, SG_COUNT(of_empty), 0);
    sg_snapshot_free(s);
}

static void holds_the_second_value_against_ramanujans_bound(void **state)
{
    (void)state;
    sg_snapshot *s = one_link(drawn_matrix(18, 14, southern_women));
    const double bound = sqrt(89.0 / 18 - 1) + sqrt(89.0 / 14 - 1);
    const expected_value expected[] = {
        {"spectral_gap", 6.741908124910307 - 4.3800982969054205},
        {"ramanujan_ratio", 4.3800982969054205 / bound},
    };
    assert_measures(s, expected, SG_COUNT(expected), TOLERANCE);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 200 };
    sg_csr *m = drawn_at_random(30, 40, 200, 5);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_spectrum s = {.first = -1};
        assert_true(budget < BUDGET_MAX);
        sg_test_alloc_budget(budget);
        status = sg_spectrum_of(m, &s, NULL);
        sg_test_alloc_budget(-1);
        assert_true((status == SG_OK) == (s.first >= 0));
    }
    assert_int_equal(status, SG_OK);
    sg_csr_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_numpy_and_scipy),
        cmocka_unit_test(finds_values_known_without_computing),
        cmocka_unit_test(finds_a_value_that_is_there_twice),
        cmocka_unit_test(comes_to_the_same_with_room_for_few_vectors),
        cmocka_unit_test(says_what_a_link_without_a_second_value_has),
        cmocka_unit_test(holds_the_second_value_against_ramanujans_bound),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
