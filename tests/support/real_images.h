/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_REAL_IMAGES_H
#define SG_TEST_REAL_IMAGES_H

#include "unit.h"

#include "data_folder.h"

/* Reads a real data set whole; the library finds by its digests that it is the one named. */
static inline void assert_real(const char *name, const char *where)
{
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = name;
    params.folder = where;
    sg_dataset *d = load(&params);
    assert_int_equal(sg_dataset_n_samples(d, SG_TRAIN), 60000);
    assert_int_equal(sg_dataset_n_samples(d, SG_TEST), 10000);
    assert_int_equal(sg_dataset_n_features(d), 784);
    assert_int_equal(sg_dataset_n_classes(d), 10);
    assert_non_null(sg_dataset_identity(d));
    assert_string_equal(sg_dataset_identity(d)->name, name);
    for (size_t j = 0; j < 784; j += 97) {
        double mean = 0.0;
        double deviation = 0.0;
        reference(sg_dataset_raw(d, SG_TRAIN), 60000, 784, j, &mean, &deviation);
        assert_true((sg_dataset_scale(d)[j] == 0.0F) == (deviation == 0.0));
        if (deviation > 0.0)
            assert_near(sg_dataset_scale(d)[j] * deviation, 1.0);
    }

    size_t n_constant = 0;
    for (size_t j = 0; j < 784; j++)
        n_constant += sg_dataset_deviation(d)[j] == 0.0F;
    assert_int_equal(n_constant, strcmp(name, "mnist") == 0 ? 67 : 0); /* counted with NumPy */
    sg_dataset_free(d);
}

#endif
