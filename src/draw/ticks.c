/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/digits.h"
#include "draw/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define TIMES "\xc3\x97"

/* Appends the digits of a whole number with commas between thousands. */
static void put_grouped(sg_text *t, double whole)
{
    char digits[40];
    const int n = snprintf(digits, sizeof digits, "%.0f", whole);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            sg_text_append(t, ",");
        sg_text_append_bytes(t, digits + i, 1);
    }
}

void sg_put_count(sg_text *t, double n)
{
    if (n < 0.0)
        sg_text_append(t, MINUS);
    put_grouped(t, floor(fabs(n) + 0.5));
}

/* Appends |v| with that many places after the point; whole parts get commas. */
static void put_places(sg_text *t, double v, int places)
{
    SG_AUTO_TEXT sg_text plain = {0};
    const double unit = pow(10.0, places);
    const double rounded = floor(fabs(v) * unit + 0.5) / unit;

    if (v < 0.0 && rounded > 0.0)
        sg_text_append(t, MINUS);
    put_grouped(t, floor(rounded));
    if (places > 0) {
        sg_put_fixed(&plain, rounded - floor(rounded), places < 6 ? places : 6);
        const char *fraction = plain.bytes && plain.n > 2 ? plain.bytes + 2 : "";
        sg_text_append(t, ".");
        sg_text_append(t, fraction);
        for (size_t i = strlen(fraction); i < (size_t)places; i++)
            sg_text_append(t, "0");
    }
    t->failed = t->failed || plain.failed;
}

/* Appends m x 10^e. */
static void put_scientific(sg_text *t, double v, int digits)
{
    double exponent = floor(log10(fabs(v)));
    double mantissa = v / pow(10.0, exponent);
    const double unit = pow(10.0, digits - 1);
    mantissa = round(mantissa * unit) / unit;
    if (fabs(mantissa) >= 10.0) {
        mantissa /= 10.0;
        exponent += 1.0;
    }
    int places = digits - 1;
    while (places > 0 &&
           fabs(mantissa * pow(10.0, places - 1) - round(mantissa * pow(10.0, places - 1))) < 1e-9)
        places--;
    put_places(t, mantissa, places);
    sg_text_printf(t, TIMES "10^{%s%.0f}", exponent < 0.0 ? MINUS : "", fabs(exponent));
}

void sg_put_number(sg_text *t, double v, int digits)
{
    if (!isfinite(v)) {
        sg_text_append(t, isnan(v) ? "n/a" : v > 0.0 ? "\xe2\x88\x9e" : MINUS "\xe2\x88\x9e");
        return;
    }
    if (v == 0.0) {
        sg_text_append(t, "0");
        return;
    }
    const double magnitude = fabs(v);
    if (magnitude >= 1e6 || magnitude < 1e-3) {
        put_scientific(t, v, digits);
        return;
    }
    int places = digits - 1 - (int)floor(log10(magnitude));
    if (places < 0)
        places = 0;
    while (places > 0 && fabs(v * pow(10.0, places - 1) - round(v * pow(10.0, places - 1))) < 1e-9)
        places--;
    put_places(t, v, places);
}

static void set_label(sg_tick *tick, const sg_text *label)
{
    if (!label->failed && label->bytes)
        snprintf(tick->label, sizeof tick->label, "%s", label->bytes);
}

/* Multiples of `step` in [low, high]. */
static double count_multiples(double low, double high, double step)
{
    return floor(high / step + 1e-6) - ceil(low / step - 1e-6) + 1.0;
}

/* 1, 2 or 5 times a power of ten: the step whose ticks are closest in number to `wanted`, the
 * narrower one of two as good. */
static double nice_step(double low, double high, double wanted)
{
    static const double mantissas[] = {0.2, 0.5, 1.0, 2.0, 5.0, 10.0};
    const double power = pow(10.0, floor(log10((high - low) / wanted)));
    double best = 0.0;
    double best_miss = (double)INFINITY;

    for (size_t i = 0; i < SG_COUNT(mantissas); i++) {
        const double step = mantissas[i] * power;
        const double miss = fabs(count_multiples(low, high, step) - wanted);
        if (miss < best_miss) {
            best = step;
            best_miss = miss;
        }
    }
    return best;
}

void sg_ticks_linear(double low, double high, double wanted, bool whole, sg_ticks *ret)
{
    ret->n = 0;
    const double span = high - low;
    if (!(span > 0.0) || !isfinite(span) || span < 1e-12 * fmax(fabs(low), fabs(high)))
        return;
    double step = nice_step(low, high, fmax(wanted, 1.0));
    if (whole && step < 1.0)
        step = 1.0;
    const double largest = fmax(fabs(low), fabs(high));
    const bool scientific = largest >= 1e6 || largest < 1e-3;
    const int places = (int)fmax(0.0, -floor(log10(step) + 1e-9));
    const double first = ceil(low / step - 1e-6);

    for (int i = 0; i < SG_TICKS_MAX && (first + i) * step <= high + 1e-6 * step; i++) {
        SG_AUTO_TEXT sg_text label = {0};
        sg_tick *tick = &ret->tick[ret->n++];
        *tick = (sg_tick){.value = (first + i) * step};
        if (first + i == 0.0)
            sg_text_append(&label, "0");
        else if (scientific)
            put_scientific(&label, tick->value, 3);
        else
            put_places(&label, tick->value, places);
        set_label(tick, &label);
    }
}

/* 10^e, or plainly where the axis lies within 0.01 to 10,000. */
static void label_power(sg_tick *tick, double mantissa, double exponent, bool plain)
{
    SG_AUTO_TEXT sg_text label = {0};
    if (plain)
        sg_put_number(&label, tick->value, 1);
    else if (mantissa == 1.0)
        sg_text_printf(&label, "10^{%s%.0f}", exponent < 0.0 ? MINUS : "", fabs(exponent));
    else
        sg_text_printf(&label, "%.0f" TIMES "10^{%s%.0f}", mantissa, exponent < 0.0 ? MINUS : "",
                       fabs(exponent));
    set_label(tick, &label);
}

void sg_ticks_log(double low, double high, double wanted, sg_ticks *ret)
{
    ret->n = 0;
    if (!(low > 0.0 && high > low) || !isfinite(high))
        return;
    const double decades = log10(high / low);
    const int every = (int)fmax(1.0, ceil(decades / fmax(wanted, 1.0)));
    const bool dense = decades < 1.3;
    const bool plain = low >= 0.00999 && high <= 10001.0;
    const int last = (int)ceil(log10(high));
    size_t n_labels = 0;

    for (int e = (int)floor(log10(low)); e <= last; e++) {
        for (int m = 1; m < 10; m++) {
            const double value = m * pow(10.0, e);
            if (value < low * (1.0 - 1e-9) || value > high * (1.0 + 1e-9) ||
                ret->n == SG_TICKS_MAX || (m > 1 && decades > 7.0))
                continue;
            sg_tick *tick = &ret->tick[ret->n++];
            *tick = (sg_tick){.value = value};
            if ((m == 1 && e % every == 0) || (dense && (m == 1 || m == 2 || m == 5))) {
                label_power(tick, m, e, plain);
                n_labels++;
            }
        }
    }
    if (n_labels < 2 && decades < 1.0) /* so short that even steps read better */
        sg_ticks_linear(low, high, wanted, false, ret);
}

double sg_ticks_width(const sg_ticks *ticks)
{
    double widest = 0.0;
    for (size_t i = 0; i < ticks->n; i++)
        widest = fmax(widest, sg_label_width(ticks->tick[i].label, false));
    return widest * SG_SMALL_PT * SG_MM_PER_PT;
}
