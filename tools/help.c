/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"
#include "help_text.h"
#include "terminal.h"
#include <stdio.h>
#include <string.h>

enum { HELP_WIDTH = 80, HELP_COLUMN = 28 };

const char help_overview_examples[] =
    "  sparsegraph train digits --epochs 5 -o output/first   # a snapshot an epoch\n"
    "  sparsegraph report output/first                       # all about it, in one page\n";

static void heading(const char *text)
{
    if (terminal_colors(stdout))
        printf("\n\033[1m%s\033[0m\n", text);
    else
        printf("\n%s\n", text);
}

void help_print_words(const char *text, size_t at, size_t indent)
{
    while (*text != '\0') {
        const size_t word = strcspn(text, " \n");
        if (at + word > HELP_WIDTH && at > indent) {
            printf("\n%*s", (int)indent, "");
            at = indent;
        }
        (void)fwrite(text, 1, word, stdout);
        at += word;
        text += word;
        if (*text == '\0')
            break;
        if (text[0] == '\n' && text[1] == '\n') {
            printf("\n\n%*s", (int)indent, "");
            at = indent;
            text += 2;
        } else {
            text++;
            if (at + 1 + strcspn(text, " \n") <= HELP_WIDTH) {
                (void)putchar(' ');
                at++;
            } else {
                printf("\n%*s", (int)indent, "");
                at = indent;
            }
        }
    }
    (void)putchar('\n');
}

static void print_option(const opt *o)
{
    help_text left = {0};
    help_text right = {0};

    if (o->group)
        heading(o->group);
    if (o->letter != 0)
        help_add(&left, "  -%c, --%s", o->letter, o->name);
    else
        help_add(&left, "      --%s", o->name);
    if (o->arg)
        help_add(&left, " %s", o->arg);
    help_describe(o, &right);

    size_t at = left.n;
    printf("%s", left.bytes);
    if (at + 2 > HELP_COLUMN) {
        printf("\n%*s", HELP_COLUMN, "");
        at = HELP_COLUMN;
    } else {
        printf("%*s", (int)(HELP_COLUMN - at), "");
        at = HELP_COLUMN;
    }
    help_print_words(right.bytes, at, HELP_COLUMN);
}

/* Calls visit(line, length) for each line of text. */
static void for_each_line(const char *text, void (*visit)(const char *line, int length))
{
    while (text && *text != '\0') {
        const size_t length = strcspn(text, "\n");
        visit(text, (int)length);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
}

static void print_indented(const char *line, int length)
{
    printf("  %.*s\n", length, line);
}

void help_command(const command *cmd, const opt *opts, size_t n)
{
    size_t n_common;
    const opt *common = help_common(&n_common);

    printf("sparsegraph %s: %s\n", cmd->name, cmd->summary);
    heading("Examples");
    for_each_line(cmd->examples, print_indented);
    heading("Usage");
    for (const char *line = cmd->usage; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        printf("  sparsegraph %s %.*s\n", cmd->name, (int)length, line);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    (void)putchar('\n');
    help_print_words(cmd->about, 0, 0);
    for (size_t i = 0; i < n; i++)
        print_option(&opts[i]);
    for (size_t i = 0; i < n_common; i++)
        print_option(&common[i]);
}

static const char overview_end[] =
    "'sparsegraph COMMAND --help' explains a command, with examples first.\n"
    "Results go to stdout or to the file of -o; progress and errors go to stderr.\n"
    "Exit codes: 0 done, 1 the system failed, 2 wrong command line, 3 bad input,\n"
    "130 interrupted.\n";

void help_overview(void)
{
    const char *group = "";

    printf("sparsegraph %s: every sparse neural network is a graph\n", sg_version());
    heading("Usage");
    printf("  sparsegraph COMMAND ...\n");
    heading("Start here");
    (void)fputs(help_overview_examples, stdout);
    for (size_t i = 0; i < command_count(); i++) {
        const command *cmd = command_at(i);
        if (strcmp(cmd->group, group) != 0)
            heading(cmd->group);
        group = cmd->group;
        printf("  %-9s  %s\n", cmd->name, cmd->summary);
    }
    printf("\n%s", overview_end);
}
