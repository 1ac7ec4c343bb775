/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_DATASET_H
#define SPARSEGRAPH_DATASET_H

/** @file dataset.h  Labelled samples to train and test on. */

#include "error.h"
#include <stddef.h>
#include <stdint.h>

SG_BEGIN_DECLS

typedef struct sg_dataset sg_dataset;

typedef enum sg_split { SG_TRAIN = 0, SG_TEST = 1 } sg_split;

/** How features are scaled by the mean m and deviation s of the training samples. */
typedef enum sg_standardize {
    SG_STANDARDIZE_FEATURE =
        0,                 /**< (x - m_j)/s_j a feature; a feature that never varies becomes 0 */
    SG_STANDARDIZE_GLOBAL, /**< (x - m)/s with one m and s over all features */
    SG_STANDARDIZE_NONE,   /**< x / 255 */
} sg_standardize;

/** What to load, and how much of it. */
typedef struct sg_dataset_params {
    const char
        *name; /**< "fashion-mnist", "mnist", "digits", or the path of a folder of IDX files */
    const char *folder; /**< a folder of data sets to search first; NULL: the usual places */
    size_t n_train;     /**< the first n training samples; 0 = all (digits: 10000) */
    size_t n_test;      /**< the first n test samples; 0 = all (digits: 2000) */
    uint64_t seed;      /**< of the generated digits */
    sg_standardize standardize; /**< scaling, by the statistics of the training samples taken */
} sg_dataset_params;

#define SG_DATASET_PARAMS_DEFAULT                                                                  \
    {                                                                                              \
        .name = "digits", .folder = 0, .n_train = 0, .n_test = 0, .seed = 1,                       \
        .standardize = SG_STANDARDIZE_FEATURE                                                      \
    }

/**
 * Loads a data set by name or from a folder of IDX files, plain or gzipped.
 *
 * Searched for the names, in this order: `folder`, $SPARSEGRAPH_DATA,
 * ${XDG_CACHE_HOME:-~/.cache}/sparsegraph, /usr/share/datasets; in each, NAME/ and images/NAME/.
 * "digits" is generated and needs no file.
 *
 * @retval SG_ENOTFOUND  no such data set; the message says where it was looked for and how to get
 * it.
 * @retval SG_EFORMAT    a truncated gzip, a wrong magic, sizes that lie, label count != image
 * count.
 * @retval SG_ENOMEM     no memory.
 */
SG_API SG_CHECKED sg_status sg_dataset_load(const sg_dataset_params *params, sg_dataset **ret,
                                            sg_error *err);

/** Frees a data set; NULL is allowed. */
SG_API void sg_dataset_free(sg_dataset *d);

/** Return the name, the number of samples of a split, of features, of classes, and the shape
 * (28×28: 2 entries). */
SG_API const char *sg_dataset_name(const sg_dataset *d);
SG_API size_t sg_dataset_n_samples(const sg_dataset *d, sg_split split);
SG_API size_t sg_dataset_n_features(const sg_dataset *d);
SG_API size_t sg_dataset_n_classes(const sg_dataset *d);
SG_API size_t sg_dataset_n_dims(const sg_dataset *d);
SG_API const size_t *sg_dataset_shape(const sg_dataset *d);

/** Returns the name of a class ("7", "sneaker"), borrowed. */
SG_API const char *sg_dataset_class_name(const sg_dataset *d, size_t class_id);

/** Returns the labels of a split, (n_samples), each below n_classes; borrowed. */
SG_API const uint8_t *sg_dataset_labels(const sg_dataset *d, sg_split split);

/** Returns the raw features of a split, (n_samples, n_features) row-major, 0 to 255; borrowed. */
SG_API const uint8_t *sg_dataset_raw(const sg_dataset *d, sg_split split);

/**
 * Returns the affine map that standardises: value = raw * scale[j] + shift[j], each (n_features);
 * borrowed. Both are 0 for a feature that never varies in the training samples.
 */
SG_API const float *sg_dataset_scale(const sg_dataset *d);
SG_API const float *sg_dataset_shift(const sg_dataset *d);

/** Returns the standard deviation of each raw feature over the training samples, (n_features);
 * borrowed. */
SG_API const float *sg_dataset_deviation(const sg_dataset *d);

/** Returns the number of input files, and the i-th's path and the SHA-256 of its decompressed bytes
 * in hex; borrowed. */
SG_API size_t sg_dataset_n_sources(const sg_dataset *d);
SG_API void sg_dataset_source(const sg_dataset *d, size_t i, const char **path,
                              const char **sha256);

SG_END_DECLS

#endif
