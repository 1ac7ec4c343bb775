/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/utf8.h"

typedef struct sample {
    const char *text;
    size_t n; /* 0: malformed */
    uint32_t point;
} sample;

static void tells_characters_from_malformed_bytes(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"a", 1, 'a'},
        {"\xC2\x80", 2, 0x80},
        {"\xDF\xBF", 2, 0x7FF},
        {"\xE0\xA0\x80", 3, 0x800},
        {"\xED\x9F\xBF", 3, 0xD7FF},
        {"\xEE\x80\x80", 3, 0xE000},
        {"\xEF\xBF\xBF", 3, 0xFFFF},
        {"\xF0\x90\x80\x80", 4, 0x10000},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
        {"\x80", 0, 0},             /* begins in the middle */
        {"\xC1\xBF", 0, 0},         /* 0x7F in two bytes */
        {"\xE0\x9F\xBF", 0, 0},     /* 0x7FF in three */
        {"\xF0\x8F\xBF\xBF", 0, 0}, /* 0xFFFF in four */
        {"\xED\xA0\x80", 0, 0},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0, 0}, /* above the last code point */
        {"\xF5\x80\x80\x80", 0, 0},
        {"\xE2\x82", 0, 0}, /* cut off */
        {"\xE2(\xA1", 0, 0},
    };
    for (size_t i = 0; i < SG_COUNT(samples); i++) {
        uint32_t point = 0;
        assert_int_equal(sg_utf8_decode(samples[i].text, SG_UTF8_BYTES_MAX, &point), samples[i].n);
        assert_int_equal(point, samples[i].point);
        assert_int_equal(sg_utf8_is_valid(samples[i].text), samples[i].n > 0);
    }
}

static void reads_no_byte_beyond_the_text(void **state)
{
    (void)state;
    assert_int_equal(sg_utf8_decode("\xE2\x82\xAC", 2, NULL), 0);
    assert_int_equal(sg_utf8_decode("\xE2\x82\xAC", 3, NULL), 3);
    assert_int_equal(sg_utf8_decode("a", 0, NULL), 0);
}

static void steps_over_a_byte_order_mark(void **state)
{
    (void)state;
    static const char marked[] = "\xEF\xBB\xBFx";
    assert_ptr_equal(sg_utf8_begin(marked, 4), marked + 3);
    assert_ptr_equal(sg_utf8_begin(marked, 2), marked);
    assert_ptr_equal(sg_utf8_begin(marked + 1, 3), marked + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_characters_from_malformed_bytes),
        cmocka_unit_test(reads_no_byte_beyond_the_text),
        cmocka_unit_test(steps_over_a_byte_order_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
