/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_LOCK_H
#define SG_BASE_LOCK_H

/*
 * A lock file: who holds it is the only writer of what it stands for, on this and other machines.
 *
 * The lock is one of the file system's (fcntl), so it ends with its process, however that ends, and
 * no stale lock is ever left: over NFS the server or its lock daemon sees to that. The file's
 * content, "HOST PID", is for messages. Where the file system knows no locks, a second file
 * PATH-held is the lock: made exclusively, and taken over where it names a process of this host
 * that is gone. Where it names another host nobody can tell, and the message says what to remove.
 *
 * A file system mounted so that its locks hold on one machine only (NFS "nolock", Lustre
 * "localflock") lets two machines take one lock.
 */

#include "base/memory.h"
#include "base/status.h"

typedef struct sg_lock sg_lock;

/*
 * Takes a lock without waiting; its folder must be there. SG_EINVAL: it is held; the message says
 * that `what` is being written, and by whom. SG_EIO: the file cannot be made.
 */
sg_status sg_lock_take(const char *path, const char *what, sg_lock **ret, sg_error *err) SG_CHECKED;

/* Lets go and removes the file; NULL is allowed. */
void sg_lock_free(sg_lock *lock);
SG_DEFINE_CLEANUP(sg_lock, sg_lock_free)

#endif
