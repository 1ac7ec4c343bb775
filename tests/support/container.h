/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_CONTAINER_H
#define SG_TEST_CONTAINER_H

/* safetensors files made by hand, right or wrong, and the snapshots that tests put into them. */

#include "base/memory.h"
#include "sparsegraph/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns 8 bytes of length, the header, and n_data bytes of `data` (or zeros where it is NULL);
 * sg_free(). */
static inline unsigned char *container_of(const char *header, const void *data, size_t n_data,
                                          size_t *n)
{
    const uint64_t length = strlen(header);
    unsigned char *bytes = sg_alloc(8 + length + n_data, 1);
    if (!bytes)
        abort();
    memcpy(bytes, &length, 8);
    for (uint64_t i = 0; i < length; i++) /* as bytes: no NUL belongs after them */
        bytes[8 + i] = (unsigned char)header[i];
    if (data && n_data)
        memcpy(bytes + 8 + length, data, n_data);
    *n = 8 + length + n_data;
    return bytes;
}

static inline void demand(sg_status status, const sg_error *err)
{
    if (status == SG_OK)
        return;
    (void)fprintf(stderr, "building a test's network: %s\n", err->message);
    abort();
}

/* A matrix whose link k is in cell `cells[k]` (row-major) and has the weight k + 1, odd k negative.
 */
static inline sg_csr *matrix_of(size_t n_rows, size_t n_cols, const size_t *cells, size_t n_links,
                                bool with_values)
{
    sg_csr *m = NULL;
    sg_error err = {0};
    demand(sg_csr_new(n_rows, n_cols, n_links, with_values, &m, &err), &err);
    for (size_t k = 0; k < n_links; k++) {
        m->col[k] = (uint32_t)(cells[k] % n_cols);
        if (with_values)
            m->value[k] = k % 2 ? -(float)(k + 1) : (float)(k + 1);
        m->row_start[cells[k] / n_cols + 1]++;
    }
    for (size_t row = 0; row < n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    return m;
}

/*
 * A network with every kind of part: input 2 x 2, hidden1 3 (biased), output 2; a link of each kind
 * (weighted, topology alone, empty), an extra tensor, metadata that wants escaping.
 */
static inline sg_snapshot *every_kind_of_part(void)
{
    static const float BIAS[] = {0.5F, -0.25F, 0.0F};
    static const float SLOPE[] = {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
    static const size_t A[] = {0, 3, 5, 8, 9};
    static const size_t B[] = {1, 2, 3};
    const sg_layer input = {.name = "input", .size = 4, .n_dims = 2, .shape = {2, 2}};
    const sg_layer hidden = {.name = "hidden1", .size = 3, .bias = BIAS};
    const sg_layer output = {.name = "output", .size = 2};
    const sg_tensor slope = {.name = "slope", .n_dims = 2, .shape = {2, 3}, .value = SLOPE};
    const sg_tensor step = {.name = "step", .n_dims = 0, .value = SLOPE};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    demand(sg_snapshot_new(&s, &err), &err);
    demand(sg_snapshot_add_layer(s, &input, &err), &err);
    demand(sg_snapshot_add_layer(s, &hidden, &err), &err);
    demand(sg_snapshot_add_layer(s, &output, &err), &err);
    demand(sg_snapshot_add_link(s, "input-hidden1", 0, 1, matrix_of(3, 4, A, 5, true), &err), &err);
    demand(sg_snapshot_add_link(s, "hidden1-output", 1, 2, matrix_of(2, 3, B, 3, false), &err),
           &err);
    demand(sg_snapshot_add_link(s, "input-output", 0, 2, matrix_of(2, 4, NULL, 0, true), &err),
           &err);
    demand(sg_snapshot_add_tensor(s, &slope, &err), &err);
    demand(sg_snapshot_add_tensor(s, &step, &err), &err);
    demand(sg_snapshot_set_meta(s, "epoch", "7", &err), &err);
    demand(sg_snapshot_set_meta(s, "note", "\"quoted\"\n\xC3\xA9\\", &err), &err);
    return s;
}

#endif
