/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/label.h"

#include "base/utf8.h"
#include <string.h>

#define SMALL_SCALE 0.72
#define RAISED_EM   0.36
#define LOWERED_EM  (-0.16)

/* Advance widths of DejaVu Sans and DejaVu Sans Bold, U+0020 to U+007E, in hundredths of an em. */
static const unsigned char regular_width[95] = {
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
};
static const unsigned char bold_width[95] = {
    35, 46,  52, 84, 70, 100, 87, 31,  46, 46, 52, 84, 38, 42,  38, 37, 70, 70,  70,
    70, 70,  70, 70, 70, 70,  70, 40,  40, 84, 84, 84, 58, 100, 77, 76, 73, 83,  68,
    68, 82,  84, 37, 37, 77,  64, 100, 84, 85, 73, 85, 77, 72,  68, 81, 77, 110, 77,
    72, 73,  46, 37, 46, 84,  50, 50,  67, 72, 59, 72, 68, 44,  72, 71, 34, 34,  67,
    34, 104, 71, 69, 72, 72,  49, 60,  48, 71, 65, 92, 65, 65,  58, 71, 37, 71,  84,
};

/* XML 1.0 forbids the C0 controls and the two non-characters at the end of the first plane. */
static bool is_control(uint32_t p)
{
    return p < 0x20 || (p >= 0x7f && p < 0xa0) || p == 0xfffe || p == 0xffff;
}

char *sg_label_clean(const char *text)
{
    /* A bad byte grows to the three bytes of U+FFFD. */
    const size_t n = strlen(text);
    char *clean = sg_alloc(n + 1, 3);
    if (!clean)
        return NULL;

    char *out = clean;
    for (const char *s = text; *s;) {
        uint32_t p = 0;
        const size_t length = sg_utf8_decode(s, SG_UTF8_BYTES_MAX, &p);
        if (length == 0) {
            for (const char *mark = SG_UTF8_REPLACEMENT; *mark; mark++)
                *out++ = *mark;
        } else if (is_control(p)) {
            *out++ = ' ';
        } else {
            memcpy(out, s, length);
            out += length;
        }
        s += length ? length : 1;
    }
    return clean;
}

static bool opens_sign(const char *s)
{
    return (*s == '^' || *s == '_' || *s == '~') && s[1] == '{';
}

bool sg_label_next(const char **rest, sg_label_run *run)
{
    while (**rest) {
        const char *s = *rest;
        *run = (sg_label_run){.bytes = s, .scale = 1.0};
        if (opens_sign(s)) {
            run->bytes = s + 2;
            run->n = strcspn(run->bytes, "}");
            run->italic = *s == '~';
            run->scale = *s == '~' ? 1.0 : SMALL_SCALE;
            run->rise = *s == '^' ? RAISED_EM : *s == '_' ? LOWERED_EM : 0.0;
            *rest = run->bytes + run->n + (run->bytes[run->n] == '}');
        } else {
            while (*s && !opens_sign(s))
                s++;
            run->n = (size_t)(s - *rest);
            *rest = s;
        }
        if (run->n)
            return true;
    }
    return false;
}

void sg_label_plain(sg_text *t, const char *label)
{
    sg_label_run run;
    while (sg_label_next(&label, &run))
        sg_text_append_bytes(t, run.bytes, run.n);
}

/* Width of one character in em: letters beyond ASCII by their kind. */
static double point_width(uint32_t p, bool bold)
{
    if (p >= 0x20 && p < 0x7f)
        return (bold ? bold_width : regular_width)[p - 0x20] / 100.0;
    if ((p >= 0x300 && p < 0x370) || (p >= 0x200b && p < 0x2010)) /* combining, invisible */
        return 0.0;
    if (p == 0xb7 || (p >= 0x2009 && p <= 0x200a) || p == 0x202f) /* middle dot, thin spaces */
        return 0.32;
    if (p == 0x2013)
        return 0.5;
    const bool is_math = p == 0xd7 || p == 0xb1 || (p >= 0x2190 && p < 0x2800);
    if (p < 0x400 || (p >= 0x1d00 && p < 0x2100 && p != 0x2026))
        return is_math ? 0.84 : bold ? 0.74 : 0.66;
    return is_math || p < 0x1100 ? 0.84 : 1.0;
}

double sg_label_width_n(const char *bytes, size_t n, bool bold)
{
    double width = 0.0;
    for (size_t i = 0; i < n;) {
        uint32_t p = 0xfffd;
        const size_t length = sg_utf8_decode(bytes + i, n - i, &p);
        width += point_width(p, bold);
        i += length ? length : 1;
    }
    return width;
}

double sg_label_width(const char *label, bool bold)
{
    double width = 0.0;
    sg_label_run run;
    while (sg_label_next(&label, &run))
        width += run.scale * sg_label_width_n(run.bytes, run.n, bold);
    return width;
}

/* The end of the first word of s; spaces within a sign's braces do not end it. */
static const char *word_end(const char *s)
{
    while (*s && *s != ' ') {
        if (opens_sign(s))
            s += strcspn(s, "}");
        if (*s)
            s++;
    }
    return s;
}

/* Width of the label in [from, to), which holds whole signs. */
static double stretch_width(const char *from, const char *to, bool bold)
{
    double width = 0.0;
    sg_label_run run;
    while (from < to && sg_label_next(&from, &run)) {
        const size_t most = run.bytes < to ? (size_t)(to - run.bytes) : 0;
        width += run.scale * sg_label_width_n(run.bytes, run.n < most ? run.n : most, bold);
    }
    return width;
}

bool sg_label_next_line(const char **rest, double width_em, bool bold, const char **line, size_t *n)
{
    const char *start = *rest + strspn(*rest, " ");
    if (!*start)
        return false;

    const char *end = word_end(start);
    while (*end) {
        const char *next = word_end(end + strspn(end, " "));
        if (stretch_width(start, next, bold) > width_em)
            break;
        end = next;
    }
    *line = start;
    *n = (size_t)(end - start);
    while (*n > 0 && start[*n - 1] == ' ')
        (*n)--;
    *rest = end;
    return true;
}
