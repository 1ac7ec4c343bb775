/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "graph/bicm.h"
#include "graph/curveball.h"
#include "sparse/topology.h"
#include "sparsegraph/null_model.h"

#include <math.h>
#include <string.h>

static sg_random stream(uint64_t seed)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    return r;
}

/* Rows as bit masks of columns; values 1, 2, 3, … */
static sg_csr *matrix_of(const unsigned *rows, size_t n_rows, size_t n_cols)
{
    sg_error err = {0};
    sg_csr *m = NULL;
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++)
        n += (size_t)__builtin_popcount(rows[row]);
    assert_ok(sg_csr_new(n_rows, n_cols, n, true, &m, &err), &err);
    n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++)
            if (rows[row] >> col & 1) {
                m->value[n] = (float)(n + 1);
                m->col[n++] = (uint32_t)col;
            }
        m->row_start[row + 1] = n;
    }
    return m;
}

static sg_csr *random_matrix(size_t n_rows, size_t n_cols, size_t n_links, uint64_t seed)
{
    sg_error err = {0};
    sg_csr *m = NULL;
    sg_random r = stream(seed);
    assert_ok(sg_topology_exact(n_rows, n_cols, n_links, &r, &m, &err), &err);
    for (size_t k = 0; k < n_links; k++)
        m->value[k] = (float)sg_random_normal(&r);
    return m;
}

static void assert_same_degrees(const sg_csr *a, const sg_csr *b)
{
    sg_error err = {0};
    sg_csr *a_turned = NULL;
    sg_csr *b_turned = NULL;
    assert_ok(sg_csr_check(b, &err), &err);
    assert_memory_equal(a->row_start, b->row_start, (a->n_rows + 1) * sizeof *a->row_start);
    assert_ok(sg_csr_transpose(a, NULL, &a_turned, &err), &err);
    assert_ok(sg_csr_transpose(b, NULL, &b_turned, &err), &err);
    assert_memory_equal(a_turned->row_start, b_turned->row_start,
                        (a->n_cols + 1) * sizeof *a->row_start);
    sg_csr_free(a_turned);
    sg_csr_free(b_turned);
}

static void trades_keep_every_degree(void **state)
{
    (void)state;
    const size_t shapes[][3] = {{40, 60, 300}, {60, 40, 300},   {1, 50, 20},
                                {50, 1, 20},   {2, 2, 2},       {30, 30, 0},
                                {30, 30, 880}, {100, 10, 1000}, {300, 20, 4000}};
    for (size_t i = 0; i < SG_COUNT(shapes); i++) {
        sg_error err = {0};
        sg_csr *m = random_matrix(shapes[i][0], shapes[i][1], shapes[i][2], i);
        sg_csr *mixed = NULL;
        sg_curveball_mixing mixing = {0};
        sg_random r = stream(i);
        assert_ok(sg_curveball(m, 0, &r, &mixing, &mixed, &err), &err);
        assert_same_degrees(m, mixed);
        assert_true(mixing.levelled);
        sg_csr_free(m);
        sg_csr_free(mixed);
    }
}

/* How often each of the matrices with the margins of a 3 x 3 one comes out; 512 = all of them. */
static double chi_square_of(const unsigned *rows, size_t n_matrices, size_t n_draws)
{
    size_t seen[512] = {0};
    size_t n_seen = 0;
    sg_csr *m = matrix_of(rows, 3, 3);
    sg_random r = stream(7);
    for (size_t i = 0; i < n_draws; i++) {
        sg_error err = {0};
        sg_csr *mixed = NULL;
        sg_curveball_mixing mixing = {0};
        assert_ok(sg_curveball(m, 12, &r, &mixing, &mixed, &err), &err);
        size_t code = 0;
        for (size_t row = 0; row < 3; row++)
            for (uint64_t k = mixed->row_start[row]; k < mixed->row_start[row + 1]; k++)
                code |= (size_t)1 << (row * 3 + mixed->col[k]);
        n_seen += seen[code]++ == 0;
        sg_csr_free(mixed);
    }
    sg_csr_free(m);
    assert_int_equal(n_seen, n_matrices);
    const double expected = (double)n_draws / (double)n_matrices;
    double chi_square = 0;
    for (size_t i = 0; i < SG_COUNT(seen); i++)
        if (seen[i])
            chi_square += ((double)seen[i] - expected) * ((double)seen[i] - expected) / expected;
    return chi_square;
}

/* The 6 permutation matrices, and the 5 matrices with margins (2, 1, 1), counted by hand; the .001
 * quantiles of chi-square with 5 and 4 degrees of freedom are 20.5 and 18.5. */
static void trades_reach_every_matrix_equally_often(void **state)
{
    (void)state;
    const unsigned identity[] = {1, 2, 4};
    const unsigned corner[] = {3, 1, 4};
    assert_true(chi_square_of(identity, 6, 12000) < 20.5);
    assert_true(chi_square_of(corner, 5, 12000) < 18.5);
}

/* A link of a random matrix of density p is met again with probability near p. */
static void trades_go_on_until_the_overlap_has_levelled_off(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_csr *m = random_matrix(400, 500, 10000, 1);
    sg_csr *mixed = NULL;
    sg_curveball_mixing mixing = {0};
    sg_random r = stream(2);
    assert_ok(sg_curveball(m, 0, &r, &mixing, &mixed, &err), &err);
    assert_true(mixing.levelled);
    assert_true(mixing.n_trades >= 10 * 400);
    assert_true(fabs(mixing.in_common - 0.05) < 0.015);
    sg_csr_free(m);
    sg_csr_free(mixed);
}

static void the_model_expects_the_degrees_it_was_given(void **state)
{
    (void)state;
    const size_t shapes[][3] = {{40, 60, 300}, {784, 1000, 36000}, {5, 9, 44}, {20, 20, 20}};
    for (size_t i = 0; i < SG_COUNT(shapes); i++) {
        sg_error err = {0};
        sg_bicm b = {0};
        sg_csr *m = random_matrix(shapes[i][0], shapes[i][1], shapes[i][2], i);
        assert_ok(sg_bicm_fit(m, &b, &err), &err);
        assert_true(b.error < 1e-5);
        sg_bicm_clear(&b);
        sg_csr_free(m);
    }
}

/* Row 0 is linked to all, row 3 to none; then column 0 is full among the rest, and so on: nothing
 * is left to chance. */
static void the_model_knows_when_there_is_no_choice(void **state)
{
    (void)state;
    const unsigned nested[] = {0xf, 0x3, 0x1, 0x0};
    sg_error err = {0};
    sg_bicm b = {0};
    sg_csr *m = matrix_of(nested, 4, 4);
    sg_csr *drawn = NULL;
    sg_random r = stream(1);
    assert_ok(sg_bicm_fit(m, &b, &err), &err);
    assert_true(b.error == 0);
    assert_ok(sg_bicm_draw(&b, &r, &drawn, &err), &err);
    assert_memory_equal(drawn->row_start, m->row_start, 5 * sizeof *m->row_start);
    assert_memory_equal(drawn->col, m->col, m->n_links * sizeof *m->col);
    assert_true(sg_bicm_butterflies(&b) == 1); /* rows 0 and 1 share columns 0 and 1 */
    sg_bicm_clear(&b);
    sg_csr_free(m);
    sg_csr_free(drawn);
}

static size_t count_butterflies(const sg_csr *m)
{
    size_t n = 0;
    for (size_t a = 0; a < m->n_rows; a++)
        for (size_t b = a + 1; b < m->n_rows; b++) {
            size_t both = 0;
            for (uint64_t i = m->row_start[a]; i < m->row_start[a + 1]; i++)
                for (uint64_t j = m->row_start[b]; j < m->row_start[b + 1]; j++)
                    both += m->col[i] == m->col[j];
            n += both * (both - 1) / 2 * (both > 0);
        }
    return n;
}

/* The mean degree and number of butterflies over draws against the exact expectation, within four
 * standard errors. */
static void draws_of_the_model_scatter_about_its_expectation(void **state)
{
    (void)state;
    enum { N_DRAWS = 400 };
    sg_error err = {0};
    sg_bicm b = {0};
    sg_csr *m = random_matrix(20, 30, 150, 4);
    sg_random r = stream(5);
    double sum = 0;
    double squares = 0;
    double links = 0;
    assert_ok(sg_bicm_fit(m, &b, &err), &err);
    for (size_t i = 0; i < N_DRAWS; i++) {
        sg_csr *drawn = NULL;
        assert_ok(sg_bicm_draw(&b, &r, &drawn, &err), &err);
        assert_ok(sg_csr_check(drawn, &err), &err);
        const double n = (double)count_butterflies(drawn);
        sum += n;
        squares += n * n;
        links += (double)drawn->n_links;
        sg_csr_free(drawn);
    }
    const double mean = sum / N_DRAWS;
    const double error = sqrt((squares / N_DRAWS - mean * mean) / N_DRAWS);
    assert_true(fabs(mean - sg_bicm_butterflies(&b)) < 4 * error);
    assert_true(fabs(links / N_DRAWS - 150) < 4 * sqrt(150.0 / N_DRAWS));
    sg_bicm_clear(&b);
    sg_csr_free(m);
}

static sg_snapshot *network(void)
{
    sg_error err = {0};
    sg_snapshot *s = NULL;
    const sg_layer layers[] = {{.name = "input", .size = 30},
                               {.name = "hidden1", .size = 20},
                               {.name = "output", .size = 5}};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < 3; i++)
        assert_ok(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    assert_ok(sg_snapshot_add_link(s, "a", 0, 1, random_matrix(20, 30, 120, 1), &err), &err);
    assert_ok(sg_snapshot_add_link(s, "b", 1, 2, random_matrix(5, 20, 100, 2), &err), &err);
    assert_ok(sg_snapshot_set_meta(s, "epoch", "3", &err), &err);
    return s;
}

static double sum_of(const sg_csr *m, size_t row)
{
    double sum = 0;
    for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
        sum += (double)m->value[k];
    return sum;
}

static void a_random_network_keeps_what_its_model_promises(void **state)
{
    (void)state;
    sg_snapshot *s = network();
    const sg_csr *a = sg_snapshot_link(s, 0)->matrix;
    for (sg_null_model model = SG_NULL_MODEL_RANDOM; model <= SG_NULL_MODEL_BICM; model++) {
        sg_error err = {0};
        sg_snapshot *drawn = NULL;
        sg_null_drawn how = {0};
        const sg_null_params params = {model, 1, 0};
        assert_ok(sg_null_network(s, &params, &how, &drawn, &err), &err);
        const sg_csr *m = sg_snapshot_link(drawn, 0)->matrix;
        assert_ok(sg_csr_check(m, &err), &err);
        assert_int_not_equal(memcmp(m->col, a->col, 100 * sizeof *a->col), 0);
        if (model != SG_NULL_MODEL_BICM)
            assert_int_equal(m->n_links, a->n_links);
        if (model == SG_NULL_MODEL_CURVEBALL) {
            assert_same_degrees(a, m);
            for (size_t row = 0; row < m->n_rows; row++)
                assert_true(fabs(sum_of(a, row) - sum_of(m, row)) < 1e-5);
            assert_true(how.levelled && how.n_trades >= 200);
        }
        /* The full link has no other arrangement. */
        assert_memory_equal(sg_snapshot_link(drawn, 1)->matrix->value,
                            sg_snapshot_link(s, 1)->matrix->value, 100 * sizeof *a->value);
        assert_int_equal(sg_snapshot_epoch(drawn), 3);
        sg_snapshot_free(drawn);
    }
    sg_snapshot_free(s);
}

static void an_index_names_a_network(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_snapshot *s = network();
    sg_snapshot *drawn[3];
    for (uint32_t i = 0; i < 3; i++) {
        const sg_null_params params = {SG_NULL_MODEL_CURVEBALL, 9, i / 2};
        assert_ok(sg_null_network(s, &params, NULL, &drawn[i], &err), &err);
    }
    const uint32_t *first = sg_snapshot_link(drawn[0], 0)->matrix->col;
    const size_t size = 120 * sizeof *first;
    assert_memory_equal(first, sg_snapshot_link(drawn[1], 0)->matrix->col, size);
    assert_int_not_equal(memcmp(first, sg_snapshot_link(drawn[2], 0)->matrix->col, size), 0);
    for (size_t i = 0; i < 3; i++)
        sg_snapshot_free(drawn[i]);
    sg_snapshot_free(s);
}

static void running_out_of_memory_is_an_error_like_any_other(void **state)
{
    (void)state;
    sg_snapshot *s = network();
    for (sg_null_model model = SG_NULL_MODEL_RANDOM; model <= SG_NULL_MODEL_BICM; model++) {
        const sg_null_params params = {model, 1, 0};
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_error err = {0};
            sg_snapshot *drawn = NULL;
            sg_test_alloc_budget(budget);
            status = sg_null_network(s, &params, NULL, &drawn, &err);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (drawn != NULL));
            sg_snapshot_free(drawn);
        }
        assert_int_equal(status, SG_OK);
    }
    sg_snapshot_free(s);
}

static void an_unknown_model_is_refused(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_snapshot *s = network();
    sg_snapshot *drawn = NULL;
    const sg_null_params params = {(sg_null_model)3, 1, 0};
    assert_int_equal(sg_null_network(s, &params, NULL, &drawn, &err), SG_EINVAL);
    assert_null(sg_null_model_name((sg_null_model)3));
    assert_string_equal(sg_null_model_name(SG_NULL_MODEL_CURVEBALL), "curveball");
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trades_keep_every_degree),
        cmocka_unit_test(trades_reach_every_matrix_equally_often),
        cmocka_unit_test(trades_go_on_until_the_overlap_has_levelled_off),
        cmocka_unit_test(the_model_expects_the_degrees_it_was_given),
        cmocka_unit_test(the_model_knows_when_there_is_no_choice),
        cmocka_unit_test(draws_of_the_model_scatter_about_its_expectation),
        cmocka_unit_test(a_random_network_keeps_what_its_model_promises),
        cmocka_unit_test(an_index_names_a_network),
        cmocka_unit_test(running_out_of_memory_is_an_error_like_any_other),
        cmocka_unit_test(an_unknown_model_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
