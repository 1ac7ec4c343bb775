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

/**
 * How features are scaled, by the mean m and the deviation s of the raw values over the training
 * samples that were taken (n_train of them; the population's deviation, divided by n).
 *
 * SG_STANDARDIZE_FEATURE divides by s_j itself, for every feature that varies at all. The code of
 * SET's authors (Mocanu et al. 2018, doi:10.1038/s41467-018-04316-3) divides by s_j + 1e-7. Where
 * s_j > 0 the two differ by less than 1e-7 sqrt(n_train) of the value, since a byte that varies
 * has s_j near 1/sqrt(n_train) or more. Where s_j = 0 theirs multiplies by 1e7 whatever a test
 * sample has there; ours makes the feature 0. A feature that varies in one training sample of n
 * becomes sqrt(n - 1) there (245 on MNIST), the most that any standardised training value can be;
 * test samples may exceed it. Features that vary so rarely are neither dropped nor damped.
 */
typedef enum sg_standardize {
    SG_STANDARDIZE_FEATURE = 0, /**< (x - m_j)/s_j a feature; one that never varies becomes 0 */
    SG_STANDARDIZE_GLOBAL,      /**< (x - m)/s with one m and s over all features */
    SG_STANDARDIZE_NONE,        /**< x / 255 */
} sg_standardize;

/** What to load, and how much of it. */
typedef struct sg_dataset_params {
    const char *name;   /**< "fashion-mnist", "mnist", "digits", or a folder's path */
    const char *folder; /**< a folder of data sets to search first; NULL: the usual places */
    size_t n_train;     /**< the first n training samples; 0 = all (digits: 10000) */
    size_t n_test;      /**< the first n test samples; 0 = all (digits: 2000) */
    uint64_t seed;      /**< of the generated digits; files ignore it */
    sg_standardize standardize; /**< scaling, by the statistics of the training samples taken */
} sg_dataset_params;

#define SG_DATASET_PARAMS_DEFAULT                                                                  \
    {                                                                                              \
        .name = "digits", .folder = 0, .n_train = 0, .n_test = 0, .seed = 1,                       \
        .standardize = SG_STANDARDIZE_FEATURE                                                      \
    }

/** A data set that has a name; all strings are static. */
typedef struct sg_dataset_info {
    const char *name;       /**< what sg_dataset_params.name takes */
    const char *title;      /**< one line */
    const char *licence;    /**< an SPDX identifier, or words where its authors chose none */
    const char *citation;   /**< authors, year and DOI or arXiv id */
    const char *how_to_get; /**< what to do on a machine that has it not */
} sg_dataset_info;

/** Returns the number of data sets that have a name, and the i-th, NULL past the end. */
SG_API size_t sg_dataset_n_known(void);
SG_API const sg_dataset_info *sg_dataset_known(size_t i);

/**
 * Loads a data set by name or from a folder of IDX files, plain or gzipped.
 *
 * A name without a slash is searched for in this order: `folder`, $SPARSEGRAPH_DATA,
 * ${XDG_CACHE_HOME:-~/.cache}/sparsegraph, /usr/share/datasets; in each, NAME/ and images/NAME/;
 * at last a folder NAME where the program runs. A name with a slash is the path of a folder.
 * The folder holds train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
 * t10k-labels-idx1-ubyte, each plain or with .gz (2 or 4 for the 3, and a dot for the hyphen
 * before "idx", are read too). Values and labels are unsigned bytes.
 *
 * Named data sets have 10 classes. Those of any other folder are counted: the largest training
 * label plus one. Files are read whole, at most 1 GiB each, and every check is made on all samples,
 * also where only the first n are taken.
 *
 * "digits" is generated and needs no file: 28x28, 10 classes in equal parts, sample i a function
 * of (seed, split, i) alone, so that a larger set begins with the smaller one; the same bytes on
 * every machine.
 *
 * @param params    what to load.
 * @param[out] ret  the data set; the caller's, sg_dataset_free().
 * @param[out] err  filled on failure; may be NULL.
 *
 * @retval SG_EINVAL       no name, more samples asked for than there are, an unknown scaling.
 * @retval SG_ENOTFOUND    no such data set; the message says how to get it and where it was looked
 *                         for. Or one of its four files is missing, or `folder` does not exist.
 * @retval SG_EFORMAT      a truncated or corrupt gzip, a wrong magic, sizes that lie, label count
 *                         != image count, a label outside the classes, test images of another size.
 * @retval SG_EUNSUPPORTED values that are no unsigned bytes, or of rank above 4.
 * @retval SG_EIO          the system refused to read a file.
 * @retval SG_ENOMEM       no memory.
 *
 * On failure ret is untouched. Thread-safe as long as nobody changes the environment.
 * O(bytes); Fashion-MNIST from gzip takes under a second.
 */
SG_API SG_CHECKED sg_status sg_dataset_load(const sg_dataset_params *params, sg_dataset **ret,
                                            sg_error *err);

/** Frees a data set; NULL is allowed. */
SG_API void sg_dataset_free(sg_dataset *d);

/** Return the name as it was asked for, the number of samples of a split, of features, of classes,
 * and the shape of a sample, (n_dims), e.g. 28, 28; all borrowed. */
SG_API const char *sg_dataset_name(const sg_dataset *d);
SG_API size_t sg_dataset_n_samples(const sg_dataset *d, sg_split split);
SG_API size_t sg_dataset_n_features(const sg_dataset *d);
SG_API size_t sg_dataset_n_classes(const sg_dataset *d);
SG_API size_t sg_dataset_n_dims(const sg_dataset *d);
SG_API const size_t *sg_dataset_shape(const sg_dataset *d);

/** Returns the name of a class ("7", "sneaker"), borrowed; NULL for class_id >= n_classes. */
SG_API const char *sg_dataset_class_name(const sg_dataset *d, size_t class_id);

/** Returns the labels of a split, (n_samples), each below n_classes; borrowed. */
SG_API const uint8_t *sg_dataset_labels(const sg_dataset *d, sg_split split);

/** Returns the raw features of a split, (n_samples, n_features) row-major, 0 to 255; borrowed. */
SG_API const uint8_t *sg_dataset_raw(const sg_dataset *d, sg_split split);

/**
 * Returns the affine map that standardises: value = raw * scale[j] + shift[j], each (n_features);
 * borrowed. With SG_STANDARDIZE_FEATURE both are 0 for a feature that never varies in the training
 * samples taken. Sums are exact integers; one rounding to float each.
 */
SG_API const float *sg_dataset_scale(const sg_dataset *d);
SG_API const float *sg_dataset_shift(const sg_dataset *d);

/** Returns the standard deviation of each raw feature over the training samples taken,
 * (n_features), in raw units; borrowed. 0 exactly where a feature never varies. */
SG_API const float *sg_dataset_deviation(const sg_dataset *d);

/** Returns the number of input files (generated data: 0), and the i-th's path and the SHA-256 of
 * its decompressed bytes in hex; borrowed, NULL past the end. Mirrors recompress, so a digest of
 * the packed file would not tell the data. */
SG_API size_t sg_dataset_n_sources(const sg_dataset *d);
SG_API void sg_dataset_source(const sg_dataset *d, size_t i, const char **path,
                              const char **sha256);

/** Returns the named data set whose published SHA-256 the four files match, whatever folder they
 * came from (or the generated one); NULL where the files are no known data set. Borrowed. */
SG_API const sg_dataset_info *sg_dataset_identity(const sg_dataset *d);

SG_END_DECLS

#endif
