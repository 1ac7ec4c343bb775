/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_DATA_H
#define SG_REPORT_DATA_H

#include "report/page.h"

/* Keeps what the numbers about a subject come from, as JSON and CSV for report_data/. */
sg_status sg_report_data(sg_page *page, const sg_subject *s, sg_error *err) SG_CHECKED;

#endif
