/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal.h"
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool terminal_is(FILE *stream)
{
    const char *term = getenv("TERM");

    return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}

bool terminal_colors(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: any non-empty value */

    return terminal_is(stream) && !(no_color && no_color[0] != '\0');
}

bool terminal_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

unsigned terminal_width(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}
