/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"
#include "help_text.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Prints text in roff: hyphens that can be copied, no line that starts a request by accident. */
static void roff(const char *text, size_t length)
{
    bool line_start = true;

    for (size_t i = 0; i < length && text[i] != '\0'; i++) {
        if (line_start && (text[i] == '.' || text[i] == '\''))
            (void)fputs("\\&", stdout);
        if (text[i] == '\\')
            (void)fputs("\\e", stdout);
        else if (text[i] == '-')
            (void)fputs("\\-", stdout);
        else
            (void)putchar(text[i]);
        line_start = text[i] == '\n';
    }
}

static void roff_text(const char *text)
{
    roff(text, strlen(text));
}

static void roff_paragraphs(const char *text)
{
    const char *gap;

    while ((gap = strstr(text, "\n\n")) != NULL) {
        roff(text, (size_t)(gap - text));
        printf("\n.PP\n");
        text = gap + 2;
    }
    roff_text(text);
    (void)putchar('\n');
}

static void roff_option(const opt *o)
{
    help_text text = {0};

    if (o->group)
        printf(".SS %s\n", o->group);
    printf(".TP\n\\fB");
    if (o->letter != 0)
        printf("\\-%c\\fR, \\fB", o->letter);
    printf("\\-\\-");
    roff_text(o->name);
    printf("\\fR");
    if (o->arg) {
        printf(" \\fI");
        roff_text(o->arg);
        printf("\\fR");
    }
    (void)putchar('\n');
    help_describe(o, &text);
    text.bytes[0] = (char)toupper((unsigned char)text.bytes[0]);
    roff_text(text.bytes);
    (void)putchar('\n');
}

static void roff_usage(const char *name, const char *usage)
{
    while (*usage != '\0') {
        const size_t length = strcspn(usage, "\n");
        printf("\\fBsparsegraph %s\\fR ", name);
        roff(usage, length);
        printf("\n.br\n");
        usage += length + (usage[length] == '\n' ? 1 : 0);
    }
}

static void roff_end(void)
{
    printf(".SH EXIT STATUS\n"
           ".TP\n0\nDone.\n.TP\n1\nThe system failed: no memory, a disk error, a dead worker.\n"
           ".TP\n2\nThe command line is wrong.\n.TP\n3\nA file or a setting is wrong.\n"
           ".TP\n130\nInterrupted; what was promised is saved.\n"
           ".SH ENVIRONMENT\n"
           ".TP\nSPARSEGRAPH_DATA\nA folder of data sets, searched first.\n"
           ".TP\nOMP_NUM_THREADS\nThreads, where \\-\\-threads is not given.\n"
           ".TP\nNO_COLOR\nAny value: no colours.\n");
}

static void roff_see_also(const char *name)
{
    printf(".SH SEE ALSO\n");
    if (name)
        printf("\\fBsparsegraph\\fR(1)");
    for (size_t i = 0; i < command_count(); i++) {
        const char *other = command_at(i)->name;
        if (!name || strcmp(other, name) != 0)
            printf("%s\\fBsparsegraph\\-%s\\fR(1)", name || i > 0 ? ", " : "", other);
    }
    (void)putchar('\n');
}

void help_man_command(const command *cmd, const opt *opts, size_t n)
{
    size_t n_common;
    const opt *common = help_common(&n_common);

    printf(".TH SPARSEGRAPH\\-");
    for (const char *c = cmd->name; *c != '\0'; c++)
        (void)putchar(toupper((unsigned char)*c));
    printf(" 1 \"\" \"sparsegraph %s\"\n.SH NAME\nsparsegraph\\-%s \\- ", sg_version(), cmd->name);
    roff_text(cmd->summary);
    printf("\n.SH SYNOPSIS\n");
    roff_usage(cmd->name, cmd->usage);
    printf(".SH DESCRIPTION\n");
    roff_paragraphs(cmd->about);
    printf(".SH EXAMPLES\n.nf\n");
    roff_text(cmd->examples);
    printf(".fi\n.SH OPTIONS\n");
    for (size_t i = 0; i < n; i++)
        roff_option(&opts[i]);
    for (size_t i = 0; i < n_common; i++)
        roff_option(&common[i]);
    roff_end();
    roff_see_also(cmd->name);
}

void help_man_overview(void)
{
    printf(".TH SPARSEGRAPH 1 \"\" \"sparsegraph %s\"\n.SH NAME\nsparsegraph \\- every sparse "
           "neural network is a graph\n.SH SYNOPSIS\n\\fBsparsegraph\\fR \\fICOMMAND\\fR ...\n"
           ".SH DESCRIPTION\nTrains sparse neural networks, keeps a snapshot of the topology at "
           "every epoch, measures each snapshot with\nthe tools of network science, compares it "
           "with protein, neural and social networks, and draws the figures.\n"
           ".SH COMMANDS\n",
           sg_version());
    for (size_t i = 0; i < command_count(); i++) {
        printf(".TP\n\\fB%s\\fR\n", command_at(i)->name);
        roff_text(command_at(i)->summary);
        (void)putchar('\n');
    }
    printf(".SH EXAMPLES\n.nf\n");
    roff_text(help_overview_examples);
    printf(".fi\n");
    roff_end();
    roff_see_also(NULL);
}
