/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/team.h"

#include <sched.h>

enum {
    ROWS_A_BLOCK = 16, /* few enough to balance uneven rows */
    PATIENCE = 2000,   /* looks before a waiting thread leaves its processor to others */
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

void sg_team_meet(sg_team *team)
{
    if (team->n_members < 2)
        return;
    const unsigned meeting = atomic_load_explicit(&team->n_meetings, memory_order_acquire);
    if (atomic_fetch_add_explicit(&team->n_waiting, 1, memory_order_acq_rel) + 1 ==
        team->n_members) {
        atomic_store_explicit(&team->n_waiting, 0, memory_order_relaxed);
        atomic_fetch_add_explicit(&team->n_meetings, 1, memory_order_release);
        return;
    }
    for (unsigned looks = 0;
         atomic_load_explicit(&team->n_meetings, memory_order_acquire) == meeting; looks++) {
        if (looks < PATIENCE)
            relax();
        else
            (void)sched_yield();
    }
}

void sg_team_rows(sg_member member, size_t n_rows,
                  void (*task)(void *user, size_t begin, size_t end), void *user)
{
    sg_team_blocks(member, n_rows, ROWS_A_BLOCK, task, user);
}

void sg_team_blocks(sg_member member, size_t n_rows, size_t rows_a_block,
                    void (*task)(void *user, size_t begin, size_t end), void *user)
{
    const size_t n_members = member.team->n_members;
    if (n_members < 2) {
        task(user, 0, n_rows);
        return;
    }
    for (size_t begin = member.rank * rows_a_block; begin < n_rows;
         begin += n_members * rows_a_block)
        task(user, begin, begin + rows_a_block < n_rows ? begin + rows_a_block : n_rows);
}
