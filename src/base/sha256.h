/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_SHA256_H
#define SG_BASE_SHA256_H

/* SHA-256 (FIPS 180-4), for the provenance of inputs. */

#include <stddef.h>

enum { SG_SHA256_HEX = 65 };

/* Writes the digest of n bytes as 64 hex digits and a NUL. */
void sg_sha256_hex(const void *bytes, size_t n, char ret[SG_SHA256_HEX]);

#endif
