/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_DIGIT_SHAPES_H
#define SG_DATA_DIGIT_SHAPES_H

/* The ways in which people write each digit, as points that the pen passes through. */

#include <stddef.h>
#include <stdint.h>

enum { SG_DIGIT_KNOTS_MAX = 20 };

typedef enum sg_knot_kind {
    SG_KNOT_SMOOTH = 0, /* the pen passes without turning sharply */
    SG_KNOT_CORNER,     /* the pen turns sharply here */
    SG_KNOT_DOWN,       /* the pen is put down here: a stroke begins */
} sg_knot_kind;

/* x to the right and y downwards, in hundredths of the digit's box. */
typedef struct sg_knot {
    int8_t x;
    int8_t y;
    int8_t kind;
} sg_knot;

/* One way to write a digit. */
typedef struct sg_digit_shape {
    uint8_t digit;
    uint8_t share;  /* how often, relative to the digit's other shapes */
    uint8_t aspect; /* usual width in hundredths of the height */
    uint8_t n_knots;
    const sg_knot *knots;
} sg_digit_shape;

/* Returns the shape that a number u in [0, 1) picks among those of a digit. */
const sg_digit_shape *sg_digit_shape_pick(unsigned digit, double u);

#endif
