/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/status.h"
#include "base/text.h"
#include "draw/canvas.h"
#include "draw/svg.h"
#include "sparsegraph/scene.h"

#include <string.h>
#include <strings.h>

sg_status sg_scene_format_of(const char *path, sg_scene_format *ret, sg_error *err)
{
    static const struct {
        const char *suffix;
        sg_scene_format format;
    } suffixes[] = {{".png", SG_SCENE_PNG}, {".svg", SG_SCENE_SVG}, {".pdf", SG_SCENE_PDF}};
    const size_t n = strlen(path);

    for (size_t i = 0; i < SG_COUNT(suffixes); i++) {
        if (n > 4 && strcasecmp(path + n - 4, suffixes[i].suffix) == 0) {
            *ret = suffixes[i].format;
            return SG_OK;
        }
    }
    return sg_fail(err, SG_EINVAL, "cannot tell the format of '%s': end it in .png, .svg or .pdf",
                   path);
}

sg_status sg_scene_encode(const sg_scene *scene, const sg_scene_write_params *params, char **ret,
                          size_t *n, sg_error *err)
{
    const sg_scene_write_params p = params ? *params : SG_SCENE_WRITE_PARAMS_DEFAULT;
    if (!(p.dpi >= 10.0 && p.dpi <= 2400.0))
        return sg_fail(err, SG_EINVAL, "the resolution must lie in 10 to 2400 dpi, got %g", p.dpi);

    SG_AUTO_TEXT sg_text t = {0};
    if (p.format == SG_SCENE_PNG)
        SG_TRY(sg_canvas_png(&t, scene, p.dpi, err));
    else if (p.format == SG_SCENE_PDF)
        SG_TRY(sg_canvas_pdf(&t, scene, err));
    else if (p.format == SG_SCENE_SVG)
        sg_svg_put(&t, scene, "figure", true);
    else
        return sg_fail(err, SG_EINVAL, "a figure in memory needs a format: PNG, SVG or PDF");

    const size_t n_bytes = t.n;
    SG_TRY(sg_text_take(&t, ret, err));
    *n = n_bytes;
    return SG_OK;
}

sg_status sg_scene_write(const sg_scene *scene, const char *path,
                         const sg_scene_write_params *params, sg_error *err)
{
    sg_scene_write_params p = params ? *params : SG_SCENE_WRITE_PARAMS_DEFAULT;
    SG_AUTOFREE char *bytes = NULL;
    size_t n = 0;

    if (p.format == SG_SCENE_BY_SUFFIX)
        SG_TRY(sg_scene_format_of(path, &p.format, err));
    SG_TRY(sg_scene_encode(scene, &p, &bytes, &n, err));
    return sg_file_write(path, bytes, n, err);
}
