/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/json.h"
#include "base/tree.h"
#include "files.h"
#include "folder.h"
#include "snapshot/run_writer.h"
#include "snapshot/sweep_plan.h"
#include "sparsegraph/sweep_train.h"

#include <math.h>
#include <sys/wait.h>

static const size_t hidden[] = {8};
static const sg_method both[] = {SG_METHOD_SET, SG_METHOD_FIXED};
static const uint64_t seeds[] = {1, 2, 18446744073709551615U};
enum { N_EPOCHS = 2 };

static sg_dataset *data;

static int load(void **state)
{
    const sg_dataset_params p = {.name = "digits", .n_train = 60, .n_test = 20, .seed = 1};
    return make_folder(state) != 0 || sg_dataset_load(&p, &data, NULL) != SG_OK;
}

static int unload(void **state)
{
    sg_dataset_free(data);
    return remove_folder(state);
}

static sg_sweep_params small_sweep(size_t shard, size_t n_shards)
{
    sg_sweep_params p = {.train = SG_TRAIN_PARAMS_DEFAULT,
                         .methods = both,
                         .n_methods = SG_COUNT(both),
                         .seeds = seeds,
                         .n_seeds = SG_COUNT(seeds),
                         .shard = shard,
                         .n_shards = n_shards,
                         .command = "sparsegraph train digits"};
    p.train.data = (sg_dataset_params){.name = "digits", .n_train = 60, .n_test = 20, .seed = 1};
    p.train.hidden = hidden;
    p.train.n_hidden = SG_COUNT(hidden);
    p.train.epsilon = 2.0;
    p.train.n_epochs = N_EPOCHS;
    p.train.batch = 20;
    p.train.n_threads = 1;
    return p;
}

static void train(const char *where, size_t shard, size_t n_shards)
{
    const sg_sweep_params p = small_sweep(shard, n_shards);
    sg_error err = {0};
    assert_ok(sg_sweep_train(&p, data, where, NULL, &err), &err);
}

static sg_sweep *open_one(const char *where)
{
    sg_sweep *s = NULL;
    sg_error err = {0};
    assert_ok(sg_sweep_open(&where, 1, &s, &err), &err);
    return s;
}

static void assert_same_in_both(const char *a, const char *b, const char *name)
{
    char path[TEST_PATH_MAX];
    char other[TEST_PATH_MAX];
    assert_same_file(in_folder(path, a, name), in_folder(other, b, name));
}

static void assert_same_runs(const char *a, const char *b)
{
    sg_sweep *s = open_one(a);
    for (size_t i = 0; i < sg_sweep_n_runs(s); i++) {
        static const char *const files[] = {"epoch-0000", "epoch-0001", "epoch-0002"};
        for (size_t k = 0; k < SG_COUNT(files); k++) {
            char name[128];
            (void)snprintf(name, sizeof name, "%s/snapshots/%s.safetensors",
                           sg_sweep_run_at(s, i)->name, files[k]);
            assert_same_in_both(a, b, name);
        }
    }
    sg_sweep_free(s);
    assert_same_in_both(a, b, SG_SWEEP_INDEX);
}

static void runs_in_parts_are_joined_to_what_one_call_makes(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char joined[TEST_PATH_MAX];
    char part[4][TEST_PATH_MAX];
    const char *parts[4] = {part[0], part[1], part[2], part[3]};
    sg_error err = {0};
    sg_sweep *s = NULL;
    train(in_folder(whole, folder, "whole"), 0, 0);
    for (size_t i = 0; i < 4; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "part%zu", i + 1);
        train(in_folder(part[i], folder, name), i + 1, 4);
    }
    assert_ok(sg_sweep_open(parts, 4, &s, &err), &err);
    assert_int_equal(sg_sweep_n_runs(s), 6);
    assert_int_equal(sg_sweep_n_complete(s), 6);
    assert_int_equal(sg_sweep_n_shards(s), 4);
    assert_ok(sg_sweep_gather(s, in_folder(joined, folder, "joined"), NULL, &err), &err);
    sg_sweep_free(s);
    assert_same_runs(whole, joined);
}

static void a_sweep_tells_of_each_run(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char part[TEST_PATH_MAX];
    sg_sweep *s = open_one(in_folder(whole, folder, "whole"));
    const sg_sweep_run *r = sg_sweep_run_at(s, 5);
    assert_string_equal(r->name, "fixed-seed-18446744073709551615");
    assert_string_equal(r->method, "fixed");
    assert_true(r->seed == seeds[2]);
    assert_int_equal(r->stage, SG_RUN_COMPLETE);
    assert_int_equal(r->epoch, N_EPOCHS);
    assert_true(r->test_accuracy >= 0 && r->test_accuracy <= 1 && r->links > 0);
    assert_int_equal(r->shard, 0);
    assert_int_equal(sg_sweep_n_shards(s), 0);
    assert_string_equal(sg_sweep_command(s), "sparsegraph train digits");
    sg_sweep_free(s);

    s = open_one(in_folder(part, folder, "part2")); /* runs 1 and 5 of 0 to 5 */
    assert_int_equal(sg_sweep_n_complete(s), 2);
    assert_int_equal(sg_sweep_run_at(s, 1)->stage, SG_RUN_COMPLETE);
    assert_int_equal(sg_sweep_run_at(s, 5)->stage, SG_RUN_COMPLETE);
    r = sg_sweep_run_at(s, 3);
    assert_int_equal(r->stage, SG_RUN_ABSENT);
    assert_int_equal(r->shard, 4);
    assert_null(r->path);
    assert_int_equal(r->epoch, -1);
    assert_true(isnan(r->links));
    sg_sweep_free(s);
}

/* A watch that stops the sweep once a run has so many epochs. */
typedef struct ambush {
    volatile sig_atomic_t stop;
    long epoch;
    size_t n_begun;
    size_t n_failed;
    sg_run_stage stage; /* of the run begun last */
} ambush;

static void stop_at(void *user, const sg_epoch_metrics *m, size_t n_epochs)
{
    ambush *a = user;
    (void)n_epochs;
    a->stop = m->epoch == a->epoch;
}

static void note_begin(void *user, const sg_sweep_step *step)
{
    ambush *a = user;
    a->n_begun++;
    a->stage = step->stage;
}

static void note_end(void *user, const sg_sweep_step *step, sg_status status, const sg_error *err)
{
    (void)step;
    (void)err;
    ((ambush *)user)->n_failed += status != SG_OK;
}

static sg_sweep_watch watch_of(ambush *a)
{
    return (sg_sweep_watch){.train = {.epoch = stop_at, .user = a, .stop = &a->stop},
                            .begin = note_begin,
                            .end = note_end,
                            .user = a};
}

static void a_sweep_that_was_stopped_goes_on_to_the_same_bytes(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char stopped[TEST_PATH_MAX];
    const sg_sweep_params p = small_sweep(0, 0);
    ambush a = {.epoch = 1};
    const sg_sweep_watch watch = watch_of(&a);
    sg_error err = {0};
    in_folder(stopped, folder, "stopped");
    assert_int_equal(sg_sweep_train(&p, data, stopped, &watch, &err), SG_EINTERRUPTED);
    assert_int_equal(a.n_begun, 1);
    sg_sweep *s = open_one(stopped);
    assert_int_equal(sg_sweep_run_at(s, 0)->stage, SG_RUN_INTERRUPTED);
    assert_int_equal(sg_sweep_run_at(s, 0)->epoch, 1);
    sg_sweep_free(s);

    a = (ambush){.epoch = -1};
    assert_ok(sg_sweep_train(&p, data, stopped, &watch, &err), &err);
    assert_int_equal(a.n_begun, 6);
    assert_same_runs(in_folder(whole, folder, "whole"), stopped);

    a = (ambush){.epoch = -1};
    assert_ok(sg_sweep_train(&p, data, stopped, &watch, &err), &err);
    assert_int_equal(a.n_begun, 6);
    assert_int_equal(a.stage, SG_RUN_COMPLETE);
}

static void a_run_that_fails_does_not_stop_the_others(void **state)
{
    (void)state;
    char where[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    const sg_sweep_params p = small_sweep(0, 0);
    ambush a = {.epoch = -1};
    const sg_sweep_watch watch = watch_of(&a);
    sg_error err = {0};
    in_folder(where, folder, "hindered");
    assert_ok(sg_dir_make(in_folder(path, where, "set-seed-2"), &err), &err);
    write_text(in_folder(path, where, "set-seed-2/mine"), "text");
    assert_int_equal(sg_sweep_train(&p, data, where, &watch, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "set-seed-2'"));
    assert_int_equal(a.n_failed, 1);
    sg_sweep *s = open_one(where);
    assert_int_equal(sg_sweep_n_complete(s), 5);
    sg_sweep_free(s);
    assert_false(sg_file_exists(in_folder(path, where, SG_SWEEP_INDEX)));
    assert_holds(in_folder(path, where, "set-seed-2/mine"), "text");
}

static void refuses_what_is_no_part_and_no_list(void **state)
{
    (void)state;
    char where[TEST_PATH_MAX];
    sg_error err = {0};
    in_folder(where, folder, "never");
    const uint64_t twice[] = {3, 3};
    sg_sweep_params bad[6];
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        bad[i] = small_sweep(0, 0);
    bad[0].shard = 1;
    bad[1].n_shards = 2;
    bad[2].shard = 3;
    bad[2].n_shards = 2;
    bad[3].n_seeds = 0;
    bad[4].seeds = twice;
    bad[4].n_seeds = 2;
    bad[5].train.zeta = 2;
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(sg_sweep_train(&bad[i], data, where, NULL, &err), SG_EINVAL);
    assert_false(sg_dir_exists(where));
}

static sg_sweep_plan plan_of(const char *settings, const uint64_t *of, size_t n, size_t n_shards)
{
    static const char *const set[] = {"set"};
    const sg_sweep_list list = {
        .methods = set, .n_methods = 1, .seeds = of, .n_seeds = n, .n_shards = n_shards};
    sg_json *manifest = NULL;
    sg_sweep_plan plan = {0};
    sg_error err = {0};
    assert_ok(sg_json_parse(settings, strlen(settings), &manifest, &err), &err);
    assert_ok(sg_sweep_plan_new(&list, manifest, &plan, &err), &err);
    sg_json_free(manifest);
    return plan;
}

static const char usual[] = "{\"settings\":{\"method\":\"set\",\"seed\":1,\"lr\":0.1,\"hidden\":[3,"
                            "4]},\"data\":{\"folder\":null,\"n_train\":5}}";

static void joining_plans_adds_runs_and_is_settled_after_once(void **state)
{
    (void)state;
    const uint64_t four[] = {1, 2, 3, 4};
    const uint64_t later[] = {4, 9};
    sg_error err = {0};
    sg_sweep_plan plan = plan_of(usual, four, 2, 2);
    sg_sweep_plan longer = plan_of(usual, four, 4, 3);
    sg_sweep_plan other = plan_of(usual, later, 2, 5);

    for (int turn = 0; turn < 2; turn++) {
        assert_ok(sg_sweep_plan_join(&plan, "a", &longer, "b", &err), &err);
        assert_int_equal(plan.n_runs, 4);
        assert_int_equal(plan.n_shards, 3); /* it is the longer list now */
    }
    for (int turn = 0; turn < 2; turn++) {
        assert_ok(sg_sweep_plan_join(&plan, "a", &other, "b", &err), &err);
        assert_int_equal(plan.n_runs, 5);
        assert_string_equal(plan.runs[4].name, "set-seed-9");
        assert_int_equal(plan.n_shards, 0); /* dealt in several ways */
    }
    sg_sweep_plan_clear(&plan);
    sg_sweep_plan_clear(&longer);
    sg_sweep_plan_clear(&other);
}

static void plans_of_other_settings_are_not_joined(void **state)
{
    (void)state;
    static const char *const others[] = {
        "{\"settings\":{\"lr\":0.2,\"hidden\":[3,4]},\"data\":{\"n_train\":5}}",
        "{\"settings\":{\"lr\":0.1,\"hidden\":[3,5]},\"data\":{\"n_train\":5}}",
        "{\"settings\":{\"lr\":0.1,\"hidden\":[3,4],\"new\":1},\"data\":{\"n_train\":5}}",
        "{\"settings\":{\"lr\":0.1,\"hidden\":[3,4]},\"data\":{\"n_train\":6}}",
    };
    static const char *const named[] = {"'lr' (0.1 and 0.2)", "'hidden' (4 and 5)",
                                        "'new' (none and 1)", "'data.n_train' (5 and 6)"};
    sg_error err = {0};
    sg_sweep_plan plan = plan_of(usual, seeds, 2, 0);
    for (size_t i = 0; i < SG_COUNT(others); i++) {
        sg_sweep_plan other = plan_of(others[i], seeds, 2, 0);
        assert_int_equal(sg_sweep_plan_join(&plan, "a", &other, "b", &err), SG_EINVAL);
        assert_non_null(strstr(err.message, named[i]));
        sg_sweep_plan_clear(&other);
    }
    const char elsewhere[] = "{\"settings\":{\"method\":\"dense\",\"seed\":7,\"lr\":0.1,\"hidden\":"
                             "[3,4]},\"data\":{\"folder\":\"/there\",\"n_train\":5}}";
    sg_sweep_plan other = plan_of(elsewhere, seeds, 2, 0);
    assert_ok(sg_sweep_plan_join(&plan, "a", &other, "b", &err), &err);
    sg_sweep_plan_clear(&other);
    sg_sweep_plan_clear(&plan);
}

static void processes_that_publish_at_once_forget_no_run(void **state)
{
    (void)state;
    enum { PROCESSES = 8 };
    char where[TEST_PATH_MAX];
    sg_error err = {0};
    pid_t child[PROCESSES];
    in_folder(where, folder, "crowded");
    for (uint64_t i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            sg_sweep_plan mine = plan_of(usual, &i, 1, 0);
            _exit(sg_sweep_plan_publish(where, &mine, NULL) == SG_OK ? 0 : 1);
        }
    }
    for (size_t i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
    sg_sweep_plan plan = {0};
    assert_ok(sg_sweep_plan_read(where, &plan, &err), &err);
    assert_int_equal(plan.n_runs, PROCESSES);
    sg_sweep_plan_clear(&plan);
    assert_int_equal(count_entries(where), 1);
}

static void gathering_that_is_stopped_or_fails_leaves_nothing_half_written(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    ambush a = {.stop = 1};
    const sg_progress stopped = {.stop = &a.stop};
    sg_error err = {0};
    sg_status status = SG_ENOMEM;
    sg_sweep *s = open_one(in_folder(whole, folder, "whole"));
    in_folder(out, folder, "gathered");
    assert_int_equal(sg_sweep_gather(s, out, &stopped, &err), SG_EINTERRUPTED);
    assert_true(sg_sweep_is(out));
    for (long budget = 0; status == SG_ENOMEM; budget += 1 + budget / 8) {
        assert_true(budget < 100000);
        sg_test_alloc_budget(budget);
        status = sg_sweep_gather(s, out, NULL, NULL);
        sg_test_alloc_budget(-1);
        sg_sweep *there = open_one(out); /* what is there is sound at any time */
        sg_sweep_free(there);
    }
    assert_int_equal(status, SG_OK);
    assert_same_runs(whole, out);
    assert_int_equal(count_entries(out), 8); /* six runs, the plan, the index */
    sg_sweep_free(s);
}

static void opening_survives_each_failed_allocation(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    const char *where = in_folder(whole, folder, "part1");
    sg_status status = SG_ENOMEM;
    sg_sweep *s = NULL;
    for (long budget = 0; status == SG_ENOMEM; budget += 1 + budget / 60) {
        assert_true(budget < 100000);
        sg_test_alloc_budget(budget);
        status = sg_sweep_open(&where, 1, &s, NULL);
    }
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_OK);
    sg_sweep_free(s);
}

static void training_survives_each_failed_allocation(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    const sg_sweep_params p = small_sweep(0, 0);
    sg_status status = SG_ENOMEM;
    in_folder(whole, folder, "whole"); /* complete: the plan is what is left to do */
    for (long budget = 0; status == SG_ENOMEM; budget += 1 + budget / 20) {
        assert_true(budget < 100000);
        sg_test_alloc_budget(budget);
        status = sg_sweep_train(&p, data, whole, NULL, NULL);
    }
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_in_parts_are_joined_to_what_one_call_makes),
        cmocka_unit_test(a_sweep_tells_of_each_run),
        cmocka_unit_test(a_sweep_that_was_stopped_goes_on_to_the_same_bytes),
        cmocka_unit_test(a_run_that_fails_does_not_stop_the_others),
        cmocka_unit_test(refuses_what_is_no_part_and_no_list),
        cmocka_unit_test(joining_plans_adds_runs_and_is_settled_after_once),
        cmocka_unit_test(plans_of_other_settings_are_not_joined),
        cmocka_unit_test(processes_that_publish_at_once_forget_no_run),
        cmocka_unit_test(gathering_that_is_stopped_or_fails_leaves_nothing_half_written),
        cmocka_unit_test(opening_survives_each_failed_allocation),
        cmocka_unit_test(training_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
