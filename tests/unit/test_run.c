/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "container.h"
#include "files.h"
#include "folder.h"
#include "snapshot/run_writer.h"

#include <math.h>
#include <sys/stat.h>

static const char MANIFEST[] =
    "{\"method\":\"set\",\"seed\":1,\"dataset\":null,"
    "\"settings\":{\"hidden\":[1000,1000],\"lr\":0.01,\"overwrite\":false,\"nothing\":[]}}";

static void put(const char *run, const char *name, const char *text)
{
    char path[TEST_PATH_MAX];
    write_text(in_folder(path, run, name), text);
}

static bool has(const char *run, const char *name)
{
    char path[TEST_PATH_MAX];
    return sg_file_exists(in_folder(path, run, name));
}

static sg_epoch_metrics metrics_of(long epoch)
{
    return (sg_epoch_metrics){
        .epoch = epoch,
        .train_s = 0.1,
        .evolve_s = 1.0 / 3.0,
        .test_s = 1e-300,
        .snapshot_s = 5e-324,
        .train_loss = 1.7976931348623157e308,
        .test_loss = NAN,
        .train_accuracy = 0.8612,
        .test_accuracy = 1.0,
        .links = 4503599627370497.0,
        .density = 0.1 + 0.2,
    };
}

/* A run of two epochs and a final network, out of order on purpose. */
static void write_run(const char *run)
{
    sg_error err = {0};
    sg_snapshot *s = every_kind_of_part();
    assert_ok(sg_run_create(run, MANIFEST, false, &err), &err);
    const long epochs[] = {10, 0, 12345, 2};
    for (size_t i = 0; i < SG_COUNT(epochs); i++)
        assert_ok(sg_run_write_snapshot(run, epochs[i], s, &err), &err);
    assert_ok(sg_run_write_final(run, s, &err), &err);
    for (long epoch = 0; epoch < 3; epoch++) {
        const sg_epoch_metrics m = metrics_of(epoch);
        assert_ok(sg_run_append_metrics(run, &m, &err), &err);
    }
    sg_snapshot_free(s);
}

static sg_run *open_run(const char *path)
{
    sg_run *run = NULL;
    sg_error err = {0};
    assert_ok(sg_run_open(path, &run, &err), &err);
    return run;
}

static void a_run_reads_back_what_training_wrote(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "nested/run"));
    assert_true(sg_run_is(path));
    sg_run *run = open_run(path);

    assert_string_equal(sg_run_path(run), path);
    assert_string_equal(sg_run_manifest(run), MANIFEST);
    assert_string_equal(sg_run_setting(run, "method"), "set");
    assert_string_equal(sg_run_setting(run, "seed"), "1");
    assert_string_equal(sg_run_setting(run, "hidden"), "1000,1000");
    assert_string_equal(sg_run_setting(run, "lr"), "0.01");
    assert_string_equal(sg_run_setting(run, "overwrite"), "false");
    assert_string_equal(sg_run_setting(run, "nothing"), "");
    assert_null(sg_run_setting(run, "dataset"));
    assert_null(sg_run_setting(run, "settings"));

    const long epochs[] = {0, 2, 10, 12345};
    assert_int_equal(sg_run_n_snapshots(run), SG_COUNT(epochs));
    for (size_t i = 0; i < SG_COUNT(epochs); i++) {
        sg_snapshot *s = NULL;
        sg_error err = {0};
        assert_int_equal(sg_run_snapshot_epoch(run, i), epochs[i]);
        assert_ok(sg_snapshot_read(sg_run_snapshot_path(run, i), &s, &err), &err);
        sg_snapshot_free(s);
    }
    assert_non_null(strstr(sg_run_snapshot_path(run, 0), "/snapshots/epoch-0000.safetensors"));
    assert_non_null(strstr(sg_run_final_path(run), "/snapshots/final.safetensors"));
    sg_run_free(run);
}

static void metrics_read_back_to_the_last_bit(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "bits"));
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_metrics(run), 3);
    for (size_t i = 0; i < 3; i++) {
        const sg_epoch_metrics wrote = metrics_of((long)i);
        const sg_epoch_metrics *read = sg_run_metrics(run, i);
        assert_int_equal(read->epoch, wrote.epoch);
        assert_true(read->train_s == wrote.train_s);
        assert_true(read->evolve_s == wrote.evolve_s);
        assert_true(read->test_s == wrote.test_s);
        assert_true(read->snapshot_s == wrote.snapshot_s);
        assert_true(read->train_loss == wrote.train_loss);
        assert_true(isnan(read->test_loss));
        assert_true(read->train_accuracy == wrote.train_accuracy);
        assert_true(read->links == wrote.links);
        assert_true(read->density == wrote.density);
    }
    sg_run_free(run);
}

static void a_half_written_last_line_is_dropped_and_any_other_refused(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "lines"));
    put(path, "metrics.jsonl", "{\"epoch\":0,\"links\":5}\n\n{\"epoch\":1,\"test_acc");
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_metrics(run), 1);
    assert_true(sg_run_metrics(run, 0)->links == 5.0);
    assert_true(isnan(sg_run_metrics(run, 0)->density));
    sg_run_free(run);

    put(path, "metrics.jsonl", "{\"epoch\":0}\n{\"epoch\":1}"); /* whole but for its newline */
    run = open_run(path);
    assert_int_equal(sg_run_n_metrics(run), 2);
    sg_run_free(run);

    const char *const broken[] = {
        "{\"epoch\":0,\n{\"epoch\":1}\n", "{\"epoch\":-1}\n", "{}\n", "[]\n", "{\"epoch\":1.5}\n",
        "{\"epoch\":1,\"epoch\":2}\n"};
    for (size_t i = 0; i < SG_COUNT(broken); i++) {
        sg_error err = {0};
        run = NULL;
        put(path, "metrics.jsonl", broken[i]);
        assert_int_equal(sg_run_open(path, &run, &err), SG_EFORMAT);
        assert_non_null(strstr(err.message, "/metrics.jsonl': line 1: "));
        assert_null(run);
    }
}

static void later_lines_of_an_epoch_replace_earlier_ones(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "again"));
    put(path, "metrics.jsonl",
        "{\"epoch\":2,\"links\":1}\n{\"epoch\":1,\"links\":2}\n{\"epoch\":2,\"links\":3}\n");
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_metrics(run), 2);
    assert_int_equal(sg_run_metrics(run, 0)->epoch, 1);
    assert_true(sg_run_metrics(run, 1)->links == 3.0);
    sg_run_free(run);
}

static void resuming_drops_the_metrics_after_the_checkpoint(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    sg_error err = {0};
    write_run(in_folder(path, folder, "resume"));
    in_folder(file, path, "metrics.jsonl");
    assert_ok(sg_file_append(file, "{\"epoch\":3,\"te", 14, &err), &err);
    assert_ok(sg_run_truncate_metrics(path, 1, &err), &err);
    const sg_epoch_metrics m = metrics_of(2);
    assert_ok(sg_run_append_metrics(path, &m, &err), &err);

    /* the same bytes as a run that was never interrupted */
    char other[TEST_PATH_MAX];
    char other_file[TEST_PATH_MAX];
    write_run(in_folder(other, folder, "uninterrupted"));
    assert_same_file(file, in_folder(other_file, other, "metrics.jsonl"));

    assert_ok(sg_run_truncate_metrics(path, -1, &err), &err);
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_metrics(run), 0);
    sg_run_free(run);
    assert_int_equal(remove(in_folder(file, path, "metrics.jsonl")), 0);
    assert_ok(sg_run_truncate_metrics(path, 5, &err), &err);
}

static void the_checkpoint_comes_back_and_goes_away(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_snapshot *s = every_kind_of_part();
    sg_snapshot *back = NULL;
    write_run(in_folder(path, folder, "checkpoint"));
    assert_int_equal(sg_run_read_checkpoint(path, &back, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "holds no checkpoint"));
    assert_ok(sg_run_write_checkpoint(path, s, &err), &err);
    assert_ok(sg_run_read_checkpoint(path, &back, &err), &err);
    assert_true(sg_snapshot_find_tensor(back, "slope")->value[1] == 2.0F);
    assert_ok(sg_run_remove_checkpoint(path, &err), &err);
    assert_ok(sg_run_remove_checkpoint(path, &err), &err);
    assert_false(has(path, "checkpoint.safetensors"));
    sg_snapshot_free(back);
    sg_snapshot_free(s);
}

static void creating_refuses_what_it_would_destroy(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    write_run(in_folder(path, folder, "taken"));
    assert_int_equal(sg_run_create(path, MANIFEST, false, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "holds a run already; resume it"));

    assert_ok(sg_dir_make(in_folder(path, folder, "photos"), &err), &err);
    put(path, "me.jpg", "x");
    for (int overwrite = 0; overwrite < 2; overwrite++) {
        assert_int_equal(sg_run_create(path, MANIFEST, overwrite, &err), SG_EINVAL);
        assert_non_null(strstr(err.message, "is not empty and holds no run"));
    }
    assert_true(has(path, "me.jpg"));
    assert_int_equal(count_entries(path), 1);

    char file[TEST_PATH_MAX];
    assert_int_equal(sg_run_create(in_folder(file, path, "me.jpg"), MANIFEST, true, &err),
                     SG_EINVAL);
    assert_non_null(strstr(err.message, "it is a file"));
    assert_int_equal(sg_run_create(in_folder(file, folder, "new"), "[1]", true, &err), SG_EINVAL);
    assert_int_equal(sg_run_create(file, "{", true, &err), SG_EINVAL);
    assert_false(sg_dir_exists(file));
}

static void overwriting_removes_the_run_and_nothing_else(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char sub[TEST_PATH_MAX];
    sg_error err = {0};
    sg_snapshot *s = every_kind_of_part();
    write_run(in_folder(path, folder, "old"));
    assert_ok(sg_run_write_checkpoint(path, s, &err), &err);
    assert_ok(sg_dir_make(in_folder(sub, path, "analysis"), &err), &err);
    put(path, "analysis/analysis.json", "{}");
    put(path, "report.html", "x");
    put(path, "notes.txt", "mine");
    put(path, "snapshots/mine.safetensors", "mine");
    put(path, "snapshots/.epoch-0003.safetensors.tmp-77", "half");
    put(path, ".checkpoint.safetensors.tmp-77", "half");

    assert_ok(sg_run_create(path, "{\"seed\":2}", true, &err), &err);
    assert_false(has(path, "checkpoint.safetensors"));
    assert_false(has(path, "metrics.jsonl"));
    assert_false(has(path, "analysis/analysis.json"));
    assert_false(has(path, "report.html"));
    assert_false(has(path, "snapshots/.epoch-0003.safetensors.tmp-77"));
    assert_false(has(path, ".checkpoint.safetensors.tmp-77"));
    assert_true(has(path, "notes.txt"));
    assert_int_equal(count_entries(in_folder(sub, path, "snapshots")), 1);
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_snapshots(run), 0);
    assert_int_equal(sg_run_n_metrics(run), 0);
    assert_null(sg_run_final_path(run));
    assert_string_equal(sg_run_setting(run, "seed"), "2");
    sg_run_free(run);
    sg_snapshot_free(s);
}

static void a_folder_of_snapshots_alone_is_a_run(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char file[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "alone"));
    assert_int_equal(remove(in_folder(file, path, "manifest.json")), 0);
    assert_int_equal(remove(in_folder(file, path, "metrics.jsonl")), 0);
    assert_true(sg_run_is(path));
    sg_run *run = open_run(path);
    assert_string_equal(sg_run_manifest(run), "{}");
    assert_null(sg_run_setting(run, "seed"));
    assert_int_equal(sg_run_n_metrics(run), 0);
    assert_int_equal(sg_run_n_snapshots(run), 4);
    sg_run_free(run);
}

static void says_why_a_path_is_no_run(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char expected[2 * TEST_PATH_MAX];
    sg_run *run = NULL;
    sg_error err = {0};
    assert_int_equal(sg_run_open(in_folder(path, folder, "absent"), &run, &err), SG_ENOTFOUND);
    (void)snprintf(expected, sizeof expected, "there is no run directory '%s'", path);
    assert_string_equal(err.message, expected);

    assert_ok(sg_dir_make(in_folder(path, folder, "empty"), &err), &err);
    assert_false(sg_run_is(path));
    assert_int_equal(sg_run_open(path, &run, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "it holds neither manifest.json nor snapshots/"));

    put(path, "manifest.json", "{\"seed\":");
    assert_true(sg_run_is(path));
    assert_int_equal(sg_run_open(path, &run, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "/manifest.json': "));
    put(path, "manifest.json", "[]");
    assert_int_equal(sg_run_open(path, &run, &err), SG_EFORMAT);
    assert_null(run);
}

static void passes_over_files_that_are_no_snapshots(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "strangers"));
    const char *const names[] = {"epoch-.safetensors",
                                 "epoch-1.safetensors.bak",
                                 "epoch--1.safetensors",
                                 ".epoch-0001.safetensors.tmp-1",
                                 "epoch-0x1.safetensors",
                                 "epoch-99999999999999999999.safetensors",
                                 "README"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char name[TEST_PATH_MAX];
        put(path, in_folder(name, "snapshots", names[i]), "x");
    }
    sg_run *run = open_run(path);
    assert_int_equal(sg_run_n_snapshots(run), 4);
    sg_run_free(run);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    write_run(in_folder(path, folder, "budget"));
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_run *run = NULL;
        sg_test_alloc_budget(budget);
        status = sg_run_open(path, &run, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(run != NULL, status == SG_OK);
        sg_run_free(run);
        assert_true(budget < 1000);
    }
    assert_int_equal(status, SG_OK);

    const sg_epoch_metrics m = metrics_of(3);
    for (int call = 0; call < 3; call++) {
        status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_test_alloc_budget(budget);
            status = call == 0   ? sg_run_append_metrics(path, &m, NULL)
                     : call == 1 ? sg_run_truncate_metrics(path, 2, NULL)
                                 : sg_run_create(path, MANIFEST, true, NULL);
            sg_test_alloc_budget(-1);
            assert_true(budget < 1000);
        }
        assert_int_equal(status, SG_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_reads_back_what_training_wrote),
        cmocka_unit_test(metrics_read_back_to_the_last_bit),
        cmocka_unit_test(a_half_written_last_line_is_dropped_and_any_other_refused),
        cmocka_unit_test(later_lines_of_an_epoch_replace_earlier_ones),
        cmocka_unit_test(resuming_drops_the_metrics_after_the_checkpoint),
        cmocka_unit_test(the_checkpoint_comes_back_and_goes_away),
        cmocka_unit_test(creating_refuses_what_it_would_destroy),
        cmocka_unit_test(overwriting_removes_the_run_and_nothing_else),
        cmocka_unit_test(a_folder_of_snapshots_alone_is_a_run),
        cmocka_unit_test(says_why_a_path_is_no_run),
        cmocka_unit_test(passes_over_files_that_are_no_snapshots),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
