#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *find(const char *given)
{
	static const char *const names[] = {"home", "mentions", "notifications", "local",
	        "federated", "tag", "search", "feed", "group", "all"};
	struct nearest nearest = {.given = given};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		nearest_offer(&nearest, names[i]);
	}
	return nearest.best;
}

static void slips_of_the_finger_are_seen(void **state)
{
	(void)state;
	assert_string_equal(find("hoem"), "home");
	assert_string_equal(find("hom"), "home");
	assert_string_equal(find("Home"), "home");
	assert_string_equal(find("mention"), "mentions");
	assert_string_equal(find("notif"), "notifications");
	assert_string_equal(find("notofocations"), "notifications");
	assert_string_equal(find("serach"), "search");
	assert_string_equal(find("tga"), "tag");
	assert_string_equal(find("feeds"), "feed");
}

static void strangers_are_not(void **state)
{
	static const char longer[] = "a-name-that-is-longer-than-any-name-of-ours-could-ever-be";

	(void)state;
	assert_null(find(""));
	assert_null(find("x"));
	assert_null(find("zzzz"));
	assert_null(find("bookmarks"));
	assert_null(find(longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(slips_of_the_finger_are_seen),
	        cmocka_unit_test(strangers_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
