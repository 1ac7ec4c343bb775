/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/edge_fields.h"

#include <string.h>

enum { LINES_MAX = 1000 /* that are looked at */ };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool separates(char c, sg_separator separator)
{
    switch (separator) {
    case SG_SEPARATOR_ANY:
        return is_blank(c) || c == ',' || c == ';';
    case SG_SEPARATOR_BLANK:
        return is_blank(c);
    case SG_SEPARATOR_TAB:
        return c == '\t';
    case SG_SEPARATOR_COMMA:
        return c == ',';
    case SG_SEPARATOR_SEMICOLON:
        return c == ';';
    }
    return false;
}

/* Returns the quote that ends the field which starts with one, or NULL where it is no such field.
 */
static const char *closing_quote(const char *p, const char *end)
{
    if (p == end || *p != '"')
        return NULL;
    const char *close = memchr(p + 1, '"', (size_t)(end - p - 1));

    return close && close > p + 1 ? close : NULL;
}

bool sg_field_next(const char **at, const char *end, sg_separator separator, sg_field *ret)
{
    const char *p = *at;
    while (p < end && (is_blank(*p) || separates(*p, separator)))
        p++;
    if (p == end)
        return false;
    const char *close = closing_quote(p, end);
    if (close && (close + 1 == end || is_blank(close[1]) || separates(close[1], separator))) {
        *ret = (sg_field){p + 1, (size_t)(close - p - 1)};
        *at = close + 1;
        return true;
    }
    const char *start = p;
    while (p < end && !separates(*p, separator))
        p++;
    *at = p;
    while (p > start && is_blank(p[-1]))
        p--;
    *ret = (sg_field){start, (size_t)(p - start)};
    return true;
}

bool sg_line_is_comment(const char *line, const char *end)
{
    while (line < end && is_blank(*line))
        line++;
    return line == end || *line == '#' || *line == '%';
}

static bool has_two_fields(const char *line, const char *end, sg_separator separator)
{
    sg_field f;
    size_t n = 0;

    while (n < 2 && sg_field_next(&line, end, separator, &f))
        n++;
    return n == 2;
}

/* Whether the first word, or the first quoted name, is followed by a comma: "a, b" or "\"a b\",c".
 */
static bool begins_with_comma(const char *line, const char *end)
{
    while (line < end && is_blank(*line))
        line++;
    const char *close = closing_quote(line, end);
    if (close)
        return close + 1 < end && close[1] == ',';
    const char *p = line;
    while (p < end && !is_blank(*p))
        p++;
    return p > line && p[-1] == ',';
}

sg_separator sg_separator_tell(const char *text, size_t n, bool is_csv)
{
    const char *end = text + n;
    bool fits[SG_SEPARATOR_SEMICOLON + 1] = {false, true, true, true, true};
    bool comma_first = is_csv;
    size_t n_lines = 0;

    while (text < end && n_lines < LINES_MAX) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop)
            stop = end;
        if (!sg_line_is_comment(text, stop)) {
            n_lines++;
            comma_first = comma_first || begins_with_comma(text, stop);
            for (int s = SG_SEPARATOR_BLANK; s <= SG_SEPARATOR_SEMICOLON; s++)
                fits[s] = fits[s] && has_two_fields(text, stop, (sg_separator)s);
        }
        text = stop < end ? stop + 1 : end;
    }
    if (fits[SG_SEPARATOR_TAB])
        return SG_SEPARATOR_TAB;
    if (comma_first && fits[SG_SEPARATOR_COMMA])
        return SG_SEPARATOR_COMMA;
    for (int s = SG_SEPARATOR_BLANK; s <= SG_SEPARATOR_SEMICOLON; s++)
        if (fits[s])
            return (sg_separator)s;
    return SG_SEPARATOR_ANY;
}
