/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/json.h"
#include "base/random.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static sg_json *parse(const char *text)
{
    sg_json *root = NULL;
    sg_error err = {0};
    assert_ok(sg_json_parse(text, strlen(text), &root, &err), &err);
    return root;
}

static char *print(const sg_json *root, bool pretty)
{
    char *text = NULL;
    sg_error err = {0};
    assert_ok(sg_json_print(root, pretty, &text, &err), &err);
    return text;
}

static void reads_what_is_there(void **state)
{
    (void)state;
    sg_json *root = parse(" {\"s\": \"a\\u00e9\\n\\ud83d\\ude00\", \"n\": -2.5e-1, \"t\": true, "
                          "\"f\": false, \"z\": null, \"l\": [1, 2, 3], \"o\": {\"s\": 1}} \n");
    double number = 0.0;
    bool truth = false;

    assert_true(sg_json_is_object(root));
    assert_int_equal(sg_json_count(root), 7);
    assert_string_equal(sg_json_string(sg_json_get(root, "s")), "a\xC3\xA9\n\xF0\x9F\x98\x80");
    assert_true(sg_json_number(sg_json_get(root, "n"), &number));
    assert_true(number == -0.25);
    assert_true(sg_json_is_bool(sg_json_get(root, "t"), &truth));
    assert_true(truth);
    assert_true(sg_json_is_bool(sg_json_get(root, "f"), &truth));
    assert_false(truth);
    assert_false(sg_json_number(sg_json_get(root, "z"), &number));
    assert_null(sg_json_get(root, "S")); /* keys keep their case */

    const sg_json *list = sg_json_get(root, "l");
    assert_true(sg_json_is_array(list));
    assert_int_equal(sg_json_count(list), 3);
    double sum = 0.0;
    for (const sg_json *e = sg_json_first(list); e; e = sg_json_next(e)) {
        assert_true(sg_json_number(e, &number));
        sum += number;
    }
    assert_true(sum == 6.0);
    assert_string_equal(sg_json_key(sg_json_first(root)), "s");
    sg_json_free(root);
}

static void what_is_not_there_answers_as_not_there(void **state)
{
    (void)state;
    assert_null(sg_json_get(NULL, "a"));
    assert_int_equal(sg_json_count(NULL), 0);
    assert_null(sg_json_first(NULL));
    assert_null(sg_json_next(NULL));
    assert_null(sg_json_key(NULL));
    assert_null(sg_json_string(NULL));
    assert_false(sg_json_is_object(NULL));
    assert_false(sg_json_is_array(NULL));
    assert_false(sg_json_is_bool(NULL, NULL));
    assert_false(sg_json_number(NULL, NULL));
    assert_false(sg_json_u64(NULL, NULL));
    sg_json *list = parse("[{\"a\": 1}]");
    assert_null(sg_json_get(list, "a"));
    sg_json_free(list);
    sg_json_free(NULL);
}

static void integers_are_told_from_other_numbers(void **state)
{
    (void)state;
    sg_json *root = parse("[0, 9007199254740991, 9007199254740992, -1, 0.5, 1e3, \"1\"]");
    const bool expected[] = {true, true, false, false, false, true, false};
    const uint64_t values[] = {0, 9007199254740991U, 77, 77, 77, 1000, 77};
    size_t i = 0;
    for (const sg_json *e = sg_json_first(root); e; e = sg_json_next(e), i++) {
        uint64_t value = 77;
        assert_int_equal(sg_json_u64(e, &value), expected[i]);
        assert_int_equal(value, values[i]);
    }
    sg_json_free(root);
}

/* Each with what the message must say. */
static void refuses_what_is_not_json(void **state)
{
    (void)state;
    const struct {
        const char *text;
        const char *reason;
    } bad[] = {
        {"", "an early end at byte 0"},
        {"  ", "an early end at byte 2"},
        {"{", "a missing string"},
        {"[1, 2", "an early end at byte 5"},
        {"[1 2]", "a missing comma or bracket at byte 3"},
        {"[1,]", "no JSON value"},
        {"{\"a\": 1,}", "a missing string"},
        {"{\"a\" 1}", "a missing colon"},
        {"{a: 1}", "a missing string"},
        {"{'a': 1}", "a missing string"},
        {"[1}", "a missing comma or bracket"},
        {"{\"a\": 1]", "a missing comma or bracket"},
        {"1 2", "something after the end at byte 2"},
        {"{} x", "something after the end"},
        {"nul", "no JSON value"},
        {"NaN", "no JSON value"},
        {"[Infinity]", "no JSON value"},
        {"-", "a malformed number"},
        {"01", "something after the end"},
        {"1.", "a malformed number"},
        {".5", "no JSON value"},
        {"+1", "no JSON value"},
        {"1e", "a malformed number"},
        {"1e+", "a malformed number"},
        {"0x10", "something after the end"},
        {"1e999", "too large for a double"},
        {"\"abc", "a string without end"},
        {"\"a\nb\"", "a control character"},
        {"\"\\x41\"", "an unknown escape"},
        {"\"\\u12g4\"", "a malformed \\u escape"},
        {"\"\\u12", "a malformed \\u escape"},
        {"\"\\u0000\"", "a NUL character"},
        {"\"\\ud800\"", "half of a surrogate pair"},
        {"\"\\udc00\"", "half of a surrogate pair"},
        {"\"\\ud800\\u0041\"", "half of a surrogate pair"},
        {"\"\x80\"", "not UTF-8"},
        {"\"\xC0\xAF\"", "not UTF-8"},         /* overlong */
        {"\"\xE0\x80\xAF\"", "not UTF-8"},     /* overlong */
        {"\"\xED\xA0\x80\"", "not UTF-8"},     /* a surrogate */
        {"\"\xF4\x90\x80\x80\"", "not UTF-8"}, /* above U+10FFFF */
        {"\"\xE2\x82", "not UTF-8"},           /* cut off */
        {"\xEF\xBB\xBF{}", "no JSON value"},   /* a byte order mark */
        {"{\"a\": 1, \"b\": 2, \"a\": 3}", "the key 'a' stands twice"},
        {"[{\"x\": {\"k\": 1, \"k\": 1}}]", "the key 'k' stands twice"},
        {"{\"a\": 1, \"\\u0061\": 2}", "the key 'a' stands twice"},
        {"1000000000000000000000000000000000000000000000000000000000000000", "too long a number"},
    };
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        sg_json *root = NULL;
        sg_error err = {0};
        const sg_status status = sg_json_parse(bad[i].text, strlen(bad[i].text), &root, &err);
        if (status != SG_EFORMAT || root || !strstr(err.message, bad[i].reason))
            fail_msg("'%s' gave %d, '%s'", bad[i].text, (int)status, err.message);
    }
}

static void reads_n_bytes_and_no_more(void **state)
{
    (void)state;
    sg_json *root = NULL;
    sg_error err = {0};
    assert_ok(sg_json_parse("[1]garbage", 3, &root, &err), &err);
    sg_json_free(root);
    root = NULL;
    assert_int_equal(sg_json_parse("[1]\0", 4, &root, &err), SG_EFORMAT);
    assert_null(root);
    /* every proper beginning of a text ends early, and none is read past */
    const char *text = "{\"a\": [1.5e3, \"\\u20ac\\n\xE2\x82\xAC\", {\"b\": null}], \"c\": true}";
    for (size_t n = 0; n < strlen(text); n++) {
        char *part = sg_memdup(text, n);
        assert_int_equal(sg_json_parse(part, n, &root, &err), SG_EFORMAT);
        sg_free(part);
    }
}

static void nests_deeply_but_not_endlessly(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    SG_AUTO_TEXT sg_text text = {0};
    for (int i = 0; i < 400; i++)
        sg_text_append(&text, "[");
    for (int i = 0; i < 400; i++)
        sg_text_append(&text, "]");
    sg_json *root = NULL;
    sg_error err = {0};
    assert_ok(sg_json_parse(text.bytes, text.n, &root, &err), &err);
    sg_json_free(root);
    root = NULL;
    for (int i = 0; i < DEEP; i++)
        sg_text_append(&text, "[");
    assert_int_equal(sg_json_parse(text.bytes + 800, DEEP, &root, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "too deep a nesting"));
}

static void prints_what_was_built(void **state)
{
    (void)state;
    sg_json *root = sg_json_object();
    sg_json_add_string(root, "text", "quote \" slash \\ tab \t bell \a \xE2\x82\xAC");
    sg_json_add_string(root, "none", NULL);
    sg_json_add_bool(root, "yes", true);
    sg_json *list = sg_json_add_array(root, "list");
    sg_json_push_number(list, 3.0);
    sg_json_push_number(list, NAN);
    sg_json_push_number(list, -INFINITY);
    sg_json_push_string(list, "s");
    sg_json_add_number(sg_json_push_object(list), "x", 0.1);
    (void)sg_json_push_array(list);
    (void)sg_json_add_object(root, "empty");

    char *line = print(root, false);
    assert_string_equal(line,
                        "{\"text\":\"quote \\\" slash \\\\ tab \\t bell \\u0007 \xE2\x82\xAC\","
                        "\"none\":null,\"yes\":true,\"list\":[3,null,null,\"s\",{\"x\":0.1},[]],"
                        "\"empty\":{}}");
    sg_json *again = parse(line);
    char *second = print(again, false);
    assert_string_equal(second, line);
    sg_free(second);
    sg_free(line);
    sg_json_free(again);
    sg_json_free(root);

    root = parse("{\"a\":[1,{\"b\":2}],\"c\":[]}");
    char *pretty = print(root, true);
    assert_string_equal(pretty, "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n"
                                "  \"c\": []\n}\n");
    sg_free(pretty);
    sg_json_free(root);
}

static void integers_print_as_integers(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *text;
    } known[] = {
        {0.0, "[0]"},
        {-0.0, "[-0]"},
        {1e15, "[1000000000000000]"},
        {9007199254740991.0, "[9007199254740991]"},
        {-9007199254740991.0, "[-9007199254740991]"},
        {0.1, "[0.1]"},
        {1e300, "[1e+300]"},
    };
    for (size_t i = 0; i < SG_COUNT(known); i++) {
        sg_json *root = sg_json_array();
        sg_json_push_number(root, known[i].value);
        char *text = print(root, false);
        assert_string_equal(text, known[i].text);
        sg_free(text);
        sg_json_free(root);
    }
}

static void every_double_reads_back_equal(void **state)
{
    (void)state;
    sg_random r;
    sg_random_open(&r, 17, SG_RANDOM_SAMPLE, 0, 0);
    for (int round = 0; round < 20000; round++) {
        const uint64_t bits = sg_random_u64(&r);
        double value = 0.0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        sg_json *root = sg_json_array();
        sg_json_push_number(root, value);
        char *text = print(root, false);
        sg_json *again = parse(text);
        double back = 0.0;
        if (!sg_json_number(sg_json_first(again), &back) || memcmp(&back, &value, sizeof back) != 0)
            fail_msg("round %d: %a came back as %a from %s", round, value, back, text);
        sg_json_free(again);
        sg_free(text);
        sg_json_free(root);
    }
}

static void nothing_is_done_to_a_parent_that_is_not_there(void **state)
{
    (void)state;
    sg_json_add_string(NULL, "a", "b");
    sg_json_add_number(NULL, "a", 1.0);
    sg_json_add_bool(NULL, "a", true);
    sg_json_push_string(NULL, "a");
    sg_json_push_number(NULL, 1.0);
    assert_null(sg_json_add_object(NULL, "a"));
    assert_null(sg_json_add_array(NULL, "a"));
    assert_null(sg_json_push_object(NULL));
    assert_null(sg_json_push_array(NULL));
    char *text = NULL;
    assert_int_equal(sg_json_print(NULL, false, &text, NULL), SG_ENOMEM);
    assert_null(text);
}

static void *failing_malloc(size_t n)
{
    return sg_alloc(n, 1);
}

static sg_status build_and_print(char **text)
{
    sg_json *root = sg_json_object();
    sg_json *list = sg_json_add_array(root, "list");
    sg_json_push_number(list, 1.0);
    sg_json_add_string(sg_json_push_object(list), "key", "value");
    sg_json_add_bool(root, "b", true);
    const sg_status status = sg_json_print(root, true, text, NULL);
    sg_json_free(root);
    return status;
}

static sg_status parse_again(const char *text)
{
    sg_json *root = NULL;
    const sg_status status = sg_json_parse(text, strlen(text), &root, NULL);
    assert_int_equal(root != NULL, status == SG_OK);
    sg_json_free(root);
    return status;
}

/* cJSON allocates by itself, so for this test alone it is told to ask the failing allocator. */
static void survives_each_failed_allocation(void **state)
{
    (void)state;
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = failing_malloc, .free_fn = sg_free});
    char *text = NULL;
    long budget = 0;
    sg_status status = SG_ENOMEM;
    for (; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = build_and_print(&text);
        sg_test_alloc_budget(-1);
        assert_true(budget < 100);
    }
    assert_int_equal(status, SG_OK);
    assert_true(budget > 10); /* a failed add did not pass for a whole document */
    status = SG_ENOMEM;
    for (budget = 0; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = parse_again(text);
        sg_test_alloc_budget(-1);
        assert_true(budget < 100);
    }
    assert_int_equal(status, SG_OK);
    cJSON_InitHooks(NULL);
    sg_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_there),
        cmocka_unit_test(what_is_not_there_answers_as_not_there),
        cmocka_unit_test(integers_are_told_from_other_numbers),
        cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(reads_n_bytes_and_no_more),
        cmocka_unit_test(nests_deeply_but_not_endlessly),
        cmocka_unit_test(prints_what_was_built),
        cmocka_unit_test(integers_print_as_integers),
        cmocka_unit_test(every_double_reads_back_equal),
        cmocka_unit_test(nothing_is_done_to_a_parent_that_is_not_there),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
