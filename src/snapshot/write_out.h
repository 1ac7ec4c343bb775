/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_WRITE_OUT_H
#define SG_SNAPSHOT_WRITE_OUT_H

/*
 * A stream of text to a target, fast and without surprises: a failure is kept, later calls do
 * nothing, and sg_out_end() tells it once. Reals are short decimals that read back as the same
 * float, whether a reader rounds once or by way of a double; the locale has no say.
 */

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "sparsegraph/convert.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SG_OUT_BUFFER = 1 << 16, SG_REAL_MAX = 32 /* bytes of a real, its NUL included */ };

typedef struct sg_out {
    sg_status (*write)(void *user, const void *bytes, size_t n, sg_error *err);
    void *user;
    sg_error *err;
    sg_status status;
    size_t n;
    char buffer[SG_OUT_BUFFER];
} sg_out;

/* Starts a stream; err (may be NULL) takes the first failure. */
sg_status sg_out_new(sg_status (*write)(void *user, const void *bytes, size_t n, sg_error *err),
                     void *user, sg_out **ret, sg_error *err) SG_CHECKED;
/* The same into a file that is being written; the caller commits it. */
sg_status sg_out_to_file(sg_writer *w, sg_out **ret, sg_error *err) SG_CHECKED;
/* Hands over what is left; the status of the whole. */
sg_status sg_out_end(sg_out *o) SG_CHECKED;
void sg_out_free(sg_out *o);
SG_DEFINE_CLEANUP(sg_out, sg_out_free)

/* Makes room by handing over what is there. */
void sg_out_flush(sg_out *o);
/* What does not fit the buffer; sg_out_bytes() is the one to call. */
void sg_out_bytes_slow(sg_out *o, const void *bytes, size_t n);

static inline void sg_out_bytes(sg_out *o, const void *bytes, size_t n)
{
    if (n > SG_OUT_BUFFER - o->n) {
        sg_out_bytes_slow(o, bytes, n);
    } else {
        memcpy(o->buffer + o->n, bytes, n);
        o->n += n;
    }
}

static inline void sg_out_text(sg_out *o, const char *text)
{
    sg_out_bytes(o, text, strlen(text));
}

void sg_out_u64(sg_out *o, uint64_t value);
void sg_out_real(sg_out *o, float value); /* finite */

/* UTF-8 text as the content or an attribute of XML, within a string of JSON, and within a string of
 * GML. What XML 1.0 cannot hold becomes U+FFFD. */
void sg_out_xml(sg_out *o, const char *text);
void sg_out_json(sg_out *o, const char *text);
void sg_out_gml(sg_out *o, const char *text);

/* Writes the decimal of a finite float, with a point, and a NUL; returns its length. */
size_t sg_real_print(float value, char text[SG_REAL_MAX]);

#endif
