/* The agenda: what will be posted when, where there is room, and what is done from it. */
#include "fake_engine.h"
#include "golden.h"

#include "app/compose.h"
#include "app/outbox.h"
#include "base/date.h"

static const char zone[] = "Europe/Amsterdam";

static int64_t utc(const char *text)
{
	int64_t ms = 0;
	assert_true(date_parse_rfc3339(text, &ms));
	return ms;
}

/* One of the outbox, for a wall time in Amsterdam. */
static void plan(struct deck *deck, int64_t id, account_id account, enum outgoing_state state,
        const char *wall, const char *words, const char *remote_id)
{
	struct event *event = event_new(EVENT_OUTGOING);
	struct outgoing *item = xcalloc(1, sizeof(*item));
	*item = (struct outgoing){.id = id,
	        .draft = id,
	        .account = account,
	        .state = state,
	        .text = xstrdup(words),
	        .remote_id = xstrdup(remote_id),
	        .made_ms = deck_now_ms};
	item->media = xcalloc(1, sizeof(*item->media));
	assert_true(when_resolve(wall, zone, 0, &item->at, NULL));
	event->outgoing = item;
	fake_tell(deck, event);
}

/* What the server of `work` keeps: one of ours, and one that was made elsewhere. */
static void tell_kept(struct deck *deck)
{
	static const char *const uris[] = {
	        "scheduled:home.example/71", "scheduled:home.example/72"};
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	event->source = store_source(deck->app->store, "work/scheduled");
	for (size_t i = 0; i < 2; i++) {
		struct viewer viewer = {.account = WORK, .remote_id = uris[i] + 23};
		struct post_parts parts = {
		        .str = {[POST_URI] = uris[i], [POST_BODY] = "Written in a browser"},
		        .viewers = &viewer,
		        .nviewers = 1,
		        .author = fake_profile(page, "me-work@home.example"),
		        .created_ms = utc("2026-11-24T07:30:00Z")};
		struct entry entry = {.sort_ms = parts.created_ms,
		        .reason = REASON_SCHEDULED,
		        .cursor = uris[i] + 23,
		        .post = page_add_post(page, &parts)};
		page_add_entry(page, &entry);
	}
	fake_tell(deck, event);
}

static void start(struct deck *deck, int cols, int rows)
{
	fake_deck(deck, cols, rows);
	fake_account(deck, WORK, "work", CAN_ALL | CAP_SCHEDULE);
	fake_account(deck, HOBBY, "hobby", CAN_ALL);
	deck_run(deck, "slots work mon-tue 9:00 17:00");
	plan(deck, 11, WORK, OUTGOING_SCHEDULED, "2026-11-22 20:15", "Tonight: what a tide is",
	        NULL);
	plan(deck, 12, HOBBY, OUTGOING_SCHEDULED, "2026-11-23 18:00", "Harbour walk\nBring boots",
	        NULL);
	plan(deck, 13, WORK, OUTGOING_KEPT, "2026-11-23 10:00", "Kept by the server", "71");
	plan(deck, 14, WORK, OUTGOING_SENT, "2026-11-22 09:00", "Over long ago", "70");
	plan(deck, 15, WORK, OUTGOING_CANCELLED, "2026-11-23 11:00", "Taken back", NULL);
}

static void check(struct deck *deck, const char *name)
{
	if (!golden_is(deck, name, false)) fail_msg("%s", name);
}

static void test_day_by_day(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 80, 24);
	deck_keys(&deck, "gs");
	assert_string_equal(fake_job(JOB_WATCH)->arg, "work/scheduled");
	check(&deck, "agenda-80x24");
	tell_kept(&deck);
	check(&deck, "agenda-elsewhere-80x24");
	/* Once it is closed nobody asks the server any more. */
	assert_int_equal(fake_count(JOB_UNWATCH), 0);
	deck_keys(&deck, "q");
	assert_int_equal(fake_count(JOB_UNWATCH), 1);
	deck_end(&deck);
}

static void test_narrow(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 40, 15);
	deck_keys(&deck, "gs");
	check(&deck, "agenda-40x15");
	deck_end(&deck);
}

static void test_held_and_empty(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "gs");
	check(&deck, "agenda-empty-80x24");
	deck_keys(&deck, "q");
	struct event *event = event_new(EVENT_HELD);
	event->number = 1;
	fake_tell(&deck, event);
	plan(&deck, 11, WORK, OUTGOING_SCHEDULED, "2026-11-22 20:15", "Tonight", NULL);
	deck_keys(&deck, "gs");
	check(&deck, "agenda-held-80x24");
	deck_end(&deck);
}

static void test_cancels_and_plans_again(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 80, 24);
	deck_keys(&deck, "gsc");
	const struct job *job = fake_job(JOB_OUTGOING_CANCEL);
	assert_int_equal(job->number, 11);
	/* The list is there again, for the next one. */
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	fake_done(&deck, job, NULL);
	plan(&deck, 11, WORK, OUTGOING_CANCELLED, "2026-11-22 20:15", "Tonight: what a tide is",
	        NULL);
	deck_keys(&deck, "U");
	const struct draft *draft = fake_job(JOB_SEND)->draft;
	assert_string_equal(draft->parts[0].text, "Tonight: what a tide is");
	assert_int_equal(draft->at.utc_ms, utc("2026-11-22T19:15:00Z"));
	assert_int_equal(draft->accounts[0], WORK);
	deck_end(&deck);
}

static void test_moves(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 80, 24);
	deck_keys(&deck, "gsm");
	deck_type(&deck, "tomorrow 8:00");
	deck_keys(&deck, "<Enter>");
	const struct job *job = fake_job(JOB_OUTGOING_MOVE);
	assert_int_equal(job->number, 11);
	assert_string_equal(job->arg, "2026-11-23 08:00\nUTC\n0");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_end(&deck);
}

static void test_a_free_slot_is_written_for(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 80, 24);
	/* Behind what hobby has at that time. */
	deck_keys(&deck, "gsjjj<Enter>");
	assert_true(compose_is_open(deck.app));
	const struct draft *draft = compose_draft(deck.app);
	assert_int_equal(draft->at.utc_ms, utc("2026-11-23T17:00:00Z"));
	assert_int_equal(draft->accounts[0], WORK);
	deck_end(&deck);
}

static void test_edits_in_the_composer(void **state)
{
	(void)state;
	struct deck deck = {0};
	start(&deck, 80, 24);
	deck_keys(&deck, "gse");
	assert_true(compose_is_open(deck.app));
	assert_int_equal(deck.app->overlay, OVERLAY_NONE);
	assert_string_equal(compose_draft(deck.app)->parts[0].text, "Tonight: what a tide is");
	deck_end(&deck);
}

static void test_slots_are_told_and_changed(void **state)
{
	(void)state;
	struct deck deck = {0};
	struct err err = {0};
	fake_deck(&deck, 80, 24);
	assert_false(app_command(deck.app, "slots", NULL, &err));
	assert_non_null(strstr(err.text, "slots work mon-fri"));
	deck_run(&deck, "slots work mon-fri 9:00; slots hobby \"sat,sun 11:00\"");
	assert_int_equal(deck.app->slots.n, 2);
	deck_run(&deck, "slots");
	check(&deck, "slots-80x24");
	deck_run(&deck, "back; slots work off");
	assert_int_equal(deck.app->slots.n, 1);
	assert_false(app_command(deck.app, "slots work mon 25:00", NULL, &err));
	assert_non_null(strstr(err.text, "25:00"));
	assert_int_equal(deck.app->slots.n, 1);
	deck_end(&deck);
}

int main(void)
{
	if (!golden_begin()) return 1;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_day_by_day),
	        cmocka_unit_test(test_narrow),
	        cmocka_unit_test(test_held_and_empty),
	        cmocka_unit_test(test_cancels_and_plans_again),
	        cmocka_unit_test(test_moves),
	        cmocka_unit_test(test_a_free_slot_is_written_for),
	        cmocka_unit_test(test_edits_in_the_composer),
	        cmocka_unit_test(test_slots_are_told_and_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
