#include "engine/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "db/queue_record.h"
#include "engine/ask.h"
#include "engine/outbox.h"
#include "engine/schedule.h"
#include "engine/signin.h"
#include "net/url.h"

static const int64_t minute_ms = 60000, hour_ms = 3600000, day_ms = 24 * 3600000;
static const int64_t ages_ms[] = {3600000, 24 * 3600000LL, 7 * 24 * 3600000LL, 30 * 24 * 3600000LL};

enum {
	AGES = sizeof(ages_ms) / sizeof(*ages_ms),
	LATE_DAYS = 60,        /* what went out before has been looked at, or never will be */
	FIRST_MS = 5000,       /* after the start: what somebody waits for comes first */
	AGAIN_MS = 2000,       /* from one look to the next */
	PAUSE_MS = 30 * 60000, /* an account whose server gave no answer */
};

/* An account that is left alone for now. */
struct pause {
	account_id account;
	int64_t until_ms;
};

struct metrics {
	struct core *core;
	int64_t next_ms; /* something may be due then (wall) */
	struct fetch *fetch;
	account_id account;    /* that is asked ... */
	struct outgoing *item; /* ... about this post; NULL: about itself */
	struct publish publish;
	struct pause *pauses;
	size_t npauses, pauses_cap;
};

struct metrics *metrics_new(struct core *core)
{
	struct metrics *metrics = xcalloc(1, sizeof(*metrics));
	metrics->core = core;
	metrics->next_ms = core_wall(core) + FIRST_MS;
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	if (!metrics) return;
	outgoing_free(metrics->item);
	free(metrics->pauses);
	free(metrics);
}

void metrics_sent(struct core *core)
{
	core->metrics->next_ms = 0;
}

/* -- what is due -- */

int64_t metrics_due(int64_t sent_ms, int64_t last_ms, int64_t now_ms)
{
	if (now_ms - sent_ms > LATE_DAYS * day_ms) return INT64_MAX;
	for (int i = AGES; i-- > 0;) {
		int64_t due = sent_ms + ages_ms[i];
		if (due > now_ms) continue;
		if (last_ms < due) return due;
		return i + 1 < AGES ? sent_ms + ages_ms[i + 1] : INT64_MAX;
	}
	return sent_ms + ages_ms[0];
}

static struct pause *pause_of(struct metrics *metrics, account_id account)
{
	for (size_t i = 0; i < metrics->npauses; i++) {
		if (metrics->pauses[i].account == account) return &metrics->pauses[i];
	}
	metrics->pauses = mem_grow(metrics->pauses, &metrics->pauses_cap, metrics->npauses + 1,
	        sizeof(*metrics->pauses));
	metrics->pauses[metrics->npauses] = (struct pause){.account = account};
	return &metrics->pauses[metrics->npauses++];
}

struct scan {
	struct metrics *metrics;
	int64_t now_ms, next_ms;
	int64_t first_ms;      /* of what is found: since when it is due */
	account_id account;    /* 0: nothing is due */
	struct outgoing *item; /* owned; NULL: the account itself */
};

/* May it be asked now? When not, when it may. */
static bool is_free(struct scan *scan, const struct signin *signin)
{
	if (!signin || !signin->token || !signin->net) return false;
	int64_t until = pause_of(scan->metrics, signin->account->id)->until_ms;
	if (until <= scan->now_ms) return true;
	if (until < scan->next_ms) scan->next_ms = until;
	return false;
}

/* Returns whether it is what has been due for longest. */
static bool consider(struct scan *scan, int64_t due_ms)
{
	if (due_ms > scan->now_ms) {
		if (due_ms < scan->next_ms) scan->next_ms = due_ms;
		return false;
	}
	if (scan->account && scan->first_ms <= due_ms) return false;
	scan->first_ms = due_ms;
	outgoing_free(scan->item);
	scan->item = NULL;
	return true;
}

static void look_at_post(void *ctx, const struct outgoing *item)
{
	struct scan *scan = ctx;
	struct core *core = scan->metrics->core;
	struct metric last;
	const struct signin *signin = signin_by_id(core, item->account);
	if (!item->uri || !item->remote_id || !is_free(scan, signin) || !signin->net->look) return;
	if (!queue_db_metric_at(core->db, item->uri, INT64_MAX, &last, NULL)) return;
	if (!consider(scan, metrics_due(item->sent_ms, last.at_ms, scan->now_ms))) return;
	scan->account = item->account;
	scan->item = outgoing_copy(item);
}

static void look_at_account(struct scan *scan, const struct signin *signin)
{
	struct metric last;
	const struct account *account = signin->account;
	if (!is_free(scan, signin) || !signin->net->lookup || !*account->uri) return;
	if (account->id == ACCOUNT_FEEDS || account_is_guest(account)) return;
	if (!queue_db_metric_at(scan->metrics->core->db, account->uri, INT64_MAX, &last, NULL))
		return;
	if (consider(scan, last.at_ms ? last.at_ms + day_ms : scan->now_ms))
		scan->account = account->id;
}

/* -- a look -- */

static void keep(struct core *core, const char *uri, const struct metric *metric)
{
	struct err err = {0};
	if (!queue_db_put_metric(core->db, uri, metric, &err))
		log_put(LOG_WARN, "engine", "metric: %s", err.text);
}

static int64_t number_of(uint32_t count)
{
	return count == POST_UNKNOWN ? -1 : (int64_t)count;
}

static void keep_post(struct metrics *metrics, const struct page *page)
{
	struct metric metric = {.at_ms = core_wall(metrics->core),
	        .replies = -1,
	        .reposts = -1,
	        .likes = -1,
	        .followers = -1};
	for (size_t i = 0; page && i < page->nposts; i++) {
		const struct post *post = page->posts[i];
		if (strcmp(post_str(post, POST_URI), metrics->item->uri) != 0) continue;
		metric.replies = number_of(post->replies);
		metric.reposts = number_of(post->reposts);
		metric.likes = number_of(post->likes);
	}
	keep(metrics->core, metrics->item->uri, &metric);
}

static void keep_account(struct metrics *metrics, const struct page *page)
{
	const struct signin *signin = signin_by_id(metrics->core, metrics->account);
	struct metric metric = {.at_ms = core_wall(metrics->core),
	        .replies = -1,
	        .reposts = -1,
	        .likes = -1,
	        .followers = -1};
	if (!signin) return;
	for (size_t i = 0; i < page->nprofiles; i++) {
		if (strcmp(page->profiles[i]->uri, signin->account->uri) == 0)
			metric.followers = page->profiles[i]->followers;
	}
	keep(metrics->core, signin->account->uri, &metric);
}

static void leave_alone(struct metrics *metrics, const struct err *err)
{
	int64_t wait = err->code == ERR_RATE_LIMITED && err->retry_ms > PAUSE_MS ? err->retry_ms
	                                                                         : PAUSE_MS;
	if (wait > patience_account.believe_ms) wait = patience_account.believe_ms;
	pause_of(metrics, metrics->account)->until_ms = core_wall(metrics->core) + wait;
}

/* A post that is no more has no numbers, and need not be looked at for them again. */
static void on_end(struct fetch *fetch, enum call_next how)
{
	struct metrics *metrics = fetch->core->metrics;
	const struct err *err = &fetch->call.err;
	metrics->fetch = NULL;
	if (how == CALL_DONE && metrics->item)
		keep_post(metrics, fetch->call.out);
	else if (how == CALL_DONE)
		keep_account(metrics, fetch->call.out);
	else if ((err->code == ERR_NOT_FOUND || err->code == ERR_GONE) && metrics->item)
		keep_post(metrics, NULL);
	else if (err->code != ERR_CANCELLED)
		leave_alone(metrics, err);
	if (how == CALL_DONE) ask_deliver_page(fetch);
	outgoing_free(metrics->item);
	metrics->item = NULL;
	metrics->next_ms = core_wall(fetch->core) + AGAIN_MS;
}

/* Takes scan->item. */
static void begin(struct metrics *metrics, struct scan *scan)
{
	const struct signin *signin = signin_by_id(metrics->core, scan->account);
	char *root = account_root(signin->account);
	struct fetch_plan plan =
	        ask_plan(signin, scan->item ? signin->net->look : signin->net->lookup);
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.priority = PACE_LATER;
	plan.on_end = on_end;
	struct fetch *fetch = metrics->fetch = fetch_new(metrics->core, &plan);
	free(root);
	metrics->account = scan->account;
	metrics->item = scan->item;
	metrics->publish = (struct publish){.item = scan->item};
	fetch->call.publish = &metrics->publish;
	fetch->call.arg = scan->item ? scan->item->uri : signin->account->handle;
	fetch->call.out = page_new();
	fetch_begin(fetch);
}

static void look(struct metrics *metrics, int64_t wall_ms)
{
	struct scan scan = {.metrics = metrics, .now_ms = wall_ms, .next_ms = wall_ms + hour_ms};
	const struct signin *signin;
	queue_db_sent(metrics->core->db, wall_ms - LATE_DAYS * day_ms, look_at_post, &scan, NULL);
	DL_FOREACH(metrics->core->signins, signin)
	{
		look_at_account(&scan, signin);
	}
	metrics->next_ms = scan.next_ms;
	if (scan.account) begin(metrics, &scan);
}

int64_t metrics_tick(struct core *core, int64_t now_ms)
{
	struct metrics *metrics = core->metrics;
	int64_t wall = core_wall(core), wait;
	if (!core->outbox->sends || metrics->fetch) return INT64_MAX;
	if (wall >= metrics->next_ms) look(metrics, wall);
	/* A clock that was set back does not keep us from looking. */
	if (metrics->next_ms > wall + hour_ms) metrics->next_ms = wall + hour_ms;
	wait = metrics->next_ms - wall;
	return now_ms + (wait < 0 || wait > minute_ms ? minute_ms : wait);
}
