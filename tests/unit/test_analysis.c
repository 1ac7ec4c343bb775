/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/text.h"
#include "files.h"
#include "folder.h"
#include "patterned.h"
#include "snapshot/run_writer.h"
#include "sparse/topology.h"
#include "sparsegraph/analysis.h"
#include <math.h>

static char run[TEST_PATH_MAX];

enum { N_EPOCHS = 4 };

/* A run of four epochs of the patterned network. */
static int setup(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    in_folder(run, folder, "run");
    sg_error err = {0};
    assert_ok(sg_run_create(run, "{}", false, &err), &err);
    for (long epoch = 0; epoch < N_EPOCHS; epoch++) {
        sg_snapshot *s = patterned_network((size_t)epoch, epoch);
        assert_ok(sg_run_write_snapshot(run, epoch, s, &err), &err);
        sg_snapshot_free(s);
    }
    return 0;
}

static sg_analysis *analyze_run(const sg_analysis_params *params)
{
    const char *const paths[] = {run};
    sg_analysis *a = NULL;
    sg_error err = {0};
    assert_ok(sg_analyze(paths, 1, params, NULL, &a, &err), &err);
    return a;
}

static sg_analysis_params quick(void)
{
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 5;
    return params;
}

static void write_network(sg_snapshot *s, const char *name, char path[TEST_PATH_MAX])
{
    sg_error err = {0};
    assert_ok(sg_snapshot_write(s, in_folder(path, folder, name), &err), &err);
    sg_snapshot_free(s);
}

static void measures_every_snapshot_of_a_run_against_epoch_0(void **state)
{
    (void)state;
    const sg_analysis_params params = quick();
    sg_analysis *a = analyze_run(&params);
    assert_int_equal(sg_analysis_n_snapshots(a), N_EPOCHS);
    assert_true(sg_analysis_has_untrained(a));
    assert_string_equal(sg_analysis_file(a, 2), "snapshots/epoch-0002.safetensors");
    assert_int_equal(sg_analysis_n_links(a), 3);
    assert_string_equal(sg_analysis_layer_name(a, 1), "hidden1");
    assert_int_equal(sg_analysis_layer_size(a, 1), 40);

    /* as test_measure.c has it from NumPy, with shift 0 and 1 */
    assert_true(sg_analysis_value(a, 0, "input-hidden1", "links") == 271);
    assert_true(isnan(sg_analysis_value(a, 0, "input-hidden1", "previous_kept")));
    assert_true(sg_analysis_value(a, 0, "input-hidden1", "start_jaccard") == 1);
    assert_true(sg_analysis_value(a, 1, "input-hidden1", "previous_kept") == 135);
    assert_true(sg_analysis_value(a, 1, "input-hidden1", "start_kept") == 135);
    assert_true(sg_analysis_value(a, 1, "hidden1", "active_neurons") > 0);
    assert_true(sg_analysis_value(a, 1, "network", "nodes") == 130);
    assert_true(isnan(sg_analysis_value(a, 9, "network", "nodes")));
    assert_true(isnan(sg_analysis_value(a, 1, "network", "links")));

    bool seen = false;
    for (size_t i = 0; i < sg_analysis_n_rows(a); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(a, i);
        if (row->epoch == 3 && strcmp(row->subject, "input-hidden1") == 0 &&
            strcmp(row->measure, "links") == 0) {
            assert_true(row->start == 271);
            seen = true;
        }
    }
    assert_true(seen);
    assert_int_equal(sg_analysis_n_rows(a) % (size_t)N_EPOCHS, 0);
    assert_int_equal(sg_analysis_n_fits(a), (size_t)N_EPOCHS * 3 * 2);
    sg_analysis_free(a);
}

static void keeps_the_degree_histograms_of_both_sides(void **state)
{
    (void)state;
    const sg_analysis_params params = quick();
    sg_analysis *a = analyze_run(&params);
    const sg_analysis_fit *in = sg_analysis_find_fit(a, 0, "input-hidden1", SG_SIDE_IN);
    const sg_analysis_fit *out = sg_analysis_find_fit(a, 0, "input-hidden1", SG_SIDE_OUT);
    assert_non_null(in);
    assert_non_null(out);
    uint64_t links = 0;
    uint64_t neurons = 0;
    for (size_t i = 0; i < in->n_degrees; i++) {
        links += in->degree[i] * in->count[i];
        neurons += in->count[i];
    }
    assert_int_equal(links, 271);
    assert_int_equal(neurons, 40);
    assert_int_equal(out->fit.n_zeros, 3);
    assert_int_equal(out->fit.n, 57);
    assert_int_equal(out->fit.max, 6);
    assert_null(sg_analysis_find_fit(a, 0, "hidden1", SG_SIDE_IN));
    sg_analysis_free(a);
}

static char *text_of(const sg_analysis *a)
{
    SG_AUTOFREE char *json = NULL;
    SG_AUTOFREE char *csv = NULL;
    SG_AUTOFREE char *fits = NULL;
    SG_AUTOFREE char *degrees = NULL;
    SG_AUTOFREE char *table = NULL;
    sg_error err = {0};
    assert_ok(sg_analysis_json(a, &json, &err), &err);
    assert_ok(sg_analysis_csv(a, &csv, &err), &err);
    assert_ok(sg_analysis_fits_csv(a, &fits, &err), &err);
    assert_ok(sg_analysis_degrees_csv(a, &degrees, &err), &err);
    assert_ok(sg_analysis_table(a, 72, &table, &err), &err);
    char *all = sg_format("%s%s%s%s%s", json, csv, fits, degrees, table);
    assert_non_null(all);
    return all;
}

static void gives_the_same_bytes_for_any_number_of_workers(void **state)
{
    (void)state;
    SG_AUTOFREE char *first = NULL;
    for (size_t n_workers = 1; n_workers <= 5; n_workers += 2) {
        sg_analysis_params params = quick();
        params.n_workers = n_workers;
        sg_analysis *a = analyze_run(&params);
        char *text = text_of(a);
        sg_analysis_free(a);
        if (first)
            assert_string_equal(text, first);
        else
            first = SG_TAKE(text);
        sg_free(text);
    }
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    sg_analysis_params params = quick();
    params.epoch_first = 1; /* epoch 0 is then kept for the comparison alone */
    params.core_zeta = 0.25;
    params.seed = UINT64_MAX;
    char dir[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    in_folder(dir, folder, "analysis");
    sg_analysis *a = analyze_run(&params);
    sg_analysis *again = NULL;
    sg_error err = {0};
    assert_ok(sg_analysis_write(a, dir, &err), &err);
    assert_int_equal(count_entries(dir), 4);
    assert_ok(sg_analysis_read(dir, &again, &err), &err);
    assert_true(sg_analysis_core_zeta(again) == 0.25);
    assert_int_equal(sg_analysis_n_snapshots(again), N_EPOCHS - 1);
    assert_int_equal(sg_analysis_epoch(again, 0), 1);
    SG_AUTOFREE char *one = text_of(a);
    SG_AUTOFREE char *two = text_of(again);
    assert_string_equal(one, two);
    sg_analysis_free(again);
    sg_analysis_free(a);
    assert_ok(sg_analysis_read(in_folder(file, dir, "analysis.json"), &again, &err), &err);
    sg_analysis_free(again);
}

static void measures_the_epochs_asked_for_and_compares_with_epoch_0_all_the_same(void **state)
{
    (void)state;
    sg_analysis_params params = quick();
    params.epoch_first = 1;
    params.epoch_step = 2;
    sg_analysis *a = analyze_run(&params);
    assert_int_equal(sg_analysis_n_snapshots(a), 2);
    assert_int_equal(sg_analysis_epoch(a, 0), 1);
    assert_int_equal(sg_analysis_epoch(a, 1), 3);
    assert_true(isnan(sg_analysis_value(a, 0, "network", "nodes")));
    assert_true(sg_analysis_value(a, 1, "input-hidden1", "start_kept") == 135);
    assert_true(isnan(sg_analysis_value(a, 1, "input-hidden1", "previous_kept")));
    assert_true(!isnan(sg_analysis_value(a, 3, "input-hidden1", "previous_kept")));
    assert_int_equal(sg_analysis_row_at(a, 0)->epoch, 1);
    assert_true(sg_analysis_row_at(a, 0)->start == 271);
    assert_int_equal(sg_analysis_fit_at(a, 0)->epoch, 1);
    sg_analysis_free(a);
}

static void measures_only_what_is_asked_for(void **state)
{
    (void)state;
    static const char *const names[] = {"density", "in_degree_gini"};
    sg_analysis_params params = quick();
    params.measures = names;
    params.n_measures = 2;
    sg_analysis *a = analyze_run(&params);
    assert_int_equal(sg_analysis_n_rows(a), (size_t)N_EPOCHS * 3 * 2);
    SG_AUTOFREE char *table = NULL;
    sg_error err = {0};
    assert_ok(sg_analysis_table(a, 80, &table, &err), &err);
    assert_non_null(strstr(table, "  in_degree_gini "));
    assert_null(strstr(table, "power law"));
    sg_analysis_free(a);

    static const char *const unknown[] = {"beauty"};
    const char *const paths[] = {run};
    params.measures = unknown;
    params.n_measures = 1;
    a = NULL;
    assert_int_equal(sg_analyze(paths, 1, &params, NULL, &a, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "there is no measure 'beauty'"));
    assert_null(a);
}

/* A random layer network as SET starts from, epsilon 20, written as epoch 0 and 1. */
static void write_random_run(const char *path)
{
    enum { INPUT = 784, HIDDEN = 1000 };
    sg_error err = {0};
    assert_ok(sg_run_create(path, "{}", false, &err), &err);
    for (long epoch = 0; epoch < 2; epoch++) {
        const sg_layer layers[] = {
            {.name = "input", .size = INPUT, .n_dims = 1, .shape = {INPUT}},
            {.name = "hidden1", .size = HIDDEN, .n_dims = 1, .shape = {HIDDEN}},
        };
        sg_random random;
        sg_csr *m = NULL;
        sg_snapshot *s = NULL;
        sg_random_open(&random, 1, SG_RANDOM_TOPOLOGY, 0, (uint32_t)epoch);
        assert_ok(sg_topology_bernoulli(HIDDEN, INPUT, sg_er_density(20, INPUT, HIDDEN), &random,
                                        &m, &err),
                  &err);
        for (size_t k = 0; k < m->n_links; k++)
            m->value[k] = 1.0F;
        assert_ok(sg_snapshot_new(&s, &err), &err);
        assert_ok(sg_snapshot_add_layer(s, &layers[0], &err), &err);
        assert_ok(sg_snapshot_add_layer(s, &layers[1], &err), &err);
        assert_ok(sg_snapshot_add_link(s, "input-hidden1", 0, 1, m, &err), &err);
        assert_ok(sg_snapshot_set_meta(s, "epoch", epoch == 0 ? "0" : "1", &err), &err);
        assert_ok(sg_run_write_snapshot(path, epoch, s, &err), &err);
        sg_snapshot_free(s);
    }
}

static void finds_the_untrained_network_not_scale_free_although_its_p_is_high(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_random_run(in_folder(path, folder, "random"));
    const char *const paths[] = {path};
    sg_analysis *a = NULL;
    sg_error err = {0};
    assert_ok(sg_analyze(paths, 1, NULL, NULL, &a, &err), &err);
    bool any_high = false;
    for (sg_side side = SG_SIDE_IN; side <= SG_SIDE_OUT; side++) {
        const sg_analysis_fit *fit = sg_analysis_find_fit(a, 0, "input-hidden1", side);
        any_high = any_high || fit->fit.p_value >= 0.1;
        assert_false(fit->fit.passes);
        assert_non_null(strstr(fit->reasons, "lies outside (2, 3)"));
        assert_non_null(strstr(fit->reasons, "decades, one is needed"));
        const sg_analysis_fit *trained = sg_analysis_find_fit(a, 1, "input-hidden1", side);
        assert_true(trained->fit.untrained_alpha == fit->fit.alpha);
        assert_true(trained->fit.untrained_p == fit->fit.p_value);
    }
    assert_true(any_high);
    bool warned = false;
    for (size_t i = 0; i < sg_analysis_n_warnings(a); i++)
        warned = warned || strstr(sg_analysis_warning(a, i), "a high p alone means nothing");
    assert_true(warned);
    char *table = NULL;
    assert_ok(sg_analysis_table(a, 80, &table, &err), &err);
    assert_non_null(strstr(table, "epoch 0:"));
    assert_non_null(strstr(table, "not scale-free: alpha "));
    for (const char *line = table; *line;) {
        const size_t n = strcspn(line, "\n");
        assert_true(n <= 80);
        line += n + (line[n] == '\n');
    }
    sg_free(table);
    sg_analysis_free(a);
}

static bool warns(const sg_analysis *a, const char *words)
{
    for (size_t i = 0; i < sg_analysis_n_warnings(a); i++)
        if (strstr(sg_analysis_warning(a, i), words))
            return true;
    return false;
}

static void takes_files_by_epoch_or_numbers_them_and_says_so(void **state)
{
    (void)state;
    char a_path[TEST_PATH_MAX];
    char b_path[TEST_PATH_MAX];
    write_network(patterned_network(0, 7), "seven.safetensors", a_path);
    write_network(patterned_network(1, 4), "four.safetensors", b_path);
    const char *const paths[] = {a_path, b_path};
    const sg_analysis_params params = quick();
    sg_analysis *a = NULL;
    sg_error err = {0};
    assert_ok(sg_analyze(paths, 2, &params, NULL, &a, &err), &err);
    assert_int_equal(sg_analysis_epoch(a, 0), 4);
    assert_int_equal(sg_analysis_epoch(a, 1), 7);
    assert_true(warns(a, "there is no untrained network (epoch 0)"));
    assert_true(warns(a, "output has 30 neurons: their degrees are no distribution"));
    sg_analysis_free(a);

    write_network(patterned_network(0, -1), "seven.safetensors", a_path);
    assert_int_equal(sg_analyze(paths, 2, &params, NULL, &a, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "names no epoch"));
    write_network(patterned_network(1, -1), "four.safetensors", b_path);
    assert_ok(sg_analyze(paths, 2, &params, NULL, &a, &err), &err);
    assert_int_equal(sg_analysis_epoch(a, 1), 1);
    assert_false(sg_analysis_has_untrained(a));
    assert_true(warns(a, "numbered 0 to 1 in the order given"));
    sg_analysis_free(a);

    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    assert_int_equal(sg_analysis_epoch(a, 0), -1);
    assert_true(warns(a, "only one snapshot"));
    sg_analysis_free(a);
}

static void refuse(const char *const *paths, size_t n, const sg_analysis_params *params,
                   sg_status status, const char *words)
{
    sg_analysis *a = NULL;
    sg_error err = {0};
    assert_int_equal(sg_analyze(paths, n, params, NULL, &a, &err), status);
    if (!strstr(err.message, words))
        fail_msg("'%s' does not say '%s'", err.message, words);
    assert_null(a);
}

static void refuses_what_makes_no_analysis_and_says_why(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char twin[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    write_network(patterned_network(0, 3), "three.safetensors", path);
    write_network(patterned_network(1, 3), "twin.safetensors", twin);
    const char *const two_runs[] = {run, run};
    const char *const twins[] = {path, twin};
    const char *const missing[] = {"/nowhere/x.safetensors"};
    sg_analysis_params params = quick();
    refuse(two_runs, 2, &params, SG_EINVAL, "is a run directory; analyse one run");
    refuse(twins, 2, &params, SG_EINVAL, "are both of epoch 3");
    refuse(missing, 1, &params, SG_ENOTFOUND, "/nowhere/x.safetensors");
    refuse(NULL, 0, &params, SG_EINVAL, "nothing to analyse");
    params.epoch_first = 50;
    refuse(two_runs, 1, &params, SG_EINVAL, "there are epochs 0 to 3");
    params.epoch_first = 0;
    params.epoch_step = 0;
    refuse(two_runs, 1, &params, SG_EINVAL, "the step at least 1");
    params.epoch_step = 1;
    params.core_zeta = 2;
    refuse(two_runs, 1, &params, SG_EINVAL, "must lie in [0, 1]");

    sg_error err = {0};
    assert_ok(sg_file_write(in_folder(broken, folder, "broken.safetensors"), "nonsense", 8, &err),
              &err);
    const char *const broken_paths[] = {broken};
    params = quick();
    refuse(broken_paths, 1, &params, SG_EFORMAT, "broken.safetensors");
}

static void names_the_snapshot_of_a_run_that_is_broken(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_run_create(in_folder(path, folder, "half"), "{}", false, &err), &err);
    for (long epoch = 0; epoch < 3; epoch++) {
        sg_snapshot *s = patterned_network((size_t)epoch, epoch);
        assert_ok(sg_run_write_snapshot(path, epoch, s, &err), &err);
        sg_snapshot_free(s);
    }
    in_folder(file, path, "snapshots/epoch-0001.safetensors");
    write_text(file, "x");
    const char *const paths[] = {path};
    const sg_analysis_params params = quick();
    refuse(paths, 1, &params, SG_EFORMAT, "epoch-0001.safetensors");
}

static void stop_at_once(void *user, const char *stage, size_t done, size_t total)
{
    (void)stage;
    (void)done;
    (void)total;
    *(volatile sig_atomic_t *)user = 1;
}

static void stops_when_asked_to(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    const sg_progress progress = {stop_at_once, (void *)(uintptr_t)&stop, &stop};
    const char *const paths[] = {run};
    const sg_analysis_params params = quick();
    sg_analysis *a = NULL;
    assert_int_equal(sg_analyze(paths, 1, &params, &progress, &a, NULL), SG_EINTERRUPTED);
    assert_null(a);
}

/* Replaces the first occurrence of a string; NULL where it does not occur. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    return at ? sg_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) : NULL;
}

static void refuses_an_analysis_file_that_lies(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *words;
    } lies[] = {
        {"\"sparsegraph analysis\"", "\"analysis\"", "no analysis of sparsegraph"},
        {"\"version\":2", "\"version\":1", "another version"},
        {"\"seed\":\"1\"", "\"seed\":1", "settings"},
        {"\"size\":60", "\"size\":61", "uncounted"},
        {"\"size\":60", "\"size\":0", "layer"},
        {"\"size\":60", "\"size\":1e300", "layer"},
        {"\"from\":0,\"to\":1", "\"from\":1,\"to\":1", "link"},
        {"\"from\":0,\"to\":1", "\"from\":0,\"to\":99", "link"},
        {"\"name\":\"hidden1\"", "\"name\":\"input\"", "layer"},
        {"\"epoch\":1,", "\"epoch\":0,", "ascend"},
        {"\"epoch\":0,", "\"epoch\":0.5,", "epoch"},
        {"\"listed\":true", "\"listed\":1", "listed"},
        {"\"link\":\"hidden1-output\"", "\"link\":\"nowhere\"", "link"},
        {"\"side\":\"out\"", "\"side\":\"up\"", "side"},
        {"\"degrees\":[", "\"degrees\":[0,", "histogram"},
        {"\"degrees\":[0,", "\"degrees\":[9999,", "ascend"},
        {"\"neurons\":[2,", "\"neurons\":[-2,", "count"},
        {"\"neurons\":[2,", "\"neurons\":[2e9,", "neurons"},
        {"\"n_tail\":", "\"n_tail\":100000,\"m_tail\":", "n_tail"},
        {"\"xmin\":", "\"xmin\":100000,\"ymin\":", "xmin"},
        {"\"p_goodness_of_fit\":", "\"p_goodness_of_fit\":7,\"p_\":", "p"},
        {"\"measures\":{\"link\":{\"input-hidden1\"", "\"measures\":{\"link\":{\"elsewhere\"",
         "elsewhere"},
        {"\"density\":0", "\"beauty\":0", "beauty"},
        {"\"snapshots\":[", "\"snapshots\":7,\"other\":[", "snapshots"},
        {"\"fits\":[", "\"fits\":{},\"other\":[", "fits"},
        {"{", "[", ""},
    };
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "lie.json");
    const sg_analysis_params params = quick();
    sg_analysis *a = analyze_run(&params);
    SG_AUTOFREE char *json = NULL;
    sg_error err = {0};
    assert_ok(sg_analysis_json(a, &json, &err), &err);
    sg_analysis_free(a);
    for (size_t i = 0; i < SG_COUNT(lies); i++) {
        SG_AUTOFREE char *lie = replaced(json, lies[i].from, lies[i].to);
        if (!lie)
            fail_msg("nothing to replace: %s", lies[i].from);
        write_text(path, lie);
        sg_analysis *read = NULL;
        assert_int_equal(sg_analysis_read(path, &read, &err), SG_EFORMAT);
        assert_null(read);
        if (!strstr(err.message, lies[i].words) || !strstr(err.message, "lie.json"))
            fail_msg("%s: '%s' does not say '%s'", lies[i].to, err.message, lies[i].words);
    }
    for (size_t n = 0; n < strlen(json); n += 1 + strlen(json) / 97) {
        sg_analysis *read = NULL;
        assert_ok(sg_file_write(path, json, n, &err), &err);
        assert_int_equal(sg_analysis_read(path, &read, &err), SG_EFORMAT);
    }
    sg_analysis *read = NULL;
    assert_int_equal(sg_analysis_read("/nowhere", &read, &err), SG_ENOTFOUND);
}

static void quotes_names_that_would_break_a_csv(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    const sg_layer layers[] = {
        {.name = "in", .size = 60, .n_dims = 1, .shape = {60}},
        {.name = "a,\"b\"", .size = 40, .n_dims = 1, .shape = {40}},
    };
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &layers[0], &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &layers[1], &err), &err);
    assert_ok(sg_snapshot_add_link(s, "plain", 0, 1, patterned_matrix(0, 40, 60, 0), &err), &err);
    write_network(s, "odd.safetensors", path);
    const char *const paths[] = {path};
    const sg_analysis_params params = quick();
    sg_analysis *a = NULL;
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    char *csv = NULL;
    assert_ok(sg_analysis_csv(a, &csv, &err), &err);
    assert_non_null(strstr(csv, "\n-1,layer,\"a,\"\"b\"\"\",neurons,40,,none,0,"));
    sg_free(csv);
    sg_analysis_free(a);
}

static void survives_each_failed_allocation_of_reading_and_writing(void **state)
{
    (void)state;
    char dir[TEST_PATH_MAX];
    in_folder(dir, folder, "alloc");
    static const char *const names[] = {"density", "nodes"};
    sg_analysis_params params = quick();
    params.n_bootstrap = 0;
    params.epoch_last = 1;
    params.measures = names;
    params.n_measures = 2;
    sg_analysis *a = analyze_run(&params);
    sg_error err = {0};
    assert_ok(sg_analysis_write(a, dir, &err), &err);
    sg_status status = SG_ENOMEM;
    long budget = 0;
    for (; status == SG_ENOMEM; budget++) {
        sg_analysis *again = NULL;
        sg_test_alloc_budget(budget);
        status = sg_analysis_read(dir, &again, NULL);
        sg_test_alloc_budget(-1);
        sg_analysis_free(again);
    }
    assert_int_equal(status, SG_OK);
    assert_true(budget > 20);
    status = SG_ENOMEM;
    for (budget = 0; status == SG_ENOMEM; budget++) {
        char *table = NULL;
        sg_test_alloc_budget(budget);
        status = sg_analysis_table(a, 0, &table, NULL);
        sg_test_alloc_budget(-1);
        sg_free(table);
    }
    assert_int_equal(status, SG_OK);
    sg_analysis_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_every_snapshot_of_a_run_against_epoch_0),
        cmocka_unit_test(keeps_the_degree_histograms_of_both_sides),
        cmocka_unit_test(gives_the_same_bytes_for_any_number_of_workers),
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(measures_the_epochs_asked_for_and_compares_with_epoch_0_all_the_same),
        cmocka_unit_test(measures_only_what_is_asked_for),
        cmocka_unit_test(finds_the_untrained_network_not_scale_free_although_its_p_is_high),
        cmocka_unit_test(takes_files_by_epoch_or_numbers_them_and_says_so),
        cmocka_unit_test(refuses_what_makes_no_analysis_and_says_why),
        cmocka_unit_test(names_the_snapshot_of_a_run_that_is_broken),
        cmocka_unit_test(stops_when_asked_to),
        cmocka_unit_test(refuses_an_analysis_file_that_lies),
        cmocka_unit_test(quotes_names_that_would_break_a_csv),
        cmocka_unit_test(survives_each_failed_allocation_of_reading_and_writing),
    };
    return cmocka_run_group_tests(tests, setup, remove_folder);
}
