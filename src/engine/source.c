#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "engine/fetch.h"
#include "engine/stream.h"
#include "net/url.h"

enum {
	MAX_SOURCES = 20000,
	FIRST_ROWS = 60, /* from the archive, at once */
	STREAMING_REFRESH_MS = 15 * 60000,
	STREAM_GRACE_MS = 2000, /* a stream that comes up so soon saves one fetch */
	FEED_FLOOR_MS = 60000,  /* between two fetches of a feed, whoever asks */
	MAX_PAGES = 10,         /* of one go at newer rows */
	FLUSH_MS = 50,          /* rows of a stream are told at most so often */
	MAX_INCOMING = 2000,    /* rows of a stream that wait for what came before them */
	OFFLINE_LOST = 2,       /* so many failures in a row, and it is not one host's fault */
	PROBE_MS = 30000,
	PROBE_MAX_MS = 15 * 60000,
	MAX_WISH_MS = 24 * 3600000,
};

struct source *source_find(struct core *core, source_id id)
{
	struct source *source = NULL;
	HASH_FIND(hh, core->sources, &id, sizeof(id), source);
	return source;
}

static const struct patience *patience_of(const struct source *source)
{
	return source->is_feed ? &patience_feed : &patience_account;
}

void source_set_due(struct source *source, int64_t due_ms)
{
	source->due_ms = due_ms;
	if (due_ms < source->core->sources_ms) source->core->sources_ms = due_ms;
}

/* -- what it is -- */

static bool resolve_feed(struct source *source, const char **out_url)
{
	const char *arg = source->ref.arg ? source->ref.arg : "";
	source->is_feed = true;
	if (source->ref.kind != SOURCE_FEED)
		return err_set(&source->problem, ERR_UNSUPPORTED,
		        "%s is many feeds; the deck watches each of them", source->name);
	if (strstr(arg, "://")) {
		*out_url = arg;
		return true;
	}
	const struct feed *feed = feeds_find(source->core, arg);
	if (!feed)
		return err_set(
		        &source->problem, ERR_NOT_FOUND, "you follow no feed called '%s'", arg);
	*out_url = feed->url;
	return true;
}

static bool resolve_account(struct source *source, const struct signin *signin)
{
	const struct account *account = signin->account;
	if (!signin->net)
		return err_set(&source->problem, ERR_UNSUPPORTED, "this stoa does not speak '%s'",
		        account->network);
	if (!signin->net->has_source(source->ref.kind))
		return err_set(&source->problem, ERR_UNSUPPORTED, "%s has no '%s'",
		        account->network, source_kinds[source->ref.kind].name);
	return true;
}

/* Find out where it is and whether it can be asked. True when something changed. */
static bool resolve(struct source *source)
{
	struct signin *signin = signin_find(source->core, source->ref.account);
	unsigned serial = signin ? signin->serial : 0;
	enum err_code before = source->problem.code;
	const char *url = NULL;
	char *typed = NULL;
	bool ok = false;
	source->problem = (struct err){0};
	if (!signin)
		err_set(&source->problem, ERR_NOT_FOUND,
		        "there is no account '%s'; `stoa login` makes one", source->ref.account);
	else if (signin->account->id == ACCOUNT_FEEDS)
		ok = resolve_feed(source, &url);
	else
		ok = resolve_account(source, signin);
	if (ok) typed = url ? xstrdup(url) : account_root(signin->account);

	bool moved = !source->typed || !typed || strcmp(source->typed, typed) != 0;
	bool changed =
	        source->problem.code != before || serial != source->serial || (moved && typed);
	if (moved && source->is_feed && source->typed)
		memory_finish(&source->memory); /* another feed under the same name */
	free(source->typed);
	source->typed = typed;
	source->typed_local = typed && url_is_local(typed);
	source->serial = serial;
	return changed;
}

/* -- what is told -- */

static enum health_kind health_kind(const struct source *source)
{
	if (source->problem.code != ERR_NONE) return HEALTH_BROKEN;
	if (source->memory.fetch.gone) return HEALTH_GONE;
	bool live = source->stream && source->stream->open && !source->catching_up;
	if (live && source->failure.code == ERR_NONE) return HEALTH_LIVE;
	if (source->fetch) return HEALTH_FETCHING;
	if (source->failure.code == ERR_RATE_LIMITED) return HEALTH_LIMITED;
	if (source->failure.code != ERR_NONE || source->memory.fetch.failures > 0)
		return source->due_ms == INT64_MAX ? HEALTH_BROKEN : HEALTH_STALE;
	return source->memory.fetch.fetched_ms > 0 ? HEALTH_POLLING : HEALTH_WAITING;
}

void source_tell(struct source *source)
{
	struct core *core = source->core;
	struct health health = source->health;
	health.kind = health_kind(source);
	health.fetched_ms = source->memory.fetch.fetched_ms;
	health.next_ms =
	        source->due_ms == INT64_MAX ? 0 : core_wall(core) + source->due_ms - core_now(core);
	if (memcmp(&health, &source->health, sizeof(health)) == 0) return;
	source->health = health;
	struct event *event = event_new(EVENT_SOURCE);
	event->source = source->id;
	event->health = health;
	event->err = source->problem.code != ERR_NONE ? source->problem : source->failure;
	core->emit(core->emit_ctx, event);
}

static void learn_title(struct source *source, const struct page *page)
{
	if (!page->title) return;
	size_t len =
	        utf8_prefix(page->title, strlen(page->title), sizeof(source->health.title) - 1);
	memset(source->health.title, 0, sizeof(source->health.title));
	memcpy(source->health.title, page->title, len);
	if (source->is_feed) feeds_learn(source->core, source->ref.arg, page->title, page->site);
}

static void save(struct source *source, const struct page *page)
{
	struct str state = {0};
	memory_print(&state, &source->memory);
	archiver_save(source->core->archive, source->name, page, state.p);
	source->unsaved = false;
	str_finish(&state);
}

/* Store what is to be remembered when there is no page. */
static void save_memory(struct source *source)
{
	struct page *empty = page_new();
	save(source, empty);
	page_free(empty);
}

static void drop_articles(struct page *page)
{
	for (size_t i = 0; i < page->narticles; i++)
		text_finish(&page->articles[i].text);
	page->narticles = 0;
}

/* To the archive and to the deck. Takes `page`. */
static void deliver(struct source *source, struct page *page)
{
	struct core *core = source->core;
	page->source = source->id;
	learn_title(source, page);
	save(source, page);
	drop_articles(page);
	if (page->nposts == 0 && page->nentries == 0 && !page->fills && page->unreadable == 0) {
		page_free(page);
		return;
	}
	struct event *event = event_new(EVENT_PAGE);
	event->source = source->id;
	event->page = page;
	core->emit(core->emit_ctx, event);
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

static void ask(struct source *source)
{
	source->asked_ms = core_now(source->core);
	source->due_ms = INT64_MAX;
	source->fetch = plan(source, FETCH_NEWER, 0, source->urgency, newer_ended);
	source_tell(source);
	fetch_begin(source->fetch);
}

/* -- answers -- */

static int64_t newest_of(const struct page *page)
{
	int64_t newest = 0;
	for (size_t i = 0; i < page->nentries; i++) {
		if (page->entries[i].sort_ms > newest) newest = page->entries[i].sort_ms;
	}
	return newest;
}

/* A page that does not reach what was known before leaves a gap with a cursor of its own. */
static void note_gap(struct source *source, struct page *page, int64_t below_ms)
{
	if (!page->gap || page->nentries == 0) return;
	if (!page->older) page->older = page_str(page, page->entries[page->nentries - 1].cursor);
	if (page->older) memory_add_gap(&source->memory, page->older, below_ms);
}

/* Rows that are newer than all known. Takes `page`. */
static void take_newer(struct source *source, struct page *page)
{
	struct memory *memory = &source->memory;
	record_page(source->core, source, page);
	note_gap(source, page, memory->newest_ms);
	int64_t newest = newest_of(page), now = core_wall(source->core);
	if (newest > now) newest = now; /* a wrong clock must not hide all that follows */
	if (newest > memory->newest_ms) memory->newest_ms = newest;
	deliver(source, page);
}

static void flush(struct source *source, int64_t now_ms)
{
	struct page *page = source->incoming;
	source->incoming = NULL;
	source->flush_ms = now_ms + FLUSH_MS;
	if (!page) return;
	page_sort(page);
	struct memory *memory = &source->memory;
	const struct entry *first = page->nentries ? page->entries : NULL;
	if (first && first->cursor && first->sort_ms >= memory->newest_ms) {
		free(memory->fetch.newest);
		memory->fetch.newest = xstrdup(first->cursor);
	}
	take_newer(source, page);
}

static void schedule_next(struct source *source)
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
		take_newer(source, page);
	else
		source->unsaved = true; /* worth a write only with the next page, or at the end */
}

static void settled(struct source *source)
{
	source->pages = 0;
	source->urgency = PACE_LATER;
	if (source->catching_up) {
		source->catching_up = false;
		flush(source, core_now(source->core));
	}
	schedule_next(source);
	source_tell(source);
	jobs_done_all(source->core, source->waiting, NULL);
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
	struct pace *pace = source->core->pace;
	source->limited_ms = until_ms;
	if (source->is_feed && fetch->host)
		pace_hold_host(pace, fetch->host, until_ms);
	else if (!source->is_feed)
		pace_hold_lane(pace, fetch->call.account->id, until_ms);
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
	save_memory(source);
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
		ask(source);
	else
		settled(source);
}

static void more_ended(struct fetch *fetch, enum call_next how)
{
	struct source *source = fetch->source;
	if (how != CALL_DONE) {
		if (fetch->call.err.code == ERR_RATE_LIMITED)
			hold_others(source, fetch,
			        core_now(source->core) + stay_away(source, &fetch->call.err));
		jobs_done(source->core, fetch->job, &fetch->call.err);
		return;
	}
	struct page *page = fetch->call.out;
	fetch->call.out = NULL;
	int64_t below_ms = 0;
	if (fetch->call.want == FETCH_GAP) {
		page->fills = page_str(page, fetch->cursor);
		bool known = memory_take_gap(&source->memory, fetch->cursor, &below_ms);
		if (known && page->nentries > 0)
			page->gap =
			        page->older && page->entries[page->nentries - 1].sort_ms > below_ms;
		note_gap(source, page, below_ms);
	}
	deliver(source, page);
	jobs_done(source->core, fetch->job, NULL);
}

bool source_more(struct source *source, enum fetch_want want, const char *cursor, job_id job,
        struct err *err)
{
	if (source->problem.code != ERR_NONE) {
		*err = source->problem;
		return false;
	}
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

/* -- streams -- */

struct page *source_incoming(struct source *source)
{
	struct core *core = source->core;
	if (!source->incoming) source->incoming = page_new();
	if (source->incoming->nposts > MAX_INCOMING && source->catching_up) {
		/* What came before cannot be had: show the hole instead of holding more. */
		source->catching_up = false;
		source->incoming->gap = true;
	}
	int64_t at = source->flush_ms > core_now(core) ? source->flush_ms : core_now(core);
	if (!source->catching_up && at < core->sources_ms) core->sources_ms = at;
	return source->incoming;
}

void source_catch_up(struct source *source)
{
	source->catching_up = true;
	/* A fetch that began before the stream was open may miss what came in between. */
	if (source->fetch) fetch_cancel(source->fetch, "the stream is open");
	source->fetch = NULL;
	source_set_due(source, source->limited_ms > core_now(source->core)
	                               ? source->limited_ms
	                               : core_now(source->core));
}

void source_stream_lost(struct source *source)
{
	if (source->catching_up) {
		/* These rows come again, in their place, with the next fetch. */
		source->catching_up = false;
		page_free(source->incoming);
		source->incoming = NULL;
	}
	if (source->loaded && !source->fetch && source->failure.code == ERR_NONE) {
		/* Nearer than a living stream needs it, but a stream that fails again and again
		 * must not put it off. */
		int64_t due = source->due_ms;
		schedule_next(source);
		if (due < source->due_ms) source_set_due(source, due);
	}
	source_tell(source);
}

/* -- life -- */

struct source *source_watch(struct core *core, source_id id, const char *name, struct err *err)
{
	struct source_ref ref;
	if (HASH_COUNT(core->sources) >= MAX_SOURCES) {
		err_set(err, ERR_TOO_LARGE, "no more than %d sources at once", MAX_SOURCES);
		return NULL;
	}
	if (!source_parse(name, &ref, err)) return NULL;
	struct source *source = xcalloc(1, sizeof(*source));
	source->core = core;
	source->id = id;
	source->name = xstrdup(name);
	source->ref = ref;
	source->due_ms = INT64_MAX;
	source->asked_ms = source->limited_ms = INT64_MIN;
	HASH_ADD(hh, core->sources, id, sizeof(source->id), source);
	core->asked++;
	archiver_watch(core->archive, id, name, FIRST_ROWS);
	return source;
}

/* When the first fetch of this run is due (monotonic), by what is remembered of the last. */
static int64_t first_due(struct source *source)
{
	struct core *core = source->core;
	const struct memory *memory = &source->memory;
	int64_t now = core_now(core), wall = core_wall(core);
	int64_t interval = source->is_feed ? core->feed_refresh_ms : core->refresh_ms;
	int64_t at = memory->fetch.failures > 0
	                     ? memory->retry_ms
	                     : memory->fetch.fetched_ms + schedule_jitter(&core->random, interval);
	if (memory->fetch.next_ms > at) at = memory->fetch.next_ms;
	if (memory->fetch.gone) return INT64_MAX;
	/* A clock that was wrong must not put us to sleep. */
	if (memory->fetch.fetched_ms > wall || at > wall + MAX_WISH_MS + MAX_WISH_MS / 10)
		at = wall;
	return at > wall ? now + at - wall : now;
}

static void start(struct source *source)
{
	struct core *core = source->core;
	if (source->problem.code != ERR_NONE) {
		source->due_ms = INT64_MAX;
		source_tell(source);
		jobs_done_all(core, source->waiting, &source->problem);
		return;
	}
	int64_t now = core_now(core), due = first_due(source);
	bool known = source->memory.fetch.fetched_ms > 0;
	source->urgency = known ? PACE_LATER : PACE_FIRST;
	if (source->memory.fetch.error && source->memory.fetch.failures > 0)
		err_set(&source->failure, source->memory.fetch.gone ? ERR_GONE : ERR_NETWORK, "%s",
		        source->memory.fetch.error);
	struct signin *signin = signin_find(core, source->ref.account);
	bool streams = !source->is_feed && stream_attach(source, signin);
	if (streams && source->stream->open)
		source_catch_up(source);
	else
		source_set_due(source, streams && known ? now + STREAM_GRACE_MS : due);
	source_tell(source);
	if (source->due_ms > now + STREAM_GRACE_MS) jobs_done_all(core, source->waiting, NULL);
}

void source_loaded(struct source *source, const char *state)
{
	if (state) memory_parse(state, &source->memory);
	source->loaded = true;
	resolve(source);
	start(source);
}

static void source_quiet(struct source *source, const char *why)
{
	struct fetch *fetch, *next;
	DL_FOREACH_SAFE(source->core->fetches, fetch, next)
	{
		if (fetch->source == source) fetch_cancel(fetch, why);
	}
	source->fetch = NULL;
	stream_detach(source);
	page_free(source->incoming);
	source->incoming = NULL;
	source->catching_up = false;
}

void source_unwatch(struct source *source, const struct err *why)
{
	struct core *core = source->core;
	if (!source->catching_up) flush(source, core_now(core));
	if (source->unsaved) save_memory(source);
	source_quiet(source, why->text);
	jobs_done_all(core, source->waiting, why);
	archiver_unwatch(core->archive, source->id);
	HASH_DEL(core->sources, source);
	memory_finish(&source->memory);
	source_ref_finish(&source->ref);
	free(source->typed);
	free(source->name);
	free(source);
}

void sources_free(struct core *core)
{
	struct err why = {.code = ERR_CANCELLED, .text = "stoa ends"};
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		source_unwatch(source, &why);
	}
}

void sources_resolve(struct core *core)
{
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (!source->loaded || !resolve(source)) continue;
		source_quiet(source, "the account or feed changed");
		source->failure = (struct err){0};
		source->memory.fetch.failures = 0;
		source->memory.fetch.gone = false;
		source->memory.fetch.fetched_ms = 0;
		start(source);
	}
}

/* Its due time means something: nothing stands in the way of asking. */
static bool is_askable(const struct source *source)
{
	return source->loaded && !source->fetch && source->problem.code == ERR_NONE;
}

int64_t sources_tick(struct core *core, int64_t now_ms)
{
	if (now_ms < core->sources_ms) return core->sources_ms;
	core->sources_ms = INT64_MAX;
	int64_t soonest = INT64_MAX;
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (source->incoming && !source->catching_up && source->flush_ms <= now_ms)
			flush(source, now_ms);
		if (is_askable(source) && source->due_ms <= now_ms) ask(source);
		if (is_askable(source) && source->due_ms < soonest) soonest = source->due_ms;
		if (source->incoming && !source->catching_up && source->flush_ms < soonest)
			soonest = source->flush_ms;
	}
	if (soonest < core->sources_ms) core->sources_ms = soonest;
	return core->sources_ms;
}
