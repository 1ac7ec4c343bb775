/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_STANDARDIZE_H
#define SG_DATA_STANDARDIZE_H

/* The affine map that standardises features, from the samples it is to be learned from. */

#include "sparsegraph/dataset.h"

/*
 * Writes value = raw * scale[j] + shift[j] and the deviation of the raw features, each
 * (n_features), from raw, (n_samples, n_features) row-major with n_samples >= 1.
 *
 * The deviation is the population's (divided by n). Sums are exact integers, so the result depends
 * neither on the order of the samples nor on threads. A feature is taken to vary when its sums say
 * so exactly, without a tolerance. SG_ENOMEM.
 */
sg_status sg_standardize_fit(const uint8_t *raw, size_t n_samples, size_t n_features,
                             sg_standardize mode, float *const ret[3], sg_error *err) SG_CHECKED;

/* What ret[] holds. */
enum { SG_FIT_SCALE, SG_FIT_SHIFT, SG_FIT_DEVIATION };

#endif
