/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/status.h"
#include "base/zeta.h"
#include "graph/igraph_guard.h"
#include "graph/igraph_powerlaw.h"
#include "graph/tail_fit.h"
#include <gsl/gsl_sf_zeta.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Zachary's karate club. */
static const uint64_t karate[] = {16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2,  2,
                                  2,  2, 3,  2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17};

static sg_igraph_fit fit(const uint64_t *values, size_t n, size_t n_replicates)
{
    sg_igraph_fit ret = {0};
    sg_error err = {0};

    assert_ok(sg_igraph_powerlaw(values, n, n_replicates, 1, &ret, &err), &err);
    return ret;
}

/* igraph 0.10.2: alpha 2.126278, xmin 2, lnL -72.27394, D .099983, with its correction for n < 50;
 * p .12 by its own bootstrap of 2500. */
static void fits_the_karate_club_as_igraph_does(void **state)
{
    (void)state;
    const sg_igraph_fit f = fit(karate, SG_COUNT(karate), 400);

    assert_true(fabs(f.alpha - 2.126278) < 1e-5);
    assert_int_equal(f.xmin, 2);
    assert_int_equal(f.n_tail, 33);
    assert_int_equal(f.n, 34);
    assert_true(fabs(f.log_likelihood + 72.27394) < 1e-4);
    assert_true(fabs(f.ks_d - 0.099983) < 1e-5);
    assert_int_equal(f.n_replicates, 400);
    assert_true(fabs(f.p_value - 0.12) < 0.06); /* three standard errors of the difference */
}

static void gives_the_same_p_for_the_same_seed_alone(void **state)
{
    (void)state;
    const sg_igraph_fit a = fit(karate, SG_COUNT(karate), 200);
    srand(12345); /* igraph's own p-value would change with this */
    const sg_igraph_fit b = fit(karate, SG_COUNT(karate), 200);
    sg_igraph_fit c = {0};
    sg_error err = {0};
    assert_ok(sg_igraph_powerlaw(karate, SG_COUNT(karate), 200, 2, &c, &err), &err);

    assert_true(a.p_value == b.p_value);
    assert_true(a.p_value != c.p_value);
}

static void answers_degenerate_values_without_a_fit(void **state)
{
    (void)state;
    const uint64_t zeros[] = {0, 0, 0, 0};
    const uint64_t fives[] = {5, 5, 5, 5, 5, 5, 0};
    const uint64_t *const cases[] = {zeros, fives, NULL};
    const size_t n[] = {4, 7, 0};

    for (size_t i = 0; i < 3; i++) {
        const sg_igraph_fit f = fit(cases[i], n[i], 10);
        assert_true(isnan(f.alpha));
        assert_true(isnan(f.p_value));
        assert_true(isnan(f.ks_d));
        assert_int_equal(f.xmin, 0);
        assert_int_equal(f.n_tail, 0);
    }
    assert_int_equal(fit(fives, 7, 0).n, 6);
}

/* igraph answers {1, 2} with alpha = inf, as a success. */
static void stays_finite_on_two_distinct_values(void **state)
{
    (void)state;
    const uint64_t values[] = {1, 2, 1, 1};
    const sg_igraph_fit f = fit(values, 4, 20);

    assert_true(isfinite(f.alpha));
    assert_int_equal(f.xmin, 1);
    assert_int_equal(f.n_tail, 4);
    assert_true(f.p_value >= 0.0 && f.p_value <= 1.0);
}

static void stays_finite_where_the_zeta_function_underflows(void **state)
{
    (void)state;
    uint64_t values[300];
    for (size_t i = 0; i < 300; i++)
        values[i] = 100000 + i % 7;
    const sg_igraph_fit f = fit(values, 300, 3);

    assert_true(isfinite(f.alpha) && f.alpha > 100.0);
    assert_true(f.ks_d > 0.0 && f.ks_d < 1.0);

    const uint64_t far[] = {1, 1, 2, (uint64_t)1 << 53, 3, 1};
    assert_true(isfinite(fit(far, 6, 3).alpha));
    sg_error err = {0};
    sg_igraph_fit ret;
    const uint64_t beyond[] = {1, UINT64_MAX};
    assert_int_equal(sg_igraph_powerlaw(beyond, 2, 0, 1, &ret, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "value 1"));
}

/* GSL's Hurwitz zeta, an independent implementation, where it does not underflow. */
static void computes_the_zeta_function_as_gsl_does(void **state)
{
    (void)state;
    const double alphas[] = {1.05, 1.5, 2.0, 2.5, 3.7, 8.0, 15.0, 40.0};
    const double starts[] = {1, 2, 3, 7, 10, 26, 100, 1000};

    for (size_t i = 0; i < SG_COUNT(alphas); i++)
        for (size_t j = 0; j < SG_COUNT(starts); j++) {
            const double alpha = alphas[i];
            const double q = starts[j];
            const double expected = log(gsl_sf_hzeta(alpha, q)) + alpha * log(q);
            double slope = 0.0;
            double curve = 0.0;
            const double got = sg_log_scaled_zeta(alpha, q, &slope, &curve);
            if (fabs(got - expected) > 1e-12 * fmax(1.0, alpha * log(q)))
                fail_msg("alpha %g, q %g: %.15g, GSL %.15g", alpha, q, got, expected);
            /* central differences lose half the digits */
            const double h = 1e-4 * (alpha - 1.0);
            const double up = sg_log_scaled_zeta(alpha + h, q, NULL, NULL);
            const double down = sg_log_scaled_zeta(alpha - h, q, NULL, NULL);
            assert_true(fabs((up - down) / (2.0 * h) - slope) < 1e-6 * (1.0 + fabs(slope)));
            double slope_up = 0.0;
            double slope_down = 0.0;
            (void)sg_log_scaled_zeta(alpha + h, q, &slope_up, NULL);
            (void)sg_log_scaled_zeta(alpha - h, q, &slope_down, NULL);
            assert_true(fabs((slope_up - slope_down) / (2.0 * h) - curve) <
                        1e-6 * (1.0 + fabs(curve)));
        }
}

/* Binomial(1000, p): the degrees of an untrained layer; geometric ones have a longer tail. */
static uint64_t random_degree(sg_random *random, size_t kind)
{
    uint64_t k = 0;
    if (kind % 2 == 0)
        for (int i = 0; i < 1000; i++)
            k += sg_random_unit(random) < 0.02;
    else
        k = (uint64_t)(1.0 + log(1.0 - sg_random_unit(random)) / log(0.95));
    return k;
}

static void agrees_with_igraph_on_random_degrees(void **state)
{
    (void)state;
    enum { N = 400 };
    for (size_t seed = 0; seed < 20; seed++) {
        uint64_t values[N];
        double reals[N];
        size_t n_reals = 0;
        sg_random random;
        sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 0, 0);
        for (size_t i = 0; i < N; i++) {
            values[i] = random_degree(&random, seed);
            if (values[i] > 0)
                reals[n_reals++] = (double)values[i];
        }
        igraph_vector_t view;
        igraph_plfit_result_t expected;
        (void)igraph_vector_view(&view, reals, (igraph_integer_t)n_reals);
        assert_int_equal(igraph_power_law_fit(&view, &expected, -1.0, false), IGRAPH_SUCCESS);

        sg_tail_histogram h = {0};
        sg_error err = {0};
        assert_ok(sg_tail_histogram_make(values, N, &h, &err), &err);
        sg_tail_fit got;
        sg_tail_fit_histogram(&h, &got);
        /* igraph's search for alpha stops early where the tail is a handful of values: our
         * likelihood must never be the smaller one. */
        if ((double)got.xmin != expected.xmin ||
            fabs(got.alpha - expected.alpha) > 3e-3 * expected.alpha ||
            fabs(got.ks_d - expected.D) > 1e-3 || got.log_likelihood < expected.L - 1e-9 ||
            got.log_likelihood > expected.L + 1e-3)
            fail_msg("seed %zu: alpha %.6f xmin %g D %.7f lnL %.5f, igraph %.6f %g %.7f %.5f", seed,
                     got.alpha, (double)got.xmin, got.ks_d, got.log_likelihood, expected.alpha,
                     expected.xmin, expected.D, expected.L);
        sg_tail_histogram_free(&h);
    }
}

static void draws_replicates_that_follow_the_fit(void **state)
{
    (void)state;
    enum { N = 20000 };
    static uint64_t values[N];
    /* no body: every draw is from alpha = 2.5, xmin = 3 */
    uint64_t one[] = {3, 4};
    sg_tail_histogram h = {0};
    sg_error err = {0};
    assert_ok(sg_tail_histogram_make(one, 2, &h, &err), &err);
    const sg_tail_fit truth = {.alpha = 2.5, .xmin = 3, .n_tail = 2};
    sg_tail_sampler sampler = {0};
    assert_ok(sg_tail_sampler_make(&h, &truth, &sampler, &err), &err);
    sg_random random;
    sg_random_open(&random, 7, SG_RANDOM_SAMPLE, 0, 0);
    for (size_t i = 0; i < N; i++)
        values[i] = sg_tail_draw(&sampler, &random);
    sg_tail_sampler_free(&sampler);
    sg_tail_histogram_free(&h);

    const sg_igraph_fit f = fit(values, N, 0);
    assert_true(fabs(f.alpha - 2.5) < 0.05); /* (alpha - 1) / sqrt(n) is .011 at xmin 3 */
    double above = 0.0;
    for (size_t i = 0; i < N; i++)
        above += values[i] >= 5000; /* beyond the table, where the search takes over */
    const double expected = gsl_sf_hzeta(2.5, 5000.0) / gsl_sf_hzeta(2.5, 3.0) * N;
    assert_true(fabs(above - expected) < 5.0 * sqrt(expected) + 5.0);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_igraph_fit ret = {.n = 77};
        sg_test_alloc_budget(budget);
        status = sg_igraph_powerlaw(karate, SG_COUNT(karate), 2, 1, &ret, NULL);
        assert_true(status == SG_OK || ret.n == 77);
        assert_true(budget < 30);
    }
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_the_karate_club_as_igraph_does),
        cmocka_unit_test(gives_the_same_p_for_the_same_seed_alone),
        cmocka_unit_test(answers_degenerate_values_without_a_fit),
        cmocka_unit_test(stays_finite_on_two_distinct_values),
        cmocka_unit_test(stays_finite_where_the_zeta_function_underflows),
        cmocka_unit_test(computes_the_zeta_function_as_gsl_does),
        cmocka_unit_test(agrees_with_igraph_on_random_degrees),
        cmocka_unit_test(draws_replicates_that_follow_the_fit),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
