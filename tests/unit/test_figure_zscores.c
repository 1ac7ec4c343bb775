/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "figure_rules.h"

enum { MOST = 101 };

static long epochs[MOST];

/* One row of n epochs in one panel. */
static sg_scene *row_of(const double *z, size_t n, double width_mm)
{
    static const sg_zscores_row row = {"a measure", NULL};
    const sg_zscores_panel panel = {"a link", z};
    sg_zscores_params p = SG_ZSCORES_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};

    for (size_t i = 0; i < MOST; i++)
        epochs[i] = (long)i;
    p.rows = &row;
    p.n_rows = 1;
    p.epochs = epochs;
    p.n_epochs = n;
    p.panels = &panel;
    p.n_panels = 1;
    p.width_mm = width_mm;
    assert_ok(sg_figure_zscores(&p, &s, &err), &err);
    return s;
}

static const sg_mark *find_cells(const sg_scene *s, size_t n)
{
    for (size_t i = 0; i < s->n_marks; i++)
        if (s->mark[i].kind == SG_MARK_CELLS && s->mark[i].n == n)
            return &s->mark[i];
    fail_msg("there are no %zu cells", n);
    return NULL;
}

static void what_is_no_finding_is_white_and_signs_have_their_colours(void **state)
{
    (void)state;
    static const double z[] = {0.0, 1.99, -1.99, 2.0, -2.0, 50.0, -50.0, NAN};
    sg_scene *s = row_of(z, SG_COUNT(z), 180.0);
    const sg_ink *cell = find_cells(s, SG_COUNT(z))->cell;

    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(&cell[i], &SG_INK_WHITE, sizeof *cell);
    assert_true(cell[3].r > cell[3].b + 40); /* already far from white */
    assert_true(cell[4].b > cell[4].r + 40);
    const sg_ink reddest = sg_ink_map(SG_MAP_DIVERGING, 1.0);
    const sg_ink bluest = sg_ink_map(SG_MAP_DIVERGING, 0.0);
    assert_memory_equal(&cell[5], &reddest, sizeof reddest);
    assert_memory_equal(&cell[6], &bluest, sizeof bluest);
    assert_int_equal(cell[7].a, 0); /* hatched */
    assert_non_null(strstr(sg_scene_caption(s), "Hatched: not defined."));
    sg_scene_free(s);
}

static void values_beyond_the_scale_are_told_of(void **state)
{
    (void)state;
    static const double within[] = {999.0, -3.0};
    static const double beyond[] = {-INFINITY, 2.5};
    sg_scene *s = row_of(within, 2, 180.0);

    assert_null(strstr(sg_scene_caption(s), "beyond"));
    sg_scene_free(s);
    s = row_of(beyond, 2, 180.0);
    assert_non_null(strstr(sg_scene_caption(s), "beyond"));
    assert_null(strstr(sg_scene_caption(s), "Hatched"));
    sg_scene_free(s);
}

static void numbers_are_printed_only_where_they_fit(void **state)
{
    (void)state;
    static double z[MOST];
    for (size_t i = 0; i < MOST; i++)
        z[i] = -7.5;
    sg_scene *s = row_of(z, 3, 85.0);
    assert_non_null(find_text(s, "\xe2\x88\x92"
                                 "7.5"));
    sg_scene_free(s);
    s = row_of(z, MOST, 85.0);
    assert_null(find_text(s, "7.5"));
    sg_scene_free(s);
}

static void any_number_of_links_measures_and_epochs_stays_readable(void **state)
{
    (void)state;
    static double z[16][64 * 13];
    static sg_zscores_row rows[64];
    sg_zscores_panel panels[16];
    static const size_t sizes[][3] = {{1, 1, 1}, {64, 13, 16}, {5, 2, 3}, {1, 13, 7}};

    for (size_t k = 0; k < 16; k++) {
        for (size_t i = 0; i < SG_COUNT(z[k]); i++)
            z[k][i] = i % 11 == 0 ? (double)NAN : 40.0 * sin((double)(i * (k + 1)));
        panels[k] = (sg_zscores_panel){"hidden1-hidden2", z[k]};
    }
    for (size_t i = 0; i < 64; i++)
        rows[i] = (sg_zscores_row){"out-degree, Gini coefficient", i < 2         ? NULL
                                                                   : i % 64 < 20 ? "Random links"
                                                                                 : "Same degrees"};
    for (size_t i = 0; i < SG_COUNT(sizes); i++) {
        for (size_t w = 0; w < SG_COUNT(widths); w++) {
            sg_zscores_params p = SG_ZSCORES_PARAMS_DEFAULT;
            sg_scene *s = NULL;
            sg_error err = {0};
            p.rows = rows;
            p.n_rows = sizes[i][0];
            p.epochs = epochs;
            p.n_epochs = sizes[i][1];
            p.panels = panels;
            p.n_panels = sizes[i][2];
            p.width_mm = widths[w];
            assert_ok(sg_figure_zscores(&p, &s, &err), &err);
            assert_inside_the_page(s);
            assert_no_text_covers_another(s);
            sg_scene_free(s);
        }
    }
}

static void labels_that_do_not_fit_are_cut_off_and_say_so(void **state)
{
    (void)state;
    static const double z[] = {1.0};
    static const sg_zscores_row row = {
        "a measure of so many words, \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9, that they "
        "do not fit beside any panel of a figure one column wide",
        NULL};
    const sg_zscores_panel panel = {"a link", z};
    sg_zscores_params p = SG_ZSCORES_PARAMS_DEFAULT;

    p.rows = &row;
    p.n_rows = p.n_epochs = p.n_panels = 1;
    p.epochs = epochs;
    p.panels = &panel;
    for (p.width_mm = 40.0; p.width_mm < 90.0; p.width_mm += 1.0) {
        sg_scene *s = NULL;
        sg_error err = {0};
        assert_ok(sg_figure_zscores(&p, &s, &err), &err);
        assert_non_null(find_text(s, "\xe2\x80\xa6"));
        judge(s, p.width_mm);
    }
}

static void z_scores_that_cannot_be_drawn_are_refused(void **state)
{
    (void)state;
    static const double z[] = {1.0, 2.0};
    static const long back[] = {1, 0};
    const sg_zscores_row row = {"a", NULL};
    const sg_zscores_panel panel = {NULL, z};
    const sg_zscores_panel empty = {NULL, NULL};
    const sg_zscores_params good = {.rows = &row,
                                    .n_rows = 1,
                                    .epochs = epochs,
                                    .n_epochs = 2,
                                    .panels = &panel,
                                    .n_panels = 1,
                                    .width_mm = 85.0};
    sg_zscores_params bad[] = {good, good, good, good, good};
    sg_scene *s = NULL;

    bad[0].n_rows = 65;
    bad[1].n_epochs = 0;
    bad[2].n_panels = 17;
    bad[3].epochs = back;
    bad[4].panels = &empty;
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(sg_figure_zscores(&bad[i], &s, NULL), SG_EINVAL);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_finding_is_white_and_signs_have_their_colours),
        cmocka_unit_test(values_beyond_the_scale_are_told_of),
        cmocka_unit_test(numbers_are_printed_only_where_they_fit),
        cmocka_unit_test(any_number_of_links_measures_and_epochs_stays_readable),
        cmocka_unit_test(labels_that_do_not_fit_are_cut_off_and_say_so),
        cmocka_unit_test(z_scores_that_cannot_be_drawn_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
