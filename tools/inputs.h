/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_INPUTS_H
#define SG_TOOLS_INPUTS_H

/* The networks that a command is given: what is said of their paths before any work is done on
 * them, and the options that say how files from elsewhere are to be read. */

#include "options.h"

typedef struct input_style {
    bool layers;     /* the files are the layers of one network */
    int orientation; /* an sg_orientation: the choices are in its order */
} input_style;

extern const char *const input_orientations[];

/* The entries of an option table for an input_style. */
#define INPUT_OPTIONS(style)                                                                       \
    {0,                                                                                            \
     "layers",                                                                                     \
     NULL,                                                                                         \
     OPT_FLAG,                                                                                     \
     &(style).layers,                                                                              \
     "the files are the layers of one network, from its input to its output",                      \
     .group = "Reading"},                                                                          \
    {                                                                                              \
        0, "orientation", "NAME", OPT_CHOICE, &(style).orientation,                                \
            "rows of matrices from elsewhere: out-in, they receive (PyTorch); in-out, they send "  \
            "(Keras); auto, the chain of sizes tells",                                             \
            .choices = input_orientations                                                          \
    }

/* Zero-initialise. */
typedef struct inputs {
    operands paths; /* for the library: each a run, a file, or what sg_snapshot_spec() made */
    const char **item;
    char **owned; /* (n_owned) */
    size_t n_owned;
} inputs;

void inputs_clear(inputs *in);

/*
 * Checks that each path is a file, or a directory that is a run. SG_ENOTFOUND with the words of
 * sg_run_open() where a directory is none, or where there is nothing at all.
 */
SG_CHECKED sg_status inputs_check(const char *const *paths, size_t n, sg_error *err);

/* Checks n paths, and puts the style into them. SG_EINVAL: a run among layers. */
SG_CHECKED sg_status inputs_gather(const char *const *paths, size_t n, const input_style *style,
                                   inputs *ret, sg_error *err);

/* The same, but where no option was given, the paths go on unchecked: they may be names, or be
 * judged one by one. */
SG_CHECKED sg_status inputs_restyle(const char *const *paths, size_t n, const input_style *style,
                                    inputs *ret, sg_error *err);

#define AUTO_INPUTS __attribute__((cleanup(inputs_clear))) inputs

#endif
