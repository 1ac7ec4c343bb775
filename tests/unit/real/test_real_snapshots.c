/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "real_data.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/snapshot.h"

static void reads_a_third_partys_dense_network(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_real_data(path, "sparse_nets/mlp_mnist_dense_dfdx/mnist.safetensors");
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read(path, &s, &err), &err);
    const size_t sizes[] = {784, 512, 128, 32, 10};
    assert_int_equal(sg_snapshot_n_layers(s), SG_COUNT(sizes));
    for (size_t i = 0; i < SG_COUNT(sizes); i++) {
        assert_int_equal(sg_snapshot_layer(s, i)->size, sizes[i]);
        assert_int_equal(sg_snapshot_layer(s, i)->bias != NULL, i > 0);
    }
    assert_int_equal(sg_snapshot_layer(s, 0)->n_dims, 2);
    assert_int_equal(sg_snapshot_layer(s, 0)->shape[0], 28);
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden3-output"), "3.weight");
    sg_snapshot_free(s);
}

static void finds_the_links_of_a_pruned_network(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_real_data(path, "sparse_nets/mlp_mnist_pruned90/mlp_pruned.safetensors");
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read(path, &s, &err), &err);
    const size_t links[] = {11004, 7500, 1376}; /* as published with the file: 19,880 in all */
    assert_int_equal(sg_snapshot_n_links(s), SG_COUNT(links));
    for (size_t i = 0; i < SG_COUNT(links); i++)
        assert_int_equal(sg_snapshot_link(s, i)->matrix->n_links, links[i]);
    assert_int_equal(sg_snapshot_n_connections(s), 19880);
    assert_string_equal(sg_snapshot_link(s, 1)->name, "hidden1-hidden2");
    assert_string_equal(sg_snapshot_meta(s, "source"),
                        "github zwc662/pruning models/mlp_pruned.pkl, converted");
    sg_snapshot_free(s);
}

static void finds_the_links_of_a_pruned_network_from_pytorch(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_real_data(path, "sparse_nets/mlp_mnist_pruned90/mlp_pruned.safetensors");
    const char *const paths[] = {path};
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 5;
    sg_analysis *a = NULL;
    sg_error err = {0};
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    static const double expected[] = {11004, 7500, 1376}; /* the publisher's own count */
    assert_int_equal(sg_analysis_n_links(a), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(sg_analysis_value(a, -1, sg_analysis_link_name(a, i), "links") == expected[i]);
    sg_analysis_free(a);
}

int main(void)
{
    if (skips_without("sparse_nets"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_third_partys_dense_network),
        cmocka_unit_test(finds_the_links_of_a_pruned_network),
        cmocka_unit_test(finds_the_links_of_a_pruned_network_from_pytorch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
