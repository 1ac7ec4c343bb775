/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/safetensors.h"

#include <string.h>

static const struct {
    const char *name;
    size_t size;
    bool is_float;
} DTYPES[] = {
    [SG_DTYPE_BOOL] = {"BOOL", 1, false}, [SG_DTYPE_U8] = {"U8", 1, false},
    [SG_DTYPE_I8] = {"I8", 1, false},     [SG_DTYPE_U16] = {"U16", 2, false},
    [SG_DTYPE_I16] = {"I16", 2, false},   [SG_DTYPE_U32] = {"U32", 4, false},
    [SG_DTYPE_I32] = {"I32", 4, false},   [SG_DTYPE_U64] = {"U64", 8, false},
    [SG_DTYPE_I64] = {"I64", 8, false},   [SG_DTYPE_F16] = {"F16", 2, true},
    [SG_DTYPE_BF16] = {"BF16", 2, true},  [SG_DTYPE_F32] = {"F32", 4, true},
    [SG_DTYPE_F64] = {"F64", 8, true},
};

const char *sg_dtype_name(sg_dtype dtype)
{
    return DTYPES[dtype].name;
}

size_t sg_dtype_size(sg_dtype dtype)
{
    return DTYPES[dtype].size;
}

bool sg_dtype_is_float(sg_dtype dtype)
{
    return DTYPES[dtype].is_float;
}

bool sg_dtype_find(const char *name, sg_dtype *ret)
{
    for (size_t i = 0; i < SG_COUNT(DTYPES); i++) {
        if (strcmp(DTYPES[i].name, name) == 0) {
            *ret = (sg_dtype)i;
            return true;
        }
    }
    return false;
}

static float float_of_bits(uint32_t bits)
{
    float value = 0.0F;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits; exact in f32. */
static float float_of_half(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000U) << 16;
    const uint32_t exponent = half >> 10 & 0x1FU;
    const uint32_t fraction = half & 0x3FFU;
    if (exponent == 0x1F)
        return float_of_bits(sign | 0x7F800000U | fraction << 13);
    if (exponent == 0) {
        const float magnitude = (float)fraction * 0x1p-24F;
        return sign ? -magnitude : magnitude;
    }
    return float_of_bits(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

enum { CHUNK_BYTES = 1 << 14 };

static int64_t signed_at(const unsigned char *at, size_t size)
{
    uint64_t bits = 0;
    memcpy(&bits, at, size); /* the machine is little-endian */
    const unsigned unused = 64 - 8 * (unsigned)size;
    return (int64_t)(bits << unused) >> unused;
}

static float value_at(sg_dtype dtype, const unsigned char *at)
{
    uint64_t bits = 0;
    float single = 0.0F;
    double wide = 0.0;
    switch (dtype) {
    case SG_DTYPE_F32:
        memcpy(&single, at, sizeof single);
        return single;
    case SG_DTYPE_F64:
        memcpy(&wide, at, sizeof wide);
        return (float)wide;
    case SG_DTYPE_F16:
        memcpy(&bits, at, 2);
        return float_of_half((uint16_t)bits);
    case SG_DTYPE_BF16:
        memcpy(&bits, at, 2);
        return float_of_bits((uint32_t)bits << 16);
    case SG_DTYPE_I8:
    case SG_DTYPE_I16:
    case SG_DTYPE_I32:
    case SG_DTYPE_I64:
        return (float)signed_at(at, sg_dtype_size(dtype));
    default:
        memcpy(&bits, at, sg_dtype_size(dtype));
        return (float)bits;
    }
}

void sg_dtype_to_f32(sg_dtype dtype, const unsigned char *from, size_t n, float *ret)
{
    const size_t size = sg_dtype_size(dtype);
    if (dtype == SG_DTYPE_F32) {
        memcpy(ret, from, n * size);
        return;
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = value_at(dtype, from + i * size);
}

sg_status sg_safetensors_read_f32(const sg_safetensors *f, const sg_stored *t, size_t first,
                                  size_t n, float *ret, sg_error *err)
{
    if (t->dtype == SG_DTYPE_F32)
        return sg_safetensors_read(f, t, first, n, ret, err);
    unsigned char chunk[CHUNK_BYTES];
    const size_t step = CHUNK_BYTES / sg_dtype_size(t->dtype);
    for (size_t done = 0; done < n; done += step) {
        const size_t now = n - done < step ? n - done : step;
        SG_TRY(sg_safetensors_read(f, t, first + done, now, chunk, err));
        sg_dtype_to_f32(t->dtype, chunk, now, ret + done);
    }
    return SG_OK;
}
