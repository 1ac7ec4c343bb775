/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "sparsegraph/tail.h"

/* Broido & Clauset 2019, doi:10.1038/s41467-019-08746-5, "Definitions of scale-free networks". */

enum { N_TAIL_MIN = 50 };

static const double p_min = 0.1;

/* How many sequences meet each demand. */
typedef struct tally {
    size_t unbeaten;
    size_t plausible;
    size_t long_tailed;
    size_t strong;
} tally;

static tally count(const sg_powerlaw *fits, size_t n)
{
    tally t = {0};
    for (size_t i = 0; i < n; i++) {
        const sg_powerlaw *f = &fits[i];
        /* favoured_p is NaN where nothing was compared. Poisson is not one of theirs. */
        const bool unbeaten = f->favoured_p >= 0 && (f->favoured == SG_ALTERNATIVE_NONE ||
                                                     f->favoured == SG_ALTERNATIVE_POISSON);
        const bool plausible = f->p_value >= p_min;
        const bool long_tailed = plausible && f->n_tail >= N_TAIL_MIN;
        t.unbeaten += unbeaten;
        t.plausible += plausible;
        t.long_tailed += long_tailed;
        t.strong += long_tailed && unbeaten && f->alpha > 2 && f->alpha < 3;
    }
    return t;
}

static bool reaches(size_t k, size_t n, size_t percent)
{
    return n > 0 && 100 * k >= percent * n;
}

sg_scale_free_class sg_scale_free_classify(const sg_powerlaw *fits, size_t n)
{
    const tally t = count(fits, n);
    sg_scale_free_class c = {.super_weak = reaches(t.unbeaten, n, 50), .n = n};

    if (!reaches(t.plausible, n, 50))
        return c;
    c.grade = SG_SCALE_FREE_WEAKEST;
    if (!reaches(t.long_tailed, n, 50))
        return c;
    c.grade = SG_SCALE_FREE_WEAK;
    if (!c.super_weak || !reaches(t.strong, n, 50))
        return c;
    c.grade = SG_SCALE_FREE_STRONG;
    if (n > 1 && reaches(t.strong, n, 90) && reaches(t.unbeaten, n, 95))
        c.grade = SG_SCALE_FREE_STRONGEST;
    return c;
}

const char *sg_scale_free_grade_name(sg_scale_free_grade grade)
{
    static const char *const names[] = {"not scale-free", "weakest", "weak", "strong", "strongest"};
    return (unsigned)grade < SG_COUNT(names) ? names[grade] : "";
}
