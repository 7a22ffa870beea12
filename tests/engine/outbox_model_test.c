/*
 * The outbox against a small model of what it promises, by random deeds: people who write,
 * change, take back and hold; servers that fail in each way; crashes at any moment; clocks
 * that jump. STOA_STEPS and STOA_SEED give a longer or another run.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"
#include "outbox_world.h"

enum { MAX_MODELS = 6000, CLOCKS_MS = 5 * MINUTE };

struct model {
	char text[24];
	int64_t at_ms; /* true time before which it may not be public */
	long before;   /* index of the part before it, -1: none */
	bool never;    /* taken back, or changed into another: acknowledged */
};

struct play {
	struct world *world;
	struct random random;
	struct model *models;
	long n;
	size_t seen; /* events that were looked at */
	bool honours, jumps;
};

static uint64_t below(struct play *play, uint64_t n)
{
	return random_below(&play->random, n);
}

static int64_t true_now(const struct play *play)
{
	return server_now(&play->world->server);
}

static enum fault some_fault(void *ctx)
{
	struct play *play = ctx;
	static const enum fault faults[] = {FAULT_UNSENT, FAULT_REQUEST, FAULT_ANSWER, FAULT_LATE,
	        FAULT_500, FAULT_500_POSTED, FAULT_NONSENSE, FAULT_422, FAULT_429};
	if (below(play, 10) < 6) return FAULT_NONE;
	return faults[below(play, sizeof(faults) / sizeof(*faults))];
}

/* -- what must hold, always -- */

static void check_public(struct play *play)
{
	const struct server *server = &play->world->server;
	for (long i = 0; i < play->n; i++) {
		const struct model *model = &play->models[i];
		int there = 0;
		int64_t since = 0;
		for (size_t j = 0; j < server->nposts; j++) {
			const struct public_post *post = &server->posts[j];
			if (post->gone || strcmp(post->text, model->text) != 0) continue;
			there++;
			since = post->at_ms;
		}
		if (there > 1) fail_msg("%s is public %d times", model->text, there); /* I1 */
		if (!there) continue;
		if (model->never && since <= true_now(play))
			fail_msg("%s was taken back, and is public", model->text); /* I3, I6 */
		if (since < model->at_ms - (play->jumps ? CLOCKS_MS : 0))
			fail_msg("%s is %" PRId64 " ms early", model->text, model->at_ms - since);
		if (model->before >= 0 && !server_has(server, play->models[model->before].text))
			fail_msg("%s came before what it answers", model->text); /* I4 */
	}
}

static void check_told(struct play *play)
{
	for (size_t i = 0; i < play->world->nevents; i++) {
		const struct outgoing *item = play->world->events[i]->outgoing;
		if (!item || item->state != OUTGOING_SENT) continue;
		if (server_has(&play->world->server, item->text) != 1)
			fail_msg("%s is called sent, and is not there", item->text); /* I2 */
	}
	world_forget(play->world);
}

/* -- deeds -- */

static struct model *a_model(struct play *play, int64_t at_ms, long before)
{
	assert_true(play->n < MAX_MODELS);
	struct model *model = &play->models[play->n];
	snprintf(model->text, sizeof(model->text), "post-%ld", play->n++);
	model->at_ms = at_ms;
	model->before = before;
	model->never = false;
	return model;
}

static void write_some(struct play *play)
{
	struct world *world = play->world;
	bool later = below(play, 2);
	int64_t ahead = later ? (int64_t)below(play, 3 * HOUR) + 1 : 0;
	long first = play->n, parts = below(play, 4) ? 1 : 3;
	/* By our clock it is then; in truth when the clocks agree. */
	int64_t at = world->clock.wall + ahead, truly = later ? at : 0;
	struct draft *draft = a_draft(world, a_model(play, truly, -1)->text);
	for (long i = 1; i < parts; i++)
		add_part(draft, a_model(play, truly, first + i - 1)->text);
	draft->at.utc_ms = later ? at : 0;
	draft->late = (enum draft_late)below(play, DRAFT_NLATES);
	job_id id = send_draft(world, draft);
	settle(world);
	if (done_of(world, id)->err.code != ERR_NONE) {
		for (long i = first; i < play->n; i++)
			play->models[i].never = true;
	}
}

/* Some row, as it is now. Owned; NULL: there is none. */
static struct outgoing *some_row(struct play *play)
{
	struct world *world = play->world;
	int64_t newest = 0;
	struct outgoing *item = NULL;
	for (int tries = 0; tries < 5 && !item; tries++) {
		newest = (int64_t)below(play, (uint64_t)play->n + 1);
		item = queue_db_outgoing(world->core->db, newest, NULL);
		if (item && outgoing_is_over(item->state) && below(play, 4)) {
			outgoing_free(item);
			item = NULL;
		}
	}
	return item;
}

static struct model *model_of(struct play *play, const char *text)
{
	return &play->models[atol(text + 5)];
}

static void take_back(struct play *play)
{
	struct outgoing *item = some_row(play);
	if (!item) return;
	job_id id = about(play->world, JOB_OUTGOING_CANCEL, item->id);
	const struct event *done = done_of(play->world, id);
	if (done && done->err.code == ERR_NONE) model_of(play, item->text)->never = true;
	outgoing_free(item);
}

static void rewrite(struct play *play)
{
	struct outgoing *item = some_row(play);
	if (!item) return;
	struct model *old = model_of(play, item->text);
	struct model *now = a_model(play, old->at_ms, old->before);
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = item->id;
	job->draft = a_draft(play->world, now->text);
	job_id id = post(play->world, job);
	settle(play->world);
	const struct event *done = done_of(play->world, id);
	if (done && done->err.code == ERR_NONE) {
		old->never = true;
		for (long i = 0; i < play->n; i++) {
			if (play->models[i].before == old - play->models)
				play->models[i].before = now - play->models;
		}
	}
	outgoing_free(item);
}

/* What the user was asked about is surely not there, or waits to be let go. */
static void retry(struct play *play)
{
	struct outgoing *item = some_row(play);
	if (item && (item->state != OUTGOING_SCHEDULED || item->held)) {
		job_id id = about(play->world, JOB_OUTGOING_RETRY, item->id);
		const struct event *done = done_of(play->world, id);
		/* It goes at once then, whatever its time was. */
		if (done && done->err.code == ERR_NONE) model_of(play, item->text)->at_ms = 0;
	}
	outgoing_free(item);
}

static void crash(struct play *play)
{
	check_told(play);
	world_crash(play->world);
	world_forget(play->world);
	world_start(play->world);
}

static void jump(struct play *play)
{
	int64_t by = (int64_t)below(play, 2 * DAY) - DAY;
	struct server *server = &play->world->server;
	if (!play->jumps) return;
	if (server->skew_ms) by = server->skew_ms; /* put right */
	play->world->clock.wall += by;
	server->skew_ms -= by;
	settle(play->world);
}

static void step(struct play *play)
{
	struct world *world = play->world;
	uint64_t deed = below(play, 100);
	if (deed < 25)
		write_some(play);
	else if (deed < 32)
		take_back(play);
	else if (deed < 37)
		rewrite(play);
	else if (deed < 42)
		retry(play);
	else if (deed < 46)
		hold(world, 0, below(play, 2));
	else if (deed < 50)
		crash(play);
	else if (deed < 53)
		jump(play);
	else if (deed < 56)
		world->server.look_fault = below(play, 3) ? FAULT_NONE : FAULT_500;
	else
		pass(world, (int64_t)below(play, deed < 90 ? 5 * MINUTE : 2 * HOUR));
	check_public(play);
	check_told(play);
}

/* Left alone with good servers, everything comes to an end that the user can see. */
static void come_to_an_end(struct play *play)
{
	struct world *world = play->world;
	world->server.fault = NULL;
	world->server.look_fault = FAULT_NONE;
	world->clock.wall += world->server.skew_ms;
	world->server.skew_ms = 0;
	hold(world, 0, false);
	pass(world, DAY);
	for (int64_t id = 1; id <= play->n; id++) { /* whatever came due at once */
		struct outgoing *item = queue_db_outgoing(world->core->db, id, NULL);
		if (item && item->held) about(world, JOB_OUTGOING_RETRY, id);
		outgoing_free(item);
	}
	pass(world, DAY);
	check_public(play);
	check_told(play);
	for (int64_t id = 1; id <= play->n; id++) {
		struct outgoing *item = queue_db_outgoing(world->core->db, id, NULL);
		if (!item) continue;
		bool seen = outgoing_is_over(item->state) || item->state == OUTGOING_MISSED ||
		            item->state == OUTGOING_NEEDS_YOU;
		bool said = item->state == OUTGOING_SENT || (item->cause && *item->cause);
		if (!seen || !said)
			fail_msg("%s (%" PRId64 ", after %" PRId64 ", account %u) ends as %s: %s",
			        item->text, item->id, item->after, (unsigned)item->account,
			        outgoing_states[item->state].name, item->cause ? item->cause : "");
		outgoing_free(item);
	}
}

static int play_setup(void **state)
{
	return setup_in(state, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

static void play(void **state, bool honours, bool keeps, bool jumps)
{
	const char *steps = getenv("STOA_STEPS"), *seed = getenv("STOA_SEED");
	struct world *world = *state;
	struct play play = {.world = world, .honours = honours, .jumps = jumps};
	play.models = xcalloc(MAX_MODELS, sizeof(*play.models));
	random_init(&play.random, seed ? (uint64_t)atoll(seed) : 20261122);
	line_repeats_ms = honours ? 50 * MINUTE : 0;
	line_keeps = world->server.keeps = keeps;
	world->server.honours_key = honours;
	world->server.latency_ms = 40;
	world->server.fault = some_fault;
	world->server.fault_ctx = &play;
	for (int i = 0; i < (steps ? atoi(steps) : 250); i++)
		step(&play);
	come_to_an_end(&play);
	free(play.models);
}

static void where_keys_are_honoured(void **state)
{
	play(state, true, false, false);
}

static void where_keys_are_ignored(void **state)
{
	play(state, false, false, false);
}

static void where_posts_are_kept(void **state)
{
	play(state, true, true, false);
}

static void where_clocks_jump(void **state)
{
	play(state, true, false, true);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, play_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	        TEST(where_keys_are_honoured),
	        TEST(where_keys_are_ignored),
	        TEST(where_posts_are_kept),
	        TEST(where_clocks_jump),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
