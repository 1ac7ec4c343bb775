/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "container.h"
#include "sparsegraph/snapshot.h"

#include <math.h>
#include <stdio.h>

static sg_csr *matrix(size_t n_rows, size_t n_cols, const char *picture)
{
    /* one character a cell: '.' no link, '+' weight k + 1, '-' weight -(k + 1) of link k */
    size_t n_links = 0;
    for (const char *p = picture; *p; p++)
        n_links += *p != '.';
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n_links, true, &m, &err), &err);
    uint64_t k = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++) {
            const char cell = picture[row * n_cols + col];
            if (cell == '.')
                continue;
            m->col[k] = (uint32_t)col;
            m->value[k] = cell == '+' ? (float)(k + 1) : -(float)(k + 1);
            k++;
        }
        m->row_start[row + 1] = k;
    }
    return m;
}

/* input 2 x 2 -> hidden1 3 (biased) -> output 2, and a skip from input to output */
static sg_snapshot *small_network(void)
{
    const float bias[] = {0.5F, -0.5F, 0.0F};
    const sg_layer input = {.name = "input", .size = 4, .n_dims = 2, .shape = {2, 2}};
    const sg_layer hidden = {.name = "hidden1", .size = 3, .bias = bias};
    const sg_layer output = {.name = "output", .size = 2, .n_dims = 1, .shape = {2}};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &input, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &hidden, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &output, &err), &err);
    assert_ok(sg_snapshot_add_link(s, "a", 0, 1, matrix(3, 4, "+-..-+...++."), &err), &err);
    assert_ok(sg_snapshot_add_link(s, "b", 1, 2, matrix(2, 3, "+-+-+-"), &err), &err);
    assert_ok(sg_snapshot_add_link(s, "skip", 0, 2, matrix(2, 4, "+......+"), &err), &err);
    return s;
}

static void gives_back_what_was_added(void **state)
{
    (void)state;
    sg_snapshot *s = small_network();
    assert_int_equal(sg_snapshot_n_layers(s), 3);
    assert_int_equal(sg_snapshot_n_links(s), 3);
    assert_int_equal(sg_snapshot_n_connections(s), 6 + 6 + 2);
    assert_int_equal(sg_snapshot_layer(s, 0)->n_dims, 2);
    assert_null(sg_snapshot_layer(s, 0)->bias);
    assert_int_equal(sg_snapshot_layer(s, 1)->n_dims, 1);
    assert_int_equal(sg_snapshot_layer(s, 1)->shape[0], 3);
    assert_true(sg_snapshot_layer(s, 1)->bias[1] == -0.5F);
    assert_string_equal(sg_snapshot_link(s, 2)->name, "skip");
    assert_int_equal(sg_snapshot_link(s, 2)->to, 2);
    sg_snapshot_free(s);
}

static void keeps_borrowed_parts_in_place_while_it_grows(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    const sg_layer *first = NULL;
    for (int i = 0; i < 100; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "layer%d", i);
        assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = name, .size = 1}, &err), &err);
        if (i == 0)
            first = sg_snapshot_layer(s, 0);
    }
    assert_ptr_equal(first, sg_snapshot_layer(s, 0));
    assert_string_equal(first->name, "layer0");
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(sg_snapshot_find_layer(s, sg_snapshot_layer(s, i)->name), i);
    assert_true(sg_snapshot_find_layer(s, "layer100") == SIZE_MAX);
    sg_snapshot_free(s);
}

static void refuses_layers_that_cannot_be(void **state)
{
    (void)state;
    const float bad_bias[] = {0.0F, NAN};
    const struct {
        sg_layer layer;
        const char *message;
    } cases[] = {
        {{.name = "", .size = 1}, "the layer's name is empty"},
        {{.name = "input", .size = 1}, "two layers are named 'input'"},
        {{.name = "x\n", .size = 1}, "the layer's name is not printable UTF-8 text"},
        {{.name = "\xC0\x80", .size = 1}, "the layer's name is not printable UTF-8 text"},
        {{.name = "\xED\xA0\x80", .size = 1}, "the layer's name is not printable UTF-8 text"},
        {{.name = "extra.x", .size = 1},
         "layer 'extra.x': names that start with 'extra.' are taken"},
        {{.name = "x", .size = 0}, "layer 'x' has 0 neurons: 1 to 2^32 - 1 are possible"},
        {{.name = "x", .size = 6, .n_dims = 2, .shape = {2, 2}},
         "the shape of layer 'x' does not multiply to 6"},
        {{.name = "x", .size = 4, .n_dims = 3, .shape = {SIZE_MAX / 2, 4, 2}},
         "the shape of layer 'x' does not multiply to 4"},
        {{.name = "x", .size = 4, .n_dims = 5},
         "layer 'x' has 5 dimensions: at most 4 are possible"},
        {{.name = "x", .size = 2, .bias = bad_bias}, "bias of layer 'x': value 1 is NaN"},
    };
    sg_snapshot *s = small_network();
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        sg_error err = {0};
        assert_int_equal(sg_snapshot_add_layer(s, &cases[i].layer, &err), SG_EINVAL);
        assert_string_equal(err.message, cases[i].message);
    }
    assert_int_equal(sg_snapshot_n_layers(s), 3);
    sg_snapshot_free(s);
}

static void refuses_links_that_cannot_be_and_leaves_them_to_the_caller(void **state)
{
    (void)state;
    sg_snapshot *s = small_network();
    sg_csr *m = matrix(3, 4, "+-..-+...++.");
    sg_error err = {0};

    assert_int_equal(sg_snapshot_add_link(s, "a", 0, 1, m, &err), SG_EINVAL);
    assert_string_equal(err.message, "two links are named 'a'");
    assert_int_equal(sg_snapshot_add_link(s, "c", 1, 0, m, &err), SG_EINVAL);
    assert_string_equal(err.message,
                        "link 'c' runs from layer 'hidden1' back to 'input': links run forward");
    assert_int_equal(sg_snapshot_add_link(s, "c", 0, 3, m, &err), SG_EINVAL);
    assert_int_equal(sg_snapshot_add_link(s, "c", 1, 2, m, &err), SG_EFORMAT);
    assert_string_equal(err.message, "link 'c' is 3 x 4, its layers want 2 x 3");
    m->value[2] = NAN;
    assert_int_equal(sg_snapshot_add_link(s, "c", 0, 1, m, &err), SG_EFORMAT);
    assert_string_equal(err.message, "link 'c': the weight at row 1, column 0 is NaN");
    assert_int_equal(sg_snapshot_n_links(s), 3);
    sg_csr_free(m);
    sg_snapshot_free(s);
}

static void lists_metadata_in_the_order_of_the_keys(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_int_equal(sg_snapshot_epoch(s), -1);
    const char *const keys[] = {"seed", "epoch", "method", "dataset", "epoch"};
    const char *const values[] = {"1", "x", "set", "digits", "12"};
    for (size_t i = 0; i < SG_COUNT(keys); i++)
        assert_ok(sg_snapshot_set_meta(s, keys[i], values[i], &err), &err);

    const char *const expected[] = {"dataset", "epoch", "method", "seed"};
    assert_int_equal(sg_snapshot_n_meta(s), SG_COUNT(expected));
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(s, i, &key, &value);
        assert_string_equal(key, expected[i]);
        assert_string_equal(value, sg_snapshot_meta(s, key));
    }
    assert_int_equal(sg_snapshot_epoch(s), 12);
    assert_null(sg_snapshot_meta(s, "no such key"));
    assert_int_equal(sg_snapshot_set_meta(s, "layers", "x", &err), SG_EINVAL);
    assert_int_equal(sg_snapshot_set_meta(s, "ok", "\xFF", &err), SG_EINVAL);
    sg_snapshot_free(s);
}

static void an_epoch_that_is_no_number_is_no_epoch(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    const char *const texts[] = {"", "-1", " 1", "1x", "99999999999999999999", "0x1"};
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        assert_ok(sg_snapshot_set_meta(s, "epoch", texts[i], &err), &err);
        assert_int_equal(sg_snapshot_epoch(s), -1);
    }
    sg_snapshot_free(s);
}

static void finds_extra_tensors_by_name(void **state)
{
    (void)state;
    sg_snapshot *s = small_network();
    sg_error err = {0};
    const float v[] = {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
    const sg_tensor two_d = {.name = "slope", .n_dims = 2, .shape = {2, 3}, .value = v};
    const sg_tensor scalar = {.name = "step", .n_dims = 0, .value = v};
    const sg_tensor empty = {.name = "none", .n_dims = 1, .shape = {0}, .value = v};
    assert_ok(sg_snapshot_add_tensor(s, &two_d, &err), &err);
    assert_ok(sg_snapshot_add_tensor(s, &scalar, &err), &err);
    assert_ok(sg_snapshot_add_tensor(s, &empty, &err), &err);
    assert_int_equal(sg_snapshot_add_tensor(s, &two_d, &err), SG_EINVAL);
    assert_true(sg_snapshot_find_tensor(s, "slope")->value[5] == 6.0F);
    assert_int_equal(sg_snapshot_find_tensor(s, "step")->n_dims, 0);
    assert_null(sg_snapshot_find_tensor(s, "stop"));
    assert_int_equal(sg_snapshot_n_tensors(s), 3);
    sg_snapshot_free(s);
}

static void the_core_is_what_the_next_removal_would_keep(void **state)
{
    (void)state;
    sg_snapshot *s = small_network();
    sg_snapshot *core = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_set_meta(s, "epoch", "3", &err), &err);
    /* link a: weights +1 -2 | -3 +4 | +5 +6; half of each sign goes: +1, +4 and -2 */
    assert_ok(sg_snapshot_core(s, 0.5, &core, &err), &err);
    const sg_csr *a = sg_snapshot_link(core, 0)->matrix;
    const uint64_t start[] = {0, 0, 1, 3};
    const uint32_t col[] = {0, 1, 2};
    const float value[] = {-3.0F, 5.0F, 6.0F};
    assert_int_equal(a->n_links, 3);
    assert_memory_equal(a->row_start, start, sizeof start);
    assert_memory_equal(a->col, col, sizeof col);
    assert_memory_equal(a->value, value, sizeof value);
    /* link b is full, so SET would never touch it */
    assert_int_equal(sg_snapshot_link(core, 1)->matrix->n_links, 6);
    assert_int_equal(sg_snapshot_link(core, 2)->matrix->n_links, 1);
    assert_int_equal(sg_snapshot_epoch(core), 3);
    assert_string_equal(sg_snapshot_meta(core, "core_zeta"), "0.5");
    assert_true(sg_snapshot_layer(core, 1)->bias[0] == 0.5F);
    sg_snapshot_free(core);

    core = NULL;
    assert_int_equal(sg_snapshot_core(s, 1.5, &core, &err), SG_EINVAL);
    assert_int_equal(sg_snapshot_core(s, NAN, &core, &err), SG_EINVAL);
    assert_null(core);
    sg_snapshot_free(s);
}

static void describes_itself_as_json(void **state)
{
    (void)state;
    sg_snapshot *s = every_kind_of_part();
    char *text = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_describe_json(s, &text, &err), &err);
    assert_string_equal(
        text,
        "{\"connections\":8,\"layers\":["
        "{\"name\":\"input\",\"size\":4,\"shape\":[2,2],\"bias\":false},"
        "{\"name\":\"hidden1\",\"size\":3,\"shape\":[3],\"bias\":true},"
        "{\"name\":\"output\",\"size\":2,\"shape\":[2],\"bias\":false}],\"links\":["
        "{\"name\":\"input-hidden1\",\"from\":\"input\",\"to\":\"hidden1\","
        "\"connections\":5,\"density\":0.4166666666666667,\"weighted\":true},"
        "{\"name\":\"hidden1-output\",\"from\":\"hidden1\",\"to\":\"output\","
        "\"connections\":3,\"density\":0.5,\"weighted\":false},"
        "{\"name\":\"input-output\",\"from\":\"input\",\"to\":\"output\","
        "\"connections\":0,\"density\":0,\"weighted\":true}],"
        "\"density\":0.3076923076923077,"
        "\"metadata\":{\"epoch\":\"7\",\"note\":\"\\\"quoted\\\"\\n\xC3\xA9\\\\\"},"
        "\"tensors\":[{\"name\":\"slope\",\"shape\":[2,3]},{\"name\":\"step\",\"shape\":[]}]}");
    sg_free(text);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = small_network();
    sg_error err = {0};
    assert_ok(sg_snapshot_set_meta(s, "epoch", "3", &err), &err);
    const float v[] = {1.0F};
    const sg_tensor one = {.name = "t", .n_dims = 1, .shape = {1}, .value = v};
    assert_ok(sg_snapshot_add_tensor(s, &one, &err), &err);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_snapshot *core = NULL;
        sg_test_alloc_budget(budget);
        status = sg_snapshot_core(s, 0.3, &core, NULL); /* builds every kind of part */
        sg_test_alloc_budget(-1);
        assert_int_equal(core != NULL, status == SG_OK);
        sg_snapshot_free(core);
        assert_true(budget < 200);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_added),
        cmocka_unit_test(keeps_borrowed_parts_in_place_while_it_grows),
        cmocka_unit_test(refuses_layers_that_cannot_be),
        cmocka_unit_test(refuses_links_that_cannot_be_and_leaves_them_to_the_caller),
        cmocka_unit_test(lists_metadata_in_the_order_of_the_keys),
        cmocka_unit_test(an_epoch_that_is_no_number_is_no_epoch),
        cmocka_unit_test(finds_extra_tensors_by_name),
        cmocka_unit_test(the_core_is_what_the_next_removal_would_keep),
        cmocka_unit_test(describes_itself_as_json),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
