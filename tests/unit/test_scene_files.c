/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "folder.h"
#include "shapes.h"

/* Runs first: a process that has asked for fonts once remembers them. */
static void says_what_to_install_when_there_is_no_font(void **state)
{
    (void)state;
    char conf[TEST_PATH_MAX];
    in_folder(conf, folder, "no-fonts.conf");
    write_text(conf, "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM "
                     "\"urn:fontconfig:fonts.dtd\"><fontconfig></fontconfig>");

    const pid_t child = fork();
    if (child == 0) {
        sg_error err = {0};
        char *bytes = NULL;
        size_t n = 0;
        const sg_scene_write_params p = {SG_SCENE_PNG, 100.0};
        sg_scene *s = with_text("a label");
        sg_scene *silent = shapes();
        setenv("FONTCONFIG_FILE", conf, 1);
        const bool told = sg_scene_encode(s, &p, &bytes, &n, &err) == SG_EUNSUPPORTED &&
                          strstr(err.message, "fonts-dejavu-core");
        const bool drawn = sg_scene_encode(silent, &p, &bytes, &n, &err) == SG_OK;
        sg_scene_free(s);
        sg_scene_free(silent);
        const bool written = bytes != NULL;
        sg_free(bytes);
        _exit(told && drawn && written ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void tells_the_format_from_the_suffix(void **state)
{
    (void)state;
    sg_scene_format format = SG_SCENE_BY_SUFFIX;
    sg_error err = {0};
    assert_ok(sg_scene_format_of("a/b.PNG", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_PNG);
    assert_ok(sg_scene_format_of("x.svg", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_SVG);
    assert_ok(sg_scene_format_of("x.png.pdf", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_PDF);
    assert_int_equal(sg_scene_format_of(".png", &format, &err), SG_EINVAL);
    assert_int_equal(sg_scene_format_of("", &format, &err), SG_EINVAL);
    assert_int_equal(sg_scene_format_of("figure.jpg", &format, &err), SG_EINVAL);
    assert_string_equal(err.message,
                        "cannot tell the format of 'figure.jpg': end it in .png, .svg or .pdf");
}

static void writes_a_file_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char sub[TEST_PATH_MAX];
    sg_scene *s = shapes();
    sg_error err = {0};
    struct stat about;

    assert_ok(sg_scene_write(s, in_folder(path, folder, "whole.svg"), NULL, &err), &err);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size > 100);
    assert_int_not_equal(
        sg_scene_write(s, in_folder(path, folder, "missing/figure.png"), NULL, &err), SG_OK);
    assert_non_null(strstr(err.message, "missing/figure.png"));

    /* A folder stands where the file should go: nothing is left beside it. */
    in_folder(sub, folder, "taken");
    assert_int_equal(mkdir(sub, 0700), 0);
    in_folder(path, sub, "figure.pdf");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_not_equal(sg_scene_write(s, path, NULL, &err), SG_OK);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(sub), 0);
    sg_scene_free(s);
}

static void refuses_pictures_of_absurd_size(void **state)
{
    (void)state;
    sg_scene *s = shapes();
    sg_error err = {0};
    char *bytes = NULL;
    size_t n = 0;
    static const double bad[] = {0.0, 9.0, -300.0, 2401.0};

    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(
            sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, bad[i]}, &bytes, &n, &err),
            SG_EINVAL);
    assert_int_equal(
        sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, (double)NAN}, &bytes, &n, &err),
        SG_EINVAL);
    sg_scene_set_height(s, 4000.0);
    s->width_mm = 400.0;
    assert_int_equal(
        sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, 2400.0}, &bytes, &n, &err),
        SG_EINVAL);
    assert_non_null(strstr(err.message, "lower the dpi"));
    assert_null(bytes);
    sg_scene_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K})");
    for (int kind = 0; kind < 4; kind++) {
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            char *text = NULL;
            size_t n = 0;
            const sg_scene_write_params p = {kind == 2 ? SG_SCENE_PNG : SG_SCENE_PDF, 72.0};
            sg_test_alloc_budget(budget);
            status = kind == 0   ? sg_scene_dump(s, &text, NULL)
                     : kind == 1 ? sg_scene_svg(s, "a", &text, NULL)
                                 : sg_scene_encode(s, &p, &text, &n, NULL);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (text != NULL));
            sg_free(text);
            assert_true(budget < 200);
        }
        assert_int_equal(status, SG_OK);
    }
    sg_scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_to_install_when_there_is_no_font),
        cmocka_unit_test(tells_the_format_from_the_suffix),
        cmocka_unit_test(writes_a_file_whole_or_not_at_all),
        cmocka_unit_test(refuses_pictures_of_absurd_size),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
