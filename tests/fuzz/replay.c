/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs a fuzz target without libFuzzer, the same way every time:
 *
 *     fuzz_X                  its good inputs, then 20,000 mutations of them
 *     fuzz_X -n N -s SEED     another number of mutations, other ones
 *     fuzz_X FILE...          those files, e.g. what libFuzzer found
 *     fuzz_X -w FOLDER        writes the good inputs there, as a corpus for libFuzzer
 *
 * Mutations run in forked processes, so that a crash is traced to its input, which is then written
 * to crash-SEED-NUMBER in the working folder.
 */

#include "fuzz.h"

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    N_MUTATIONS = 20000,
    BATCH = 1000,
    GROWTH_MAX = 256, /* bytes by which a mutated input may be longer than its seed */
    EDITS_MAX = 6,
    INPUT_BYTES_MAX = 1 << 28,
};

_Noreturn void fuzz_fail(const char *what)
{
    (void)fprintf(stderr, "the reader misbehaves: %s\n", what);
    abort();
}

typedef struct input {
    uint8_t *data;
    size_t n;
    size_t capacity;
} input;

static void overwrite(input *in, size_t at, const void *bytes, size_t n)
{
    if (n > in->n - at)
        n = in->n - at;
    memcpy(in->data + at, bytes, n);
}

static void insert(input *in, size_t at, const void *bytes, size_t n)
{
    if (n > in->capacity - in->n)
        return;
    memmove(in->data + at + n, in->data + at, in->n - at);
    memcpy(in->data + at, bytes, n);
    in->n += n;
}

static void erase(input *in, size_t at, size_t n)
{
    if (n > in->n - at)
        n = in->n - at;
    memmove(in->data + at, in->data + at + n, in->n - at - n);
    in->n -= n;
}

static const char *pick_word(sg_random *r)
{
    size_t n = 0;
    while (FUZZ_WORDS[n])
        n++;
    return FUZZ_WORDS[sg_random_below(r, n)];
}

/* Changes a decimal digit, if there is one after `at`: sizes and offsets are written in them. */
static void change_digit(input *in, size_t at, sg_random *r)
{
    for (; at < in->n; at++) {
        if (in->data[at] >= '0' && in->data[at] <= '9') {
            in->data[at] = (uint8_t)('0' + sg_random_below(r, 10));
            return;
        }
    }
}

/* Changes some bytes, the length stays: what leaves most of a format's text valid. */
static void change_bytes(input *in, size_t at, sg_random *r)
{
    static const uint64_t NUMBERS[] = {
        0,         1,          2,         0x7F,       0xFF,       0x7FFF,     0xFFFF,
        INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX, 0x7FC00000, 0x7F800000, 0x0100000000000000,
    };
    const uint64_t number = NUMBERS[sg_random_below(r, SG_COUNT(NUMBERS))];
    const uint8_t byte = (uint8_t)sg_random_u32(r);
    switch (sg_random_below(r, 4)) {
    case 0:
        in->data[at] ^= (uint8_t)(1U << sg_random_below(r, 8));
        break;
    case 1:
        in->data[at] = byte;
        break;
    default:
        overwrite(in, at, &number, sg_random_below(r, 2) ? 8 : 4);
    }
}

static void change_anything(input *in, size_t at, sg_random *r)
{
    const char *word = pick_word(r);
    switch (sg_random_below(r, 5)) {
    case 0:
        overwrite(in, at, word, strlen(word));
        break;
    case 1:
        insert(in, at, word, strlen(word));
        break;
    case 2:
        erase(in, at, 1 + sg_random_below(r, 16));
        break;
    case 3:
        in->n = at;
        break;
    default:
        change_bytes(in, at, r);
    }
}

/* One in eight edits may do anything anywhere; the others change numbers, in text or binary. */
static void edit(input *in, sg_random *r)
{
    if (in->n == 0)
        return;
    const size_t payload = fuzz_payload(in->data, in->n);
    const uint64_t kind = sg_random_below(r, 8);
    if (kind == 0)
        change_anything(in, sg_random_below(r, in->n), r);
    else if (kind < 4 && payload < in->n)
        change_bytes(in, payload + sg_random_below(r, in->n - payload), r);
    else
        change_digit(in, sg_random_below(r, in->n), r);
}

/* Makes mutation number i of a seed of randomness; the caller frees it. */
static input mutate(uint64_t seed, uint32_t i)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 0, i);
    input in = {0};
    SG_AUTOFREE uint8_t *good = fuzz_seed(sg_random_below(&r, fuzz_n_seeds()), &in.n);
    in.capacity = in.n + GROWTH_MAX;
    in.data = sg_alloc(in.capacity, 1);
    if (!good || !in.data)
        fuzz_fail("no memory for an input");
    memcpy(in.data, good, in.n);
    const size_t n_edits = 1 + sg_random_below(&r, EDITS_MAX);
    for (size_t e = 0; e < n_edits; e++)
        edit(&in, &r);
    if (sg_random_below(&r, 4))
        fuzz_repair(in.data, in.n);
    return in;
}

/* Runs on a copy of exactly that length, so that a read past its end is seen. */
static void run_one(const uint8_t *data, size_t n)
{
    SG_AUTOFREE uint8_t *exact = sg_alloc(n, 1);
    if (!exact)
        fuzz_fail("no memory for an input");
    if (n > 0)
        memcpy(exact, data, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
}

/* Runs mutations [from, to) in a child; whether it lived. */
static int survives(uint64_t seed, uint32_t from, uint32_t to)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(EXIT_FAILURE);
    }
    if (child == 0) {
        for (uint32_t i = from; i < to; i++) {
            const input in = mutate(seed, i);
            run_one(in.data, in.n);
            sg_free(in.data);
        }
        exit(EXIT_SUCCESS); /* with the leak check of a sanitizer */
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == EXIT_SUCCESS;
}

static void write_input(const char *path, const void *data, size_t n)
{
    sg_error err = {0};
    if (sg_file_write(path, data, n, &err) != SG_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        exit(EXIT_FAILURE);
    }
}

static int run_mutations(uint64_t seed, uint32_t n)
{
    for (uint32_t from = 0; from < n; from += BATCH) {
        const uint32_t to = n - from < BATCH ? n : from + BATCH;
        if (survives(seed, from, to))
            continue;
        for (uint32_t i = from; i < to; i++) {
            if (survives(seed, i, i + 1))
                continue;
            char path[64];
            const input in = mutate(seed, i);
            (void)snprintf(path, sizeof path, "crash-%llu-%u", (unsigned long long)seed, i);
            write_input(path, in.data, in.n);
            (void)fprintf(stderr, "the reader died of %s (%zu bytes)\n", path, in.n);
            return EXIT_FAILURE;
        }
        (void)fprintf(stderr, "mutations %u to %u fail together, none of them alone\n", from, to);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static void run_file(const char *path)
{
    SG_AUTOFREE char *bytes = NULL;
    size_t n = 0;
    sg_error err = {0};
    if (sg_file_read(path, INPUT_BYTES_MAX, &bytes, &n, &err) != SG_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        exit(EXIT_FAILURE);
    }
    run_one((const uint8_t *)bytes, n);
}

/* Runs every good input, or writes them to a folder. */
static void run_seeds(const char *folder)
{
    for (size_t i = 0; i < fuzz_n_seeds(); i++) {
        size_t n = 0;
        SG_AUTOFREE uint8_t *good = fuzz_seed(i, &n);
        SG_AUTOFREE char *path = folder ? sg_format("%s/seed-%zu", folder, i) : NULL;
        if (path)
            write_input(path, good, n);
        else
            run_one(good, n);
    }
}

int main(int argc, char **argv)
{
    uint64_t n = N_MUTATIONS;
    uint64_t seed = 1;
    for (int option = 0; (option = getopt(argc, argv, "n:s:w:")) != -1;) {
        if (option == 'w') {
            run_seeds(optarg);
            return EXIT_SUCCESS;
        }
        if (option == '?' || !sg_parse_u64(optarg, option == 'n' ? &n : &seed) || n > UINT32_MAX) {
            (void)fprintf(stderr, "usage: %s [-n N] [-s SEED] [-w FOLDER] [FILE...]\n", argv[0]);
            return EXIT_FAILURE;
        }
    }
    for (int i = optind; i < argc; i++)
        run_file(argv[i]);
    if (optind < argc)
        return EXIT_SUCCESS;
    run_seeds(NULL);
    return run_mutations(seed, (uint32_t)n);
}
