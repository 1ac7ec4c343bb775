/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_RANKS_INTERNAL_H
#define SG_TRAIN_RANKS_INTERNAL_H

/* What ranks say to each other, over a transport: MPI's is the one that users meet. */

#include "sparsegraph/ranks.h"
#include <stdbool.h>
#include <stdint.h>

enum { SG_RANK_PLACE_MAX = 128 };

/*
 * The three things that a way between ranks has to do. A failure of the way itself ends every
 * process, with a message of its own: there is nobody left to agree with.
 */
typedef struct sg_transport {
    /* all: the parts of every rank, one after the other, part r being n_bytes[r] long. Each comes
     * with its own part filled in, and leaves with all of them. */
    void (*collect)(sg_ranks *ranks, void *all, const size_t *n_bytes);
    /* send: a piece for every rank in turn, n_send[r] bytes. recv: a piece from every rank in turn,
     * n_recv[r] bytes. */
    void (*deal)(sg_ranks *ranks, const void *send, const size_t *n_send, void *recv,
                 const size_t *n_recv);
    void (*close)(sg_ranks *ranks); /* frees ranks */
} sg_transport;

/* What a rank tells the others of itself. */
typedef struct sg_rank_note {
    sg_status status;
    char place[SG_RANK_PLACE_MAX]; /* its node's name */
    char message[SG_ERROR_MESSAGE_MAX];
} sg_rank_note;

struct sg_ranks {
    size_t index;
    size_t count;
    const sg_transport *transport; /* NULL: alone */
    size_t n_processors;           /* this rank's share of its node's; 0: not known */
    char place[SG_RANK_PLACE_MAX];
    sg_rank_note *note; /* (count) */
    uint64_t *value;    /* (count) */
    size_t *n_bytes;    /* (count) of these */
};

/* What every transport has, filled in; and its release. SG_ENOMEM: nothing is to be cleared. */
sg_status sg_ranks_init(sg_ranks *ranks, size_t index, size_t count, const sg_transport *transport,
                        sg_error *err) SG_CHECKED;
void sg_ranks_clear(sg_ranks *ranks);

/* Joins the n ranks that a launcher started, over MPI. SG_EUNSUPPORTED: built without it. */
sg_status sg_ranks_open_mpi(size_t n, sg_ranks **ret, sg_error *err) SG_CHECKED;

/* Part `index` of n things that are cut into `n_parts` of about equal size. */
typedef struct sg_range {
    size_t begin;
    size_t end;
} sg_range;

static inline sg_range sg_range_of(size_t n, size_t index, size_t n_parts)
{
    const size_t each = n / n_parts; /* n * index might overflow */
    const size_t more = n % n_parts;
    return (sg_range){each * index + more * index / n_parts,
                      each * (index + 1) + more * (index + 1) / n_parts};
}

/* Returns whether any rank came here with `mine`. */
bool sg_ranks_any(sg_ranks *ranks, bool mine);

/* SG_EINVAL unless all ranks hold rank 0's value; `what` says in the message what differs. */
sg_status sg_ranks_same(sg_ranks *ranks, uint64_t value, const char *what,
                        sg_error *err) SG_CHECKED;

#endif
