#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

/* Looks at what became of our own posts: "/now?URI" answers "LIKES REPLIES REPOSTS", "/me?HANDLE"
 * how many follow. */
#define LINE_STEPS .look = line_look, .lookup = line_lookup,

#include "networks/network.h"

static call_step line_look, line_lookup;

#include "db/queue_outbox.h"
#include "db/queue_record.h"
#include "engine/metrics.h"
#include "engine/outbox.h"
#include "world.h"

static const int64_t hour = 3600000, day = 24 * 3600000LL;

static enum call_next ask(struct call *call, struct request *req, const char *path)
{
	struct str url = {0};
	str_addf(&url, "https://%s/%s?%s", call->account->host, path, call->arg);
	req->method = "GET";
	req->url = str_take(&url);
	return CALL_SEND;
}

static enum call_next line_look(
        struct call *call, const struct response *answer, struct request *req)
{
	unsigned likes = 0, replies = 0, reposts = 0;
	if (!answer) return ask(call, req, "now");
	if (answer->status != 200) return refuse(call, answer);
	assert_int_equal(sscanf(answer->body, "%u %u %u", &likes, &replies, &reposts), 3);
	struct post_parts parts = {.str = {[POST_URI] = call->publish->item->uri},
	        .likes = likes,
	        .replies = replies,
	        .reposts = reposts};
	page_add_post(call->out, &parts);
	return CALL_DONE;
}

static enum call_next line_lookup(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return ask(call, req, "me");
	if (answer->status != 200) return refuse(call, answer);
	struct profile profile = {.uri = call->account->uri,
	        .handle = call->account->handle,
	        .name = "",
	        .followers = strtoll(answer->body, NULL, 10)};
	page_add_profile(call->out, &profile);
	return CALL_DONE;
}

/* -- when a look is due -- */

static void each_age_has_one_look(void **state)
{
	(void)state;
	const int64_t sent = START_MS;
	assert_int_equal(metrics_due(sent, 0, sent), sent + hour);
	assert_int_equal(metrics_due(sent, 0, sent + 2 * hour), sent + hour);
	assert_int_equal(metrics_due(sent, sent + 2 * hour, sent + 2 * hour), sent + day);
	/* What was missed while nothing ran is made up for by one. */
	assert_int_equal(metrics_due(sent, sent + 2 * hour, sent + 9 * day), sent + 7 * day);
	assert_int_equal(metrics_due(sent, 0, sent + 9 * day), sent + 7 * day);
	assert_int_equal(metrics_due(sent, sent + 9 * day, sent + 9 * day), sent + 30 * day);
	assert_int_equal(metrics_due(sent, sent + 31 * day, sent + 40 * day), INT64_MAX);
	assert_int_equal(metrics_due(sent, 0, sent + 61 * day), INT64_MAX);
}

/* -- looks -- */

static void sent(
        struct world *world, const char *name, const char *label, int64_t ago, int64_t part)
{
	struct outgoing *item = xcalloc(1, sizeof(*item));
	struct str uri = {0};
	str_addf(&uri, "https://h.example/%s", name);
	item->account = signin_find(world->core, "work")->account->id;
	item->part = part;
	item->text = xstrdup(name);
	item->label = xstrdup(label);
	item->key = xstrdup(name);
	item->state = OUTGOING_SENT;
	item->sent_ms = world->clock.wall - ago;
	item->uri = str_take(&uri);
	item->remote_id = xstrdup(name);
	assert_true(queue_db_send(world->core->db, &item, 1, 0, item->sent_ms, NULL));
	item->state = OUTGOING_SENT;
	assert_int_equal(
	        queue_db_step(world->core->db, item, 0, item->sent_ms, NULL), QUEUE_STEP_DONE);
	outgoing_free(item);
}

/* Signed in, and it is known who that is. */
static void sign_in(struct world *world)
{
	login(world);
	struct signin *signin = signin_find(world->core, "work");
	account_set(&signin->account->uri, "https://h.example/@ada");
	assert_true(queue_db_put_account(world->core->db, signin->account, NULL));
}

/* This process is the one that sends, and looks. */
static void looks(struct world *world)
{
	world->core->outbox->sends = true;
	metrics_sent(world->core);
	pass(world, 2 * (int64_t)SECOND);
}

static size_t asked(const struct world *world, const char *part)
{
	size_t n = 0;
	for (size_t i = 0; i < replay_count(world->replay); i++)
		n += strstr(replay_url(world->replay, i), part) != NULL;
	return n;
}

static struct metric last_of(const struct world *world, const char *uri)
{
	struct metric metric = {0};
	assert_true(queue_db_metric_at(world->core->db, uri, INT64_MAX, &metric, NULL));
	return metric;
}

static void a_post_is_looked_at_when_it_is_time(void **state)
{
	struct world *world = *state;
	sign_in(world);
	replay_script(world->replay, "/me?", 200, "", "12");
	replay_script(world->replay, "/now?https://h.example/a", 200, "", "3 1 2");
	replay_script(world->replay, "/now?https://h.example/a", 200, "", "9 1 2");
	sent(world, "a", "garden", 0, 0);
	sent(world, "old", "garden", 61 * day, 0);
	looks(world);
	assert_int_equal(asked(world, "/now?"), 0);
	assert_int_equal(last_of(world, "https://h.example/@ada").followers, 12);
	pass(world, hour);
	assert_int_equal(asked(world, "/now?"), 1);
	assert_int_equal(last_of(world, "https://h.example/a").likes, 3);
	pass(world, 22 * hour);
	assert_int_equal(asked(world, "/now?"), 1);
	pass(world, 2 * hour);
	assert_int_equal(asked(world, "/now?"), 2);
	assert_int_equal(last_of(world, "https://h.example/a").likes, 9);
	assert_int_equal(asked(world, "/me?"), 2);
}

static void it_survives_a_restart_and_who_does_not_send_looks_at_nothing(void **state)
{
	struct world *world = *state;
	sign_in(world);
	sent(world, "a", "garden", 2 * hour, 0);
	pass(world, 3 * (int64_t)MINUTE);
	assert_int_equal(asked(world, "/now?") + asked(world, "/me?"), 0);
	world_end(world);
	world_start(world);
	replay_script(world->replay, "/me?", 200, "", "12");
	replay_script(world->replay, "/now?", 200, "", "3 1 2");
	looks(world);
	pass(world, 10 * (int64_t)SECOND);
	assert_int_equal(asked(world, "/now?"), 1);
	world_end(world);
	world_start(world);
	looks(world);
	pass(world, 10 * (int64_t)SECOND);
	assert_int_equal(asked(world, "/now?"), 0);
	assert_int_equal(asked(world, "/me?"), 0);
}

static void a_post_that_is_gone_has_no_numbers_and_a_server_that_fails_is_left_alone(void **state)
{
	struct world *world = *state;
	sign_in(world);
	replay_script(world->replay, "/me?", 200, "", "12");
	replay_script(world->replay, "/now?https://h.example/a", 404, "", "");
	sent(world, "a", "garden", 2 * hour, 0);
	looks(world);
	pass(world, 10 * (int64_t)SECOND);
	assert_int_equal(last_of(world, "https://h.example/a").likes, -1);
	assert_true(last_of(world, "https://h.example/a").at_ms > 0);
	pass(world, hour);
	assert_int_equal(asked(world, "/now?"), 1);
	replay_script(world->replay, "/now?https://h.example/b", 500, "", "");
	sent(world, "b", "garden", 2 * hour, 0);
	metrics_sent(world->core);
	pass(world, 20 * (int64_t)MINUTE);
	assert_int_equal(asked(world, "/now?https://h.example/b"), 1);
	pass(world, 20 * (int64_t)MINUTE);
	assert_int_equal(asked(world, "/now?https://h.example/b"), 2);
}

/* -- the brief -- */

static const struct brief *brief_of(struct world *world, int64_t since_ms)
{
	struct job *job = job_new(JOB_BRIEF);
	job->at_ms = since_ms;
	job_id id = post(world, job);
	settle(world);
	assert_done(world, id, ERR_NONE);
	for (size_t i = world->nevents; i-- > 0;) {
		if (world->events[i]->kind == EVENT_BRIEF) return world->events[i]->brief;
	}
	fail_msg("no brief came");
	return NULL;
}

static void save(struct world *world, const char *line)
{
	job_id id = post(world, job_of(JOB_SAVED, 0, line));
	settle(world);
	assert_done(world, id, ERR_NONE);
}

static void counted(struct world *world, const char *source, int64_t at_ms, int posts)
{
	assert_true(queue_db_tally(world->core->db, source, at_ms - at_ms % hour, posts, 1, NULL));
}

static void a_saved_query_is_told_against_its_usual(void **state)
{
	struct world *world = *state;
	int64_t now = world->clock.wall, week = 7 * day;
	save(world, "trade\ncontractor");
	save(world, "new\nhouse");
	for (int i = 1; i <= 4; i++) {
		counted(world, "saved:trade", now - i * week - 3 * hour, i % 2 ? 6 : 12);
		/* Another time of the day. */
		counted(world, "saved:trade", now - i * week - 30 * hour, 100);
	}
	/* Five weeks ago stoa did not run; six weeks ago nothing matched. */
	counted(world, "saved:trade", now - 7 * week, 1);
	counted(world, "work/home", now - 6 * week - hour, 3);
	counted(world, "saved:trade", now - 2 * hour, 41);
	const struct brief *brief = brief_of(world, 0);
	assert_int_equal(brief->nsaved, 2);
	assert_int_equal(brief->since_ms, brief_since(now));
	const struct brief_saved *trade = &brief->saved[0];
	assert_string_equal(trade->name, "trade");
	assert_string_equal(trade->query, "contractor");
	assert_int_equal(trade->posts, 41);
	assert_int_equal(trade->weeks, 5);
	/* 6 12 6 12 0: the mean is 7.2, the spread 4.5. */
	assert_int_equal(trade->low, 3);
	assert_int_equal(trade->high, 12);
	assert_int_equal(brief->saved[1].weeks, 0);
	/* It is counted since it was saved, though nothing has matched. */
	assert_int_equal(brief->saved[1].first_ms, now - now % hour);
}

/* Of the hour that has not passed yet, as much of the weeks before as has. */
static void an_hour_counts_as_far_as_it_has_passed(void **state)
{
	struct world *world = *state;
	int64_t begin = world->clock.wall - world->clock.wall % hour + hour;
	fake_clock_advance(&world->clock, begin + 15 * (int64_t)MINUTE - world->clock.wall);
	save(world, "trade\ncontractor");
	counted(world, "saved:trade", begin - 7 * day, 40);
	counted(world, "saved:trade", begin - 8 * day, 1);
	const struct brief *brief = brief_of(world, begin);
	assert_int_equal(brief->saved[0].weeks, 1);
	assert_int_equal(brief->saved[0].low, 10);
}

static void labels_add_up_what_their_posts_brought(void **state)
{
	struct world *world = *state;
	sign_in(world);
	struct queue_db *db = world->core->db;
	sent(world, "a", "garden", 2 * day, 0);
	sent(world, "b", "garden", 2 * day, 0);
	sent(world, "c", "garden", 2 * day, 1);
	sent(world, "d", "books", 2 * day, 0);
	sent(world, "e", "", 2 * day, 0);
	sent(world, "f", "garden", 31 * day, 0);
	static const struct {
		const char *uri;
		struct metric metric;
	} seen[] = {
	        {"https://h.example/a", {1, 1, 1, 1, -1}},
	        {"https://h.example/a", {2, 2, 3, 4, -1}},
	        {"https://h.example/c", {2, 1, 0, 10, -1}},
	        {"https://h.example/d", {2, -1, -1, -1, -1}},
	        {"https://h.example/f", {2, 9, 9, 9, -1}},
	};
	for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++)
		assert_true(queue_db_put_metric(db, seen[i].uri, &seen[i].metric, NULL));
	const struct metric followers = {world->clock.wall, -1, -1, -1, 412},
	                    before = {world->clock.wall - 8 * day, -1, -1, -1, 405};
	assert_true(queue_db_put_metric(db, "https://h.example/@ada", &followers, NULL));
	assert_true(queue_db_put_metric(db, "https://h.example/@ada", &before, NULL));
	const struct brief *brief = brief_of(world, 0);
	assert_int_equal(brief->nlabels, 2);
	const struct brief_label *garden = &brief->labels[0];
	assert_string_equal(garden->label, "garden");
	assert_int_equal(garden->posts, 2);
	assert_int_equal(garden->looked, 1);
	assert_int_equal(garden->replies, 3);
	assert_int_equal(garden->reposts, 3);
	assert_int_equal(garden->likes, 14);
	assert_int_equal(brief->labels[1].likes, 0);
	assert_int_equal(brief->naccounts, 1);
	assert_int_equal(brief->accounts[0].followers, 412);
	assert_int_equal(brief->accounts[0].before, 405);
}

static void who_waits_is_told_and_no_server_asked(void **state)
{
	struct world *world = *state;
	sign_in(world);
	size_t before = replay_count(world->replay);
	static const enum attention states[] = {
	        ATTENTION_NEW, ATTENTION_LATER, ATTENTION_DONE, ATTENTION_ANSWERED};
	for (size_t i = 0; i < 4; i++) {
		const char uri[] = {'u', ':', (char)('1' + i), '\0'};
		const struct attention_row row = {.uri = uri,
		        .account = 2,
		        .state = states[i],
		        .at_ms = world->clock.wall - (int64_t)i * hour};
		enum attention now;
		bool changed;
		assert_true(queue_db_attention(world->core->db, &row, &now, &changed, NULL));
	}
	const struct brief *brief = brief_of(world, 0);
	assert_int_equal(brief->nowed, 2);
	bool first = strcmp(brief->owed[0].post.uri, "u:1") == 0;
	assert_false(brief->owed[first ? 0 : 1].later);
	assert_true(brief->owed[first ? 1 : 0].later);
	assert_string_equal(brief->owed[0].account_name, "work");
	assert_int_equal(replay_count(world->replay), before);
}

static void visits_add_up(void **state)
{
	struct world *world = *state;
	int64_t now = world->clock.wall;
	struct job *job = job_new(JOB_VISITS);
	assert_true(queue_db_visit(world->core->db, "Home", now - 10 * day, 100, NULL));
	assert_true(queue_db_visit(world->core->db, "Home", now - 2 * day, 60, NULL));
	assert_true(queue_db_visit(world->core->db, "Mentions", now - day, 30, NULL));
	job->at_ms = now - 3 * day;
	job_id id = post(world, job);
	settle(world);
	int n = 0;
	const struct event *done = done_of(world, id, &n);
	assert_int_equal(n, 1);
	assert_int_equal(done->number, 90);
	assert_int_equal(strtoll(done->text, NULL, 10), now - day + 30 * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_age_has_one_look),
	        cmocka_unit_test_setup_teardown(
	                a_post_is_looked_at_when_it_is_time, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                it_survives_a_restart_and_who_does_not_send_looks_at_nothing, disk_setup,
	                world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_post_that_is_gone_has_no_numbers_and_a_server_that_fails_is_left_alone,
	                world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_saved_query_is_told_against_its_usual, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                an_hour_counts_as_far_as_it_has_passed, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                labels_add_up_what_their_posts_brought, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(
	                who_waits_is_told_and_no_server_asked, world_setup, world_teardown),
	        cmocka_unit_test_setup_teardown(visits_add_up, world_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
