/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/text.h"
#include "snapshot/read_file.h"
#include "snapshot/snapshot_read.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>

enum { HEAD_BYTES = 1 << 16, FILES_MAX = 4096 };

static const char LAYERS[] = "layers:";

/* What a path says where no file has that name. */
typedef struct spec {
    sg_orientation orientation; /* AUTO: it says none */
    bool has_layers;
    const char *files; /* what follows */
} spec;

static bool take_word(const char **at, const char *word)
{
    const size_t n = strlen(word);
    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

static bool parse_spec(const char *path, spec *ret)
{
    struct stat about;
    spec s = {.files = path};
    if (stat(path, &about) == 0)
        return false;
    if (take_word(&s.files, "in-out:"))
        s.orientation = SG_ORIENTATION_IN_OUT;
    else if (take_word(&s.files, "out-in:"))
        s.orientation = SG_ORIENTATION_OUT_IN;
    s.has_layers = take_word(&s.files, LAYERS);
    *ret = s;
    return s.files != path;
}

/* Cuts the text "a,b\,c" in place into files, and returns their number. */
static size_t cut_files(char *text, const char **ret)
{
    size_t n = 0;
    char *to = text;
    ret[n++] = to;
    for (const char *from = text; *from; from++) {
        if (*from == ',') {
            *to++ = '\0';
            ret[n++] = to;
            continue;
        }
        if (*from == '\\' && (from[1] == ',' || from[1] == '\\'))
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return n;
}

static sg_status read_listed(const char *files, const sg_snapshot_read_params *params,
                             sg_snapshot **ret, sg_error *err)
{
    size_t n_most = 1;
    for (const char *p = files; *p; p++)
        n_most += *p == ',';
    SG_AUTOFREE char *text = sg_strdup(files);
    SG_AUTOFREE const char **path = SG_NEW_ARRAY(const char *, n_most);
    if (!text || !path)
        return sg_fail_memory(err, "reading layers");
    return sg_snapshot_read_layers(path, cut_files(text, path), params, ret, err);
}

static sg_status check(const sg_snapshot_read_params *params, sg_error *err)
{
    if (params->orientation > SG_ORIENTATION_IN_OUT)
        return sg_fail(err, SG_EINVAL, "there is no orientation %d", (int)params->orientation);
    return SG_OK;
}

sg_status sg_snapshot_read_with(const char *path, const sg_snapshot_read_params *params,
                                sg_snapshot **ret, sg_error *err)
{
    sg_snapshot_read_params p = SG_SNAPSHOT_READ_DEFAULT;
    spec s = {0};
    if (params)
        p = *params;
    SG_TRY(check(&p, err));
    if (!parse_spec(path, &s))
        return sg_snapshot_read_one(path, &p, ret, err);
    if (s.orientation != SG_ORIENTATION_AUTO)
        p.orientation = s.orientation;
    if (s.has_layers)
        return read_listed(s.files, &p, ret, err);
    return sg_snapshot_read_one(s.files, &p, ret, err);
}

sg_status sg_snapshot_read(const char *path, sg_snapshot **ret, sg_error *err)
{
    return sg_snapshot_read_with(path, NULL, ret, err);
}

sg_status sg_snapshot_read_layers(const char *const *paths, size_t n,
                                  const sg_snapshot_read_params *params, sg_snapshot **ret,
                                  sg_error *err)
{
    sg_snapshot_read_params p = SG_SNAPSHOT_READ_DEFAULT;
    SG_CLEANUP(sg_arrays_clear) sg_arrays all = {0};
    if (params)
        p = *params;
    SG_TRY(check(&p, err));
    if (n == 0 || n > FILES_MAX)
        return sg_fail(err, SG_EINVAL, "%zu files cannot be the layers of a network: 1 to %d can",
                       n, FILES_MAX);
    for (size_t i = 0; i < n; i++) {
        SG_CLEANUP(sg_arrays_clear) sg_arrays one = {0};
        SG_TRY(sg_arrays_read_file(paths[i], p.max_bytes, &one, err));
        all.is_torch = (i == 0 || all.is_torch) && one.is_torch;
        SG_TRY(sg_arrays_move(&one, i, &all, err));
    }
    SG_TRY(sg_arrays_sort(&all, err));
    const sg_order_known known = {.orientation = p.orientation, .order = true};
    const sg_status status = sg_snapshot_from_arrays(&all, known, ret, err);
    return status == SG_OK ? SG_OK
                           : sg_fail_within(err, status, "cannot join '%s' and %zu more files",
                                            paths[0], n - 1);
}

static void append_file(sg_text *t, const char *path)
{
    for (const char *p = path; *p; p++) {
        if (*p == ',' || *p == '\\')
            sg_text_append(t, "\\");
        sg_text_append_bytes(t, p, 1);
    }
}

sg_status sg_snapshot_spec(const char *const *paths, size_t n, sg_orientation orientation,
                           char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    if (n == 0 || n > FILES_MAX)
        return sg_fail(err, SG_EINVAL, "%zu files cannot be the layers of a network: 1 to %d can",
                       n, FILES_MAX);
    sg_text_append(&t, orientation == SG_ORIENTATION_IN_OUT   ? "in-out:"
                       : orientation == SG_ORIENTATION_OUT_IN ? "out-in:"
                                                              : "");
    if (n == 1) {
        sg_text_append(&t, paths[0]);
        return sg_text_take(&t, ret, err);
    }
    sg_text_append(&t, LAYERS);
    for (size_t i = 0; i < n; i++) {
        sg_text_append(&t, i > 0 ? "," : "");
        append_file(&t, paths[i]);
    }
    return sg_text_take(&t, ret, err);
}

/* Reads the beginning of a file, unpacked; returns its length. */
static size_t read_head(const char *path, char *ret, size_t n)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return 0;
    gzFile f = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) ? gzdopen(fd, "rb") : NULL;
    if (!f) {
        (void)close(fd);
        return 0;
    }
    const int got = gzread(f, ret, (unsigned)n); /* what is not packed comes through as it is */
    (void)gzclose(f);
    return got > 0 ? (size_t)got : 0;
}

bool sg_snapshot_is(const char *path)
{
    spec s = {0};
    if (parse_spec(path, &s))
        return true;
    SG_AUTOFREE char *head = sg_alloc(HEAD_BYTES, 1);
    return head &&
           sg_file_kind_tell(head, read_head(path, head, HEAD_BYTES), path) != SG_FILE_OTHER;
}
