/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/text.h"
#include "files.h"
#include "folder.h"
#include "sparse/topology.h"
#include "sparsegraph/analysis.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_IN = 120, N_HIDDEN = 100, N_LINKS = 1200, N_NULLS = 60 };

static char random_file[TEST_PATH_MAX];
static char skewed_file[TEST_PATH_MAX];
static char start_file[TEST_PATH_MAX];

/* Two layers; the first `n_hubs` inputs get links before anybody else does. */
static void write_network(const char *path, size_t n_hubs, const char *epoch)
{
    sg_error err = {0};
    sg_snapshot *s = NULL;
    const sg_layer layers[] = {{.name = "input", .size = N_IN},
                               {.name = "hidden1", .size = N_HIDDEN}};
    sg_csr *m = NULL;
    sg_random r;
    sg_random_open(&r, 11, SG_RANDOM_TOPOLOGY, 0, 0);
    const size_t n_cols = n_hubs > 0 ? n_hubs : N_IN;
    assert_ok(sg_topology_exact(N_HIDDEN, n_cols, N_LINKS, &r, &m, &err), &err);
    m->n_cols = N_IN;
    for (size_t k = 0; k < N_LINKS; k++)
        m->value[k] = (float)sg_random_normal(&r);
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < 2; i++)
        assert_ok(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    assert_ok(sg_snapshot_add_link(s, "input-hidden1", 0, 1, m, &err), &err);
    assert_ok(sg_snapshot_set_meta(s, "epoch", epoch, &err), &err);
    assert_ok(sg_snapshot_write(s, path, &err), &err);
    sg_snapshot_free(s);
}

static int setup(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    write_network(in_folder(random_file, folder, "random.safetensors"), 0, "2");
    write_network(in_folder(skewed_file, folder, "skewed.safetensors"), 40, "2");
    write_network(in_folder(start_file, folder, "start.safetensors"), 0, "0");
    return 0;
}

static sg_analysis_params with_nulls(size_t n_nulls)
{
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 0;
    params.n_nulls = n_nulls;
    return params;
}

static sg_analysis *analyze(const char *path, const sg_analysis_params *params)
{
    sg_error err = {0};
    sg_analysis *a = NULL;
    assert_ok(sg_analyze(&path, 1, params, NULL, &a, &err), &err);
    return a;
}

static const sg_analysis_row *row_of(const sg_analysis *a, const char *measure)
{
    const sg_analysis_row *row = sg_analysis_row_of(a, 2, "input-hidden1", measure);
    assert_non_null(row);
    return row;
}

/* Degrees of links drawn without replacement: variance/mean = (1 - density) n_cells/(n_cells - 1)
 * in expectation, over the population of n neurons times (n - 1)/n; four standard errors. */
static void random_networks_have_the_spread_that_theory_gives(void **state)
{
    (void)state;
    const sg_analysis_params params = with_nulls(N_NULLS);
    sg_analysis *a = analyze(random_file, &params);
    const sg_analysis_row *row = row_of(a, "in_degree_dispersion");
    const double density = (double)N_LINKS / (N_IN * N_HIDDEN);
    const double expected = (1 - density) * (N_HIDDEN - 1) / N_HIDDEN;
    assert_int_equal(row->n_nulls, N_NULLS);
    assert_true(fabs(row->null_mean - expected) < 4 * row->null_sd / sqrt(N_NULLS));
    /* var(s^2)/s^4 = 2/(n - 1): the spread of a sample variance */
    assert_true(fabs(row->null_sd / (expected * sqrt(2.0 / (N_HIDDEN - 1))) - 1) < 0.4);
    sg_analysis_free(a);
}

static void a_random_network_does_not_stand_out(void **state)
{
    (void)state;
    const sg_analysis_params params = with_nulls(N_NULLS);
    sg_analysis *a = analyze(random_file, &params);
    size_t n_compared = 0;
    size_t n_outside = 0;
    for (size_t i = 0; i < sg_analysis_n_rows(a); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(a, i);
        if (row->n_nulls == 0 || isnan(row->z))
            continue;
        n_compared++;
        n_outside += row->p_null < 0.04;
        assert_true(row->null_low <= row->null_mean && row->null_mean <= row->null_high);
        if (fabs(row->z) > 5)
            fail_msg("%s: z = %g", row->measure, row->z);
    }
    assert_true(n_compared > 5);
    assert_true(n_outside * 4 <= n_compared);
    sg_analysis_free(a);
}

static void hubs_stand_out_from_random_networks_and_not_from_those_of_their_degrees(void **state)
{
    (void)state;
    const sg_analysis_params params = with_nulls(N_NULLS);
    sg_analysis *a = analyze(skewed_file, &params);
    const sg_analysis_row *out = row_of(a, "out_degree_dispersion");
    assert_true(out->z > 20);
    assert_true(out->effect > 1);
    assert_true(out->p_null == 2.0 / (N_NULLS + 1));
    const sg_analysis_row *closed = row_of(a, "robins_alexander");
    assert_int_equal(closed->n_nulls, N_NULLS);
    assert_true(fabs(closed->z) < 4 && fabs(closed->effect) < 0.1);
    assert_int_equal(row_of(a, "links")->n_nulls, 0);
    sg_analysis_free(a);
}

static void the_model_that_keeps_degrees_can_be_chosen(void **state)
{
    (void)state;
    sg_analysis_params params = with_nulls(10);
    params.degrees_model = SG_NULL_MODEL_BICM;
    sg_analysis *a = analyze(skewed_file, &params);
    assert_int_equal(sg_analysis_degrees_model(a), SG_NULL_MODEL_BICM);
    /* degrees that scatter make the butterflies scatter more than trades alone do */
    const double spread = row_of(a, "butterflies")->null_sd;
    sg_analysis_free(a);
    params.degrees_model = SG_NULL_MODEL_CURVEBALL;
    a = analyze(skewed_file, &params);
    assert_true(spread > row_of(a, "butterflies")->null_sd);
    sg_analysis_free(a);
    params.degrees_model = SG_NULL_MODEL_RANDOM;
    sg_error err = {0};
    const char *const path = skewed_file;
    assert_int_equal(sg_analyze(&path, 1, &params, NULL, &a, &err), SG_EINVAL);
}

static void the_number_of_workers_changes_no_byte(void **state)
{
    (void)state;
    char *first = NULL;
    for (size_t n_workers = 1; n_workers <= 3; n_workers += 2) {
        sg_error err = {0};
        sg_analysis_params params = with_nulls(13);
        params.n_workers = n_workers;
        sg_analysis *a = analyze(random_file, &params);
        char *json = NULL;
        assert_ok(sg_analysis_json(a, &json, &err), &err);
        if (first)
            assert_string_equal(json, first);
        else
            first = sg_strdup(json);
        sg_free(json);
        sg_analysis_free(a);
    }
    sg_free(first);
}

static void equal(double a, double b)
{
    assert_true(a == b || (isnan(a) && isnan(b)));
}

static void what_is_written_reads_back_equal(void **state)
{
    (void)state;
    sg_error err = {0};
    char dir[TEST_PATH_MAX];
    const sg_analysis_params params = with_nulls(7);
    sg_analysis *a = analyze(skewed_file, &params);
    sg_analysis *back = NULL;
    assert_ok(sg_analysis_write(a, in_folder(dir, folder, "written"), &err), &err);
    assert_ok(sg_analysis_read(dir, &back, &err), &err);
    assert_int_equal(sg_analysis_n_nulls(back), 7);
    assert_int_equal(sg_analysis_n_rows(a), sg_analysis_n_rows(back));
    for (size_t i = 0; i < sg_analysis_n_rows(a); i++) {
        const sg_analysis_row *x = sg_analysis_row_at(a, i);
        const sg_analysis_row *y = sg_analysis_row_at(back, i);
        assert_int_equal(x->n_nulls, y->n_nulls);
        equal(x->null_mean, y->null_mean);
        equal(x->null_sd, y->null_sd);
        equal(x->null_low, y->null_low);
        equal(x->null_high, y->null_high);
        equal(x->z, y->z);
        equal(x->effect, y->effect);
        equal(x->p_null, y->p_null);
    }
    sg_analysis_free(a);
    sg_analysis_free(back);
}

static void an_analysis_file_that_lies_about_its_nulls_is_refused(void **state)
{
    (void)state;
    static const char *const lies[][3] = {
        {"\"nulls\":{\"link\":{\"input-hidden1\"", "\"nulls\":{\"link\":{\"elsewhere\"",
         "elsewhere"},
        {"\"nulls\":{\"link\"", "\"nulls\":7,\"other\":{\"link\"", "nulls"},
        {"\"n\":7,", "\"n\":8,", "number"},
        {"\"sd\":0.", "\"sd\":-0.", "spread"},
        {"\"degrees_model\":\"curveball\"", "\"degrees_model\":\"random\"", "random networks"},
    };
    sg_error err = {0};
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "lie.json");
    const sg_analysis_params params = with_nulls(7);
    sg_analysis *a = analyze(skewed_file, &params);
    SG_AUTOFREE char *json = NULL;
    assert_ok(sg_analysis_json(a, &json, &err), &err);
    sg_analysis_free(a);
    for (size_t i = 0; i < SG_COUNT(lies); i++) {
        const char *at = strstr(json, lies[i][0]);
        assert_non_null(at);
        SG_AUTOFREE char *lie =
            sg_format("%.*s%s%s", (int)(at - json), json, lies[i][1], at + strlen(lies[i][0]));
        write_text(path, lie);
        sg_analysis *read = NULL;
        assert_int_equal(sg_analysis_read(path, &read, &err), SG_EFORMAT);
        if (!strstr(err.message, lies[i][2]))
            fail_msg("'%s' does not say '%s'", err.message, lies[i][2]);
    }
}

static void an_analysis_without_nulls_says_so(void **state)
{
    (void)state;
    const sg_analysis_params params = with_nulls(0);
    sg_analysis *a = analyze(random_file, &params);
    bool said = false;
    for (size_t i = 0; i < sg_analysis_n_warnings(a); i++)
        said = said || strstr(sg_analysis_warning(a, i), "no random networks");
    assert_true(said);
    assert_int_equal(row_of(a, "in_degree_gini")->n_nulls, 0);
    sg_analysis_free(a);
}

/* That nothing changed since the start is no finding at the start. */
static void holds_likeness_to_the_start_against_nothing_at_the_start(void **state)
{
    (void)state;
    const sg_analysis_params params = with_nulls(3);
    sg_analysis *a = analyze(start_file, &params);
    static const char *const likeness[] = {"start_jaccard", "start_in_hubs_frac",
                                           "start_out_rank_correlation"};
    for (size_t i = 0; i < SG_COUNT(likeness); i++) {
        const sg_analysis_row *row = sg_analysis_row_of(a, 0, "input-hidden1", likeness[i]);
        assert_non_null(row);
        assert_true(fabs(row->value - 1) < 1e-12);
        assert_int_equal(row->n_nulls, 0);
    }
    assert_int_equal(sg_analysis_row_of(a, 0, "input-hidden1", "in_degree_gini")->n_nulls, 3);
    sg_analysis_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_networks_have_the_spread_that_theory_gives),
        cmocka_unit_test(a_random_network_does_not_stand_out),
        cmocka_unit_test(hubs_stand_out_from_random_networks_and_not_from_those_of_their_degrees),
        cmocka_unit_test(the_model_that_keeps_degrees_can_be_chosen),
        cmocka_unit_test(the_number_of_workers_changes_no_byte),
        cmocka_unit_test(what_is_written_reads_back_equal),
        cmocka_unit_test(an_analysis_file_that_lies_about_its_nulls_is_refused),
        cmocka_unit_test(an_analysis_without_nulls_says_so),
        cmocka_unit_test(holds_likeness_to_the_start_against_nothing_at_the_start),
    };
    return cmocka_run_group_tests(tests, setup, remove_folder);
}
