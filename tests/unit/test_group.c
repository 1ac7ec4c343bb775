/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/json.h"
#include "folder.h"
#include "made_run.h"
#include "measure/nnstd.h"
#include "measure/student.h"
#include "sparsegraph/group.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { RUNS_MAX = 4 };

static const sg_layer small_layers[] = {
    {.name = "input", .size = 40}, {.name = "hidden1", .size = 24}, {.name = "output", .size = 5}};

static const char usual[] = "{\"dataset\": \"digits\", \"settings\": {\"method\": \"set\", "
                            "\"hidden\": [24], \"lr\": 0.01, \"seed\": %zu}, \"data\": "
                            "{\"folder\": \"/here/%zu\", \"n_train\": 100}, \"inputs\": "
                            "[{\"path\": \"/here/%zu\", \"sha256\": \"ab\"}]}";

/* Makes FOLDER/NAME, a run of the seed; the manifest is NULL for the usual one. */
static char *make(char path[TEST_PATH_MAX], const char *name, size_t seed, const char *manifest)
{
    char text[1024];
    (void)snprintf(text, sizeof text, usual, seed, seed, seed);
    made_run run = MADE_RUN_DEFAULT;
    run.layers = small_layers;
    run.n_layers = SG_COUNT(small_layers);
    run.n_epochs = 2;
    run.density = 0.2;
    run.has_final = false;
    run.seed = seed;
    run.manifest = manifest ? manifest : text;
    make_run(in_folder(path, folder, name), &run);
    return path;
}

static char paths[RUNS_MAX][TEST_PATH_MAX];
static const char *const runs[RUNS_MAX] = {paths[0], paths[1], paths[2], paths[3]};

static int make_runs(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    for (size_t i = 0; i < RUNS_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "run%zu", i);
        make(paths[i], name, i + 1, NULL);
    }
    return 0;
}

static sg_analysis_params quick(void)
{
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 0;
    params.n_workers = 1;
    return params;
}

static sg_group *group_of(size_t n)
{
    const sg_analysis_params params = quick();
    sg_group *g = NULL;
    sg_error err = {0};
    assert_ok(sg_group_analyze(runs, n, &params, NULL, &g, &err), &err);
    return g;
}

/* The bisection ends within a few units in the last place; GSL's own error is about 1e-10. */
static void agrees_with_gsl_on_student_quantiles(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 200; n++) {
        assert_true(fabs(sg_student_within(0.95, n) / gsl_cdf_tdist_Pinv(0.975, n) - 1) < 1e-9);
        assert_true(fabs(sg_student_within(0.5, n) / gsl_cdf_tdist_Pinv(0.75, n) - 1) < 1e-9);
    }
    /* In closed form: tan(p pi / 2) for one degree of freedom, p sqrt(2 / (1 - p^2)) for two. */
    assert_true(fabs(sg_student_within(0.95, 1) - tan(0.95 * M_PI_2)) < 1e-13);
    assert_true(fabs(sg_student_within(0.95, 2) - 0.95 * sqrt(2 / (1 - 0.95 * 0.95))) < 1e-13);
    /* scipy.stats.t.ppf(0.975, n) of SciPy 1.10.1 */
    assert_true(fabs(sg_student_within(0.95, 5) - 2.5705818366147395) < 1e-9);
    assert_true(fabs(sg_student_within(0.95, 1000) - 1.9623390808264074) < 1e-9);
}

static void gives_mean_spread_and_interval_of_each_value_over_the_runs(void **state)
{
    (void)state;
    enum { N = 4 };
    const sg_analysis_params params = quick();
    sg_group *g = group_of(N);
    sg_error err = {0};
    assert_int_equal(sg_group_n_runs(g), N);
    assert_string_equal(sg_group_seed(g, 2), "3");
    assert_string_equal(sg_group_run(g, 0), runs[0]);
    assert_int_equal(sg_group_n_epochs(g), 3);
    assert_int_equal(sg_group_epoch(g, 2), 2);
    double x[N];
    for (size_t i = 0; i < N; i++) {
        sg_analysis *a = NULL;
        assert_ok(sg_analyze(&runs[i], 1, &params, NULL, &a, &err), &err);
        x[i] = sg_analysis_value(a, 2, "input-hidden1", "in_degree_gini");
        assert_int_equal(sg_group_n_rows(g), sg_analysis_n_rows(a));
        sg_analysis_free(a);
    }
    const sg_group_row *row = sg_group_find(g, 2, "input-hidden1", "in_degree_gini");
    assert_non_null(row);
    double sum = 0;
    double squares = 0;
    double low = x[0];
    double high = x[0];
    for (size_t i = 0; i < N; i++) {
        assert_true(row->value[i] == x[i]);
        sum += x[i];
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    for (size_t i = 0; i < N; i++)
        squares += (x[i] - sum / N) * (x[i] - sum / N);
    const double sd = sqrt(squares / (N - 1));
    const double half = gsl_cdf_tdist_Pinv(0.975, N - 1) * sd / sqrt(N);
    /* A handful of operations; GSL's quantile is good to about 1e-10. */
    assert_int_equal(row->n, N);
    assert_true(fabs(row->mean - sum / N) < 1e-15);
    assert_true(fabs(row->sd - sd) < 1e-15 && sd > 0);
    assert_true(fabs(row->ci_low - (sum / N - half)) < 1e-9 * half);
    assert_true(fabs(row->ci_high - (sum / N + half)) < 1e-9 * half);
    assert_true(row->min == low && row->max == high);
    /* What is not defined in any run is of no run. */
    row = sg_group_find(g, 0, "input-hidden1", "previous_jaccard");
    assert_true(row->n == 0 && isnan(row->mean) && isnan(row->min) && isnan(row->ci_low));
    /* What all runs share has no spread. */
    row = sg_group_find(g, 0, "network", "nodes");
    assert_true(row->mean == 69 && row->sd == 0 && row->ci_low == 69 && row->ci_high == 69);
    assert_null(sg_group_find(g, 0, "network", "no_such_measure"));
    assert_null(sg_group_find(g, 7, "network", "nodes"));
    assert_int_equal(sg_group_n_warnings(g), 0);
    sg_group_free(g);
    sg_group_free(NULL);
}

static void gives_no_interval_to_two_runs(void **state)
{
    (void)state;
    sg_group *g = group_of(2);
    const sg_group_row *row = sg_group_find(g, 2, "input-hidden1", "in_degree_gini");
    assert_true(row->n == 2 && row->sd > 0 && row->min < row->max);
    assert_true(isnan(row->ci_low) && isnan(row->ci_high));
    assert_int_equal(sg_group_n_warnings(g), 1);
    assert_non_null(strstr(sg_group_warning(g, 0), "no confidence interval"));
    char *table = NULL;
    assert_int_equal(sg_group_table(g, &table, NULL), SG_OK);
    assert_non_null(strstr(table, "2 runs, seeds 1 2; mean (smallest … largest)"));
    sg_free(table);
    sg_group_free(g);
}

static void compares_the_networks_of_each_pair_of_runs(void **state)
{
    (void)state;
    sg_group *g = group_of(3);
    sg_error err = {0};
    sg_snapshot *s[3];
    for (size_t i = 0; i < 3; i++) {
        char file[TEST_PATH_MAX];
        in_folder(file, runs[i], "snapshots/epoch-0002.safetensors");
        assert_ok(sg_snapshot_read(file, &s[i], &err), &err);
    }
    double sum = 0;
    double low = INFINITY;
    for (size_t i = 0; i < 3; i++) {
        sg_nnstd d = {0};
        assert_ok(sg_nnstd_make(s[i], s[(i + 1) % 3], &d, &err), &err);
        sum += d.of_link[0];
        low = fmin(low, d.of_link[0]);
        sg_nnstd_clear(&d);
    }
    assert_int_equal(sg_group_n_pairs(g), 2 * 2 * 2); /* epochs, links, measures */
    const sg_group_pairs *p = sg_group_pairs_at(g, 4 + 1);
    assert_int_equal(p->epoch, 2);
    assert_string_equal(p->link, "input-hidden1");
    assert_string_equal(p->measure, "nnstd");
    assert_int_equal(p->n, 3);
    /* The matching is exact in both directions; a mean of three. */
    assert_true(fabs(p->mean - sum / 3) < 1e-6 && fabs(p->min - low) < 1e-6);
    p = sg_group_pairs_at(g, 2);
    assert_string_equal(p->measure, "jaccard");
    assert_string_equal(p->link, "hidden1-output");
    assert_true(p->epoch == 0 && p->mean == 1 && p->min == 1 && p->max == 1); /* full */
    for (size_t i = 0; i < 3; i++)
        sg_snapshot_free(s[i]);
    sg_group_free(g);
}

static void refuses(const char *first, const char *second, sg_status status, const char *words)
{
    const char *const two[] = {first, second};
    const sg_analysis_params params = quick();
    sg_group *g = NULL;
    sg_error err = {0};
    assert_int_equal(sg_group_analyze(two, 2, &params, NULL, &g, &err), status);
    assert_null(g);
    if (!strstr(err.message, words))
        fail_msg("'%s' does not say '%s'", err.message, words);
}

static void refuses_runs_that_are_no_group(void **state)
{
    (void)state;
    char other[TEST_PATH_MAX];
    refuses(runs[0], runs[0], SG_EINVAL, "are both of seed 1");
    refuses(runs[0], "/no/such/run", SG_ENOTFOUND, "/no/such/run");
    make(other, "faster", 9,
         "{\"dataset\": \"digits\", \"settings\": {\"method\": \"set\", \"hidden\": [24], \"lr\": "
         "0.02, \"seed\": 9}, \"data\": {\"n_train\": 100}, \"inputs\": [{\"sha256\": \"ab\"}]}");
    refuses(runs[0], other, SG_EINVAL, "differ in 'lr' (0.01 and 0.02)");
    make(
        other, "fixed", 9,
        "{\"dataset\": \"digits\", \"settings\": {\"method\": \"fixed\", \"hidden\": [24], \"lr\": "
        "0.01, \"seed\": 9}, \"data\": {\"n_train\": 100}, \"inputs\": [{\"sha256\": \"ab\"}]}");
    refuses(runs[0], other, SG_EINVAL, "differ in 'method' (set and fixed)");
    make(other, "data", 9,
         "{\"dataset\": \"digits\", \"settings\": {\"method\": \"set\", \"hidden\": [24], \"lr\": "
         "0.01, \"seed\": 9}, \"data\": {\"n_train\": 100}, \"inputs\": [{\"sha256\": \"cd\"}]}");
    refuses(runs[0], other, SG_EINVAL, "differ in 'inputs.sha256' (ab and cd)");
    make(other, "more", 9,
         "{\"dataset\": \"digits\", \"settings\": {\"method\": \"set\", \"hidden\": [24], \"lr\": "
         "0.01, \"seed\": 9, \"zeta\": 0.3}, \"data\": {\"n_train\": 100}, \"inputs\": "
         "[{\"sha256\": \"ab\"}]}");
    refuses(runs[0], other, SG_EINVAL, "differ in 'zeta' (none and 0.3)");
    refuses(other, runs[0], SG_EINVAL, "differ in 'zeta' (0.3 and none)");
    make(other, "deep", 9,
         "{\"dataset\": \"digits\", \"settings\": {\"method\": \"set\", \"hidden\": [24, 9], "
         "\"lr\": 0.01, \"seed\": 9}, \"data\": {\"n_train\": 100}, \"inputs\": "
         "[{\"sha256\": \"ab\"}]}");
    refuses(runs[0], other, SG_EINVAL, "differ in 'hidden' (a list of 1 and a list of 2)");

    sg_group *g = NULL;
    sg_error err = {0};
    assert_int_equal(sg_group_analyze(runs, 1, NULL, NULL, &g, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "at least 2 runs"));
    assert_int_equal(sg_group_analyze(NULL, 0, NULL, NULL, &g, &err), SG_EINVAL);
}

static void refuses_runs_of_which_one_is_shorter_and_names_the_broken_one(void **state)
{
    (void)state;
    char other[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    make(other, "shorter", 11, NULL);
    assert_int_equal(remove(in_folder(file, other, "snapshots/epoch-0002.safetensors")), 0);
    refuses(runs[0], other, SG_EINVAL, "differ in their epochs");
    make(other, "torn", 12, NULL);
    assert_int_equal(truncate(in_folder(file, other, "snapshots/epoch-0001.safetensors"), 50), 0);
    refuses(runs[0], other, SG_EFORMAT, "torn': epoch 1");
}

static void warns_where_a_manifest_names_no_seed(void **state)
{
    (void)state;
    char nameless[2][TEST_PATH_MAX];
    const sg_analysis_params params = quick();
    make(nameless[0], "foreign1", 21, "{}");
    make(nameless[1], "foreign2", 22, "{}");
    const char *const two[] = {nameless[0], nameless[1]};
    sg_group *g = NULL;
    sg_error err = {0};
    assert_ok(sg_group_analyze(two, 2, &params, NULL, &g, &err), &err);
    assert_string_equal(sg_group_seed(g, 0), "");
    assert_int_equal(sg_group_n_warnings(g), 2);
    assert_non_null(strstr(sg_group_warning(g, 0), "could not be checked"));
    sg_group_free(g);
}

static void writes_json_and_csv_that_say_the_same(void **state)
{
    (void)state;
    char dir[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    sg_group *g = group_of(3);
    sg_group *again = group_of(3);
    sg_error err = {0};
    assert_ok(sg_group_write(g, in_folder(dir, folder, "written"), &err), &err);
    assert_int_equal(count_entries(dir), 2);
    char *text = NULL;
    char *json = NULL;
    size_t n = 0;
    assert_ok(sg_file_read(in_folder(file, dir, "group.json"), 1U << 24, &text, &n, &err), &err);
    assert_ok(sg_group_json(again, &json, &err), &err);
    assert_string_equal(text, json); /* the same input, the same bytes */

    sg_json *root = NULL;
    assert_ok(sg_json_parse(text, n, &root, &err), &err);
    assert_int_equal(sg_json_count(sg_json_get(root, "rows")), sg_group_n_rows(g));
    assert_int_equal(sg_json_count(sg_json_get(root, "runs")), 3);
    assert_int_equal(sg_json_count(sg_json_get(root, "between_runs")), sg_group_n_pairs(g));
    double mean = 0;
    const sg_json *row = sg_json_first(sg_json_get(root, "rows"));
    assert_true(sg_json_number(sg_json_get(row, "mean"), &mean));
    assert_true(mean == sg_group_row_at(g, 0)->mean);
    assert_int_equal(sg_json_count(sg_json_get(row, "values")), 3);
    sg_json_free(root);
    sg_free(text);
    sg_free(json);

    assert_ok(sg_group_csv(g, &text, &err), &err);
    size_t lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + sg_group_n_rows(g) + sg_group_n_pairs(g));
    assert_non_null(strstr(text, "0,whole,network,nodes,3,69,0,69,69,69,69\n"));
    assert_non_null(strstr(text, "0,link,hidden1-output,between_runs_jaccard,3,1,,,,1,1\n"));
    sg_free(text);
    sg_group_free(g);
    sg_group_free(again);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 200000 };
    sg_analysis_params params = quick();
    const char *const few[] = {"density"};
    params.measures = few;
    params.n_measures = 1;
    params.epoch_first = 2;
    sg_status status = SG_OK;
    long step = 1;
    for (long budget = 0; budget < BUDGET_MAX; budget += step) {
        sg_group *g = NULL;
        char *text = NULL;
        sg_test_alloc_budget(budget);
        status = sg_group_analyze(runs, 2, &params, NULL, &g, NULL);
        if (status == SG_OK)
            status = sg_group_json(g, &text, NULL);
        sg_free(text);
        text = NULL;
        if (status == SG_OK)
            status = sg_group_table(g, &text, NULL);
        sg_test_alloc_budget(-1);
        sg_free(text);
        sg_group_free(g);
        if (status == SG_OK)
            break;
        assert_int_equal(status, SG_ENOMEM);
        step = 1 + budget / 40; /* the early ones are each one's own, the later ones alike */
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_gsl_on_student_quantiles),
        cmocka_unit_test(gives_mean_spread_and_interval_of_each_value_over_the_runs),
        cmocka_unit_test(gives_no_interval_to_two_runs),
        cmocka_unit_test(compares_the_networks_of_each_pair_of_runs),
        cmocka_unit_test(refuses_runs_that_are_no_group),
        cmocka_unit_test(refuses_runs_of_which_one_is_shorter_and_names_the_broken_one),
        cmocka_unit_test(warns_where_a_manifest_names_no_seed),
        cmocka_unit_test(writes_json_and_csv_that_say_the_same),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_runs, remove_folder);
}
