/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read_bytes.h"

/* Reads one .npy; the network's only link is checked against W1 by the caller. */
static sg_snapshot *read_npy(const char *descr, const char *fortran, const char *shape,
                             const void *data, size_t n_data)
{
    built b = {.n = 0};
    put_npy(&b, descr, fortran, shape, data, n_data);
    return read_good(b.at, b.n, "w.npy");
}

static void reads_arrays_in_any_order_of_rows_and_bytes(void **state)
{
    (void)state;
    const double wide[] = {1.0, 0.0, 2.0, 0.0, -3.0, 0.0};
    const uint16_t half[] = {0x3C00, 0, 0x4000, 0x8000, 0xC200, 0};
    const float by_column[] = {1.0F, 0.0F, 0.0F, -3.0F, 2.0F, 0.0F};
    uint8_t swapped[sizeof NET_W1];
    for (size_t i = 0; i < sizeof NET_W1; i++)
        swapped[i] = ((const uint8_t *)NET_W1)[i / 4 * 4 + 3 - i % 4];
    sg_snapshot *const all[] = {
        read_npy("<f4", "False", "2, 3", NET_W1, sizeof NET_W1),
        read_npy("<f8", "False", "2, 3", wide, sizeof wide),
        read_npy("<f2", "False", "2L, 3L", half, sizeof half),
        read_npy("<f4", "True", "2, 3", by_column, sizeof by_column),
        read_npy(">f4", "False", "2, 3", swapped, sizeof swapped),
    };
    for (size_t i = 0; i < SG_COUNT(all); i++) {
        assert_first_matrix(all[i], true);
        assert_string_equal(sg_snapshot_meta(all[i], "tensor.input-output"), "w.npy");
        sg_snapshot_free(all[i]);
    }
}

static void booleans_are_a_topology_without_weights(void **state)
{
    (void)state;
    const uint8_t mask[] = {1, 0, 1, 0, 1, 0};
    sg_snapshot *s = read_npy("|b1", "False", "2, 3", mask, sizeof mask);
    assert_first_matrix(s, false);
    sg_snapshot_free(s);
}

static void assert_npy_refused(const char *descr, const char *fortran, const char *shape,
                               sg_status status, const char *message)
{
    static const uint8_t ZEROS[96];
    built b = {.n = 0};
    put_npy(&b, descr, fortran, shape, ZEROS, sizeof ZEROS);
    assert_bytes_refused(b.at, b.n, "w.npy", status, message);
}

static void refuses_headers_that_lie(void **state)
{
    (void)state;
    assert_npy_refused("<f4", "False", "5, 5", SG_EFORMAT,
                       "it needs 100 bytes by its shape and dtype, has 96");
    assert_npy_refused("<f4", "False", "2, 3", SG_EFORMAT,
                       "it needs 24 bytes by its shape and dtype, has 96");
    assert_npy_refused("<f8", "False", "4294967296, 4294967296", SG_EFORMAT,
                       "the header's shape overflows");
    assert_npy_refused("<f8", "False", "4294967296, 1073741824", SG_EFORMAT,
                       "the header's shape overflows");
    assert_npy_refused("<f4", "False", "99999999999999999999", SG_EFORMAT,
                       "the header's shape is not of integers");
    assert_npy_refused("<f4", "False", "-1, 3", SG_EFORMAT,
                       "the header's shape is not of integers");
    assert_npy_refused("<f4", "Maybe", "4, 6", SG_EFORMAT,
                       "the header's entry 'fortran_order' is not as NumPy writes it");
    assert_npy_refused("<f4', 'descr': '<f4", "False", "4, 6", SG_EFORMAT,
                       "the header's entry 'descr' is not as NumPy writes it");
    assert_npy_refused("", "False", "4, 6", SG_EFORMAT,
                       "the header's entry 'descr' is not as NumPy writes it");
    assert_npy_refused("<f4", "__import__('os').system('ls')", "4, 6", SG_EFORMAT,
                       "the header's entry 'fortran_order' is not as NumPy writes it");
}

static void says_which_values_are_not_read(void **state)
{
    (void)state;
    assert_npy_refused("|O", "False", "4, 6", SG_EUNSUPPORTED,
                       "it holds Python objects, which are not read; save arrays of numbers");
    assert_npy_refused("<c8", "False", "4, 3", SG_EUNSUPPORTED,
                       "it holds '<c8'; known are booleans, integers and floats of up to 64 bits");
    assert_npy_refused("<i8", "False", "4, 3", SG_EUNSUPPORTED,
                       "tensor 'w.npy' is 2-D I64; only weights of F16, BF16, F32 or F64 are read");
    assert_npy_refused("<f4", "False", "2, 3, 4", SG_EUNSUPPORTED,
                       "tensor 'w.npy' has 3 dimensions; only the 2-D weights of an MLP are read");
    assert_npy_refused("<f4", "False", "24,", SG_EUNSUPPORTED,
                       "it holds no 2-D weights, so no layers of an MLP");
    assert_npy_refused("<f4", "False", "1, 1, 1, 1, 1, 1, 1, 1, 24", SG_EUNSUPPORTED,
                       "the array has more than 8 dimensions");
    assert_npy_refused("<U4", "False", "6,", SG_EUNSUPPORTED, "it holds text, not numbers");
}

static void refuses_weights_that_are_no_numbers(void **state)
{
    (void)state;
    const double wide[] = {1.0, 1e300};
    built b = {.n = 0};
    built c = {.n = 0};
    put_npy(&b, "<f8", "False", "1, 2", wide, sizeof wide);
    assert_bytes_refused(b.at, b.n, "w.npy", SG_EFORMAT,
                         "tensor 'w.npy': the weight at [0, 1] is infinite in 32 bits");
    put_npy(&c, "<f2", "False", "1, 2", "\x00\x00\x00\x7E", 4);
    assert_bytes_refused(c.at, c.n, "w.npy", SG_EFORMAT,
                         "tensor 'w.npy': the weight at [0, 1] is NaN");
}

static void several_arrays_are_several_layers(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        zip_build z = {.deflates = kind % 2, .has_zip64 = kind / 2};
        build_npz(&z);
        sg_snapshot *s = read_good(z.file.at, z.file.n, "net.npz");
        assert_whole_network(s, true);
        assert_string_equal(sg_snapshot_meta(s, "tensor.hidden1-output"), "fc2.weight");
        sg_snapshot_free(s);
    }
}

static void reads_scipys_sparse_matrices(void **state)
{
    (void)state;
    void (*const builders[])(zip_build *) = {build_csr_npz, build_coo_npz, build_bsr_npz};
    for (size_t i = 0; i < SG_COUNT(builders); i++) {
        zip_build z = {0};
        builders[i](&z);
        sg_snapshot *s = read_good(z.file.at, z.file.n, "w.npz");
        assert_first_matrix(s, true);
        assert_string_equal(sg_snapshot_meta(s, "tensor.input-output"), "w.npz");
        sg_snapshot_free(s);
    }
}

/* The members of one sparse matrix, as text, to be broken one by one. */
typedef struct sparse {
    const char *prefix;
    const char *format;
    int32_t indices[3];
    int32_t indptr[4];
    int64_t shape[2];
    size_t n_indptr;
    size_t n_data;
} sparse;

static void add_sparse(zip_build *z, const sparse *s)
{
    static const float DATA[] = {1.0F, -3.0F, 2.0F};
    const struct {
        const char *name;
        const char *descr;
        const void *data;
        size_t n;
        size_t size;
    } members[] = {
        {"indices", "<i4", s->indices, 3, 4},
        {"indptr", "<i4", s->indptr, s->n_indptr, 4},
        {"shape", "<i8", s->shape, 2, 8},
        {"data", "<f4", DATA, s->n_data, 4},
    };
    char name[64];
    for (size_t i = 0; i < SG_COUNT(members); i++) {
        char shape[24];
        (void)snprintf(shape, sizeof shape, "%zu,", members[i].n);
        (void)snprintf(name, sizeof name, "%s%s.npy", s->prefix, members[i].name);
        zip_build_npy(z, name, members[i].descr, shape, members[i].data,
                      members[i].n * members[i].size);
    }
    (void)snprintf(name, sizeof name, "%sformat.npy", s->prefix);
    zip_build_npy(z, name, "|S3", "", s->format, 3);
}

/* W1 by columns: (0, 0), (1, 1), (0, 2) */
static const sparse BY_COLUMN = {"", "csc", {0, 1, 0}, {0, 1, 2, 3}, {2, 3}, 4, 3};

static void reads_columns_and_several_matrices_in_a_file(void **state)
{
    (void)state;
    zip_build z = {0};
    add_sparse(&z, &BY_COLUMN);
    zip_build_end(&z);
    sg_snapshot *s = read_good(z.file.at, z.file.n, "w.npz");
    assert_first_matrix(s, true);
    sg_snapshot_free(s);

    zip_build two = {0};
    sparse first = BY_COLUMN;
    sparse second = {"fc2.", "csr", {0, 1, 1}, {0, 1, 3}, {2, 2}, 3, 3};
    first.prefix = "fc1.";
    add_sparse(&two, &first);
    add_sparse(&two, &second);
    zip_build_end(&two);
    s = read_good(two.file.at, two.file.n, "w.npz");
    assert_int_equal(sg_snapshot_n_links(s), 2);
    assert_first_matrix(s, true);
    /* row 1 of the second lists column 1 twice: -3 + 2 */
    assert_int_equal(sg_snapshot_link(s, 1)->matrix->n_links, 2);
    assert_true(sg_snapshot_link(s, 1)->matrix->value[1] == -1.0F);
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden1-output"), "fc2");
    sg_snapshot_free(s);
}

static void assert_sparse_refused(const sparse *broken, sg_status status, const char *message)
{
    zip_build z = {0};
    add_sparse(&z, broken);
    zip_build_end(&z);
    assert_bytes_refused(z.file.at, z.file.n, "w.npz", status, message);
}

static void refuses_sparse_matrices_whose_parts_disagree(void **state)
{
    (void)state;
    sparse s = BY_COLUMN;
    s.n_data = 2;
    assert_sparse_refused(&s, SG_EFORMAT, "array 'data' holds 2 values, 'indices' 3");
    s = BY_COLUMN;
    s.n_indptr = 3;
    assert_sparse_refused(&s, SG_EFORMAT, "array 'indptr' holds 3 values, must be 4");
    s = BY_COLUMN;
    s.indptr[1] = 3;
    assert_sparse_refused(&s, SG_EFORMAT, "array 'indptr' does not ascend from 0 at 2");
    s.indptr[1] = -1;
    assert_sparse_refused(&s, SG_EFORMAT, "array 'indptr' does not ascend from 0 at 1");
    s = BY_COLUMN;
    s.indptr[3] = 2;
    assert_sparse_refused(&s, SG_EFORMAT, "array 'indptr' ends at 2, 'indices' holds 3");
    s = BY_COLUMN;
    s.indices[2] = 2;
    assert_sparse_refused(&s, SG_EFORMAT, "link (2, 2) lies outside the matrix of 2 x 3");
    s.indices[2] = -1;
    assert_sparse_refused(&s, SG_EFORMAT, "an index of a sparse matrix is negative or too large");
    s = BY_COLUMN;
    s.format = "dia";
    assert_sparse_refused(
        &s, SG_EUNSUPPORTED,
        "a sparse matrix of format 'dia' is not read; save it as csr, csc, coo or "
        "bsr");
    s = BY_COLUMN;
    s.format = "coo";
    assert_sparse_refused(&s, SG_EFORMAT, "array 'row' of a sparse matrix is missing");
    s = BY_COLUMN;
    s.shape[0] = 4000000000;
    assert_sparse_refused(
        &s, SG_EUNSUPPORTED,
        "a matrix of 4000000000 x 3 does not stand to 1197 bytes: so many neurons "
        "would have no link");
    s.shape[0] = -1;
    zip_build z = {0};
    sg_snapshot *read = NULL;
    add_sparse(&z, &s);
    zip_build_end(&z);
    assert_int_equal(read_bytes(z.file.at, z.file.n, "w.npz", &read, NULL), SG_EUNSUPPORTED);
}

static void refuses_what_no_npz_holds(void **state)
{
    (void)state;
    zip_build z = {0};
    zip_build_add(&z, "readme.txt", "hi", 2);
    zip_build_end(&z);
    assert_bytes_refused(z.file.at, z.file.n, "w.npz", SG_EUNSUPPORTED,
                         "the zip archive has an entry 'readme.txt', which no .npz has");
    zip_build bad = {0};
    zip_build_add(&bad, "w.npy", "\x93NUMPY\x07", 7);
    zip_build_end(&bad);
    assert_bytes_refused(bad.file.at, bad.file.n, "w.npz", SG_EFORMAT,
                         "array 'w': it is no .npy array");
}

static void refuses_files_that_are_cut(void **state)
{
    (void)state;
    built b = {.n = 0};
    zip_build z = {.deflates = 1};
    put_npy(&b, "<f4", "False", "2, 3", NET_W1, sizeof NET_W1);
    assert_cut_files_are_refused(b.at, b.n, "w.npy");
    build_csr_npz(&z);
    assert_cut_files_are_refused(z.file.at, z.file.n, "w.npz");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    zip_build z = {.deflates = 1};
    zip_build c = {0};
    build_npz(&z);
    assert_survives_failed_allocations(z.file.at, z.file.n, "net.npz");
    build_coo_npz(&c);
    assert_survives_failed_allocations(c.file.at, c.file.n, "w.npz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_arrays_in_any_order_of_rows_and_bytes),
        cmocka_unit_test(booleans_are_a_topology_without_weights),
        cmocka_unit_test(refuses_headers_that_lie),
        cmocka_unit_test(says_which_values_are_not_read),
        cmocka_unit_test(refuses_weights_that_are_no_numbers),
        cmocka_unit_test(several_arrays_are_several_layers),
        cmocka_unit_test(reads_scipys_sparse_matrices),
        cmocka_unit_test(reads_columns_and_several_matrices_in_a_file),
        cmocka_unit_test(refuses_sparse_matrices_whose_parts_disagree),
        cmocka_unit_test(refuses_what_no_npz_holds),
        cmocka_unit_test(refuses_files_that_are_cut),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
