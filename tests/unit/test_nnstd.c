/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "measure/assignment.h"
#include "measure/nnstd.h"
#include "patterned.h"
#include "sparsegraph/measure.h"
#include <math.h>
#include <string.h>

static double total(const float *cost, size_t n, const uint32_t *column)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)cost[i * n + column[i]];
    return sum;
}

static double assigned(const float *cost, size_t n)
{
    SG_AUTOFREE uint32_t *column = SG_NEW_ARRAY(uint32_t, n);
    SG_AUTOFREE bool *taken = SG_NEW_ARRAY(bool, n);
    sg_error err = {0};
    assert_ok(sg_assign(cost, n, column, &err), &err);
    for (size_t i = 0; i < n; i++) {
        assert_true(column[i] < n && !taken[column[i]]);
        taken[column[i]] = true;
    }
    return total(cost, n, column);
}

/* The least total over all ways to go on from row `row` with the columns not yet taken. */
static double least(const float *cost, size_t n, size_t row, bool *taken)
{
    double best = row == n ? 0 : INFINITY;
    for (size_t j = 0; j < n && row < n; j++) {
        if (taken[j])
            continue;
        taken[j] = true;
        best = fmin(best, (double)cost[row * n + j] + least(cost, n, row + 1, taken));
        taken[j] = false;
    }
    return best;
}

/* Few distinct costs make ties, which are what is hard. */
static void finds_the_least_of_all_assignments_of_small_matrices(void **state)
{
    (void)state;
    enum { N_MAX = 7 };
    for (uint64_t seed = 1; seed <= 200; seed++) {
        float cost[N_MAX * N_MAX];
        bool taken[N_MAX] = {false};
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 0, 0);
        const size_t n = 1 + sg_random_below(&r, N_MAX);
        const uint64_t distinct = 1 + sg_random_below(&r, 1 + seed);
        for (size_t i = 0; i < n * n; i++)
            cost[i] = sg_assignable((float)sg_random_below(&r, distinct) / (float)distinct);
        if (assigned(cost, n) != least(cost, n, 0, taken))
            fail_msg("seed %zu", (size_t)seed);
    }
}

/* Expected: scipy.optimize.linear_sum_assignment of SciPy 1.10.1 on the same matrices. */
static void agrees_with_scipy_on_the_least_total_cost(void **state)
{
    (void)state;
    static const struct {
        size_t n, distinct;
        double total; /* in units of 1/4096 */
    } expected[] = {{30, 97, 200}, {60, 1021, 3340}, {200, 4093, 8582}};
    for (size_t k = 0; k < SG_COUNT(expected); k++) {
        const size_t n = expected[k].n;
        SG_AUTOFREE float *cost = SG_NEW_ARRAY(float, n *n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                cost[i * n + j] = (float)((i * 7919 + j * 104729 + i * j * 31 + i * i * 13 % 11) %
                                          expected[k].distinct) /
                                  4096;
        assert_true(assigned(cost, n) * 4096 == expected[k].total);
    }
    assert_true(assigned(NULL, 0) == 0);
}

static void prefers_the_diagonal_among_equals(void **state)
{
    (void)state;
    float cost[25] = {0};
    uint32_t column[5];
    assert_int_equal(sg_assign(cost, 5, column, NULL), SG_OK);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(column[i], i);
}

enum { N_IN = 30, N_1 = 24, N_2 = 18, N_OUT = 5 };

/* A chain of four layers whose hidden neurons stand in the order of `order`, or NULL. */
static sg_snapshot *chain(uint64_t seed, double density, const uint32_t *order1,
                          const uint32_t *order2)
{
    static const size_t sizes[] = {N_IN, N_1, N_2, N_OUT};
    static const char *const names[] = {"input", "hidden1", "hidden2", "output"};
    const uint32_t *const orders[] = {NULL, order1, order2, NULL};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 0, 0);
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < 4; i++)
        assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = names[i], .size = sizes[i]}, &err),
                  &err);
    for (size_t k = 0; k < 3; k++) {
        static bool at[N_IN][N_IN];
        sg_csr *m = NULL;
        memset(at, 0, sizeof at);
        for (size_t i = 0; i < sizes[k + 1]; i++)
            for (size_t j = 0; j < sizes[k]; j++)
                at[orders[k + 1] ? orders[k + 1][i] : i][orders[k] ? orders[k][j] : j] =
                    sg_random_unit(&r) < density;
        assert_ok(sg_csr_new(sizes[k + 1], sizes[k], sizes[k + 1] * sizes[k], false, &m, &err),
                  &err);
        m->n_links = 0;
        for (size_t i = 0; i < sizes[k + 1]; i++) {
            for (size_t j = 0; j < sizes[k]; j++)
                if (at[i][j])
                    m->col[m->n_links++] = (uint32_t)j;
            m->row_start[i + 1] = m->n_links;
        }
        char text[64];
        (void)snprintf(text, sizeof text, "%s-%s", names[k], names[k + 1]);
        assert_ok(sg_snapshot_add_link(s, text, k, k + 1, m, &err), &err);
    }
    return s;
}

static sg_nnstd compare(const sg_snapshot *a, const sg_snapshot *b)
{
    sg_nnstd d = {0};
    sg_error err = {0};
    assert_ok(sg_nnstd_make(a, b, &d, &err), &err);
    return d;
}

static void sees_no_difference_between_orders_of_the_hidden_neurons(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const double density = seed % 2 ? 0.33 : 0.8;
        uint32_t order1[N_1];
        uint32_t order2[N_2];
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 1, 0);
        for (uint32_t i = 0; i < N_1; i++)
            order1[i] = i;
        for (uint32_t i = 0; i < N_2; i++)
            order2[i] = i;
        sg_random_shuffle_u32(&r, order1, N_1);
        sg_random_shuffle_u32(&r, order2, N_2);
        sg_snapshot *a = chain(seed, density, NULL, NULL);
        sg_snapshot *b = chain(seed, density, order1, order2);
        sg_snapshot *other = chain(seed + 100, density, NULL, NULL);
        sg_nnstd same = compare(a, b);
        sg_nnstd different = compare(a, other);
        for (size_t k = 0; k < 3; k++)
            if (same.of_link[k] != 0 || !(different.of_link[k] > 0.1))
                fail_msg("seed %zu, link %zu: %g and %g", (size_t)seed, k, same.of_link[k],
                         different.of_link[k]);
        assert_true(same.network == 0);
        sg_nnstd_clear(&same);
        sg_nnstd_clear(&different);
        sg_snapshot_free(a);
        sg_snapshot_free(b);
        sg_snapshot_free(other);
    }
}

/*
 * Expected: the definition in NumPy 1.24.2 with linear_sum_assignment of SciPy 1.10.1, on the
 * patterned networks of shift 0 and 1, 2, 5. The link behind the hidden layer depends on which of
 * several best matchings is taken, the other two do not. Sums of 40 shares: 1e-14 is above
 * rounding.
 */
static void agrees_with_scipy_on_the_distance_of_networks(void **state)
{
    (void)state;
    static const struct {
        size_t shift;
        double to_hidden, to_output;
    } expected[] = {
        {1, 0.6097727272727272, 0.6198989898989898},
        {2, 0.13090909090909092, 0.9333333333333333},
        {5, 0.6136363636363635, 0.9333333333333333},
    };
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        sg_snapshot *a = patterned_network(0, 0);
        sg_snapshot *b = patterned_network(expected[i].shift, 0);
        sg_nnstd d = compare(a, b);
        assert_int_equal(d.n_links, 3);
        assert_true(fabs(d.of_link[0] - expected[i].to_hidden) < 1e-14);
        assert_true(fabs(d.of_link[2] - expected[i].to_output) < 1e-14);
        assert_true(fabs(d.network - (d.of_link[0] + d.of_link[1] + d.of_link[2]) / 3) < 1e-14);
        sg_nnstd back = compare(b, a);
        assert_true(fabs(back.of_link[0] - d.of_link[0]) < 1e-14);
        sg_nnstd_clear(&back);
        sg_nnstd_clear(&d);
        sg_snapshot_free(a);
        sg_snapshot_free(b);
    }
}

/* The distance of two networks of one hidden layer, straight from the definition. */
static double by_definition(const sg_snapshot *a, const sg_snapshot *b)
{
    const sg_csr *x = sg_snapshot_link(a, 0)->matrix;
    const sg_csr *y = sg_snapshot_link(b, 0)->matrix;
    const size_t n = x->n_rows;
    SG_AUTOFREE float *cost = SG_NEW_ARRAY(float, n *n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double all = 0;
            double common = 0;
            for (uint32_t col = 0; col < x->n_cols; col++) {
                bool in_x = false;
                bool in_y = false;
                for (uint64_t k = x->row_start[i]; k < x->row_start[i + 1]; k++)
                    in_x = in_x || x->col[k] == col;
                for (uint64_t k = y->row_start[j]; k < y->row_start[j + 1]; k++)
                    in_y = in_y || y->col[k] == col;
                all += in_x || in_y;
                common += in_x && in_y;
            }
            cost[i * n + j] = sg_assignable(all > 0 ? (float)((all - common) / all) : 0);
        }
    return assigned(cost, n) / (double)n;
}

/* Costs are rounded to 2^-24 before they are added up: 1e-7 a neuron. */
static void counts_what_dense_networks_lack(void **state)
{
    (void)state;
    const double densities[] = {0, 0.1, 0.45, 0.55, 0.9, 1};
    for (size_t i = 0; i < SG_COUNT(densities); i++)
        for (size_t k = 0; k < SG_COUNT(densities); k++) {
            sg_snapshot *a = chain(1, densities[i], NULL, NULL);
            sg_snapshot *b = chain(2, densities[k], NULL, NULL);
            sg_nnstd d = compare(a, b);
            assert_true(fabs(d.of_link[0] - by_definition(a, b)) < 2e-7);
            sg_nnstd_clear(&d);
            sg_snapshot_free(a);
            sg_snapshot_free(b);
        }
}

static double value(sg_measured *m, const char *name, size_t subject)
{
    double ret = 0;
    sg_error err = {0};
    assert_non_null(sg_measure_find(name));
    assert_ok(sg_measure_value(sg_measure_find(name), m, subject, &ret, &err), &err);
    return ret;
}

static void measures_the_distance_to_other_epochs(void **state)
{
    (void)state;
    sg_snapshot *now = patterned_network(0, 1);
    sg_snapshot *before = patterned_network(2, 0);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.previous = before, .start = now};
    assert_ok(sg_measured_new(now, &params, &m, &err), &err);
    assert_true(fabs(value(m, "previous_nnstd", 0) - 0.13090909090909092) < 1e-14);
    assert_true(value(m, "start_nnstd", 1) == 0);
    assert_true(value(m, "network_start_nnstd", 0) == 0);
    assert_true(value(m, "network_previous_nnstd", 0) > 0.13);
    sg_measured_free(m);
    assert_ok(sg_measured_new(now, NULL, &m, &err), &err);
    assert_true(isnan(value(m, "previous_nnstd", 0)));
    assert_true(isnan(value(m, "network_start_nnstd", 0)));
    sg_measured_free(m);
    sg_snapshot_free(now);
    sg_snapshot_free(before);
}

/* Layers of the given sizes, every link empty but for the cells (i, i). */
static sg_snapshot *diagonal(const size_t *sizes, size_t n)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    char name[32];
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(name, sizeof name, "layer%zu", i);
        assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = name, .size = sizes[i]}, &err),
                  &err);
    }
    for (size_t k = 0; k + 1 < n; k++) {
        const size_t links = sizes[k] < sizes[k + 1] ? sizes[k] : sizes[k + 1];
        sg_csr *m = NULL;
        assert_ok(sg_csr_new(sizes[k + 1], sizes[k], links, false, &m, &err), &err);
        for (size_t i = 0; i < sizes[k + 1]; i++) {
            m->row_start[i + 1] = i + 1 < links ? i + 1 : links;
            if (i < links)
                m->col[i] = (uint32_t)i;
        }
        (void)snprintf(name, sizeof name, "link%zu", k);
        assert_ok(sg_snapshot_add_link(s, name, k, k + 1, m, &err), &err);
    }
    return s;
}

static void says_nothing_of_layers_too_wide_to_be_matched_or_of_other_layers(void **state)
{
    (void)state;
    const size_t wide[] = {3, SG_NNSTD_NEURONS_MAX + 1, 3};
    const size_t narrow[] = {3, 4, 3};
    sg_snapshot *a = diagonal(wide, 3);
    sg_snapshot *b = diagonal(narrow, 3);
    sg_snapshot *pair = diagonal(wide, 2); /* wide, but an output: nothing is to be matched */
    sg_nnstd d = compare(a, a);
    assert_true(isnan(d.of_link[0]) && isnan(d.of_link[1]) && isnan(d.network));
    sg_nnstd_clear(&d);
    d = compare(a, b);
    assert_true(isnan(d.of_link[0]) && isnan(d.network));
    sg_nnstd_clear(&d);
    d = compare(pair, pair);
    assert_true(d.of_link[0] == 0 && d.network == 0);
    sg_nnstd_clear(&d);
    sg_snapshot_free(a);
    sg_snapshot_free(b);
    sg_snapshot_free(pair);
}

static void fail_each_allocation(const sg_snapshot *a, const sg_snapshot *b)
{
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_nnstd d = {.n_links = 77};
        assert_true(budget < 200);
        sg_test_alloc_budget(budget);
        status = sg_nnstd_make(a, b, &d, NULL);
        sg_test_alloc_budget(-1);
        if (status == SG_OK)
            sg_nnstd_clear(&d);
        else
            assert_int_equal(d.n_links, 77);
    }
    assert_int_equal(status, SG_OK);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *sparse = chain(1, 0.2, NULL, NULL);
    sg_snapshot *dense = chain(2, 0.8, NULL, NULL);
    fail_each_allocation(sparse, sparse);
    fail_each_allocation(sparse, dense);
    fail_each_allocation(dense, dense);
    sg_snapshot_free(sparse);
    sg_snapshot_free(dense);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_least_of_all_assignments_of_small_matrices),
        cmocka_unit_test(agrees_with_scipy_on_the_least_total_cost),
        cmocka_unit_test(prefers_the_diagonal_among_equals),
        cmocka_unit_test(sees_no_difference_between_orders_of_the_hidden_neurons),
        cmocka_unit_test(agrees_with_scipy_on_the_distance_of_networks),
        cmocka_unit_test(counts_what_dense_networks_lack),
        cmocka_unit_test(measures_the_distance_to_other_epochs),
        cmocka_unit_test(says_nothing_of_layers_too_wide_to_be_matched_or_of_other_layers),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
