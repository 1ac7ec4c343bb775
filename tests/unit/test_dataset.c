/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "data/digits.h"
#include "data_folder.h"

#include <math.h>

static void a_folder_of_idx_files_is_read(void **state)
{
    (void)state;
    made m = small;
    for (int packed = 0; packed < 2; packed++) {
        m.packed = packed;
        write_data(folder, &m);
        sg_dataset *d = load_name(folder);
        assert_string_equal(sg_dataset_name(d), folder);
        assert_int_equal(sg_dataset_n_samples(d, SG_TRAIN), 30);
        assert_int_equal(sg_dataset_n_samples(d, SG_TEST), 20);
        assert_int_equal(sg_dataset_n_features(d), 9);
        assert_int_equal(sg_dataset_n_classes(d), 5);
        assert_int_equal(sg_dataset_n_dims(d), 2);
        assert_int_equal(sg_dataset_shape(d)[0], 3);
        assert_int_equal(sg_dataset_shape(d)[1], 3);
        assert_string_equal(sg_dataset_class_name(d, 4), "4");
        assert_null(sg_dataset_class_name(d, 5));
        assert_null(sg_dataset_identity(d));
        assert_int_equal(sg_dataset_n_sources(d), 4);
        assert_source_in(d, folder);
        for (size_t i = 0; i < 30; i++) {
            assert_int_equal(sg_dataset_labels(d, SG_TRAIN)[i], i % 5);
            assert_int_equal(sg_dataset_raw(d, SG_TRAIN)[9 * i], 9);
        }
        sg_dataset_free(d);
    }
}

static void the_first_samples_of_a_file_are_taken(void **state)
{
    (void)state;
    write_data(folder, &small);
    sg_dataset *all = load_name(folder);
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = folder;
    params.n_train = 7;
    params.n_test = 3;
    sg_dataset *few = load(&params);
    assert_int_equal(sg_dataset_n_samples(few, SG_TRAIN), 7);
    assert_int_equal(sg_dataset_n_samples(few, SG_TEST), 3);
    assert_int_equal(sg_dataset_n_classes(few), 5);
    assert_memory_equal(sg_dataset_raw(few, SG_TRAIN), sg_dataset_raw(all, SG_TRAIN),
                        (size_t)7 * 9);
    assert_memory_equal(sg_dataset_raw(few, SG_TEST), sg_dataset_raw(all, SG_TEST), (size_t)3 * 9);
    assert_memory_equal(sg_dataset_labels(few, SG_TRAIN), sg_dataset_labels(all, SG_TRAIN), 7);
    sg_dataset_free(few);
    sg_dataset_free(all);

    params.n_train = 31;
    assert_refused(&params, SG_EINVAL, "31 training samples were asked for");
    params.n_train = 0;
    params.n_test = 21;
    assert_refused(&params, SG_EINVAL, "21 test samples were asked for");
}

static void features_are_standardised_by_the_training_samples_taken(void **state)
{
    (void)state;
    write_data(folder, &small);
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = folder;
    for (size_t n = 2; n <= 30; n += 7) {
        params.n_train = n;
        sg_dataset *d = load(&params);
        const float *scale = sg_dataset_scale(d);
        const float *shift = sg_dataset_shift(d);
        assert_true(scale[0] == 0.0F && shift[0] == 0.0F); /* always 9: never varies */
        assert_true(sg_dataset_deviation(d)[0] == 0.0F);
        for (size_t j = 1; j < 9; j++) {
            double mean = 0.0;
            double deviation = 0.0;
            reference(sg_dataset_raw(d, SG_TRAIN), n, 9, j, &mean, &deviation);
            assert_near(scale[j] * deviation, 1.0);
            assert_near(shift[j] * deviation / 255.0, -mean / 255.0);
            assert_near(sg_dataset_deviation(d)[j], deviation);
        }
        sg_dataset_free(d);
    }
}

/* Enough samples for several of the fit's chunks; one pixel lit once among them. */
static void a_feature_lit_once_in_many_samples_keeps_its_exact_deviation(void **state)
{
    (void)state;
    const size_t n = 140000;
    uint8_t *bytes = calloc(8 + 4 + n * 2, 1);
    assert_non_null(bytes);
    put_u32(bytes, 0x0802);
    put_u32(bytes + 4, n);
    put_u32(bytes + 8, 2);
    for (size_t i = 0; i < n; i++)
        bytes[12 + 2 * i] = 255; /* never varies, and would overflow 32-bit sums of squares */
    bytes[12 + 2 * 139999 + 1] = 1;
    write_file(folder, "train-images-idx2-ubyte", bytes, 12 + 2 * n);
    put_u32(bytes + 4, 1);
    write_file(folder, "t10k-images-idx2-ubyte", bytes, 12 + 2);
    free(bytes);
    write_labels(folder, "train-labels-idx1-ubyte", n, 2);
    write_labels(folder, "t10k-labels-idx1-ubyte", 1, 2);

    sg_dataset *d = load_name(folder);
    assert_int_equal(sg_dataset_n_dims(d), 1);
    assert_true(sg_dataset_scale(d)[0] == 0.0F && sg_dataset_deviation(d)[0] == 0.0F);
    /* m = 1/n and s = sqrt(1/n - 1/n^2), so that the lit one becomes sqrt(n - 1) */
    const double s = sqrt(1.0 / (double)n - 1.0 / (double)n / (double)n);
    assert_near(sg_dataset_scale(d)[1] * s, 1.0);
    assert_near(((double)sg_dataset_scale(d)[1] + (double)sg_dataset_shift(d)[1]) /
                    sqrt((double)n - 1.0),
                1.0);
    sg_dataset_free(d);
}

static void one_scale_for_all_features_and_none_at_all(void **state)
{
    (void)state;
    write_data(folder, &small);
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = folder;
    params.standardize = SG_STANDARDIZE_GLOBAL;
    sg_dataset *d = load(&params);
    double mean = 0.0;
    double deviation = 0.0;
    reference(sg_dataset_raw(d, SG_TRAIN), (size_t)30 * 9, 1, 0, &mean, &deviation);
    for (size_t j = 0; j < 9; j++) {
        assert_near(sg_dataset_scale(d)[j] * deviation, 1.0);
        assert_near(sg_dataset_shift(d)[j] * deviation / 255.0, -mean / 255.0);
    }
    assert_true(sg_dataset_deviation(d)[0] == 0.0F); /* of the feature, whatever the scaling */
    sg_dataset_free(d);

    params.standardize = SG_STANDARDIZE_NONE;
    d = load(&params);
    for (size_t j = 0; j < 9; j++)
        assert_true(sg_dataset_scale(d)[j] == 1.0F / 255.0F && sg_dataset_shift(d)[j] == 0.0F);
    sg_dataset_free(d);

    params.standardize = (sg_standardize)3;
    assert_refused(&params, SG_EINVAL, "no scaling 3");
}

static void files_that_do_not_belong_together_are_refused(void **state)
{
    (void)state;
    write_data(folder, &small);
    write_labels(folder, "train-labels-idx1-ubyte", 29, 5);
    assert_folder_refused(SG_EFORMAT, "holds 29 labels, but");
    write_labels(folder, "train-labels-idx1-ubyte", 31, 5);
    assert_folder_refused(SG_EFORMAT, "holds 31 labels, but");

    write_data(folder, &small);
    write_images(folder, "t10k-images-idx3-ubyte", 20, 4, 1);
    assert_folder_refused(SG_EFORMAT, "have another shape than those in");

    write_data(folder, &small);
    write_labels(folder, "train-images-idx3-ubyte", 30, 5);
    assert_folder_refused(SG_EFORMAT, "has 1 dimension, but images need 2 or more");

    write_data(folder, &small);
    write_images(folder, "t10k-labels-idx1-ubyte", 20, 3, 1);
    assert_folder_refused(SG_EFORMAT, "has 3 dimensions, but labels need 1");

    write_data(folder, &small);
    write_labels(folder, "t10k-labels-idx1-ubyte", 20, 6);
    assert_folder_refused(SG_EFORMAT, "label 5 of sample 5 in");

    write_data(folder, &small);
    write_labels(folder, "train-labels-idx1-ubyte", 30, 1);
    assert_folder_refused(SG_EFORMAT, "every label in");
}

static void generated_digits_are_what_the_generator_draws(void **state)
{
    (void)state;
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.n_train = 40;
    params.n_test = 20;
    params.seed = 9;
    sg_dataset *d = load(&params);
    assert_int_equal(sg_dataset_n_samples(d, SG_TRAIN), 40);
    assert_int_equal(sg_dataset_n_samples(d, SG_TEST), 20);
    assert_int_equal(sg_dataset_n_features(d), 784);
    assert_int_equal(sg_dataset_n_classes(d), 10);
    assert_int_equal(sg_dataset_n_sources(d), 0);
    assert_string_equal(sg_dataset_identity(d)->name, "digits");
    for (uint32_t i = 0; i < 40; i++) {
        uint8_t p[SG_DIGITS_PIXELS];
        sg_digits_draw(9, SG_TRAIN, i, p);
        assert_memory_equal(p, sg_dataset_raw(d, SG_TRAIN) + (size_t)i * SG_DIGITS_PIXELS,
                            sizeof p);
        assert_int_equal(sg_dataset_labels(d, SG_TRAIN)[i], sg_digits_label(9, SG_TRAIN, i));
    }
    sg_dataset_free(d);

    params.n_train = (size_t)UINT32_MAX + 1;
    assert_refused(&params, SG_EINVAL, "4294967296 digits are too many");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    made m = small;
    m.packed = true;
    write_data(in_folder(path, folder, "images/mnist"), &m);
    sg_dataset_params params = {.folder = folder, .n_train = 4, .n_test = 4};
    static const char *const names[] = {"mnist", "digits", "nothing"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        params.name = names[i];
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_dataset *d = NULL;
            sg_test_alloc_budget(budget);
            status = sg_dataset_load(&params, &d, NULL);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (d != NULL));
            sg_dataset_free(d);
            assert_true(budget < 500);
        }
        assert_int_equal(status, i < 2 ? SG_OK : SG_ENOTFOUND);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_of_idx_files_is_read),
        TEST(the_first_samples_of_a_file_are_taken),
        TEST(features_are_standardised_by_the_training_samples_taken),
        TEST(a_feature_lit_once_in_many_samples_keeps_its_exact_deviation),
        TEST(one_scale_for_all_features_and_none_at_all),
        TEST(files_that_do_not_belong_together_are_refused),
        TEST(generated_digits_are_what_the_generator_draws),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
