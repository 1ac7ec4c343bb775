/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_SHELL_H
#define SG_TOOLS_SHELL_H

/* Commands as a shell takes them. */

#include <stdio.h>

/* Prints one word, quoted where it has to be. */
void shell_print(FILE *stream, const char *word);

/* Returns "sparsegraph" and the words of argv; NULL when out of memory. The caller frees it. */
char *shell_line(int argc, char **argv);

/* AUTO_TEXT *line is freed in the end. */
void shell_free(char **text);
#define AUTO_TEXT __attribute__((cleanup(shell_free))) char

#endif
