/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/many_tests.h"

#include "base/memory.h"
#include <math.h>
#include <stdlib.h>

typedef struct test {
    double p;
    size_t index;
} test;

static int by_p(const void *a, const void *b)
{
    const test *x = a;
    const test *y = b;

    return (x->p > y->p) - (x->p < y->p);
}

sg_status sg_many_tests_q(const double *p, size_t n, double *q, sg_error *err)
{
    SG_AUTOFREE test *tests = SG_NEW_ARRAY(test, n);
    if (!tests)
        return sg_fail_memory(err, "correcting for many tests");
    size_t n_tests = 0;
    for (size_t i = 0; i < n; i++) {
        q[i] = NAN;
        if (!isnan(p[i]))
            tests[n_tests++] = (test){p[i], i};
    }
    qsort(tests, n_tests, sizeof *tests, by_p);
    double least = 1;
    for (size_t rank = n_tests; rank > 0; rank--) {
        const test *t = &tests[rank - 1];
        least = fmin(least, t->p * (double)n_tests / (double)rank);
        q[t->index] = least;
    }
    return SG_OK;
}
