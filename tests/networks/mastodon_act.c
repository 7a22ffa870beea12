/* Every verb at a Mastodon server: what is asked, what is made of the answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mastodon_steps.h"

static void act(struct world *w, struct action *action)
{
	w->call.action = action;
	page_free(w->call.out);
	w->call.out = NULL;
	free(w->call.said);
	free(w->call.gone);
	w->call.said = w->call.gone = NULL;
	begin(w, mastodon()->act);
}

static void reply(struct world *w, int status, const char *body)
{
	answer_by(w, mastodon()->act, status, NULL, body);
}

static void finish(struct world *w)
{
	free(w->call.said);
	free(w->call.gone);
	world_finish(w);
}

#define STATUS(id, more)                                                                           \
	"{\"id\":\"" id "\",\"uri\":\"https://far.example/s/" id                                   \
	"\",\"created_at\":\"2026-11-20T10:00:00.000Z\",\"content\":\"<p>Hi</p>\"" more            \
	",\"account\":{\"id\":\"9\",\"uri\":\"https://far.example/"                                \
	"u\",\"acct\":\"u@far.example\"}}"
#define ACCOUNT(id, name)                                                                          \
	"{\"id\":\"" id "\",\"uri\":\"https://far.example/" name "\",\"acct\":\"" name             \
	"@far.example\"}"

/* --- one request --- */

enum reads { POST, RELATION, NOTHING };

/* Fields of the action: post 12/x, profile 9, name `name`. */
static const struct row {
	enum verb verb;
	bool undo;
	const char *name, *method, *path, *body;
	enum reads reads;
} rows[] = {
        {VERB_LIKE, false, NULL, "POST", "/api/v1/statuses/12%2Fx/favourite", NULL, POST},
        {VERB_LIKE, true, NULL, "POST", "/api/v1/statuses/12%2Fx/unfavourite", NULL, POST},
        {VERB_REPOST, false, NULL, "POST", "/api/v1/statuses/12%2Fx/reblog",
                "{\"visibility\":\"private\"}", POST},
        {VERB_REPOST, true, NULL, "POST", "/api/v1/statuses/12%2Fx/unreblog", NULL, POST},
        {VERB_BOOKMARK, false, NULL, "POST", "/api/v1/statuses/12%2Fx/bookmark", NULL, POST},
        {VERB_BOOKMARK, true, NULL, "POST", "/api/v1/statuses/12%2Fx/unbookmark", NULL, POST},
        {VERB_PIN, false, NULL, "POST", "/api/v1/statuses/12%2Fx/pin", NULL, POST},
        {VERB_PIN, true, NULL, "POST", "/api/v1/statuses/12%2Fx/unpin", NULL, POST},
        {VERB_MUTE_THREAD, false, NULL, "POST", "/api/v1/statuses/12%2Fx/mute", NULL, POST},
        {VERB_MUTE_THREAD, true, NULL, "POST", "/api/v1/statuses/12%2Fx/unmute", NULL, POST},
        {VERB_FOLLOW, false, NULL, "POST", "/api/v1/accounts/9/follow",
                "{\"reblogs\":true,\"notify\":true}", RELATION},
        {VERB_FOLLOW, true, NULL, "POST", "/api/v1/accounts/9/unfollow", NULL, RELATION},
        {VERB_MUTE, false, NULL, "POST", "/api/v1/accounts/9/mute",
                "{\"notifications\":true,\"duration\":3600}", RELATION},
        {VERB_MUTE, true, NULL, "POST", "/api/v1/accounts/9/unmute", NULL, RELATION},
        {VERB_BLOCK, false, NULL, "POST", "/api/v1/accounts/9/block", NULL, RELATION},
        {VERB_BLOCK, true, NULL, "POST", "/api/v1/accounts/9/unblock", NULL, RELATION},
        {VERB_ACCEPT, false, NULL, "POST", "/api/v1/follow_requests/9/authorize", NULL, RELATION},
        {VERB_ACCEPT, true, NULL, "POST", "/api/v1/follow_requests/9/reject", NULL, RELATION},
        {VERB_REPORT, false, "spam", "POST", "/api/v1/reports",
                "{\"account_id\":\"9\",\"status_ids\":[\"12/x\"],\"comment\":\"t\\\"x\","
                "\"category\":\"spam\",\"forward\":false}",
                NOTHING},
        {VERB_REPORT, false, "violation forward", "POST", "/api/v1/reports",
                "{\"account_id\":\"9\",\"status_ids\":[\"12/x\"],\"comment\":\"t\\\"x\","
                "\"category\":\"violation\",\"forward\":true}",
                NOTHING},
        {VERB_LIST_ADD, false, "3 4", "POST", "/api/v1/lists/3%204/accounts",
                "{\"account_ids\":[\"9\"]}", NOTHING},
        {VERB_LIST_ADD, true, "3", "DELETE", "/api/v1/lists/3/accounts",
                "{\"account_ids\":[\"9\"]}", NOTHING},
        {VERB_LIST_MAKE, false, "My friends", "POST", "/api/v1/lists", "{\"title\":\"My friends\"}",
                NOTHING},
        {VERB_LIST_MAKE, true, "3", "DELETE", "/api/v1/lists/3", NULL, NOTHING},
        {VERB_LIST_RENAME, false, "3", "PUT", "/api/v1/lists/3", "{\"title\":\"t\\\"x\"}", NOTHING},
        {VERB_BLOCK_DOMAIN, false, "bad.example", "POST", "/api/v1/domain_blocks",
                "{\"domain\":\"bad.example\"}", NOTHING},
        {VERB_BLOCK_DOMAIN, true, "bad.example", "DELETE", "/api/v1/domain_blocks",
                "{\"domain\":\"bad.example\"}", NOTHING},
        {VERB_FOLLOW_TAG, false, "#caf\xc3\xa9", "POST", "/api/v1/tags/caf%C3%A9/follow", NULL,
                NOTHING},
        {VERB_FOLLOW_TAG, true, "c", "POST", "/api/v1/tags/c/unfollow", NULL, NOTHING},
        {VERB_DISMISS, false, NULL, "POST", "/api/v1/notifications/clear", NULL, NOTHING},
        {VERB_DISMISS, false, "77", "POST", "/api/v1/notifications/77/dismiss", NULL, NOTHING},
        {VERB_UNSCHEDULE, false, "5", "DELETE", "/api/v1/scheduled_statuses/5", NULL, NOTHING},
        {VERB_DELETE, false, NULL, "DELETE", "/api/v1/statuses/12%2Fx", NULL, NOTHING},
};

static void check_answer(struct world *w, const struct row *row)
{
	if (row->reads == POST) {
		reply(w, 200, STATUS("12/x", ",\"favourited\":true"));
		is_done(w);
		assert_int_equal(w->call.out->nposts, 1);
		assert_int_equal(post_viewer(w->call.out->posts[0], 0).flags, VIEWER_LIKED);
	} else if (row->reads == RELATION) {
		reply(w, 200, "{\"id\":\"9\",\"following\":true,\"requested\":false}");
		asks(w, "GET", "/api/v1/accounts/9", NULL);
		reply(w, 200, ACCOUNT("9", "u"));
		is_done(w);
		assert_int_equal(w->call.out->nrelations, 1);
		assert_int_equal(w->call.out->relations[0].flags, RELATION_FOLLOWING);
		assert_int_equal(w->call.out->relations[0].account, 7);
		assert_string_equal(w->call.out->profiles[0]->handle, "u@far.example");
	} else {
		reply(w, 200, "{}");
		is_done(w);
	}
}

static struct action *action_of(const struct row *row)
{
	struct action *action = action_new(row->verb, row->undo);
	action->remote_id = xstrdup("12/x");
	action->profile_id = xstrdup("9");
	action->name = xstrdup(row->name);
	action->text = xstrdup("t\"x");
	action->visibility = VIS_FOLLOWERS;
	action->seconds = 3600;
	action->notify = true;
	return action;
}

static void each_verb_has_its_request(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct action *action = action_of(&rows[i]);
		act(&w, action);
		asks(&w, rows[i].method, rows[i].path, rows[i].body);
		assert_string_equal(header_of(&w.req, "Authorization"), "Bearer t0ken");
		if (rows[i].body)
			assert_string_equal(header_of(&w.req, "Content-Type"), "application/json");
		check_answer(&w, &rows[i]);
		action_free(action);
	}
	finish(&w);
}

static void every_verb_is_known(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		if (verbs[verb].target == TARGET_FILTER || verb == VERB_FILTER_DROP) continue;
		if (verbs[verb].cap & ~mastodon()->caps) continue; /* another network's */
		for (int undo = 0; undo <= (verbs[verb].undo != NULL); undo++) {
			struct row row = {.verb = (enum verb)verb, .undo = undo, .name = "n"};
			struct action *action = action_of(&row);
			action->choices = 1;
			act(&w, action);
			if (w.next != CALL_SEND)
				fail_msg("%s: %s", verbs[verb].name, w.call.err.text);
			action_free(action);
		}
	}
	struct action *action = action_new(VERB_DELETE, true);
	action->remote_id = xstrdup("1");
	act(&w, action);
	is_failed(&w, ERR_UNSUPPORTED, "undone");
	action_free(action);
	finish(&w);
}

static void some_tell_what_came_of_it(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_DELETE, false);
	action->remote_id = xstrdup("12");
	act(&w, action);
	reply(&w, 200, STATUS("12", ""));
	is_done(&w);
	assert_string_equal(w.call.gone, "12");
	action_free(action);

	action = action_new(VERB_LIST_MAKE, false);
	action->name = xstrdup("Friends");
	act(&w, action);
	reply(&w, 200, "{\"id\":\"31\",\"title\":\"Friends\"}");
	is_done(&w);
	assert_string_equal(w.call.said, "the list's id is 31");
	action_free(action);

	action = action_new(VERB_FOLLOW, false);
	action->profile_id = xstrdup("9");
	act(&w, action);
	reply(&w, 200, "{\"id\":\"9\",\"following\":false,\"requested\":true}");
	reply(&w, 200, ACCOUNT("9", "u"));
	is_done(&w);
	assert_int_equal(w.call.out->relations[0].flags, RELATION_REQUESTED);
	assert_string_equal(w.call.said, "u@far.example was asked: they decide who follows them");
	action_free(action);
	finish(&w);
}

static void a_relation_without_its_profile_is_done_all_the_same(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_BLOCK, false);
	action->profile_id = xstrdup("9");
	act(&w, action);
	reply(&w, 200, "{\"id\":\"9\",\"blocking\":true}");
	reply(&w, 500, "oops");
	is_done(&w);
	assert_null(w.call.out);
	action_free(action);
	finish(&w);
}

/* --- looked up first --- */

static void a_bare_address_is_looked_up(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_LIKE, false);
	action->uri = xstrdup("https://far.example/s/12");
	act(&w, action);
	asks(&w, "GET",
	        "/api/v2/search?q=https%3A%2F%2Ffar.example%2Fs%2F12&resolve=true&limit=5"
	        "&type=statuses",
	        NULL);
	reply(&w, 200, "{\"statuses\":[" STATUS("11", "") "," STATUS("12", "") "]}");
	asks(&w, "POST", "/api/v1/statuses/12/favourite", NULL);
	reply(&w, 200, STATUS("12", ""));
	is_done(&w);
	assert_int_equal(w.call.out->nposts, 1);
	action_free(action);
	finish(&w);
}

static void a_handle_is_looked_up(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_MUTE, false);
	action->profile = xstrdup("@u@far.example");
	act(&w, action);
	asks(&w, "GET", "/api/v1/accounts/lookup?acct=u%40far.example", NULL);
	reply(&w, 200, ACCOUNT("9", "u"));
	asks(&w, "POST", "/api/v1/accounts/9/mute", "{\"notifications\":false,\"duration\":0}");
	reply(&w, 200,
	        "{\"id\":\"9\",\"muting\":true,\"muting_expires_at\":\"2026-11-21T02:00:00Z\"}");
	is_done(&w); /* the profile is known from the lookup */
	assert_int_equal(w.call.out->relations[0].flags, RELATION_MUTING);
	assert_int_equal(w.call.out->relations[0].mute_until_ms, now_ms + 3600000);
	action_free(action);
	finish(&w);
}

static void a_report_of_a_post_is_of_its_author(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_REPORT, false);
	action->uri = xstrdup("https://far.example/s/12");
	act(&w, action);
	reply(&w, 200, "{\"statuses\":[" STATUS("12", "") "]}");
	asks(&w, "GET", "/api/v1/statuses/12", NULL);
	reply(&w, 200, STATUS("12", ""));
	asks(&w, "POST", "/api/v1/reports",
	        "{\"account_id\":\"9\",\"status_ids\":[\"12\"],\"forward\":false}");
	reply(&w, 200, "{\"id\":\"1\"}");
	is_done(&w);
	assert_non_null(w.call.said);
	action_free(action);
	finish(&w);
}

static void what_makes_no_sense_is_not_asked(void **state)
{
	(void)state;
	static const struct {
		enum verb verb;
		const char *id, *name, *text;
		enum err_code code;
		const char *words;
	} wrong[] = {
	        {VERB_LIKE, NULL, NULL, NULL, ERR_SYNTAX, "which post"},
	        {VERB_FOLLOW, NULL, NULL, NULL, ERR_SYNTAX, "who"},
	        {VERB_REPORT, NULL, NULL, NULL, ERR_SYNTAX, "who"},
	        {VERB_VOTE, "1", NULL, NULL, ERR_SYNTAX, "no option"},
	        {VERB_FOLLOW_TAG, NULL, "#", NULL, ERR_SYNTAX, "tag"},
	        {VERB_FOLLOW_TAG, NULL, NULL, NULL, ERR_SYNTAX, "name"},
	        {VERB_BLOCK_DOMAIN, NULL, "", NULL, ERR_SYNTAX, "name"},
	        {VERB_LIST_ADD, NULL, NULL, NULL, ERR_SYNTAX, "name"},
	        {VERB_LIST_RENAME, NULL, "3", NULL, ERR_SYNTAX, "title"},
	        {VERB_FILTER_DROP, NULL, NULL, NULL, ERR_SYNTAX, "which filter"},
	        {VERB_FILTER_PUT, NULL, NULL, NULL, ERR_SYNTAX, "title"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct action *action = action_new(wrong[i].verb, false);
		action->remote_id = xstrdup(wrong[i].id);
		action->name = xstrdup(wrong[i].name);
		act(&w, action);
		is_failed(&w, wrong[i].code, wrong[i].words);
		action_free(action);
	}
	finish(&w);
}

/* --- votes --- */

#define POLL(more)                                                                                 \
	",\"poll\":{\"id\":\"p/1\",\"options\":[{\"title\":\"a\"},{\"title\":\"b\"}]" more "}"

static void a_vote_goes_to_the_post_s_poll(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_VOTE, false);
	action->remote_id = xstrdup("12");
	action->choices = 3;
	act(&w, action);
	asks(&w, "GET", "/api/v1/statuses/12", NULL);
	reply(&w, 200, STATUS("12", POLL(",\"multiple\":true")));
	asks(&w, "POST", "/api/v1/polls/p%2F1/votes", "{\"choices\":[0,1]}");
	reply(&w, 200, "{\"id\":\"p/1\"}");
	asks(&w, "GET", "/api/v1/statuses/12", NULL);
	reply(&w, 200, STATUS("12", POLL(",\"voted\":true")));
	is_done(&w);
	assert_int_equal(post_viewer(w.call.out->posts[0], 0).flags, VIEWER_VOTED);
	action_free(action);
	finish(&w);
}

static void impossible_votes_are_not_sent(void **state)
{
	(void)state;
	static const struct {
		uint32_t choices;
		const char *status, *words;
	} votes[] = {
	        {1, STATUS("12", ""), "no poll"},
	        {1, STATUS("12", POLL(",\"expired\":true")), "over"},
	        {4, STATUS("12", POLL("")), "fewer"},
	        {3, STATUS("12", POLL("")), "only one"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof votes / sizeof *votes; i++) {
		struct action *action = action_new(VERB_VOTE, false);
		action->remote_id = xstrdup("12");
		action->choices = votes[i].choices;
		act(&w, action);
		reply(&w, 200, votes[i].status);
		is_failed(&w, ERR_REFUSED, votes[i].words);
		action_free(action);
	}
	finish(&w);
}

/* --- edits and redrafts --- */

#define WHOLE                                                                                      \
	",\"visibility\":\"unlisted\",\"sensitive\":true,\"spoiler_text\":\"old\",\"language\":"   \
	"\"nl\",\"in_reply_to_id\":\"4\",\"media_attachments\":[{\"id\":\"m1\"},{\"id\":\"m2\"}]," \
	"\"poll\":{\"id\":\"p\",\"multiple\":true,\"expires_at\":\"2026-11-21T10:00:00.000Z\","    \
	"\"options\":[{\"title\":\"a\",\"votes_count\":1},{\"title\":\"b\",\"votes_count\":0}]}"

static struct action *rewriting(enum verb verb, const char *text, const char *warning)
{
	struct action *action = action_new(verb, false);
	action->remote_id = xstrdup("12");
	action->text = xstrdup(text);
	action->warning = xstrdup(warning);
	action->key = xstrdup("k3y");
	return action;
}

static void an_edit_sends_along_what_is_to_stay(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_EDIT, "new\ntext", "new warning");
	act(&w, action);
	asks(&w, "GET", "/api/v1/statuses/12", NULL);
	reply(&w, 200, STATUS("12", WHOLE));
	asks(&w, "GET", "/api/v1/statuses/12/source", NULL);
	reply(&w, 404, "<p>no"); /* it can do without */
	asks(&w, "PUT", "/api/v1/statuses/12",
	        "{\"status\":\"new\\ntext\",\"spoiler_text\":\"new warning\",\"sensitive\":true,"
	        "\"language\":\"nl\",\"media_ids\":[\"m1\",\"m2\"],\"poll\":{\"options\":[\"a\","
	        "\"b\"],"
	        "\"expires_in\":32400,\"multiple\":true,\"hide_totals\":false}}");
	assert_null(header_of(&w.req, "Idempotency-Key"));
	reply(&w, 200, STATUS("12", ""));
	is_done(&w);
	assert_int_equal(w.call.out->nposts, 1);
	action_free(action);
	finish(&w);
}

static void what_is_not_given_stays_as_it_was_typed(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_EDIT, NULL, NULL);
	act(&w, action);
	reply(&w, 200, STATUS("12", ""));
	reply(&w, 200,
	        "{\"id\":\"12\",\"text\":\"*typed*\",\"spoiler_text\":\"w\",\"content_type\":"
	        "\"text/markdown\"}");
	asks(&w, "PUT", "/api/v1/statuses/12",
	        "{\"status\":\"*typed*\",\"spoiler_text\":\"w\",\"content_type\":\"text/markdown\","
	        "\"sensitive\":true}");
	action_free(action);
	action = rewriting(VERB_EDIT, NULL, "w");
	act(&w, action);
	reply(&w, 200, STATUS("12", ""));
	reply(&w, 404, "<p>no");
	is_failed(&w, ERR_UNSUPPORTED, "social.example cannot edit posts");
	action_free(action);
	finish(&w);
}

static void a_poll_that_is_over_is_not_opened_again(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_EDIT, "x", NULL);
	act(&w, action);
	reply(&w, 200, STATUS("12", POLL(",\"expires_at\":\"2026-11-20T23:00:00Z\"")));
	is_failed(&w, ERR_REFUSED, "poll is over");
	action_free(action);
	finish(&w);
}

static void publish_again(struct world *w, struct action *action)
{
	act(w, action);
	asks(w, "GET", "/api/v1/statuses/12", NULL);
	reply(w, 200,
	        STATUS("12", WHOLE ",\"quote\":{\"state\":\"accepted\",\"quoted_status\":" STATUS(
	                             "88", "") "}"));
	asks(w, "GET", "/api/v1/statuses/12/source", NULL);
	reply(w, 200, "{\"id\":\"12\",\"text\":\"a\",\"spoiler_text\":\"b\"}");
	asks(w, "POST", "/api/v1/statuses",
	        "{\"status\":\"anew\",\"spoiler_text\":\"\",\"sensitive\":true,\"language\":\"nl\","
	        "\"visibility\":\"unlisted\",\"in_reply_to_id\":\"4\",\"quoted_status_id\":\"88\","
	        "\"media_ids\":[\"m1\",\"m2\"],\"poll\":{\"options\":[\"a\",\"b\"],"
	        "\"expires_in\":86400,\"multiple\":true,\"hide_totals\":false}}");
	assert_string_equal(header_of(&w->req, "Idempotency-Key"), "k3y");
}

static void a_redraft_publishes_before_it_deletes(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_REDRAFT, "anew", "");
	publish_again(&w, action);
	reply(&w, 200, STATUS("13", WHOLE));
	asks(&w, "DELETE", "/api/v1/statuses/12", NULL);
	reply(&w, 200, "{}");
	is_done(&w);
	assert_string_equal(w.call.gone, "12");
	assert_int_equal(w.call.out->nposts, 1);
	assert_null(w.call.said);

	publish_again(&w, action);
	reply(&w, 422, "{\"error\":\"Text too long\"}");
	is_failed(&w, ERR_REFUSED, "Text too long");
	assert_null(w.call.gone);

	publish_again(&w, action);
	reply(&w, 200, STATUS("13", WHOLE));
	reply(&w, 500, "oops");
	is_done(&w);
	assert_null(w.call.gone);
	assert_non_null(strstr(w.call.said, "still there"));
	action_free(action);
	finish(&w);
}

static void a_redraft_that_lost_its_media_is_taken_back(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_REDRAFT, "anew", "");
	publish_again(&w, action);
	reply(&w, 200, STATUS("13", ""));
	asks(&w, "DELETE", "/api/v1/statuses/13", NULL);
	reply(&w, 200, "{}");
	is_failed(&w, ERR_REFUSED, "edit it instead");
	assert_null(w.call.gone);

	publish_again(&w, action);
	reply(&w, 200, STATUS("13", ""));
	reply(&w, 500, "oops");
	is_done(&w);
	assert_non_null(strstr(w.call.said, "without its media"));
	assert_null(w.call.gone);
	action_free(action);
	finish(&w);
}

static void the_old_post_is_not_deleted_for_itself(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = rewriting(VERB_REDRAFT, "anew", "");
	publish_again(&w, action);
	reply(&w, 200, STATUS("12", WHOLE));
	is_failed(&w, ERR_REFUSED, "nothing new");
	publish_again(&w, action);
	reply(&w, 200, "{\"id\":\"7\",\"scheduled_at\":\"2026-11-22T00:00:00Z\",\"params\":{}}");
	is_failed(&w, ERR_FORMAT, "left as it is");
	action_free(action);
	finish(&w);
}

/* --- notifications in groups --- */

static void a_row_of_a_group_is_dismissed_with_it(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.caps = CAP_GROUPED;
	struct action *action = action_new(VERB_DISMISS, false);
	action->name = xstrdup("77");
	act(&w, action);
	asks(&w, "GET", "/api/v1/notifications/77", NULL);
	reply(&w, 200, "{\"id\":\"77\",\"group_key\":\"favourite-1-2\"}");
	asks(&w, "POST", "/api/v2/notifications/favourite-1-2/dismiss", NULL);
	reply(&w, 200, "{}");
	is_done(&w);
	act(&w, action);
	reply(&w, 404, "{\"error\":\"gone\"}");
	asks(&w, "POST", "/api/v1/notifications/77/dismiss", NULL);
	free(action->name);
	action->name = xstrdup("favourite-1-2");
	act(&w, action);
	asks(&w, "POST", "/api/v2/notifications/favourite-1-2/dismiss", NULL);
	action_free(action);
	finish(&w);
}

/* --- forms --- */

static void snac_reads_forms(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.software = (char *)"snac 2.75";
	struct action *action = action_new(VERB_VOTE, false);
	action->remote_id = xstrdup("12");
	action->choices = 2;
	act(&w, action);
	reply(&w, 200, STATUS("12", POLL("")));
	asks(&w, "POST", "/api/v1/polls/p%2F1/votes", "choices%5B%5D=1");
	assert_string_equal(header_of(&w.req, "Content-Type"), "application/x-www-form-urlencoded");
	action_free(action);

	action = rewriting(VERB_EDIT, "a&b=c d", "w");
	act(&w, action);
	reply(&w, 200, STATUS("12", WHOLE));
	reply(&w, 404, "");
	asks(&w, "PUT", "/api/v1/statuses/12",
	        "status=a%26b%3Dc%20d&spoiler_text=w&sensitive=true&language=nl&media_ids%5B%5D=m1"
	        "&media_ids%5B%5D=m2&poll%5Boptions%5D%5B%5D=a&poll%5Boptions%5D%5B%5D=b"
	        "&poll%5Bexpires_in%5D=32400&poll%5Bmultiple%5D=true&poll%5Bhide_totals%5D=false");
	action_free(action);

	/* Without parameters it would take a form for nothing at all. */
	action = action_new(VERB_LIKE, false);
	action->remote_id = xstrdup("12");
	act(&w, action);
	asks(&w, "POST", "/api/v1/statuses/12/favourite", "{}");
	assert_string_equal(header_of(&w.req, "Content-Type"), "application/json");
	action_free(action);
	finish(&w);
}

/* --- failures --- */

static void failures_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		enum verb verb;
		int status;
		const char *body;
		enum err_code code;
		const char *words;
	} failures[] = {
	        {VERB_LIKE, 404, "{\"error\":\"Record not found\"}", ERR_NOT_FOUND,
	                "visible to work"},
	        {VERB_LIKE, 404, "<html>", ERR_NOT_FOUND, "gone"},
	        {VERB_PIN, 404, "{\"error\":\"Record not found\"}", ERR_NOT_FOUND, "gone"},
	        {VERB_PIN, 404, "<html>", ERR_UNSUPPORTED, "social.example cannot pin posts"},
	        {VERB_PIN, 404, "{\"error\":\"Not implemented\"}", ERR_UNSUPPORTED, "cannot pin"},
	        {VERB_LIKE, 405, "", ERR_UNSUPPORTED, "cannot like"},
	        {VERB_DELETE, 404, "<html>", ERR_REFUSED,
	                "social.example does not know how to 'delete'"},
	        {VERB_DELETE, 404, "{\"error\":\"Record not found\"}", ERR_NOT_FOUND, "gone"},
	        {VERB_LIKE, 501, "", ERR_UNSUPPORTED, "cannot like"},
	        {VERB_PIN, 422, "{\"error\":\"Too many pins\"}", ERR_REFUSED, "Too many pins"},
	        {VERB_LIKE, 400, "{\"error\":\"bad\"}", ERR_REFUSED, "bad"},
	        {VERB_LIKE, 403, "{\"error\":\"This action is outside the authorized scopes\"}",
	                ERR_REFUSED, "sign in again to allow it"},
	        {VERB_LIKE, 403, "{\"error\":\"Your login is disabled\"}", ERR_REFUSED, "disabled"},
	        {VERB_LIKE, 401, "{\"error\":\"The access token was revoked\"}", ERR_AUTH,
	                "sign in again"},
	        {VERB_LIKE, 422, "", ERR_AUTH, "sign in again"},
	        {VERB_LIKE, 410, "{}", ERR_GONE, "gone"},
	        {VERB_LIKE, 500, "oops", ERR_SERVER, "problem"},
	        {VERB_LIKE, 200, "<html>", ERR_FORMAT, "web page"},
	        {VERB_LIKE, 200, "{", ERR_FORMAT, "cannot be read"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		struct action *action = action_new(failures[i].verb, false);
		action->remote_id = xstrdup("12");
		act(&w, action);
		reply(&w, failures[i].status, failures[i].body);
		is_failed(&w, failures[i].code, failures[i].words);
		action_free(action);
	}
	finish(&w);
}

static void what_snac_lacks_is_no_bad_token(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	w.account.software = (char *)"snac 2.75";
	w.account.caps = CAP_LIKE;
	struct action *action = action_new(VERB_FOLLOW_TAG, false);
	action->name = xstrdup("c");
	act(&w, action);
	reply(&w, 422, "");
	is_failed(&w, ERR_UNSUPPORTED, "cannot follow tags");
	w.account.caps |= CAP_FOLLOW_TAG;
	act(&w, action);
	reply(&w, 422, "");
	is_failed(&w, ERR_AUTH, "sign in again");
	w.account.caps = CAP_LIKE;
	w.account.learned_ms = 1; /* it is known: not asked */
	act(&w, action);
	is_failed(&w, ERR_UNSUPPORTED, "cannot follow tags");
	action_free(action);
	action = action_new(VERB_FILTER_DROP, false);
	action->name = xstrdup("3");
	act(&w, action);
	is_failed(&w, ERR_UNSUPPORTED, "cannot keep filters");
	action_free(action);
	finish(&w);
}

static void where_nothing_is_named_nothing_is_gone(void **state)
{
	(void)state;
	static const struct {
		enum verb verb;
		enum err_code code;
		const char *words;
	} lacks[] = {
	        {VERB_FOLLOW_TAG, ERR_UNSUPPORTED, "cannot follow tags"},
	        {VERB_BLOCK_DOMAIN, ERR_UNSUPPORTED, "cannot block hosts"},
	        {VERB_LIST_MAKE, ERR_REFUSED, "'list-make'"},
	        {VERB_LIST_RENAME, ERR_NOT_FOUND, "gone"},
	        {VERB_REPORT, ERR_NOT_FOUND, "gone"},
	};
	struct world w;
	world_init(&w);
	for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
		struct row row = {.verb = lacks[i].verb, .name = "n"};
		struct action *action = action_of(&row);
		act(&w, action);
		reply(&w, 404, "{\"error\":\"Record not found\"}");
		is_failed(&w, lacks[i].code, lacks[i].words);
		action_free(action);
	}
	finish(&w);
}

static void a_limit_says_how_long(void **state)
{
	(void)state;
	struct world w;
	world_init(&w);
	struct action *action = action_new(VERB_LIKE, false);
	action->remote_id = xstrdup("12");
	act(&w, action);
	answer_by(&w, mastodon()->act, 429, "Retry-After: 7", "{\"error\":\"Too many requests\"}");
	is_failed(&w, ERR_RATE_LIMITED, "7 s");
	assert_int_equal(w.call.err.retry_ms, 7000);
	action_free(action);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_verb_has_its_request),
	        cmocka_unit_test(every_verb_is_known),
	        cmocka_unit_test(some_tell_what_came_of_it),
	        cmocka_unit_test(a_relation_without_its_profile_is_done_all_the_same),
	        cmocka_unit_test(a_bare_address_is_looked_up),
	        cmocka_unit_test(a_handle_is_looked_up),
	        cmocka_unit_test(a_report_of_a_post_is_of_its_author),
	        cmocka_unit_test(what_makes_no_sense_is_not_asked),
	        cmocka_unit_test(a_vote_goes_to_the_post_s_poll),
	        cmocka_unit_test(impossible_votes_are_not_sent),
	        cmocka_unit_test(an_edit_sends_along_what_is_to_stay),
	        cmocka_unit_test(what_is_not_given_stays_as_it_was_typed),
	        cmocka_unit_test(a_poll_that_is_over_is_not_opened_again),
	        cmocka_unit_test(a_redraft_publishes_before_it_deletes),
	        cmocka_unit_test(a_redraft_that_lost_its_media_is_taken_back),
	        cmocka_unit_test(the_old_post_is_not_deleted_for_itself),
	        cmocka_unit_test(a_row_of_a_group_is_dismissed_with_it),
	        cmocka_unit_test(snac_reads_forms),
	        cmocka_unit_test(failures_are_told_apart),
	        cmocka_unit_test(what_snac_lacks_is_no_bad_token),
	        cmocka_unit_test(where_nothing_is_named_nothing_is_gone),
	        cmocka_unit_test(a_limit_says_how_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
