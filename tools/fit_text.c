/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"
#include "fit_print.h"
#include "owned.h"
#include "table.h"
#include "terminal.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static fit_view of_counts(const sg_powerlaw *p)
{
    return (fit_view){
        .alpha = p->alpha,
        .alpha_se = p->alpha_se,
        .xmin = p->xmin ? (double)p->xmin : NAN,
        .max = (double)p->max,
        .ks_d = p->ks_d,
        .log_likelihood = p->log_likelihood,
        .p_value = p->p_value,
        .p_thin_tail = p->p_thin_tail,
        .n_tail = p->n_tail,
        .n = p->n,
        .n_left_out = p->n_zeros,
        .n_replicates = p->n_replicates,
        .favoured = p->favoured,
        .alternatives = &p->alternatives,
        .fitted = isfinite(p->alpha),
        .passes = p->passes,
    };
}

static fit_view of_reals(const sg_powerlaw_continuous *p)
{
    return (fit_view){
        .alpha = p->alpha,
        .alpha_se = p->alpha_se,
        .xmin = p->xmin,
        .max = p->max,
        .ks_d = p->ks_d,
        .log_likelihood = p->log_likelihood,
        .p_value = p->p_value,
        .p_thin_tail = p->p_thin_tail,
        .n_tail = p->n_tail,
        .n = p->n,
        .n_left_out = p->n_others,
        .n_replicates = p->n_replicates,
        .favoured = p->favoured,
        .alternatives = &p->alternatives,
        .fitted = isfinite(p->alpha),
        .passes = p->passes,
    };
}

fit_view fit_view_of(const sg_values_fit *f)
{
    return f->discrete ? of_counts(&f->fit) : of_reals(&f->continuous);
}

sg_status fit_reasons(const sg_values_fit *f, char **ret, sg_error *err)
{
    return f->discrete ? sg_powerlaw_reasons(&f->fit, ret, err)
                       : sg_powerlaw_reasons_continuous(&f->continuous, ret, err);
}

/* Prints a name from the command line; what could drive the terminal is replaced. */
static void print_name(const char *name)
{
    for (; *name != '\0'; name++)
        (void)putchar((unsigned char)*name < 0x20 || *name == 0x7F ? '?' : *name);
}

static void print_head(const fit_item *item, const fit_view *v)
{
    const size_t n = v->n + v->n_left_out;

    print_name(item->file);
    if (item->degree)
        printf(": %s of %zu nodes, %zu links%s", item->degree, item->n_nodes, item->n_edges,
               item->n_dropped > 0 ? " (loops and repeats left out)" : "");
    else
        printf(": %zu %s%s", n, item->fit.discrete ? "count" : "real", n == 1 ? "" : "s");
    if (v->n_left_out > 0)
        printf(", %zu %s left out", v->n_left_out,
               !item->fit.discrete  ? "not above zero"
               : v->n_left_out == 1 ? "zero"
                                    : "zeros");
    printf(", largest %.10g\n", v->max);
}

/* One line: what it is, its value, how to read it. */
static void print_fact(const char *label, const char *value, const char *note)
{
    printf(note[0] != '\0' ? "  %-20s %-22s %s\n" : "  %-20s %s%s\n", label, value, note);
}

static void print_p(const char *label, double p, size_t n_replicates, const char *note)
{
    char value[64];
    const double error = n_replicates > 0 ? 0.5 / sqrt((double)n_replicates) : 0;

    if (isnan(p))
        (void)snprintf(value, sizeof value, "not tested");
    else if (n_replicates == 0)
        (void)snprintf(value, sizeof value, "%.3g", p);
    else if (p == 0)
        (void)snprintf(value, sizeof value, "< %.2g", 1 / (double)n_replicates);
    else
        (void)snprintf(value, sizeof value, "%.3g within %.1g", p, error);
    print_fact(label, value, isnan(p) ? "" : note);
}

static void print_law(const fit_view *v)
{
    char value[96];

    printf("\nPower law\n");
    if (!v->fitted) {
        printf("  nothing fitted\n");
        return;
    }
    (void)snprintf(value, sizeof value, "%.5g +- %.2g", v->alpha, v->alpha_se);
    print_fact("alpha", value, "exponent");
    (void)snprintf(value, sizeof value, "%.10g", v->xmin);
    print_fact("xmin", value, "where the tail begins");
    (void)snprintf(value, sizeof value, "%zu of %zu", v->n_tail, v->n);
    char decades[64];
    (void)snprintf(decades, sizeof decades, "values, over %.2g decades", log10(v->max / v->xmin));
    print_fact("tail", value, decades);
    (void)snprintf(value, sizeof value, "%.3f", v->log_likelihood);
    print_fact("ln L", value, "log-likelihood of the tail");
    (void)snprintf(value, sizeof value, "%.5f", v->ks_d);
    print_fact("D", value, "Kolmogorov-Smirnov distance");
    print_p("p, goodness of fit", v->p_value, v->n_replicates, "a small p REJECTS the power law");
    print_p("p, thin tail", v->p_thin_tail, 0, "a small p SPEAKS FOR it, over an exponential");
}

/* What a comparison says, by the same bound as sg_alternatives_favoured(). */
static const char *reading(int law, const sg_alternative *a)
{
    if (a->at_limit)
        return law == SG_ALTERNATIVE_CUTOFF ? "no cutoff" : "at its power-law limit";
    if (law == SG_ALTERNATIVE_CUTOFF)
        return a->p < 0.1 ? "a cutoff is needed" : "no cutoff needed";
    if (!(a->p < 0.1))
        return "undecided";
    return a->ratio > 0 ? "power law is better" : "is better";
}

static bool print_alternatives(const sg_alternatives *all)
{
    static const table_column columns[] = {{"law", false},        {"ln L", true},
                                           {"ratio", true},       {"p", true},
                                           {"parameters", false}, {"reading", false}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++) {
        const sg_alternative *a = &all->of[i];
        const sg_powerlaw_alternative law = (sg_powerlaw_alternative)i;
        const char *second = sg_alternative_parameter_name(law, 1);
        if (isnan(a->p))
            continue;
        table_add(&t, "%s", sg_powerlaw_alternative_name(law));
        table_add(&t, "%.3f", a->log_likelihood);
        table_add(&t, "%.3f", a->ratio);
        table_add_real(&t, a->p, 3);
        if (second)
            table_add(&t, "%s %.4g, %s %.4g", sg_alternative_parameter_name(law, 0),
                      a->parameter[0], second, a->parameter[1]);
        else
            table_add(&t, "%s %.4g", sg_alternative_parameter_name(law, 0), a->parameter[0]);
        table_add(&t, "%s", reading(i, a));
    }
    printf("\nOther laws on the same tail (ratio above 0: the power law describes it better)\n");
    if (t.n_cells == 0) {
        printf("  nothing fitted\n");
        return !t.failed;
    }
    return table_print(&t, stdout);
}

static bool print_index(const sg_tail_indices *index)
{
    static const table_column columns[] = {
        {"estimator", false}, {"xi", true}, {"gamma = 1 + 1/xi", true}, {"largest values", true}};
    AUTO_TABLE table t = {.columns = columns, .n_columns = COUNT(columns)};

    for (int i = 0; i < SG_N_TAIL_ESTIMATORS; i++) {
        const sg_tail_index *e = &index->by[i];
        table_add(&t, "%s", sg_tail_estimator_name((sg_tail_estimator)i));
        table_add_real(&t, e->xi, 4);
        if (isinf(e->gamma))
            table_add(&t, "none: no heavy tail");
        else
            table_add_real(&t, e->gamma, 4);
        table_add(&t, "%zu", e->k);
    }
    printf("\nTail index, without an xmin\n");
    return table_print(&t, stdout);
}

/* Prints words after `column` others, broken at the terminal's width; later lines are indented. */
static void print_wrapped(const char *text, size_t column)
{
    const size_t width = terminal_is(stdout) ? terminal_width(stdout) : 80;

    while (*text != '\0') {
        const size_t word = strcspn(text, " ");
        const bool breaks = column + 1 + word > width && column > 2;
        printf("%s%.*s", breaks ? "\n  " : " ", (int)word, text);
        column = (breaks ? 2 : column + 1) + word;
        text += word;
        text += strspn(text, " ");
    }
    (void)putchar('\n');
}

static void print_class(const sg_scale_free_class *c)
{
    printf("  %s%s\n", sg_scale_free_grade_name(c->grade),
           c->super_weak ? ", super-weak" : ", not super-weak");
}

static sg_status print_verdict(const fit_item *item, const fit_view *v, sg_error *err)
{
    OWNED(char) reasons = NULL;
    const sg_status status = fit_reasons(&item->fit, &reasons, err);
    if (status != SG_OK)
        return status;

    printf("\nClass (Broido & Clauset 2019)\n");
    print_class(&item->fit.scale_free);
    printf("\nVerdict\n");
    if (v->passes) {
        printf("  passes: nothing here speaks against a power law, which confirms none\n");
    } else {
        printf("  does not pass:");
        print_wrapped(reasons, 16);
    }
    return SG_OK;
}

sg_status fit_print_text(const fit_item *items, size_t n, const sg_scale_free_class *all,
                         sg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const fit_view v = fit_view_of(&items[i].fit);
        if (i > 0)
            printf("\n\n");
        print_head(&items[i], &v);
        print_law(&v);
        if (!print_alternatives(v.alternatives) || !print_index(&items[i].fit.index)) {
            err->status = SG_ENOMEM;
            (void)snprintf(err->message, sizeof err->message, "out of memory printing a table");
            return SG_ENOMEM;
        }
        const sg_status status = print_verdict(&items[i], &v, err);
        if (status != SG_OK)
            return status;
    }
    if (all->n > 1) {
        printf("\n\nAll %zu together\n", all->n);
        print_class(all);
    }
    return SG_OK;
}
