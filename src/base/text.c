/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_CAPACITY = 64 };

void sg_text_free(sg_text *t)
{
    sg_free(t->bytes);
    *t = (sg_text){0};
}

bool sg_text_reserve(sg_text *t, size_t n)
{
    if (t->failed || n > PTRDIFF_MAX - 1 - t->n) {
        t->failed = true;
        return false;
    }
    const size_t needed = t->n + n + 1;
    if (needed <= t->capacity)
        return true;
    size_t capacity = t->capacity > PTRDIFF_MAX / 2 ? needed : 2 * t->capacity;
    if (capacity < needed)
        capacity = needed;
    if (capacity < SMALLEST_CAPACITY)
        capacity = SMALLEST_CAPACITY;
    char *grown = sg_resize(t->bytes, capacity, 1);
    if (!grown) {
        t->failed = true;
        return false;
    }
    t->bytes = grown;
    t->bytes[t->n] = '\0';
    t->capacity = capacity;
    return true;
}

void sg_text_append_bytes(sg_text *t, const void *bytes, size_t n)
{
    if (!sg_text_reserve(t, n))
        return;
    if (n)
        memcpy(t->bytes + t->n, bytes, n);
    t->n += n;
    t->bytes[t->n] = '\0';
}

void sg_text_append(sg_text *t, const char *text)
{
    sg_text_append_bytes(t, text, strlen(text));
}

/* vsnprintf() with a decimal point in every locale. */
static int print_plainly(char *buffer, size_t n, const char *format, va_list args)
{
    const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    const locale_t before = plain ? uselocale(plain) : (locale_t)0;
    const int length = vsnprintf(buffer, n, format, args);
    if (plain) {
        (void)uselocale(before);
        freelocale(plain);
    }
    return length;
}

void sg_text_vprintf(sg_text *t, const char *format, va_list args)
{
    if (t->failed)
        return;
    va_list again;
    va_copy(again, args);
    const size_t room = t->capacity - t->n;
    const int length = print_plainly(room ? t->bytes + t->n : NULL, room, format, args);
    if (length < 0) {
        t->failed = true;
    } else if ((size_t)length < room) {
        t->n += (size_t)length;
    } else if (sg_text_reserve(t, (size_t)length)) {
        (void)print_plainly(t->bytes + t->n, (size_t)length + 1, format, again);
        t->n += (size_t)length;
    }
    if (t->bytes)
        t->bytes[t->n] = '\0';
    va_end(again);
}

void sg_text_printf(sg_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sg_text_vprintf(t, format, args);
    va_end(args);
}

sg_status sg_text_take(sg_text *t, char **ret, sg_error *err)
{
    if (!sg_text_reserve(t, 0)) {
        sg_text_free(t);
        return sg_fail_memory(err, "building a text");
    }
    *ret = t->bytes;
    *t = (sg_text){0};
    return SG_OK;
}

char *sg_format(const char *format, ...)
{
    sg_text t = {0};
    va_list args;
    va_start(args, format);
    sg_text_vprintf(&t, format, args);
    va_end(args);
    char *text = NULL;
    return sg_text_take(&t, &text, NULL) == SG_OK ? text : NULL;
}

/* strto*() skip blanks and read "0x", "nan" and "inf"; none of that is a number here. */
static bool begins_decimal(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    if (*text == '.')
        text++;
    return *text >= '0' && *text <= '9' && text[strcspn(text, "xX")] == '\0';
}

bool sg_parse_u64(const char *text, uint64_t *ret)
{
    if (*text < '0' || *text > '9')
        return false;
    char *end = NULL;
    errno = 0;
    const uintmax_t value = strtoumax(text, &end, 10);
    if (*end != '\0' || errno != 0 || value > UINT64_MAX)
        return false;
    *ret = value;
    return true;
}

bool sg_parse_i64(const char *text, int64_t *ret)
{
    if (!begins_decimal(text))
        return false;
    char *end = NULL;
    errno = 0;
    const intmax_t value = strtoimax(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < INT64_MIN || value > INT64_MAX)
        return false;
    *ret = value;
    return true;
}

bool sg_parse_double(const char *text, double *ret)
{
    if (!begins_decimal(text))
        return false;
    const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    char *end = NULL;
    const double value = strtod_l(text, &end, plain);
    freelocale(plain);
    if (end == text || *end != '\0' || !isfinite(value)) /* an underflow to 0 is fine */
        return false;
    *ret = value;
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum { WORD_MAX = 64 /* longer words are compared by their beginnings */ };

size_t sg_edit_distance(const char *a, const char *b)
{
    const size_t n_a = strnlen(a, WORD_MAX);
    const size_t n_b = strnlen(b, WORD_MAX);
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0]; /* the row of i - 2 */
    size_t *last = rows[1];
    size_t *now = rows[2];

    for (size_t j = 0; j <= n_b; j++)
        last[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            const size_t substituted = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smaller(substituted, smaller(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
        size_t *const oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[n_b];
}
