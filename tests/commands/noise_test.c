/* Silencing, saved queries, rules and what we owe, as somebody at the deck would do it. */
#include <stdio.h>

#include "app/deck.h"
#include "app/rules.h"
#include "fake_engine.h"

/* -- small helpers -- */

static const struct fake_post talk[] = {
        {.name = "1", .handle = "ada@sea.example", .body = "Tide tables for November"},
        {.name = "2", .handle = "loud@sea.example", .body = "Buy crypto today"},
        {.name = "3", .handle = "loud@sea.example", .body = "Buy cry\xe2\x80\x8bpto, again"},
        {.name = "4",
                .handle = "eve@sea.example",
                .body = "@me Can you repair my crypto safe?",
                .viewer = VIEWER_MENTIONED},
        {.name = "5", .handle = "loud@sea.example", .body = "Good morning"},
        {.name = "6",
                .handle = "bob@sea.example",
                .body = "Rope and tar",
                .reason = REASON_REPOSTED,
                .actor = "loud@sea.example"},
};

static void begin_with(struct deck *deck, const char *config)
{
	deck_start(deck, 80, 24, config, NULL);
	fake_account(deck, WORK, "work", CAN_ALL);
}

static void go_on(struct deck *deck)
{
	fake_tell(deck, event_new(EVENT_STARTED));
	deck_run(deck, "column add Home work/home");
	fake_home(deck, talk, sizeof(talk) / sizeof(*talk));
	deck_keys(deck, "gg");
}

static void begin(struct deck *deck)
{
	begin_with(deck, "");
	go_on(deck);
}

static struct timeline *home(const struct deck *deck)
{
	return deck->app->columns[0]->timeline;
}

/* The names of the posts that Home shows, newest first; a fold is its number in brackets. */
static const char *shown(const struct deck *deck)
{
	static char out[200];
	size_t at = 0;
	for (size_t i = 0; i < timeline_len(home(deck)); i++) {
		struct row row = timeline_at(home(deck), i);
		const struct post *post = store_post(deck->app->store, row.post);
		if (row.kind == ROW_FOLD)
			at += (size_t)snprintf(out + at, sizeof(out) - at, "(%u)", row.more);
		else
			at += (size_t)snprintf(out + at, sizeof(out) - at, "%s",
			        strrchr(post_str(post, POST_URI), '/') + 1);
	}
	out[at] = '\0';
	return out;
}

/* What was last told to be remembered under a key; "-" when nothing was, "" when to forget. */
static const char *kept(const char *key)
{
	for (size_t i = fake.njobs; i-- > 0;) {
		const char *arg = fake.jobs[i]->arg;
		size_t len = strlen(key);
		if (fake.jobs[i]->kind != JOB_PUT || strncmp(arg, key, len) != 0) continue;
		if (arg[len] == '\n') return arg + len + 1;
	}
	return "-";
}

static void value(struct deck *deck, const char *key, const char *text)
{
	struct event *event = event_new(EVENT_VALUE);
	struct str both = {0};
	str_addf(&both, "%s\n%s", key, text);
	event->text = str_take(&both);
	fake_tell(deck, event);
}

static const char *hint(const struct deck *deck)
{
	return deck->app->prompt.hint ? deck->app->prompt.hint : "";
}

/* -- mutes -- */

static void test_a_mute_says_first_what_it_would_do(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_type(&deck, ":mute crypto");
	assert_string_equal(hint(&deck), "would hide 3 of the last 6");
	assert_string_equal(shown(&deck), "123456");
	deck_type(&deck, " from:");
	assert_string_equal(hint(&deck), "would hide 3 of the last 6");
	deck_type(&deck, "loud");
	assert_string_equal(hint(&deck), "would hide 2 of the last 6");
	/* A mistake stays in the prompt, at its place. */
	deck_type(&deck, " foo:x");
	deck_keys(&deck, "<Enter>");
	assert_true(deck.app->prompt.open);
	assert_int_equal(deck.app->prompt.err_at, (int)strlen("mute crypto from:loud "));
	assert_non_null(strstr(hint(&deck), "foo"));
	assert_string_equal(kept("mute/crypto from:loud foo:x"), "-");
	deck_keys(&deck, "<Esc>");
	assert_string_equal(shown(&deck), "123456");
	deck_end(&deck);
}

static void test_mutes_are_kept_and_undone(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "mute crypto");
	/* What is to us is only folded, unless the rule says hide. */
	assert_string_equal(shown(&deck), "1(1)56");
	assert_non_null(strstr(kept("mute/crypto"), " crypto"));
	deck_run(&deck, "mute hide crypto");
	assert_string_equal(shown(&deck), "156");
	assert_non_null(strstr(kept("mute/crypto"), " hide crypto"));
	deck_keys(&deck, "U");
	assert_string_equal(shown(&deck), "123456");
	assert_string_equal(kept("mute/crypto"), "");
	/* Written otherwise, it is the same. */
	deck_run(&deck, "mute fold from:loud   -morning");
	deck_run(&deck, "unmute @loud -morning");
	assert_string_equal(shown(&deck), "123456");
	assert_non_null(strstr(deck_refused(&deck, "unmute @loud"), "is not muted"));
	assert_non_null(strstr(deck_refused(&deck, "mute in Hme crypto"), "did you mean 'Home'?"));
	assert_non_null(strstr(deck_refused(&deck, "mute until yesterday x"), "has passed"));
	deck_end(&deck);
}

static void test_m_is_for_longer_each_time(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_keys(&deck, "jM");
	assert_string_equal(shown(&deck), "14");
	assert_non_null(strstr(deck_said(&deck), "@loud@sea.example silenced for 24 h: 4 rows"));
	deck_keys(&deck, "MM");
	assert_non_null(strstr(deck_said(&deck), "for good"));
	deck_keys(&deck, "U");
	assert_string_equal(shown(&deck), "123456");
	deck_end(&deck);
}

static void test_the_menu_silences_what_the_post_is(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_keys(&deck, "Gmb");
	assert_string_equal(shown(&deck), "12345");
	deck_keys(&deck, "U");
	/* The host: posts that were written there. */
	deck_keys(&deck, "ggmd");
	assert_non_null(strstr(deck_said(&deck), "url:\"//sea.example/\""));
	deck_keys(&deck, "U");
	deck_keys(&deck, "ggmt");
	assert_string_equal(shown(&deck), "23456");
	assert_non_null(strstr(kept("mute/thread:https://sea.example/1"), "thread:"));
	deck_keys(&deck, "U");
	deck_keys(&deck, "ggmk");
	deck_type(&deck, "tide");
	assert_string_equal(hint(&deck), "would hide 1 of the last 6");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(shown(&deck), "23456");
	deck_end(&deck);
}

static void test_here_or_at_the_server_too(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_keys(&deck, "jmmW");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->action->verb, VERB_MUTE);
	assert_string_equal(job->action->profile, "loud@sea.example");
	assert_int_equal(job->action->seconds, 7 * 24 * 3600);
	assert_string_equal(shown(&deck), "14");
	deck_end(&deck);
}

static void test_a_list_to_work_in(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "mute fold crypto");
	deck_run(&deck, "mute tide");
	deck_keys(&deck, "gm");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	/* The newest first; d removes it, and the list stays. */
	deck_keys(&deck, "d");
	assert_string_equal(shown(&deck), "1(3)56");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_keys(&deck, "tw");
	assert_non_null(strstr(kept("mute/crypto"), "until 2026-11-29T12:00:00Z fold crypto"));
	deck_keys(&deck, "gme");
	assert_string_equal(
	        str_c(&deck.app->prompt.edit.text), "until 2026-11-29T12:00:00Z fold crypto");
	deck_type(&deck, " OR tide");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(shown(&deck), "(4)56");
	assert_string_equal(kept("mute/crypto"), "");
	assert_non_null(strstr(kept("mute/crypto OR tide"), "crypto OR tide"));
	deck_end(&deck);
}

static void test_a_mute_ends_with_its_time(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "mute for 2h tide");
	assert_string_equal(shown(&deck), "23456");
	fake_clock_advance(&deck.clock, 3 * 3600000);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	assert_string_equal(shown(&deck), "123456");
	deck_end(&deck);
}

/* -- folds -- */

static void test_folds_open_and_nothing_in_them_was_read(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "mute fold crypto");
	assert_string_equal(shown(&deck), "1(3)56");
	deck_keys(&deck, "jjk");
	assert_false(store_is_read(deck.app->store, fake_post(&deck, "2")->id));
	assert_string_equal(deck_refused(&deck, "like"), "these rows are folded; Enter shows them");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(shown(&deck), "123456");
	deck_keys(&deck, "zc");
	assert_string_equal(shown(&deck), "1(3)56");
	deck_run(&deck, "quota loud@sea.example 1");
	deck_run(&deck, "unmute crypto");
	/* The oldest of the day stays. */
	assert_string_equal(shown(&deck), "1(2)4(1)6");
	assert_string_equal(kept("quota/loud@sea.example"), "1");
	deck_keys(&deck, "U");
	deck_keys(&deck, "U");
	assert_string_equal(kept("quota/loud@sea.example"), "");
	deck_end(&deck);
}

static void test_every_hidden_post_says_why(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "mute hide crypto");
	deck_keys(&deck, "Hjj");
	assert_string_equal(shown(&deck), "123456");
	deck_keys(&deck, "mr");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	assert_non_null(strstr(deck.app->list.items[0].text, "crypto"));
	deck_keys(&deck, "<Esc>ggmr");
	assert_string_equal(deck_said(&deck), "no rule hits this");
	deck_end(&deck);
}

static void test_who_fills_the_column(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_keys(&deck, "mn");
	const struct list_item *first = list_view_chosen(&deck.app->list, NULL);
	assert_string_equal(first->text, "@loud@sea.example");
	assert_string_equal(first->detail, "4 rows · 67 % of all · 25 % reposts · never acted on");
	deck_keys(&deck, "M");
	assert_string_equal(shown(&deck), "14");
	first = list_view_chosen(&deck.app->list, NULL);
	assert_non_null(strstr(first->detail, "4 hidden"));
	deck_keys(&deck, "Uq");
	assert_string_equal(shown(&deck), "123456");
	assert_string_equal(str_c(&deck.app->prompt.edit.text), "loud@sea.example 3");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(shown(&deck), "1(1)3456");
	deck_end(&deck);
}

/* -- what is remembered, and what a config says -- */

static void test_what_was_kept_holds_whatever_its_order(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin_with(&deck, "");
	/* By the order of keys: what names comes before what is named. */
	value(&deck, "mute/saved:a", "=1:5 fold saved:a");
	value(&deck, "quota/nobody@x", "3");
	value(&deck, "rule/0000000000002 highlight match tide", "1");
	value(&deck, "saved/a", "own saved:b -tide");
	value(&deck, "saved/b", "own crypto OR tide");
	value(&deck, "saved/gone", "config x");
	go_on(&deck);
	assert_string_equal(shown(&deck), "1(3)56");
	assert_int_equal(timeline_at(home(&deck), 0).highlight, 1);
	/* What a config said when stoa ran last, and says no more. */
	const struct job *job = fake_job(JOB_SAVED);
	assert_string_equal(job->arg, "gone\n");
	const struct mute *mute = rules_find_mute(deck.app, "saved:a");
	assert_int_equal(mute->made_ms, 1);
	assert_int_equal(mute->hits, 8);
	deck_end(&deck);
}

static void write_config(char path[64], const char *text)
{
	struct err err = {0};
	snprintf(path, 64, "/tmp/stoa-config-%ld", (long)getpid());
	if (!paths_write(path, text, strlen(text), 0600, &err)) fail_msg("%s", err.text);
}

static void test_a_config_holds_while_it_says_so(void **state)
{
	(void)state;
	struct deck deck = {0};
	char path[64];
	write_config(path, "save noise crypto\n"
	                   "mute fold saved:noise\n"
	                   "mute until 2026-11-01 tide\n"
	                   "mute for 3h rope\n"
	                   "highlight match morning\n");
	begin_with(&deck, path);
	assert_non_null(strstr(deck_said(&deck), ":4: in a file write `until`"));
	go_on(&deck);
	assert_string_equal(shown(&deck), "1(3)56");
	assert_string_equal(kept("mute/saved:noise"), "-");
	assert_string_equal(fake_job(JOB_SAVED)->arg, "noise\ncrypto");
	assert_false(fake_job(JOB_SAVED)->on);
	write_config(path, "save other rope\nhighlight match saved:other\n");
	deck_run(&deck, "reload");
	assert_string_equal(shown(&deck), "123456");
	assert_int_equal(timeline_at(home(&deck), 4).highlight, 0);
	assert_int_equal(timeline_at(home(&deck), 5).highlight, 1);
	assert_null(store_saved(deck.app->store, "noise"));
	assert_string_equal(fake_job(JOB_SAVED)->arg, "noise\n");
	/* One mistake, and all stays as it was. */
	write_config(path, "mute (tide\n");
	deck_refused(&deck, "reload");
	assert_int_equal(timeline_at(home(&deck), 5).highlight, 1);
	unlink(path);
	deck_end(&deck);
}

static void test_mutes_go_through_a_file(void **state)
{
	(void)state;
	struct deck deck = {0};
	char path[64];
	begin(&deck);
	deck_run(&deck, "mute until 2026-12-24 fold in Home crypto");
	deck_run(&deck, "quota loud@sea.example 2");
	snprintf(path, sizeof(path), "/tmp/stoa-mutes-%ld", (long)getpid());
	struct str line = {0};
	str_addf(&line, "mutes export %s", path);
	deck_run(&deck, line.p);
	char *text = NULL;
	unsigned long len = 0;
	assert_true(paths_read(path, 1000, &text, &len, NULL));
	assert_string_equal(text, "mute until 2026-12-24T00:00:00Z fold in Home crypto\n"
	                          "quota loud@sea.example 2\n");
	free(text);
	static const char file[] = "mute tide\nset colors none\nmute (\n";
	assert_true(paths_write(path, file, strlen(file), 0600, NULL));
	str_clear(&line);
	str_addf(&line, "mutes import %s", path);
	deck_run(&deck, line.p);
	assert_string_equal(deck_said(&deck), "1 taken in, 2 wrong; `:messages` lists them");
	assert_string_equal(shown(&deck), "(3)56");
	assert_string_equal(deck.app->options.colors, "auto");
	assert_non_null(strstr(kept("mute/tide"), "tide"));
	unlink(path);
	str_finish(&line);
	deck_end(&deck);
}

/* -- saved queries -- */

static void test_saved_queries(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "save trade crypto OR rope");
	assert_string_equal(fake_job(JOB_SAVED)->arg, "trade\ncrypto OR rope");
	assert_true(fake_job(JOB_SAVED)->on);
	deck_run(&deck, "column query saved:trade");
	assert_string_equal(shown(&deck), "2346");
	deck_run(&deck, "save trade rope");
	assert_string_equal(shown(&deck), "6");
	assert_non_null(strstr(deck_refused(&deck, "unsave trade"), "'Home' needs saved:trade"));
	assert_non_null(strstr(deck_refused(&deck, "save trade saved:trade x"), "part of itself"));
	assert_non_null(strstr(deck_refused(&deck, "save a/b rope"), "a name is"));
	assert_non_null(strstr(deck_refused(&deck, "column query saved:trad"), "trad"));
	deck_keys(&deck, "U");
	assert_string_equal(shown(&deck), "2346");
	deck_run(&deck, "column query");
	deck_run(&deck, "unsave trade");
	assert_string_equal(fake_job(JOB_SAVED)->arg, "trade\n");
	deck_end(&deck);
}

static void test_a_column_waits_for_its_saved_query(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin_with(&deck, "");
	deck_run(&deck, "column add Home work/home query saved:trade");
	assert_non_null(strstr(deck.app->columns[0]->view.trouble, "trade"));
	value(&deck, "saved/trade", "own crypto");
	fake_tell(&deck, event_new(EVENT_STARTED));
	fake_home(&deck, talk, sizeof(talk) / sizeof(*talk));
	assert_string_equal(shown(&deck), "234");
	assert_string_equal(deck.app->columns[0]->view.trouble, "");
	deck_end(&deck);
}

/* -- the stored query, as it is typed -- */

static void test_the_stored_query_shows_what_it_would(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_keys(&deck, "\\");
	deck_type(&deck, "crypto from:");
	assert_string_equal(shown(&deck), "234");
	deck_type(&deck, "loud (");
	assert_string_equal(shown(&deck), "23");
	deck_keys(&deck, "<Enter>");
	assert_true(deck.app->prompt.open);
	assert_int_equal(deck.app->prompt.err_at, (int)strlen("crypto from:loud ("));
	deck_keys(&deck, "<Esc>");
	assert_string_equal(shown(&deck), "123456");
	assert_null(deck.app->columns[0]->query);
	deck_keys(&deck, "\\");
	deck_type(&deck, "tide");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(deck.app->columns[0]->query, "tide");
	deck_end(&deck);
}

/* -- rules that speak up -- */

static void more(struct deck *deck, const char *name, const char *handle, const char *body)
{
	/* Newer than all that was there. */
	fake_clock_advance(&deck->clock, 120000);
	const struct fake_post post = {.name = name, .handle = handle, .body = body};
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck->app->store, "work/home");
	struct str uri = {0};
	str_addf(&uri, "https://sea.example/%s", name);
	struct post_parts parts = {.str = {[POST_URI] = uri.p, [POST_BODY] = post.body},
	        .author = fake_profile(page, handle),
	        .created_ms = deck->clock.wall};
	struct entry entry = {.sort_ms = deck->clock.wall};
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	fake_tell(deck, event);
	str_finish(&uri);
}

static void test_notices(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "notify bell crypto");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 0);
	more(&deck, "7", "ada@sea.example", "Nothing of the kind");
	assert_string_equal(deck_said(&deck), "told from now on · U undoes");
	more(&deck, "8", "ada@sea.example", "A crypto museum");
	assert_string_equal(deck_said(&deck), "crypto: @ada@sea.example: “A crypto museum”");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	deck_run(&deck, "rules drop notify bell crypto");
	more(&deck, "9", "ada@sea.example", "More crypto");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	deck_keys(&deck, "U");
	more(&deck, "10", "ada@sea.example", "Most crypto");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 2);
	deck_end(&deck);
}

static void test_a_storm_is_told_by_its_rate(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "notify over 2 in 1h tar");
	more(&deck, "7", "ada@sea.example", "tar one");
	more(&deck, "8", "ada@sea.example", "tar two");
	assert_non_null(strstr(deck_said(&deck), "told from now on"));
	more(&deck, "9", "ada@sea.example", "tar three");
	assert_non_null(strstr(deck_said(&deck), "tar: 3 in 1h, the last: @ada@sea.example"));
	deck_end(&deck);
}

static void test_columns_speak_for_themselves(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "column edit Home work/home notify bell query -tide");
	more(&deck, "7", "ada@sea.example", "High tide");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 0);
	more(&deck, "8", "ada@sea.example", "Ahoy");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	assert_string_equal(deck_said(&deck), "Home: @ada@sea.example: “Ahoy”");
	struct str line = {0};
	column_print(&line, deck.app->columns[0]);
	assert_string_equal(line.p, "Home work/home notify bell query -tide");
	str_finish(&line);
	deck_run(&deck, "column edit Home work/home");
	more(&deck, "9", "ada@sea.example", "Ahoy again");
	assert_int_equal(term_memory_bells(app_term(deck.app)), 1);
	assert_non_null(
	        strstr(deck_refused(&deck, "column edit Home work/home notify loudly"), "loudly"));
	deck_end(&deck);
}

static void test_highlights(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "highlight highlight.urgent to:me");
	deck_run(&deck, "highlight match crypto");
	assert_int_equal(timeline_at(home(&deck), 3).highlight, 1);
	assert_int_equal(timeline_at(home(&deck), 1).highlight, 2);
	assert_non_null(
	        strstr(deck_refused(&deck, "highlight matsch crypto"), "did you mean 'match'?"));
	deck_run(&deck, "rules change \"highlight match crypto\" highlight match tide");
	assert_int_equal(timeline_at(home(&deck), 1).highlight, 0);
	assert_int_equal(timeline_at(home(&deck), 0).highlight, 2);
	deck_end(&deck);
}

/* -- what we owe -- */

static void owe(struct deck *deck, const char *name, enum attention what)
{
	struct event *event = event_new(EVENT_ATTENTION);
	struct str uri = {0};
	str_addf(&uri, "https://sea.example/%s", name);
	event->text = str_take(&uri);
	event->number = what;
	fake_tell(deck, event);
}

static void test_done_or_later(void **state)
{
	(void)state;
	struct deck deck = {0};
	begin(&deck);
	deck_run(&deck, "column query is:waiting");
	assert_string_equal(shown(&deck), "");
	owe(&deck, "4", ATTENTION_NEW);
	assert_string_equal(shown(&deck), "4");
	deck_keys(&deck, "ggD");
	const struct job *job = fake_job(JOB_ATTENTION);
	assert_string_equal(job->arg, "https://sea.example/4");
	assert_int_equal(job->number, ATTENTION_DONE);
	assert_int_equal(job->account, WORK);
	assert_string_equal(shown(&deck), "");
	deck_run(&deck, "column query is:done");
	deck_keys(&deck, "ggD");
	assert_int_equal(fake_job(JOB_ATTENTION)->number, ATTENTION_LATER);
	assert_string_equal(shown(&deck), "");
	deck_keys(&deck, "U");
	assert_string_equal(shown(&deck), "4");
	owe(&deck, "4", ATTENTION_ANSWERED);
	deck_run(&deck, "column query is:answered");
	assert_string_equal(shown(&deck), "4");
	deck_end(&deck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_mute_says_first_what_it_would_do),
	        cmocka_unit_test(test_mutes_are_kept_and_undone),
	        cmocka_unit_test(test_m_is_for_longer_each_time),
	        cmocka_unit_test(test_the_menu_silences_what_the_post_is),
	        cmocka_unit_test(test_here_or_at_the_server_too),
	        cmocka_unit_test(test_a_list_to_work_in),
	        cmocka_unit_test(test_a_mute_ends_with_its_time),
	        cmocka_unit_test(test_folds_open_and_nothing_in_them_was_read),
	        cmocka_unit_test(test_every_hidden_post_says_why),
	        cmocka_unit_test(test_who_fills_the_column),
	        cmocka_unit_test(test_what_was_kept_holds_whatever_its_order),
	        cmocka_unit_test(test_a_config_holds_while_it_says_so),
	        cmocka_unit_test(test_mutes_go_through_a_file),
	        cmocka_unit_test(test_saved_queries),
	        cmocka_unit_test(test_a_column_waits_for_its_saved_query),
	        cmocka_unit_test(test_the_stored_query_shows_what_it_would),
	        cmocka_unit_test(test_notices),
	        cmocka_unit_test(test_a_storm_is_told_by_its_rate),
	        cmocka_unit_test(test_columns_speak_for_themselves),
	        cmocka_unit_test(test_highlights),
	        cmocka_unit_test(test_done_or_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
