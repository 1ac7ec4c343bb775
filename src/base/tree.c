/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree.h"

#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 16, STEP = 1 << 18 };

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

static void close_file(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* Reads until n bytes are there or the file ends; -1 and errno on failure. */
static ssize_t read_full(int fd, char *bytes, size_t n)
{
    size_t done = 0;
    while (done < n) {
        const ssize_t got = read(fd, bytes + done, n - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

sg_status sg_file_same(const char *a, const char *b, bool *ret, sg_error *err)
{
    SG_CLEANUP(close_file) const int fd_a = open(a, O_RDONLY | O_CLOEXEC);
    if (fd_a < 0)
        return sg_fail_errno(err, "read", a);
    SG_CLEANUP(close_file) const int fd_b = open(b, O_RDONLY | O_CLOEXEC);
    if (fd_b < 0)
        return sg_fail_errno(err, "read", b);
    struct stat about_a;
    struct stat about_b;
    if (fstat(fd_a, &about_a) != 0 || fstat(fd_b, &about_b) != 0)
        return sg_fail_errno(err, "read", a);
    if (about_a.st_ino == about_b.st_ino && about_a.st_dev == about_b.st_dev) {
        *ret = true; /* one file under two names */
        return SG_OK;
    }
    SG_AUTOFREE char *bytes = SG_NEW_ARRAY(char, 2 * (size_t)STEP);
    if (!bytes)
        return sg_fail_memory(err, "comparing files");
    bool same = about_a.st_size == about_b.st_size;
    for (ssize_t n = 1; same && n > 0;) {
        n = read_full(fd_a, bytes, STEP);
        const ssize_t m = read_full(fd_b, bytes + STEP, STEP);
        if (n < 0 || m < 0)
            return sg_fail_errno(err, "read", n < 0 ? a : b);
        same = n == m && memcmp(bytes, bytes + STEP, (size_t)n) == 0;
    }
    *ret = same;
    return SG_OK;
}

static sg_status copy_file(const char *from, const char *to, sg_error *err)
{
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_CLEANUP(close_file) const int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sg_fail_errno(err, "read", from);
    SG_AUTOFREE char *bytes = SG_NEW_ARRAY(char, STEP);
    if (!bytes)
        return sg_fail_memory(err, "copying a file");
    SG_TRY(sg_writer_open(to, &w, err));
    for (ssize_t n = 1; n > 0;) {
        n = read_full(fd, bytes, STEP);
        if (n < 0)
            return sg_fail_errno(err, "read", from);
        SG_TRY(sg_writer_write(w, bytes, (size_t)n, err));
    }
    return sg_writer_commit(w, err);
}

/* What a copy is made of. */
typedef struct copying {
    bool (*may_link)(const char *name);
    int depth;
} copying;

static sg_status copy_folder(const char *from, const char *to, const copying *c, sg_error *err);

static sg_status copy_entry(const char *from, const char *to, const char *name, const copying *c,
                            sg_error *err)
{
    SG_AUTOFREE char *source = sg_format("%s/%s", from, name);
    SG_AUTOFREE char *target = sg_format("%s/%s", to, name);
    struct stat about;
    if (!source || !target)
        return sg_fail_memory(err, "copying a folder");
    if (stat(source, &about) != 0)
        return sg_fail_errno(err, "read", source);
    if (S_ISDIR(about.st_mode)) {
        const copying below = {.may_link = c->may_link, .depth = c->depth + 1};
        return copy_folder(source, target, &below, err);
    }
    if (!S_ISREG(about.st_mode))
        return sg_fail(err, SG_EFORMAT, "cannot copy '%s': it is neither a file nor a folder",
                       source);
    /* a link can fail for many reasons of the file system, and a copy does as well */
    if (c->may_link && c->may_link(name) &&
        linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0)
        return SG_OK;
    return copy_file(source, target, err);
}

static sg_status copy_folder(const char *from, const char *to, const copying *c, sg_error *err)
{
    if (c->depth > DEPTH_MAX)
        return sg_fail(err, SG_EFORMAT, "cannot copy '%s': its folders go down without end", from);
    SG_CLEANUP(close_folder) DIR *folder = opendir(from);
    if (!folder)
        return sg_fail_errno(err, "read", from);
    SG_TRY(sg_dir_make(to, err));
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (entry->d_name[0] != '.')
            SG_TRY(copy_entry(from, to, entry->d_name, c, err));
    return SG_OK;
}

sg_status sg_tree_copy(const char *from, const char *to, bool (*may_link)(const char *name),
                       sg_error *err)
{
    const copying c = {.may_link = may_link, .depth = 0};
    return copy_folder(from, to, &c, err);
}

static sg_status remove_folder(const char *path, int depth, sg_error *err)
{
    SG_CLEANUP(close_folder) DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? SG_OK : sg_fail_errno(err, "read", path);
    if (depth > DEPTH_MAX)
        return sg_fail(err, SG_EFORMAT, "cannot remove '%s': its folders go down without end",
                       path);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        SG_AUTOFREE char *below = sg_format("%s/%s", path, entry->d_name);
        struct stat about;
        if (!below)
            return sg_fail_memory(err, "removing a folder");
        if (lstat(below, &about) == 0 && S_ISDIR(about.st_mode))
            SG_TRY(remove_folder(below, depth + 1, err));
        else if (unlink(below) != 0 && errno != ENOENT)
            return sg_fail_errno(err, "remove", below);
    }
    return rmdir(path) == 0 || errno == ENOENT ? SG_OK : sg_fail_errno(err, "remove", path);
}

sg_status sg_tree_remove(const char *path, sg_error *err)
{
    return remove_folder(path, 0, err);
}
