/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_RANKS_H
#define SPARSEGRAPH_RANKS_H

/** @file ranks.h  Processes that train one network together, over MPI. */

#include "error.h"
#include <stddef.h>

SG_BEGIN_DECLS

/**
 * This process among those that mpirun (or srun) started together: its number, and the way to the
 * others. Only one thread may use it at a time.
 */
typedef struct sg_ranks sg_ranks;

/**
 * Joins the processes that were started together; a process started by itself stands alone, and
 * never touches MPI.
 *
 * Told by the variables that launchers set (OMPI_COMM_WORLD_SIZE, PMI_SIZE, PMIX_RANK in a step of
 * Slurm). MPI is initialised unless the program did so before. Call it on the thread that will call
 * sg_train(), once a process, with as many ranks in the call as were started: each waits for the
 * others.
 *
 * @param[out] ret  to be freed by sg_ranks_free().
 *
 * @retval SG_ENOMEM        no memory.
 * @retval SG_EUNSUPPORTED  one of several processes, but this library was built without MPI, or MPI
 *                          has been closed already, or may not be called from this thread.
 */
SG_API SG_CHECKED sg_status sg_ranks_open(sg_ranks **ret, sg_error *err);

/** Takes leave of the others, and closes MPI if sg_ranks_open() opened it; every rank calls it.
 * NULL is allowed. */
SG_API void sg_ranks_free(sg_ranks *ranks);

/** Returns this process' number, from 0; 0 for NULL. Rank 0 is the one that writes. */
SG_API size_t sg_ranks_index(const sg_ranks *ranks);

/** Returns how many there are; 1 for NULL. */
SG_API size_t sg_ranks_count(const sg_ranks *ranks);

/**
 * Ends a step in the same way on every rank: as soon as it failed on one, it failed on all.
 *
 * Every rank calls it with what became of its own step, and returns with the status of the lowest
 * rank that failed; its message is in every rank's err, named "rank 1 of 4 on HOST: …" unless it
 * failed on all of them.
 *
 * @param mine  SG_OK, or a failure that err tells of.
 * @return the same on every rank; `mine` for NULL or one process alone.
 */
SG_API SG_CHECKED sg_status sg_ranks_agree(sg_ranks *ranks, sg_status mine, sg_error *err);

SG_END_DECLS

#endif
