/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/run_compare.h"

#include <stdio.h>
#include <string.h>

static void describe(const sg_json *j, char ret[SG_DIFFERENCE_VALUE_MAX])
{
    const char *text = sg_json_string(j);
    double number = 0;
    bool truth = false;
    if (text)
        (void)snprintf(ret, SG_DIFFERENCE_VALUE_MAX, "%s", text);
    else if (sg_json_number(j, &number))
        (void)snprintf(ret, SG_DIFFERENCE_VALUE_MAX, "%.10g", number);
    else if (sg_json_is_bool(j, &truth))
        (void)snprintf(ret, SG_DIFFERENCE_VALUE_MAX, "%s", truth ? "true" : "false");
    else if (sg_json_is_array(j))
        (void)snprintf(ret, SG_DIFFERENCE_VALUE_MAX, "a list of %zu", sg_json_count(j));
    else
        (void)snprintf(ret, SG_DIFFERENCE_VALUE_MAX, "none");
}

static bool is_ignored(const sg_comparing *how, const char *place)
{
    for (size_t i = 0; i < how->n_ignored; i++)
        if (strcmp(place, how->ignored[i]) == 0)
            return true;
    return false;
}

static bool same_scalar(const sg_json *a, const sg_json *b)
{
    char value[2][SG_DIFFERENCE_VALUE_MAX];
    double x = 0;
    double y = 0;
    if (sg_json_string(a) && sg_json_string(b))
        return strcmp(sg_json_string(a), sg_json_string(b)) == 0;
    if (sg_json_number(a, &x) && sg_json_number(b, &y))
        return x == y;
    describe(a, value[0]);
    describe(b, value[1]);
    return strcmp(value[0], value[1]) == 0;
}

/* Where the comparison stands: what is compared, and the place within the manifests. */
typedef struct walk {
    const sg_comparing *how;
    const char *place;
    int depth;
} walk;

static bool differ(const sg_json *a, const sg_json *b, const walk *at, sg_difference *ret);

static bool objects_differ(const sg_json *a, const sg_json *b, const walk *at, sg_difference *ret)
{
    char below[SG_DIFFERENCE_PLACE_MAX];
    const walk next = {.how = at->how, .place = below, .depth = at->depth + 1};
    for (int turn = 0; turn < 2; turn++)
        for (const sg_json *j = sg_json_first(turn ? b : a); j; j = sg_json_next(j)) {
            const char *key = sg_json_key(j);
            (void)snprintf(below, sizeof below, "%s.%s", at->place, key);
            if (differ(sg_json_get(a, key), sg_json_get(b, key), &next, ret))
                return true;
        }
    return false;
}

/* Deeper than any manifest of ours is not looked at. */
enum { DEPTH_MAX = 8 };

static bool differ(const sg_json *a, const sg_json *b, const walk *at, sg_difference *ret)
{
    if (is_ignored(at->how, at->place) || at->depth > DEPTH_MAX)
        return false;
    if (sg_json_is_object(a) && sg_json_is_object(b))
        return objects_differ(a, b, at, ret);
    const walk next = {.how = at->how, .place = at->place, .depth = at->depth + 1};
    bool same = false;
    if (sg_json_is_array(a) && sg_json_is_array(b)) {
        same = sg_json_count(a) == sg_json_count(b);
        const sg_json *x = sg_json_first(a);
        for (const sg_json *y = sg_json_first(b); same && x && y;
             x = sg_json_next(x), y = sg_json_next(y))
            if (differ(x, y, &next, ret))
                return true;
    } else {
        same = same_scalar(a, b);
    }
    if (same)
        return false;
    (void)snprintf(ret->place, sizeof ret->place, "%s", at->place);
    describe(a, ret->value[0]);
    describe(b, ret->value[1]);
    return true;
}

bool sg_manifests_differ(const sg_json *a, const sg_json *b, const sg_comparing *how,
                         sg_difference *ret)
{
    for (size_t i = 0; i < how->n_members; i++) {
        const char *member = how->members[i];
        const walk start = {.how = how, .place = member, .depth = 0};
        if (differ(sg_json_get(a, member), sg_json_get(b, member), &start, ret))
            return true;
    }
    return false;
}

const char *sg_difference_name(const sg_difference *d)
{
    static const char SETTINGS[] = "settings.";
    const size_t n = strlen(SETTINGS);
    return strncmp(d->place, SETTINGS, n) == 0 ? d->place + n : d->place;
}
