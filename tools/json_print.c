/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_print.h"
#include <math.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of the UTF-8 sequence at `text` (NUL-terminated), 0 where there is none. */
static size_t utf8_length(const unsigned char *text)
{
    static const struct {
        unsigned char mask, lead, first_min,
            first_max; /* the second byte shuts out overlong forms */
        size_t length;
    } forms[] = {
        {0xFF, 0xE0, 0xA0, 0xBF, 3}, {0xFF, 0xED, 0x80, 0x9F, 3}, /* before the general rows */
        {0xFF, 0xF0, 0x90, 0xBF, 4}, {0xFF, 0xF4, 0x80, 0x8F, 4}, {0xE0, 0xC0, 0x80, 0xBF, 2},
        {0xF0, 0xE0, 0x80, 0xBF, 3}, {0xF8, 0xF0, 0x80, 0xBF, 4},
    };

    if (text[0] < 0x80)
        return 1;
    if (text[0] == 0xC0 || text[0] == 0xC1 || text[0] > 0xF4)
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (text[1] < forms[i].first_min || text[1] > forms[i].first_max)
            return 0;
        for (size_t j = 2; j < forms[i].length; j++)
            if ((text[j] & 0xC0U) != 0x80U)
                return 0;
        return forms[i].length;
    }
    return 0;
}

void json_print_text(const char *text)
{
    if (!text) {
        (void)fputs("null", stdout);
        return;
    }
    (void)putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        const size_t length = utf8_length(c);
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else if (length == 0)
            (void)fputs("\\ufffd", stdout);
        else
            (void)fwrite(c, 1, length, stdout);
        c += length > 0 ? length : 1;
    }
    (void)putchar('"');
}

void json_print_real(double value)
{
    if (isfinite(value))
        printf("%.17g", value);
    else
        (void)fputs("null", stdout);
}
