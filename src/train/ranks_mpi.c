/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/ranks_internal.h"

/* The only file that calls MPI. An error inside MPI ends all processes: its own handler says so. */

#include "base/memory.h"
#include "base/status.h"

#include <mpi.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

typedef struct mpi_ranks {
    sg_ranks base; /* first: a pointer to it is a pointer to this */
    MPI_Comm all;
    bool closes_mpi;
    int *n_send, *n_recv, *at_send, *at_recv; /* (count) as MPI wants them */
} mpi_ranks;

/* Counts as ints with the offsets that they add up to: callers stay far below 2^31 bytes. */
static void place(const size_t *n_bytes, size_t count, int *n, int *at)
{
    int sum = 0;
    for (size_t r = 0; r < count; r++) {
        n[r] = (int)n_bytes[r];
        at[r] = sum;
        sum += n[r];
    }
}

static void collect(sg_ranks *ranks, void *all, const size_t *n_bytes)
{
    const mpi_ranks *m = (const mpi_ranks *)ranks;
    place(n_bytes, ranks->count, m->n_recv, m->at_recv);
    (void)MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, m->n_recv, m->at_recv, MPI_BYTE,
                         m->all);
}

static void deal(sg_ranks *ranks, const void *send, const size_t *n_send, void *recv,
                 const size_t *n_recv)
{
    const mpi_ranks *m = (const mpi_ranks *)ranks;
    place(n_send, ranks->count, m->n_send, m->at_send);
    place(n_recv, ranks->count, m->n_recv, m->at_recv);
    (void)MPI_Alltoallv(send, m->n_send, m->at_send, MPI_BYTE, recv, m->n_recv, m->at_recv,
                        MPI_BYTE, m->all);
}

static void free_mpi_ranks(mpi_ranks *m)
{
    sg_ranks_clear(&m->base);
    sg_free(m->n_send);
    sg_free(m->n_recv);
    sg_free(m->at_send);
    sg_free(m->at_recv);
    sg_free(m);
}

static void close_ranks(sg_ranks *ranks)
{
    mpi_ranks *m = (mpi_ranks *)ranks;
    (void)MPI_Comm_free(&m->all);
    if (m->closes_mpi)
        (void)MPI_Finalize();
    free_mpi_ranks(m);
}

static const sg_transport over_mpi = {collect, deal, close_ranks};

/*
 * How many processors are this rank's: each of those that it may run on, divided by the ranks of
 * the node that may run there too. So ranks that are bound to processors of their own have all of
 * these, and ranks that share a node have equal shares.
 */
static size_t share_of_processors(MPI_Comm all, size_t index)
{
    cpu_set_t mine;
    CPU_ZERO(&mine);
    if (sched_getaffinity(0, sizeof mine, &mine) != 0) /* more processors than a set holds */
        return 1;
    MPI_Comm node = MPI_COMM_NULL;
    (void)MPI_Comm_split_type(all, MPI_COMM_TYPE_SHARED, (int)index, MPI_INFO_NULL, &node);

    unsigned short n_ranks[CPU_SETSIZE];
    for (size_t c = 0; c < CPU_SETSIZE; c++)
        n_ranks[c] = CPU_ISSET(c, &mine) != 0;
    (void)MPI_Allreduce(MPI_IN_PLACE, n_ranks, CPU_SETSIZE, MPI_UNSIGNED_SHORT, MPI_SUM, node);
    (void)MPI_Comm_free(&node);

    double share = 0.0;
    for (size_t c = 0; c < CPU_SETSIZE; c++)
        if (CPU_ISSET(c, &mine))
            share += 1.0 / n_ranks[c];
    return share >= 1.0 ? (size_t)(share + 1e-6) : 1;
}

/* Initialises MPI where the program did not. */
static sg_status start_mpi(bool *started, sg_error *err)
{
    int is_open = 0;
    int was_closed = 0;
    int level = MPI_THREAD_FUNNELED;
    (void)MPI_Initialized(&is_open);
    (void)MPI_Finalized(&was_closed);
    if (was_closed)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "MPI was closed before; ranks can join once a process");
    if (is_open)
        (void)MPI_Query_thread(&level);
    else
        (void)MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    *started = !is_open;
    if (level < MPI_THREAD_FUNNELED)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "this MPI allows no threads; initialise it with MPI_THREAD_FUNNELED");
    return SG_OK;
}

static mpi_ranks *new_mpi_ranks(size_t index, size_t count, sg_error *err)
{
    mpi_ranks *m = SG_NEW(mpi_ranks);
    if (!m)
        return NULL;
    if (sg_ranks_init(&m->base, index, count, &over_mpi, err) != SG_OK) {
        sg_free(m);
        return NULL;
    }
    m->n_send = SG_NEW_ARRAY(int, count);
    m->n_recv = SG_NEW_ARRAY(int, count);
    m->at_send = SG_NEW_ARRAY(int, count);
    m->at_recv = SG_NEW_ARRAY(int, count);
    if (m->n_send && m->n_recv && m->at_send && m->at_recv)
        return m;
    free_mpi_ranks(m);
    return NULL;
}

sg_status sg_ranks_open_mpi(size_t n, sg_ranks **ret, sg_error *err)
{
    bool started = false;
    SG_TRY(start_mpi(&started, err));
    int index = 0;
    int count = 1;
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &index);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &count);
    if ((size_t)count != n)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "started as one of %zu ranks, of which MPI knows %d; start it by the mpirun "
                       "of the MPI that it was built with",
                       n, count);
    mpi_ranks *m = new_mpi_ranks((size_t)index, (size_t)count, err);
    if (!m)
        return sg_fail_memory(err, "joining the other ranks");
    m->closes_mpi = started;
    (void)MPI_Comm_dup(MPI_COMM_WORLD, &m->all); /* the program's own messages stay apart */
    m->base.n_processors = share_of_processors(m->all, m->base.index);
    (void)gethostname(m->base.place, sizeof m->base.place - 1);
    *ret = &m->base;
    return SG_OK;
}
