#include "engine/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "engine/renew.h"
#include "engine/schedule.h"
#include "engine/secret.h"
#include "engine/source.h"
#include "net/url.h"

/* A network that asks and asks has lost its way. */
enum { MAX_REQUESTS = 20 };

/*
 * How many requests may go to one host before the spacing tells: so a start with any
 * number of columns asks an account's server ACCOUNT_BURST times at first, then once
 * each spacing. What somebody waits for may go before all that.
 */
enum { FEED_BURST = 1, ACCOUNT_BURST = 8, USER_BURST = 24, LOOPBACK_BURST = 1024 };

struct fetch *fetch_new(struct core *core, const struct fetch_plan *plan)
{
	struct fetch *fetch = xcalloc(1, sizeof(*fetch));
	fetch->core = core;
	fetch->net = plan->net;
	fetch->step = plan->step;
	fetch->source = plan->source;
	fetch->job = plan->job;
	fetch->priority = plan->priority;
	fetch->typed = xstrdup(plan->typed);
	fetch->typed_local = plan->typed_local;
	fetch->on_end = plan->on_end;
	fetch->call.account = plan->account;
	fetch->call.token = plan->token;
	fetch->call.client = plan->client;
	fetch->until_ms = INT64_MAX;
	fetch->call.data = xcalloc(1, plan->net->call_size ? plan->net->call_size : 1);
	DL_APPEND(core->fetches, fetch);
	return fetch;
}

static void end(struct fetch *fetch, enum call_next how)
{
	if (fetch->over) return;
	fetch->over = true;
	DL_DELETE(fetch->core->fetches, fetch);
	DL_APPEND(fetch->core->ended, fetch);
	pace_done(fetch->core->pace, fetch->ticket);
	fetch->ticket = 0;
	if (fetch->call.err.retry_ms == 0) fetch->call.err.retry_ms = fetch->retry_ms;
	if (how == CALL_FAIL && fetch->call.err.code == ERR_NONE)
		err_set(&fetch->call.err, ERR_SERVER, "%s: no usable answer", fetch->typed);
	fetch->on_end(fetch, how);
	fetch->call.source = NULL; /* they may go before this does */
	fetch->call.state = NULL;
	fetch->call.publish = NULL;
}

static bool is_feed(const struct fetch *fetch)
{
	return fetch->call.account->id == ACCOUNT_FEEDS;
}

/* Politeness is owed to other people's machines. */
static int burst(const struct fetch *fetch, const char *url)
{
	if (url_is_loopback(url)) return LOOPBACK_BURST;
	if (fetch->burst) return fetch->burst;
	if (is_feed(fetch)) return FEED_BURST;
	return fetch->priority == PACE_USER ? USER_BURST : ACCOUNT_BURST;
}

/* Queue fetch->req. */
static void put_in_line(struct fetch *fetch)
{
	free(fetch->host);
	fetch->host = url_host(fetch->req.url);
	struct pace_want want = {
	        .host = fetch->host ? fetch->host : "",
	        .lane = is_feed(fetch) ? 0 : fetch->call.account->id,
	        .burst = burst(fetch, fetch->req.url),
	        .priority = fetch->priority,
	        .item = fetch,
	};
	fetch->ticket = pace_add(fetch->core->pace, &want);
}

/* Let the network look at an answer (NULL at first), and queue what it wants to ask next. */
static void step(struct fetch *fetch, const struct response *answer)
{
	struct request req = {0};
	fetch->call.now_ms = core_wall(fetch->core);
	enum call_next how = fetch->step(&fetch->call, answer, &req);
	if (how == CALL_SEND && ++fetch->requests > MAX_REQUESTS) {
		err_set(&fetch->call.err, ERR_SERVER, "%s: gave up after %d requests", fetch->typed,
		        MAX_REQUESTS);
		how = CALL_FAIL;
	}
	if (how != CALL_SEND) {
		request_finish(&req);
		bool refused = how == CALL_FAIL && fetch->call.err.code == ERR_AUTH;
		if (!refused || !renew_wait(fetch)) end(fetch, how);
		return;
	}
	req.allow_local = fetch->typed_local;
	request_finish(&fetch->req);
	fetch->req = req;
	put_in_line(fetch);
}

void fetch_begin(struct fetch *fetch)
{
	const struct signin *signin = signin_by_id(fetch->core, fetch->call.account->id);
	fetch->renewals = signin ? signin->renewals : 0;
	step(fetch, NULL);
}

void fetch_restart(struct fetch *fetch)
{
	struct call *call = &fetch->call;
	if (fetch->net->call_finish) fetch->net->call_finish(call);
	memset(call->data, 0, fetch->net->call_size);
	call->stage = 0;
	call->err = (struct err){0};
	if (call->out) {
		page_free(call->out);
		call->out = page_new();
	}
	fetch->requests = 0;
	fetch->began = false;
	fetch->sent = 0;
	step(fetch, NULL);
}

void fetch_fail(struct fetch *fetch, const struct err *why)
{
	if (*why->text) fetch->call.err = *why;
	end(fetch, CALL_FAIL);
}

static struct request request_copy(const struct request *req)
{
	struct request copy = *req;
	copy.url = xstrdup(req->url);
	copy.headers = NULL;
	copy.nheaders = 0;
	for (size_t i = 0; i < req->nheaders; i++)
		request_header(&copy, "%s", req->headers[i]);
	copy.body = req->body ? xstrndup(req->body, req->body_len) : NULL;
	return copy;
}

/* Nothing of it has left this machine, so that sending it once more cannot do it twice. */
static bool is_sent_again(struct fetch *fetch, const struct response *response)
{
	bool unsent = response->status == 0 && response->bytes_sent == 0 &&
	              response->err.code == ERR_NETWORK;
	if (!unsent || !fetch->again) return false;
	fetch->again = false;
	request_finish(&fetch->req);
	fetch->req = fetch->copy;
	fetch->copy = (struct request){0};
	put_in_line(fetch);
	return true;
}

/*
 * What the server says of the account's allowance. Only of reads: writes have limits of
 * their own, which say nothing of columns.
 */
static void note_allowance(const struct fetch *fetch, const struct response *response)
{
	struct core *core = fetch->core;
	account_id account = fetch->call.account->id;
	struct allowance told;
	if (is_feed(fetch) || account == 0 || !fetch->gets) return;
	if (schedule_allowance(response, core_wall(core), &told))
		pace_allow(
		        core->pace, account, told.limit, told.left, core_now(core) + told.reset_ms);
	int64_t wait = response->status == 429 ? fetch->retry_ms : 0;
	if (wait > patience_account.believe_ms) wait = patience_account.believe_ms;
	if (wait > 0) sources_limited(core, fetch->call.account, core_now(core) + wait);
}

static void on_done(void *ctx, const struct response *response)
{
	struct fetch *fetch = ctx;
	struct core_stats *stats = fetch->core->stats;
	fetch->transfer = 0;
	pace_done(fetch->core->pace, fetch->ticket);
	fetch->ticket = 0;
	atomic_fetch_add(&stats->requests, 1);
	atomic_fetch_add(&stats->bytes_in, response->bytes_received);
	atomic_fetch_add(&stats->bytes_out, response->bytes_sent);
	fetch->sent += response->bytes_sent;
	if (response->status == 304) atomic_fetch_add(&stats->not_modified, 1);
	if (response->status != 0) sources_answered(fetch->core);
	if (fetch->over || is_sent_again(fetch, response)) return;
	fetch->status = response->status;
	const char *date = response_header(response, "Date");
	if (!date || !date_parse_http(date, &fetch->server_ms)) fetch->server_ms = 0;
	fetch->retry_ms = schedule_retry_after(response, core_wall(fetch->core));
	note_allowance(fetch, response);
	step(fetch, response);
}

static void on_progress(void *ctx, size_t sent, size_t total)
{
	struct fetch *fetch = ctx;
	if (!fetch->over) fetch->on_progress(fetch, sent, total);
}

static void send(struct fetch *fetch)
{
	struct core *core = fetch->core;
	struct transfer_hooks hooks = {.on_done = on_done,
	        .on_progress = fetch->on_progress ? on_progress : NULL,
	        .ctx = fetch};
	uint64_t in_flight = pace_in_flight(core->pace);
	if (in_flight > atomic_load(&core->stats->most_in_flight))
		atomic_store(&core->stats->most_in_flight, in_flight);
	request_finish(&fetch->copy);
	if (fetch->again) fetch->copy = request_copy(&fetch->req);
	fetch->gets = strcmp(fetch->req.method, "GET") == 0;
	fetch->began = true;
	fetch->transfer = core->http->ops->send(core->http, &fetch->req, &hooks);
	if (fetch->source) source_tell(fetch->source); /* it may have been held back till now */
}

int64_t fetches_expire(struct core *core, int64_t now_ms)
{
	int64_t soonest = INT64_MAX;
	struct fetch *fetch, *next;
	DL_FOREACH_SAFE(core->fetches, fetch, next)
	{
		if (fetch->until_ms <= now_ms)
			fetch_cancel(fetch, "no answer in time");
		else if (fetch->until_ms < soonest)
			soonest = fetch->until_ms;
	}
	return soonest;
}

bool fetches_write(const struct core *core)
{
	const struct fetch *fetch;
	DL_FOREACH(core->fetches, fetch)
	{
		if (fetch->writes) return true;
	}
	return false;
}

int64_t fetches_pump(struct core *core)
{
	int64_t next;
	for (struct fetch *fetch; (fetch = pace_next(core->pace, core_now(core), &next));)
		send(fetch);
	return next;
}

void fetch_cancel(struct fetch *fetch, const char *why)
{
	if (!fetch || fetch->over) return;
	fetch->call.err = (struct err){0};
	err_set(&fetch->call.err, ERR_CANCELLED, "%s", why);
	unsigned transfer = fetch->transfer;
	end(fetch, CALL_FAIL);
	if (transfer) fetch->core->http->ops->cancel(fetch->core->http, transfer);
}

static void fetch_free(struct fetch *fetch)
{
	DL_DELETE(fetch->core->ended, fetch);
	if (fetch->net->call_finish) fetch->net->call_finish(&fetch->call);
	free(fetch->call.data);
	page_free(fetch->call.out);
	account_free(fetch->call.signed_in);
	free(fetch->call.said);
	free(fetch->call.gone);
	items_free(fetch->call.items);
	person_free(fetch->call.person);
	for (size_t i = 0; i < fetch->call.nfilters; i++)
		server_filter_finish(&fetch->call.filters[i]);
	free(fetch->call.filters);
	request_finish(&fetch->req);
	free(fetch->host);
	free(fetch->typed);
	free(fetch->cursor);
	free(fetch->url);
	account_free(fetch->account);
	secret_free(fetch->token);
	secret_free(fetch->client);
	secret_free(fetch->sign.secret);
	job_free(fetch->asked);
	free(fetch->said);
	free(fetch->marker.cursor);
	request_finish(&fetch->copy);
	free(fetch);
}

void fetches_sweep(struct core *core)
{
	struct fetch *fetch, *next;
	DL_FOREACH_SAFE(core->ended, fetch, next)
	{
		if (fetch->transfer == 0) fetch_free(fetch);
	}
}
