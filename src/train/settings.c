/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/settings.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const method_names[] = {"set", "fixed", "dense"};
static const char *const activation_names[] = {"relu", "srelu", "all-relu"};
static const char *const loss_names[] = {"softmax", "sigmoid-mse"};
static const char *const output_names[] = {"dense", "sparse", "frozen"};
static const char *const start_names[] = {"bernoulli", "exact"};
static const char *const init_names[] = {"normal", "he"};
static const char *const schedule_names[] = {"constant", "linear", "cosine"};
static const char *const standardize_names[] = {"feature", "global", "none"};

#define NAME_OF(names, value) ((size_t)(value) < SG_COUNT(names) ? (names)[value] : "unknown")

const char *sg_method_name(sg_method method)
{
    return NAME_OF(method_names, method);
}

const char *sg_activation_name(sg_activation activation)
{
    return NAME_OF(activation_names, activation);
}

const char *sg_loss_name(sg_loss loss)
{
    return NAME_OF(loss_names, loss);
}

const char *sg_output_name(sg_output output)
{
    return NAME_OF(output_names, output);
}

const char *sg_start_name(sg_start start)
{
    return NAME_OF(start_names, start);
}

const char *sg_init_name(sg_init init)
{
    return NAME_OF(init_names, init);
}

const char *sg_schedule_name(sg_schedule schedule)
{
    return NAME_OF(schedule_names, schedule);
}

/* A real setting's domain: [low, high], or without its ends. */
typedef struct domain {
    const char *name;
    double value;
    double low;
    double high;
    bool open_low;
    bool open_high;
} domain;

static sg_status check_domain(const domain *d, sg_error *err)
{
    const bool above = d->open_low ? d->value > d->low : d->value >= d->low;
    const bool below = d->open_high ? d->value < d->high : d->value <= d->high;
    if (above && below) /* NaN fails both */
        return SG_OK;
    return sg_fail(err, SG_EINVAL, "%s must lie in %c%g, %g%c, got %g", d->name,
                   d->open_low ? '(' : '[', d->low, d->high, d->open_high ? ')' : ']', d->value);
}

static sg_status check_reals(const sg_train_params *p, sg_error *err)
{
    const domain domains[] = {
        {"epsilon", p->epsilon, 0.0, 1e9, true, false},
        {"density", p->density, 0.0, 1.0, false, false},
        {"zeta", p->zeta, 0.0, 1.0, false, false},
        {"lr", p->lr, 0.0, 1e6, true, false},
        {"lr-final", p->lr_final, 0.0, 1e6, false, false},
        {"momentum", p->momentum, 0.0, 1.0, false, true},
        {"weight-decay", p->weight_decay, 0.0, 1.0, false, true},
        {"dropout", p->dropout, 0.0, 1.0, false, true},
    };
    for (size_t i = 0; i < SG_COUNT(domains); i++)
        SG_TRY(check_domain(&domains[i], err));
    return SG_OK;
}

static sg_status check_enums(const sg_train_params *p, sg_error *err)
{
    const struct {
        const char *name;
        size_t value;
        size_t count;
    } enums[] = {
        {"method", (size_t)p->method, SG_COUNT(method_names)},
        {"activation", (size_t)p->activation, SG_COUNT(activation_names)},
        {"loss", (size_t)p->loss, SG_COUNT(loss_names)},
        {"output", (size_t)p->output, SG_COUNT(output_names)},
        {"start", (size_t)p->start, SG_COUNT(start_names)},
        {"init", (size_t)p->init, SG_COUNT(init_names)},
        {"schedule", (size_t)p->schedule, SG_COUNT(schedule_names)},
        {"standardize", (size_t)p->data.standardize, SG_COUNT(standardize_names)},
    };
    for (size_t i = 0; i < SG_COUNT(enums); i++)
        if (enums[i].value >= enums[i].count)
            return sg_fail(err, SG_EINVAL, "%s has the unknown value %zu", enums[i].name,
                           enums[i].value);
    return SG_OK;
}

sg_status sg_settings_check(const sg_train_params *p, sg_error *err)
{
    enum {
        BATCH_MAX = 1 << 20,
        LAYERS_MAX = 1000
    }; /* what the stream keys and u32 ids leave room for */

    SG_TRY(check_reals(p, err));
    SG_TRY(check_enums(p, err));
    if (p->n_epochs >= UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "epochs must stay below 2^32 - 1");
    if (p->batch < 1 || p->batch > BATCH_MAX)
        return sg_fail(err, SG_EINVAL, "batch must lie in [1, %d], got %zu", BATCH_MAX, p->batch);
    if (p->n_groups > SG_GROUPS_MAX)
        return sg_fail(err, SG_EINVAL, "groups must lie in [1, %d], got %zu", SG_GROUPS_MAX,
                       p->n_groups);
    if (p->n_hidden > LAYERS_MAX)
        return sg_fail(err, SG_EINVAL, "at most %d hidden layers, got %zu", LAYERS_MAX,
                       p->n_hidden);
    if (p->snapshot_every < 1)
        return sg_fail(err, SG_EINVAL, "snapshot-every must be at least 1");
    for (size_t i = 0; i < p->n_hidden; i++)
        if (p->hidden[i] < 1 || p->hidden[i] > UINT32_MAX)
            return sg_fail(err, SG_EINVAL, "hidden layer %zu must have 1 to 2^32 - 1 neurons",
                           i + 1);
    return SG_OK;
}

/* Integers that a double cannot hold are written as text. */
static void add_u64(sg_json *object, const char *key, uint64_t value)
{
    if (value < (UINT64_C(1) << 53)) {
        sg_json_add_number(object, key, (double)value);
    } else {
        char text[24];
        (void)snprintf(text, sizeof text, "%" PRIu64, value);
        sg_json_add_string(object, key, text);
    }
}

static void data_to_json(const sg_dataset_params *p, sg_json *data)
{
    sg_json_add_string(data, "name", p->name);
    sg_json_add_string(data, "folder", p->folder);
    add_u64(data, "n_train", p->n_train);
    add_u64(data, "n_test", p->n_test);
    add_u64(data, "seed", p->seed);
    sg_json_add_string(data, "standardize", NAME_OF(standardize_names, p->standardize));
}

void sg_settings_to_json(const sg_train_params *p, sg_json *manifest)
{
    sg_json *s = sg_json_add_object(manifest, "settings");
    sg_json_add_string(s, "method", sg_method_name(p->method));
    sg_json *hidden = sg_json_add_array(s, "hidden");
    for (size_t i = 0; i < p->n_hidden; i++)
        sg_json_push_number(hidden, (double)p->hidden[i]);
    sg_json_add_number(s, "epsilon", p->epsilon);
    sg_json_add_number(s, "density", p->density);
    sg_json_add_number(s, "zeta", p->zeta);
    add_u64(s, "epochs", p->n_epochs);
    add_u64(s, "snapshot_every", p->snapshot_every);
    add_u64(s, "batch", p->batch);
    sg_json_add_number(s, "lr", p->lr);
    sg_json_add_number(s, "lr_final", p->lr_final);
    sg_json_add_string(s, "schedule", sg_schedule_name(p->schedule));
    sg_json_add_number(s, "momentum", p->momentum);
    sg_json_add_number(s, "weight_decay", p->weight_decay);
    sg_json_add_number(s, "dropout", p->dropout);
    sg_json_add_string(s, "activation", sg_activation_name(p->activation));
    sg_json_add_string(s, "loss", sg_loss_name(p->loss));
    sg_json_add_string(s, "output", sg_output_name(p->output));
    sg_json_add_string(s, "start", sg_start_name(p->start));
    sg_json_add_string(s, "init", sg_init_name(p->init));
    add_u64(s, "seed", p->seed);
    add_u64(s, "groups", p->n_groups);
    data_to_json(&p->data, sg_json_add_object(manifest, "data"));
}

void sg_settings_clear(sg_settings *s)
{
    sg_free(s->hidden);
    sg_free(s->data_name);
    sg_free(s->data_folder);
    sg_free(s->command_line);
    *s = (sg_settings){0};
}

/* A manifest being read: the first broken setting is remembered, the rest read as 0. */
typedef struct reader {
    const sg_json *object;
    const char *broken;
} reader;

static double read_real(reader *r, const char *key)
{
    double value = 0.0;
    if (!sg_json_number(sg_json_get(r->object, key), &value) && !r->broken)
        r->broken = key;
    return value;
}

static uint64_t read_u64(reader *r, const char *key)
{
    const sg_json *j = sg_json_get(r->object, key);
    uint64_t value = 0;
    const bool there =
        sg_json_u64(j, &value) || (sg_json_string(j) && sg_parse_u64(sg_json_string(j), &value));
    if (!there && !r->broken)
        r->broken = key;
    return value;
}

static unsigned read_name(reader *r, const char *key, const char *const *names, size_t count)
{
    const char *text = sg_json_string(sg_json_get(r->object, key));
    for (size_t i = 0; text && i < count; i++)
        if (strcmp(text, names[i]) == 0)
            return (unsigned)i;
    if (!r->broken)
        r->broken = key;
    return 0;
}
#define READ_NAME(r, key, names) read_name(r, key, names, SG_COUNT(names))

static sg_status read_hidden(reader *r, sg_settings *s, sg_error *err)
{
    const sg_json *hidden = sg_json_get(r->object, "hidden");
    if (!sg_json_is_array(hidden))
        r->broken = "hidden";
    s->params.n_hidden = sg_json_count(hidden);
    s->hidden = SG_NEW_ARRAY(size_t, s->params.n_hidden);
    if (!s->hidden)
        return sg_fail_memory(err, "reading the manifest");
    size_t i = 0;
    for (const sg_json *j = sg_json_first(hidden); j; j = sg_json_next(j), i++) {
        uint64_t size = 0;
        if (!sg_json_u64(j, &size))
            r->broken = "hidden";
        s->hidden[i] = (size_t)size;
    }
    s->params.hidden = s->hidden;
    return SG_OK;
}

static void read_settings(reader *r, sg_train_params *p)
{
    p->method = READ_NAME(r, "method", method_names);
    p->epsilon = read_real(r, "epsilon");
    p->density = read_real(r, "density");
    p->zeta = read_real(r, "zeta");
    p->n_epochs = read_u64(r, "epochs");
    if (sg_json_get(r->object, "snapshot_every")) /* older runs keep every epoch */
        p->snapshot_every = read_u64(r, "snapshot_every");
    p->batch = read_u64(r, "batch");
    p->lr = read_real(r, "lr");
    p->lr_final = read_real(r, "lr_final");
    p->schedule = READ_NAME(r, "schedule", schedule_names);
    p->momentum = read_real(r, "momentum");
    p->weight_decay = read_real(r, "weight_decay");
    p->dropout = read_real(r, "dropout");
    p->activation = READ_NAME(r, "activation", activation_names);
    p->loss = READ_NAME(r, "loss", loss_names);
    p->output = READ_NAME(r, "output", output_names);
    p->start = READ_NAME(r, "start", start_names);
    p->init = READ_NAME(r, "init", init_names);
    p->seed = read_u64(r, "seed");
    if (sg_json_get(r->object, "groups")) /* older manifests do not say */
        p->n_groups = read_u64(r, "groups");
}

/* Copies an optional text; false when out of memory. */
static bool copy_text(const char *text, char **ret)
{
    *ret = text ? sg_strdup(text) : NULL;
    return !text || *ret;
}

static sg_status read_data(reader *r, sg_settings *s, sg_error *err)
{
    sg_dataset_params *p = &s->params.data;
    if (!copy_text(sg_json_string(sg_json_get(r->object, "name")), &s->data_name) ||
        !copy_text(sg_json_string(sg_json_get(r->object, "folder")), &s->data_folder))
        return sg_fail_memory(err, "reading the manifest");
    if (!s->data_name && !r->broken)
        r->broken = "name";
    p->name = s->data_name;
    p->folder = s->data_folder;
    p->n_train = read_u64(r, "n_train");
    p->n_test = read_u64(r, "n_test");
    p->seed = read_u64(r, "seed");
    p->standardize = READ_NAME(r, "standardize", standardize_names);
    return SG_OK;
}

sg_status sg_settings_from_json(const sg_json *manifest, sg_settings *ret, sg_error *err)
{
    SG_CLEANUP(sg_settings_clear) sg_settings s = {.params = SG_TRAIN_PARAMS_DEFAULT};
    reader settings = {.object = sg_json_get(manifest, "settings")};
    reader data = {.object = sg_json_get(manifest, "data")};

    SG_TRY(read_hidden(&settings, &s, err));
    read_settings(&settings, &s.params);
    SG_TRY(read_data(&data, &s, err));
    if (!copy_text(sg_json_string(sg_json_get(manifest, "command_line")), &s.command_line))
        return sg_fail_memory(err, "reading the manifest");
    s.params.command_line = s.command_line;
    if (settings.broken || data.broken)
        return sg_fail(err, SG_EFORMAT,
                       "the manifest's %s '%s' is missing or not what it should be",
                       settings.broken ? "setting" : "data entry",
                       settings.broken ? settings.broken : data.broken);
    SG_TRY(sg_settings_check(&s.params, err));
    *ret = s;
    s = (sg_settings){0};
    return SG_OK;
}
