/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_FUZZ_H
#define SG_FUZZ_H

/*
 * What a fuzz target gives: the entry that libFuzzer calls, and what replay.c needs to run it in
 * the normal tests, where there is no libFuzzer: good inputs to start from and words to put into
 * them.
 */

#include <stddef.h>
#include <stdint.h>

/* Feeds one input to the reader under test; aborts where the reader misbehaves. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The good inputs, made by code: their number, and the i-th with its length (sg_free). */
size_t fuzz_n_seeds(void);
uint8_t *fuzz_seed(size_t i, size_t *n);

/* Words that mean something in the format; the list ends with NULL. */
extern const char *const FUZZ_WORDS[];

/* Makes an input's lengths fit its content again, so that mutations come past the first check. */
void fuzz_repair(uint8_t *data, size_t n);

/* Returns where the text of an input ends and its numbers begin, at most n; n where it is all text.
 */
size_t fuzz_payload(const uint8_t *data, size_t n);

/* Ends the program with a message: the reader did what it must never do. */
_Noreturn void fuzz_fail(const char *what);

#endif
