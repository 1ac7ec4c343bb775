/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decimals of floats: few digits, that read back equal. */
#include "snapshot/write_out.h"

#include <math.h>

enum {
    FEWEST_DIGITS = 6, /* FLT_DIG: every decimal of so many survives the way into a float */
    MOST_DIGITS = 9,   /* FLT_DECIMAL_DIG: so many tell any two floats apart */
    POWER_MAX = 53     /* 9 digits of the smallest float, 1.4e-45 */
};

/* A positive decimal: digits as an integer, times 10^(exponent - (n_digits - 1)). */
typedef struct decimal {
    uint64_t digits;
    int n_digits;
    int exponent;
} decimal;

static const double POWERS[POWER_MAX + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13,
    1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27,
    1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38, 1e39, 1e40, 1e41,
    1e42, 1e43, 1e44, 1e45, 1e46, 1e47, 1e48, 1e49, 1e50, 1e51, 1e52, 1e53,
};

/* Rounds a value to n_digits and returns what they amount to. */
static double round_to(double value, int exponent, int n_digits, decimal *ret)
{
    const int shift = n_digits - 1 - exponent;
    double digits = nearbyint(shift >= 0 ? value * POWERS[shift] : value / POWERS[-shift]);
    *ret = (decimal){(uint64_t)digits, n_digits, exponent};
    if (digits >= POWERS[n_digits]) /* 9.9999996 became 10.0000 */
        *ret = (decimal){(uint64_t)(digits / 10.0), n_digits, exponent + 1};
    return shift >= 0 ? digits / POWERS[shift] : digits * POWERS[-shift];
}

/*
 * Takes digits until the decimal lies between the midpoints to the neighbouring floats. The
 * scaling is wrong by some 4e-16 of the value, a midpoint is 3e-8 of it away: the small share of
 * the way that is not used keeps every reader's own rounding on the right side. Nine digits are
 * within 0.5e-8, so they always do.
 */
static decimal shortest(float value)
{
    const double v = (double)value;
    const float next = nextafterf(value, INFINITY);
    const double below = v - (double)nextafterf(value, 0.0F);
    const double above = isfinite(next) ? (double)next - v : below;
    const int exponent = (int)floor(log10(v));
    decimal d = {0};
    for (int n_digits = FEWEST_DIGITS; n_digits <= MOST_DIGITS; n_digits++) {
        const double off = round_to(v, exponent, n_digits, &d) - v;
        if (off < 0.4999 * above && -off < 0.4999 * below)
            break;
    }
    while (d.n_digits > 1 && d.digits % 10 == 0) {
        d.digits /= 10;
        d.n_digits--;
    }
    return d;
}

static char *put_digits(char *at, const char *digits, int n)
{
    for (int i = 0; i < n; i++)
        *at++ = digits[i];
    return at;
}

static char *put_zeros(char *at, int n)
{
    for (int i = 0; i < n; i++)
        *at++ = '0';
    return at;
}

static char *put_plain(char *at, const char *digits, const decimal *d)
{
    if (d->exponent < 0) {
        *at++ = '0';
        *at++ = '.';
        at = put_zeros(at, -d->exponent - 1);
        return put_digits(at, digits, d->n_digits);
    }
    const int n_whole = d->exponent + 1;
    const int n_given = n_whole < d->n_digits ? n_whole : d->n_digits;
    at = put_digits(at, digits, n_given);
    at = put_zeros(at, n_whole - n_given);
    *at++ = '.';
    if (d->n_digits == n_given)
        *at++ = '0';
    return put_digits(at, digits + n_given, d->n_digits - n_given);
}

static char *put_scientific(char *at, const char *digits, const decimal *d)
{
    const int power = d->exponent < 0 ? -d->exponent : d->exponent;
    *at++ = digits[0];
    *at++ = '.';
    if (d->n_digits == 1)
        *at++ = '0';
    at = put_digits(at, digits + 1, d->n_digits - 1);
    *at++ = 'e';
    *at++ = d->exponent < 0 ? '-' : '+';
    *at++ = (char)('0' + power / 10);
    *at++ = (char)('0' + power % 10);
    return at;
}

size_t sg_real_print(float value, char text[SG_REAL_MAX])
{
    char *at = text;
    decimal d = {0, 1, 0};
    char digits[MOST_DIGITS] = {0};
    if (signbit(value))
        *at++ = '-';
    if (value != 0.0F)
        d = shortest(fabsf(value));
    uint64_t rest = d.digits;
    for (int i = d.n_digits; i-- > 0; rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    at = d.exponent >= -5 && d.exponent < MOST_DIGITS ? put_plain(at, digits, &d)
                                                      : put_scientific(at, digits, &d);
    *at = '\0';
    return (size_t)(at - text);
}
