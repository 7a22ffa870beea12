/* Writing posts: the composer, its drafts, and what is on its way out. */
#include "fake_engine.h"
#include "golden.h"

#include <sys/stat.h>

#include "app/compose.h"
#include "app/outbox.h"

enum { SKY = 4 };

static const struct draft *written(struct deck *deck)
{
	const struct draft *draft = compose_draft(deck->app);
	assert_non_null(draft);
	return draft;
}

static const char *text(struct deck *deck)
{
	return written(deck)->parts[compose_part(deck->app)].text;
}

/* The engine keeps the newest draft, under this id. */
static void keep(struct deck *deck, int64_t id)
{
	struct job *job = fake_job(JOB_DRAFT);
	struct event *done = event_new(EVENT_DONE), *told = event_new(EVENT_DRAFT);
	told->draft = draft_copy(job->draft);
	if (!told->draft->id) told->draft->id = id;
	done->reply_to = job->id;
	done->number = told->draft->id;
	fake_tell(deck, told);
	fake_tell(deck, done);
}

static void tell_outgoing(struct deck *deck, int64_t id, int64_t draft, account_id account,
        enum outgoing_state state, const char *words)
{
	struct event *event = event_new(EVENT_OUTGOING);
	struct outgoing *item = xcalloc(1, sizeof(*item));
	*item = (struct outgoing){.id = id,
	        .draft = draft,
	        .account = account,
	        .state = state,
	        .text = xstrdup(words),
	        .made_ms = deck_now_ms};
	item->media = xcalloc(1, sizeof(*item->media));
	if (state == OUTGOING_FAILED) item->cause = xstrdup("the server refused it: too salty");
	event->outgoing = item;
	fake_tell(deck, event);
}

static bool shows(struct deck *deck, const char *words)
{
	struct str screen = {0};
	grid_print(term_memory_grid(app_term(deck->app)), &screen);
	bool found = strstr(str_c(&screen), words) != NULL;
	str_finish(&screen);
	return found;
}

static void wait_ms(struct deck *deck, int64_t ms)
{
	fake_clock_advance(&deck->clock, ms);
	app_turn(deck->app, 0);
	app_turn(deck->app, 0);
}

static void test_writes_and_keeps(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	assert_true(compose_is_open(deck.app));
	assert_int_equal(written(&deck)->accounts[0], WORK);
	wait_ms(&deck, 2000);
	assert_int_equal(fake_count(JOB_DRAFT), 0);
	deck_type(&deck, "Hello :q! harbour");
	assert_string_equal(text(&deck), "Hello :q! harbour");
	/* Kept within a second of the last key. */
	wait_ms(&deck, COMPOSE_SAVE_MS);
	assert_int_equal(fake_count(JOB_DRAFT), 1);
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].text, "Hello :q! harbour");
	/* Not twice before its id has come, then under it. */
	deck_type(&deck, "s");
	wait_ms(&deck, 2000);
	assert_int_equal(fake_count(JOB_DRAFT), 1);
	keep(&deck, 7);
	wait_ms(&deck, 2000);
	assert_int_equal(fake_count(JOB_DRAFT), 2);
	assert_int_equal(fake_job(JOB_DRAFT)->draft->id, 7);
	keep(&deck, 7);
	/* Esc, a while, Esc: closed, and still there. */
	deck_keys(&deck, "<Esc>");
	wait_ms(&deck, 5000);
	assert_true(compose_is_open(deck.app));
	deck_keys(&deck, "<Esc>");
	assert_false(compose_is_open(deck.app));
	assert_int_equal(fake_count(JOB_DRAFT_DROP), 0);
	/* From the list it goes on where it was. */
	deck_keys(&deck, "gD<Enter>");
	assert_string_equal(text(&deck), "Hello :q! harbours");
	assert_int_equal(written(&deck)->id, 7);
	deck_end(&deck);
}

static void test_what_was_typed_last_is_kept_too(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	wait_ms(&deck, COMPOSE_SAVE_MS);
	deck_type(&deck, " two");
	/* Closed before the first answer: it waits, out of sight. */
	deck_keys(&deck, "<M-Esc>");
	assert_false(compose_is_open(deck.app));
	keep(&deck, 9);
	assert_int_equal(fake_job(JOB_DRAFT)->draft->id, 9);
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].text, "one two");
	keep(&deck, 9);
	/* Nothing written: nothing is kept. */
	size_t kept = fake_count(JOB_DRAFT);
	deck_keys(&deck, "c<M-Esc>");
	wait_ms(&deck, 2000);
	assert_int_equal(fake_count(JOB_DRAFT), kept);
	/* All erased: nor does the draft stay. */
	deck_keys(&deck, "gD<Enter><C-u><C-c>");
	assert_int_equal(fake_job(JOB_DRAFT_DROP)->number, 9);
	deck_end(&deck);
}

static void test_a_draft_that_cannot_be_kept_stays_open(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	deck_keys(&deck, "<C-c>");
	fake_done(&deck, fake_job(JOB_DRAFT), "the disk is full");
	assert_true(compose_is_open(deck.app));
	assert_string_equal(text(&deck), "one");
	assert_string_equal(deck_said(&deck), "the draft is not kept: the disk is full");
	deck_end(&deck);
}

static void test_thrown_away_and_brought_back(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	wait_ms(&deck, COMPOSE_SAVE_MS);
	keep(&deck, 3);
	deck_keys(&deck, "<M-Del>");
	assert_false(compose_is_open(deck.app));
	assert_int_equal(fake_job(JOB_DRAFT_DROP)->number, 3);
	size_t kept = fake_count(JOB_DRAFT);
	deck_keys(&deck, "U");
	assert_int_equal(fake_count(JOB_DRAFT), kept + 1);
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].text, "one");
	/* Also what was not kept yet, and every letter. */
	deck_keys(&deck, "c");
	deck_type(&deck, "two");
	deck_keys(&deck, "<M-Del>");
	keep(&deck, 4);
	assert_int_equal(fake_job(JOB_DRAFT_DROP)->number, 4);
	deck_keys(&deck, "U");
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].text, "two");
	assert_int_equal(fake_job(JOB_DRAFT)->draft->id, 4);
	deck_end(&deck);
}

static void test_replies(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 120, 30);
	deck_keys(&deck, "r");
	assert_string_equal(text(&deck), "@ada@sea.example ");
	assert_string_equal(written(&deck)->reply_to, "https://sea.example/1");
	assert_false(written(&deck)->visibility_set);
	/* What came by itself is not worth keeping. */
	deck_keys(&deck, "<C-c>");
	wait_ms(&deck, 2000);
	assert_int_equal(fake_count(JOB_DRAFT), 0);
	deck_keys(&deck, "Q");
	assert_string_equal(written(&deck)->quote_of, "https://sea.example/1");
	assert_string_equal(text(&deck), "");
	deck_keys(&deck, "<C-c>");
	/* To several, with a warning, to followers. */
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck.app->store, "work/home");
	struct viewer viewer = {.account = WORK, .remote_id = "m"};
	static const char body[] = "@me-work @bob and @eve: see @ada";
	const struct facet facets[] = {{FACET_MENTION, 0, 8, "https://home.example/users/me-work"},
	        {FACET_MENTION, 9, 13, "https://sea.example/users/bob"},
	        {FACET_MENTION, 18, 22, "https://far.example/@eve"},
	        {FACET_MENTION, 28, 32, "https://sea.example/users/ada"}};
	struct post_parts parts = {.str = {[POST_URI] = "https://sea.example/m",
	                                   [POST_BODY] = body,
	                                   [POST_WARNING] = "weather"},
	        .facets = facets,
	        .nfacets = 4,
	        .viewers = &viewer,
	        .nviewers = 1,
	        .author = fake_profile(page, "ada@sea.example"),
	        .created_ms = deck_now_ms,
	        .visibility = VIS_FOLLOWERS};
	struct profile me = {.uri = "https://home.example/users/me-work",
	        .handle = "me-work@home.example",
	        .name = "",
	        .followers = -1};
	page_add_profile(page, &me);
	struct entry entry = {.sort_ms = deck_now_ms, .cursor = "m"};
	entry.post = page_add_post(page, &parts);
	page_add_entry(page, &entry);
	fake_tell(&deck, event);
	deck_keys(&deck, "ggr");
	assert_string_equal(text(&deck), "@ada@sea.example @bob@sea.example @eve@far.example ");
	assert_string_equal(written(&deck)->warning, "weather");
	assert_true(written(&deck)->visibility_set);
	assert_int_equal(written(&deck)->visibility, VIS_FOLLOWERS);
	assert_true(golden_is(&deck, "compose_reply", false));
	deck_end(&deck);
}

static void test_sends(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(
	        deck_refused(&deck, "compose send"), "nothing is being written; c begins a post");
	deck_keys(&deck, "c<M-Enter>");
	assert_string_equal(deck_said(&deck), "nothing is written yet");
	deck_type(&deck, "Low water at four");
	deck_keys(&deck, "<M-Enter>");
	assert_false(compose_is_open(deck.app));
	/* Kept first, then sent, not before it can be called back. */
	assert_int_equal(fake_count(JOB_SEND), 0);
	keep(&deck, 5);
	const struct job *job = fake_job(JOB_SEND);
	assert_int_equal(job->draft->id, 5);
	assert_int_equal(job->at_ms, deck_now_ms + 10000);
	fake_done(&deck, job, NULL);
	assert_string_equal(deck_said(&deck), "sends in 10s; U takes it back");
	/* U does: what is on its way is cancelled, and the text is there again. */
	tell_outgoing(&deck, 11, 5, WORK, OUTGOING_SCHEDULED, "Low water at four");
	deck_keys(&deck, "U");
	job = fake_job(JOB_OUTGOING_CANCEL);
	assert_int_equal(job->number, 11);
	assert_false(compose_is_open(deck.app));
	tell_outgoing(&deck, 11, 5, WORK, OUTGOING_CANCELLED, "Low water at four");
	fake_done(&deck, job, NULL);
	assert_string_equal(text(&deck), "Low water at four");
	/* Sent again, and posted: U comes too late. */
	deck_keys(&deck, "<M-Enter>");
	keep(&deck, 5);
	fake_done(&deck, fake_job(JOB_SEND), NULL);
	tell_outgoing(&deck, 12, 5, WORK, OUTGOING_SENT, "Low water at four");
	assert_string_equal(deck_said(&deck), "work: posted");
	deck_keys(&deck, "U");
	assert_string_equal(deck_said(&deck), "it is posted already; d deletes a post of your own");
	deck_end(&deck);
}

static void test_sent_while_it_is_being_kept(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	wait_ms(&deck, COMPOSE_SAVE_MS);
	deck_keys(&deck, "<M-Enter>");
	assert_int_equal(fake_count(JOB_SEND), 0);
	keep(&deck, 6);
	assert_false(compose_is_open(deck.app));
	/* Under the id that has come, so that it is one draft. */
	assert_int_equal(fake_job(JOB_DRAFT)->draft->id, 6);
	keep(&deck, 6);
	assert_int_equal(fake_job(JOB_SEND)->draft->id, 6);
	deck_end(&deck);
}

static void test_what_was_not_sent_is_there_again(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	deck_keys(&deck, "<M-Enter>");
	keep(&deck, 5);
	fake_done(&deck, fake_job(JOB_SEND), "the queue cannot be written");
	assert_string_equal(text(&deck), "one");
	assert_string_equal(deck_said(&deck), "not sent: the queue cannot be written");
	/* While something else is written it is among the drafts. */
	deck_keys(&deck, "<M-Enter>");
	keep(&deck, 5);
	deck_keys(&deck, "c");
	fake_done(&deck, fake_job(JOB_SEND), "again");
	assert_string_equal(text(&deck), "");
	assert_string_equal(deck_said(&deck), "not sent: again; the text is among the drafts (gD)");
	deck_end(&deck);
}

static void test_targets_and_their_counts(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 120, 30);
	fake_account(&deck, SKY, "sky", 0);
	deck_keys(&deck, "c<M-a>");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	/* A switch that stays open; who cannot post cannot be switched. */
	deck_keys(&deck, "j<Enter>");
	assert_int_equal(written(&deck)->naccounts, 2);
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_keys(&deck, "<Enter>");
	assert_int_equal(written(&deck)->naccounts, 1);
	deck_keys(&deck, "<Enter><Esc>");
	assert_int_equal(written(&deck)->naccounts, 2);
	assert_string_equal(deck_refused(&deck, "compose account sky on"),
	        "sky (harbour 1.2) cannot publish posts");
	struct str line = {0};
	str_adds(&line, "compose warning A long one");
	deck_run(&deck, line.p);
	str_clear(&line);
	for (int i = 0; i < 100; i++)
		str_addf(&line, "Sentence %d. ", i);
	term_memory_paste(app_term(deck.app), line.p);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	deck_keys(&deck, "<M-Enter>");
	assert_non_null(strstr(deck_said(&deck), "work: is too long by "));
	assert_true(golden_is(&deck, "compose_too_long", true));
	/* Cut into parts that fit, between sentences, nothing lost. */
	deck_run(&deck, "compose split sentence");
	const struct draft *draft = written(&deck);
	assert_true(draft->nparts > 2);
	struct str joined = {0};
	for (size_t i = 0; i < draft->nparts; i++) {
		const char *part = draft->parts[i].text;
		assert_true(strlen(part) <= 500 && strlen(part) > 200);
		assert_int_equal(part[strlen(part) - 1], '.');
		str_addf(&joined, "%s ", part);
	}
	assert_string_equal(joined.p, line.p);
	str_finish(&joined);
	str_finish(&line);
	assert_true(golden_is(&deck, "compose_thread", false));
	deck_end(&deck);
}

/* What one network alone finds too long is a thread there, and one post elsewhere. */
static void test_a_text_of_ones_own_is_cut_alone(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 100, 24);
	struct event *event = event_new(EVENT_ACCOUNT);
	event->account = SKY;
	event->account_info = account_new("sky", "bluesky", "pds.example");
	event->account_info->id = SKY;
	event->account_info->caps = CAP_POST;
	fake_tell(&deck, event);
	deck_keys(&deck, "c");
	deck_run(&deck, "compose account sky on");
	deck_keys(&deck, "Short for all");
	deck_run(&deck, "compose text sky");
	struct str line = {0};
	for (int i = 0; i < 40; i++)
		str_addf(&line, "Sentence %d. ", i);
	term_memory_paste(app_term(deck.app), line.p);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	deck_run(&deck, "compose split sentence");
	const struct draft *draft = written(&deck);
	assert_int_equal(draft->nparts, 2);
	assert_string_equal(draft->parts[0].text, "Short for all");
	assert_string_equal(draft->parts[1].text, "");
	assert_string_equal(draft_text(draft, 0, WORK, "mastodon"), "Short for all");
	assert_true(draft_leaves_out(draft, 1, WORK, "mastodon"));
	assert_false(draft_leaves_out(draft, 1, SKY, "bluesky"));
	assert_true(strlen(draft_text(draft, 0, SKY, "bluesky")) <= 300);
	const char *end = draft_text(draft, 1, SKY, "bluesky");
	assert_string_equal(end + strlen(end) - 12, "Sentence 39.");
	/* And everybody's text, cut, is no more of that account's. */
	deck_run(&deck, "compose text");
	str_clear(&line);
	for (int i = 0; i < 60; i++)
		str_addf(&line, "Word for all %d. ", i);
	term_memory_paste(app_term(deck.app), line.p);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	deck_run(&deck, "compose split sentence");
	draft = written(&deck);
	assert_int_equal(draft->nparts, 4);
	for (size_t i = 1; i < 3; i++) {
		assert_true(draft_leaves_out(draft, i, SKY, "bluesky"));
		assert_false(draft_leaves_out(draft, i, WORK, "mastodon"));
	}
	str_finish(&line);
	deck_end(&deck);
}

static void test_each_network_counts_by_its_own_rule(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 100, 24);
	struct event *event = event_new(EVENT_ACCOUNT);
	event->account = SKY;
	event->account_info = account_new("sky", "bluesky", "pds.example");
	event->account_info->id = SKY;
	event->account_info->caps = CAP_POST;
	fake_tell(&deck, event);
	deck_keys(&deck, "c");
	deck_run(&deck, "compose account sky on");
	deck_type(&deck, "See #harbour and @ada!");
	assert_true(golden_is(&deck, "compose_two_networks", true));
	assert_true(shows(&deck, "work 22/500   sky 22/300"));
	deck_keys(&deck, "<C-c>");
	/* Nobody answers a post of another network. */
	deck_keys(&deck, "r");
	assert_string_equal(deck_refused(&deck, "compose account sky on"),
	        "sky is on bluesky: it cannot answer a post of mastodon");
	deck_end(&deck);
}

static void test_parts(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "one");
	deck_keys(&deck, "<M-t>");
	deck_type(&deck, "two");
	deck_keys(&deck, "<M-Up>");
	deck_keys(&deck, "<M-t>");
	deck_type(&deck, "1.5");
	assert_int_equal(written(&deck)->nparts, 3);
	assert_int_equal(compose_part(deck.app), 1);
	assert_string_equal(written(&deck)->parts[2].text, "two");
	/* Erased to its beginning and beyond, a part is gone. */
	deck_keys(&deck, "<BS><BS><BS><BS>");
	assert_int_equal(written(&deck)->nparts, 2);
	deck_keys(&deck, "<M-Up>");
	assert_string_equal(text(&deck), "one");
	deck_keys(&deck, "<M-Up>");
	assert_string_equal(deck_said(&deck), "this is the first part");
	deck_keys(&deck, "<M-Down><M-Down>");
	assert_string_equal(deck_said(&deck), "this is the last part; M-t begins another");
	/* An empty one at the end is no mistake, one in the middle is. */
	deck_keys(&deck, "<M-t><M-Enter>");
	keep(&deck, 2);
	assert_int_equal(fake_job(JOB_SEND)->draft->nparts, 2);
	fake_done(&deck, fake_job(JOB_SEND), "no");
	deck_keys(&deck, "<M-Up><M-t><M-Enter>");
	assert_string_equal(deck_said(&deck), "part 2 is empty");
	deck_end(&deck);
}

static void test_texts_of_their_own(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_run(&deck, "compose account hobby on");
	deck_type(&deck, "Hello all");
	deck_run(&deck, "compose text hobby");
	deck_keys(&deck, "<C-w>");
	deck_type(&deck, "sailors");
	assert_string_equal(text(&deck), "Hello all");
	const struct draft *draft = written(&deck);
	assert_string_equal(draft_text(draft, 0, HOBBY, "mastodon"), "Hello sailors");
	assert_string_equal(draft_text(draft, 0, WORK, "mastodon"), "Hello all");
	deck_run(&deck, "compose text");
	deck_type(&deck, "!");
	assert_string_equal(text(&deck), "Hello all!");
	deck_run(&deck, "compose text hobby");
	deck_run(&deck, "compose text-drop");
	assert_string_equal(draft_text(written(&deck), 0, HOBBY, "mastodon"), "Hello all!");
	assert_string_equal(
	        deck_refused(&deck, "compose text work2"), "'work2' does not post this");
	deck_end(&deck);
}

static void test_what_goes_with_it(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "Which?");
	deck_keys(&deck, "<M-w>");
	deck_type(&deck, "tides");
	deck_keys(&deck, "<Enter><M-v>f<M-l>");
	deck_type(&deck, "nl");
	deck_keys(&deck, "<Enter>");
	/* Esc and the key, one after the other. */
	deck_keys(&deck, "<Esc>p");
	deck_type(&deck, "for 2h several North | South");
	deck_keys(&deck, "<Enter>");
	const struct draft *draft = written(&deck);
	assert_string_equal(draft->warning, "tides");
	assert_string_equal(draft->lang, "nl");
	assert_int_equal(draft->visibility, VIS_FOLLOWERS);
	const struct draft_poll *poll = draft->parts[0].poll;
	assert_int_equal(poll->noptions, 2);
	assert_int_equal(poll->for_s, 7200);
	assert_true(poll->multiple);
	deck_keys(&deck, "<M-s>");
	deck_type(&deck, "tomorrow 9:00");
	deck_keys(&deck, "<Enter>");
	assert_string_equal(written(&deck)->at.wall, "2026-11-23 09:00");
	assert_true(golden_is(&deck, "compose_all", false));
	assert_string_equal(deck_refused(&deck, "compose language n_l"),
	        "a language is written as nl, en or pt-BR; not 'n_l'");
	assert_string_equal(deck_refused(&deck, "compose poll one"),
	        "a poll has two answers at least: Yes | No");
	assert_non_null(strstr(
	        deck_refused(&deck, "compose at 2020-01-01 10:00"), "that time has passed: "));
	deck_run(&deck, "compose gate followers");
	deck_run(&deck, "compose gate nobody");
	assert_int_equal(written(&deck)->gate, DRAFT_GATE_NOBODY);
	deck_run(&deck, "compose self-label nudity");
	assert_string_equal(written(&deck)->self_labels, "nudity");
	deck_run(&deck, "compose self-label nudity");
	assert_null(written(&deck)->self_labels);
	deck_run(&deck, "compose poll");
	assert_null(written(&deck)->parts[0].poll);
	deck_end(&deck);
}

static void test_a_picture_wants_words(void **state)
{
	(void)state;
	char path[] = "/tmp/stoa-compose-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	struct str line = {0};
	deck_keys(&deck, "c");
	deck_type(&deck, "Look");
	str_addf(&line, "compose media %s", path);
	deck_run(&deck, line.p);
	/* It asks at once; nothing is said. */
	assert_true(deck.app->prompt.open);
	deck_keys(&deck, "<Esc><M-Enter>");
	assert_true(deck.app->prompt.open);
	deck_keys(&deck, "n");
	assert_true(compose_is_open(deck.app));
	assert_int_equal(fake_count(JOB_DRAFT), 0);
	deck_keys(&deck, "<M-g>");
	deck_type(&deck, "A pier");
	deck_keys(&deck, "<Enter><M-Enter>");
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].media[0].alt, "A pier");
	assert_string_equal(fake_job(JOB_DRAFT)->draft->parts[0].media[0].path, path);
	deck_keys(&deck, "c");
	assert_non_null(strstr(deck_refused(&deck, "compose media /tmp"), " is no file"));
	assert_non_null(
	        strstr(deck_refused(&deck, "compose media /nowhere/at all.png"), "No such file"));
	unlink(path);
	str_finish(&line);
	deck_end(&deck);
}

static void test_a_long_text_is_counted_in_a_pause(void **state)
{
	(void)state;
	struct deck deck = {0};
	struct str big = {0};
	fake_deck(&deck, 80, 24);
	while (big.len < 10000)
		str_adds(&big, "0123456789");
	deck_keys(&deck, "c");
	deck_type(&deck, "x");
	assert_true(shows(&deck, "work 1/500"));
	term_memory_paste(app_term(deck.app), big.p);
	app_turn(deck.app, 0);
	deck_type(&deck, "y");
	assert_true(shows(&deck, "work 1/500"));
	wait_ms(&deck, 200);
	assert_true(shows(&deck, "work 10002/500 too long by 9502"));
	/* It cannot slip through meanwhile. */
	deck_type(&deck, "z");
	deck_keys(&deck, "<M-Enter>");
	assert_string_equal(deck_said(&deck), "work: is too long by 9503 characters; M-x cuts it");
	str_finish(&big);
	deck_end(&deck);
}

static void test_pastes_are_text(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	term_memory_paste(app_term(deck.app), "one\033[201~\n:q!\n\033[A<Esc><Esc>\n");
	app_turn(deck.app, 0);
	assert_true(compose_is_open(deck.app));
	assert_string_equal(text(&deck), "one[201~\n:q!\n[A<Esc><Esc>\n");
	deck_end(&deck);
}

static void test_completes(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "Hi @ad");
	assert_string_equal(text(&deck), "Hi @ad");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "Hi @ada@sea.example");
	deck_keys(&deck, "<S-Tab>");
	assert_string_equal(text(&deck), "Hi @ad");
	deck_type(&deck, " :anc");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "Hi @ad ⚓");
	deck_type(&deck, " 12:30 a:b");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "Hi @ad ⚓ 12:30 a:b");
	deck_end(&deck);
}

/* A page of a collection, in answer to the newest question. */
static void answer_items(struct deck *deck, const char *id)
{
	const struct job *job = fake_job(JOB_ITEMS);
	struct event *event = event_new(EVENT_ITEMS);
	event->reply_to = job->id;
	event->account = job->account;
	event->items = items_new((enum collection)job->number);
	items_add(event->items, id, id, NULL, 0);
	fake_tell(deck, event);
	fake_done(deck, job, NULL);
}

static void test_completes_from_the_server(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "@zo");
	assert_int_equal(fake_count(JOB_ITEMS), 0);
	deck_type(&deck, "e");
	/* Asked once one stops typing, and not for each letter. */
	wait_ms(&deck, 400);
	assert_int_equal(fake_count(JOB_ITEMS), 1);
	assert_int_equal(fake_job(JOB_ITEMS)->number, COLLECTION_PEOPLE);
	assert_string_equal(fake_job(JOB_ITEMS)->arg, "zoe");
	answer_items(&deck, "zoe@lake.example");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "@zoe@lake.example");
	/* What comes too late changes nothing. */
	deck_type(&deck, " @yan");
	wait_ms(&deck, 400);
	deck_type(&deck, "k");
	answer_items(&deck, "yan@lake.example");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "@zoe@lake.example @yank");
	/* The server's own emoji. */
	deck_type(&deck, " :blo");
	assert_int_equal(fake_job(JOB_ITEMS)->number, COLLECTION_EMOJI);
	answer_items(&deck, "blobcat");
	deck_type(&deck, "b");
	deck_keys(&deck, "<Tab>");
	assert_string_equal(text(&deck), "@zoe@lake.example @yank :blobcat:");
	deck_end(&deck);
}

static void test_the_outbox(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 100, 24);
	tell_outgoing(&deck, 1, 1, WORK, OUTGOING_SCHEDULED, "Waits");
	tell_outgoing(&deck, 2, 2, HOBBY, OUTGOING_SCHEDULED, "Will fail");
	tell_outgoing(&deck, 2, 2, HOBBY, OUTGOING_FAILED, "Will fail");
	assert_string_equal(
	        deck_said(&deck), "hobby: failed: the server refused it: too salty (gD)");
	tell_outgoing(&deck, 3, 3, WORK, OUTGOING_SENT, "Went out");
	deck_keys(&deck, "gD");
	assert_true(golden_is(&deck, "compose_outbox", false));
	/* The list follows what happens. */
	tell_outgoing(&deck, 1, 1, WORK, OUTGOING_SENT, "Waits");
	assert_true(golden_is(&deck, "compose_outbox_later", false));
	/* What failed stands first; again. */
	deck_keys(&deck, "<Enter>n");
	assert_int_equal(fake_job(JOB_OUTGOING_RETRY)->number, 2);
	fake_done(&deck, fake_job(JOB_OUTGOING_RETRY), "not now");
	assert_string_equal(deck_said(&deck), "not now");
	deck_run(&deck, "outgoing move 2 tomorrow 9:00");
	assert_string_equal(fake_job(JOB_OUTGOING_MOVE)->arg, "2026-11-23 09:00\nUTC\n0");
	/* Changed in the composer: that item, and no second post. */
	deck_run(&deck, "outgoing edit 2");
	assert_string_equal(text(&deck), "Will fail");
	deck_keys(&deck, "<C-w>");
	deck_type(&deck, "work");
	deck_keys(&deck, "<M-Enter>");
	keep(&deck, 20);
	const struct job *job = fake_job(JOB_OUTGOING_CHANGE);
	assert_int_equal(job->number, 2);
	assert_string_equal(job->draft->parts[0].text, "Will work");
	assert_int_equal(fake_count(JOB_SEND), 0);
	fake_done(&deck, job, NULL);
	assert_int_equal(fake_job(JOB_DRAFT_DROP)->number, 20);
	deck_end(&deck);
}

static void test_holding(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "hold");
	assert_int_equal(fake_job(JOB_HOLD)->account, 0);
	assert_true(fake_job(JOB_HOLD)->on);
	struct event *event = event_new(EVENT_HELD);
	event->number = 1;
	fake_tell(&deck, event);
	assert_true(app_outbox_is_held(deck.app, WORK));
	deck_run(&deck, "resume work");
	assert_int_equal(fake_job(JOB_HOLD)->account, WORK);
	assert_false(fake_job(JOB_HOLD)->on);
	event = event_new(EVENT_HELD);
	fake_tell(&deck, event);
	assert_false(app_outbox_is_held(deck.app, WORK));
	assert_string_equal(deck_refused(&deck, "hold nobody"),
	        "there is no account 'nobody'; `accounts` lists them");
	deck_end(&deck);
}

static void test_post_at_once(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "post as hobby One # two \"three");
	keep(&deck, 4);
	const struct job *job = fake_job(JOB_SEND);
	assert_string_equal(job->draft->parts[0].text, "One # two \"three");
	assert_int_equal(job->draft->accounts[0], HOBBY);
	deck_end(&deck);
}

/* What $EDITOR does in the next tests: a shell script of one line. */
static void editor(const char *script)
{
	char path[] = "/tmp/stoa-editor-XXXXXX";
	int fd = mkstemp(path);
	struct str all = {0};
	str_addf(&all, "#!/bin/sh\n%s\n", script);
	assert_true(write(fd, all.p, all.len) == (ssize_t)all.len);
	close(fd);
	chmod(path, 0700);
	setenv("EDITOR", path, 1);
	unsetenv("VISUAL");
	str_finish(&all);
}

static void test_the_editor_has_everything(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_run(&deck, "compose account hobby on");
	deck_type(&deck, "%one");
	deck_run(&deck, "compose text hobby");
	deck_type(&deck, "!");
	deck_run(&deck, "compose text");
	deck_keys(&deck, "<M-t>");
	deck_type(&deck, "---");
	deck_run(&deck, "compose poll for 2h A | B");
	deck_run(&deck, "compose warning W");
	char *before = NULL;
	/* Unchanged: all is as it was. */
	editor("cp \"$1\" /tmp/stoa-seen");
	deck_keys(&deck, "<M-e>");
	assert_true(paths_read("/tmp/stoa-seen", 10000, &before, &(unsigned long){0}, NULL));
	assert_string_equal(before, "To: work, hobby\nWarning: W\nVisibility: \nLanguage: \nAt:\n"
	                            "\n%%%one\n%for: hobby\n%%%one!\n---\n%%---\n%poll: A | B\n"
	                            "%poll-for: 2h\n%poll-several: no\n%poll-hidden: no\n");
	/* Touched, it comes back the same. */
	editor("sed -i 's/^Language:.*/Language: en/' \"$1\"");
	deck_keys(&deck, "<M-e>");
	const struct draft *draft = written(&deck);
	assert_string_equal(draft->lang, "en");
	assert_int_equal(draft->nparts, 2);
	assert_string_equal(draft->parts[0].text, "%one");
	assert_string_equal(draft->parts[1].text, "---");
	assert_string_equal(draft_text(draft, 0, HOBBY, "mastodon"), "%one!");
	assert_int_equal(draft->parts[1].poll->for_s, 7200);
	assert_int_equal(draft->naccounts, 2);
	/* A mistake is told with its line, and the file is there to be mended. */
	editor("sed -i 's/^To:.*/To: wrok/' \"$1\"; echo mine >> \"$1\"");
	deck_keys(&deck, "<M-e>");
	assert_string_equal(
	        deck_said(&deck), "line 1: there is no account 'wrok'; M-e opens your file again");
	assert_string_equal(written(&deck)->parts[1].text, "---");
	editor("sed -i 's/^To:.*/To: work/' \"$1\"");
	deck_keys(&deck, "<M-e>");
	assert_int_equal(written(&deck)->naccounts, 1);
	assert_string_equal(written(&deck)->parts[1].text, "---\nmine");
	editor("sed -i 's,^At:.*,At: 2027-10-31 02:30 second Europe/Amsterdam,' \"$1\"");
	deck_keys(&deck, "<M-e>");
	assert_string_equal(written(&deck)->at.zone, "Europe/Amsterdam");
	assert_true(shows(&deck, "clocks show that time twice: it is the second one"));
	/* And from there back into the file. */
	editor("sed -i 's/^Warning:.*/Warning: X/' \"$1\"");
	deck_keys(&deck, "<M-e>");
	assert_int_equal(written(&deck)->at.fold, 1);
	assert_string_equal(written(&deck)->warning, "X");
	free(before);
	unlink("/tmp/stoa-seen");
	unlink(getenv("EDITOR"));
	deck_end(&deck);
}

static void test_small_screens(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 40, 15);
	deck_keys(&deck, "r");
	deck_type(&deck, "Thank you, that is ");
	deck_type(&deck, "what I was looking ");
	deck_type(&deck, "for all week.");
	deck_keys(&deck, "<M-t>");
	deck_type(&deck, "And more");
	assert_true(golden_is(&deck, "compose_40x15", false));
	/* However small, it can be written in, and nothing breaks. */
	static const int sizes[][2] = {{20, 5}, {10, 3}, {5, 2}, {1, 1}, {300, 4}, {24, 8}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct str fault = {0};
		term_memory_resize(app_term(deck.app), sizes[i][1], sizes[i][0]);
		deck_keys(&deck, "x");
		if (!grid_check(term_memory_grid(app_term(deck.app)), &fault))
			fail_msg("%dx%d: %s", sizes[i][0], sizes[i][1], fault.p);
		str_finish(&fault);
	}
	assert_string_equal(text(&deck), "And morexxxxxx");
	deck_end(&deck);
}

static void test_at_the_end_it_is_kept(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "c");
	deck_type(&deck, "unsaved");
	assert_int_equal(fake_count(JOB_DRAFT), 0);
	deck_end(&deck);
	assert_int_equal(fake.drafts, 1);
}

int main(void)
{
	if (!golden_begin()) return 1;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_writes_and_keeps),
	        cmocka_unit_test(test_what_was_typed_last_is_kept_too),
	        cmocka_unit_test(test_a_draft_that_cannot_be_kept_stays_open),
	        cmocka_unit_test(test_thrown_away_and_brought_back),
	        cmocka_unit_test(test_replies),
	        cmocka_unit_test(test_sends),
	        cmocka_unit_test(test_sent_while_it_is_being_kept),
	        cmocka_unit_test(test_what_was_not_sent_is_there_again),
	        cmocka_unit_test(test_targets_and_their_counts),
	        cmocka_unit_test(test_a_text_of_ones_own_is_cut_alone),
	        cmocka_unit_test(test_each_network_counts_by_its_own_rule),
	        cmocka_unit_test(test_parts),
	        cmocka_unit_test(test_texts_of_their_own),
	        cmocka_unit_test(test_what_goes_with_it),
	        cmocka_unit_test(test_a_picture_wants_words),
	        cmocka_unit_test(test_a_long_text_is_counted_in_a_pause),
	        cmocka_unit_test(test_pastes_are_text),
	        cmocka_unit_test(test_completes),
	        cmocka_unit_test(test_completes_from_the_server),
	        cmocka_unit_test(test_the_outbox),
	        cmocka_unit_test(test_holding),
	        cmocka_unit_test(test_post_at_once),
	        cmocka_unit_test(test_the_editor_has_everything),
	        cmocka_unit_test(test_small_screens),
	        cmocka_unit_test(test_at_the_end_it_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
