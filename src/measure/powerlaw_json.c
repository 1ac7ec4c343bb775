/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/powerlaw_json.h"

#include <math.h>
#include <string.h>

void sg_powerlaw_add_comparison(sg_json *object, const sg_powerlaw *fit)
{
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
    return take_p(object, "p_thin_tail", &ret->p_thin_tail) &&
           take_p(object, "p_alternative", &ret->favoured_p) && known;
}
