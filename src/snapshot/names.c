/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/names.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

enum { NAME_BYTES_MAX = 255 };

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
    if (!sg_utf8_is_valid(name) || sg_has_control(name))
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
    if (!key || !*key || !sg_utf8_is_valid(key) || sg_has_control(key))
        return sg_fail(err, SG_EINVAL, "the key of a metadata entry is not printable UTF-8 text");
    if (sg_meta_is_reserved(key))
        return sg_fail(err, SG_EINVAL, "the metadata key '%s' is taken by the file format", key);
    if (!value || !sg_utf8_is_valid(value))
        return sg_fail(err, SG_EINVAL, "the metadata entry '%s' is not UTF-8 text", key);
    return SG_OK;
}
