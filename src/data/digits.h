/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_DIGITS_H
#define SG_DATA_DIGITS_H

/*
 * Handwritten-like digits, drawn from pen strokes: the data set that needs no file.
 *
 * Sample i of a split is a pure function of (seed, split, i): it depends neither on how many are
 * asked for nor on the others, so a larger set begins with the smaller one. Each run of ten
 * samples that starts at a multiple of ten holds every class once. The arithmetic is +, -, *, /
 * and sqrt without contraction, so that the bytes are the same on every IEEE 754 machine.
 */

#include "sparsegraph/dataset.h"

enum {
    SG_DIGITS_SIDE = 28,
    SG_DIGITS_PIXELS = SG_DIGITS_SIDE * SG_DIGITS_SIDE,
    SG_DIGITS_CLASSES = 10,
};

/* Returns the class of sample i. */
uint8_t sg_digits_label(uint64_t seed, sg_split split, uint32_t i);

/* Draws sample i into pixels, (28, 28) row-major: 0 is paper, 255 is ink. */
void sg_digits_draw(uint64_t seed, sg_split split, uint32_t i, uint8_t pixels[SG_DIGITS_PIXELS]);

#endif
