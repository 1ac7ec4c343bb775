/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "files.h"
#include "folder.h"
#include "rank_threads.h"

#include "base/random.h"
#include "sparsegraph/train.h"
#include "train/group_sum.h"
#include "train/settings.h"

#include <sys/stat.h>

enum { N_ARRAYS = 4 };

/* Arrays of random lengths, a copy of each for every group, and what they must add up to. */
typedef struct sum_case {
    size_t n_groups;
    size_t room;
    size_t n[N_ARRAYS];
    float *all[N_ARRAYS];    /* (n_groups, n) */
    float *summed[N_ARRAYS]; /* (n) */
    size_t n_wrong[RANK_THREADS_MAX];
} sum_case;

/* The definition, in the order that is promised. */
static float *sum_in_order(const float *all, size_t n_groups, size_t n)
{
    float *sum = SG_NEW_ARRAY(float, n);
    assert_non_null(sum);
    for (size_t k = 0; k < n; k++) {
        float total = all[k];
        for (size_t g = 1; g < n_groups; g++)
            total += all[g * n + k];
        sum[k] = total;
    }
    return sum;
}

static sum_case make_case(sg_random *r)
{
    static const size_t lengths[] = {0, 1, 7, 64, 301};
    static const size_t rooms[] = {1, 5, 64, 0};
    sum_case c = {.n_groups = 1 + (size_t)sg_random_below(r, 9),
                  .room = rooms[sg_random_below(r, SG_COUNT(rooms))]};
    for (size_t a = 0; a < N_ARRAYS; a++) {
        c.n[a] = lengths[sg_random_below(r, SG_COUNT(lengths))];
        c.all[a] = SG_NEW_ARRAY(float, c.n_groups *c.n[a]);
        assert_non_null(c.all[a]);
        for (size_t k = 0; k < c.n_groups * c.n[a]; k++) /* sizes that round in every sum */
            c.all[a][k] = (float)(sg_random_normal(r) * (double)(1 << sg_random_below(r, 20)));
        c.summed[a] = sum_in_order(c.all[a], c.n_groups, c.n[a]);
    }
    return c;
}

static void clear_case(sum_case *c)
{
    for (size_t a = 0; a < N_ARRAYS; a++) {
        sg_free(c->all[a]);
        sg_free(c->summed[a]);
    }
}

static void sum_as_rank(sg_ranks *ranks, void *user)
{
    sum_case *c = user;
    const sg_range own = sg_range_of(c->n_groups, ranks->index, ranks->count);
    const size_t n_copies = own.end > own.begin ? own.end - own.begin : 1;
    sg_group_sum *s = NULL;
    sg_grouped mine[N_ARRAYS];
    size_t n_wrong = sg_group_sum_new(ranks, sg_kernels_at(0)->elementwise, c->n_groups, c->room,
                                      &s, NULL) != SG_OK;
    for (size_t a = 0; a < N_ARRAYS; a++) {
        mine[a] = (sg_grouped){SG_NEW_ARRAY(float, n_copies * c->n[a]), c->n[a]};
        memcpy(mine[a].value, c->all[a] + own.begin * c->n[a],
               (own.end - own.begin) * c->n[a] * sizeof(float));
    }
    sg_group_sum_run(s, mine, N_ARRAYS);
    for (size_t a = 0; a < N_ARRAYS; a++) {
        n_wrong += memcmp(mine[a].value, c->summed[a], c->n[a] * sizeof(float)) != 0;
        sg_free(mine[a].value);
    }
    sg_group_sum_free(s);
    c->n_wrong[ranks->index] = n_wrong;
}

static void adds_up_in_the_order_of_the_groups_for_any_number_of_ranks(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 120; seed++) {
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_WEIGHTS, 0, 0);
        sum_case c = make_case(&r);
        const size_t n_ranks = 1 + (size_t)(seed % 6);
        run_ranks(n_ranks, sum_as_rank, &c);
        for (size_t rank = 0; rank < n_ranks; rank++)
            if (c.n_wrong[rank] > 0)
                fail_msg("seed %d: rank %zu of %zu with %zu groups, %zu a round: %zu wrong sums",
                         (int)seed, rank, n_ranks, c.n_groups, c.room, c.n_wrong[rank]);
        clear_case(&c);
    }
}

static void deals_everything_to_somebody_once(void **state)
{
    (void)state;
    for (size_t n = 0; n < 40; n++)
        for (size_t n_parts = 1; n_parts < 12; n_parts++) {
            size_t at = 0;
            for (size_t i = 0; i < n_parts; i++) {
                const sg_range part = sg_range_of(n, i, n_parts);
                assert_int_equal(part.begin, at);
                assert_in_range(part.end - part.begin, n / n_parts, n / n_parts + 1);
                at = part.end;
            }
            assert_int_equal(at, n);
        }
    assert_int_equal(sg_range_of(SIZE_MAX, 63, 64).end, SIZE_MAX);
}

/* What some ranks bring to an agreement, and all of them take away. */
typedef struct agreement {
    sg_status mine[RANK_THREADS_MAX];
    sg_status status[RANK_THREADS_MAX];
    sg_error err[RANK_THREADS_MAX];
    bool any[RANK_THREADS_MAX];
    sg_status same[RANK_THREADS_MAX];
} agreement;

static void agree_as_rank(sg_ranks *ranks, void *user)
{
    agreement *a = user;
    const size_t r = ranks->index;
    if (a->mine[r] != SG_OK) {
        a->err[r].status = a->mine[r];
        (void)snprintf(a->err[r].message, sizeof a->err[r].message, "disk %zu is full", r);
    }
    a->status[r] = sg_ranks_agree(ranks, a->mine[r], &a->err[r]);
    a->any[r] = sg_ranks_any(ranks, a->mine[r] != SG_OK);
    a->same[r] = sg_ranks_same(ranks, a->mine[r] == SG_EIO ? 2 : 1, "is not like", NULL);
}

static void fails_on_all_ranks_in_the_words_of_the_one_that_failed(void **state)
{
    (void)state;
    agreement a = {.mine = {SG_OK, SG_OK, SG_EIO, SG_ENOMEM}};
    run_ranks(4, agree_as_rank, &a);
    for (size_t r = 0; r < 4; r++) {
        assert_int_equal(a.status[r], SG_EIO);
        assert_int_equal(a.err[r].status, SG_EIO);
        assert_string_equal(a.err[r].message, "rank 2 of 4 on node2: disk 2 is full");
        assert_true(a.any[r]);
        assert_int_equal(a.same[r], SG_EINVAL);
    }
}

static void names_no_rank_where_all_failed_alike(void **state)
{
    (void)state;
    agreement a = {.mine = {SG_EINVAL, SG_EINVAL, SG_EINVAL}};
    run_ranks(3, agree_as_rank, &a);
    for (size_t r = 0; r < 3; r++) {
        assert_int_equal(a.status[r], SG_EINVAL);
        assert_string_equal(a.err[r].message, "disk 0 is full");
    }
}

static void goes_on_where_no_rank_failed(void **state)
{
    (void)state;
    agreement a = {0};
    run_ranks(3, agree_as_rank, &a);
    for (size_t r = 0; r < 3; r++) {
        assert_int_equal(a.status[r], SG_OK);
        assert_string_equal(a.err[r].message, "");
        assert_false(a.any[r]);
        assert_int_equal(a.same[r], SG_OK);
    }
}

static void is_alone_where_nothing_launched_it(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_ranks *ranks = NULL;
    assert_ok(sg_ranks_open(&ranks, &err), &err);
    assert_int_equal(sg_ranks_count(ranks), 1);
    assert_int_equal(sg_ranks_index(ranks), 0);
    assert_int_equal(sg_ranks_agree(ranks, SG_EIO, &err), SG_EIO);
    assert_true(sg_ranks_any(ranks, true));
    sg_ranks_free(ranks);
    sg_ranks_free(NULL);
    assert_int_equal(sg_ranks_count(NULL), 1);
}

static void survives_each_failed_allocation_of_sums(void **state)
{
    (void)state;
    sg_status status = SG_ENOMEM;
    sg_group_sum *s = NULL;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_test_alloc_budget(budget);
        status = sg_group_sum_new(NULL, sg_kernels_at(0)->elementwise, 3, 16, &s, NULL);
        assert_true(budget < 20);
    }
    sg_test_alloc_budget(-1);
    assert_int_equal(status, SG_OK);
    sg_group_sum_free(s);
}

/* --- whole runs ------------------------------------------------------------------------------- */

static const size_t hidden[] = {30, 20};

/* A run by several ranks, each with its own word on how it ended. */
typedef struct shared_run {
    const char *path;
    size_t n_groups;
    uint64_t more_seed;                /* added to rank 1's */
    const volatile sig_atomic_t *stop; /* rank 1's */
    bool resumes;
    sg_status status[RANK_THREADS_MAX];
    sg_error err[RANK_THREADS_MAX];
    size_t n_heard[RANK_THREADS_MAX];
} shared_run;

static void hear_epoch(void *user, const sg_epoch_metrics *metrics, size_t n_epochs)
{
    (void)metrics;
    (void)n_epochs;
    ++*(size_t *)user;
}

static void train_as_rank(sg_ranks *ranks, void *user)
{
    shared_run *run = user;
    const size_t r = sg_ranks_index(ranks);
    sg_train_params p = SG_TRAIN_PARAMS_DEFAULT;
    p.data.n_train = 150;
    p.data.n_test = 40;
    p.hidden = hidden;
    p.n_hidden = SG_COUNT(hidden);
    p.epsilon = 4.0;
    p.n_epochs = 2;
    p.batch = 40;
    p.dropout = 0.2;
    p.activation = SG_SRELU;
    p.output = SG_OUTPUT_SPARSE;
    p.n_threads = r == 0 ? 2 : 1;
    p.n_groups = run->n_groups;
    p.ranks = ranks;
    p.overwrite = true;
    p.seed += r == 1 ? run->more_seed : 0;
    const sg_train_watch watch = {
        .epoch = hear_epoch, .user = &run->n_heard[r], .stop = r == 1 ? run->stop : NULL};
    run->status[r] = run->resumes
                         ? sg_train_resume(run->path, p.n_threads, ranks, &watch, &run->err[r])
                         : sg_train(&p, NULL, run->path, &watch, &run->err[r]);
}

static void assert_same_networks(const char *left, const char *right)
{
    static const char *const names[] = {
        "snapshots/epoch-0000.safetensors", "snapshots/epoch-0001.safetensors",
        "snapshots/epoch-0002.safetensors", "snapshots/final.safetensors"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char path[TEST_PATH_MAX];
        char other[TEST_PATH_MAX];
        assert_same_file(in_folder(path, left, names[i]), in_folder(other, right, names[i]));
    }
}

static void assert_all(const shared_run *run, size_t n_ranks, sg_status status)
{
    for (size_t r = 0; r < n_ranks; r++)
        if (run->status[r] != status)
            fail_msg("rank %zu of %zu: status %d, expected %d: %s", r, n_ranks, run->status[r],
                     status, run->err[r].message);
}

static void trains_the_same_networks_on_any_number_of_ranks(void **state)
{
    (void)state;
    char one[TEST_PATH_MAX];
    char many[TEST_PATH_MAX];
    for (size_t n_groups = 2; n_groups <= 4; n_groups++) {
        shared_run alone = {.path = in_folder(one, folder, "one"), .n_groups = n_groups};
        run_ranks(1, train_as_rank, &alone);
        assert_all(&alone, 1, SG_OK);
        for (size_t n_ranks = 2; n_ranks <= n_groups; n_ranks++) {
            shared_run run = {.path = in_folder(many, folder, "many"), .n_groups = n_groups};
            run_ranks(n_ranks, train_as_rank, &run);
            assert_all(&run, n_ranks, SG_OK);
            assert_same_networks(one, many);
            assert_int_equal(run.n_heard[0], 3); /* epoch 0 and two more, by one rank */
            assert_int_equal(run.n_heard[1], 0);
        }
    }
}

static void takes_a_group_a_rank_where_none_are_named(void **state)
{
    (void)state;
    char one[TEST_PATH_MAX];
    char many[TEST_PATH_MAX];
    shared_run alone = {.path = in_folder(one, folder, "one"), .n_groups = 3};
    shared_run run = {.path = in_folder(many, folder, "many")};
    run_ranks(1, train_as_rank, &alone);
    run_ranks(3, train_as_rank, &run);
    assert_all(&run, 3, SG_OK);
    assert_same_networks(one, many);
}

static void stops_as_soon_as_one_rank_is_asked_and_goes_on_with_fewer_or_more(void **state)
{
    (void)state;
    const sig_atomic_t now = 1;
    char one[TEST_PATH_MAX];
    char many[TEST_PATH_MAX];
    shared_run alone = {.path = in_folder(one, folder, "one"), .n_groups = 3};
    run_ranks(1, train_as_rank, &alone);
    for (size_t n_ranks = 1; n_ranks <= 5; n_ranks += 2) {
        shared_run stopped = {.path = in_folder(many, folder, "many"), .n_groups = 3, .stop = &now};
        run_ranks(3, train_as_rank, &stopped);
        assert_all(&stopped, 3, SG_EINTERRUPTED);
        shared_run resumed = {.path = many, .resumes = true};
        run_ranks(n_ranks, train_as_rank, &resumed);
        assert_all(&resumed, n_ranks, SG_OK);
        assert_same_networks(one, many);
    }
}

static void refuses_ranks_with_other_settings_or_no_work(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    shared_run other = {.path = in_folder(path, folder, "refused"), .more_seed = 1};
    run_ranks(3, train_as_rank, &other);
    assert_all(&other, 3, SG_EINVAL);
    assert_string_equal(other.err[0].message, "rank 1 of 3 has other settings or data than rank 0");
    shared_run idle = {.path = path, .n_groups = 2};
    run_ranks(3, train_as_rank, &idle);
    assert_all(&idle, 3, SG_EINVAL);
    assert_non_null(strstr(idle.err[2].message, "2 groups leave some of 3 ranks without work"));
    struct stat about;
    assert_int_not_equal(stat(path, &about), 0); /* nothing was written */
}

static void fails_on_all_ranks_where_the_run_cannot_be_written(void **state)
{
    (void)state;
    char file[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    write_text(in_folder(file, folder, "file"), "no folder");
    shared_run run = {.path = in_folder(path, file, "run")};
    run_ranks(2, train_as_rank, &run);
    assert_all(&run, 2, run.status[0]);
    assert_int_not_equal(run.status[0], SG_OK);
    assert_memory_equal(run.err[1].message, "rank 0 of 2 on node0: ", 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up_in_the_order_of_the_groups_for_any_number_of_ranks),
        cmocka_unit_test(deals_everything_to_somebody_once),
        cmocka_unit_test(fails_on_all_ranks_in_the_words_of_the_one_that_failed),
        cmocka_unit_test(names_no_rank_where_all_failed_alike),
        cmocka_unit_test(goes_on_where_no_rank_failed),
        cmocka_unit_test(is_alone_where_nothing_launched_it),
        cmocka_unit_test(survives_each_failed_allocation_of_sums),
        cmocka_unit_test(trains_the_same_networks_on_any_number_of_ranks),
        cmocka_unit_test(takes_a_group_a_rank_where_none_are_named),
        cmocka_unit_test(stops_as_soon_as_one_rank_is_asked_and_goes_on_with_fewer_or_more),
        cmocka_unit_test(refuses_ranks_with_other_settings_or_no_work),
        cmocka_unit_test(fails_on_all_ranks_where_the_run_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
