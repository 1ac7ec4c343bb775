/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/status.h"
#include "base/zeta.h"
#include "igraph_fit.h"
#include "measure/binomial.h"
#include "measure/tail_fit.h"
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_zeta.h>
#include <math.h>
#include <string.h>

static void histogram(const uint64_t *values, size_t n, sg_tail_histogram *ret)
{
    sg_error err = {0};

    assert_ok(sg_tail_histogram_make(values, n, ret, &err), &err);
}

static void counts_the_positive_values(void **state)
{
    (void)state;
    const uint64_t values[] = {3, 0, 7, 3, 1, 0, 3};
    sg_tail_histogram h;
    histogram(values, SG_COUNT(values), &h);
    assert_int_equal(h.n, 5);
    assert_int_equal(h.n_distinct, 3);
    const uint64_t distinct[] = {1, 3, 7};
    const size_t counts[] = {1, 3, 1};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(h.value[k], distinct[k]);
        assert_int_equal(h.count[k], counts[k]);
        assert_true(h.log_value[k] == log((double)distinct[k]));
    }
    sg_tail_histogram_free(&h);
    histogram(values, 0, &h);
    assert_int_equal(h.n_distinct, 0);
    sg_tail_histogram_free(&h);
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
            assert_true(fabs(log(sg_scaled_zeta(alpha, q)) - got) < 1e-14 * (1 + fabs(got)));
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
        sg_random random;
        sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 0, 0);
        for (size_t i = 0; i < N; i++)
            values[i] = random_degree(&random, seed);
        const igraph_plfit_result_t expected = igraph_fit_counts(values, N);

        sg_tail_histogram h;
        histogram(values, N, &h);
        sg_tail_fit got;
        sg_tail_fit_histogram(&h, &got);
        sg_tail_histogram_free(&h);
        const double log_likelihood = sg_tail_log_likelihood(&got);
        /* igraph's search for alpha stops early where the tail is a handful of values: our
         * likelihood must never be the smaller one. */
        if ((double)got.xmin != expected.xmin ||
            fabs(got.alpha - expected.alpha) > 3e-3 * expected.alpha ||
            fabs(got.ks_d - expected.D) > 1e-3 || log_likelihood < expected.L - 1e-9 ||
            log_likelihood > expected.L + 1e-3)
            fail_msg("seed %zu: alpha %.6f xmin %g D %.7f lnL %.5f, igraph %.6f %g %.7f %.5f", seed,
                     got.alpha, (double)got.xmin, got.ks_d, log_likelihood, expected.alpha,
                     expected.xmin, expected.D, expected.L);
    }
}

/* D of every xmin, each worked out by the definition. */
static double plain_distance(const sg_tail_histogram *h, size_t first, double *ret_alpha)
{
    double sum_log = 0;
    double n = 0;
    for (size_t k = first; k < h->n_distinct; k++) {
        n += (double)h->count[k];
        sum_log += (double)h->count[k] * log((double)h->value[k] / (double)h->value[first]);
    }
    const double xmin = (double)h->value[first];
    const double alpha = sg_tail_alpha(sum_log / n, xmin, NULL);
    double largest = 0;
    double seen = 0;
    for (size_t k = first; k < h->n_distinct; k++) {
        const double x = (double)h->value[k];
        const double fit =
            1 - exp(sg_log_scaled_zeta(alpha, x, NULL, NULL) -
                    sg_log_scaled_zeta(alpha, xmin, NULL, NULL) - alpha * log(x / xmin));
        largest = fmax(largest, fabs(fit - seen / n));
        seen += (double)h->count[k];
    }
    *ret_alpha = alpha;
    return largest;
}

static void finds_the_closest_of_all_xmin(void **state)
{
    (void)state;
    enum { N = 300 };
    size_t n_most = 0;
    for (size_t seed = 0; seed < 40; seed++) {
        uint64_t values[N];
        sg_random random;
        sg_random_open(&random, seed, SG_RANDOM_SAMPLE, 1, 0);
        for (size_t i = 0; i < N; i++) { /* the last kinds have gaps of all sizes */
            values[i] = random_degree(&random, seed);
            if (seed % 4 == 3)
                values[i] *= values[i];
            if (seed % 8 == 2) /* nearly all distinct */
                values[i] = (uint64_t)(900 / pow(1 - sg_random_unit(&random), 1.8));
        }
        sg_tail_histogram h;
        histogram(values, N, &h);
        sg_tail_fit got;
        sg_tail_fit_histogram(&h, &got);
        double alpha = NAN;
        double least = INFINITY;
        for (size_t k = 0; k + 1 < h.n_distinct; k++) {
            const double d = plain_distance(&h, k, &alpha);
            least = fmin(least, d);
            if (h.value[k] == got.xmin) {
                assert_true(fabs(d - got.ks_d) < 1e-10);
                assert_true(fabs(alpha - got.alpha) < 1e-9 * alpha);
            }
        }
        assert_true(fabs(got.ks_d - least) < 1e-10);
        n_most = h.n_distinct > n_most ? h.n_distinct : n_most;
        /* and whether one is closer than a bound, wherever the search begins */
        const double bounds[] = {0.5 * least, least * (1 - 1e-9), least * (1 + 1e-9), 2 * least};
        for (size_t b = 0; b < SG_COUNT(bounds); b++)
            for (uint64_t likely = 0; likely < 40; likely += 13)
                assert_int_equal(sg_tail_fits_closer(&h, bounds[b], likely), b >= 2);
        sg_tail_histogram_free(&h);
    }
    assert_true(n_most > 150); /* so that the search by scouts and probes was met */
}

/* Pearson's chi-square of counts against GSL's probabilities, bins of few expected pooled. */
static double chi_square(const size_t *seen, uint64_t n, double p, size_t n_draws, double *freedom)
{
    double sum = 0;
    double pooled = 0;
    double pooled_expected = 0;
    *freedom = -1;
    for (uint64_t k = 0; k <= n; k++) {
        pooled += (double)seen[k];
        pooled_expected += (double)n_draws * gsl_ran_binomial_pdf((unsigned)k, p, (unsigned)n);
        if (pooled_expected < 10 && k < n)
            continue;
        if (pooled_expected > 0)
            sum += (pooled - pooled_expected) * (pooled - pooled_expected) / pooled_expected;
        *freedom += 1;
        pooled = pooled_expected = 0;
    }
    return sum;
}

static void draws_binomial_numbers(void **state)
{
    (void)state;
    enum { DRAWS = 40000, N_MAX = 2000 };
    const struct {
        uint64_t n;
        double p;
    } cases[] = {{1, 0.3},    {7, 0.5},      {40, 0.24},  {40, 0.26},
                 {100, 0.97}, {2000, 0.004}, {2000, 0.2}, {2000, 0.81}};
    for (size_t c = 0; c < SG_COUNT(cases); c++) {
        size_t seen[N_MAX + 1] = {0};
        sg_random random;
        sg_random_open(&random, 5, SG_RANDOM_SAMPLE, (uint32_t)c, 0);
        for (size_t i = 0; i < DRAWS; i++)
            seen[sg_binomial(&random, cases[c].n, cases[c].p)]++;
        double freedom = 0;
        const double x = chi_square(seen, cases[c].n, cases[c].p, DRAWS, &freedom);
        if (x > freedom + 4 * sqrt(2 * freedom) + 4) /* four standard deviations */
            fail_msg("n %g p %g: chi-square %g of %g", (double)cases[c].n, cases[c].p, x, freedom);
    }
    sg_random random;
    sg_random_open(&random, 5, SG_RANDOM_SAMPLE, 0, 0);
    assert_int_equal(sg_binomial(&random, 0, 0.5), 0);
    assert_int_equal(sg_binomial(&random, 9, 0), 0);
    assert_int_equal(sg_binomial(&random, 9, 1), 9);
    const double huge = (double)sg_binomial(&random, UINT64_C(1) << 52, 0.5);
    assert_true(fabs(huge - 0x1p51) < 6 * 0x1p25);
}

/* Counts what many replicates hold of each of the values 1 to `n_values`, and beyond. */
static void draw_many(const sg_tail_sampler *s, size_t n_replicates, double *count, size_t n_values)
{
    sg_tail_histogram drawn;
    sg_error err = {0};
    assert_ok(sg_tail_histogram_reserve(sg_tail_sampler_room(s), &drawn, &err), &err);
    for (size_t r = 0; r < n_replicates; r++) {
        sg_random random;
        sg_random_open(&random, 3, SG_RANDOM_BOOTSTRAP, 0, (uint32_t)r);
        sg_tail_replicate(s, &random, &drawn);
        assert_int_equal(drawn.n, s->h->n);
        size_t n = 0;
        for (size_t k = 0; k < drawn.n_distinct; k++) {
            assert_true(drawn.count[k] > 0 && (k == 0 || drawn.value[k] > drawn.value[k - 1]));
            assert_true(fabs(drawn.log_value[k] - log((double)drawn.value[k])) < 1e-12);
            n += drawn.count[k];
            count[drawn.value[k] <= n_values ? drawn.value[k] - 1 : n_values] +=
                (double)drawn.count[k];
        }
        assert_int_equal(n, drawn.n);
    }
    sg_tail_histogram_free(&drawn);
}

static void draws_replicates_that_follow_the_fit(void **state)
{
    (void)state;
    enum { REPLICATES = 2000, VALUES = 400 };
    const uint64_t values[] = {1, 1, 1, 2, 2, 5, 5, 6, 6, 6, 8, 9, 9, 12, 30};
    const size_t n = SG_COUNT(values);
    const double alphas[] = {1.6, 2.5, 4.0, 15.0};
    for (size_t a = 0; a < SG_COUNT(alphas); a++) {
        const double alpha = alphas[a];
        const sg_tail_fit truth = {.alpha = alpha, .xmin = 5, .n_tail = 10};
        sg_tail_histogram h;
        sg_tail_sampler sampler;
        sg_error err = {0};
        histogram(values, n, &h);
        assert_ok(sg_tail_sampler_make(&h, &truth, &sampler, &err), &err);
        static double count[VALUES + 1];
        memset(count, 0, sizeof count);
        draw_many(&sampler, REPLICATES, count, VALUES);

        const double total = (double)n * REPLICATES;
        const double norm = gsl_sf_hzeta(alpha, 5);
        double tail = 10.0 / 15.0;
        for (uint64_t x = 1; x <= VALUES + 1; x++) {
            double p = x == 1 ? 3.0 / 15 : (x == 2 ? 2.0 / 15 : 0.0);
            if (x >= 5)
                p = 10.0 / 15 * pow((double)x, -alpha) / norm;
            if (x > VALUES)
                p = tail;
            tail -= x >= 5 ? p : 0;
            const double error = 4.5 * sqrt(total * fmax(p, 0)) + 3;
            if (fabs(count[x - 1] - total * p) > error)
                fail_msg("alpha %g: %g of value %g, expected %g", alpha, count[x - 1], (double)x,
                         total * p);
        }
        sg_tail_sampler_free(&sampler);
        sg_tail_histogram_free(&h);
    }
}

static void draws_far_values_exactly(void **state)
{
    (void)state;
    enum { N = 20000 };
    static uint64_t values[N];
    for (size_t i = 0; i < N; i++)
        values[i] = 3 + i % 2;
    const sg_tail_fit truth = {.alpha = 2.5, .xmin = 3, .n_tail = N};
    sg_tail_histogram h;
    sg_tail_histogram drawn;
    sg_tail_sampler sampler;
    sg_error err = {0};
    histogram(values, N, &h);
    assert_ok(sg_tail_sampler_make(&h, &truth, &sampler, &err), &err);
    assert_ok(sg_tail_histogram_reserve(sg_tail_sampler_room(&sampler), &drawn, &err), &err);
    const double bounds[] = {500, 5000, 50000, 2e6};
    double above[SG_COUNT(bounds)] = {0};
    enum { REPLICATES = 100 };
    for (uint32_t r = 0; r < REPLICATES; r++) {
        sg_random random;
        sg_random_open(&random, 11, SG_RANDOM_BOOTSTRAP, 0, r);
        sg_tail_replicate(&sampler, &random, &drawn);
        for (size_t k = 0; k < drawn.n_distinct; k++)
            for (size_t b = 0; b < SG_COUNT(bounds); b++)
                if ((double)drawn.value[k] >= bounds[b])
                    above[b] += (double)drawn.count[k];
    }
    for (size_t b = 0; b < SG_COUNT(bounds); b++) {
        const double expected =
            gsl_sf_hzeta(2.5, bounds[b]) / gsl_sf_hzeta(2.5, 3.0) * N * REPLICATES;
        if (fabs(above[b] - expected) > 4.5 * sqrt(expected) + 3)
            fail_msg("%g values of at least %g, expected %g", above[b], bounds[b], expected);
    }
    sg_tail_histogram_free(&drawn);
    sg_tail_sampler_free(&sampler);
    sg_tail_histogram_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_positive_values),
        cmocka_unit_test(computes_the_zeta_function_as_gsl_does),
        cmocka_unit_test(agrees_with_igraph_on_random_degrees),
        cmocka_unit_test(finds_the_closest_of_all_xmin),
        cmocka_unit_test(draws_binomial_numbers),
        cmocka_unit_test(draws_replicates_that_follow_the_fit),
        cmocka_unit_test(draws_far_values_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
