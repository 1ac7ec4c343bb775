/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "report/versions.h"
#include <stdio.h>
#include <string.h>

/* Text that can go into a paper as it stands, with the numbers of this report in it. */

static const char *const references[] = {
    "Mocanu, D. C. et al. Scalable training of artificial neural networks with adaptive sparse "
    "connectivity inspired by network science. Nat. Commun. 9, 2383 (2018). "
    "doi:10.1038/s41467-018-04316-3",
    "Clauset, A., Shalizi, C. R. & Newman, M. E. J. Power-law distributions in empirical data. "
    "SIAM "
    "Rev. 51, 661\xE2\x80\x93"
    "703 (2009). doi:10.1137/070710111",
    "Broido, A. D. & Clauset, A. Scale-free networks are rare. Nat. Commun. 10, 1017 (2019). "
    "doi:10.1038/s41467-019-08746-5",
    "Cs\xC3\xA1rdi, G. & Nepusz, T. The igraph software package for complex network research. "
    "InterJournal, Complex Systems 1695 (2006); https://igraph.org",
    "Zachary, W. W. An information flow model for conflict and fission in small groups. J. "
    "Anthropol. Res. 33, 452\xE2\x80\x93"
    "473 (1977). doi:10.1086/jar.33.4.3629752",
    "Strona, G. et al. A fast and unbiased procedure to randomize ecological binary matrices with "
    "fixed row and column totals. Nat. Commun. 5, 4114 (2014). doi:10.1038/ncomms5114",
    "Carstens, C. J., Hamann, M., Meyer, U., Penschuck, M., Tran, H. & Wagner, D. Parallel and I/O-"
    "efficient randomisation of massive networks using global curveball trades. ESA 2018. "
    "doi:10.4230/LIPIcs.ESA.2018.11",
    "Saracco, F., Di Clemente, R., Gabrielli, A. & Squartini, T. Randomizing bipartite networks: "
    "the case of the World Trade Web. Sci. Rep. 5, 10595 (2015). doi:10.1038/srep10595",
    "Vuong, Q. H. Likelihood ratio tests for model selection and non-nested hypotheses. "
    "Econometrica 57, 307\xE2\x80\x93"
    "333 (1989). doi:10.2307/1912557",
    "Liu, S. et al. Do we actually need dense over-parameterization? In-time "
    "over-parameterization in sparse training. ICML 2021. arXiv:2102.02887",
    "Beckett, S. J. Improved community detection in weighted bipartite networks. R. Soc. Open Sci. "
    "3, 140536 (2016). doi:10.1098/rsos.140536",
};

/* The trainer writes 0 for a density that epsilon decides. */
static bool is_unset(const char *key, const char *value)
{
    return strcmp(key, "density") == 0 && strcmp(value, "0") == 0;
}

static void append_setting(sg_text *t, const sg_subject *s, const char *key, const char *words)
{
    const char *value = sg_subject_setting(s, key);

    if (value && !is_unset(key, value))
        sg_text_printf(t, "%s%s %s", t->n && t->bytes[t->n - 1] == '(' ? "" : ", ", words, value);
}

static void append_settings(sg_text *t, const sg_subject *s)
{
    static const char *const keys[][2] = {
        {"epsilon", "epsilon"},   {"density", "starting density"},
        {"zeta", "zeta"},         {"batch", "batch size"},
        {"lr", "learning rate"},  {"schedule", "schedule"},
        {"momentum", "momentum"}, {"weight_decay", "weight decay"},
        {"dropout", "dropout"},   {"activation", "activation"},
        {"loss", "loss"},         {"output", "output layer"},
        {"start", "start"},       {"init", "starting weights"},
        {"seed", "seed"},
    };

    sg_text_append(t, " (");
    for (size_t i = 0; i < SG_COUNT(keys); i++)
        append_setting(t, s, keys[i][0], keys[i][1]);
    sg_text_append(t, ")");
}

static void append_training(sg_text *t, const sg_subject *s, bool is_one_of_many)
{
    const char *method = sg_subject_setting(s, "method");
    const char *dataset = sg_subject_setting(s, "dataset");

    if (!method) {
        sg_text_printf(t, "%s was read from a file; how it was trained is not recorded here.\n\n",
                       s->label);
        return;
    }
    const size_t n = sg_snapshot_n_layers(s->last);
    if (is_one_of_many)
        sg_text_printf(t, "%s: a", s->label);
    else
        sg_text_append(t, "A");
    sg_text_append(t, " multilayer perceptron with layers of ");
    for (size_t i = 0; i < n; i++)
        sg_text_printf(t, "%s%zu",
                       i == 0       ? ""
                       : i + 1 == n ? " and "
                                    : ", ",
                       sg_snapshot_layer(s->last, i)->size);
    sg_text_printf(t, " neurons was trained on %s for %ld epochs", dataset ? dataset : "its data",
                   s->last_epoch);
    if (strcmp(method, "set") == 0)
        sg_text_append(t,
                       " by sparse evolutionary training [1]: after each epoch but the last, the "
                       "share zeta of the smallest positive and of the negative weights closest "
                       "to zero was removed from every evolving layer, and as many connections "
                       "were added at random empty places");
    else if (strcmp(method, "fixed") == 0)
        sg_text_append(t, " with its random starting topology unchanged");
    else if (strcmp(method, "dense") == 0)
        sg_text_append(t, " with every layer fully connected");
    else
        sg_text_printf(t, " by the method %s", method);
    append_settings(t, s);
    sg_text_append(t, ".\n\n");
}

static size_t count_replicates(const sg_page *page)
{
    size_t most = 0;

    for (size_t i = 0; i < page->n_subjects; i++)
        for (size_t k = 0; k < sg_analysis_n_fits(page->subjects[i].analysis); k++) {
            const size_t n = sg_analysis_fit_at(page->subjects[i].analysis, k)->fit.n_replicates;
            most = n > most ? n : most;
        }
    return most;
}

/* " (seed 1)" where all was measured for this report; a stored analysis does not say its seed. */
static const char *seed_text(const sg_page *page, char *buffer, size_t size)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (!page->subjects[i].is_measured_here)
            return "";
    (void)snprintf(buffer, size, " (seed %llu)", (unsigned long long)page->params->seed);
    return buffer;
}

static bool any_comparison(const sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (page->subjects[i].comparison)
            return true;
    return false;
}

static void append_comparison(sg_text *t)
{
    sg_text_append(
        t, "Networks were compared as simple graphs, directions ignored, by the distributions of "
           "their relative degrees k/<k> over the nodes that have a link: Kolmogorov-Smirnov "
           "distance and Jensen-Shannon divergence in bits. In a layered network k and <k> were "
           "taken for each side of each link.\n\n");
}

static void append_analysis(sg_text *t, const sg_page *page)
{
    char seed[40];

    sg_text_append(
        t,
        "The network that was tested at each epoch, before its topology changed, was taken as a "
        "directed graph: a node for each neuron, an arc for each stored connection. In-degree "
        "is the number of connections that a neuron receives from one layer, out-degree the "
        "number it sends to one layer; layers were never pooled. Means, variances (of the "
        "population) and Gini coefficients are over all neurons of a layer, those without "
        "connections included. Variance over mean, the index of dispersion, is 1 for "
        "a Poisson distribution. An active neuron lies on a path from an input to an output.\n\n");
    sg_text_append(
        t,
        "Discrete power laws were fitted to the positive degrees of each side of each link by "
        "maximum likelihood, with the xmin that minimises the Kolmogorov-Smirnov distance [2]. ");
    const size_t n_replicates = count_replicates(page);
    if (n_replicates) {
        sg_text_printf(t,
                       "Goodness of fit is from a semi-parametric bootstrap of %zu replicates%s, "
                       "xmin fitted anew in each; a small p rejects the power law. ",
                       n_replicates, seed_text(page, seed, sizeof seed));
    } else
        sg_text_append(t, "Goodness of fit was not tested. ");
    sg_text_append(
        t, "A sequence is called scale-free only with 2 < alpha < 3, at least 50 neurons in the "
           "tail, max/xmin of at least 10 and p of at least 0.1 (alpha, tail and p after [3]), if "
           "no other law is favoured on the same tail, and if the same network before training "
           "does not pass as well.\n\n");
}

static bool any_bicm(const sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (sg_analysis_degrees_model(page->subjects[i].analysis) == SG_NULL_MODEL_BICM)
            return true;
    return false;
}

static size_t count_nulls(const sg_page *page)
{
    size_t most = 0;
    for (size_t i = 0; i < page->n_subjects; i++) {
        const size_t n = sg_analysis_n_nulls(page->subjects[i].analysis);
        most = sg_subject_has_nulls(&page->subjects[i]) && n > most ? n : most;
    }
    return most;
}

static void append_nulls(sg_text *t, const sg_page *page)
{
    const size_t n = count_nulls(page);
    char seed[40];

    if (n) {
        sg_text_printf(
            t,
            "Each value was held against %zu random networks%s, drawn link by link, so that "
            "connections stay between their layers; full links were kept. What is a function of "
            "the degrees stands against links of as many connections placed uniformly at random "
            "(Erd\xC5\x91s\xE2\x80\x93R\xC3\xA9nyi), everything else against ",
            n, seed_text(page, seed, sizeof seed));
        sg_text_append(
            t, any_bicm(page)
                   ? "the bipartite configuration model, which keeps every neuron's degrees on "
                     "average [8]. "
                   : "links that keep every neuron's in- and out-degree, by curveball trades "
                     "[6, 7] until the share of connections still in place has levelled off. ");
        sg_text_append(
            t, "Weights were dealt anew to the connections drawn. z is the value less the random "
               "networks' mean over their standard deviation, the "
               "effect the same difference over that mean, p two-sided from the ranks, the "
               "interval their 2.5 % and 97.5 % quantiles (type 7). There is no correction for "
               "many tests.\n\n");
    }
    sg_text_append(
        t,
        "Bands around degree distributions are, degree by degree, the 2.5 % and 97.5 % quantiles "
        "of 100 links of as many connections placed uniformly at random. Other laws were fitted to "
        "the same tails by maximum likelihood and compared with the power law by Vuong's test, the "
        "power law with cutoff by the likelihood ratio [9]. Turnover is the share of the previous "
        "snapshot's connections that are gone; the ITOP rate the share of all possible connections "
        "that were there in any snapshot so far [10]. In matrices drawn by community, communities "
        "are the partition of the largest Barber modularity that 8 searches by label propagation "
        "and merging found [11]. A receptive field sums "
        "over all directed paths from an input neuron the products of the weights, activation "
        "functions and biases left out.\n\n");
}

static void append_references(sg_text *t)
{
    sg_text_append(t, "<h3 id=\"references\">References</h3>\n<ol class=\"references\">\n");
    for (size_t i = 0; i < SG_COUNT(references); i++) {
        sg_text_append(t, "<li>");
        sg_html_linked(t, references[i]);
        sg_text_append(t, "</li>\n");
    }
    sg_text_append(t, "</ol>\n");
}

sg_status sg_section_methods(sg_page *page, sg_error *err)
{
    SG_AUTO_TEXT sg_text methods = {0};

    for (size_t i = 0; i < page->n_subjects; i++)
        append_training(&methods, &page->subjects[i], page->n_subjects > 1);
    append_analysis(&methods, page);
    append_nulls(&methods, page);
    if (any_comparison(page))
        append_comparison(&methods);
    sg_text_printf(&methods,
                   "All of this was done with sparsegraph %s, which uses igraph %s [4] for "
                   "components, cores, paths and clustering. The example of a social network is "
                   "Zachary\xE2\x80\x99s karate club [5].",
                   sg_version(), SG_IGRAPH_VERSION);
    if (methods.failed)
        return sg_fail_memory(err, "writing the methods");

    sg_page_heading(page, NULL, "methods", "Methods");
    sg_html_prose(&page->html, methods.bytes);
    append_references(&page->html);
    return SG_OK;
}
