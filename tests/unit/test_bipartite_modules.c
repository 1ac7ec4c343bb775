/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "measure/bipartite_modules.h"
#include "one_link.h"
#include <string.h>

static const sg_modules_params eight_starts = {.n_starts = 8, .seed = 1};

/* Barber's Q by its definition, over all cells. */
static double modularity_of(const sg_csr *m, const sg_modules *found)
{
    SG_AUTOFREE uint64_t *out = SG_NEW_ARRAY(uint64_t, m->n_cols);
    assert_non_null(out);
    for (size_t k = 0; k < m->n_links; k++)
        out[m->col[k]]++;
    const double links = (double)m->n_links;
    double q = 0;
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t *start = &m->row_start[row];
        for (size_t col = 0; col < m->n_cols; col++)
            if (found->row[row] == found->col[col] && found->row[row] != SG_NO_MODULE)
                q -= (double)(start[1] - start[0]) * (double)out[col] / links;
        for (uint64_t k = start[0]; k < start[1]; k++)
            q += found->row[row] == found->col[m->col[k]];
    }
    return q / links;
}

/* Finds the modules of m, checks what holds of any partition, and frees m. */
static double find(sg_csr *m, size_t *ret_n)
{
    sg_modules found = {0};
    sg_error err = {0};
    assert_ok(sg_modules_find(m, &eight_starts, &found, &err), &err);
    assert_true(fabs(found.modularity - modularity_of(m, &found)) < 1e-12);
    for (size_t row = 0; row < m->n_rows; row++)
        assert_true(m->row_start[row] == m->row_start[row + 1] ? found.row[row] == SG_NO_MODULE
                                                               : found.row[row] < found.n);
    const double q = found.modularity;
    *ret_n = found.n;
    sg_modules_clear(&found);
    sg_csr_free(m);
    return q;
}

/*
 * The largest Q that simulated annealing finds in Python on the same matrices (NumPy 1.24, 60,000
 * to 200,000 steps); on the women it is also the best of the literature, four modules.
 */
static void climbs_as_high_as_simulated_annealing(void **state)
{
    (void)state;
    size_t n;
    assert_true(fabs(find(drawn_matrix(18, 14, southern_women), &n) - 0.34553717964903485) < 1e-12);
    assert_int_equal(n, 4);
    assert_true(find(drawn_at_random(60, 45, 60, 7), &n) > 0.5254);
    assert_true(find(drawn_at_random(300, 8, 150, 3), &n) > 0.99 * 0.49275624647558836);
}

/* b equal full blocks: 1 - 1/b. */
static void finds_planted_modules(void **state)
{
    (void)state;
    static const size_t N_BLOCKS = 12;
    static const size_t N_ROWS = 5;
    static const size_t N_COLS = 7;
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(N_BLOCKS * N_ROWS, N_BLOCKS * N_COLS, N_BLOCKS * N_ROWS * N_COLS, false,
                         &m, &err),
              &err);
    for (size_t row = 0; row < m->n_rows; row++) {
        m->row_start[row + 1] = m->row_start[row] + N_COLS;
        for (size_t k = 0; k < N_COLS; k++) /* blocks interleaved: row r belongs to r mod 12 */
            m->col[row * N_COLS + k] = (uint32_t)(k * N_BLOCKS + row % N_BLOCKS);
    }
    sg_modules found = {0};
    assert_ok(sg_modules_find(m, &eight_starts, &found, &err), &err);
    assert_int_equal(found.n, N_BLOCKS);
    assert_true(fabs(found.modularity - (1 - 1.0 / (double)N_BLOCKS)) < 1e-12);
    for (size_t row = 0; row < m->n_rows; row++)
        assert_int_equal(found.row[row], row % N_BLOCKS);
    for (size_t col = 0; col < m->n_cols; col++)
        assert_int_equal(found.col[col], col % N_BLOCKS);
    sg_modules_clear(&found);
    sg_csr_free(m);
}

static void calls_a_link_without_structure_one_module(void **state)
{
    (void)state;
    static const char *const rows[] = {"1011", "1011", "0000"};
    size_t n;
    assert_true(find(drawn_matrix(3, 4, rows), &n) == 0);
    assert_int_equal(n, 1);
}

static void has_no_modularity_without_connections(void **state)
{
    (void)state;
    static const char *const rows[] = {"00", "00", "00"};
    static const expected_value expected[] = {{"barber_modularity", NAN}, {"barber_modules", 0}};
    sg_snapshot *s = one_link(drawn_matrix(3, 2, rows));
    assert_measures(s, expected, SG_COUNT(expected), 0);
    sg_snapshot_free(s);
}

static void finds_the_same_again_and_no_less_from_more_starts(void **state)
{
    (void)state;
    sg_csr *m = drawn_at_random(120, 90, 80, 4);
    double before = -1;
    sg_error err = {0};
    for (size_t n_starts = 1; n_starts <= 16; n_starts *= 2) {
        const sg_modules_params params = {.n_starts = n_starts, .seed = 3};
        sg_modules found = {0};
        sg_modules again = {0};
        assert_ok(sg_modules_find(m, &params, &found, &err), &err);
        assert_ok(sg_modules_find(m, &params, &again, &err), &err);
        assert_memory_equal(found.row, again.row, m->n_rows * sizeof *found.row);
        assert_memory_equal(found.col, again.col, m->n_cols * sizeof *found.col);
        assert_true(found.modularity >= before);
        before = found.modularity;
        sg_modules_clear(&found);
        sg_modules_clear(&again);
    }
    sg_csr_free(m);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 100 };
    sg_snapshot *s = one_link(drawn_at_random(30, 40, 200, 5));
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_measured *m = NULL;
        double ret;
        assert_true(budget < BUDGET_MAX);
        sg_test_alloc_budget(budget);
        status = sg_measured_new(s, NULL, &m, NULL);
        if (status == SG_OK)
            status = sg_measure_value(sg_measure_find("barber_modules"), m, 0, &ret, NULL);
        sg_measured_free(m);
        sg_test_alloc_budget(-1);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(climbs_as_high_as_simulated_annealing),
        cmocka_unit_test(finds_planted_modules),
        cmocka_unit_test(calls_a_link_without_structure_one_module),
        cmocka_unit_test(has_no_modularity_without_connections),
        cmocka_unit_test(finds_the_same_again_and_no_less_from_more_starts),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
