/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/text.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static void grows_while_it_is_appended_to(void **state)
{
    (void)state;
    SG_AUTO_TEXT sg_text t = {0};
    char expected[1001] = {0};

    for (int i = 0; i < 500; i++) {
        sg_text_append(&t, "ab");
        memcpy(expected + 2 * i, "ab", 2);
    }
    assert_int_equal(t.n, 1000);
    assert_string_equal(t.bytes, expected);
    sg_text_append_bytes(&t, "\0c", 2);
    assert_int_equal(t.n, 1002);
    assert_int_equal(t.bytes[1001], 'c');
    assert_int_equal(t.bytes[1002], '\0');
}

static void prints_what_needs_more_room_than_there_is(void **state)
{
    (void)state;
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_printf(&t, "%s", "");
    sg_text_printf(&t, "%0300d|", 7);
    sg_text_printf(&t, "%s %d", "tail", 42);
    assert_int_equal(t.n, 308);
    assert_string_equal(t.bytes + 298, "07|tail 42");
}

static void taking_empties_the_text(void **state)
{
    (void)state;
    sg_text t = {0};
    char *taken = NULL;
    sg_error err = {0};

    assert_ok(sg_text_take(&t, &taken, &err), &err);
    assert_string_equal(taken, "");
    sg_free(taken);
    sg_text_append(&t, "one");
    assert_ok(sg_text_take(&t, &taken, &err), &err);
    assert_string_equal(taken, "one");
    assert_null(t.bytes);
    assert_int_equal(t.n, 0);
    sg_free(taken);
}

static void a_failed_append_is_told_at_the_end_and_later_ones_do_nothing(void **state)
{
    (void)state;
    sg_text t = {0};
    char *taken = NULL;
    sg_error err = {0};

    sg_text_append(&t, "before");
    sg_test_alloc_budget(0);
    sg_text_printf(&t, "%0200d", 1);
    sg_test_alloc_budget(-1);
    assert_true(t.failed);
    sg_text_append(&t, "after");
    sg_text_printf(&t, "%d", 1);
    assert_string_equal(t.bytes, "before");
    assert_int_equal(sg_text_take(&t, &taken, &err), SG_ENOMEM);
    assert_int_equal(err.status, SG_ENOMEM);
    assert_null(taken);
    assert_null(t.bytes);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char *made = NULL;
    for (long budget = 0; !made; budget++) {
        sg_test_alloc_budget(budget);
        made = sg_format("%0500d", 3);
        sg_test_alloc_budget(-1);
        assert_true(budget < 10);
    }
    assert_int_equal(strlen(made), 500);
    sg_free(made);
}

static void numbers_keep_their_point_in_every_locale(void **state)
{
    (void)state;
    /* whichever locale with a comma this machine has; the test is trivial where it has none */
    const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
    for (size_t i = 0; i < SG_COUNT(names); i++)
        if (setlocale(LC_NUMERIC, names[i]))
            break;
    char *text = sg_format("%.2f", 1.5);
    double value = 0.0;
    assert_string_equal(text, "1.50");
    assert_true(sg_parse_double("2.25", &value));
    assert_true(value == 2.25);
    assert_false(sg_parse_double("2,25", &value));
    (void)setlocale(LC_NUMERIC, "C");
    sg_free(text);
}

static void reads_unsigned_integers(void **state)
{
    (void)state;
    uint64_t value = 9;
    assert_true(sg_parse_u64("0", &value));
    assert_int_equal(value, 0);
    assert_true(sg_parse_u64("18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    const char *const refused[] = {"",    " 1",  "1 ",  "+1", "-1",
                                   "1.0", "0x1", "1e3", "a",  "18446744073709551616"};
    value = 9;
    for (size_t i = 0; i < SG_COUNT(refused); i++)
        if (sg_parse_u64(refused[i], &value))
            fail_msg("read '%s' as an unsigned integer", refused[i]);
    assert_int_equal(value, 9);
}

static void reads_signed_integers(void **state)
{
    (void)state;
    int64_t value = 9;
    assert_true(sg_parse_i64("-9223372036854775808", &value));
    assert_true(value == INT64_MIN);
    assert_true(sg_parse_i64("+7", &value));
    assert_int_equal(value, 7);
    const char *const refused[] = {"",    " 1", "1 ",  "--1", "-",
                                   "1.0", ".5", "0x1", "1e3", "9223372036854775808"};
    value = 9;
    for (size_t i = 0; i < SG_COUNT(refused); i++)
        if (sg_parse_i64(refused[i], &value))
            fail_msg("read '%s' as an integer", refused[i]);
    assert_int_equal(value, 9);
}

static void reads_doubles(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0.0},     {"-1.5", -1.5},       {"+.5", 0.5},    {"1.", 1.0},
        {"1e-3", 1e-3}, {"6.02E23", 6.02e23}, {"1e-400", 0.0},
    };
    for (size_t i = 0; i < SG_COUNT(good); i++) {
        double value = -9.0;
        if (!sg_parse_double(good[i].text, &value) || value != good[i].value)
            fail_msg("read '%s' as %g", good[i].text, value);
    }
    const char *const refused[] = {"",      " 1", "1 ", "nan", "NaN", "inf", "-inf", "infinity",
                                   "0x1p3", "1e", "e5", ".",   "-",   "1,5", "1e400"};
    double value = 9.0;
    for (size_t i = 0; i < SG_COUNT(refused); i++)
        if (sg_parse_double(refused[i], &value))
            fail_msg("read '%s' as a number", refused[i]);
    assert_true(value == 9.0);
}

/* The definition itself, by recursion: what sg_edit_distance() must equal. */
static size_t distance_by_definition(const char *a, size_t i, const char *b, size_t j)
{
    if (i == 0 || j == 0)
        return i + j;
    size_t best = distance_by_definition(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
    const size_t dropped = distance_by_definition(a, i - 1, b, j) + 1;
    const size_t added = distance_by_definition(a, i, b, j - 1) + 1;
    best = dropped < best ? dropped : best;
    best = added < best ? added : best;
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        const size_t swapped = distance_by_definition(a, i - 2, b, j - 2) + 1;
        best = swapped < best ? swapped : best;
    }
    return best;
}

static void edit_distance_is_its_definition(void **state)
{
    (void)state;
    assert_int_equal(sg_edit_distance("analyse", "analyze"), 1);
    assert_int_equal(sg_edit_distance("trian", "train"), 1);
    assert_int_equal(sg_edit_distance("", "train"), 5);
    assert_int_equal(sg_edit_distance("ca", "abc"), 3); /* optimal string alignment, not 2 */
    uint32_t noise = 1;
    for (int round = 0; round < 300; round++) {
        char word[2][7] = {{0}};
        for (int w = 0; w < 2; w++) {
            noise = noise * 1664525U + 1013904223U;
            const uint32_t length = noise >> 16 & 7;
            for (uint32_t k = 0; k < length && k < 6; k++) {
                noise = noise * 1664525U + 1013904223U;
                word[w][k] = (char)('a' + (noise >> 20) % 3);
            }
        }
        const size_t expected =
            distance_by_definition(word[0], strlen(word[0]), word[1], strlen(word[1]));
        if (sg_edit_distance(word[0], word[1]) != expected)
            fail_msg("round %d: '%s' to '%s' is not %zu", round, word[0], word[1], expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_while_it_is_appended_to),
        cmocka_unit_test(prints_what_needs_more_room_than_there_is),
        cmocka_unit_test(taking_empties_the_text),
        cmocka_unit_test(a_failed_append_is_told_at_the_end_and_later_ones_do_nothing),
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(numbers_keep_their_point_in_every_locale),
        cmocka_unit_test(reads_unsigned_integers),
        cmocka_unit_test(reads_signed_integers),
        cmocka_unit_test(reads_doubles),
        cmocka_unit_test(edit_distance_is_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
