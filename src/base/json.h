/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_JSON_H
#define SG_BASE_JSON_H

/* JSON, the only module that sees cJSON. Numbers are doubles; NaN and infinities are written as
 * null. */

#include "base/memory.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sg_json sg_json;

/* Parses n bytes, all of them; duplicate keys anywhere, trailing bytes and bad UTF-8 are
 * SG_EFORMAT. */
sg_status sg_json_parse(const char *text, size_t n, sg_json **ret, sg_error *err) SG_CHECKED;
/* Frees a root; NULL is allowed. */
void sg_json_free(sg_json *root);
SG_DEFINE_CLEANUP(sg_json, sg_json_free)

/* Reading. All borrow; NULL j is allowed and answers as "not there". */
const sg_json *sg_json_get(const sg_json *object, const char *key);
size_t sg_json_count(const sg_json *j);            /* of an array or object, else 0 */
const sg_json *sg_json_first(const sg_json *j);    /* child of an array or object, or NULL */
const sg_json *sg_json_next(const sg_json *child); /* or NULL */
const char *sg_json_key(const sg_json *child);     /* of an object's child */
bool sg_json_is_object(const sg_json *j);
bool sg_json_is_array(const sg_json *j);
bool sg_json_is_bool(const sg_json *j, bool *ret);
const char *sg_json_string(const sg_json *j);       /* or NULL */
bool sg_json_number(const sg_json *j, double *ret); /* false when it is no number */
bool sg_json_u64(const sg_json *j, uint64_t *ret);  /* an integer in [0, 2^53) */

/*
 * Building. An add that runs out of memory marks the root, and sg_json_print() reports it; so
 * callers check once. `object` or `array` NULL does nothing, which lets a failed child pass
 * through. Keys are copied.
 */
sg_json *sg_json_object(void); /* a new root, or NULL */
sg_json *sg_json_array(void);
sg_json *sg_json_add_object(sg_json *object, const char *key);
sg_json *sg_json_add_array(sg_json *object, const char *key);
void sg_json_add_string(sg_json *object, const char *key, const char *value); /* NULL → null */
void sg_json_add_number(sg_json *object, const char *key, double value);
void sg_json_add_bool(sg_json *object, const char *key, bool value);
sg_json *sg_json_push_object(sg_json *array);
sg_json *sg_json_push_array(sg_json *array);
void sg_json_push_string(sg_json *array, const char *value);
void sg_json_push_number(sg_json *array, double value);

/* Prints, on one line or indented by two spaces with a final newline; numbers so that they read
 * back equal. */
sg_status sg_json_print(const sg_json *root, bool pretty, char **ret, sg_error *err) SG_CHECKED;

#endif
