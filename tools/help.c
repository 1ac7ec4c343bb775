/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"
#include "terminal.h"
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HELP_WIDTH = 80, HELP_COLUMN = 28, TEXT_MAX = 1024 };

/* A string under construction that drops what does not fit: help texts are our own, and short. */
typedef struct help_text {
    char bytes[TEXT_MAX];
    size_t n;
} help_text;

static void add(help_text *t, const char *format, ...) SG_PRINTF(2, 3);

static void add(help_text *t, const char *format, ...)
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
        add(t, " [%s]", o->fallback);
        return;
    }
    switch (o->type) {
    case OPT_SIZE:
        add(t, " [%zu]", *(const size_t *)o->value);
        break;
    case OPT_U64:
        add(t, " [%" PRIu64 "]", *(const uint64_t *)o->value);
        break;
    case OPT_REAL:
        if (!isnan(*(const double *)o->value))
            add(t, " [%g]", *(const double *)o->value);
        break;
    case OPT_CHOICE:
        add(t, " [%s]", o->choices[*(const int *)o->value]);
        break;
    case OPT_TEXT:
        text = *(const char *const *)o->value;
        if (text)
            add(t, " [%s]", text);
        break;
    case OPT_SIZES:
        for (size_t i = 0; i < sizes->n; i++)
            add(t, "%s%zu%s", i == 0 ? " [" : ",", sizes->item[i], i + 1 == sizes->n ? "]" : "");
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

/* What the option does, what it may be, and what it is when left out. */
static void describe(const opt *o, help_text *t)
{
    add(t, "%s", o->help);
    if (o->type == OPT_CHOICE && !names_its_choices(o))
        for (size_t i = 0; o->choices[i]; i++)
            add(t, "%s%s", i == 0 ? ": " : o->choices[i + 1] ? ", " : " or ", o->choices[i]);
    add_default(t, o);
}

/* The options that every command has, as table entries for printing. */
static const opt *common_opts(size_t *n)
{
    static const opt common[] = {
        {'h', "help", NULL, OPT_FLAG, NULL, "print this help", .group = "Any command"},
        {0, "version", NULL, OPT_FLAG, NULL, "print the version"},
        {0, "no-color", NULL, OPT_FLAG, NULL, "no colours on a terminal, like NO_COLOR=1"},
    };

    *n = COUNT(common);
    return common;
}

static void heading(const char *text)
{
    if (terminal_colors(stdout))
        printf("\n\033[1m%s\033[0m\n", text);
    else
        printf("\n%s\n", text);
}

/* Prints words from column `at` on, wrapped at HELP_WIDTH and indented by `indent`. */
static void print_wrapped(const char *text, size_t at, size_t indent)
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
        add(&left, "  -%c, --%s", o->letter, o->name);
    else
        add(&left, "      --%s", o->name);
    if (o->arg)
        add(&left, " %s", o->arg);
    describe(o, &right);

    size_t at = left.n;
    printf("%s", left.bytes);
    if (at + 2 > HELP_COLUMN) {
        printf("\n%*s", HELP_COLUMN, "");
        at = HELP_COLUMN;
    } else {
        printf("%*s", (int)(HELP_COLUMN - at), "");
        at = HELP_COLUMN;
    }
    print_wrapped(right.bytes, at, HELP_COLUMN);
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
    const opt *common = common_opts(&n_common);

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
    print_wrapped(cmd->about, 0, 0);
    for (size_t i = 0; i < n; i++)
        print_option(&opts[i]);
    for (size_t i = 0; i < n_common; i++)
        print_option(&common[i]);
}

static const char overview_start[] =
    "  sparsegraph train digits --epochs 5 -o output/first   # a snapshot an epoch\n"
    "  sparsegraph report output/first                       # all about it, in one page\n";

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
    (void)fputs(overview_start, stdout);
    for (size_t i = 0; i < command_count(); i++) {
        const command *cmd = command_at(i);
        if (strcmp(cmd->group, group) != 0)
            heading(cmd->group);
        group = cmd->group;
        printf("  %-9s  %s\n", cmd->name, cmd->summary);
    }
    printf("\n%s", overview_end);
}

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
    describe(o, &text);
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
    const opt *common = common_opts(&n_common);

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
    roff_text(overview_start);
    printf(".fi\n");
    roff_end();
    roff_see_also(NULL);
}

void help_bash_command(const command *cmd, const opt *opts, size_t n)
{
    (void)cmd;
    printf("    words=\"-h --help --version --no-color");
    for (size_t i = 0; i < n; i++) {
        if (opts[i].letter != 0)
            printf(" -%c", opts[i].letter);
        printf(" --%s", opts[i].name);
    }
    printf("\"\n");
    for (size_t i = 0; i < n; i++) {
        if (!opts[i].choices)
            continue;
        printf("    [ \"$before\" = --%s ] && values=\"", opts[i].name);
        for (size_t j = 0; opts[i].choices[j]; j++)
            printf("%s%s", j > 0 ? " " : "", opts[i].choices[j]);
        printf("\"\n");
    }
}

void help_bash(void)
{
    char mode[] = "--help-bash";

    printf("# bash completion of sparsegraph, made from its option tables\n"
           "_sparsegraph()\n{\n"
           "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
           "  local words=\"\" values=\"\"\n  COMPREPLY=()\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"");
    for (size_t i = 0; i < command_count(); i++)
        printf("%s ", command_at(i)->name);
    printf("help --help --version\" -- \"$word\"))\n    return\n  fi\n"
           "  case \"${COMP_WORDS[1]}\" in\n");
    for (size_t i = 0; i < command_count(); i++) {
        char name[64];
        char *argv[] = {name, mode, NULL};
        (void)snprintf(name, sizeof name, "%s", command_at(i)->name);
        printf("  %s)\n", name);
        (void)command_at(i)->run(2, argv);
        printf("    ;;\n");
    }
    printf("  esac\n"
           "  if [ -n \"$values\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
           "  elif [ \"${word#-}\" != \"$word\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "  fi\n}\ncomplete -o default -o bashdefault -F _sparsegraph sparsegraph\n");
}
