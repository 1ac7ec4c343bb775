/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_DIGITS_H
#define SG_DRAW_DIGITS_H

/* Numbers as text, the same in every locale. */

#include "base/text.h"

/* Appends v rounded to at most `decimals` (0 to 6) places, without trailing zeros and without "-0";
 * a value that is not finite, or beyond 10^12, as the nearest of -10^12, 0 and 10^12. */
void sg_put_fixed(sg_text *t, double v, int decimals);

/* Appends "#rrggbb". */
void sg_put_hex(sg_text *t, unsigned r, unsigned g, unsigned b);

#endif
