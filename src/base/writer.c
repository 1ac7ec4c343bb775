/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writing half of file.h: a temporary file beside the target, renamed over it when whole. */
#include "base/file.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 1 << 16, ATTEMPTS = 100 };

struct sg_writer {
    char *path;
    char *temporary; /* where the bytes go; the path itself where that is a device or pipe */
    bool in_place;
    bool committed;
    int fd;
    size_t n;
    char buffer[BUFFER];
};

/* "cannot write 'x': reason", with what a person can do about the two commonest reasons. */
static sg_status fail_write(sg_error *err, const char *path)
{
    const int reason = errno;
    const char *remedy = reason == ENOSPC || reason == EDQUOT ? "; free some space and try again"
                         : reason == ENOENT                   ? "; make its folder first"
                                                              : "";
    return sg_fail(err, SG_EIO, "cannot write '%s': %s%s", path, strerror(reason), remedy);
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Opens .NAME.tmp-PID beside the target, or .NAME.tmp-PID-1, ... where that name is taken. */
static sg_status open_temporary(sg_writer *w, sg_error *err)
{
    const int folder = (int)folder_length(w->path);
    const char *name = w->path + folder;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        sg_free(w->temporary);
        /* 200 bytes of the name leave room below the 255 that file systems allow */
        w->temporary =
            attempt ? sg_format("%.*s.%.200s.tmp-%ld-%d", folder, w->path, name, (long)getpid(),
                                attempt)
                    : sg_format("%.*s.%.200s.tmp-%ld", folder, w->path, name, (long)getpid());
        if (!w->temporary)
            return sg_fail_memory(err, "opening a file");
        w->fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (w->fd >= 0)
            return SG_OK;
        if (errno != EEXIST)
            break;
    }
    return fail_write(err, w->path);
}

static sg_status open_in_place(sg_writer *w, sg_error *err)
{
    w->in_place = true;
    w->temporary = sg_strdup(w->path);
    if (!w->temporary)
        return sg_fail_memory(err, "opening a file");
    w->fd = open(w->path, O_WRONLY | O_CLOEXEC);
    return w->fd >= 0 ? SG_OK : fail_write(err, w->path);
}

sg_status sg_writer_open(const char *path, sg_writer **ret, sg_error *err)
{
    if (path[folder_length(path)] == '\0')
        return sg_fail(err, SG_EINVAL, "cannot write '%s': that names no file", path);
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = SG_NEW(sg_writer);
    if (!w)
        return sg_fail_memory(err, "opening a file");
    w->fd = -1;
    w->path = sg_strdup(path);
    if (!w->path)
        return sg_fail_memory(err, "opening a file");

    struct stat about;
    const bool exists = stat(path, &about) == 0;
    if (exists && S_ISDIR(about.st_mode))
        return sg_fail(err, SG_EIO, "cannot write '%s': it is a folder", path);
    /* a rename would put a plain file in the place of /dev/stdout */
    SG_TRY(exists && !S_ISREG(about.st_mode) ? open_in_place(w, err) : open_temporary(w, err));
    *ret = SG_TAKE(w);
    return SG_OK;
}

static sg_status put(sg_writer *w, const char *bytes, size_t n, sg_error *err)
{
    while (n > 0) {
        const ssize_t written = write(w->fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail_write(err, w->path);
        bytes += written;
        n -= (size_t)written;
    }
    return SG_OK;
}

static sg_status flush(sg_writer *w, sg_error *err)
{
    const size_t n = w->n;
    w->n = 0;
    return put(w, w->buffer, n, err);
}

sg_status sg_writer_write(sg_writer *w, const void *bytes, size_t n, sg_error *err)
{
    if (n > BUFFER - w->n)
        SG_TRY(flush(w, err));
    if (n >= BUFFER)
        return put(w, bytes, n, err);
    if (n)
        memcpy(w->buffer + w->n, bytes, n);
    w->n += n;
    return SG_OK;
}

sg_status sg_writer_printf(sg_writer *w, sg_error *err, const char *format, ...)
{
    SG_AUTO_TEXT sg_text text = {0};
    va_list args;
    va_start(args, format);
    sg_text_vprintf(&text, format, args);
    va_end(args);
    if (text.failed)
        return sg_fail(err, SG_ENOMEM, "out of memory writing '%s'", w->path);
    return sg_writer_write(w, text.bytes, text.n, err);
}

/* Makes the rename itself last; not every file system lets a folder be synced, and the file is
 * whole either way. */
static void sync_folder(const char *path)
{
    const size_t length = folder_length(path);
    SG_AUTOFREE char *folder = length ? sg_memdup(path, length) : sg_strdup(".");
    const int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

sg_status sg_writer_commit(sg_writer *w, sg_error *err)
{
    SG_TRY(flush(w, err));
    /* EINVAL, EROFS: a pipe or terminal, which has nothing to sync */
    if (fsync(w->fd) != 0 && !(w->in_place && (errno == EINVAL || errno == EROFS)))
        return fail_write(err, w->path);
    const int fd = w->fd;
    w->fd = -1;
    if (close(fd) != 0)
        return fail_write(err, w->path);
    if (!w->in_place) {
        if (rename(w->temporary, w->path) != 0)
            return fail_write(err, w->path);
        sync_folder(w->path);
    }
    w->committed = true;
    return SG_OK;
}

void sg_writer_free(sg_writer *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        (void)close(w->fd);
    if (w->temporary && !w->in_place && !w->committed)
        (void)unlink(w->temporary);
    sg_free(w->temporary);
    sg_free(w->path);
    sg_free(w);
}

const char *sg_writer_temporary(const sg_writer *w)
{
    return w->temporary;
}

sg_status sg_file_write(const char *path, const void *bytes, size_t n, sg_error *err)
{
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_TRY(sg_writer_open(path, &w, err));
    SG_TRY(sg_writer_write(w, bytes, n, err));
    return sg_writer_commit(w, err);
}

sg_status sg_text_write(const char *dir, const char *name, const char *text, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/%s", dir, name);
    if (!path)
        return sg_fail_memory(err, "writing a file");
    return sg_file_write(path, text, strlen(text), err);
}

static sg_status append_whole(int fd, const char *path, const void *bytes, size_t n, sg_error *err)
{
    struct stat before;
    if (fstat(fd, &before) != 0)
        return fail_write(err, path);
    ssize_t written = 0;
    do
        written = write(fd, bytes, n);
    while (written < 0 && errno == EINTR);
    if (written >= 0 && (size_t)written < n) {
        errno = ENOSPC; /* what a short write to a file means */
        written = -1;
        if (S_ISREG(before.st_mode) && ftruncate(fd, before.st_size) != 0)
            errno = EIO;
    }
    if (written < 0 || (S_ISREG(before.st_mode) && fsync(fd) != 0))
        return fail_write(err, path);
    return SG_OK;
}

sg_status sg_file_append(const char *path, const void *bytes, size_t n, sg_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_write(err, path);
    const sg_status status = append_whole(fd, path, bytes, n, err);
    if (close(fd) != 0 && status == SG_OK)
        return fail_write(err, path);
    return status;
}
