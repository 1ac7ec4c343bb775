/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read_bytes.h"

static sg_snapshot *read_text_as(const char *text, const char *name)
{
    return read_good(text, strlen(text), name);
}

/* --- Matrix Market ------------------------------------------------------------------------ */

static void reads_coordinates_of_each_symmetry(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as(NET_MTX, "w.mtx");
    assert_first_matrix(s, true);
    assert_string_equal(sg_snapshot_meta(s, "tensor.input-output"), "w.mtx");
    sg_snapshot_free(s);

    const uint64_t start[] = {0, 2, 3};
    const uint32_t col[] = {0, 1, 0};
    const float mirrored[] = {1.5F, -2.0F, -2.0F};
    s = read_text_as("%%MatrixMarket MATRIX Coordinate REAL Symmetric\r\n2 2 2\r\n1 1 1.5\r\n\r\n"
                     "2 1 -2\r\n",
                     "w.mtx");
    assert_matrix(s, 0, start, col, mirrored);
    sg_snapshot_free(s);

    const uint64_t skew_start[] = {0, 1, 2};
    const uint32_t skew_col[] = {1, 0};
    const float skew[] = {-7.0F, 7.0F};
    s = read_text_as("%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 7", "w");
    assert_matrix(s, 0, skew_start, skew_col, skew);
    sg_snapshot_free(s);
}

static void patterns_have_no_weights(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as(
        "%%MatrixMarket matrix coordinate pattern general\n2 3 4\n1 1\n2 2\n1 3\n1 3\n", "w.mtx");
    assert_first_matrix(s, false); /* an entry that is given twice is one link */
    sg_snapshot_free(s);
}

static void reads_arrays_column_by_column(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as(
        "%%MatrixMarket matrix array real general\n%\n2 3\n1\n0\n0 -3\n2\n0\n", "w.mtx");
    assert_first_matrix(s, true);
    sg_snapshot_free(s);

    const uint64_t start[] = {0, 1, 3};
    const uint32_t col[] = {1, 0, 1};
    const float value[] = {4.0F, 4.0F, 5.0F};
    s = read_text_as("%%MatrixMarket matrix array integer symmetric\n2 2\n0\n4\n5\n", "w.mtx");
    assert_matrix(s, 0, start, col, value);
    sg_snapshot_free(s);
}

static void entries_that_are_given_twice_are_added(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as(
        "%%MatrixMarket matrix coordinate real general\n1 1 2\n1 1 0.5\n1 1 0.25\n", "w.mtx");
    assert_int_equal(sg_snapshot_n_connections(s), 1);
    assert_true(sg_snapshot_link(s, 0)->matrix->value[0] == 0.75F);
    sg_snapshot_free(s);
}

#define COORDINATES "%%MatrixMarket matrix coordinate real general\n"

static void refuses_matrix_market_files_that_lie(void **state)
{
    (void)state;
    const struct {
        const char *text;
        sg_status status;
        const char *message;
    } all[] = {
        {"%%MatrixMarket matrix coordinate real\n", SG_EFORMAT,
         "line 1 is not '%%MatrixMarket matrix FORMAT FIELD SYMMETRY'"},
        {"%%MatrixMarket matrix coordinate complex hermitian\n", SG_EUNSUPPORTED,
         "a Matrix Market file of 'complex' is not read; known are coordinate and array, real, "
         "integer and pattern, general, symmetric and skew-symmetric"},
        {"%%MatrixMarket matrix array pattern general\n2 2\n", SG_EFORMAT,
         "an array of the field 'pattern' has no values"},
        {COORDINATES "2 3\n", SG_EFORMAT, "line 2 is not its sizes: rows, columns, entries"},
        {COORDINATES "2 3 -1\n", SG_EFORMAT, "line 2 is not its sizes: rows, columns, entries"},
        {COORDINATES "2 3 99999\n", SG_EFORMAT, "99999 entries do not fit in a file of 56 bytes"},
        {COORDINATES "99999999999 3 1\n", SG_EUNSUPPORTED,
         "a matrix of 99999999999 x 3 does not stand to 62 bytes: so many neurons would have no "
         "link"},
        {COORDINATES "2 3 2\n0 1 1\n1 3 4\n", SG_EFORMAT,
         "line 3: the entry (0, 1) lies outside a matrix of 2 x 3, whose rows and columns are "
         "numbered from 1"},
        {COORDINATES "2 3 1\n1 4 1\n", SG_EFORMAT,
         "line 3: the entry (1, 4) lies outside a matrix of 2 x 3, whose rows and columns are "
         "numbered from 1"},
        {COORDINATES "2 3 2\n1 1 1\n", SG_EFORMAT,
         "the file ends after line 3, before its last entry"},
        {COORDINATES "2 3 1\n1 1 1\n2 2 2\n", SG_EFORMAT,
         "line 4: '2 2 2' is not expected after the last entry"},
        {COORDINATES "2 3 1\n1 1\n", SG_EFORMAT,
         "line 3: '1 1' is not an entry with a finite value"},
        {COORDINATES "2 3 1\n1 1 nan\n", SG_EFORMAT,
         "line 3: '1 1 nan' is not an entry with a finite value"},
        {COORDINATES "2 3 1\n1 1 1e99\n", SG_EFORMAT,
         "line 3: '1 1 1e99' is not an entry with a finite value"},
        {COORDINATES "2 3 1\n1 1 1 \x1B[2J\n", SG_EFORMAT,
         "line 3: '1 1 1 ?[2J' is not a single entry"},
        {COORDINATES "2 3 1\na b c\n", SG_EFORMAT,
         "line 3: 'a b c' is not an entry of row, column and value"},
        {"%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n", SG_EFORMAT,
         "a symmetric matrix cannot be 2 x 3"},
        {"%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n", SG_EFORMAT,
         "line 3: '1 1 1' is not possible on the diagonal of a skew-symmetric matrix"},
        {"%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n", SG_EFORMAT,
         "the file ends after line 5, before its last value"},
        {"%%MatrixMarket matrix array real general\n1 2\n1 2 3\n", SG_EFORMAT,
         "line 3: ' 3' is not expected after the last value"},
        {COORDINATES "0 0 0\n", SG_EFORMAT,
         "layer 'input' has 0 neurons: 1 to 2^32 - 1 are possible"},
    };
    for (size_t i = 0; i < SG_COUNT(all); i++)
        assert_text_refused(all[i].text, "w.mtx", all[i].status, all[i].message);
}

/* --- .smtx -------------------------------------------------------------------------------- */

static void reads_topologies_of_dlmc(void **state)
{
    (void)state;
    const char *const texts[] = {NET_SMTX, "2,3,3\r\n0 2 3 \r\n0 2 1\r\n",
                                 "2, 3, 3\n0 2\n3\n2\n0 1"};
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        sg_snapshot *s = read_text_as(texts[i], "w.smtx");
        assert_first_matrix(s, false);
        sg_snapshot_free(s);
    }
    sg_snapshot *unnamed = read_text_as(NET_SMTX, "w");
    assert_first_matrix(unnamed, false);
    sg_snapshot_free(unnamed);
}

static void refuses_smtx_files_that_lie(void **state)
{
    (void)state;
    const struct {
        const char *text;
        const char *message;
    } all[] = {
        {"2, 3\n", "line 1 is not 'rows, columns, links' of a .smtx"},
        {"2, 3, 99\n0 2 3\n0 2 1\n", "2 rows and 99 links do not fit in 21 bytes"},
        {"2, 3, 3\n0 3 2\n0 2 1\n", "line 2: row offset 2 does not ascend from 0 to 3"},
        {"2, 3, 3\n1 2 3\n0 2 1\n", "line 2: row offset 0 does not ascend from 0 to 3"},
        {"2, 3, 3\n0 2 4\n0 2 1\n", "line 2: row offset 2 does not ascend from 0 to 3"},
        {"2, 3, 3\n0 2 2\n0 2 1\n", "the row offsets end at 2, the first line says 3 links"},
        {"2, 3, 3\n0 2 3\n0 3 1\n", "line 3: column 3 does not exist, there are 3"},
        {"2, 3, 3\n0 2 3\n0 2\n", "line 3: column 2 of 3 is missing or no number"},
        {"2, 3, 3\n0 2 3\n0 2 x\n", "line 3: column 2 of 3 is missing or no number"},
        {"2, 3, 3\n0 2 3\n0 2 1 0\n", "line 3 goes on after the last column"},
        {"2, 3, 3\n0 2 3\n0 2 1 x\n", "line 3 goes on after the last column"},
    };
    for (size_t i = 0; i < SG_COUNT(all); i++)
        assert_text_refused(all[i].text, "w.smtx", SG_EFORMAT, all[i].message);
    sg_snapshot *s = NULL;
    assert_int_equal(read_bytes("1, 3, 2\n0 2\n1 1\n", 16, "w.smtx", &s, NULL), SG_EFORMAT);
}

/* --- edge lists with layers ----------------------------------------------------------------- */

static void reads_edge_lists_with_named_columns(void **state)
{
    (void)state;
    const char *const texts[] = {
        NET_CSV,
        "to\tweight\tnote\tFROM_LAYER\tfrom\tto_layer\n" /* any order, further columns */
        "0\t1\tx\tinput\t0\thidden1\n"
        "0\t2\t\tinput\t2\thidden1\n"
        "1\t-3\tx\tinput\t1\thidden1\n"
        "0\t4\tx\thidden1\t1\toutput\n"
        "1\t5\tx\thidden1\t0\toutput\n",
        "source_layer;source;target_layer;target;value\r\n"
        "\"hidden1\";1;output;0;4\r\n"
        "input;0;hidden1;0;1\r\n"
        "% a comment\r\n"
        "input;2;hidden1;0;2.0\r\n"
        "input;1;hidden1;1;-3e0\r\n"
        "hidden1;0;output;1;5",
    };
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        sg_snapshot *s = read_text_as(texts[i], "net.csv");
        assert_whole_network(s, false);
        assert_string_equal(sg_snapshot_layer(s, 0)->name, "input");
        assert_string_equal(sg_snapshot_link(s, 0)->name, "input-hidden1");
        sg_snapshot_free(s);
    }
}

static void reads_pairs_of_neurons_whose_names_tell_the_layer(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as(NET_EDGES, "net.edges");
    assert_whole_network(s, false);
    sg_snapshot_free(s);
    s = read_text_as("# from a friend\nL0_104 L1_1\nL0_3 L1_0\nL1_1 L_2_4\n", "net.edges");
    assert_int_equal(sg_snapshot_n_layers(s), 3);
    assert_int_equal(sg_snapshot_layer(s, 0)->size, 105);
    assert_string_equal(sg_snapshot_layer(s, 2)->name, "L_2");
    assert_int_equal(sg_snapshot_layer(s, 2)->size, 5);
    assert_null(sg_snapshot_link(s, 0)->matrix->value);
    sg_snapshot_free(s);
}

static void comments_tell_the_sizes_of_layers_and_links_may_skip_some(void **state)
{
    (void)state;
    sg_snapshot *s = read_text_as("# layer output 7\n# layer pixels 784\n# layer of what\n"
                                  "pixels:1 hidden:1\nhidden:0 output:2\npixels:3 output:0\n",
                                  "net.edges");
    assert_int_equal(sg_snapshot_n_layers(s), 3);
    assert_string_equal(sg_snapshot_layer(s, 0)->name, "pixels");
    assert_int_equal(sg_snapshot_layer(s, 0)->n_dims, 2); /* 28 x 28 */
    assert_int_equal(sg_snapshot_layer(s, 1)->size, 2);
    assert_int_equal(sg_snapshot_layer(s, 2)->size, 7);
    assert_int_equal(sg_snapshot_n_links(s), 3);
    sg_snapshot_free(s);
}

static void refuses_edge_lists_that_make_no_network(void **state)
{
    (void)state;
#define HEADER "from_layer,from,to_layer,to,weight\n"
    const struct {
        const char *text;
        const char *message;
    } all[] = {
        {HEADER, "there is no connection in it"},
        {HEADER "a,0,b,0\n", "line 2 has 4 columns, too few for its header"},
        {HEADER "a,x,b,0,1\n", "line 2: 'x' is no number of a neuron, from 0"},
        {HEADER "a,0,b,-1,1\n", "line 2: '-1' is no number of a neuron, from 0"},
        {HEADER "a,0,b,0,\n", "line 2: '' is no finite weight"},
        {HEADER "a,0,b,0,inf\n", "line 2: 'inf' is no finite weight"},
        {HEADER "a,0,b,0,1\na,0,b,0,2\n", "link 'a-b': the link (0, 0) is given twice"},
        {HEADER "a,0,a,1,1\n", "a connection within layer 'a': links join two layers"},
        {HEADER "a,0,b,0,1\nb,0,a,0,1\n",
         "its layers are linked in a circle: links run from input to output"},
        {HEADER ",0,b,0,1\n", "the name of a layer is not 1 to 255 bytes of text"},
        {HEADER "extra.a,0,b,0,1\n", "layer 'extra.a': names that start with 'extra.' are taken"},
        {"a:0 b:0\na:0 b:1 0.5\n",
         "line 2 is not of two neurons and perhaps a weight, as the lines before it"},
        {"a:0 b:0\na:0 c\n", "line 2: 'c' is no neuron LAYER:NUMBER; else name the columns "
                             "from_layer, from, to_layer, to in the first line"},
        {"hello\n",
         "it is none of the formats that are read (safetensors, PyTorch, NumPy, Matrix Market, "
         "smtx, edge lists with layers): line 1 is not of two neurons and perhaps a weight"},
        {"", "it is empty"},
    };
    for (size_t i = 0; i < SG_COUNT(all); i++)
        assert_text_refused(all[i].text, "net.csv", SG_EFORMAT, all[i].message);
    assert_text_refused(HEADER "a,0,b,4000000000,1\n", "net.csv", SG_EUNSUPPORTED,
                        "layer 'b' of 4000000001 neurons does not stand to 54 bytes: so many would "
                        "have no link");
}

static void says_what_other_programs_files_are(void **state)
{
    (void)state;
    assert_bytes_refused("\x89HDF\r\n\x1A\n", 8, "net.h5", SG_EUNSUPPORTED,
                         "it is HDF5, which is not read; save its weights by numpy.savez(FILE, "
                         "*weights)");
    assert_bytes_refused("\x80\x04\x95", 3, "net.pkl", SG_EUNSUPPORTED,
                         "it is a pickle that torch.save() did not write; save the weights by "
                         "torch.save() or numpy.savez()");
    assert_bytes_refused("\x08\x03\x12\0", 4, "net.onnx", SG_EFORMAT,
                         "it is binary, and none of the formats that are read: safetensors, "
                         "PyTorch, NumPy");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const char *const texts[] = {NET_MTX, NET_SMTX, NET_CSV, NET_EDGES};
    for (size_t i = 0; i < SG_COUNT(texts); i++)
        assert_survives_failed_allocations(texts[i], strlen(texts[i]), "w");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_coordinates_of_each_symmetry),
        cmocka_unit_test(patterns_have_no_weights),
        cmocka_unit_test(reads_arrays_column_by_column),
        cmocka_unit_test(entries_that_are_given_twice_are_added),
        cmocka_unit_test(refuses_matrix_market_files_that_lie),
        cmocka_unit_test(reads_topologies_of_dlmc),
        cmocka_unit_test(refuses_smtx_files_that_lie),
        cmocka_unit_test(reads_edge_lists_with_named_columns),
        cmocka_unit_test(reads_pairs_of_neurons_whose_names_tell_the_layer),
        cmocka_unit_test(comments_tell_the_sizes_of_layers_and_links_may_skip_some),
        cmocka_unit_test(refuses_edge_lists_that_make_no_network),
        cmocka_unit_test(says_what_other_programs_files_are),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
