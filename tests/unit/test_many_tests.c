/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "folder.h"
#include "measure/many_tests.h"
#include "measure/powerlaw_json.h"
#include "patterned.h"
#include "snapshot/run_writer.h"
#include "sparsegraph/analysis.h"
#include <math.h>
#include <string.h>

static void corrects_p_values_for_their_number(void **state)
{
    (void)state;
    /* The fifteen of Benjamini & Hochberg's own example (1995, section 4.1), with one that was not
     * tested between; q by hand: p m / rank, then the running minimum from the largest down, which
     * only .0278 takes from its neighbour. */
    const double p[] = {0.0001, 0.7590, 0.0278, 0.0019, NAN,    0.0095, 0.0201, 0.0004,
                        0.0298, 0.0344, 1.0000, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528};
    const double expected[] = {
        0.0001 * 15 / 1,  0.7590 * 15 / 14, 0.0298 * 15 / 7,  0.0019 * 15 / 3, NAN, 0.0095 * 15 / 4,
        0.0201 * 15 / 5,  0.0004 * 15 / 2,  0.0298 * 15 / 7,  0.0344 * 15 / 8, 1.0, 0.0459 * 15 / 9,
        0.3240 * 15 / 10, 0.4262 * 15 / 11, 0.5719 * 15 / 12, 0.6528 * 15 / 13};
    double q[SG_COUNT(p)];
    sg_error err = {0};
    assert_ok(sg_many_tests_q(p, SG_COUNT(p), q, &err), &err);
    size_t n_found = 0;
    for (size_t i = 0; i < SG_COUNT(p); i++) {
        n_found += q[i] <= 0.05;
        assert_true(isnan(p[i]) ? isnan(q[i]) : fabs(q[i] - expected[i]) < 1e-12);
    }
    assert_int_equal(n_found, 4); /* as they say: p up to .0095 */
    assert_ok(sg_many_tests_q(p, 0, q, &err), &err);
}

static void keeps_the_comparison_with_the_alternatives(void **state)
{
    (void)state;
    for (int i = SG_ALTERNATIVE_NONE; i < SG_N_ALTERNATIVES; i++) {
        const sg_powerlaw fit = {.favoured = (sg_powerlaw_alternative)i,
                                 .favoured_p = i == 0 ? NAN : 0.25,
                                 .p_thin_tail = 0.125};
        sg_json *object = sg_json_object();
        assert_non_null(object);
        sg_powerlaw_add_comparison(object, &fit);
        sg_powerlaw back = {0};
        assert_true(sg_powerlaw_take_comparison(object, &back));
        assert_int_equal(back.favoured, i);
        assert_true(i == 0 ? isnan(back.favoured_p) : back.favoured_p == 0.25);
        assert_true(back.p_thin_tail == 0.125);
        sg_json_free(object);
    }
    const char *const lies[] = {"{\"alternative_favoured\":\"gamma\"}", "{\"p_thin_tail\":1.5}",
                                "{\"p_alternative\":-1}"};
    for (size_t i = 0; i <= SG_COUNT(lies); i++) {
        const char *text = i < SG_COUNT(lies) ? lies[i] : "{}"; /* an older file holds none */
        sg_json *object = NULL;
        sg_error err = {0};
        sg_powerlaw back = {0};
        assert_ok(sg_json_parse(text, strlen(text), &object, &err), &err);
        assert_int_equal(sg_powerlaw_take_comparison(object, &back), i == SG_COUNT(lies));
        sg_json_free(object);
    }
}

static const char *const names[] = {"in_degree_powerlaw_p_thin_tail",
                                    "out_degree_powerlaw_p_thin_tail"};

/* Four epochs of the patterned network, the first measured but not listed. */
static sg_analysis *analyze_run(void)
{
    char run[TEST_PATH_MAX];
    sg_error err = {0};
    in_folder(run, folder, "run");
    assert_ok(sg_run_create(run, "{}", false, &err), &err);
    for (long epoch = 0; epoch < 4; epoch++) {
        sg_snapshot *s = patterned_network((size_t)epoch, epoch);
        assert_ok(sg_run_write_snapshot(run, epoch, s, &err), &err);
        sg_snapshot_free(s);
    }
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 50;
    params.n_nulls = 0;
    params.epoch_first = 1;
    params.measures = names;
    params.n_measures = SG_COUNT(names);
    const char *const paths[] = {run};
    sg_analysis *a = NULL;
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    return a;
}

static void corrects_over_all_layers_and_epochs_of_an_analysis(void **state)
{
    (void)state;
    enum { N = 3 * 3 * 2 };
    double p[N];
    double q[N];
    sg_error err = {0};
    sg_analysis *a = analyze_run();
    assert_int_equal(sg_analysis_n_fits(a), N);
    for (size_t i = 0; i < N; i++) {
        const sg_powerlaw *fit = &sg_analysis_fit_at(a, i)->fit;
        const double replicates = (double)fit->n_replicates;
        p[i] = (fit->p_value * replicates + 1) / (replicates + 1);
    }
    assert_ok(sg_many_tests_q(p, N, q, &err), &err);
    size_t n_tested = 0;
    for (size_t i = 0; i < N; i++) {
        const sg_analysis_fit *fit = sg_analysis_fit_at(a, i);
        n_tested += isnan(q[i]) ? 0 : 1;
        assert_true(isnan(q[i]) ? isnan(fit->q_goodness_of_fit) : fit->q_goodness_of_fit == q[i]);
        assert_true(isnan(q[i]) || q[i] >= fit->fit.p_value);
        assert_true(isnan(fit->fit.p_thin_tail) || fit->q_thin_tail >= fit->fit.p_thin_tail);
        const double measured =
            sg_analysis_value(a, fit->epoch, fit->link, names[fit->side == SG_SIDE_OUT]);
        assert_memory_equal(&fit->fit.p_thin_tail, &measured, sizeof(double));
    }
    assert_true(n_tested > 3);
    sg_analysis_free(a);
}

static void reads_back_both_polarities_and_the_favoured_alternative(void **state)
{
    (void)state;
    char written[TEST_PATH_MAX];
    sg_error err = {0};
    sg_analysis *a = analyze_run();
    sg_analysis *back = NULL;
    assert_ok(sg_analysis_write(a, in_folder(written, folder, "analysis"), &err), &err);
    assert_ok(sg_analysis_read(written, &back, &err), &err);
    size_t n_favoured = 0;
    size_t n_compared = 0;
    for (size_t i = 0; i < sg_analysis_n_fits(a); i++) {
        const sg_analysis_fit *fit = sg_analysis_fit_at(a, i);
        const sg_analysis_fit *again = sg_analysis_fit_at(back, i);
        assert_memory_equal(&fit->q_goodness_of_fit, &again->q_goodness_of_fit, sizeof(double));
        assert_memory_equal(&fit->q_thin_tail, &again->q_thin_tail, sizeof(double));
        assert_memory_equal(&fit->fit.p_thin_tail, &again->fit.p_thin_tail, sizeof(double));
        assert_int_equal(fit->fit.favoured, again->fit.favoured);
        assert_int_equal(fit->fit.reasons, again->fit.reasons);
        assert_memory_equal(&fit->fit.alternatives.of[SG_ALTERNATIVE_LOGNORMAL].ratio,
                            &again->fit.alternatives.of[SG_ALTERNATIVE_LOGNORMAL].ratio,
                            sizeof(double));
        n_compared += isfinite(again->fit.alternatives.of[SG_ALTERNATIVE_LOGNORMAL].ratio) ? 1 : 0;
        n_favoured += fit->fit.favoured != SG_ALTERNATIVE_NONE;
    }
    assert_true(n_favoured > 0 && n_compared > 3);

    char *csv = NULL;
    assert_ok(sg_analysis_fits_csv(a, &csv, &err), &err);
    assert_non_null(strstr(csv, ",p_goodness_of_fit,q_goodness_of_fit,replicates,p_thin_tail,"
                                "q_thin_tail,"));
    sg_free(csv);
    sg_analysis_free(back);
    sg_analysis_free(a);
}

static void survives_a_failed_allocation(void **state)
{
    (void)state;
    const double p = 0.5;
    double q = 7;
    sg_test_alloc_budget(0);
    const sg_status status = sg_many_tests_q(&p, 1, &q, NULL);
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_ENOMEM);
    assert_true(q == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrects_p_values_for_their_number),
        cmocka_unit_test(keeps_the_comparison_with_the_alternatives),
        cmocka_unit_test_setup_teardown(corrects_over_all_layers_and_epochs_of_an_analysis,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(reads_back_both_polarities_and_the_favoured_alternative,
                                        make_folder, remove_folder),
        cmocka_unit_test(survives_a_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
