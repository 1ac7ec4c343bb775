/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "patterned.h"

static void counts_diamonds_by_hand(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 3, 2};
    static const float first[] = {1, 0, 1, 1, 1, 0};
    static const float second[] = {1, 1, 1, 0, 1, 0};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, first);
    join_layers(s, 1, 2, second);
    sg_measured *m = measuring(s);
    /* Paths from L0 to L2: 3 and 1, 1 and 1. */
    assert_close(measured(m, "diamonds", 1), 3);
    assert_close(measured(m, "network_diamonds", 0), 3);
    assert_true(isnan(measured(m, "diamonds", 0)) && isnan(measured(m, "diamonds", 2)));
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* One neuron a layer, four layers, every skip: middles of the same ends are in different layers. */
static void counts_middles_in_different_layers_for_the_whole_only(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 1, 1, 1};
    static const float one[] = {1};
    sg_snapshot *s = layers_of(sizes, 4);
    for (size_t to = 1; to < 4; to++)
        for (size_t from = 0; from < to; from++)
            join_layers(s, from, to, one);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "network_diamonds", 0), 1); /* 0-1-3 and 0-2-3 */
    assert_close(measured(m, "diamonds", 1), 0);
    assert_close(measured(m, "diamonds", 2), 0);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* The patterned network of patterned.h: sum of C(p, 2) over NumPy 1.24's matrix product. */
static void agrees_with_the_product_of_dense_matrices(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "diamonds", 1), 792);
    assert_close(measured(m, "network_diamonds", 0), 792);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* Diamonds over every pair of ends, with the middles of one layer (SIZE_MAX: of any). */
static double by_force(const sg_snapshot *s, size_t only)
{
    double count = 0;
    const size_t n = sg_snapshot_n_layers(s);
    for (size_t to = 0; to < n; to++)
        for (size_t from = 0; from < to; from++)
            for (size_t l = 0; l < sg_snapshot_layer(s, to)->size; l++)
                for (size_t i = 0; i < sg_snapshot_layer(s, from)->size; i++) {
                    double p = 0;
                    for (size_t mid = from + 1; mid < to; mid++)
                        for (size_t j = 0; j < sg_snapshot_layer(s, mid)->size; j++)
                            p += (only == SIZE_MAX || only == mid) &&
                                 !isnan(weight_between(s, from, i, mid, j)) &&
                                 !isnan(weight_between(s, mid, j, to, l));
                    count += p * (p - 1) / 2;
                }
    return count;
}

static void agrees_with_trying_every_pair_of_ends(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        sg_snapshot *s = random_layers(seed);
        sg_measured *m = measuring(s);
        assert_close(measured(m, "network_diamonds", 0), by_force(s, SIZE_MAX));
        for (size_t layer = 1; layer + 1 < sg_snapshot_n_layers(s); layer++)
            assert_close(measured(m, "diamonds", layer), by_force(s, layer));
        sg_measured_free(m);
        sg_snapshot_free(s);
    }
}

static void finds_none_without_links_or_with_one(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2};
    static const float full[] = {1, 1, 1, 1};
    sg_snapshot *s = layers_of(sizes, 2);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "network_diamonds", 0), 0);
    sg_measured_free(m);
    join_layers(s, 0, 1, full);
    m = measuring(s);
    assert_close(measured(m, "network_diamonds", 0), 0);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = random_layers(3);
    measure_survives_failed_allocations(s, "network_diamonds");
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_diamonds_by_hand),
        cmocka_unit_test(counts_middles_in_different_layers_for_the_whole_only),
        cmocka_unit_test(agrees_with_the_product_of_dense_matrices),
        cmocka_unit_test(agrees_with_trying_every_pair_of_ends),
        cmocka_unit_test(finds_none_without_links_or_with_one),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
