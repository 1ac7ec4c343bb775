/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "files.h"
#include "igraph_fit.h"
#include "real_data.h"
#include "sparsegraph/graph.h"
#include "sparsegraph/powerlaw.h"
#include <math.h>
#include <stdlib.h>

/* Reads one number a line, as plfit's own examples hold them. */
static double *read_reals(const char *name, size_t *n)
{
    char where[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    SG_AUTOFREE char *text = read_text(in_folder(path, in_real_data(where, "oracles/plfit"), name));
    double *values = SG_NEW_ARRAY(double, strlen(text));
    assert_non_null(values);
    *n = 0;
    for (char *at = text, *end = NULL;; at = end) {
        const double v = strtod(at, &end);
        if (end == at)
            return values;
        values[(*n)++] = v;
    }
}

static uint64_t *read_values(const char *name, size_t *n)
{
    SG_AUTOFREE double *reals = read_reals(name, n);
    uint64_t *values = SG_NEW_ARRAY(uint64_t, *n);
    assert_non_null(values);
    for (size_t i = 0; i < *n; i++)
        values[i] = (uint64_t)reals[i];
    return values;
}

static uint64_t *read_degrees(const char *name, size_t *n)
{
    char path[TEST_PATH_MAX];
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_ok(sg_graph_read(in_real_data(path, name), NULL, &g, &err), &err);
    *n = sg_graph_n_nodes(g);
    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, *n);
    uint64_t *values = SG_NEW_ARRAY(uint64_t, *n);
    assert_true(degree && values);
    sg_graph_degrees(g, SG_DEGREE_NEIGHBORS, degree);
    for (size_t i = 0; i < *n; i++)
        values[i] = degree[i];
    sg_graph_free(g);
    return values;
}

static void fits_published_degree_sequences_as_plfit_does(void **state)
{
    (void)state;
    /* Degree sequences of plfit's documentation; the figures are python-igraph 0.10.2's, whose own
     * published ones differ from them below .01. p: 2500 replicates of plfit's bootstrap. */
    static const struct {
        const char *name;
        double alpha, log_likelihood, d, p_low, p_high;
        uint64_t xmin;
    } cases[] = {
        {"discrete_data.txt", 2.5833013765, -9155.617007728, 0.0043295014, 0.5, 0.75, 2},
        {"celegans-indegree.dat", 2.9972009221, -245.148687748, 0.0445671870, 0.5, 0.7, 10},
        {"celegans-outdegree.dat", 3.3778115129, -232.802072375, 0.0851594260, 0, 0.03, 11},
        {"celegans-totaldegree.dat", 3.2926602725, -315.782139928, 0.0475996160, 0.36, 0.58, 18},
        {"condmat2005-degree.dat", 3.6863430266, -3152.483017449, 0.0239588191, 0.08, 0.25, 49},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        size_t n = 0;
        SG_AUTOFREE uint64_t *values = read_values(cases[i].name, &n);
        sg_powerlaw fit;
        sg_error err = {0};
        const sg_powerlaw_params params = {.n_replicates = n > 1000 ? 200 : 400, .seed = 7};
        assert_ok(sg_powerlaw_fit(values, n, &params, &fit, &err), &err);
        assert_int_equal(fit.xmin, cases[i].xmin);
        assert_true(fabs(fit.alpha - cases[i].alpha) < 2e-5);
        assert_true(fabs(fit.log_likelihood - cases[i].log_likelihood) < 1e-5);
        assert_true(fabs(fit.ks_d - cases[i].d) < 1e-6);
        assert_true(fit.p_value >= cases[i].p_low && fit.p_value <= cases[i].p_high);
    }
}

/* EXPECTED.txt of plfit-doc 0.9.4 (its README and test_real.c), in its own tolerance. */
static void agrees_with_plfit_s_own_documentation(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double alpha;
        uint64_t xmin;
        size_t n_tail;
        double log_likelihood;
        double ks_d;
        double tolerance;
    } rows[] = {
        {"discrete_data.txt", 2.58, 2, 5457, -9155.63, NAN, 0.01},
        {"celegans-indegree.dat", 2.9967, 10, 80, -245.14869, 0.04448, 0.1},
        {"celegans-outdegree.dat", 3.3778, 11, 80, -232.80207, 0.08615, 0.1},
        {"celegans-totaldegree.dat", 3.29264, 18, 91, -315.78214, 0.04760, 0.1},
        {"condmat2005-degree.dat", 3.68612, 49, 739, -3152.48302, 0.02393, 0.01},
    };
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        size_t n = 0;
        SG_AUTOFREE uint64_t *values = read_values(rows[i].name, &n);
        sg_powerlaw f;
        sg_error err = {0};
        const sg_powerlaw_params params = {.n_replicates = 0};
        assert_ok(sg_powerlaw_fit(values, n, &params, &f, &err), &err);
        if (fabs(f.alpha - rows[i].alpha) > rows[i].tolerance || f.xmin != rows[i].xmin ||
            f.n_tail != rows[i].n_tail ||
            (!isnan(rows[i].ks_d) && fabs(f.ks_d - rows[i].ks_d) > 1.1e-3) ||
            fabs(f.log_likelihood - rows[i].log_likelihood) > 0.02)
            fail_msg("%s: %.4f %g %zu %.3f %.4f", rows[i].name, f.alpha, (double)f.xmin, f.n_tail,
                     f.log_likelihood, f.ks_d);
    }
}

/* continuous_data.txt of EXPECTED.txt. */
static void fits_continuous_data_as_plfit_does(void **state)
{
    (void)state;
    size_t n = 0;
    SG_AUTOFREE double *values = read_reals("continuous_data.txt", &n);
    const sg_powerlaw_params params = {.n_replicates = 100, .seed = 7};
    sg_powerlaw_continuous fit;
    sg_error err = {0};
    assert_int_equal(n, 10000);
    assert_ok(sg_powerlaw_fit_continuous(values, n, &params, &fit, &err), &err);
    assert_true(fabs(fit.alpha - 2.53282) < 1e-3);
    assert_true(fabs(fit.xmin - 1.43628) < 1e-5);
    assert_true(fabs(fit.log_likelihood - -9276.42) < 0.01);
    assert_true(fit.p_value > 0.1);
}

/* Degrees in the undirected, simple view; rows with a number are of the table of reference networks
 * (igraph 0.10.2), the others are held against igraph alone. */
static void fits_the_degrees_of_reference_networks_as_igraph_does(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        double alpha;
        uint64_t xmin;
        size_t n_tail;
    } rows[] = {
        {"social/karate/karate.edges", 2.13, 2, 33},
        {"social/jazz/jazz.edges", 5.27, 39, 54},
        {"connectome/celegans_watts1998/celegans_watts1998.edges", 3.34, 15, 110},
        {"tech/powergrid_watts1998/powergrid_watts1998.edges", 7.63, 10, 52},
        {"ppi/yeast_vonmering2002/yeast_vonmering2002.edges", NAN, 0, 0},
        {"ppi/yeast_y2h_2018_barabasi/yeast_y2h_2018_barabasi.edges", NAN, 0, 0},
        {"ppi/fly_biogrid_3.2.101/fly_biogrid_3.2.101.edges", NAN, 0, 0},
        {"social/ca_hepth_snap/ca_hepth_snap.edges", NAN, 0, 0},
        {"social/facebook_ego_snap/facebook_ego_snap.edges", NAN, 0, 0},
        {"social/polblogs/polblogs.edges", NAN, 0, 0},
        {"tech/as20000102_snap/as20000102_snap.edges", NAN, 0, 0},
        {"tech/usair97/usair97.edges", NAN, 0, 0},
    };
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        size_t n = 0;
        SG_AUTOFREE uint64_t *degree = read_degrees(rows[i].path, &n);
        const sg_powerlaw_params params = {.n_replicates = 0, .without_alternatives = true};
        sg_powerlaw fit;
        sg_error err = {0};
        assert_ok(sg_powerlaw_fit(degree, n, &params, &fit, &err), &err);
        if (rows[i].xmin > 0 && (fabs(fit.alpha - rows[i].alpha) > 0.0051 ||
                                 fit.xmin != rows[i].xmin || fit.n_tail != rows[i].n_tail))
            fail_msg("%s: alpha %.4f xmin %d n_tail %zu", rows[i].path, fit.alpha, (int)fit.xmin,
                     fit.n_tail);
        const igraph_plfit_result_t expected = igraph_fit_counts(degree, n);
        if ((double)fit.xmin != expected.xmin || fabs(fit.alpha - expected.alpha) > 2e-3 ||
            fabs(fit.ks_d - expected.D) > 2e-5 || fit.log_likelihood < expected.L - 1e-6)
            fail_msg("%s: alpha %.6f xmin %d D %.6f lnL %.5f, igraph %.6f %g %.6f %.5f",
                     rows[i].path, fit.alpha, (int)fit.xmin, fit.ks_d, fit.log_likelihood,
                     expected.alpha, expected.xmin, expected.D, expected.L);
    }
}

int main(void)
{
    if (skips_without("oracles/plfit"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_published_degree_sequences_as_plfit_does),
        cmocka_unit_test(agrees_with_plfit_s_own_documentation),
        cmocka_unit_test(fits_continuous_data_as_plfit_does),
        cmocka_unit_test(fits_the_degrees_of_reference_networks_as_igraph_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
