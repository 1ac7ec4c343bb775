/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include "base/utf8.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUS        "\xE2\x88\x92" /* U+2212 */
#define EN_DASH      "\xE2\x80\x93"
#define NARROW_SPACE "\xE2\x80\xAF" /* U+202F, does not break */
#define TIMES        "\xC3\x97"

static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F ? SG_UTF8_REPLACEMENT : NULL;
    }
}

void sg_html_escape(sg_text *t, const char *text)
{
    const char *s = text ? text : "";

    while (*s) {
        const size_t n = sg_utf8_decode(s, SG_UTF8_BYTES_MAX, NULL);
        const char *instead = n == 0   ? SG_UTF8_REPLACEMENT
                              : n == 1 ? entity((unsigned char)*s)
                                       : NULL;
        if (instead)
            sg_text_append(t, instead);
        else
            sg_text_append_bytes(t, s, n);
        s += n ? n : 1;
    }
}

void sg_html_printf(sg_text *t, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);

    SG_AUTOFREE char *plain = n < 0 ? NULL : SG_NEW_ARRAY(char, (size_t)n + 1);
    if (!plain) {
        t->failed = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(plain, (size_t)n + 1, format, arguments);
    va_end(arguments);
    sg_html_escape(t, plain);
}

/* Returns how long the DOI at s is, without the punctuation that ends a sentence. */
static size_t doi_length(const char *s)
{
    size_t n = strcspn(s, " \t\n,;)<>\"");

    while (n > 0 && s[n - 1] == '.')
        n--;
    return n;
}

/* Appends n bytes escaped, every "doi:10..." among them as a link. */
static void append_linked(sg_text *t, const char *text, size_t n)
{
    SG_AUTOFREE char *plain = sg_memdup(text, n);
    if (!plain) {
        t->failed = true;
        return;
    }
    char *rest = plain;
    for (char *doi = strstr(rest, "doi:10."); doi; doi = strstr(rest, "doi:10.")) {
        char *name = doi + strlen("doi:");
        char *end = name + doi_length(name);
        const char after = *end;
        *doi = '\0';
        sg_html_escape(t, rest);
        *end = '\0';
        sg_text_append(t, "<a href=\"https://doi.org/");
        sg_html_escape(t, name);
        sg_text_append(t, "\">doi:");
        sg_html_escape(t, name);
        sg_text_append(t, "</a>");
        *end = after;
        rest = end;
    }
    sg_html_escape(t, rest);
}

void sg_html_linked(sg_text *t, const char *text)
{
    append_linked(t, text, strlen(text));
}

void sg_html_prose(sg_text *t, const char *text)
{
    while (*text) {
        const char *blank = strstr(text, "\n\n");
        const size_t n = blank ? (size_t)(blank - text) : strlen(text);
        if (n > 0) {
            sg_text_append(t, "<p>");
            append_linked(t, text, n);
            sg_text_append(t, "</p>\n");
        }
        text += n;
        text += strspn(text, "\n");
    }
}

/* Appends digits with a comma at every third one before the decimal point. */
static void append_grouped(sg_text *t, const char *digits)
{
    const size_t n_whole = strcspn(digits, ".");

    for (size_t i = 0; i < n_whole; i++) {
        if (i > 0 && (n_whole - i) % 3 == 0)
            sg_text_append(t, ",");
        sg_text_append_bytes(t, digits + i, 1);
    }
    sg_text_append(t, digits + n_whole);
}

static void append_fixed(sg_text *t, double value, int n_places)
{
    char digits[64];

    (void)snprintf(digits, sizeof digits, "%.*f", n_places, fabs(value));
    const bool is_zero = strspn(digits, "0.") == strlen(digits);
    if (value < 0.0 && !is_zero)
        sg_text_append(t, MINUS);
    append_grouped(t, digits);
}

/* Answers for values that are no plain number. */
static bool append_special(sg_text *t, double value)
{
    if (isfinite(value))
        return false;
    sg_text_append(t, isnan(value) ? EN_DASH : value > 0.0 ? "\xE2\x88\x9E" : MINUS "\xE2\x88\x9E");
    return true;
}

void sg_html_count(sg_text *t, double value)
{
    if (append_special(t, value))
        return;
    if (fabs(value) < 1e15)
        append_fixed(t, value, 0);
    else
        sg_html_number(t, value, 4);
}

static void append_scientific(sg_text *t, double value, int n_digits)
{
    char digits[64];

    (void)snprintf(digits, sizeof digits, "%.*e", n_digits - 1, fabs(value));
    char *e = strchr(digits, 'e');
    const long exponent = e ? strtol(e + 1, NULL, 10) : 0;
    if (e)
        *e = '\0';
    sg_text_printf(t, "%s%s" NARROW_SPACE TIMES NARROW_SPACE "10<sup>%s%ld</sup>",
                   value < 0.0 ? MINUS : "", digits, exponent < 0 ? MINUS : "", labs(exponent));
}

void sg_html_number(sg_text *t, double value, int n_digits)
{
    if (append_special(t, value))
        return;
    const double size = fabs(value);
    if (size == 0.0) {
        sg_text_append(t, "0");
        return;
    }
    if (size < 1e-3 || size >= 1e7) {
        append_scientific(t, value, n_digits);
        return;
    }
    const int n_places = n_digits - 1 - (int)floor(log10(size));
    append_fixed(t, value, n_places > 0 ? n_places : 0);
}

void sg_html_percent(sg_text *t, double frac, int n_places)
{
    if (append_special(t, frac))
        return;
    append_fixed(t, 100.0 * frac, n_places);
    sg_text_append(t, NARROW_SPACE "%");
}

void sg_html_duration(sg_text *t, double seconds)
{
    if (append_special(t, seconds))
        return;
    if (seconds < 10.0) {
        append_fixed(t, seconds, 1);
        sg_text_append(t, NARROW_SPACE "s");
        return;
    }
    const long whole = lround(fmin(seconds, 1e9));
    if (whole >= 3600)
        sg_text_printf(t, "%ld" NARROW_SPACE "h ", whole / 3600);
    if (whole >= 60)
        sg_text_printf(t, "%ld" NARROW_SPACE "min", whole / 60 % 60);
    if (whole < 3600)
        sg_text_printf(t, "%s%ld" NARROW_SPACE "s", whole >= 60 ? " " : "", whole % 60);
}
