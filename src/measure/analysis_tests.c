/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "measure/many_tests.h"
#include <math.h>

/* The p-values of all fits, corrected for their number. */

/* Of N replicates, none beyond the data is no p of 0: the data count as one more (Phipson & Smyth,
 * Stat. Appl. Genet. Mol. Biol. 9:39 (2010), doi:10.2202/1544-6115.1585). */
static double goodness_of_fit(const sg_analysis_fit *fit)
{
    const double n = (double)fit->fit.n_replicates;

    return (fit->fit.p_value * n + 1) / (n + 1);
}

static double thin_tail(const sg_analysis_fit *fit)
{
    return fit->fit.p_thin_tail;
}

static sg_status correct(const sg_analysis_fit *fits, size_t n,
                         double (*p_of)(const sg_analysis_fit *), double *q, sg_error *err)
{
    SG_AUTOFREE double *p = SG_NEW_ARRAY(double, n);
    if (!p)
        return sg_fail_memory(err, "correcting for many tests");
    for (size_t i = 0; i < n; i++)
        p[i] = p_of(&fits[i]);
    return sg_many_tests_q(p, n, q, err);
}

sg_status sg_analysis_correct(sg_analysis *a, sg_error *err)
{
    const size_t n = sg_analysis_n_fits(a);
    sg_analysis_fit *fits = a->fits + (a->n_fits - n); /* the listed ones */
    SG_AUTOFREE double *q_fit = SG_NEW_ARRAY(double, n);
    SG_AUTOFREE double *q_thin = SG_NEW_ARRAY(double, n);
    if (!q_fit || !q_thin)
        return sg_fail_memory(err, "correcting for many tests");
    SG_TRY(correct(fits, n, goodness_of_fit, q_fit, err));
    SG_TRY(correct(fits, n, thin_tail, q_thin, err));
    for (size_t i = 0; i < a->n_fits; i++)
        a->fits[i].q_goodness_of_fit = a->fits[i].q_thin_tail = NAN;
    for (size_t i = 0; i < n; i++) {
        fits[i].q_goodness_of_fit = q_fit[i];
        fits[i].q_thin_tail = q_thin[i];
    }
    return SG_OK;
}
