/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read_bytes.h"

#include "base/text.h"
#include "container.h"
#include "files.h"
#include "folder.h"

/* The files of these tests: W1 and W2 of network_files.h, each in a format of its own. */
static char first[TEST_PATH_MAX];
static char second[TEST_PATH_MAX];

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    sg_error err = {0};
    assert_ok(sg_file_write(path, bytes, n, &err), &err);
}

static int make_files(void **state)
{
    built b = {.n = 0};
    if (make_folder(state) != 0)
        return -1;
    write_text(in_folder(first, folder, "first.mtx"), NET_MTX);
    put_npy(&b, "<f4", "False", "2, 2", NET_W2, sizeof NET_W2);
    write_bytes(in_folder(second, folder, "sec,ond.npy"), b.at, b.n);
    return 0;
}

static void files_in_their_order_are_the_layers(void **state)
{
    (void)state;
    const char *const paths[] = {first, second};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_read_layers(paths, 2, NULL, &s, &err), &err);
    assert_whole_network(s, false);
    assert_string_equal(sg_snapshot_meta(s, "tensor.input-hidden1"), "first.mtx");
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden1-output"), "sec,ond.npy");
    sg_snapshot_free(s);
}

static void a_text_stands_for_several_files_and_their_orientation(void **state)
{
    (void)state;
    const char *const paths[] = {first, second};
    SG_AUTOFREE char *spec = NULL;
    SG_AUTOFREE char *alone = NULL;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_spec(paths, 2, SG_ORIENTATION_OUT_IN, &spec, &err), &err);
    assert_true(sg_snapshot_is(spec));
    assert_int_equal(strncmp(spec, "out-in:layers:/", 15), 0);
    assert_non_null(strstr(spec, ",/"));
    assert_non_null(strstr(spec, "sec\\,ond.npy"));
    assert_ok(sg_snapshot_read(spec, &s, &err), &err);
    assert_whole_network(s, false);
    sg_snapshot_free(s);

    assert_ok(sg_snapshot_spec(paths, 1, SG_ORIENTATION_IN_OUT, &alone, &err), &err);
    assert_ok(sg_snapshot_read(alone, &s, &err), &err);
    assert_int_equal(sg_snapshot_layer(s, 0)->size, 2); /* W1 turned round: 2 send to 3 */
    assert_int_equal(sg_snapshot_layer(s, 1)->size, 3);
    assert_string_equal(sg_snapshot_meta(s, "orientation"), "in-out");
    sg_snapshot_free(s);
}

static void a_file_of_such_a_name_is_that_file(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char here[TEST_PATH_MAX];
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_non_null(getcwd(here, sizeof here));
    write_text(in_folder(path, folder, "in-out:w"), NET_MTX);
    assert_int_equal(chdir(folder), 0);
    assert_ok(sg_snapshot_read("in-out:w", &s, &err), &err);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(sg_snapshot_layer(s, 0)->size, 3);
    sg_snapshot_free(s);
}

static void assert_layers_refused(const char *const *paths, size_t n, sg_orientation orientation,
                                  sg_status status, const char *part)
{
    sg_snapshot_read_params p = SG_SNAPSHOT_READ_DEFAULT;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    p.orientation = orientation;
    assert_int_equal(sg_snapshot_read_layers(paths, n, &p, &s, &err), status);
    if (!strstr(err.message, part))
        fail_msg("'%s' lacks '%s'", err.message, part);
    assert_null(s);
}

static void says_which_files_make_no_chain(void **state)
{
    (void)state;
    char absent[TEST_PATH_MAX];
    const char *const wrong[] = {second, first};
    const char *const missing[] = {first, in_folder(absent, folder, "absent")};
    const char *const good[] = {first, second};
    assert_layers_refused(wrong, 2, SG_ORIENTATION_OUT_IN, SG_EUNSUPPORTED,
                          "its 2-D tensors (sec,ond.npy 2 x 2, first.mtx 2 x 3) make no chain of "
                          "layers (out, in) in the order of the files");
    assert_layers_refused(good, 2, SG_ORIENTATION_IN_OUT, SG_EUNSUPPORTED,
                          "make no chain of layers (in, out) in the order of the files");
    assert_layers_refused(missing, 2, SG_ORIENTATION_AUTO, SG_ENOTFOUND, "absent");
    assert_layers_refused(good, 0, SG_ORIENTATION_AUTO, SG_EINVAL, "0 files");
    assert_layers_refused(good, 2, (sg_orientation)7, SG_EINVAL, "no orientation 7");
}

/* A network of our own, a state dict and a plain matrix, one behind the other: 4 -> 3 -> 2 -> 2. */
static void kinds_of_files_may_be_mixed(void **state)
{
    (void)state;
    char own[TEST_PATH_MAX];
    char torch[TEST_PATH_MAX];
    static const size_t CELLS[] = {0, 3, 5};
    const sg_layer input = {.name = "a", .size = 4};
    const sg_layer output = {.name = "b", .size = 3, .bias = NET_W1};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    zip_build z = {0};
    demand(sg_snapshot_new(&s, &err), &err);
    demand(sg_snapshot_add_layer(s, &input, &err), &err);
    demand(sg_snapshot_add_layer(s, &output, &err), &err);
    demand(sg_snapshot_add_link(s, "a-b", 0, 1, matrix_of(3, 4, CELLS, 3, true), &err), &err);
    assert_ok(sg_snapshot_write(s, in_folder(own, folder, "own.safetensors"), &err), &err);
    sg_snapshot_free(s);
    build_torch(&z);
    write_bytes(in_folder(torch, folder, "net.pt"), z.file.at, z.file.n);

    const char *const paths[] = {own, torch, second};
    assert_ok(sg_snapshot_read_layers(paths, 3, NULL, &s, &err), &err);
    assert_int_equal(sg_snapshot_n_links(s), 4);
    assert_int_equal(sg_snapshot_n_connections(s), 3 + 3 + 2 + 2);
    assert_true(sg_snapshot_layer(s, 1)->bias[2] == 2.0F);
    assert_true(sg_snapshot_layer(s, 2)->bias[0] == 0.5F);
    assert_string_equal(sg_snapshot_meta(s, "tensor.hidden1-hidden2"), "net.pt:fc1.weight");
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const char *const paths[] = {first, second};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_snapshot *s = NULL;
        sg_test_alloc_budget(budget);
        status = sg_snapshot_read_layers(paths, 2, NULL, &s, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(s != NULL, status == SG_OK);
        sg_snapshot_free(s);
        assert_true(budget < 500);
    }
    assert_int_equal(status, SG_OK);
}

static void tells_networks_with_layers_from_graphs(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    const struct {
        const char *name;
        const char *text;
        bool is;
    } files[] = {
        {"a.mtx", NET_MTX, true},      {"b", NET_SMTX, true},
        {"c.csv", NET_CSV, true},      {"d.edges", NET_EDGES, false},
        {"e.edges", "a b\n", false},   {"f.csv", "source,target\n1,2\n", false},
        {"g.gml", "graph [\n", false}, {"h", "", false},
    };
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        write_text(in_folder(path, folder, files[i].name), files[i].text);
        if (sg_snapshot_is(path) != files[i].is)
            fail_msg("%s", files[i].name);
    }
    assert_true(sg_snapshot_is(second));
    assert_false(sg_snapshot_is(folder));
    assert_false(sg_snapshot_is(in_folder(path, folder, "absent")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_in_their_order_are_the_layers),
        cmocka_unit_test(a_text_stands_for_several_files_and_their_orientation),
        cmocka_unit_test(a_file_of_such_a_name_is_that_file),
        cmocka_unit_test(says_which_files_make_no_chain),
        cmocka_unit_test(kinds_of_files_may_be_mixed),
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(tells_networks_with_layers_from_graphs),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
