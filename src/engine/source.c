#include "engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/fetch.h"
#include "engine/stream.h"
#include "net/url.h"

enum {
	MAX_SOURCES = 20000,
	STREAM_GRACE_MS = 2000, /* a stream that comes up so soon saves one fetch */
	MAX_WISH_MS = 24 * 3600000,
	JOIN_MS = 500, /* until a WebSocket's server has surely read that a stream is wanted */
};

struct source *source_find(struct core *core, source_id id)
{
	struct source *source = NULL;
	HASH_FIND(hh, core->sources, &id, sizeof(id), source);
	return source;
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
	if (source_is_archive(&source->ref))
		source_resolve_archive(source);
	else if (!signin)
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

/* Until when its server wants silence, or this fetch has to wait for its allowance. */
static int64_t held_ms(const struct source *source)
{
	const struct fetch *fetch = source->fetch;
	int64_t held = INT64_MIN;
	if (fetch && !source->is_feed && fetch->transfer == 0)
		held = pace_lane_ms(source->core->pace, fetch->call.account->id, fetch->priority);
	return held > source->limited_ms ? held : source->limited_ms;
}

static enum health_kind health_kind(const struct source *source)
{
	if (source->problem.code != ERR_NONE) return HEALTH_BROKEN;
	if (source->is_archive) return HEALTH_LIVE;
	if (source->memory.fetch.gone) return HEALTH_GONE;
	bool live = source->stream && source->stream->open && !source->catching_up;
	if (live && source->failure.code == ERR_NONE) return HEALTH_LIVE;
	if (held_ms(source) > core_now(source->core)) return HEALTH_LIMITED;
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
	int64_t next = source->due_ms;
	if (health.kind == HEALTH_LIMITED && source->fetch) next = held_ms(source);
	health.next_ms = next == INT64_MAX ? 0 : core_wall(core) + next - core_now(core);
	if (memcmp(&health, &source->health, sizeof(health)) == 0) return;
	source->health = health;
	struct event *event = event_new(EVENT_SOURCE);
	event->source = source->id;
	event->health = health;
	event->err = source->problem.code != ERR_NONE ? source->problem : source->failure;
	core->emit(core->emit_ctx, event);
}

void sources_limited(struct core *core, const struct account *account, int64_t until_ms)
{
	struct source *source, *next;
	pace_hold_lane(core->pace, account->id, until_ms);
	HASH_ITER(hh, core->sources, source, next)
	{
		if (strcmp(source->ref.account, account->name) != 0) continue;
		if (until_ms > source->limited_ms) source->limited_ms = until_ms;
		source_tell(source);
	}
}

/* -- streams -- */

void source_catch_up(struct source *source)
{
	source->catching_up = true;
	/* A fetch that began before the stream was open may miss what came in between. */
	if (source->fetch) fetch_cancel(source->fetch, "the stream is open");
	source->fetch = NULL;
	int64_t at = core_now(source->core) + (source->stream->socket ? JOIN_MS : 0);
	source_set_due(source, source->limited_ms > at ? source->limited_ms : at);
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
		source_schedule(source);
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
	if (source_is_archive(&source->ref))
		source_search(source);
	else
		archiver_watch(core->archive, id, name, SOURCE_FIRST_ROWS);
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
	if (source->is_archive) {
		source_tell(source);
		jobs_done_all(core, source->waiting, NULL);
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
	source->fetch = source->filling = NULL;
	stream_detach(source);
	page_free(source->incoming);
	source->incoming = NULL;
	source->catching_up = source->caught_up = false;
}

void source_unwatch(struct source *source, const struct err *why)
{
	struct core *core = source->core;
	if (!source->catching_up) source_flush(source, core_now(core));
	if (source->unsaved) source_save(source);
	source_quiet(source, why->text);
	jobs_done_all(core, source->waiting, why);
	archiver_unwatch(core->archive, source->id);
	HASH_DEL(core->sources, source);
	memory_finish(&source->memory);
	source_ref_finish(&source->ref);
	free(source->typed);
	free(source->names);
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
	sources_search(core);
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
			source_flush(source, now_ms);
		if (is_askable(source) && source->due_ms <= now_ms) source_ask(source);
		if (is_askable(source) && source->due_ms < soonest) soonest = source->due_ms;
		if (source->incoming && !source->catching_up && source->flush_ms < soonest)
			soonest = source->flush_ms;
	}
	if (soonest < core->sources_ms) core->sources_ms = soonest;
	return core->sources_ms;
}
