/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/lock.h"
#include "files.h"
#include "folder.h"

#include <signal.h>
#include <sys/wait.h>

static char *a_path(char path[TEST_PATH_MAX])
{
    return in_folder(path, folder, "lock");
}

/* A child that holds the lock until it is killed; returns once it does. */
static pid_t hold_in_child(const char *path)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sg_lock *lock = NULL;
        if (sg_lock_take(path, "run", &lock, NULL) != SG_OK || write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            (void)pause();
    }
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    return child;
}

static void end_child(pid_t child)
{
    int status = 0;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void a_lock_is_taken_once_and_leaves_nothing(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_lock *lock = NULL;
    sg_lock *second = NULL;
    for (int turn = 0; turn < 2; turn++) {
        assert_ok(sg_lock_take(a_path(path), "the run", &lock, &err), &err);
        assert_int_equal(sg_lock_take(path, "the run", &second, &err), SG_EINVAL);
        assert_non_null(strstr(err.message, "'the run' is being written by process"));
        assert_null(second);
        sg_lock_free(lock);
        assert_int_equal(count_entries(folder), 0);
    }
    sg_lock_free(NULL);
}

static void a_lock_of_another_process_is_refused_with_its_number_until_it_dies(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char number[32];
    sg_error err = {0};
    sg_lock *lock = NULL;
    const pid_t child = hold_in_child(a_path(path));

    assert_int_equal(sg_lock_take(path, "the run", &lock, &err), SG_EINVAL);
    (void)snprintf(number, sizeof number, "process %ld on ", (long)child);
    assert_non_null(strstr(err.message, number));
    end_child(child);
    assert_true(sg_file_exists(path)); /* the killed one could not remove it */
    assert_ok(sg_lock_take(path, "the run", &lock, &err), &err);
    sg_lock_free(lock);
    assert_int_equal(count_entries(folder), 0);
}

static void a_file_left_with_any_content_is_no_lock(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    const char *const contents[] = {"", "elsewhere 12\n", "no blank", "\xff\xfe \x01"};
    for (size_t i = 0; i < SG_COUNT(contents); i++) {
        sg_lock *lock = NULL;
        write_text(a_path(path), contents[i]);
        assert_ok(sg_lock_take(path, "the run", &lock, &err), &err);
        sg_lock_free(lock);
    }
    assert_int_equal(count_entries(folder), 0);
}

static void says_why_a_lock_cannot_be_made(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_lock *lock = NULL;
    in_folder(path, folder, "no-such-folder/lock");
    assert_int_equal(sg_lock_take(path, "the run", &lock, &err), SG_EIO);
    assert_non_null(strstr(err.message, "no-such-folder/lock': No such file"));
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_lock *lock = NULL;
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < 10);
        sg_test_alloc_budget(budget);
        status = sg_lock_take(a_path(path), "the run", &lock, NULL);
    }
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_OK);
    sg_lock_free(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_is_taken_once_and_leaves_nothing),
        cmocka_unit_test(a_lock_of_another_process_is_refused_with_its_number_until_it_dies),
        cmocka_unit_test(a_file_left_with_any_content_is_no_lock),
        cmocka_unit_test(says_why_a_lock_cannot_be_made),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
