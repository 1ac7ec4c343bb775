/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_FUZZ_ZIP_H
#define SG_FUZZ_ZIP_H

/* Mutations of archives would all end at a checksum: this sets the checksums of stored entries. */

#include <stdint.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

static inline size_t number_at(const uint8_t *data, size_t n_bytes)
{
    size_t number = 0;
    for (size_t i = 0; i < n_bytes; i++)
        number |= (size_t)data[i] << 8 * i;
    return number;
}

static inline void fuzz_repair_zip(uint8_t *data, size_t n)
{
    for (size_t i = 0; i + 46 <= n; i++) {
        if (memcmp(data + i, "PK\1\2", 4) != 0)
            continue;
        const size_t local = number_at(data + i + 42, 4);
        const size_t n_packed = number_at(data + i + 20, 4);
        if (n < 30 || local > n - 30)
            continue;
        const size_t begin =
            local + 30 + number_at(data + local + 26, 2) + number_at(data + local + 28, 2);
        if (begin > n || n_packed > n - begin)
            continue;
        const uint32_t crc = (uint32_t)crc32(crc32(0, NULL, 0), data + begin, (uInt)n_packed);
        for (size_t k = 0; k < 4; k++)
            data[i + 16 + k] = (uint8_t)(crc >> 8 * k);
    }
}

#endif
