/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"
#include "made_run.h"
#include "unit.h"

#include "report/link_order.h"
#include "report/null_band.h"
#include "report/tail_laws.h"
#include "sparse/topology.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/render.h"
#include "sparsegraph/scene.h"

/* The figures of statistics, and what they are made of. */

static const sg_layer layers[] = {{"input", 36, 2, {6, 6}, NULL},
                                  {"hidden1", 30, 1, {30}, NULL},
                                  {"hidden2", 20, 1, {20}, NULL},
                                  {"output", 10, 1, {10}, NULL}};
static char run_path[TEST_PATH_MAX];

static int setup(void **state)
{
    made_run run = MADE_RUN_DEFAULT;

    if (make_folder(state) != 0)
        return -1;
    run.layers = layers;
    run.n_layers = 4;
    run.n_epochs = 3;
    run.density = 0.2;
    make_run(in_folder(run_path, folder, "run"), &run);
    return 0;
}

typedef struct drawn {
    char *dump;
    char *caption;
} drawn;

static void drawn_free(drawn *d)
{
    sg_free(d->dump);
    sg_free(d->caption);
}

static drawn draw(const char *kind, const char *path, const sg_render_params *params)
{
    const char *inputs[] = {path};
    sg_rendered figure = {0};
    drawn d = {0};
    sg_error err = {0};

    assert_ok(sg_render(sg_rendering_find(kind), inputs, 1, params, &figure, &err), &err);
    assert_ok(sg_scene_dump(figure.scene, &d.dump, &err), &err);
    d.caption = SG_TAKE(figure.caption);
    sg_rendered_clear(&figure);
    return d;
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' does not hold '%s'", text, words);
}

static void assert_refused(const char *kind, const sg_render_params *params, sg_status status,
                           const char *words)
{
    const char *inputs[] = {run_path};
    sg_rendered figure = {0};
    sg_error err = {0};

    assert_int_equal(sg_render(sg_rendering_find(kind), inputs, 1, params, &figure, &err), status);
    assert_null(figure.scene);
    assert_says(err.message, words);
}

static void ridges_are_a_dozen_of_many_epochs_with_the_first_and_the_last(void **state)
{
    (void)state;
    made_run run = MADE_RUN_DEFAULT;
    char path[TEST_PATH_MAX];

    run.layers = layers;
    run.n_layers = 2;
    run.n_epochs = 30;
    run.has_metrics = run.has_final = false;
    make_run(in_folder(path, folder, "long"), &run);
    drawn d = draw("ridgelines", path, NULL);
    assert_says(d.caption, "12 of 31 snapshots");
    assert_says(d.caption, "n = 36 neurons of layer input");
    assert_says(d.dump, "\"0\"");
    assert_says(d.dump, "\"30\"");
    drawn_free(&d);
}

static void z_scores_are_drawn_where_none_are_stored(void **state)
{
    (void)state;
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.n_nulls = 5;
    drawn d = draw("zscores", run_path, &params);

    assert_says(d.caption, "5 random networks a snapshot");
    assert_says(d.dump, "Against random links, as many");
    assert_says(d.dump, "input-hidden1");
    drawn_free(&d);
    params.n_nulls = 1;
    assert_refused("zscores", &params, SG_EINVAL, "at least 2 random networks");
}

static void z_scores_that_are_stored_are_taken(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    char path[TEST_PATH_MAX];
    sg_analysis_params how = SG_ANALYSIS_PARAMS_DEFAULT;
    sg_analysis *a = NULL;
    sg_error err = {0};

    how.n_bootstrap = 0;
    how.n_nulls = 7;
    assert_ok(sg_analyze(inputs, 1, &how, NULL, &a, &err), &err);
    assert_ok(sg_analysis_write(a, in_folder(path, run_path, "analysis"), &err), &err);
    sg_analysis_free(a);
    drawn d = draw("zscores", run_path, NULL);
    assert_says(d.caption, "7 random networks a snapshot");
    drawn_free(&d);

    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.link = "network";
    d = draw("zscores", run_path, &params);
    assert_null(strstr(d.dump, "input-hidden1"));
    drawn_free(&d);
    params.link = "input-nowhere";
    assert_refused("zscores", &params, SG_ENOTFOUND, "input-nowhere");
}

static void turnover_leaves_full_links_out(void **state)
{
    (void)state;
    drawn d = draw("turnover", run_path, NULL);

    assert_says(d.dump, "input-hidden1");
    assert_says(d.dump, "hidden1-hidden2");
    assert_null(strstr(d.dump, "hidden2-output"));
    assert_says(d.dump, "Median (epochs)");
    assert_says(d.caption, "4 snapshots");
    drawn_free(&d);
}

static void turnover_needs_two_snapshots(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, run_path, "snapshots/epoch-0003.safetensors")};
    sg_rendered figure = {0};
    sg_error err = {0};

    assert_int_equal(sg_render(sg_rendering_find("turnover"), inputs, 1, NULL, &figure, &err),
                     SG_EINVAL);
    assert_says(err.message, "two at least");
}

static void a_matrix_can_be_sorted_in_three_ways(void **state)
{
    (void)state;
    static const char *const words[] = {"sorted by their number of links, each panel by its own",
                                        "Barber's modularity", "Neurons stand in their order."};
    drawn d[3];

    for (int order = 0; order < 3; order++) {
        sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
        params.order = (sg_render_order)order;
        d[order] = draw("adjacency", run_path, &params);
        assert_says(d[order].caption, words[order]);
        assert_says(d[order].dump, "Epoch 0 (untrained)");
        assert_says(d[order].dump, "Epoch 3");
    }
    assert_string_not_equal(d[0].dump, d[1].dump);
    assert_string_not_equal(d[0].dump, d[2].dump);
    for (int order = 0; order < 3; order++)
        drawn_free(&d[order]);
}

static void fields_are_of_the_neurons_asked_for(void **state)
{
    (void)state;
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.neurons = "hidden1:3,output:9";
    drawn d = draw("fields", run_path, &params);

    assert_says(d.dump, "hidden1:3");
    assert_says(d.dump, "output:9");
    assert_says(d.caption, "2 neurons hear of layer input");
    assert_null(strstr(d.caption, "Chosen"));
    drawn_free(&d);
    d = draw("fields", run_path, NULL);
    assert_says(d.caption, "Chosen: the neurons of layer hidden2 with the most links");
    drawn_free(&d);
}

static void neurons_that_are_not_there_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *neurons;
        sg_status status;
        const char *words;
    } bad[] = {
        {"hidden1", SG_EINVAL, "write layer:index"},
        {"hidden1:x", SG_EINVAL, "write layer:index"},
        {"", SG_EINVAL, "write layer:index"},
        {"hidden1:1,", SG_EINVAL, "write layer:index"},
        {"hidden9:1", SG_ENOTFOUND, "no layer 'hidden9'"},
        {"hidden1:30", SG_ENOTFOUND, "neurons 0 to 29"},
    };

    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
        params.neurons = bad[i].neurons;
        assert_refused("fields", &params, bad[i].status, bad[i].words);
    }
}

/*
 * 100 x 60 neurons, 900 links: a receiving neuron has Binomial(60, 0.15) links but for their
 * number being fixed. scipy.stats.binom(60, 0.15).sf(k - 1) by SciPy 1.10.
 */
static void the_band_holds_what_is_expected_of_random_links(void **state)
{
    (void)state;
    static const struct {
        size_t k;
        double p;
    } expected[] = {{6, 0.9032}, {9, 0.5552}, {12, 0.1806}};
    sg_random r;
    sg_csr *m = NULL;
    sg_null_band band = {0};
    sg_error err = {0};

    sg_random_open(&r, 3, SG_RANDOM_TOPOLOGY, 0, 0);
    assert_ok(sg_topology_exact(100, 60, 900, &r, &m, &err), &err);
    assert_ok(sg_null_band_draw(m, SG_SIDE_IN, &(sg_null_band_how){200, 1, 0}, &band, &err), &err);
    assert_true(band.n > 10);
    for (size_t i = 0; i < band.n; i++) {
        assert_true(band.low[i] <= band.high[i]);
        assert_true(i == 0 || band.k[i] == band.k[i - 1] + 1.0);
        for (size_t e = 0; e < SG_COUNT(expected); e++)
            if (band.k[i] == (double)expected[e].k) {
                assert_true(band.low[i] < expected[e].p && expected[e].p < band.high[i]);
                assert_true(band.high[i] - band.low[i] < 0.25);
            }
    }
    sg_null_band_clear(&band);
    sg_csr_free(m);
}

static void a_full_link_has_no_band(void **state)
{
    (void)state;
    sg_csr *m = NULL;
    sg_null_band band = {0};
    sg_error err = {0};

    assert_ok(sg_topology_full(5, 4, &m, &err), &err);
    assert_ok(sg_null_band_draw(m, SG_SIDE_OUT, &(sg_null_band_how){10, 1, 0}, &band, &err), &err);
    assert_int_equal(band.n, 0);
    sg_csr_free(m);
}

/* Even columns with the first three rows, odd ones with the last three: 18 links, none across. */
static sg_csr *two_blocks(void)
{
    sg_csr *m = NULL;
    sg_error err = {0};

    assert_ok(sg_csr_new(7, 6, 18, false, &m, &err), &err);
    m->n_links = 0;
    for (size_t row = 0; row < 7; row++) {
        m->row_start[row] = m->n_links;
        for (uint32_t col = row < 3 ? 0 : 1; row < 6 && col < 6; col += 2)
            m->col[m->n_links++] = col;
    }
    m->row_start[7] = m->n_links;
    return m;
}

/* Two blocks of equal size: Barber's modularity is 1 - 2 (9 x 9) / 18^2 = 0.5. */
static void communities_stand_together_and_neurons_without_links_last(void **state)
{
    (void)state;
    sg_csr *m = two_blocks();
    sg_link_order o = {0};
    sg_error err = {0};

    assert_ok(sg_link_order_of(m, SG_RENDER_BY_COMMUNITY, &o, &err), &err);
    assert_int_equal(o.n_communities, 2);
    assert_true(fabs(o.modularity - 0.5) < 1e-12);
    assert_int_equal(o.row_cut[0], 3);
    assert_int_equal(o.col_cut[0], 3);
    for (size_t row = 0; row < 3; row++)
        assert_true((o.row_at[row] < 3) == (o.col_at[0] < 3));
    assert_true((o.col_at[1] < 3) != (o.col_at[0] < 3));
    assert_int_equal(o.row_at[6], 6);
    sg_link_order_clear(&o);
    sg_csr_free(m);
}

static void the_most_linked_neurons_stand_first(void **state)
{
    (void)state;
    sg_csr *m = NULL;
    sg_link_order o = {0};
    sg_error err = {0};
    static const uint64_t start[] = {0, 1, 4, 5};
    static const uint32_t col[] = {2, 0, 1, 2, 2};

    assert_ok(sg_csr_new(3, 3, 5, false, &m, &err), &err);
    memcpy(m->row_start, start, sizeof start);
    memcpy(m->col, col, sizeof col);
    assert_ok(sg_link_order_of(m, SG_RENDER_BY_DEGREE, &o, &err), &err);
    static const uint32_t row_at[] = {1, 0, 2};
    static const uint32_t col_at[] = {1, 2, 0};
    assert_memory_equal(o.row_at, row_at, sizeof row_at);
    assert_memory_equal(o.col_at, col_at, sizeof col_at);
    assert_int_equal(o.n_communities, 0);
    assert_true(isnan(o.modularity));
    sg_link_order_clear(&o);
    sg_csr_free(m);
}

/*
 * Degrees 10, 11, ... with counts that halve: a geometric tail, whose exponential has the rate
 * ln 2 but for the cut at the end. Every law begins at n_tail / n, with 64 neurons of degree 0.
 */
static void laws_begin_at_the_share_of_the_tail_and_fall(void **state)
{
    (void)state;
    uint64_t degree[] = {0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    uint64_t count[] = {64, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1};
    const sg_degree_fit d = {
        .n = SG_COUNT(degree),
        .degree = degree,
        .count = count,
        .fit = {.alpha = 8.0, .xmin = 10, .n_tail = 1023, .n = 1023, .n_zeros = 64, .max = 19}};
    SG_AUTOFREE sg_tail_laws *laws = SG_NEW(sg_tail_laws);
    sg_error err = {0};

    assert_non_null(laws);
    assert_ok(sg_tail_laws_of(&d, SG_TAIL_LAWS, laws, &err), &err);
    assert_true(laws->n_curves >= 1);
    for (size_t i = 0; i < laws->n_curves; i++) {
        const sg_ccdf_curve *c = &laws->curve[i];
        assert_true(fabs(c->p[0] - 1023.0 / 1087.0) < 1e-9);
        assert_true(c->k[0] == 10.0 && fabs(c->k[c->n - 1] - 19.0) < 1e-9);
        for (size_t k = 1; k < c->n; k++)
            assert_true(c->p[k] < c->p[k - 1]);
    }
    assert_string_equal(laws->curve[0].label, "exponential");
    const double end = laws->curve[0].p[SG_TAIL_LAW_POINTS - 1];
    assert_true(fabs(log(laws->curve[0].p[0] / end) / 9.0 - log(2.0)) < 0.02);
    assert_ok(sg_tail_laws_of(&d, 1, laws, &err), &err);
    assert_int_equal(laws->n_curves, 1);
}

static void nothing_stands_against_what_was_not_fitted(void **state)
{
    (void)state;
    uint64_t degree[] = {5, 5};
    const sg_degree_fit d = {.n = 2, .degree = degree, .fit = {.alpha = (double)NAN}};
    SG_AUTOFREE sg_tail_laws *laws = SG_NEW(sg_tail_laws);
    sg_error err = {0};

    assert_non_null(laws);
    assert_ok(sg_tail_laws_of(&d, SG_TAIL_LAWS, laws, &err), &err);
    assert_int_equal(laws->n_curves, 0);
}

static void orders_and_bands_survive_each_failed_allocation(void **state)
{
    (void)state;
    sg_csr *m = two_blocks();
    sg_status status = SG_ENOMEM;

    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_link_order o = {0};
        sg_null_band band = {0};
        sg_test_alloc_budget(budget);
        status = sg_link_order_of(m, SG_RENDER_BY_COMMUNITY, &o, NULL);
        if (status == SG_OK)
            status = sg_null_band_draw(m, SG_SIDE_IN, &(sg_null_band_how){2, 1, 0}, &band, NULL);
        sg_test_alloc_budget(-1);
        sg_link_order_clear(&o);
        sg_null_band_clear(&band);
        assert_true(budget < 200);
    }
    assert_int_equal(status, SG_OK);
    sg_csr_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ridges_are_a_dozen_of_many_epochs_with_the_first_and_the_last),
        cmocka_unit_test(z_scores_are_drawn_where_none_are_stored),
        cmocka_unit_test(z_scores_that_are_stored_are_taken),
        cmocka_unit_test(turnover_leaves_full_links_out),
        cmocka_unit_test(turnover_needs_two_snapshots),
        cmocka_unit_test(a_matrix_can_be_sorted_in_three_ways),
        cmocka_unit_test(fields_are_of_the_neurons_asked_for),
        cmocka_unit_test(neurons_that_are_not_there_are_refused),
        cmocka_unit_test(the_band_holds_what_is_expected_of_random_links),
        cmocka_unit_test(a_full_link_has_no_band),
        cmocka_unit_test(communities_stand_together_and_neurons_without_links_last),
        cmocka_unit_test(the_most_linked_neurons_stand_first),
        cmocka_unit_test(laws_begin_at_the_share_of_the_tail_and_fall),
        cmocka_unit_test(nothing_stands_against_what_was_not_fitted),
        cmocka_unit_test(orders_and_bands_survive_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("render_statistics", tests, setup, remove_folder);
}
