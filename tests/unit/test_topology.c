/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "sparse/topology.h"

#include <math.h>
#include <stdlib.h>

static sg_random stream(uint64_t seed)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    return r;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void sorts_like_qsort(void **state)
{
    (void)state;
    sg_random r = stream(3);
    for (size_t n = 0; n < 200; n++) {
        uint64_t v[200];
        uint64_t expected[200];
        uint64_t scratch[200];
        for (size_t i = 0; i < n; i++)
            expected[i] = v[i] = sg_random_u64(&r) >> (n % 64);
        qsort(expected, n, sizeof *expected, by_value);
        sg_sort_u64(v, n, scratch);
        assert_memory_equal(v, expected, n * sizeof *v);
    }
}

/* Each of the C(6,2) = 15 (and, by the complement, C(6,4)) pairs as often as any other: chi-square,
 * 14 degrees. */
static void draws_every_subset_equally_often(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 4; n += 2) {
        size_t seen[64] = {0};
        const size_t n_draws = 30000;
        sg_random r = stream(n);
        for (size_t i = 0; i < n_draws; i++) {
            uint64_t v[4];
            sg_error err = {0};
            assert_ok(sg_sample_distinct(&r, 6, n, v, &err), &err);
            size_t set = 0;
            for (size_t j = 0; j < n; j++)
                set |= (size_t)1 << v[j];
            seen[set]++;
        }
        double chi_square = 0.0;
        const double expected = (double)n_draws / 15.0;
        for (size_t set = 0; set < 64; set++)
            if (seen[set])
                chi_square +=
                    ((double)seen[set] - expected) * ((double)seen[set] - expected) / expected;
        assert_true(chi_square <
                    36.1); /* the 0.999 quantile of chi-square with 14 degrees of freedom */
    }
}

static void starts_bernoulli_with_the_expected_number_of_links(void **state)
{
    (void)state;
    double sum = 0.0;
    double sum_square = 0.0;
    const size_t n_seeds = 200;
    const double p = sg_er_density(20.0, 784, 1000);
    const double mean = p * 784000.0; /* 35680 */
    for (size_t seed = 0; seed < n_seeds; seed++) {
        sg_random r = stream(seed);
        sg_csr *m = NULL;
        sg_error err = {0};
        assert_ok(sg_topology_bernoulli(1000, 784, p, &r, &m, &err), &err);
        assert_ok(sg_csr_check(m, &err), &err);
        sum += (double)m->n_links;
        sum_square += ((double)m->n_links - mean) * ((double)m->n_links - mean);
        sg_csr_free(m);
    }
    const double variance = mean * (1.0 - p);
    assert_true(fabs(sum / (double)n_seeds - mean) < 4.0 * sqrt(variance / (double)n_seeds));
    /* the sample variance has a relative standard error of sqrt(2 / n) = 0.1 */
    assert_true(fabs(sum_square / (double)n_seeds / variance - 1.0) < 0.4);
}

static void links_all_or_no_cells_at_the_ends_of_p(void **state)
{
    (void)state;
    const double p[] = {0.0, 1.0};
    for (size_t i = 0; i < 2; i++) {
        sg_random r = stream(1);
        sg_csr *m = NULL;
        sg_error err = {0};
        assert_ok(sg_topology_bernoulli(7, 5, p[i], &r, &m, &err), &err);
        assert_int_equal(m->n_links, i * 35);
        assert_ok(sg_csr_check(m, &err), &err);
        sg_csr_free(m);
    }
}

enum { CELLS_MAX = 400 };

/* Kept links have the values 1, 2, ... of their places before, and the negative beside; grown ones
 * -1, -2, ... in the order of their new places. */
typedef struct change {
    bool keep[CELLS_MAX];
    float grown[CELLS_MAX];
    float beside[CELLS_MAX];
} change;

static change any_change(sg_csr *m, sg_random *r, size_t *n_gone)
{
    change c = {0};
    *n_gone = 0;
    for (size_t k = 0; k < m->n_links; k++) {
        m->value[k] = (float)(k + 1);
        c.beside[k] = -(float)(k + 1);
        c.grown[k] = -(float)(k + 1);
        c.keep[k] = sg_random_below(r, 3) > 0;
        *n_gone += !c.keep[k];
    }
    return c;
}

/* Every kept link is there once with what belongs to it, the rest was empty and is new. */
static void check_regrown(const sg_csr *before, const change *c, size_t n_new, const sg_csr *m)
{
    sg_error err = {0};
    size_t n_grown = 0;
    size_t n_kept = 0;
    bool taken[CELLS_MAX] = {false};
    assert_ok(sg_csr_check(m, &err), &err);
    for (size_t row = 0; row < before->n_rows; row++)
        for (uint64_t k = before->row_start[row]; k < before->row_start[row + 1]; k++)
            taken[row * before->n_cols + before->col[k]] = c->keep[k];
    for (size_t row = 0; row < m->n_rows; row++) {
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            if (m->value[k] < 0.0F) {
                assert_true(m->value[k] == -(float)++n_grown && c->beside[k] == 0.0F);
                assert_false(taken[row * m->n_cols + m->col[k]]);
                continue;
            }
            const size_t old = (size_t)m->value[k] - 1;
            n_kept++;
            assert_true(c->keep[old] && c->beside[k] == -m->value[k]);
            assert_true(old >= before->row_start[row] && old < before->row_start[row + 1]);
            assert_int_equal(before->col[old], m->col[k]);
        }
    }
    assert_int_equal(n_grown, n_new);
    assert_int_equal(n_kept + n_grown, m->n_links);
}

static void regrows_on_empty_cells_alone_up_to_a_full_layer(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        sg_random r = stream(seed);
        sg_csr *m = NULL;
        sg_csr *before = NULL;
        sg_error err = {0};
        const size_t n_rows = 1 + (size_t)sg_random_below(&r, 20);
        const size_t n_cols = 1 + (size_t)sg_random_below(&r, 20);
        const double p = seed % 5 ? sg_random_unit(&r) : 1.0;
        assert_ok(sg_topology_bernoulli(n_rows, n_cols, p, &r, &m, &err), &err);
        size_t n_gone = 0;
        change c = any_change(m, &r, &n_gone);
        assert_ok(sg_csr_copy(m, &before, &err), &err);
        const size_t n_new = seed % 4 ? n_gone : (size_t)sg_random_below(&r, n_gone + 1);
        sg_regrowth how = {
            .keep = c.keep, .n_new = n_gone + 1, .grown = c.grown, .beside = c.beside};
        assert_int_equal(sg_topology_regrow(m, &how, &r, &err), SG_EINVAL);
        how.n_new = n_new;
        assert_ok(sg_topology_regrow(m, &how, &r, &err), &err);
        check_regrown(before, &c, n_new, m);
        sg_csr_free(m);
        sg_csr_free(before);
    }
}

static void grows_every_empty_cell_equally_often(void **state)
{
    (void)state;
    /* row 0: links at columns 0 and 2, the second goes; row 1: none */
    enum { N = 6000 };
    size_t count[6] = {0};
    sg_random r = stream(7);
    sg_error err = {0};
    for (size_t i = 0; i < N; i++) {
        sg_csr *m = NULL;
        assert_ok(sg_csr_new(2, 3, 2, true, &m, &err), &err);
        m->row_start[1] = m->row_start[2] = 2;
        m->col[0] = 0;
        m->col[1] = 2;
        m->value[0] = m->value[1] = 1.0F;
        const sg_regrowth how = {
            .keep = (const bool[]){true, false}, .n_new = 1, .grown = (const float[]){-1.0F}};
        assert_ok(sg_topology_regrow(m, &how, &r, &err), &err);
        for (size_t row = 0; row < 2; row++)
            for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
                count[3 * row + m->col[k]] += m->value[k] < 0.0F;
        sg_csr_free(m);
    }
    assert_int_equal(count[0], 0);
    for (size_t cell = 1; cell < 6; cell++) /* 1200 expected, five standard deviations */
        assert_true(count[cell] > 1200 - 155 && count[cell] < 1200 + 155);
}

static void changes_nothing_where_memory_is_short(void **state)
{
    (void)state;
    sg_csr *m = NULL;
    sg_csr *before = NULL;
    sg_error err = {0};
    sg_random r = stream(1);
    assert_ok(sg_topology_exact(10, 10, 30, &r, &m, &err), &err);
    size_t n_gone = 0;
    change c = any_change(m, &r, &n_gone);
    assert_ok(sg_csr_copy(m, &before, &err), &err);
    const sg_regrowth how = {.keep = c.keep, .n_new = n_gone, .grown = c.grown, .beside = c.beside};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_memory_equal(m->col, before->col, 30 * sizeof *m->col);
        assert_memory_equal(m->row_start, before->row_start, 11 * sizeof *m->row_start);
        sg_test_alloc_budget(budget);
        status = sg_topology_regrow(m, &how, &r, NULL);
        sg_test_alloc_budget(-1);
        assert_true(budget < 12);
    }
    assert_int_equal(status, SG_OK);
    check_regrown(before, &c, n_gone, m);
    sg_csr_free(m);
    sg_csr_free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_like_qsort),
        cmocka_unit_test(draws_every_subset_equally_often),
        cmocka_unit_test(starts_bernoulli_with_the_expected_number_of_links),
        cmocka_unit_test(links_all_or_no_cells_at_the_ends_of_p),
        cmocka_unit_test(regrows_on_empty_cells_alone_up_to_a_full_layer),
        cmocka_unit_test(grows_every_empty_cell_equally_often),
        cmocka_unit_test(changes_nothing_where_memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
