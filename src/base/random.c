#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void random_secret(void *out, size_t len)
{
	unsigned char *p = out;

	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) {
			/* Going on with guessable secrets would be worse. */
			fputs("stoa: the system gives no random bytes\n", stderr);
			abort();
		}
		p += n;
		len -= (size_t)n;
	}
}

void random_init(struct random *random, uint64_t seed)
{
	if (!seed) random_secret(&seed, sizeof seed);
	random->state = seed;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t next(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t n)
{
	/* Values under `skip` would make the small remainders more likely. */
	uint64_t skip = -n % n, value;

	do {
		value = next(random);
	} while (value < skip);
	return value % n;
}
