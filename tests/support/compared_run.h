/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_COMPARED_RUN_H
#define SG_TEST_COMPARED_RUN_H

/* A run of three epochs to compare with other networks. */

#include "unit.h"

#include <math.h>

#include "base/random.h"
#include "base/status.h"
#include "compare/compare_internal.h"
#include "files.h"
#include "folder.h"
#include "snapshot/run_writer.h"

#define AUTO_COMPARISON SG_CLEANUP(sg_comparison_free_cleanup_) sg_comparison

/* A layer's worth of random links; the first senders get more of them the larger `slope` is. */
static inline sg_csr *random_matrix(size_t n_rows, size_t n_cols, double p, double slope,
                                    uint64_t seed)
{
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n_rows * n_cols, true, &m, &err), &err);
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j < n_cols; j++) {
            const double weight = exp(-slope * (double)j / (double)n_cols);
            if (sg_random_unit(&random) < p * weight) {
                m->col[n] = (uint32_t)j;
                m->value[n++] = (float)sg_random_normal(&random);
            }
        }
        m->row_start[i + 1] = n;
    }
    m->n_links = n;
    return m;
}

static inline sg_snapshot *make_network(long epoch, double slope)
{
    const size_t sizes[] = {120, 80, 10};
    const char *const names[] = {"input", "hidden1", "output"};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < 3; i++) {
        const sg_layer layer = {
            .name = names[i], .size = sizes[i], .n_dims = 1, .shape = {sizes[i]}};
        assert_ok(sg_snapshot_add_layer(s, &layer, &err), &err);
    }
    assert_ok(
        sg_snapshot_add_link(s, "input-hidden1", 0, 1, random_matrix(80, 120, 0.2, slope, 1), &err),
        &err);
    /* a full link: all of it says nothing */
    assert_ok(
        sg_snapshot_add_link(s, "hidden1-output", 1, 2, random_matrix(10, 80, 2.0, 0.0, 2), &err),
        &err);
    SG_AUTOFREE char *text = sg_format("%ld", epoch);
    assert_ok(sg_snapshot_set_meta(s, "epoch", text, &err), &err);
    return s;
}

/* FOLDER/set with epochs 0, 1 and 2, ever more uneven; FOLDER/net.edges with a star. */
static inline int make_compared_run(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    assert_ok(sg_run_create(in_folder(path, folder, "set"), "{}", false, &err), &err);
    for (long epoch = 0; epoch < 3; epoch++) {
        sg_snapshot *s = make_network(epoch, 1.5 * (double)epoch);
        assert_ok(sg_run_write_snapshot(path, epoch, s, &err), &err);
        sg_snapshot_free(s);
    }
    const char *star = "hub a\nhub b\nhub c\nhub hub\na hub\nlone pair\n";
    write_text(in_folder(path, folder, "net.edges"), star);
    return 0;
}

static inline sg_comparison *compare(const char *subject, const char *const *with, size_t n_with,
                                     size_t n_workers)
{
    char path[TEST_PATH_MAX];
    sg_comparison *c = NULL;
    sg_error err = {0};
    sg_compare_params params = SG_COMPARE_PARAMS_DEFAULT;
    params.with = with;
    params.n_with = n_with;
    params.n_bootstrap = 20;
    params.n_workers = n_workers;
    const char *const subjects[] = {in_folder(path, folder, subject)};
    assert_ok(sg_compare(subjects, 1, &params, NULL, &c, &err), &err);
    return c;
}

static inline double value(const sg_comparison *c, const char *key, size_t column)
{
    return sg_comparison_value(c, key, column);
}

static inline bool near(double got, double wanted, double tolerance)
{
    return fabs(got - wanted) <= tolerance;
}

#endif
