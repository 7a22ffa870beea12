#include "engine/message.h"

#include <stdlib.h>

#include "base/mem.h"
#include "engine/secret.h"

struct job *job_new(enum job_kind kind)
{
	struct job *job = xcalloc(1, sizeof(*job));
	job->kind = kind;
	return job;
}

void job_free(struct job *job)
{
	if (!job) return;
	secret_free(job->arg); /* that of LOGIN holds a token */
	free(job->cursor);
	feed_free(job->feed);
	action_free(job->action);
	draft_free(job->draft);
	for (size_t i = 0; i < job->ndrafts; i++)
		draft_free(job->drafts[i]);
	free(job->drafts);
	free(job->keys);
	free(job);
}

struct event *event_new(enum event_kind kind)
{
	struct event *event = xcalloc(1, sizeof(*event));
	event->kind = kind;
	return event;
}

void event_free(struct event *event)
{
	if (!event) return;
	page_free(event->page);
	account_free(event->account_info);
	feed_free(event->feed);
	if (event->article) text_finish(event->article);
	free(event->article);
	free(event->text);
	free(event->keys);
	items_free(event->items);
	person_free(event->person);
	for (size_t i = 0; i < event->nfilters; i++)
		server_filter_finish(&event->filters[i]);
	free(event->filters);
	draft_free(event->draft);
	outgoing_free(event->outgoing);
	brief_free(event->brief);
	image_free(event->image);
	free(event);
}
