/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_TEAM_H
#define SG_TRAIN_TEAM_H

/* Threads that work on the same rows and wait for each other between steps. */

#include <stdatomic.h>
#include <stddef.h>

typedef struct sg_team {
    size_t n_members;
    atomic_uint n_waiting;
    atomic_uint n_meetings;
} sg_team;

/* One thread's place in a team. */
typedef struct sg_member {
    sg_team *team;
    size_t rank; /* below n_members */
} sg_member;

/* Waits until every member has come here; what each wrote before is then seen by all. */
void sg_team_meet(sg_team *team);

/* Does this member's share of the rows [0, n_rows): every n_members-th block of a few rows. */
void sg_team_rows(sg_member member, size_t n_rows,
                  void (*task)(void *user, size_t begin, size_t end), void *user);

/* The same by blocks of as many rows as the caller says, which begin at multiples of that. */
void sg_team_blocks(sg_member member, size_t n_rows, size_t rows_a_block,
                    void (*task)(void *user, size_t begin, size_t end), void *user);

#endif
