/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"
#include "help.h"
#include "suggest.h"
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_OPTS_MAX = 60, CODE_LONG = 256, CODE_VERSION = 512, CODE_NO_COLOR };

/* The table in the words of getopt_long(): option i answers to its letter or to CODE_LONG + i. */
typedef struct getopt_table {
    char letters[2 * N_OPTS_MAX + 4];
    struct option longs[N_OPTS_MAX + 4];
} getopt_table;

static void build_table(const opt *opts, size_t n, getopt_table *t)
{
    char *letter = t->letters;
    size_t n_longs = 0;

    assert(n <= N_OPTS_MAX);
    *letter++ = ':'; /* a missing value is told apart from an unknown option */
    *letter++ = 'h';
    for (size_t i = 0; i < n; i++) {
        const bool has_value = opts[i].type != OPT_FLAG;
        if (opts[i].letter != 0) {
            *letter++ = opts[i].letter;
            if (has_value)
                *letter++ = ':';
        }
        t->longs[n_longs++] = (struct option){
            opts[i].name, has_value ? required_argument : no_argument, NULL, CODE_LONG + (int)i};
    }
    *letter = '\0';
    t->longs[n_longs++] = (struct option){"help", no_argument, NULL, 'h'};
    t->longs[n_longs++] = (struct option){"version", no_argument, NULL, CODE_VERSION};
    t->longs[n_longs++] = (struct option){"no-color", no_argument, NULL, CODE_NO_COLOR};
    t->longs[n_longs] = (struct option){NULL, 0, NULL, 0};
}

static const opt *find_by_code(const opt *opts, size_t n, int code)
{
    if (code >= CODE_LONG && (size_t)(code - CODE_LONG) < n)
        return &opts[code - CODE_LONG];
    for (size_t i = 0; opts && i < n; i++)
        if (opts[i].letter != 0 && opts[i].letter == code)
            return &opts[i];
    return NULL;
}

bool opts_read_u64(const char *text, uint64_t *ret)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') /* strtoull() would take signs and blanks */
        return false;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *ret = value;
    return true;
}

bool opts_read_real(const char *text, double *ret)
{
    char *end;

    errno = 0;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

/* Reads the number before the next `separator` of *text (or the end) and moves *text past it. */
static bool read_part(const char **text, char separator, uint64_t *ret)
{
    char part[24];
    const char *end = strchr(*text, separator);
    const size_t length = end ? (size_t)(end - *text) : strlen(*text);

    if (length >= sizeof part)
        return false;
    memcpy(part, *text, length);
    part[length] = '\0';
    *text += length + (end ? 1 : 0);
    return opts_read_u64(part, ret);
}

bool opts_read_sizes(const char *text, size_t smallest, size_list *ret)
{
    size_list list = {0};
    const size_t length = strlen(text);

    if (length == 0 || text[length - 1] == ',')
        return false;
    while (*text != '\0') {
        uint64_t value;
        if (list.n == OPT_SIZES_MAX || !read_part(&text, ',', &value) || value < smallest ||
            value > SIZE_MAX)
            return false;
        list.item[list.n++] = (size_t)value;
    }
    *ret = list;
    return true;
}

bool opts_read_epochs(const char *text, epoch_range *ret)
{
    epoch_range range = EPOCHS_ALL;
    long *const fields[] = {&range.first, &range.last, &range.step};
    size_t n_fields = 0;

    for (;;) {
        if (n_fields == COUNT(fields))
            return false;
        uint64_t value;
        const bool left_out = *text == ':' || *text == '\0';
        const bool more = strchr(text, ':') != NULL;
        if (left_out)
            text += more ? 1 : 0;
        else if (!read_part(&text, ':', &value) || value > INT32_MAX)
            return false;
        else
            *fields[n_fields] = (long)value;
        n_fields++;
        if (!more)
            break;
    }
    if (n_fields == 1) /* one epoch alone */
        range.last = range.first;
    if (range.step < 1 || (range.last >= 0 && range.last < range.first))
        return false;
    *ret = range;
    return true;
}

/* Says which numbers the option takes, for a person: "must lie between 0 and 1". */
static int out_of_range(const command *cmd, const opt *o, const char *text)
{
    if (!(o->max > o->min))
        return command_usage_error(cmd, "--%s needs a %s, got '%s'", o->name,
                                   o->type == OPT_REAL ? "number" : "whole number", text);
    if (isinf(o->max))
        return command_usage_error(cmd, "--%s must be a%s number %s %.10g, got '%s'", o->name,
                                   o->type == OPT_REAL ? "" : " whole",
                                   o->above_min ? "above" : "of at least", o->min, text);
    return command_usage_error(cmd, "--%s must be a%s number from %.10g%s to %.10g, got '%s'",
                               o->name, o->type == OPT_REAL ? "" : " whole", o->min,
                               o->above_min ? " (not included)" : "", o->max, text);
}

static bool in_range(const opt *o, double value)
{
    if (!(o->max > o->min))
        return true;
    return (o->above_min ? value > o->min : value >= o->min) && value <= o->max;
}

static int set_number(const command *cmd, const opt *o, const char *text)
{
    uint64_t whole;
    double real;

    if (o->type == OPT_REAL) {
        if (!opts_read_real(text, &real) || !in_range(o, real))
            return out_of_range(cmd, o, text);
        *(double *)o->value = real;
        return PARSED;
    }
    if (!opts_read_u64(text, &whole) || !in_range(o, (double)whole))
        return out_of_range(cmd, o, text);
    if (o->type == OPT_U64)
        *(uint64_t *)o->value = whole;
    else
        *(size_t *)o->value = (size_t)whole;
    return PARSED;
}

static int set_choice(const command *cmd, const opt *o, const char *text)
{
    char all[256] = "";
    size_t length = 0;
    size_t n = 0;

    for (; o->choices[n]; n++) {
        if (strcmp(o->choices[n], text) == 0) {
            *(int *)o->value = (int)n;
            return PARSED;
        }
        length += (size_t)snprintf(all + length, sizeof all - length, "%s%s", n > 0 ? ", " : "",
                                   o->choices[n]);
        assert(length < sizeof all);
    }

    const char *nearest = suggest(text, o->choices, n);

    if (nearest)
        return command_usage_error(cmd, "--%s has no '%s', did you mean '%s'?", o->name, text,
                                   nearest);
    return command_usage_error(cmd, "--%s must be one of %s; got '%s'", o->name, all, text);
}

static int set_value(const command *cmd, const opt *o, const char *text)
{
    text_list *texts;

    switch (o->type) {
    case OPT_FLAG:
        *(bool *)o->value = true;
        return PARSED;
    case OPT_TEXT:
        if (text[0] == '\0')
            return command_usage_error(cmd, "--%s needs a value, got an empty one", o->name);
        *(const char **)o->value = text;
        return PARSED;
    case OPT_TEXTS:
        texts = o->value;
        if (texts->n == OPT_TEXTS_MAX)
            return command_usage_error(cmd, "--%s may be given %d times at most", o->name,
                                       OPT_TEXTS_MAX);
        texts->item[texts->n++] = text;
        return PARSED;
    case OPT_SIZE:
    case OPT_U64:
    case OPT_REAL:
        return set_number(cmd, o, text);
    case OPT_CHOICE:
        return set_choice(cmd, o, text);
    case OPT_SIZES:
        if (!opts_read_sizes(text, (size_t)o->min, o->value))
            return command_usage_error(
                cmd, "--%s needs whole numbers from %g like 1000,1000,1000 (%d at most), got '%s'",
                o->name, o->min, OPT_SIZES_MAX, text);
        return PARSED;
    case OPT_EPOCHS:
        if (!opts_read_epochs(text, o->value))
            return command_usage_error(
                cmd, "--%s needs FIRST:LAST:STEP like 0:100:10, 5: or 3, got '%s'", o->name, text);
        return PARSED;
    }
    return PARSED;
}

/* How many of the long options begin with the `length` bytes of word; names[] takes all of them. */
static size_t list_names(const struct option *longs, const char **names, const char *word,
                         size_t length, size_t *n_matching)
{
    size_t n = 0;

    *n_matching = 0;
    for (; longs[n].name; n++) {
        names[n] = longs[n].name;
        *n_matching += strncmp(longs[n].name, word, length) == 0;
    }
    return n;
}

static int unknown_option(const command *cmd, const getopt_table *t, const char *argument,
                          int letter)
{
    /* A long option that was given a value it does not take leaves its letter, too. */
    const bool is_long = strncmp(argument, "--", 2) == 0 && (letter == 0 || strchr(argument, '='));

    if (!is_long && letter < CODE_LONG)
        return command_usage_error(cmd, "unknown option '-%c'; 'sparsegraph %s --help' lists them",
                                   letter, cmd->name);

    const char *names[N_OPTS_MAX + 4];
    const char *word = argument + 2;
    const size_t length = strcspn(word, "=");
    size_t n_matching;
    const size_t n = list_names(t->longs, names, word, length, &n_matching);
    char bare[64];

    (void)snprintf(bare, sizeof bare, "%.*s", (int)length, word);
    if (n_matching > 1 && letter == 0)
        return command_usage_error(cmd, "option '--%s' is ambiguous; write it out", bare);
    if (n_matching > 0)
        return command_usage_error(cmd, "option '--%s' takes no value", bare);

    const char *nearest = suggest(bare, names, n);

    if (nearest)
        return command_usage_error(cmd, "unknown option '--%s', did you mean '--%s'?", bare,
                                   nearest);
    return command_usage_error(cmd, "unknown option '--%s'; 'sparsegraph %s --help' lists them",
                               bare, cmd->name);
}

/* Answers the options that end the command before it starts; PARSED where there are none. */
static int answer_help(const command *cmd, const opt *opts, size_t n, int argc, char **argv)
{
    getopt_table t;
    int code;

    if (argc == 2 && strcmp(argv[1], "--help-man") == 0) {
        help_man_command(cmd, opts, n);
        return EXIT_OK;
    }
    if (argc == 2 && strcmp(argv[1], "--help-bash") == 0) {
        help_bash_command(cmd, opts, n);
        return EXIT_OK;
    }
    /* On a copy: getopt_long() reorders what it reads, and this is not the last reading. */
    char **copy = calloc((size_t)argc + 1, sizeof *copy);
    if (!copy)
        return command_usage_error(cmd, "out of memory reading %d arguments", argc);
    memcpy((void *)copy, (const void *)argv, (size_t)argc * sizeof *copy);
    build_table(opts, n, &t);
    opterr = 0;
    optind = 0;
    int answered = PARSED;
    while (answered == PARSED && (code = getopt_long(argc, copy, t.letters, t.longs, NULL)) != -1) {
        if (code == 'h') {
            help_command(cmd, opts, n);
            answered = EXIT_OK;
        } else if (code == CODE_VERSION) {
            printf("sparsegraph %s\n", sg_version());
            answered = EXIT_OK;
        } else if (code == CODE_NO_COLOR) {
            (void)setenv("NO_COLOR", "1", 1); /* out of memory costs no more than colours */
        }
    }
    free((void *)copy);
    return answered;
}

bool opts_given(const operands *rest, size_t i)
{
    return ((rest->given >> i) & 1U) != 0;
}

/* Returns PARSED or the exit code; *given gets a bit for each option of the table that is there. */
static int parse_options(const command *cmd, const opt *opts, size_t n, int argc, char **argv,
                         uint64_t *given)
{
    getopt_table t;
    int code;

    build_table(opts, n, &t);
    optind = 0;
    while ((code = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
        if (code == '?')
            return unknown_option(cmd, &t, argv[optind - 1], optopt);
        if (code == ':') {
            const opt *o = find_by_code(opts, n, optopt);
            return command_usage_error(cmd, "--%s needs a value: --%s %s", o ? o->name : "?",
                                       o ? o->name : "?", o ? o->arg : "");
        }
        const opt *o = find_by_code(opts, n, code);
        const int result = o ? set_value(cmd, o, optarg) : PARSED;
        if (result != PARSED)
            return result;
        if (o)
            *given |= UINT64_C(1) << (o - opts);
    }
    return PARSED;
}

void opts_each(const opt *opts, size_t n, int argc, char **argv,
               void (*visit)(void *user, const opt *o, const char *value), void *user)
{
    getopt_table t;
    int code;
    char **copy = calloc((size_t)argc + 1, sizeof *copy); /* getopt_long() reorders what it reads */

    if (!copy)
        return;
    memcpy((void *)copy, (const void *)argv, (size_t)argc * sizeof *copy);
    build_table(opts, n, &t);
    optind = 0;
    while ((code = getopt_long(argc, copy, t.letters, t.longs, NULL)) != -1) {
        const opt *o = find_by_code(opts, n, code);
        if (o)
            visit(user, o, o->type == OPT_FLAG ? NULL : optarg);
    }
    for (int i = optind; i < argc; i++)
        visit(user, NULL, copy[i]);
    free((void *)copy);
}

int opts_parse(const command *cmd, const opt *opts, size_t n, int argc, char **argv, operands *rest)
{
    uint64_t given = 0;
    const int answered = answer_help(cmd, opts, n, argc, argv);
    if (answered != PARSED)
        return answered;

    const int parsed = parse_options(cmd, opts, n, argc, argv, &given);
    if (parsed != PARSED)
        return parsed;

    const int n_operands = argc - optind;
    if (n_operands < cmd->min_operands)
        return command_usage_error(cmd, "%s is missing; 'sparsegraph %s --help' shows examples",
                                   cmd->operand, cmd->name);
    if (cmd->max_operands >= 0 && n_operands > cmd->max_operands)
        return command_usage_error(cmd, "one argument too many: '%s'",
                                   argv[optind + cmd->max_operands]);
    if (rest)
        *rest = (operands){(size_t)n_operands, (const char *const *)(argv + optind), given};
    return PARSED;
}
