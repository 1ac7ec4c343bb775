/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "files.h"
#include "folder.h"

#include "train/link.h"
#include "train/rule.h"

static const size_t hidden[] = {720, 30};

/* The first layer has more links than lie in the order of the matrix, and less than BLAS needs; the
 * second has few. */
static sg_train_params params(void)
{
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.hidden = hidden;
    p.n_hidden = SG_COUNT(hidden);
    p.density = 0.48;
    return p;
}

/* With velocities that tell each link from the others. */
static sg_network *draw(void)
{
    const sg_train_params p = params();
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(&p, 784, 10, &net, &err), &err);
    for (size_t l = 0; l + 1 < net->n_layers; l++)
        for (size_t k = 0; k < net->links[l].weight.n; k++)
            net->links[l].weight.velocity[k] = 2.0F * net->links[l].weight.value[k];
    return net;
}

static void assert_in_order(const train_link *link)
{
    const sg_csr *m = link->matrix;
    const float *velocity = sg_link_velocity(link);
    for (size_t k = 0; k < m->n_links; k++) {
        const size_t place = sg_link_is_turned(link) ? link->t_position[k] : k;
        assert_true(link->weight.value[k] == m->value[place]);
        assert_true(link->weight.velocity[k] == velocity[place]);
    }
}

static void turns_the_arrays_of_large_layers(void **state)
{
    (void)state;
    sg_network *net = draw();
    assert_true(sg_link_is_turned(&net->links[0]));
    assert_false(sg_link_is_turned(&net->links[1]));
    for (size_t l = 0; l < 2; l++) {
        assert_in_order(&net->links[l]);
        for (size_t k = 0; k < net->links[l].matrix->n_links; k++)
            assert_true(net->links[l].weight.velocity[k] == 2.0F * net->links[l].weight.value[k]);
    }
    sg_network_free(net);
}

static void tells_the_products_of_changed_weights(void **state)
{
    (void)state;
    sg_network *net = draw();
    train_link *link = &net->links[0];
    for (size_t k = 0; k < link->weight.n; k++)
        link->weight.value[k] = (float)k;
    for (size_t i = 0; i < 3; i++)
        sg_link_refresh(link, (sg_share){i, 3});
    assert_in_order(link);
    sg_network_free(net);
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    sg_network *net = draw();
    train_link *link = &net->links[0];
    sg_error err = {0};
    const uint64_t before = sg_network_digest(net);
    sg_link_turn_back(link);
    assert_false(sg_link_is_turned(link));
    for (size_t k = 0; k < link->weight.n; k++)
        assert_true(link->weight.velocity[k] == 2.0F * link->matrix->value[k]);
    assert_ok(sg_link_turn(net, link, &err), &err);
    assert_int_equal(sg_network_digest(net), before);
    sg_network_free(net);
}

static void evolves_in_the_order_of_the_matrix(void **state)
{
    (void)state;
    sg_network *net = draw();
    sg_error err = {0};
    const sg_rule_when when = {.seed = 1, .epoch = 1, .zeta = 0.3};
    assert_ok(sg_set_evolve(net, &when, &err), &err);
    const train_link *link = &net->links[0];
    assert_true(sg_link_is_turned(link));
    assert_in_order(link);
    for (size_t k = 0; k < link->weight.n; k++)
        assert_true(link->weight.velocity[k] == 0.0F ||
                    link->weight.velocity[k] == 2.0F * link->weight.value[k]);
    sg_network_free(net);
}

static void goes_through_a_checkpoint_unchanged(void **state)
{
    (void)state;
    const sg_train_params p = params();
    sg_network *net = draw();
    sg_network *back = NULL;
    sg_snapshot *lent = NULL;
    sg_error err = {0};
    const uint64_t before = sg_network_digest(net);
    assert_ok(sg_network_to_snapshot(net, (sg_input_shape){0}, true, &lent, &err), &err);
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "checkpoint.safetensors");
    assert_ok(sg_snapshot_write(lent, path, &err), &err);
    sg_snapshot_free(lent);
    assert_int_equal(sg_network_digest(net), before);

    sg_snapshot *read = NULL;
    assert_ok(sg_snapshot_read(path, &read, &err), &err);
    assert_ok(sg_network_from_checkpoint(&p, 784, 10, read, &back, &err), &err);
    sg_snapshot_free(read);
    assert_int_equal(sg_network_digest(back), before);
    assert_true(sg_link_is_turned(&back->links[0]));
    sg_network_free(back);
    sg_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_the_arrays_of_large_layers),
        cmocka_unit_test(tells_the_products_of_changed_weights),
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(evolves_in_the_order_of_the_matrix),
        cmocka_unit_test(goes_through_a_checkpoint_unchanged),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
