/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_OUTPUTS_H
#define SG_REPORT_OUTPUTS_H

/* Files kept in memory until all are made, then written together: all or, as far as new ones go,
 * none. */

#include "base/memory.h"
#include "sparsegraph/error.h"
#include <stddef.h>

typedef struct sg_output {
    char *name; /* below the folder, '/' between parts */
    char *bytes;
    size_t n;
} sg_output;

typedef struct sg_outputs {
    sg_output *item;
    size_t n;
    size_t capacity;
} sg_outputs; /* zero-initialise */

void sg_outputs_clear(sg_outputs *o);

/* Adds a file; takes over bytes (sg_free) in any case, copies the name. SG_ENOMEM. */
sg_status sg_outputs_add(sg_outputs *o, const char *name, char *bytes, size_t n,
                         sg_error *err) SG_CHECKED;

/*
 * Writes all files below dir in their order, making folders. On failure the files and folders that
 * were not there before are removed again; one that replaced an older file stays, whole.
 */
sg_status sg_outputs_write(const sg_outputs *o, const char *dir, sg_error *err) SG_CHECKED;

#endif
