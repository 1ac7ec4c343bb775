/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_parse.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include <string.h>
#include <strings.h>

enum {
    LOOK_MAX = 65536,     /* bytes at the beginning that tell the format */
    PAJEK_SPARE = 1000000 /* vertices that a Pajek file may declare without listing them */
};

static bool has_suffix(const char *path, const char *suffix)
{
    size_t n = strlen(path);
    const size_t n_suffix = strlen(suffix);

    if (n > 3 && strcasecmp(path + n - 3, ".gz") == 0)
        n -= 3;
    return n > n_suffix && strncasecmp(path + n - n_suffix, suffix, n_suffix) == 0;
}

/* Skips blanks, blank lines, a byte-order mark, and lines that start with # or %. */
static const char *skip_comments(const char *p, const char *end)
{
    p = sg_utf8_begin(p, (size_t)(end - p));
    while (p < end) {
        if (*p == '#' || *p == '%') {
            const char *stop = memchr(p, '\n', (size_t)(end - p));
            p = stop ? stop + 1 : end;
        } else if (strchr(" \t\r\n", *p) && *p != '\0') {
            p++;
        } else {
            break;
        }
    }
    return p;
}

/* Whether a line begins with the word "graph" and then a bracket, as GML's do. */
static bool looks_like_gml(const char *text, const char *end)
{
    for (const char *line = text; line < end;) {
        const char *p = line;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        if (end - p > 5 && strncasecmp(p, "graph", 5) == 0) {
            p += 5;
            while (p < end && strchr(" \t\r\n", *p) && *p != '\0')
                p++;
            if (p < end && *p == '[')
                return true;
        }
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        line = stop ? stop + 1 : end;
    }
    return false;
}

static bool begins_with(const char *p, const char *end, const char *word)
{
    const size_t n = strlen(word);

    return (size_t)(end - p) >= n && strncasecmp(p, word, n) == 0;
}

static sg_status tell_format(const char *text, size_t n, const char *path, sg_graph_format *ret,
                             sg_error *err)
{
    const char *end = text + (n < LOOK_MAX ? n : LOOK_MAX);
    const char *first = skip_comments(text, end);
    if (memchr(text, '\0', n))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it is binary; edge lists, GraphML, GML and Pajek are read");
    if (begins_with(text, end, "%%MatrixMarket"))
        return sg_fail(
            err, SG_EUNSUPPORTED,
            "it is a Matrix Market file; remove its header and its line of sizes to read "
            "it as an edge list");
    if (first < end && *first == '<') {
        if (!memmem(first, (size_t)(end - first), "<graphml", 8))
            return sg_fail(err, SG_EUNSUPPORTED, "it is XML, but no GraphML");
        *ret = SG_GRAPH_GRAPHML;
    } else if (begins_with(first, end, "*vertices") || begins_with(first, end, "*network") ||
               has_suffix(path, ".net") || has_suffix(path, ".paj")) {
        *ret = SG_GRAPH_PAJEK;
    } else if (looks_like_gml(text, end) || has_suffix(path, ".gml")) {
        *ret = SG_GRAPH_GML;
    } else if (first < end && (*first == '{' || *first == '[')) {
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it is JSON; edge lists, GraphML, GML and Pajek are read");
    } else {
        *ret = SG_GRAPH_EDGES;
    }
    return SG_OK;
}

/* igraph makes as many nodes as "*Vertices N" says before it reads on: N must stand to the size. */
static sg_status check_pajek(const char *text, size_t n, sg_error *err)
{
    const char *end = text + n;
    for (const char *line = text; line < end;) {
        if (begins_with(line, end, "*vertices")) {
            char number[24] = "";
            uint64_t n_nodes = 0;
            const char *p = line + strlen("*vertices");
            while (p < end && (*p == ' ' || *p == '\t'))
                p++;
            for (size_t i = 0; i + 1 < sizeof number && p < end && *p >= '0' && *p <= '9'; i++)
                number[i] = *p++;
            if (!sg_parse_u64(number, &n_nodes) || n_nodes > n + PAJEK_SPARE)
                return sg_fail(err, SG_EFORMAT, "'*Vertices %s' does not fit a file of %zu bytes",
                               number, n);
        }
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        line = stop ? stop + 1 : end;
    }
    return SG_OK;
}

static sg_status parse(const char *text, size_t n, const char *path,
                       const sg_graph_read_params *params, sg_graph **ret, sg_error *err)
{
    sg_graph_format format = params->format;
    if (n == 0)
        return sg_fail(err, SG_EFORMAT, "it is empty");
    if (format == SG_GRAPH_AUTO)
        SG_TRY(tell_format(text, n, path, &format, err));
    else if (memchr(text, '\0', n))
        return sg_fail(err, SG_EFORMAT, "it holds a NUL byte, so it is no text");
    if (format == SG_GRAPH_EDGES) {
        const sg_edges_style style = {params->directed, has_suffix(path, ".csv")};
        return sg_graph_parse_edges(text, n, style, ret, err);
    }
    if (format == SG_GRAPH_PAJEK)
        SG_TRY(check_pajek(text, n, err));
    return sg_graph_parse_foreign(text, n, format, ret, err);
}

sg_status sg_graph_read(const char *path, const sg_graph_read_params *params, sg_graph **ret,
                        sg_error *err)
{
    const sg_graph_read_params standard = SG_GRAPH_READ_DEFAULT;
    if (!params)
        params = &standard;
    SG_AUTOFREE char *text = NULL;
    size_t n = 0;
    SG_TRY(sg_file_read_gz(path, params->max_bytes, &text, &n, err));
    const sg_status status = parse(text, n, path, params, ret, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot read '%s'", path);
    return SG_OK;
}
