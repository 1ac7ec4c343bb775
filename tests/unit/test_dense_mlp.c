/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "container.h"
#include "folder.h"
#include "snapshot/mlp_order.h"
#include "snapshot/snapshot_read.h"

static inline sg_status read_bytes(const char *header, const void *data, size_t n_data,
                                   sg_snapshot **ret, sg_error *err)
{
    size_t n = 0;
    unsigned char *bytes = container_of(header, data, n_data, &n);
    sg_safetensors *f = NULL;
    sg_status status = sg_safetensors_open_bytes(bytes, n, &f, err);
    if (status == SG_OK)
        status = sg_snapshot_from_safetensors(f, ret, err);
    sg_safetensors_free(f);
    sg_free(bytes);
    return status;
}

static void reads_a_third_partys_dense_network(void **state)
{
    (void)state;
    const char *real = getenv("SPARSEGRAPH_REAL_DATA");
    if (!real || !*real)
        return; /* no folder of real data sets was configured */
    char path[TEST_PATH_MAX];
    in_folder(path, real, "sparse_nets/mlp_mnist_dense_dfdx/mnist.safetensors");
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
    const char *real = getenv("SPARSEGRAPH_REAL_DATA");
    if (!real || !*real)
        return; /* no folder of real data sets was configured */
    char path[TEST_PATH_MAX];
    in_folder(path, real, "sparse_nets/mlp_mnist_pruned90/mlp_pruned.safetensors");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_third_partys_dense_network),
        cmocka_unit_test(finds_the_links_of_a_pruned_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
