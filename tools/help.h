/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_HELP_H
#define SG_TOOLS_HELP_H

/* Prints the help, the man pages and the shell completions from the commands' tables. */

#include "options.h"

/* Prints words from column `at` on, wrapped at 80 columns and indented by `indent`. */
void help_print_words(const char *text, size_t at, size_t indent);

/* The two lines that a new user types first. */
extern const char help_overview_examples[];

/* `sparsegraph --help`: the commands, grouped. */
void help_overview(void);

/* `sparsegraph NAME --help`: examples, usage, what it does, options with their defaults. */
void help_command(const command *cmd, const opt *opts, size_t n);

/* The man pages in roff: sparsegraph(1), and one of a subcommand. */
void help_man_overview(void);
void help_man_command(const command *cmd, const opt *opts, size_t n);

/* The whole completion script of bash; it asks each subcommand for its words. */
void help_bash(void);

/* The words of one subcommand, for help_bash(): its options, then `case` arms of their values. */
void help_bash_command(const command *cmd, const opt *opts, size_t n);

#endif
