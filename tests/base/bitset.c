#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bitset.h"
#include "base/random.h"

static void empty_set_has_nothing(void **state)
{
	struct bitset set = {0}, other = {0};

	(void)state;
	bitset_finish(NULL);
	bitset_finish(&set);
	bitset_clear(&set);
	bitset_put(&set, 1000, false);
	bitset_copy(&set, &other);
	bitset_and(&set, &other);
	bitset_or(&set, &other);
	bitset_and_not(&set, &other);
	assert_int_equal(set.nwords, 0);
	assert_false(bitset_has(&set, 0));
	assert_int_equal(bitset_count(&set), 0);
	assert_int_equal(bitset_next(&set, 0), UINT32_MAX);
}

enum { N = 500 };

/* A set of random members, and the same as plain bytes. */
static void fill(struct bitset *set, unsigned char plain[N], struct random *random, uint64_t limit)
{
	for (uint32_t i = 0; i < limit; i++) {
		plain[i] = random_below(random, 3) == 0;
		bitset_put(set, i, plain[i]);
	}
}

static void check(const struct bitset *set, const unsigned char plain[N])
{
	size_t n = 0;
	uint32_t next = bitset_next(set, 0);

	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(bitset_has(set, i), plain[i]);
		n += plain[i];
		if (!plain[i]) continue;
		assert_int_equal(next, i);
		next = bitset_next(set, i + 1);
	}
	assert_int_equal(next, UINT32_MAX);
	assert_int_equal(bitset_count(set), n);
	assert_false(bitset_has(set, UINT32_MAX));
}

static void algebra_is_that_of_plain_bytes(void **state)
{
	struct random random;

	(void)state;
	random_init(&random, 7);
	for (int round = 0; round < 60; round++) {
		struct bitset a = {0}, b = {0}, c = {0};
		unsigned char pa[N] = {0}, pb[N] = {0}, pc[N];
		fill(&a, pa, &random, random_below(&random, N));
		fill(&b, pb, &random, random_below(&random, N));
		check(&a, pa);
		for (int op = 0; op < 3; op++) {
			bitset_copy(&c, &a);
			if (op == 0) bitset_and(&c, &b);
			if (op == 1) bitset_or(&c, &b);
			if (op == 2) bitset_and_not(&c, &b);
			for (int i = 0; i < N; i++) {
				pc[i] = op == 0   ? pa[i] & pb[i]
				        : op == 1 ? pa[i] | pb[i]
				                  : pa[i] & !pb[i];
			}
			check(&c, pc);
		}
		bitset_copy(&a, &a);
		check(&a, pa);
		bitset_finish(&a);
		bitset_finish(&b);
		bitset_finish(&c);
	}
}

static void clear_keeps_the_room(void **state)
{
	struct bitset set = {0};

	(void)state;
	bitset_put(&set, 100, true);
	size_t room = set.nwords;
	bitset_clear(&set);
	assert_int_equal(bitset_count(&set), 0);
	assert_int_equal(set.nwords, room);
	bitset_finish(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(empty_set_has_nothing),
	        cmocka_unit_test(algebra_is_that_of_plain_bytes),
	        cmocka_unit_test(clear_keeps_the_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
