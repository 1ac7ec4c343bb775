/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* libFuzzer brings its own main(), and stops at the abort. */
_Noreturn void fuzz_fail(const char *what)
{
    (void)fprintf(stderr, "the reader misbehaves: %s\n", what);
    abort();
}
