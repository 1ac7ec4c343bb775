/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/parts.h"

#include <string.h>

/* Reads one of the four files and keeps its path and digest as a source. */
static sg_status read_file(const char *folder, size_t which, sg_dataset *d, sg_idx *ret,
                           sg_error *err)
{
    sg_source *s = &d->sources[which];
    SG_TRY(sg_data_find_file(folder, which, &s->path, err));
    d->n_sources = which + 1;
    SG_TRY(sg_idx_read(s->path, ret, err));
    memcpy(s->sha256, ret->sha256, sizeof s->sha256);
    return SG_OK;
}

/* Takes the first n samples (0: all) of an array whose block holds header bytes before them. */
static void take_first(sg_idx *idx, size_t n, void **block, const uint8_t **values)
{
    const size_t header = (size_t)(idx->values - (const uint8_t *)idx->bytes);
    const size_t n_bytes = header + n * (idx->n_values / idx->dims[0]);
    void *shrunk = n < idx->dims[0] ? sg_resize(idx->bytes, n_bytes, 1) : NULL;
    *block = shrunk ? shrunk : idx->bytes; /* a block that cannot shrink is as good, only larger */
    *values = (const uint8_t *)*block + header;
    idx->bytes = NULL;
}

static sg_status check_pair(const sg_idx *images, const char *image_path, const sg_idx *labels,
                            const char *label_path, sg_error *err)
{
    if (images->rank < 2)
        return sg_fail(err, SG_EFORMAT,
                       "the IDX file '%s' has 1 dimension, but images need 2 or more; is it a file "
                       "of labels?",
                       image_path);
    if (labels->rank != 1)
        return sg_fail(err, SG_EFORMAT,
                       "the IDX file '%s' has %zu dimensions, but labels need 1; is it a file of "
                       "images?",
                       label_path, labels->rank);
    if (images->dims[0] != labels->dims[0])
        return sg_fail(err, SG_EFORMAT,
                       "'%s' holds %zu labels, but '%s' %zu images; put two files of one data set "
                       "there",
                       label_path, labels->dims[0], image_path, images->dims[0]);
    return SG_OK;
}

/* Sets the shape by the training images; those of the test must have the same. */
static sg_status take_shape(const sg_idx *images, const char *path, sg_split split, sg_dataset *d,
                            sg_error *err)
{
    const size_t n_bytes = (images->rank - 1) * sizeof *d->shape;
    if (split == SG_TRAIN) {
        d->n_features = images->n_values / images->dims[0];
        d->n_dims = images->rank - 1;
        memcpy(d->shape, images->dims + 1, n_bytes);
    } else if (d->n_dims != images->rank - 1 || memcmp(d->shape, images->dims + 1, n_bytes) != 0) {
        return sg_fail(err, SG_EFORMAT,
                       "the images in '%s' have another shape than those in '%s'; put two files of "
                       "one data set there",
                       path, d->sources[SG_TRAIN_IMAGES].path);
    }
    return SG_OK;
}

/* Counts the classes of the training labels unless they are known; then no label may lie beyond. */
static sg_status check_labels(const sg_idx *labels, const char *path, sg_dataset *d, sg_error *err)
{
    if (d->n_classes == 0) {
        for (size_t i = 0; i < labels->n_values; i++)
            if (labels->values[i] >= d->n_classes)
                d->n_classes = (size_t)labels->values[i] + 1;
        if (d->n_classes < 2)
            return sg_fail(err, SG_EFORMAT,
                           "every label in '%s' is 0, but there must be two classes to tell apart; "
                           "is it the right file?",
                           path);
    }
    for (size_t i = 0; i < labels->n_values; i++)
        if (labels->values[i] >= d->n_classes)
            return sg_fail(
                err, SG_EFORMAT,
                "label %u of sample %zu in '%s' is not below %zu, the number of classes; "
                "fetch it again",
                labels->values[i], i, path, d->n_classes);
    return SG_OK;
}

static sg_status read_split(const char *folder, sg_split split, size_t n, sg_dataset *d,
                            sg_error *err)
{
    const size_t first = split == SG_TRAIN ? SG_TRAIN_IMAGES : SG_TEST_IMAGES;
    SG_AUTO_IDX sg_idx images = {0};
    SG_AUTO_IDX sg_idx labels = {0};
    SG_TRY(read_file(folder, first, d, &images, err));
    SG_TRY(read_file(folder, first + 1, d, &labels, err));

    const char *image_path = d->sources[first].path;
    const char *label_path = d->sources[first + 1].path;
    SG_TRY(check_pair(&images, image_path, &labels, label_path, err));
    SG_TRY(take_shape(&images, image_path, split, d, err));
    SG_TRY(check_labels(&labels, label_path, d, err));
    if (n > images.dims[0])
        return sg_fail(err, SG_EINVAL,
                       "%zu %s samples were asked for, but '%s' holds %zu; ask for fewer", n,
                       split == SG_TRAIN ? "training" : "test", image_path, images.dims[0]);

    sg_split_data *s = &d->splits[split];
    s->n = n ? n : images.dims[0];
    take_first(&images, s->n, &s->raw_block, &s->raw);
    take_first(&labels, s->n, &s->label_block, &s->labels);
    return SG_OK;
}

sg_status sg_dataset_read_folder(const sg_dataset_params *params, sg_dataset *d, sg_error *err)
{
    SG_AUTOFREE char *folder = NULL;
    const sg_known_dataset *known = sg_known_by_name(params->name);
    SG_TRY(sg_data_find(params->name, params->folder, &folder, err));
    d->n_classes = known ? known->n_classes : 0;
    SG_TRY(read_split(folder, SG_TRAIN, params->n_train, d, err));
    SG_TRY(read_split(folder, SG_TEST, params->n_test, d, err));

    const char *sha256[SG_N_DATA_FILES];
    for (size_t i = 0; i < SG_N_DATA_FILES; i++)
        sha256[i] = d->sources[i].sha256;
    const sg_known_dataset *same = sg_known_by_sha256(sha256);
    d->identity = same ? &same->info : NULL;
    if (same)
        known = same;
    d->class_names = known ? known->class_names : NULL;
    return SG_OK;
}
