#pragma once
#include <stddef.h>
#include <stdint.h>

/* A seeded generator for jitter and tests; not for secrets. */
struct random {
	uint64_t state;
};

void random_init(struct random *random, uint64_t seed);   /* 0: seed from the system */
uint64_t random_below(struct random *random, uint64_t n); /* 0 … n-1; n > 0 */

/* Bytes from the system's generator, fit for keys and states. */
void random_secret(void *out, size_t len);
