/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

enum { WIDE = 1000 };

static sg_adjacency_params matrix_of(const sg_adjacency_panel *panels, size_t n, size_t n_rows,
                                     size_t n_cols)
{
    sg_adjacency_params p = SG_ADJACENCY_PARAMS_DEFAULT;
    p.panels = panels;
    p.n_panels = n;
    p.n_rows = n_rows;
    p.n_cols = n_cols;
    return p;
}

static sg_scene *adjacency_made(const sg_adjacency_params *p)
{
    sg_scene *s = NULL;
    sg_error err = {0};
    assert_ok(sg_figure_adjacency(p, &s, &err), &err);
    return s;
}

/* The cells of the n-th matrix; the colour bar is one cell wide. */
static const sg_mark *find_cells(const sg_scene *s, size_t which)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_CELLS && s->mark[i].n_cols > 1 && which-- == 0)
            return &s->mark[i];
    fail_msg("there are too few matrices: %zu more are wanted", which + 1);
    return NULL;
}

static void neurons_stand_where_they_are_placed(void **state)
{
    (void)state;
    static const uint32_t row[] = {0, 2};
    static const uint32_t col[] = {1, 0};
    static const uint32_t row_at[] = {2, 0, 1};
    static const uint32_t col_at[] = {1, 0};
    const sg_adjacency_panel panel = {
        .n_links = 2, .row = row, .col = col, .row_at = row_at, .col_at = col_at};
    const sg_adjacency_params p = matrix_of(&panel, 1, 3, 2);
    sg_scene *s = adjacency_made(&p);
    const sg_mark *m = find_cells(s, 0);

    for (size_t i = 0; i < 6; i++) /* (2, 0) from the first link, (1, 1) from the second */
        assert_int_equal(m->cell[i].a > 0, i == 4 || i == 3);
    assert_string_equal(sg_scene_caption(s), "A filled cell is a link.");
    sg_scene_free(s);
}

/* A link in each of four blocks of 10 x 10, and a second in the first: none is lost, and that one
 * alone has the last colour. */
static void wide_matrices_are_binned_and_lose_no_link(void **state)
{
    (void)state;
    static const uint32_t row[] = {0, 4, 0, 999, 999};
    static const uint32_t col[] = {0, 4, 10, 0, 999};
    const sg_adjacency_panel panel = {.n_links = 5, .row = row, .col = col};
    const sg_adjacency_params p = matrix_of(&panel, 1, WIDE, WIDE);
    sg_scene *s = adjacency_made(&p);
    const sg_mark *m = find_cells(s, 0);
    const sg_ink none = sg_ink_map(SG_MAP_CIVIDIS, 0.0);
    const sg_ink most = sg_ink_map(SG_MAP_CIVIDIS, 1.0);
    const sg_ink half = sg_ink_map(SG_MAP_CIVIDIS, 0.5);
    size_t n_linked = 0;

    assert_int_equal(m->n, 100 * 100);
    for (size_t i = 0; i < m->n; i++)
        n_linked += memcmp(&m->cell[i], &none, sizeof none) != 0;
    assert_int_equal(n_linked, 4);
    assert_memory_equal(&m->cell[0], &most, sizeof most);
    assert_memory_equal(&m->cell[1], &half, sizeof half);
    assert_memory_equal(&m->cell[m->n - 1], &half, sizeof half);
    assert_non_null(strstr(sg_scene_caption(s), "among 10 \xc3\x97 10 neurons"));
    sg_scene_free(s);
}

/* A dense and an empty matrix: the colours are of one scale, and the bar has its top. */
static void two_moments_share_one_scale(void **state)
{
    (void)state;
    static uint32_t row[WIDE * 10];
    static uint32_t col[WIDE * 10];
    for (size_t i = 0; i < SG_COUNT(row); i++) {
        row[i] = (uint32_t)(i / WIDE);
        col[i] = (uint32_t)(i % WIDE);
    }
    const sg_adjacency_panel panels[] = {{.n_links = 0},
                                         {.n_links = SG_COUNT(row), .row = row, .col = col}};
    const sg_adjacency_params p = matrix_of(panels, 2, WIDE, WIDE);
    sg_scene *s = adjacency_made(&p);
    const sg_mark *full = find_cells(s, 1);
    const sg_ink most = sg_ink_map(SG_MAP_CIVIDIS, 1.0);
    const sg_ink none = sg_ink_map(SG_MAP_CIVIDIS, 0.0);

    assert_memory_equal(&find_cells(s, 0)->cell[0], &none, sizeof none);
    assert_memory_equal(&full->cell[0], &most, sizeof most);
    assert_memory_equal(&full->cell[full->n - 1], &none, sizeof none);
    sg_scene_free(s);
}

static void any_shape_stays_on_the_page(void **state)
{
    (void)state;
    static uint32_t row[4000];
    static uint32_t col[4000];
    static const size_t shapes[][2] = {{1, 1}, {1, 4000}, {4000, 1}, {300, 784}, {10, 100}};
    static const size_t counts[] = {1, 2, 8};

    for (size_t i = 0; i < SG_COUNT(shapes); i++) {
        for (size_t k = 0; k < SG_COUNT(row); k++) {
            row[k] = (uint32_t)((k * 7919) % shapes[i][0]);
            col[k] = (uint32_t)((k * 104729 + k / 7) % shapes[i][1]);
        }
        sg_adjacency_panel panels[8];
        for (size_t k = 0; k < 8; k++)
            panels[k] = (sg_adjacency_panel){
                .title = "Epoch 100", .n_links = SG_COUNT(row), .row = row, .col = col};
        for (size_t c = 0; c < SG_COUNT(counts); c++) {
            for (size_t w = 0; w < SG_COUNT(widths); w++) {
                sg_adjacency_params p = matrix_of(panels, counts[c], shapes[i][0], shapes[i][1]);
                p.width_mm = widths[w];
                sg_scene *s = adjacency_made(&p);
                assert_inside_the_page(s);
                assert_no_text_covers_another(s);
                sg_scene_free(s);
            }
        }
    }
}

static void vector_files_of_large_matrices_stay_small(void **state)
{
    (void)state;
    enum { LINKS = 60000 };
    static uint32_t row[LINKS];
    static uint32_t col[LINKS];
    uint64_t seed = 1;
    for (size_t i = 0; i < LINKS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        row[i] = (uint32_t)((seed >> 33) % WIDE);
        col[i] = (uint32_t)((seed >> 13) % WIDE);
    }
    const sg_adjacency_panel panel = {.n_links = LINKS, .row = row, .col = col};
    const sg_adjacency_panel panels[] = {panel, panel};
    for (size_t n = 1; n <= 2; n++) {
        const sg_adjacency_params p = matrix_of(panels, n, WIDE, WIDE);
        sg_scene *s = adjacency_made(&p);
        char *svg = NULL;
        sg_error err = {0};
        assert_ok(sg_scene_svg(s, "a", &svg, &err), &err);
        assert_true(strlen(svg) < 1000000);
        sg_free(svg);
        sg_scene_free(s);
    }
}

static void matrices_that_cannot_be_drawn_are_refused(void **state)
{
    (void)state;
    static const uint32_t zero[] = {0};
    static const uint32_t far[] = {3};
    static const uint32_t twice[] = {0, 0, 1};
    const sg_adjacency_panel panels[] = {
        {.n_links = 1, .row = far, .col = zero},
        {.n_links = 1, .row = zero, .col = far},
        {.n_links = 1, .row = zero},
        {.n_links = 1, .row = zero, .col = zero, .row_at = twice},
        {.n_links = 1, .row = zero, .col = zero, .row_cut = far, .col_cut = zero, .n_cuts = 1},
        {.n_links = 1, .row = zero, .col = zero, .row_cut = zero, .n_cuts = 1},
    };
    sg_scene *s = NULL;

    for (size_t i = 0; i < SG_COUNT(panels); i++) {
        sg_adjacency_params p = matrix_of(&panels[i], 1, 3, 2);
        p.n_rows = i == 4 ? 2 : 3; /* the cut at 3 lies outside of 2 rows */
        assert_int_equal(sg_figure_adjacency(&p, &s, NULL), SG_EINVAL);
    }
    sg_adjacency_params p = matrix_of(panels, 0, 3, 3);
    assert_int_equal(sg_figure_adjacency(&p, &s, NULL), SG_EINVAL);
    p = matrix_of(panels, 1, 0, 3);
    assert_int_equal(sg_figure_adjacency(&p, &s, NULL), SG_EINVAL);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neurons_stand_where_they_are_placed),
        cmocka_unit_test(wide_matrices_are_binned_and_lose_no_link),
        cmocka_unit_test(two_moments_share_one_scale),
        cmocka_unit_test(any_shape_stays_on_the_page),
        cmocka_unit_test(vector_files_of_large_matrices_stay_small),
        cmocka_unit_test(matrices_that_cannot_be_drawn_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
