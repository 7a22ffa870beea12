#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/notice_gate.h"
#include "app/notice_way.h"

static const int64_t start_ms = 1000000;

static void expect_released(struct gate *gate, int64_t now_ms, const char *whole)
{
	struct str title = {0}, body = {0};
	bool told = gate_release(gate, now_ms, false, &title, &body);
	assert_int_equal(told, whole != NULL);
	if (whole) assert_string_equal(str_c(&body), whole);
	str_finish(&title);
	str_finish(&body);
}

static void a_storm_is_a_few_and_more(void **state)
{
	(void)state;
	struct gate gate = {0};
	unsigned told = 0;
	assert_int_equal(gate_next_ms(&gate), 0);
	expect_released(&gate, start_ms, NULL);
	for (int i = 0; i < 20; i++)
		told += gate_pass(&gate, "Mentions", i < 19 ? "one" : "last", start_ms + i, false);
	assert_int_equal(told, GATE_MAX);
	assert_int_equal(gate_next_ms(&gate), start_ms + GATE_SPAN_MS);
	expect_released(&gate, start_ms + GATE_SPAN_MS - 1, NULL);
	expect_released(&gate, start_ms + GATE_SPAN_MS, "last … and 14 more");
	expect_released(&gate, start_ms + 2 * GATE_SPAN_MS, NULL);
	assert_int_equal(gate_next_ms(&gate), 0);
	/* The minute slides: what was told together counts once. */
	assert_true(gate_pass(&gate, "a", "b", start_ms + 2 * GATE_SPAN_MS, false));
	gate_finish(&gate);
}

static void what_comes_while_some_wait_waits_too(void **state)
{
	(void)state;
	struct gate gate = {0};
	for (int i = 0; i <= GATE_MAX; i++)
		gate_pass(&gate, "a", "held", start_ms, false);
	assert_false(gate_pass(&gate, "a", "newer", start_ms + GATE_SPAN_MS, false));
	expect_released(&gate, start_ms + GATE_SPAN_MS, "newer … and 1 more");
	gate_finish(&gate);
}

static void quiet_hours_hold_all(void **state)
{
	(void)state;
	struct gate gate = {0};
	struct str title = {0}, body = {0};
	assert_false(gate_pass(&gate, "a", "first", start_ms, true));
	assert_true(gate_next_ms(&gate) > 0);
	assert_false(gate_release(&gate, start_ms + 1, true, &title, &body));
	assert_int_equal(title.len + body.len, 0);
	expect_released(&gate, start_ms + 2, "first (while it was quiet)");
	assert_false(gate_pass(&gate, "a", "b", start_ms, true));
	assert_false(gate_pass(&gate, "a", "c", start_ms, true));
	assert_false(gate_pass(&gate, "a", "d", start_ms, false));
	expect_released(&gate, start_ms + 3, "d … and 2 more (while it was quiet)");
	gate_finish(&gate);
	gate_finish(&gate);
}

/* -- which way -- */

static void the_best_way_there_is(void **state)
{
	(void)state;
	char helper[] = "stoa-notify", bus[] = "unix:path=/nowhere";
	struct notice_ways ways = {0};
	assert_int_equal(notice_way_of(&ways, "auto", true), WAY_NONE);
	ways.mux = OSC_MUX_TMUX;
	assert_int_equal(notice_way_of(&ways, "auto", true), WAY_MARK);
	ways.form = OSC_777;
	assert_int_equal(notice_way_of(&ways, "auto", true), WAY_TERMINAL);
	ways.bus = bus;
	assert_int_equal(notice_way_of(&ways, "auto", true), WAY_TERMINAL);
	ways.helper = helper;
	assert_int_equal(notice_way_of(&ways, "auto", true), WAY_DESKTOP);
	assert_int_equal(notice_way_after_desktop(&ways, "auto", true), WAY_TERMINAL);
	assert_int_equal(notice_way_after_desktop(&ways, "desktop", true), WAY_NONE);
}

static void as_the_user_says(void **state)
{
	(void)state;
	char helper[] = "stoa-notify", bus[] = "unix:path=/nowhere";
	struct notice_ways ways = {.helper = helper, .bus = bus, .form = OSC_99};
	assert_int_equal(notice_way_of(&ways, "off", true), WAY_NONE);
	assert_int_equal(notice_way_of(&ways, "bell", true), WAY_MARK);
	assert_int_equal(notice_way_of(&ways, "osc777", true), WAY_TERMINAL);
	assert_int_equal(notice_form_of(&ways, "osc777"), OSC_777);
	assert_int_equal(notice_form_of(&ways, "auto"), OSC_99);
	/* Without a terminal only the desktop is left. */
	assert_int_equal(notice_way_of(&ways, "auto", false), WAY_DESKTOP);
	assert_int_equal(notice_way_of(&ways, "bell", false), WAY_NONE);
	assert_int_equal(notice_way_of(&ways, "osc9", false), WAY_NONE);
	assert_int_equal(notice_way_after_desktop(&ways, "auto", false), WAY_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_storm_is_a_few_and_more),
	        cmocka_unit_test(what_comes_while_some_wait_waits_too),
	        cmocka_unit_test(quiet_hours_hold_all),
	        cmocka_unit_test(the_best_way_there_is),
	        cmocka_unit_test(as_the_user_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
