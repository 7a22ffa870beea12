#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "columns.h"
#include "inside.h"

/* The sources that columns name: watched once each, however many columns name them. */

struct watch *watch_of(struct app *app, source_id source)
{
	if (source >= app->nwatches) {
		app->watches = mem_grow(
		        app->watches, &app->watches_cap, (size_t)source + 1, sizeof(*app->watches));
		while (app->nwatches <= source)
			app->watches[app->nwatches++] = (struct watch){.oldest_ms = INT64_MAX};
	}
	return &app->watches[source];
}

void watch_take(struct app *app, source_id source)
{
	struct watch *watch = watch_of(app, source);
	if (watch->refs++) return;
	struct job *job = job_new(JOB_WATCH);
	job->source = source;
	job->arg = xstrdup(store_source_name(app->store, source));
	watch->answered = watch->failed = false;
	watch->trouble[0] = '\0';
	watch->health = (struct health){.kind = HEALTH_WAITING};
	watch->job = app_post(app, job);
	app->health_changed = true;
}

void watch_drop(struct app *app, source_id source)
{
	struct watch *watch = watch_of(app, source);
	if (!watch->refs || --watch->refs) return;
	struct job *job = job_new(JOB_UNWATCH);
	job->source = source;
	app_post(app, job);
	watch->job = watch->older_job = 0;
	watch->exhausted = false;
}

/* A sentence into a header's line, cut at a character's edge. */
static void put_trouble(char out[160], const char *text)
{
	size_t len = utf8_prefix(text, strlen(text), 159);
	memcpy(out, text, len);
	out[len] = '\0';
}

/* A source that could not be watched at all has no health of its own. */
static void failed(struct watch *watch, const struct err *err)
{
	if (err->code == ERR_NONE || err->code == ERR_CANCELLED) return;
	watch->failed = true;
	put_trouble(watch->trouble, err->text);
	if (watch->health.kind == HEALTH_WAITING || watch->health.kind == HEALTH_FETCHING)
		watch->health.kind = HEALTH_BROKEN;
}

bool watch_done(struct app *app, job_id job, const struct err *err)
{
	bool ours = false;
	for (size_t i = 0; job && i < app->nwatches; i++) {
		struct watch *watch = &app->watches[i];
		if (watch->job == job) {
			watch->job = 0;
			watch->answered = true;
			failed(watch, err);
			app->health_changed = ours = true;
		}
		if (watch->older_job == job) {
			watch->older_job = 0;
			/* Nothing came, and nothing went wrong: there is no more. */
			watch->exhausted = err->code == ERR_NONE && !watch->older_came;
			app->health_changed = true;
			ours = err->code == ERR_NONE;
		}
	}
	return ours;
}

void watch_page(struct app *app, source_id source, const struct page *page)
{
	struct watch *watch = watch_of(app, source);
	if (!page->nentries) return;
	int64_t oldest = page->entries[page->nentries - 1].sort_ms;
	/* A server that keeps whole seconds may end two pages in the same one. */
	if (oldest < watch->oldest_ms || (watch->older_job && oldest == watch->oldest_ms)) {
		watch->oldest_ms = oldest;
		/* What the archive holds has no cursor; the network's last word stays. */
		if (page->older || !page->stored) {
			free(watch->older);
			watch->older = xstrdup(page->older);
		}
		if (watch->older_job) watch->older_came = true;
	}
}

void watch_health(struct app *app, source_id source, const struct event *event)
{
	struct watch *watch = watch_of(app, source);
	watch->health = event->health;
	bool bad = event->health.kind == HEALTH_STALE || event->health.kind == HEALTH_LIMITED ||
	           event->health.kind == HEALTH_BROKEN || event->health.kind == HEALTH_GONE;
	const char *why = event->err.code != ERR_NONE ? event->err.text
	                  : event->text               ? event->text
	                                              : "";
	put_trouble(watch->trouble, bad ? why : "");
	if (!bad && event->health.kind != HEALTH_FETCHING) watch->failed = false;
	app->health_changed = true;
}

void watch_finish(struct app *app)
{
	for (size_t i = 0; i < app->nwatches; i++) {
		free(app->watches[i].older);
		free(app->watches[i].marker);
	}
	free(app->watches);
	app->watches = NULL;
	app->nwatches = app->watches_cap = 0;
}

/* -- headers -- */

/* How much a kind is worth telling: the worst of a column's sources is shown. */
static int weight(enum health_kind kind)
{
	static const int weights[HEALTH_COUNT] = {
	        [HEALTH_POLLING] = 0,
	        [HEALTH_LIVE] = 1,
	        [HEALTH_FETCHING] = 2,
	        [HEALTH_WAITING] = 3,
	        [HEALTH_STALE] = 4,
	        [HEALTH_LIMITED] = 5,
	        [HEALTH_GONE] = 6,
	        [HEALTH_BROKEN] = 7,
	};
	return weights[kind];
}

void column_update_health(struct app *app, struct column *column)
{
	struct column_view *view = &column->view;
	const struct watch *worst = NULL;
	size_t bad = 0;
	bool older = false;
	for (size_t i = 0; i < column->nwatched; i++) {
		const struct watch *watch = watch_of(app, column->watched[i]);
		bad += weight(watch->health.kind) >= weight(HEALTH_STALE);
		older |= watch->older_job != 0;
		if (!worst || weight(watch->health.kind) > weight(worst->health.kind))
			worst = watch;
	}
	struct health health = {.kind = column->nwatched ? HEALTH_WAITING : HEALTH_POLLING};
	char trouble[160] = "";
	if (worst) health = worst->health;
	const char *mistake = column->trouble ? column->trouble : column->query_trouble;
	if (mistake) {
		health.kind = HEALTH_BROKEN;
		put_trouble(trouble, mistake);
	} else if (worst && column->nwatched > 1 && bad > 0) {
		struct str words = {0};
		str_addf(&words, "%zu of %zu: %s", bad, column->nwatched, worst->trouble);
		put_trouble(trouble, words.p);
		str_finish(&words);
	} else if (worst) {
		put_trouble(trouble, worst->trouble);
	}
	bool same = memcmp(&health, &view->health, sizeof(health)) == 0 &&
	            strcmp(trouble, view->trouble) == 0 && older == view->loading_older;
	if (same) return;
	view->health = health;
	view->loading_older = older;
	put_trouble(view->trouble, trouble);
	column->dirty = true;
}

void deck_update_health(struct app *app)
{
	if (!app->health_changed) return;
	app->health_changed = false;
	for (size_t i = 0; i < app->ncolumns; i++)
		column_update_health(app, app->columns[i]);
	for (struct column *over = app->above; over; over = over->below)
		column_update_health(app, over);
}

/* -- older rows -- */

void watch_older(struct app *app, source_id source)
{
	struct watch *watch = watch_of(app, source);
	struct job *job = job_new(JOB_OLDER);
	job->source = source;
	job->at_ms = watch->oldest_ms;
	job->arg = xstrdup(watch->older);
	watch->older_came = false;
	watch->older_job = app_post(app, job);
	app->health_changed = true;
}

void deck_want_older(struct app *app, struct column *column)
{
	enum { AHEAD = 10 };
	/* A conversation comes whole. */
	if (timeline_is_thread(column->timeline)) return;
	size_t len = timeline_len(column->timeline);
	if (column->view.row + AHEAD < len) return;
	/* The timeline is whole down to the newest of its sources' oldest rows: that one is asked.
	 */
	struct watch *next = NULL;
	source_id source = 0;
	for (size_t i = 0; i < column->nwatched; i++) {
		struct watch *watch = watch_of(app, column->watched[i]);
		if (watch->older_job) return;
		if (watch->exhausted || watch->oldest_ms == INT64_MAX) continue;
		if (next && watch->oldest_ms <= next->oldest_ms) continue;
		next = watch;
		source = column->watched[i];
	}
	if (next) watch_older(app, source);
}
