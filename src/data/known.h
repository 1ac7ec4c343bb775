/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_KNOWN_H
#define SG_DATA_KNOWN_H

/* The data sets that have a name, and where a data set's files lie on this machine. */

#include "sparsegraph/dataset.h"

/* The four files of a data set, in the order in which everything lists them. */
enum { SG_TRAIN_IMAGES, SG_TRAIN_LABELS, SG_TEST_IMAGES, SG_TEST_LABELS, SG_N_DATA_FILES };

typedef struct sg_known_dataset {
    sg_dataset_info info;
    size_t n_classes;
    const char *const *class_names;      /* (n_classes), or NULL: the numbers */
    const char *sha256[SG_N_DATA_FILES]; /* of the inflated files; NULL where none is needed */
} sg_known_dataset;

/* Returns the entry of that name, or NULL. */
const sg_known_dataset *sg_known_by_name(const char *name);

/* Returns the entry whose four files have these digests, or NULL. */
const sg_known_dataset *sg_known_by_sha256(const char *const sha256[SG_N_DATA_FILES]);

/* Returns a known name that a mistyped one may have meant, or NULL. */
const char *sg_known_like(const char *name);

/*
 * Finds the folder of IDX files that name means, in the order that sg_dataset_load() promises; *ret
 * is the caller's (sg_free). SG_ENOTFOUND, SG_ENOMEM.
 */
sg_status sg_data_find(const char *name, const char *folder, char **ret, sg_error *err) SG_CHECKED;

/*
 * Finds one of the four files in a folder, under any of its usual names; *ret is the caller's.
 * SG_ENOTFOUND names the file that is missing. SG_ENOMEM.
 */
sg_status sg_data_find_file(const char *folder, size_t which, char **ret, sg_error *err) SG_CHECKED;

#endif
