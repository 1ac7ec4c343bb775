/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "measure/measured.h"
#include "measure/spectrum.h"
#include <math.h>

/* How well a link mixes: its largest singular values against those of the best expander. */

typedef struct link_spectrum {
    sg_spectrum values;
    bool known;
} link_spectrum;

static sg_status spectrum_of(sg_measured *m, size_t link, const sg_spectrum **ret, sg_error *err)
{
    link_spectrum *spectra = sg_measured_kept(m, SG_KEPT_SPECTRUM);
    if (!spectra) {
        spectra = SG_NEW_ARRAY(link_spectrum, m->n_links);
        if (!spectra)
            return sg_fail_memory(err, "finding singular values");
        sg_measured_keep(m, SG_KEPT_SPECTRUM, spectra, sg_free);
    }
    if (!spectra[link].known) {
        const sg_csr *matrix = sg_snapshot_link(m->snapshot, link)->matrix;
        SG_TRY(sg_spectrum_of(matrix, &spectra[link].values, err));
        spectra[link].known = true;
    }
    *ret = &spectra[link].values;
    return SG_OK;
}

/* NaN below a mean degree of 1: such a link is no graph that could be an expander. */
static double ramanujan_bound(const sg_csr *m)
{
    const double in = (double)m->n_links / (double)m->n_rows;
    const double out = (double)m->n_links / (double)m->n_cols;
    return in > 1 && out > 1 ? sqrt(in - 1) + sqrt(out - 1) : (double)NAN;
}

enum { FIRST, SECOND, GAP, RAMANUJAN };

static sg_status spectral(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                          sg_error *err)
{
    const sg_spectrum *s = NULL;
    SG_TRY(spectrum_of(m, subject, &s, err));
    switch (self->which) {
    case FIRST:
        *ret = s->first;
        break;
    case SECOND:
        *ret = s->second;
        break;
    case GAP:
        *ret = s->first - s->second;
        break;
    default:
        *ret = s->second / ramanujan_bound(sg_snapshot_link(m->snapshot, subject)->matrix);
    }
    return SG_OK;
}

#define LANCZOS_SOURCE   "Golub & Kahan, SIAM J. Numer. Anal. B 2:205 (1965), doi:10.1137/0702016"
#define RAMANUJAN_SOURCE "after Feng & Li, J. Number Theory 60:1 (1996), doi:10.1006/jnth.1996.0109"

static const sg_measure measures[] = {
    {"singular_1", "dimensionless", "largest singular value of the matrix of connections, all 1",
     LANCZOS_SOURCE, SG_SCOPE_LINK, SG_COST_SPECTRAL, SG_NULL_DEGREES, FIRST, spectral},
    {"singular_2", "dimensionless", "second singular value of the matrix of connections, all 1",
     LANCZOS_SOURCE, SG_SCOPE_LINK, SG_COST_SPECTRAL, SG_NULL_DEGREES, SECOND, spectral},
    {"spectral_gap", "dimensionless", "singular_1 - singular_2", LANCZOS_SOURCE, SG_SCOPE_LINK,
     SG_COST_SPECTRAL, SG_NULL_DEGREES, GAP, spectral},
    {"ramanujan_ratio", "dimensionless",
     "singular_2 / (sqrt(d_in - 1) + sqrt(d_out - 1)), d mean degrees; <= 1 as in Ramanujan graphs",
     RAMANUJAN_SOURCE, SG_SCOPE_LINK, SG_COST_SPECTRAL, SG_NULL_DEGREES, RAMANUJAN, spectral},
};

const sg_measure_family sg_family_spectrum = {measures, SG_COUNT(measures)};
