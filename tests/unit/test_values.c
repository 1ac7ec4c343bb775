/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/random.h"
#include "famous_counts.h"
#include "files.h"
#include "folder.h"
#include "sparsegraph/values.h"
#include <math.h>
#include <string.h>

static void assert_near(double got, double wanted, double tolerance, const char *what)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%s: %.8g, expected %.8g", what, got, wanted);
}

static void fits_the_words_of_moby_dick_as_published(void **state)
{
    (void)state;
    static double count[18855];
    assert_int_equal(unfold_counts(moby_dick_words, SG_COUNT(moby_dick_words), count), 18855);
    sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
    params.powerlaw.n_replicates = 400;
    params.index.n_bootstrap = 20;
    sg_values_fit f;
    sg_error err = {0};
    assert_ok(sg_values_fit_tail(count, 18855, &params, &f, &err), &err);
    assert_true(f.discrete);
    /* plfit 0.9.4; Clauset, Shalizi & Newman 2009, table 6.1: alpha 1.95(2), xmin 7(2), n_tail
     * 2958(987), p .49 with its own bootstrap of xmin */
    assert_near(f.fit.alpha, 1.95273, 1e-5, "alpha");
    assert_int_equal(f.fit.xmin, 7);
    assert_int_equal(f.fit.n_tail, 2958);
    assert_near(f.fit.log_likelihood, -11753.818, 1e-3, "ln L");
    assert_near(f.fit.ks_d, 0.00825, 1e-5, "D");
    assert_near(f.fit.p_value, 0.67, 0.08, "p"); /* three errors of 400 replicates */

    /* SciPy 1.10.1: exponential and cutoff at their optima; the other two at the bounds that tail.h
     * names, so 3.27 and .441 only as near as such bounds are alike */
    const sg_alternative *a = f.fit.alternatives.of;
    assert_near(a[SG_ALTERNATIVE_EXPONENTIAL].ratio, 9.1436117, 1e-5, "exponential");
    assert_near(a[SG_ALTERNATIVE_CUTOFF].ratio, -0.9063778, 1e-4, "cutoff");
    assert_near(a[SG_ALTERNATIVE_CUTOFF].p, 0.178178, 1e-4, "cutoff's p");
    assert_near(a[SG_ALTERNATIVE_LOGNORMAL].ratio, 0.441, 0.01, "lognormal");
    assert_near(a[SG_ALTERNATIVE_LOGNORMAL].p, 0.66, 0.01, "lognormal's p");
    assert_near(a[SG_ALTERNATIVE_STRETCHED_EXPONENTIAL].ratio, 3.27, 0.02, "stretched");
    assert_near(a[SG_ALTERNATIVE_STRETCHED_EXPONENTIAL].p, 0.001, 5e-4, "stretched's p");
    assert_true(a[SG_ALTERNATIVE_LOGNORMAL].at_limit);
    assert_true(a[SG_ALTERNATIVE_STRETCHED_EXPONENTIAL].at_limit);
    assert_int_equal(f.fit.favoured, SG_ALTERNATIVE_NONE);
    /* alpha below 2: all the class allows, and the only thing the gate holds against it */
    assert_int_equal(f.scale_free.grade, SG_SCALE_FREE_WEAK);
    assert_int_equal(f.fit.reasons, SG_POWERLAW_ALPHA);
}

static void fits_the_internet_as_published(void **state)
{
    (void)state;
    static double degree[26475];
    const size_t n = unfold_counts(caida_degrees, SG_COUNT(caida_degrees), degree);
    sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
    params.powerlaw.n_replicates = 100;
    params.index.n_bootstrap = 20;
    sg_values_fit f;
    sg_error err = {0};
    assert_ok(sg_values_fit_tail(degree, n, &params, &f, &err), &err);
    /* plfit 0.9.4 */
    assert_near(f.fit.alpha, 2.0919, 1e-4, "alpha");
    assert_int_equal(f.fit.xmin, 6);
    assert_int_equal(f.fit.n_tail, 2001);
    assert_near(f.fit.log_likelihood, -7080.823, 1e-3, "ln L");
    assert_near(f.fit.ks_d, 0.0095, 1e-4, "D");
    assert_int_equal(f.scale_free.grade, SG_SCALE_FREE_STRONG);
    assert_true(f.fit.passes);
}

/* Knuth's way to a Poisson number of mean 20. */
static double draw_poisson(sg_random *random)
{
    double k = -1;
    for (double product = 1; product > exp(-20); k++)
        product *= 1 - sg_random_unit(random);
    return k;
}

static void refuses_poisson_samples_and_passes_a_power_law(void **state)
{
    (void)state;
    enum { N = 784, MANY = 10000 };
    static double x[MANY];
    sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
    params.index.n_bootstrap = 20;
    sg_values_fit f;
    sg_error err = {0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        sg_random random;
        sg_random_open(&random, seed, SG_RANDOM_TOPOLOGY, 0, 0);
        for (size_t i = 0; i < N; i++)
            x[i] = draw_poisson(&random);
        assert_ok(sg_values_fit_tail(x, N, &params, &f, &err), &err);
        assert_false(f.fit.passes);
        assert_true(f.fit.reasons & SG_POWERLAW_ALPHA);
        assert_true(f.fit.reasons & SG_POWERLAW_NARROW_TAIL);
        assert_true(f.scale_free.grade < SG_SCALE_FREE_STRONG);
    }
    sg_random random;
    sg_random_open(&random, 5, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < MANY; i++)
        x[i] = floor(9.5 * pow(1 - sg_random_unit(&random), -1 / 1.5) + 0.5);
    assert_ok(sg_values_fit_tail(x, MANY, &params, &f, &err), &err);
    assert_near(f.fit.alpha, 2.5, 0.1, "alpha");
    assert_true(f.fit.passes);
    assert_int_equal(f.scale_free.grade, SG_SCALE_FREE_STRONG);
}

static void tells_counts_from_reals(void **state)
{
    (void)state;
    double x[60];
    sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
    params.powerlaw.n_replicates = 0;
    params.index.n_bootstrap = 5;
    sg_values_fit f;
    sg_error err = {0};
    for (size_t i = 0; i < 60; i++)
        x[i] = floor(60 / (1 + (double)i));
    assert_ok(sg_values_fit_tail(x, 60, &params, &f, &err), &err);
    assert_true(f.discrete && f.fit.n == 60);
    params.kind = SG_VALUES_CONTINUOUS;
    assert_ok(sg_values_fit_tail(x, 60, &params, &f, &err), &err);
    assert_true(!f.discrete && f.continuous.n == 60);
    assert_true(isfinite(f.continuous.alternatives.of[SG_ALTERNATIVE_LOGNORMAL].p));
    params.kind = SG_VALUES_DETECT;
    x[59] = -1;
    assert_ok(sg_values_fit_tail(x, 60, &params, &f, &err), &err);
    assert_true(!f.discrete && f.continuous.n_others == 1);
    params.kind = SG_VALUES_DISCRETE;
    assert_int_equal(sg_values_fit_tail(x, 60, &params, &f, &err), SG_EINVAL);
    assert_string_equal(err.message, "number 60, -1, is no count; the continuous fit takes reals");
    x[59] = NAN;
    params.kind = SG_VALUES_DETECT;
    assert_int_equal(sg_values_fit_tail(x, 60, &params, &f, &err), SG_EINVAL);
    params.powerlaw.xmin = -2;
    x[59] = 1;
    assert_int_equal(sg_values_fit_tail(x, 60, &params, &f, &err), SG_EINVAL);
    assert_string_equal(err.message, "xmin must lie in [0, 2^53], got -2");
}

static void begins_the_tail_where_it_is_told(void **state)
{
    (void)state;
    static double count[18855];
    const size_t n = unfold_counts(moby_dick_words, SG_COUNT(moby_dick_words), count);
    sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
    params.powerlaw.n_replicates = 50;
    params.powerlaw.xmin = 6.5; /* 7 is the first */
    params.index.n_bootstrap = 1;
    sg_values_fit f;
    sg_error err = {0};
    assert_ok(sg_values_fit_tail(count, n, &params, &f, &err), &err);
    assert_int_equal(f.fit.xmin, 7);
    assert_near(f.fit.alpha, 1.95273, 1e-5, "alpha");
    /* with xmin free the replicates lie closer, so p is lower there */
    assert_true(f.fit.p_value > 0.67);
    params.kind = SG_VALUES_CONTINUOUS;
    params.powerlaw.n_replicates = 3;
    assert_ok(sg_values_fit_tail(count, n, &params, &f, &err), &err);
    assert_true(f.continuous.xmin == 7);
    params.kind = SG_VALUES_DISCRETE;
    params.powerlaw.xmin = 14000; /* only the largest is left */
    assert_ok(sg_values_fit_tail(count, n, &params, &f, &err), &err);
    assert_true(isnan(f.fit.alpha) && f.fit.xmin == 0 && !f.fit.passes);
}

/* Reads a file of these bytes. */
static sg_status read_bytes(const char *bytes, size_t n, sg_values *v, sg_error *err)
{
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "numbers.txt");
    assert_int_equal(sg_file_write(path, bytes, n, NULL), SG_OK);
    return sg_values_read(path, v, err);
}

static void reads_numbers_in_any_shape(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF# a comment, 1 2 3\r\n"
                               "16\t9, 10;6\r\n"
                               "\r\n"
                               "  3 % 99\n"
                               "1e2 -4.5 +7";
    static const double wanted[] = {16, 9, 10, 6, 3, 100, -4.5, 7};
    sg_values v;
    sg_error err = {0};
    assert_ok(read_bytes(text, sizeof text - 1, &v, &err), &err);
    assert_int_equal(v.n, SG_COUNT(wanted));
    for (size_t i = 0; i < v.n; i++)
        assert_true(v.value[i] == wanted[i]);
    assert_false(v.counts);
    sg_values_clear(&v);
    assert_true(v.value == NULL && v.n == 0);
    sg_values_clear(NULL);
    assert_ok(read_bytes("1\n2\n0\n", 6, &v, &err), &err);
    assert_true(v.counts);
    sg_values_clear(&v);
    assert_ok(read_bytes("9007199254740994", 16, &v, &err), &err); /* above 2^53 */
    assert_false(v.counts);
    sg_values_clear(&v);
}

static void says_what_is_no_number_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        const char *reason;
    } cases[] = {
        {"1 2\n3 four\n", 11, "line 2: 'four' is no number"},
        {"1\n\n\nnan", 7, "line 4: 'nan' is no number"},
        {"inf", 3, "line 1: 'inf' is no number"},
        {"1e999", 5, "line 1: '1e999' is no number"},
        {"0x10", 4, "line 1: '0x10' is no number"},
        {"1\0002", 3, "line 1: '1?2' is no number"},
        {"1 \x1b[31m", 7, "line 1: '?[31m' is no number"},
        {"", 0, "holds no number"},
        {"# 1\n% 2\n ,;\n", 12, "holds no number"},
        {"1111111111111111111111111111111111111111111111111111111111111111111111111", 73,
         "line 1: '111111111111111111111111...' is no number"},
        {"\x1f\x8b\x08", 3, "numbers.txt'"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        sg_values v = {.n = 77};
        sg_error err = {0};
        assert_int_equal(read_bytes(cases[i].text, cases[i].n, &v, &err), SG_EFORMAT);
        if (!strstr(err.message, cases[i].reason) || !strstr(err.message, "numbers.txt'"))
            fail_msg("case %zu: %s", i, err.message);
        assert_int_equal(v.n, 77);
    }
    sg_values v;
    sg_error err = {0};
    assert_int_equal(sg_values_read("/no/such/file", &v, &err), SG_ENOTFOUND);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "numbers.txt");
    write_text(path, "9 8 7 1 1 1 1 2 2 3");
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_values v = {.n = 77};
        sg_test_alloc_budget(budget);
        status = sg_values_read(path, &v, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || v.n == 77);
        assert_true(budget < 30);
        if (status == SG_OK)
            sg_values_clear(&v);
    }
    assert_int_equal(status, SG_OK);

    static const double x[] = {9, 8, 7, 1, 1, 1, 1, 2, 2, 3, 0};
    for (sg_values_kind kind = SG_VALUES_DISCRETE; kind <= SG_VALUES_CONTINUOUS; kind++) {
        sg_values_fit_params params = SG_VALUES_FIT_PARAMS_DEFAULT;
        params.kind = kind;
        params.powerlaw.n_replicates = 2;
        status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_values_fit f = {.scale_free = {.n = 77}};
            sg_test_alloc_budget(budget);
            status = sg_values_fit_tail(x, SG_COUNT(x), &params, &f, NULL);
            sg_test_alloc_budget(-1);
            assert_true(status == SG_OK || f.scale_free.n == 77);
            assert_true(budget < 80);
        }
        assert_int_equal(status, SG_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_the_words_of_moby_dick_as_published),
        cmocka_unit_test(fits_the_internet_as_published),
        cmocka_unit_test(refuses_poisson_samples_and_passes_a_power_law),
        cmocka_unit_test(tells_counts_from_reals),
        cmocka_unit_test(begins_the_tail_where_it_is_told),
        cmocka_unit_test(reads_numbers_in_any_shape),
        cmocka_unit_test(says_what_is_no_number_and_where),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
