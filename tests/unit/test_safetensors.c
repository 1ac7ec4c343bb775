/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "container.h"
#include "files.h"
#include "folder.h"
#include "snapshot/snapshot_read.h"

#include <math.h>

static sg_snapshot *read_back(const char *path)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read(path, &s, &err), &err);
    return s;
}

static void assert_equal_matrices(const sg_csr *a, const sg_csr *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_cols, b->n_cols);
    assert_int_equal(a->n_links, b->n_links);
    assert_memory_equal(a->row_start, b->row_start, (a->n_rows + 1) * sizeof *a->row_start);
    assert_memory_equal(a->col, b->col, a->n_links * sizeof *a->col);
    assert_int_equal(a->value != NULL, b->value != NULL);
    if (a->value)
        assert_memory_equal(a->value, b->value, a->n_links * sizeof *a->value);
}

static void assert_equal_networks(const sg_snapshot *a, const sg_snapshot *b)
{
    assert_int_equal(sg_snapshot_n_layers(a), sg_snapshot_n_layers(b));
    for (size_t i = 0; i < sg_snapshot_n_layers(a); i++) {
        const sg_layer *x = sg_snapshot_layer(a, i);
        const sg_layer *y = sg_snapshot_layer(b, i);
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->size, y->size);
        assert_int_equal(x->n_dims, y->n_dims);
        assert_memory_equal(x->shape, y->shape, sizeof x->shape);
        assert_int_equal(x->bias != NULL, y->bias != NULL);
        if (x->bias)
            assert_memory_equal(x->bias, y->bias, x->size * sizeof *x->bias);
    }
    assert_int_equal(sg_snapshot_n_links(a), sg_snapshot_n_links(b));
    for (size_t i = 0; i < sg_snapshot_n_links(a); i++) {
        const sg_link *x = sg_snapshot_link(a, i);
        const sg_link *y = sg_snapshot_link(b, i);
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->from, y->from);
        assert_int_equal(x->to, y->to);
        assert_equal_matrices(x->matrix, y->matrix);
    }
    assert_int_equal(sg_snapshot_n_tensors(a), sg_snapshot_n_tensors(b));
    assert_int_equal(sg_snapshot_n_meta(a), sg_snapshot_n_meta(b));
    for (size_t i = 0; i < sg_snapshot_n_meta(a); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(a, i, &key, &value);
        assert_string_equal(value, sg_snapshot_meta(b, key));
    }
}

static void reads_back_what_was_written(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_snapshot *s = every_kind_of_part();
    sg_error err = {0};
    assert_ok(sg_snapshot_write(s, in_folder(path, folder, "a.safetensors"), &err), &err);
    sg_snapshot *back = read_back(path);
    assert_equal_networks(s, back);
    const sg_tensor *slope = sg_snapshot_find_tensor(back, "slope");
    assert_int_equal(slope->n_dims, 2);
    assert_int_equal(slope->shape[1], 3);
    assert_true(slope->value[5] == 6.0F);
    assert_int_equal(sg_snapshot_find_tensor(back, "step")->n_dims, 0);
    sg_snapshot_free(back);
    sg_snapshot_free(s);
}

static void reads_back_a_network_without_layers(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_write(s, in_folder(path, folder, "none.safetensors"), &err), &err);
    sg_snapshot *back = read_back(path);
    assert_int_equal(sg_snapshot_n_layers(back), 0);
    sg_snapshot_free(back);
    sg_snapshot_free(s);
}

/* The layout of the file, byte for byte: who changes it breaks other people's readers. */
static void writes_the_bytes_that_the_format_asks_for(void **state)
{
    (void)state;
    static const size_t CELLS[] = {1, 2};
    static const float BIAS[] = {0.5F};
    const sg_layer input = {.name = "input", .size = 3};
    const sg_layer output = {.name = "output", .size = 1, .bias = BIAS};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &input, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &output, &err), &err);
    assert_ok(sg_snapshot_add_link(s, "io", 0, 1, matrix_of(1, 3, CELLS, 2, true), &err), &err);
    assert_ok(sg_snapshot_set_meta(s, "epoch", "0", &err), &err);
    char path[TEST_PATH_MAX];
    assert_ok(sg_snapshot_write(s, in_folder(path, folder, "bytes.safetensors"), &err), &err);

    static const char HEADER[] =
        "{\"__metadata__\":{\"format\":\"sparsegraph-snapshot\",\"format_version\":\"1\","
        "\"layers\":\"[{\\\"name\\\":\\\"input\\\",\\\"size\\\":3,\\\"shape\\\":[3],"
        "\\\"bias\\\":false},{\\\"name\\\":\\\"output\\\",\\\"size\\\":1,\\\"shape\\\":[1],"
        "\\\"bias\\\":true}]\",\"links\":\"[{\\\"name\\\":\\\"io\\\",\\\"from\\\":\\\"input\\\","
        "\\\"to\\\":\\\"output\\\"}]\",\"epoch\":\"0\"},"
        "\"io.indptr\":{\"dtype\":\"U64\",\"shape\":[2],\"data_offsets\":[0,16]},"
        "\"io.indices\":{\"dtype\":\"U32\",\"shape\":[2],\"data_offsets\":[16,24]},"
        "\"io.values\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]},"
        "\"output.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[32,36]}}";
    static const unsigned char DATA[] = {
        0, 0, 0,    0,    0, 0, 0, 0,    2, 0, 0, 0, 0, 0, 0, 0, /* indptr 0, 2 */
        1, 0, 0,    0,    2, 0, 0, 0,                            /* indices 1, 2 */
        0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,                         /* values 1, -2 */
        0, 0, 0,    0x3F,                                        /* bias 0.5 */
    };
    size_t n = 0;
    char *bytes = read_whole(path, &n);
    const size_t padded = (strlen(HEADER) + 7) / 8 * 8;
    uint64_t length = 0;
    memcpy(&length, bytes, 8);
    assert_int_equal(length, padded);
    assert_int_equal(n, 8 + padded + sizeof DATA);
    assert_memory_equal(bytes + 8, HEADER, strlen(HEADER));
    for (size_t i = strlen(HEADER); i < padded; i++)
        assert_int_equal(bytes[8 + i], ' ');
    assert_memory_equal(bytes + 8 + padded, DATA, sizeof DATA);
    sg_free(bytes);
    sg_snapshot_free(s);
}

static void equal_networks_give_equal_bytes(void **state)
{
    (void)state;
    char paths[2][TEST_PATH_MAX];
    sg_error err = {0};
    sg_snapshot *first = every_kind_of_part();
    in_folder(paths[0], folder, "first.safetensors");
    in_folder(paths[1], folder, "second.safetensors");
    assert_ok(sg_snapshot_write(first, paths[0], &err), &err);
    sg_snapshot *second = read_back(paths[0]);
    assert_ok(sg_snapshot_write(second, paths[1], &err), &err);
    assert_same_file(paths[0], paths[1]);
    sg_snapshot_free(first);
    sg_snapshot_free(second);
}

static void names_the_file_that_it_cannot_read(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char expected[2 * TEST_PATH_MAX];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_int_equal(sg_snapshot_read(in_folder(path, folder, "absent"), &s, &err), SG_ENOTFOUND);
    (void)snprintf(expected, sizeof expected, "cannot read '%s': No such file or directory", path);
    assert_string_equal(err.message, expected);
    assert_int_equal(sg_snapshot_read(folder, &s, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "it is a folder"));
    write_text(in_folder(path, folder, "short.safetensors"), "abc");
    assert_int_equal(sg_snapshot_read(path, &s, &err), SG_EFORMAT);
    (void)snprintf(expected, sizeof expected,
                   "cannot read '%s': it is too short for a safetensors file", path);
    assert_string_equal(err.message, expected);
    assert_null(s);
}

static void leaves_no_file_behind_where_it_cannot_write(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_snapshot *s = every_kind_of_part();
    sg_error err = {0};
    const int before = count_entries(folder);
    assert_int_not_equal(sg_snapshot_write(s, in_folder(path, folder, "no/such/folder"), &err),
                         SG_OK);
    assert_int_equal(count_entries(folder), before);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_snapshot *s = every_kind_of_part();
    in_folder(path, folder, "budget.safetensors");
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = sg_snapshot_write(s, path, NULL);
        sg_test_alloc_budget(-1);
        assert_true(budget < 1000);
    }
    assert_int_equal(status, SG_OK);
    status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_snapshot *back = NULL;
        sg_test_alloc_budget(budget);
        status = sg_snapshot_read(path, &back, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(back != NULL, status == SG_OK);
        sg_snapshot_free(back);
        assert_true(budget < 1000);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(reads_back_a_network_without_layers),
        cmocka_unit_test(writes_the_bytes_that_the_format_asks_for),
        cmocka_unit_test(equal_networks_give_equal_bytes),
        cmocka_unit_test(names_the_file_that_it_cannot_read),
        cmocka_unit_test(leaves_no_file_behind_where_it_cannot_write),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
