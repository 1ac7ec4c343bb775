/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include "base/text.h"
#include "base/zlib_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_cleanup(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}
#define AUTO_FD SG_CLEANUP(close_cleanup) int

enum { READ_STEP = 1 << 16 };

static sg_status fail_too_large(sg_error *err, const char *path, size_t max_bytes)
{
    return sg_fail(err, SG_EFORMAT, "'%s' is too large: at most %zu bytes are read", path,
                   max_bytes);
}

/* Reads up to max_bytes + 1 bytes, so that the caller sees when there are too many. */
static sg_status read_all(int fd, const char *path, size_t max_bytes, sg_text *out, sg_error *err)
{
    for (;;) {
        if (!sg_text_reserve(out, READ_STEP))
            return sg_fail(err, SG_ENOMEM, "out of memory reading '%s'", path);
        const ssize_t n = read(fd, out->bytes + out->n, out->capacity - 1 - out->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sg_fail_errno(err, "read", path);
        out->n += (size_t)n;
        out->bytes[out->n] = '\0';
        if (n == 0)
            return SG_OK;
        if (out->n > max_bytes)
            return fail_too_large(err, path, max_bytes);
    }
}

sg_status sg_file_read(const char *path, size_t max_bytes, char **ret, size_t *n, sg_error *err)
{
    const AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return sg_fail_errno(err, "read", path);
    if (S_ISDIR(about.st_mode))
        return sg_fail(err, SG_EINVAL, "cannot read '%s': it is a folder, not a file", path);
    if (S_ISREG(about.st_mode) && (uint64_t)about.st_size > max_bytes)
        return fail_too_large(err, path, max_bytes);

    SG_AUTO_TEXT sg_text bytes = {0};
    if (about.st_size > 0 && !sg_text_reserve(&bytes, (size_t)about.st_size + READ_STEP))
        return sg_fail(err, SG_ENOMEM, "out of memory reading '%s'", path);
    SG_TRY(read_all(fd, path, max_bytes, &bytes, err));
    *n = bytes.n;
    return sg_text_take(&bytes, ret, err);
}

static bool is_gzip(const unsigned char *bytes, size_t n)
{
    return n >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

/* Whether nothing but the zero bytes that some tools pad with is left. */
static bool is_padding(const unsigned char *bytes, size_t n)
{
    while (n > 0 && bytes[n - 1] == 0)
        n--;
    return n == 0;
}

/* Inflates one gzip member from *in, moving it forward. */
static sg_status inflate_member(z_stream *z, const unsigned char **in, size_t *n_in,
                                size_t max_bytes, sg_text *out)
{
    for (;;) {
        if (out->n > max_bytes)
            return SG_EINVAL;
        if (!sg_text_reserve(out, READ_STEP))
            return SG_ENOMEM;
        const size_t step_in = *n_in < READ_STEP ? *n_in : READ_STEP;
        const size_t room = out->capacity - 1 - out->n;
        const size_t step_out = room < UINT32_MAX ? room : UINT32_MAX;
        z->next_in = *in;
        z->avail_in = (unsigned)step_in;
        z->next_out = (unsigned char *)out->bytes + out->n;
        z->avail_out = (unsigned)step_out;
        const int result = inflate(z, Z_NO_FLUSH);
        const size_t used = step_in - z->avail_in;
        const size_t made = step_out - z->avail_out;
        *in += used;
        *n_in -= used;
        out->n += made;
        if (result == Z_STREAM_END)
            return out->n > max_bytes ? SG_EINVAL : SG_OK;
        if (result == Z_MEM_ERROR)
            return SG_ENOMEM;
        if (result != Z_OK || (used == 0 && made == 0))
            return SG_EFORMAT;
    }
}

static sg_status inflate_all(const char *path, const char *bytes, size_t n, size_t max_bytes,
                             sg_text *out, sg_error *err)
{
    SG_CLEANUP(sg_inflate_cleanup)
    z_stream z = {.zalloc = sg_zlib_alloc, .zfree = sg_zlib_free};
    const unsigned char *in = (const unsigned char *)bytes;
    if (inflateInit2(&z, 15 + 16) != Z_OK) /* the largest window; + 16: a gzip header is due */
        return sg_fail(err, SG_ENOMEM, "out of memory inflating '%s'", path);
    do {
        const sg_status status = inflate_member(&z, &in, &n, max_bytes, out);
        if (status == SG_EINVAL)
            return sg_fail(err, SG_EFORMAT, "'%s' inflates to more than %zu bytes, the most read",
                           path, max_bytes);
        if (status == SG_ENOMEM)
            return sg_fail(err, SG_ENOMEM, "out of memory inflating '%s'", path);
        if (status != SG_OK)
            return sg_fail(err, SG_EFORMAT,
                           n == 0 ? "the gzip file '%s' is truncated; fetch it again"
                                  : "the gzip file '%s' is corrupt; fetch it again",
                           path);
        (void)inflateReset(&z);
    } while (is_gzip(in, n));
    if (!is_padding(in, n))
        return sg_fail(err, SG_EFORMAT, "the gzip file '%s' has %zu bytes after its end", path, n);
    return SG_OK;
}

sg_status sg_file_read_gz(const char *path, size_t max_bytes, char **ret, size_t *n, sg_error *err)
{
    SG_AUTOFREE char *bytes = NULL;
    size_t n_bytes = 0;
    /* incompressible data grows a little: stored blocks, header, trailer */
    const size_t overhead = max_bytes / 1024 + READ_STEP;
    const size_t max_packed = max_bytes < SIZE_MAX - overhead ? max_bytes + overhead : SIZE_MAX;
    SG_TRY(sg_file_read(path, max_packed, &bytes, &n_bytes, err));
    if (!is_gzip((const unsigned char *)bytes, n_bytes)) {
        if (n_bytes > max_bytes)
            return fail_too_large(err, path, max_bytes);
        *ret = SG_TAKE(bytes);
        *n = n_bytes;
        return SG_OK;
    }
    SG_AUTO_TEXT sg_text inflated = {0};
    SG_TRY(inflate_all(path, bytes, n_bytes, max_bytes, &inflated, err));
    inflated.bytes[inflated.n] = '\0';
    *n = inflated.n;
    return sg_text_take(&inflated, ret, err);
}

bool sg_file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

bool sg_dir_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool sg_dir_holds(const char *dir, const char *name, bool folder)
{
    struct stat about;
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool is_there = fstatat(fd, name, &about, 0) == 0 &&
                          (folder ? S_ISDIR(about.st_mode) : S_ISREG(about.st_mode));
    (void)close(fd);
    return is_there;
}

sg_status sg_dir_make(const char *path, sg_error *err)
{
    if (path[0] == '\0')
        return sg_fail(err, SG_EINVAL, "cannot make a folder whose name is empty");
    SG_AUTOFREE char *part = sg_strdup(path);
    if (!part)
        return sg_fail_memory(err, "making a folder");
    for (char *end = part; end; end = strchr(end, '/')) {
        /* end stands on a slash: first without what follows it, last the whole path */
        end += strspn(end, "/");
        char *next = strchr(end, '/');
        const size_t length = next ? (size_t)(next - part) : strlen(part);
        part[length] = '\0';
        if (length && mkdir(part, 0777) != 0 && !sg_dir_exists(part))
            return sg_fail(err, SG_EIO, "cannot make the folder '%s': %s", path,
                           strerror(errno == EEXIST ? ENOTDIR : errno));
        memcpy(part + length, path + length, next ? 1 : 0);
    }
    return SG_OK;
}
