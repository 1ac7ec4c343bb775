/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "igraph_fit.h"
#include "measure/real_tail.h"
#include "sparsegraph/powerlaw.h"
#include <math.h>
#include <string.h>

static sg_powerlaw_continuous fit_of(const double *values, size_t n, size_t n_replicates)
{
    const sg_powerlaw_params params = {.n_replicates = n_replicates, .seed = 1};
    sg_powerlaw_continuous fit;
    sg_error err = {0};

    assert_ok(sg_powerlaw_fit_continuous(values, n, &params, &fit, &err), &err);
    return fit;
}

/* Reals with a body from 0 to 1 and a tail above 1: power law, exponential or lognormal. */
static void draw(uint64_t seed, size_t n, double *values)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const double u = 1 - sg_random_unit(&random);
        if (i % 3 == 0)
            values[i] = u;
        else if (seed % 3 == 0)
            values[i] = pow(u, -1 / 1.5);
        else if (seed % 3 == 1)
            values[i] = 1 - log(u);
        else
            values[i] = exp(sg_random_normal(&random));
    }
}

static void fits_reals_as_igraph_does(void **state)
{
    (void)state;
    enum { N = 500 };
    size_t n_equal = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        double values[N];
        const size_t n = seed % 4 == 3 ? 40 : N; /* below 50 with the small sample's correction */
        draw(seed, n, values);
        const sg_powerlaw_continuous fit = fit_of(values, n, 0);
        /* igraph 0.10.2 does not try every xmin: it may miss the closest, never find a closer */
        const igraph_plfit_result_t found = igraph_fit(values, n, -1, true);
        assert_true(fit.ks_d <= found.D + 1e-12);
        n_equal += fit.xmin == found.xmin;
        const igraph_plfit_result_t expected = igraph_fit(values, n, fit.xmin, true);
        if (fabs(fit.alpha - expected.alpha) > 1e-9 || fabs(fit.ks_d - expected.D) > 1e-9 ||
            fabs(fit.log_likelihood - expected.L) > 1e-6 * fabs(expected.L))
            fail_msg("seed %d: alpha %.9f xmin %.9f D %.9f lnL %.6f, igraph %.9f %.9f %.9f %.6f",
                     (int)seed, fit.alpha, fit.xmin, fit.ks_d, fit.log_likelihood, expected.alpha,
                     expected.xmin, expected.D, expected.L);
        assert_int_equal(fit.n, n);
    }
    assert_true(n_equal >= 9);
}

/* Worked out by hand: every xmin of {1, 2, 4, 8}. */
static void fits_four_values_by_hand(void **state)
{
    (void)state;
    const double values[] = {8, 0, 1, 4, -3, 2};
    const sg_powerlaw_continuous fit = fit_of(values, SG_COUNT(values), 0);
    /* from 1: mean log 1.5 ln 2, S(x) = x^(-1 / (1.5 ln 2)): 1, .5134, .2636, .1353 against 1, .75,
     * .5, .25; D = .2366. From 2: mean log ln 2, 1, .3679, .1353 against 1, .667, .333: D = .2988.
     * From 4: 1, exp(-2) against 1, .5: D = .3647. */
    assert_true(fit.xmin == 1.0);
    assert_int_equal(fit.n, 4);
    assert_int_equal(fit.n_others, 2);
    assert_int_equal(fit.n_tail, 4);
    const double alpha = 1 + 1 / (1.5 * M_LN2);
    assert_true(fabs(fit.alpha - (alpha * 0.75 + 0.25)) < 1e-12); /* corrected: n below 50 */
    assert_true(fabs(fit.alpha_se - (fit.alpha - 1) / 2) < 1e-12);
    assert_true(fabs(fit.ks_d - (0.75 - exp(-1 / 1.5))) < 1e-12);
    assert_false(fit.passes);
}

static void finds_the_closest_of_all_xmin(void **state)
{
    (void)state;
    enum { N = 300 };
    for (uint64_t seed = 0; seed < 12; seed++) {
        double values[N];
        sg_real_sample s;
        sg_error err = {0};
        draw(seed, N, values);
        assert_ok(sg_real_sample_reserve(N, &s, &err), &err);
        for (size_t i = 0; i < N; i++) { /* insertion; every fifth value twice */
            size_t at = i;
            const double x = log(values[i % 5 == 4 ? i - 1 : i]);
            for (; at > 0 && s.log_value[at - 1] > x; at--)
                s.log_value[at] = s.log_value[at - 1];
            s.log_value[at] = x;
        }
        sg_real_sample_sum(&s);
        double least = INFINITY;
        size_t least_at = 0;
        for (size_t i = 0; s.log_value[i] < s.log_value[N - 1]; i++) {
            if (i > 0 && s.log_value[i] == s.log_value[i - 1])
                continue;
            const double n_tail = (double)(N - i);
            const double a = 1 / (s.sum_log[i] / n_tail - s.log_value[i]);
            double d = 0;
            for (size_t j = i; j < N; j++)
                d = fmax(d, fabs(1 - exp(-a * (s.log_value[j] - s.log_value[i])) -
                                 (double)(j - i) / n_tail));
            if (d < least) {
                least = d;
                least_at = i;
            }
        }
        sg_real_fit fit;
        sg_real_fit_sample(&s, &fit);
        assert_int_equal(fit.first, least_at);
        assert_true(fabs(fit.ks_d - least) < 1e-12);
        const double bounds[] = {0.5 * least, least * (1 - 1e-9), least * (1 + 1e-9), 2 * least};
        for (size_t b = 0; b < SG_COUNT(bounds); b++)
            for (size_t likely = 0; likely <= N; likely += 50)
                assert_int_equal(sg_real_fits_closer(&s, bounds[b], likely), b >= 2);
        sg_real_sample_free(&s);
    }
}

static void passes_a_true_power_law_and_refuses_thin_tails(void **state)
{
    (void)state;
    enum { N = 2000 };
    static double values[N];
    draw(3, N, values);
    sg_powerlaw_continuous fit = fit_of(values, N, 200);
    assert_true(fabs(fit.alpha - 2.5) < 4 * fit.alpha_se);
    assert_true(fabs(fit.xmin - 1) < 0.2);
    assert_true(fit.p_value >= 0.1);
    assert_true(fit.p_thin_tail < 1e-3);
    assert_true(fit.passes);

    draw(4, N, values); /* exponential */
    fit = fit_of(values, N, 200);
    assert_false(fit.passes);
    assert_true(fit.p_thin_tail > 0.2);
    char *text = NULL;
    sg_error err = {0};
    assert_ok(sg_powerlaw_reasons_continuous(&fit, &text, &err), &err);
    assert_non_null(strstr(text, "lies outside (2, 3)"));
    sg_free(text);
}

/* The same bootstrap, value by value and without a shortcut. */
static double plain_p(const double *values, size_t n, const sg_powerlaw_continuous *fit,
                      size_t n_replicates)
{
    const sg_powerlaw_params none = {.n_replicates = 0, .without_alternatives = true};
    SG_AUTOFREE double *drawn = SG_NEW_ARRAY(double, n);
    SG_AUTOFREE double *body = SG_NEW_ARRAY(double, n);
    size_t n_body = 0;
    assert_true(drawn && body);
    for (size_t i = 0; i < n; i++)
        if (values[i] < fit->xmin)
            body[n_body++] = values[i];
    double p = 0;
    for (uint32_t r = 0; r < n_replicates; r++) {
        sg_random random;
        sg_random_open(&random, 99, SG_RANDOM_SAMPLE, 2, r);
        for (size_t i = 0; i < n; i++)
            drawn[i] = sg_random_unit(&random) < (double)fit->n_tail / (double)n
                           ? fit->xmin * pow(1 - sg_random_unit(&random), -1 / (fit->alpha - 1))
                           : body[sg_random_below(&random, n_body)];
        sg_powerlaw_continuous again;
        assert_int_equal(sg_powerlaw_fit_continuous(drawn, n, &none, &again, NULL), SG_OK);
        p += again.ks_d >= fit->ks_d;
    }
    return p / (double)n_replicates;
}

static void tests_the_fit_as_a_plain_bootstrap_does(void **state)
{
    (void)state;
    enum { N = 200, REPLICATES = 1000 };
    for (uint64_t seed = 0; seed < 6; seed++) {
        double values[N];
        draw(seed, N, values);
        const sg_powerlaw_continuous fit = fit_of(values, N, REPLICATES);
        const double p = plain_p(values, N, &fit, REPLICATES);
        /* four standard errors of the difference */
        if (fabs(fit.p_value - p) > 4 * sqrt(2 * 0.25 / REPLICATES))
            fail_msg("seed %d: p %.3f, plain %.3f", (int)seed, fit.p_value, p);
    }
}

static void takes_the_wanted_precision_for_the_number_of_replicates(void **state)
{
    (void)state;
    double values[60];
    draw(1, 60, values);
    const struct {
        double precision;
        size_t n;
    } cases[] = {{0.5, 1}, {0.1, 25}, {0.05, 100}, {0.03, 278}, {0.01, 2500}};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const sg_powerlaw_params params = {
            .n_replicates = 7, .seed = 1, .precision = cases[i].precision};
        sg_powerlaw_continuous fit;
        assert_int_equal(sg_powerlaw_fit_continuous(values, 60, &params, &fit, NULL), SG_OK);
        assert_int_equal(fit.n_replicates, cases[i].n);
    }
    const double wrong[] = {-0.1, 0.51, NAN, 1e-9};
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        const sg_powerlaw_params params = {.precision = wrong[i]};
        sg_powerlaw_continuous fit;
        sg_error err = {0};
        assert_int_equal(sg_powerlaw_fit_continuous(values, 60, &params, &fit, &err), SG_EINVAL);
        assert_non_null(strstr(err.message, "precision"));
    }
}

static void answers_degenerate_and_refuses_wrong_values(void **state)
{
    (void)state;
    const double equal[] = {2.5, 2.5, 2.5, -1, 0};
    const size_t n[] = {0, 1, 3, 5};
    for (size_t i = 0; i < SG_COUNT(n); i++) {
        const sg_powerlaw_continuous fit = fit_of(equal, n[i], 5);
        assert_true(isnan(fit.alpha) && isnan(fit.xmin) && isnan(fit.p_value) && isnan(fit.ks_d));
        assert_true(fit.reasons & SG_POWERLAW_DEGENERATE);
        assert_int_equal(fit.n_others, n[i] == 5 ? 2 : 0);
    }
    const double near[] = {1e300, nextafter(1e300, INFINITY), 1e300, 1e300};
    assert_false(fit_of(near, 4, 5).passes); /* their logarithms are equal */
    const double far[] = {4.9e-324, 1e308, 1, 2, 3};
    assert_true(fit_of(far, 5, 20).alpha > 1);

    const double wrong[] = {1, 2, INFINITY};
    sg_powerlaw_continuous fit = {.n = 77};
    sg_error err = {0};
    assert_int_equal(sg_powerlaw_fit_continuous(wrong, 3, NULL, &fit, &err), SG_EINVAL);
    assert_string_equal(err.message, "value 2 is not finite");
    assert_int_equal(fit.n, 77);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const sg_powerlaw_params params = {.n_replicates = 3, .seed = 1};
    double values[60];
    draw(3, 60, values);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_powerlaw_continuous fit = {.n = 77};
        sg_test_alloc_budget(budget);
        status = sg_powerlaw_fit_continuous(values, 60, &params, &fit, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || fit.n == 77);
        assert_true(budget < 30);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_reals_as_igraph_does),
        cmocka_unit_test(fits_four_values_by_hand),
        cmocka_unit_test(finds_the_closest_of_all_xmin),
        cmocka_unit_test(passes_a_true_power_law_and_refuses_thin_tails),
        cmocka_unit_test(tests_the_fit_as_a_plain_bootstrap_does),
        cmocka_unit_test(takes_the_wanted_precision_for_the_number_of_replicates),
        cmocka_unit_test(answers_degenerate_and_refuses_wrong_values),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
