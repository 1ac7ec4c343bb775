/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "one_link.h"
#include <string.h>

enum { N_INPUTS = 50, N_OUTPUTS = 30 };

/* drawn_at_random(30, 50, 200, 21) with weights ((r + 2c) % 7) - 3. */
static sg_snapshot *weighted_link(void)
{
    sg_csr *m = drawn_at_random(N_OUTPUTS, N_INPUTS, 200, 21);
    m->value = SG_NEW_ARRAY(float, m->n_links);
    assert_non_null(m->value);
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            m->value[k] = (float)((row + 2 * (size_t)m->col[k]) % 7) - 3.0F;
    return one_link(m);
}

static void add_variance(sg_snapshot *s, const char *name, size_t n, float first)
{
    float variance[N_INPUTS];
    sg_error err = {0};
    for (size_t i = 0; i < N_INPUTS; i++)
        variance[i] = i % 7 == 3 ? 0 : (float)(i * 37 % 101);
    variance[0] = first;
    const sg_tensor tensor = {.name = name, .n_dims = 1, .shape = {n}, .value = variance};
    assert_ok(sg_snapshot_add_tensor(s, &tensor, &err), &err);
}

/* The correlations by SciPy 1.10.1, the rest by NumPy 1.24. */
static void agrees_with_scipy(void **state)
{
    (void)state;
    static const expected_value expected[] = {
        {"live_inputs", 42},
        {"dead_input_links", 51},
        {"input_variance_rho", -0.09040442113901315},
        {"live_input_variance_rho", -0.04264436289025206},
        {"live_input_strength_rho", 0.06486593124101349},
        {"live_out_degree_dispersion", 0.6875725900116146},
        {"live_out_degree_gini", 0.18757259001161442},
        {"live_out_degree_entropy", 0.9835812884890982},
        {"live_out_degree_zeros", 0},
    };
    sg_snapshot *s = weighted_link();
    add_variance(s, "input.variance", N_INPUTS, -0.0F);
    assert_measures(s, expected, SG_COUNT(expected), 1e-12);
    sg_snapshot_free(s);
}

static void says_nothing_where_no_variance_is_known(void **state)
{
    (void)state;
    static const expected_value expected[] = {{"live_inputs", NAN},
                                              {"dead_input_links", NAN},
                                              {"input_variance_rho", NAN},
                                              {"live_out_degree_gini", NAN},
                                              {"live_out_degree_zeros", NAN}};
    sg_snapshot *none = weighted_link();
    sg_snapshot *other = weighted_link();
    sg_snapshot *shorter = weighted_link();
    sg_snapshot *negative = weighted_link();
    add_variance(other, "hidden.variance", N_INPUTS, 0);
    add_variance(shorter, "input.variance", N_INPUTS - 1, 0);
    add_variance(negative, "input.variance", N_INPUTS, -1);
    assert_measures(none, expected, SG_COUNT(expected), 0);
    assert_measures(other, expected, SG_COUNT(expected), 0);
    assert_measures(shorter, expected, SG_COUNT(expected), 0);
    assert_measures(negative, expected, SG_COUNT(expected), 0);
    sg_snapshot_free(none);
    sg_snapshot_free(other);
    sg_snapshot_free(shorter);
    sg_snapshot_free(negative);
}

static void survives_inputs_that_are_all_dead(void **state)
{
    (void)state;
    static const char *const rows[] = {"101", "110"};
    static const expected_value expected[] = {
        {"live_inputs", 0},
        {"dead_input_links", 4},
        {"input_variance_rho", NAN},
        {"live_input_variance_rho", NAN},
        {"live_out_degree_dispersion", NAN},
        {"live_out_degree_zeros", 0},
    };
    const float nothing[3] = {0};
    const sg_tensor tensor = {
        .name = "input.variance", .n_dims = 1, .shape = {3}, .value = nothing};
    sg_error err = {0};
    sg_snapshot *s = one_link(drawn_matrix(2, 3, rows));
    assert_ok(sg_snapshot_add_tensor(s, &tensor, &err), &err);
    assert_measures(s, expected, SG_COUNT(expected), 0);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 200 };
    sg_snapshot *s = weighted_link();
    add_variance(s, "input.variance", N_INPUTS, 0);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_measured *m = NULL;
        double ret;
        assert_true(budget < BUDGET_MAX);
        sg_test_alloc_budget(budget);
        status = sg_measured_new(s, NULL, &m, NULL);
        if (status == SG_OK)
            status = sg_measure_value(sg_measure_find("live_inputs"), m, 0, &ret, NULL);
        sg_measured_free(m);
        sg_test_alloc_budget(-1);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_scipy),
        cmocka_unit_test(says_nothing_where_no_variance_is_known),
        cmocka_unit_test(survives_inputs_that_are_all_dead),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
