/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "files.h"
#include "folder.h"

#include "snapshot/lend.h"
#include "sparsegraph/train.h"
#include "train/rule.h"

/* What large networks need: no copy of the links where the state is written or read, evolution in
 * place, snapshots of some epochs only. */

static const size_t hidden[] = {40, 30, 50};

static sg_train_params small_network(void)
{
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.hidden = hidden;
    p.n_hidden = SG_COUNT(hidden);
    p.epsilon = 4.0;
    p.activation = SG_SRELU;
    return p;
}

static sg_network *draw(const sg_train_params *p)
{
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(p, 20, 10, &net, &err), &err);
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        for (size_t k = 0; k < net->links[l].weight.n; k++)
            net->links[l].weight.velocity[k] = (float)k;
    return net;
}

/* The same network, each array a copy. */
static sg_snapshot *copy_of(const sg_snapshot *lent)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < sg_snapshot_n_layers(lent); i++)
        assert_ok(sg_snapshot_add_layer(s, sg_snapshot_layer(lent, i), &err), &err);
    for (size_t i = 0; i < sg_snapshot_n_links(lent); i++) {
        const sg_link *link = sg_snapshot_link(lent, i);
        sg_csr *m = NULL;
        assert_ok(sg_csr_copy(link->matrix, &m, &err), &err);
        assert_ok(sg_snapshot_add_link(s, link->name, link->from, link->to, m, &err), &err);
    }
    for (size_t i = 0; i < sg_snapshot_n_tensors(lent); i++)
        assert_ok(sg_snapshot_add_tensor(s, sg_snapshot_tensor(lent, i), &err), &err);
    return s;
}

static void writes_a_lent_network_as_it_writes_a_copy(void **state)
{
    (void)state;
    const sg_train_params p = small_network();
    sg_network *net = draw(&p);
    sg_snapshot *lent = NULL;
    sg_error err = {0};
    assert_ok(sg_network_to_snapshot(net, (sg_input_shape){0}, true, &lent, &err), &err);
    sg_snapshot *copied = copy_of(lent);
    char a[TEST_PATH_MAX];
    char b[TEST_PATH_MAX];
    assert_ok(sg_snapshot_write(lent, in_folder(a, folder, "lent"), &err), &err);
    assert_ok(sg_snapshot_write(copied, in_folder(b, folder, "copied"), &err), &err);
    assert_same_file(a, b);
    assert_ptr_equal(sg_snapshot_link(lent, 0)->matrix, net->links[0].matrix);
    assert_null(sg_snapshot_take_matrix(lent, 0));
    assert_null(sg_snapshot_take_values(lent, 0));
    sg_snapshot_free(lent); /* and the network is still whole */
    assert_int_equal(net->links[0].matrix->n_cols, 20);
    sg_network_free(net);
    sg_snapshot_free(copied);
}

static void takes_the_arrays_of_a_checkpoint(void **state)
{
    (void)state;
    const sg_train_params p = small_network();
    sg_network *net = draw(&p);
    sg_snapshot *lent = NULL;
    sg_error err = {0};
    assert_ok(sg_network_to_snapshot(net, (sg_input_shape){0}, true, &lent, &err), &err);
    sg_snapshot *copied = copy_of(lent);
    const sg_csr *matrix = sg_snapshot_link(copied, 1)->matrix;
    sg_network *back = NULL;
    assert_ok(sg_network_from_checkpoint(&p, 20, 10, copied, &back, &err), &err);
    assert_ptr_equal(back->links[1].matrix, matrix);
    sg_snapshot_free(copied);

    sg_snapshot *again = NULL;
    char a[TEST_PATH_MAX];
    char b[TEST_PATH_MAX];
    assert_ok(sg_network_to_snapshot(back, (sg_input_shape){0}, true, &again, &err), &err);
    assert_ok(sg_snapshot_write(lent, in_folder(a, folder, "before"), &err), &err);
    assert_ok(sg_snapshot_write(again, in_folder(b, folder, "after"), &err), &err);
    assert_same_file(a, b);
    sg_snapshot_free(lent);
    sg_snapshot_free(again);
    sg_network_free(net);
    sg_network_free(back);
}

static void leaves_a_checkpoint_that_does_not_fit_to_its_owner(void **state)
{
    (void)state;
    sg_train_params p = small_network();
    sg_network *net = draw(&p);
    sg_snapshot *lent = NULL;
    sg_error err = {0};
    assert_ok(sg_network_to_snapshot(net, (sg_input_shape){0}, true, &lent, &err), &err);
    sg_network *back = NULL;
    sg_snapshot *copied = copy_of(lent);
    assert_int_equal(sg_network_from_checkpoint(&p, 21, 10, copied, &back, &err), SG_EFORMAT);
    sg_snapshot_free(copied);
    for (long budget = 0, status = SG_ENOMEM; status == SG_ENOMEM; budget++) {
        copied = copy_of(lent);
        sg_test_alloc_budget(budget);
        status = sg_network_from_checkpoint(&p, 20, 10, copied, &back, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_ENOMEM || status == SG_OK);
        sg_snapshot_free(copied);
        assert_true(budget < 200);
    }
    sg_network_free(back);
    sg_snapshot_free(lent);
    sg_network_free(net);
}

static void gives_tensors_away_on_success_only(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    float *value = SG_NEW_ARRAY(float, 3);
    assert_non_null(value);
    const sg_tensor tensor = {.name = "t", .n_dims = 1, .shape = {3}};
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = sg_snapshot_give_tensor(s, &tensor, value, NULL);
        sg_test_alloc_budget(-1);
        assert_true(budget < 10);
    }
    assert_int_equal(status, SG_OK);
    assert_int_equal(sg_snapshot_give_tensor(s, &tensor, value, &err), SG_EINVAL); /* taken name */
    assert_ptr_equal(sg_snapshot_tensor(s, 0)->value, value);
    float *back = sg_snapshot_take_values(s, 0);
    assert_ptr_equal(back, value);
    sg_snapshot_free(s);
    sg_free(back);
}

static void assert_same_links(const train_link *a, const train_link *b)
{
    const size_t n = a->matrix->n_links;
    assert_int_equal(n, b->matrix->n_links);
    assert_int_equal(n, b->weight.n);
    assert_memory_equal(a->matrix->row_start, b->matrix->row_start,
                        (a->matrix->n_rows + 1) * sizeof(uint64_t));
    assert_memory_equal(a->t_start, b->t_start, (a->matrix->n_cols + 1) * sizeof(uint64_t));
    assert_memory_equal(a->matrix->col, b->matrix->col, n * sizeof(uint32_t));
    assert_memory_equal(a->matrix->value, b->matrix->value, n * sizeof(float));
    assert_memory_equal(a->weight.velocity, b->weight.velocity, n * sizeof(float));
    assert_memory_equal(a->t_row, b->t_row, n * sizeof(uint32_t));
    assert_memory_equal(a->t_position, b->t_position, n * sizeof(uint32_t));
}

/* The transposed index holds each link once, in order. */
static void check_index(const train_link *link)
{
    const sg_csr *m = link->matrix;
    sg_error err = {0};
    assert_ok(sg_csr_check(m, &err), &err);
    assert_int_equal(link->t_start[m->n_cols], m->n_links);
    for (size_t col = 0; col < m->n_cols; col++) {
        for (uint64_t i = link->t_start[col]; i < link->t_start[col + 1]; i++) {
            const uint32_t k = link->t_position[i];
            const uint32_t row = link->t_row[i];
            assert_int_equal(m->col[k], col);
            assert_true(k >= m->row_start[row] && k < m->row_start[row + 1]);
            assert_true(i == link->t_start[col] || link->t_row[i - 1] < row);
        }
    }
}

static void evolves_alike_on_one_to_four_threads(void **state)
{
    (void)state;
    const double zetas[] = {0.0, 0.3, 1.0};
    for (size_t i = 0; i < 2 * SG_COUNT(zetas); i++) {
        sg_train_params p = small_network();
        p.density = i % 2 ? 0.97 : 0.0; /* nearly full, too */
        sg_network *one = draw(&p);
        for (size_t n_threads = 2; n_threads <= 4; n_threads++) {
            sg_network *many = draw(&p);
            sg_network *again = draw(&p);
            many->dense = again->dense = NULL; /* which would need no index of nearly full links */
            for (uint32_t epoch = 1; epoch <= 3; epoch++) {
                sg_rule_when when = {
                    .seed = 5, .epoch = epoch, .last = epoch == 3, .zeta = zetas[i / 2]};
                sg_error err = {0};
                assert_ok(sg_set_evolve(again, &when, &err), &err);
                when.n_threads = n_threads;
                assert_ok(sg_set_evolve(many, &when, &err), &err);
            }
            for (size_t l = 0; l + 1 < one->n_layers; l++) {
                assert_same_links(&again->links[l], &many->links[l]);
                check_index(&many->links[l]);
            }
            sg_network_free(many);
            sg_network_free(again);
        }
        sg_network_free(one);
    }
}

static sg_train_params small_run(size_t snapshot_every)
{
    sg_train_params p = small_network();
    p.data.n_train = 120;
    p.data.n_test = 40;
    p.n_epochs = 7;
    p.batch = 50;
    p.n_threads = 1;
    p.snapshot_every = snapshot_every;
    return p;
}

static void assert_has_epochs(const char *path, const long *epochs, size_t n)
{
    sg_run *run = NULL;
    sg_error err = {0};
    assert_ok(sg_run_open(path, &run, &err), &err);
    assert_int_equal(sg_run_n_metrics(run), 8);
    assert_int_equal(sg_run_n_snapshots(run), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(sg_run_snapshot_epoch(run, i), epochs[i]);
    assert_non_null(sg_run_final_path(run));
    sg_run_free(run);
}

static void keeps_the_first_every_nth_and_the_last_snapshot(void **state)
{
    (void)state;
    const long third[] = {0, 3, 6, 7};
    const long ends[] = {0, 7};
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_train_params p = small_run(3);
    assert_ok(sg_train(&p, NULL, in_folder(path, folder, "third"), NULL, &err), &err);
    assert_has_epochs(path, third, 4);
    p.snapshot_every = 100;
    assert_ok(sg_train(&p, NULL, in_folder(path, folder, "ends"), NULL, &err), &err);
    assert_has_epochs(path, ends, 2);
    p.snapshot_every = 0;
    assert_int_equal(sg_train(&p, NULL, in_folder(path, folder, "none"), NULL, &err), SG_EINVAL);
}

typedef struct stop_at {
    size_t epoch;
    volatile sig_atomic_t stop;
} stop_at;

static void stop_in_epoch(void *user, const sg_train_batch *where)
{
    stop_at *s = user;
    s->stop = where->epoch == s->epoch;
}

static void resumes_with_the_snapshots_that_were_asked_for(void **state)
{
    (void)state;
    const long third[] = {0, 3, 6, 7};
    char every[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    sg_error err = {0};
    sg_train_params p = small_run(1);
    assert_ok(sg_train(&p, NULL, in_folder(every, folder, "every"), NULL, &err), &err);
    p = small_run(3);
    p.overwrite = true;
    for (size_t epoch = 1; epoch <= p.n_epochs; epoch++) {
        stop_at at = {.epoch = epoch};
        const sg_train_watch watch = {.batch = stop_in_epoch, .user = &at, .stop = &at.stop};
        in_folder(broken, folder, "broken");
        assert_int_equal(sg_train(&p, NULL, broken, &watch, &err), SG_EINTERRUPTED);
        assert_ok(sg_train_resume(broken, 1, NULL, NULL, &err), &err);
        assert_has_epochs(broken, third, 4);
        for (size_t i = 0; i < SG_COUNT(third); i++) {
            char name[64];
            char a[TEST_PATH_MAX];
            char b[TEST_PATH_MAX];
            (void)snprintf(name, sizeof name, "snapshots/epoch-%04ld.safetensors", third[i]);
            assert_same_file(in_folder(a, every, name), in_folder(b, broken, name));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_lent_network_as_it_writes_a_copy),
        cmocka_unit_test(takes_the_arrays_of_a_checkpoint),
        cmocka_unit_test(leaves_a_checkpoint_that_does_not_fit_to_its_owner),
        cmocka_unit_test(gives_tensors_away_on_success_only),
        cmocka_unit_test(evolves_alike_on_one_to_four_threads),
        cmocka_unit_test(keeps_the_first_every_nth_and_the_last_snapshot),
        cmocka_unit_test(resumes_with_the_snapshots_that_were_asked_for),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
