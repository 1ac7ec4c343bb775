/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "interrupt.h"
#include "command.h"
#include <string.h>
#include <unistd.h>

/* A handler can reach nothing but file scope. */
static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    if (stop_asked)
        _exit(EXIT_INTERRUPTED);
    stop_asked = 1;
}

const volatile sig_atomic_t *interrupt_listen(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART; /* a read under way is not the user's failure */
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return &stop_asked;
}
