/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/igraph_guard.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* igraph's handlers get no user data, so what they record has nowhere else to live; the lock guards
 * it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char first_reason[256];

/* igraph calls this once where the error arose and again, without a reason, in each enclosing
 * function: the first account is the useful one. */
static void record_error(const char *reason, const char *file, int line, igraph_error_t code)
{
    (void)file;
    (void)line;
    if (first_reason[0] == '\0' && reason && reason[0] != '\0')
        (void)snprintf(first_reason, sizeof first_reason, "%s", reason);
    else if (first_reason[0] == '\0')
        (void)snprintf(first_reason, sizeof first_reason, "%s", igraph_strerror(code));
    IGRAPH_FINALLY_FREE();
}

static void ignore_warning(const char *reason, const char *file, int line)
{
    (void)reason;
    (void)file;
    (void)line;
}

sg_igraph_section sg_igraph_enter(void)
{
    (void)pthread_mutex_lock(&lock);
    first_reason[0] = '\0';
    return (sg_igraph_section){
        .error_handler = igraph_set_error_handler(record_error),
        .warning_handler = igraph_set_warning_handler(ignore_warning),
    };
}

void sg_igraph_leave(sg_igraph_section *section)
{
    (void)igraph_set_error_handler(section->error_handler);
    (void)igraph_set_warning_handler(section->warning_handler);
    (void)pthread_mutex_unlock(&lock);
}

static sg_status status_of(igraph_error_t code)
{
    switch (code) {
    case IGRAPH_ENOMEM:
        return SG_ENOMEM;
    case IGRAPH_PARSEERROR:
        return SG_EFORMAT;
    case IGRAPH_UNIMPLEMENTED:
        return SG_EUNSUPPORTED;
    case IGRAPH_EFILE:
        return SG_EIO;
    default:
        return SG_EINVAL;
    }
}

sg_status sg_igraph_status(igraph_error_t code, sg_error *err, const char *doing)
{
    if (code == IGRAPH_SUCCESS)
        return SG_OK;
    char reason[sizeof first_reason];
    (void)snprintf(reason, sizeof reason, "%s",
                   first_reason[0] != '\0' ? first_reason : igraph_strerror(code));
    first_reason[0] = '\0';

    /* Our messages begin small and end without a stop; a word in capitals (NCOL) stays. */
    const size_t n = strlen(reason);
    if (n > 0 && reason[n - 1] == '.')
        reason[n - 1] = '\0';
    if (n > 1 && reason[0] >= 'A' && reason[0] <= 'Z' && reason[1] >= 'a' && reason[1] <= 'z')
        reason[0] = (char)(reason[0] - 'A' + 'a');
    return sg_fail(err, status_of(code), "cannot %s: igraph says: %s", doing, reason);
}
