#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/fetch.h"
#include "engine/stream.h"

/* Asking a source, and what follows from its answer: rows, the next time, patience. */

enum {
	STREAMING_REFRESH_MS = 15 * 60000,
	FEED_FLOOR_MS = 60000, /* between two fetches of a feed, whoever asks */
	MAX_PAGES = 10,        /* of one go at newer rows */
	OFFLINE_LOST = 2,      /* so many failures in a row, and it is not one host's fault */
	PROBE_MS = 30000,
	PROBE_MAX_MS = 15 * 60000,
	MAX_FILL_ROWS = 12000, /* that close gaps in one go; what is left waits for the user */
	FILL_COST = 40,        /* an empty answer counts for so many */
};

static const struct patience *patience_of(const struct source *source)
{
	return source->is_feed ? &patience_feed : &patience_account;
}

/* -- asking -- */

static struct fetch *plan(struct source *source, enum fetch_want want, job_id job,
        enum pace_priority priority, void (*on_end)(struct fetch *, enum call_next))
{
	struct signin *signin = signin_find(source->core, source->ref.account);
	struct fetch_plan plan = {
	        .net = signin->net,
	        .step = signin->net->fetch,
	        .account = signin->account,
	        .token = signin->token,
	        .source = source,
	        .typed = source->typed,
	        .typed_local = source->typed_local,
	        .job = job,
	        .priority = priority,
	        .on_end = on_end,
	};
	struct fetch *fetch = fetch_new(source->core, &plan);
	fetch->url = source->is_feed ? xstrdup(source->typed) : NULL;
	fetch->call.url = fetch->url;
	fetch->call.source = &source->ref;
	fetch->call.want = want;
	fetch->call.state = &source->memory.fetch;
	fetch->call.out = page_new();
	return fetch;
}

static void newer_ended(struct fetch *fetch, enum call_next how);

void source_ask(struct source *source)
{
	source->asked_ms = core_now(source->core);
	source->due_ms = INT64_MAX;
	source->fetch = plan(source, FETCH_NEWER, 0, source->urgency, newer_ended);
	source_tell(source);
	fetch_begin(source->fetch);
	source_tell(source); /* it may be held back */
}

/* -- answers -- */

void source_schedule(struct source *source)
{
	struct core *core = source->core;
	const struct patience *patience = patience_of(source);
	int64_t interval = source->is_feed ? core->feed_refresh_ms : core->refresh_ms;
	if (source->stream && source->stream->open) interval = STREAMING_REFRESH_MS;
	int64_t wait = schedule_jitter(&core->random, interval);
	int64_t wish = source->memory.fetch.next_ms - core_wall(core);
	if (wish > patience->believe_ms) wish = patience->believe_ms;
	source_set_due(source, core_now(core) + (wish > wait ? wish : wait));
}

static void succeeded(struct source *source, struct page *page)
{
	struct fetch_state *state = &source->memory.fetch;
	state->failures = 0;
	state->fetched_ms = core_wall(source->core);
	state->gone = false;
	free(state->error);
	state->error = NULL;
	source->failure = (struct err){0};
	source->memory.retry_ms = 0;
	if (page)
		source_take_newer(source, page);
	else
		source->unsaved = true; /* worth a write only with the next page, or at the end */
}

static void more_ended(struct fetch *fetch, enum call_next how);

/*
 * Close the gaps that came while we watched, without being asked: one call, then the
 * next. When that has brought enough, what is left waits for the user.
 */
static void fill(struct source *source)
{
	const struct known_gap *gap = memory_live_gap(&source->memory);
	if (source->filling) return;
	if (source->filled >= MAX_FILL_ROWS) memory_leave_gaps(&source->memory);
	if (!gap || source->filled >= MAX_FILL_ROWS) {
		source->filled = 0;
		return;
	}
	source->filling = plan(source, FETCH_GAP, 0, PACE_LATER, more_ended);
	source->filling->cursor = xstrdup(gap->cursor);
	source->filling->call.cursor = source->filling->cursor;
	fetch_begin(source->filling);
}

static void settled(struct source *source)
{
	source->pages = 0;
	source->caught_up = true;
	source->urgency = PACE_LATER;
	if (source->catching_up) {
		source->catching_up = false;
		source_flush(source, core_now(source->core));
	}
	source_schedule(source);
	source_tell(source);
	jobs_done_all(source->core, source->waiting, NULL);
	fill(source);
}

/* How long to stay away after a failure; INT64_MAX: until something changes. */
static int64_t stay_away(struct source *source, const struct err *err)
{
	struct core *core = source->core;
	const struct patience *patience = patience_of(source);
	int failures = source->memory.fetch.failures;
	int64_t backoff = schedule_backoff(&core->random, patience, failures);
	int64_t wish = err->retry_ms < patience->believe_ms ? err->retry_ms : patience->believe_ms;
	switch (err->code) {
	case ERR_GONE:
	case ERR_UNSUPPORTED:
	case ERR_SYNTAX:
		return INT64_MAX;
	case ERR_AUTH:
		return source->is_feed ? schedule_jitter(&core->random, patience->cap_ms)
		                       : INT64_MAX;
	case ERR_NOT_FOUND:
		return source->is_feed ? backoff : INT64_MAX;
	case ERR_RATE_LIMITED:
		if (wish <= 0) {
			wish = patience->limited_ms;
			for (int i = 1; i < failures && wish < patience->believe_ms; i++)
				wish *= 2;
			wish = wish < patience->believe_ms ? wish : patience->believe_ms;
		}
		/* Never sooner than told, and not all at the same moment. */
		return wish + (int64_t)random_below(&core->random, (uint64_t)(wish / 10 + 1));
	default:
		return wish > backoff ? wish : backoff;
	}
}

static void hold_others(struct source *source, const struct fetch *fetch, int64_t until_ms)
{
	source->limited_ms = until_ms;
	if (source->is_feed && fetch->host)
		pace_hold_host(source->core->pace, fetch->host, until_ms);
	else if (!source->is_feed)
		sources_limited(source->core, fetch->call.account, until_ms);
}

/*
 * When nothing answers at all, the fault is here: one source looks again soon and then
 * more and more rarely, so that the long waits of feeds do not outlast it.
 */
static int64_t probe(struct source *source, int64_t wait_ms)
{
	struct core *core = source->core;
	int64_t now = core_now(core);
	core->lost += source->lost_after != core->answers + 1;
	source->lost_after = core->answers + 1;
	if (core->lost < OFFLINE_LOST || (core->probes > 0 && now < core->probe_ms)) return wait_ms;
	int64_t soon = PROBE_MS;
	for (int i = 0; i < core->probes && soon < PROBE_MAX_MS; i++)
		soon *= 2;
	core->probes++;
	soon = soon < PROBE_MAX_MS ? soon : PROBE_MAX_MS;
	core->probe_ms = now + soon;
	return soon < wait_ms ? soon : wait_ms;
}

void sources_answered(struct core *core)
{
	bool was_away = core->lost >= OFFLINE_LOST;
	core->lost = core->probes = 0;
	core->answers++;
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (!was_away) break;
		if (source->failure.code == ERR_NETWORK && !source->fetch)
			source_set_due(source, core_now(core));
	}
}

static void failed(struct source *source, const struct fetch *fetch)
{
	struct core *core = source->core;
	struct fetch_state *state = &source->memory.fetch;
	const struct err *err = &fetch->call.err;
	source->failure = *err;
	if (err->code == ERR_AUTH && account_is_guest(fetch->call.account))
		err_set(&source->failure, ERR_AUTH,
		        "'%s' reads what is public: sign in to see this",
		        fetch->call.account->name);
	state->failures++;
	state->gone = err->code == ERR_GONE;
	free(state->error);
	state->error = xstrdup(err->text);
	int64_t wait = stay_away(source, err);
	if (err->code == ERR_NETWORK) wait = probe(source, wait);
	if (err->code == ERR_RATE_LIMITED) hold_others(source, fetch, core_now(core) + wait);
	source->pages = 0;
	source->urgency = PACE_LATER;
	source->memory.retry_ms = wait == INT64_MAX ? 0 : core_wall(core) + wait;
	source_set_due(source, wait == INT64_MAX ? INT64_MAX : core_now(core) + wait);
	source_save(source);
	source_tell(source);
	jobs_done_all(core, source->waiting, err);
}

static void newer_ended(struct fetch *fetch, enum call_next how)
{
	struct source *source = fetch->source;
	source->fetch = NULL;
	if (how != CALL_DONE) {
		if (fetch->call.err.code != ERR_CANCELLED) failed(source, fetch);
		return;
	}
	struct page *page = fetch->call.unchanged ? NULL : fetch->call.out;
	if (page) fetch->call.out = NULL;
	bool more = page && page->newer && page->nentries > 0 && !page->gap && !source->is_feed;
	succeeded(source, page);
	if (more && ++source->pages < MAX_PAGES)
		source_ask(source);
	else
		settled(source);
}

static void more_failed(struct source *source, struct fetch *fetch)
{
	const struct err *err = &fetch->call.err;
	int64_t now = core_now(source->core);
	if (err->code == ERR_RATE_LIMITED) hold_others(source, fetch, now + stay_away(source, err));
	if (fetch == source->filling && err->code != ERR_CANCELLED) {
		/* After the next look at what is new it goes on. */
		int64_t wait = schedule_backoff(&source->core->random, patience_of(source), 3);
		int64_t at = now + wait > source->limited_ms ? now + wait : source->limited_ms;
		if (at < source->due_ms && !source->fetch) source_set_due(source, at);
	}
	jobs_done(source->core, fetch->job, err);
}

/* The page of a gap: is something still missing below it? */
static void close_gap(struct source *source, const struct fetch *fetch, struct page *page)
{
	struct known_gap gap = {0};
	page->fills = page_str(page, fetch->cursor);
	bool known = memory_take_gap(&source->memory, fetch->cursor, &gap);
	if (known && !page->gap && page->nentries > 0)
		page->gap = page->older && page->entries[page->nentries - 1].sort_ms > gap.below_ms;
	source_note_gap(source, page, gap.below_ms, gap.live);
}

static void more_ended(struct fetch *fetch, enum call_next how)
{
	struct source *source = fetch->source;
	bool filling = fetch == source->filling;
	if (how != CALL_DONE) {
		more_failed(source, fetch);
		if (filling) source->filling = NULL;
		return;
	}
	struct page *page = fetch->call.out;
	fetch->call.out = NULL;
	if (filling) source->filling = NULL;
	if (fetch->call.want == FETCH_GAP) close_gap(source, fetch, page);
	if (filling) source->filled += page->nentries > FILL_COST ? (int)page->nentries : FILL_COST;
	source_deliver(source, page);
	jobs_done(source->core, fetch->job, NULL);
	if (filling) fill(source);
}

bool source_more(struct source *source, enum fetch_want want, const char *cursor, job_id job,
        struct err *err)
{
	if (source->problem.code != ERR_NONE) {
		*err = source->problem;
		return false;
	}
	if (source->is_archive) return err_set(err, ERR_NOT_FOUND, "the archive has no more");
	if (source->limited_ms > core_now(source->core))
		return err_set(err, ERR_RATE_LIMITED, "the server asked to wait a while");
	struct fetch *fetch = plan(source, want, job, PACE_USER, more_ended);
	fetch->cursor = xstrdup(cursor);
	fetch->call.cursor = fetch->cursor;
	jobs_find(source->core, job)->fetch = fetch;
	fetch_begin(fetch);
	return true;
}

bool source_refresh(struct source *source, struct err *err)
{
	struct core *core = source->core;
	int64_t now = core_now(core);
	if (source->problem.code != ERR_NONE) {
		*err = source->problem;
		return false;
	}
	if (source->is_archive) return false; /* what there is is there */
	if (!source->loaded || source->fetch) return true;
	if (source->limited_ms > now)
		return err_set(err, ERR_RATE_LIMITED, "%s: the server asked to wait %lld s more",
		        source->name, (long long)((source->limited_ms - now + 999) / 1000));
	int64_t floor =
	        core->feed_refresh_ms < FEED_FLOOR_MS ? core->feed_refresh_ms : FEED_FLOOR_MS;
	bool fresh = source->asked_ms != INT64_MIN && now - source->asked_ms < floor;
	if (source->is_feed && fresh && source->failure.code == ERR_NONE)
		return false; /* what is there is as good as what would come */
	source->urgency = PACE_USER;
	source_set_due(source, now);
	return true;
}
