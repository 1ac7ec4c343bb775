/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"
#include "folder.h"
#include "unit.h"

#include "base/file.h"
#include "base/text.h"
#include "report/outputs.h"
#include <string.h>

static void add(sg_outputs *o, const char *name, const char *text)
{
    sg_error err = {0};

    assert_ok(sg_outputs_add(o, name, sg_strdup(text), strlen(text), &err), &err);
}

static void assert_file(const char *dir, const char *name, const char *expected)
{
    char path[TEST_PATH_MAX];
    assert_holds(in_folder(path, dir, name), expected);
}

static void files_are_written_below_the_folder(void **state)
{
    (void)state;
    const char *dir = folder;
    SG_AUTOFREE char *below = sg_format("%s/new", dir);
    sg_outputs o = {0};
    sg_error err = {0};

    add(&o, "a/b/one.txt", "1");
    add(&o, "two.txt", "22");
    assert_ok(sg_outputs_write(&o, below, &err), &err);
    assert_file(below, "a/b/one.txt", "1");
    assert_file(below, "two.txt", "22");
    sg_outputs_clear(&o);
}

/* A folder stands where the second file should go. */
static void a_failure_takes_back_what_was_new_and_keeps_what_was_old(void **state)
{
    (void)state;
    const char *dir = folder;
    SG_AUTOFREE char *blocker = sg_format("%s/blocked/inside", dir);
    SG_AUTOFREE char *new_folder = sg_format("%s/a", dir);
    SG_AUTOFREE char *old = sg_format("%s/old.txt", dir);
    sg_outputs o = {0};
    sg_error err = {0};

    assert_ok(sg_dir_make(blocker, &err), &err);
    write_text(old, "before");
    add(&o, "a/b/one.txt", "1");
    add(&o, "old.txt", "after");
    add(&o, "blocked", "x");
    assert_int_not_equal(sg_outputs_write(&o, dir, &err), SG_OK);
    assert_true(strlen(err.message) > 0);
    assert_false(sg_dir_exists(new_folder));
    assert_file(dir, "old.txt", "after"); /* replaced whole, never removed */
    assert_true(sg_dir_exists(blocker));
    sg_outputs_clear(&o);
}

static void a_folder_that_cannot_be_made_is_an_error_that_names_it(void **state)
{
    (void)state;
    sg_outputs o = {0};
    sg_error err = {0};

    add(&o, "one.txt", "1");
    assert_int_not_equal(sg_outputs_write(&o, "/dev/null/out", &err), SG_OK);
    assert_non_null(strstr(err.message, "/dev/null"));
    sg_outputs_clear(&o);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_status status = SG_ENOMEM;

    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_outputs o = {0};
        char *bytes = sg_strdup("x");
        sg_test_alloc_budget(budget);
        status = sg_outputs_add(&o, "name", bytes, 1, NULL);
        sg_test_alloc_budget(-1);
        sg_outputs_clear(&o);
        assert_true(budget < 10);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_written_below_the_folder, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_failure_takes_back_what_was_new_and_keeps_what_was_old,
                                        make_folder, remove_folder),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error_that_names_it),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("outputs", tests, NULL, NULL);
}
