/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "igraph_fit.h"
#include "sparsegraph/powerlaw.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_zeta.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Zachary's karate club, by node (J. Anthropol. Res. 33:452, 1977). */
static const uint64_t karate[] = {16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2,  2,
                                  2,  2, 3,  2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17};

static void fits_karate_as_igraph_does(void **state)
{
    (void)state;
    sg_powerlaw fit;
    sg_error err = {0};
    assert_ok(sg_powerlaw_fit(karate, SG_COUNT(karate), NULL, &fit, &err), &err);
    /* python-igraph 0.10.2, power_law_fit(method="discrete"): 2.126277992579 2 -72.27393627926169
     * 0.09998308209105333; its optimiser stops at about 1e-6 */
    assert_true(fabs(fit.alpha - 2.126277992579) < 1e-5);
    assert_int_equal(fit.xmin, 2);
    assert_int_equal(fit.n_tail, 33);
    assert_true(fabs(fit.log_likelihood - -72.27393627926169) < 1e-6);
    assert_true(fabs(fit.ks_d - 0.09998308209105333) < 1e-6);
    assert_false(fit.passes);
    char *text = NULL;
    assert_ok(sg_powerlaw_reasons(&fit, &text, &err), &err);
    assert_string_equal(text,
                        "34 values are no distribution (fewer than 50); only 33 values in "
                        "the tail, 50 are needed; the tail spans 0.93 decades, one is needed; "
                        "an alternative fits the tail better: power law with cutoff (p = 0.043)");
    sg_free(text);
}

/* Draws the degrees of one side of an Erdős–Rényi layer: binomial, mean 20. */
static void random_layer_degrees(uint64_t seed, uint64_t *degree, size_t n)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < n; i++) {
        degree[i] = 0;
        for (size_t j = 0; j < 1000; j++)
            degree[i] += sg_random_unit(&random) < 0.02;
    }
}

static void refuses_untrained_random_layers_whose_p_value_is_high(void **state)
{
    (void)state;
    enum { N = 784, LAYERS = 6 };
    size_t n_high = 0;
    for (uint64_t seed = 1; seed <= LAYERS; seed++) {
        uint64_t degree[N];
        random_layer_degrees(seed, degree, N);
        sg_powerlaw fit;
        sg_error err = {0};
        assert_ok(sg_powerlaw_fit(degree, N, NULL, &fit, &err), &err);
        n_high += fit.p_value >= 0.1;
        assert_false(fit.passes);
        assert_true(fit.alpha > 8);
        assert_true(fit.reasons & SG_POWERLAW_ALPHA);
        assert_true(fit.reasons & SG_POWERLAW_NARROW_TAIL);

        char *text = NULL;
        assert_ok(sg_powerlaw_reasons(&fit, &text, &err), &err);
        assert_non_null(strstr(text, "lies outside (2, 3)"));
        assert_non_null(strstr(text, "decades, one is needed"));
        sg_free(text);
    }
    /* The p-value alone would call most of these scale-free. */
    assert_true(n_high >= LAYERS / 2);
}

/* Draws n values of a discrete power law by inversion of its continuous neighbour. */
static void scale_free_degrees(uint64_t seed, double alpha, uint64_t *degree, size_t n)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const double u = 1 - sg_random_unit(&random);
        degree[i] = (uint64_t)floor(19.5 * pow(u, -1 / (alpha - 1)) + 0.5);
    }
}

static void passes_a_true_power_law_unless_the_untrained_network_has_it_too(void **state)
{
    (void)state;
    enum { N = 3000 };
    static uint64_t degree[N];
    sg_powerlaw fit;
    sg_error err = {0};
    scale_free_degrees(5, 2.5, degree, N);
    assert_ok(sg_powerlaw_fit(degree, N, NULL, &fit, &err), &err);
    assert_true(fabs(fit.alpha - 2.5) < 4 * fit.alpha_se + 0.02);
    assert_int_equal(fit.reasons, 0);
    assert_true(fit.passes);

    static uint64_t random_degree[784];
    sg_powerlaw untrained;
    random_layer_degrees(1, random_degree, 784);
    assert_ok(sg_powerlaw_fit(random_degree, 784, NULL, &untrained, &err), &err);
    sg_powerlaw_judge(&fit, &untrained);
    assert_true(fit.passes);
    assert_true(fit.untrained_alpha == untrained.alpha);

    sg_powerlaw_judge(&fit, &fit);
    assert_false(fit.passes);
    assert_int_equal(fit.reasons, SG_POWERLAW_AS_UNTRAINED);
    char *text = NULL;
    assert_ok(sg_powerlaw_reasons(&fit, &text, &err), &err);
    assert_non_null(strstr(text, "the untrained network at epoch 0 fits as well (alpha 2.5"));
    sg_free(text);
}

static void answers_degenerate_input_honestly(void **state)
{
    (void)state;
    static const uint64_t fives[60] = {[0 ... 59] = 5};
    static const uint64_t zeros[60] = {0};
    static const uint64_t pair[] = {1, 2};
    const struct {
        const uint64_t *values;
        size_t n;
        const char *reasons;
    } cases[] = {
        {fives, 60, "all positive values are equal: nothing to fit"},
        {zeros, 60,
         "0 values are no distribution (fewer than 50); all values are zero: nothing to fit"},
        {NULL, 0,
         "0 values are no distribution (fewer than 50); all values are zero: nothing to fit"},
        {pair, 1,
         "1 value is no distribution (fewer than 50); all positive values are equal: nothing to "
         "fit"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        sg_powerlaw fit;
        sg_error err = {0};
        char *text = NULL;
        assert_ok(sg_powerlaw_fit(cases[i].values, cases[i].n, NULL, &fit, &err), &err);
        assert_true(isnan(fit.alpha) && isnan(fit.p_value) && isnan(fit.ks_d));
        assert_int_equal(fit.xmin, 0);
        assert_false(fit.passes);
        assert_ok(sg_powerlaw_reasons(&fit, &text, &err), &err);
        assert_string_equal(text, cases[i].reasons);
        assert_true(isnan(sg_powerlaw_ccdf(&fit, 5)));
        sg_free(text);
    }
    sg_powerlaw fit;
    assert_int_equal(sg_powerlaw_fit(pair, 2, NULL, &fit, NULL), SG_OK);
    assert_true(isfinite(fit.alpha) && fit.xmin == 1 && !fit.passes);
}

static void draws_the_fit_from_the_share_of_its_tail(void **state)
{
    (void)state;
    sg_powerlaw fit;
    assert_int_equal(sg_powerlaw_fit(karate, SG_COUNT(karate), NULL, &fit, NULL), SG_OK);
    assert_true(isnan(sg_powerlaw_ccdf(&fit, 1)));
    assert_true(fabs(sg_powerlaw_ccdf(&fit, 2) - 33.0 / 34) < 1e-12);
    /* one step of a discrete law loses exactly its probability at xmin */
    gsl_sf_result z;
    gsl_set_error_handler_off();
    assert_int_equal(gsl_sf_hzeta_e(fit.alpha, 2, &z), GSL_SUCCESS);
    const double step = 33.0 / 34 * pow(2, -fit.alpha) / z.val;
    assert_true(fabs(sg_powerlaw_ccdf(&fit, 2) - sg_powerlaw_ccdf(&fit, 3) - step) < 1e-12);
}

static void takes_heavy_tails_and_extreme_values(void **state)
{
    (void)state;
    enum { N = 300 };
    uint64_t values[N];
    sg_random random;
    sg_random_open(&random, 5, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < N; i++)
        values[i] = 1 + (sg_random_u64(&random) >> (12 + i % 50));
    sg_powerlaw fit;
    sg_error err = {0};
    assert_ok(sg_powerlaw_fit(values, N, NULL, &fit, &err), &err);
    assert_true(fit.alpha > 1 && isfinite(fit.ks_d));
    assert_false(fit.passes);
    values[4] = (UINT64_C(1) << 53) + 1;
    assert_int_equal(sg_powerlaw_fit(values, N, NULL, &fit, &err), SG_EINVAL);
    assert_string_equal(err.message, "value 4 lies above 2^53, where reals skip integers");
}

/* Power laws, geometric and uniform numbers. */
static void draw_counts(uint64_t seed, uint64_t *values, size_t n)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const double u = 1 - sg_random_unit(&random);
        if (seed % 3 == 0)
            values[i] = (uint64_t)(1.5 * pow(u, -1 / 1.4) + 0.5);
        else
            values[i] = (uint64_t)(seed % 3 == 1 ? 1 - 4 * log(u) : 1 + 30 * u);
    }
}

/* plfit's own bootstrap is slow: 100 replicates, so that p is good to .05. */
static void tests_the_fit_as_igraph_does(void **state)
{
    (void)state;
    enum { N = 60 };
    for (uint64_t seed = 0; seed < 3; seed++) {
        uint64_t values[N];
        double reals[N];
        draw_counts(seed, values, N);
        for (size_t i = 0; i < N; i++)
            reals[i] = (double)values[i];
        const sg_powerlaw_params params = {.seed = 1, .precision = 0.01};
        sg_powerlaw fit;
        sg_error err = {0};
        assert_ok(sg_powerlaw_fit(values, N, &params, &fit, &err), &err);
        assert_int_equal(fit.n_replicates, 2500);

        igraph_vector_t view;
        igraph_plfit_result_t theirs;
        double p = NAN;
        srand(7); /* where igraph 0.10.2's bootstrap takes its seed from */
        (void)igraph_vector_view(&view, reals, N);
        assert_int_equal(igraph_power_law_fit(&view, &theirs, -1.0, false), IGRAPH_SUCCESS);
        assert_int_equal(igraph_plfit_result_calculate_p_value(&theirs, &p, 0.05), IGRAPH_SUCCESS);
        if (fabs(fit.p_value - p) > 4 * 0.05)
            fail_msg("seed %d: p %.3f, igraph %.3f", (int)seed, fit.p_value, p);
    }
}

/* The largest x whose fitted share of values is above u. */
static uint64_t at_share(const sg_powerlaw *fit, double u)
{
    uint64_t low = fit->xmin;
    uint64_t high = low + 1;
    for (; high < UINT64_C(1) << 52 && sg_powerlaw_ccdf(fit, (double)high) > u; high *= 2)
        low = high;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (sg_powerlaw_ccdf(fit, (double)middle) > u)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The same bootstrap, value by value and every replicate fitted to the end. */
static double plain_p(const uint64_t *values, size_t n, const sg_powerlaw *fit, size_t n_replicates)
{
    const sg_powerlaw_params none = {.n_replicates = 0, .without_alternatives = true};
    SG_AUTOFREE uint64_t *drawn = SG_NEW_ARRAY(uint64_t, n);
    SG_AUTOFREE uint64_t *body = SG_NEW_ARRAY(uint64_t, n);
    size_t n_body = 0;
    assert_true(drawn && body);
    for (size_t i = 0; i < n; i++)
        if (values[i] < fit->xmin)
            body[n_body++] = values[i];
    const double tail_share = (double)fit->n_tail / (double)n;
    double p = 0;
    for (uint32_t r = 0; r < n_replicates; r++) {
        sg_random random;
        sg_random_open(&random, 99, SG_RANDOM_SAMPLE, 2, r);
        for (size_t i = 0; i < n; i++) {
            const double u = sg_random_unit(&random);
            drawn[i] = u < tail_share ? at_share(fit, u) : body[sg_random_below(&random, n_body)];
        }
        sg_powerlaw again;
        assert_int_equal(sg_powerlaw_fit(drawn, n, &none, &again, NULL), SG_OK);
        p += again.ks_d >= fit->ks_d;
    }
    return p / (double)n_replicates;
}

static void tests_the_fit_as_a_plain_bootstrap_does(void **state)
{
    (void)state;
    enum { N = 120, REPLICATES = 500 };
    for (uint64_t seed = 0; seed < 6; seed++) {
        uint64_t values[N];
        draw_counts(seed, values, N);
        const sg_powerlaw_params params = {.n_replicates = 2000, .seed = 1};
        sg_powerlaw fit;
        sg_error err = {0};
        assert_ok(sg_powerlaw_fit(values, N, &params, &fit, &err), &err);
        const double p = plain_p(values, N, &fit, REPLICATES);
        /* four standard errors of the difference */
        if (fabs(fit.p_value - p) > 4 * sqrt(0.25 / REPLICATES + 0.25 / 2000))
            fail_msg("seed %d: p %.3f, plain %.3f", (int)seed, fit.p_value, p);
    }
}

static void holds_the_power_law_against_a_thin_tail(void **state)
{
    (void)state;
    sg_powerlaw fit;
    const sg_powerlaw_params none = {.n_replicates = 0};
    assert_int_equal(sg_powerlaw_fit(karate, SG_COUNT(karate), &none, &fit, NULL), SG_OK);
    /* SciPy 1.10: zeta(alpha, 2), norm.sf(sum / sqrt(n var)) at the alpha above */
    assert_true(fabs(fit.p_thin_tail - 0.6668623480) < 1e-6);

    static uint64_t degree[3000];
    scale_free_degrees(5, 2.5, degree, 3000);
    assert_int_equal(sg_powerlaw_fit(degree, 3000, &none, &fit, NULL), SG_OK);
    assert_true(fit.p_thin_tail < 1e-6);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        uint64_t random_degree[784];
        random_layer_degrees(seed, random_degree, 784);
        assert_int_equal(sg_powerlaw_fit(random_degree, 784, &none, &fit, NULL), SG_OK);
        assert_true(fit.p_thin_tail > 0.1);
    }
    static const uint64_t fives[60] = {[0 ... 59] = 5};
    assert_int_equal(sg_powerlaw_fit(fives, 60, &none, &fit, NULL), SG_OK);
    assert_true(isnan(fit.p_thin_tail));
}

static void counts_an_alternative_as_a_reason(void **state)
{
    (void)state;
    static uint64_t degree[3000];
    sg_powerlaw fit;
    sg_error err = {0};
    char *text = NULL;
    scale_free_degrees(5, 2.5, degree, 3000);
    assert_ok(sg_powerlaw_fit(degree, 3000, NULL, &fit, &err), &err);
    assert_true(fit.passes && fit.favoured == SG_ALTERNATIVE_NONE && fit.favoured_p > 0.1);
    fit.favoured = SG_ALTERNATIVE_LOGNORMAL;
    fit.favoured_p = 0.01;
    sg_powerlaw_judge(&fit, NULL);
    assert_int_equal(fit.reasons, SG_POWERLAW_ALTERNATIVE);
    assert_ok(sg_powerlaw_reasons(&fit, &text, &err), &err);
    assert_string_equal(text, "an alternative fits the tail better: lognormal (p = 0.01)");
    sg_free(text);
}

static void says_that_an_untested_fit_was_not_tested(void **state)
{
    (void)state;
    enum { N = 3000 };
    static uint64_t degree[N];
    const sg_powerlaw_params params = {.n_replicates = 0, .seed = 1};
    sg_powerlaw fit;
    scale_free_degrees(5, 2.5, degree, N);
    assert_int_equal(sg_powerlaw_fit(degree, N, &params, &fit, NULL), SG_OK);
    assert_true(isnan(fit.p_value));
    assert_int_equal(fit.reasons, SG_POWERLAW_UNTESTED);
}

static void gives_the_same_p_for_the_same_seed_and_any_order(void **state)
{
    (void)state;
    enum { N = 784 };
    uint64_t degree[N];
    uint64_t reversed[N];
    random_layer_degrees(9, degree, N);
    for (size_t i = 0; i < N; i++)
        reversed[i] = degree[N - 1 - i];
    sg_powerlaw a;
    sg_powerlaw b;
    assert_int_equal(sg_powerlaw_fit(degree, N, NULL, &a, NULL), SG_OK);
    assert_int_equal(sg_powerlaw_fit(reversed, N, NULL, &b, NULL), SG_OK);
    assert_true(a.p_value == b.p_value && a.alpha == b.alpha);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const sg_powerlaw_params params = {.n_replicates = 3, .seed = 1};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_powerlaw fit = {.n = 77};
        sg_test_alloc_budget(budget);
        status = sg_powerlaw_fit(karate, SG_COUNT(karate), &params, &fit, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || fit.n == 77);
        assert_true(budget < 30);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_karate_as_igraph_does),
        cmocka_unit_test(refuses_untrained_random_layers_whose_p_value_is_high),
        cmocka_unit_test(passes_a_true_power_law_unless_the_untrained_network_has_it_too),
        cmocka_unit_test(answers_degenerate_input_honestly),
        cmocka_unit_test(draws_the_fit_from_the_share_of_its_tail),
        cmocka_unit_test(takes_heavy_tails_and_extreme_values),
        cmocka_unit_test(tests_the_fit_as_igraph_does),
        cmocka_unit_test(tests_the_fit_as_a_plain_bootstrap_does),
        cmocka_unit_test(holds_the_power_law_against_a_thin_tail),
        cmocka_unit_test(counts_an_alternative_as_a_reason),
        cmocka_unit_test(says_that_an_untested_fit_was_not_tested),
        cmocka_unit_test(gives_the_same_p_for_the_same_seed_and_any_order),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
