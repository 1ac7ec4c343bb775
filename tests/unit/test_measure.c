/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "patterned.h"
#include "sparsegraph/measure.h"
#include <math.h>
#include <string.h>

static double value(sg_measured *m, const char *name, size_t subject)
{
    double ret = NAN;
    sg_error err = {0};
    const sg_measure *measure = sg_measure_find(name);
    if (!measure)
        fail_msg("no measure '%s'", name);
    assert_ok(sg_measure_value(measure, m, subject, &ret, &err), &err);
    return ret;
}

/* Sums of at most a few thousand terms near 1: 1e-12 is far above their rounding. */
#define assert_near(a, b)                                                                          \
    do {                                                                                           \
        const double a_ = (a);                                                                     \
        const double b_ = (b);                                                                     \
        if (!(fabs(a_ - b_) <= 1e-12 * fmax(1, fabs(b_))))                                         \
            fail_msg("%s is %.17g, not %.17g", #a, a_, b_);                                        \
    } while (0)

static sg_csr *matrix(size_t n_rows, size_t n_cols, const uint64_t *start, const uint32_t *col,
                      const float *weight)
{
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, start[n_rows], weight != NULL, &m, &err), &err);
    memcpy(m->row_start, start, (n_rows + 1) * sizeof *start);
    memcpy(m->col, col, start[n_rows] * sizeof *col);
    if (weight)
        memcpy(m->value, weight, start[n_rows] * sizeof *weight);
    return m;
}

/* input 4 -> hidden1 3 -> output 2
 *   [ 1 -2  .  3 ]     [ 1 . 1 ]
 *   [ .  4  .  . ]     [ . . . ]
 *   [ .  .  .  . ]                  */
static sg_snapshot *by_hand(const uint64_t *start, const uint32_t *col, const float *weight)
{
    static const uint64_t output_start[] = {0, 2, 2};
    static const uint32_t output_col[] = {0, 2};
    const sg_layer layers[] = {
        {.name = "input", .size = 4, .n_dims = 1, .shape = {4}},
        {.name = "hidden1", .size = 3, .n_dims = 1, .shape = {3}},
        {.name = "output", .size = 2, .n_dims = 1, .shape = {2}},
    };
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < SG_COUNT(layers); i++)
        assert_ok(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    assert_ok(
        sg_snapshot_add_link(s, "input-hidden1", 0, 1, matrix(3, 4, start, col, weight), &err),
        &err);
    assert_ok(sg_snapshot_add_link(s, "hidden1-output", 1, 2,
                                   matrix(2, 3, output_start, output_col, NULL), &err),
              &err);
    return s;
}

static const uint64_t now_start[] = {0, 3, 4, 4};
static const uint32_t now_col[] = {0, 1, 3, 1};
static const float now_weight[] = {1, -2, 3, 4};

static void agrees_with_a_network_measured_by_hand(void **state)
{
    (void)state;
    sg_snapshot *s = by_hand(now_start, now_col, now_weight);
    sg_measured *m = NULL;
    sg_error err = {0};
    assert_ok(sg_measured_new(s, NULL, &m, &err), &err);

    assert_near(value(m, "links", 0), 4);
    assert_near(value(m, "density", 0), 4.0 / 12);
    /* fan-in 3 1 0: mean 4/3, variance 14/9, sum of differences of all pairs 12 */
    assert_near(value(m, "in_degree_mean", 0), 4.0 / 3);
    assert_near(value(m, "in_degree_dispersion", 0), 7.0 / 6);
    assert_near(value(m, "in_degree_gini", 0), 0.5);
    assert_near(value(m, "in_degree_max", 0), 3);
    assert_near(value(m, "in_degree_zeros", 0), 1);
    /* fan-out 1 2 0 1 */
    assert_near(value(m, "out_degree_mean", 0), 1);
    assert_near(value(m, "out_degree_dispersion", 0), 0.5);
    assert_near(value(m, "out_degree_gini", 0), 0.375);
    assert_near(value(m, "out_degree_zeros", 0), 1);
    /* strengths 6 4 0 and 1 6 0 3 */
    assert_near(value(m, "in_strength_mean", 0), 10.0 / 3);
    assert_near(value(m, "in_strength_gini", 0), 0.4);
    assert_near(value(m, "in_strength_max", 0), 6);
    assert_near(value(m, "out_strength_gini", 0), 0.5);
    assert_near(value(m, "out_strength_mean", 1), 2.0 / 3);
    /* Only hidden1's first neuron both hears an input and reaches an output. */
    assert_near(value(m, "active_neurons", 0), 3);
    assert_near(value(m, "active_neurons", 1), 1);
    assert_near(value(m, "active_neurons", 2), 1);
    assert_near(value(m, "active_frac", 1), 1.0 / 3);
    assert_near(value(m, "network_active_neurons", 0), 5);
    assert_near(value(m, "neurons", 1), 3);
    /* A tree of 7 neurons and two isolated ones; total degrees 1 2 0 1 4 1 1 2 0. */
    assert_near(value(m, "nodes", 0), 9);
    assert_near(value(m, "connections", 0), 6);
    assert_near(value(m, "network_density", 0), 6.0 / 18);
    assert_near(value(m, "components", 0), 3);
    assert_near(value(m, "isolated", 0), 2);
    assert_near(value(m, "giant_frac", 0), 7.0 / 9);
    assert_near(value(m, "core_max", 0), 1);
    assert_near(value(m, "degree_mean", 0), 12.0 / 9);
    assert_near(value(m, "degree_dispersion", 0), 1);
    assert_near(value(m, "degree_gini", 0), 48.0 / 108);
    assert_near(value(m, "degree_max", 0), 4);
    /* Nothing to compare with, nothing fitted. */
    assert_true(isnan(value(m, "previous_jaccard", 0)));
    assert_true(isnan(value(m, "network_start_jaccard", 0)));
    assert_true(isnan(value(m, "in_degree_powerlaw_p", 0)));
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void counts_what_was_kept_added_and_removed(void **state)
{
    (void)state;
    static const uint64_t old_start[] = {0, 2, 3, 3};
    static const uint32_t old_col[] = {0, 2, 1};
    static const float old_weight[] = {1, 1, 1};
    sg_snapshot *s = by_hand(now_start, now_col, now_weight);
    sg_snapshot *before = by_hand(old_start, old_col, old_weight);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.previous = before, .start = s};
    assert_ok(sg_measured_new(s, &params, &m, &err), &err);

    assert_near(value(m, "previous_kept", 0), 2);
    assert_near(value(m, "previous_added", 0), 2);
    assert_near(value(m, "previous_removed", 0), 1);
    assert_near(value(m, "previous_kept_frac", 0), 2.0 / 3);
    assert_near(value(m, "previous_jaccard", 0), 2.0 / 5);
    assert_near(value(m, "previous_jaccard", 1), 1);
    assert_near(value(m, "network_previous_jaccard", 0), 4.0 / 7);
    assert_near(value(m, "start_jaccard", 0), 1);
    assert_near(value(m, "start_kept_frac", 0), 1);
    sg_measured_free(m);
    sg_snapshot_free(before);
    sg_snapshot_free(s);
}

static void leaves_undefined_what_an_empty_link_cannot_have(void **state)
{
    (void)state;
    static const uint64_t nothing[] = {0, 0, 0, 0};
    sg_snapshot *s = by_hand(nothing, now_col, now_weight);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.previous = s};
    assert_ok(sg_measured_new(s, &params, &m, &err), &err);
    assert_near(value(m, "in_degree_mean", 0), 0);
    assert_near(value(m, "in_degree_zeros", 0), 3);
    assert_true(isnan(value(m, "in_degree_dispersion", 0)));
    assert_true(isnan(value(m, "in_degree_gini", 0)));
    assert_true(isnan(value(m, "previous_jaccard", 0)));
    assert_true(isnan(value(m, "out_degree_powerlaw_alpha", 0)));
    assert_near(value(m, "active_neurons", 1), 0);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/*
 * The patterned network of patterned.h, made again and measured in Python: NumPy 1.24 for the
 * degrees (Gini as the mean absolute difference over twice the mean), NetworkX 2.8.8 for
 * components, core numbers, and descendants and ancestors.
 */
static void agrees_with_networkx_and_numpy(void **state)
{
    (void)state;
    static const struct {
        const char *measure;
        double of_link[3];
    } expected[] = {
        {"links", {271, 135, 199}},
        {"in_degree_mean", {6.775, 4.5, 6.633333333333334}},
        {"in_degree_dispersion", {0.42426199261992614, 0.41111111111111115, 0.527470686767169}},
        {"in_degree_gini", {0.09880073800738007, 0.1325925925925926, 0.10737018425460637}},
        {"in_degree_max", {8, 6, 8}},
        {"in_degree_zeros", {2, 2, 2}},
        {"out_degree_dispersion", {0.35787207872078725, 0.2472222222222222, 0.24614740368509208}},
        {"out_degree_gini", {0.130319803198032, 0.11611111111111111, 0.11800670016750418}},
        {"out_degree_zeros", {3, 2, 3}},
        {"in_strength_mean", {11.525, 8.033333333333333, 11.333333333333334}},
        {"in_strength_gini", {0.18660520607375272, 0.23443983402489627, 0.23745098039215687}},
        {"in_strength_max", {19, 14, 19}},
        {"out_strength_gini", {0.14298626174981924, 0.14595435684647304, 0.1627450980392157}},
        {"previous_kept", {135, 67, 100}},
        {"previous_added", {136, 68, 99}},
        {"previous_removed", {137, 64, 99}},
        {"previous_jaccard", {0.33088235294117646, 0.33668341708542715, 0.33557046979865773}},
    };
    static const struct {
        const char *measure;
        double value;
    } whole[] = {
        {"components", 6},
        {"isolated", 5},
        {"giant_frac", 0.9615384615384616},
        {"core_max", 7},
        {"degree_mean", 9.307692307692308},
        {"degree_dispersion", 0.7650349650349649},
        {"degree_gini", 0.14516211061665607},
        {"degree_max", 14},
    };
    static const double active[] = {57, 36, 28};
    sg_snapshot *s = patterned_network(0, 1);
    sg_snapshot *before = patterned_network(1, 0);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.previous = before};
    assert_ok(sg_measured_new(s, &params, &m, &err), &err);
    for (size_t i = 0; i < SG_COUNT(expected); i++)
        for (size_t k = 0; k < 3; k++)
            assert_near(value(m, expected[i].measure, k), expected[i].of_link[k]);
    for (size_t i = 0; i < SG_COUNT(whole); i++)
        assert_near(value(m, whole[i].measure, 0), whole[i].value);
    for (size_t i = 0; i < SG_COUNT(active); i++)
        assert_near(value(m, "active_neurons", i), active[i]);
    sg_measured_free(m);
    sg_snapshot_free(before);
    sg_snapshot_free(s);
}

static void every_entry_of_the_registry_is_complete_and_unique(void **state)
{
    (void)state;
    const size_t n = sg_measure_count();
    assert_true(n >= 40);
    sg_scope scope = SG_SCOPE_LINK;
    for (size_t i = 0; i < n; i++) {
        const sg_measure *measure = sg_measure_at(i);
        assert_true(measure->name[0] && measure->unit[0] && measure->summary[0]);
        assert_non_null(measure->source);
        assert_non_null(measure->compute);
        assert_true(measure->scope >= scope); /* links, then layers, then the whole network */
        scope = measure->scope;
        assert_ptr_equal(sg_measure_find(measure->name), measure);
        assert_string_not_equal(sg_null_name(measure->null), "unknown");
        assert_string_not_equal(sg_cost_name(measure->cost), "unknown");
    }
    assert_null(sg_measure_at(n));
    assert_null(sg_measure_find("no_such_measure"));
}

static void refuses_networks_of_another_shape_and_subjects_that_are_not_there(void **state)
{
    (void)state;
    sg_snapshot *s = by_hand(now_start, now_col, now_weight);
    sg_snapshot *other = patterned_network(0, 0);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.start = other};
    assert_int_equal(sg_measured_new(s, &params, &m, &err), SG_EINVAL);
    assert_string_equal(err.message, "link 'input-hidden1' is 3 x 4 here and 40 x 60 in the "
                                     "network it is measured against");
    assert_null(m);
    assert_ok(sg_measured_new(s, NULL, &m, &err), &err);
    double ret = 5;
    assert_int_equal(sg_measure_value(sg_measure_find("links"), m, 2, &ret, &err), SG_EINVAL);
    assert_true(ret == 5);
    sg_measured_free(m);
    sg_snapshot_free(other);
    sg_snapshot_free(s);
}

static sg_status measure_all(const sg_snapshot *s)
{
    sg_measured *m = NULL;
    const sg_measured_params params = {.previous = s, .start = s, .n_bootstrap = 2, .seed = 1};
    sg_status status = sg_measured_new(s, &params, &m, NULL);
    for (size_t i = 0; status == SG_OK && i < sg_measure_count(); i++) {
        double ret = 0;
        status = sg_measure_value(sg_measure_at(i), m, 0, &ret, NULL);
    }
    sg_measured_free(m);
    return status;
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 2000 };
    sg_snapshot *s = patterned_network(0, 0);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < BUDGET_MAX);
        sg_test_alloc_budget(budget);
        status = measure_all(s);
        sg_test_alloc_budget(-1);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_network_measured_by_hand),
        cmocka_unit_test(counts_what_was_kept_added_and_removed),
        cmocka_unit_test(leaves_undefined_what_an_empty_link_cannot_have),
        cmocka_unit_test(agrees_with_networkx_and_numpy),
        cmocka_unit_test(every_entry_of_the_registry_is_complete_and_unique),
        cmocka_unit_test(refuses_networks_of_another_shape_and_subjects_that_are_not_there),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
