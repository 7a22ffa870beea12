#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/ask.h"
#include "app/brief.h"
#include "inside.h"

/* The time that somebody wants to give to this, and how much of it is used. */

static void say_spent(struct app *app, int64_t start_ms)
{
	struct str text = {0};
	char value[24];
	app->budget_said_ms = start_ms;
	snprintf(value, sizeof(value), "%" PRId64, start_ms);
	app_remember(app, "budget", value);
	budget_print_used(&text, &app->budget, app->used_s);
	app_say(app, TONE_SAYS, "that was your time: %s", text.p);
	str_finish(&text);
}

static bool on_visits(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	int64_t now = clock_wall(app->clock),
	        last = event->text ? strtoll(event->text, NULL, 10) : 0;
	/* Asked before this visit had anything to tell. */
	if (!app->left_ms && !app->visited) app->left_ms = last < now ? last : now;
	app->visited = true;
	app->used_s = event->number + app->visit_active_ms / 1000;
	int64_t start = budget_start(&app->budget, now);
	bool spent = app->budget.ms > 0 && app->used_s >= app->budget.ms / 1000;
	if (spent && app->budget_said_ms != start) say_spent(app, start);
	return true;
}

void budget_look(struct app *app)
{
	struct job *job = job_new(JOB_VISITS);
	job->at_ms = budget_start(&app->budget, clock_wall(app->clock));
	app_ask(app, job, on_visits, NULL);
}

void app_set_budget(struct app *app, const struct budget *budget)
{
	app->budget = *budget;
	if (app->started && !app->trying) budget_look(app);
}

void budget_value(struct app *app, const char *value)
{
	app->budget_said_ms = strtoll(value, NULL, 10);
}
