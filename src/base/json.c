/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/json_scan.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An sg_json is a cJSON node under another name; this bit of its type, which cJSON leaves alone,
 * says that an add to it ran out of memory. */
enum { INCOMPLETE = 1 << 16 };

static const double integers_end = 0x1p53; /* below it every integer is a double */

static cJSON *node(sg_json *j)
{
    return (cJSON *)j;
}

static const cJSON *const_node(const sg_json *j)
{
    return (const cJSON *)j;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* Refuses two equal keys in one object; sorting keeps a hostile header of many keys cheap. */
static sg_status check_keys(const cJSON *object, sg_error *err)
{
    const size_t n = sg_json_count((const sg_json *)object);
    SG_AUTOFREE const cJSON **members = SG_NEW_ARRAY(const cJSON *, n);
    if (!members)
        return sg_fail_memory(err, "checking the keys of a JSON object");
    size_t i = 0;
    for (const cJSON *child = object->child; child; child = child->next)
        members[i++] = child;
    qsort(members, n, sizeof members[0], by_key);
    for (i = 1; i < n; i++)
        if (strcmp(members[i - 1]->string, members[i]->string) == 0)
            return sg_fail(err, SG_EFORMAT,
                           "broken JSON: the key '%.100s' stands twice in one object",
                           members[i]->string);
    return SG_OK;
}

/* The scanner has capped the depth. */
static sg_status check_tree(const cJSON *tree, sg_error *err)
{
    if (cJSON_IsNumber(tree) && !isfinite(tree->valuedouble))
        return sg_fail(err, SG_EFORMAT, "broken JSON: a number too large for a double");
    if (cJSON_IsObject(tree))
        SG_TRY(check_keys(tree, err));
    for (const cJSON *child = tree->child; child; child = child->next)
        SG_TRY(check_tree(child, err));
    return SG_OK;
}

sg_status sg_json_parse(const char *text, size_t n, sg_json **ret, sg_error *err)
{
    size_t at = 0;
    const char *wrong = sg_json_scan(text, n, &at);
    if (wrong)
        return sg_fail(err, SG_EFORMAT, "broken JSON: %s at byte %zu", wrong, at);
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = (sg_json *)cJSON_ParseWithLength(text, n);
    if (!root)
        return sg_fail_memory(err, "reading JSON");
    SG_TRY(check_tree(node(root), err));
    *ret = SG_TAKE(root);
    return SG_OK;
}

void sg_json_free(sg_json *root)
{
    cJSON_Delete(node(root));
}

const sg_json *sg_json_get(const sg_json *object, const char *key)
{
    if (!sg_json_is_object(object))
        return NULL;
    return (const sg_json *)cJSON_GetObjectItemCaseSensitive(const_node(object), key);
}

size_t sg_json_count(const sg_json *j)
{
    size_t n = 0;
    for (const sg_json *child = sg_json_first(j); child; child = sg_json_next(child))
        n++;
    return n;
}

const sg_json *sg_json_first(const sg_json *j)
{
    return j ? (const sg_json *)const_node(j)->child : NULL;
}

const sg_json *sg_json_next(const sg_json *child)
{
    return child ? (const sg_json *)const_node(child)->next : NULL;
}

const char *sg_json_key(const sg_json *child)
{
    return child ? const_node(child)->string : NULL;
}

bool sg_json_is_object(const sg_json *j)
{
    return cJSON_IsObject(const_node(j));
}

bool sg_json_is_array(const sg_json *j)
{
    return cJSON_IsArray(const_node(j));
}

bool sg_json_is_bool(const sg_json *j, bool *ret)
{
    if (!cJSON_IsBool(const_node(j)))
        return false;
    if (ret)
        *ret = cJSON_IsTrue(const_node(j));
    return true;
}

const char *sg_json_string(const sg_json *j)
{
    return cJSON_GetStringValue(const_node(j));
}

bool sg_json_number(const sg_json *j, double *ret)
{
    if (!cJSON_IsNumber(const_node(j)))
        return false;
    if (ret)
        *ret = const_node(j)->valuedouble;
    return true;
}

bool sg_json_u64(const sg_json *j, uint64_t *ret)
{
    double value = -1.0;
    if (!sg_json_number(j, &value) || !(value >= 0.0 && value < integers_end) ||
        value != floor(value))
        return false;
    if (ret)
        *ret = (uint64_t)value;
    return true;
}

sg_json *sg_json_object(void)
{
    return (sg_json *)cJSON_CreateObject();
}

sg_json *sg_json_array(void)
{
    return (sg_json *)cJSON_CreateArray();
}

/* Puts a new child, NULL when its making failed, into an object (key given) or array. */
static sg_json *adopt(sg_json *parent, const char *key, cJSON *child)
{
    if (child && (key ? cJSON_AddItemToObject(node(parent), key, child)
                      : cJSON_AddItemToArray(node(parent), child)))
        return (sg_json *)child;
    cJSON_Delete(child);
    node(parent)->type |= INCOMPLETE;
    return NULL;
}

static cJSON *new_string(const char *value)
{
    return value ? cJSON_CreateString(value) : cJSON_CreateNull();
}

static cJSON *new_number(double value)
{
    return isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull();
}

sg_json *sg_json_add_object(sg_json *object, const char *key)
{
    return object ? adopt(object, key, cJSON_CreateObject()) : NULL;
}

sg_json *sg_json_add_array(sg_json *object, const char *key)
{
    return object ? adopt(object, key, cJSON_CreateArray()) : NULL;
}

void sg_json_add_string(sg_json *object, const char *key, const char *value)
{
    if (object)
        (void)adopt(object, key, new_string(value));
}

void sg_json_add_number(sg_json *object, const char *key, double value)
{
    if (object)
        (void)adopt(object, key, new_number(value));
}

void sg_json_add_bool(sg_json *object, const char *key, bool value)
{
    if (object)
        (void)adopt(object, key, cJSON_CreateBool(value));
}

sg_json *sg_json_push_object(sg_json *array)
{
    return array ? adopt(array, NULL, cJSON_CreateObject()) : NULL;
}

sg_json *sg_json_push_array(sg_json *array)
{
    return array ? adopt(array, NULL, cJSON_CreateArray()) : NULL;
}

void sg_json_push_string(sg_json *array, const char *value)
{
    if (array)
        (void)adopt(array, NULL, new_string(value));
}

void sg_json_push_number(sg_json *array, double value)
{
    if (array)
        (void)adopt(array, NULL, new_number(value));
}

/* The fewest digits, from 15 on, that read back as the same double. */
static void print_number(sg_text *out, double value)
{
    if (fabs(value) < integers_end && value == floor(value)) {
        sg_text_printf(out, "%.0f", value);
        return;
    }
    const size_t begin = out->n;
    for (int digits = 15; digits <= 17; digits++) {
        double back = 0.0;
        out->n = begin;
        sg_text_printf(out, "%.*g", digits, value);
        if (out->failed || (sg_parse_double(out->bytes + begin, &back) && back == value))
            return;
    }
}

static void print_string(sg_text *out, const char *text)
{
    sg_text_append(out, "\"");
    for (const char *from = text; *from;) {
        size_t plain = 0;
        while ((unsigned char)from[plain] >= 0x20 && from[plain] != '"' && from[plain] != '\\')
            plain++;
        sg_text_append_bytes(out, from, plain);
        from += plain;
        if (!*from)
            break;
        if (*from == '"' || *from == '\\')
            sg_text_printf(out, "\\%c", *from);
        else if (*from == '\n')
            sg_text_append(out, "\\n");
        else if (*from == '\t')
            sg_text_append(out, "\\t");
        else
            sg_text_printf(out, "\\u%04x", (unsigned char)*from);
        from++;
    }
    sg_text_append(out, "\"");
}

static void new_line(sg_text *out, bool pretty, int depth)
{
    if (pretty)
        sg_text_printf(out, "\n%*s", 2 * depth, "");
}

static void print_tree(sg_text *out, const cJSON *tree, bool pretty, int depth);

static void print_children(sg_text *out, const cJSON *parent, bool pretty, int depth)
{
    for (const cJSON *child = parent->child; child; child = child->next) {
        if (child != parent->child)
            sg_text_append(out, ",");
        new_line(out, pretty, depth + 1);
        if (cJSON_IsObject(parent)) {
            print_string(out, child->string);
            sg_text_append(out, pretty ? ": " : ":");
        }
        print_tree(out, child, pretty, depth + 1);
    }
    if (parent->child)
        new_line(out, pretty, depth);
}

static void print_tree(sg_text *out, const cJSON *tree, bool pretty, int depth)
{
    if (tree->type & INCOMPLETE)
        out->failed = true;
    if (cJSON_IsObject(tree) || cJSON_IsArray(tree)) {
        sg_text_append(out, cJSON_IsObject(tree) ? "{" : "[");
        print_children(out, tree, pretty, depth);
        sg_text_append(out, cJSON_IsObject(tree) ? "}" : "]");
    } else if (cJSON_IsString(tree)) {
        print_string(out, tree->valuestring);
    } else if (cJSON_IsNumber(tree)) {
        print_number(out, tree->valuedouble);
    } else {
        sg_text_append(out, cJSON_IsTrue(tree) ? "true" : cJSON_IsFalse(tree) ? "false" : "null");
    }
}

sg_status sg_json_print(const sg_json *root, bool pretty, char **ret, sg_error *err)
{
    if (!root)
        return sg_fail_memory(err, "building JSON");
    SG_AUTO_TEXT sg_text out = {0};
    print_tree(&out, const_node(root), pretty, 0);
    if (pretty)
        sg_text_append(&out, "\n");
    return sg_text_take(&out, ret, err);
}
