/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/text.h"
#include "draw/marks.h"
#include "draw/plot.h"

/* Values published for the maps: the ends, and the middle of cividis. */
static void colour_maps_have_the_published_colours(void **state)
{
    (void)state;
    static const struct {
        double t;
        sg_color_map map;
        uint8_t r, g, b;
    } cases[] = {
        {0.0, SG_MAP_CIVIDIS, 0, 34, 78},               /* .000000 .135112 .304751 */
        {127.0 / 255.0, SG_MAP_CIVIDIS, 124, 123, 120}, /* .485141 .482451 .470384 */
        {1.0, SG_MAP_CIVIDIS, 254, 232, 56},            /* .995737 .909344 .217772 */
        {0.0, SG_MAP_VIRIDIS, 68, 1, 84},               /* #440154 */
        {127.0 / 255.0, SG_MAP_VIRIDIS, 33, 144, 141},  /* #21908d */
        {1.0, SG_MAP_VIRIDIS, 253, 231, 37},            /* #fde725 */
        {0.0, SG_MAP_DIVERGING, 5, 48, 97},
        {0.5, SG_MAP_DIVERGING, 255, 255, 255},
        {1.0, SG_MAP_DIVERGING, 103, 0, 31},
        {7.0, SG_MAP_DIVERGING, 103, 0, 31},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const sg_ink ink = sg_ink_map(cases[i].map, cases[i].t);
        const bool near = abs(ink.r - cases[i].r) <= 1 && abs(ink.g - cases[i].g) <= 1 &&
                          abs(ink.b - cases[i].b) <= 1;
        if (!near)
            fail_msg("case %zu: %u %u %u", i, ink.r, ink.g, ink.b);
    }
    assert_int_equal(sg_ink_map(SG_MAP_CIVIDIS, (double)NAN).a, 0);
}

static double luminance(sg_ink ink)
{
    return 0.2126 * pow(ink.r / 255.0, 2.2) + 0.7152 * pow(ink.g / 255.0, 2.2) +
           0.0722 * pow(ink.b / 255.0, 2.2);
}

static void magnitudes_only_grow_lighter(void **state)
{
    (void)state;
    for (int map = SG_MAP_CIVIDIS; map <= SG_MAP_VIRIDIS; map++)
        for (int i = 1; i <= 100; i++)
            assert_true(luminance(sg_ink_map((sg_color_map)map, i / 100.0)) >
                        luminance(sg_ink_map((sg_color_map)map, (i - 1) / 100.0)));
}

static void chooses_round_ticks(void **state)
{
    (void)state;
    static const struct {
        double low, high, wanted;
        const char *labels;
        bool log;
    } cases[] = {
        {0.0, 1.0, 5.0, "0 0.2 0.4 0.6 0.8 1.0 ", false},
        {-0.47, 0.47, 4.0, "−0.4 −0.2 0 0.2 0.4 ", false},
        {0.0, 60000.0, 4.0, "0 20,000 40,000 60,000 ", false},
        {0.0, 3e6, 3.0, "0 1×10^{6} 2×10^{6} 3×10^{6} ", false},
        {0.9, 200.0, 6.0, "1 10 100 ", true},
        {1e-5, 1.0, 6.0, "10^{−5} 10^{−4} 10^{−3} 10^{−2} 10^{−1} 10^{0} ", true},
        {10.0, 70.0, 6.0, "10 20 50 ", true},
        {15.0, 18.0, 4.0, "15 16 17 18 ", true},
        {1.0, 1.0, 5.0, "", false},
        {0.0, (double)INFINITY, 5.0, "", false},
        {0.0, 10.0, 5.0, "", true},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_ticks ticks;
        if (cases[i].log)
            sg_ticks_log(cases[i].low, cases[i].high, cases[i].wanted, &ticks);
        else
            sg_ticks_linear(cases[i].low, cases[i].high, cases[i].wanted, false, &ticks);
        sg_text_append(&t, "");
        for (size_t k = 0; k < ticks.n; k++) {
            assert_true(ticks.tick[k].value >= cases[i].low - 1e-9 * fabs(cases[i].low));
            assert_true(ticks.tick[k].value <= cases[i].high * (1.0 + 1e-6));
            if (*ticks.tick[k].label)
                sg_text_printf(&t, "%s ", ticks.tick[k].label);
        }
        assert_string_equal(t.bytes, cases[i].labels);
    }
}

static void epochs_have_whole_ticks(void **state)
{
    (void)state;
    sg_ticks ticks;
    sg_ticks_linear(-0.04, 2.04, 12.0, true, &ticks);
    assert_int_equal(ticks.n, 3);
    assert_string_equal(ticks.tick[2].label, "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colour_maps_have_the_published_colours),
        cmocka_unit_test(magnitudes_only_grow_lighter),
        cmocka_unit_test(chooses_round_ticks),
        cmocka_unit_test(epochs_have_whole_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
