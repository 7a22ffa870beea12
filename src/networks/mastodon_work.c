#include "networks/mastodon_work.h"

#include <stdlib.h>
#include <string.h>

struct mastodon_work *mastodon_work(struct call *call)
{
	return call->data;
}

void mastodon_keep(struct call *call, enum mastodon_kept which, struct json *json, const cJSON *at)
{
	struct mastodon_work *work = mastodon_work(call);
	json_free(work->kept[which].json);
	work->kept[which].json = json;
	work->kept[which].at = at;
}

const cJSON *mastodon_kept(struct call *call, enum mastodon_kept which)
{
	return mastodon_work(call)->kept[which].at;
}

struct page *mastodon_out(struct call *call)
{
	if (!call->out) call->out = page_new();
	return call->out;
}

/* Overwritten first: it may be a secret. */
static void forget(char *token)
{
	volatile char *p = token;
	while (p && *p)
		*p++ = '\0';
	free(token);
}

void mastodon_call_finish(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	for (int i = 0; i < KEPT_COUNT; i++)
		json_free(work->kept[i].json);
	free(work->post);
	free(work->profile);
	free(work->other);
	free(work->version);
	for (size_t i = 0; i < work->nalike; i++)
		free(work->alike[i].id);
	free(work->parent);
	free(work->quote);
	forget(work->token);
	memset(work, 0, sizeof *work);
}
