/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_DATA_FOLDER_H
#define SG_TEST_DATA_FOLDER_H

/* Folders of IDX files for tests, and loading them or being refused. */

#include "unit.h"

#include "base/file.h"
#include "base/random.h"
#include "folder.h"
#include "sparsegraph/dataset.h"

#include <math.h>
#include <zlib.h>

/* An empty folder for each test, and no data set of this machine within reach but the system's. */
static inline int setup(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    return setenv("HOME", folder, 1) || unsetenv("XDG_CACHE_HOME") || unsetenv("SPARSEGRAPH_DATA");
}

/* What write_data() puts in a folder: images of side x side, n_train and n_test of them. */
typedef struct made {
    size_t n_train;
    size_t n_test;
    uint32_t side;
    bool packed;
} made;

static const made small = {.n_train = 30, .n_test = 20, .side = 3};

static inline void put_u32(uint8_t *at, size_t value)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void write_file(const char *where, const char *name, const uint8_t *bytes, size_t n)
{
    char path[TEST_PATH_MAX];
    const bool packed = strcmp(name + strlen(name) - 3, ".gz") == 0;
    gzFile f = gzopen(in_folder(path, where, name), packed ? "wb" : "wbT"); /* T: as it is */
    assert_non_null(f);
    assert_int_equal(gzwrite(f, bytes, (unsigned)n), (int)n);
    assert_int_equal(gzclose(f), Z_OK);
}

/* Images of n random bytes, but for the first pixel, which is always 9. */
static inline void write_images(const char *where, const char *name, size_t n, uint32_t side,
                                uint32_t stream)
{
    const size_t n_pixels = (size_t)side * side;
    uint8_t *bytes = calloc(16 + n * n_pixels, 1);
    assert_non_null(bytes);
    put_u32(bytes, 0x0803);
    put_u32(bytes + 4, n);
    put_u32(bytes + 8, side);
    put_u32(bytes + 12, side);
    sg_random r;
    sg_random_open(&r, 1, SG_RANDOM_SAMPLE, stream, 0);
    for (size_t i = 0; i < n * n_pixels; i++)
        bytes[16 + i] = i % n_pixels ? (uint8_t)sg_random_below(&r, 256) : 9;
    write_file(where, name, bytes, 16 + n * n_pixels);
    free(bytes);
}

/* Labels 0, 1, ..., n_classes - 1, 0, ... */
static inline void write_labels(const char *where, const char *name, size_t n, size_t n_classes)
{
    uint8_t *bytes = calloc(8 + n, 1);
    assert_non_null(bytes);
    put_u32(bytes, 0x0801);
    put_u32(bytes + 4, n);
    for (size_t i = 0; i < n; i++)
        bytes[8 + i] = (uint8_t)(i % n_classes);
    write_file(where, name, bytes, 8 + n);
    free(bytes);
}

static inline void write_data(const char *where, const made *m)
{
    sg_error err = {0};
    assert_ok(sg_dir_make(where, &err), &err);
    write_images(where, m->packed ? "train-images-idx3-ubyte.gz" : "train-images-idx3-ubyte",
                 m->n_train, m->side, 0);
    write_labels(where, m->packed ? "train-labels-idx1-ubyte.gz" : "train-labels-idx1-ubyte",
                 m->n_train, 5);
    write_images(where, m->packed ? "t10k-images-idx3-ubyte.gz" : "t10k-images-idx3-ubyte",
                 m->n_test, m->side, 1);
    write_labels(where, m->packed ? "t10k-labels-idx1-ubyte.gz" : "t10k-labels-idx1-ubyte",
                 m->n_test, 5);
}

static inline sg_dataset *load(const sg_dataset_params *params)
{
    sg_dataset *d = NULL;
    sg_error err = {0};
    assert_ok(sg_dataset_load(params, &d, &err), &err);
    assert_non_null(d);
    return d;
}

static inline sg_dataset *load_name(const char *name)
{
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = name;
    return load(&params);
}

static inline void assert_refused(const sg_dataset_params *params, sg_status status,
                                  const char *words)
{
    sg_dataset *d = NULL;
    sg_error err = {0};
    assert_int_equal(sg_dataset_load(params, &d, &err), status);
    assert_null(d);
    assert_int_equal(err.status, status);
    if (!strstr(err.message, words))
        fail_msg("'%s' is not in '%s'", words, err.message);
    assert_null(strchr(err.message, '\n'));
}

static inline void assert_folder_refused(sg_status status, const char *words)
{
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = folder;
    assert_refused(&params, status, words);
}

static inline void assert_source_in(const sg_dataset *d, const char *where)
{
    const char *path = NULL;
    const char *sha256 = NULL;
    sg_dataset_source(d, 0, &path, &sha256);
    if (strncmp(path, where, strlen(where)) != 0 || path[strlen(where)] != '/')
        fail_msg("'%s' was read, not a file in '%s'", path, where);
}

/* Two passes in double over the samples, the textbook way. */
static inline void reference(const uint8_t *raw, size_t n, size_t n_features, size_t j,
                             double *mean, double *deviation)
{
    *mean = 0.0;
    for (size_t i = 0; i < n; i++)
        *mean += raw[i * n_features + j] / (double)n;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (raw[i * n_features + j] - *mean) * (raw[i * n_features + j] - *mean);
    *deviation = sqrt(sum / (double)n);
}

/* Floats carry 24 bits: 1e-6 relative leaves a few units in the last place. */
static inline void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-6 * fmax(1.0, fabs(b))))
        fail_msg("%.9g is not %.9g", a, b);
}

#endif
