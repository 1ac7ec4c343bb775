/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_COMMAND_H
#define SG_TOOLS_COMMAND_H

/* What every subcommand has: its words for the help, its table entry, its way to fail. */

#include <sparsegraph/sparsegraph.h>
#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The exit codes that users may rely on; `sparsegraph --help` prints them. */
enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1,    /* the system failed: no memory, a disk error, a dead worker */
    EXIT_USAGE = 2,     /* the command line is wrong */
    EXIT_BAD_INPUT = 3, /* a file or a setting is wrong */
    EXIT_INTERRUPTED = 130,
};

typedef struct command {
    const char *name;
    const char *group;    /* heading in `sparsegraph --help` */
    const char *summary;  /* one line, no full stop */
    const char *usage;    /* what follows the name; one form a line */
    const char *examples; /* lines; one that starts with '#' says what the next is for */
    const char *about;    /* paragraphs, separated by blank lines */
    int min_operands;
    int max_operands;    /* -1: any number */
    const char *operand; /* what to say is missing, e.g. "a run or a snapshot" */
    int (*run)(int argc, char **argv);
} command;

/* The commands in the order of the help, and one by its name (or NULL). */
size_t command_count(void);
const command *command_at(size_t i);
const command *command_find(const char *name);

/* Returns the exit code that a status means. */
int command_exit_code(sg_status status);

/* Prints a failure as one line on stderr and returns the exit code that its status means. */
int command_fail(const sg_error *err);

/* Prints "sparsegraph NAME: ..." on stderr and returns EXIT_USAGE; cmd may be NULL. */
int command_usage_error(const command *cmd, const char *format, ...) SG_PRINTF(2, 3);

/* Flushes stdout; what was printed and could not be written is a failure (exit 1). */
int command_finish(int exit_code);

#endif
