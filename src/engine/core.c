#include "engine/core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/paths.h"
#include "db/queue_outbox.h"
#include "engine/attention.h"
#include "engine/fetch.h"
#include "engine/mark.h"
#include "engine/metrics.h"
#include "engine/outbox.h"
#include "engine/pictures.h"
#include "engine/saved.h"
#include "engine/secret.h"
#include "engine/sign_in.h"
#include "engine/signin.h"
#include "engine/source.h"
#include "engine/stream.h"

enum {
	MAX_SLEEP_MS = 60000,
	REFRESH_MS = 90000,
	FEED_REFRESH_MS = 30 * 60000,
	SPACING_MS = 1000,
	SLEPT_MS = 20000, /* the wall clock ran ahead by so much: the machine slept */
	READ_KEYS_MAX = 500000,
};

struct letter *letter_new(int kind)
{
	struct letter *letter = xcalloc(1, sizeof(*letter));
	letter->kind = kind;
	return letter;
}

void letter_free(void *msg)
{
	struct letter *letter = msg;
	if (!letter) return;
	job_free(letter->job);
	archiver_answer_free(letter->answer);
	secret_free(letter->code);
	free(letter);
}

int64_t core_now(const struct core *core)
{
	return clock_mono(core->clock);
}

int64_t core_wall(const struct core *core)
{
	return clock_wall(core->clock);
}

/* -- start -- */

static void on_archive_event(void *ctx, struct event *event)
{
	struct core *core =
	        ctx; /* on the archive's thread: only what never changes may be touched */
	core->emit(core->emit_ctx, event);
}

static void on_archive_answer(void *ctx, struct archiver_answer *answer)
{
	struct core *core = ctx;
	struct letter *letter = letter_new(LETTER_ANSWER);
	letter->answer = answer;
	queue_push(core->inbox, letter);
}

static void tell_value(void *ctx, const char *key, const char *value)
{
	struct core *core = ctx;
	struct str text = {0};
	saved_value(core, key, value);
	str_addf(&text, "%s\n%s", key, value);
	struct event *event = event_new(EVENT_VALUE);
	event->text = str_take(&text);
	core->emit(core->emit_ctx, event);
}

static bool tell_start(struct core *core, const struct engine_options *opts, struct err *err)
{
	if (!signins_load(core, err) || !feeds_load(core, err)) return false;
	struct event *event = event_new(EVENT_READ);
	if (!queue_db_read_keys(core->db, READ_KEYS_MAX, &event->keys, &event->nkeys, err)) {
		event_free(event);
		return false;
	}
	core->emit(core->emit_ctx, event);
	if (!queue_db_values(core->db, tell_value, core, err)) return false;
	saved_ready(core);
	if (!attention_tell(core, err) || !outbox_start(core, opts, err)) return false;
	core->emit(core->emit_ctx, event_new(EVENT_STARTED));
	return true;
}

static void tell_notice(struct core *core, const struct err *err)
{
	struct event *event = event_new(EVENT_NOTICE);
	event->text = xstrdup(err->text);
	event->err = *err;
	core->emit(core->emit_ctx, event);
}

/* The disk takes nothing, or a newer stoa has been here: what can be read is shown all the same. */
static bool open_copy(struct core *core, const char *path, const struct err *why, struct err *err)
{
	struct err banner = {0};
	bool newer = why->code == ERR_UNSUPPORTED;
	bool fixed = access(core->state_dir, W_OK) != 0 && (errno == EROFS || errno == EACCES);
	if (!newer && !fixed) return err_set(err, why->code, "%s", why->text);
	if (newer)
		err_set(&banner, why->code, "nothing is kept or sent: %s", why->text);
	else
		err_set(&banner, why->code, "nothing is kept or sent: %s cannot be written",
		        core->state_dir);
	if (!queue_db_open_copy(path, banner.text, &core->db, err)) return false;
	tell_notice(core, &banner);
	return true;
}

static bool open_queue(struct core *core, struct err *err)
{
	char *path = core->state_dir ? paths_join(core->state_dir, "queue.db") : NULL;
	struct err why = {0}, backup = {0};
	bool ok = queue_db_open(path, &core->db, &why);
	if (!ok && path)
		ok = open_copy(core, path, &why, err);
	else if (!ok)
		err_set(err, why.code, "%s", why.text);
	else if (path && !queue_db_backup(core->db, core_wall(core), &backup))
		tell_notice(core, &backup);
	free(path);
	return ok;
}

static bool start_archive(struct core *core, const struct engine_options *opts, struct err *err)
{
	bool fixed = opts->data_dir && access(opts->data_dir, W_OK) != 0 && errno == EROFS;
	char *path = opts->data_dir && !fixed ? paths_join(opts->data_dir, "archive.db") : NULL;
	struct archiver_options archive = {
	        .path = path,
	        .clock = opts->clock,
	        .reader_max = opts->reader_max,
	        .keep_ms = opts->archive_keep_ms,
	        .ctx = core,
	        .on_event = on_archive_event,
	        .on_answer = on_archive_answer,
	};
	bool ok = archiver_start(&archive, &core->archive, err);
	core->archive_path = path; /* borrowed there until it stops */
	return ok;
}

/* The words, ended by NULL; owned. */
static char **words_copy(char *const *words)
{
	size_t n = 0;
	while (words && words[n])
		n++;
	char **copy = xcalloc(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(words[i]);
	return copy;
}

static void secrets_finish(struct secrets *secrets)
{
	for (size_t i = 0; secrets->command && secrets->command[i]; i++)
		free(secrets->command[i]);
	free((void *)secrets->command);
	free((void *)secrets->keyring);
}

bool core_new(const struct core_options *opts, struct core **out, struct err *err)
{
	const struct engine_options *engine = opts->engine;
	struct core *core = xcalloc(1, sizeof(*core));
	core->clock = engine->clock;
	core->http = opts->http;
	core->inbox = opts->inbox;
	core->emit = opts->emit;
	core->emit_ctx = opts->emit_ctx;
	core->stats = opts->stats;
	core->state_dir = xstrdup(engine->state_dir);
	core->secrets = (struct secrets){
	        .state_dir = core->state_dir,
	        .command = words_copy(engine->secret_command),
	        .keyring = xstrdup(engine->keyring),
	};
	core->refresh_ms = engine->refresh_ms ? engine->refresh_ms : REFRESH_MS;
	core->feed_refresh_ms = engine->feed_refresh_ms ? engine->feed_refresh_ms : FEED_REFRESH_MS;
	core->sources_ms = core->tally_ms = INT64_MAX;
	core->offset_ms = core_wall(core) - core_now(core);
	struct pace_limits limits = {
	        .spacing_ms = engine->spacing_ms < 0 ? SPACING_MS : engine->spacing_ms,
	};
	core->pace = pace_new(&limits);
	random_init(&core->random, engine->seed);
	core->metrics = metrics_new(core);
	if (engine->cache_dir)
		core->pictures = pictures_new(
		        core, engine->cache_dir, engine->picture_cache, NULL);

	if (open_queue(core, err) && start_archive(core, engine, err) &&
	        tell_start(core, engine, err)) {
		*out = core;
		return true;
	}
	core_free(core);
	return false;
}

/* -- turns -- */

void core_resumed(struct core *core)
{
	int64_t now = core_now(core);
	struct source *source, *next;
	HASH_ITER(hh, core->sources, source, next)
	{
		if (!source->loaded || source->problem.code != ERR_NONE ||
		        source->memory.fetch.gone)
			continue;
		bool failed = source->memory.fetch.failures > 0;
		int64_t age = core_wall(core) - source->memory.fetch.fetched_ms;
		if (failed || !source->is_feed || age >= core->feed_refresh_ms)
			source_set_due(source, source->limited_ms > now ? source->limited_ms : now);
		mark_read(core, source);
	}
	streams_retry(core);
	outbox_resumed(core);
}

static void notice_sleep(struct core *core)
{
	int64_t offset = core_wall(core) - core_now(core);
	bool slept = offset - core->offset_ms >= SLEPT_MS;
	core->offset_ms = offset;
	if (slept) core_resumed(core);
}

static void take_letters(struct core *core)
{
	for (struct letter *letter; (letter = queue_pop(core->inbox));) {
		switch (letter->kind) {
		case LETTER_JOB:
			jobs_take(core, letter->job);
			letter->job = NULL;
			break;
		case LETTER_CANCEL:
			jobs_cancel(core, letter->id);
			break;
		case LETTER_ANSWER:
			jobs_answer(core, letter->answer);
			letter->answer = NULL;
			break;
		case LETTER_CODE:
			sign_in_code(core, letter->id, letter->code, &letter->err);
			break;
		case LETTER_QUEUE:
			signins_look_again(core);
			outbox_woken(core);
			break;
		case LETTER_QUIT:
			core->quitting = true;
			core->quit_ms = core_now(core) + letter->timeout_ms;
			marks_flush(core);
			break;
		}
		letter_free(letter);
	}
}

int core_turn(struct core *core)
{
	atomic_fetch_add(&core->stats->wakeups, 1);
	take_letters(core);
	notice_sleep(core);
	int64_t now = core_now(core), next = now + MAX_SLEEP_MS, at;
	if (core->quitting) {
		if (core->quit_ms < next) next = core->quit_ms;
	} else {
		if ((at = streams_tick(core, now)) < next) next = at;
		if ((at = sources_tick(core, now)) < next) next = at;
		if ((at = signins_tick(core, now)) < next) next = at;
		if ((at = metrics_tick(core, now)) < next) next = at;
	}
	if ((at = outbox_tick(core, now)) < next) next = at;
	if ((at = marks_tick(core, now)) < next) next = at;
	pictures_tick(core->pictures);
	if ((at = fetches_expire(core, now)) < next) next = at;
	if ((at = fetches_pump(core)) < next) next = at;
	if (now >= core->tally_ms) record_flush(core);
	if (core->tally_ms < next) next = core->tally_ms;
	fetches_sweep(core);
	return next > now ? (int)(next - now) : 0;
}

/* -- stop -- */

bool core_is_over(const struct core *core)
{
	return core->quitting && (core_now(core) >= core->quit_ms || !fetches_write(core));
}

void core_free(struct core *core)
{
	if (!core) return;
	struct err why = {.code = ERR_CANCELLED, .text = "stoa ends"};
	struct open_job *job, *next;
	HASH_ITER(hh, core->jobs, job, next)
	{
		jobs_done(core, job->id, &why);
	}
	sources_free(core); /* and with the last source of each, the streams */
	signings_free(core);
	while (core->fetches)
		fetch_cancel(core->fetches, why.text);
	fetches_sweep(core);
	pictures_free(core->pictures);
	marks_free(core);
	metrics_free(core->metrics);
	if (core->db) record_flush(core);
	record_free(core);
	saved_free(core);
	outbox_free(core);
	archiver_stop(core->archive);
	free(core->archive_path);
	feeds_free(core);
	signins_free(core);
	queue_db_close(core->db);
	pace_free(core->pace);
	secrets_finish(&core->secrets);
	free(core->state_dir);
	free(core);
}
