/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/status.h"
#include "base/text.h"
#include "snapshot/write_out.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void prints_numbers_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        float value;
        const char *text;
    } cases[] = {
        {0.0F, "0.0"},
        {-0.0F, "-0.0"},
        {1.0F, "1.0"},
        {0.1F, "0.1"},
        {-0.25F, "-0.25"},
        {1000.0F, "1000.0"},
        {16777216.0F, "16777216.0"},
        {123456789.0F, "123456790.0"}, /* nearest to 123456792, which is the float */
        {1e-5F, "0.00001"},
        {1e-6F, "1.0e-06"},
        {9.9999994e9F, "9.999999e+09"},
        {1e10F, "1.0e+10"},
        {0.3333333432674408F, "0.33333334"},
        {FLT_MAX, "3.4028235e+38"},
        {FLT_MIN, "1.1754944e-38"},
        {1.4e-45F, "1.4013e-45"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char text[SG_REAL_MAX];
        const size_t n = sg_real_print(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(n, strlen(text));
    }
}

/* Whether every reader gets the same float, whether it rounds once or by way of a double. */
static void assert_reads_back(float value)
{
    char text[SG_REAL_MAX];
    double back = 0.0;
    const size_t n = sg_real_print(value, text);
    if (n != strlen(text) || n >= SG_REAL_MAX || !strchr(text, '.'))
        fail_msg("%a is printed as '%s'", (double)value, text);
    if (!sg_parse_double(text, &back) || (float)back != value || strtof(text, NULL) != value)
        fail_msg("%a is printed as '%s', which reads back as %a", (double)value, text, back);
}

static void reads_back_every_power_and_its_neighbours(void **state)
{
    (void)state;
    for (int e = -149; e <= 127; e++) {
        const float two = ldexpf(1.0F, e);
        assert_reads_back(two);
        assert_reads_back(nextafterf(two, INFINITY));
        assert_reads_back(-nextafterf(two, 0.0F));
    }
    for (int e = -45; e <= 38; e++) {
        const float ten = (float)pow(10.0, e);
        assert_reads_back(ten);
        assert_reads_back(nextafterf(ten, FLT_MAX));
        assert_reads_back(nextafterf(ten, 0.0F));
    }
}

static void reads_back_random_floats(void **state)
{
    (void)state;
    sg_random r;
    sg_random_open(&r, 1, SG_RANDOM_SAMPLE, 0, 0);
    for (int i = 0; i < 200000; i++) {
        const uint32_t bits = sg_random_u32(&r);
        float any = 0.0F;
        memcpy(&any, &bits, sizeof any);
        if (isfinite(any))
            assert_reads_back(any);
        assert_reads_back((float)(0.1 * sg_random_normal(&r))); /* as weights are */
    }
}

static sg_status collect(void *user, const void *bytes, size_t n, sg_error *err)
{
    (void)err;
    sg_text_append_bytes(user, bytes, n);
    return SG_OK;
}

/* Returns what a call wrote; sg_free(). */
static char *written(void (*call)(sg_out *o, const char *text), const char *text)
{
    sg_text t = {0};
    sg_out *o = NULL;
    char *ret = NULL;
    sg_error err = {0};
    assert_ok(sg_out_new(collect, &t, &o, &err), &err);
    call(o, text);
    assert_ok(sg_out_end(o), &err);
    sg_out_free(o);
    assert_ok(sg_text_take(&t, &ret, &err), &err);
    return ret;
}

static void escapes_what_each_format_would_misread(void **state)
{
    (void)state;
    static const struct {
        void (*call)(sg_out *o, const char *text);
        const char *text;
        const char *expected;
    } cases[] = {
        {sg_out_xml, "a<b>&\"c\"\xC3\xA9", "a&lt;b&gt;&amp;&quot;c&quot;\xC3\xA9"},
        {sg_out_xml, "x\ty\nz\r", "x&#9;y&#10;z&#13;"},
        {sg_out_xml, "\x01\x1F|\xEF\xBF\xBF|\xEF\xBF\xBE|\xEF\xBF\xBD",
         "\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD"},
        {sg_out_xml, "", ""},
        {sg_out_json, "a\"b\\c/\n\x01\xC3\xA9<", "a\\\"b\\\\c/\\u000a\\u0001\xC3\xA9<"},
        {sg_out_gml, "a\"b&c'<\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82\n",
         "a&quot;b&amp;c'<&#233;&#8364;&#128578;&#10;"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTOFREE char *text = written(cases[i].call, cases[i].text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void passes_on_texts_of_any_length(void **state)
{
    (void)state;
    static char text[3 * SG_OUT_BUFFER + 7];
    for (size_t n = SG_OUT_BUFFER - 2; n < sizeof text; n += SG_OUT_BUFFER / 2 + 1) {
        memset(text, 'a', n);
        memset(text + n, 0, sizeof text - n);
        SG_AUTOFREE char *got = written(sg_out_text, text);
        assert_string_equal(got, text);
    }
}

static sg_status refuse(void *user, const void *bytes, size_t n, sg_error *err)
{
    (void)bytes;
    (void)n;
    ++*(int *)user;
    return sg_fail(err, SG_EIO, "the target is full");
}

static void tells_the_first_failure_and_asks_no_more(void **state)
{
    (void)state;
    int n_calls = 0;
    sg_out *o = NULL;
    sg_error err = {0};
    assert_ok(sg_out_new(refuse, &n_calls, &o, &err), &err);
    for (uint64_t i = 0; i < 100000; i++)
        sg_out_u64(o, i);
    assert_int_equal(sg_out_end(o), SG_EIO);
    assert_string_equal(err.message, "the target is full");
    assert_int_equal(n_calls, 1);
    sg_out_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_numbers_as_people_write_them),
        cmocka_unit_test(reads_back_every_power_and_its_neighbours),
        cmocka_unit_test(reads_back_random_floats),
        cmocka_unit_test(escapes_what_each_format_would_misread),
        cmocka_unit_test(passes_on_texts_of_any_length),
        cmocka_unit_test(tells_the_first_failure_and_asks_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
