/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_UNIT_H
#define SG_TEST_UNIT_H

/* cmocka with what it needs before it, and the failing allocator. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

/* assert that a call succeeded, printing its message when it did not */
#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if ((call) != SG_OK)                                                                       \
            fail_msg("%s: %s", #call, (err)->message);                                             \
    } while (0)

#endif
