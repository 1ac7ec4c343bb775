/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifndef SG_VERSION
#error "the build defines SG_VERSION"
#endif

const char *sg_version(void)
{
    return SG_VERSION;
}

const char *sg_status_name(sg_status status)
{
    switch (status) {
    case SG_OK:
        return "ok";
    case SG_ENOMEM:
        return "out of memory";
    case SG_EINVAL:
        return "invalid argument";
    case SG_EFORMAT:
        return "bad format";
    case SG_ENOTFOUND:
        return "not found";
    case SG_EUNSUPPORTED:
        return "unsupported";
    case SG_EIO:
        return "input/output error";
    case SG_EWORKER:
        return "worker died";
    case SG_EINTERRUPTED:
        return "interrupted";
    }
    return "unknown status";
}

void sg_fail_write(sg_error *err, sg_status status, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    err->status = status;
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
}

void sg_fail_prefix(sg_error *err, sg_status status, const char *format, ...)
{
    if (!err)
        return;
    char old[SG_ERROR_MESSAGE_MAX];
    memcpy(old, err->message, sizeof old);
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->message)
        (void)snprintf(err->message + n, sizeof err->message - (size_t)n, ": %s", old);
    err->status = status;
}
