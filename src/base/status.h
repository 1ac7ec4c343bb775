/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_STATUS_H
#define SG_BASE_STATUS_H

/* Filling in an sg_error, in one expression: return sg_fail(err, SG_EINVAL, "...", ...). */

#include "sparsegraph/error.h"

/* Writes status and message to err (which may be NULL) and returns the status. */
sg_status sg_fail(sg_error *err, sg_status status, const char *format, ...) SG_PRINTF(3, 4);

/* Puts "prefix: " before the message of a failure in hand, and returns its status. */
sg_status sg_fail_within(sg_error *err, sg_status status, const char *format, ...) SG_PRINTF(3, 4);

/* SG_ENOMEM with the words "out of memory <doing what>". */
sg_status sg_fail_memory(sg_error *err, const char *doing);

/* SG_EIO (SG_ENOTFOUND for ENOENT) from errno: "cannot <verb> '<path>': <reason>". */
sg_status sg_fail_errno(sg_error *err, const char *verb, const char *path);

/* Returns from the calling function when the expression fails. */
#define SG_TRY(expression)                                                                         \
    do {                                                                                           \
        const sg_status status_ = (expression);                                                    \
        if (status_ != SG_OK)                                                                      \
            return status_;                                                                        \
    } while (0)

#endif
