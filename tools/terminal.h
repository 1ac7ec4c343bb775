/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_TERMINAL_H
#define SG_TOOLS_TERMINAL_H

/* What the terminal behind a stream can do, and whether the user wants it done. */

#include <stdbool.h>
#include <stdio.h>

/* Returns whether the stream is a terminal that can move its cursor (TERM is not "dumb"). */
bool terminal_is(FILE *stream);

/* Returns whether to colour the stream: a terminal, no NO_COLOR in the environment. */
bool terminal_colors(FILE *stream);

/* Returns whether the terminal shows UTF-8. */
bool terminal_utf8(void);

/* Returns the columns of the terminal behind the stream, 80 where it has none. */
unsigned terminal_width(FILE *stream);

#endif
