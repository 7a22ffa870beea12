/* What lies over the deck: conversations and profiles; and markers. */
#include "fake_engine.h"

#include "app/over.h"
#include "model/person.h"

static const char thread_1[] = "work/thread:https://sea.example/1";

/* Replies to post 1, and one to the first of them, as the conversation's source brings them. */
static void tell_thread(struct deck *deck, const char *source)
{
	static const struct {
		const char *id, *of, *body;
	} posts[] = {{"1", NULL, "Tide tables for November"}, {"r1", "1", "Thank you."},
	        {"r2", "r1", "Where is low water?"}, {"r3", "1", "And for December?"}};
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck->app->store, source);
	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++) {
		struct str uri = {0};
		struct viewer viewer = {.account = WORK, .remote_id = posts[i].id};
		str_addf(&uri, "https://sea.example/%s", posts[i].id);
		struct post_parts parts = {.str = {[POST_URI] = uri.p,
		                                   [POST_BODY] = posts[i].body,
		                                   [POST_REPLY_TO] = posts[i].of},
		        .viewers = &viewer,
		        .nviewers = 1,
		        .author = fake_profile(page, i ? "bob@sea.example" : "ada@sea.example"),
		        .created_ms = deck_now_ms - 60000 + (int64_t)i * 1000};
		struct entry entry = {.sort_ms = parts.created_ms};
		entry.post = page_add_post(page, &parts);
		page_add_entry(page, &entry);
		str_finish(&uri);
	}
	page_sort(page);
	fake_tell(deck, event);
}

static const char *selected(const struct deck *deck)
{
	const struct post *post = app_selected(deck->app, NULL);
	return post ? post_str(post, POST_URI) + strlen("https://sea.example/") : "";
}

static bool is_read(const struct deck *deck, const char *name)
{
	return store_is_read(deck->app->store, fake_post(deck, name)->id);
}

static void test_a_conversation(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "<Enter>");
	const struct job *job = fake_job(JOB_WATCH);
	assert_string_equal(job->arg, thread_1);
	assert_non_null(deck.app->above);
	assert_true(is_read(&deck, "1"));
	tell_thread(&deck, thread_1);
	/* Every key acts in it as in a column. */
	assert_string_equal(selected(&deck), "1");
	deck_keys(&deck, "jf");
	assert_string_equal(fake_job(JOB_ACT)->action->uri, "https://sea.example/r1");
	/* To what is unread, then from branch to branch. */
	deck_keys(&deck, "J");
	assert_string_equal(selected(&deck), "r2");
	assert_true(is_read(&deck, "r1"));
	deck_keys(&deck, "J");
	assert_string_equal(selected(&deck), "r3");
	deck_keys(&deck, "kk");
	assert_string_equal(selected(&deck), "r1");
	deck_keys(&deck, "J");
	assert_string_equal(selected(&deck), "r3");
	deck_keys(&deck, "K");
	assert_string_equal(selected(&deck), "r1");
	/* Another conversation over this one, and back. */
	deck_keys(&deck, "<Enter>");
	assert_string_equal(fake_job(JOB_WATCH)->arg, "work/thread:https://sea.example/r1");
	deck_keys(&deck, "<BS>");
	assert_string_equal(selected(&deck), "r1");
	deck_keys(&deck, "q");
	assert_null(deck.app->above);
	assert_string_equal(selected(&deck), "1");
	/* Nobody looks at it any more. */
	assert_int_equal(fake_count(JOB_UNWATCH), 2);
	deck_end(&deck);
}

static void test_folds(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "thread close"),
	        "this column is no conversation; t opens a post's");
	deck_keys(&deck, "t");
	tell_thread(&deck, thread_1);
	struct timeline *timeline = deck.app->above->timeline;
	assert_int_equal(timeline_len(timeline), 4);
	/* A post that nothing answers closes what it stands under; the cursor goes there. */
	deck_keys(&deck, "jjzc");
	assert_int_equal(timeline_len(timeline), 3);
	assert_string_equal(selected(&deck), "r1");
	deck_keys(&deck, "zo");
	assert_int_equal(timeline_len(timeline), 4);
	deck_keys(&deck, "za");
	assert_int_equal(timeline_len(timeline), 3);
	/* J stops at a fold with something unread in it. */
	deck_keys(&deck, "zRggzM");
	assert_int_equal(timeline_len(timeline), 3);
	deck_keys(&deck, "zR");
	assert_int_equal(timeline_len(timeline), 4);
	assert_string_equal(deck_refused(&deck, "thread open"), "nothing is folded here");
	deck_end(&deck);
}

static void test_leaving_for_another_column(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	size_t columns = deck.app->ncolumns;
	deck_keys(&deck, "t<C-w>q");
	assert_null(deck.app->above);
	assert_int_equal(deck.app->ncolumns, columns);
	deck_keys(&deck, "t<C-w>T");
	assert_null(deck.app->above);
	assert_int_equal(deck.app->ncolumns, columns + 1);
	assert_string_equal(deck.app->columns[columns]->sources[0], thread_1);
	deck_keys(&deck, "1tjt2");
	assert_null(deck.app->above);
	assert_int_equal(deck.app->focus, 1);
	/* As deep as anybody goes, and no deeper. */
	deck_keys(&deck, "1");
	for (int i = 0; i < OVER_MAX + 5; i++)
		deck_run(&deck, "thread");
	int depth = 0;
	for (struct column *above = deck.app->above; above; above = above->below)
		depth++;
	assert_in_range(depth, 1, OVER_MAX);
	deck_end(&deck);
}

static void test_a_filtered_row_opens_by_enter(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	struct event *event = event_new(EVENT_FILTERS);
	event->account = WORK;
	event->nfilters = 1;
	event->filters = xcalloc(1, sizeof(*event->filters));
	event->filters->title = xstrdup("Water");
	event->filters->contexts = FILTER_IN_HOME;
	event->filters->keywords = xcalloc(1, sizeof(*event->filters->keywords));
	event->filters->nkeywords = 1;
	event->filters->keywords[0].text = xstrdup("tide");
	fake_tell(&deck, event);
	struct row row;
	assert_true(app_selected_row(deck.app, &row, NULL));
	assert_string_equal(row.why, "Water");
	deck_keys(&deck, "<Enter>");
	assert_null(deck.app->above);
	assert_true(bitset_has(&deck.app->columns[0]->view.opened, row.post));
	deck_keys(&deck, "<Enter>");
	assert_non_null(deck.app->above);
	deck_end(&deck);
}

/* -- profiles -- */

static void tell_person(struct deck *deck, const struct job *job)
{
	struct event *event = event_new(EVENT_PERSON);
	struct person *person = event->person = person_new();
	event->reply_to = job->id;
	event->account = job->account;
	event->page = page_new();
	struct relation relation = {.account = WORK, .flags = RELATION_FOLLOWS_US};
	relation.profile = fake_profile(event->page, "ada@sea.example");
	page_add_relation(event->page, &relation);
	person->uri = xstrdup("https://sea.example/users/ada");
	person->bio = xstrdup("Tides since 1815.");
	person->posts = 12;
	person_add_pinned(person, "https://sea.example/1");
	fake_tell(deck, event);
	fake_done(deck, job, NULL);
}

static bool shows(const struct deck *deck, const char *text)
{
	struct str screen = {0};
	grid_print(term_memory_grid(app_term(deck->app)), &screen);
	bool found = strstr(str_c(&screen), text) != NULL;
	str_finish(&screen);
	return found;
}

static void test_a_profile(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "p");
	const struct job *job = fake_job(JOB_PERSON);
	assert_int_equal(job->account, WORK);
	assert_string_equal(job->arg, "ada@sea.example");
	assert_true(shows(&deck, "asking for the profile"));
	tell_person(&deck, job);
	assert_true(shows(&deck, "Tides since 1815."));
	assert_true(shows(&deck, "they follow you"));
	deck_keys(&deck, "w");
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "ada@sea.example");
	assert_true(shows(&deck, "you follow them"));
	deck_keys(&deck, "J");
	assert_string_equal(selected(&deck), "1");
	deck_keys(&deck, "f");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_LIKE);
	deck_keys(&deck, "<Enter>");
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	assert_string_equal(fake_job(JOB_WATCH)->arg, thread_1);
	deck_keys(&deck, "qpa");
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	assert_string_equal(
	        deck.app->columns[deck.app->focus]->sources[0], "work/profile:ada@sea.example");
	assert_string_equal(deck.app->columns[deck.app->focus]->title, "@ada@sea.example");
	deck_end(&deck);
}

static void test_a_profile_that_does_not_come(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "profile nobody@sea.example");
	fake_done(&deck, fake_job(JOB_PERSON), "there is nobody called that");
	assert_true(shows(&deck, "there is nobody called that"));
	/* One that comes when nobody looks any more is not shown. */
	deck_keys(&deck, "qp");
	const struct job *late = fake_job(JOB_PERSON);
	deck_keys(&deck, "q");
	tell_person(&deck, late);
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	assert_false(shows(&deck, "Tides since 1815."));
	deck_keys(&deck, "gp");
	assert_string_equal(fake_job(JOB_PERSON)->arg, "me-work@home.example");
	deck_end(&deck);
}

static void test_rows_about_somebody(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "column close");
	deck_run(&deck, "column add New work/notifications");
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck.app->store, "work/notifications");
	struct entry follow = {.reason = REASON_FOLLOWED, .sort_ms = deck_now_ms, .cursor = "n1"};
	follow.actor = fake_profile(page, "dot@sea.example");
	page_add_entry(page, &follow);
	fake_tell(&deck, event);
	deck_keys(&deck, "gg<Enter>");
	assert_string_equal(fake_job(JOB_PERSON)->arg, "dot@sea.example");
	deck_keys(&deck, "qw");
	/* How we stand is asked first. */
	deck_keys(&deck, "M");
	assert_non_null(strstr(deck_said(&deck), "@dot@sea.example silenced for 24 h"));
	deck_end(&deck);
}

/* -- markers -- */

static void tell_marker(struct deck *deck, const char *cursor, int64_t at_ms)
{
	struct event *event = event_new(EVENT_MARKER);
	event->source = store_source(deck->app->store, "work/home");
	event->account = WORK;
	event->text = xstrdup(cursor);
	event->number = at_ms;
	fake_tell(deck, event);
}

static void test_a_marker_is_read(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	fake_account(&deck, WORK, "work", CAN_ALL | CAP_MARKERS);
	/* By its row, whose time nobody told: 3 and what is older. */
	tell_marker(&deck, "3", 0);
	assert_true(is_read(&deck, "3"));
	assert_true(is_read(&deck, "4"));
	assert_false(is_read(&deck, "2"));
	/* What was made unread here stays so when it is told again, or an older one. */
	deck_run(&deck, "cursor bottom");
	deck_keys(&deck, "u");
	tell_marker(&deck, "3", deck_now_ms - 180000);
	tell_marker(&deck, "4", deck_now_ms - 240000);
	assert_false(is_read(&deck, "4"));
	/* Of a row that comes later. */
	tell_marker(&deck, "later", 0);
	assert_false(is_read(&deck, "2"));
	static const struct fake_post later[] = {
	        {.name = "later", .handle = "ada@sea.example", .body = "Late", .likes = 1}};
	fake_home(&deck, later, 1);
	assert_true(is_read(&deck, "later"));
	assert_true(is_read(&deck, "2"));
	deck_end(&deck);
}

static void test_a_marker_moves_on(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	fake_account(&deck, WORK, "work", CAN_ALL | CAP_MARKERS);
	deck_run(&deck, "cursor bottom");
	deck_keys(&deck, "k");
	assert_int_equal(fake_count(JOB_MARK), 0);
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	const struct job *job = fake_job(JOB_MARK);
	assert_string_equal(job->arg, "4");
	assert_true(job->at_ms == deck_now_ms - 240000);
	assert_int_equal(job->source, store_source(deck.app->store, "work/home"));
	/* The newest is read, but not what lies between: it stays. */
	deck_keys(&deck, "ggj");
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	assert_string_equal(fake_job(JOB_MARK)->arg, "3");
	assert_int_equal(fake_count(JOB_MARK), 2);
	deck_keys(&deck, "A");
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	assert_string_equal(fake_job(JOB_MARK)->arg, "1");
	/* Never back. */
	deck_keys(&deck, "u");
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_MARK), 3);
	deck_end(&deck);
}

static void test_a_list_over_a_profile_leads_back(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "profile ada@sea.example");
	assert_int_equal(deck.app->overlay, OVERLAY_PROFILE);
	deck_run(&deck, "rules");
	deck_run(&deck, "accounts");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_keys(&deck, "<Esc>");
	assert_int_equal(deck.app->overlay, OVERLAY_PROFILE);
	assert_string_equal(deck.app->profile.who, "ada@sea.example");
	/* What is chosen there is done there. */
	deck_run(&deck, "accounts");
	deck_keys(&deck, "<CR>");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_keys(&deck, "<Esc>");
	assert_int_equal(deck.app->overlay, OVERLAY_PROFILE);
	/* An answer that comes meanwhile finds it. */
	deck_run(&deck, "rules");
	fake_done(&deck, fake_job(JOB_PERSON), "no such person");
	deck_keys(&deck, "<Esc>");
	assert_string_equal(deck.app->profile.trouble, "no such person");
	deck_keys(&deck, "<Esc>");
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	/* A list over the deck leads to the deck. */
	deck_run(&deck, "rules");
	deck_keys(&deck, "<Esc>");
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	deck_end(&deck);
}

static void test_no_marker_where_none_is_kept(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "A");
	fake_clock_advance(&deck.clock, 2000);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_MARK), 0);
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_conversation),
	        cmocka_unit_test(test_folds),
	        cmocka_unit_test(test_leaving_for_another_column),
	        cmocka_unit_test(test_a_filtered_row_opens_by_enter),
	        cmocka_unit_test(test_a_profile),
	        cmocka_unit_test(test_a_profile_that_does_not_come),
	        cmocka_unit_test(test_a_list_over_a_profile_leads_back),
	        cmocka_unit_test(test_rows_about_somebody),
	        cmocka_unit_test(test_a_marker_is_read),
	        cmocka_unit_test(test_a_marker_moves_on),
	        cmocka_unit_test(test_no_marker_where_none_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
