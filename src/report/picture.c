/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/picture.h"

#include <math.h>

sg_picture sg_picture_of(const sg_layer *layer)
{
    const size_t *d = layer->shape;
    const size_t root = (size_t)lround(sqrt((double)layer->size));

    if (layer->n_dims == 2)
        return (sg_picture){d[0], d[1], 1, false, NULL};
    if (layer->n_dims == 3 && d[0] <= 4)
        return (sg_picture){d[1], d[2], d[0], false, " Channels are summed."};
    if (layer->n_dims == 3 && d[2] <= 4)
        return (sg_picture){d[0], d[1], d[2], true, " Channels are summed."};
    if (layer->n_dims > 2)
        return (sg_picture){layer->size / d[layer->n_dims - 1], d[layer->n_dims - 1], 1, false,
                            " All dimensions but the last run down the rows."};
    if (root >= 8 && root * root == layer->size)
        return (sg_picture){root, root, 1, false,
                            " The file gives the layer no shape; a square image is assumed."};
    const size_t n_cols = layer->size < 8 ? layer->size : (size_t)ceil(sqrt((double)layer->size));
    return (sg_picture){
        (layer->size + n_cols - 1) / n_cols, n_cols, 1, false,
        " The layer has no two-dimensional shape: neurons run in their order, row by "
        "row, and position means nothing."};
}

void sg_picture_fill(const sg_picture *p, const double *value, size_t n, double *ret)
{
    const size_t n_cells = p->n_rows * p->n_cols;

    if (n_cells == 0)
        return;
    for (size_t cell = 0; cell < n_cells; cell++)
        ret[cell] = cell < n ? 0.0 : (double)NAN;
    for (size_t i = 0; i < n; i++)
        ret[p->planes_are_last ? i * n_cells / n : i % n_cells] += value[i];
}
