/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/digits.h"

#include <math.h>

void sg_put_fixed(sg_text *t, double v, int decimals)
{
    static const long long powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    const double most = 1e12;
    const long long unit = powers[decimals];
    const double bounded = isnan(v) ? 0.0 : fmin(fmax(v, -most), most);
    long long scaled = llround(fabs(bounded) * (double)unit);
    const bool negative = bounded < 0.0 && scaled > 0;

    char digits[32];
    size_t i = sizeof digits;
    bool significant = false; /* no zeros at the end of the fraction */
    for (int place = 0; place < decimals || scaled > 0 || place == decimals; place++) {
        const char digit = (char)('0' + scaled % 10);
        scaled /= 10;
        significant = significant || digit != '0' || place >= decimals;
        if (place == decimals && i < sizeof digits)
            digits[--i] = '.';
        if (significant)
            digits[--i] = digit;
    }
    if (negative)
        digits[--i] = '-';
    sg_text_append_bytes(t, digits + i, sizeof digits - i);
}

void sg_put_hex(sg_text *t, unsigned r, unsigned g, unsigned b)
{
    sg_text_printf(t, "#%02x%02x%02x", r, g, b);
}
