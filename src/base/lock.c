/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/lock.h"

#include "base/text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Locks of the open file, not of the process, also hold between two callers in one process. */
#ifdef F_OFD_SETLK
enum { SET_LOCK = F_OFD_SETLK };
#else
enum { SET_LOCK = F_SETLK };
#endif

enum {
    ATTEMPTS = 100,
    HOST_MAX = 256,
    RECORD_MAX = HOST_MAX + 32,
};

struct sg_lock {
    char *path;
    char *held; /* PATH-held where the file system knows no locks, else NULL */
    int fd;
};

/* Who holds a lock, as its file says. */
typedef struct holder {
    char host[HOST_MAX];
    long pid; /* 0: not known */
} holder;

typedef enum verdict { TAKEN, HELD, AGAIN, NO_LOCKS, FAILED } verdict;

static void name_host(char host[HOST_MAX])
{
    if (gethostname(host, HOST_MAX) != 0)
        (void)snprintf(host, HOST_MAX, "localhost");
    host[HOST_MAX - 1] = '\0';
}

static holder read_holder(const char *path)
{
    holder h = {.host = "", .pid = 0};
    char text[RECORD_MAX];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0)
        (void)close(fd);
    if (n <= 0)
        return h;
    text[n] = '\0';
    char *blank = strchr(text, ' ');
    if (!blank)
        return h;
    *blank = '\0';
    h.pid = strtol(blank + 1, NULL, 10);
    (void)snprintf(h.host, sizeof h.host, "%.*s", HOST_MAX - 1, text);
    return h;
}

/* The record is for messages: one that cannot be written is no reason not to work. */
static void write_record(int fd)
{
    char host[HOST_MAX];
    char text[RECORD_MAX];
    name_host(host);
    const int n = snprintf(text, sizeof text, "%s %ld\n", host, (long)getpid());
    if (ftruncate(fd, 0) == 0 && n > 0)
        (void)!pwrite(fd, text, (size_t)n, 0);
}

/* Whether the path still names the open file: its last holder may have removed it meanwhile. */
static bool is_still(int fd, const char *path)
{
    struct stat mine;
    struct stat there;
    return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

static verdict lock_open_file(sg_lock *lock)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock->fd < 0)
        return FAILED;
    int result = 0;
    do
        result = fcntl(lock->fd, SET_LOCK, &whole);
    while (result != 0 && errno == EINTR);
    if (result == 0)
        return is_still(lock->fd, lock->path) ? TAKEN : AGAIN;
    if (errno == EACCES || errno == EAGAIN)
        return HELD;
    return errno == ENOLCK || errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL ? NO_LOCKS
                                                                                        : FAILED;
}

static bool is_gone(const holder *h)
{
    char host[HOST_MAX];
    name_host(host);
    return h->pid > 0 && strcmp(h->host, host) == 0 && kill((pid_t)h->pid, 0) != 0 &&
           errno == ESRCH;
}

static verdict make_held(const sg_lock *lock)
{
    const int fd = open(lock->held, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
        write_record(fd);
        return close(fd) == 0 ? TAKEN : FAILED;
    }
    if (errno != EEXIST)
        return FAILED;
    const holder h = read_holder(lock->held);
    if (!is_gone(&h))
        return HELD;
    return unlink(lock->held) == 0 || errno == ENOENT ? AGAIN : FAILED;
}

static void close_lock(sg_lock *lock)
{
    if (lock->fd >= 0)
        (void)close(lock->fd);
    lock->fd = -1;
}

static verdict try_once(sg_lock *lock)
{
    const verdict v = lock->held ? make_held(lock) : lock_open_file(lock);
    if (v != NO_LOCKS) {
        if (v == AGAIN || v == FAILED) {
            const int reason = errno;
            close_lock(lock);
            errno = reason;
        }
        return v;
    }
    lock->held = sg_format("%s-held", lock->path);
    return lock->held ? AGAIN : FAILED;
}

static sg_status fail_held(const sg_lock *lock, const char *what, sg_error *err)
{
    const holder h = read_holder(lock->held ? lock->held : lock->path);
    if (lock->held)
        return sg_fail(err, SG_EINVAL,
                       "'%s' is being written by process %ld on %s; if that is gone, remove '%s'",
                       what, h.pid, h.pid > 0 ? h.host : "an unknown machine", lock->held);
    if (h.pid > 0)
        return sg_fail(err, SG_EINVAL,
                       "'%s' is being written by process %ld on %s; wait until it has ended", what,
                       h.pid, h.host);
    return sg_fail(err, SG_EINVAL,
                   "'%s' is being written by another process; wait until it has "
                   "ended",
                   what);
}

/* Closes without removing what is not ours. */
static void drop(sg_lock **lock)
{
    if (!*lock)
        return;
    close_lock(*lock);
    sg_free((*lock)->held);
    sg_free((*lock)->path);
    sg_free(*lock);
}

sg_status sg_lock_take(const char *path, const char *what, sg_lock **ret, sg_error *err)
{
    SG_CLEANUP(drop) sg_lock *lock = SG_NEW(sg_lock);
    if (!lock)
        return sg_fail_memory(err, "locking a file");
    lock->fd = -1;
    lock->path = sg_strdup(path);
    if (!lock->path)
        return sg_fail_memory(err, "locking a file");

    verdict v = AGAIN;
    for (int i = 0; v == AGAIN && i < ATTEMPTS; i++)
        v = try_once(lock);
    if (v == HELD)
        return fail_held(lock, what, err);
    if (v != TAKEN)
        return sg_fail(err, SG_EIO, "cannot lock '%s': %s", path,
                       v == AGAIN ? "others take it all the time" : strerror(errno));
    if (!lock->held)
        write_record(lock->fd);
    *ret = SG_TAKE(lock);
    return SG_OK;
}

void sg_lock_free(sg_lock *lock)
{
    if (!lock)
        return;
    if (lock->held)
        (void)unlink(lock->held);
    (void)unlink(lock->path); /* while it is held: nobody else can be using it */
    drop(&lock);
}
