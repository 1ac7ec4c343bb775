/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "measure/measured.h"
#include "measure/overlap.h"
#include "one_link.h"

/*
 * Values of others: NetworkX 2.8.8 for the clusterings, SciPy 1.10.1 for the correlations and the
 * entropies, NumPy 1.24 on dense matrices for the rest. They add the same numbers in another order:
 * 1e-12 is far above the rounding.
 */
#define TOLERANCE 1e-12

/* The values that the literature repeats: 341 butterflies, RA .467764, NODF 48.5812. */
static const expected_value of_davis[] = {
    {"butterflies", 341.0},
    {"three_paths", 2916.0},
    {"robins_alexander", 0.46776406035665297},
    {"in_latapy_dot", 0.3171399238477187},
    {"in_latapy_min", 0.6140413589678296},
    {"in_latapy_max", 0.3770891439488253},
    {"out_latapy_dot", 0.34307343734965745},
    {"out_latapy_min", 0.724095695970696},
    {"out_latapy_max", 0.3799131671899529},
    {"nodf_in", 48.2057267351385},
    {"nodf_out", 49.2124542124542},
    {"nodf", 48.58118657298985},
    {"degree_correlation", -0.2783185608868091},
    {"degree_rank_correlation", -0.27555195971544383},
    {"rich_club", 0.8333333333333334},
    {"in_degree_entropy", 0.9687117318414922},
    {"out_degree_entropy", 0.9477508828598257},
};

/* drawn_at_random(60, 45, 60, 7): some neurons have no connection */
static const expected_value of_sparse[] = {
    {"butterflies", 34.0},
    {"three_paths", 1987.0},
    {"robins_alexander", 0.06844489179667841},
    {"in_latapy_dot", 0.207505042831472},
    {"in_latapy_min", 0.5036262454074328},
    {"in_latapy_max", 0.26683553508688634},
    {"out_latapy_dot", 0.16071372228561526},
    {"out_latapy_min", 0.39902575333990875},
    {"out_latapy_max", 0.21723388949892403},
    {"nodf_in", 6.894538606403012},
    {"nodf_out", 7.487493987493983},
    {"nodf", 7.107229123533469},
    {"degree_correlation", 0.01560694804874618},
    {"degree_rank_correlation", 0.0313953792810322},
    {"rich_club", 0.26153846153846155},
    {"in_degree_entropy", 0.9677843067098352},
    {"out_degree_entropy", 0.9745815008112829},
};

/* drawn_at_random(40, 70, 400, 11): counted by bits */
static const expected_value of_dense[] = {
    {"butterflies", 40590.0},
    {"three_paths", 427639.0},
    {"robins_alexander", 0.37966602671879784},
    {"in_latapy_dot", 0.23743606363866446},
    {"in_latapy_min", 0.4114062400039377},
    {"in_latapy_max", 0.35458869242260593},
    {"out_latapy_dot", 0.23901919861850252},
    {"out_latapy_min", 0.4230928268716713},
    {"out_latapy_max", 0.34615634483600427},
    {"nodf_in", 38.05068324552769},
    {"nodf_out", 37.88638490713373},
    {"nodf", 37.9264952996055},
    {"degree_correlation", -0.019179747875442892},
    {"degree_rank_correlation", -0.01811107902222616},
    {"rich_club", 0.5277777777777778},
    {"in_degree_entropy", 0.9978089302229521},
    {"out_degree_entropy", 0.9964233880817752},
};

/* drawn_at_random(300, 8, 150, 3): most fan-ins are 0, 1 or 2 */
static const expected_value of_tall[] = {
    {"butterflies", 699.0},
    {"three_paths", 18644.0},
    {"robins_alexander", 0.14996781806479295},
    {"in_latapy_dot", 0.38543795855849233},
    {"in_latapy_min", 0.6736855984361216},
    {"in_latapy_max", 0.4086254753935087},
    {"out_latapy_dot", 0.08219140659785608},
    {"out_latapy_min", 0.15874165973622006},
    {"out_latapy_max", 0.1434586631445671},
    {"nodf_in", 11.259011519881085},
    {"nodf_out", 15.494226763895563},
    {"nodf", 11.261653928785947},
    {"degree_correlation", -0.025817748998159463},
    {"degree_rank_correlation", -0.041839619383557},
    {"rich_club", 0.46875},
    {"in_degree_entropy", 0.9343335797005109},
    {"out_degree_entropy", 0.9983605499979635},
};

static void agrees_with_networkx_on_daviss_southern_women(void **state)
{
    (void)state;
    sg_snapshot *s = one_link(drawn_matrix(18, 14, southern_women));
    assert_measures(s, of_davis, SG_COUNT(of_davis), TOLERANCE);
    sg_snapshot_free(s);
}

static void agrees_with_networkx_on_random_links(void **state)
{
    (void)state;
    sg_snapshot *sparse = one_link(drawn_at_random(60, 45, 60, 7));
    sg_snapshot *dense = one_link(drawn_at_random(40, 70, 400, 11));
    sg_snapshot *tall = one_link(drawn_at_random(300, 8, 150, 3));
    assert_measures(sparse, of_sparse, SG_COUNT(of_sparse), TOLERANCE);
    assert_measures(dense, of_dense, SG_COUNT(of_dense), TOLERANCE);
    assert_measures(tall, of_tall, SG_COUNT(of_tall), TOLERANCE);
    sg_snapshot_free(sparse);
    sg_snapshot_free(dense);
    sg_snapshot_free(tall);
}

/* [ 1 1 . . ]  rows share 1, 0, 0 and columns share 1, 1, 0, 0, 0, 0 partners
 * [ . 1 1 . ]
 * [ . . . . ]  */
static void agrees_with_a_link_measured_by_hand(void **state)
{
    (void)state;
    static const char *const rows[] = {"1100", "0110", "0000"};
    const expected_value expected[] = {
        {"butterflies", 0},
        {"three_paths", 2}, /* (2-1)(1-1) + (2-1)(2-1), twice */
        {"robins_alexander", 0},
        {"in_latapy_dot", (1.0 / 3 + 1.0 / 3 + 0) / 3},
        {"in_latapy_min", (0.5 + 0.5 + 0) / 3},
        {"in_latapy_max", (0.5 + 0.5 + 0) / 3},
        {"out_latapy_dot", (0.5 + 0.5 + 0.5 + 0) / 4}, /* 1/2 with the middle, which has two */
        {"out_latapy_min", (1.0 + 1.0 + 1.0 + 0) / 4},
        {"out_latapy_max", (0.5 + 0.5 + 0.5 + 0) / 4},
        {"nodf_in", 0}, /* equal fan-ins */
        {"nodf_out", 100 * 2.0 / 6},
        {"nodf", 100 * 2.0 / 9},
        {"degree_correlation", NAN}, /* every connected fan-in is 2 */
        {"degree_rank_correlation", NAN},
        {"rich_club", 1.0},                 /* both rows with the middle column */
        {"in_degree_entropy", 1 / log2(3)}, /* shares 1/2 1/2 0 */
        {"out_degree_entropy", 1.5 / 2},    /* shares 1/4 1/2 1/4 0 */
    };
    sg_snapshot *s = one_link(drawn_matrix(3, 4, rows));
    assert_measures(s, expected, SG_COUNT(expected), TOLERANCE);
    sg_snapshot_free(s);
}

static void leaves_undefined_what_an_empty_link_cannot_have(void **state)
{
    (void)state;
    static const char *const rows[] = {"000", "000"};
    static const expected_value expected[] = {
        {"butterflies", 0},     {"three_paths", 0},          {"robins_alexander", NAN},
        {"in_latapy_dot", NAN}, {"out_latapy_max", NAN},     {"nodf_in", NAN},
        {"nodf", NAN},          {"degree_correlation", NAN}, {"degree_rank_correlation", NAN},
        {"rich_club", NAN},     {"in_degree_entropy", NAN},
    };
    sg_snapshot *s = one_link(drawn_matrix(2, 3, rows));
    assert_measures(s, expected, SG_COUNT(expected), TOLERANCE);
    sg_snapshot_free(s);
}

static void measures_a_link_to_a_single_neuron(void **state)
{
    (void)state;
    static const char *const rows[] = {"11011"};
    static const expected_value expected[] = {
        {"butterflies", 0},
        {"three_paths", 0},
        {"robins_alexander", NAN},
        {"in_latapy_dot", NAN},
        {"nodf_in", NAN},
        {"out_latapy_dot", 0.8},
        {"nodf", 0},
        {"nodf_out", 0},
        {"degree_correlation", NAN},
        {"in_degree_entropy", NAN},
        {"rich_club", 1},
    };
    sg_snapshot *s = one_link(drawn_matrix(1, 5, rows));
    assert_measures(s, expected, SG_COUNT(expected), TOLERANCE);
    sg_snapshot_free(s);
}

/* C(90, 2) C(70, 2) butterflies, all pairs alike. */
static void measures_a_full_link(void **state)
{
    (void)state;
    static const expected_value expected[] = {
        {"butterflies", 90 * 89 * 70 * 69 / 4.0},
        {"robins_alexander", 1},
        {"in_latapy_dot", 1},
        {"out_latapy_min", 1},
        {"nodf", 0},
        {"degree_correlation", NAN},
        {"rich_club", 1},
        {"in_degree_entropy", 1},
    };
    sg_snapshot *s = one_link(drawn_at_random(90, 70, 1000, 1));
    assert_measures(s, expected, SG_COUNT(expected), TOLERANCE);
    sg_snapshot_free(s);
}

static void counts_the_same_butterflies_from_both_sides(void **state)
{
    (void)state;
    sg_error err = {0};
    for (uint32_t seed = 1; seed <= 60; seed++) {
        const size_t n_rows = 1 + seed * 7 % 150;
        const size_t n_cols = 1 + seed * 13 % 170;
        sg_csr *m = drawn_at_random(n_rows, n_cols, seed * 17 % 400, seed);
        sg_overlap in;
        sg_overlap out;
        assert_ok(sg_overlap_count(m, SG_SIDE_IN, &in, &err), &err);
        assert_ok(sg_overlap_count(m, SG_SIDE_OUT, &out, &err), &err);
        double alone[SG_N_SIDES];
        assert_ok(sg_butterflies_count(m, SG_SIDE_IN, &alone[SG_SIDE_IN], &err), &err);
        assert_ok(sg_butterflies_count(m, SG_SIDE_OUT, &alone[SG_SIDE_OUT], &err), &err);
        if (in.butterflies != out.butterflies || alone[SG_SIDE_IN] != in.butterflies ||
            alone[SG_SIDE_OUT] != in.butterflies)
            fail_msg("seed %u: %g butterflies by rows, %g by columns; alone %g and %g", seed,
                     in.butterflies, out.butterflies, alone[SG_SIDE_IN], alone[SG_SIDE_OUT]);
        sg_csr_free(m);
    }
}

static size_t count_shared(const sg_csr *m, size_t a, size_t b)
{
    size_t n = 0;
    for (uint64_t i = m->row_start[a]; i < m->row_start[a + 1]; i++)
        for (uint64_t j = m->row_start[b]; j < m->row_start[b + 1]; j++)
            n += m->col[i] == m->col[j];
    return n;
}

/* The definitions, pair by pair. */
static sg_overlap count_slowly(const sg_csr *m)
{
    sg_overlap all = {0};
    for (size_t u = 0; u < m->n_rows; u++) {
        double sum[SG_N_LATAPY] = {0};
        size_t n_sharing = 0;
        const double mine = (double)(m->row_start[u + 1] - m->row_start[u]);
        for (size_t v = 0; v < m->n_rows; v++) {
            const double shared = v == u ? 0 : (double)count_shared(m, u, v);
            const double its = (double)(m->row_start[v + 1] - m->row_start[v]);
            if (shared == 0)
                continue;
            n_sharing++;
            sum[SG_LATAPY_DOT] += shared / (mine + its - shared);
            sum[SG_LATAPY_MIN] += shared / fmin(mine, its);
            sum[SG_LATAPY_MAX] += shared / fmax(mine, its);
            all.butterflies += v < u ? shared * (shared - 1) / 2 : 0;
            all.nested += v < u && mine != its ? shared / fmin(mine, its) : 0;
        }
        for (size_t k = 0; n_sharing > 0 && k < SG_N_LATAPY; k++)
            all.latapy[k] += sum[k] / (double)n_sharing / (double)m->n_rows;
    }
    return all;
}

static void agrees_with_a_count_pair_by_pair(void **state)
{
    (void)state;
    sg_error err = {0};
    /* from links whose rows hardly meet to full ones: lists, arrays and bits in turn */
    for (uint32_t seed = 1; seed <= 40; seed++) {
        sg_csr *m = drawn_at_random(1 + seed * 11 % 90, 1 + seed * 29 % 140,
                                    seed % 5 == 0 ? 5 : seed * 37 % 1001, seed);
        sg_overlap fast;
        assert_ok(sg_overlap_count(m, SG_SIDE_IN, &fast, &err), &err);
        const sg_overlap slow = count_slowly(m);
        const double scale = fmax(1, slow.nested);
        bool same = fast.butterflies == slow.butterflies &&
                    fabs(fast.nested - slow.nested) <= TOLERANCE * scale;
        for (size_t k = 0; k < SG_N_LATAPY; k++)
            same = same && fabs(fast.latapy[k] - slow.latapy[k]) <= TOLERANCE;
        if (!same)
            fail_msg("seed %u: %zu x %zu, %zu connections", seed, m->n_rows, m->n_cols, m->n_links);
        sg_csr_free(m);
    }
}

static sg_status measure_family(const sg_snapshot *s)
{
    static const char *const names[] = {"butterflies", "robins_alexander", "in_latapy_dot", "nodf",
                                        "rich_club"};
    sg_measured *m = NULL;
    sg_status status = sg_measured_new(s, NULL, &m, NULL);
    for (size_t i = 0; status == SG_OK && i < SG_COUNT(names); i++) {
        double ret = 0;
        status = sg_measure_value(sg_measure_find(names[i]), m, 0, &ret, NULL);
    }
    sg_measured_free(m);
    return status;
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 200 };
    for (uint32_t per_mille = 60; per_mille <= 1000; per_mille += 470) { /* by wedges, by bits */
        sg_snapshot *s = one_link(drawn_at_random(30, 40, per_mille, 5));
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            assert_true(budget < BUDGET_MAX);
            sg_test_alloc_budget(budget);
            status = measure_family(s);
            sg_test_alloc_budget(-1);
        }
        assert_int_equal(status, SG_OK);
        sg_snapshot_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_networkx_on_daviss_southern_women),
        cmocka_unit_test(agrees_with_networkx_on_random_links),
        cmocka_unit_test(agrees_with_a_link_measured_by_hand),
        cmocka_unit_test(leaves_undefined_what_an_empty_link_cannot_have),
        cmocka_unit_test(measures_a_link_to_a_single_neuron),
        cmocka_unit_test(measures_a_full_link),
        cmocka_unit_test(counts_the_same_butterflies_from_both_sides),
        cmocka_unit_test(agrees_with_a_count_pair_by_pair),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
