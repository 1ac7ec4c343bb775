/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/powerlaw_json.h"

#include <math.h>
#include <string.h>

/* The laws' keys: no blanks. */
static const char *const keys[SG_N_ALTERNATIVES] = {
    [SG_ALTERNATIVE_POISSON] = "poisson",
    [SG_ALTERNATIVE_EXPONENTIAL] = "exponential",
    [SG_ALTERNATIVE_STRETCHED_EXPONENTIAL] = "stretched_exponential",
    [SG_ALTERNATIVE_LOGNORMAL] = "lognormal",
    [SG_ALTERNATIVE_CUTOFF] = "cutoff",
};

const char *sg_alternative_key(sg_powerlaw_alternative law)
{
    return keys[law];
}

static void add_alternatives(sg_json *object, const sg_alternatives *all)
{
    sg_json *laws = sg_json_add_object(object, "alternatives");
    for (int i = SG_ALTERNATIVE_NONE + 1; i < SG_N_ALTERNATIVES; i++) {
        const sg_alternative *a = &all->of[i];
        if (isnan(a->p))
            continue;
        sg_json *law = sg_json_add_object(laws, keys[i]);
        sg_json_add_number(law, "log_likelihood", a->log_likelihood);
        sg_json_add_number(law, "ratio", a->ratio);
        sg_json_add_number(law, "p", a->p);
        for (size_t j = 0; j < 2; j++) {
            const char *name = sg_alternative_parameter_name((sg_powerlaw_alternative)i, j);
            if (name)
                sg_json_add_number(law, name, a->parameter[j]);
        }
        sg_json_add_bool(law, "at_limit", a->at_limit);
    }
}

void sg_powerlaw_add_comparison(sg_json *object, const sg_powerlaw *fit)
{
    add_alternatives(object, &fit->alternatives);
    sg_json_add_number(object, "p_thin_tail", fit->p_thin_tail);
    sg_json_add_string(object, "alternative_favoured", sg_powerlaw_alternative_name(fit->favoured));
    sg_json_add_number(object, "p_alternative", fit->favoured_p);
}

static bool take_p(const sg_json *object, const char *key, double *ret)
{
    double p = NAN;
    (void)sg_json_number(sg_json_get(object, key), &p);
    *ret = p;
    return isnan(p) || (p >= 0 && p <= 1);
}

static double take_number(const sg_json *object, const char *key)
{
    double x = NAN;
    (void)sg_json_number(sg_json_get(object, key), &x);
    return x;
}

static bool take_alternatives(const sg_json *laws, sg_alternatives *ret)
{
    *ret = sg_alternatives_none();
    for (int i = SG_ALTERNATIVE_NONE + 1; i < SG_N_ALTERNATIVES; i++) {
        const sg_json *law = sg_json_get(laws, keys[i]);
        sg_alternative *a = &ret->of[i];
        if (!law)
            continue;
        a->log_likelihood = take_number(law, "log_likelihood");
        a->ratio = take_number(law, "ratio");
        for (size_t j = 0; j < 2; j++) {
            const char *name = sg_alternative_parameter_name((sg_powerlaw_alternative)i, j);
            if (name)
                a->parameter[j] = take_number(law, name);
        }
        (void)sg_json_is_bool(sg_json_get(law, "at_limit"), &a->at_limit);
        if (!take_p(law, "p", &a->p))
            return false;
    }
    return true;
}

bool sg_powerlaw_take_comparison(const sg_json *object, sg_powerlaw *ret)
{
    const char *name = sg_json_string(sg_json_get(object, "alternative_favoured"));

    ret->favoured = SG_ALTERNATIVE_NONE;
    bool known = !name || *name == '\0';
    for (int i = SG_ALTERNATIVE_NONE + 1; i < SG_N_ALTERNATIVES && !known; i++) {
        const sg_powerlaw_alternative alternative = (sg_powerlaw_alternative)i;
        known = strcmp(name, sg_powerlaw_alternative_name(alternative)) == 0;
        if (known)
            ret->favoured = alternative;
    }
    return take_alternatives(sg_json_get(object, "alternatives"), &ret->alternatives) &&
           take_p(object, "p_thin_tail", &ret->p_thin_tail) &&
           take_p(object, "p_alternative", &ret->favoured_p) && known;
}
