/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help_text.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void help_add(help_text *t, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int n = vsnprintf(t->bytes + t->n, sizeof t->bytes - t->n, format, arguments);
    va_end(arguments);
    if (n > 0)
        t->n = t->n + (size_t)n < sizeof t->bytes ? t->n + (size_t)n : sizeof t->bytes - 1;
}

static void add_default(help_text *t, const opt *o)
{
    const size_list *sizes = o->value;
    const char *text;

    if (o->fallback) {
        help_add(t, " [%s]", o->fallback);
        return;
    }
    switch (o->type) {
    case OPT_SIZE:
        help_add(t, " [%zu]", *(const size_t *)o->value);
        break;
    case OPT_U64:
        help_add(t, " [%" PRIu64 "]", *(const uint64_t *)o->value);
        break;
    case OPT_REAL:
        if (!isnan(*(const double *)o->value))
            help_add(t, " [%g]", *(const double *)o->value);
        break;
    case OPT_CHOICE:
        help_add(t, " [%s]", o->choices[*(const int *)o->value]);
        break;
    case OPT_TEXT:
        text = *(const char *const *)o->value;
        if (text)
            help_add(t, " [%s]", text);
        break;
    case OPT_SIZES:
        for (size_t i = 0; i < sizes->n; i++)
            help_add(t, "%s%zu%s", i == 0 ? " [" : ",", sizes->item[i],
                     i + 1 == sizes->n ? "]" : "");
        break;
    case OPT_FLAG:
    case OPT_TEXTS:
    case OPT_EPOCHS:
        break;
    }
}

static bool names_its_choices(const opt *o)
{
    for (size_t i = 0; o->choices[i]; i++)
        if (!strstr(o->help, o->choices[i]))
            return false;
    return true;
}

void help_describe(const opt *o, help_text *t)
{
    help_add(t, "%s", o->help);
    if (o->type == OPT_CHOICE && !names_its_choices(o))
        for (size_t i = 0; o->choices[i]; i++)
            help_add(t, "%s%s", i == 0 ? ": " : o->choices[i + 1] ? ", " : " or ", o->choices[i]);
    add_default(t, o);
}

const opt *help_common(size_t *n)
{
    static const opt common[] = {
        {'h', "help", NULL, OPT_FLAG, NULL, "print this help", .group = "Any command"},
        {0, "version", NULL, OPT_FLAG, NULL, "print the version"},
        {0, "no-color", NULL, OPT_FLAG, NULL, "no colours on a terminal, like NO_COLOR=1"},
    };

    *n = COUNT(common);
    return common;
}
