/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"

#include "base/file.h"
#include "container.h"

#include <stdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sg_error err = {0};
    sg_safetensors *f = NULL;
    sg_snapshot *s = NULL;
    sg_status status = sg_safetensors_open_bytes(data, n, &f, &err);
    if (status == SG_OK)
        status = sg_snapshot_from_safetensors(f, SG_ORIENTATION_AUTO, &s, &err);
    if (status == SG_OK)
        check_network(s);
    else
        check_failure(status, &err);
    sg_snapshot_free(s);
    sg_safetensors_free(f);
    return 0;
}

#define ENTRY(name, dtype, shape, offsets)                                                         \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

/* Networks as PyTorch users hold them; every float of the data is about 1. */
static const char *const DENSE[] = {
    "{" ENTRY("fc1.weight", "F32", "[3,4]", "[0,48]") "," ENTRY(
        "fc1.bias", "F32", "[3]", "[48,60]") "," ENTRY("fc2.weight", "F32", "[2,3]", "[60,84]") "}",
    "{" ENTRY("b.weight", "F32", "[2,3]", "[0,24]") "," ENTRY(
        "a.weight", "F16", "[3,5]", "[24,54]") "," ENTRY("z", "I64", "[]", "[54,62]") "}",
    "{" ENTRY("w.weight_orig", "F32", "[2,2]", "[0,16]") "," ENTRY(
        "w.weight_mask", "BOOL", "[2,2]",
        "[16,20]") "," ENTRY("w.bias_orig", "BF16", "[2]",
                             "[20,24]") "," ENTRY("w.bias_mask", "F64", "[2]", "[24,40]") "}",
    "{\"__metadata__\":{\"format\":\"pt\"}}",
};
static const size_t DENSE_BYTES[] = {84, 62, 40, 0};

static uint8_t *native_seed(size_t *n)
{
    char path[] = "/tmp/sparsegraph-fuzz-XXXXXX";
    const int fd = mkstemp(path);
    sg_snapshot *s = every_kind_of_part();
    char *bytes = NULL;
    sg_error err = {0};
    if (fd < 0 || sg_snapshot_write(s, path, &err) != SG_OK ||
        sg_file_read(path, SIZE_MAX, &bytes, n, &err) != SG_OK)
        fuzz_fail(err.message);
    (void)close(fd);
    (void)unlink(path);
    sg_snapshot_free(s);
    return (uint8_t *)bytes;
}

size_t fuzz_n_seeds(void)
{
    return SG_COUNT(DENSE) + 2;
}

uint8_t *fuzz_seed(size_t i, size_t *n)
{
    static uint8_t *native; /* written and read once: a sync to the disk takes its time */
    static size_t n_native;
    if (i >= SG_COUNT(DENSE)) {
        if (!native)
            native = native_seed(&n_native);
        *n = n_native;
        return sg_memdup(native, n_native);
    }
    uint8_t ones[128];
    for (size_t k = 0; k < sizeof ones; k++)
        ones[k] = k % 4 == 2 ? 0x80 : k % 4 == 3 ? 0x3F : 0;
    return container_of(DENSE[i], ones, DENSE_BYTES[i], n);
}

const char *const FUZZ_WORDS[] = {
    "\"dtype\"",
    "\"shape\"",
    "\"data_offsets\"",
    "\"__metadata__\"",
    "\"F32\"",
    "\"F16\"",
    "\"U64\"",
    "\"U32\"",
    "\"BOOL\"",
    "[]",
    "{}",
    "null",
    "-1",
    "1e999",
    "0.5",
    "9007199254740992",
    "4294967296",
    "4503599627370496",
    "input",
    "hidden1",
    ".bias",
    ".values",
    "extra.",
    "\\u0000",
    "\\ud800",
    "\\u001b[2J",
    "[[[[[[[[",
    ",",
    "\"",
    "\xFF",
    "layers",
    "links",
    "format_version",
    NULL,
};

/* Sets the length of the header to where its outermost brace closes. */
void fuzz_repair(uint8_t *data, size_t n)
{
    int depth = 0;
    int in_string = 0;
    for (size_t i = 8; i < n; i++) {
        if (data[i] == '\\')
            i++;
        else if (data[i] == '"')
            in_string = !in_string;
        else if (!in_string && (data[i] == '{' || data[i] == '}'))
            depth += data[i] == '{' ? 1 : -1;
        if (i < n && data[i] == '}' && !in_string && depth == 0) {
            const uint64_t length = i + 1 - 8;
            memcpy(data, &length, sizeof length);
            return;
        }
    }
}

size_t fuzz_payload(const uint8_t *data, size_t n)
{
    uint64_t length = 0;
    if (n >= sizeof length)
        memcpy(&length, data, sizeof length);
    return n >= sizeof length && length < n - sizeof length ? sizeof length + length : n;
}
