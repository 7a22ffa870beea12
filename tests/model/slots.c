#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "model/slots.h"

static const char amsterdam[] = "Europe/Amsterdam", lord_howe[] = "Australia/Lord_Howe";

static int64_t utc(const char *text)
{
	int64_t ms = 0;

	if (!date_parse_rfc3339(text, &ms)) fail_msg("%s", text);
	return ms;
}

static void nothing_is_no_slot(void **state)
{
	struct slots slots = {.n = 7}, none = {0};
	struct err err = {0};
	struct when when;

	(void)state;
	assert_false(slots_parse("", &slots, &err));
	assert_int_equal(slots.n, 7);
	assert_true(err.text[0]);
	assert_false(slots_after(&none, amsterdam, 0, &when));
	assert_false(slots_next(&none, NULL, 0, NULL, 0, 0, &when));
}

static void slots_are_read_and_printed(void **state)
{
	static const struct {
		const char *text, *printed; /* NULL: refused, and says… */
		const char *says;
	} samples[] = {
	        {"mon-fri 09:00 12:30 17:00", "mon-fri 09:00 12:30 17:00", NULL},
	        {"Monday 9:00", "mon 09:00", NULL},
	        {"daily 8:05", "mon-sun 08:05", NULL},
	        {"sat,sun 11:00, wed 7:00 7:00", "wed 07:00, sat-sun 11:00", NULL},
	        {"fri-mon 10:00", "mon 10:00, fri-sun 10:00", NULL},
	        {"mon 9:00 mon-tue 8:00", "mon 08:00 09:00, tue 08:00", NULL},
	        {" tue\t23:59 ,", "tue 23:59", NULL},
	        {"9:00", NULL, "on which days"},
	        {"mon", NULL, "at what time"},
	        {"mon tue 9:00", NULL, "before 'tue'"},
	        {"mon 25:00", NULL, "25:00"},
	        {"mon 9", NULL, "'9'"},
	        {"mon-fry 9:00", NULL, "mon-fry"},
	        {"mon- 9:00", NULL, "mon-"},
	        {"mon 9:00 fri", NULL, "at what time"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct slots slots = {0};
		struct err err = {0};
		struct str out = {0};
		bool ok = slots_parse(samples[i].text, &slots, &err);
		if (ok != !!samples[i].printed) fail_msg("'%s': %s", samples[i].text, err.text);
		if (ok) {
			slots_print(&out, &slots);
			assert_string_equal(str_c(&out), samples[i].printed);
		} else if (!strstr(err.text, samples[i].says)) {
			fail_msg("'%s': %s", samples[i].text, err.text);
		}
		str_finish(&out);
	}
}

static void a_week_has_so_many(void **state)
{
	struct slots slots;
	struct err err = {0};
	struct str text = {0};

	(void)state;
	str_adds(&text, "daily");
	for (int i = 0; i < 48; i++)
		str_addf(&text, " %d:%02d", i / 2, i % 2 * 30);
	assert_true(slots_parse(text.p, &slots, &err));
	assert_int_equal(slots.n, SLOTS_MAX);
	str_adds(&text, " 0:01");
	assert_false(slots_parse(text.p, &slots, &err));
	assert_non_null(strstr(err.text, "336"));
	str_finish(&text);
}

struct step {
	const char *slots, *zone, *after, *next;
	enum when_note note;
};

static void the_next_one_by_the_clocks_of_the_zone(void **state)
{
	static const struct step steps[] = {
	        /* A Sunday, 11:00 there. */
	        {"mon-fri 9:00 12:30", amsterdam, "2026-11-22T10:00:00Z", "2026-11-23T08:00:00Z",
	                0},
	        {"mon-fri 9:00 12:30", amsterdam, "2026-11-23T08:00:00Z", "2026-11-23T11:30:00Z",
	                0},
	        {"mon-fri 9:00 12:30", amsterdam, "2026-11-23T07:59:59.999Z",
	                "2026-11-23T08:00:00Z", 0},
	        {"mon-fri 9:00", amsterdam, "2026-11-27T08:00:00Z", "2026-11-30T08:00:00Z", 0},
	        {"sun 11:00", amsterdam, "2026-11-22T10:00:00Z", "2026-11-29T10:00:00Z", 0},
	        /* It is Monday there already. */
	        {"mon 0:30", amsterdam, "2026-11-22T23:15:00Z", "2026-11-22T23:30:00Z", 0},
	        {"mon 9:00", "Asia/Kathmandu", "2026-11-22T10:00:00Z", "2026-11-23T03:15:00Z", 0},
	        /* The same wall time on both sides of a change. */
	        {"daily 9:00", amsterdam, "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z", 0},
	        {"daily 9:00", amsterdam, "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", 0},
	        /* Jumped over. */
	        {"sun 2:30", amsterdam, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", WHEN_GAP},
	        {"sun 2:15", lord_howe, "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z", WHEN_GAP},
	        /* Shown twice: once a day is enough. */
	        {"sun 2:30", amsterdam, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", WHEN_FOLD},
	        {"sun 2:30", amsterdam, "2026-10-25T00:30:00Z", "2026-11-01T01:30:00Z", 0},
	        {"daily 2:30 2:40", amsterdam, "2026-10-25T01:35:00Z", "2026-10-26T01:30:00Z", 0},
	        /* A Friday that was not there: its slot is Saturday's first moment. */
	        {"fri 12:00", "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z",
	                WHEN_GAP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct slots slots;
		struct when when;
		char text[32];
		assert_true(slots_parse(steps[i].slots, &slots, NULL));
		assert_true(slots_after(&slots, steps[i].zone, utc(steps[i].after), &when));
		date_format_rfc3339(text, when.utc_ms);
		if (strcmp(text, steps[i].next) != 0 || when.note != steps[i].note)
			fail_msg("%s after %s: %s, note %d", steps[i].slots, steps[i].after, text,
			        when.note);
		assert_string_equal(when.zone, steps[i].zone);
	}
}

static void a_taken_one_is_passed_over(void **state)
{
	struct slots slots;
	struct when when;
	int64_t taken[] = {utc("2026-11-23T11:30:00Z"), utc("2026-11-23T08:00:20Z")};
	const int64_t now = utc("2026-11-22T10:00:00Z"), minute = 60000;

	(void)state;
	assert_true(slots_parse("mon-fri 9:00 12:30 17:00", &slots, NULL));
	assert_true(slots_next(&slots, amsterdam, now, taken, 0, 0, &when));
	assert_int_equal(when.utc_ms, utc("2026-11-23T08:00:00Z"));
	assert_true(slots_next(&slots, amsterdam, now, taken, 2, 0, &when));
	assert_int_equal(when.utc_ms, utc("2026-11-23T16:00:00Z"));
	/* A post that stands elsewhere keeps its distance too. */
	taken[1] = utc("2026-11-23T08:10:00Z");
	assert_true(slots_next(&slots, amsterdam, now, taken, 2, 10 * minute, &when));
	assert_int_equal(when.utc_ms, utc("2026-11-23T08:00:00Z"));
	assert_true(slots_next(&slots, amsterdam, now, taken, 2, 10 * minute + 1, &when));
	assert_int_equal(when.utc_ms, utc("2026-11-23T16:00:00Z"));
	/* No slot of a whole year is free. */
	assert_false(slots_next(&slots, amsterdam, now, taken, 1, 400LL * 24 * 60 * minute, &when));
}

static void it_is_asked_for_in_words(void **state)
{
	(void)state;
	assert_true(slots_is_next("next slot"));
	assert_true(slots_is_next("  Next   SLOT "));
	assert_false(slots_is_next("next slots"));
	assert_false(slots_is_next("next slot please"));
	assert_false(slots_is_next("next"));
	assert_false(slots_is_next(""));
}

static void each_account_has_its_own(void **state)
{
	struct slots_book book = {0};
	struct err err = {0};

	(void)state;
	assert_null(slots_book_get(&book, "work"));
	assert_true(slots_book_put(&book, "work", "mon 9:00", &err));
	assert_true(slots_book_put(&book, "shop", "tue 9:00 10:00", &err));
	assert_true(slots_book_put(&book, "work", "daily 9:00", &err));
	assert_int_equal(slots_book_get(&book, "work")->n, 7);
	assert_int_equal(slots_book_get(&book, "shop")->n, 2);
	/* A mistake changes nothing. */
	assert_false(slots_book_put(&book, "work", "sometimes", &err));
	assert_int_equal(slots_book_get(&book, "work")->n, 7);
	assert_true(slots_book_put(&book, "work", "off", &err));
	assert_null(slots_book_get(&book, "work"));
	assert_int_equal(book.n, 1);
	slots_book_finish(&book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_no_slot),
	        cmocka_unit_test(slots_are_read_and_printed),
	        cmocka_unit_test(a_week_has_so_many),
	        cmocka_unit_test(the_next_one_by_the_clocks_of_the_zone),
	        cmocka_unit_test(a_taken_one_is_passed_over),
	        cmocka_unit_test(it_is_asked_for_in_words),
	        cmocka_unit_test(each_account_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
