#pragma once
/*
 * The engine's core on a clock that stands still, and a server for posting that the test
 * can make misbehave. Its truth is the list of posts that are public: what stands there
 * twice was posted twice.
 */
#include <assert.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/queue.h"
#include "base/str.h"
#include "db/queue_outbox.h"
#include "engine/core.h"
#include "engine/outbox.h"
#include "fake_clock.h"
#include "networks/network.h"

#define START_MS 1795000000000 /* 2026-11-18 */
enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* -- the server -- */

enum fault {
	FAULT_NONE,
	FAULT_UNSENT,     /* no connection */
	FAULT_REQUEST,    /* cut before the server had it all */
	FAULT_ANSWER,     /* posted, and then cut */
	FAULT_LATE,       /* 504, and posted a little later */
	FAULT_500,        /* 500, and not posted */
	FAULT_500_POSTED, /* 500, and posted */
	FAULT_NONSENSE,   /* posted, and an answer that says nothing */
	FAULT_401,
	FAULT_404,
	FAULT_422,
	FAULT_429,
	NFAULTS,
};

enum { MAX_POSTS = 8192, LATE_MS = 20 * SECOND };

struct public_post {
	char *key, *text, *before;
	int64_t at_ms;   /* public from then on */
	bool kept, gone; /* kept: at_ms is ahead, by the server */
	int64_t made_ms;
};

struct asked {
	unsigned number;
	struct request req;
	struct transfer_hooks hooks;
	int64_t answer_ms;
	struct asked *next;
};

struct server {
	struct transport transport;
	const struct clock *clock;
	struct public_post posts[MAX_POSTS];
	size_t nposts;
	struct asked *asked;
	unsigned last;
	enum fault faults[64]; /* of the next publishing requests, in order */
	size_t nfaults, at_fault;
	enum fault (*fault)(void *ctx); /* else this is asked, when there is one */
	void *fault_ctx;
	bool honours_key, repeat_500, keeps, keeps_now, forgets; /* forgets: drops what it keeps */
	int64_t latency_ms, skew_ms;                             /* skew: its clock against ours */
	enum fault prepare_fault, upload_fault, look_fault, withdraw_fault;
	int publishes, looks, uploads, withdraws, prepares, learns;
};

static inline int64_t server_now(const struct server *server)
{
	return clock_wall(server->clock) + server->skew_ms;
}

static inline struct public_post *server_post(
        struct server *server, const char *key, const char *text, int64_t at_ms, bool kept)
{
	assert(server->nposts < MAX_POSTS);
	struct public_post *post = &server->posts[server->nposts++];
	*post = (struct public_post){.key = xstrdup(key),
	        .text = xstrdup(text),
	        .at_ms = at_ms,
	        .kept = kept,
	        .made_ms = server_now(server)};
	return post;
}

/* How often a text is public now. */
static inline int server_has(const struct server *server, const char *text)
{
	int n = 0;
	for (size_t i = 0; i < server->nposts; i++)
		n += !server->posts[i].gone && server->posts[i].at_ms <= server_now(server) &&
		     !(server->posts[i].kept && server->forgets) &&
		     strcmp(server->posts[i].text, text) == 0;
	return n;
}

static inline long server_find(const struct server *server, const char *text, bool kept)
{
	for (size_t i = 0; i < server->nposts; i++) {
		const struct public_post *post = &server->posts[i];
		bool waits = post->kept && post->at_ms > server_now(server);
		if (post->gone || strcmp(post->text, text) != 0 || waits != kept) continue;
		if (!waits && post->at_ms > server_now(server)) continue;
		if (post->kept && !waits && server->forgets) continue;
		return (long)i;
	}
	return -1;
}

/* An answer as the server gives it: status 0 is none. */
struct said {
	int status;
	size_t sent;
	char text[128];
};

static inline enum fault next_fault(struct server *server)
{
	if (server->at_fault < server->nfaults) return server->faults[server->at_fault++];
	return server->fault ? server->fault(server->fault_ctx) : FAULT_NONE;
}

static inline struct said refusal(enum fault fault)
{
	static const int statuses[NFAULTS] = {[FAULT_500] = 500,
	        [FAULT_500_POSTED] = 500,
	        [FAULT_LATE] = 504,
	        [FAULT_401] = 401,
	        [FAULT_404] = 404,
	        [FAULT_422] = 422,
	        [FAULT_429] = 429,
	        [FAULT_NONSENSE] = 200};
	return (struct said){.status = statuses[fault], .sent = fault == FAULT_UNSENT ? 0 : 100};
}

/* POST /post, its body: key LF keep-until LF text. */
static inline struct said server_publish(struct server *server, const struct request *req)
{
	char key[64];
	int64_t keep = 0;
	int n = 0;
	sscanf(req->body, "%63s %" SCNd64 "\n%n", key, &keep, &n);
	const char *text = req->body + n;
	server->publishes++;
	for (size_t i = 0; server->honours_key && !keep && i < server->nposts; i++) {
		if (strcmp(server->posts[i].key, key) != 0) continue;
		if (server->repeat_500) return (struct said){.status = 500, .sent = 100};
		struct said said = {.status = 200, .sent = 100};
		snprintf(said.text, sizeof(said.text), "id %zu", i);
		return said;
	}
	enum fault fault = next_fault(server);
	bool posts = fault == FAULT_NONE || fault == FAULT_ANSWER || fault == FAULT_LATE ||
	             fault == FAULT_500_POSTED || fault == FAULT_NONSENSE;
	bool keeps = keep && server->keeps && !server->keeps_now;
	int64_t at = keeps ? keep : server_now(server) + (fault == FAULT_LATE ? LATE_MS : 0);
	if (posts) server_post(server, key, text, at, keeps);
	if (fault != FAULT_NONE) return refusal(fault);
	struct said said = {.status = 200, .sent = 100};
	snprintf(said.text, sizeof(said.text), "%s %zu", keeps ? "kept" : "id", server->nposts - 1);
	return said;
}

/* GET /look?TEXT: "id N", "kept N" or "none". */
static inline struct said server_look(struct server *server, const char *text)
{
	struct said said = {.status = 200, .sent = 100};
	long at = server_find(server, text, false), kept = server_find(server, text, true);
	server->looks++;
	if (server->look_fault) return refusal(server->look_fault);
	if (at >= 0)
		snprintf(said.text, sizeof(said.text), "id %ld", at);
	else if (kept >= 0)
		snprintf(said.text, sizeof(said.text), "kept %ld", kept);
	else
		snprintf(said.text, sizeof(said.text), "none");
	return said;
}

static inline struct said server_withdraw(struct server *server, const char *id)
{
	struct said said = {.status = 200, .sent = 100, .text = "none"};
	long at = atol(id);
	server->withdraws++;
	if (server->withdraw_fault) return refusal(server->withdraw_fault);
	if (at < 0 || (size_t)at >= server->nposts) return said;
	struct public_post *post = &server->posts[at];
	if (post->gone || post->at_ms <= server_now(server)) return said;
	post->gone = true;
	snprintf(said.text, sizeof(said.text), "gone");
	return said;
}

static inline struct said server_answer(struct server *server, const struct request *req)
{
	struct said said = {.status = 200, .sent = 100, .text = "ok"};
	const char *path = strstr(req->url, "example/") + 8;
	if (strcmp(path, "post") == 0) return server_publish(server, req);
	if (strncmp(path, "look?", 5) == 0) return server_look(server, path + 5);
	if (strncmp(path, "kept/", 5) == 0) return server_withdraw(server, path + 5);
	if (strcmp(path, "prepare") == 0) {
		server->prepares++;
		if (server->prepare_fault) return refusal(server->prepare_fault);
	} else if (strncmp(path, "upload", 6) == 0) {
		server->uploads++;
		if (server->upload_fault) return refusal(server->upload_fault);
		snprintf(said.text, sizeof(said.text), "media-%d", server->uploads);
	} else if (strcmp(path, "learn") == 0) {
		server->learns++;
	}
	return said;
}

static inline unsigned server_send(
        struct transport *t, struct request *req, const struct transfer_hooks *hooks)
{
	struct server *server = (struct server *)t;
	struct asked *asked = xcalloc(1, sizeof(*asked)), **end = &server->asked;
	asked->number = ++server->last;
	asked->req = *req;
	*req = (struct request){0};
	asked->hooks = *hooks;
	asked->answer_ms = clock_mono(server->clock) + server->latency_ms;
	while (*end)
		end = &(*end)->next;
	*end = asked;
	return asked->number;
}

static inline void asked_end(struct asked *asked, struct response *response)
{
	asked->hooks.on_done(asked->hooks.ctx, response);
	response_finish(response);
	request_finish(&asked->req);
	free(asked);
}

static inline void server_end(struct server *server, struct asked *asked)
{
	if (asked->hooks.on_progress) asked->hooks.on_progress(asked->hooks.ctx, 43, 100);
	struct said said = server_answer(server, &asked->req);
	struct response response = {
	        .status = said.status, .url = xstrdup(asked->req.url), .bytes_sent = said.sent};
	response.body = xstrdup(said.text);
	response.body_len = strlen(said.text);
	if (said.status == 0) err_set(&response.err, ERR_NETWORK, "the connection broke");
	if (said.status) {
		char date[64];
		time_t now = (time_t)(server_now(server) / 1000);
		struct tm tm;
		gmtime_r(&now, &tm);
		strftime(date, sizeof(date), "Date: %a, %d %b %Y %H:%M:%S GMT", &tm);
		response.headers = xcalloc(1, sizeof(char *));
		response.headers[response.nheaders++] = xstrdup(date);
	}
	asked_end(asked, &response);
}

static inline void server_perform(struct transport *t)
{
	struct server *server = (struct server *)t;
	for (struct asked **at = &server->asked; *at;) {
		struct asked *asked = *at;
		if (asked->answer_ms > clock_mono(server->clock)) {
			at = &asked->next;
			continue;
		}
		*at = asked->next;
		server_end(server, asked);
		at = &server->asked; /* hooks may have sent more */
	}
}

static inline void server_cancel(struct transport *t, unsigned number)
{
	struct server *server = (struct server *)t;
	for (struct asked **at = &server->asked; *at; at = &(*at)->next) {
		struct asked *asked = *at;
		if (asked->number != number) continue;
		*at = asked->next;
		struct response response = {.url = xstrdup(asked->req.url)};
		err_set(&response.err, ERR_CANCELLED, "cancelled");
		asked_end(asked, &response);
		return;
	}
}

static inline int64_t server_next_ms(const struct server *server)
{
	int64_t next = INT64_MAX;
	for (const struct asked *asked = server->asked; asked; asked = asked->next)
		next = asked->answer_ms < next ? asked->answer_ms : next;
	return next;
}

static inline void server_wait(struct transport *t, int timeout_ms)
{
	(void)t, (void)timeout_ms;
}

static inline void server_wakeup(struct transport *t)
{
	(void)t;
}

static const struct transport_ops server_ops = {.name = "server",
        .send = server_send,
        .cancel = server_cancel,
        .wait = server_wait,
        .perform = server_perform,
        .wakeup = server_wakeup};

static inline void server_forget(struct server *server)
{
	for (size_t i = 0; i < server->nposts; i++) {
		free(server->posts[i].key);
		free(server->posts[i].text);
	}
	server->nposts = 0;
}

/* -- the network -- */

static int64_t line_repeats_ms = 50 * MINUTE;

static inline enum call_next line_ask(
        struct call *call, struct request *req, const char *method, const char *path)
{
	struct str url = {0};
	str_addf(&url, "https://%s/%s", call->account->host, path);
	req->method = method;
	req->url = str_take(&url);
	return CALL_SEND;
}

static inline enum call_next line_refused(struct call *call, const struct response *answer)
{
	static const struct {
		int status;
		enum err_code code;
	} codes[] = {
	        {401, ERR_AUTH}, {404, ERR_NOT_FOUND}, {422, ERR_SYNTAX}, {429, ERR_RATE_LIMITED}};
	call->err = answer->err;
	if (answer->status == 0) return CALL_FAIL;
	enum err_code code = ERR_SERVER;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		code = codes[i].status == answer->status ? codes[i].code : code;
	err_set(&call->err, code, "status %d", answer->status);
	return CALL_FAIL;
}

static inline enum call_next line_login(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return line_ask(call, req, "GET", "learn");
	if (answer->status != 200) return line_refused(call, answer);
	call->signed_in = account_copy(call->account);
	call->signed_in->caps = CAP_POST;
	return CALL_DONE;
}

static inline enum call_next line_upload(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return line_ask(call, req, "POST", "upload");
	if (answer->status != 200) return line_refused(call, answer);
	call->publish->made = xstrdup(answer->body);
	return CALL_DONE;
}

static inline enum call_next line_prepare(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return line_ask(call, req, "GET", "prepare");
	if (answer->status != 200) return line_refused(call, answer);
	call->publish->made = xstrdup(call->publish->item->text);
	call->publish->watermark = xstrdup("0");
	return CALL_DONE;
}

/* "id 7", "kept 7" */
static inline bool line_take(struct publish *publish, const char *body)
{
	char what[16], id[32];
	if (sscanf(body, "%15s %31s", what, id) != 2) return false;
	publish->kept = strcmp(what, "kept") == 0;
	if (!publish->kept && strcmp(what, "id") != 0) return false;
	free(publish->remote_id);
	publish->remote_id = xstrdup(id);
	publish->found = true;
	return true;
}

static inline enum call_next line_publish(
        struct call *call, const struct response *answer, struct request *req)
{
	const struct outgoing *item = call->publish->item;
	if (!answer) {
		struct str body = {0};
		str_addf(&body, "%s %" PRId64 "\n%s", item->key,
		        call->publish->keep ? item->at.utc_ms : 0, item->frozen);
		req->body_len = body.len;
		req->body = str_take(&body);
		req->fresh = true;
		return line_ask(call, req, "POST", "post");
	}
	if (answer->status != 200) return line_refused(call, answer);
	if (line_take(call->publish, answer->body)) return CALL_DONE;
	err_set(&call->err, ERR_FORMAT, "an answer that says nothing");
	return CALL_FAIL;
}

static inline enum call_next line_reconcile(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		struct str path = {0};
		str_addf(&path, "look?%s", call->publish->item->frozen);
		line_ask(call, req, "GET", str_c(&path));
		str_finish(&path);
		return CALL_SEND;
	}
	if (answer->status != 200) return line_refused(call, answer);
	line_take(call->publish, answer->body);
	return CALL_DONE;
}

static inline enum call_next line_withdraw(
        struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) {
		struct str path = {0};
		str_addf(&path, "kept/%s", call->publish->item->remote_id);
		line_ask(call, req, "DELETE", str_c(&path));
		str_finish(&path);
		return CALL_SEND;
	}
	if (answer->status != 200) return line_refused(call, answer);
	call->publish->found = strcmp(answer->body, "gone") == 0;
	return CALL_DONE;
}

static inline char *line_key(int64_t now_ms, uint64_t random)
{
	struct str key = {0};
	str_addf(&key, "K%" PRId64 "-%" PRIx64, now_ms, random);
	return str_take(&key);
}

static inline int64_t line_repeat_ms(const struct account *account)
{
	(void)account;
	return line_repeats_ms;
}

static bool line_keeps = true;

static inline bool line_can_keep(const struct account *account)
{
	(void)account;
	return line_keeps;
}

static inline bool line_check(
        const struct account *account, const struct outgoing *item, struct err *err)
{
	(void)account;
	return strlen(item->text) <= 500 || err_set(err, ERR_SYNTAX, "longer than 500 characters");
}

static inline bool line_has_source(enum source_kind kind)
{
	(void)kind;
	return false;
}

static const struct network line_network = {.name = "lines",
        .has_source = line_has_source,
        .fetch = line_login,
        .login = line_login,
        .learn = line_login,
        .make_key = line_key,
        .repeat_ms = line_repeat_ms,
        .can_keep = line_can_keep,
        .check = line_check,
        .upload = line_upload,
        .prepare = line_prepare,
        .publish = line_publish,
        .reconcile = line_reconcile,
        .withdraw = line_withdraw};
static const struct network line_feeds = {
        .name = "feed", .has_source = line_has_source, .fetch = line_login};

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
	(void)message;
}

/* -- the world -- */

struct world {
	struct fake_clock clock;
	struct server server;
	struct queue *inbox, *queue;
	struct core *core;
	struct core_stats stats;
	struct event **events;
	size_t nevents, cap;
	job_id last;
	char dir[64]; /* "": in memory */
	const char *sender;
	account_id account, other;
};

static inline void world_emit(void *ctx, struct event *event)
{
	queue_push(((struct world *)ctx)->queue, event);
}

static inline void world_gather(struct world *world)
{
	for (struct event *event; (event = queue_pop(world->queue));) {
		world->events = mem_grow(
		        world->events, &world->cap, world->nevents + 1, sizeof(*world->events));
		world->events[world->nevents++] = event;
	}
}

static inline bool is_settled(struct world *world)
{
	unsigned before = world->server.last;
	return core_turn(world->core) > 0 && before == world->server.last &&
	       queue_len(world->inbox) == 0 && server_next_ms(&world->server) > world->clock.mono;
}

static inline void settle(struct world *world)
{
	for (int i = 0; !is_settled(world); i++) {
		assert(i < 100000);
		server_perform(&world->server.transport);
		world_gather(world);
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
		int64_t answer = server_next_ms(&world->server);
		if (answer < next) next = answer;
		if (next <= world->clock.mono) next = world->clock.mono + 1;
		fake_clock_advance(&world->clock, (next < end ? next : end) - world->clock.mono);
		settle(world);
	}
}

/* False with the reason when it does not start. */
static inline bool world_try(struct world *world, struct err *err)
{
	struct engine_options engine = {.state_dir = world->dir[0] ? world->dir : NULL,
	        .clock = &world->clock.clock,
	        .seed = 1,
	        .sender = world->sender};
	world->server.transport.ops = &server_ops;
	world->server.clock = &world->clock.clock;
	world->inbox = queue_new(NULL, NULL);
	world->queue = queue_new(NULL, NULL);
	world->stats = (struct core_stats){0};
	struct core_options opts = {.engine = &engine,
	        .http = &world->server.transport,
	        .inbox = world->inbox,
	        .emit = world_emit,
	        .emit_ctx = world,
	        .stats = &world->stats};
	return core_new(&opts, &world->core, err);
}

static inline void world_start(struct world *world)
{
	struct err err = {0};
	bool ok = world_try(world, &err);
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

static inline void world_end(struct world *world)
{
	core_free(world->core);
	world->core = NULL;
	world_gather(world);
	queue_free(world->inbox, letter_free);
	queue_free(world->queue, NULL);
}

static inline void world_remove(const char *dir)
{
	char command[160];
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	int code = system(command);
	assert(code == 0);
	(void)code;
}

/*
 * The process ends here without a word: what is in the files now is what is found next
 * time, and the server goes on with what it was sent.
 */
static inline void world_crash(struct world *world)
{
	char copy[64], command[256];
	snprintf(copy, sizeof(copy), "%s", world->dir);
	char *end = copy + strlen(copy);
	snprintf(end, (size_t)(copy + sizeof(copy) - end), "x");
	snprintf(command, sizeof(command), "cp -r '%s' '%s'", world->dir, copy);
	int code = system(command);
	assert(code == 0);
	(void)code;
	while (world->server.asked) { /* what was sent arrives; nobody hears the answers */
		struct asked *asked = world->server.asked;
		world->server.asked = asked->next;
		server_answer(&world->server, &asked->req);
		struct response response = {.url = xstrdup(asked->req.url)};
		err_set(&response.err, ERR_CANCELLED, "cancelled");
		asked_end(asked, &response);
	}
	world_end(world);
	world_remove(world->dir);
	code = rename(copy, world->dir);
	assert(code == 0);
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

/* The one DONE of a job, or NULL. */
static inline struct event *done_of(const struct world *world, job_id id)
{
	struct event *found = NULL, *event;
	for (size_t i = 0; (event = event_at(world, EVENT_DONE, i)); i++) {
		if (event->reply_to != id) continue;
		assert(!found);
		found = event;
	}
	return found;
}

static inline account_id login(struct world *world, const char *name)
{
	struct job *job = job_new(JOB_LOGIN);
	struct str arg = {0};
	str_addf(&arg, "lines\nh.example\n%s\nCANARY", name);
	job->arg = str_take(&arg);
	post(world, job);
	settle(world);
	return signin_find(world->core, name)->account->id;
}

static inline struct draft *a_draft(const struct world *world, const char *text)
{
	struct draft *draft = draft_new();
	free(draft->parts[0].text);
	draft->parts[0].text = xstrdup(text);
	draft_add_account(draft, world->account);
	return draft;
}

static inline void add_part(struct draft *draft, const char *text)
{
	struct draft_part *part = draft_add_part(draft);
	free(part->text);
	part->text = xstrdup(text);
}

static inline job_id send_draft(struct world *world, struct draft *draft)
{
	struct job *job = job_new(JOB_SEND);
	job->draft = draft;
	return post(world, job);
}

/* At once, and what can happen at once happens. */
static inline job_id say(struct world *world, const char *text)
{
	job_id id = send_draft(world, a_draft(world, text));
	settle(world);
	return id;
}

static inline job_id say_at(struct world *world, const char *text, int64_t at_ms)
{
	struct draft *draft = a_draft(world, text);
	draft->at.utc_ms = at_ms;
	job_id id = send_draft(world, draft);
	settle(world);
	return id;
}

static inline job_id about(struct world *world, enum job_kind kind, int64_t item)
{
	struct job *job = job_new(kind);
	job->number = item;
	job_id id = post(world, job);
	settle(world);
	return id;
}

static inline job_id hold(struct world *world, account_id account, bool on)
{
	struct job *job = job_new(JOB_HOLD);
	job->account = account;
	job->on = on;
	job_id id = post(world, job);
	settle(world);
	return id;
}

/* What was last told of the post with this text; borrowed, or NULL. */
static inline const struct outgoing *told(const struct world *world, const char *text)
{
	const struct outgoing *found = NULL;
	for (size_t i = 0; i < world->nevents; i++) {
		const struct outgoing *item = world->events[i]->outgoing;
		if (item && strcmp(item->text, text) == 0) found = item;
	}
	return found;
}

static inline int world_setup(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	fake_clock_init(&world->clock, START_MS);
	world->sender = "test";
	world->server.honours_key = world->server.keeps = true;
	line_repeats_ms = 50 * MINUTE;
	line_keeps = true;
	world_start(world);
	world->account = login(world, "work");
	*state = world;
	return 0;
}

/* The same with a directory in this one. */
static inline int setup_in(void **state, const char *dir)
{
	struct world *world = xcalloc(1, sizeof(*world));
	fake_clock_init(&world->clock, START_MS);
	world->sender = "test";
	world->server.honours_key = world->server.keeps = true;
	line_repeats_ms = 50 * MINUTE;
	line_keeps = true;
	snprintf(world->dir, sizeof(world->dir), "%s/stoa-outbox-XXXXXX", dir);
	if (!mkdtemp(world->dir)) return -1;
	world_start(world);
	world->account = login(world, "work");
	*state = world;
	return 0;
}

static inline int disk_setup(void **state)
{
	return setup_in(state, "/tmp");
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;
	if (world->core) world_end(world);
	world_forget(world);
	server_forget(&world->server);
	if (world->dir[0]) world_remove(world->dir);
	free(world->events);
	free(world);
	return 0;
}
