/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_SPECTRUM_H
#define SG_MEASURE_SPECTRUM_H

/* The largest singular values of a link's topology, every connection counted 1. */

#include "base/status.h"
#include "sparsegraph/csr.h"

typedef struct sg_spectrum {
    double first;  /* 0 of an empty link */
    double second; /* equal to the first where that is there twice; 0 where it is below 1e-6 of the
                      first; NaN where a side has a single neuron */
} sg_spectrum;

enum { SG_LANCZOS_STEPS = 300 }; /* at most, for each of the two */

/*
 * Finds the largest eigenvalue of the smaller of A A' and A' A, and that of the space orthogonal to
 * its vector, by Lanczos' iteration with full reorthogonalisation from a fixed random vector.
 *
 * The residuals bound the relative errors by 5e-6; the errors go with their squares and are, where
 * the value stands apart from the next, far smaller. O(steps (n_links + steps n)) time and O(steps
 * n) memory, n the smaller side; random links of 1000 x 1000 take about 50 steps. The memory stays
 * below 64 MiB or 8 bytes a connection, whichever is more (32 vectors at least), by beginning anew
 * from the best vector so far. SG_ENOMEM.
 *
 * Source: Golub & Kahan, SIAM J. Numer. Anal. B 2:205 (1965), doi:10.1137/0702016, who iterate on A
 * itself: their accuracy for the smallest singular values is not needed here.
 */
sg_status sg_spectrum_of(const sg_csr *m, sg_spectrum *ret, sg_error *err) SG_CHECKED;

/* The same with room for that many vectors, 2 to SG_LANCZOS_STEPS. */
sg_status sg_spectrum_within(const sg_csr *m, size_t room, sg_spectrum *ret,
                             sg_error *err) SG_CHECKED;

#endif
