/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"
#include "fit_print.h"
#include "json_print.h"
#include "owned.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Names that are easy to type: no blanks. */
static const char *const laws[SG_N_ALTERNATIVES] = {
    [SG_ALTERNATIVE_NONE] = "none",
    [SG_ALTERNATIVE_POISSON] = "poisson",
    [SG_ALTERNATIVE_EXPONENTIAL] = "exponential",
    [SG_ALTERNATIVE_STRETCHED_EXPONENTIAL] = "stretched_exponential",
    [SG_ALTERNATIVE_LOGNORMAL] = "lognormal",
    [SG_ALTERNATIVE_CUTOFF] = "cutoff",
};
static const char *const estimators[SG_N_TAIL_ESTIMATORS] = {"hill", "moments", "kernel"};

/* Prints ",number", nothing for one that is not defined. */
static void print_csv_real(double value)
{
    if (isfinite(value))
        printf(",%.17g", value);
    else
        (void)putchar(',');
}

static void print_csv_text(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, stdout);
        return;
    }
    (void)putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)putchar('"');
        (void)putchar(*text);
    }
    (void)putchar('"');
}

static void print_csv_head(void)
{
    printf("file,values,kind,n,left_out,max,alpha,alpha_se,xmin,n_tail,log_likelihood,ks_d,"
           "p_goodness_of_fit,replicates,p_thin_tail");
    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++)
        printf(",%s_log_likelihood,%s_ratio,%s_p", laws[i], laws[i], laws[i]);
    printf(",favoured");
    for (int i = 0; i < SG_N_TAIL_ESTIMATORS; i++)
        printf(",%s_xi,%s_gamma,%s_k", estimators[i], estimators[i], estimators[i]);
    printf(",class,super_weak,passes,reasons\n");
}

static void print_csv_numbers(const sg_values_fit *f)
{
    const fit_view v = fit_view_of(f);

    printf(",%s,%zu,%zu", f->discrete ? "discrete" : "continuous", v.n, v.n_left_out);
    print_csv_real(v.max);
    print_csv_real(v.alpha);
    print_csv_real(v.alpha_se);
    print_csv_real(v.xmin);
    printf(",%zu", v.n_tail);
    print_csv_real(v.log_likelihood);
    print_csv_real(v.ks_d);
    print_csv_real(v.p_value);
    printf(",%zu", v.n_replicates);
    print_csv_real(v.p_thin_tail);
    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++) {
        print_csv_real(v.alternatives->of[i].log_likelihood);
        print_csv_real(v.alternatives->of[i].ratio);
        print_csv_real(v.alternatives->of[i].p);
    }
    printf(",%s", laws[v.favoured]);
    for (int i = 0; i < SG_N_TAIL_ESTIMATORS; i++) {
        print_csv_real(f->index.by[i].xi);
        print_csv_real(f->index.by[i].gamma);
        printf(",%zu", f->index.by[i].k);
    }
    printf(",%s,%s,%s,", sg_scale_free_grade_name(f->scale_free.grade),
           f->scale_free.super_weak ? "true" : "false", v.passes ? "true" : "false");
}

sg_status fit_print_csv(const fit_item *items, size_t n, sg_error *err)
{
    print_csv_head();
    for (size_t i = 0; i < n; i++) {
        OWNED(char) reasons = NULL;
        const sg_status status = fit_reasons(&items[i].fit, &reasons, err);
        if (status != SG_OK)
            return status;
        print_csv_text(items[i].file);
        printf(",%s", items[i].degree ? items[i].degree : "numbers");
        print_csv_numbers(&items[i].fit);
        print_csv_text(reasons);
        (void)putchar('\n');
    }
    return SG_OK;
}

static void print_member(const char *name, double value)
{
    printf(",\"%s\":", name);
    json_print_real(value);
}

static void print_json_law(const fit_view *v, const char *reasons)
{
    printf("\"powerlaw\":{\"alpha\":");
    json_print_real(v->alpha);
    print_member("alpha_se", v->alpha_se);
    print_member("xmin", v->xmin);
    printf(",\"n_tail\":%zu", v->n_tail);
    print_member("log_likelihood", v->log_likelihood);
    print_member("ks_d", v->ks_d);
    print_member("p_goodness_of_fit", v->p_value);
    printf(",\"replicates\":%zu", v->n_replicates);
    print_member("p_thin_tail", v->p_thin_tail);
    printf(",\"favoured\":\"%s\",\"passes\":%s,\"reasons\":", laws[v->favoured],
           v->passes ? "true" : "false");
    json_print_text(reasons);
    printf("}");
}

static void print_json_alternatives(const sg_alternatives *all)
{
    printf(",\"alternatives\":{");
    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++) {
        const sg_alternative *a = &all->of[i];
        printf("%s\"%s\":{\"log_likelihood\":", i > SG_ALTERNATIVE_POISSON ? "," : "", laws[i]);
        json_print_real(a->log_likelihood);
        print_member("ratio", a->ratio);
        print_member("p", a->p);
        for (size_t j = 0; j < 2; j++) {
            const char *name = sg_alternative_parameter_name((sg_powerlaw_alternative)i, j);
            if (name)
                print_member(name, a->parameter[j]);
        }
        printf(",\"nested\":%s,\"at_limit\":%s}", i == SG_ALTERNATIVE_CUTOFF ? "true" : "false",
               a->at_limit ? "true" : "false");
    }
    printf("}");
}

static void print_json_index(const sg_tail_indices *index)
{
    printf(",\"tail_index\":{");
    for (int i = 0; i < SG_N_TAIL_ESTIMATORS; i++) {
        printf("%s\"%s\":{\"xi\":", i > 0 ? "," : "", estimators[i]);
        json_print_real(index->by[i].xi);
        print_member("gamma", index->by[i].gamma);
        printf(",\"k\":%zu}", index->by[i].k);
    }
    printf("}");
}

static void print_json_class(const sg_scale_free_class *c)
{
    printf("\"class\":{\"grade\":\"%s\",\"super_weak\":%s,\"n\":%zu}",
           sg_scale_free_grade_name(c->grade), c->super_weak ? "true" : "false", c->n);
}

static sg_status print_json_item(const fit_item *item, sg_error *err)
{
    OWNED(char) reasons = NULL;
    const sg_status status = fit_reasons(&item->fit, &reasons, err);
    if (status != SG_OK)
        return status;

    const fit_view v = fit_view_of(&item->fit);
    printf("{\"file\":");
    json_print_text(item->file);
    printf(",\"values\":\"%s\",\"kind\":\"%s\",\"n\":%zu,\"left_out\":%zu",
           item->degree ? item->degree : "numbers", item->fit.discrete ? "discrete" : "continuous",
           v.n, v.n_left_out);
    print_member("max", v.max);
    if (item->degree)
        printf(",\"nodes\":%zu,\"links\":%zu,\"dropped_links\":%zu", item->n_nodes, item->n_edges,
               item->n_dropped);
    printf(",");
    print_json_law(&v, reasons);
    print_json_alternatives(v.alternatives);
    print_json_index(&item->fit.index);
    printf(",");
    print_json_class(&item->fit.scale_free);
    printf("}");
    return SG_OK;
}

sg_status fit_print_json(const fit_item *items, size_t n, const sg_scale_free_class *all,
                         sg_error *err)
{
    printf("{\"fits\":[");
    for (size_t i = 0; i < n; i++) {
        printf("%s", i > 0 ? ",\n" : "");
        const sg_status status = print_json_item(&items[i], err);
        if (status != SG_OK)
            return status;
    }
    printf("],");
    print_json_class(all);
    printf("}\n");
    return SG_OK;
}
