/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "compared_run.h"
#include "files.h"
#include "folder.h"

static size_t row_of(const char *key)
{
    for (size_t i = 0; i < sg_comparison_n_rows(); i++)
        if (strcmp(sg_comparison_row(i)->key, key) == 0)
            return i;
    fail_msg("no row %s", key);
    return 0;
}

/* NetworkX 2.8.8 and igraph 0.10.2. */
static void holds_a_run_against_the_karate_club(void **state)
{
    (void)state;
    const char *const with[] = {"karate"};
    AUTO_COMPARISON *c = compare("set", with, 1, 2);
    assert_int_equal(sg_comparison_n_columns(c), 3);
    assert_string_equal(sg_comparison_column(c, 0)->label, "set epoch 0");
    assert_string_equal(sg_comparison_column(c, 1)->label, "set epoch 2");
    assert_string_equal(sg_comparison_column(c, 2)->label, "karate");
    assert_int_equal(sg_comparison_subject(c), 1);
    assert_int_equal(sg_comparison_start(c), 0);
    assert_true(sg_comparison_column(c, 0)->start && sg_comparison_column(c, 1)->subject);
    assert_false(sg_comparison_column(c, 2)->subject || sg_comparison_column(c, 2)->layered);

    assert_true(value(c, "nodes", 2) == 34 && value(c, "edges", 2) == 78);
    assert_true(near(value(c, "mean_path", 2), 2.4082, 5e-5));
    assert_true(near(value(c, "assortativity", 2), -0.4756, 5e-5));
    assert_true(near(value(c, "transitivity", 2), 0.2557, 5e-5));
    assert_true(near(value(c, "local_clustering", 2), 0.5706, 5e-5));
    assert_true(near(value(c, "alpha", 2), 2.1263, 1e-4));
    assert_true(value(c, "xmin", 2) == 2 && value(c, "n_tail", 2) == 33);
    assert_true(value(c, "core", 2) == 4 && value(c, "components", 2) == 1);
    assert_true(isnan(value(c, "arcs", 2)) && isnan(value(c, "no such row", 2)));
    assert_non_null(strstr(sg_comparison_citation(c, 2), "Zachary"));
}

static void says_why_a_layered_network_has_no_such_number(void **state)
{
    (void)state;
    AUTO_COMPARISON *c = compare("set", NULL, 0, 2);
    const char *const keys[] = {"assortativity", "transitivity", "local_clustering", "passes"};
    for (size_t i = 0; i < SG_COUNT(keys); i++) {
        const sg_compare_cell cell = sg_comparison_cell(c, row_of(keys[i]), 1);
        assert_true(isnan(cell.value));
        assert_string_equal(cell.text, "-");
        assert_true(strlen(cell.note) > 10);
    }
    assert_non_null(strstr(sg_comparison_cell(c, row_of("transitivity"), 0).note, "no triangles"));
    assert_true(value(c, "nodes", 1) == 210);
    assert_true(value(c, "arcs", 1) == value(c, "edges", 1));
}

static void measures_distances_alike_from_both_ends(void **state)
{
    (void)state;
    const char *const with[] = {"karate"};
    AUTO_COMPARISON *c = compare("set", with, 1, 2);
    assert_true(value(c, "ks_to_subject", 1) == 0.0 && value(c, "js_to_subject", 1) == 0.0);
    assert_true(value(c, "ks_to_start", 0) == 0.0 && value(c, "js_to_start", 0) == 0.0);
    assert_true(value(c, "ks_to_start", 1) == value(c, "ks_to_subject", 0));
    assert_true(near(value(c, "js_to_start", 1), value(c, "js_to_subject", 0), 1e-12));
    assert_true(value(c, "ks_to_start", 1) > 0.05); /* epoch 2 is far more uneven */
    assert_true(value(c, "gini", 1) > value(c, "gini", 0) + 0.05);
}

/* Two networks by hand: k/<k> = {1/2 ×2, 2 ×1} and {1 ×3}. */
static void computes_ks_and_js_as_defined(void **state)
{
    (void)state;
    double a[] = {2.0, 0.5, 0.5};
    double b[] = {1.0, 1.0, 1.0};
    double d[] = {1.0, 1.0, 0.5};
    sg_relative x = {0};
    sg_relative y = {0};
    sg_relative z = {0};
    sg_error err = {0};
    assert_ok(sg_relative_make(a, 3, &x, &err), &err);
    assert_ok(sg_relative_make(b, 3, &y, &err), &err);
    assert_ok(sg_relative_make(d, 3, &z, &err), &err);
    assert_int_equal(x.n, 2);
    assert_true(x.ccdf[0] == 1.0 && near(x.ccdf[1], 1.0 / 3.0, 1e-15));
    assert_true(near(sg_relative_ks(&x, &y), 2.0 / 3.0, 1e-15));
    assert_true(near(sg_relative_js(&x, &y), 1.0, 1e-15)); /* no octave in common */
    assert_true(near(sg_relative_ks(&y, &z), 1.0 / 3.0, 1e-15));
    /* p = (0, 1), q = (1/3, 2/3), m = (1/6, 5/6) */
    const double expected =
        0.5 * log2(6.0 / 5.0) + 0.5 * (log2(2.0) / 3.0 + 2.0 / 3.0 * log2(4.0 / 5.0));
    assert_true(near(sg_relative_js(&y, &z), expected, 1e-15));
    assert_true(sg_relative_js(&x, &x) == 0.0 && sg_relative_ks(&x, &x) == 0.0);
    const sg_relative empty = {0};
    assert_true(isnan(sg_relative_js(&x, &empty)) && isnan(sg_relative_ks(&empty, &x)));
    sg_relative_clear(&x);
    sg_relative_clear(&y);
    sg_relative_clear(&z);
}

static void reads_edge_lists_and_counts_what_it_dropped(void **state)
{
    (void)state;
    AUTO_COMPARISON *c = compare("net.edges", NULL, 0, 1);
    assert_int_equal(sg_comparison_n_columns(c), 1);
    assert_string_equal(sg_comparison_column(c, 0)->label, "net");
    assert_int_equal(sg_comparison_start(c), SIZE_MAX);
    assert_true(value(c, "nodes", 0) == 6 && value(c, "edges", 0) == 4);
    assert_true(value(c, "loops_dropped", 0) == 1 && value(c, "multi_dropped", 0) == 1);
    assert_true(value(c, "components", 0) == 2);
    assert_true(near(value(c, "giant_share", 0), 4.0 / 6.0, 1e-12));
    assert_true(near(value(c, "mean_path", 0), 1.5, 1e-12));
    assert_true(isnan(value(c, "js_to_start", 0)));
    /* degrees 3 1 1 1 1 1, mean 8/6: Gini = sum |xi - xj| / (2 n^2 mean) = 20 / (2 · 36 · 8/6) */
    assert_true(near(value(c, "gini", 0), 20.0 / 96.0, 1e-12));
    const uint64_t *degree = NULL;
    const uint64_t *count = NULL;
    assert_int_equal(sg_comparison_degrees(c, 0, &degree, &count), 2);
    assert_true(degree[0] == 1 && count[0] == 5 && degree[1] == 3 && count[1] == 1);
    const double *x = NULL;
    const double *p = NULL;
    assert_int_equal(sg_comparison_ccdf(c, 0, &x, &p), 2);
    assert_true(near(x[1], 2.25, 1e-12) && near(p[1], 1.0 / 6.0, 1e-12));
}

static void judges_each_side_of_each_link_against_the_start(void **state)
{
    (void)state;
    AUTO_COMPARISON *c = compare("set", NULL, 0, 2);
    assert_int_equal(sg_comparison_n_sides(c), 8);
    for (size_t i = 0; i < 8; i++) {
        const sg_compare_side *side = sg_comparison_side(c, i);
        assert_int_equal(side->column, i / 4);
        assert_string_equal(side->link, i % 4 < 2 ? "input-hidden1" : "hidden1-output");
        assert_int_equal(side->in, i % 2);
        assert_false(side->fit.passes);
        assert_true(strlen(side->reasons) > 0);
        /* only the later epoch is judged against the first */
        assert_true(i % 4 >= 2 || isnan(side->fit.untrained_alpha) == (i < 4));
    }
    const sg_compare_side *full = sg_comparison_side(c, 2);
    assert_true(full->mean == 10.0 && full->gini == 0.0 && isnan(full->fit.alpha));
    assert_null(sg_comparison_side(c, 8));
}

static void leaves_the_verdict_modest(void **state)
{
    (void)state;
    const char *const with[] = {"karate", "kite"};
    AUTO_COMPARISON *c = compare("set", with, 2, 2);
    const char *verdict = sg_comparison_verdict(c);
    assert_non_null(strstr(verdict, "of 2 other networks"));
    assert_non_null(strstr(verdict, "no family resemblance"));
    assert_non_null(strstr(verdict, "not scale-free by this test"));
    const size_t nearest = value(c, "js_to_subject", 2) <= value(c, "js_to_subject", 3) ? 2 : 3;
    SG_AUTOFREE char *words = sg_format("to %s (", sg_comparison_column(c, nearest)->label);
    assert_non_null(strstr(verdict, words));
}

static void gives_the_same_for_any_number_of_workers(void **state)
{
    (void)state;
    const char *const with[] = {"karate", "petersen", "karate"};
    AUTO_COMPARISON *a = compare("set", with, 3, 1);
    AUTO_COMPARISON *b = compare("set", with, 3, 3);
    SG_AUTOFREE char *x = NULL;
    SG_AUTOFREE char *y = NULL;
    sg_error err = {0};
    assert_ok(sg_comparison_json(a, &x, &err), &err);
    assert_ok(sg_comparison_json(b, &y, &err), &err);
    assert_string_equal(x, y);
    assert_string_equal(sg_comparison_column(a, 4)->label, "karate (2)"); /* labels are unique */
}

static void writes_what_it_reads_back_equal(void **state)
{
    (void)state;
    const char *const with[] = {"karate"};
    AUTO_COMPARISON *c = compare("set", with, 1, 2);
    char dir[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_comparison_write(c, in_folder(dir, folder, "set/analysis"), &err), &err);
    AUTO_COMPARISON *back = NULL;
    assert_ok(sg_comparison_read(dir, &back, &err), &err);
    SG_AUTOFREE char *x = NULL;
    SG_AUTOFREE char *y = NULL;
    assert_ok(sg_comparison_json(c, &x, &err), &err);
    assert_ok(sg_comparison_json(back, &y, &err), &err);
    assert_string_equal(x, y);
    SG_AUTOFREE char *u = NULL;
    SG_AUTOFREE char *v = NULL;
    assert_ok(sg_comparison_table(c, 100, &u, &err), &err);
    assert_ok(sg_comparison_table(back, 100, &v, &err), &err);
    assert_string_equal(u, v);

    SG_AUTOFREE char *csv = read_text(in_folder(path, folder, "set/analysis/compare.csv"));
    assert_non_null(strstr(csv, "measure,network,value,note\nnodes,set epoch 0,210,\n"));
    assert_non_null(strstr(csv, "mean_path,karate,2.408"));
    assert_non_null(strstr(csv, "transitivity,set epoch 2,,a layered network has no triangles"));
    assert_non_null(strstr(csv, "alpha input-hidden1 out,set epoch 2,"));
}

static void refuses_files_that_are_no_comparison(void **state)
{
    (void)state;
    AUTO_COMPARISON *c = compare("net.edges", NULL, 0, 1);
    SG_AUTOFREE char *text = NULL;
    sg_error err = {0};
    char path[TEST_PATH_MAX];
    assert_ok(sg_comparison_json(c, &text, &err), &err);
    (void)in_folder(path, folder, "bad.json");
    sg_comparison *none = NULL;

    const char *const cases[] = {"", "{}", "[]", "{\"format\": \"sparsegraph comparison\"}",
                                 "{\"format\": \"sparsegraph comparison\", \"version\": 1}"};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        write_text(path, cases[i]);
        assert_int_equal(sg_comparison_read(path, &none, &err), SG_EFORMAT);
        assert_non_null(strstr(err.message, "bad.json"));
    }
    /* each key in turn taken out of a good one: refused or read, never a crash */
    size_t n_refused = 0;
    for (char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
        const char was = at[1];
        if (was < 'a' || was > 'z')
            continue;
        at[1] = 'Z';
        write_text(path, text);
        const sg_status status = sg_comparison_read(path, &none, &err);
        assert_true(status == SG_OK || status == SG_EFORMAT);
        n_refused += status == SG_EFORMAT;
        sg_comparison_free(none);
        none = NULL;
        at[1] = was;
    }
    assert_true(n_refused > 10);
    assert_int_equal(sg_comparison_read("/nowhere", &none, &err), SG_ENOTFOUND);
}

static void prints_a_table_within_its_width(void **state)
{
    (void)state;
    const char *const with[] = {"karate", "kite", "petersen", "tutte", "heawood"};
    AUTO_COMPARISON *c = compare("set", with, 5, 2);
    sg_error err = {0};
    const size_t widths[] = {0, 60, 80, 120, 200};
    for (size_t i = 0; i < SG_COUNT(widths); i++) {
        SG_AUTOFREE char *table = NULL;
        assert_ok(sg_comparison_table(c, widths[i], &table, &err), &err);
        const size_t width = widths[i] ? widths[i] : 80;
        for (const char *line = table; *line;) {
            const size_t n = strcspn(line, "\n");
            /* the table of sides has a fixed width of its own */
            if (n > width && !strstr(line, "no:"))
                fail_msg("width %zu: %.*s", width, (int)n, line);
            assert_true(n == 0 || line[n - 1] != ' ');
            line += n + (line[n] == '\n');
        }
        assert_non_null(strstr(table, "petersen"));
        assert_non_null(strstr(table, "[1] "));
    }
}

static void names_what_cannot_be_compared(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_comparison *c = NULL;
    sg_error err = {0};
    sg_compare_params params = SG_COMPARE_PARAMS_DEFAULT;
    const char *const subjects[] = {in_folder(path, folder, "set"), "karate"};

    assert_int_equal(sg_compare(subjects, 0, &params, NULL, &c, &err), SG_EINVAL);
    assert_int_equal(sg_compare(subjects, 2, &params, NULL, &c, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "one run"));
    params.epoch_last = 9;
    assert_int_equal(sg_compare(subjects, 1, &params, NULL, &c, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "from 0 to 2"));
    params.epoch_last = -1;
    params.core_zeta = 1.5;
    assert_int_equal(sg_compare(subjects, 1, &params, NULL, &c, &err), SG_EINVAL);
    params.core_zeta = 0.3;
    const char *with[] = {"karat"};
    params.with = with;
    params.n_with = 1;
    assert_int_equal(sg_compare(subjects, 1, &params, NULL, &c, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "'karate'"));
    with[0] = "missing/file.edges";
    assert_int_equal(sg_compare(subjects, 1, &params, NULL, &c, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "missing/file.edges"));
    assert_null(c);
}

static void adds_the_core_as_a_column(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_comparison *c = NULL;
    sg_error err = {0};
    sg_compare_params params = SG_COMPARE_PARAMS_DEFAULT;
    params.core_zeta = 0.3;
    params.n_bootstrap = 0;
    const char *const subjects[] = {in_folder(path, folder, "set")};
    assert_ok(sg_compare(subjects, 1, &params, NULL, &c, &err), &err);
    assert_int_equal(sg_comparison_n_columns(c), 3);
    assert_string_equal(sg_comparison_column(c, 2)->label, "set epoch 2 core");
    assert_int_equal(sg_comparison_subject(c), 1);
    const double all = value(c, "edges", 1) - 800.0; /* the full link is kept whole */
    const double core = value(c, "edges", 2) - 800.0;
    assert_true(near(core, 0.7 * all, 2.0));
    assert_true(isnan(value(c, "p_value", 1)));
    sg_comparison_free(c);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    const char *const with[] = {"bull"};
    sg_compare_params params = SG_COMPARE_PARAMS_DEFAULT;
    params.with = with;
    params.n_with = 1;
    params.n_bootstrap = 1;
    params.n_workers = 1;
    const char *const subjects[] = {in_folder(path, folder, "net.edges")};
    sg_status status = SG_ENOMEM;
    /* every budget forks a worker: steps that grow keep it short, and still visit every phase */
    for (long budget = 0; status != SG_OK; budget += 1 + budget / 20) {
        sg_comparison *c = NULL;
        SG_AUTOFREE char *json = NULL;
        sg_test_alloc_budget(budget);
        status = sg_compare(subjects, 1, &params, NULL, &c, &err);
        if (status == SG_OK)
            status = sg_comparison_json(c, &json, &err);
        assert_true(status == SG_OK || status == SG_ENOMEM);
        sg_test_alloc_budget(-1);
        sg_comparison_free(c);
        assert_true(budget < 100000);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_a_run_against_the_karate_club),
        cmocka_unit_test(says_why_a_layered_network_has_no_such_number),
        cmocka_unit_test(measures_distances_alike_from_both_ends),
        cmocka_unit_test(computes_ks_and_js_as_defined),
        cmocka_unit_test(reads_edge_lists_and_counts_what_it_dropped),
        cmocka_unit_test(judges_each_side_of_each_link_against_the_start),
        cmocka_unit_test(leaves_the_verdict_modest),
        cmocka_unit_test(gives_the_same_for_any_number_of_workers),
        cmocka_unit_test(writes_what_it_reads_back_equal),
        cmocka_unit_test(refuses_files_that_are_no_comparison),
        cmocka_unit_test(prints_a_table_within_its_width),
        cmocka_unit_test(names_what_cannot_be_compared),
        cmocka_unit_test(adds_the_core_as_a_column),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_compared_run, remove_folder);
}
