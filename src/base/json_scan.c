/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json_scan.h"

#include "base/utf8.h"
#include <stdbool.h>
#include <string.h>

enum {
    DEPTH_MAX = 500, /* cJSON itself refuses 1000; no honest file nests ten deep */
    NUMBER_MAX = 63, /* characters that cJSON reads of one number */
};

typedef struct scanner {
    const char *text;
    size_t n;
    size_t at;
    size_t depth;
    char open[DEPTH_MAX]; /* '{' or '[' of each level */
} scanner;

static char peek(const scanner *s)
{
    if (s->at < s->n)
        return s->text[s->at];
    return '\0';
}

static void skip_blanks(scanner *s)
{
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\r' || peek(s) == '\n')
        s->at++;
}

static bool accept(scanner *s, char c)
{
    if (s->at >= s->n || s->text[s->at] != c)
        return false;
    s->at++;
    return true;
}

static bool digits(scanner *s)
{
    const size_t begin = s->at;
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return s->at > begin;
}

static const char *scan_number(scanner *s)
{
    static const char *const bad = "a malformed number";
    const size_t begin = s->at;
    (void)accept(s, '-');
    if (!accept(s, '0') && !digits(s))
        return bad;
    if (accept(s, '.') && !digits(s))
        return bad;
    if (accept(s, 'e') || accept(s, 'E')) {
        if (!accept(s, '+'))
            (void)accept(s, '-');
        if (!digits(s))
            return bad;
    }
    return s->at - begin <= NUMBER_MAX ? NULL : "too long a number";
}

/* Steps over one character beyond ASCII. */
static bool scan_utf8(scanner *s)
{
    const size_t length = sg_utf8_decode(s->text + s->at, s->n - s->at, NULL);
    s->at += length;
    return length > 0;
}

/* Reads the four digits of \uXXXX into *code. */
static bool scan_hex4(scanner *s, unsigned *code)
{
    *code = 0;
    for (int k = 0; k < 4; k++, s->at++) {
        const char c = peek(s);
        const char *digit = c ? strchr("0123456789abcdefABCDEF", c) : NULL;
        if (!digit)
            return false;
        *code = *code * 16 + (c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10U);
    }
    return true;
}

static const char *scan_escape(scanner *s)
{
    const char c = peek(s);
    s->at++;
    if (c != 'u')
        return c && strchr("\"\\/bfnrt", c) ? NULL : "an unknown escape";
    unsigned code = 0;
    if (!scan_hex4(s, &code))
        return "a malformed \\u escape";
    if (code == 0)
        return "a NUL character";
    if (code >= 0xDC00 && code <= 0xDFFF)
        return "half of a surrogate pair";
    if (code >= 0xD800 && code <= 0xDBFF &&
        (!accept(s, '\\') || !accept(s, 'u') || !scan_hex4(s, &code) || code < 0xDC00 ||
         code > 0xDFFF))
        return "half of a surrogate pair";
    return NULL;
}

static const char *scan_string(scanner *s)
{
    if (!accept(s, '"'))
        return "a missing string";
    while (s->at < s->n) {
        const unsigned char c = (unsigned char)s->text[s->at];
        if (c < 0x20)
            return "a control character in a string";
        if (c >= 0x80) {
            if (!scan_utf8(s))
                return "a byte that is not UTF-8";
            continue;
        }
        s->at++;
        if (c == '"')
            return NULL;
        if (c == '\\') {
            const char *wrong = scan_escape(s);
            if (wrong)
                return wrong;
        }
    }
    return "a string without end";
}

static const char *scan_key(scanner *s)
{
    const char *wrong = scan_string(s);
    if (wrong)
        return wrong;
    skip_blanks(s);
    return accept(s, ':') ? NULL : "a missing colon";
}

static bool scan_word(scanner *s, const char *word)
{
    const size_t length = strlen(word);
    if (s->n - s->at < length || memcmp(s->text + s->at, word, length) != 0)
        return false;
    s->at += length;
    return true;
}

/* Scans one scalar, or the opening of a container, which leaves *opened true: a member is due. */
static const char *scan_value(scanner *s, bool *opened)
{
    *opened = false;
    const char c = peek(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(s);
    if (c != '{' && c != '[') {
        if (s->at >= s->n)
            return "an early end";
        const bool word = scan_word(s, "true") || scan_word(s, "false") || scan_word(s, "null");
        return word ? NULL : "no JSON value";
    }
    if (s->depth == DEPTH_MAX)
        return "too deep a nesting";
    s->at++;
    skip_blanks(s);
    if (accept(s, c == '{' ? '}' : ']'))
        return NULL;
    s->open[s->depth++] = c;
    *opened = true;
    return NULL;
}

/* After a value: closes what ends here; *more says whether another member follows. */
static const char *scan_end(scanner *s, bool *more)
{
    *more = false;
    for (;;) {
        skip_blanks(s);
        if (s->depth == 0)
            return NULL;
        *more = accept(s, ',');
        if (*more)
            return NULL;
        if (!accept(s, s->open[s->depth - 1] == '{' ? '}' : ']'))
            return s->at < s->n ? "a missing comma or bracket" : "an early end";
        s->depth--;
    }
}

static const char *scan_all(scanner *s)
{
    bool more = true;
    while (more) {
        skip_blanks(s);
        const char *wrong = NULL;
        if (s->depth > 0 && s->open[s->depth - 1] == '{')
            wrong = scan_key(s);
        skip_blanks(s);
        bool opened = false;
        if (!wrong)
            wrong = scan_value(s, &opened);
        if (!wrong && !opened)
            wrong = scan_end(s, &more);
        if (wrong)
            return wrong;
    }
    return s->at < s->n ? "something after the end" : NULL;
}

const char *sg_json_scan(const char *text, size_t n, size_t *at)
{
    scanner s = {.text = text, .n = n};
    const char *wrong = scan_all(&s);
    *at = s.at < n ? s.at : n;
    return wrong;
}
