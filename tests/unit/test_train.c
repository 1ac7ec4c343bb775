/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "files.h"
#include "folder.h"

#include "base/file.h"
#include "sparsegraph/train.h"
#include "train/rule.h"
#include "train/sgd.h"

#include <math.h>
#include <sys/wait.h>

static const size_t hidden[] = {40, 30};
enum { N_EPOCHS = 3 };

/* 330 samples in batches of 100: the last batch holds 30. */
static sg_train_params small_run(sg_method method)
{
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.data.n_train = 330;
    p.data.n_test = 60;
    p.method = method;
    p.hidden = hidden;
    p.n_hidden = SG_COUNT(hidden);
    p.epsilon = 4.0;
    p.n_epochs = N_EPOCHS;
    p.dropout = 0.2;
    p.n_threads = 1;
    return p;
}

static void assert_same_in_both(const char *left, const char *right, const char *name)
{
    char path[TEST_PATH_MAX];
    char other[TEST_PATH_MAX];
    assert_same_file(in_folder(path, left, name), in_folder(other, right, name));
}

static void assert_same_run(const char *left, const char *right, bool with_final)
{
    for (int epoch = 0; epoch <= N_EPOCHS; epoch++) {
        char name[64];
        (void)snprintf(name, sizeof name, "snapshots/epoch-%04d.safetensors", epoch);
        assert_same_in_both(left, right, name);
    }
    if (with_final)
        assert_same_in_both(left, right, "snapshots/final.safetensors");
    sg_run *run = NULL;
    sg_error err = {0};
    assert_ok(sg_run_open(right, &run, &err), &err);
    assert_int_equal(sg_run_n_metrics(run), N_EPOCHS + 1);
    sg_run_free(run);
    char path[TEST_PATH_MAX];
    assert_false(sg_file_exists(in_folder(path, right, "checkpoint.safetensors")));
}

/* A watch that acts at one batch of one epoch. */
typedef struct ambush {
    size_t epoch;
    size_t batch;
    volatile sig_atomic_t stop;
    bool kill;
} ambush;

static void lie_in_wait(void *user, const sg_train_batch *where)
{
    ambush *a = user;
    if (where->epoch != a->epoch || where->batch != a->batch)
        return;
    if (a->kill)
        (void)raise(SIGKILL);
    a->stop = 1;
}

static void writes_the_same_bytes_with_one_and_two_threads(void **state)
{
    (void)state;
    const sg_activation activations[] = {SG_RELU, SG_SRELU};
    for (size_t i = 0; i < SG_COUNT(activations); i++) {
        char one[TEST_PATH_MAX];
        char two[TEST_PATH_MAX];
        sg_train_params p = small_run(SG_METHOD_SET);
        p.activation = activations[i];
        p.overwrite = true;
        sg_error err = {0};
        assert_ok(sg_train(&p, NULL, in_folder(one, folder, "one"), NULL, &err), &err);
        p.n_threads = 2;
        assert_ok(sg_train(&p, NULL, in_folder(two, folder, "two"), NULL, &err), &err);
        assert_same_run(one, two, true);
    }
}

static void resumes_to_the_bit_wherever_it_was_stopped(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_SET);
    p.activation = SG_SRELU;
    p.schedule = SG_SCHEDULE_COSINE;
    p.overwrite = true;
    sg_error err = {0};
    assert_ok(sg_train(&p, NULL, in_folder(whole, folder, "whole"), NULL, &err), &err);
    for (size_t epoch = 1; epoch <= N_EPOCHS; epoch++) {
        for (size_t batch = 1; batch <= 3; batch += 2) {
            ambush a = {.epoch = epoch, .batch = batch};
            const sg_train_watch watch = {.batch = lie_in_wait, .user = &a, .stop = &a.stop};
            in_folder(broken, folder, "broken");
            assert_int_equal(sg_train(&p, NULL, broken, &watch, &err), SG_EINTERRUPTED);
            assert_ok(sg_train_resume(broken, 2, NULL, NULL, &err), &err);
            assert_same_run(whole, broken, true);
        }
    }
}

static void resumes_to_the_bit_after_a_kill(void **state)
{
    (void)state;
    char whole[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_SET);
    sg_error err = {0};
    assert_ok(sg_train(&p, NULL, in_folder(whole, folder, "unkilled"), NULL, &err), &err);
    in_folder(broken, folder, "killed");
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        ambush a = {.epoch = 2, .batch = 2, .kill = true};
        const sg_train_watch watch = {.batch = lie_in_wait, .user = &a};
        const sg_status status = sg_train(&p, NULL, broken, &watch, NULL);
        _exit(status == SG_OK ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
    assert_ok(sg_train_resume(broken, 1, NULL, NULL, &err), &err);
    assert_same_run(whole, broken, true);
}

static void says_that_a_finished_run_is_finished(void **state)
{
    (void)state;
    char run[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_FIXED);
    p.n_epochs = 1;
    sg_error err = {0};
    assert_ok(sg_train(&p, NULL, in_folder(run, folder, "finished"), NULL, &err), &err);
    assert_int_equal(sg_train_resume(run, 1, NULL, NULL, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "is finished: all 1 epochs are trained"));
}

static sg_csr *matrix_of(const char *run, const char *name, sg_snapshot **held)
{
    char path[TEST_PATH_MAX];
    char inner[64];
    (void)snprintf(inner, sizeof inner, "snapshots/%s.safetensors", name);
    char in_run[TEST_PATH_MAX];
    sg_error err = {0};
    (void)in_folder(in_run, run, inner);
    memcpy(path, in_run, sizeof path);
    assert_ok(sg_snapshot_read(path, held, &err), &err);
    sg_csr *copy = NULL;
    assert_ok(sg_csr_copy(sg_snapshot_link(*held, 0)->matrix, &copy, &err), &err);
    return copy;
}

static size_t n_shared(const sg_csr *a, const sg_csr *b)
{
    size_t n = 0;
    for (size_t row = 0; row < a->n_rows; row++) {
        uint64_t j = b->row_start[row];
        for (uint64_t i = a->row_start[row]; i < a->row_start[row + 1]; i++) {
            while (j < b->row_start[row + 1] && b->col[j] < a->col[i])
                j++;
            n += j < b->row_start[row + 1] && b->col[j] == a->col[i];
        }
    }
    return n;
}

/* SET keeps the count, changes about zeta of the links an epoch, and only removes after the last
 * one. */
static void changes_the_topology_as_each_method_says(void **state)
{
    (void)state;
    const sg_method methods[] = {SG_METHOD_SET, SG_METHOD_FIXED, SG_METHOD_DENSE};
    for (size_t i = 0; i < SG_COUNT(methods); i++) {
        char run[TEST_PATH_MAX];
        sg_train_params p = small_run(methods[i]);
        sg_error err = {0};
        assert_ok(
            sg_train(&p, NULL, in_folder(run, folder, sg_method_name(methods[i])), NULL, &err),
            &err);
        sg_snapshot *s[3] = {0};
        sg_csr *start = matrix_of(run, "epoch-0000", &s[0]);
        sg_csr *first = matrix_of(run, "epoch-0001", &s[1]);
        sg_csr *second = matrix_of(run, "epoch-0002", &s[2]);
        assert_int_equal(start->n_links, first->n_links);
        assert_int_equal(start->n_links, second->n_links);
        assert_int_equal(n_shared(start, first), start->n_links); /* tested before it evolves */
        const double kept = (double)n_shared(first, second) / (double)first->n_links;
        if (methods[i] == SG_METHOD_SET)
            assert_true(kept > 0.68 && kept < 0.76); /* 0.7 and what was drawn again */
        else
            assert_true(kept == 1.0);
        if (methods[i] == SG_METHOD_DENSE)
            assert_int_equal(start->n_links, 784 * 40);
        if (methods[i] == SG_METHOD_SET) {
            sg_snapshot *held = NULL;
            sg_csr *final = matrix_of(run, "final", &held);
            sg_csr *last = NULL;
            sg_snapshot *core = NULL;
            sg_snapshot *held_last = NULL;
            last = matrix_of(run, "epoch-0003", &held_last);
            assert_ok(sg_snapshot_core(held_last, p.zeta, &core, &err), &err);
            const sg_csr *kept_core = sg_snapshot_link(core, 0)->matrix;
            assert_int_equal(final->n_links, kept_core->n_links);
            assert_int_equal(n_shared(final, kept_core), final->n_links);
            sg_csr_free(final);
            sg_csr_free(last);
            sg_snapshot_free(core);
            sg_snapshot_free(held);
            sg_snapshot_free(held_last);
        }
        sg_csr_free(start);
        sg_csr_free(first);
        sg_csr_free(second);
        for (size_t k = 0; k < 3; k++)
            sg_snapshot_free(s[k]);
    }
}

/* In each snapshot, also in a resumed run's; two passes over the samples, unlike the library. */
static void stores_the_variance_of_each_input(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_SET);
    p.overwrite = true;
    sg_error err = {0};
    sg_dataset *data = NULL;
    assert_ok(sg_dataset_load(&p.data, &data, &err), &err);
    assert_ok(sg_train(&p, data, in_folder(path, folder, "varies"), NULL, &err), &err);
    const size_t n = sg_dataset_n_samples(data, SG_TRAIN);
    const size_t n_inputs = sg_dataset_n_features(data);
    const uint8_t *raw = sg_dataset_raw(data, SG_TRAIN);
    const char *const names[] = {"epoch-0000", "epoch-0003", "final"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char name[64];
        char file[TEST_PATH_MAX];
        (void)snprintf(name, sizeof name, "snapshots/%s.safetensors", names[i]);
        sg_snapshot *s = NULL;
        assert_ok(sg_snapshot_read(in_folder(file, path, name), &s, &err), &err);
        const sg_tensor *variance = sg_snapshot_find_tensor(s, "input.variance");
        assert_non_null(variance);
        assert_int_equal(variance->n_dims, 1);
        assert_int_equal(variance->shape[0], n_inputs);
        for (size_t j = 0; j < n_inputs; j++) {
            double mean = 0;
            double squares = 0;
            for (size_t k = 0; k < n; k++)
                mean += raw[k * n_inputs + j];
            mean /= (double)n;
            for (size_t k = 0; k < n; k++)
                squares += (raw[k * n_inputs + j] - mean) * (raw[k * n_inputs + j] - mean);
            /* two roundings to float on the way */
            assert_true(fabs(variance->value[j] - squares / (double)n) <=
                        4e-7 * squares / (double)n);
        }
        sg_snapshot_free(s);
    }
    sg_dataset_free(data);
}

static void gives_new_links_no_momentum_and_keeps_that_of_the_old(void **state)
{
    (void)state;
    sg_train_params p = small_run(SG_METHOD_SET);
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(&p, 784, 10, &net, &err), &err);
    train_link *link = &net->links[0];
    const size_t n = link->matrix->n_links;
    for (size_t k = 0; k < n; k++)
        link->weight.velocity[k] = link->weight.value[k]; /* so that a kept link can be told */
    const sg_rule_when when = {.seed = 1, .epoch = 1, .zeta = 0.3};
    assert_ok(sg_set_evolve(net, &when, &err), &err);
    size_t n_new = 0;
    for (size_t k = 0; k < link->matrix->n_links; k++) {
        n_new += link->weight.velocity[k] == 0.0F;
        assert_true(link->weight.velocity[k] == 0.0F ||
                    link->weight.velocity[k] == link->weight.value[k]);
    }
    assert_int_equal(link->matrix->n_links, n);
    assert_true(fabs((double)n_new / (double)n - 0.3) < 0.01);
    sg_network_free(net);
}

/* One step by the gradient (2, -1), in one part or as the sum of two groups' parts. */
static void check_step(size_t n_groups, float *g)
{
    float w[] = {1.0F, -2.0F};
    float v[] = {0.5F, 0.0F};
    const parameter p = {.n = 2, .n_groups = n_groups, .value = w, .velocity = v, .gradient = g};
    const sg_sgd sgd = {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01};
    for (size_t i = 0; i < 3; i++) /* more shares than elements */
        sg_sgd_step(sg_kernels_at(0)->elementwise, &sgd, &p, (sg_share){i, 3});
    /* v = 0.9 v - 0.1 g; w = w + v - 0.01 w */
    assert_true(fabsf(v[0] - 0.25F) < 1e-6F && fabsf(v[1] - 0.1F) < 1e-6F);
    assert_true(fabsf(w[0] - 1.24F) < 1e-6F && fabsf(w[1] + 1.88F) < 1e-6F);
}

static void steps_as_the_update_rule_of_set_says(void **state)
{
    (void)state;
    float whole[] = {2.0F, -1.0F};
    float parts[] = {1.5F, 2.0F, 0.5F, -3.0F};
    check_step(1, whole);
    check_step(2, parts);
}

static void moves_the_learning_rate_as_scheduled(void **state)
{
    (void)state;
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.lr = 0.1;
    p.lr_final = 0.02;
    const double tolerance = 1e-12; /* a few roundings of f64 */
    assert_true(fabs(sg_learning_rate(&p, 7, 11) - 0.1) < tolerance);
    p.schedule = SG_SCHEDULE_LINEAR;
    assert_true(fabs(sg_learning_rate(&p, 0, 11) - 0.1) < tolerance);
    assert_true(fabs(sg_learning_rate(&p, 5, 11) - 0.06) < tolerance);
    assert_true(fabs(sg_learning_rate(&p, 10, 11) - 0.02) < tolerance);
    p.schedule = SG_SCHEDULE_COSINE;
    assert_true(fabs(sg_learning_rate(&p, 0, 11) - 0.1) < tolerance);
    assert_true(fabs(sg_learning_rate(&p, 5, 11) - 0.06) < tolerance);
    assert_true(fabs(sg_learning_rate(&p, 10, 11) - 0.02) < tolerance);
}

static void learns_the_digits(void **state)
{
    (void)state;
    char run[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_SET);
    p.data.n_train = 3000;
    p.data.n_test = 500;
    p.epsilon = 10.0;
    p.dropout = 0.0;
    p.n_epochs = 6;
    p.batch = 20;
    sg_error err = {0};
    assert_ok(sg_train(&p, NULL, in_folder(run, folder, "learned"), NULL, &err), &err);
    sg_run *read = NULL;
    assert_ok(sg_run_open(run, &read, &err), &err);
    const sg_epoch_metrics *first = sg_run_metrics(read, 0);
    const sg_epoch_metrics *last = sg_run_metrics(read, 6);
    assert_true(isnan(first->train_loss));
    assert_true(first->test_accuracy < 0.3 && last->test_accuracy > 0.75);
    assert_true(last->train_loss < first->test_loss);
    sg_run_free(read);
}

static void stops_with_the_reason_when_the_loss_is_no_number(void **state)
{
    (void)state;
    char run[TEST_PATH_MAX];
    sg_train_params p = small_run(SG_METHOD_SET);
    p.lr = 1e5;
    sg_error err = {0};
    assert_int_equal(sg_train(&p, NULL, in_folder(run, folder, "diverged"), NULL, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "diverged in epoch 1"));
}

static void refuses_settings_outside_their_domain(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_train_params p = small_run(SG_METHOD_SET);
    p.zeta = 1.5;
    assert_int_equal(sg_train(&p, NULL, "/nowhere", NULL, &err), SG_EINVAL);
    assert_string_equal(err.message, "zeta must lie in [0, 1], got 1.5");
    p = small_run(SG_METHOD_SET);
    p.dropout = 1.0;
    assert_int_equal(sg_train(&p, NULL, "/nowhere", NULL, &err), SG_EINVAL);
    assert_string_equal(err.message, "dropout must lie in [0, 1), got 1");
    p = small_run(SG_METHOD_SET);
    p.batch = 0;
    assert_int_equal(sg_train(&p, NULL, "/nowhere", NULL, &err), SG_EINVAL);
}

static void survives_each_failed_allocation_of_an_evolution(void **state)
{
    (void)state;
    sg_train_params p = small_run(SG_METHOD_SET);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_network *net = NULL;
        sg_error err = {0};
        assert_ok(sg_network_new(&p, 784, 10, &net, &err), &err);
        const sg_rule_when when = {.seed = 1, .epoch = 1, .zeta = 0.3};
        sg_test_alloc_budget(budget);
        status = sg_set_evolve(net, &when, NULL);
        sg_test_alloc_budget(-1);
        sg_network_free(net);
        assert_true(budget < 100);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* first: a child forked once OpenMP runs on several threads could not use them */
        cmocka_unit_test(resumes_to_the_bit_after_a_kill),
        cmocka_unit_test(writes_the_same_bytes_with_one_and_two_threads),
        cmocka_unit_test(resumes_to_the_bit_wherever_it_was_stopped),
        cmocka_unit_test(says_that_a_finished_run_is_finished),
        cmocka_unit_test(changes_the_topology_as_each_method_says),
        cmocka_unit_test(stores_the_variance_of_each_input),
        cmocka_unit_test(gives_new_links_no_momentum_and_keeps_that_of_the_old),
        cmocka_unit_test(steps_as_the_update_rule_of_set_says),
        cmocka_unit_test(moves_the_learning_rate_as_scheduled),
        cmocka_unit_test(learns_the_digits),
        cmocka_unit_test(stops_with_the_reason_when_the_loss_is_no_number),
        cmocka_unit_test(refuses_settings_outside_their_domain),
        cmocka_unit_test(survives_each_failed_allocation_of_an_evolution),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
