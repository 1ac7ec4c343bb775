/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/pool.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

enum { N_ITEMS = 40, NONE = 1000 };

/* What the items of a test do, and what came of them. */
typedef struct script {
    size_t fails;      /* the item that fails, or NONE */
    size_t fails_too;  /* another one, which fails at once, while the first takes its time */
    size_t crashes;    /* the item that dies by `how` */
    int how;           /* a signal, or 0 = leaves by _exit(3) */
    size_t n_taken;    /* results taken */
    size_t take_fails; /* the item whose take fails */
    size_t n_updates;
    volatile sig_atomic_t stop;
    size_t stop_after; /* updates */
} script;

static const script quiet = {
    .fails = NONE, .fails_too = NONE, .crashes = NONE, .take_fails = NONE, .stop_after = NONE};

static sg_status work(size_t i, void *user, sg_text *result, sg_error *err)
{
    const script *s = user;
    if (i % 3 == 0)
        (void)usleep(1000); /* so that items end out of order */
    if (i == s->crashes && s->how)
        (void)raise(s->how);
    if (i == s->crashes)
        _exit(3);
    if (i == s->fails_too)
        return sg_fail(err, SG_EINVAL, "a later item is bad");
    if (i == s->fails) {
        (void)usleep(20000);
        return sg_fail(err, SG_EFORMAT, "line 7 is broken");
    }
    /* some results are larger than any socket buffer */
    const size_t n_lines = i == 5 ? 100000 : i % 4;
    for (size_t k = 0; k < n_lines; k++)
        sg_text_printf(result, "%zu:%zu\n", i, k);
    return SG_OK;
}

static sg_status take(size_t i, void *user, const char *result, size_t n, sg_error *err)
{
    script *s = user;
    assert_int_equal(i, s->n_taken++);
    SG_AUTO_TEXT sg_text expected = {0};
    if (i == s->take_fails)
        return sg_fail(err, SG_EIO, "no room for %zu", i);
    (void)work(i, user, &expected, err);
    assert_int_equal(n, expected.n);
    assert_int_equal(result[n], '\0');
    if (n)
        assert_memory_equal(result, expected.bytes, n);
    return SG_OK;
}

static const char *name(size_t i, void *user)
{
    (void)user;
    return i == 11 ? "runs/epoch-0011" : "another";
}

static void update(void *user, const char *stage, size_t done, size_t total)
{
    script *s = user;
    assert_string_equal(stage, "things");
    assert_int_equal(total, N_ITEMS);
    assert_int_equal(done, s->n_updates);
    if (s->n_updates++ == s->stop_after)
        s->stop = 1;
}

static sg_status run(script *s, size_t n_workers, sg_error *err)
{
    const sg_pool_job job = {.stage = "things",
                             .n_items = N_ITEMS,
                             .n_workers = n_workers,
                             .user = s,
                             .work = work,
                             .take = take,
                             .name = name};
    const sg_progress progress = {.update = update, .user = s, .stop = &s->stop};
    return sg_pool_run(&job, &progress, err);
}

static int open_files(void)
{
    DIR *listing = opendir("/proc/self/fd");
    int n = 0;
    while (listing && readdir(listing))
        n++;
    if (listing)
        (void)closedir(listing);
    return n;
}

static void assert_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void results_are_taken_in_order_by_any_number_of_workers(void **state)
{
    (void)state;
    const size_t n_workers[] = {1, 2, 7, 100, 0};
    for (size_t k = 0; k < SG_COUNT(n_workers); k++) {
        script s = quiet;
        sg_error err = {0};
        const int files = open_files();
        assert_ok(run(&s, n_workers[k], &err), &err);
        assert_int_equal(s.n_taken, N_ITEMS);
        assert_int_equal(s.n_updates, N_ITEMS + 1);
        assert_int_equal(open_files(), files);
        assert_no_children();
    }
}

static void no_items_are_no_work(void **state)
{
    (void)state;
    const sg_pool_job job = {.stage = "things"};
    sg_error err = {0};
    assert_ok(sg_pool_run(&job, NULL, &err), &err);
}

static void a_failure_carries_its_status_message_and_item(void **state)
{
    (void)state;
    for (size_t n_workers = 1; n_workers < 5; n_workers++) {
        script s = quiet;
        s.fails = 11;
        sg_error err = {0};
        assert_int_equal(run(&s, n_workers, &err), SG_EFORMAT);
        assert_int_equal(err.status, SG_EFORMAT);
        assert_string_equal(err.message, "runs/epoch-0011: line 7 is broken");
        assert_int_equal(s.n_taken, 11);
        assert_no_children();
    }
}

static void the_first_failure_in_order_is_told_whichever_came_first(void **state)
{
    (void)state;
    for (size_t n_workers = 1; n_workers < 5; n_workers++) {
        script s = quiet;
        s.fails = 11;
        s.fails_too = 12;
        sg_error err = {0};
        assert_int_equal(run(&s, n_workers, &err), SG_EFORMAT);
        assert_string_equal(err.message, "runs/epoch-0011: line 7 is broken");
        assert_no_children();
    }
}

static void a_crash_names_the_item_and_the_signal(void **state)
{
    (void)state;
    const int signals[] = {SIGKILL, SIGABRT, SIGTERM};
    for (size_t k = 0; k < SG_COUNT(signals); k++) {
        script s = quiet;
        s.crashes = 11;
        s.how = signals[k];
        sg_error err = {0};
        const int files = open_files();
        assert_int_equal(run(&s, 2, &err), SG_EWORKER);
        char expected[200];
        (void)snprintf(expected, sizeof expected,
                       "runs/epoch-0011: its worker was killed by signal %d (%s)", signals[k],
                       strsignal(signals[k]));
        assert_string_equal(err.message, expected);
        assert_int_equal(s.n_taken, 11);
        assert_int_equal(open_files(), files);
        assert_no_children();
    }
}

static void a_worker_that_leaves_is_told_with_its_exit_status(void **state)
{
    (void)state;
    script s = quiet;
    s.crashes = 11;
    sg_error err = {0};
    assert_int_equal(run(&s, 1, &err), SG_EWORKER);
    assert_string_equal(err.message, "runs/epoch-0011: its worker left with exit status 3");
    assert_no_children();
}

static void a_take_that_fails_ends_the_run(void **state)
{
    (void)state;
    script s = quiet;
    s.take_fails = 4;
    sg_error err = {0};
    assert_int_equal(run(&s, 3, &err), SG_EIO);
    assert_string_equal(err.message, "no room for 4");
    assert_int_equal(s.n_taken, 5);
    assert_no_children();
}

static void stops_when_asked(void **state)
{
    (void)state;
    script s = quiet;
    s.stop_after = 6;
    sg_error err = {0};
    assert_int_equal(run(&s, 2, &err), SG_EINTERRUPTED);
    assert_true(s.n_taken < N_ITEMS);
    assert_non_null(strstr(err.message, "of 40 things"));
    assert_no_children();
}

static sg_status sleep_long(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    (void)user;
    (void)result;
    (void)err;
    (void)sleep(60);
    return SG_OK;
}

static void ask_to_stop(void *user, const char *stage, size_t done, size_t total)
{
    (void)stage;
    (void)done;
    (void)total;
    *(volatile sig_atomic_t *)user = 1;
}

static void stops_though_every_worker_is_busy(void **state)
{
    (void)state;
    volatile sig_atomic_t stop = 0;
    const sg_pool_job job = {.n_items = 2, .n_workers = 2, .work = sleep_long, .take = take};
    const sg_progress progress = {
        .update = ask_to_stop, .user = (void *)(uintptr_t)&stop, .stop = &stop};
    sg_error err = {0};
    assert_int_equal(sg_pool_run(&job, &progress, &err), SG_EINTERRUPTED);
    assert_no_children();
}

static sg_status raise_interrupt(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    (void)user;
    (void)err;
    (void)raise(SIGINT);
    sg_text_append(result, "alive");
    return SG_OK;
}

static sg_status take_alive(size_t i, void *user, const char *result, size_t n, sg_error *err)
{
    (void)i;
    (void)err;
    assert_int_equal(n, 5);
    assert_string_equal(result, "alive");
    ++*(size_t *)user;
    return SG_OK;
}

static void workers_leave_interrupts_to_the_parent(void **state)
{
    (void)state;
    size_t n_alive = 0;
    const sg_pool_job job = {.n_items = 3,
                             .n_workers = 2,
                             .user = &n_alive,
                             .work = raise_interrupt,
                             .take = take_alive};
    sg_error err = {0};
    assert_ok(sg_pool_run(&job, NULL, &err), &err);
    assert_int_equal(n_alive, 3);
}

/* Set by the parent's exit handler; a pipe that a worker would write to if it ran the handler. */
static int told[2];

static void tell(void)
{
    const ssize_t n = write(told[1], "x", 1);
    (void)n;
}

static void workers_run_no_exit_handlers_of_the_parent(void **state)
{
    (void)state;
    script s = quiet;
    sg_error err = {0};
    assert_int_equal(pipe(told), 0);
    const pid_t pid = fork(); /* exit handlers cannot be taken back: register them in a child */
    if (pid == 0) {
        if (atexit(tell) != 0 || run(&s, 2, &err) != SG_OK)
            _exit(1);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_int_equal(how, 0);
    (void)close(told[1]);
    char byte = 0;
    assert_int_equal(read(told[0], &byte, 1), 0);
    (void)close(told[0]);
}

#ifdef __linux__
static int held[2]; /* a pipe that stays open for writing while a parent or a worker lives */

static sg_status work_for_ever(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    (void)user;
    (void)result;
    (void)err;
    const ssize_t n = write(held[1], "x", 1);
    for (;;)
        (void)pause();
    return n == 1 ? SG_OK : SG_EIO;
}

static void no_worker_outlives_a_parent_that_is_killed(void **state)
{
    (void)state;
    assert_int_equal(pipe(held), 0);
    const pid_t parent = fork();
    if (parent == 0) {
        const sg_pool_job job = {.n_items = 2, .n_workers = 2, .work = work_for_ever};
        _exit(sg_pool_run(&job, NULL, NULL) == SG_OK ? 0 : 1);
    }
    (void)close(held[1]);
    char byte = 0;
    assert_int_equal(read(held[0], &byte, 1), 1); /* both workers are at it */
    assert_int_equal(read(held[0], &byte, 1), 1);
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    struct pollfd end = {.fd = held[0], .events = POLLIN};
    assert_int_equal(poll(&end, 1, 10000), 1); /* ms; a worker that lives on keeps it open */
    assert_int_equal(read(held[0], &byte, 1), 0);
    (void)close(held[0]);
}
#endif

#ifdef _OPENMP
static double harmonic(int n)
{
    double sum = 0.0;
#pragma omp parallel for reduction(+ : sum) num_threads(2)
    for (int i = 1; i <= n; i++)
        sum += 1.0 / i;
    return sum;
}

static sg_status work_in_parallel(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    (void)user;
    (void)err;
    sg_text_append(result, harmonic(1000) > 7.4 && omp_get_max_threads() == 1 ? "alive" : "wrong");
    return SG_OK;
}

/* libgomp hangs in a forked child that opens a team after its parent had one. */
static void parallel_regions_stay_serial_in_a_worker(void **state)
{
    (void)state;
    size_t n_alive = 0;
    assert_true(harmonic(100000) > 12.0);
    const sg_pool_job job = {.n_items = 4,
                             .n_workers = 2,
                             .user = &n_alive,
                             .work = work_in_parallel,
                             .take = take_alive};
    sg_error err = {0};
    assert_ok(sg_pool_run(&job, NULL, &err), &err);
    assert_int_equal(n_alive, 4);
}
#endif

static sg_status work_little(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    (void)user;
    (void)err;
    sg_text_append(result, "alive");
    return SG_OK;
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_status status = SG_ENOMEM;
    const int files = open_files();
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        size_t n_alive = 0;
        const sg_pool_job job = {.n_items = 3,
                                 .n_workers = 2,
                                 .user = &n_alive,
                                 .work = work_little,
                                 .take = take_alive};
        sg_test_alloc_budget(budget);
        status = sg_pool_run(&job, NULL, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(open_files(), files);
        assert_no_children();
        assert_true(budget < 20);
    }
    assert_int_equal(status, SG_OK);
}

static void counts_at_least_one_processor(void **state)
{
    (void)state;
    assert_in_range(sg_n_processors(), 1, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_taken_in_order_by_any_number_of_workers),
        cmocka_unit_test(no_items_are_no_work),
        cmocka_unit_test(a_failure_carries_its_status_message_and_item),
        cmocka_unit_test(the_first_failure_in_order_is_told_whichever_came_first),
        cmocka_unit_test(a_crash_names_the_item_and_the_signal),
        cmocka_unit_test(a_worker_that_leaves_is_told_with_its_exit_status),
        cmocka_unit_test(a_take_that_fails_ends_the_run),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(stops_though_every_worker_is_busy),
        cmocka_unit_test(workers_leave_interrupts_to_the_parent),
        cmocka_unit_test(workers_run_no_exit_handlers_of_the_parent),
#ifdef __linux__
        cmocka_unit_test(no_worker_outlives_a_parent_that_is_killed),
#endif
#ifdef _OPENMP
        cmocka_unit_test(parallel_regions_stay_serial_in_a_worker),
#endif
        cmocka_unit_test(survives_each_failed_allocation),
        cmocka_unit_test(counts_at_least_one_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
