/* What accounts do with posts and people: seen at once, sent, taken back. */
#include "fake_engine.h"

#include "app/act.h"

static void test_a_like_is_seen_at_once_and_taken_back(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "f");
	assert_int_equal(fake_flags(&deck, "1", WORK), VIEWER_LIKED);
	assert_int_equal(fake_post(&deck, "1")->likes, 5);
	assert_string_equal(deck_said(&deck),
	        "work likes (U undoes) @ada@sea.example: “Tide tables for November”");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->account, WORK);
	assert_int_equal(job->action->verb, VERB_LIKE);
	assert_false(job->action->undo);
	assert_string_equal(job->action->uri, "https://sea.example/1");
	assert_string_equal(job->action->remote_id, "1");
	fake_done(&deck, job, "it is closed");
	assert_int_equal(fake_flags(&deck, "1", WORK), 0);
	assert_int_equal(fake_post(&deck, "1")->likes, 4);
	assert_string_equal(deck_said(&deck),
	        "work could not like: it is closed; taken back · @ada@sea.example: “Tide tables "
	        "for November”");
	/* There is nothing left to undo. */
	assert_string_equal(deck_refused(&deck, "undo"), "there is nothing to undo");
	deck_end(&deck);
}

/* An account of another network, and a post that it brings, newer than all. */
static void other_account(struct deck *deck, account_id id)
{
	struct event *event = event_new(EVENT_ACCOUNT);
	event->account = id;
	event->account_info = account_new("sky", "bluesky", "pds.example");
	event->account_info->id = id;
	event->account_info->caps = CAP_LIKE;
	fake_tell(deck, event);
}

static void other_post(struct deck *deck, account_id id)
{
	struct event *event = event_new(EVENT_PAGE);
	struct page *page = event->page = page_new();
	struct viewer viewer = {.account = id, .remote_id = "cid"};
	struct post_parts parts = {
	        .str = {[POST_URI] = "at://did:plc:eve/app.bsky.feed.post/1", [POST_BODY] = "far"},
	        .viewers = &viewer,
	        .nviewers = 1,
	        .author = fake_profile(page, "eve.example"),
	        .created_ms = deck_now_ms};
	struct entry entry = {.post = page_add_post(page, &parts), .sort_ms = deck_now_ms};
	page_add_entry(page, &entry);
	event->source = store_source(deck->app->store, "sky/home");
	fake_tell(deck, event);
}

static void test_a_post_is_reached_through_its_own_network(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	other_account(&deck, 4);
	deck_run(&deck, "column edit Home work/home sky/home");
	other_post(&deck, 4);
	deck_keys(&deck, "ggf");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->account, 4);
	assert_string_equal(job->action->uri, "at://did:plc:eve/app.bsky.feed.post/1");
	assert_string_equal(job->action->remote_id, "cid");
	/* What the column's own network brought is still its own. */
	deck_keys(&deck, "jf");
	assert_int_equal(fake_job(JOB_ACT)->account, WORK);
	assert_string_equal(
	        deck_refused(&deck, "like as work at at://did:plc:eve/app.bsky.feed.post/1"),
	        "work's server cannot find this post");
	deck_end(&deck);
}

static void test_the_post_stays_selected_once_something_was_done_with_it(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	other_account(&deck, 4);
	deck_run(&deck, "column edit Home work/home sky/home");
	deck_keys(&deck, "ggf");
	other_post(&deck, 4);
	app_turn(deck.app, 0);
	app_turn(deck.app, 0);
	deck_keys(&deck, "S");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_BOOKMARK);
	assert_string_equal(fake_job(JOB_ACT)->action->uri, "https://sea.example/1");
	deck_end(&deck);
}

static void test_undo_sends_the_reverse(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "f");
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	/* The cursor is elsewhere by now. */
	deck_keys(&deck, "jU");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(fake_count(JOB_ACT), 2);
	assert_true(job->action->undo);
	assert_string_equal(job->action->uri, "https://sea.example/1");
	assert_int_equal(fake_flags(&deck, "1", WORK), 0);
	/* The reverse fails: the like is there again. */
	fake_done(&deck, job, "no");
	assert_int_equal(fake_flags(&deck, "1", WORK), VIEWER_LIKED);
	deck_end(&deck);
}

static void test_the_last_word_counts(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "fff");
	/* One is on its way; the others wait for it. */
	assert_int_equal(fake_count(JOB_ACT), 1);
	assert_int_equal(fake_flags(&deck, "1", WORK), VIEWER_LIKED);
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	deck_keys(&deck, "f");
	assert_int_equal(fake_count(JOB_ACT), 2);
	deck_keys(&deck, "f");
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_int_equal(fake_count(JOB_ACT), 3);
	assert_false(fake_job(JOB_ACT)->action->undo);
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_int_equal(fake_flags(&deck, "1", WORK), VIEWER_LIKED);
	/* Wanted no more, and it never worked: nothing has to be sent. */
	deck_keys(&deck, "jff");
	assert_int_equal(fake_count(JOB_ACT), 4);
	fake_done(&deck, fake_job(JOB_ACT), "no");
	assert_int_equal(fake_count(JOB_ACT), 4);
	assert_int_equal(fake_flags(&deck, "2", WORK), 0);
	deck_end(&deck);
}

static void test_a_repost_waits_and_can_be_called_off(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "b");
	assert_int_equal(fake_flags(&deck, "1", WORK), VIEWER_REPOSTED);
	assert_string_equal(deck_said(&deck),
	        "work reposts in 10 s (U takes it back) @ada@sea.example: “Tide tables for "
	        "November”");
	fake_clock_advance(&deck.clock, 9999);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_ACT), 0);
	deck_keys(&deck, "U");
	assert_int_equal(fake_flags(&deck, "1", WORK), 0);
	fake_clock_advance(&deck.clock, 60000);
	app_turn(deck.app, 0);
	assert_int_equal(fake_count(JOB_ACT), 0);
	deck_run(&deck, "repost unlisted");
	fake_clock_advance(&deck.clock, 10000);
	app_turn(deck.app, 0);
	assert_int_equal(fake_job(JOB_ACT)->action->visibility, VIS_UNLISTED);
	deck_run(&deck, "set outbox-undo 0s");
	deck_keys(&deck, "jb");
	assert_int_equal(fake_count(JOB_ACT), 2);
	deck_end(&deck);
}

static void test_a_waiting_repost_is_sent_when_the_deck_ends(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "b");
	assert_int_equal(fake.acts, 0);
	deck_end(&deck);
	assert_int_equal(fake.acts, 1);
}

static void test_as_another_account(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "F");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	deck_keys(&deck, "2");
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->account, HOBBY);
	/* That account has never seen the post: its server looks the address up. */
	assert_null(job->action->remote_id);
	assert_string_equal(job->action->uri, "https://sea.example/1");
	assert_int_equal(fake_flags(&deck, "1", HOBBY), VIEWER_LIKED);
	assert_int_equal(fake_flags(&deck, "1", WORK), 0);
	/* One that cannot is greyed, with the reason. */
	deck_keys(&deck, "B");
	assert_true(deck.app->list.items[1].dim);
	assert_string_equal(
	        deck.app->list.items[1].detail, "hobby's server (harbour 1.2) cannot repost");
	deck_keys(&deck, "2");
	assert_int_equal(fake_count(JOB_ACT), 1);
	deck_keys(&deck, "<Esc>");
	assert_string_equal(deck_refused(&deck, "repost as hobby"),
	        "hobby's server (harbour 1.2) cannot repost");
	assert_string_equal(deck_refused(&deck, "like as nobody"),
	        "there is no account 'nobody'; `accounts` lists them");
	deck_end(&deck);
}

static void test_deleting_asks(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "delete"), "this post is not work's own");
	deck_keys(&deck, "jjd");
	assert_true(deck.app->prompt.open);
	assert_string_equal(deck.app->prompt.label, "(y/n) ");
	assert_string_equal(str_c(&deck.app->prompt.edit.text),
	        "work: delete @me-work@home.example: “Our own words”?");
	deck_keys(&deck, "<Enter>");
	assert_false(deck.app->prompt.open);
	assert_string_equal(deck_said(&deck), "nothing was done");
	deck_keys(&deck, "dx");
	assert_false(deck.app->prompt.open);
	assert_int_equal(fake_count(JOB_ACT), 0);
	deck_keys(&deck, "dy");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_DELETE);
	/* It stays until the server says so. */
	assert_non_null(fake_post(&deck, "3"));
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_null(fake_post(&deck, "3"));
	deck_end(&deck);
}

static void test_what_asks_is_an_option(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "set confirm like,fly"),
	        "confirm: 'fly' is no action; such are like, repost, follow, unfollow, block, "
	        "delete");
	deck_run(&deck, "set confirm like");
	deck_keys(&deck, "f");
	assert_true(deck.app->prompt.open);
	deck_keys(&deck, "y");
	assert_int_equal(fake_count(JOB_ACT), 1);
	deck_run(&deck, "set confirm ''");
	deck_keys(&deck, "jjd");
	assert_false(deck.app->prompt.open);
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_DELETE);
	deck_end(&deck);
}

static void tell_relation(struct deck *deck, const char *handle, unsigned flags)
{
	struct event *event = event_new(EVENT_PAGE);
	event->page = page_new();
	struct relation relation = {
	        .account = WORK, .profile = fake_profile(event->page, handle), .flags = flags};
	page_add_relation(event->page, &relation);
	fake_tell(deck, event);
}

static unsigned relation_of(const struct deck *deck, const char *handle)
{
	const struct store *store = deck->app->store;
	const struct relation *relation =
	        store_relation(store, WORK, store_find_profile(store, handle));
	return relation ? relation->flags : UINT32_MAX;
}

static void test_following_asks_how_we_stand(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_keys(&deck, "w");
	assert_int_equal(fake_count(JOB_ACT), 0);
	const struct job *asked = fake_job(JOB_PERSON);
	assert_string_equal(asked->arg, "ada@sea.example");
	tell_relation(&deck, "ada@sea.example", RELATION_FOLLOWS_US);
	fake_done(&deck, asked, NULL);
	const struct job *job = fake_job(JOB_ACT);
	assert_int_equal(job->action->verb, VERB_FOLLOW);
	assert_string_equal(job->action->profile, "ada@sea.example");
	assert_true(job->action->reposts);
	assert_int_equal(relation_of(&deck, "ada@sea.example"),
	        RELATION_FOLLOWS_US | RELATION_FOLLOWING | RELATION_REPOSTS);
	fake_done(&deck, job, "they do not let you");
	assert_int_equal(relation_of(&deck, "ada@sea.example"), RELATION_FOLLOWS_US);
	/* Known by now: nobody is asked, but unfollowing is. */
	tell_relation(&deck, "ada@sea.example", RELATION_FOLLOWING);
	deck_keys(&deck, "w");
	assert_int_equal(fake_count(JOB_PERSON), 1);
	assert_string_equal(str_c(&deck.app->prompt.edit.text), "work: unfollow @ada@sea.example?");
	deck_keys(&deck, "y");
	assert_true(fake_job(JOB_ACT)->action->undo);
	assert_int_equal(relation_of(&deck, "ada@sea.example"), 0);
	deck_run(&deck, "follow on no-reposts notify at bob@sea.example");
	assert_false(fake_job(JOB_ACT)->action->reposts);
	assert_true(fake_job(JOB_ACT)->action->notify);
	deck_end(&deck);
}

static void test_people(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "account-mute on for 1h");
	const struct job *mute = fake_job(JOB_ACT);
	assert_int_equal(mute->action->seconds, 3600);
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "ada@sea.example");
	deck_keys(&deck, ":");
	deck_type(&deck, "block on");
	deck_keys(&deck, "<Enter>y");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_BLOCK);
	/* The question forgets nothing that was said. */
	deck_run(&deck, "set confirm account-mute,list-add");
	deck_run(&deck, "account-mute on for 2h");
	deck_keys(&deck, "y");
	fake_done(&deck, mute, NULL);
	assert_int_equal(fake_job(JOB_ACT)->action->seconds, 7200);
	deck_run(&deck, "list-add at bob@sea.example 7");
	deck_keys(&deck, "y");
	assert_string_equal(fake_job(JOB_ACT)->action->name, "7");
	deck_run(&deck, "set confirm block");
	deck_run(&deck, "report spam they sell fog");
	const struct action *report = fake_job(JOB_ACT)->action;
	assert_int_equal(report->verb, VERB_REPORT);
	assert_string_equal(report->name, "spam");
	assert_string_equal(report->text, "they sell fog");
	assert_string_equal(report->uri, "https://sea.example/1");
	deck_run(&deck, "block-domain");
	assert_string_equal(fake_job(JOB_ACT)->action->name, "sea.example");
	deck_run(&deck, "follow-tag at '#tide'");
	assert_string_equal(fake_job(JOB_ACT)->action->name, "tide");
	deck_run(&deck, "list-add at bob@sea.example 12");
	assert_string_equal(fake_job(JOB_ACT)->action->name, "12");
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "bob@sea.example");
	assert_string_equal(deck_refused(&deck, "account-mute on for soon"),
	        "'soon' is not a duration such as 12h or 2w");
	deck_keys(&deck, "jj");
	assert_string_equal(deck_refused(&deck, "follow"), "that is work itself");
	assert_string_equal(deck_refused(&deck, "accept"), "nobody asks to follow in this row");
	deck_end(&deck);
}

static void test_dismissing(void **state)
{
	(void)state;
	struct deck deck = {0};
	static const struct fake_post told[] = {
	        {.name = "n1", .actor = "ada@sea.example", .reason = REASON_FOLLOWED},
	        {.name = "n2", .actor = "bob@sea.example", .reason = REASON_REQUESTED},
	        {.name = "n3", .actor = "cat@sea.example", .reason = REASON_FOLLOWED},
	};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "dismiss"), "this row is no notification");
	deck_run(&deck, "column add News work/notifications");
	fake_page(&deck, "work/notifications", told, 3);
	struct timeline *timeline = app_column(deck.app)->timeline;
	deck_keys(&deck, "ggj");
	/* Somebody who asks to follow is answered in their row. */
	deck_run(&deck, "reject");
	assert_int_equal(fake_job(JOB_ACT)->action->verb, VERB_ACCEPT);
	assert_true(fake_job(JOB_ACT)->action->undo);
	assert_string_equal(fake_job(JOB_ACT)->action->profile, "bob@sea.example");
	deck_run(&deck, "dismiss");
	assert_string_equal(fake_job(JOB_ACT)->action->name, "n2");
	/* It goes when the server has forgotten it. */
	assert_int_equal(timeline_len(timeline), 3);
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_int_equal(timeline_len(timeline), 2);
	deck_run(&deck, "dismiss all");
	assert_null(fake_job(JOB_ACT)->action->name);
	fake_done(&deck, fake_job(JOB_ACT), "no");
	assert_int_equal(timeline_len(timeline), 2);
	deck_run(&deck, "dismiss all");
	fake_done(&deck, fake_job(JOB_ACT), NULL);
	assert_int_equal(timeline_len(timeline), 0);
	/* One that comes again is shown again. */
	fake_page(&deck, "work/notifications", told, 1);
	assert_int_equal(timeline_len(timeline), 1);
	deck_end(&deck);
}

static void test_voting(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	assert_string_equal(deck_refused(&deck, "vote"), "this post has no poll");
	deck_keys(&deck, "jV2");
	assert_int_equal(fake_job(JOB_ACT)->action->choices, 1 << 1);
	assert_string_equal(deck_refused(&deck, "vote 1"), "work has voted already");
	fake_done(&deck, fake_job(JOB_ACT), "too late");
	assert_string_equal(deck_refused(&deck, "vote 1 2"), "only one option may be chosen here");
	assert_string_equal(
	        deck_refused(&deck, "vote 4"), "an option is a number from 1 to 3, not '4'");
	/* Where several may be chosen they are ticked, and then sent. */
	deck_keys(&deck, "jjV1");
	assert_int_equal(deck.app->overlay, OVERLAY_LIST);
	assert_string_equal(deck.app->list.items[0].text, "✓ Rope");
	deck_keys(&deck, "2");
	assert_int_equal(deck.app->list.focus, 1);
	deck_keys(&deck, "1v");
	assert_int_equal(fake_count(JOB_ACT), 2);
	assert_int_equal(fake_job(JOB_ACT)->action->choices, 1 << 1);
	deck_end(&deck);
}

static void test_nobody_acts_in_a_column_of_feeds(void **state)
{
	(void)state;
	struct deck deck = {0};
	fake_deck(&deck, 80, 24);
	deck_run(&deck, "column add Feeds ./x.xml");
	assert_string_equal(deck_refused(&deck, "like at https://sea.example/1"),
	        "nobody acts in this column; say `as ACCOUNT`, or F and B let you choose");
	deck_run(&deck, "like as hobby at https://sea.example/1");
	assert_int_equal(fake_flags(&deck, "1", HOBBY), VIEWER_LIKED);
	deck_end(&deck);
}

/* Each thing that an account can do has a command of that name, unless it says here why not. */
static void test_each_verb_has_its_command(void **state)
{
	(void)state;
	for (int i = 0; i < VERB_COUNT; i++) {
		if (!cmd_find(&deck_commands, verbs[i].name))
			fail_msg("there is no command '%s'", verbs[i].name);
		if (verbs[i].undo && !cmd_find(&deck_commands, verbs[i].undo))
			fail_msg("there is no command '%s'", verbs[i].undo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_like_is_seen_at_once_and_taken_back),
	        cmocka_unit_test(test_a_post_is_reached_through_its_own_network),
	        cmocka_unit_test(test_the_post_stays_selected_once_something_was_done_with_it),
	        cmocka_unit_test(test_undo_sends_the_reverse),
	        cmocka_unit_test(test_the_last_word_counts),
	        cmocka_unit_test(test_a_repost_waits_and_can_be_called_off),
	        cmocka_unit_test(test_a_waiting_repost_is_sent_when_the_deck_ends),
	        cmocka_unit_test(test_as_another_account),
	        cmocka_unit_test(test_deleting_asks),
	        cmocka_unit_test(test_what_asks_is_an_option),
	        cmocka_unit_test(test_following_asks_how_we_stand),
	        cmocka_unit_test(test_people),
	        cmocka_unit_test(test_dismissing),
	        cmocka_unit_test(test_voting),
	        cmocka_unit_test(test_nobody_acts_in_a_column_of_feeds),
	        cmocka_unit_test(test_each_verb_has_its_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
