#pragma once
/*
 * The engine's core on a clock that stands still, with a scripted network and all in
 * memory (or in a directory, for restarts). Included by the tests of the core.
 *
 * The network of these tests speaks lines: "post ID MS [mention] [own] [re=ID]", "older CURSOR",
 * "newer CURSOR", "gap", "title TEXT", "next MS"; "unchanged" says that nothing is new.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/str.h"
#include "engine/core.h"
#include "engine/fetch.h"
#include "engine/source.h"
#include "engine/stream.h"
#include "fake_clock.h"
#include "networks/network.h"
#include "replay_transport.h"

#define START_MS 1795000000000 /* 2026-11-18 */

/* -- the network -- */

static inline void say(
        struct page *page, account_id account, const char *id, int64_t ms, const char *flags)
{
	struct str uri = {0};
	str_addf(&uri, "https://h.example/%s", id);
	struct profile ada = {.uri = "https://h.example/@ada",
	        .handle = "ada@h.example",
	        .name = "Ada",
	        .followers = -1};
	struct viewer viewer = {.account = account, .remote_id = id};
	viewer.flags |= strstr(flags, "mention") ? VIEWER_MENTIONED : 0;
	viewer.flags |= strstr(flags, "own") ? VIEWER_OWN : 0;
	struct post_parts parts = {
	        .viewers = &viewer, .nviewers = 1, .created_ms = ms, .seen_ms = ms};
	parts.str[POST_URI] = uri.p;
	parts.str[POST_BODY] = "hello";
	const char *parent = strstr(flags, "re=");
	if (parent) parts.str[POST_REPLY_TO] = parent + 3;
	parts.author = page_add_profile(page, &ada);
	struct entry entry = {.post = page_add_post(page, &parts), .sort_ms = ms, .cursor = id};
	page_add_entry(page, &entry);
	str_finish(&uri);
}

static inline void read_lines(struct call *call, const char *body, struct page *page)
{
	char id[64], flags[64];
	int64_t ms;
	bool first = true;
	for (const char *line = body; line && *line;) {
		flags[0] = '\0';
		if (sscanf(line, "post %63s %" SCNd64 " %63[^\n]", id, &ms, flags) >= 2) {
			say(page, call->account->id, id, ms, flags);
			if (first && call->state && call->want == FETCH_NEWER) {
				free(call->state->newest);
				call->state->newest = xstrdup(id);
			}
			first = false;
		} else if (sscanf(line, "older %63s", id) == 1) {
			page->older = page_str(page, id);
		} else if (sscanf(line, "newer %63s", id) == 1) {
			page->newer = page_str(page, id);
		} else if (sscanf(line, "title %63[^\n]", id) == 1) {
			page->title = page_str(page, id);
		} else if (sscanf(line, "next %" SCNd64, &ms) == 1 && call->state) {
			call->state->next_ms = ms;
		} else if (strncmp(line, "gap", 3) == 0) {
			page->gap = true;
		} else if (strncmp(line, "unchanged", 9) == 0) {
			call->unchanged = true;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
}

static inline enum call_next refuse(struct call *call, const struct response *answer)
{
	static const struct {
		int status;
		enum err_code code;
	} codes[] = {
	        {401, ERR_AUTH}, {404, ERR_NOT_FOUND}, {410, ERR_GONE}, {429, ERR_RATE_LIMITED}};
	call->err = answer->err;
	if (answer->status == 0) return CALL_FAIL;
	enum err_code code = ERR_SERVER;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		code = codes[i].status == answer->status ? codes[i].code : code;
	err_set(&call->err, code, "status %d", answer->status);
	return CALL_FAIL;
}

static inline enum call_next line_fetch(
        struct call *call, const struct response *answer, struct request *req)
{
	static const char *const wants[] = {"newer", "older", "gap"};
	struct str url = {0};
	if (answer && answer->status == 304) {
		call->unchanged = true;
		return CALL_DONE;
	}
	if (answer && answer->status != 200) return refuse(call, answer);
	if (answer) {
		read_lines(call, answer->body, call->out);
		return CALL_DONE;
	}
	if (call->url)
		str_adds(&url, call->url);
	else
		str_addf(&url, "https://%s/%s", call->account->host,
		        source_kinds[call->source->kind].name);
	if (call->source->arg && !call->url) str_addf(&url, "-%s", call->source->arg);
	const char *cursor = call->want == FETCH_NEWER ? call->state->newest : call->cursor;
	str_addf(&url, "?%s=%s", wants[call->want], cursor ? cursor : "");
	req->method = "GET";
	req->url = str_take(&url);
	if (call->token) request_header(req, "Authorization: Bearer %s", call->token);
	return CALL_SEND;
}

static inline enum call_next line_login(
        struct call *call, const struct response *answer, struct request *req)
{
	struct str url = {0};
	if (!answer) {
		str_addf(&url, "https://%s/whoami", call->account->host);
		req->method = "GET";
		req->url = str_take(&url);
		request_header(req, "Authorization: Bearer %s", call->token);
		return CALL_SEND;
	}
	if (answer->status != 200) return refuse(call, answer);
	call->signed_in = account_copy(call->account);
	free(call->signed_in->handle);
	call->signed_in->handle = xstrdup(answer->body);
	return CALL_DONE;
}

static inline bool line_has_source(enum source_kind kind)
{
	return kind != SOURCE_SEARCH;
}

static inline const char *line_stream_name(const struct source_ref *source, char buf[256])
{
	if (source->kind == SOURCE_HOME || source->kind == SOURCE_MENTIONS) return "user";
	if (source->kind != SOURCE_TAG) return NULL;
	snprintf(buf, 256, "tag-%s", source->arg);
	return buf;
}

static inline bool line_stream_open(struct call *call, const char *stream, struct request *req)
{
	struct str url = {0};
	str_addf(&url, "https://%s/%s/%s", call->account->host,
	        req->websocket ? "socket" : "stream", stream);
	req->method = "GET";
	req->url = str_take(&url);
	return true;
}

static inline void line_stream_event(struct call *call, const char *stream, const char *name,
        const char *data, size_t len, const struct stream_sink *sink)
{
	(void)len, (void)stream;
	if (strcmp(name, "delete") == 0)
		sink->gone(sink->ctx, data);
	else if (strcmp(name, "filters") == 0)
		sink->filters(sink->ctx);
	else if (strcmp(name, "refresh") == 0)
		sink->refresh(sink->ctx, SOURCE_HOME);
	else if (strcmp(name, "mention") == 0)
		read_lines(call, data, sink->page(sink->ctx, SOURCE_MENTIONS));
	else
		read_lines(call, data, sink->page(sink->ctx, SOURCE_HOME));
}

/* "+user" and "-user"; what comes back is a line STREAM EVENT and the data behind it. */
static inline void line_stream_join(const char *stream, bool joins, struct str *out)
{
	str_addf(out, "%c%s", joins ? '+' : '-', stream);
}

static inline bool line_stream_message(const char *bytes, size_t len, struct stream_message *out)
{
	char stream[64], name[64];
	int n = 0;
	if (sscanf(bytes, "%63s %63s\n%n", stream, name, &n) != 2) return false;
	str_adds(&out->stream, strcmp(stream, "-") == 0 ? "" : stream);
	str_adds(&out->name, name);
	str_add(&out->data, bytes + n, len - (size_t)n);
	return true;
}

/* What else it can, where a test says so (ask_steps.h). */
#ifndef LINE_STEPS
#define LINE_STEPS
#endif

static const struct network line_network = {.name = "lines",
        .has_source = line_has_source,
        .fetch = line_fetch,
        .login = line_login,
        .stream_name = line_stream_name,
        .stream_open = line_stream_open,
        .stream_join = line_stream_join,
        .stream_message = line_stream_message,
        .stream_event = line_stream_event,
        LINE_STEPS};
static const struct network line_feeds = {
        .name = "feed",
        .has_source = line_has_source,
        .fetch = line_fetch,
};

/* In place of networks/network.c. */
const struct network *const networks[] = {&line_feeds, &line_network, NULL};

const struct network *network_find(const char *name)
{
	for (size_t i = 0; networks[i]; i++) {
		if (strcmp(networks[i]->name, name) == 0) return networks[i];
	}
	return NULL;
}

void fetch_state_finish(struct fetch_state *state)
{
	(void)state;
}

void stream_message_finish(struct stream_message *message)
{
	str_finish(&message->stream);
	str_finish(&message->name);
	str_finish(&message->data);
}

/* -- the world -- */

struct world {
	struct fake_clock clock;
	struct replay *replay;
	struct queue *inbox, *queue;
	struct core *core;
	struct core_stats stats;
	struct event *events[8192]; /* since the start, in order */
	size_t nevents;
	job_id last;
	char *dir; /* NULL: all in memory */
	int64_t spacing_ms;
};

static inline void world_wake(void *ctx)
{
	struct world *world = ctx;
	struct transport *t = replay_transport(world->replay);
	t->ops->wakeup(t);
}

static inline void world_emit(void *ctx, struct event *event)
{
	queue_push(((struct world *)ctx)->queue, event);
}

static inline void world_gather(struct world *world)
{
	for (struct event *event; (event = queue_pop(world->queue));) {
		assert(world->nevents < 8192);
		world->events[world->nevents++] = event;
	}
}

/* Nothing can happen without time passing: no turn is due, no letter or answer waits. */
static inline bool is_settled(struct world *world)
{
	size_t before = replay_count(world->replay);
	return core_turn(world->core) > 0 && before == replay_count(world->replay) &&
	       queue_len(world->inbox) == 0 && replay_next_ms(world->replay) > world->clock.mono;
}

static inline void settle(struct world *world)
{
	struct transport *t = replay_transport(world->replay);
	for (int i = 0; !is_settled(world) || world->core->asked > 0; i++) {
		assert(i < 100000);
		t->ops->perform(t);
		world_gather(world);
		if (world->core->asked > 0) t->ops->wait(t, 5000); /* for the archive's thread */
	}
	world_gather(world);
}

/* Let time pass, stopping wherever something is due. */
static inline void pass(struct world *world, int64_t ms)
{
	int64_t end = world->clock.mono + ms;
	settle(world);
	while (world->clock.mono < end) {
		int64_t next = world->clock.mono + core_turn(world->core);
		if (replay_next_ms(world->replay) < next) next = replay_next_ms(world->replay);
		if (next <= world->clock.mono) next = world->clock.mono + 1;
		fake_clock_advance(&world->clock, (next < end ? next : end) - world->clock.mono);
		settle(world);
	}
}

static inline void world_start(struct world *world)
{
	struct engine_options engine = {
	        .state_dir = world->dir,
	        .data_dir = world->dir,
	        .clock = &world->clock.clock,
	        .seed = 1,
	        .spacing_ms = world->spacing_ms,
	};
	world->replay = replay_new(&world->clock.clock);
	world->inbox = queue_new(world_wake, world);
	world->queue = queue_new(NULL, NULL);
	world->stats = (struct core_stats){0};
	struct core_options opts = {
	        .engine = &engine,
	        .http = replay_transport(world->replay),
	        .inbox = world->inbox,
	        .emit = world_emit,
	        .emit_ctx = world,
	        .stats = &world->stats,
	};
	struct err err = {0};
	bool ok = core_new(&opts, &world->core, &err);
	if (!ok) fprintf(stderr, "core_new: %s\n", err.text);
	assert(ok);
	settle(world);
}

static inline void world_forget(struct world *world)
{
	for (size_t i = 0; i < world->nevents; i++)
		event_free(world->events[i]);
	world->nevents = 0;
}

/* The end of stoa; its events can still be looked at. */
static inline void world_end(struct world *world)
{
	struct transport *t = replay_transport(world->replay);
	core_free(world->core);
	world->core = NULL;
	world_gather(world);
	t->ops->free(t);
	queue_free(world->inbox, letter_free);
	queue_free(world->queue, NULL);
}

static inline int world_setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	fake_clock_init(&world->clock, START_MS);
	world_start(world);
	*state = world;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;
	if (world->core) world_end(world);
	world_forget(world);
	if (world->dir) {
		char command[256];
		snprintf(command, sizeof(command), "rm -r '%s'", world->dir);
		assert(system(command) == 0);
	}
	free(world->dir);
	free(world);
	return 0;
}

/* The same with a directory. */
static inline int disk_setup(void **state)
{
	char dir[] = "/tmp/stoa-core-XXXXXX";
	struct world *world = xcalloc(1, sizeof(*world));
	assert(mkdtemp(dir));
	world->dir = xstrdup(dir);
	fake_clock_init(&world->clock, START_MS);
	world_start(world);
	*state = world;
	return 0;
}

/* -- jobs and events -- */

static inline job_id post(struct world *world, struct job *job)
{
	struct letter *letter = letter_new(LETTER_JOB);
	job->id = ++world->last;
	letter->job = job;
	queue_push(world->inbox, letter);
	return world->last;
}

static inline struct job *job_of(enum job_kind kind, source_id source, const char *arg)
{
	struct job *job = job_new(kind);
	job->source = source;
	job->arg = xstrdup(arg);
	return job;
}

static inline job_id watch(struct world *world, source_id source, const char *name)
{
	return post(world, job_of(JOB_WATCH, source, name));
}

static inline void cancel(struct world *world, job_id id)
{
	struct letter *letter = letter_new(LETTER_CANCEL);
	letter->id = id;
	queue_push(world->inbox, letter);
}

static inline void login(struct world *world)
{
	replay_script(world->replay, "/whoami", 200, "", "ada@h.example");
	post(world, job_of(JOB_LOGIN, 0, "lines\nh.example\nwork\nCANARY"));
	settle(world);
}

static inline void subscribe(struct world *world, const char *name, const char *url)
{
	struct job *job = job_new(JOB_SUBSCRIBE);
	struct feed feed = {(char *)name, (char *)url, (char *)"", (char *)"", (char *)""};
	job->feed = feed_copy(&feed);
	post(world, job);
	settle(world);
}

/* The nth (from 0) event of a kind, or NULL. */
static inline struct event *event_at(const struct world *world, enum event_kind kind, size_t nth)
{
	for (size_t i = 0; i < world->nevents; i++) {
		if (world->events[i]->kind == kind && nth-- == 0) return world->events[i];
	}
	return NULL;
}

static inline size_t count(const struct world *world, enum event_kind kind)
{
	size_t n = 0;
	while (event_at(world, kind, n))
		n++;
	return n;
}

/* The DONE of a job; *out_n says how many it had. */
static inline struct event *done_of(const struct world *world, job_id id, int *out_n)
{
	struct event *found = NULL, *event;
	*out_n = 0;
	for (size_t i = 0; (event = event_at(world, EVENT_DONE, i)); i++) {
		if (event->reply_to != id) continue;
		found = event;
		++*out_n;
	}
	return found;
}

/* What the last health of a source said. */
static inline struct event *health_of(const struct world *world, source_id source)
{
	struct event *found = NULL, *event;
	for (size_t i = 0; (event = event_at(world, EVENT_SOURCE, i)); i++) {
		if (event->source == source) found = event;
	}
	return found;
}

/* Cursors of all rows that came for a source, in order: "3 2 1". Owned. */
static inline char *rows_of(const struct world *world, source_id source)
{
	struct str rows = {0};
	struct event *event;
	for (size_t i = 0; (event = event_at(world, EVENT_PAGE, i)); i++) {
		for (size_t j = 0; event->source == source && j < event->page->nentries; j++)
			str_addf(
			        &rows, "%s%s", rows.len ? " " : "", event->page->entries[j].cursor);
	}
	return str_take(&rows);
}

/* "post ID MS\n": a row whose time is `ago` ms before the clock. Owned by the world's reader. */
static inline const char *row(const struct world *world, char out[64], int id, int64_t ago)
{
	snprintf(out, 64, "post %d %" PRId64 "\n", id, world->clock.wall - ago);
	return out;
}

/* -- what is expected -- */

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static inline void assert_done(struct world *world, job_id id, enum err_code code)
{
	int n;
	struct event *done = done_of(world, id, &n);
	assert_int_equal(n, 1);
	if (done->err.code != code)
		fail_msg("job %u: code %d: %s", id, done->err.code, done->err.text);
}

static inline void assert_not_done(struct world *world, job_id id)
{
	int n;
	done_of(world, id, &n);
	assert_int_equal(n, 0);
}

static inline void assert_rows(struct world *world, source_id source, const char *expected)
{
	static char rows[8192];
	char *all = rows_of(world, source);
	snprintf(rows, sizeof(rows), "%s", all);
	free(all);
	assert_string_equal(rows, expected);
}

static inline void assert_health(struct world *world, source_id source, enum health_kind kind)
{
	struct event *event = health_of(world, source);
	assert_non_null(event);
	assert_string_equal(health_name(event->health.kind), health_name(kind));
}
