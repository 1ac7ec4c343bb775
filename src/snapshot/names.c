/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/names.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

enum { NAME_BYTES_MAX = 255 };

/* Returns the length of the UTF-8 sequence at p, or 0 where it is malformed (RFC 3629: shortest
 * form, no surrogates, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    const size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < n; i++) /* stops at the final NUL, which is no continuation */
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return n;
}

static bool is_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        const size_t n = utf8_length(p);
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

bool sg_has_control(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7F || (p[0] == 0xC2 && p[1] < 0xA0))
            return true;
    return false;
}

sg_status sg_name_check(const char *what, const char *name, sg_error *err)
{
    if (!name || !*name)
        return sg_fail(err, SG_EINVAL, "the %s's name is empty", what);
    if (strnlen(name, NAME_BYTES_MAX + 1) > NAME_BYTES_MAX)
        return sg_fail(err, SG_EINVAL, "the %s's name is longer than %d bytes", what,
                       NAME_BYTES_MAX);
    if (!is_utf8(name) || sg_has_control(name))
        return sg_fail(err, SG_EINVAL, "the %s's name is not printable UTF-8 text", what);
    if (strncmp(name, "extra.", strlen("extra.")) == 0)
        return sg_fail(err, SG_EINVAL, "%s '%s': names that start with 'extra.' are taken", what,
                       name);
    return SG_OK;
}

bool sg_meta_is_reserved(const char *key)
{
    static const char *const RESERVED[] = {"format", "format_version", "layers", "links"};
    for (size_t i = 0; i < SG_COUNT(RESERVED); i++)
        if (strcmp(key, RESERVED[i]) == 0)
            return true;
    return false;
}

sg_status sg_meta_check(const char *key, const char *value, sg_error *err)
{
    if (!key || !*key || !is_utf8(key) || sg_has_control(key))
        return sg_fail(err, SG_EINVAL, "the key of a metadata entry is not printable UTF-8 text");
    if (sg_meta_is_reserved(key))
        return sg_fail(err, SG_EINVAL, "the metadata key '%s' is taken by the file format", key);
    if (!value || !is_utf8(value))
        return sg_fail(err, SG_EINVAL, "the metadata entry '%s' is not UTF-8 text", key);
    return SG_OK;
}
