/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_OPTIONS_H
#define SG_TOOLS_OPTIONS_H

/*
 * One option table a subcommand. The table parses the command line and also prints the help, the
 * man page and the words of the shell completions, so none of them can drift from the others.
 * The default shown in the help is the value found in `value` before parsing.
 */

#include "command.h"
#include <stdbool.h>
#include <stdint.h>

enum { OPT_SIZES_MAX = 64, OPT_TEXTS_MAX = 256 };

typedef enum opt_type {
    OPT_FLAG,   /* bool */
    OPT_TEXT,   /* const char *, borrowed from argv */
    OPT_TEXTS,  /* text_list; the option may be repeated */
    OPT_SIZE,   /* size_t */
    OPT_U64,    /* uint64_t */
    OPT_REAL,   /* double; NaN before parsing = no default */
    OPT_CHOICE, /* int: index into `choices` */
    OPT_SIZES,  /* size_list: "1000,1000,1000", each at least `min` */
    OPT_EPOCHS, /* epoch_range: "A:B:STEP" */
} opt_type;

typedef struct size_list {
    size_t n;
    size_t item[OPT_SIZES_MAX];
} size_list;

typedef struct text_list {
    size_t n;
    const char *item[OPT_TEXTS_MAX];
} text_list;

/* Epochs first, first + step, ... up to last, both included; last -1 = the last there is. */
typedef struct epoch_range {
    long first;
    long last;
    long step;
} epoch_range;

#define EPOCHS_ALL                                                                                 \
    {                                                                                              \
        .first = 0, .last = -1, .step = 1                                                          \
    }

/* Members in the order in which a table is best read, not packed. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
typedef struct opt {
    char letter;      /* short form, or 0 */
    const char *name; /* long form */
    const char *arg;  /* name of the value in the help; NULL for a flag */
    opt_type type;
    void *value;
    const char *help;  /* one or two sentences, no capital, no full stop */
    const char *group; /* a heading before this option; NULL: as the one before */
    double min;        /* smallest number allowed, where max > min */
    double max;
    bool above_min;             /* the smallest itself is not allowed */
    const char *const *choices; /* NULL-terminated, of OPT_CHOICE; completions of OPT_TEXT(S) */
    const char *fallback;       /* words for the default, where the value alone says too little */
} opt;

/* The arguments that are no options, borrowed from argv. */
typedef struct operands {
    size_t n;
    const char *const *item;
    uint64_t given; /* bit i: option i of the table was on the command line */
} operands;

/* Returns whether option i of the table was on the command line. */
bool opts_given(const operands *rest, size_t i);

/* opts_parse() returns this, or the exit code with which the command has to end at once. */
enum { PARSED = -1 };

/*
 * Parses a command line into the values of the table; --help, --version and the modes that print
 * the man page and completions are answered here. rest may be NULL where no operand is allowed.
 */
int opts_parse(const command *cmd, const opt *opts, size_t n, int argc, char **argv,
               operands *rest);

/*
 * Calls visit for each option of a command line that parses, with its value (NULL for a flag), and
 * then for each operand, with the option NULL.
 */
void opts_each(const opt *opts, size_t n, int argc, char **argv,
               void (*visit)(void *user, const opt *o, const char *value), void *user);

/* Reads one number of an option: the whole text or nothing, no NaN, no overflow, no sign. */
bool opts_read_u64(const char *text, uint64_t *ret);
bool opts_read_real(const char *text, double *ret);
bool opts_read_sizes(const char *text, size_t smallest, size_list *ret);
bool opts_read_epochs(const char *text, epoch_range *ret);

#endif
