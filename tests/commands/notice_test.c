/* Notices on their way out of the deck, and the terminal's title. */
#include <inttypes.h>
#include <stdio.h>

#include "app/notice.h"
#include "fake_engine.h"

static const struct fake_post talk[] = {
        {.name = "1", .handle = "ada@sea.example", .body = "Tide tables for November"},
};

/* No desktop: what leaves is what the terminal is given. */
static void begin(struct deck *deck, const char *notify_by)
{
	deck_start(deck, 80, 24, "", NULL);
	fake_account(deck, WORK, "work", CAN_ALL);
	fake_tell(deck, event_new(EVENT_STARTED));
	deck_run(deck, "column add Home work/home");
	struct str line = {0};
	str_addf(&line, "set notify-by %s", notify_by);
	deck_run(deck, line.p);
	str_finish(&line);
	fake_home(deck, talk, 1);
}

static void more(struct deck *deck, const char *name, const char *body, enum visibility visibility)
{
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	struct str uri = {0};
	event->source = store_source(deck->app->store, "work/home");
	str_addf(&uri, "https://sea.example/%s", name);
	fake_clock_advance(&deck->clock, 1000);
	struct post_parts parts = {.str = {[POST_URI] = uri.p, [POST_BODY] = body},
	        .author = fake_profile(page, "ada@sea.example"),
	        .visibility = visibility,
	        .created_ms = deck->clock.wall};
	struct entry entry = {.sort_ms = deck->clock.wall};
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	fake_tell(deck, event);
	str_finish(&uri);
}

static size_t count(const struct deck *deck, const char *what)
{
	size_t n = 0;
	const char *p = term_memory_notices(app_term(deck->app));
	for (; (p = strstr(p, what)); p++)
		n++;
	return n;
}

static void test_what_leaves(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "osc777");
	deck_run(&deck, "notify pier");
	more(&deck, "2", "Nothing of the kind", VIS_PUBLIC);
	assert_string_equal(term_memory_notices(app_term(deck.app)), "");
	more(&deck, "3", "The pier is closed, and it will be so until the storm is over",
	        VIS_PUBLIC);
	assert_string_equal(term_memory_notices(app_term(deck.app)),
	        "\033]777;notify;stoa: pier;@ada@sea.example: The pier is closed, and it will be "
	        "so "
	        "until the storm is over\033\\");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 0);
	more(&deck, "4", "pier: for you alone", VIS_DIRECT);
	assert_int_equal(count(&deck, "@ada@sea.example: a direct message\033\\"), 1);
	assert_int_equal(count(&deck, "for you alone"), 0);
	deck_run(&deck, "set notify-by off");
	more(&deck, "5", "pier again", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]777"), 2);
	assert_non_null(strstr(deck_said(&deck), "pier again"));
	deck_run(&deck, "set notify-by bell");
	more(&deck, "6", "pier by bell", VIS_PUBLIC);
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	deck_end(&deck);
}

static void test_one_post_leaves_once(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "osc9");
	deck_run(&deck, "notify tar");
	deck_run(&deck, "notify bell rope");
	more(&deck, "2", "tar and rope", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]9;"), 1);
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	more(&deck, "3", "rope alone", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]9;"), 2);
	deck_end(&deck);
}

/* The daemon was there before this deck. */
static void test_what_was_told_is_not_told_again(void **state)
{
	(void)state;
	struct deck deck = {0};
	struct str value = {0};
	begin(&deck, "osc9");
	deck_run(&deck, "notify tar");
	struct event *event = event_new(EVENT_VALUE);
	str_addf(&value, "told\n%" PRIx64 " %" PRIx64, store_key("https://sea.example/x"),
	        store_key("https://sea.example/2"));
	event->text = str_take(&value);
	fake_tell(&deck, event);
	more(&deck, "2", "tar one", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]9;"), 0);
	more(&deck, "3", "tar two", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]9;"), 1);
	deck_end(&deck);
}

static void test_a_rate_speaks_up(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "osc9");
	deck_run(&deck, "notify over 2 in 1h tar");
	more(&deck, "2", "tar one", VIS_PUBLIC);
	more(&deck, "3", "tar two", VIS_PUBLIC);
	assert_int_equal(count(&deck, "\033]9;"), 0);
	more(&deck, "4", "tar three", VIS_PUBLIC);
	assert_int_equal(
	        count(&deck, "stoa: tar: 3 in 1h, the last: @ada@sea.example: tar three\033\\"), 1);
	deck_end(&deck);
}

static void test_too_many_are_told_as_one(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "osc9");
	deck_run(&deck, "notify tar");
	for (int i = 0; i < 20; i++) {
		char name[8], body[32];
		snprintf(name, sizeof(name), "%d", i + 2);
		snprintf(body, sizeof(body), "tar number %d", i);
		more(&deck, name, body, VIS_PUBLIC);
	}
	assert_int_equal(count(&deck, "\033]9;"), 5);
	fake_clock_advance(&deck.clock, 39000);
	app_turn(deck.app, 0);
	assert_int_equal(count(&deck, "\033]9;"), 5);
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	assert_int_equal(count(&deck, "\033]9;"), 6);
	assert_int_equal(count(&deck, "tar number 19 … and 14 more"), 1);
	deck_end(&deck);
}

/* The fixture's noon is in them. */
static void test_quiet_hours(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "osc9");
	deck_run(&deck, "notify bell tar");
	deck_run(&deck, "set quiet 11:30-12:30");
	more(&deck, "2", "tar one", VIS_PUBLIC);
	more(&deck, "3", "tar two", VIS_PUBLIC);
	assert_non_null(strstr(deck_said(&deck), "tar two"));
	assert_int_equal(count(&deck, "\033]9;"), 0);
	assert_int_equal(term_memory_bells(app_term(deck.app)), 0);
	fake_clock_advance(&deck.clock, 29 * 60000);
	app_turn(deck.app, 0);
	assert_int_equal(count(&deck, "\033]9;"), 0);
	fake_clock_advance(&deck.clock, 60000);
	app_turn(deck.app, 0);
	assert_int_equal(count(&deck, "tar two … and 1 more (while it was quiet)"), 1);
	assert_true(strstr(deck_refused(&deck, "set quiet late"), "22:00-07:00") != NULL);
	deck_end(&deck);
}

static void test_trying_them(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck, "auto");
	deck_run(&deck, "notify test");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	assert_string_equal(term_memory_notices(app_term(deck.app)), "");
	assert_non_null(strstr(deck_said(&deck), "notices stay on the status bar · desktop: "));
	deck_run(&deck, "set notify-by osc99");
	deck_run(&deck, "notify test");
	assert_int_equal(count(&deck, "o=always"), 1);
	assert_non_null(strstr(deck_said(&deck), "terminal: osc99"));
	assert_non_null(strstr(deck_said(&deck), "notices take the terminal"));
	/* A rule may be named so, too. */
	deck_run(&deck, "notify bell test");
	more(&deck, "2", "just a test", VIS_PUBLIC);
	assert_int_equal(count(&deck, "just a test"), 1);
	deck_end(&deck);
}

static void test_title(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const struct fake_post notes[] = {
	        {.name = "8",
	                .handle = "eve@sea.example",
	                .body = "@me Hello",
	                .viewer = VIEWER_MENTIONED,
	                .reason = REASON_MENTIONED},
	        {.name = "9",
	                .handle = "bob@sea.example",
	                .body = "@me Ahoy",
	                .viewer = VIEWER_MENTIONED,
	                .reason = REASON_REPLIED},
	        {.name = "1",
	                .handle = "ada@sea.example",
	                .body = "Tide tables for November",
	                .reason = REASON_LIKED,
	                .actor = "bob@sea.example"},
	};
	begin(&deck, "off");
	assert_string_equal(term_memory_title(app_term(deck.app)), "");
	deck_run(&deck, "set set-title mentions");
	assert_string_equal(term_memory_title(app_term(deck.app)), "stoa");
	deck_run(&deck, "column add Notes work/notifications");
	deck_run(&deck, "column add Mentions work/mentions");
	fake_page(&deck, "work/notifications", notes, 3);
	fake_page(&deck, "work/mentions", notes, 2);
	assert_string_equal(term_memory_title(app_term(deck.app)), "stoa: 2 mentions");
	app_set_read(deck.app, store_find(deck.app->store, "https://sea.example/8"), true);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	deck.app->stale_status = true;
	app_turn(deck.app, 0);
	assert_string_equal(term_memory_title(app_term(deck.app)), "stoa: 1 mention");
	deck_run(&deck, "set set-title on");
	assert_string_equal(term_memory_title(app_term(deck.app)), "stoa (4)");
	deck_run(&deck, "set set-title off");
	assert_string_equal(term_memory_title(app_term(deck.app)), "");
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_what_leaves),
	        cmocka_unit_test(test_one_post_leaves_once),
	        cmocka_unit_test(test_what_was_told_is_not_told_again),
	        cmocka_unit_test(test_a_rate_speaks_up),
	        cmocka_unit_test(test_too_many_are_told_as_one),
	        cmocka_unit_test(test_quiet_hours),
	        cmocka_unit_test(test_trying_them),
	        cmocka_unit_test(test_title),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
