/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_TRAIN_OPTIONS_H
#define SG_TOOLS_TRAIN_OPTIONS_H

/* The option table of `sparsegraph train`, which is longer than all the others together. */

#include "options.h"

enum { TRAIN_OPTIONS_MAX = 40 };

/* What the command line says, in the types that the option table fills. */
typedef struct train_settings {
    sg_train_params params;
    size_list hidden;
    int method, activation, loss, output, start, init, schedule, standardize;
    const char *run;
    const char *resume;
    const char *seeds, *methods, *shard; /* NULL where they are not given */
    bool quiet, verbose;
} train_settings;

/* The library's defaults, and three hidden layers of 1000 neurons as SET's paper has them. */
void train_settings_default(train_settings *s);

/* Fills opts[TRAIN_OPTIONS_MAX] with options that write into s; returns how many. */
size_t train_options(train_settings *s, opt *opts);

/* The settings as the library takes them; borrows from s. */
sg_train_params train_resolve(const train_settings *s);

#endif
