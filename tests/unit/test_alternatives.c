/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/zeta.h"
#include "measure/alternatives.h"
#include "measure/climb.h"
#include <math.h>
#include <string.h>

/* Expected values of fits: SciPy 1.10.1, each law's likelihood maximised by Nelder-Mead and by
 * L-BFGS-B from several starts, normalised by direct summation (scipy.special.zeta, scipy.stats,
 * sums over 4 * 10^5 integers, scipy.integrate.quad). */
typedef struct expected {
    sg_powerlaw_alternative law;
    double parameter[2];
    double log_likelihood;
    double ratio;
    double p;
} expected;

static void assert_near(double got, double wanted, double tolerance, const char *what)
{
    if (!(fabs(got - wanted) <= tolerance * fmax(1, fabs(wanted))))
        fail_msg("%s: %.12g, expected %.12g", what, got, wanted);
}

/* The optima are good to about 1e-5 in their parameters on both sides, so to 1e-8 in ln L. */
static void assert_all(const sg_alternatives *got, const expected *wanted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sg_alternative *a = &got->of[wanted[i].law];
        const char *name = sg_powerlaw_alternative_name(wanted[i].law);
        for (size_t j = 0; j < 2; j++)
            if (!isnan(wanted[i].parameter[j]))
                assert_near(a->parameter[j], wanted[i].parameter[j], 2e-4, name);
        assert_near(a->log_likelihood, wanted[i].log_likelihood, 1e-8, name);
        assert_near(a->ratio, wanted[i].ratio, 2e-4, name);
        assert_near(a->p, wanted[i].p, 2e-4, name);
        assert_false(a->at_limit);
    }
}

/* Zachary's karate club, by node (J. Anthropol. Res. 33:452, 1977). */
static const uint64_t karate[] = {16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2,  2,
                                  2,  2, 3,  2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17};

static void fits_the_degrees_of_karate_as_scipy_does(void **state)
{
    (void)state;
    static const expected wanted[] = {
        {SG_ALTERNATIVE_EXPONENTIAL,
         {0.31538467500111667, NAN},
         -71.217181022903,
         -0.4312655072827752,
         0.6662753274417794},
        {SG_ALTERNATIVE_POISSON,
         {4.44998203852103, NAN},
         -90.3145173773802,
         1.7598069958318503,
         0.07844053651560666},
        {SG_ALTERNATIVE_STRETCHED_EXPONENTIAL,
         {1.24979776, 0.61657858},
         -70.25739524960933,
         -1.5026497874019082,
         0.1329293774335155},
        {SG_ALTERNATIVE_LOGNORMAL,
         {0.7135001453577983, 0.9694499435442153},
         -70.31069411333563,
         -1.3671675913533146,
         0.17157278109077845},
        {SG_ALTERNATIVE_CUTOFF,
         {1.0714859601606297, 0.14550062520240717},
         -70.23035751950069,
         -2.0435787597610084,
         0.04321025235384078},
    };
    sg_alternatives got;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit(karate, SG_COUNT(karate), 2.126277992579, 2, &got, &err), &err);
    assert_all(&got, wanted, SG_COUNT(wanted));
    double p = 0;
    assert_int_equal(sg_alternatives_favoured(&got, &p), SG_ALTERNATIVE_CUTOFF);
    assert_true(p == got.of[SG_ALTERNATIVE_CUTOFF].p);
}

/* n values of each of a run of integers. */
static size_t unfold(const size_t *count, size_t n, uint64_t first, uint64_t *ret)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < count[i]; j++)
            ret[m++] = first + i;
    return m;
}

static void fits_a_thin_tail_as_scipy_does(void **state)
{
    (void)state;
    static const size_t count[] = {9, 8, 9, 8, 7, 6, 4, 3, 2, 2, 0, 1}; /* of 18, 19, … */
    static const expected wanted[] = {
        {SG_ALTERNATIVE_EXPONENTIAL,
         {0.26080905420068456, NAN},
         -138.46097255011605,
         -2.631922881961762,
         0.008490313231862893},
        {SG_ALTERNATIVE_POISSON,
         {18.409691301951522, NAN},
         -134.02301344445684,
         -2.738763667370804,
         0.006167068728645265},
        {SG_ALTERNATIVE_STRETCHED_EXPONENTIAL,
         {20.01923641, 4.62959116},
         -133.38321568125596,
         -2.48502440505354,
         0.012954255339777107},
        {SG_ALTERNATIVE_LOGNORMAL,
         {3.002826525645746, 0.15575813070486122},
         -133.70379183815413,
         -2.4047386625244,
         0.016184034713468513},
        /* no power of x at all helps: the exponential itself */
        {SG_ALTERNATIVE_CUTOFF,
         {0, 0.26080905324766657},
         -138.46097255011603,
         -5.641123034864387,
         0.0007825182547686176},
    };
    uint64_t values[64];
    const size_t n = unfold(count, SG_COUNT(count), 18, values);
    sg_alternatives got;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit(values, n, 8, 18, &got, &err), &err);
    assert_all(&got, wanted, SG_COUNT(wanted));
    /* all five beat the power law; the most likely one is named */
    assert_int_equal(sg_alternatives_favoured(&got, NULL), SG_ALTERNATIVE_STRETCHED_EXPONENTIAL);
}

/* Evenly spaced quantiles of a Lomax law, 1 + 3 ((1 - u)^(-1/2.2) - 1). */
static const double lomax[] = {1.017, 1.053, 1.089, 1.127, 1.167, 1.209, 1.252,  1.297,
                               1.344, 1.394, 1.445, 1.5,   1.557, 1.617, 1.681,  1.749,
                               1.82,  1.897, 1.978, 2.065, 2.159, 2.259, 2.368,  2.487,
                               2.616, 2.758, 2.915, 3.09,  3.287, 3.51,  3.766,  4.066,
                               4.421, 4.852, 5.393, 6.099, 7.079, 8.579, 11.344, 19.987};

static void fits_reals_as_scipy_does(void **state)
{
    (void)state;
    static const expected wanted[] = {
        {SG_ALTERNATIVE_EXPONENTIAL,
         {0.43340231653538186, NAN},
         -73.44355379462375,
         0.3676360225605893,
         0.7131446509456434},
        {SG_ALTERNATIVE_STRETCHED_EXPONENTIAL,
         {0.25674415, 0.43463463},
         -70.0148013482694,
         -1.48878590473217,
         0.13654375517046963},
        {SG_ALTERNATIVE_LOGNORMAL,
         {-0.16511985428779086, 1.1984957821470639},
         -70.02483670776957,
         -1.3907783191044576,
         0.1642926595547053},
        {SG_ALTERNATIVE_CUTOFF,
         {1.4499175603118046, 0.11690199173395925},
         -70.04844048394759,
         -1.845945822000033,
         0.05467757191899129},
    };
    sg_alternatives got;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit_continuous(lomax, SG_COUNT(lomax), 2, 1, &got, &err), &err);
    assert_all(&got, wanted, SG_COUNT(wanted));
    assert_true(isnan(got.of[SG_ALTERNATIVE_POISSON].p)); /* no law of reals */
}

static void does_not_depend_on_the_unit_of_reals(void **state)
{
    (void)state;
    double scaled[SG_COUNT(lomax)];
    sg_alternatives a;
    sg_alternatives b;
    for (size_t i = 0; i < SG_COUNT(lomax); i++)
        scaled[i] = 1e-7 * lomax[SG_COUNT(lomax) - 1 - i];
    assert_int_equal(sg_alternatives_fit_continuous(lomax, SG_COUNT(lomax), 2, 1, &a, NULL), SG_OK);
    assert_int_equal(sg_alternatives_fit_continuous(scaled, SG_COUNT(lomax), 2, 1e-7, &b, NULL),
                     SG_OK);
    for (int i = SG_ALTERNATIVE_EXPONENTIAL; i < SG_N_ALTERNATIVES; i++)
        assert_near(b.of[i].ratio, a.of[i].ratio, 1e-6, "ratio");
    assert_near(b.of[SG_ALTERNATIVE_LOGNORMAL].parameter[0],
                a.of[SG_ALTERNATIVE_LOGNORMAL].parameter[0] + log(1e-7), 1e-5, "mu");
    assert_near(b.of[SG_ALTERNATIVE_CUTOFF].parameter[1],
                1e7 * a.of[SG_ALTERNATIVE_CUTOFF].parameter[1], 1e-5, "rate");
}

static void knows_the_laws_that_became_the_power_law_itself(void **state)
{
    (void)state;
    /* values as a power law of exponent 2 has them: 2^k of them at xmin 2^(10 - k) */
    static uint64_t values[2048];
    size_t n = 0;
    for (uint64_t k = 0; k <= 10; k++)
        for (uint64_t j = 0; j < UINT64_C(1) << k; j++)
            values[n++] = (UINT64_C(1) << (10 - k)) * 1000 + 37 * j;
    sg_alternatives a;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit(values, n, 2, 1000, &a, &err), &err);
    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++)
        assert_true(isfinite(a.of[i].ratio) && isfinite(a.of[i].log_likelihood));
    /* at its limit a law is never favoured, whatever its ratio */
    a = (sg_alternatives){0};
    for (int i = 0; i < SG_N_ALTERNATIVES; i++)
        a.of[i] = (sg_alternative){.ratio = 1, .p = 1};
    a.of[SG_ALTERNATIVE_LOGNORMAL] = (sg_alternative){.ratio = -5, .p = 1e-6, .at_limit = true};
    double p = 0;
    assert_int_equal(sg_alternatives_favoured(&a, &p), SG_ALTERNATIVE_NONE);
    assert_true(p == 1);
    a.of[SG_ALTERNATIVE_LOGNORMAL].at_limit = false;
    assert_int_equal(sg_alternatives_favoured(&a, &p), SG_ALTERNATIVE_LOGNORMAL);
    assert_true(p == 1e-6);
    a.of[SG_ALTERNATIVE_LOGNORMAL].p = 0.1; /* not below */
    assert_int_equal(sg_alternatives_favoured(&a, &p), SG_ALTERNATIVE_NONE);
    assert_true(p == 0.1);
}

static void sums_the_cutoff_law_to_its_zeta_function_and_its_series(void **state)
{
    (void)state;
    /* no rate: Hurwitz' zeta function; base/zeta.h is held against GSL elsewhere */
    static const double at[][2] = {{2, 1}, {2.5, 7}, {3, 50}, {15, 30}, {40, 900}};
    for (size_t i = 0; i < SG_COUNT(at); i++)
        assert_near(sg_tail_cutoff_norm(at[i][0], 1e-14, at[i][1], true),
                    sg_log_scaled_zeta(at[i][0], at[i][1], NULL, NULL), 1e-8, "no rate");
    /* no power: a geometric series */
    for (double rate = 1e-4; rate < 50; rate *= 3)
        assert_near(sg_tail_cutoff_norm(0, rate, 5, true), -log(-expm1(-rate)), 1e-11, "no power");
    /* alpha 1 from 1 on: -ln(1 - e^-rate) e^rate, the series of the logarithm */
    for (double rate = 1e-4; rate < 5; rate *= 3)
        assert_near(sg_tail_cutoff_norm(1, rate, 1, true), rate + log(-log(-expm1(-rate))), 1e-9,
                    "alpha 1");
    /* reals: e^x E_1(x) at 1 is 0.596347362323194 (Abramowitz & Stegun, table 5.1) */
    assert_near(sg_tail_cutoff_norm(1, 1, 1, false), log(0.596347362323194), 1e-11, "reals");
    assert_near(sg_tail_cutoff_norm(0, 3, 2, false), log(1 / (3 * 2.0)), 1e-11, "exponential");
}

static void takes_normal_tails_however_far_out(void **state)
{
    (void)state;
    /* scipy.special.log_ndtr(-z), SciPy 1.10.1 */
    static const double z[] = {-3, 0, 1, 8, 30, 100};
    static const double wanted[] = {-0.001350809964748193, -0.6931471805599453, -1.841021645009264,
                                    -35.01343715991456,    -454.32124395634327, -5005.524208694205};
    for (size_t i = 0; i < SG_COUNT(z); i++)
        assert_near(sg_log_normal_tail(z[i]), wanted[i], 1e-12, "ln Q");
}

/* A ridge across both parameters, with its top inside or outside the box. */
static double ridge(const void *context, const double at[2])
{
    const double *top = context;
    const double x = at[0] - top[0];
    const double y = at[1] - top[1];
    return -100 * (x - y) * (x - y) - 0.01 * (x + y) * (x + y) - x * x * x * x;
}

static void climbs_along_a_ridge_and_stops_at_the_wall(void **state)
{
    (void)state;
    const double top[2] = {1.25, -0.5};
    sg_slope slope = {.height = ridge, .context = top, .low = {-4, -4}, .high = {4, 4}};
    double at[2] = {-3, 3};
    assert_near(sg_climb(&slope, at), 0, 1e-9, "height");
    assert_near(at[0], 1.25, 1e-4, "x");
    assert_near(at[1], -0.5, 1e-4, "y");

    slope.high[1] = -1; /* the top is behind a wall: on it, x nearly follows y */
    at[0] = -3;
    at[1] = -3;
    (void)sg_climb(&slope, at);
    assert_true(at[1] == -1);
    assert_near(at[0], 0.75, 5e-3, "x at the wall");
}

static void answers_tails_that_nothing_can_be_fitted_to(void **state)
{
    (void)state;
    static const uint64_t fives[] = {5, 5, 5, 1};
    sg_alternatives a;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit(fives, 4, 2.5, 2, &a, &err), &err);
    for (int i = 0; i < SG_N_ALTERNATIVES; i++)
        assert_true(isnan(a.of[i].p) && isnan(a.of[i].ratio) && !a.of[i].at_limit);
    assert_ok(sg_alternatives_fit(NULL, 0, 2.5, 2, &a, &err), &err);
    assert_int_equal(sg_alternatives_favoured(&a, NULL), SG_ALTERNATIVE_NONE);
    /* the tail may begin where no value stands */
    assert_ok(sg_alternatives_fit(karate, SG_COUNT(karate), 2.5, 7, &a, &err), &err);
    assert_true(isfinite(a.of[SG_ALTERNATIVE_LOGNORMAL].log_likelihood));
}

static void takes_extreme_values(void **state)
{
    (void)state;
    enum { N = 200 };
    uint64_t values[N];
    double reals[N];
    sg_random random;
    sg_random_open(&random, 4, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < N; i++) {
        values[i] = 1 + (sg_random_u64(&random) >> (12 + i % 52));
        reals[i] = exp(600 * sg_random_unit(&random) - 300);
    }
    sg_alternatives a;
    sg_error err = {0};
    assert_ok(sg_alternatives_fit(values, N, 1.1, 1, &a, &err), &err);
    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++)
        assert_true(isnan(a.of[i].p) || (a.of[i].p >= 0 && a.of[i].p <= 1));
    assert_ok(sg_alternatives_fit_continuous(reals, N, 1.01, exp(-300), &a, &err), &err);
    for (int i = SG_ALTERNATIVE_EXPONENTIAL; i < SG_N_ALTERNATIVES; i++)
        assert_true(isnan(a.of[i].p) || (a.of[i].p >= 0 && a.of[i].p <= 1));
}

static void refuses_what_is_no_tail(void **state)
{
    (void)state;
    sg_alternatives a = {.of = {{.p = 77}}};
    sg_error err = {0};
    const uint64_t huge[] = {1, (UINT64_C(1) << 53) + 1};
    const double broken[] = {1, INFINITY};
    assert_int_equal(sg_alternatives_fit(karate, 5, 1, 2, &a, &err), SG_EINVAL);
    assert_string_equal(err.message, "alpha must lie above 1, got 1");
    assert_int_equal(sg_alternatives_fit(karate, 5, NAN, 2, &a, NULL), SG_EINVAL);
    assert_int_equal(sg_alternatives_fit(karate, 5, 2, 0, &a, NULL), SG_EINVAL);
    assert_int_equal(sg_alternatives_fit(huge, 2, 2, 1, &a, &err), SG_EINVAL);
    assert_string_equal(err.message, "value 1 lies above 2^53, where reals skip integers");
    assert_int_equal(sg_alternatives_fit_continuous(broken, 2, 2, 1, &a, &err), SG_EINVAL);
    assert_string_equal(err.message, "value 1 is not finite");
    assert_int_equal(sg_alternatives_fit_continuous(broken, 1, 2, 0, &a, NULL), SG_EINVAL);
    assert_true(a.of[0].p == 77);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    for (int real = 0; real < 2; real++) {
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_alternatives a = {.of = {{.p = 77}}};
            sg_test_alloc_budget(budget);
            status = real ? sg_alternatives_fit_continuous(lomax, 9, 2, 1, &a, NULL)
                          : sg_alternatives_fit(karate, SG_COUNT(karate), 2, 2, &a, NULL);
            sg_test_alloc_budget(-1);
            assert_true(status == SG_OK || a.of[0].p == 77);
            assert_true(budget < 30);
        }
        assert_int_equal(status, SG_OK);
    }
}

/* A fit with what the classes look at. */
static sg_powerlaw fit_of(double alpha, size_t n_tail, double p, sg_powerlaw_alternative favoured)
{
    return (sg_powerlaw){
        .alpha = alpha, .n_tail = n_tail, .p_value = p, .favoured = favoured, .favoured_p = 0.05};
}

static void names_the_classes_of_broido_and_clauset(void **state)
{
    (void)state;
    const sg_powerlaw strong = fit_of(2.5, 60, 0.4, SG_ALTERNATIVE_NONE);
    const sg_powerlaw steep = fit_of(3.5, 60, 0.4, SG_ALTERNATIVE_NONE);
    const sg_powerlaw shorter = fit_of(2.5, 49, 0.4, SG_ALTERNATIVE_NONE);
    const sg_powerlaw rejected = fit_of(2.5, 60, 0.09, SG_ALTERNATIVE_NONE);
    const sg_powerlaw beaten = fit_of(2.5, 60, 0.4, SG_ALTERNATIVE_LOGNORMAL);
    const sg_powerlaw poisson = fit_of(2.5, 60, 0.4, SG_ALTERNATIVE_POISSON);
    sg_powerlaw untested = strong;
    untested.p_value = NAN;
    sg_powerlaw uncompared = strong;
    uncompared.favoured_p = NAN;
    const struct {
        sg_powerlaw fit;
        sg_scale_free_grade grade;
        bool super_weak;
    } cases[] = {
        {strong, SG_SCALE_FREE_STRONG, true},   {steep, SG_SCALE_FREE_WEAK, true},
        {shorter, SG_SCALE_FREE_WEAKEST, true}, {rejected, SG_SCALE_FREE_NOT, true},
        {beaten, SG_SCALE_FREE_WEAK, false},    {poisson, SG_SCALE_FREE_STRONG, true},
        {untested, SG_SCALE_FREE_NOT, true},    {uncompared, SG_SCALE_FREE_WEAK, false},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const sg_scale_free_class c = sg_scale_free_classify(&cases[i].fit, 1);
        if (c.grade != cases[i].grade || c.super_weak != cases[i].super_weak || c.n != 1)
            fail_msg("case %zu: %s, super-weak %d", i, sg_scale_free_grade_name(c.grade),
                     c.super_weak);
    }
    /* sets: half is enough for strong, nearly all for strongest */
    sg_powerlaw set[20];
    for (size_t i = 0; i < 20; i++)
        set[i] = strong;
    assert_int_equal(sg_scale_free_classify(set, 20).grade, SG_SCALE_FREE_STRONGEST);
    set[0] = steep;
    set[1] = rejected; /* 18 of 20 strong, none beaten */
    assert_int_equal(sg_scale_free_classify(set, 20).grade, SG_SCALE_FREE_STRONGEST);
    set[0] = beaten;
    assert_int_equal(sg_scale_free_classify(set, 20).grade, SG_SCALE_FREE_STRONGEST);
    set[1] = beaten; /* 90 % unbeaten: 95 are asked for */
    assert_int_equal(sg_scale_free_classify(set, 20).grade, SG_SCALE_FREE_STRONG);
    for (size_t i = 0; i < 11; i++)
        set[i] = rejected;
    assert_int_equal(sg_scale_free_classify(set, 20).grade, SG_SCALE_FREE_NOT);
    assert_true(sg_scale_free_classify(set, 20).super_weak);
    const sg_scale_free_class none = sg_scale_free_classify(NULL, 0);
    assert_true(none.grade == SG_SCALE_FREE_NOT && !none.super_weak && none.n == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_the_degrees_of_karate_as_scipy_does),
        cmocka_unit_test(fits_a_thin_tail_as_scipy_does),
        cmocka_unit_test(fits_reals_as_scipy_does),
        cmocka_unit_test(does_not_depend_on_the_unit_of_reals),
        cmocka_unit_test(knows_the_laws_that_became_the_power_law_itself),
        cmocka_unit_test(sums_the_cutoff_law_to_its_zeta_function_and_its_series),
        cmocka_unit_test(takes_normal_tails_however_far_out),
        cmocka_unit_test(climbs_along_a_ridge_and_stops_at_the_wall),
        cmocka_unit_test(answers_tails_that_nothing_can_be_fitted_to),
        cmocka_unit_test(takes_extreme_values),
        cmocka_unit_test(refuses_what_is_no_tail),
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(names_the_classes_of_broido_and_clauset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
