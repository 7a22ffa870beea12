#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inside.h"

/*
 * How long somebody looked at which column. The clock runs from key to key; it stops 60 s
 * after the last one, which is seen at the next, so that nothing has to wake up for it.
 */

enum {
	VISIT_STOP_MS = 60000,
	VISIT_AWAY_MS = 30 * 60000, /* a visit that ended so long ago is over for good */
};

static void clock_on(struct app *app, int64_t now)
{
	int64_t gap = app->last_key_ms ? now - app->last_key_ms : 0;
	app->visit_active_ms += gap < VISIT_STOP_MS ? gap : VISIT_STOP_MS;
	app->last_key_ms = now;
}

void visit_end(struct app *app)
{
	if (!app->visit_title) return;
	clock_on(app, clock_mono(app->clock));
	int64_t seconds = app->visit_active_ms / 1000;
	if (seconds > 0) {
		struct job *job = job_new(JOB_VISIT);
		job->arg = xstrdup(app->visit_title);
		job->at_ms = app->visit_start_ms;
		job->number = seconds;
		app_post(app, job);
	}
	free(app->visit_title);
	app->visit_title = NULL;
	app->visit_active_ms = 0;
	app->last_key_ms = 0;
}

void visit_key(struct app *app)
{
	int64_t now = clock_mono(app->clock);
	const struct column *column = app_column(app);
	bool stopped = app->last_key_ms && now - app->last_key_ms >= VISIT_STOP_MS;
	if (app->last_key_ms && now - app->last_key_ms >= VISIT_AWAY_MS)
		app->left_ms = clock_wall(app->clock) - (now - app->last_key_ms);
	bool other = app->visit_title && (!column || strcmp(column->title, app->visit_title) != 0);
	if (stopped || other) visit_end(app);
	if (!column) return;
	if (!app->visit_title) {
		app->visit_title = xstrdup(column->title);
		app->visit_start_ms = clock_wall(app->clock);
	}
	clock_on(app, now);
}
