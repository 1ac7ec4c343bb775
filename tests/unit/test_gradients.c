/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "train/dropout.h"
#include "train/link.h"
#include "train/pass.h"

#include <math.h>
#include <stdio.h>

enum { N_SAMPLES = 24, MAX_PROBES = 150 };

typedef struct setting {
    sg_activation activation;
    sg_loss loss;
    sg_output output;
    double dropout;
    size_t batch;   /* 32 or more: two groups of samples */
    double density; /* of the hidden layers; 0: a sparse one by epsilon */
} setting;

static const size_t hidden[] = {30, 20, 15};

/* So many neurons that 16 samples at a time go through the layers. */
enum { IN_PARTS = 13000, A_PART = 16 };

static sg_dataset *digits(void)
{
    sg_dataset_params params = SG_DATASET_PARAMS_DEFAULT;
    params.n_train = N_SAMPLES;
    params.n_test = 10;
    /* global: with few samples a rarely used pixel scaled by its own deviation would dominate */
    params.standardize = SG_STANDARDIZE_GLOBAL;
    sg_dataset *data = NULL;
    sg_error err = {0};
    assert_ok(sg_dataset_load(&params, &data, &err), &err);
    return data;
}

/* A batch and what it is trained with; some samples fewer than there is room for. */
typedef struct probe {
    sg_network *net;
    sg_pass *pass;
    const sg_dataset *data;
    sg_batch batch;
    sg_dropout dropout;
} probe;

static double loss_of(const probe *p)
{
    sg_score score = {0};
    for (size_t l = 0; l + 1 < p->net->n_layers; l++)
        sg_link_refresh(&p->net->links[l], (sg_share){0, 1});
    sg_pass_score(p->pass, p->data, &p->batch, &p->dropout, &score);
    return score.loss / (double)score.n_samples;
}

/*
 * The relative distance between the gradient by back-propagation and central differences, over
 * evenly spaced elements. A step may carry a neuron over the kink of its activation, which errs by
 * a share that goes with the step; the loss comes from f32 activations, which err by 1e-7 / step.
 * Halfway, both stay near 1 %.
 */
static double gradient_error(const probe *at, const parameter *p)
{
    const float step = 5e-5F;
    const size_t stride = p->n > MAX_PROBES ? p->n / MAX_PROBES : 1;
    double difference = 0.0;
    double size = 0.0;
    for (size_t k = 0; k < p->n; k += stride) {
        const float held = p->value[k];
        p->value[k] = held + step;
        const double above = loss_of(at);
        const double up = (double)p->value[k];
        p->value[k] = held - step;
        const double below = loss_of(at);
        const double numeric = (above - below) / (up - (double)p->value[k]);
        p->value[k] = held;
        const double analytic = (double)p->gradient[k];
        difference += (analytic - numeric) * (analytic - numeric);
        size += numeric * numeric;
    }
    return size > 0.0 ? sqrt(difference / size) : sqrt(difference);
}

static void check_setting(const setting *with, const sg_dataset *data, const char *name)
{
    const double tolerance = 0.02; /* what rounding and kinks leave; a wrong term gives 0.1 to 1 */
    sg_train_params params = SG_TRAIN_PARAMS_DEFAULT;
    params.hidden = hidden;
    params.n_hidden = SG_COUNT(hidden);
    params.epsilon = 8.0;
    params.activation = with->activation;
    params.loss = with->loss;
    params.output = with->output;
    params.init = SG_INIT_HE;
    params.batch = with->batch;
    params.density = with->density;
    sg_network *net = NULL;
    probe at = {
        .data = data,
        .batch = {.split = SG_TRAIN, .n = N_SAMPLES - 3}, /* which leaves padding */
        .dropout = {.rate = with->dropout, .seed = 5, .epoch = 1, .batch = 3},
    };
    sg_error err = {0};
    assert_ok(sg_network_new(&params, 784, 10, &net, &err), &err);
    at.net = net;
    assert_ok(sg_pass_new(net, N_SAMPLES, with->dropout > 0.0, 2, &at.pass, &err), &err);

    sg_score score = {0};
    sg_pass_train(at.pass, data, &at.batch, &at.dropout, NULL, &score);
    for (size_t l = 0; l + 1 < net->n_layers; l++) {
        const parameter *parameters[] = {&net->links[l].weight, &net->layers[l + 1].bias,
                                         &net->layers[l + 1].srelu};
        for (size_t i = 0; i < SG_COUNT(parameters); i++) {
            const double error = gradient_error(&at, parameters[i]);
            if (!(error < tolerance))
                fail_msg("%s: layer %zu, array %zu: relative error %g", name, l + 1, i, error);
        }
    }
    sg_pass_free(at.pass);
    sg_network_free(net);
}

static void back_propagates_what_finite_differences_show(void **state)
{
    (void)state;
    sg_dataset *data = digits();
    const setting settings[] = {
        {SG_RELU, SG_SOFTMAX, SG_OUTPUT_DENSE, 0.0, 32},
        {SG_RELU, SG_SIGMOID_MSE, SG_OUTPUT_SPARSE, 0.3, 20},
        {SG_ALL_RELU, SG_SOFTMAX, SG_OUTPUT_FROZEN, 0.0, 32},
        {SG_ALL_RELU, SG_SIGMOID_MSE, SG_OUTPUT_DENSE, 0.5, 20},
        {SG_SRELU, SG_SOFTMAX, SG_OUTPUT_DENSE, 0.0, 32},
        {SG_SRELU, SG_SIGMOID_MSE, SG_OUTPUT_SPARSE, 0.3, 20},
        {SG_RELU, SG_SOFTMAX, SG_OUTPUT_DENSE, 0.0, 32, 1.0}, /* by BLAS, where there is one */
        {SG_SRELU, SG_SOFTMAX, SG_OUTPUT_DENSE, 0.3, 20, 0.8},
    };
    for (size_t i = 0; i < SG_COUNT(settings); i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s, %s, density %g",
                       sg_activation_name(settings[i].activation), sg_loss_name(settings[i].loss),
                       settings[i].density);
        check_setting(&settings[i], data, name);
    }
    sg_dataset_free(data);
}

enum { A_LAYER = 3 }; /* arrays of parameters of each */

/* Array i of all: weights, biases and SReLU of a layer, layer by layer. */
static const parameter *parameter_at(const sg_network *net, size_t i)
{
    const size_t l = i / A_LAYER;
    const parameter *of_layer[A_LAYER] = {&net->links[l].weight, &net->layers[l + 1].bias,
                                          &net->layers[l + 1].srelu};
    return of_layer[i % A_LAYER];
}

static size_t n_parameters(const sg_network *net)
{
    size_t n = 0;
    for (size_t i = 0; i < A_LAYER * (net->n_layers - 1); i++)
        n += parameter_at(net, i)->n;
    return n;
}

/* Adds share * the gradients by all parameters, one array after the other, of n samples from
 * `first` on. */
static void add_gradients(const probe *at, size_t first, size_t n, double share, double *sum)
{
    const sg_batch batch = {.split = SG_TRAIN, .first = first, .n = n};
    sg_score score = {0};
    sg_pass_train(at->pass, at->data, &batch, NULL, NULL, &score);
    for (size_t i = 0; i < A_LAYER * (at->net->n_layers - 1); i++) {
        const parameter *p = parameter_at(at->net, i);
        for (size_t k = 0; k < p->n; k++)
            *sum++ += share * (double)p->gradient[k];
    }
}

/* The gradient of all samples, and what is left when those of its two parts are taken away. */
static void check_parts(const probe *at)
{
    const double first = (double)A_PART / N_SAMPLES;
    const size_t n = n_parameters(at->net);
    double *whole = sg_alloc(n, sizeof *whole);
    double *left = sg_alloc(n, sizeof *left);
    assert_non_null(whole);
    assert_non_null(left);
    add_gradients(at, 0, N_SAMPLES, 1.0, whole);
    add_gradients(at, 0, N_SAMPLES, 1.0, left);
    add_gradients(at, 0, A_PART, -first, left);
    add_gradients(at, A_PART, N_SAMPLES - A_PART, first - 1.0, left);
    size_t k = 0;
    for (size_t i = 0; i < A_LAYER * (at->net->n_layers - 1); i++) {
        const size_t end = k + parameter_at(at->net, i)->n;
        double size = 0.0;
        double rest = 0.0;
        for (; k < end; k++) {
            size += fabs(whole[k]);
            rest += fabs(left[k]);
        }
        assert_true(rest <= 1e-5 * size);
        assert_true(size > 0.0 || parameter_at(at->net, i)->n == 0);
    }
    sg_free(whole);
    sg_free(left);
}

/* The gradient of the mean over samples that go through wide layers in two parts is the mean of
 * those of the parts, each on its own. */
static void adds_up_the_parts_of_a_batch(void **state)
{
    (void)state;
    sg_dataset *data = digits();
    const sg_activation activations[] = {SG_RELU, SG_ALL_RELU, SG_SRELU};
    const size_t sizes[] = {IN_PARTS, hidden[1]};
    for (size_t a = 0; a < SG_COUNT(activations); a++) {
        sg_train_params params = SG_TRAIN_PARAMS_DEFAULT;
        params.hidden = sizes;
        params.n_hidden = SG_COUNT(sizes);
        params.activation = activations[a];
        params.batch = N_SAMPLES;
        probe at = {.data = data};
        sg_error err = {0};
        assert_ok(sg_network_new(&params, 784, 10, &at.net, &err), &err);
        assert_ok(sg_pass_new(at.net, N_SAMPLES, false, 2, &at.pass, &err), &err);
        check_parts(&at);
        sg_pass_free(at.pass);
        sg_network_free(at.net);
    }
    sg_dataset_free(data);
}

/* A network whose first two layers have so many links that their arrays lie in the order of the
 * index; or in that of the matrix all the same. */
static sg_network *draw_large(bool turned)
{
    static const size_t sizes[] = {720, 800};
    sg_train_params params = SG_TRAIN_PARAMS_DEFAULT;
    params.hidden = sizes;
    params.n_hidden = SG_COUNT(sizes);
    params.density = 0.48;
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(&params, 784, 10, &net, &err), &err);
    net->turns = turned;
    for (size_t l = 0; l < 2; l++) {
        sg_network_forget_index(net, l);
        assert_ok(sg_network_index(net, l, &err), &err);
        assert_int_equal(sg_link_is_turned(&net->links[l]), turned);
    }
    return net;
}

/* Two steps, and the gradients of a third batch. */
static void train_large(sg_network *net, const sg_dataset *data)
{
    const sg_sgd sgd = {.lr = 0.01, .momentum = 0.9, .weight_decay = 1e-4};
    const sg_batch batch = {.split = SG_TRAIN, .n = N_SAMPLES};
    sg_pass *pass = NULL;
    sg_score score = {0};
    sg_error err = {0};
    assert_ok(sg_pass_new(net, N_SAMPLES, false, 2, &pass, &err), &err);
    for (size_t i = 0; i < 3; i++)
        sg_pass_train(pass, data, &batch, NULL, i < 2 ? &sgd : NULL, &score);
    sg_pass_free(pass);
}

static void trains_alike_in_either_order_of_the_links(void **state)
{
    (void)state;
    sg_dataset *data = digits();
    sg_network *turned = draw_large(true);
    sg_network *plain = draw_large(false);
    train_large(turned, data);
    train_large(plain, data);
    for (size_t l = 0; l < 2; l++) {
        const train_link *a = &turned->links[l];
        const train_link *b = &plain->links[l];
        const size_t n = a->matrix->n_links;
        double difference = 0.0;
        double size = 0.0;
        for (size_t k = 0; k < n; k++) {
            const size_t place = a->t_position[k];
            assert_true(a->weight.value[k] == a->matrix->value[place]);
            difference += fabs((double)(a->weight.gradient[k] - b->weight.gradient[place])) +
                          fabs((double)(a->weight.velocity[k] - b->weight.velocity[place]));
            size +=
                fabs((double)b->weight.gradient[place]) + fabs((double)b->weight.velocity[place]);
        }
        assert_true(size > 0.0 && difference <= 1e-5 * size);
        assert_int_equal(n, b->matrix->n_links);
    }
    sg_network_free(turned);
    sg_network_free(plain);
    sg_dataset_free(data);
}

static void gives_the_same_gradient_bits_with_any_number_of_threads(void **state)
{
    (void)state;
    sg_dataset *data = digits();
    sg_train_params params = SG_TRAIN_PARAMS_DEFAULT;
    params.hidden = hidden;
    params.n_hidden = SG_COUNT(hidden);
    const sg_dropout dropout = {.rate = 0.3, .seed = 5, .epoch = 1, .batch = 3};
    sg_network *net = NULL;
    sg_error err = {0};
    assert_ok(sg_network_new(&params, 784, 10, &net, &err), &err);
    float *first[3] = {0};
    for (int n_threads = 1; n_threads <= 4; n_threads++) {
        sg_pass *pass = NULL;
        sg_score score = {0};
        assert_ok(sg_pass_new(net, N_SAMPLES, true, n_threads, &pass, &err), &err);
        const sg_batch batch = {.split = SG_TRAIN, .n = N_SAMPLES};
        sg_pass_train(pass, data, &batch, &dropout, NULL, &score);
        for (size_t l = 0; l < 3; l++) {
            const parameter *p = &net->links[l].weight;
            if (n_threads == 1)
                first[l] = sg_memdup(p->gradient, p->n * sizeof(float));
            assert_memory_equal(first[l], p->gradient, p->n * sizeof(float));
        }
        sg_pass_free(pass);
    }
    for (size_t l = 0; l < 3; l++)
        sg_free(first[l]);
    sg_network_free(net);
    sg_dataset_free(data);
}

/* The share dropped lies within four standard errors of the rate, and what is kept is scaled to the
 * same mean. */
static void drops_the_share_that_was_asked_for(void **state)
{
    (void)state;
    enum { N = 4096, NEURONS = 50 };
    static float y[N];
    static float mask[N];
    const double rates[] = {0.1, 0.3, 0.5};
    for (size_t i = 0; i < SG_COUNT(rates); i++) {
        const sg_dropout dropout = {.rate = rates[i], .seed = 9, .epoch = 2, .batch = 7};
        size_t n_dropped = 0;
        for (size_t neuron = 0; neuron < NEURONS; neuron++) {
            for (size_t s = 0; s < N; s++)
                y[s] = 1.0F;
            /* in two parts, as two groups of a batch do */
            for (size_t first = 0; first < N; first += N / 2) {
                const sg_dropout_row row = {.layer = 1,
                                            .neuron = neuron,
                                            .n_neurons = NEURONS,
                                            .first = first,
                                            .n = N / 2,
                                            .n_columns = N};
                sg_drop(&dropout, &row, y + first, mask + first);
            }
            for (size_t s = 0; s < N; s++) {
                assert_true(y[s] == mask[s]);
                assert_true(y[s] == 0.0F || fabs((double)y[s] * (1.0 - rates[i]) - 1.0) < 1e-6);
                n_dropped += y[s] == 0.0F;
            }
        }
        const double n = (double)N * NEURONS;
        const double error = sqrt(rates[i] * (1.0 - rates[i]) / n);
        assert_true(fabs((double)n_dropped / n - rates[i]) < 4.0 * error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_propagates_what_finite_differences_show),
        cmocka_unit_test(adds_up_the_parts_of_a_batch),
        cmocka_unit_test(trains_alike_in_either_order_of_the_links),
        cmocka_unit_test(gives_the_same_gradient_bits_with_any_number_of_threads),
        cmocka_unit_test(drops_the_share_that_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
