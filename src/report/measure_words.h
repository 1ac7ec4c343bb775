/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_MEASURE_WORDS_H
#define SG_REPORT_MEASURE_WORDS_H

#include "base/text.h"

/* Appends the name of a measure as people write it: "in_degree_gini" -> "in-degree, Gini
 * coefficient". */
void sg_measure_words(sg_text *t, const char *name);

#endif
