/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_NPY_H
#define SG_SNAPSHOT_NPY_H

/*
 * NumPy's .npy: an array with a header that is a literal of Python, read as a hostile file.
 *
 * Format: NEP 1 (https://numpy.org/neps/nep-0001-npy-format.html), versions 1 to 3.
 */

#include "snapshot/arrays.h"

enum { SG_NPY_HEADER_MAX = 10000 }; /* bytes; NumPy's own cap */

/* What the values of an array are. */
typedef enum sg_npy_kind {
    SG_NPY_NUMBERS = 0, /* of array.dtype */
    SG_NPY_BYTES,       /* "S": text of item_bytes */
    SG_NPY_UNICODE,     /* "U": text of item_bytes / 4 characters */
} sg_npy_kind;

typedef struct sg_npy {
    sg_npy_kind kind;
    size_t item_bytes;
    sg_array array; /* without a name; bytes points into the file */
} sg_npy;

/* Whether bytes begin as a .npy does. */
bool sg_npy_is(const void *bytes, size_t n);

/*
 * Reads the header of an array and holds it against the n bytes. SG_EFORMAT; SG_EUNSUPPORTED: a
 * dtype (objects, structures, complex numbers) or more dimensions than SG_ARRAY_DIMS_MAX.
 */
sg_status sg_npy_parse(const void *bytes, size_t n, sg_npy *ret, sg_error *err) SG_CHECKED;

/* Writes the text of a 0-D or 1-element array of text to ret, as far as it fits and is ASCII. */
void sg_npy_text(const sg_npy *npy, char *ret, size_t n);

#endif
