#include <stdlib.h>

#include "app/ask.h"
#include "base/mem.h"
#include "catchup.h"
#include "inside.h"

/*
 * Having it whole: what is missing between since and until is asked for, a page at a time;
 * first the holes, then what lies below the oldest rows. A source that brings much in little
 * time is not followed for ever: what is missing then stays said.
 */

enum { MAX_PAGES = 20 };

/* The newest hole that the catch-up reaches. */
static bool find_gap(const struct app *app, const struct catchup *catchup, struct row *out)
{
	for (size_t i = 0; i < app->ncolumns; i++) {
		const struct timeline *timeline = app->columns[i]->timeline;
		size_t len = timeline_is_thread(timeline) ? 0 : timeline_len(timeline);
		for (size_t at = 0; at < len; at++) {
			*out = timeline_at(timeline, at);
			if (out->sort_ms < catchup->since_ms) break;
			if (out->kind == ROW_GAP && out->cursor) return true;
		}
	}
	return false;
}

static bool on_gap(struct app *app, const struct event *event, void *ctx)
{
	struct catchup *catchup = app->catchup;
	(void)ctx;
	if (event->kind != EVENT_DONE || !catchup) return false;
	catchup->job = 0;
	if (event->err.code != ERR_NONE) catchup->asked = MAX_PAGES;
	return false;
}

static bool ask_gap(struct app *app, struct catchup *catchup)
{
	struct row row;
	if (!find_gap(app, catchup, &row)) return false;
	struct job *job = job_new(JOB_GAP);
	job->source = row.source;
	job->arg = xstrdup(row.cursor);
	catchup->job = app_ask(app, job, on_gap, NULL);
	return true;
}

/* Does the source begin only after the catch-up does, and has more? */
static bool ask_older(struct app *app, const struct catchup *catchup, const struct column *column)
{
	for (size_t i = 0; i < column->nwatched; i++) {
		const struct watch *watch = watch_of(app, column->watched[i]);
		if (!watch->answered || watch->failed || watch->exhausted) continue;
		if (watch->oldest_ms == INT64_MAX || watch->oldest_ms <= catchup->since_ms)
			continue;
		if (!watch->older_job) watch_older(app, column->watched[i]);
		return true;
	}
	return false;
}

static bool is_busy(struct app *app, const struct catchup *catchup)
{
	if (catchup->job) return true;
	for (size_t i = 0; i < app->ncolumns; i++) {
		const struct column *column = app->columns[i];
		for (size_t at = 0; at < column->nwatched; at++) {
			const struct watch *watch = watch_of(app, column->watched[at]);
			if (watch->older_job || !watch->answered) return true;
		}
	}
	return false;
}

void catchup_fetch(struct app *app, struct catchup *catchup)
{
	if (catchup->whole || is_busy(app, catchup)) return;
	if (catchup->asked >= MAX_PAGES) {
		catchup->whole = true;
		return;
	}
	bool asks = ask_gap(app, catchup);
	for (size_t i = 0; !asks && i < app->ncolumns; i++) {
		if (!timeline_is_thread(app->columns[i]->timeline))
			asks = ask_older(app, catchup, app->columns[i]);
	}
	if (asks)
		catchup->asked++;
	else
		catchup->whole = true;
}
