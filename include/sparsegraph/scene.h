/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_SCENE_H
#define SPARSEGRAPH_SCENE_H

/**
 * @file scene.h  A figure before it is drawn: marks and texts on a page with a size in millimetres.
 *
 * A scene is the same bytes on every machine: its layout rests on a table of letter widths, never
 * on the fonts that happen to be installed. Only PNG and PDF need a font (any sans serif).
 */

#include "error.h"
#include <stddef.h>

SG_BEGIN_DECLS

/** A finished, immutable figure. Several threads may draw one scene at once. */
typedef struct sg_scene sg_scene;

/** File formats that a scene can be drawn in. */
typedef enum sg_scene_format {
    SG_SCENE_BY_SUFFIX = 0, /**< what the path ends in: .png, .svg or .pdf, in any case */
    SG_SCENE_PNG,           /**< pixels on white */
    SG_SCENE_SVG,           /**< vectors; text stays text */
    SG_SCENE_PDF,           /**< vectors, fonts embedded; the same scene gives the same bytes */
} sg_scene_format;

/** How a scene is written. */
typedef struct sg_scene_write_params {
    sg_scene_format format;
    double dpi; /**< pixels per inch of PNG, in [10, 2400]; the others do not use it */
} sg_scene_write_params;
#define SG_SCENE_WRITE_PARAMS_DEFAULT ((sg_scene_write_params){SG_SCENE_BY_SUFFIX, 300.0})

/** Frees a scene; NULL is allowed. */
SG_API void sg_scene_free(sg_scene *scene);

/** Returns the page's size, in mm. */
SG_API double sg_scene_width_mm(const sg_scene *scene);
SG_API double sg_scene_height_mm(const sg_scene *scene);

/** Returns what the figure shows in a few words, borrowed, never NULL; SVG carries it as <title>.
 */
SG_API const char *sg_scene_title(const sg_scene *scene);

/**
 * Returns what a reader must know to read the figure (what was sampled, binned or left out),
 * borrowed, never NULL, "" where there is nothing; also printed at the figure's foot.
 */
SG_API const char *sg_scene_caption(const sg_scene *scene);

/**
 * Tells the format from a path's suffix, before any work is done for it.
 *
 * @retval SG_EINVAL  the path does not end in .png, .svg or .pdf.
 */
SG_API SG_CHECKED sg_status sg_scene_format_of(const char *path, sg_scene_format *ret,
                                               sg_error *err);

/**
 * Draws a scene into a file, whole or not at all.
 *
 * @param path    written under a temporary name and renamed.
 * @param params  NULL = SG_SCENE_WRITE_PARAMS_DEFAULT.
 *
 * @retval SG_EINVAL        unknown suffix, dpi outside [10, 2400], more than 10^8 pixels.
 * @retval SG_EUNSUPPORTED  PNG or PDF of a scene with text, and no font is installed.
 * @retval SG_EIO, SG_ENOTFOUND  the file or its folder cannot be written.
 * @retval SG_ENOMEM        no memory for the picture.
 */
SG_API SG_CHECKED sg_status sg_scene_write(const sg_scene *scene, const char *path,
                                           const sg_scene_write_params *params, sg_error *err);

/**
 * Draws a scene into memory: the bytes that sg_scene_write() puts into the file.
 *
 * @param params    format other than SG_SCENE_BY_SUFFIX.
 * @param[out] ret  (*n) bytes, and a NUL that *n does not count; sg_free().
 * Errors as sg_scene_write().
 */
SG_API SG_CHECKED sg_status sg_scene_encode(const sg_scene *scene,
                                            const sg_scene_write_params *params, char **ret,
                                            size_t *n, sg_error *err);

/**
 * Returns an <svg> element for a page of HTML: real text, no XML declaration, every id begins
 * with the prefix, so that many figures fit in one page. Needs no font.
 *
 * @param id_prefix  a letter, then letters, digits, '-' or '_'; a different one for each figure.
 * @param[out] ret   the element, with a final newline; sg_free().
 * @retval SG_EINVAL the prefix is not of that form.
 * @retval SG_ENOMEM no memory.
 */
SG_API SG_CHECKED sg_status sg_scene_svg(const sg_scene *scene, const char *id_prefix, char **ret,
                                         sg_error *err);

/**
 * Returns the scene as text, a line a mark, lengths in mm to 0.001: what tests compare.
 *
 * @param[out] ret   the text; sg_free().
 * @retval SG_ENOMEM no memory.
 */
SG_API SG_CHECKED sg_status sg_scene_dump(const sg_scene *scene, char **ret, sg_error *err);

SG_END_DECLS

#endif
