/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_HELP_TEXT_H
#define SG_TOOLS_HELP_TEXT_H

/* The words of one option, the same in the help and in the man page. */

#include "options.h"

enum { HELP_TEXT_MAX = 1024 };

/* A string under construction that drops what does not fit: help texts are our own, and short. */
typedef struct help_text {
    char bytes[HELP_TEXT_MAX];
    size_t n;
} help_text;

void help_add(help_text *t, const char *format, ...) SG_PRINTF(2, 3);

/* Appends what the option does, what it may be, and what it is when left out. */
void help_describe(const opt *o, help_text *t);

/* The options that every command has, as table entries for printing; (*n) of them. */
const opt *help_common(size_t *n);

#endif
