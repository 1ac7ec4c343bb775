/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pool.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/*
 * Each worker hangs on one socket pair: the parent sends the number of an item, the worker answers
 * with an envelope and its bytes (the result, or the message of its failure). A worker that reads
 * end-of-file leaves, so none outlives the parent. Items are handed out in order, hence when item i
 * has failed, everything below i has been handed out too, and waiting for that much makes the
 * failure that is reported the first in the order of the items, however fast the workers are.
 */

enum { STOP_CHECK_MS = 100 /* how often the stop flag is looked at while all workers are busy */ };

typedef struct envelope {
    uint64_t n_bytes;
    uint32_t status;
    uint32_t unused;
} envelope;

typedef struct worker {
    pid_t pid;
    int fd; /* -1 once it is closed */
    bool busy;
    size_t item; /* while busy */
} worker;

typedef struct answer {
    char *bytes;
    size_t n;
    bool ready;
} answer;

typedef struct pool {
    const sg_pool_job *job;
    const sg_progress *progress;
    size_t n_workers;
    worker *workers;       /* (n_workers) */
    struct pollfd *polled; /* (n_workers) */
    answer *answers;       /* (n_items) */
    size_t n_sent;
    size_t n_answered;
    size_t n_taken;
    size_t failed_item; /* n_items while none has */
    sg_error failure;   /* of failed_item */
} pool;

size_t sg_n_processors(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

static bool send_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        const ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, void *bytes, size_t n)
{
    char *at = bytes;
    while (n > 0) {
        const ssize_t received = recv(fd, at, n, 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            return false;
        at += received;
        n -= (size_t)received;
    }
    return true;
}

/* Does one item and answers; false when the parent is gone. */
static bool serve_item(const sg_pool_job *job, size_t item, int fd)
{
    SG_AUTO_TEXT sg_text result = {0};
    sg_error err = {0};
    sg_status status = job->work(item, job->user, &result, &err);
    if (status == SG_OK && result.failed)
        status = sg_fail_memory(&err, "collecting a result");
    const char *bytes = status == SG_OK ? result.bytes : err.message;
    const size_t n = status == SG_OK ? result.n : strlen(err.message);
    const envelope head = {.n_bytes = n, .status = (uint32_t)status};
    return send_all(fd, &head, sizeof head) && send_all(fd, bytes, n);
}

/* A parent that is killed outright says no goodbye, and a worker deep in an item would go on for
 * nothing until it next looks at its socket. Where the system cannot promise this, it does. */
static void die_with(pid_t parent)
{
#ifdef __linux__
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent) /* it went before the promise was made */
        _exit(0);
}

/* The life of a worker. It ends by _exit(): what the parent registered with atexit() and what
 * stands in its stdio buffers is the parent's. */
__attribute__((noreturn)) static void serve(const sg_pool_job *job, int fd)
{
    /* Ctrl-C reaches the whole process group; the parent decides what becomes of the workers. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_DFL);
#ifdef _OPENMP
    /* The parent's OpenMP threads do not exist here: every parallel region must stay serial. */
    omp_set_num_threads(1);
    omp_set_max_active_levels(0);
#endif
    uint64_t item = 0;
    while (receive_all(fd, &item, sizeof item))
        if (!serve_item(job, (size_t)item, fd))
            break;
    _exit(0);
}

static bool start_worker(pool *p, size_t w)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
        die_with(parent);
        for (size_t other = 0; other < w; other++)
            (void)close(p->workers[other].fd);
        (void)close(ends[0]);
        serve(p->job, ends[1]);
    }
    const int reason = errno;
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        errno = reason;
        return false;
    }
    p->workers[w] = (worker){.pid = pid, .fd = ends[0]};
    return true;
}

/* Starts what the system allows; fewer workers than asked are fine, none is not. */
static sg_status start_workers(pool *p, sg_error *err)
{
    const size_t asked = p->n_workers;
    for (p->n_workers = 0; p->n_workers < asked; p->n_workers++)
        if (!start_worker(p, p->n_workers))
            break;
    if (p->n_workers == 0)
        return sg_fail(err, SG_EIO, "cannot start a worker process: %s", strerror(errno));
    return SG_OK;
}

/* Waits for a worker's end; false when the system cannot tell how it ended. */
static bool reap(worker *w, int *how)
{
    pid_t got = 0;
    do
        got = waitpid(w->pid, how, 0);
    while (got < 0 && errno == EINTR);
    w->pid = -1;
    return got > 0;
}

/* Ends every worker, idle or not: they hold nothing that is worth a goodbye. */
static void stop_workers(pool *p)
{
    for (size_t w = 0; w < p->n_workers; w++) {
        if (p->workers[w].fd >= 0)
            (void)close(p->workers[w].fd);
        if (p->workers[w].pid > 0)
            (void)kill(p->workers[w].pid, SIGKILL);
    }
    for (size_t w = 0; w < p->n_workers; w++)
        if (p->workers[w].pid > 0)
            (void)reap(&p->workers[w], &(int){0});
}

static void free_pool(pool *p)
{
    stop_workers(p);
    for (size_t i = 0; p->answers && i < p->job->n_items; i++)
        sg_free(p->answers[i].bytes);
    sg_free(p->answers);
    sg_free(p->polled);
    sg_free(p->workers);
}

static sg_status open_pool(pool *p, sg_error *err)
{
    const sg_pool_job *job = p->job;
    p->failed_item = job->n_items;
    const size_t asked = job->n_workers ? job->n_workers : sg_n_processors();
    const size_t n_workers = asked < job->n_items ? asked : job->n_items;
    p->workers = SG_NEW_ARRAY(worker, n_workers);
    p->polled = SG_NEW_ARRAY(struct pollfd, n_workers);
    p->answers = SG_NEW_ARRAY(answer, job->n_items);
    if (!p->workers || !p->polled || !p->answers)
        return sg_fail_memory(err, "preparing the workers");
    p->n_workers = n_workers;
    return start_workers(p, err);
}

/* Remembers the failure of an item unless one before it has failed; its status is in failure. */
static void note_failure(pool *p, size_t item, sg_error *failure)
{
    if (item >= p->failed_item)
        return;
    if (p->job->name)
        (void)sg_fail_within(failure, failure->status, "%s", p->job->name(item, p->job->user));
    else
        (void)sg_fail_within(failure, failure->status, "item %zu", item);
    p->failed_item = item;
    p->failure = *failure;
}

/* A worker closed its socket before it answered. */
static void note_death(pool *p, worker *w)
{
    sg_error failure = {0};
    int how = 0;
    (void)close(w->fd);
    w->fd = -1;
    w->busy = false;
    p->n_answered++;
    const bool known = reap(w, &how);
    if (known && WIFSIGNALED(how))
        (void)sg_fail(&failure, SG_EWORKER, "its worker was killed by signal %d (%s)",
                      WTERMSIG(how), strsignal(WTERMSIG(how)));
    else if (known && WIFEXITED(how))
        (void)sg_fail(&failure, SG_EWORKER, "its worker left with exit status %d",
                      WEXITSTATUS(how));
    else
        (void)sg_fail(&failure, SG_EWORKER, "its worker died without an answer");
    note_failure(p, w->item, &failure);
}

static void receive_answer(pool *p, worker *w)
{
    envelope head;
    if (!receive_all(w->fd, &head, sizeof head)) {
        note_death(p, w);
        return;
    }
    sg_error failure = {0};
    SG_AUTOFREE char *bytes = SG_NEW_ARRAY(char, head.n_bytes + 1);
    if (!bytes) {
        failure.status = sg_fail_memory(&failure, "receiving a result");
        note_failure(p, w->item, &failure);
        p->failed_item = 0; /* the socket is out of step: end at once */
        return;
    }
    if (!receive_all(w->fd, bytes, head.n_bytes)) {
        note_death(p, w);
        return;
    }
    w->busy = false;
    p->n_answered++;
    if (head.status == SG_OK) {
        p->answers[w->item] = (answer){.n = head.n_bytes, .ready = true};
        p->answers[w->item].bytes = SG_TAKE(bytes);
        return;
    }
    (void)sg_fail(&failure, (sg_status)head.status, "%s", bytes);
    note_failure(p, w->item, &failure);
}

static void hand_out(pool *p)
{
    for (size_t i = 0; i < p->n_workers; i++) {
        worker *w = &p->workers[i];
        if (w->busy || w->fd < 0 || p->n_sent >= p->failed_item)
            continue;
        const uint64_t item = p->n_sent++;
        w->item = (size_t)item;
        w->busy = true;
        /* a worker that is already dead shows itself as end-of-file on the next poll */
        (void)send_all(w->fd, &item, sizeof item);
    }
}

static sg_status take_answers(pool *p, sg_error *err)
{
    while (p->n_taken < p->failed_item && p->answers[p->n_taken].ready) {
        answer *a = &p->answers[p->n_taken];
        SG_TRY(p->job->take(p->n_taken, p->job->user, a->bytes, a->n, err));
        sg_free(a->bytes);
        a->bytes = NULL;
        p->n_taken++;
    }
    return SG_OK;
}

static bool asked_to_stop(const sg_progress *progress)
{
    return progress && progress->stop && *progress->stop;
}

static void report(const pool *p)
{
    if (p->progress && p->progress->update)
        p->progress->update(p->progress->user, p->job->stage, p->n_answered, p->job->n_items);
}

/* Waits until a worker has something to say, or for a moment, and hears all that have. */
static void listen_once(pool *p)
{
    for (size_t i = 0; i < p->n_workers; i++)
        p->polled[i] =
            (struct pollfd){.fd = p->workers[i].busy ? p->workers[i].fd : -1, .events = POLLIN};
    if (poll(p->polled, p->n_workers, STOP_CHECK_MS) <= 0)
        return;
    for (size_t i = 0; i < p->n_workers; i++)
        if (p->polled[i].revents) {
            receive_answer(p, &p->workers[i]);
            report(p);
        }
}

static sg_status run(pool *p, sg_error *err)
{
    report(p);
    while (p->n_taken < p->failed_item) {
        if (asked_to_stop(p->progress))
            return sg_fail(err, SG_EINTERRUPTED, "interrupted after %zu of %zu %s", p->n_answered,
                           p->job->n_items, p->job->stage ? p->job->stage : "items");
        hand_out(p);
        listen_once(p);
        SG_TRY(take_answers(p, err));
    }
    if (p->failed_item == p->job->n_items)
        return SG_OK;
    return sg_fail(err, p->failure.status, "%s", p->failure.message);
}

sg_status sg_pool_run(const sg_pool_job *job, const sg_progress *progress, sg_error *err)
{
    if (job->n_items == 0)
        return SG_OK;
    SG_CLEANUP(free_pool) pool p = {.job = job, .progress = progress};
    SG_TRY(open_pool(&p, err));
    return run(&p, err);
}
