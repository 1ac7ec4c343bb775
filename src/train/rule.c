/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/rule.h"

#include "base/memory.h"

static const sg_rule rules[] = {
    {SG_METHOD_FIXED, NULL, false}, /* first: the answer for a method without a rule of its own */
    {SG_METHOD_SET, sg_set_evolve, true},
    {SG_METHOD_DENSE, NULL, false},
};

const sg_rule *sg_rule_of(sg_method method)
{
    for (size_t i = 0; i < SG_COUNT(rules); i++)
        if (rules[i].method == method)
            return &rules[i];
    return &rules[0];
}
