/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_UTF8_H
#define SG_BASE_UTF8_H

/* Characters of UTF-8 (RFC 3629). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* U+FFFD, which stands for what cannot be shown. */
#define SG_UTF8_REPLACEMENT "\xEF\xBF\xBD"

/* The most bytes of a character: as n below for text that ends with a NUL, where reading stops. */
enum { SG_UTF8_BYTES_MAX = 4 };

/* Returns the length of the character at s, of at most n bytes, and its code point (point may be
 * NULL); 0 where it is malformed: not the shortest form, a surrogate, or above U+10FFFF. */
size_t sg_utf8_decode(const char *s, size_t n, uint32_t *point);

/* Whether the whole string is UTF-8. */
bool sg_utf8_is_valid(const char *text);

/* Returns where a text of n bytes begins, after the byte-order mark that Windows puts there. */
const char *sg_utf8_begin(const char *text, size_t n);

#endif
