/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "folder.h"
#include "made_run.h"
#include "measure/history.h"
#include "sparsegraph/analysis.h"
#include <math.h>
#include <string.h>

enum { ROWS_MAX = 20, COLS_MAX = 30, EPOCHS_MAX = 14 };

/* A matrix as everybody thinks of it. */
typedef struct dense {
    size_t n_rows, n_cols;
    bool at[ROWS_MAX][COLS_MAX];
} dense;

static sg_snapshot *network_of(const dense *d)
{
    const sg_layer layers[] = {{.name = "input", .size = d->n_cols},
                               {.name = "output", .size = d->n_rows}};
    sg_snapshot *s = NULL;
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < SG_COUNT(layers); i++)
        assert_ok(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    assert_ok(sg_csr_new(d->n_rows, d->n_cols, d->n_rows * d->n_cols, false, &m, &err), &err);
    m->n_links = 0;
    for (size_t i = 0; i < d->n_rows; i++) {
        for (size_t k = 0; k < d->n_cols; k++)
            if (d->at[i][k])
                m->col[m->n_links++] = (uint32_t)k;
        m->row_start[i + 1] = m->n_links;
    }
    assert_ok(sg_snapshot_add_link(s, "input-output", 0, 1, m, &err), &err);
    return s;
}

static sg_status follow(sg_history *h, const dense *d, long epoch)
{
    sg_error err = {0};
    sg_snapshot *s = network_of(d);
    const sg_status status = sg_history_add(h, s, epoch, &err);
    sg_snapshot_free(s);
    return status;
}

static sg_history *new_history(void)
{
    sg_history *h = NULL;
    sg_error err = {0};
    assert_ok(sg_history_new(&h, &err), &err);
    return h;
}

/* Two rows of three columns, six epochs. */
static const char *const by_hand[][2] = {
    {"xx.", "..x"}, /* 0 */
    {"x..", ".xx"}, /* 1: (0,1) goes, (1,1) comes */
    {".x.", ".xx"}, /* 2: (0,0) goes, (0,1) is back */
    {"xx.", "xx."}, /* 3: (1,2) goes, (0,0) is back, (1,0) comes */
    {"x..", "..x"}, /* 4: (0,1), (1,0), (1,1) go, (1,2) is back */
    {"x..", "..."}, /* 5: (1,2) goes */
};

static dense drawn(const char *const rows[2])
{
    dense d = {.n_rows = 2, .n_cols = 3};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++)
            d.at[i][k] = rows[i][k] == 'x';
    return d;
}

static double measured(const sg_history *h, const dense *d, long epoch, const char *measure)
{
    sg_snapshot *s = network_of(d);
    sg_measured *m = NULL;
    sg_error err = {0};
    double ret = 0;
    const sg_measured_params params = {.history = h, .epoch = epoch};
    assert_ok(sg_measured_new(s, &params, &m, &err), &err);
    assert_non_null(sg_measure_find(measure));
    assert_ok(sg_measure_value(sg_measure_find(measure), m, 0, &ret, &err), &err);
    sg_measured_free(m);
    sg_snapshot_free(s);
    return ret;
}

static void knows_ages_and_returns_of_a_sequence_made_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *measure;
        double at[SG_COUNT(by_hand)];
    } expected[] = {
        {"itop_rate", {3 / 6.0, 4 / 6.0, 4 / 6.0, 5 / 6.0, 5 / 6.0, 5 / 6.0}},
        {"age_mean", {0, 2 / 3.0, 1, 0.75, 0.5, 2}},
        {"age_median", {0, 1, 1, 0.5, 0.5, 2}},
        {"age_max", {0, 1, 2, 2, 1, 2}},
        {"removed_returned_frac", {NAN, NAN, 1, 1, 1, 0}},
        {"added_regrown_frac", {NAN, 0, 1, 0.5, 1, NAN}},
        {"network_itop_rate", {3 / 6.0, 4 / 6.0, 4 / 6.0, 5 / 6.0, 5 / 6.0, 5 / 6.0}},
        {"network_age_mean", {0, 2 / 3.0, 1, 0.75, 0.5, 2}},
        {"network_added_regrown_frac", {NAN, 0, 1, 0.5, 1, NAN}},
    };
    sg_history *h = new_history();
    for (size_t e = 0; e < SG_COUNT(by_hand); e++) {
        const dense d = drawn(by_hand[e]);
        assert_int_equal(follow(h, &d, (long)e), SG_OK);
    }
    sg_history_close(h);
    for (size_t i = 0; i < SG_COUNT(expected); i++)
        for (size_t e = 0; e < SG_COUNT(by_hand); e++) {
            const dense d = drawn(by_hand[e]);
            const double value = measured(h, &d, (long)e, expected[i].measure);
            const double wanted = expected[i].at[e];
            if (isnan(wanted) ? !isnan(value) : value != wanted)
                fail_msg("%s at epoch %zu is %.17g, not %.17g", expected[i].measure, e, value,
                         wanted);
        }
    assert_true(isnan(measured(h, &(dense){.n_rows = 2, .n_cols = 3}, 6, "itop_rate")));
    assert_true(isnan(measured(NULL, &(dense){.n_rows = 2, .n_cols = 3}, 0, "age_mean")));
    sg_history_free(h);
}

/* A count by looking at every cell at every epoch. */
static sg_link_history look(const dense *at, size_t epoch)
{
    sg_link_history r = {.n_cells = (double)at->n_rows * (double)at->n_cols};
    for (size_t i = 0; i < at->n_rows; i++)
        for (size_t k = 0; k < at->n_cols; k++) {
            bool ever = false;
            bool earlier = false;
            for (size_t e = 0; e <= epoch; e++) {
                ever = ever || at[e].at[i][k];
                earlier = earlier || (e + 1 < epoch && at[e].at[i][k]);
            }
            const bool here = at[epoch].at[i][k];
            const bool before = epoch > 0 && at[epoch - 1].at[i][k];
            const bool gone = epoch > 1 && !before && at[epoch - 2].at[i][k];
            size_t age = 0;
            while (here && age < epoch && at[epoch - age - 1].at[i][k])
                age++;
            r.n_here += here;
            r.n_ever += ever;
            r.n_grown += epoch > 0 && here && !before;
            r.n_regrown += here && !before && earlier;
            r.n_gone += gone;
            r.n_returned += gone && here;
            r.age_sum += age;
            r.age_max = age > r.age_max ? age : r.age_max;
        }
    return r;
}

static void agrees_with_looking_at_every_cell_of_random_sequences(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static dense at[EPOCHS_MAX];
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 0, 0);
        sg_history *h = new_history();
        const size_t n_rows = 1 + sg_random_below(&r, ROWS_MAX);
        const size_t n_cols = 1 + sg_random_below(&r, COLS_MAX);
        for (size_t e = 0; e < EPOCHS_MAX; e++) {
            if (e > 0)
                at[e] = at[e - 1];
            at[e].n_rows = n_rows;
            at[e].n_cols = n_cols;
            for (size_t i = 0; i < n_rows; i++)
                for (size_t k = 0; k < n_cols; k++)
                    if (e == 0 || sg_random_below(&r, 4) == 0)
                        at[e].at[i][k] = sg_random_below(&r, 3) == 0;
            assert_int_equal(follow(h, &at[e], (long)e), SG_OK);
            const sg_link_history *got = sg_history_link(h, (long)e, "input-output");
            const sg_link_history want = look(at, e);
            assert_non_null(got);
            if (got->n_here != want.n_here || got->n_ever != want.n_ever ||
                got->n_grown != want.n_grown || got->n_regrown != want.n_regrown ||
                got->n_gone != want.n_gone || got->n_returned != want.n_returned ||
                got->age_sum != want.age_sum || got->age_max != want.age_max ||
                got->n_cells != want.n_cells)
                fail_msg("seed %zu, epoch %zu", (size_t)seed, e);
        }
        sg_history_free(h);
    }
}

static void knows_nothing_from_a_gap_or_another_network_on(void **state)
{
    (void)state;
    const dense d = drawn(by_hand[0]);
    dense wider = d;
    wider.n_cols = 5;
    sg_history *h = new_history();
    assert_int_equal(follow(h, &d, 0), SG_OK);
    assert_int_equal(follow(h, &d, 2), SG_OK); /* epoch 1 is missing */
    assert_false(sg_history_is_open(h));
    assert_int_equal(follow(h, &d, 1), SG_OK);
    assert_non_null(sg_history_link(h, 0, "input-output"));
    assert_null(sg_history_link(h, 1, "input-output"));
    assert_null(sg_history_link(h, 2, "input-output"));
    assert_null(sg_history_link(h, 0, "no-such"));
    assert_null(sg_history_link(h, -1, "input-output"));
    assert_null(sg_history_link(NULL, 0, "input-output"));
    sg_history_free(h);

    h = new_history();
    assert_int_equal(follow(h, &d, 3), SG_OK); /* the start is missing */
    assert_false(sg_history_is_open(h));
    sg_history_free(h);

    h = new_history();
    assert_int_equal(follow(h, &d, 0), SG_OK);
    assert_int_equal(follow(h, &wider, 1), SG_OK);
    assert_false(sg_history_is_open(h));
    assert_null(sg_history_link(h, 1, "input-output"));
    sg_history_free(h);
    sg_history_free(NULL);
}

static bool warns_of_gaps(const sg_analysis *a)
{
    for (size_t i = 0; i < sg_analysis_n_warnings(a); i++)
        if (strstr(sg_analysis_warning(a, i), "some are missing or were left out"))
            return true;
    return false;
}

static void analyses_a_run_with_its_history(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    const made_run run = MADE_RUN_DEFAULT;
    make_run(in_folder(path, folder, "drifting"), &run);
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 0;
    params.n_nulls = 0;
    params.n_workers = 2;
    sg_analysis *a = NULL;
    const char *const paths[] = {path};
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);

    sg_history *h = new_history();
    for (long epoch = 0; epoch <= run.n_epochs; epoch++) {
        sg_snapshot *s = made_network(&run, epoch);
        assert_ok(sg_history_add(h, s, epoch, &err), &err);
        sg_snapshot_free(s);
        const sg_link_history *r = sg_history_link(h, epoch, "input-hidden1");
        assert_true(sg_analysis_value(a, epoch, "input-hidden1", "itop_rate") ==
                    (double)r->n_ever / r->n_cells);
        assert_true(sg_analysis_value(a, epoch, "input-hidden1", "age_mean") ==
                    (double)r->age_sum / (double)r->n_here);
        /* The output is fully connected: nothing ever goes. */
        assert_true(sg_analysis_value(a, epoch, "hidden1-output", "age_median") == (double)epoch);
    }
    /* Links of the drifting run that fade do not come back, so the connections ever there are those
     * of the start and those that came later. */
    assert_true(sg_analysis_value(a, 4, "input-hidden1", "added_regrown_frac") == 0);
    assert_true(sg_analysis_value(a, 4, "network", "network_itop_rate") >
                sg_analysis_value(a, 0, "network", "network_itop_rate"));
    assert_true(!warns_of_gaps(a));
    sg_analysis_free(a);

    params.epoch_step = 2; /* what happened at epochs 1 and 3 is not known */
    assert_ok(sg_analyze(paths, 1, &params, NULL, &a, &err), &err);
    assert_true(sg_analysis_value(a, 0, "input-hidden1", "age_mean") == 0);
    assert_true(isnan(sg_analysis_value(a, 2, "input-hidden1", "age_mean")));
    assert_true(isnan(sg_analysis_value(a, 4, "network", "network_itop_rate")));
    assert_true(!isnan(sg_analysis_value(a, 4, "input-hidden1", "previous_turnover")));
    assert_true(warns_of_gaps(a));
    sg_analysis_free(a);
    sg_history_free(h);
}

static void leaves_a_broken_snapshot_to_the_message_of_the_analysis(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char broken[TEST_PATH_MAX];
    sg_error err = {0};
    const made_run run = MADE_RUN_DEFAULT;
    make_run(in_folder(path, folder, "broken"), &run);
    in_folder(broken, path, "snapshots/epoch-0002.safetensors");
    assert_int_equal(truncate(broken, 100), 0);
    sg_analysis_params params = SG_ANALYSIS_PARAMS_DEFAULT;
    params.n_bootstrap = 0;
    params.n_nulls = 0;
    sg_analysis *a = NULL;
    const char *const paths[] = {path};
    assert_int_equal(sg_analyze(paths, 1, &params, NULL, &a, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "epoch 2"));
    assert_null(a);

    const volatile sig_atomic_t stop = 1;
    const sg_progress progress = {.stop = &stop};
    assert_int_equal(sg_analyze(paths, 1, &params, &progress, &a, &err), SG_EINTERRUPTED);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    enum { BUDGET_MAX = 200 };
    sg_snapshot *networks[3];
    for (size_t e = 0; e < SG_COUNT(networks); e++) {
        const dense d = drawn(by_hand[e]);
        networks[e] = network_of(&d);
    }
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < BUDGET_MAX);
        sg_test_alloc_budget(budget);
        sg_history *h = NULL;
        status = sg_history_new(&h, NULL);
        for (long e = 0; status == SG_OK && e < (long)SG_COUNT(networks); e++)
            status = sg_history_add(h, networks[e], e, NULL);
        sg_test_alloc_budget(-1);
        /* A call that failed may be made again. */
        if (h && status == SG_ENOMEM && !sg_history_link(h, 0, "input-output"))
            assert_int_equal(sg_history_add(h, networks[0], 0, NULL), SG_OK);
        sg_history_free(h);
    }
    assert_int_equal(status, SG_OK);
    for (size_t e = 0; e < SG_COUNT(networks); e++)
        sg_snapshot_free(networks[e]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_ages_and_returns_of_a_sequence_made_by_hand),
        cmocka_unit_test(agrees_with_looking_at_every_cell_of_random_sequences),
        cmocka_unit_test(knows_nothing_from_a_gap_or_another_network_on),
        cmocka_unit_test(analyses_a_run_with_its_history),
        cmocka_unit_test(leaves_a_broken_snapshot_to_the_message_of_the_analysis),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
