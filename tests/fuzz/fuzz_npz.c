/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "fuzz_zip.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.npz");
    return 0;
}

size_t fuzz_n_seeds(void)
{
    return 6;
}

uint8_t *fuzz_seed(size_t i, size_t *n)
{
    static zip_build z;
    memset(&z, 0, sizeof z);
    z.deflates = i == 4;
    z.has_zip64 = i == 5;
    if (i == 1 || i == 4)
        build_csr_npz(&z);
    else if (i == 2)
        build_coo_npz(&z);
    else if (i == 3)
        build_bsr_npz(&z);
    else
        build_npz(&z);
    return copy_seed(z.file.at, z.file.n, n);
}

const char *const FUZZ_WORDS[] = {
    "'descr'",    "'shape'", "'<i8'",   "'<f4'",  "csr",    "csc",    "bsr",
    "coo",        "dia",     "PK\3\4",  "PK\1\2", "PK\5\6", "indptr", ".npy",
    "4294967296", "-1",      "\x1b[2J", "\xff",   NULL,
};

/* Sets the checksums of the entries that the directory lists, in both places where they stand. */
void fuzz_repair(uint8_t *data, size_t n)
{
    fuzz_repair_zip(data, n);
}

/* Half of an input is taken for text, so that mutations of either kind meet both. */
size_t fuzz_payload(const uint8_t *data, size_t n)
{
    (void)data;
    return n / 2;
}
