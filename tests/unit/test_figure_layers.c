/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

typedef struct layer_case {
    size_t sizes[2];
    uint32_t *from, *to;
    size_t n_links;
    sg_layers_link link;
    sg_layers_params params;
} layer_case;

/* Neuron i of `from` to all of `to` whose number is i modulo 7. */
static void make_layers(layer_case *c, size_t n_from, size_t n_to)
{
    *c = (layer_case){.sizes = {n_from, n_to}};
    c->from = malloc(n_from * n_to * sizeof *c->from);
    c->to = malloc(n_from * n_to * sizeof *c->to);
    for (size_t i = 0; i < n_from; i++)
        for (size_t k = i % 7; k < n_to; k += 7) {
            c->from[c->n_links] = (uint32_t)i;
            c->to[c->n_links++] = (uint32_t)k;
        }
    c->link = (sg_layers_link){0, 1, c->n_links, c->from, c->to, NULL};
    c->params = SG_LAYERS_PARAMS_DEFAULT;
    c->params.layer_size = c->sizes;
    c->params.n_layers = 2;
    c->params.links = &c->link;
    c->params.n_link_sets = 1;
}

static void free_layers(layer_case *c)
{
    free(c->from);
    free(c->to);
}

/* Links drawn in the dense and in the sparse panel. */
static void count_links(const sg_scene *s, size_t ret[2])
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_SEGMENTS && n < 2)
            ret[n++] = s->mark[i].n;
}

static void sampled_layers_keep_the_density_and_state_the_sample(void **state)
{
    (void)state;
    layer_case c;
    sg_error err = {0};
    double sum = 0.0;
    make_layers(&c, 784, 1000);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        sg_scene *s = NULL;
        size_t n[2] = {0, 0};
        c.params.seed = seed;
        assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
        count_links(s, n);
        assert_int_equal(n[0], 24 * 24);
        sum += (double)n[1];
        if (seed == 1) {
            char expected[256];
            snprintf(expected, sizeof expected,
                     "24 of 784 neurons, 24 of 1,000, chosen uniformly at random, and all links "
                     "between them are drawn: 576 in a, %zu in b.",
                     n[1]);
            assert_string_equal(sg_scene_caption(s), expected);
            assert_non_null(find_text(s, "784,000 links, density 100 %"));
            assert_non_null(find_text(s, "112,000 links, density 14.3 %"));
        }
        sg_scene_free(s);
    }
    /* A seventh of 576 is 82.3; the mean of 40 samples has a standard error of about 1.4. */
    assert_true(fabs(sum / 40.0 - 576.0 / 7.0) < 7.0);
    free_layers(&c);
}

static void the_sample_follows_the_seed(void **state)
{
    (void)state;
    layer_case c;
    sg_error err = {0};
    char *dump[3] = {NULL, NULL, NULL};
    make_layers(&c, 200, 300);
    for (size_t i = 0; i < 3; i++) {
        sg_scene *s = NULL;
        c.params.seed = i == 2 ? 9 : 1;
        assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
        assert_ok(sg_scene_dump(s, &dump[i], &err), &err);
        sg_scene_free(s);
    }
    assert_string_equal(dump[0], dump[1]);
    assert_string_not_equal(dump[0], dump[2]);
    for (size_t i = 0; i < 3; i++)
        sg_free(dump[i]);
    free_layers(&c);
}

static void small_layers_are_drawn_whole(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    size_t n[2] = {0, 0};
    make_layers(&c, 9, 8);
    assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
    count_links(s, n);
    assert_int_equal(n[0], 72);
    assert_int_equal(n[1], c.n_links);
    assert_string_equal(sg_scene_caption(s), "");
    sg_scene_free(s);
    free_layers(&c);
}

static void layers_without_any_link_are_hollow(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    make_layers(&c, 9, 8);
    c.link.n_links = 0;
    assert_ok(sg_figure_layers(&c.params, &s, &err), &err);
    assert_string_equal(sg_scene_caption(s), "Hollow: neurons without any link in the network.");
    assert_non_null(find_text(s, "0 links, density 0 %"));
    judge(s, 180.0);
    free_layers(&c);
}

static void judge_layers(sg_layers_params *p)
{
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_scene *s = NULL;
        sg_error err = {0};
        p->width_mm = widths[w];
        assert_ok(sg_figure_layers(p, &s, &err), &err);
        assert_inside_the_page(s);
        sg_scene_free(s);
    }
}

static void layers_fit_for_every_depth(void **state)
{
    (void)state;
    size_t sizes[16];
    sg_layers_link links[15];
    const char *names[16];
    for (size_t i = 0; i < 16; i++) {
        sizes[i] = i == 15 ? 10 : 1000;
        names[i] = i == 0 ? "input" : i == 15 ? "output" : "hidden10";
    }
    for (size_t i = 0; i < 15; i++)
        links[i] = (sg_layers_link){.from_layer = i, .to_layer = i + 1};
    sg_layers_params p = SG_LAYERS_PARAMS_DEFAULT;
    p.layer_size = sizes;
    p.layer_name = names;
    p.links = links;
    for (p.n_layers = 2; p.n_layers <= 16; p.n_layers++) {
        p.n_link_sets = p.n_layers - 1;
        p.max_neurons = p.n_layers % 2 ? 100 : 24;
        judge_layers(&p);
    }
}

static void layers_refuse_links_to_nowhere(void **state)
{
    (void)state;
    layer_case c;
    sg_scene *s = NULL;
    sg_error err = {0};
    make_layers(&c, 9, 8);
    c.to[3] = 8;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "link 3 of links 0"));
    c.to[3] = 0;
    c.link.to_layer = 2;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    c.link.to_layer = 0;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    c.link.to_layer = 1;
    c.params.max_neurons = 1;
    assert_int_equal(sg_figure_layers(&c.params, &s, &err), SG_EINVAL);
    assert_null(s);
    free_layers(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sampled_layers_keep_the_density_and_state_the_sample),
        cmocka_unit_test(the_sample_follows_the_seed),
        cmocka_unit_test(small_layers_are_drawn_whole),
        cmocka_unit_test(layers_without_any_link_are_hollow),
        cmocka_unit_test(layers_fit_for_every_depth),
        cmocka_unit_test(layers_refuse_links_to_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
