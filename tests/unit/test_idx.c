/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/sha256.h"
#include "data/idx.h"
#include "files.h"
#include "folder.h"

#include <zlib.h>

static char path[TEST_PATH_MAX];

static int setup(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    in_folder(path, folder, "images");
    return 0;
}

/* Two images of 1 x 3. */
static const uint8_t two_images[] = {0, 0, 8, 3, 0, 0, 0, 2, 0,   0,   0,
                                     1, 0, 0, 0, 3, 1, 2, 3, 253, 254, 255};

/* Without sg_file_write(), whose sync to the disk would cost seconds over all these files. */
static void write_bytes(const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void write_packed(const void *bytes, size_t n)
{
    gzFile f = gzopen(path, "wb9");
    assert_non_null(f);
    assert_int_equal(gzwrite(f, bytes, (unsigned)n), (int)n);
    assert_int_equal(gzclose(f), Z_OK);
}

static void assert_reads_two_images(void)
{
    sg_idx idx = {0};
    sg_error err = {0};
    char sha256[SG_SHA256_HEX];

    assert_ok(sg_idx_read(path, &idx, &err), &err);
    assert_int_equal(idx.rank, 3);
    assert_int_equal(idx.dims[0], 2);
    assert_int_equal(idx.dims[1], 1);
    assert_int_equal(idx.dims[2], 3);
    assert_int_equal(idx.n_values, 6);
    assert_memory_equal(idx.values, two_images + 16, 6);
    sg_sha256_hex(two_images, sizeof two_images, sha256);
    assert_string_equal(idx.sha256, sha256);
    sg_idx_free(&idx);
    assert_null(idx.bytes);
}

/* Reading must fail with this status and these words, and leave the output alone. */
static void assert_refused(sg_status status, const char *words)
{
    sg_idx idx = {.rank = 77};
    sg_error err = {0};
    assert_int_equal(sg_idx_read(path, &idx, &err), status);
    if (!strstr(err.message, words))
        fail_msg("'%s' is not in '%s'", words, err.message);
    if (!strstr(err.message, path))
        fail_msg("'%s' does not name the file", err.message);
    assert_null(strchr(err.message, '\n'));
    assert_int_equal(idx.rank, 77);
    assert_null(idx.bytes);
}

static void plain_and_packed_files_read_alike(void **state)
{
    (void)state;
    write_bytes(two_images, sizeof two_images);
    assert_reads_two_images();
    write_packed(two_images, sizeof two_images);
    assert_reads_two_images();
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    (void)remove(path);
    assert_refused(SG_ENOTFOUND, "No such file");
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof two_images; n++) {
        write_bytes(two_images, n);
        assert_refused(SG_EFORMAT, n < 4    ? "it ends after"
                                   : n < 16 ? "ends inside its header"
                                            : "promises 2 x 1 x 3 = 6 values, but");
    }
}

static void every_truncation_of_a_gzip_is_refused(void **state)
{
    (void)state;
    size_t n_packed = 0;
    write_packed(two_images, sizeof two_images);
    char *packed = read_whole(path, &n_packed);

    for (size_t n = 2; n < n_packed; n++) { /* below 2 bytes nothing says gzip */
        write_bytes(packed, n);
        assert_refused(SG_EFORMAT, "truncated");
    }
    sg_free(packed);
}

/* No flipped bit may crash the reader, and none in the compressed data may go unnoticed. */
static void a_gzip_with_a_flipped_bit_never_passes_for_the_whole(void **state)
{
    (void)state;
    size_t n_packed = 0;
    sg_error err = {0};
    write_packed(two_images, sizeof two_images);
    char *packed = read_whole(path, &n_packed);

    for (size_t bit = 0; bit < 8 * n_packed; bit++) {
        packed[bit / 8] = (char)(packed[bit / 8] ^ 1 << bit % 8);
        write_bytes(packed, n_packed);
        packed[bit / 8] = (char)(packed[bit / 8] ^ 1 << bit % 8);
        sg_idx idx = {0};
        if (sg_idx_read(path, &idx, &err) == SG_OK) /* the name, time or system in gzip's header */
            assert_memory_equal(idx.values, two_images + 16, 6);
        sg_idx_free(&idx);
    }
    sg_free(packed);
}

static void bytes_after_the_values_are_refused(void **state)
{
    (void)state;
    uint8_t longer[sizeof two_images + 1] = {0};
    memcpy(longer, two_images, sizeof two_images);
    write_bytes(longer, sizeof longer);
    assert_refused(SG_EFORMAT, "promises 2 x 1 x 3 = 6 values, but 7 bytes follow; fetch it again");
    write_packed(longer, sizeof longer);
    assert_refused(SG_EFORMAT, "but 7 bytes follow");
}

static void other_files_are_refused_by_their_first_bytes(void **state)
{
    (void)state;
    write_bytes("\x89PNG\r\n\x1a\n and more", 17);
    assert_refused(SG_EFORMAT, "begins with the bytes 89 50 4e 47, not with 00 00 08");
    write_bytes("\0\0\x07\x01\0\0\0\1z", 9);
    assert_refused(SG_EFORMAT, "begins with the bytes 00 00 07 01");
}

static void other_types_of_values_are_named(void **state)
{
    (void)state;
    static const struct {
        char type;
        const char *name;
    } types[] = {{0x09, "signed bytes"},
                 {0x0B, "16-bit integers"},
                 {0x0C, "32-bit integers"},
                 {0x0D, "32-bit reals"},
                 {0x0E, "64-bit reals"}};
    for (size_t i = 0; i < SG_COUNT(types); i++) {
        const char bytes[] = {0, 0, types[i].type, 1, 0, 0, 0, 1, 5};
        write_bytes(bytes, sizeof bytes);
        assert_refused(SG_EUNSUPPORTED, types[i].name);
    }
}

static void ranks_of_0_and_above_4_are_refused(void **state)
{
    (void)state;
    write_bytes("\0\0\x08\0", 4);
    assert_refused(SG_EFORMAT, "has no dimensions");
    for (int rank = SG_IDX_RANK_MAX + 1; rank < 256; rank++) {
        const char bytes[] = {0, 0, 8, (char)rank, 0, 0, 0, 1, 5};
        write_bytes(bytes, sizeof bytes);
        assert_refused(SG_EUNSUPPORTED, "at most 4 are read");
    }
}

static void a_dimension_of_0_is_refused(void **state)
{
    (void)state;
    write_bytes("\0\0\x08\x02\0\0\0\x02\0\0\0\0", 12);
    assert_refused(SG_EFORMAT, "dimension 2 of the IDX file");
}

static void a_header_that_lies_costs_no_memory(void **state)
{
    (void)state;
    /* 2^32 - 1 samples of 1 byte, of which one follows */
    write_bytes("\0\0\x08\x02\xff\xff\xff\xff\0\0\0\1z", 13);
    assert_refused(SG_EFORMAT, "promises 4294967295 x 1 = 4294967295 values, but 1 bytes follow");
    /* (2^32 - 1)^4 does not fit in 64 bits; nor does 2^64, which would wrap to 0 */
    write_bytes("\0\0\x08\4\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffz", 21);
    assert_refused(SG_EFORMAT, "more than any file holds");
    write_bytes("\0\0\x08\4\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0", 20);
    assert_refused(SG_EFORMAT, "more than any file holds");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    write_packed(two_images, sizeof two_images);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_idx idx = {0};
        sg_test_alloc_budget(budget);
        status = sg_idx_read(path, &idx, NULL);
        sg_test_alloc_budget(-1);
        sg_idx_free(&idx);
        assert_true(budget < 30);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_packed_files_read_alike),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_truncation_of_a_gzip_is_refused),
        cmocka_unit_test(a_gzip_with_a_flipped_bit_never_passes_for_the_whole),
        cmocka_unit_test(bytes_after_the_values_are_refused),
        cmocka_unit_test(other_files_are_refused_by_their_first_bytes),
        cmocka_unit_test(other_types_of_values_are_named),
        cmocka_unit_test(ranks_of_0_and_above_4_are_refused),
        cmocka_unit_test(a_dimension_of_0_is_refused),
        cmocka_unit_test(a_header_that_lies_costs_no_memory),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, setup, remove_folder);
}
