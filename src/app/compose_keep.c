#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/outbox.h"
#include "base/mem.h"
#include "composing.h"
#include "inside.h"

/*
 * The draft on the disk. Its id comes with the first answer, so until then no second save
 * is sent: a composer that is closed meanwhile stays, out of sight, until it has come.
 */

/* app_ask frees it. */
struct saving {
	unsigned serial; /* of the composer, which may be gone by then */
};

static void say_trouble(struct app *app, struct composer *composer, const char *why)
{
	bool same = composer->trouble && why && strcmp(composer->trouble, why) == 0;
	if (why && !same) app_say(app, TONE_ERROR, "the draft is not kept: %s", why);
	char *copy = xstrdup(why);
	free(composer->trouble);
	composer->trouble = copy;
	app->dirty = true;
}

struct composer *composer_of(const struct app *app, unsigned serial)
{
	struct composer *it = app->composers;
	while (it && it->serial != serial)
		it = it->next;
	return it;
}

static bool on_saved(struct app *app, const struct event *event, void *ctx)
{
	if (event->kind != EVENT_DONE) return false;
	struct composer *composer = composer_of(app, ((struct saving *)ctx)->serial);
	if (!composer) return true;
	composer->saving = false;
	if (event->err.code != ERR_NONE) {
		composer->unsaved = true;
		composer->send_when_kept = false;
		say_trouble(app, composer, event->err.text);
		/* Nothing is lost as long as it is on the screen. */
		if (composer->leaving && !composer->sending && !app->composer) {
			composer->leaving = false;
			app->composer = composer;
		}
		return true;
	}
	if (event->number) composer->draft->id = event->number;
	if (composer->send_when_kept) {
		composer_send_now(app, composer);
		return true;
	}
	say_trouble(app, composer, NULL);
	if (composer->unsaved && !composer->save_at_ms)
		composer->save_at_ms = clock_mono(app->clock) + COMPOSE_SAVE_MS;
	if (composer->leaving && !composer->sending) composer_leave(app, composer);
	return true;
}

void composer_save(struct app *app, struct composer *composer)
{
	composer->save_at_ms = 0;
	if (composer->saving) return;
	composer_sync(composer);
	composer->draft->changed_ms = clock_wall(app->clock);
	struct job *job = job_new(JOB_DRAFT);
	struct saving *saving = xmalloc(sizeof(*saving));
	saving->serial = composer->serial;
	job->draft = draft_copy(composer->draft);
	composer->unsaved = false;
	composer->saving = true;
	job_id id = app_ask(app, job, on_saved, saving);
	if (!composer->draft->id) composer->first_save = id;
	app->dirty = true;
}

/* Nobody misses an empty one; U brings back what was thrown away. */
static void drop_kept(struct app *app, const struct composer *composer)
{
	if (!draft_is_empty(composer->draft)) {
		app_outbox_drop(app, composer->draft);
	} else if (composer->draft->id) {
		struct job *job = job_new(JOB_DRAFT_DROP);
		job->number = composer->draft->id;
		app_post(app, job);
	}
}

void composer_leave(struct app *app, struct composer *composer)
{
	composer_sync(composer);
	if (app->composer == composer) app->composer = NULL;
	composer->leaving = true;
	bool empty = draft_is_empty(composer->draft), known = composer->draft->id != 0;
	if (composer->saving) return;
	if (empty || (composer->dropped && known)) {
		drop_kept(app, composer);
		composer_free(app, composer);
	} else if (composer->dropped) {
		/* Only what has an id can be brought back. */
		composer_save(app, composer);
	} else {
		bool unsaved = composer->unsaved;
		if (unsaved || known) app_say(app, TONE_SAYS, "kept as a draft; gD lists them");
		if (unsaved)
			composer_save(app, composer);
		else
			composer_free(app, composer);
	}
}

void compose_drop(struct app *app)
{
	app->composer->dropped = true;
	app->dirty = app->stale_status = true;
	composer_leave(app, app->composer);
}

void compose_tick(struct app *app)
{
	int64_t now = clock_mono(app->clock);
	struct composer *open = app->composer;
	if (open && open->count_at_ms && now >= open->count_at_ms) app->dirty = true;
	if (open && open->words.ask_at_ms && now >= open->words.ask_at_ms) words_ask(app, open);
	for (struct composer *it = app->composers; it; it = it->next) {
		if (!it->save_at_ms || now < it->save_at_ms) continue;
		composer_sync(it);
		/* Nothing is worth keeping, unless something was. */
		if (!it->draft->id && draft_is_empty(it->draft))
			it->save_at_ms = 0;
		else
			composer_save(app, it);
	}
}

int64_t compose_next_ms(const struct app *app)
{
	const struct composer *open = app->composer;
	int64_t next = open ? open->words.ask_at_ms : 0;
	if (open && open->count_at_ms && (!next || open->count_at_ms < next))
		next = open->count_at_ms;
	for (const struct composer *it = app->composers; it; it = it->next) {
		bool waits = it->save_at_ms && !it->saving;
		if (waits && (!next || it->save_at_ms < next)) next = it->save_at_ms;
	}
	return next;
}

void compose_finish(struct app *app)
{
	lore_finish(app);
	while (app->composers) {
		struct composer *composer = app->composers;
		composer_sync(composer);
		bool worth = !draft_is_empty(composer->draft) && !composer->dropped;
		if (app->engine && worth && composer->unsaved) {
			struct job *job = job_new(JOB_DRAFT);
			job->draft = draft_copy(composer->draft);
			job->number = composer->first_save; /* it may not be answered yet */
			app_post(app, job);
		}
		composer_free(app, composer);
	}
}
