/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/dataset.h"

#include "base/memory.h"
#include "base/status.h"
#include "data/digits.h"
#include "data/parts.h"
#include "data/standardize.h"

#include <stdio.h>
#include <string.h>

enum {
    DIGITS_N_TRAIN = 10000, /* unless the caller says otherwise */
    DIGITS_N_TEST = 2000,
};

void sg_dataset_free(sg_dataset *d)
{
    if (!d)
        return;
    for (size_t s = 0; s < SG_N_SPLITS; s++) {
        sg_free(d->splits[s].raw_block);
        sg_free(d->splits[s].label_block);
    }
    for (size_t i = 0; i < d->n_sources; i++)
        sg_free(d->sources[i].path);
    sg_free(d->name);
    sg_free(d->scale);
    sg_free(d->shift);
    sg_free(d->deviation);
    sg_free(d);
}
SG_DEFINE_CLEANUP(sg_dataset, sg_dataset_free)

static sg_status generate_split(uint64_t seed, sg_split split, size_t n, sg_split_data *ret,
                                sg_error *err)
{
    if (n > UINT32_MAX)
        return sg_fail(err, SG_EINVAL, "%zu digits are too many; at most %u are generated", n,
                       UINT32_MAX);
    uint8_t *raw = sg_alloc_aligned(n, SG_DIGITS_PIXELS);
    uint8_t *labels = sg_alloc_aligned(n, 1);
    ret->raw_block = raw; /* the data set frees both, whatever comes of this */
    ret->label_block = labels;
    if (!raw || !labels)
        return sg_fail(err, SG_ENOMEM, "out of memory generating %zu digits", n);

    for (size_t i = 0; i < n; i++) {
        labels[i] = sg_digits_label(seed, split, (uint32_t)i);
        sg_digits_draw(seed, split, (uint32_t)i, raw + i * SG_DIGITS_PIXELS);
    }
    ret->raw = raw;
    ret->labels = labels;
    ret->n = n;
    return SG_OK;
}

static sg_status generate_digits(const sg_dataset_params *params, sg_dataset *d, sg_error *err)
{
    const size_t n_train = params->n_train ? params->n_train : DIGITS_N_TRAIN;
    const size_t n_test = params->n_test ? params->n_test : DIGITS_N_TEST;
    SG_TRY(generate_split(params->seed, SG_TRAIN, n_train, &d->splits[SG_TRAIN], err));
    SG_TRY(generate_split(params->seed, SG_TEST, n_test, &d->splits[SG_TEST], err));
    d->n_features = SG_DIGITS_PIXELS;
    d->n_classes = SG_DIGITS_CLASSES;
    d->n_dims = 2;
    d->shape[0] = d->shape[1] = SG_DIGITS_SIDE;
    d->identity = &sg_known_by_name("digits")->info;
    return SG_OK;
}

static sg_status standardize(sg_dataset *d, sg_standardize mode, sg_error *err)
{
    d->scale = sg_alloc_aligned(d->n_features, sizeof *d->scale);
    d->shift = sg_alloc_aligned(d->n_features, sizeof *d->shift);
    d->deviation = sg_alloc_aligned(d->n_features, sizeof *d->deviation);
    if (!d->scale || !d->shift || !d->deviation)
        return sg_fail_memory(err, "standardising a data set");
    float *const fit[] = {
        [SG_FIT_SCALE] = d->scale, [SG_FIT_SHIFT] = d->shift, [SG_FIT_DEVIATION] = d->deviation};
    return sg_standardize_fit(d->splits[SG_TRAIN].raw, d->splits[SG_TRAIN].n, d->n_features, mode,
                              fit, err);
}

sg_status sg_dataset_load(const sg_dataset_params *params, sg_dataset **ret, sg_error *err)
{
    if (!params->name || !*params->name)
        return sg_fail(
            err, SG_EINVAL,
            "no data set was named; name digits, fashion-mnist, mnist or a folder of IDX "
            "files");
    if ((unsigned)params->standardize > SG_STANDARDIZE_NONE)
        return sg_fail(err, SG_EINVAL, "there is no scaling %d", (int)params->standardize);

    SG_CLEANUP(sg_dataset_free_cleanup_) sg_dataset *d = SG_NEW(sg_dataset);
    if (!d || !(d->name = sg_strdup(params->name)))
        return sg_fail_memory(err, "loading a data set");
    for (unsigned c = 0; c < SG_N_CLASSES_MAX; c++)
        (void)snprintf(d->number_names[c], SG_CLASS_TEXT, "%u", c);

    if (strcmp(params->name, "digits") == 0)
        SG_TRY(generate_digits(params, d, err));
    else
        SG_TRY(sg_dataset_read_folder(params, d, err));
    SG_TRY(standardize(d, params->standardize, err));

    *ret = SG_TAKE(d);
    return SG_OK;
}

const char *sg_dataset_name(const sg_dataset *d)
{
    return d->name;
}

size_t sg_dataset_n_samples(const sg_dataset *d, sg_split split)
{
    return d->splits[split].n;
}

size_t sg_dataset_n_features(const sg_dataset *d)
{
    return d->n_features;
}

size_t sg_dataset_n_classes(const sg_dataset *d)
{
    return d->n_classes;
}

size_t sg_dataset_n_dims(const sg_dataset *d)
{
    return d->n_dims;
}

const size_t *sg_dataset_shape(const sg_dataset *d)
{
    return d->shape;
}

const char *sg_dataset_class_name(const sg_dataset *d, size_t class_id)
{
    if (class_id >= d->n_classes)
        return NULL;
    return d->class_names ? d->class_names[class_id] : d->number_names[class_id];
}

const uint8_t *sg_dataset_labels(const sg_dataset *d, sg_split split)
{
    return d->splits[split].labels;
}

const uint8_t *sg_dataset_raw(const sg_dataset *d, sg_split split)
{
    return d->splits[split].raw;
}

const float *sg_dataset_scale(const sg_dataset *d)
{
    return d->scale;
}

const float *sg_dataset_shift(const sg_dataset *d)
{
    return d->shift;
}

const float *sg_dataset_deviation(const sg_dataset *d)
{
    return d->deviation;
}

size_t sg_dataset_n_sources(const sg_dataset *d)
{
    return d->n_sources;
}

void sg_dataset_source(const sg_dataset *d, size_t i, const char **path, const char **sha256)
{
    *path = i < d->n_sources ? d->sources[i].path : NULL;
    *sha256 = i < d->n_sources ? d->sources[i].sha256 : NULL;
}

const sg_dataset_info *sg_dataset_identity(const sg_dataset *d)
{
    return d->identity;
}
