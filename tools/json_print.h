/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_JSON_PRINT_H
#define SG_TOOLS_JSON_PRINT_H

/* The few JSON values that a command prints itself; whole documents come from the library. */

/* Prints a quoted string; NULL as null, bytes that are not UTF-8 as U+FFFD. */
void json_print_text(const char *text);

/* Prints a number that reads back as the same double; NaN and infinities as null. */
void json_print_real(double value);

#endif
