/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_PATTERNED_H
#define SG_TEST_PATTERNED_H

/* Networks that a formula makes, so that independent code in any language can make them too. */

#include "unit.h"

#include "sparsegraph/snapshot.h"
#include <stdbool.h>
#include <stdio.h>

/* Link k has a connection at (row r, column c) iff (7r + 11c + rc + 3k + shift) % 17 < 2; its
 * weight is ((r + 2c) % 7) - 3, zeros included. */
static inline bool pattern_links(size_t k, size_t row, size_t col, size_t shift)
{
    return (7 * row + 11 * col + row * col + 3 * k + shift) % 17 < 2;
}

static inline sg_csr *patterned_matrix(size_t k, size_t n_rows, size_t n_cols, size_t shift)
{
    size_t n_links = 0;
    for (size_t row = 0; row < n_rows; row++)
        for (size_t col = 0; col < n_cols; col++)
            n_links += pattern_links(k, row, col, shift);
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n_links, true, &m, &err), &err);
    uint64_t at = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++)
            if (pattern_links(k, row, col, shift)) {
                m->col[at] = (uint32_t)col;
                m->value[at++] = (float)((row + 2 * col) % 7) - 3.0F;
            }
        m->row_start[row + 1] = at;
    }
    return m;
}

/* input 60 -> hidden1 40 -> output 30, and a skip from input to output; epoch < 0: none named. */
static inline sg_snapshot *patterned_network(size_t shift, long epoch)
{
    static const struct {
        const char *name;
        size_t from, to;
    } links[] = {{"input-hidden1", 0, 1}, {"hidden1-output", 1, 2}, {"input-output", 0, 2}};
    const sg_layer layers[] = {
        {.name = "input", .size = 60, .n_dims = 1, .shape = {60}},
        {.name = "hidden1", .size = 40, .n_dims = 1, .shape = {40}},
        {.name = "output", .size = 30, .n_dims = 1, .shape = {30}},
    };
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < SG_COUNT(layers); i++)
        assert_ok(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    for (size_t k = 0; k < SG_COUNT(links); k++) {
        sg_csr *m =
            patterned_matrix(k, layers[links[k].to].size, layers[links[k].from].size, shift);
        assert_ok(sg_snapshot_add_link(s, links[k].name, links[k].from, links[k].to, m, &err),
                  &err);
    }
    if (epoch >= 0) {
        char text[24];
        (void)snprintf(text, sizeof text, "%ld", epoch);
        assert_ok(sg_snapshot_set_meta(s, "epoch", text, &err), &err);
    }
    return s;
}

#endif
