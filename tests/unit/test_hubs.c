/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "measure/hubs.h"
#include "patterned.h"
#include "sparsegraph/measure.h"
#include <math.h>

static double kept(const uint64_t *now, const uint64_t *before, size_t n)
{
    double ret = 0;
    sg_error err = {0};
    assert_ok(sg_hubs_kept(now, before, n, &ret, &err), &err);
    return ret;
}

static double correlation(const uint64_t *x, const uint64_t *y, size_t n)
{
    double ret = 0;
    sg_error err = {0};
    assert_ok(sg_rank_correlation(x, y, n, &ret, &err), &err);
    return ret;
}

static void counts_the_hubs_that_were_hubs_before(void **state)
{
    (void)state;
    /* Of 12 neurons the two with the largest degree are hubs. */
    const uint64_t before[] = {9, 1, 1, 1, 8, 1, 1, 1, 1, 1, 1, 0};
    const uint64_t now[] = {9, 1, 1, 7, 2, 1, 1, 1, 1, 1, 1, 0};
    assert_true(kept(before, before, 12) == 1);
    assert_true(kept(now, before, 12) == 0.5);
    /* A tie at the second place takes all who share it in: 9, 7, 7. */
    const uint64_t tied[] = {9, 1, 1, 7, 7, 1, 1, 1, 1, 1, 1, 0};
    assert_true(kept(tied, before, 12) == 2.0 / 3);
    assert_true(kept(before, tied, 12) == 1);
}

static void knows_no_hubs_where_nobody_stands_out(void **state)
{
    (void)state;
    const uint64_t equal[] = {4, 4, 4, 4, 4, 4};
    const uint64_t nothing[] = {0, 0, 0, 0, 0, 0};
    const uint64_t half[] = {5, 5, 5, 1, 1, 1};
    const uint64_t most[] = {5, 5, 5, 5, 1, 1};
    assert_true(isnan(kept(equal, equal, 6)));
    assert_true(isnan(kept(nothing, half, 6)));
    assert_true(isnan(kept(half, nothing, 6)));
    assert_true(kept(half, half, 6) == 1);
    assert_true(isnan(kept(most, half, 6)));
    assert_true(isnan(kept(equal, equal, 0)));
}

/* Expected: scipy.stats.spearmanr of SciPy 1.10.1. A dozen operations: 1e-14 is above rounding. */
static void agrees_with_scipy_on_rank_correlations(void **state)
{
    (void)state;
    const uint64_t x[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
    const uint64_t y[] = {2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5};
    uint64_t a[50];
    uint64_t b[50];
    for (size_t i = 0; i < 50; i++) {
        a[i] = i * 7919 % 23;
        b[i] = (i * 31 + i * i) % 17;
    }
    assert_true(fabs(correlation(x, y, 12) - 0.1415796863640157) < 1e-14);
    assert_true(fabs(correlation(a, b, 50) - 0.31819790795177194) < 1e-14);
    assert_true(correlation(a, a, 50) == 1);
    for (size_t i = 0; i < 50; i++) /* far apart, in the same order: another way to rank them */
        a[i] <<= 40;
    assert_true(fabs(correlation(a, b, 50) - 0.31819790795177194) < 1e-14);
    assert_true(fabs(correlation(b, a, 50) - 0.31819790795177194) < 1e-14);
    const uint64_t up[] = {1, 2, 3, 4};
    const uint64_t down[] = {40, 30, 20, 10};
    const uint64_t flat[] = {7, 7, 7, 7};
    assert_true(correlation(up, down, 4) == -1);
    assert_true(isnan(correlation(up, flat, 4)));
    assert_true(isnan(correlation(up, up, 1)));
}

static double value(sg_measured *m, const char *name)
{
    double ret = 0;
    sg_error err = {0};
    assert_non_null(sg_measure_find(name));
    assert_ok(sg_measure_value(sg_measure_find(name), m, 0, &ret, &err), &err);
    return ret;
}

/* Expected: NumPy 1.24.2 and SciPy 1.10.1 on the patterned networks of shift 0 and 1. */
static void compares_the_neurons_of_two_networks(void **state)
{
    (void)state;
    sg_snapshot *now = patterned_network(0, 1);
    sg_snapshot *before = patterned_network(1, 0);
    sg_measured *m = NULL;
    sg_error err = {0};
    const sg_measured_params params = {.previous = before, .start = now};
    assert_ok(sg_measured_new(now, &params, &m, &err), &err);
    assert_true(fabs(value(m, "previous_in_rank_correlation") - 0.6192962055541534) < 1e-14);
    assert_true(fabs(value(m, "previous_out_rank_correlation") - 0.5013682804301944) < 1e-14);
    /* Fan-in: 12 hubs, 10 before, 7 of them in both. Fan-out: 44 of 60 neurons tied before. */
    assert_true(value(m, "previous_in_hubs_frac") == 7.0 / 12);
    assert_true(isnan(value(m, "previous_out_hubs_frac")));
    assert_true(value(m, "start_in_hubs_frac") == 1);
    assert_true(value(m, "start_out_rank_correlation") == 1);
    sg_measured_free(m);

    assert_ok(sg_measured_new(now, NULL, &m, &err), &err);
    assert_true(isnan(value(m, "previous_in_hubs_frac")));
    assert_true(isnan(value(m, "start_out_rank_correlation")));
    sg_measured_free(m);
    sg_snapshot_free(before);
    sg_snapshot_free(now);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const uint64_t x[] = {1, 2, 3};
    const uint64_t far[] = {1, 2, UINT64_MAX};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        double ret = 5;
        assert_true(budget < 20);
        sg_test_alloc_budget(budget);
        status = sg_hubs_kept(x, x, 3, &ret, NULL);
        assert_true(status == SG_OK || ret == 5);
        if (status == SG_OK)
            status = sg_rank_correlation(x, far, 3, &ret, NULL);
        sg_test_alloc_budget(-1);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_hubs_that_were_hubs_before),
        cmocka_unit_test(knows_no_hubs_where_nobody_stands_out),
        cmocka_unit_test(agrees_with_scipy_on_rank_correlations),
        cmocka_unit_test(compares_the_neurons_of_two_networks),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
