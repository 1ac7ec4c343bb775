/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"
#include "made_run.h"
#include "unit.h"

#include "sparsegraph/render.h"
#include "sparsegraph/scene.h"

static char run_path[TEST_PATH_MAX];

static int setup(void **state)
{
    const made_run usual = MADE_RUN_DEFAULT;

    if (make_folder(state) != 0)
        return -1;
    make_run(in_folder(run_path, folder, "set"), &usual);
    return 0;
}

/* The scene's text and caption of a figure; both the caller's. */
typedef struct drawn {
    char *dump;
    char *caption;
} drawn;

static void drawn_free(drawn *d)
{
    sg_free(d->dump);
    sg_free(d->caption);
}

static drawn draw(const char *kind, const char *const *inputs, size_t n,
                  const sg_render_params *params)
{
    sg_rendered figure = {0};
    drawn d = {0};
    sg_error err = {0};

    assert_ok(sg_render(sg_rendering_find(kind), inputs, n, params, &figure, &err), &err);
    assert_ok(sg_scene_dump(figure.scene, &d.dump, &err), &err);
    d.caption = SG_TAKE(figure.caption);
    sg_rendered_clear(&figure);
    return d;
}

/* Fails with that status and a message that holds the words. */
static void assert_refused(const char *kind, const char *input, const sg_render_params *params,
                           sg_status status, const char *words)
{
    sg_rendered figure = {0};
    sg_error err = {0};
    const char *inputs[] = {input};

    assert_int_equal(sg_render(sg_rendering_find(kind), inputs, 1, params, &figure, &err), status);
    assert_null(figure.scene);
    if (!strstr(err.message, words))
        fail_msg("'%s' does not say '%s'", err.message, words);
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' does not hold '%s'", text, words);
}

static void the_table_offers_the_ten_figures(void **state)
{
    (void)state;
    static const char *const names[] = {"heatmap",   "topology",   "networks", "ccdf",
                                        "timeline",  "ridgelines", "zscores",  "turnover",
                                        "adjacency", "fields"};

    assert_int_equal(sg_rendering_count(), SG_COUNT(names));
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        assert_string_equal(sg_rendering_at(i)->name, names[i]);
        assert_ptr_equal(sg_rendering_find(names[i]), sg_rendering_at(i));
        assert_true(sg_rendering_at(i)->max_inputs <= SG_RENDER_INPUTS_MAX);
    }
    assert_null(sg_rendering_find("pie"));
    assert_null(sg_rendering_at(SG_COUNT(names)));
}

/* Few random networks: what they say is another test's business. */
static sg_render_params quick(void)
{
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.n_nulls = 3;
    params.n_bootstrap = 4;
    return params;
}

static void every_figure_of_a_run_draws_and_has_a_caption(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    const sg_render_params params = quick();

    for (size_t i = 0; i < sg_rendering_count(); i++) {
        const sg_rendering *kind = sg_rendering_at(i);
        drawn d = draw(kind->name, inputs, kind->min_inputs, &params);
        assert_true(strlen(d.dump) > 100);
        assert_true(strlen(d.caption) > 50);
        drawn_free(&d);
    }
}

static void the_same_input_gives_the_same_figure(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    const sg_render_params params = quick();

    for (size_t i = 0; i < sg_rendering_count(); i++) {
        const sg_rendering *kind = sg_rendering_at(i);
        drawn a = draw(kind->name, inputs, kind->min_inputs, &params);
        drawn b = draw(kind->name, inputs, kind->min_inputs, &params);
        assert_string_equal(a.dump, b.dump);
        assert_string_equal(a.caption, b.caption);
        drawn_free(&a);
        drawn_free(&b);
    }
}

static void a_heatmap_shows_the_first_and_the_last_epoch(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    drawn d = draw("heatmap", inputs, 1, NULL);

    assert_says(d.dump, "Epoch 0 (untrained)");
    assert_says(d.dump, "Epoch 4");
    assert_says(d.caption, "784 neurons of layer input");
    assert_says(d.caption, "SET on digits, seed 1");
    drawn_free(&d);
}

static void chosen_epochs_are_the_panels(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    const long epochs[] = {1, 3};
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.epochs = epochs;
    params.n_epochs = 2;
    drawn d = draw("heatmap", inputs, 1, &params);

    assert_says(d.dump, "Epoch 1");
    assert_says(d.dump, "Epoch 3");
    assert_null(strstr(d.dump, "Epoch 4"));
    drawn_free(&d);
}

static void an_epoch_that_is_not_there_is_refused_with_those_that_are(void **state)
{
    (void)state;
    const long epochs[] = {7};
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.epochs = epochs;
    params.n_epochs = 1;

    assert_refused("heatmap", run_path, &params, SG_ENOTFOUND, "it has 0 to 4");
}

static void a_link_that_is_not_there_is_refused_with_those_that_are(void **state)
{
    (void)state;
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.link = "input-hidden9";

    assert_refused("ccdf", run_path, &params, SG_ENOTFOUND, "input-hidden1, hidden1-output");
}

static void wrong_parameters_are_refused(void **state)
{
    (void)state;
    sg_render_params narrow = SG_RENDER_PARAMS_DEFAULT;
    narrow.width_mm = 10.0;
    sg_render_params core = SG_RENDER_PARAMS_DEFAULT;
    core.core_zeta = 1.5;

    assert_refused("heatmap", run_path, &narrow, SG_EINVAL, "[40, 400]");
    assert_refused("heatmap", run_path, &core, SG_EINVAL, "[0, 1]");
    assert_refused("heatmap", "/nowhere.safetensors", NULL, SG_ENOTFOUND, "/nowhere.safetensors");
}

static void too_many_or_too_few_inputs_are_refused(void **state)
{
    (void)state;
    const char *inputs[] = {run_path, run_path};
    sg_rendered figure = {0};
    sg_error err = {0};

    assert_int_equal(sg_render(sg_rendering_find("ccdf"), inputs, 2, NULL, &figure, &err),
                     SG_EINVAL);
    assert_int_equal(sg_render(sg_rendering_find("ccdf"), NULL, 0, NULL, &figure, &err), SG_EINVAL);
    assert_int_equal(sg_render(sg_rendering_find("heatmap"), inputs, 2, NULL, &figure, &err),
                     SG_EINVAL);
    assert_says(err.message, "goes alone");
}

static void the_core_of_a_network_has_fewer_links_and_the_caption_says_so(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    sg_render_params params = SG_RENDER_PARAMS_DEFAULT;
    params.core_zeta = 0.3;
    drawn whole = draw("heatmap", inputs, 1, NULL);
    drawn core = draw("heatmap", inputs, 1, &params);

    assert_string_not_equal(whole.dump, core.dump);
    assert_says(core.caption, "Only core connections");
    drawn_free(&whole);
    drawn_free(&core);
}

/* 60 inputs in no shape; a square shape is assumed only where the size is a square. */
static void inputs_without_a_shape_are_laid_out_and_the_caption_says_how(void **state)
{
    (void)state;
    static const sg_layer plain[] = {{"genes", 60, 1, {60}, NULL}, {"terms", 30, 1, {30}, NULL}};
    static const sg_layer square[] = {{"in", 100, 1, {100}, NULL}, {"out", 30, 1, {30}, NULL}};
    made_run run = MADE_RUN_DEFAULT;
    char path[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "plain")};

    run.n_layers = 2;
    run.layers = plain;
    make_run(path, &run);
    drawn d = draw("heatmap", inputs, 1, NULL);
    assert_says(d.caption, "position means nothing");
    drawn_free(&d);

    run.layers = square;
    make_run(path, &run);
    d = draw("heatmap", inputs, 1, NULL);
    assert_says(d.caption, "a square image is assumed");
    drawn_free(&d);
}

static void a_single_network_file_can_be_drawn(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "set/snapshots/epoch-0003.safetensors")};

    drawn d = draw("ccdf", inputs, 1, NULL);
    assert_says(d.caption, "link input-hidden1");
    assert_says(d.caption, "epoch-0003.safetensors");
    drawn_free(&d);
    d = draw("topology", inputs, 1, NULL);
    assert_says(d.caption, "possible connections");
    drawn_free(&d);
}

static void a_run_without_metrics_has_a_timeline_of_its_topology(void **state)
{
    (void)state;
    made_run run = MADE_RUN_DEFAULT;
    char path[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "silent")};

    run.has_metrics = false;
    make_run(path, &run);
    drawn d = draw("timeline", inputs, 1, NULL);
    assert_says(d.dump, "Out-degree, var./mean");
    assert_null(strstr(d.dump, "Accuracy"));
    drawn_free(&d);
}

static void several_runs_share_one_timeline(void **state)
{
    (void)state;
    char other[TEST_PATH_MAX];
    const char *inputs[] = {run_path, in_folder(other, folder, "other")};
    made_run run = MADE_RUN_DEFAULT;

    run.seed = 2;
    make_run(other, &run);
    drawn d = draw("timeline", inputs, 2, NULL);
    assert_says(d.dump, "Test accuracy");
    assert_says(d.dump, "other");
    drawn_free(&d);
}

/* Untrained 10 %, then 64 % and more: chance must not flatten what was learned, nor go unsaid. */
static void the_axis_of_accuracy_shows_what_was_learned(void **state)
{
    (void)state;
    const char *inputs[] = {run_path};
    drawn d = draw("timeline", inputs, 1, NULL);

    assert_says(d.caption, "its test accuracy, 10 %, lies below the panel");
    drawn_free(&d);
}

static void networks_need_no_file_and_take_names(void **state)
{
    (void)state;
    const char *inputs[] = {"karate"};
    drawn none = draw("networks", NULL, 0, NULL);
    drawn named = draw("networks", inputs, 1, NULL);

    assert_says(none.caption, "78 links");
    assert_says(named.caption, "78 links");
    drawn_free(&none);
    drawn_free(&named);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    static const sg_layer tiny[] = {{"in", 9, 2, {3, 3}, NULL}, {"out", 12, 1, {12}, NULL}};
    made_run run = MADE_RUN_DEFAULT;
    char path[TEST_PATH_MAX];
    const char *inputs[] = {in_folder(path, folder, "tiny")};
    sg_status status = SG_ENOMEM;

    run.layers = tiny;
    run.n_layers = 2;
    run.n_epochs = 1;
    make_run(path, &run);
    for (long budget = 0; status != SG_OK; budget++) {
        sg_rendered figure = {0};
        sg_test_alloc_budget(budget);
        status = sg_render(sg_rendering_find("heatmap"), inputs, 1, NULL, &figure, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || status == SG_ENOMEM);
        sg_rendered_clear(&figure);
        assert_true(budget < 5000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_offers_the_ten_figures),
        cmocka_unit_test(every_figure_of_a_run_draws_and_has_a_caption),
        cmocka_unit_test(the_same_input_gives_the_same_figure),
        cmocka_unit_test(a_heatmap_shows_the_first_and_the_last_epoch),
        cmocka_unit_test(chosen_epochs_are_the_panels),
        cmocka_unit_test(an_epoch_that_is_not_there_is_refused_with_those_that_are),
        cmocka_unit_test(a_link_that_is_not_there_is_refused_with_those_that_are),
        cmocka_unit_test(wrong_parameters_are_refused),
        cmocka_unit_test(too_many_or_too_few_inputs_are_refused),
        cmocka_unit_test(the_core_of_a_network_has_fewer_links_and_the_caption_says_so),
        cmocka_unit_test(inputs_without_a_shape_are_laid_out_and_the_caption_says_how),
        cmocka_unit_test(a_single_network_file_can_be_drawn),
        cmocka_unit_test(a_run_without_metrics_has_a_timeline_of_its_topology),
        cmocka_unit_test(several_runs_share_one_timeline),
        cmocka_unit_test(the_axis_of_accuracy_shows_what_was_learned),
        cmocka_unit_test(networks_need_no_file_and_take_names),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("render", tests, setup, remove_folder);
}
