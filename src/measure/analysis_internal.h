/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_ANALYSIS_INTERNAL_H
#define SG_MEASURE_ANALYSIS_INTERNAL_H

/* How an analysis is kept, and the steps that make one from snapshots or from a file. */

#include "base/json.h"
#include "base/text.h"
#include "measure/measured.h"
#include "sparsegraph/analysis.h"

typedef struct sg_analysed_layer {
    char *name;
    size_t size;
} sg_analysed_layer;

typedef struct sg_analysed_link {
    char *name;
    size_t from;
    size_t to;
} sg_analysed_link;

/* One measured snapshot: its share of the rows and fits. */
typedef struct sg_analysed_snapshot {
    char *file;
    long epoch;
    bool listed; /* false: epoch 0, measured for the comparison only */
    size_t first_row;
    size_t n_rows;
    size_t first_fit;
    size_t n_fits;
} sg_analysed_snapshot;

struct sg_analysis {
    double core_zeta;
    size_t n_bootstrap;
    size_t n_nulls;
    sg_null_model degrees_model;
    bool nulls_levelled; /* no random network was still changing when it was taken */
    uint64_t seed;
    bool chosen;   /* only the measures that were named */
    bool numbered; /* the files named no epochs: they are their positions */
    size_t n_layers;
    sg_analysed_layer *layers;
    size_t n_links;
    sg_analysed_link *links;
    size_t n_snapshots;
    sg_analysed_snapshot *snapshots; /* ascending epochs; only the first may be unlisted */
    size_t n_rows;
    sg_analysis_row *rows; /* names point into layers, links and the registry */
    size_t n_fits;
    sg_analysis_fit *fits; /* owns reasons, degree and count */
    size_t n_warnings;
    char **warnings;
};

SG_DEFINE_CLEANUP(sg_analysis, sg_analysis_free)

/* 1 where the first snapshot is there for the comparison only, else 0. */
size_t sg_analysis_n_unlisted(const sg_analysis *a);

/* The snapshot that all are compared with: epoch 0, or NULL. */
const sg_analysed_snapshot *sg_analysis_start(const sg_analysis *a);

/* The position of a layer or link of that name, or SIZE_MAX. */
size_t sg_analysis_find_layer(const sg_analysis *a, const char *name);
size_t sg_analysis_find_link(const sg_analysis *a, const char *name);

/* The row of a snapshot, or NULL. */
const sg_analysis_row *sg_analysis_find_row(const sg_analysis *a, const sg_analysed_snapshot *s,
                                            sg_scope scope, const char *subject,
                                            const char *measure);

/* The measures asked for, in the order of the registry. */
typedef struct sg_measure_list {
    size_t n;
    const sg_measure **at;
    bool *has_nulls; /* (n) which are measured on random networks, too */
    bool by_name;    /* they were asked for one by one */
} sg_measure_list;

/* Searches for communities take minutes and 150 bytes a connection beyond this; they are left NaN
 * unless they were asked for by name. */
enum { SG_COMMUNITIES_CONNECTIONS_MAX = 1 << 20 };

/*
 * Measures a network and describes it as one JSON object: layers, links, epoch, file, measures,
 * fits. It is what a worker sends and what analysis.json holds of a snapshot.
 */
sg_status sg_analysis_describe(const sg_snapshot *s, const sg_measured_params *against,
                               const sg_measure_list *list, char **ret, sg_error *err) SG_CHECKED;

/* Takes layers and links from a description, or checks that they are the same as the ones there. */
sg_status sg_analysis_take_structure(sg_analysis *a, const sg_json *from, sg_error *err) SG_CHECKED;

/* Appends a snapshot from a description; the structure is there. `file` is copied. */
sg_status sg_analysis_take_snapshot(sg_analysis *a, const sg_json *from, const char *file,
                                    long epoch, bool listed, sg_error *err) SG_CHECKED;

/* Adds what random networks say of a snapshot's rows to its description, and takes it back. */
void sg_analysis_add_nulls(sg_json *entry, const sg_analysis *a, const sg_analysed_snapshot *s);
sg_status sg_analysis_take_nulls(sg_analysis *a, const sg_json *from, sg_error *err) SG_CHECKED;

/* Once all snapshots are there: the values at epoch 0, the verdicts, the warnings. */
sg_status sg_analysis_finish(sg_analysis *a, sg_error *err) SG_CHECKED;

/* Corrects the p-values of the listed fits for their number. */
sg_status sg_analysis_correct(sg_analysis *a, sg_error *err) SG_CHECKED;

/* Fills in the warnings of a finished analysis. */
sg_status sg_analysis_warn(sg_analysis *a, sg_error *err) SG_CHECKED;

/* The files to measure, in the order of their epochs. */
typedef struct sg_analysis_source {
    char *path;  /* to open */
    char *file;  /* to show: relative to the run */
    char *label; /* for messages that name the file already */
    long epoch;
    bool listed;
} sg_analysis_source;

typedef struct sg_analysis_sources {
    size_t n;
    sg_analysis_source *at;
    bool numbered;
} sg_analysis_sources;

sg_status sg_analysis_sources_find(const char *const *paths, size_t n_paths,
                                   const sg_analysis_params *params, sg_analysis_sources *ret,
                                   sg_error *err) SG_CHECKED;
void sg_analysis_sources_clear(sg_analysis_sources *s);

/* Appends a number so that it reads back equal, or nothing for NaN. */
void sg_text_append_number(sg_text *t, double value);

/* Appends a CSV field, quoted where it has to be (RFC 4180). */
void sg_text_append_csv(sg_text *t, const char *field);

#endif
