/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

#include "base/zip_read.h"
#include "byte_builder.h"

static void build(zip_build *z)
{
    zip_build_add(z, "b.txt", "hello hello hello hello hello", 29);
    zip_build_add(z, "a/empty", "", 0);
    zip_build_end(z);
}

static void assert_entry(const sg_zip *z, const char *name, const char *text, bool is_owned)
{
    const unsigned char *bytes = NULL;
    void *owned = NULL;
    sg_error err = {0};
    const sg_zip_entry *e = sg_zip_find(z, name);
    assert_non_null(e);
    assert_ok(sg_zip_read(z, e, &bytes, &owned, &err), &err);
    assert_int_equal(e->n_bytes, strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
    assert_int_equal(owned != NULL, is_owned);
    sg_free(owned);
}

static void reads_entries_of_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        zip_build z = {.deflates = kind % 2, .has_zip64 = kind / 2};
        sg_zip *read = NULL;
        sg_error err = {0};
        build(&z);
        assert_true(sg_zip_is(z.file.at, z.file.n));
        assert_ok(sg_zip_open(z.file.at, z.file.n, 1000, &read, &err), &err);
        assert_int_equal(sg_zip_count(read), 2);
        assert_string_equal(sg_zip_at(read, 0)->name, "a/empty");
        assert_entry(read, "b.txt", "hello hello hello hello hello", z.deflates);
        assert_entry(read, "a/empty", "", z.deflates);
        assert_null(sg_zip_find(read, "b.tx"));
        sg_zip_free(read);
    }
}

static void finds_the_directory_before_a_comment(void **state)
{
    (void)state;
    zip_build z = {0};
    sg_zip *read = NULL;
    sg_error err = {0};
    build(&z);
    z.file.at[z.file.n - 2] = 7; /* the comment's length, and a comment that lies about another */
    put_bytes(&z.file, "PK\5\6abc", 7);
    assert_ok(sg_zip_open(z.file.at, z.file.n, 1000, &read, &err), &err);
    assert_int_equal(sg_zip_count(read), 2);
    sg_zip_free(read);
}

static sg_status open_and_read_all(const built *file, uint64_t max_bytes, sg_error *err)
{
    SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *z = NULL;
    SG_TRY(sg_zip_open(file->at, file->n, max_bytes, &z, err));
    for (size_t i = 0; i < sg_zip_count(z); i++) {
        const unsigned char *bytes = NULL;
        void *owned = NULL;
        SG_TRY(sg_zip_read(z, sg_zip_at(z, i), &bytes, &owned, err));
        sg_free(owned);
    }
    return SG_OK;
}

static void assert_refused(const built *file, uint64_t max_bytes, sg_status status,
                           const char *message)
{
    sg_error err = {0};
    assert_int_equal(open_and_read_all(file, max_bytes, &err), status);
    assert_string_equal(err.message, message);
}

static void refuses_wrong_checksums_and_lengths(void **state)
{
    (void)state;
    zip_build z = {0};
    build(&z);
    z.file.at[30 + 5] ^= 1; /* the first byte of b.txt */
    assert_refused(&z.file, 1000, SG_EFORMAT,
                   "entry 'b.txt' of the zip archive has a wrong checksum");

    zip_build deflated = {.deflates = 1};
    build(&deflated);
    deflated.file.at[30 + 5] = 0x07; /* a block of no kind */
    assert_refused(&deflated.file, 1000, SG_EFORMAT, "entry 'b.txt' of the zip archive is corrupt");

    zip_build longer = {.deflates = 1};
    zip_build_add(&longer, "x", "aaaaaaaaaaaaaaaaaaaa", 20);
    longer.directory.at[24] = 21; /* its unpacked size */
    zip_build_end(&longer);
    assert_refused(&longer.file, 1000, SG_EFORMAT,
                   "entry 'x' of the zip archive is shorter than it says");
    zip_build shorter = {.deflates = 1};
    zip_build_add(&shorter, "x", "aaaaaaaaaaaaaaaaaaaa", 20);
    shorter.directory.at[24] = 19;
    zip_build_end(&shorter);
    assert_refused(&shorter.file, 1000, SG_EFORMAT, "entry 'x' of the zip archive is corrupt");
}

/* The directory's record of x: 46 bytes and the name. */
static void assert_record_refused(size_t at, uint8_t value, sg_status status, const char *message)
{
    zip_build z = {.deflates = 1};
    zip_build_add(&z, "x", "abcabcabcabc", 12);
    z.directory.at[at] = value;
    zip_build_end(&z);
    assert_refused(&z.file, 1000000, status, message);
}

static void refuses_records_that_lie(void **state)
{
    (void)state;
    assert_record_refused(8, 1, SG_EUNSUPPORTED, "entry 'x' of the zip archive is encrypted");
    assert_record_refused(
        10, 12, SG_EUNSUPPORTED,
        "entry 'x' is compressed by method 12; stored and deflated ones are read");
    assert_record_refused(27, 1, SG_EFORMAT, "entry 'x' has impossible sizes"); /* 16 MB unpacked */
    assert_record_refused(22, 1, SG_EFORMAT, "entry 'x' has impossible sizes"); /* 65 kB packed */
    assert_record_refused(42, 9, SG_EFORMAT, "entry 'x' is not where the archive says");
    assert_record_refused(44, 255, SG_EFORMAT, "entry 'x' is not where the archive says");
    assert_record_refused(46, 27, SG_EFORMAT, "the directory of the zip archive is corrupt");
    assert_record_refused(28, 200, SG_EFORMAT, "the directory of the zip archive is corrupt");
}

static void refuses_more_than_it_is_allowed_to_inflate(void **state)
{
    (void)state;
    zip_build z = {.deflates = 1};
    build(&z);
    assert_refused(&z.file, 28, SG_EFORMAT, "it inflates to more than 28 bytes, the most read");

    zip_build twice = {0};
    zip_build_add(&twice, "x", "abc", 3);
    zip_build_add(&twice, "x", "abd", 3);
    zip_build_end(&twice);
    assert_refused(&twice.file, 1000, SG_EFORMAT, "the zip archive has two entries 'x'");
}

/* Entries that share the bytes of one: the trick of archives that inflate to terabytes. */
static void refuses_entries_that_overlap(void **state)
{
    (void)state;
    zip_build z = {0};
    char name[2] = "a";
    uint8_t data[400] = {0};
    for (int i = 0; i < 5; i++, name[0]++) {
        const size_t before = z.file.n;
        zip_build_add(&z, name, data, sizeof data);
        if (i > 0) {
            z.file.n = before; /* only the first is there */
            memset(z.directory.at + z.directory.n - 5, 0, 4);
        }
    }
    zip_build_end(&z);
    assert_refused(&z.file, 100000, SG_EFORMAT, "the entries of the zip archive overlap");
}

static void refuses_archives_that_are_cut(void **state)
{
    (void)state;
    zip_build z = {.deflates = 1, .has_zip64 = 1};
    build(&z);
    for (size_t n = 0; n < z.file.n; n++) {
        sg_zip *read = NULL;
        SG_AUTOFREE uint8_t *cut = sg_memdup(z.file.at, n);
        sg_error err = {0};
        assert_int_equal(sg_zip_open(cut, n, 1000, &read, &err), SG_EFORMAT);
        assert_string_equal(err.message, "the zip archive is truncated: it has no directory");
    }
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    zip_build z = {.deflates = 1};
    sg_status status = SG_ENOMEM;
    build(&z);
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = open_and_read_all(&z.file, 1000, NULL);
        sg_test_alloc_budget(-1);
        assert_true(budget < 50);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entries_of_every_kind),
        cmocka_unit_test(finds_the_directory_before_a_comment),
        cmocka_unit_test(refuses_wrong_checksums_and_lengths),
        cmocka_unit_test(refuses_records_that_lie),
        cmocka_unit_test(refuses_more_than_it_is_allowed_to_inflate),
        cmocka_unit_test(refuses_entries_that_overlap),
        cmocka_unit_test(refuses_archives_that_are_cut),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
