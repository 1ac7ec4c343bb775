/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/text.h"
#include "container.h"
#include "snapshot/mlp_order.h"
#include "snapshot/snapshot_read.h"

/* Reads a file whose header is written with ' for ". */
static sg_status read_file(const char *pattern, const void *data, size_t n_data, sg_snapshot **ret,
                           sg_error *err)
{
    SG_AUTOFREE char *header = sg_strdup(pattern);
    assert_non_null(header);
    for (char *p = header; *p; p++)
        if (*p == '\'')
            *p = '"';
    size_t n = 0;
    unsigned char *bytes = container_of(header, data, n_data, &n);
    sg_safetensors *f = NULL;
    sg_status status = sg_safetensors_open_bytes(bytes, n, &f, err);
    if (status == SG_OK)
        status = sg_snapshot_from_safetensors(f, SG_ORIENTATION_AUTO, ret, err);
    sg_safetensors_free(f);
    sg_free(bytes);
    return status;
}

static sg_snapshot *read_good(const char *header, const void *data, size_t n_data)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(read_file(header, data, n_data, &s, &err), &err);
    return s;
}

#define F32(name, shape, begin, end)                                                               \
    "'" name "':{'dtype':'F32','shape':" shape ",'data_offsets':[" begin "," end "]}"

static void zeros_are_absent_links_and_rows_receive(void **state)
{
    (void)state;
    const float data[] = {0.0F, 1.5F, -0.0F, -2.0F, 0.0F, 3.0F, 0.25F, 0.5F};
    sg_snapshot *s = read_good(
        "{" F32("fc.weight", "[2,3]", "0", "24") "," F32("fc.bias", "[2]", "24", "32") "}", data,
        sizeof data);
    assert_int_equal(sg_snapshot_n_layers(s), 2);
    assert_string_equal(sg_snapshot_layer(s, 0)->name, "input");
    assert_int_equal(sg_snapshot_layer(s, 0)->size, 3);
    assert_string_equal(sg_snapshot_layer(s, 1)->name, "output");
    assert_true(sg_snapshot_layer(s, 1)->bias[1] == 0.5F);
    const sg_csr *m = sg_snapshot_link(s, 0)->matrix;
    const uint64_t start[] = {0, 1, 3};
    const uint32_t col[] = {1, 0, 2};
    const float value[] = {1.5F, -2.0F, 3.0F};
    assert_int_equal(m->n_links, 3);
    assert_memory_equal(m->row_start, start, sizeof start);
    assert_memory_equal(m->col, col, sizeof col);
    assert_memory_equal(m->value, value, sizeof value);
    sg_snapshot_free(s);
}

/* Ten layers: as text, "10.weight" sorts before "2.weight". */
static void layers_are_ordered_by_number(void **state)
{
    (void)state;
    SG_AUTO_TEXT sg_text header = {0};
    float data[11];
    for (int i = 0; i < 11; i++) {
        sg_text_printf(&header,
                       "%s'%d.weight':{'dtype':'F32','shape':[1,1],'data_offsets':[%d,%d]}",
                       i > 0 ? "," : "{", i, 4 * i, 4 * i + 4);
        data[i] = (float)(i + 1);
    }
    sg_text_append(&header, "}");
    sg_snapshot *s = read_good(header.bytes, data, sizeof data);
    assert_int_equal(sg_snapshot_n_links(s), 11);
    for (size_t i = 0; i < 11; i++)
        assert_true(sg_snapshot_link(s, i)->matrix->value[0] == (float)(i + 1));
    assert_string_equal(sg_snapshot_layer(s, 10)->name, "hidden10");
    assert_string_equal(sg_snapshot_link(s, 10)->name, "hidden10-output");
    sg_snapshot_free(s);
}

static void natural_order_takes_numbers_as_numbers(void **state)
{
    (void)state;
    const char *const ascending[] = {"",
                                     "0.weight",
                                     "2.weight",
                                     "02.weight",
                                     "10.weight",
                                     "fc",
                                     "fc1",
                                     "fc1.bias",
                                     "fc1a",
                                     "fc2",
                                     "fc99999999999999999999999",
                                     "fc100000000000000000000000"};
    for (size_t i = 0; i < SG_COUNT(ascending); i++) {
        for (size_t j = 0; j < SG_COUNT(ascending); j++) {
            const int order = sg_natural_compare(ascending[i], ascending[j]);
            const int sign = (order > 0) - (order < 0);
            if (strstr(ascending[i], "2.weight") && strstr(ascending[j], "2.weight"))
                continue; /* equal numbers: any order, but a strict one */
            if (sign != (i > j) - (i < j))
                fail_msg("'%s' against '%s' gives %d", ascending[i], ascending[j], order);
        }
    }
    assert_true(sg_natural_compare("02.weight", "2.weight") < 0);
    assert_true(sg_natural_compare("2.weight", "02.weight") > 0);
}

static void sizes_decide_where_names_do_not(void **state)
{
    (void)state;
    float data[19];
    for (size_t i = 0; i < SG_COUNT(data); i++)
        data[i] = (float)i + 1.0F;
    sg_snapshot *s = read_good("{" F32("decoder.weight", "[5,2]", "0", "40") "," F32(
                                   "encoder.weight", "[3,1]", "40",
                                   "52") "," F32("middle.weight", "[2,3]", "52", "76") "}",
                               data, sizeof data);
    assert_string_equal(sg_snapshot_meta(s, "tensor.input-hidden1"), "encoder.weight");
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden1-hidden2"), "middle.weight");
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden2-output"), "decoder.weight");
    sg_snapshot_free(s);
}

static void assert_refused(const char *header, size_t n_data, sg_status status, const char *message)
{
    static const float ZEROS[64];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_int_equal(read_file(header, ZEROS, n_data, &s, &err), status);
    assert_string_equal(err.message, message);
    assert_null(s);
}

static void says_which_sizes_make_no_chain(void **state)
{
    (void)state;
    assert_refused("{" F32("a", "[2,3]", "0", "24") "," F32("b", "[2,4]", "24", "56") "}", 56,
                   SG_EUNSUPPORTED,
                   "its 2-D tensors (a 2 x 3, b 2 x 4) make no chain of layers (out, in); store "
                   "only the weights of an MLP, named in the order of the layers");
    assert_refused("{" F32("a", "[1,2]", "0", "8") "," F32("b", "[2,3]", "8", "32") "," F32(
                       "c", "[2,2]", "32", "48") "," F32("d", "[2,2]", "48", "64") "}",
                   64, SG_EUNSUPPORTED,
                   "its 2-D tensors (a 1 x 2, b 2 x 3, c 2 x 2, d 2 x 2) chain in several orders; "
                   "name them in the order of the layers");
}

/* Returns the sizes of the layers, and of what was read the orientation that is noted. */
static void assert_read_as(const char *header, size_t n_data, const size_t *sizes, size_t n,
                           const char *orientation)
{
    static const float ONES[64] = {1.0F, 1.0F, 1.0F};
    sg_snapshot *s = read_good(header, ONES, n_data);
    assert_int_equal(sg_snapshot_n_layers(s), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(sg_snapshot_layer(s, i)->size, sizes[i]);
    const char *noted = sg_snapshot_meta(s, "orientation");
    assert_string_equal(noted ? noted : "out-in", orientation);
    sg_snapshot_free(s);
}

static void the_chain_of_sizes_tells_the_orientation(void **state)
{
    (void)state;
    const size_t three[] = {2, 3, 1};
    const size_t five[] = {1, 2, 2, 2, 3};
    assert_read_as("{" F32("a", "[2,3]", "0", "24") "," F32("b", "[3,1]", "24", "36") "}", 36,
                   three, 3, "in-out");
    assert_read_as("{" F32("a", "[1,2]", "0", "8") "," F32("b", "[2,2]", "8", "24") "," F32(
                       "c", "[2,2]", "24", "40") "," F32("d", "[2,3]", "40", "64") "}",
                   64, five, 5, "in-out");
    assert_read_as("{" F32("a", "[3,2]", "0", "24") "," F32("b", "[1,3]", "24", "36") "}", 36,
                   three, 3, "out-in");
}

/* W (2, 3) sends from row 0 to column 0, from row 0 to column 1 and to column 2: 3 x 2 as (out, in)
 */
static void rows_that_send_are_turned_round(void **state)
{
    (void)state;
    const float data[] = {1.0F, 2.0F, 0.0F, 0.0F, 0.0F, 4.0F, 5.0F, 0.0F, 7.0F};
    sg_snapshot *s = read_good(
        "{" F32("a", "[2,3]", "0", "24") "," F32("b", "[3,1]", "24", "36") "}", data, sizeof data);
    const sg_csr *m = sg_snapshot_link(s, 0)->matrix;
    const uint64_t start[] = {0, 1, 2, 3};
    const uint32_t col[] = {0, 0, 1};
    const float value[] = {1.0F, 2.0F, 4.0F};
    assert_int_equal(m->n_rows, 3);
    assert_memory_equal(m->row_start, start, sizeof start);
    assert_memory_equal(m->col, col, sizeof col);
    assert_memory_equal(m->value, value, sizeof value);
    sg_snapshot_free(s);
}

/* 3 -> 2 -> 3 as (out, in), 2 -> 3 -> 2 as (in, out). */
static void where_both_orientations_chain_biases_or_names_decide(void **state)
{
    (void)state;
    const size_t out_in[] = {3, 2, 3};
    const size_t in_out[] = {2, 3, 2};
    assert_refused("{" F32("a", "[2,3]", "0", "24") "," F32("b", "[3,2]", "24", "48") "}", 48,
                   SG_EUNSUPPORTED,
                   "its 2-D tensors (a 2 x 3, b 3 x 2) chain as (out, in) and as (in, out); choose "
                   "the orientation out-in or in-out");
    assert_read_as("{" F32("a", "[2,3]", "0", "24") "," F32("b", "[3,2]", "24", "48") "," F32(
                       "a.bias", "[2]", "48", "56") "}",
                   56, out_in, 3, "out-in");
    assert_read_as("{" F32("a", "[2,3]", "0", "24") "," F32("b", "[3,2]", "24", "48") "," F32(
                       "b.bias", "[2]", "48", "56") "}",
                   56, in_out, 3, "in-out");
    assert_read_as(
        "{" F32("0.weight", "[2,3]", "0", "24") "," F32("1.weight", "[3,2]", "24", "48") "}", 48,
        out_in, 3, "out-in");
    assert_read_as("{'__metadata__':{'format':'pt'}," F32("a", "[2,3]", "0", "24") "," F32(
                       "b", "[3,2]", "24", "48") "}",
                   48, out_in, 3, "out-in");
}

/* 200 tensors that could be tried in 200! orders. */
static void a_hostile_number_of_orders_is_refused_at_once(void **state)
{
    (void)state;
    const int counts[] = {60, 200}; /* below and above what is searched at all */
    for (size_t c = 0; c < SG_COUNT(counts); c++) {
        SG_AUTO_TEXT sg_text header = {0};
        sg_text_append(&header, "{" F32("a", "[2,3]", "0", "24"));
        for (int i = 1; i < counts[c]; i++)
            sg_text_printf(&header, ",'b%d':{'dtype':'F32','shape':[0,0],'data_offsets':[24,24]}",
                           i);
        sg_text_append(&header, "}");
        static const float ZEROS[6];
        sg_snapshot *s = NULL;
        sg_error err = {0};
        assert_int_equal(read_file(header.bytes, ZEROS, sizeof ZEROS, &s, &err), SG_EUNSUPPORTED);
        assert_non_null(strstr(err.message, "make no chain of layers"));
    }
}

static void reads_weights_of_every_float_type(void **state)
{
    (void)state;
    const double wide[] = {0.5, -2.0, 0.0, 65504.0};
    const float expected[] = {0.5F, -2.0F, 65504.0F};
    const uint16_t half[] = {0x3800, 0xC000, 0x8000, 0x7BFF};  /* 65504: the largest half */
    const uint16_t brain[] = {0x3F00, 0xC000, 0x0000, 0x4780}; /* 65536 in bfloat16 */
    const uint16_t tiny[] = {0x0001, 0x83FF, 0x0400, 0x0000};  /* subnormal halves */
    sg_snapshot *s =
        read_good("{'w':{'dtype':'F64','shape':[2,2],'data_offsets':[0,32]}}", wide, sizeof wide);
    assert_memory_equal(sg_snapshot_link(s, 0)->matrix->value, expected, sizeof expected);
    sg_snapshot_free(s);
    s = read_good("{'w':{'dtype':'F16','shape':[2,2],'data_offsets':[0,8]}}", half, sizeof half);
    assert_int_equal(sg_snapshot_link(s, 0)->matrix->n_links, 3);
    assert_memory_equal(sg_snapshot_link(s, 0)->matrix->value, expected, sizeof expected);
    sg_snapshot_free(s);
    s = read_good("{'w':{'dtype':'BF16','shape':[2,2],'data_offsets':[0,8]}}", brain, sizeof brain);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[1] == -2.0F);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[2] == 65536.0F);
    sg_snapshot_free(s);
    s = read_good("{'w':{'dtype':'F16','shape':[2,2],'data_offsets':[0,8]}}", tiny, sizeof tiny);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[0] == 0x1p-24F);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[1] == -1023.0F * 0x1p-24F);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[2] == 0x1p-14F);
    sg_snapshot_free(s);
}

static void refuses_weights_that_are_no_numbers(void **state)
{
    (void)state;
    const uint16_t half[] = {0x3800, 0x7C01};
    const double wide[] = {0.5, 1e300};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_int_equal(read_file("{'w':{'dtype':'F16','shape':[2,1],'data_offsets':[0,4]}}", half,
                               sizeof half, &s, &err),
                     SG_EFORMAT);
    assert_string_equal(err.message, "tensor 'w': the weight at [1, 0] is NaN");
    assert_int_equal(read_file("{'w':{'dtype':'F64','shape':[1,2],'data_offsets':[0,16]}}", wide,
                               sizeof wide, &s, &err),
                     SG_EFORMAT);
    assert_string_equal(err.message, "tensor 'w': the weight at [0, 1] is infinite in 32 bits");
    assert_null(s);
}

/* torch.nn.utils.prune keeps fc.weight_orig and fc.weight_mask; the mask is the topology. */
static void masks_decide_which_links_there_are(void **state)
{
    (void)state;
    const float data[] = {1.0F, 2.0F, 0.0F, 4.0F, 0.0F, 1.0F, 1.0F, 0.0F, 7.0F, 8.0F, 1.0F, 0.0F};
    sg_snapshot *s =
        read_good("{" F32("fc.weight_orig", "[2,2]", "0", "16") "," F32(
                      "fc.weight_mask", "[2,2]", "16",
                      "32") "," F32("fc.bias_orig", "[2]", "32",
                                    "40") "," F32("fc.bias_mask", "[2]", "40", "48") "}",
                  data, sizeof data);
    const sg_csr *m = sg_snapshot_link(s, 0)->matrix;
    const uint32_t col[] = {1, 0};
    const float value[] = {2.0F, 0.0F}; /* an unpruned weight of 0 is a link */
    assert_int_equal(m->n_links, 2);
    assert_memory_equal(m->col, col, sizeof col);
    assert_memory_equal(m->value, value, sizeof value);
    assert_true(sg_snapshot_layer(s, 1)->bias[0] == 7.0F);
    assert_true(sg_snapshot_layer(s, 1)->bias[1] == 0.0F);
    sg_snapshot_free(s);
}

static void masks_may_be_booleans_beside_an_unpruned_bias(void **state)
{
    (void)state;
    float data[5] = {1.0F, 2.0F, 3.0F, 0.5F, 0.0F};
    const unsigned char mask[] = {0, 1, 1};
    memcpy(&data[4], mask, sizeof mask);
    sg_snapshot *s = read_good(
        "{" F32("fc.weight_orig", "[1,3]", "0", "12") "," F32(
            "fc.bias", "[1]", "12",
            "16") ",'fc.weight_mask':{'dtype':'BOOL','shape':[1,3],'data_offsets':[16,19]}}",
        data, 19);
    assert_int_equal(sg_snapshot_link(s, 0)->matrix->n_links, 2);
    assert_int_equal(sg_snapshot_link(s, 0)->matrix->col[0], 1);
    assert_true(sg_snapshot_layer(s, 1)->bias[0] == 0.5F);
    sg_snapshot_free(s);
}

static void other_names_for_biases_and_other_small_tensors(void **state)
{
    (void)state;
    const float data[] = {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F, 0.0F};
    sg_snapshot *s = read_good(
        "{'__metadata__':{'format':'pt','epoch':'12'}," F32("W1", "[2,1]", "0", "8") "," F32(
            "W2", "[1,2]", "8", "16") "," F32("b1", "[2]", "16",
                                              "24") "," F32("norm", "[1]", "24",
                                                            "28") ","
                                                                  "'steps':{'dtype':'I32','shape':["
                                                                  "],'data_offsets':[28,32]}}",
        data, sizeof data);
    assert_int_equal(sg_snapshot_n_links(s), 2);
    assert_true(sg_snapshot_layer(s, 1)->bias[1] == 6.0F);
    assert_null(sg_snapshot_layer(s, 2)->bias);
    assert_int_equal(sg_snapshot_n_tensors(s), 0);
    assert_int_equal(sg_snapshot_epoch(s), 12);
    assert_null(sg_snapshot_meta(s, "format"));
    sg_snapshot_free(s);
}

/* 784 inputs are shown as 28 x 28; no other size is guessed at. */
static void an_input_of_784_is_an_image(void **state)
{
    (void)state;
    static float data[784];
    data[783] = 1.0F;
    sg_snapshot *s = read_good("{" F32("fc.weight", "[1,784]", "0", "3136") "}", data, sizeof data);
    assert_int_equal(sg_snapshot_layer(s, 0)->n_dims, 2);
    assert_int_equal(sg_snapshot_layer(s, 0)->shape[1], 28);
    sg_snapshot_free(s);
    s = read_good("{" F32("fc.weight", "[1,64]", "0", "256") "}", data, 256);
    assert_int_equal(sg_snapshot_layer(s, 0)->n_dims, 1);
    assert_int_equal(sg_snapshot_n_connections(s), 0);
    sg_snapshot_free(s);
}

/* More values than one chunk of the reader, and rows that end within chunks. */
static void chunks_do_not_show(void **state)
{
    (void)state;
    enum { ROWS = 77, COLUMNS = 131 };
    static float data[ROWS * COLUMNS];
    size_t n_links = 0;
    for (size_t i = 0; i < SG_COUNT(data); i++) {
        data[i] = i % 7 == 0 || i % 11 == 3 ? (float)i + 1.0F : 0.0F;
        n_links += data[i] != 0.0F;
    }
    sg_snapshot *s = read_good("{" F32("w", "[77,131]", "0", "40348") "}", data, sizeof data);
    const sg_csr *m = sg_snapshot_link(s, 0)->matrix;
    assert_int_equal(m->n_links, n_links);
    for (size_t row = 0; row < ROWS; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            assert_true(m->value[k] == data[row * COLUMNS + m->col[k]]);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const float data[] = {1.0F, 2.0F, 1.0F, 0.0F, 7.0F, 1.0F};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        static const char HEADER[] =
            "{\"__metadata__\":{\"a\":\"b\"},"
            "\"fc.weight_orig\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            "\"fc.weight_mask\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
            "\"fc.bias_orig\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
            "\"fc.bias_mask\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[20,24]}}";
        size_t n = 0;
        unsigned char *bytes = container_of(HEADER, data, sizeof data, &n);
        sg_safetensors *f = NULL;
        sg_snapshot *s = NULL;
        sg_test_alloc_budget(budget);
        status = sg_safetensors_open_bytes(bytes, n, &f, NULL);
        if (status == SG_OK)
            status = sg_snapshot_from_safetensors(f, SG_ORIENTATION_AUTO, &s, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(s != NULL, status == SG_OK);
        sg_snapshot_free(s);
        sg_safetensors_free(f);
        sg_free(bytes);
        assert_true(budget < 500);
    }
    assert_int_equal(status, SG_OK);
}

static void refuses_what_is_no_mlp(void **state)
{
    (void)state;
    assert_refused(
        "{" F32("conv.weight", "[1,1,2,2]", "0", "16") "}", 16, SG_EUNSUPPORTED,
        "tensor 'conv.weight' has 4 dimensions; only the 2-D weights of an MLP are read");
    assert_refused("{'q':{'dtype':'I8','shape':[2,2],'data_offsets':[0,4]}}", 4, SG_EUNSUPPORTED,
                   "tensor 'q' is 2-D I8; only weights of F16, BF16, F32 or F64 are read");
    assert_refused("{" F32("fc.weight", "[2,1]", "0", "8") "," F32("fc.bias", "[3]", "8", "20") "}",
                   20, SG_EFORMAT, "bias 'fc.bias' holds 3 values, its weight 2 rows");
    assert_refused("{" F32("fc.weight", "[0,2]", "0", "0") "}", 0, SG_EFORMAT,
                   "layer 'output' has 0 neurons: 1 to 2^32 - 1 are possible");
    assert_refused("{" F32("w_orig", "[1,2]", "0", "8") "," F32("w_mask", "[2,1]", "8", "16") "}",
                   16, SG_EFORMAT, "mask 'w_mask' has another shape than 'w_orig'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_are_absent_links_and_rows_receive),
        cmocka_unit_test(layers_are_ordered_by_number),
        cmocka_unit_test(natural_order_takes_numbers_as_numbers),
        cmocka_unit_test(sizes_decide_where_names_do_not),
        cmocka_unit_test(says_which_sizes_make_no_chain),
        cmocka_unit_test(the_chain_of_sizes_tells_the_orientation),
        cmocka_unit_test(rows_that_send_are_turned_round),
        cmocka_unit_test(where_both_orientations_chain_biases_or_names_decide),
        cmocka_unit_test(a_hostile_number_of_orders_is_refused_at_once),
        cmocka_unit_test(reads_weights_of_every_float_type),
        cmocka_unit_test(refuses_weights_that_are_no_numbers),
        cmocka_unit_test(masks_decide_which_links_there_are),
        cmocka_unit_test(masks_may_be_booleans_beside_an_unpruned_bias),
        cmocka_unit_test(other_names_for_biases_and_other_small_tensors),
        cmocka_unit_test(an_input_of_784_is_an_image),
        cmocka_unit_test(chunks_do_not_show),
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(refuses_what_is_no_mlp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
