/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_PARTS_H
#define SG_DATA_PARTS_H

/* What a data set is made of, for the files that fill it. */

#include "data/idx.h"
#include "data/known.h"

enum {
    SG_N_SPLITS = 2,
    SG_N_CLASSES_MAX = 256, /* labels are bytes */
    SG_CLASS_TEXT = 4,      /* "255" and a NUL */
};

/* The samples of one split; each array points into its block. */
typedef struct sg_split_data {
    void *raw_block;
    void *label_block;
    const uint8_t *raw;
    const uint8_t *labels;
    size_t n;
} sg_split_data;

typedef struct sg_source {
    char *path;
    char sha256[SG_SHA256_HEX];
} sg_source;

struct sg_dataset {
    char *name;
    size_t n_features;
    size_t n_classes;
    size_t n_dims;
    size_t shape[SG_IDX_RANK_MAX - 1];
    sg_split_data splits[SG_N_SPLITS];
    const char *const *class_names; /* (n_classes), or NULL: number_names */
    char number_names[SG_N_CLASSES_MAX][SG_CLASS_TEXT];
    float *scale;
    float *shift;
    float *deviation;
    const sg_dataset_info *identity;
    size_t n_sources;
    sg_source sources[SG_N_DATA_FILES];
};

/*
 * Fills an empty data set (but for its name and its scaling) from the folder of IDX files that the
 * parameters name. Errors as sg_dataset_load(); the data set is then fit to be freed only.
 */
sg_status sg_dataset_read_folder(const sg_dataset_params *params, sg_dataset *d,
                                 sg_error *err) SG_CHECKED;

#endif
