/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/degree_fit.h"

#include "base/status.h"
#include "base/text.h"
#include "report/source.h"

void sg_degree_fit_clear(sg_degree_fit *f)
{
    sg_free(f->degree);
    sg_free(f->count);
    sg_free(f->verdict);
    *f = (sg_degree_fit){0};
}

char *sg_degree_fit_verdict(const sg_powerlaw *fit)
{
    static const struct {
        sg_powerlaw_reason bit;
        const char *words;
    } why[] = {
        {SG_POWERLAW_FEW_VALUES, "too few neurons"},
        {SG_POWERLAW_DEGENERATE, "degrees all alike"},
        {SG_POWERLAW_ALPHA, "\xCE\xB1 outside 2\xE2\x80\x93"
                            "3"},
        {SG_POWERLAW_SHORT_TAIL, "n_{tail} < 50"},
        {SG_POWERLAW_NARROW_TAIL, "tail < 1 decade"},
        {SG_POWERLAW_REJECTED, "p < 0.1"},
        {SG_POWERLAW_UNTESTED, "p not computed"},
        {SG_POWERLAW_AS_UNTRAINED, "as before training"},
        {SG_POWERLAW_ALTERNATIVE, "an alternative fits better"},
    };
    SG_AUTO_TEXT sg_text t = {0};
    char *ret = NULL;

    sg_text_append(&t, fit->passes ? "passes the gate" : "");
    for (size_t i = 0; i < SG_COUNT(why); i++)
        if (fit->reasons & why[i].bit)
            sg_text_printf(&t, "%s%s", t.n ? ", " : "", why[i].words);
    return sg_text_take(&t, &ret, NULL) == SG_OK ? ret : NULL;
}

sg_status sg_degree_fit_make(const sg_csr *m, sg_side side, const sg_powerlaw_params *params,
                             const sg_powerlaw *untrained, sg_degree_fit *ret, sg_error *err)
{
    const size_t n = side == SG_SIDE_OUT ? m->n_cols : m->n_rows;
    SG_AUTOFREE uint32_t *narrow = SG_NEW_ARRAY(uint32_t, n);
    SG_AUTOFREE uint64_t *degree = SG_NEW_ARRAY(uint64_t, n);
    if (!narrow || !degree)
        return sg_fail_memory(err, "counting degrees");

    sg_source_degrees(m, side == SG_SIDE_OUT, narrow);
    for (size_t i = 0; i < n; i++)
        degree[i] = narrow[i];
    sg_powerlaw fit = {0};
    SG_TRY(sg_powerlaw_fit(degree, n, params, &fit, err));
    sg_powerlaw_judge(&fit, untrained);
    char *verdict = sg_degree_fit_verdict(&fit);
    if (!verdict)
        return sg_fail_memory(err, "judging a fit");
    *ret = (sg_degree_fit){.n = n, .degree = SG_TAKE(degree), .fit = fit, .verdict = verdict};
    return SG_OK;
}

sg_status sg_degree_fit_copy(const sg_analysis_fit *f, sg_degree_fit *ret, sg_error *err)
{
    SG_AUTOFREE uint64_t *degree = sg_memdup(f->degree, f->n_degrees * sizeof *degree);
    SG_AUTOFREE uint64_t *count = sg_memdup(f->count, f->n_degrees * sizeof *count);
    SG_AUTOFREE char *verdict = sg_degree_fit_verdict(&f->fit);
    if (!degree || !count || !verdict)
        return sg_fail_memory(err, "copying degrees");
    *ret = (sg_degree_fit){f->n_degrees, SG_TAKE(degree), SG_TAKE(count), f->fit, SG_TAKE(verdict)};
    return SG_OK;
}
