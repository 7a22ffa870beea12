/* What came meanwhile, as somebody at the deck reads it; and the brief. */
#include "fake_engine.h"
#include "golden.h"

#include "app/catchup.h"

/* Sun 22 Nov 2026, 12:00; the posts are 1, 2, 3 … minutes old. */
static const struct fake_post home[] = {
        {.name = "1", .handle = "ada@sea.example", .body = "Tide tables", .likes = 4},
        {.name = "2", .handle = "loud@sea.example", .body = "First", .likes = 1},
        {.name = "3", .handle = "loud@sea.example", .body = "Second", .likes = 9},
        {.name = "4", .handle = "loud@sea.example", .body = "Third, and rather long at that"},
        {.name = "5", .handle = "loud@sea.example", .body = "Fourth"},
        {.name = "6", .handle = "loud@sea.example", .body = "Fifth"},
        {.name = "7", .handle = "me-work@home.example", .body = "Ours", .viewer = VIEWER_OWN},
        {.name = "8",
                .handle = "eve@sea.example",
                .body = "@me Can you repair my safe?",
                .viewer = VIEWER_MENTIONED},
};

static void tell(struct deck *deck, enum event_kind kind, const char *text, int64_t number)
{
	struct event *event = event_new(kind);
	event->text = xstrdup(text);
	event->number = number;
	fake_tell(deck, event);
}

/* The last visit ended so many minutes ago. */
static void left(struct deck *deck, int64_t minutes)
{
	struct event *event = event_new(EVENT_DONE);
	struct str text = {0};
	str_addf(&text, "%lld", (long long)(deck->clock.wall - minutes * 60000));
	event->reply_to = fake_job(JOB_VISITS)->id;
	event->text = str_take(&text);
	event->number = 1500;
	fake_tell(deck, event);
}

static void start(struct deck *deck, int cols, int rows)
{
	deck_start(deck, cols, rows, "", NULL);
	fake_account(deck, WORK, "work", CAN_ALL);
	fake_tell(deck, event_new(EVENT_STARTED));
	left(deck, 60);
	deck_run(deck, "column add Home work/home");
	fake_home(deck, home, sizeof(home) / sizeof(*home));
	fake_done(deck, fake_job(JOB_WATCH), NULL);
	tell(deck, EVENT_ATTENTION, "https://sea.example/8", ATTENTION_NEW);
	deck_keys(deck, "gg");
	/* There is nothing below. */
	fake_done(deck, fake_job(JOB_OLDER), NULL);
}

/* Without a heading: "text (detail)", a line each. */
static const char *listed(const struct deck *deck)
{
	static char out[4000];
	size_t at = 0;
	const struct list_view *list = &deck->app->list;
	out[0] = '\0';
	assert_int_equal(deck->app->overlay, OVERLAY_LIST);
	for (size_t i = 0; i < list->nitems; i++) {
		const struct list_item *item = &list->items[i];
		if (item->heading) continue;
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%s%s\n", item->text,
		        item->detail ? " / " : "", item->detail ? item->detail : "");
	}
	return out;
}

static const char *chosen(const struct deck *deck)
{
	const struct list_item *item = list_view_chosen(&deck->app->list, NULL);
	return item ? item->text : "";
}

static void test_by_author_and_who_waits_first(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_keys(&deck, "gc");
	assert_string_equal(listed(&deck),
	        "@eve@sea.example: @me Can you repair my safe?\n"
	        "ada@sea.example @ada@sea.example: 1 post / 4 likes\n"
	        "  Tide tables / 4 likes\n"
	        "loud@sea.example @loud@sea.example: 5 posts / 10 likes\n"
	        "  First / 1 like\n"
	        "  Second / 9 likes\n"
	        "  Third, and rather long at that\n"
	        "  and 2 more: Enter shows them\n"
	        "eve@sea.example @eve@sea.example: 1 post\n"
	        "  @me Can you repair my safe?\n");
	assert_string_equal(
	        deck.app->list.title, "Catch-up of 60 min, by author, most replies first");
	deck_end(&deck);
}

static void test_keys_change_order_and_groups(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_keys(&deck, "gcs");
	assert_non_null(strstr(listed(&deck), "safe?\nloud@sea.example"));
	assert_non_null(strstr(listed(&deck), "10 likes\n  Second / 9 likes\n  First"));
	deck_keys(&deck, "s");
	assert_non_null(strstr(listed(&deck), "10 likes\n  Third, and rather long at that\n"));
	deck_keys(&deck, "bb");
	assert_non_null(strstr(deck.app->list.title, "one by one, most to read first"));
	assert_non_null(strstr(
	        listed(&deck), "safe?\n@loud@sea.example: Third, and rather long at that\n"));
	assert_string_equal(fake_job(JOB_PUT)->arg, "catchup\nnothing density");
	deck_run(&deck, "catchup by author");
	deck_run(&deck, "catchup sort time");
	assert_non_null(strstr(listed(&deck), "  First / 1 like\n  Second"));
	assert_non_null(strstr(deck_refused(&deck, "catchup sort size"), "replies|likes"));
	deck_end(&deck);
}

static void test_a_group_opens_and_closes(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_keys(&deck, "gcGkk<Enter>");
	assert_non_null(strstr(listed(&deck), "  Fourth\n  Fifth\neve"));
	deck_run(&deck, "catchup unfold https://sea.example/users/loud");
	assert_null(strstr(listed(&deck), "Fourth"));
	deck_end(&deck);
}

/* Esc and again, or a post that is opened and closed: the reader is where they were. */
static void test_a_place_to_come_back_to(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_keys(&deck, "gcjjjjj");
	assert_string_equal(chosen(&deck), "  Second");
	deck_keys(&deck, "<Esc>");
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	deck_keys(&deck, "gc");
	assert_string_equal(chosen(&deck), "  Second");
	deck_keys(&deck, "<Enter>");
	assert_non_null(deck.app->above);
	assert_true(store_is_read(deck.app->store, fake_post(&deck, "3")->id));
	deck_keys(&deck, "<Esc>");
	assert_null(deck.app->above);
	assert_string_equal(chosen(&deck), "  Second");
	assert_non_null(strstr(listed(&deck), "Second / 9 likes · read"));
	/* What comes meanwhile waits for the next one. */
	fake_clock_advance(&deck.clock, 10 * 60000);
	const struct fake_post late = {.name = "9", .handle = "ada@sea.example", .body = "Late"};
	struct event *event = event_new(EVENT_PAGE);
	event->page = page_new();
	event->source = store_source(deck.app->store, "work/home");
	struct post_parts parts = {
	        .str = {[POST_URI] = "https://sea.example/9", [POST_BODY] = "Late"},
	        .author = fake_profile(event->page, late.handle),
	        .created_ms = deck.clock.wall};
	struct entry entry = {
	        .sort_ms = deck.clock.wall, .post = page_add_post(event->page, &parts)};
	page_add_entry(event->page, &entry);
	fake_tell(&deck, event);
	app_turn(deck.app, 0);
	assert_null(strstr(listed(&deck), "Late"));
	deck_run(&deck, "catchup 8h");
	assert_non_null(strstr(listed(&deck), "Late"));
	deck_end(&deck);
}

static void test_it_begins_where_the_last_visit_ended(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_run(&deck, "catchup 2m");
	assert_string_equal(listed(&deck), "@eve@sea.example: @me Can you repair my safe?\n"
	                                   "ada@sea.example @ada@sea.example: 1 post / 4 likes\n"
	                                   "  Tide tables / 4 likes\n"
	                                   "loud@sea.example @loud@sea.example: 1 post / 1 like\n"
	                                   "  First / 1 like\n");
	deck_keys(&deck, "ee");
	assert_non_null(strstr(deck.app->list.title, "Catch-up of 2 h"));
	deck_keys(&deck, "<Esc>");
	/* Away for an hour: the next one begins there. */
	fake_clock_advance(&deck.clock, 3600000);
	deck_keys(&deck, "gc");
	assert_non_null(strstr(deck.app->list.title, "Catch-up of 2 h"));
	assert_non_null(strstr(deck_refused(&deck, "catchup tomorrow"), "yet to come"));
	deck_end(&deck);
}

static void test_all_is_read_at_once_and_undone(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_keys(&deck, "gcA");
	assert_string_equal(deck_said(&deck), "7 posts marked read · U undoes");
	assert_true(store_is_read(deck.app->store, fake_post(&deck, "5")->id));
	deck_keys(&deck, "U");
	assert_false(store_is_read(deck.app->store, fake_post(&deck, "5")->id));
	deck_keys(&deck, "ggD");
	assert_int_equal(fake_job(JOB_ATTENTION)->number, ATTENTION_DONE);
	assert_null(strstr(listed(&deck), "@eve@sea.example: @me"));
	deck_end(&deck);
}

/* Two people pass one link on; a stranger's address is one word of a command. */
static void test_links_that_several_pass_on(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const char url[] = "https://news.example/a;quit";
	start(&deck, 120, 30);
	struct event *event = event_new(EVENT_PAGE);
	event->page = page_new();
	event->source = store_source(deck.app->store, "work/home");
	const struct facet facet = {.kind = FACET_LINK, .start = 0, .end = 4, .target = url};
	const char *const who[] = {"ada@sea.example", "loud@sea.example", "ada@sea.example"};
	for (int i = 0; i < 3; i++) {
		struct str uri = {0};
		str_addf(&uri, "https://sea.example/l%d", i);
		struct post_parts parts = {.str = {[POST_URI] = uri.p, [POST_BODY] = "Here it is"},
		        .facets = &facet,
		        .nfacets = 1,
		        .author = fake_profile(event->page, who[i]),
		        .created_ms = deck_now_ms - i * 1000};
		struct entry entry = {
		        .sort_ms = parts.created_ms, .post = page_add_post(event->page, &parts)};
		page_add_entry(event->page, &entry);
		str_finish(&uri);
	}
	fake_tell(&deck, event);
	deck_keys(&deck, "gc");
	assert_non_null(strstr(listed(&deck), "safe?\nhttps://news.example/a;quit / 2 people\n"));
	deck_keys(&deck, "j<Enter>");
	assert_false(deck.app->over);
	assert_non_null(strstr(deck.app->list.title, "by link"));
	assert_string_equal(chosen(&deck), "https://news.example/a;quit: 3 posts");
	assert_non_null(strstr(listed(&deck), "Without a link: 7 posts"));
	deck_end(&deck);
}

static void test_what_is_muted_is_counted_only(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_run(&deck, "mute fold from:loud@sea.example");
	deck_keys(&deck, "gc");
	assert_null(strstr(listed(&deck), "loud"));
	assert_string_equal(deck.app->list.items[0].text, "2 posts by 2 people · 5 muted");
	deck_end(&deck);
}

/* A page of home with one post so many minutes old, and a hole below it. */
static void page(struct deck *deck, const char *name, int minutes, const char *older, bool gap,
        const char *fills)
{
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	struct str uri = {0};
	str_addf(&uri, "https://sea.example/%s", name);
	event->source = store_source(deck->app->store, "work/home");
	struct post_parts parts = {.str = {[POST_URI] = uri.p, [POST_BODY] = name},
	        .author = fake_profile(page, "ada@sea.example"),
	        .created_ms = deck_now_ms - minutes * 60000};
	struct entry entry = {
	        .sort_ms = parts.created_ms, .cursor = name, .post = page_add_post(page, &parts)};
	page_add_entry(page, &entry);
	page->older = page_str(page, older);
	page->gap = gap;
	page->fills = page_str(page, fills);
	fake_tell(deck, event);
	str_finish(&uri);
}

/* Holes first, then what lies below, as far back as it reaches. */
static void test_what_is_missing_is_asked_for(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	page(&deck, "g", 20, "hole", true, NULL);
	deck_keys(&deck, "gc");
	assert_non_null(strstr(deck.app->list.items[0].text, "asking for what is missing"));
	assert_string_equal(fake_job(JOB_GAP)->arg, "hole");
	size_t asked = fake_count(JOB_GAP);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_GAP), asked);
	page(&deck, "f", 40, NULL, false, "hole");
	fake_done(&deck, fake_job(JOB_GAP), NULL);
	fake_clock_advance(&deck.clock, 1000);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_GAP), asked);
	assert_null(strstr(deck.app->list.items[0].text, "missing"));
	assert_non_null(strstr(listed(&deck), "  f\n"));
	deck_end(&deck);
}

static void test_a_server_that_fails_is_not_asked_again(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	page(&deck, "g", 20, "hole", true, NULL);
	deck_keys(&deck, "gc");
	fake_done(&deck, fake_job(JOB_GAP), "the server is on fire");
	fake_clock_advance(&deck.clock, 1000);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_GAP), 1);
	assert_non_null(strstr(deck.app->list.items[0].text, " · 1 gap"));
	deck_end(&deck);
}

/* -- the brief -- */

static void brief_came(struct deck *deck)
{
	struct event *event = event_new(EVENT_BRIEF);
	struct brief *brief = event->brief = xcalloc(1, sizeof(*brief));
	event->reply_to = fake_job(JOB_BRIEF)->id;
	brief->now_ms = deck_now_ms;
	brief->since_ms = brief_since(deck_now_ms);
	struct brief_saved *saved = brief_add_saved(brief);
	saved->name = xstrdup("trade");
	saved->query = xstrdup("fi OR tide");
	saved->posts = 41;
	saved->weeks = 8;
	saved->low = 6;
	saved->high = 12;
	struct brief_owed *owed = brief_add_owed(brief);
	owed->post.uri = xstrdup("https://sea.example/8");
	owed->post.at_ms = deck_now_ms;
	owed->account = WORK;
	fake_tell(deck, event);
}

static void begin_brief(struct deck *deck, int cols, int rows)
{
	start(deck, cols, rows);
	deck_run(deck, "save trade fi OR tide");
	deck_run(deck, "budget 20m/day");
	left(deck, 60);
	deck_keys(deck, "gB");
	brief_came(deck);
}

static void test_a_brief_has_the_words(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin_brief(&deck, 120, 30);
	const char *text = listed(&deck);
	assert_non_null(strstr(text, "  trade: 41, usually 6 to 12: much more than usual\n"
	                             "    1 min    @ada@sea.example: Tide tables\n"
	                             "    2 min    @loud@sea.example: First\n"));
	assert_non_null(strstr(text, "  8 min    @eve@sea.example: @me Can you repair my safe?\n"));
	deck_keys(&deck, "jj<Enter>");
	assert_non_null(deck.app->above);
	assert_non_null(strstr(deck.app->above->sources[0], "https://sea.example/2"));
	deck_end(&deck);
}

/* A column that shows little has sources all the same; the newest come first. */
static void test_a_brief_looks_behind_a_columns_query(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_run(&deck, "save trade fi OR tide OR third OR second");
	deck_run(&deck, "column query fifth");
	deck_keys(&deck, "gB");
	brief_came(&deck);
	const char *text = listed(&deck);
	assert_non_null(strstr(text, "    1 min    @ada@sea.example: Tide tables\n"
	                             "    2 min    @loud@sea.example: First\n"));
	assert_null(strstr(text, "Second"));
	deck_end(&deck);
}

static void test_the_budget_is_told_once(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 120, 30);
	deck_run(&deck, "budget 30m/day");
	left(&deck, 60);
	assert_int_equal(deck.app->used_s, 1500);
	assert_string_equal(deck_said(&deck), "");
	deck_run(&deck, "budget 20m/day");
	left(&deck, 60);
	assert_string_equal(deck_said(&deck), "that was your time: 25 min of 20 min today");
	assert_string_equal(fake_job(JOB_PUT)->arg, "budget\n1795305600000");
	size_t said = deck.app->nmessages;
	fake_clock_advance(&deck.clock, 61000);
	app_turn(deck.app, 0);
	left(&deck, 60);
	assert_int_equal(deck.app->nmessages, said);
	assert_non_null(strstr(deck_refused(&deck, "budget much"), "2h/week"));
	deck_end(&deck);
}

/* -- golden screens -- */

static void check(struct deck *deck, const char *name, int cols, int rows)
{
	struct str file = {0};
	str_addf(&file, "catchup-%s-%dx%d", name, cols, rows);
	if (!golden_is(deck, file.p, false)) fail_msg("%s", file.p);
	str_finish(&file);
}

static void screens(int cols, int rows)
{
	struct deck deck = {0};
	begin_brief(&deck, cols, rows);
	check(&deck, "brief", cols, rows);
	deck_keys(&deck, "<Esc>gc");
	check(&deck, "author", cols, rows);
	deck_keys(&deck, "bbs");
	check(&deck, "nothing", cols, rows);
	deck_end(&deck);
}

static void test_wide(void **state)
{
	(void)state;
	screens(80, 24);
}

static void test_narrow(void **state)
{
	(void)state;
	screens(40, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_by_author_and_who_waits_first),
	        cmocka_unit_test(test_keys_change_order_and_groups),
	        cmocka_unit_test(test_a_group_opens_and_closes),
	        cmocka_unit_test(test_a_place_to_come_back_to),
	        cmocka_unit_test(test_it_begins_where_the_last_visit_ended),
	        cmocka_unit_test(test_all_is_read_at_once_and_undone),
	        cmocka_unit_test(test_links_that_several_pass_on),
	        cmocka_unit_test(test_what_is_muted_is_counted_only),
	        cmocka_unit_test(test_what_is_missing_is_asked_for),
	        cmocka_unit_test(test_a_server_that_fails_is_not_asked_again),
	        cmocka_unit_test(test_a_brief_has_the_words),
	        cmocka_unit_test(test_a_brief_looks_behind_a_columns_query),
	        cmocka_unit_test(test_the_budget_is_told_once),
	        cmocka_unit_test(test_wide),
	        cmocka_unit_test(test_narrow),
	};
	if (!golden_begin()) return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
