/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_CANVAS_H
#define SG_DRAW_CANVAS_H

/* A scene through Cairo and Pango: pixels and PDF. */

#include "base/text.h"
#include "sparsegraph/scene.h"

/* Append the file's bytes to t; errors as sg_scene_encode(). */
sg_status sg_canvas_png(sg_text *t, const sg_scene *scene, double dpi, sg_error *err) SG_CHECKED;
sg_status sg_canvas_pdf(sg_text *t, const sg_scene *scene, sg_error *err) SG_CHECKED;

#endif
