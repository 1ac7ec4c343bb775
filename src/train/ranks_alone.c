/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/ranks_internal.h"

/* For builds without MPI. */

#include "base/status.h"

sg_status sg_ranks_open_mpi(size_t n, sg_ranks **ret, sg_error *err)
{
    (void)ret;
    return sg_fail(err, SG_EUNSUPPORTED,
                   "started as one of %zu ranks, but built without MPI; start it by itself, or "
                   "build it anew with -Dmpi=enabled",
                   n);
}
