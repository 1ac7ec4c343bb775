/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_TRAIN_SWEEP_H
#define SG_TOOLS_TRAIN_SWEEP_H

/* `sparsegraph train --seeds ...`: many runs in one folder, or a part of them. */

#include "train_options.h"

/* Whether the command line asks for several runs. */
bool sweep_is_asked(const train_settings *s);

/* Checks the options of several runs; PARSED, or the exit code after a message. */
int sweep_check(const train_settings *s, bool seed_given, bool method_given);

/* Trains them. argv is the command line as it was typed, line the same as text (may be NULL). */
int sweep_train(const train_settings *s, int argc, char **argv, const char *line);

#endif
