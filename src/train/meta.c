/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/meta.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

sg_status sg_meta_set_real(sg_snapshot *s, const char *key, double value, int n_digits,
                           sg_error *err)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.*g", n_digits, value);
    return sg_snapshot_set_meta(s, key, text, err);
}

sg_status sg_meta_set_count(sg_snapshot *s, const char *key, uint64_t value, sg_error *err)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    return sg_snapshot_set_meta(s, key, text, err);
}

bool sg_meta_real(const sg_snapshot *s, const char *key, double *ret)
{
    const char *text = sg_snapshot_meta(s, key);
    return text && sg_parse_double(text, ret);
}

bool sg_meta_count(const sg_snapshot *s, const char *key, size_t *ret)
{
    const char *text = sg_snapshot_meta(s, key);
    uint64_t value = 0;
    if (!text || !sg_parse_u64(text, &value) || value > SIZE_MAX)
        return false;
    *ret = (size_t)value;
    return true;
}
