/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_NAMES_H
#define SG_SNAPSHOT_NAMES_H

/* Which texts may name the parts of a snapshot: what a safetensors header can hold. */

#include "base/status.h"
#include <stdbool.h>

/* What __metadata__ says of a file of ours, under "format" and "format_version". */
#define SG_SNAPSHOT_FORMAT         "sparsegraph-snapshot"
#define SG_SNAPSHOT_FORMAT_VERSION "1"

/* Checks the name of a `what` ("layer", ...): 1 to 255 bytes of UTF-8 without control characters,
 * not starting with "extra.". SG_EINVAL. */
sg_status sg_name_check(const char *what, const char *name, sg_error *err) SG_CHECKED;

/* Checks a metadata entry: UTF-8, and a key that the format does not use itself. SG_EINVAL. */
sg_status sg_meta_check(const char *key, const char *value, sg_error *err) SG_CHECKED;

/* Whether the file format itself uses a metadata key. */
bool sg_meta_is_reserved(const char *key);

/* Whether a text has bytes that a terminal would obey: the control characters of
 * Unicode. The text is UTF-8. */
bool sg_has_control(const char *text);

#endif
