/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/source.h"

#include "base/status.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

struct sg_source {
    sg_run *run;              /* or NULL */
    const char *const *files; /* (n_files), where there is no run */
    size_t n_files;
};

void sg_source_free(sg_source *source)
{
    if (!source)
        return;
    sg_run_free(source->run);
    sg_free(source);
}

sg_status sg_source_open(const char *const *inputs, size_t n_inputs, sg_source **ret, sg_error *err)
{
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = SG_NEW(sg_source);
    if (!source)
        return sg_fail_memory(err, "opening networks");

    for (size_t i = 0; i < n_inputs; i++)
        if (n_inputs > 1 && sg_run_is(inputs[i]))
            return sg_fail(err, SG_EINVAL,
                           "'%s' is a run, which goes alone: give one run, or snapshot files only",
                           inputs[i]);
    if (sg_run_is(inputs[0])) {
        SG_TRY(sg_run_open(inputs[0], &source->run, err));
        if (sg_run_n_snapshots(source->run) == 0)
            return sg_fail(err, SG_ENOTFOUND,
                           "run '%s' holds no snapshot; train it for an epoch at least", inputs[0]);
    } else {
        source->files = inputs;
        source->n_files = n_inputs;
    }
    *ret = SG_TAKE(source);
    return SG_OK;
}

const sg_run *sg_source_run(const sg_source *source)
{
    return source->run;
}

size_t sg_source_count(const sg_source *source)
{
    return source->run ? sg_run_n_snapshots(source->run) : source->n_files;
}

const char *sg_source_path(const sg_source *source, size_t i)
{
    return source->run ? sg_run_snapshot_path(source->run, i) : source->files[i];
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

sg_status sg_source_load(const sg_source *source, size_t i, double core_zeta, sg_snapshot **ret,
                         long *epoch, sg_error *err)
{
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *s = NULL;

    SG_TRY(sg_snapshot_read(sg_source_path(source, i), &s, err));
    const long read_epoch =
        source->run ? sg_run_snapshot_epoch(source->run, i) : sg_snapshot_epoch(s);
    if (!isnan(core_zeta)) {
        sg_snapshot *core = NULL;
        SG_TRY(sg_snapshot_core(s, core_zeta, &core, err));
        sg_snapshot_free(s);
        s = core;
    }
    *ret = SG_TAKE(s);
    if (epoch)
        *epoch = read_epoch;
    return SG_OK;
}

/* Says which epochs a run holds: "0 to 10", or "0, 5, 10". */
static sg_status fail_epoch(const sg_run *run, long wanted, sg_error *err)
{
    SG_AUTO_TEXT sg_text there = {0};
    const size_t n = sg_run_n_snapshots(run);
    const long first = sg_run_snapshot_epoch(run, 0);
    const long last = sg_run_snapshot_epoch(run, n - 1);

    if (last - first == (long)n - 1)
        sg_text_printf(&there, "%ld to %ld", first, last);
    else
        for (size_t i = 0; i < n && there.n < 200; i++)
            sg_text_printf(&there, "%s%ld", i ? ", " : "", sg_run_snapshot_epoch(run, i));
    return sg_fail(err, SG_ENOTFOUND, "run '%s' has no snapshot of epoch %ld; it has %s",
                   sg_run_path(run), wanted, there.bytes ? there.bytes : "others");
}

static sg_status pick_wanted(const sg_run *run, const sg_source_wish *wish, size_t *ret,
                             sg_error *err)
{
    const size_t n = sg_run_n_snapshots(run);

    for (size_t w = 0; w < wish->n_epochs; w++) {
        size_t i = 0;
        while (i < n && sg_run_snapshot_epoch(run, i) != wish->epochs[w])
            i++;
        if (i == n)
            return fail_epoch(run, wish->epochs[w], err);
        ret[w] = i;
    }
    return SG_OK;
}

sg_status sg_source_pick(const sg_source *source, const sg_source_wish *wish, size_t *ret,
                         size_t *n_ret, sg_error *err)
{
    const size_t n = sg_source_count(source);

    if (source->run && wish->n_epochs > 0) {
        if (wish->n_epochs > wish->n_most)
            return sg_fail(err, SG_EINVAL, "%zu epochs are asked for, the figure shows at most %zu",
                           wish->n_epochs, wish->n_most);
        SG_TRY(pick_wanted(source->run, wish, ret, err));
        *n_ret = wish->n_epochs;
        return SG_OK;
    }
    if (!source->run && wish->n_epochs > 0)
        return sg_fail(err, SG_EINVAL, "epochs are chosen from a run; '%s' is a single network",
                       source->files[0]);
    const size_t n_shown = n < wish->n_most ? n : wish->n_most;
    for (size_t k = 0; k < n_shown; k++)
        ret[k] = n_shown == 1 ? n - 1 : (k * (n - 1) + (n_shown - 1) / 2) / (n_shown - 1);
    *n_ret = n_shown;
    return SG_OK;
}

sg_status sg_source_find_link(const sg_snapshot *s, const char *name, size_t *ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text there = {0};
    const size_t n = sg_snapshot_n_links(s);

    if (n == 0)
        return sg_fail(err, SG_EINVAL, "the network has no links between its layers");
    for (size_t i = 0; i < n; i++) {
        const char *other = sg_snapshot_link(s, i)->name;
        if (!name || strcmp(other, name) == 0) {
            *ret = i;
            return SG_OK;
        }
        if (there.n < 200)
            sg_text_printf(&there, "%s%s", i ? ", " : "", other);
    }
    return sg_fail(err, SG_ENOTFOUND, "no link is named '%s'; the network has %s", name,
                   there.bytes ? there.bytes : "others");
}

void sg_source_degrees(const sg_csr *m, bool is_out, uint32_t *ret)
{
    memset(ret, 0, (is_out ? m->n_cols : m->n_rows) * sizeof *ret);
    if (is_out) {
        for (size_t k = 0; k < m->n_links; k++)
            ret[m->col[k]]++;
        return;
    }
    for (size_t row = 0; row < m->n_rows; row++)
        ret[row] = (uint32_t)(m->row_start[row + 1] - m->row_start[row]);
}

char *sg_source_label(const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return sg_memdup(path + begin, end - begin);
}
