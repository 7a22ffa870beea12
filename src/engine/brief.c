#include "engine/brief.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/when.h"
#include "db/queue_record.h"
#include "engine/saved.h"
#include "engine/signin.h"
#include "model/brief.h"

static const int64_t hour_ms = 3600000, day_ms = 24 * 3600000, week_ms = 7 * 24 * 3600000;

/* What is read on the way; the first failure is kept. */
struct gather {
	struct core *core;
	struct brief *brief;
	struct err err;
	bool failed;
};

static void check(struct gather *gather, bool ok)
{
	if (!ok) gather->failed = true;
}

/* -- saved queries against their usual -- */

/* How far the machine's clocks are ahead of UTC. */
static int64_t offset_at(int64_t utc_ms)
{
	struct when when;
	int64_t wall_ms;
	if (!when_at(utc_ms, NULL, &when, NULL) || !date_parse_rfc3339(when.wall, &wall_ms))
		return 0;
	return wall_ms - (utc_ms - utc_ms % 60000);
}

/* The same time of the same weekday so many weeks ago, by the clocks on the wall. */
static int64_t weeks_ago(int64_t at_ms, int weeks)
{
	int64_t then = at_ms - weeks * week_ms;
	return then + offset_at(at_ms) - offset_at(then);
}

struct window {
	int64_t from_ms, to_ms;
	double sum;
};

/* Of the hour in which the window ends it is as much as has passed of it. */
static void add_hour(void *ctx, int64_t at_ms, int64_t posts)
{
	struct window *window = ctx;
	int64_t within = window->to_ms - at_ms;
	double part = within < hour_ms ? (double)within / (double)hour_ms : 1;
	window->sum += part * (double)posts;
}

static void count_all(void *ctx, int64_t at_ms, int64_t posts)
{
	(void)at_ms;
	*(int64_t *)ctx += posts;
}

static void find_usual(struct gather *gather, struct brief_saved *saved, const char *source)
{
	const struct brief *brief = gather->brief;
	double counts[BRIEF_WEEKS];
	size_t n = 0;
	for (int i = 1; i <= BRIEF_WEEKS; i++) {
		struct window window = {
		        weeks_ago(brief->since_ms, i), weeks_ago(brief->now_ms, i), 0};
		int64_t any = 0;
		if (!saved->first_ms || window.from_ms < saved->first_ms) break;
		/* Nothing at all was counted: stoa did not run. */
		check(gather, queue_db_tallied(gather->core->db, NULL, window.from_ms, window.to_ms,
		                      count_all, &any, &gather->err));
		if (any == 0) continue;
		check(gather, queue_db_tallied(gather->core->db, source, window.from_ms,
		                      window.to_ms, add_hour, &window, &gather->err));
		counts[n++] = window.sum;
	}
	saved->weeks = (unsigned)n;
	brief_usual(counts, n, &saved->low, &saved->high);
}

static void add_saved(struct gather *gather, const struct saved *saved)
{
	struct brief *brief = gather->brief;
	struct brief_saved *out = brief_add_saved(brief);
	struct str source = {0};
	str_addf(&source, "saved:%s", saved->name);
	out->name = xstrdup(saved->name);
	out->query = xstrdup(saved->text);
	check(gather,
	        queue_db_first_tally(gather->core->db, source.p, &out->first_ms, &gather->err));
	check(gather, queue_db_tallied(gather->core->db, source.p, brief->since_ms,
	                      brief->now_ms + hour_ms, count_all, &out->posts, &gather->err));
	find_usual(gather, out, source.p);
	str_finish(&source);
}

/* -- who waits, what came of what went out -- */

static void add_owed(void *ctx, const struct attention_row *row)
{
	struct gather *gather = ctx;
	if (row->state != ATTENTION_NEW && row->state != ATTENTION_LATER) return;
	struct brief_owed *owed = brief_add_owed(gather->brief);
	const struct signin *signin = signin_by_id(gather->core, row->account);
	owed->post.uri = xstrdup(row->uri);
	owed->post.at_ms = row->at_ms;
	owed->account = row->account;
	owed->account_name = signin ? xstrdup(signin->account->name) : NULL;
	owed->later = row->state == ATTENTION_LATER;
}

static int64_t known(int64_t n)
{
	return n > 0 ? n : 0;
}

static void add_sent(void *ctx, const struct outgoing *item)
{
	struct gather *gather = ctx;
	struct metric metric;
	if (!item->label || !*item->label) return;
	struct brief_label *label = brief_label(gather->brief, item->label);
	/* A thread is one post, and all that its parts brought. */
	if (item->part == 0) label->posts++;
	if (!item->uri ||
	        !queue_db_metric_at(gather->core->db, item->uri, INT64_MAX, &metric, &gather->err))
		return;
	if (metric.at_ms == 0) return;
	if (item->part == 0) label->looked++;
	label->replies += known(metric.replies);
	label->reposts += known(metric.reposts);
	label->likes += known(metric.likes);
}

static void add_accounts(struct gather *gather)
{
	const struct brief *brief = gather->brief;
	const struct signin *signin;
	DL_FOREACH(gather->core->signins, signin)
	{
		struct metric now, before;
		const struct account *it = signin->account;
		if (!*it->uri || !queue_db_metric_at(
		                         gather->core->db, it->uri, INT64_MAX, &now, &gather->err))
			continue;
		if (now.at_ms == 0) continue;
		struct brief_account *out = brief_add_account(gather->brief);
		out->account = it->id;
		out->name = xstrdup(it->name);
		out->followers = now.followers;
		if (queue_db_metric_at(gather->core->db, it->uri,
		            brief->now_ms - BRIEF_FOLLOWER_DAYS * day_ms, &before, &gather->err))
			out->before = before.followers;
	}
}

static struct brief *gather_all(struct core *core, int64_t since_ms, struct gather *gather)
{
	struct brief *brief = gather->brief = xcalloc(1, sizeof(*brief));
	const struct saved *saved;
	brief->now_ms = core_wall(core);
	brief->since_ms = since_ms ? since_ms - since_ms % hour_ms : brief_since(brief->now_ms);
	DL_FOREACH(core->saved, saved)
	{
		add_saved(gather, saved);
	}
	check(gather, queue_db_attentions(core->db, 0, add_owed, gather, &gather->err));
	check(gather, queue_db_sent(core->db, brief->now_ms - BRIEF_LABEL_DAYS * day_ms, add_sent,
	                      gather, &gather->err));
	add_accounts(gather);
	return brief;
}

enum outcome brief_begin(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct gather gather = {.core = core};
	(void)open;
	record_flush(core);
	struct event *event = event_new(EVENT_BRIEF);
	event->reply_to = job->id;
	event->brief = gather_all(core, job->at_ms, &gather);
	if (gather.failed) {
		event_free(event);
		*err = gather.err;
		return OUTCOME_FAILED;
	}
	core->emit(core->emit_ctx, event);
	return OUTCOME_OVER;
}

enum outcome visits_begin(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	int64_t last_ms = 0;
	struct str said = {0};
	if (!queue_db_visited(core->db, job->at_ms, &open->number, &last_ms, err))
		return OUTCOME_FAILED;
	str_addf(&said, "%lld", (long long)last_ms);
	jobs_done_said(core, job->id, str_take(&said));
	return OUTCOME_PENDING;
}
