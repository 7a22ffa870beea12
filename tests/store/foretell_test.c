/*
 * A search whose next keys were found out beforehand finds what one finds that reads all texts
 * when they are pressed, whatever posts come and change in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_clock.h"
#include "store/timeline.h"

enum { POSTS = 120, MORE = 40, WORDS = 300, ACCOUNT = 2, START = 1000000 };

struct fixture {
	struct fake_clock clock;
	struct store *store;
	source_id home;
	struct timeline *told, *plain;
	int edits[POSTS + MORE];
	uint32_t random;
};

static unsigned pick(struct fixture *fixture, unsigned n)
{
	fixture->random = fixture->random * 1664525u + 1013904223u;
	return (fixture->random >> 8) % n;
}

/* Few letters, so that words meet; the end of one text is another's middle. */
static void text_of(struct fixture *fixture, char out[96])
{
	static const char *const parts[] = {
	        "a", "b", "ab", "ba", "z", "1", " ", "\xd0\xb0", "\xd0\xb1", "\xe4\xb8\xad", "\n"};
	size_t n = 3 + pick(fixture, 9);

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		strcat(out, parts[pick(fixture, sizeof parts / sizeof *parts)]);
	}
}

static void put_post(struct fixture *fixture, int number)
{
	struct page *page = page_new();
	char uri[64], body[96];
	struct viewer viewer = {.account = ACCOUNT, .remote_id = uri};
	struct post_parts parts = {.viewers = &viewer, .nviewers = 1};
	struct entry entry = {.reason = REASON_POSTED};

	snprintf(uri, sizeof uri, "https://x.example/%d", number);
	text_of(fixture, body);
	parts.str[POST_URI] = uri;
	parts.str[POST_BODY] = body;
	parts.created_ms = START + number * 1000;
	parts.edited_ms = fixture->edits[number]++;
	page->source = fixture->home;
	entry.post = page_add_post(page, &parts);
	entry.sort_ms = parts.created_ms;
	page_add_entry(page, &entry);
	store_add_page(fixture->store, page);
}

static struct timeline *column(struct fixture *fixture)
{
	struct timeline *timeline = timeline_new(fixture->store);

	timeline_set_sources(timeline, &fixture->home, 1);
	return timeline;
}

static void check_same(struct fixture *fixture, const char *typed)
{
	size_t n;

	while (timeline_unsearched(fixture->told) > 0) {
		timeline_settle(fixture->told, INT64_MAX);
	}
	assert_true(timeline_settle(fixture->plain, INT64_MAX));
	n = timeline_len(fixture->plain);
	if (timeline_len(fixture->told) != n) fail_msg("\"%s\": not %zu", typed, n);
	assert_int_equal(timeline_unread(fixture->told), timeline_unread(fixture->plain));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(
		        timeline_at(fixture->told, i).post, timeline_at(fixture->plain, i).post);
	}
}

/* Key by key; between them posts come and change, before or after it was thought of them. */
static void type_text(struct fixture *fixture, const char *text, int *number)
{
	char typed[96];

	for (size_t len = 1; len <= strlen(text); len++) {
		if (((unsigned char)text[len] & 0xc0) == 0x80) continue;
		if (pick(fixture, 8) > 0) assert_true(timeline_settle(fixture->told, INT64_MAX));
		if (pick(fixture, 3) == 0) put_post(fixture, (int)pick(fixture, POSTS));
		if (pick(fixture, 9) == 0 && *number < POSTS + MORE) {
			put_post(fixture, (*number)++);
		}
		snprintf(typed, sizeof typed, "%.*s", (int)len, text);
		assert_true(timeline_narrow(fixture->told, typed, false, NULL, NULL));
		assert_true(timeline_narrow(fixture->plain, typed, false, NULL, NULL));
		check_same(fixture, typed);
	}
	timeline_narrow(fixture->told, NULL, false, NULL, NULL);
	timeline_narrow(fixture->plain, NULL, false, NULL, NULL);
}

static void test_what_was_foretold_comes(void **state)
{
	struct fixture fixture = {.random = 4};
	int number = POSTS;
	char text[96];

	(void)state;
	fake_clock_init(&fixture.clock, START);
	fixture.store = store_new(&fixture.clock.clock);
	fixture.home = store_source(fixture.store, "work/home");
	for (int i = 0; i < POSTS; i++) {
		put_post(&fixture, i);
	}
	fixture.told = column(&fixture);
	fixture.plain = column(&fixture);
	for (int i = 0; i < WORDS; i++) {
		timeline_expect(fixture.told, pick(&fixture, 10) > 0);
		text_of(&fixture, text);
		text[strcspn(text, "\n")] = '\0';
		type_text(&fixture, text, &number);
	}
	timeline_free(fixture.told);
	timeline_free(fixture.plain);
	store_free(fixture.store);
}

/* With nothing typed, and with what can be no word. */
static void test_nothing_to_foretell(void **state)
{
	struct fixture fixture = {.random = 4};

	(void)state;
	fake_clock_init(&fixture.clock, START);
	fixture.store = store_new(&fixture.clock.clock);
	fixture.home = store_source(fixture.store, "work/home");
	fixture.told = timeline_new(fixture.store);
	timeline_expect(fixture.told, true);
	assert_true(timeline_settle(fixture.told, INT64_MAX));
	assert_int_equal(timeline_unsearched(fixture.told), 0);
	timeline_set_sources(fixture.told, &fixture.home, 1);
	put_post(&fixture, 0);
	assert_true(timeline_narrow(fixture.told, "-a", false, NULL, NULL));
	assert_true(timeline_settle(fixture.told, INT64_MAX));
	assert_true(timeline_narrow(fixture.told, "is:unread", false, NULL, NULL));
	assert_true(timeline_settle(fixture.told, INT64_MAX));
	assert_int_equal(timeline_len(fixture.told), 1);
	timeline_expect(fixture.told, false);
	assert_int_equal(timeline_len(fixture.told), 1);
	timeline_free(fixture.told);
	store_free(fixture.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_what_was_foretold_comes),
	        cmocka_unit_test(test_nothing_to_foretell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
