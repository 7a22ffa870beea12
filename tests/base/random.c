#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static void one_seed_gives_one_sequence(void **state)
{
	struct random a, b, c;
	int same = 0;

	(void)state;
	random_init(&a, 1);
	random_init(&b, 1);
	random_init(&c, 2);
	for (int i = 0; i < 1000; i++) {
		uint64_t value = random_below(&a, 1000);
		assert_true(value < 1000);
		assert_int_equal(value, random_below(&b, 1000));
		same += value == random_below(&c, 1000);
	}
	assert_true(same < 20);
	assert_int_equal(random_below(&a, 1), 0);
	assert_true(random_below(&a, UINT64_MAX) < UINT64_MAX);
}

static void every_value_comes_about_as_often(void **state)
{
	struct random random;
	int seen[10] = {0};

	(void)state;
	random_init(&random, 3);
	for (int i = 0; i < 100000; i++)
		seen[random_below(&random, 10)]++;
	for (int i = 0; i < 10; i++)
		assert_in_range(seen[i], 9500, 10500);
}

static void no_seed_and_secrets_come_from_the_system(void **state)
{
	struct random a, b;
	unsigned char one[32] = {0}, two[32] = {0};

	(void)state;
	random_init(&a, 0);
	random_init(&b, 0);
	assert_int_not_equal(a.state, b.state);
	random_secret(one, 0);
	random_secret(one, sizeof one);
	random_secret(two, sizeof two);
	assert_memory_not_equal(one, two, sizeof one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(one_seed_gives_one_sequence),
	        cmocka_unit_test(every_value_comes_about_as_often),
	        cmocka_unit_test(no_seed_and_secrets_come_from_the_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
