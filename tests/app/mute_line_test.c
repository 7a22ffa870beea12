#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "app/mute_line.h"

enum { HOUR = 3600000 };
static const int64_t now = 1795348800000; /* 2026-11-22T12:00:00Z, a Sunday */

static int zone(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

/* "HOURS from now|ACTION|COLUMNS|QUERY" as read at the prompt; "!" and what is wrong. */
static const char *in(const char *text, enum mute_place place)
{
	static char out[400];
	static const char *const actions[] = {"usual", "fold", "hide"};
	struct mute_line line;
	struct err err = {0};
	if (mute_line_read(&line, text, place, now, &err)) {
		int64_t until = line.mute.until_ms ? (line.mute.until_ms - now) / HOUR : 0;
		assert_string_equal(text + line.query_at, line.query);
		snprintf(out, sizeof(out), "%d|%s|%s|%s", (int)until, actions[line.mute.action],
		        line.columns ? line.columns : "", line.query);
	} else {
		snprintf(out, sizeof(out), "!%s", err.text);
	}
	mute_line_finish(&line);
	return out;
}

static void words_before_the_query_are_taken_in_any_order(void **state)
{
	(void)state;
	assert_string_equal(in("#spam", MUTE_AT_PROMPT), "0|usual||#spam");
	assert_string_equal(in("for 2h fold in Home #spam", MUTE_AT_PROMPT), "2|fold|Home|#spam");
	assert_string_equal(in("in \"To me\",Home hide until 2026-11-23 a b", MUTE_AT_PROMPT),
	        "12|hide|To me,Home|a b");
	/* A time takes as many words as are one. */
	assert_string_equal(in("until mon 9:00 \"crypto; coin\"", MUTE_AT_PROMPT),
	        "21|usual||\"crypto; coin\"");
	assert_string_equal(in("until \"mon 9:00\" crypto", MUTE_AT_PROMPT), "21|usual||crypto");
	/* A whole moment ends there, whatever follows. */
	assert_string_equal(in("until 2026-11-22T14:00:00Z -13 p", MUTE_IN_FILE), "2|usual||-13 p");
	/* What is quoted, or said a second time, is the query. */
	assert_string_equal(
	        in("\"for sale\" in Home", MUTE_AT_PROMPT), "0|usual||\"for sale\" in Home");
	assert_string_equal(in("fold fold", MUTE_AT_PROMPT), "0|fold||fold");
}

static void mistakes_are_said(void **state)
{
	(void)state;
	assert_non_null(strstr(in("for sale", MUTE_AT_PROMPT), "'sale' is not a duration"));
	assert_non_null(strstr(in("for 2h", MUTE_AT_PROMPT), "what shall be muted?"));
	assert_non_null(strstr(in("", MUTE_AT_PROMPT), "what shall be muted?"));
	assert_non_null(strstr(in("in", MUTE_AT_PROMPT), "in which columns?"));
	assert_int_equal(*in("until whenever #x", MUTE_AT_PROMPT), '!');
	/* A file runs at each start. */
	assert_non_null(strstr(in("for 2h #x", MUTE_IN_FILE), "write `until`"));
	assert_non_null(strstr(in("until mon #x", MUTE_IN_FILE), "write a date"));
	assert_string_equal(in("until 2026-11-24 #x", MUTE_IN_FILE), "36|usual||#x");
}

static void a_value_reads_back_as_it_was(void **state)
{
	(void)state;
	static const struct mute mutes[] = {
	        {.query = "#spam", .made_ms = 17},
	        {.query = "2026 budget", .made_ms = 17, .hits = 1234567890123},
	        {.query = "in OR out", .until_ms = 1795353300000, .action = MUTE_FOLD},
	        {.query = "\"x\" -y", .columns = "To me,B", .action = MUTE_HIDE, .made_ms = 5},
	};
	for (size_t i = 0; i < sizeof(mutes) / sizeof(*mutes); i++) {
		struct str value = {0}, again = {0};
		struct mute_line line;
		mute_value_print(&value, &mutes[i]);
		assert_true(mute_value_read(&line, value.p, NULL));
		assert_int_equal(line.mute.until_ms, mutes[i].until_ms);
		assert_int_equal(line.mute.made_ms, mutes[i].made_ms);
		assert_int_equal(line.mute.action, mutes[i].action);
		assert_true(line.mute.hits == mutes[i].hits);
		if (mutes[i].columns) assert_string_equal(line.columns, mutes[i].columns);
		mute_value_print(&again, &line.mute);
		assert_string_equal(again.p, value.p);
		mute_line_finish(&line);
		str_finish(&value);
		str_finish(&again);
	}
}

static void the_first_releases_values_are_still_read(void **state)
{
	(void)state;
	struct mute_line line;
	struct err err = {0};
	assert_true(mute_value_read(&line, "1795353300000 from:ada OR by:ada", &err));
	assert_int_equal(line.mute.until_ms, 1795353300000);
	assert_string_equal(line.query, "from:ada OR by:ada");
	mute_line_finish(&line);
	assert_true(mute_value_read(&line, "0 in the end", &err));
	assert_string_equal(line.query, "in the end");
	assert_int_equal(line.mute.until_ms, 0);
	mute_line_finish(&line);
	assert_true(mute_value_read(&line, "1795353300999  spaced ", &err));
	assert_string_equal(line.query, "spaced");
	assert_int_equal(line.mute.until_ms, 1795353301000);
	mute_line_finish(&line);
	assert_false(mute_value_read(&line, "99999999999999999999 x", &err));
	mute_line_finish(&line);
	assert_false(mute_value_read(&line, "what", &err));
	mute_line_finish(&line);
	assert_false(mute_value_read(&line, "=12 ", &err));
	mute_line_finish(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(words_before_the_query_are_taken_in_any_order),
	        cmocka_unit_test(mistakes_are_said),
	        cmocka_unit_test(a_value_reads_back_as_it_was),
	        cmocka_unit_test(the_first_releases_values_are_still_read),
	};
	return cmocka_run_group_tests(tests, zone, NULL);
}
