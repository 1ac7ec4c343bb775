/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_SUGGEST_H
#define SG_TOOLS_SUGGEST_H

/* "did you mean": the name that a mistyped word was probably meant to be. */

#include <stddef.h>

/* Returns the likeliest of n names (entries may be NULL), or NULL where none is close enough. */
const char *suggest(const char *word, const char *const *names, size_t n);

#endif
