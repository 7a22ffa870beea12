#include "app/ask.h"

#include <stdlib.h>

#include "base/mem.h"

struct question {
	job_id job;
	ask_reply *reply; /* NULL: nobody listens any more */
	void *ctx;
	struct question *next;
};

static struct question **find(struct app *app, job_id job)
{
	struct question **at = &app->questions;

	while (*at && (*at)->job != job) {
		at = &(*at)->next;
	}
	return at;
}

job_id app_ask(struct app *app, struct job *job, ask_reply *reply, void *ctx)
{
	struct question *question = xcalloc(1, sizeof(*question));

	*question = (struct question){app_post(app, job), reply, ctx, app->questions};
	app->questions = question;
	return question->job;
}

void app_ask_no_more(struct app *app, job_id job)
{
	struct question *question = job ? *find(app, job) : NULL;

	if (!question) return;
	question->reply = NULL;
	engine_cancel(app->engine, job);
}

static void drop(struct question **at)
{
	struct question *question = *at;

	*at = question->next;
	free(question->ctx);
	free(question);
}

bool ask_take(struct app *app, const struct event *event)
{
	struct question *question = event->reply_to ? *find(app, event->reply_to) : NULL;

	if (!question) return false;
	bool done = !question->reply || question->reply(app, event, question->ctx);
	/* The answer may have asked the next question: look for the place anew. */
	if (event->kind == EVENT_DONE) drop(find(app, event->reply_to));
	return done;
}

void ask_finish(struct app *app)
{
	while (app->questions) {
		drop(&app->questions);
	}
}
