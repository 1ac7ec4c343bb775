/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_HTML_H
#define SG_REPORT_HTML_H

/* HTML written piece by piece into a growing text: escaping, numbers, prose. */

#include "base/text.h"
#include "sparsegraph/error.h"

/* Appends text so that HTML shows exactly it, in content and in quoted attributes. Control
 * characters, which HTML forbids, become U+FFFD, as do bytes that are no UTF-8. */
void sg_html_escape(sg_text *t, const char *text);

/* Formats and appends the result escaped; sg_text_printf() is for our own markup. */
void sg_html_printf(sg_text *t, const char *format, ...) SG_PRINTF(2, 3);

/* Appends plain text escaped, each "doi:10.x/y" in it as a link to doi.org. */
void sg_html_linked(sg_text *t, const char *text);

/* Appends plain text as paragraphs, which blank lines part, linked as above. */
void sg_html_prose(sg_text *t, const char *text);

/* Append a value, as a reader expects it. NaN is an en dash everywhere; minus is U+2212. */
void sg_html_count(sg_text *t, double value);                /* 125,700 */
void sg_html_number(sg_text *t, double value, int n_digits); /* n significant digits, 1.23 × 10⁻⁵ */
void sg_html_percent(sg_text *t, double frac, int n_places); /* 0.8641 → 86.4 % */
void sg_html_duration(sg_text *t, double seconds);           /* 95 → 1 min 35 s */

#endif
