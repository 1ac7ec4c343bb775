/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/sweep_internal.h"

#include "base/status.h"
#include "base/text.h"
#include "base/tree.h"
#include "snapshot/run_files.h"
#include "snapshot/safetensors.h"

#include <math.h>
#include <string.h>

static sg_status check_snapshot(const char *path, sg_error *err)
{
    SG_CLEANUP(sg_safetensors_free_cleanup_) sg_safetensors *file = NULL;
    const sg_status status = sg_safetensors_open(path, &file, err);
    return status == SG_OK ? SG_OK
                           : sg_fail_within(err, status, "a run is not whole, copy it again");
}

static sg_status fail_missing(const sg_run *run, const char *file, sg_error *err)
{
    return sg_fail(err, SG_EFORMAT,
                   "'%s' is not whole: its metrics reach the last epoch, but %s is missing; copy "
                   "it again",
                   sg_run_path(run), file);
}

sg_status sg_run_check_files(const sg_run *run, sg_error *err)
{
    const size_t n = sg_run_n_snapshots(run);
    const char *method = sg_run_setting(run, "method");
    const long last = sg_run_metrics(run, sg_run_n_metrics(run) - 1)->epoch;
    if (n == 0 || sg_run_snapshot_epoch(run, 0) != 0)
        return fail_missing(run, "the snapshot of epoch 0", err);
    if (sg_run_snapshot_epoch(run, n - 1) != last)
        return fail_missing(run, "the snapshot of the last epoch", err);
    if (method && strcmp(method, "set") == 0 && last > 0 && !sg_run_final_path(run))
        return fail_missing(run, SG_RUN_FINAL, err);
    for (size_t i = 0; i < n; i++)
        SG_TRY(check_snapshot(sg_run_snapshot_path(run, i), err));
    return sg_run_final_path(run) ? check_snapshot(sg_run_final_path(run), err) : SG_OK;
}

static sg_status fail_differ(const char *a, const char *b, sg_error *err)
{
    return sg_fail(err, SG_EINVAL,
                   "'%s' and '%s' are of one method and seed and differ; find out which is right, "
                   "and leave the other out",
                   a, b);
}

static sg_status check_same_file(const char *a, const char *b, sg_error *err)
{
    bool same = false;
    SG_TRY(sg_file_same(a, b, &same, err));
    return same ? SG_OK : fail_differ(a, b, err);
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_metrics(const sg_epoch_metrics *a, const sg_epoch_metrics *b)
{
    return a->epoch == b->epoch && same_number(a->train_loss, b->train_loss) &&
           same_number(a->test_loss, b->test_loss) &&
           same_number(a->train_accuracy, b->train_accuracy) &&
           same_number(a->test_accuracy, b->test_accuracy) && same_number(a->links, b->links) &&
           same_number(a->density, b->density);
}

sg_status sg_run_check_same(const sg_run *a, const sg_run *b, sg_error *err)
{
    const size_t n = sg_run_n_snapshots(a);
    const size_t n_metrics = sg_run_n_metrics(a);
    const char *final_a = sg_run_final_path(a);
    const char *final_b = sg_run_final_path(b);
    bool same =
        n == sg_run_n_snapshots(b) && n_metrics == sg_run_n_metrics(b) && !final_a == !final_b;
    for (size_t i = 0; same && i < n; i++)
        same = sg_run_snapshot_epoch(a, i) == sg_run_snapshot_epoch(b, i);
    for (size_t i = 0; same && i < n_metrics; i++)
        same = same_metrics(sg_run_metrics(a, i), sg_run_metrics(b, i));
    if (!same)
        return fail_differ(sg_run_path(a), sg_run_path(b), err);
    for (size_t i = 0; i < n; i++)
        SG_TRY(check_same_file(sg_run_snapshot_path(a, i), sg_run_snapshot_path(b, i), err));
    return final_a ? check_same_file(final_a, final_b, err) : SG_OK;
}
