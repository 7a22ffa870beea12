#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/poll.h"

/* The options of a poll as posts keep them. */

/* "TITLE VOTES PERCENT[!]", with commas between. */
static const char *shown(const char *poll)
{
	static struct str out;
	struct poll_sum sum = poll_sum(poll);
	struct poll_option option;
	str_finish(&out);
	while (poll_next(&poll, &option))
		str_addf(&out, "%s%.*s %lld %d%s", out.len ? "," : "", (int)option.len,
		        option.title, (long long)option.votes, poll_percent(&sum, &option),
		        option.ours ? "!" : "");
	return str_c(&out);
}

static void percentages_are_of_the_votes(void **state)
{
	(void)state;
	assert_string_equal(shown("3\tYes\n1\tNo"), "Yes 3 75,No 1 25");
	assert_string_equal(shown("0\tYes\n0\tNo"), "Yes 0 0,No 0 0");
	assert_string_equal(shown("-1\tYes\n5\tNo"), "Yes -1 -1,No 5 100");
	assert_string_equal(shown(""), "");
	/* Without a tab it is a title; its votes are not known. */
	assert_string_equal(shown("odd\n\n2\tx"), "odd -1 -1, -1 -1,x 2 100");
}

static void of_several_they_are_of_the_voters(void **state)
{
	(void)state;
	assert_string_equal(shown("3\tRope\n+4\tTar\nv5\t"), "Rope 3 60,Tar 4 80!");
	assert_int_equal(poll_sum("3\tRope\n+4\tTar\nv5\t").options, 2);
	assert_int_equal(poll_sum("3\tRope\n+4\tTar\nv5\t").voters, 5);
	/* More voters than votes is nonsense, and fewer than an option has. */
	assert_string_equal(shown("3\tRope\n4\tTar\nv50\t"), "Rope 3 43,Tar 4 57");
	assert_string_equal(shown("3\tRope\n4\tTar\nv2\t"), "Rope 3 100,Tar 4 100");
}

static void what_a_stranger_claims_runs_over_nothing(void **state)
{
	(void)state;
	assert_string_equal(shown("9223372036854775807\ta\n9223372036854775807\tb"),
	        "a 9223372036854775807 -1,b 9223372036854775807 -1");
	assert_string_equal(shown("99999999999999999999999\ta"), "a 9223372036854775807 -1");
	assert_string_equal(shown("-99999999999999999999999\ta"), "a -1 -1");
	/* A title cannot be taken for the number of voters. */
	assert_string_equal(shown("1\tv7"), "v7 1 100");
}

static const char *kept(const char *told, const char *before)
{
	static struct str out;
	str_finish(&out);
	if (!poll_keep_choice(&out, told, before)) assert_int_equal(out.len, 0);
	return str_c(&out);
}

static void a_choice_outlives_what_does_not_tell_it(void **state)
{
	(void)state;
	assert_string_equal(kept("4\tRope\n9\tTar\nv12\t", "3\tRope\n+8\tTar\nv10\t"),
	        "4\tRope\n+9\tTar\nv12\t");
	assert_string_equal(kept("-1\tRope\n-1\tTar", "-2\tRope\n-1\tTar"), "-2\tRope\n-1\tTar");
	/* Told anew, never chosen, or another poll. */
	assert_string_equal(kept("+4\tRope\n9\tTar", "3\tRope\n+8\tTar"), "");
	assert_string_equal(kept("4\tRope\n9\tTar", "3\tRope\n8\tTar"), "");
	assert_string_equal(kept("4\tRope\n9\tPitch", "3\tRope\n+8\tTar"), "");
	assert_string_equal(kept("4\tRope\n9\tTar\n0\tGlue", "3\tRope\n+8\tTar"), "");
}

static void it_is_read_as_it_was_built(void **state)
{
	(void)state;
	struct str poll = {0};
	poll_add(&poll, 3, false, "A");
	poll_add(&poll, 2, true, "B");
	poll_add(&poll, -1, false, "C");
	poll_add(&poll, -1, true, "D");
	poll_add_voters(&poll, 4);
	assert_string_equal(poll.p, "3\tA\n+2\tB\n-1\tC\n-2\tD\nv4\t");
	assert_string_equal(shown(poll.p), "A 3 75,B 2 50!,C -1 -1,D -1 -1!");
	assert_true(poll_sum(poll.p).ours);
	str_finish(&poll);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(percentages_are_of_the_votes),
	        cmocka_unit_test(of_several_they_are_of_the_voters),
	        cmocka_unit_test(what_a_stranger_claims_runs_over_nothing),
	        cmocka_unit_test(a_choice_outlives_what_does_not_tell_it),
	        cmocka_unit_test(it_is_read_as_it_was_built),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
