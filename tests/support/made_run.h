/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_MADE_RUN_H
#define SG_TEST_MADE_RUN_H

/* Run directories made without training: links drift from everywhere to the middle of the input, as
 * SET's do on images, so that figures and reports have something to show. */

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "snapshot/run_writer.h"
#include "unit.h"
#include <math.h>

typedef struct made_run {
    const sg_layer *layers; /* (n_layers), biases are not taken */
    size_t n_layers;
    long n_epochs; /* snapshots 0 to n_epochs */
    double density;
    bool has_bias, has_metrics, has_final;
    const char *manifest; /* JSON, or NULL for one like the trainer's */
    uint64_t seed;
} made_run;

static const sg_layer made_image_layers[] = {{"input", 784, 2, {28, 28}, NULL},
                                             {"hidden1", 200, 1, {200}, NULL},
                                             {"output", 10, 1, {10}, NULL}};

#define MADE_RUN_DEFAULT                                                                           \
    {                                                                                              \
        .layers = made_image_layers, .n_layers = 3, .n_epochs = 4, .density = 0.06,                \
        .has_bias = true, .has_metrics = true, .has_final = true, .manifest = NULL, .seed = 1      \
    }

/* How much likelier than the mean a link from column col is once all is learned. */
static inline double made_attraction(const sg_layer *from, size_t col)
{
    if (from->n_dims != 2)
        return 0.5 + (double)((col * 7919) % from->size) / (double)from->size;
    const double y = ((double)(col / from->shape[1]) + 0.5) / (double)from->shape[0] - 0.5;
    const double x = ((double)(col % from->shape[1]) + 0.5) / (double)from->shape[1] - 0.5;
    return 3.2 * exp(-(x * x + y * y) / 0.1);
}

/* Every cell has one random number for ever: links that stay likely stay. */
static inline sg_csr *made_matrix(const made_run *run, size_t link, long epoch)
{
    const sg_layer *from = &run->layers[link];
    const sg_layer *to = &run->layers[link + 1];
    const double learned = run->n_epochs ? (double)epoch / (double)run->n_epochs : 0.0;
    sg_csr *m = NULL;
    sg_error err = {0};
    sg_random r;

    assert_ok(sg_csr_new(to->size, from->size, to->size * from->size, true, &m, &err), &err);
    sg_random_open(&r, run->seed, SG_RANDOM_SAMPLE, (uint32_t)link, 0);
    m->n_links = 0;
    for (size_t row = 0; row < to->size; row++) {
        m->row_start[row] = m->n_links;
        for (size_t col = 0; col < from->size; col++) {
            const double pull = (1.0 - learned) + learned * made_attraction(from, col);
            const double chance = to->size <= 10 ? 1.0 : run->density * pull;
            const double draw = sg_random_unit(&r);
            const float weight = (float)(0.1 * (sg_random_unit(&r) - 0.5));
            if (draw >= chance)
                continue;
            m->col[m->n_links] = (uint32_t)col;
            m->value[m->n_links++] = weight;
        }
    }
    m->row_start[to->size] = m->n_links;
    return m;
}

static inline sg_snapshot *made_network(const made_run *run, long epoch)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};

    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < run->n_layers; i++) {
        sg_layer layer = run->layers[i];
        SG_AUTOFREE float *bias = SG_NEW_ARRAY(float, layer.size);
        assert_non_null(bias);
        layer.bias = run->has_bias && i > 0 ? bias : NULL;
        assert_ok(sg_snapshot_add_layer(s, &layer, &err), &err);
    }
    for (size_t i = 0; i + 1 < run->n_layers; i++) {
        SG_AUTOFREE char *name = sg_format("%s-%s", run->layers[i].name, run->layers[i + 1].name);
        assert_ok(sg_snapshot_add_link(s, name, i, i + 1, made_matrix(run, i, epoch), &err), &err);
    }
    SG_AUTOFREE char *number = sg_format("%ld", epoch);
    assert_ok(sg_snapshot_set_meta(s, "epoch", number, &err), &err);
    return s;
}

static inline sg_epoch_metrics made_metrics(const made_run *run, const sg_snapshot *s, long epoch)
{
    const double gone = exp(-1.2 * (double)epoch);
    double possible = 0.0;

    for (size_t i = 0; i + 1 < run->n_layers; i++)
        possible += (double)run->layers[i].size * (double)run->layers[i + 1].size;
    return (sg_epoch_metrics){.epoch = epoch,
                              .train_s = epoch ? 2.5 : (double)NAN,
                              .evolve_s = epoch ? 0.02 : (double)NAN,
                              .test_s = 0.1,
                              .snapshot_s = 0.01,
                              .train_loss = epoch ? 0.4 + 1.9 * gone : (double)NAN,
                              .test_loss = 0.45 + 1.9 * gone,
                              .train_accuracy = epoch ? 0.88 - 0.78 * gone : (double)NAN,
                              .test_accuracy = 0.87 - 0.77 * gone,
                              .links = (double)sg_snapshot_n_connections(s),
                              .density = (double)sg_snapshot_n_connections(s) / possible};
}

static inline void make_run(const char *path, const made_run *run)
{
    static const char usual[] =
        "{\"command_line\": \"sparsegraph train digits --method set -o set\", \"method\": \"set\", "
        "\"dataset\": \"digits\", \"seed\": 1, \"host\": \"secret-host\", \"settings\": "
        "{\"epsilon\": 20, \"zeta\": 0.3, \"batch\": 100, \"lr\": 0.01, \"activation\": \"relu\"}, "
        "\"inputs\": [{\"path\": \"/data/train-images\", \"sha256\": "
        "\"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db\"}], \"versions\": "
        "{\"sparsegraph\": \"0.1.0\"}}";
    sg_error err = {0};

    assert_ok(sg_run_create(path, run->manifest ? run->manifest : usual, true, &err), &err);
    for (long epoch = 0; epoch <= run->n_epochs; epoch++) {
        sg_snapshot *s = made_network(run, epoch);
        const sg_epoch_metrics metrics = made_metrics(run, s, epoch);
        assert_ok(sg_run_write_snapshot(path, epoch, s, &err), &err);
        if (run->has_metrics)
            assert_ok(sg_run_append_metrics(path, &metrics, &err), &err);
        if (epoch == run->n_epochs && run->has_final) {
            sg_snapshot *core = NULL;
            assert_ok(sg_snapshot_core(s, 0.3, &core, &err), &err);
            assert_ok(sg_snapshot_set_meta(core, "test_accuracy", "0.8512", &err), &err);
            assert_ok(sg_run_write_final(path, core, &err), &err);
            sg_snapshot_free(core);
        }
        sg_snapshot_free(s);
    }
}

#endif
