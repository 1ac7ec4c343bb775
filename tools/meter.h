/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_METER_H
#define SG_TOOLS_METER_H

/*
 * How long work is shown on stderr: a bar that is drawn over itself on a terminal, plain lines
 * anywhere else, nothing when the user asked for quiet.
 */

#include "command.h"
#include <stdbool.h>

typedef struct meter {
    bool quiet;
    bool animated;
    bool colors;
    bool utf8;
    bool drawn;           /* a bar stands on the last line */
    double stage_start_s; /* monotonic clock */
    double last_draw_s;
    char stage[64];
    char pending[128]; /* off a terminal: what is said of a stage once it is known to be good */
    size_t first_done; /* of training: batches done before this command started, plus one */
} meter;

void meter_start(meter *m, bool quiet);

/* Takes the bar away; call it before printing anything else on stderr. */
void meter_clear(meter *m);

/* The same, after work that went well: off a terminal its last stage gets its line. */
void meter_finish(meter *m);

/* What is said of a network that was to be sparse and is not. */
#define METER_NOT_SPARSE                                                                           \
    "warning: every layer is fully connected, so nothing is sparse here; take a smaller "          \
    "--epsilon, a --density below 1, or wider layers"

/* Prints one line on stderr, above the bar; nothing when quiet. */
void meter_say(meter *m, const char *format, ...) SG_PRINTF(2, 3);

/* An ear for sg_progress: user is the meter. */
void meter_progress(void *user, const char *stage, size_t done, size_t total);

/* Ears for sg_train_watch: user is the meter. */
void meter_batch(void *user, const sg_train_batch *where);
void meter_epoch(void *user, const sg_epoch_metrics *e, size_t n_epochs);

#endif
