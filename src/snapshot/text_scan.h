/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_TEXT_SCAN_H
#define SG_SNAPSHOT_TEXT_SCAN_H

/* Lines and words of a text in memory, with the numbers in them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a text; not terminated. */
typedef struct sg_span {
    const char *at;
    size_t n;
} sg_span;

typedef struct sg_scan {
    const char *at;
    const char *end;
    size_t line; /* number of the last line that was taken, from 1 */
} sg_scan;

/* Begins a text, after a byte-order mark. */
sg_scan sg_scan_begin(const char *text, size_t n);

/* Takes the next line, without its end ("\n" or "\r\n"); false at the end of the text. */
bool sg_scan_line(sg_scan *s, sg_span *ret);

/* Takes the next word of a line: what stands between blanks, and, where `separator` is no blank,
 * between it; empty words are passed over. False at the end. */
bool sg_span_word(sg_span *line, char separator, sg_span *ret);

/* Takes the next field of a line: up to the separator, without the blanks and the pair of quotes
 * around it; fields may be empty. False at the end. A blank as separator means any run of them. */
bool sg_span_field(sg_span *line, char separator, sg_span *ret);

/* Whether a span is this word, in any case. */
bool sg_span_is(sg_span s, const char *word);

/* Whether a line is blank, or begins with one of these characters after blanks. */
bool sg_span_is_blank(sg_span s);
bool sg_span_begins(sg_span s, const char *characters);

/* Read the whole span as a number: integers without a sign; reals as sg_parse_double() has them,
 * rounded to f32; false for anything else, and where f32 has no such number. */
bool sg_span_u64(sg_span s, uint64_t *ret);
bool sg_span_f32(sg_span s, float *ret);

/* Copies a span for a message: cut to n - 1 bytes, with ? for what is not printable ASCII. */
const char *sg_span_show(sg_span s, char *ret, size_t n);

#endif
