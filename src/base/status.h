/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_STATUS_H
#define SG_BASE_STATUS_H

/* Filling in an sg_error, in one expression: return sg_fail(err, SG_EINVAL, "...", ...). */

#include "sparsegraph/error.h"
#include <errno.h>
#include <string.h>

/*
 * Writes status and message to err (which may be NULL) and is the status. A macro, as are the
 * others, so that static analysis sees at each call which status comes back.
 */
#define sg_fail(err, status, ...) (sg_fail_write(err, status, __VA_ARGS__), sg_fail_as(status))

/* Puts "prefix: " before the message of a failure in hand, and is its status. */
#define sg_fail_within(err, status, ...)                                                           \
    (sg_fail_prefix(err, status, __VA_ARGS__), sg_fail_as(status))

void sg_fail_write(sg_error *err, sg_status status, const char *format, ...) SG_PRINTF(3, 4);
void sg_fail_prefix(sg_error *err, sg_status status, const char *format, ...) SG_PRINTF(3, 4);

static inline sg_status sg_fail_as(sg_status status)
{
    return status;
}

/* SG_ENOMEM with the words "out of memory <doing what>". */
static inline sg_status sg_fail_memory(sg_error *err, const char *doing)
{
    return sg_fail(err, SG_ENOMEM, "out of memory %s", doing);
}

/* SG_EIO (SG_ENOTFOUND for ENOENT) from errno: "cannot <verb> '<path>': <reason>". */
static inline sg_status sg_fail_errno(sg_error *err, const char *verb, const char *path)
{
    const int reason = errno;
    sg_fail_write(err, reason == ENOENT ? SG_ENOTFOUND : SG_EIO, "cannot %s '%s': %s", verb, path,
                  strerror(reason));
    return reason == ENOENT ? SG_ENOTFOUND : SG_EIO;
}

/* Returns from the calling function when the expression fails. */
#define SG_TRY(expression)                                                                         \
    do {                                                                                           \
        const sg_status status_ = (expression);                                                    \
        if (status_ != SG_OK)                                                                      \
            return status_;                                                                        \
    } while (0)

#endif
