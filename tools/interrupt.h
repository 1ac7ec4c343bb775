/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_INTERRUPT_H
#define SG_TOOLS_INTERRUPT_H

/* Ctrl-C: the first asks the work to stop in good order, the second leaves at once. */

#include <signal.h>

/* Starts to listen for SIGINT and SIGTERM; returns the flag that the first of them sets. */
const volatile sig_atomic_t *interrupt_listen(void);

#endif
