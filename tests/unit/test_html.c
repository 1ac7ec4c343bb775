/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "report/html_table.h"
#include <math.h>
#include <string.h>

/* What a writer appends to an empty text, checked against the expected. */
#define assert_html(expected, write)                                                               \
    do {                                                                                           \
        SG_AUTO_TEXT sg_text t = {0};                                                              \
        write;                                                                                     \
        assert_false(t.failed);                                                                    \
        assert_string_equal(expected, t.bytes ? t.bytes : "");                                     \
    } while (0)

#define NARROW "\xE2\x80\xAF"
#define MINUS  "\xE2\x88\x92"

static void hostile_text_is_shown_and_never_obeyed(void **state)
{
    (void)state;
    assert_html("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;",
                sg_html_escape(&t, "<script>alert('x')</script> & \"y\""));
}

static void text_that_is_no_utf8_becomes_replacement_signs(void **state)
{
    (void)state;
    assert_html("\xC3\xA9", sg_html_escape(&t, "\xC3\xA9"));
    assert_html("a\xEF\xBF\xBD"
                "b",
                sg_html_escape(&t, "a\xFF"
                                   "b"));
    /* overlong '/', a surrogate, a sequence cut short, a control character */
    assert_html("\xEF\xBF\xBD\xEF\xBF\xBD", sg_html_escape(&t, "\xC0\xAF"));
    assert_html("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", sg_html_escape(&t, "\xED\xA0\x80"));
    assert_html("\xEF\xBF\xBD\xEF\xBF\xBD", sg_html_escape(&t, "\xE2\x82"));
    assert_html("\xEF\xBF\xBD", sg_html_escape(&t, "\x01"));
}

static void formatted_text_is_escaped_as_a_whole(void **state)
{
    (void)state;
    assert_html("run &lt;b&gt; 7", sg_html_printf(&t, "run %s %d", "<b>", 7));
}

static void counts_have_commas_at_every_thousand(void **state)
{
    (void)state;
    assert_html("0", sg_html_count(&t, 0.0));
    assert_html("999", sg_html_count(&t, 999.0));
    assert_html("1,000", sg_html_count(&t, 1000.0));
    assert_html(MINUS "1,234,567", sg_html_count(&t, -1234567.0));
    assert_html("\xE2\x80\x93", sg_html_count(&t, (double)NAN));
}

static void numbers_keep_their_significant_digits(void **state)
{
    (void)state;
    assert_html("0", sg_html_number(&t, 0.0, 3));
    assert_html("14.2", sg_html_number(&t, 14.234, 3));
    assert_html("0.0123", sg_html_number(&t, 0.01234, 3));
    assert_html("12,346", sg_html_number(&t, 12345.6, 3));
    assert_html("1.23" NARROW "\xC3\x97" NARROW "10<sup>" MINUS "5</sup>",
                sg_html_number(&t, 1.234e-5, 3));
    assert_html(MINUS "2.00" NARROW "\xC3\x97" NARROW "10<sup>9</sup>",
                sg_html_number(&t, -2e9, 3));
    assert_html("\xE2\x88\x9E", sg_html_number(&t, HUGE_VAL, 3));
}

static void a_fraction_is_shown_in_percent(void **state)
{
    (void)state;
    assert_html("86.4" NARROW "%", sg_html_percent(&t, 0.8641, 1));
    assert_html("\xE2\x80\x93", sg_html_percent(&t, (double)NAN, 1));
    assert_html("0.0" NARROW "%", sg_html_percent(&t, -0.0001, 1));
}

static void durations_are_told_in_the_units_people_use(void **state)
{
    (void)state;
    assert_html("1.5" NARROW "s", sg_html_duration(&t, 1.5));
    assert_html("42" NARROW "s", sg_html_duration(&t, 42.0));
    assert_html("1" NARROW "min 35" NARROW "s", sg_html_duration(&t, 95.0));
    assert_html("2" NARROW "h 1" NARROW "min", sg_html_duration(&t, 7265.0));
}

static void a_doi_becomes_a_link_without_the_full_stop_after_it(void **state)
{
    (void)state;
    assert_html("<p>See <a href=\"https://doi.org/10.1137/070710111\">doi:10.1137/070710111</a>. "
                "End &lt;.</p>\n",
                sg_html_prose(&t, "See doi:10.1137/070710111. End <."));
}

static void blank_lines_part_paragraphs(void **state)
{
    (void)state;
    assert_html("<p>one</p>\n<p>two</p>\n", sg_html_prose(&t, "one\n\n\ntwo\n\n"));
    assert_html("", sg_html_prose(&t, ""));
}

static void a_table_names_itself_for_readers_of_screens(void **state)
{
    (void)state;
    const sg_html_column columns[] = {{"A&B", NULL, NULL, true},
                                      {"n", "links", "how \"many\"", false}};
    SG_AUTO_TEXT sg_text t = {0};

    sg_html_table(&t, "table-1", "<b>Title.</b>", columns, 2);
    sg_html_row(&t, NULL, "<row>");
    sg_html_cell_count(&t, 5.0);
    sg_html_row_end(&t);
    sg_html_table_end(&t);
    assert_false(t.failed);
    assert_non_null(strstr(t.bytes, "aria-labelledby=\"table-1-caption\""));
    assert_non_null(strstr(t.bytes, "<caption id=\"table-1-caption\"><b>Title.</b></caption>"));
    assert_non_null(strstr(t.bytes, "<th scope=\"col\" class=\"text\">A&amp;B</th>"));
    assert_non_null(strstr(t.bytes, "title=\"how &quot;many&quot;\""));
    assert_non_null(strstr(t.bytes, "<tr><th scope=\"row\">&lt;row&gt;</th><td>5</td></tr>"));
}

static void every_failed_allocation_is_reported_by_the_text(void **state)
{
    (void)state;
    bool failed = true;

    for (long budget = 0; failed; budget++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_test_alloc_budget(budget);
        sg_html_prose(&t, "See doi:10.1/2 now.");
        sg_html_printf(&t, "%d", 1);
        failed = t.failed;
        sg_test_alloc_budget(-1);
        assert_true(budget < 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_is_shown_and_never_obeyed),
        cmocka_unit_test(text_that_is_no_utf8_becomes_replacement_signs),
        cmocka_unit_test(formatted_text_is_escaped_as_a_whole),
        cmocka_unit_test(counts_have_commas_at_every_thousand),
        cmocka_unit_test(numbers_keep_their_significant_digits),
        cmocka_unit_test(a_fraction_is_shown_in_percent),
        cmocka_unit_test(durations_are_told_in_the_units_people_use),
        cmocka_unit_test(a_doi_becomes_a_link_without_the_full_stop_after_it),
        cmocka_unit_test(blank_lines_part_paragraphs),
        cmocka_unit_test(a_table_names_itself_for_readers_of_screens),
        cmocka_unit_test(every_failed_allocation_is_reported_by_the_text),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
