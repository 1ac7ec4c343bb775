/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <dirent.h>

#include "base/status.h"
#include "base/text.h"
#include "real_data.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/snapshot.h"

/* Networks from elsewhere in each of the formats that are read, and what is known of them. */

static sg_snapshot *read_real(const char *name)
{
    char path[TEST_PATH_MAX];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read(in_real_data(path, name), &s, &err), &err);
    return s;
}

static void assert_same_matrix(const sg_csr *a, const sg_csr *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_cols, b->n_cols);
    assert_int_equal(a->n_links, b->n_links);
    assert_memory_equal(a->row_start, b->row_start, (a->n_rows + 1) * sizeof *a->row_start);
    assert_memory_equal(a->col, b->col, a->n_links * sizeof *a->col);
    assert_memory_equal(a->value, b->value, a->n_links * sizeof *a->value);
}

#define PRUNED "sparse_nets/mlp_mnist_pruned90/"

/* The publisher counts 11,004 + 7,500 + 1,376 of 198,800 weights. */
static void a_pruned_network_is_the_same_in_every_format(void **state)
{
    (void)state;
    const char *const names[] = {PRUNED "mlp_pruned.npz", PRUNED "mlp_pruned.pkl"};
    sg_snapshot *original = read_real(PRUNED "mlp_pruned.safetensors");
    assert_int_equal(sg_snapshot_n_connections(original), 11004 + 7500 + 1376);
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        sg_snapshot *s = read_real(names[i]);
        assert_int_equal(sg_snapshot_n_links(s), 3);
        for (size_t k = 0; k < 3; k++) {
            assert_same_matrix(sg_snapshot_link(s, k)->matrix,
                               sg_snapshot_link(original, k)->matrix);
            assert_memory_equal(sg_snapshot_layer(s, k + 1)->bias,
                                sg_snapshot_layer(original, k + 1)->bias,
                                sg_snapshot_layer(s, k + 1)->size * sizeof(float));
        }
        sg_snapshot_free(s);
    }
    sg_snapshot_free(original);
}

/* An edge list has no neurons without links, and no weights: the links alone are the same. */
static void an_edge_list_gives_the_same_links(void **state)
{
    (void)state;
    sg_snapshot *original = read_real(PRUNED "mlp_pruned.safetensors");
    sg_snapshot *s = read_real(PRUNED "mlp_pruned.edges");
    for (size_t k = 0; k < 3; k++) {
        const sg_csr *a = sg_snapshot_link(original, k)->matrix;
        const sg_csr *b = sg_snapshot_link(s, k)->matrix;
        assert_true(b->n_rows <= a->n_rows);
        assert_int_equal(a->n_links, b->n_links);
        assert_memory_equal(a->row_start, b->row_start, (b->n_rows + 1) * sizeof *a->row_start);
        assert_memory_equal(a->col, b->col, a->n_links * sizeof *a->col);
    }
    sg_snapshot_free(s);
    sg_snapshot_free(original);
}

/* Analyses a file; the caller frees the text. Where the file is named, the name is cut out. */
static char *analyze_real(const char *name)
{
    char path[TEST_PATH_MAX];
    const char *const paths[] = {in_real_data(path, name)};
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    sg_analysis *a = NULL;
    sg_error err = {0};
    char *text = NULL;
    params.n_bootstrap = 0;
    params.n_nulls = 0;
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    assert_ok(sg_analysis_csv(a, &text, &err), &err);
    sg_analysis_free(a);
    return text;
}

static void the_formats_analyse_to_the_same_numbers(void **state)
{
    (void)state;
    SG_AUTOFREE char *original = analyze_real(PRUNED "mlp_pruned.safetensors");
    SG_AUTOFREE char *npz = analyze_real(PRUNED "mlp_pruned.npz");
    SG_AUTOFREE char *pickle = analyze_real(PRUNED "mlp_pruned.pkl");
    assert_non_null(strstr(original, "11004"));
    assert_string_equal(npz, original);
    assert_string_equal(pickle, original);
}

/* Calls a function for each .smtx below a folder; returns their number. */
static size_t for_each_smtx(const char *where, void (*call)(const char *path))
{
    size_t n = 0;
    DIR *listing = opendir(where);
    assert_non_null(listing);
    for (const struct dirent *e = readdir(listing); e; e = readdir(listing)) {
        char path[TEST_PATH_MAX];
        struct stat about;
        const size_t n_name = strlen(e->d_name);
        if (e->d_name[0] == '.' || stat(in_folder(path, where, e->d_name), &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode)) {
            n += for_each_smtx(path, call);
        } else if (n_name > 5 && strcmp(e->d_name + n_name - 5, ".smtx") == 0) {
            call(path);
            n++;
        }
    }
    (void)closedir(listing);
    return n;
}

/* The first line of the file says what must come of it. */
static void check_smtx(const char *path)
{
    unsigned long size[3] = {0};
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%lu, %lu, %lu", &size[0], &size[1], &size[2]), 3); /* NOLINT */
    (void)fclose(f);
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read(path, &s, &err), &err);
    const sg_csr *m = sg_snapshot_link(s, 0)->matrix;
    assert_int_equal(m->n_rows, size[0]);
    assert_int_equal(m->n_cols, size[1]);
    assert_int_equal(m->n_links, size[2]);
    assert_null(m->value);
    sg_snapshot_free(s);
}

static void every_matrix_of_dlmc_is_read(void **state)
{
    (void)state;
    char where[TEST_PATH_MAX];
    assert_int_equal(for_each_smtx(in_real_data(where, "sparse_nets/dlmc"), check_smtx), 27);
}

/* Two layers of a transformer's decoder, each 512 -> 2048 or back: one network of two files. */
static void files_of_dlmc_join_to_a_network(void **state)
{
    (void)state;
    char conv[TEST_PATH_MAX];
    char attention[TEST_PATH_MAX];
    const char *const paths[] = {
        in_real_data(attention, "sparse_nets/dlmc/transformer/magnitude_pruning/0.98/"
                                "body_encoder_layer_0_self_attention_multihead_attention_q_fully_"
                                "connected.smtx"),
        in_real_data(conv, "sparse_nets/dlmc/transformer/magnitude_pruning/0.98/"
                           "body_decoder_layer_5_ffn_conv1_fully_connected.smtx")};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read_layers(paths, 2, NULL, &s, &err), &err);
    const size_t sizes[] = {512, 512, 2048};
    for (size_t i = 0; i < SG_COUNT(sizes); i++)
        assert_int_equal(sg_snapshot_layer(s, i)->size, sizes[i]);
    assert_int_equal(sg_snapshot_n_connections(s), 5242 + 20971);
    sg_snapshot_free(s);
}

/* Counts of SciPy 1.10.1: scipy.io.mmread(FILE).tocsr().nnz, scipy.sparse.load_npz(FILE).nnz. */
static void matrix_market_and_scipys_own_files(void **state)
{
    (void)state;
    const struct {
        const char *name;
        size_t n;
        size_t n_links;
    } files[] = {
        {"jgl009.mtx", 9, 50}, {"lund_a.mtx", 147, 2449}, {"pores_1.mtx", 30, 180},
        {"csc_py2.npz", 1, 0}, {"csc_py3.npz", 1, 0},
    };
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        SG_AUTOFREE char *name = sg_format("sparse_nets/matrix_market/%s", files[i].name);
        sg_snapshot *s = read_real(name);
        assert_int_equal(sg_snapshot_layer(s, 0)->size, files[i].n);
        assert_int_equal(sg_snapshot_layer(s, 1)->size, files[i].n);
        assert_int_equal(sg_snapshot_n_connections(s), files[i].n_links);
        sg_snapshot_free(s);
    }
}

static void assert_real_refused(const char *name, sg_status status, const char *end)
{
    char path[TEST_PATH_MAX];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_int_equal(sg_snapshot_read(in_real_data(path, name), &s, &err), status);
    if (strlen(err.message) < strlen(end) ||
        strcmp(err.message + strlen(err.message) - strlen(end), end) != 0)
        fail_msg("'%s' does not end in '%s'", err.message, end);
    assert_null(s);
}

static void what_is_no_network_is_refused_with_its_reason(void **state)
{
    (void)state;
    assert_real_refused("sparse_nets/matrix_market/wrong.mtx", SG_EFORMAT,
                        "line 3: the entry (0, 1) lies outside a matrix of 2 x 3, whose rows and "
                        "columns are numbered from 1");
    /* degrees by epoch, not weights */
    assert_real_refused("sparse_nets/set_fmnist_ecmlpkdd2019/"
                        "set_mlp_2000_training_samples_e13_rand0_input_connections.npz",
                        SG_EUNSUPPORTED,
                        "tensor 'inputLayerConnections' is 2-D I64; only weights of F16, BF16, F32 "
                        "or F64 are read");
    assert_real_refused(
        "sparse_nets/format_fixtures/lept/mnist.onnx", SG_EFORMAT,
        "it is binary, and none of the formats that are read: safetensors, PyTorch, "
        "NumPy");
}

int main(void)
{
    if (skips_without("sparse_nets"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pruned_network_is_the_same_in_every_format),
        cmocka_unit_test(an_edge_list_gives_the_same_links),
        cmocka_unit_test(the_formats_analyse_to_the_same_numbers),
        cmocka_unit_test(every_matrix_of_dlmc_is_read),
        cmocka_unit_test(files_of_dlmc_join_to_a_network),
        cmocka_unit_test(matrix_market_and_scipys_own_files),
        cmocka_unit_test(what_is_no_network_is_refused_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
