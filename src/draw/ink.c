/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/ink.h"

#include "base/memory.h"

#include <math.h>

/*
 * Every eighth of the 256 published values, from index 7; the first entry continues the line to
 * index -1, so that the spacing is even. cividis: Nunez, Anderton and Renslow, PLoS ONE
 * 13:e0199239 (2018), doi:10.1371/journal.pone.0199239, supplementary table. viridis: Smith and
 * van der Walt (2015), released under CC0.
 */
static const uint32_t cividis[] = {
    0x00224c, 0x002859, 0x002d68, 0x013271, 0x18376f, 0x263d6e, 0x31436d, 0x3a486c, 0x424e6c,
    0x4a536c, 0x52596d, 0x595e6e, 0x60646f, 0x676a71, 0x6e6f73, 0x757575, 0x7c7b78, 0x838179,
    0x8b8778, 0x928d78, 0x9a9376, 0xa29975, 0xaaa073, 0xb3a670, 0xbbad6d, 0xc3b369, 0xccba64,
    0xd4c15f, 0xddc858, 0xe6d051, 0xefd748, 0xf8df3c, 0xfee838,
};
static const uint32_t viridis[] = {
    0x440053, 0x460b5e, 0x481769, 0x482173, 0x472c7a, 0x453581, 0x423f85, 0x3f4889, 0x3b518b,
    0x375a8c, 0x33628d, 0x306a8e, 0x2c718e, 0x29798e, 0x26818e, 0x23888e, 0x21908d, 0x1f978b,
    0x1f9f88, 0x21a685, 0x27ad81, 0x31b57b, 0x3dbc74, 0x4cc26c, 0x5cc863, 0x6ece58, 0x81d34d,
    0x95d840, 0xaadc32, 0xc0df25, 0xd5e21a, 0xeae51a, 0xfde725,
};
/* The eleven classes of ColorBrewer's RdBu, blue first, the middle made pure white so that 0 is
 * the page. Harrower and Brewer, Cartogr. J. 40:27 (2003), doi:10.1179/000870403235002042. */
static const uint32_t diverging[] = {
    0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xffffff,
    0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f,
};

/* Okabe and Ito, "Color universal design" (2008), their yellow left out: it vanishes on white. */
static const uint32_t categories[SG_N_CATEGORIES] = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000, 0x6e6e6e,
};

static sg_ink from_hex(uint32_t hex)
{
    return (sg_ink){(uint8_t)(hex >> 16), (uint8_t)(hex >> 8 & 255), (uint8_t)(hex & 255), 255};
}

sg_ink sg_ink_category(size_t i)
{
    return from_hex(categories[i % SG_N_CATEGORIES]);
}

sg_ink sg_ink_faded(sg_ink ink, double opacity)
{
    ink.a = (uint8_t)lround(255.0 * fmin(fmax(opacity, 0.0), 1.0));
    return ink;
}

/* The colour at position p, in [0, n - 1], on the line through n anchors. */
static sg_ink between(const uint32_t *anchor, size_t n, double p)
{
    const size_t i = p < (double)(n - 1) ? (size_t)p : n - 2;
    const double f = p - (double)i;
    const sg_ink a = from_hex(anchor[i]);
    const sg_ink b = from_hex(anchor[i + 1]);

    return (sg_ink){(uint8_t)lround(a.r + f * (b.r - a.r)), (uint8_t)lround(a.g + f * (b.g - a.g)),
                    (uint8_t)lround(a.b + f * (b.b - a.b)), 255};
}

sg_ink sg_ink_map(sg_color_map map, double t)
{
    if (isnan(t))
        return SG_INK_NONE;
    t = fmin(fmax(t, 0.0), 1.0);
    const size_t n = SG_COUNT(diverging);
    if (map == SG_MAP_DIVERGING)
        return between(diverging, n, t * (double)(n - 1));
    const uint32_t *anchor = map == SG_MAP_VIRIDIS ? viridis : cividis;
    return between(anchor, SG_COUNT(cividis), (255.0 * t + 1.0) / 8.0);
}
