/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "base/zip_read.h"
#include "base/zip_write.h"
#include "files.h"
#include "folder.h"

#include <unistd.h>

enum { LOCAL_BYTES = 30, ENTRY_BYTES = 46, END_BYTES = 22, EXTRA_LOCAL = 20, EXTRA_ENTRY = 28 };

static uint64_t number_at(const char *bytes, size_t n)
{
    uint64_t value = 0;
    while (n-- > 0)
        value = value << 8 | (unsigned char)bytes[n];
    return value;
}

static sg_status write_archive(const char *path, uint64_t limit, size_t n_entries, sg_error *err)
{
    const sg_zip_piece pieces[] = {{"1234", 4}, {NULL, 0}, {"56789", 5}};
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_CLEANUP(sg_zip_writer_free_cleanup_) sg_zip_writer *zip = NULL;
    SG_TRY(sg_writer_open(path, &w, err));
    SG_TRY(sg_zip_writer_new(w, &zip, err));
    if (limit)
        sg_zip_writer_set_limit(zip, limit);
    for (size_t i = 0; i < n_entries; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%zu.npy", i);
        SG_TRY(sg_zip_writer_add(zip, name, pieces, SG_COUNT(pieces), err));
    }
    SG_TRY(sg_zip_writer_end(zip, err));
    return sg_writer_commit(w, err);
}

static char *archive_of(uint64_t limit, size_t n_entries, size_t *n)
{
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(write_archive(in_folder(path, folder, "a.zip"), limit, n_entries, &err), &err);
    return read_whole(path, n);
}

/* Offsets and values by PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16; the CRC-32 of
 * "123456789" is its well-known check value. */
static void writes_the_records_of_the_format(void **state)
{
    (void)state;
    size_t n = 0;
    SG_AUTOFREE char *a = archive_of(0, 2, &n);
    const size_t entry = LOCAL_BYTES + 5 + 9;
    assert_int_equal(n, 2 * entry + 2 * (ENTRY_BYTES + 5) + END_BYTES);
    for (size_t i = 0; i < 2; i++) {
        const char *local = a + i * entry;
        assert_int_equal(number_at(local, 4), 0x04034b50);
        assert_int_equal(number_at(local + 8, 2), 0); /* stored */
        assert_int_equal(number_at(local + 14, 4), 0xCBF43926);
        assert_int_equal(number_at(local + 18, 4), 9);
        assert_int_equal(number_at(local + 22, 4), 9);
        assert_int_equal(number_at(local + 26, 2), 5);
        assert_int_equal(number_at(local + 28, 2), 0);
        assert_memory_equal(local + 30, i == 0 ? "0.npy123456789" : "1.npy123456789", 14);
        const char *central = a + 2 * entry + i * (ENTRY_BYTES + 5);
        assert_int_equal(number_at(central, 4), 0x02014b50);
        assert_int_equal(number_at(central + 16, 4), 0xCBF43926);
        assert_int_equal(number_at(central + 20, 4), 9);
        assert_int_equal(number_at(central + 24, 4), 9);
        assert_int_equal(number_at(central + 42, 4), i * entry);
        assert_memory_equal(central + 46, i == 0 ? "0.npy" : "1.npy", 5);
    }
    const char *end = a + n - END_BYTES;
    assert_int_equal(number_at(end, 4), 0x06054b50);
    assert_int_equal(number_at(end + 8, 2), 2);
    assert_int_equal(number_at(end + 10, 2), 2);
    assert_int_equal(number_at(end + 12, 4), 2 * (ENTRY_BYTES + 5));
    assert_int_equal(number_at(end + 16, 4), 2 * entry);
}

/* APPNOTE 4.3.14, 4.3.15 and 4.5.3, with the limit lowered so that a small file has them. */
static void writes_zip64_records_where_32_bits_are_too_few(void **state)
{
    (void)state;
    size_t n = 0;
    SG_AUTOFREE char *a = archive_of(20, 2, &n); /* the second begins behind byte 20 */
    const size_t first = LOCAL_BYTES + 5 + 9;
    assert_int_equal(number_at(a + 18, 4), 9); /* the first entry needs none */
    const char *local = a + first;
    assert_int_equal(number_at(local + 4, 2), 45);
    assert_int_equal(number_at(local + 18, 4), 0xFFFFFFFF);
    assert_int_equal(number_at(local + 28, 2), EXTRA_LOCAL);
    assert_int_equal(number_at(local + 35, 2), 1);
    assert_int_equal(number_at(local + 37, 2), 16);
    assert_int_equal(number_at(local + 39, 8), 9);
    assert_int_equal(number_at(local + 47, 8), 9);
    const size_t directory = 2 * first + EXTRA_LOCAL;
    const char *central = a + directory + ENTRY_BYTES + 5;
    assert_int_equal(number_at(central, 4), 0x02014b50);
    assert_int_equal(number_at(central + 30, 2), EXTRA_ENTRY);
    assert_int_equal(number_at(central + 42, 4), 0xFFFFFFFF);
    assert_int_equal(number_at(central + 51 + 20, 8), first); /* behind name, id, sizes */
    const char *end = a + n - END_BYTES;
    const char *locator = end - 20;
    assert_int_equal(number_at(locator, 4), 0x07064b50);
    const char *record = a + number_at(locator + 8, 8);
    assert_ptr_equal(record, locator - 56);
    assert_int_equal(number_at(record, 4), 0x06064b50);
    assert_int_equal(number_at(record + 4, 8), 44);
    assert_int_equal(number_at(record + 32, 8), 2);
    assert_int_equal(number_at(record + 40, 8), (size_t)(record - central) + ENTRY_BYTES + 5);
    assert_int_equal(number_at(record + 48, 8), directory);
    assert_int_equal(number_at(end + 10, 2), 0xFFFF);
    assert_int_equal(number_at(end + 16, 4), 0xFFFFFFFF);
}

static void is_read_back_by_our_reader(void **state)
{
    (void)state;
    static const uint64_t limits[] = {0, 20, 1};
    for (size_t i = 0; i < SG_COUNT(limits); i++) {
        size_t n = 0;
        sg_error err = {0};
        SG_AUTOFREE char *a = archive_of(limits[i], 3, &n);
        SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *zip = NULL;
        assert_ok(sg_zip_open(a, n, 1000, &zip, &err), &err);
        assert_int_equal(sg_zip_count(zip), 3);
        for (size_t k = 0; k < 3; k++) {
            const unsigned char *bytes = NULL;
            void *owned = NULL;
            assert_int_equal(sg_zip_at(zip, k)->n_bytes, 9);
            assert_ok(sg_zip_read(zip, sg_zip_at(zip, k), &bytes, &owned, &err), &err);
            assert_memory_equal(bytes, "123456789", 9);
            assert_null(owned);
        }
    }
}

static void writes_an_archive_of_nothing(void **state)
{
    (void)state;
    size_t n = 0;
    SG_AUTOFREE char *a = archive_of(0, 0, &n);
    assert_int_equal(n, END_BYTES);
    assert_int_equal(number_at(a, 4), 0x06054b50);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "b.zip");
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < 100);
        sg_test_alloc_budget(budget);
        status = write_archive(path, 0, 2, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(access(path, F_OK) == 0, status == SG_OK);
    }
    assert_int_equal(status, SG_OK);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_records_of_the_format),
        cmocka_unit_test(writes_zip64_records_where_32_bits_are_too_few),
        cmocka_unit_test(is_read_back_by_our_reader),
        cmocka_unit_test(writes_an_archive_of_nothing),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
