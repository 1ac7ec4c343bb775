/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "patterned.h"
#include "sparsegraph/fields.h"
#include <string.h>

/* L0 {a b c} -> L1 {d e} -> L2 {f g}, and a skip: a-d 2, b-d -3, b-e 5, d-f -7, c-f 11; g is dead.
 */
static sg_snapshot *by_hand(void)
{
    static const size_t sizes[] = {3, 2, 2};
    static const float first[] = {2, -3, 0, 0, 5, 0};
    static const float second[] = {-7, 0, 0, 0};
    static const float skip[] = {0, 0, 11, 0, 0, 0};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, first);
    join_layers(s, 1, 2, second);
    join_layers(s, 0, 2, skip);
    return s;
}

static void finds_the_field_of_one_neuron(void **state)
{
    (void)state;
    sg_snapshot *s = by_hand();
    bool mask[3];
    sg_error err = {0};
    assert_ok(sg_receptive_field(s, (sg_neuron){2, 0}, 0, mask, &err), &err);
    assert_true(mask[0] && mask[1] && mask[2]);
    assert_ok(sg_receptive_field(s, (sg_neuron){2, 0}, 1, mask, &err), &err);
    assert_true(mask[0] && !mask[1]);
    assert_ok(sg_receptive_field(s, (sg_neuron){2, 1}, 0, mask, &err), &err);
    assert_false(mask[0] || mask[1] || mask[2]);
    assert_ok(sg_receptive_field(s, (sg_neuron){1, 1}, 0, mask, &err), &err);
    assert_true(!mask[0] && mask[1] && !mask[2]);
    assert_ok(sg_receptive_field(s, (sg_neuron){1, 1}, 1, mask, &err), &err);
    assert_true(!mask[0] && mask[1]); /* itself */
    assert_ok(sg_projective_field(s, (sg_neuron){0, 1}, 2, mask, &err), &err);
    assert_true(mask[0] && !mask[1]);
    assert_ok(sg_projective_field(s, (sg_neuron){1, 1}, 2, mask, &err), &err);
    assert_false(mask[0] || mask[1]);
    /* Against the direction there is nothing. */
    assert_ok(sg_projective_field(s, (sg_neuron){2, 0}, 0, mask, &err), &err);
    assert_false(mask[0] || mask[1] || mask[2]);
    sg_snapshot_free(s);
}

static void sums_products_of_weights_along_paths(void **state)
{
    (void)state;
    sg_snapshot *s = by_hand();
    double w[3];
    sg_error err = {0};
    const sg_neuron f = {2, 0};
    assert_ok(sg_receptive_weights(s, f, 0, SG_PATH_SIGNED, w, &err), &err);
    assert_true(w[0] == -14 && w[1] == 21 && w[2] == 11);
    assert_ok(sg_receptive_weights(s, f, 0, SG_PATH_ABSOLUTE, w, &err), &err);
    assert_true(w[0] == 14 && w[1] == 21 && w[2] == 11);
    assert_ok(sg_receptive_weights(s, f, 0, SG_PATH_COUNT, w, &err), &err);
    assert_true(w[0] == 1 && w[1] == 1 && w[2] == 1);
    assert_ok(sg_projective_weights(s, (sg_neuron){0, 1}, 2, SG_PATH_SIGNED, w, &err), &err);
    assert_true(w[0] == 21 && w[1] == 0);
    sg_snapshot_free(s);
}

/* The patterned network of patterned.h: NumPy 1.24's products of its dense matrices, row 3. */
static void agrees_with_products_of_dense_matrices(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    double w[60];
    bool mask[60];
    sg_error err = {0};
    static const struct {
        sg_path_weight weight;
        double sum, moment;
    } expected[] = {
        {SG_PATH_SIGNED, -37, -954}, {SG_PATH_ABSOLUTE, 129, 3816}, {SG_PATH_COUNT, 39, 1194}};
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        double sum = 0;
        double moment = 0;
        assert_ok(sg_receptive_weights(s, (sg_neuron){2, 3}, 0, expected[i].weight, w, &err), &err);
        for (size_t k = 0; k < 60; k++) {
            sum += w[k];
            moment += w[k] * (double)k;
        }
        assert_close(sum, expected[i].sum);
        assert_close(moment, expected[i].moment);
    }
    size_t n = 0;
    assert_ok(sg_receptive_field(s, (sg_neuron){2, 3}, 0, mask, &err), &err);
    for (size_t k = 0; k < 60; k++)
        n += mask[k];
    assert_int_equal(n, 20);
    sg_snapshot_free(s);
}

/* The same network; ancestors and descendants by NetworkX 2.8.8. */
static void agrees_with_ancestors_and_descendants(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "receptive_field_mean", 1), 0.11291666666666667);
    assert_close(measured(m, "receptive_field_min", 1), 0);
    assert_close(measured(m, "receptive_field_max", 1), 0.13333333333333333);
    assert_close(measured(m, "receptive_field_mean", 2), 0.2772222222222222);
    assert_close(measured(m, "receptive_field_max", 2), 0.36666666666666664);
    assert_close(measured(m, "projective_field_mean", 0), 0.2772222222222222);
    assert_close(measured(m, "projective_field_max", 0), 0.36666666666666664);
    assert_close(measured(m, "projective_field_mean", 1), 0.1125);
    assert_close(measured(m, "projective_field_min", 1), 0);
    assert_close(measured(m, "projective_field_max", 1), 0.13333333333333333);
    assert_true(isnan(measured(m, "receptive_field_mean", 0)));
    assert_true(isnan(measured(m, "projective_field_max", 2)));
    sg_measured_free(m);
    sg_snapshot_free(s);
}

enum { N_WIDE = 1100 /* inputs or outputs: more than one round of bit sets takes */ };

/* Checks one side's fields by bit sets against the field of each neuron of a layer. */
static void check_layer(const sg_snapshot *s, bool receptive, size_t layer, size_t ends)
{
    const size_t size = sg_snapshot_layer(s, layer)->size;
    const size_t n_ends = sg_snapshot_layer(s, ends)->size;
    sg_measured *m = measuring(s);
    double sum = 0;
    double least = 1;
    double most = 0;
    for (size_t v = 0; v < size; v++) {
        const sg_neuron of = {layer, v};
        bool mask[N_WIDE];
        size_t n = 0;
        sg_error err = {0};
        assert_ok(receptive ? sg_receptive_field(s, of, ends, mask, &err)
                            : sg_projective_field(s, of, ends, mask, &err),
                  &err);
        for (size_t i = 0; i < n_ends; i++)
            n += mask[i];
        const double share = (double)n / (double)n_ends;
        sum += share;
        least = fmin(least, share);
        most = fmax(most, share);
    }
    const double mean = sum / (double)size;
    assert_close(measured(m, receptive ? "receptive_field_mean" : "projective_field_mean", layer),
                 mean);
    assert_close(measured(m, receptive ? "receptive_field_min" : "projective_field_min", layer),
                 least);
    assert_close(measured(m, receptive ? "receptive_field_max" : "projective_field_max", layer),
                 most);
    sg_measured_free(m);
}

static void bit_sets_agree_with_single_neurons(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        sg_snapshot *s = random_layers(seed);
        const size_t last = sg_snapshot_n_layers(s) - 1;
        for (size_t layer = 0; layer <= last; layer++) {
            if (layer > 0)
                check_layer(s, true, layer, 0);
            if (layer < last)
                check_layer(s, false, layer, last);
        }
        sg_snapshot_free(s);
    }
}

static void takes_many_inputs_and_outputs_in_rounds(void **state)
{
    (void)state;
    static const size_t sizes[] = {N_WIDE, 7, N_WIDE};
    sg_random r;
    sg_random_open(&r, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    sg_snapshot *s = layers_of(sizes, 3);
    join_at_random(s, 0, 1, 0.05, &r);
    join_at_random(s, 1, 2, 0.3, &r);
    check_layer(s, true, 1, 0);
    check_layer(s, true, 2, 0);
    check_layer(s, false, 1, 2);
    check_layer(s, false, 0, 2);
    sg_snapshot_free(s);
}

static void refuses_what_is_not_there_and_what_does_not_fit(void **state)
{
    (void)state;
    enum { N_LAYERS = 12 };
    static const float huge[] = {1e38F};
    size_t sizes[N_LAYERS];
    double w = 5;
    bool mask = true;
    sg_error err = {0};
    for (size_t i = 0; i < N_LAYERS; i++)
        sizes[i] = 1;
    sg_snapshot *s = layers_of(sizes, N_LAYERS);
    for (size_t i = 0; i + 1 < N_LAYERS; i++)
        join_layers(s, i, i + 1, huge);
    const sg_neuron last = {N_LAYERS - 1, 0};
    assert_int_equal(sg_receptive_weights(s, last, 0, SG_PATH_ABSOLUTE, &w, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "beyond the range of double"));
    assert_true(w == 5);
    assert_ok(sg_receptive_field(s, last, 0, &mask, &err), &err);
    assert_true(mask);
    assert_int_equal(sg_receptive_field(s, (sg_neuron){12, 0}, 0, &mask, &err), SG_EINVAL);
    assert_string_equal(err.message, "layer 12 of a network of 12 layers");
    assert_int_equal(sg_projective_field(s, (sg_neuron){0, 0}, 13, &mask, &err), SG_EINVAL);
    assert_int_equal(sg_projective_weights(s, (sg_neuron){3, 1}, 4, SG_PATH_COUNT, &w, &err),
                     SG_EINVAL);
    assert_string_equal(err.message, "neuron 1 of layer 'L3', which has 1");
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = by_hand();
    measure_survives_failed_allocations(s, "receptive_field_mean");
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        double w[3] = {5, 5, 5};
        assert_true(budget < 10);
        sg_test_alloc_budget(budget);
        status = sg_receptive_weights(s, (sg_neuron){2, 0}, 0, SG_PATH_COUNT, w, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || w[0] == 5);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_field_of_one_neuron),
        cmocka_unit_test(sums_products_of_weights_along_paths),
        cmocka_unit_test(agrees_with_products_of_dense_matrices),
        cmocka_unit_test(agrees_with_ancestors_and_descendants),
        cmocka_unit_test(bit_sets_agree_with_single_neurons),
        cmocka_unit_test(takes_many_inputs_and_outputs_in_rounds),
        cmocka_unit_test(refuses_what_is_not_there_and_what_does_not_fit),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
