/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DRAW_SVG_H
#define SG_DRAW_SVG_H

#include "base/text.h"
#include "sparsegraph/scene.h"

/* Writes the scene as an <svg> element, its ids beginning with the prefix; a standalone one is a
 * whole file, with the XML declaration. */
void sg_svg_put(sg_text *t, const sg_scene *scene, const char *id_prefix, bool standalone);

#endif
