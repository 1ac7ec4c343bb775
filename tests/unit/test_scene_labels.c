/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "base/text.h"
#include "draw/digits.h"
#include "draw/label.h"
#include "draw/plot.h"

static void reads_the_signs_of_a_label(void **state)
{
    (void)state;
    const char *rest = "~{n}_{tail} = 10^{3";
    static const struct {
        const char *text;
        bool italic;
        int rise;
    } expected[] = {{"n", true, 0}, {"tail", false, -1}, {" = 10", false, 0}, {"3", false, 1}};
    sg_label_run run;
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_true(sg_label_next(&rest, &run));
        assert_int_equal(run.n, strlen(expected[i].text));
        assert_memory_equal(run.bytes, expected[i].text, run.n);
        assert_true(run.italic == expected[i].italic);
        assert_int_equal((run.rise > 0.0) - (run.rise < 0.0), expected[i].rise);
    }
    assert_false(sg_label_next(&rest, &run));
}

static void breaks_lines_between_words_and_never_inside_a_sign(void **state)
{
    (void)state;
    const char *rest = "one two  three ~{a b} unbreakablylongword x";
    static const char *const expected[] = {"one two", "three ~{a b}", "unbreakablylongword", "x"};
    const char *line = NULL;
    size_t n = 0;
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_true(sg_label_next_line(&rest, 5.0, false, &line, &n));
        assert_int_equal(n, strlen(expected[i]));
        assert_memory_equal(line, expected[i], n);
    }
    assert_false(sg_label_next_line(&rest, 5.0, false, &line, &n));
}

static void prints_numbers_the_same_everywhere(void **state)
{
    (void)state;
    static const struct {
        double v;
        int decimals;
        const char *text;
    } cases[] = {
        {0.0, 3, "0"},         {-0.0001, 3, "0"},           {1.5, 0, "2"},
        {-2.25, 1, "-2.3"},    {0.05, 2, "0.05"},           {10.0, 3, "10"},
        {100.25, 2, "100.25"}, {1e300, 0, "1000000000000"}, {-1.0, 0, "-1"},
        {0.999999, 3, "1"},    {123.4560001, 6, "123.456"}, {1200.0, 2, "1200"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_put_fixed(&t, cases[i].v, cases[i].decimals);
        assert_string_equal(t.bytes, cases[i].text);
    }
    static const struct {
        double v;
        int digits;
        const char *text;
    } rounded[] = {
        {0.0, 3, "0"},
        {2.514, 3, "2.51"},
        {1234567.0, 3, "1.23×10^{6}"},
        {0.00012, 2, "1.2×10^{−4}"},
        {-12345.0, 2, "−12,345"},
        {4.92, 3, "4.92"},
        {100.0, 3, "100"},
        {(double)NAN, 3, "n/a"},
        {9.999e9, 2, "1×10^{10}"},
    };
    for (size_t i = 0; i < SG_COUNT(rounded); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_put_number(&t, rounded[i].v, rounded[i].digits);
        assert_string_equal(t.bytes, rounded[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_signs_of_a_label),
        cmocka_unit_test(breaks_lines_between_words_and_never_inside_a_sign),
        cmocka_unit_test(prints_numbers_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
