/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which formats there are, and how a network gets into a file of each. */
#include "sparsegraph/convert.h"

#include "base/file.h"
#include "base/text.h"
#include "snapshot/write_matrices.h"
#include "snapshot/write_network.h"

#include <stdio.h>
#include <strings.h>

enum { FILES_MAX = 500 /* open at once; a process may often open 1024 */ };

typedef struct format {
    sg_convert_info info;
    void (*write)(const sg_net *net, sg_out *o); /* the formats of graphs */
} format;

static const format FORMATS[] = {
    {{SG_CONVERT_SAFETENSORS, "safetensors", ".safetensors",
      "sparsegraph's own: everything that a snapshot holds", false, false},
     NULL},
    {{SG_CONVERT_NPZ, "npz", ".npz", "SciPy's sparse matrices, a file for each link", true, false},
     NULL},
    {{SG_CONVERT_MATRIX_MARKET, "mtx", ".mtx", "Matrix Market, a file for each link", true, true},
     NULL},
    {{SG_CONVERT_GRAPHML, "graphml", ".graphml", "for igraph, NetworkX, Gephi, yEd", false, true},
     sg_write_graphml},
    {{SG_CONVERT_GML, "gml", ".gml", "for igraph, NetworkX, Gephi, graph-tool", false, true},
     sg_write_gml},
    {{SG_CONVERT_GEXF, "gexf", ".gexf", "GEXF 1.3 for Gephi; a run's epochs become a timeline",
      false, true},
     sg_write_gexf},
    {{SG_CONVERT_CX2, "cx2", ".cx2", "for Cytoscape and NDEx", false, true}, sg_write_cx2},
    {{SG_CONVERT_SIF, "sif", ".sif", "sender, link and receiver, for Cytoscape; no weights", false,
      true},
     sg_write_sif},
    {{SG_CONVERT_EDGES, "edges", ".edges .tsv .txt .edgelist .ncol",
      "sender, receiver and weight between tabs; no isolated neurons", false, true},
     sg_write_edges},
    {{SG_CONVERT_CSV, "csv", ".csv",
      "from_layer, from, to_layer, to and weight; comments tell the layers' sizes", false, true},
     sg_write_csv},
};

size_t sg_convert_n_formats(void)
{
    return SG_COUNT(FORMATS);
}

const sg_convert_info *sg_convert_format_at(size_t i)
{
    return &FORMATS[i].info;
}

const sg_convert_info *sg_convert_find(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(FORMATS); i++)
        if (strcmp(FORMATS[i].info.name, name) == 0)
            return &FORMATS[i].info;
    return NULL;
}

/* Whether a path ends in one of the suffixes, with something before it. */
static bool has_suffix(const char *path, const char *suffixes)
{
    const size_t n_path = strlen(path);
    while (*suffixes) {
        const size_t n = strcspn(suffixes, " ");
        if (n_path > n && strncasecmp(path + n_path - n, suffixes, n) == 0)
            return true;
        suffixes += n + (suffixes[n] == ' ');
    }
    return false;
}

const sg_convert_info *sg_convert_of_path(const char *path)
{
    for (size_t i = 0; i < SG_COUNT(FORMATS); i++)
        if (has_suffix(path, FORMATS[i].info.suffixes))
            return &FORMATS[i].info;
    return NULL;
}

static sg_status find_format(const sg_convert_target *target, const sg_convert_params *params,
                             const format **ret, sg_error *err)
{
    const sg_convert_info *info = target->path ? sg_convert_of_path(target->path) : NULL;
    for (size_t i = 0; i < SG_COUNT(FORMATS); i++)
        if (params->format == FORMATS[i].info.format ||
            (params->format == SG_CONVERT_AUTO && info == &FORMATS[i].info)) {
            *ret = &FORMATS[i];
            return SG_OK;
        }
    if (target->path)
        return sg_fail(err, SG_EINVAL,
                       "cannot tell the format of '%s' from its suffix; name the format",
                       target->path);
    return sg_fail(err, SG_EINVAL, "name the format that is to be written");
}

/* Readers of lists take '"', and a '#', '%' or blank at the beginning, for something else. */
static sg_status check_names(const sg_snapshot *s, const format *f, const sg_convert_params *params,
                             sg_error *err)
{
    const bool is_csv = f->write == sg_write_csv;
    if (!is_csv && (params->numbers || (f->write != sg_write_sif && f->write != sg_write_edges)))
        return SG_OK;
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        const char *name = sg_snapshot_layer(s, i)->name;
        if (strchr(name, '"') || strchr("#% ", name[0]) || (is_csv && strchr(name, ',')))
            return sg_fail(err, SG_EUNSUPPORTED,
                           "the name of layer '%.100s' would be misread in a file of %s; %s", name,
                           f->info.name,
                           is_csv ? "write graphml, or rename the layer"
                                  : "write numbers instead of names");
    }
    return SG_OK;
}

static sg_status write_graph(const sg_snapshot *s, const format *f, const sg_convert_params *params,
                             sg_out *o, sg_error *err)
{
    SG_CLEANUP(sg_net_free) sg_net net = {0};
    SG_TRY(check_names(s, f, params, err));
    SG_TRY(sg_net_of(s, &net, err));
    net.numbers = params->numbers;
    net.absolute = params->absolute;
    f->write(&net, o);
    return sg_out_end(o);
}

static sg_status write_matrix(const sg_snapshot *s, const sg_link *link, bool absolute, sg_out *o)
{
    sg_write_matrix_market(s, link, absolute, o);
    return sg_out_end(o);
}

/* Writes a link into a file that is not committed yet. */
static sg_status write_link(const sg_snapshot *s, const sg_link *link, const format *f,
                            bool absolute, sg_writer *w, sg_error *err)
{
    if (f->info.format == SG_CONVERT_NPZ)
        return sg_write_npz(link->matrix, absolute, w, err);
    SG_CLEANUP(sg_out_free_cleanup_) sg_out *o = NULL;
    SG_TRY(sg_out_to_file(w, &o, err));
    return write_matrix(s, link, absolute, o);
}

/* The files of the links: open ones, and the paths of those that were given their names. */
typedef struct link_files {
    size_t n;
    size_t n_committed;
    bool whole; /* all are there, and stay */
    sg_writer **writer;
    char **path;
} link_files;

static void end_files(link_files *files)
{
    for (size_t i = 0; files->writer && i < files->n; i++)
        sg_writer_free(files->writer[i]);
    for (size_t i = 0; files->path && i < files->n; i++) {
        if (i < files->n_committed && !files->whole)
            (void)remove(files->path[i]);
        sg_free(files->path[i]);
    }
    sg_free(files->writer);
    sg_free(files->path);
}

static sg_status write_links(const sg_snapshot *s, const char *path, const format *f, bool absolute,
                             sg_error *err)
{
    SG_CLEANUP(end_files) link_files files = {.n = sg_snapshot_n_links(s)};
    files.writer = SG_NEW_ARRAY(sg_writer *, files.n);
    files.path = SG_NEW_ARRAY(char *, files.n);
    if (!files.writer || !files.path)
        return sg_fail_memory(err, "writing the links");
    for (size_t i = 0; i < files.n; i++) {
        SG_TRY(sg_convert_link_path(s, i, path, &files.path[i], err));
        SG_TRY(sg_writer_open(files.path[i], &files.writer[i], err));
        SG_TRY(write_link(s, sg_snapshot_link(s, i), f, absolute, files.writer[i], err));
    }
    for (; files.n_committed < files.n; files.n_committed++)
        SG_TRY(sg_writer_commit(files.writer[files.n_committed], err));
    files.whole = true;
    return SG_OK;
}

static sg_status check_links(const sg_snapshot *s, const format *f, const char *path, sg_error *err)
{
    const size_t n = sg_snapshot_n_links(s);
    if (n == 0)
        return sg_fail(err, SG_EUNSUPPORTED, "the network has no link, so there is no matrix");
    if (n > 1 && !path)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "a file of %s holds one link and the network has %zu; write to a path",
                       f->info.name, n);
    if (n > FILES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "%zu links would be %zu files of %s; safetensors holds them in one", n, n,
                       f->info.name);
    return SG_OK;
}

static sg_status write_file(const sg_snapshot *s, const char *path, const format *f,
                            const sg_convert_params *params, sg_error *err)
{
    if (f->info.format == SG_CONVERT_SAFETENSORS)
        return sg_snapshot_write(s, path, err);
    if (f->info.per_link)
        return write_links(s, path, f, params->absolute, err);
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_CLEANUP(sg_out_free_cleanup_) sg_out *o = NULL;
    SG_TRY(sg_writer_open(path, &w, err));
    SG_TRY(sg_out_to_file(w, &o, err));
    SG_TRY(write_graph(s, f, params, o, err));
    return sg_writer_commit(w, err);
}

sg_status sg_convert_write(const sg_snapshot *s, const sg_convert_target *target,
                           const sg_convert_params *params, sg_error *err)
{
    const sg_convert_params standard = SG_CONVERT_PARAMS_DEFAULT;
    const format *f = NULL;
    if (!params)
        params = &standard;
    SG_TRY(find_format(target, params, &f, err));
    if (params->absolute && f->info.format == SG_CONVERT_SAFETENSORS)
        return sg_fail(err, SG_EINVAL, "a snapshot in safetensors keeps the signs of its weights");
    if (f->info.per_link)
        SG_TRY(check_links(s, f, target->path, err));
    if (target->path)
        return write_file(s, target->path, f, params, err);
    if (!f->info.text)
        return sg_fail(err, SG_EINVAL, "%s is binary; write it to a path", f->info.name);
    SG_CLEANUP(sg_out_free_cleanup_) sg_out *o = NULL;
    SG_TRY(sg_out_new(target->write, target->user, &o, err));
    return f->info.per_link ? write_matrix(s, sg_snapshot_link(s, 0), params->absolute, o)
                            : write_graph(s, f, params, o, err);
}

/* Appends a link's name as a part of a file's name. */
static void append_name(sg_text *t, const char *name)
{
    for (; *name; name++) {
        if (*name == '/' || *name == '%')
            sg_text_append(t, *name == '/' ? "%2F" : "%25");
        else
            sg_text_append_bytes(t, name, 1);
    }
}

sg_status sg_convert_link_path(const sg_snapshot *s, size_t link, const char *path, char **ret,
                               sg_error *err)
{
    const size_t n_links = sg_snapshot_n_links(s);
    SG_AUTO_TEXT sg_text t = {0};
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const char *suffix = dot && dot > name ? dot : path + strlen(path);
    if (n_links > 1) {
        const int width = snprintf(NULL, 0, "%zu", n_links);
        sg_text_append_bytes(&t, path, (size_t)(suffix - path));
        sg_text_printf(&t, "-%0*zu-", width, link + 1);
        append_name(&t, sg_snapshot_link(s, link)->name);
        sg_text_append(&t, suffix);
    } else {
        sg_text_append(&t, path);
    }
    return sg_text_take(&t, ret, err);
}
