/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "files.h"
#include "folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zlib.h>

static void what_was_written_reads_back(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "plain");
    write_text(path, "first");
    assert_holds(path, "first");
    write_text(path, "second, longer");
    assert_holds(path, "second, longer");
    write_text(path, "");
    assert_holds(path, "");
}

static void many_small_writes_and_a_large_one_keep_their_order(void **state)
{
    (void)state;
    enum { LARGE = 200000, SMALL = 30000 };
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_writer *w = NULL;
    char *large = SG_NEW_ARRAY(char, LARGE);
    assert_non_null(large);
    memset(large, 'L', LARGE);
    assert_ok(sg_writer_open(in_folder(path, folder, "large"), &w, &err), &err);
    for (int i = 0; i < SMALL; i++)
        assert_ok(sg_writer_printf(w, &err, "%05d\n", i), &err);
    assert_ok(sg_writer_write(w, large, LARGE, &err), &err);
    assert_ok(sg_writer_write(w, "end", 3, &err), &err);
    assert_ok(sg_writer_commit(w, &err), &err);
    sg_writer_free(w);

    char *bytes = NULL;
    size_t n = 0;
    assert_ok(sg_file_read(path, SIZE_MAX, &bytes, &n, &err), &err);
    assert_int_equal(n, 6 * SMALL + LARGE + 3);
    for (int i = 0; i < SMALL; i++) {
        char line[8];
        (void)snprintf(line, sizeof line, "%05d\n", i);
        assert_memory_equal(bytes + (size_t)i * 6, line, 6);
    }
    assert_memory_equal(bytes + (size_t)6 * SMALL, large, LARGE);
    assert_string_equal(bytes + (size_t)6 * SMALL + LARGE, "end");
    sg_free(bytes);
    sg_free(large);
}

static void a_file_is_not_there_before_it_is_committed(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_writer *w = NULL;
    in_folder(path, folder, "committed");
    assert_ok(sg_writer_open(path, &w, &err), &err);
    assert_ok(sg_writer_write(w, "text", 4, &err), &err);
    assert_false(sg_file_exists(path));
    assert_true(sg_file_exists(sg_writer_temporary(w)));
    assert_ok(sg_writer_commit(w, &err), &err);
    sg_writer_free(w);
    assert_holds(path, "text");
}

static void what_is_given_up_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_writer *w = NULL;
    in_folder(path, folder, "kept");
    write_text(path, "old");
    const int before = count_entries(folder);
    assert_ok(sg_writer_open(path, &w, &err), &err);
    assert_ok(sg_writer_write(w, "new", 3, &err), &err);
    assert_int_equal(count_entries(folder), before + 1);
    sg_writer_free(w);
    assert_int_equal(count_entries(folder), before);
    assert_holds(path, "old");
    sg_writer_free(NULL);
}

static void two_writers_of_one_path_do_not_meet(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_writer *a = NULL;
    sg_writer *b = NULL;
    in_folder(path, folder, "raced");
    assert_ok(sg_writer_open(path, &a, &err), &err);
    assert_ok(sg_writer_open(path, &b, &err), &err);
    assert_ok(sg_writer_write(a, "a", 1, &err), &err);
    assert_ok(sg_writer_write(b, "b", 1, &err), &err);
    assert_ok(sg_writer_commit(b, &err), &err);
    assert_holds(path, "b");
    assert_ok(sg_writer_commit(a, &err), &err);
    assert_holds(path, "a");
    sg_writer_free(a);
    sg_writer_free(b);
}

static void a_name_as_long_as_names_can_be_is_written(void **state)
{
    (void)state;
    char name[256];
    char path[TEST_PATH_MAX];
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    write_text(in_folder(path, folder, name), "long");
    assert_holds(path, "long");
}

static void a_full_disk_is_one_clear_line(void **state)
{
    (void)state;
    sg_error err = {0};
    char big[100000] = {0};
    assert_int_equal(sg_file_write("/dev/full", "abc", 3, &err), SG_EIO);
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device; free some "
                                     "space and try again");
    assert_int_equal(sg_file_write("/dev/full", big, sizeof big, &err), SG_EIO);
    assert_int_equal(sg_file_append("/dev/full", "abc", 3, &err), SG_EIO);
    assert_non_null(strstr(err.message, "No space left on device"));
    assert_true(access("/dev/full", F_OK) == 0); /* not renamed over, not removed */
    assert_ok(sg_file_write("/dev/null", "abc", 3, &err), &err);
    struct stat about;
    assert_int_equal(stat("/dev/null", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

/* In a child, whose files the system cuts off at 10000 bytes: a write fails half-way. */
static int write_under_a_size_limit(const char *path)
{
    const struct rlimit limit = {10000, 10000};
    char big[100000];
    memset(big, 'x', sizeof big);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    sg_error err = {0};
    const bool refused = sg_file_write(path, big, sizeof big, &err) == SG_EIO &&
                         strstr(err.message, "File too large");
    return refused ? 0 : 1;
}

static int append_under_a_size_limit(const char *path)
{
    const struct rlimit limit = {10000, 10000};
    char big[20000];
    memset(big, 'x', sizeof big);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    return sg_file_append(path, big, sizeof big, NULL) == SG_EIO ? 0 : 1;
}

static void in_a_child(int (*act)(const char *), const char *path)
{
    const pid_t pid = fork();
    if (pid == 0)
        _exit(act(path));
    int how = 0;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void a_write_that_fails_half_way_leaves_nothing(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "cut");
    const int before = count_entries(folder);
    in_a_child(write_under_a_size_limit, path);
    assert_int_equal(count_entries(folder), before);
    assert_false(sg_file_exists(path));
}

static void an_append_that_fails_half_way_leaves_what_was_there(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_text(in_folder(path, folder, "log"), "one\n");
    in_a_child(append_under_a_size_limit, path);
    assert_holds(path, "one\n");
    sg_error err = {0};
    assert_ok(sg_file_append(path, "two\n", 4, &err), &err);
    assert_holds(path, "one\ntwo\n");
}

static void an_append_makes_the_file(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_file_append(in_folder(path, folder, "new-log"), "one\n", 4, &err), &err);
    assert_holds(path, "one\n");
    in_folder(path, folder, "no/such/log");
    assert_int_equal(sg_file_append(path, "one\n", 4, &err), SG_EIO);
}

static void says_why_it_cannot_write(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    in_folder(path, folder, "none/file");
    assert_int_equal(sg_file_write(path, "x", 1, &err), SG_EIO);
    assert_non_null(strstr(err.message, "none/file': No such file or directory; make its folder"));
    assert_int_equal(sg_file_write(folder, "x", 1, &err), SG_EIO);
    assert_non_null(strstr(err.message, "it is a folder"));
    assert_int_equal(sg_file_write("", "x", 1, &err), SG_EINVAL);
    assert_int_equal(sg_file_write("there/", "x", 1, &err), SG_EINVAL);
    if (geteuid() == 0) /* root may write everywhere but here */
        return;
    assert_int_equal(chmod(folder, 0500), 0);
    const sg_status status = sg_file_write(in_folder(path, folder, "denied"), "x", 1, &err);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(status, SG_EIO);
    assert_non_null(strstr(err.message, "Permission denied"));
}

static void a_folder_that_refuses_files_is_told(void **state)
{
    (void)state;
    sg_error err = {0};
    /* the kernel lets nobody, not even root, make files in /proc */
    const sg_status status = sg_file_write("/proc/sparsegraph-test", "x", 1, &err);
    assert_int_equal(status, SG_EIO);
    assert_non_null(strstr(err.message, "cannot write '/proc/sparsegraph-test'"));
}

static void says_why_it_cannot_read(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char *bytes = NULL;
    size_t n = 7;
    sg_error err = {0};
    assert_int_equal(sg_file_read(in_folder(path, folder, "absent"), 10, &bytes, &n, &err),
                     SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "absent': No such file or directory"));
    assert_int_equal(sg_file_read(folder, 10, &bytes, &n, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "it is a folder"));
    write_text(in_folder(path, folder, "eleven"), "elevenbytes");
    assert_int_equal(sg_file_read(path, 10, &bytes, &n, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "at most 10 bytes"));
    assert_int_equal(sg_file_read("/dev/zero", 100000, &bytes, &n, &err), SG_EFORMAT);
    assert_null(bytes);
    assert_int_equal(n, 7);
    assert_ok(sg_file_read(path, 11, &bytes, &n, &err), &err);
    assert_int_equal(n, 11);
    sg_free(bytes);
}

/* Returns text gzipped, its length in *n. */
static unsigned char *gzipped(const char *text, size_t n_text, size_t *n)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t room = n_text + 1000;
    unsigned char *out = SG_NEW_ARRAY(unsigned char, room);
    assert_non_null(out);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)n_text;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    *n = z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return out;
}

static sg_status read_gz_bytes(const void *bytes, size_t n, size_t max, char **ret, size_t *n_ret,
                               sg_error *err)
{
    char path[TEST_PATH_MAX];
    sg_error write_err = {0};
    assert_ok(sg_file_write(in_folder(path, folder, "gz"), bytes, n, &write_err), &write_err);
    return sg_file_read_gz(path, max, ret, n_ret, err);
}

static void reads_gzip_and_plain_whatever_the_name(void **state)
{
    (void)state;
    enum { N = 300000 };
    char *text = SG_NEW_ARRAY(char, N);
    assert_non_null(text);
    for (size_t i = 0; i < N; i++)
        text[i] = (char)(i * i >> 7);
    size_t n = 0;
    unsigned char *packed = gzipped(text, N, &n);
    char *back = NULL;
    size_t n_back = 0;
    sg_error err = {0};
    assert_ok(read_gz_bytes(packed, n, N, &back, &n_back, &err), &err);
    assert_int_equal(n_back, N);
    assert_memory_equal(back, text, N);
    assert_int_equal(back[N], '\0');
    sg_free(back);
    back = NULL;
    assert_int_equal(read_gz_bytes(packed, n, N - 1, &back, &n_back, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "inflates to more than 299999 bytes"));
    assert_null(back);
    sg_free(packed);
    assert_ok(read_gz_bytes(text, N, N, &back, &n_back, &err), &err);
    assert_int_equal(n_back, N);
    assert_memory_equal(back, text, N);
    sg_free(back);
    back = NULL;
    assert_int_equal(read_gz_bytes(text, N, N - 1, &back, &n_back, &err), SG_EFORMAT);
    sg_free(text);
}

static void joins_the_members_of_a_gzip(void **state)
{
    (void)state;
    size_t n_a = 0;
    size_t n_b = 0;
    unsigned char *a = gzipped("one ", 4, &n_a);
    unsigned char *b = gzipped("two", 3, &n_b);
    unsigned char both[2000] = {0};
    memcpy(both, a, n_a);
    memcpy(both + n_a, b, n_b);
    char *back = NULL;
    size_t n = 0;
    sg_error err = {0};
    assert_ok(read_gz_bytes(both, n_a + n_b + 10, 100, &back, &n, &err), &err); /* zero-padded */
    assert_int_equal(n, 7);
    assert_string_equal(back, "one two");
    sg_free(back);
    back = NULL;
    both[n_a + n_b] = 'x';
    assert_int_equal(read_gz_bytes(both, n_a + n_b + 10, 100, &back, &n, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "10 bytes after its end"));
    sg_free(a);
    sg_free(b);
}

static void refuses_every_truncation_of_a_gzip(void **state)
{
    (void)state;
    size_t n = 0;
    unsigned char *packed = gzipped("some text, some text, some text", 31, &n);
    for (size_t cut = 2; cut < n; cut++) {
        char *back = NULL;
        size_t n_back = 0;
        sg_error err = {0};
        const sg_status status = read_gz_bytes(packed, cut, 100, &back, &n_back, &err);
        if (status != SG_EFORMAT || back || !strstr(err.message, "truncated"))
            fail_msg("%zu of %zu bytes gave '%s'", cut, n, err.message);
    }
    sg_free(packed);
}

static void a_flipped_bit_never_yields_another_text(void **state)
{
    (void)state;
    static const char text[] = "some text, some text, some text";
    size_t n = 0;
    unsigned char *packed = gzipped(text, sizeof text, &n);
    size_t n_refused = 0;
    for (size_t bit = 80; bit < 8 * n; bit++) { /* after the ten bytes of the header */
        packed[bit / 8] ^= (unsigned char)(1U << bit % 8);
        char *back = NULL;
        size_t n_back = 0;
        const sg_status status = read_gz_bytes(packed, n, 10000, &back, &n_back, NULL);
        n_refused += status == SG_EFORMAT;
        /* some bits only choose among equal encodings */
        if (status == SG_OK && (n_back != sizeof text || memcmp(back, text, n_back) != 0))
            fail_msg("bit %zu changed the text", bit);
        sg_free(back);
        packed[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    assert_true(n_refused > 8 * (n - 10) * 9 / 10);
    sg_free(packed);
}

static void makes_folders_and_their_parents(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char inner[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_dir_make(in_folder(path, folder, "a//b/c/"), &err), &err);
    assert_true(sg_dir_exists(in_folder(path, folder, "a/b/c")));
    assert_false(sg_file_exists(path));
    assert_ok(sg_dir_make(path, &err), &err);
    assert_ok(sg_dir_make("/", &err), &err);
    assert_ok(sg_dir_make(".", &err), &err);
    write_text(in_folder(path, folder, "a/file"), "x");
    assert_true(sg_file_exists(path));
    assert_false(sg_dir_exists(path));
    assert_int_equal(sg_dir_make(path, &err), SG_EIO);
    assert_non_null(strstr(err.message, "a/file': Not a directory"));
    assert_int_equal(sg_dir_make(in_folder(inner, path, "b"), &err), SG_EIO);
    assert_int_equal(sg_dir_make("", &err), SG_EINVAL);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    size_t n = 0;
    unsigned char *packed = gzipped("text", 4, &n);
    sg_error err = {0};
    assert_ok(sg_file_write(in_folder(path, folder, "alloc.gz"), packed, n, &err), &err);
    sg_free(packed);
    const int before = count_entries(folder);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        char *back = NULL;
        sg_test_alloc_budget(budget);
        status = sg_file_read_gz(path, 100, &back, &n, &err);
        sg_test_alloc_budget(-1);
        sg_free(back);
        assert_true(budget < 20);
    }
    assert_ok(status, &err);
    status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_writer *w = NULL;
        sg_test_alloc_budget(budget);
        status = sg_writer_open(path, &w, &err);
        if (status == SG_OK)
            status = sg_writer_printf(w, &err, "%d", 7);
        sg_test_alloc_budget(-1);
        sg_writer_free(w);
        assert_int_equal(count_entries(folder), before);
        assert_true(budget < 20);
    }
    assert_ok(status, &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(many_small_writes_and_a_large_one_keep_their_order),
        cmocka_unit_test(a_file_is_not_there_before_it_is_committed),
        cmocka_unit_test(what_is_given_up_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(two_writers_of_one_path_do_not_meet),
        cmocka_unit_test(a_name_as_long_as_names_can_be_is_written),
        cmocka_unit_test(a_full_disk_is_one_clear_line),
        cmocka_unit_test(a_write_that_fails_half_way_leaves_nothing),
        cmocka_unit_test(an_append_that_fails_half_way_leaves_what_was_there),
        cmocka_unit_test(an_append_makes_the_file),
        cmocka_unit_test(says_why_it_cannot_write),
        cmocka_unit_test(a_folder_that_refuses_files_is_told),
        cmocka_unit_test(says_why_it_cannot_read),
        cmocka_unit_test(reads_gzip_and_plain_whatever_the_name),
        cmocka_unit_test(joins_the_members_of_a_gzip),
        cmocka_unit_test(refuses_every_truncation_of_a_gzip),
        cmocka_unit_test(a_flipped_bit_never_yields_another_text),
        cmocka_unit_test(makes_folders_and_their_parents),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
