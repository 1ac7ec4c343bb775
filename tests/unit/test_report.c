/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"
#include "folder.h"
#include "html_check.h"
#include "made_run.h"
#include "unit.h"

#include "base/file.h"
#include "sparsegraph/compare.h"
#include "sparsegraph/report.h"
#include <sys/stat.h>

static char run_path[TEST_PATH_MAX];

/* Small, so that the whole program stays within seconds. */
static const sg_layer small_layers[] = {{"input", 100, 2, {10, 10}, NULL},
                                        {"hidden1", 60, 1, {60}, NULL},
                                        {"output", 10, 1, {10}, NULL}};

static made_run small_run(void)
{
    made_run run = MADE_RUN_DEFAULT;

    run.layers = small_layers;
    run.density = 0.15;
    run.n_epochs = 2;
    return run;
}

static sg_report_params quick(const char *out)
{
    sg_report_params params = SG_REPORT_PARAMS_DEFAULT;

    params.out = out;
    params.n_bootstrap = 4;
    params.n_nulls = 5;
    params.n_workers = 1;
    params.png_dpi = 36.0;
    return params;
}

static int setup(void **state)
{
    const made_run run = small_run();

    if (make_folder(state) != 0)
        return -1;
    make_run(in_folder(run_path, folder, "set"), &run);
    return 0;
}

/* Writes a report on n inputs and returns its HTML, checked. */
static char *report_on(const char *const *inputs, size_t n, const char *out)
{
    const sg_report_params params = quick(out);
    SG_AUTOFREE char *path = NULL;
    sg_error err = {0};

    assert_ok(sg_report_write(inputs, n, &params, NULL, &path, &err), &err);
    char *html = read_text(path);
    SG_AUTOFREE char *wrong = html_check(html);
    if (wrong)
        fail_msg("%s", wrong);
    return html;
}

static void assert_has(const char *html, const char *words)
{
    if (!strstr(html, words))
        fail_msg("the report does not say '%s'", words);
}

static void assert_lacks(const char *html, const char *words)
{
    if (strstr(html, words))
        fail_msg("the report says '%s'", words);
}

static void the_checker_of_html_finds_what_is_wrong(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "<p>x</p>",
        "<!DOCTYPE html>\n<p>x",
        "<!DOCTYPE html>\n<p><b>x</p></b>",
        "<!DOCTYPE html>\n<p>a & b</p>",
        "<!DOCTYPE html>\n<p id=\"a\"></p><p id=\"a\"></p>",
        "<!DOCTYPE html>\n<p id=a></p>",
        "<!DOCTYPE html>\n<img src=\"http://x/y.png\">",
        "<!DOCTYPE html>\n<script>1</script>",
        "<!DOCTYPE html>\n<p onclick=\"x\"></p>",
        "<!DOCTYPE html>\n<style>a{background:url(http://x)}</style>",
        "<!DOCTYPE html>\n<a href=\"#nowhere\">x</a>",
    };

    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        SG_AUTOFREE char *wrong = html_check(bad[i]);
        if (!wrong)
            fail_msg("not found: %s", bad[i]);
    }
    SG_AUTOFREE char *wrong = html_check("<!DOCTYPE html>\n<p id=\"a\">1 &lt; 2<br></p>"
                                         "<a href=\"#a\">x</a><svg><path d=\"M0 0\"/></svg>");
    assert_null(wrong);
}

static void a_report_is_one_good_page_that_loads_nothing(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "plain"));

    assert_has(html, "trained by sparse evolutionary training (SET) on digits");
    assert_has(html, "Fig. 1 |");
    assert_has(html, "Table 1 |");
    assert_has(html, "What may not be concluded");
    assert_has(html, "doi.org/10.1038/s41467-018-04316-3");
    assert_has(html, "train-images");
    assert_has(html, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
    assert_has(html, "the accuracy is 85.12");
}

static void a_report_holds_the_network_against_null_models_and_shows_change(void **state)
{
    (void)state;
    static const char *const files[] = {
        "figures/zscores.svg", "figures/zscores-network.svg", "figures/turnover.svg",
        "figures/fields.svg",  "figures/adjacency.svg",       "figures/adjacency-communities.svg",
        "figures/ccdf-1.svg",  "figures/ridgelines-1.svg",
    };
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "nulls"));

    assert_has(html, "<h2 id=\"nulls\">Against null models</h2>");
    assert_has(html, "<h2 id=\"change\">How its links changed</h2>");
    assert_has(html, "degree statistics of the last epoch");
    assert_has(html, "Furthest from random networks, last epoch");
    assert_has(html, "Each value was held against");
    assert_has(html, "A large |z| says");
    for (size_t i = 0; i < SG_COUNT(files); i++)
        assert_has(html, files[i]);
}

static void a_report_without_random_networks_says_nothing_of_them(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    sg_report_params params = SG_REPORT_PARAMS_DEFAULT;
    sg_error err = {0};
    SG_AUTOFREE char *path = NULL;

    params.n_nulls = params.n_bootstrap = 0;
    params.png_dpi = 40.0;
    params.out = in_folder(out, folder, "no-nulls");
    assert_ok(sg_report_write(inputs, 1, &params, NULL, &path, &err), &err);
    SG_AUTOFREE char *html = read_text(path);
    assert_lacks(html, "id=\"nulls\"");
    assert_lacks(html, "href=\"#nulls\"");
    assert_lacks(html, "figures/zscores");
    assert_has(html, "id=\"change\"");
}

static void the_page_names_neither_host_nor_folder_nor_time(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "private"));

    assert_lacks(html, "secret-host");
    assert_lacks(html, folder);
}

static void every_file_that_the_page_links_is_there(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "linked"));
    static const char link[] = "href=\"";
    size_t n = 0;

    for (const char *at = strstr(html, link); at; at = strstr(at, link)) {
        at += strlen(link);
        if (*at == '#' || strncmp(at, "https://doi.org/", 16) == 0)
            continue;
        SG_AUTOFREE char *path = sg_format("%s/%.*s", out, (int)strcspn(at, "\""), at);
        if (!sg_file_exists(path))
            fail_msg("no such file: %s", path);
        n++;
    }
    assert_true(n > 15);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const files[] = {"report.html", "figures/heatmap.pdf", "figures/ccdf-1.png",
                                        "report_data/analysis.json"};
    char one[TEST_PATH_MAX];
    char two[TEST_PATH_MAX];
    const char *inputs[] = {run_path};

    sg_free(report_on(inputs, 1, in_folder(one, folder, "one")));
    sg_free(report_on(inputs, 1, in_folder(two, folder, "two")));
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        char path[TEST_PATH_MAX];
        char other[TEST_PATH_MAX];
        assert_same_file(in_folder(path, one, files[i]), in_folder(other, two, files[i]));
    }
}

/* Names, settings and metadata as an enemy would write them. */
static void hostile_names_and_settings_are_shown_as_text(void **state)
{
    (void)state;
    static const sg_layer layers[] = {{"<img src=x>", 100, 2, {10, 10}, NULL},
                                      {"\"quoted\" & 'so'", 60, 1, {60}, NULL}};
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "<script>alert(1)<\x01&\"'")};

    run.layers = layers;
    run.n_layers = 2;
    run.manifest = "{\"method\": \"<b onmouseover='x'>\", \"dataset\": \"</title><script>\", "
                   "\"seed\": \"&amp;\", \"a\": {\"b\": {\"c\": {\"d\": {\"e\": {\"f\": 1}}}}}, "
                   "\"list\": [1, \"<\", null, true], \"\": \"empty\"}";
    make_run(path, &run);
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "hostile"));
    assert_lacks(html, "<script");
    assert_lacks(html, "<img");
    assert_lacks(html, "<b on");
    assert_has(html, "&lt;script&gt;");
}

static void a_run_without_metrics_manifest_or_biases_is_reported(void **state)
{
    (void)state;
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "bare")};

    run.has_metrics = false;
    run.has_bias = false;
    run.has_final = false;
    run.manifest = "{}";
    make_run(path, &run);
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "bare-out"));
    assert_has(html, "No accuracy is recorded");
    assert_has(html, "The run holds no metrics");
    assert_has(html, "has no manifest");
}

static void a_run_of_one_snapshot_is_reported(void **state)
{
    (void)state;
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "single")};

    run.n_epochs = 0;
    make_run(path, &run);
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "single-out"));
    assert_has(html, "Its topology");
}

static void inputs_that_are_no_image_are_reported(void **state)
{
    (void)state;
    static const sg_layer layers[] = {{"genes", 75, 1, {75}, NULL}, {"terms", 60, 1, {60}, NULL}};
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "genes")};

    run.layers = layers;
    run.n_layers = 2;
    make_run(path, &run);
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "genes-out"));
    assert_has(html, "position means nothing");
}

static void a_single_file_needs_a_folder_and_is_then_reported(void **state)
{
    (void)state;
    char file[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(file, folder, "set/snapshots/epoch-0002.safetensors")};
    sg_error err = {0};

    assert_int_equal(sg_report_write(inputs, 1, NULL, NULL, NULL, &err), SG_EINVAL);
    assert_has(err.message, "a single file");
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "file-out"));
    assert_has(html, "A single network from a file");
    assert_lacks(html, "How it learned");
}

static void several_runs_stand_side_by_side(void **state)
{
    (void)state;
    made_run run = small_run();
    char other[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path, in_folder(other, folder, "other/set")};

    run.seed = 2;
    make_run(other, &run);
    SG_AUTOFREE char *html = report_on(inputs, 2, in_folder(out, folder, "both"));
    assert_has(html, "The runs side by side");
    assert_has(html, "set (2)");
    assert_has(html, "a difference between two runs may be chance");
}

static void a_stored_comparison_is_taken_in(void **state)
{
    (void)state;
    static const char *const with[] = {"karate"};
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char analysis[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "compared")};
    sg_compare_params params = SG_COMPARE_PARAMS_DEFAULT;
    sg_comparison *comparison = NULL;
    sg_error err = {0};

    make_run(path, &run);
    params.with = with;
    params.n_with = 1;
    params.n_bootstrap = 4;
    params.n_workers = 1;
    assert_ok(sg_compare(inputs, 1, &params, NULL, &comparison, &err), &err);
    assert_ok(sg_comparison_write(comparison, in_folder(analysis, path, "analysis"), &err), &err);
    sg_comparison_free(comparison);
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "compared-out"));
    assert_has(html, "The network beside others");
    assert_has(html, "a layered network has no triangles");
}

static void a_broken_stored_analysis_is_measured_again(void **state)
{
    (void)state;
    made_run run = small_run();
    char path[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "broken")};
    sg_error err = {0};

    make_run(path, &run);
    assert_ok(sg_dir_make(in_folder(broken, path, "analysis"), &err), &err);
    write_text(in_folder(broken, path, "analysis/analysis.json"), "{");
    SG_AUTOFREE char *html = report_on(inputs, 1, in_folder(out, folder, "broken-out"));
    assert_has(html, "Power-law fits and the gate");
}

static void what_is_wrong_is_refused_before_anything_is_written(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path, "/nowhere"};
    sg_report_params params = quick(in_folder(out, folder, "refused"));
    sg_error err = {0};

    assert_int_equal(sg_report_write(inputs, 0, &params, NULL, NULL, &err), SG_EINVAL);
    assert_int_equal(sg_report_write(inputs + 1, 1, &params, NULL, NULL, &err), SG_ENOTFOUND);
    assert_has(err.message, "/nowhere");
    assert_int_equal(sg_report_write(inputs, 2, &params, NULL, NULL, &err), SG_ENOTFOUND);
    params.png_dpi = 5.0;
    assert_int_equal(sg_report_write(inputs, 1, &params, NULL, NULL, &err), SG_EINVAL);
    assert_false(sg_dir_exists(out));
}

/* A file stands where the folder of the figures should be. */
static void an_output_that_cannot_be_written_leaves_nothing_behind(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    char blocker[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    const sg_report_params params = quick(in_folder(out, folder, "unwritable"));
    sg_error err = {0};

    assert_ok(sg_dir_make(out, &err), &err);
    write_text(in_folder(blocker, out, "report_data"), "x");
    assert_int_not_equal(sg_report_write(inputs, 1, &params, NULL, NULL, &err), SG_OK);
    assert_false(sg_file_exists(in_folder(path, out, "report.html")));
    assert_false(sg_dir_exists(in_folder(path, out, "figures")));
    assert_int_equal(count_entries(out), 1);
}

static void stop_at_once(void *user, const char *stage, size_t done, size_t total)
{
    volatile sig_atomic_t *stop = user;

    (void)done;
    (void)total;
    if (strcmp(stage, "figures") == 0)
        *stop = 1;
}

static void a_stopped_report_is_not_written(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    const sg_progress progress = {stop_at_once, (void *)&stop, &stop};
    char out[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    const sg_report_params params = quick(in_folder(out, folder, "stopped"));
    sg_error err = {0};

    assert_int_equal(sg_report_write(inputs, 1, &params, &progress, NULL, &err), SG_EINTERRUPTED);
    assert_false(sg_dir_exists(out));
}

/* The allocations are too many to fail each in turn: the steps between those that fail grow. */
static void survives_failed_allocations_and_leaves_nothing_behind(void **state)
{
    (void)state;
    char out[TEST_PATH_MAX];
    char report[TEST_PATH_MAX];
    const char *inputs[] = {run_path};
    const sg_report_params params = quick(in_folder(out, folder, "starved"));
    sg_status status = SG_ENOMEM;

    in_folder(report, out, "report.html");
    for (long budget = 0; status != SG_OK; budget += 1 + budget / 2) {
        sg_error err = {0};
        sg_test_alloc_budget(budget);
        status = sg_report_write(inputs, 1, &params, NULL, NULL, &err);
        sg_test_alloc_budget(-1);
        if (status != SG_OK && status != SG_ENOMEM)
            fail_msg("budget %ld: %s: %s", budget, sg_status_name(status), err.message);
        assert_int_equal(sg_file_exists(report), status == SG_OK);
        assert_true(budget < 10000000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checker_of_html_finds_what_is_wrong),
        cmocka_unit_test(a_report_is_one_good_page_that_loads_nothing),
        cmocka_unit_test(a_report_holds_the_network_against_null_models_and_shows_change),
        cmocka_unit_test(a_report_without_random_networks_says_nothing_of_them),
        cmocka_unit_test(the_page_names_neither_host_nor_folder_nor_time),
        cmocka_unit_test(every_file_that_the_page_links_is_there),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(hostile_names_and_settings_are_shown_as_text),
        cmocka_unit_test(a_run_without_metrics_manifest_or_biases_is_reported),
        cmocka_unit_test(a_run_of_one_snapshot_is_reported),
        cmocka_unit_test(inputs_that_are_no_image_are_reported),
        cmocka_unit_test(a_single_file_needs_a_folder_and_is_then_reported),
        cmocka_unit_test(several_runs_stand_side_by_side),
        cmocka_unit_test(a_stored_comparison_is_taken_in),
        cmocka_unit_test(a_broken_stored_analysis_is_measured_again),
        cmocka_unit_test(what_is_wrong_is_refused_before_anything_is_written),
        cmocka_unit_test(an_output_that_cannot_be_written_leaves_nothing_behind),
        cmocka_unit_test(a_stopped_report_is_not_written),
        cmocka_unit_test(survives_failed_allocations_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("report", tests, setup, remove_folder);
}
