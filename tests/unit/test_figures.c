/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"
#include "golden.h"
#include "small_ccdf.h"
#include "small_statistics.h"

/* A small figure of each kind, for the text, the widths and the failed allocations. */

static const double small_cells[2][6] = {{0, 1, 2, 3, 4, 5}, {6, 5, NAN, 3, 2, 1}};
static const sg_heatmap_panel small_panels[] = {{"epoch 0", small_cells[0]},
                                                {"epoch 10", small_cells[1]}};

static sg_status small_heatmap(double width_mm, sg_scene **ret, sg_error *err)
{
    sg_heatmap_params p = SG_HEATMAP_PARAMS_DEFAULT;
    p.n_rows = 2;
    p.n_cols = 3;
    p.panels = small_panels;
    p.n_panels = 2;
    p.value_label = "Links per input neuron";
    p.width_mm = width_mm;
    return sg_figure_heatmap(&p, ret, err);
}

static sg_status small_layers(double width_mm, sg_scene **ret, sg_error *err)
{
    static const size_t sizes[] = {5, 3, 2};
    static const char *const names[] = {"input", "hidden1", "output"};
    static const uint32_t from[] = {0, 1, 3, 3};
    static const uint32_t to[] = {0, 2, 1, 2};
    static const float weight[] = {1.0F, -1.0F, 0.5F, -0.5F};
    static const uint32_t last_from[] = {0, 2};
    static const uint32_t last_to[] = {1, 0};
    const sg_layers_link links[] = {{0, 1, 4, from, to, weight},
                                    {1, 2, 2, last_from, last_to, NULL}};
    sg_layers_params p = SG_LAYERS_PARAMS_DEFAULT;
    p.layer_size = sizes;
    p.layer_name = names;
    p.n_layers = 3;
    p.links = links;
    p.n_link_sets = 2;
    p.max_neurons = 4;
    p.width_mm = width_mm;
    return sg_figure_layers(&p, ret, err);
}

static sg_status small_networks(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint32_t from[] = {0, 0, 0, 1, 1, 2};
    static const uint32_t to[] = {1, 2, 3, 2, 3, 3};
    static const double x[] = {0, 1, 1, 0};
    static const double y[] = {0, 0, 1, 1};
    static const unsigned char category[] = {0, 1, 2, 3};
    static const char *const names[8] = {"nurses", "doctors", NULL, "patients"};
    const sg_network_panel panels[] = {
        {.title = "Dense",
         .n_nodes = 4,
         .n_edges = 6,
         .from = from,
         .to = to,
         .x = x,
         .y = y,
         .category = category},
        {.title = "Sparse", .n_nodes = 4, .n_edges = 2, .from = from, .to = to, .x = x, .y = y},
    };
    sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
    p.panels = panels;
    p.n_panels = 2;
    p.category_name = names;
    p.width_mm = width_mm;
    return sg_figure_networks(&p, ret, err);
}

static sg_status small_timeline(double width_mm, sg_scene **ret, sg_error *err)
{
    static const double epoch[] = {0, 1, 2, 3, 4};
    static const double accuracy[2][5] = {{0.1, 0.5, 0.7, 0.8, 0.85}, {0.1, 0.45, NAN, 0.7, 0.71}};
    static const double spread[] = {0.0, 1.5, 3.0, 6.0, 12.0};
    const sg_timeline_series first[] = {
        {.label = "training", .epoch = epoch, .value = accuracy[0], .n = 5, .secondary = true},
        {.label = "test", .epoch = epoch, .value = accuracy[1], .n = 5},
    };
    const sg_timeline_series second[] = {
        {.label = "input", .epoch = epoch, .value = spread, .n = 5, .color = 3}};
    sg_timeline_panel panels[] = {SG_TIMELINE_PANEL_DEFAULT, SG_TIMELINE_PANEL_DEFAULT};
    panels[0].label = "Accuracy (%)";
    panels[0].series = first;
    panels[0].n_series = 2;
    panels[0].scale = 100.0;
    panels[1].label = "Variance / mean degree";
    panels[1].series = second;
    panels[1].n_series = 1;
    panels[1].log = true;
    sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
    p.panels = panels;
    p.n_panels = 2;
    p.width_mm = width_mm;
    return sg_figure_timeline(&p, ret, err);
}

static void compare(sg_scene *s, const char *golden)
{
    sg_error err = {0};
    char *text = NULL;
    assert_ok(sg_scene_dump(s, &text, &err), &err);
    assert_golden(golden, text);
    sg_free(text);
    sg_scene_free(s);
}

typedef struct figure {
    const char *golden;
    sg_status (*make)(double width_mm, sg_scene **ret, sg_error *err);
} figure;

static const figure figures[] = {
    {"draw/heatmap.txt", small_heatmap},   {"draw/layers.txt", small_layers},
    {"draw/networks.txt", small_networks}, {"draw/ccdf.txt", small_ccdf},
    {"draw/timeline.txt", small_timeline}, {"draw/ridgelines.txt", small_ridgelines},
    {"draw/zscores.txt", small_zscores},   {"draw/adjacency.txt", small_adjacency},
};

static void each_figure_is_the_text_that_was_accepted(void **state)
{
    (void)state;
    sg_error err = {0};
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        sg_scene *s = NULL;
        assert_ok(figures[i].make(SG_WIDTH_ONE_COLUMN_MM, &s, &err), &err);
        compare(s, figures[i].golden);
    }
}

static void make_and_judge(const figure *f, double width_mm)
{
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(f->make(width_mm, &s, &err), &err);
    judge(s, width_mm);
}

static void each_figure_stays_on_its_page_and_readable(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(figures); i++)
        for (size_t w = 0; w < SG_COUNT(widths); w++)
            make_and_judge(&figures[i], widths[w]);
}

static void each_figure_refuses_absurd_widths(void **state)
{
    (void)state;
    static const double bad[] = {0.0, -85.0, 39.9, 401.0, NAN, INFINITY};
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        for (size_t w = 0; w < SG_COUNT(bad); w++) {
            sg_scene *s = NULL;
            sg_error err = {0};
            assert_int_equal(figures[i].make(bad[w], &s, &err), SG_EINVAL);
            assert_null(s);
            assert_non_null(strstr(err.message, "mm wide"));
        }
    }
}

static void each_figure_survives_each_failed_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(figures); i++) {
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_scene *s = NULL;
            sg_test_alloc_budget(budget);
            status = figures[i].make(85.0, &s, NULL);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (s != NULL));
            sg_scene_free(s);
            assert_true(budget < 5000);
        }
        assert_int_equal(status, SG_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_is_the_text_that_was_accepted),
        cmocka_unit_test(each_figure_stays_on_its_page_and_readable),
        cmocka_unit_test(each_figure_refuses_absurd_widths),
        cmocka_unit_test(each_figure_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
