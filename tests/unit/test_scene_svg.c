/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "draw/label.h"
#include "golden.h"
#include "shapes.h"
#include "xml.h"

static void dumps_every_kind_of_mark(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K} ≥ ~{k}) of 10^{3}");
    sg_error err = {0};
    char *text = NULL;
    sg_scene_set_caption(s, "24 of 784 neurons");
    assert_ok(sg_scene_dump(s, &text, &err), &err);
    assert_golden("draw/marks.txt", text);
    sg_free(text);
    sg_scene_free(s);
}

static void writes_svg_by_hand_with_text_as_text(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K} ≥ ~{k}) of 10^{3}");
    sg_error err = {0};
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "fig1", &svg, &err), &err);
    xml_check(x, svg);
    assert_non_null(strstr(svg, "<tspan font-style=\"italic\">K</tspan>"));
    assert_null(strstr(svg, "<?xml"));
    assert_true(x->n_ids >= 3);
    for (size_t i = 0; i < x->n_ids; i++)
        assert_memory_equal(x->id[i], "fig1-", 5);
    assert_golden("draw/marks.svg", svg);
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void puts_two_figures_into_one_page_without_sharing_an_id(void **state)
{
    (void)state;
    sg_scene *s = with_text("twice");
    sg_error err = {0};
    char *a = NULL;
    char *b = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "fig1", &a, &err), &err);
    assert_ok(sg_scene_svg(s, "fig10", &b, &err), &err);
    char *page = sg_alloc(strlen(a) + strlen(b) + 32, 1);
    snprintf(page, strlen(a) + strlen(b) + 32, "<body>%s%s</body>", a, b);
    xml_check(x, page);
    free(x);
    sg_free(page);
    sg_free(a);
    sg_free(b);
    sg_scene_free(s);
}

static void escapes_what_means_something_in_xml(void **state)
{
    (void)state;
    sg_scene *s = with_text("a<b & \"c\" > 'd' </text><script>");
    sg_scene_set_title(s, "<title> & more");
    sg_error err = {0};
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "x", &svg, &err), &err);
    xml_check(x, svg);
    assert_non_null(
        strstr(svg, ">a&lt;b &amp; &quot;c&quot; &gt; 'd' &lt;/text&gt;&lt;script&gt;<"));
    assert_null(strstr(svg, "<script>"));
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void replaces_bytes_that_are_no_text(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"\xff", "\xef\xbf\xbd"},
        {"a\xc3", "a\xef\xbf\xbd"},                                               /* cut short */
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                                 /* overlong '/' */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 /* a surrogate */
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* > 10FFFF */
        {"tab\tbell\a", "tab bell "},
        {"\xef\xbf\xbe", " "}, /* U+FFFE, forbidden in XML */
        {"\xce\xb1 \xe4\xb8\xad \xf0\x9f\x98\x80", "\xce\xb1 \xe4\xb8\xad \xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char *clean = sg_label_clean(cases[i].in);
        assert_string_equal(clean, cases[i].out);
        sg_free(clean);
    }
    /* And all the way to the page. */
    sg_scene *s = with_text("bad \xff\x01 end");
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);
    sg_error err = {0};
    assert_ok(sg_scene_svg(s, "x", &svg, &err), &err);
    xml_check(x, svg);
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void refuses_prefixes_that_are_no_ids(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "1a", "-a", "a b", "a\"b", "a<", "\xc3\xa9"};
    sg_scene *s = shapes();
    char *svg = NULL;
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(sg_scene_svg(s, bad[i], &svg, NULL), SG_EINVAL);
    assert_int_equal(sg_scene_svg(s, NULL, &svg, NULL), SG_EINVAL);
    assert_null(svg);
    sg_scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dumps_every_kind_of_mark),
        cmocka_unit_test(writes_svg_by_hand_with_text_as_text),
        cmocka_unit_test(puts_two_figures_into_one_page_without_sharing_an_id),
        cmocka_unit_test(escapes_what_means_something_in_xml),
        cmocka_unit_test(replaces_bytes_that_are_no_text),
        cmocka_unit_test(refuses_prefixes_that_are_no_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
