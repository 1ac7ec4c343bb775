/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/json.h"
#include "data/known.h"
#include "data_folder.h"
#include "files.h"

static void names_are_searched_for_in_the_promised_order(void **state)
{
    (void)state;
    static const char *const places[] = {"home/.cache/sparsegraph/images/mnist",
                                         "home/.cache/sparsegraph/mnist",
                                         "xdg/sparsegraph/mnist",
                                         "env/images/mnist",
                                         "env/mnist",
                                         "given/images/mnist",
                                         "given/mnist"};
    char path[TEST_PATH_MAX];
    assert_int_equal(setenv("HOME", in_folder(path, folder, "home"), 1), 0);
    assert_int_equal(setenv("SPARSEGRAPH_DATA", in_folder(path, folder, "env"), 1), 0);
    char given[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_dir_make(in_folder(given, folder, "given"), &err), &err);
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = "mnist";
    params.folder = given;

    /* from the last place to the first: each new one must win */
    for (size_t i = 0; i < SG_COUNT(places); i++) {
        write_data(in_folder(path, folder, places[i]), &small);
        char xdg[TEST_PATH_MAX];
        if (strncmp(places[i], "xdg", 3) == 0)
            assert_int_equal(setenv("XDG_CACHE_HOME", in_folder(xdg, folder, "xdg"), 1), 0);
        sg_dataset *d = load(&params);
        assert_source_in(d, path);
        sg_dataset_free(d);
    }
}

static void other_spellings_of_the_file_names_are_found(void **state)
{
    (void)state;
    write_data(folder, &small);
    char from[TEST_PATH_MAX];
    char to[TEST_PATH_MAX];
    assert_int_equal(rename(in_folder(from, folder, "train-images-idx3-ubyte"),
                            in_folder(to, folder, "train-images.idx3-ubyte")),
                     0);
    assert_int_equal(rename(in_folder(from, folder, "t10k-images-idx3-ubyte"),
                            in_folder(to, folder, "t10k-images-idx2-ubyte")),
                     0);
    sg_dataset_free(load_name(folder));
}

static void a_named_data_set_has_its_classes_whatever_the_labels(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_data(in_folder(path, folder, "fashion-mnist"), &small); /* labels 0 to 4 */
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = "fashion-mnist";
    params.folder = folder;
    sg_dataset *d = load(&params);
    assert_int_equal(sg_dataset_n_classes(d), 10);
    assert_string_equal(sg_dataset_class_name(d, 7), "sneaker");
    assert_null(sg_dataset_identity(d)); /* the bytes are not Fashion-MNIST's */
    sg_dataset_free(d);

    write_labels(path, "t10k-labels-idx1-ubyte", 20, 11);
    assert_refused(&params, SG_EFORMAT, "label 10 of sample 10 in");
}

static void an_absent_data_set_is_explained(void **state)
{
    (void)state;
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.name = "mnist";
    if (!sg_dir_exists("/usr/share/datasets/mnist")) {
        assert_refused(&params, SG_ENOTFOUND,
                       "cannot find the data set 'mnist': put its four files from https://");
        assert_refused(&params, SG_ENOTFOUND, folder); /* among the places looked in */
    }
    params.name = "fashion-minst";
    assert_refused(&params, SG_ENOTFOUND, "did you mean 'fashion-mnist'?");
    params.name = "fashion";
    assert_refused(&params, SG_ENOTFOUND, "did you mean 'fashion-mnist'?");
    params.name = "genomes";
    assert_refused(&params, SG_ENOTFOUND, "there is no data set 'genomes'; name digits,");
    params.name = "no/such/folder";
    assert_refused(&params, SG_ENOTFOUND, "cannot find the folder 'no/such/folder'");
    params.name = folder;
    assert_refused(&params, SG_ENOTFOUND, "holds no IDX files; put train-images-idx3-ubyte,");
    params.name = "mnist";
    params.folder = "no/such/folder";
    assert_refused(&params, SG_ENOTFOUND, "cannot find the folder of data sets 'no/such/folder'");
    params.name = "";
    assert_refused(&params, SG_EINVAL, "no data set was named");
    params.name = NULL;
    assert_refused(&params, SG_EINVAL, "no data set was named");
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    static const char *const files[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                        "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        char path[TEST_PATH_MAX];
        char words[TEST_PATH_MAX];
        write_data(folder, &small);
        assert_int_equal(remove(in_folder(path, folder, files[i])), 0);
        (void)snprintf(words, sizeof words, "holds no %s", files[i]);
        assert_folder_refused(SG_ENOTFOUND, words);
    }
}

/* The digest of one of a catalogue entry's files, which stand in our order. */
static const char *file_digest(const sg_json *entry, size_t which)
{
    const sg_json *file = sg_json_first(sg_json_get(entry, "files"));
    for (size_t i = 0; i < which; i++)
        file = sg_json_next(file);
    return sg_json_string(sg_json_get(file, "sha256"));
}

static void the_catalogue_says_what_the_library_knows(void **state)
{
    (void)state;
    size_t n = 0;
    sg_json *root = NULL;
    sg_error err = {0};
    const char *path = getenv("SPARSEGRAPH_CATALOGUE");
    assert_non_null(path);
    char *text = read_whole(path, &n);
    assert_ok(sg_json_parse(text, n, &root, &err), &err);

    for (size_t i = 0; i < sg_dataset_n_known(); i++) {
        const sg_known_dataset *known = sg_known_by_name(sg_dataset_known(i)->name);
        const sg_json *entry = sg_json_first(sg_json_get(root, "datasets"));
        while (entry && strcmp(sg_json_string(sg_json_get(entry, "name")), known->info.name) != 0)
            entry = sg_json_next(entry);
        assert_non_null(entry);
        double n_classes = 0.0;
        assert_true(sg_json_number(sg_json_get(entry, "n_classes"), &n_classes));
        assert_true(n_classes == (double)known->n_classes);
        assert_string_equal(sg_json_string(sg_json_get(entry, "licence")), known->info.licence);
        assert_string_equal(sg_json_string(sg_json_get(entry, "citation")), known->info.citation);
        for (size_t f = 0; f < SG_N_DATA_FILES && known->sha256[f]; f++)
            assert_string_equal(file_digest(entry, f), known->sha256[f]);
    }
    assert_null(sg_dataset_known(sg_dataset_n_known()));
    sg_json_free(root);
    sg_free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_searched_for_in_the_promised_order),
        TEST(other_spellings_of_the_file_names_are_found),
        TEST(a_named_data_set_has_its_classes_whatever_the_labels),
        TEST(an_absent_data_set_is_explained),
        TEST(a_missing_file_is_named),
        TEST(the_catalogue_says_what_the_library_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
