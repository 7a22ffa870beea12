#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_clock.h"

static void system_clock_goes_on(void **state)
{
	(void)state;
	int64_t mono = clock_mono(&clock_system);
	assert_true(clock_wall(&clock_system) > INT64_C(1700000000000));
	assert_true(clock_mono(&clock_system) >= mono);
}

static void a_set_clock_stands_until_moved(void **state)
{
	struct fake_clock fake;

	(void)state;
	fake_clock_init(&fake, 5000);
	int64_t mono = clock_mono(&fake.clock);
	assert_int_equal(clock_wall(&fake.clock), 5000);
	fake_clock_advance(&fake, 250);
	assert_int_equal(clock_wall(&fake.clock), 5250);
	assert_int_equal(clock_mono(&fake.clock), mono + 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(system_clock_goes_on),
	        cmocka_unit_test(a_set_clock_stands_until_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
