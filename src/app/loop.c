#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "app/agenda.h"
#include "app/brief.h"
#include "app/catchup.h"
#include "app/compose.h"
#include "app/deck.h"
#include "app/notice.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "base/mem.h"
#include "inside.h"
#include "model/post.h"

/*
 * The turn of the UI loop: wait; signals and other programs; keys; a bounded time of
 * events; a bounded time of filtering; one frame. The tty is looked at between items, so
 * that a key never waits for more than one of them.
 */

enum { MINUTE_MS = 60000, SLEPT_MS = 15000, BLOCKED_MS = 50 };

/* Is a key waiting? */
static bool key_waits(const struct app *app)
{
	struct pollfd fd = {.fd = app->term.fd, .events = POLLIN};
	return app->term.fd >= 0 && poll(&fd, 1, 0) > 0;
}

static void take_paste(struct app *app, const char *text)
{
	if (!text) return;
	app->meta = false;
	if (keys_context(app) == KEYS_PROMPT)
		prompt_paste(app, text);
	else if (keys_context(app) == KEYS_COMPOSE)
		compose_paste(app, text);
}

static void take_keys(struct app *app)
{
	int64_t until = clock_mono(app->clock) + APP_KEYS_MS;
	struct term_event event;
	do {
		app->term.ops->read(app->term.ctx, &event);
		switch (event.kind) {
		case TERM_NONE:
			return;
		case TERM_KEY:
			keys_press(app, event.key);
			break;
		case TERM_MOUSE:
			mouse_press(app, &event);
			break;
		case TERM_PASTE:
			take_paste(app, event.paste);
			break;
		case TERM_RESIZE:
			app->dirty = app->stale_layout = true;
			break;
		case TERM_CLOSED:
			app->hung_up = true;
			app_quit(app, 0);
			break;
		}
	} while (!app->over && clock_mono(app->clock) < until);
	app->more_keys = true;
}

static void take_events(struct app *app)
{
	int64_t until = clock_mono(app->clock) + APP_EVENTS_MS;
	app->more_events = false;
	for (struct event *event; (event = engine_next_event(app->engine));) {
		event_take(app, event);
		if (clock_mono(app->clock) < until && !key_waits(app)) continue;
		/* Perhaps more of them: the next turn does not wait. */
		app->more_events = true;
		return;
	}
}

/* Where a search is being typed the next key is thought of, too. */
static void expect(struct app *app)
{
	const struct column *column = app->prompt.open && app->prompt.live ? app_column(app) : NULL;
	if (app->above) timeline_expect(app->above->timeline, app->above == column);
	for (size_t i = 0; i < app->ncolumns; i++)
		timeline_expect(app->columns[i]->timeline, app->columns[i] == column);
}

/* Merge and filter; what is on the screen comes first. */
static void settle(struct app *app)
{
	int64_t start = clock_mono(app->clock), until = start + APP_SETTLE_MS;
	expect(app);
	app->settled = !app->above || timeline_settle(app->above->timeline, until);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < app->ncolumns; i++) {
			bool seen = i >= app->first && i < app->first + app->shown;
			if (seen != (pass == 0)) continue;
			if (!timeline_settle(app->columns[i]->timeline, until))
				app->settled = false;
			/* Most have nothing to do, and cost less than looking for a key. */
			if (clock_mono(app->clock) == start || !key_waits(app)) continue;
			app->settled = false;
			return;
		}
	}
}

/* Relative times move on, mutes end; and did the machine sleep? */
static void tick(struct app *app)
{
	int64_t mono = clock_mono(app->clock), wall = clock_wall(app->clock);
	if (app->toast && app->toast_until_ms && mono >= app->toast_until_ms) app_say_no_more(app);
	if (app->read_at_ms && mono >= app->read_at_ms) app_flush_read(app);
	act_tick(app);
	compose_tick(app);
	notice_tick(app);
	deck_save_tick(app);
	if (mono < app->minute_ms) return;
	app->minute_ms = mono + MINUTE_MS;
	if (wall - app->wall_seen_ms - (mono - app->mono_seen_ms) > SLEPT_MS)
		app_post(app, job_new(JOB_RESUMED));
	app->wall_seen_ms = wall;
	app->mono_seen_ms = mono;
	store_tick(app->store);
	if (app->budget.ms && app->started) budget_look(app);
	for (size_t i = 0; i < app->ncolumns; i++)
		app->columns[i]->dirty = true;
	if (app->above) app->above->dirty = true;
}

static bool limited(const struct app *app)
{
	if (app->above) return app->above->view.health.kind == HEALTH_LIMITED;
	/* Columns may have been closed since the last frame. */
	for (size_t i = 0; i < app->shown && app->first + i < app->ncolumns; i++) {
		if (app->columns[app->first + i]->view.health.kind == HEALTH_LIMITED) return true;
	}
	return false;
}

/* How long the turn may wait. -1: until something happens. */
static int wait_ms(const struct app *app, int max_ms)
{
	if (app->over || !app->settled || app->more_events || app->more_keys || app->dirty)
		return 0;
	if (app->unsent || app->writing) return BLOCKED_MS;
	int64_t now = clock_mono(app->clock), next = INT64_MAX;
	const int64_t times[] = {app->toast ? app->toast_until_ms : 0, app->read_at_ms,
	        app->save_at_ms, act_next_ms(app), compose_next_ms(app), catchup_next_ms(app),
	        notice_next_ms(app), app->unread_at_ms,
	        app->ncolumns || store_count(app->store) ? app->minute_ms : 0};
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		if (times[i] && times[i] < next) next = times[i];
	}
	if (limited(app) && now + 1000 < next) next = now + 1000;
	int64_t wait = next == INT64_MAX ? -1 : next > now ? next - now : 0;
	if (max_ms >= 0 && (wait < 0 || wait > max_ms)) wait = max_ms;
	return wait > MINUTE_MS ? MINUTE_MS : (int)wait;
}

int app_wait_ms(const struct app *app)
{
	return wait_ms(app, -1);
}

static void wait_for_something(struct app *app, int max_ms)
{
	struct pollfd fds[APP_MAX_POLL];
	size_t n = 0;
	const int own[] = {
	        app->term.fd, app->term.resize_fd, engine_fd(app->engine), app->signal_fd};
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		fds[n++] = (struct pollfd){.fd = own[i], .events = POLLIN};
	size_t control = n;
	n += control_poll(app->control, fds + n, APP_MAX_POLL - n);
	size_t children = n;
	n += spawn_poll(app, fds + n, APP_MAX_POLL - n);
	app->more_keys = false;
	if (poll(fds, n, wait_ms(app, max_ms)) < 0 && errno != EINTR) return;
	/* A countdown is on the screen: it moves on each second. */
	for (size_t i = 0; i < app->shown && app->first + i < app->ncolumns; i++) {
		struct column *column = app->columns[app->first + i];
		if (column->view.health.kind == HEALTH_LIMITED) column->dirty = true;
	}
	if (app->above && limited(app)) app->above->dirty = true;
	if (app->signal_fd >= 0 && fds[3].revents) signals_take(app);
	if (app->unsent) {
		app->unsent = false;
		app->stale_status = true;
	}
	control_take(app, fds + control, children - control);
	spawn_take(app);
}

bool app_turn(struct app *app, int max_ms)
{
	wait_for_something(app, max_ms);
	if (!app->over) take_keys(app);
	if (!app->over) take_events(app);
	if (app->over) return false;
	deck_resolve(app);
	settle(app);
	notice_take(app);
	deck_update_health(app);
	agenda_mind(app);
	catchup_mind(app);
	overlay_refresh(app);
	tick(app);
	deck_restore(app);
	if (!app->unseen) draw_frame(app);
	return true;
}

bool app_wants_again(const struct app *app)
{
	return app->again;
}

int app_run(struct app *app)
{
	struct err err = {0};
	if (!signals_start(app, &err)) app_say(app, TONE_ERROR, "%s", err.text);
	if (app->paths) {
		app->control = control_open(app, &err);
		if (!app->control) app_say(app, TONE_ERROR, "no `stoa ctl`: %s", err.text);
	}
	while (app_turn(app, -1)) {
	}
	return app->status;
}
