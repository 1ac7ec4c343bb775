/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_RUN_COMPARE_H
#define SG_SNAPSHOT_RUN_COMPARE_H

/* In what the manifests of two runs differ. */

#include "base/json.h"

enum { SG_DIFFERENCE_PLACE_MAX = 128, SG_DIFFERENCE_VALUE_MAX = 48 };

/* Where two manifests differ, and how, for a message. */
typedef struct sg_difference {
    char place[SG_DIFFERENCE_PLACE_MAX]; /* "settings.lr" */
    char value[2][SG_DIFFERENCE_VALUE_MAX];
} sg_difference;

/* What of two manifests is compared. */
typedef struct sg_comparing {
    const char *const *members; /* (n_members) names of members of the manifest */
    size_t n_members;
    const char *const
        *ignored; /* (n_ignored) places within them that may differ: "settings.seed" */
    size_t n_ignored;
} sg_comparing;

/* Returns whether two manifests differ in what is compared, and fills *ret with the first place. */
bool sg_manifests_differ(const sg_json *a, const sg_json *b, const sg_comparing *how,
                         sg_difference *ret);

/* Returns the place for a person: "lr" for "settings.lr". */
const char *sg_difference_name(const sg_difference *d);

#endif
