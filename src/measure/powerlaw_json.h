/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_POWERLAW_JSON_H
#define SG_MEASURE_POWERLAW_JSON_H

#include "base/json.h"
#include "measure/alternatives.h"
#include "sparsegraph/powerlaw.h"

/* Adds to a fit's object what the comparison with the alternatives found: p_thin_tail,
 * alternative_favoured, p_alternative. */
void sg_powerlaw_add_comparison(sg_json *object, const sg_powerlaw *fit);

/* Takes it back; where there is none, nothing was compared. False for what it cannot be. */
bool sg_powerlaw_take_comparison(const sg_json *object, sg_powerlaw *ret) SG_CHECKED;

#endif
