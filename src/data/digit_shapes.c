/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/digit_shapes.h"

#include "base/memory.h"

#define D SG_KNOT_DOWN
#define C SG_KNOT_CORNER

/* 0: against the clock; with the clock and overlapping; egg-shaped from the right. */
static const sg_knot zero_plain[] = {{56, 1, D}, {20, 13}, {3, 50},  {18, 87}, {50, 99},
                                     {82, 87},   {97, 50}, {82, 13}, {50, 1}};
static const sg_knot zero_overlap[] = {{36, 8, D}, {72, 4}, {96, 38}, {84, 82}, {46, 99},
                                       {10, 80},   {4, 42}, {24, 10}, {60, 2},  {78, 12}};
static const sg_knot zero_egg[] = {{80, 12, D}, {40, 2},  {8, 36}, {10, 78}, {42, 99},
                                   {80, 80},    {95, 40}, {76, 8}, {52, 6}};

/* 1: a bare stroke; bowed; with a flag; with flag and base; with base alone. */
static const sg_knot one_bare[] = {{50, 0, D}, {50, 50}, {50, 100}};
static const sg_knot one_bowed[] = {{56, 0, D}, {46, 50}, {52, 100}};
static const sg_knot one_flag[] = {{14, 28, D}, {38, 16}, {58, 0, C}, {54, 50}, {52, 100}};
static const sg_knot one_flag_base[] = {{18, 24, D}, {54, 0, C},  {52, 50},
                                        {52, 98},    {10, 99, D}, {94, 98}};
static const sg_knot one_base[] = {{52, 0, D}, {50, 50}, {50, 98}, {16, 99, D}, {88, 98}};

/* 2: round; with a loop at the foot; angular like a Z; long-necked. */
static const sg_knot two_round[] = {{8, 24, D}, {26, 5},    {58, 1},  {86, 18}, {80, 44},
                                    {46, 72},   {8, 97, C}, {50, 96}, {96, 95}};
static const sg_knot two_loop[] = {{10, 22, D}, {32, 3}, {64, 2},  {86, 20}, {76, 50}, {44, 82},
                                   {18, 96},    {4, 86}, {20, 75}, {50, 88}, {78, 99}, {98, 88}};
static const sg_knot two_angular[] = {{8, 8, D}, {48, 2},    {84, 8}, {82, 30},
                                      {50, 62},  {6, 98, C}, {94, 97}};
static const sg_knot two_hooked[] = {{16, 30, D}, {14, 10}, {44, 0},     {78, 10}, {84, 36},
                                     {64, 66},    {28, 92}, {10, 96, C}, {36, 88}, {92, 98}};

/* 3: round; flat-topped; with a small knot in the middle. */
static const sg_knot three_round[] = {{10, 14, D}, {42, 1},  {80, 12}, {76, 36}, {40, 47, C},
                                      {82, 56},    {92, 78}, {60, 98}, {22, 96}, {4, 84}};
static const sg_knot three_flat[] = {{10, 3, D}, {48, 2},  {86, 2, C}, {40, 40, C}, {76, 48},
                                     {93, 72},   {72, 96}, {30, 99},   {4, 86}};
static const sg_knot three_knot[] = {{10, 12, D}, {46, 0},  {82, 14}, {68, 38},  {40, 50}, {32, 44},
                                     {50, 44},    {88, 60}, {82, 90}, {44, 100}, {6, 88}};

/* 4: open; closed; a cup with a stem; closed with a short stem at the right. */
static const sg_knot four_open[] = {{20, 2, D}, {13, 32},   {8, 57, C}, {50, 56},
                                    {96, 52},   {76, 8, D}, {72, 50},   {66, 100}};
static const sg_knot four_closed[] = {{70, 2, D}, {40, 32},   {4, 66, C}, {50, 66},
                                      {98, 63},   {70, 2, D}, {69, 50},   {67, 100}};
static const sg_knot four_cup[] = {{14, 4, D}, {10, 34},   {30, 54}, {60, 50},
                                   {82, 36},   {88, 2, D}, {82, 48}, {74, 100}};
static const sg_knot four_single[] = {{60, 0, D}, {36, 26},    {6, 54},  {44, 56},
                                      {90, 50},   {64, 26, D}, {60, 60}, {54, 100}};

/* 5: one stroke from the top right; the top bar apart; smooth like an S. */
static const sg_knot five_single[] = {{88, 3, D}, {54, 4},  {24, 4, C}, {16, 44, C}, {50, 37},
                                      {88, 54},   {86, 82}, {50, 99},   {8, 91}};
static const sg_knot five_bar[] = {{22, 4, D}, {18, 24}, {14, 42, C}, {54, 38}, {90, 60}, {80, 90},
                                   {40, 100},  {4, 88},  {24, 5, D},  {60, 4},  {94, 0}};
static const sg_knot five_smooth[] = {{90, 6, D}, {50, 2},  {20, 18}, {34, 40},
                                      {72, 52},   {88, 74}, {62, 98}, {8, 92}};

/* 6: curved; with a straight stem; wide with a high loop. */
static const sg_knot six_curved[] = {{76, 2, D}, {36, 22}, {8, 60},  {20, 92}, {55, 99},
                                     {88, 82},   {78, 58}, {44, 54}, {14, 72}};
static const sg_knot six_straight[] = {{54, 0, D}, {26, 36}, {6, 72},  {24, 97}, {62, 97},
                                       {86, 78},   {66, 60}, {30, 66}, {12, 80}};
static const sg_knot six_wide[] = {{92, 10, D}, {56, 1},  {18, 32}, {5, 70},  {32, 98},
                                   {76, 95},    {95, 70}, {70, 49}, {32, 54}, {12, 68}};

/* 7: plain; barred; with a serif; with a curved stem; barred with a serif. */
static const sg_knot seven_plain[] = {{5, 6, D}, {50, 4}, {93, 3, C}, {64, 48}, {42, 100}};
static const sg_knot seven_bar[] = {{5, 6, D}, {50, 4},     {92, 3, C}, {64, 48},
                                    {44, 100}, {26, 54, D}, {86, 47}};
static const sg_knot seven_serif[] = {{6, 24, D}, {10, 4, C}, {50, 4},
                                      {92, 3, C}, {62, 46},   {46, 100}};
static const sg_knot seven_round[] = {{4, 18, D}, {26, 4},  {62, 4},  {90, 10},
                                      {74, 40},   {56, 70}, {50, 100}};
static const sg_knot seven_serif_bar[] = {{4, 22, D}, {9, 5, C}, {50, 4},     {93, 2, C},
                                          {66, 44},   {46, 100}, {30, 50, D}, {84, 48}};

/* 8: one stroke from the top right; two rings; crossed like a ribbon, open at the top. */
static const sg_knot eight_single[] = {{80, 14, D}, {48, 1},  {18, 20}, {44, 44}, {84, 70},
                                       {54, 99},    {12, 78}, {42, 50}, {78, 28}, {74, 8}};
static const sg_knot eight_rings[] = {{50, 46, D}, {20, 26}, {46, 1},  {80, 22}, {52, 46},
                                      {50, 46, D}, {8, 72},  {46, 99}, {92, 74}, {52, 46}};
static const sg_knot eight_open[] = {{84, 10, D}, {50, 2},  {20, 18}, {42, 42}, {80, 66},
                                     {70, 95},    {30, 98}, {12, 76}, {46, 48}, {92, 16}};

/* 9: a ring with a straight stem; with a curved tail; in one stroke with a leaning stem. */
static const sg_knot nine_straight[] = {{82, 22, D}, {52, 2},    {14, 18}, {16, 44}, {50, 50},
                                        {80, 30},    {84, 8, C}, {80, 56}, {76, 100}};
static const sg_knot nine_tail[] = {{80, 20, D}, {48, 1},  {10, 20}, {18, 48}, {56, 48},
                                    {84, 16},    {88, 56}, {66, 95}, {16, 92}};
static const sg_knot nine_leaning[] = {{78, 20, D}, {56, 3},    {20, 10}, {8, 36},  {36, 52},
                                       {74, 32},    {84, 8, C}, {70, 58}, {50, 100}};

#undef D
#undef C

/* The array of negative size stops the build when a shape outgrows the buffers of its users. */
#define FITS(knots) sizeof(char[SG_COUNT(knots) <= SG_DIGIT_KNOTS_MAX ? 1 : -1])
#define SHAPE(digit, share, aspect, knots)                                                         \
    {                                                                                              \
        digit, share, aspect, (uint8_t)(SG_COUNT(knots) * FITS(knots)), knots                      \
    }

static const sg_digit_shape shapes[] = {
    SHAPE(0, 5, 81, zero_plain),    SHAPE(0, 3, 83, zero_overlap), SHAPE(0, 3, 78, zero_egg),
    SHAPE(1, 5, 34, one_bare),      SHAPE(1, 3, 34, one_bowed),    SHAPE(1, 4, 47, one_flag),
    SHAPE(1, 3, 58, one_flag_base), SHAPE(1, 1, 54, one_base),     SHAPE(2, 4, 83, two_round),
    SHAPE(2, 4, 85, two_loop),      SHAPE(2, 3, 85, two_angular),  SHAPE(2, 2, 83, two_hooked),
    SHAPE(3, 5, 74, three_round),   SHAPE(3, 3, 76, three_flat),   SHAPE(3, 3, 74, three_knot),
    SHAPE(4, 4, 78, four_open),     SHAPE(4, 3, 78, four_closed),  SHAPE(4, 3, 78, four_cup),
    SHAPE(4, 2, 72, four_single),   SHAPE(5, 4, 76, five_single),  SHAPE(5, 4, 78, five_bar),
    SHAPE(5, 2, 78, five_smooth),   SHAPE(6, 4, 67, six_curved),   SHAPE(6, 4, 67, six_straight),
    SHAPE(6, 3, 74, six_wide),      SHAPE(7, 4, 76, seven_plain),  SHAPE(7, 3, 76, seven_bar),
    SHAPE(7, 3, 76, seven_serif),   SHAPE(7, 2, 72, seven_round),  SHAPE(7, 1, 76, seven_serif_bar),
    SHAPE(8, 4, 69, eight_single),  SHAPE(8, 3, 65, eight_rings),  SHAPE(8, 3, 69, eight_open),
    SHAPE(9, 4, 65, nine_straight), SHAPE(9, 3, 67, nine_tail),    SHAPE(9, 4, 69, nine_leaning),
};

const sg_digit_shape *sg_digit_shape_pick(unsigned digit, double u)
{
    unsigned total = 0;
    for (size_t i = 0; i < SG_COUNT(shapes); i++)
        if (shapes[i].digit == digit)
            total += shapes[i].share;

    double left = u * (double)total;
    const sg_digit_shape *picked = NULL;
    for (size_t i = 0; i < SG_COUNT(shapes) && left >= 0.0; i++) {
        if (shapes[i].digit != digit)
            continue;
        picked = &shapes[i];
        left -= (double)shapes[i].share;
    }
    return picked;
}
