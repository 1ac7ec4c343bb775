/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/text_scan.h"

#include "base/text.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MAX = 64 /* bytes of a real number */ };

sg_scan sg_scan_begin(const char *text, size_t n)
{
    return (sg_scan){sg_utf8_begin(text, n), text + n, 0};
}

bool sg_scan_line(sg_scan *s, sg_span *ret)
{
    if (s->at == s->end)
        return false;
    const char *stop = memchr(s->at, '\n', (size_t)(s->end - s->at));
    const char *next = stop ? stop + 1 : s->end;
    if (!stop)
        stop = s->end;
    if (stop > s->at && stop[-1] == '\r')
        stop--;
    *ret = (sg_span){s->at, (size_t)(stop - s->at)};
    s->at = next;
    s->line++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* An empty span may point nowhere. */
static void skip(sg_span *line, size_t n)
{
    if (n == 0)
        return;
    line->at += n;
    line->n -= n;
}

bool sg_span_word(sg_span *line, char separator, sg_span *ret)
{
    while (line->n > 0 && (is_blank(*line->at) || *line->at == separator))
        skip(line, 1);
    size_t n = 0;
    while (n < line->n && !is_blank(line->at[n]) && line->at[n] != separator)
        n++;
    *ret = (sg_span){line->at, n};
    skip(line, n);
    return n > 0;
}

static sg_span trimmed(sg_span s)
{
    while (s.n > 0 && is_blank(*s.at))
        skip(&s, 1);
    while (s.n > 0 && is_blank(s.at[s.n - 1]))
        s.n--;
    if (s.n >= 2 && s.at[0] == '"' && s.at[s.n - 1] == '"')
        return (sg_span){s.at + 1, s.n - 2};
    return s;
}

bool sg_span_field(sg_span *line, char separator, sg_span *ret)
{
    if (is_blank(separator) && separator != '\t')
        return sg_span_word(line, separator, ret);
    if (!line->at)
        return false;
    const char *stop = line->n > 0 ? memchr(line->at, separator, line->n) : NULL;
    const size_t n = stop ? (size_t)(stop - line->at) : line->n;
    *ret = trimmed((sg_span){line->at, n});
    if (stop)
        skip(line, n + 1);
    else
        *line = (sg_span){0}; /* there is no further field, not even an empty one */
    return true;
}

bool sg_span_is(sg_span s, const char *word)
{
    return strlen(word) == s.n && strncasecmp(s.at, word, s.n) == 0;
}

bool sg_span_is_blank(sg_span s)
{
    while (s.n > 0 && is_blank(*s.at))
        skip(&s, 1);
    return s.n == 0;
}

bool sg_span_begins(sg_span s, const char *characters)
{
    while (s.n > 0 && is_blank(*s.at))
        skip(&s, 1);
    return s.n > 0 && *s.at != '\0' && strchr(characters, *s.at);
}

bool sg_span_u64(sg_span s, uint64_t *ret)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.at[i] - '0'), &value))
            return false;
    *ret = value;
    return s.n > 0;
}

bool sg_span_f32(sg_span s, float *ret)
{
    char text[NUMBER_MAX];
    double value = 0.0;
    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.at, s.n);
    text[s.n] = '\0';
    if (strlen(text) != s.n || !sg_parse_double(text, &value) || !isfinite((float)value))
        return false;
    *ret = (float)value;
    return true;
}

const char *sg_span_show(sg_span s, char *ret, size_t n)
{
    size_t length = 0;
    for (; length < s.n && length + 1 < n; length++)
        ret[length] = (char)(s.at[length] < ' ' || s.at[length] > '~' ? '?' : s.at[length]);
    ret[length] = '\0';
    return ret;
}
