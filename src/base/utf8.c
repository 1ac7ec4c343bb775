/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>

size_t sg_utf8_decode(const char *s, size_t n, uint32_t *point)
{
    static const uint32_t smallest[SG_UTF8_BYTES_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s;
    if (n == 0)
        return 0;
    const size_t length = p[0] < 0x80   ? 1
                          : p[0] < 0xC2 ? 0
                          : p[0] < 0xE0 ? 2
                          : p[0] < 0xF0 ? 3
                          : p[0] < 0xF5 ? 4
                                        : 0;
    uint32_t code = length <= 1 ? p[0] : p[0] & (0x7FU >> length);
    if (length == 0 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) /* a final NUL stops here too */
            return 0;
        code = code << 6 | (p[i] & 0x3FU);
    }
    if (code < smallest[length] || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF)
        return 0;
    if (point)
        *point = code;
    return length;
}

bool sg_utf8_is_valid(const char *text)
{
    while (*text) {
        const size_t n = sg_utf8_decode(text, SG_UTF8_BYTES_MAX, NULL);
        if (n == 0)
            return false;
        text += n;
    }
    return true;
}

const char *sg_utf8_begin(const char *text, size_t n)
{
    return n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}
