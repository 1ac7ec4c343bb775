/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_JSON_SCAN_H
#define SG_BASE_JSON_SCAN_H

/*
 * Checks that a text is JSON to the letter (RFC 8259) and UTF-8 (RFC 3629), before cJSON, which is
 * lenient about numbers, control characters and what follows the end, builds it.
 */

#include <stddef.h>

/* Returns NULL for a well-formed text, else what is wrong, and in *at the byte where. */
const char *sg_json_scan(const char *text, size_t n, size_t *at);

#endif
