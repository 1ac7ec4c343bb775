/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_RANK_THREADS_H
#define SG_TEST_RANK_THREADS_H

/* Ranks that are threads of this process, so that what they do is tested where there is no MPI. */

#include "unit.h"

#include "train/ranks_internal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { RANK_THREADS_MAX = 8 };

/* What the ranks leave for each other to read between two meetings. */
typedef struct rank_board {
    size_t count;
    pthread_barrier_t meeting;
    const void *out[RANK_THREADS_MAX];
    const size_t *n_out[RANK_THREADS_MAX];
} rank_board;

typedef struct rank_thread {
    sg_ranks base; /* first: a pointer to it is a pointer to this */
    rank_board *board;
    void (*work)(sg_ranks *ranks, void *user);
    void *user;
} rank_thread;

static rank_board *board_of(const sg_ranks *ranks)
{
    return ((const rank_thread *)(const void *)ranks)->board;
}

static void meet(const sg_ranks *ranks)
{
    (void)pthread_barrier_wait(&board_of(ranks)->meeting);
}

static size_t bytes_before(const size_t *n_bytes, size_t rank)
{
    size_t sum = 0;
    for (size_t r = 0; r < rank; r++)
        sum += n_bytes[r];
    return sum;
}

static void collect_over_threads(sg_ranks *ranks, void *all, const size_t *n_bytes)
{
    rank_board *board = board_of(ranks);
    board->out[ranks->index] = all;
    meet(ranks);
    for (size_t r = 0; r < board->count; r++) {
        const size_t at = bytes_before(n_bytes, r);
        if (r != ranks->index)
            memcpy((char *)all + at, (const char *)board->out[r] + at, n_bytes[r]);
    }
    meet(ranks);
}

static void deal_over_threads(sg_ranks *ranks, const void *send, const size_t *n_send, void *recv,
                              const size_t *n_recv)
{
    rank_board *board = board_of(ranks);
    board->out[ranks->index] = send;
    board->n_out[ranks->index] = n_send;
    meet(ranks);
    char *to = recv;
    for (size_t r = 0; r < board->count; r++) {
        const size_t at = bytes_before(board->n_out[r], ranks->index);
        memcpy(to, (const char *)board->out[r] + at, n_recv[r]);
        to += n_recv[r];
    }
    meet(ranks);
}

static void keep_open(sg_ranks *ranks)
{
    (void)ranks; /* on run_ranks()'s stack */
}

static const sg_transport over_threads = {collect_over_threads, deal_over_threads, keep_open};

static void *run_rank(void *thread)
{
    rank_thread *t = thread;
    t->work(&t->base, t->user);
    return NULL;
}

/* Does the work on `count` ranks at once. It must not assert: only the caller may. */
static inline void run_ranks(size_t count, void (*work)(sg_ranks *ranks, void *user), void *user)
{
    rank_board board = {.count = count};
    rank_thread thread[RANK_THREADS_MAX];
    pthread_t id[RANK_THREADS_MAX];
    assert_true(count <= RANK_THREADS_MAX);
    assert_int_equal(pthread_barrier_init(&board.meeting, NULL, (unsigned)count), 0);
    for (size_t r = 0; r < count; r++) {
        thread[r] = (rank_thread){.board = &board, .work = work, .user = user};
        assert_int_equal(sg_ranks_init(&thread[r].base, r, count, &over_threads, NULL), SG_OK);
        (void)snprintf(thread[r].base.place, sizeof thread[r].base.place, "node%zu", r);
    }
    for (size_t r = 0; r < count; r++)
        assert_int_equal(pthread_create(&id[r], NULL, run_rank, &thread[r]), 0);
    for (size_t r = 0; r < count; r++) {
        (void)pthread_join(id[r], NULL);
        sg_ranks_clear(&thread[r].base);
    }
    (void)pthread_barrier_destroy(&board.meeting);
}

#endif
