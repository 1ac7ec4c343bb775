/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_STYLE_H
#define SG_REPORT_STYLE_H

/* The style sheet of the report: screen, dark screen, paper. */
extern const char sg_report_style[];

#endif
