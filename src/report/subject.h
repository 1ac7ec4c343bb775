/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_SUBJECT_H
#define SG_REPORT_SUBJECT_H

/* One of the things a report is about: a run, or a snapshot file from elsewhere, with everything
 * that is known of it. */

#include "base/json.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/compare.h"
#include "sparsegraph/report.h"
#include "sparsegraph/run.h"

typedef struct sg_subject {
    const char *path;   /* as the caller gave it */
    char *label;        /* last part of the path, unique in the report */
    char *slug;         /* the same for ids and file names: letters, digits, '-' */
    sg_run *run;        /* NULL for a file */
    sg_json *manifest;  /* an object, empty where there is none */
    sg_snapshot *first; /* the network of the first epoch; NULL where there is one epoch only */
    sg_snapshot *last;
    long first_epoch, last_epoch; /* -1 where a file names none */
    sg_analysis *analysis;
    bool is_measured_here;     /* rather than read from the run's analysis/ */
    sg_comparison *comparison; /* stored by sg_compare(); or NULL */
} sg_subject;

void sg_subject_clear(sg_subject *s);

/* Opens it and measures it where its analysis/ does not hold all its epochs; label and slug stay
 * NULL until sg_subjects_name(). */
sg_status sg_subject_open(const char *path, const sg_report_params *params,
                          const sg_progress *progress, sg_subject *ret, sg_error *err) SG_CHECKED;

/* Makes the labels and slugs of n subjects unique. SG_ENOMEM. */
sg_status sg_subjects_name(sg_subject *subjects, size_t n, sg_error *err) SG_CHECKED;

/* Returns a setting of the run as text, or NULL. */
const char *sg_subject_setting(const sg_subject *s, const char *key);

/* Returns the first and last metrics, and those of the best test accuracy; NULL where none. */
const sg_epoch_metrics *sg_subject_metrics_first(const sg_subject *s);
const sg_epoch_metrics *sg_subject_metrics_last(const sg_subject *s);
const sg_epoch_metrics *sg_subject_metrics_best(const sg_subject *s);

/* Whether random networks were drawn and scored. */
bool sg_subject_has_nulls(const sg_subject *s);

/* Counts the fits of an epoch: all, those that pass the gate, and those with p >= 0.1. */
typedef struct sg_fit_counts {
    size_t n, n_passing, n_not_rejected;
} sg_fit_counts;
sg_fit_counts sg_subject_fits(const sg_subject *s, long epoch);

#endif
