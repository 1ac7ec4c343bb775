/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "files.h"
#include "folder.h"

#include "sparsegraph/train.h"
#include "train/cells.h"
#include "train/pass.h"
#include "train/rule.h"

#include <math.h>

/* Training of layers that multiply as dense matrices: full ones and nearly full ones. */

enum { BATCH = 50 };

static const size_t hidden[] = {300, 40, 33};

static sg_train_params dense_enough(double density)
{
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.data.n_train = 230; /* the last batch holds 30 samples */
    p.data.n_test = 60;
    p.method = density < 1.0 ? SG_METHOD_SET : SG_METHOD_DENSE;
    p.density = density < 1.0 ? density : 0.0;
    p.hidden = hidden;
    p.n_hidden = SG_COUNT(hidden);
    p.batch = BATCH;
    p.n_epochs = 2;
    p.dropout = 0.2;
    p.overwrite = true;
    p.n_threads = 1;
    return p;
}

static sg_dataset *digits(const sg_train_params *p)
{
    sg_dataset *data = NULL;
    sg_error err = {0};
    assert_ok(sg_dataset_load(&p->data, &data, &err), &err);
    return data;
}

/* The gradients of a batch of n samples, after two full ones, whose padding is then left over. */
static void train_batches(sg_network *net, const sg_dataset *data, size_t n, int n_threads)
{
    const sg_sgd sgd = {.lr = 0.01, .momentum = 0.9, .weight_decay = 1e-4};
    const sg_dropout dropout = {.rate = 0.3, .seed = 5, .epoch = 1};
    sg_pass *pass = NULL;
    sg_score score = {0};
    sg_error err = {0};
    assert_ok(sg_pass_new(net, BATCH, true, n_threads, &pass, &err), &err);
    for (size_t i = 0; i < 2; i++) {
        const sg_batch full = {.split = SG_TRAIN, .first = i * BATCH, .n = BATCH};
        sg_pass_train(pass, data, &full, &dropout, &sgd, &score);
    }
    const sg_batch batch = {.split = SG_TRAIN, .first = 100, .n = n};
    sg_pass_train(pass, data, &batch, &dropout, NULL, &score);
    assert_true(isfinite(score.loss));
    sg_pass_free(pass);
}

static double distance(const float *a, const float *b, size_t n)
{
    double difference = 0.0;
    double size = 0.0;
    for (size_t k = 0; k < n; k++) {
        difference += pow((double)a[k] - (double)b[k], 2.0);
        size += pow((double)b[k], 2.0);
    }
    return size > 0.0 ? sqrt(difference / size) : sqrt(difference);
}

static sg_network *draw(const sg_train_params *p, bool with_cells)
{
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(p, 784, 10, &net, &err), &err);
    for (size_t l = 0; l < 3; l++)
        assert_int_equal(net->links[l].cell != NULL, net->dense != NULL);
    assert_null(net->links[3].cell); /* ten rows are too few */
    for (size_t l = 0; !with_cells && l < 4; l++) {
        net->dense = NULL;
        sg_network_forget_index(net, l);
        assert_ok(sg_network_index(net, l, &err), &err);
        assert_null(net->links[l].cell);
    }
    return net;
}

/* Both round in another order, and ReLU makes little of that now and then larger. */
static void trains_as_the_sparse_kernels_do(void **state)
{
    (void)state;
    const double densities[] = {1.0, 0.8};
    const size_t samples[] = {BATCH, 17, 1};
    const double tolerance = 1e-4;
    for (size_t i = 0; i < SG_COUNT(densities); i++) {
        const sg_train_params p = dense_enough(densities[i]);
        sg_dataset *data = digits(&p);
        for (size_t j = 0; j < SG_COUNT(samples); j++) {
            sg_network *dense = draw(&p, true);
            sg_network *sparse = draw(&p, false);
            train_batches(dense, data, samples[j], 1);
            train_batches(sparse, data, samples[j], 1);
            for (size_t l = 0; l < 4; l++) {
                const parameter *a = &dense->links[l].weight;
                const parameter *b = &sparse->links[l].weight;
                assert_int_equal(a->n, b->n);
                assert_true(distance(a->gradient, b->gradient, a->n) < tolerance);
                assert_true(distance(a->value, b->value, a->n) < tolerance);
                const parameter *bias = &dense->layers[l + 1].bias;
                assert_true(distance(bias->gradient, sparse->layers[l + 1].bias.gradient, bias->n) <
                            tolerance);
            }
            sg_network_free(dense);
            sg_network_free(sparse);
        }
        sg_dataset_free(data);
    }
}

static void assert_in_step(const train_link *link)
{
    const sg_csr *m = link->matrix;
    size_t n_nonzero = 0;
    for (size_t i = 0; i < m->n_rows * m->n_cols; i++)
        n_nonzero += link->cell[i] != 0.0F;
    assert_true(n_nonzero <= m->n_links);
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            assert_true(link->cell[row * m->n_cols + m->col[k]] == m->value[k]);
}

static void keeps_the_cells_of_a_nearly_full_link_in_step(void **state)
{
    (void)state;
    const sg_train_params p = dense_enough(0.8);
    sg_dataset *data = digits(&p);
    for (int n_threads = 1; n_threads <= 3; n_threads++) {
        sg_network *net = draw(&p, true);
        train_batches(net, data, BATCH, n_threads);
        for (size_t l = 0; net->dense && l < 3; l++)
            assert_in_step(&net->links[l]);
        const sg_rule_when when = {.seed = 3, .epoch = 1, .zeta = 0.3};
        sg_error err = {0};
        assert_ok(sg_set_evolve(net, &when, &err), &err);
        for (size_t l = 0; net->dense && l < 3; l++)
            assert_in_step(&net->links[l]);
        sg_network_free(net);
    }
    sg_dataset_free(data);
}

static void assert_same_snapshots(const char *left, const char *right)
{
    static const char *const names[] = {"snapshots/epoch-0000.safetensors",
                                        "snapshots/epoch-0001.safetensors",
                                        "snapshots/epoch-0002.safetensors"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char path[TEST_PATH_MAX];
        char other[TEST_PATH_MAX];
        assert_same_file(in_folder(path, left, names[i]), in_folder(other, right, names[i]));
    }
}

static void stop_there(void *user, const sg_train_batch *where)
{
    if (where->epoch == 2 && where->batch == 3)
        *(volatile sig_atomic_t *)user = 1;
}

static void compare_with_other_threads(sg_train_params p, const char *one)
{
    char other[TEST_PATH_MAX];
    sg_error err = {0};
    in_folder(other, folder, "other");
    for (p.n_threads = 2; p.n_threads <= 4; p.n_threads += 2) {
        assert_ok(sg_train(&p, NULL, other, NULL, &err), &err);
        assert_same_snapshots(one, other);
    }
}

static void compare_with_resumed(const sg_train_params *p, const char *one)
{
    char other[TEST_PATH_MAX];
    sg_error err = {0};
    in_folder(other, folder, "other");
    volatile sig_atomic_t stop = 0;
    const sg_train_watch watch = {.batch = stop_there, .user = (void *)&stop, .stop = &stop};
    assert_int_equal(sg_train(p, NULL, other, &watch, &err), SG_EINTERRUPTED);
    assert_ok(sg_train_resume(other, 2, NULL, NULL, &err), &err);
    assert_same_snapshots(one, other);
}

static void writes_the_same_bytes_with_any_threads_resumed_or_not(void **state)
{
    (void)state;
    const double densities[] = {1.0, 0.8};
    for (size_t i = 0; i < SG_COUNT(densities); i++) {
        char one[TEST_PATH_MAX];
        const sg_train_params p = dense_enough(densities[i]);
        sg_error err = {0};
        assert_ok(sg_train(&p, NULL, in_folder(one, folder, "one"), NULL, &err), &err);
        compare_with_other_threads(p, one);
        compare_with_resumed(&p, one);
    }
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const sg_train_params p = dense_enough(0.8);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_network *net = NULL;
        sg_test_alloc_budget(budget);
        status = sg_network_new(&p, 40, 20, &net, NULL);
        sg_test_alloc_budget(-1);
        assert_true((status == SG_OK) == (net != NULL));
        assert_true(budget < 200);
        sg_network_free(net);
    }
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains_as_the_sparse_kernels_do),
        cmocka_unit_test(keeps_the_cells_of_a_nearly_full_link_in_step),
        cmocka_unit_test(writes_the_same_bytes_with_any_threads_resumed_or_not),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
