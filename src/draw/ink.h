/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_INK_H
#define SG_DRAW_INK_H

/* Colours: single ones, categories, and maps from numbers. */

#include "sparsegraph/figure.h"
#include <stdint.h>

/* A colour in sRGB with straight alpha; a = 0 draws nothing. */
typedef struct sg_ink {
    uint8_t r, g, b, a;
} sg_ink;

#define SG_INK_NONE     ((sg_ink){0, 0, 0, 0})
#define SG_INK_BLACK    ((sg_ink){0, 0, 0, 255})
#define SG_INK_WHITE    ((sg_ink){255, 255, 255, 255})
#define SG_INK_GREY     ((sg_ink){110, 110, 110, 255}) /* contrast 5.1:1 on white: also for text */
#define SG_INK_PALE     ((sg_ink){205, 205, 205, 255})
#define SG_INK_POSITIVE ((sg_ink){213, 94, 0, 255}) /* warm, as in the diverging map */
#define SG_INK_NEGATIVE ((sg_ink){0, 114, 178, 255})

enum { SG_N_CATEGORIES = 8 };

/* The i-th colour for categories, i modulo 8, the ones with most contrast on white first. */
sg_ink sg_ink_category(size_t i);

/* The colour with its opacity in [0, 1] replaced. */
sg_ink sg_ink_faded(sg_ink ink, double opacity);

/* The colour of t in [0, 1] (values outside are clamped); NaN is SG_INK_NONE. */
sg_ink sg_ink_map(sg_color_map map, double t);

#endif
