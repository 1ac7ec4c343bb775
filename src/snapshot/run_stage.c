/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/run_stage.h"

#include "base/file.h"
#include "base/text.h"
#include "snapshot/run_files.h"

const char *sg_run_stage_name(sg_run_stage stage)
{
    static const char *const names[] = {"absent", "begun", "interrupted", "complete"};
    return (size_t)stage < SG_COUNT(names) ? names[stage] : "unknown";
}

sg_status sg_run_stage_of(const sg_run *run, sg_run_stage *ret, sg_error *err)
{
    SG_AUTOFREE char *checkpoint = sg_format("%s/" SG_RUN_CHECKPOINT, sg_run_path(run));
    if (!checkpoint)
        return sg_fail_memory(err, "looking at a run");
    const char *text = sg_run_setting(run, "epochs");
    const size_t n = sg_run_n_metrics(run);
    uint64_t n_epochs = 0;
    if (sg_file_exists(checkpoint))
        *ret = SG_RUN_INTERRUPTED;
    else if (text && sg_parse_u64(text, &n_epochs) && n > 0 &&
             (uint64_t)sg_run_metrics(run, n - 1)->epoch >= n_epochs)
        *ret = SG_RUN_COMPLETE;
    else
        *ret = SG_RUN_BEGUN;
    return SG_OK;
}
