#include "demo/deeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/content.h"
#include "demo/kept.h"
#include "demo/relation.h"
#include "demo/stream.h"

struct status *deed_draft(size_t author, const char *text, const char *warning, const char *lang,
        enum visibility visibility)
{
	struct status *draft = xcalloc(1, sizeof *draft);
	draft->author = author;
	draft->text = xstrdup(text);
	draft->warning = xstrdup(warning ? warning : "");
	draft->sensitive = *draft->warning != '\0';
	draft->visibility = visibility;
	draft->mentioned = content_mentions(text) & ~BIT(author);
	snprintf(draft->lang, sizeof draft->lang, "%s", lang ? lang : "");
	return draft;
}

void deed_poll(struct status *draft, const char *const *options, size_t n, int64_t ends_ms)
{
	struct poll *poll = xcalloc(1, sizeof *poll);
	poll->ends_ms = ends_ms;
	struct str all = {0};
	for (size_t i = 0; i < n && i < 4; i++) {
		str_adds(&all, options[i]);
		str_addc(&all, '\0');
	}
	const char *p = poll->owned = str_take(&all);
	for (size_t i = 0; i < n && i < 4; i++) {
		poll->options[poll->noptions++] = p;
		p += strlen(p) + 1;
	}
	draft->poll = poll;
}

void deed_publish(struct world *world, struct status *draft)
{
	draft->created_ms = world_now(world);
	draft->id = world_id(world, draft->created_ms);
	world_add_status(world, draft);
	if (draft->parent) draft->parent->replies++;
	if (draft->visibility == SEEN_BY_MENTIONED) kept_talk(world, draft);
	hub_update(world->hub, draft);
	for (size_t i = 0; i < npeople; i++) {
		if (draft->mentioned & BIT(i))
			world_notify(world, "mention", i, draft->author, draft);
	}
	if (draft->quote) world_notify(world, "quote", draft->quote->author, draft->author, draft);
	if (draft->visibility == SEEN_BY_MENTIONED) return;
	for (size_t i = 0; i < npeople; i++) {
		bool waits = world->following[i] & BIT(draft->author) &&
		             stance_of(world, i, draft->author)->notifying;
		if (waits) world_notify(world, "status", i, draft->author, draft);
	}
}

static struct status *find_repost(struct world *world, size_t person, const struct status *status)
{
	for (size_t i = world->nstatuses; i > 0; i--) {
		struct status *it = world->statuses[i - 1];
		if (it->reblog == status && it->author == person && !it->deleted) return it;
	}
	return NULL;
}

struct status *deed_repost(
        struct world *world, size_t person, struct status *status, enum visibility visibility)
{
	if (status->reblog) status = status->reblog;
	if (status->reposted & BIT(person)) return find_repost(world, person, status);
	struct status *wrapper = deed_draft(person, "", "", status->lang, visibility);
	wrapper->reblog = status;
	status->reposted |= BIT(person);
	deed_publish(world, wrapper);
	world_notify(world, "reblog", status->author, person, status);
	return wrapper;
}

void deed_unrepost(struct world *world, size_t person, struct status *status)
{
	struct status *wrapper = find_repost(world, person, status);
	status->reposted &= ~BIT(person);
	if (!wrapper) return;
	wrapper->deleted = true;
	hub_delete(world->hub, wrapper->id);
}

void deed_like(struct world *world, size_t person, struct status *status)
{
	if (status->liked & BIT(person)) return;
	status->liked |= BIT(person);
	world_notify(world, "favourite", status->author, person, status);
}

void deed_vote(struct world *world, size_t person, struct status *status, uint8_t chosen)
{
	struct poll *poll = status->poll;
	if (poll->voters & BIT(person)) return;
	poll->voters |= BIT(person);
	poll->chosen[person] = chosen;
	for (size_t i = 0; i < poll->noptions; i++)
		poll->votes[i] += chosen >> i & 1;
	hub_edit(world->hub, status);
}

/* Keep what the status says now for its history. */
static void keep_version(struct status *status)
{
	size_t cap = status->nversions;
	status->versions =
	        mem_grow(status->versions, &cap, status->nversions + 1, sizeof *status->versions);
	status->versions[status->nversions++] = (struct version){
	        .at_ms = status->edited_ms ? status->edited_ms : status->created_ms,
	        .text = xstrdup(status->text),
	        .warning = xstrdup(status->warning),
	};
}

void deed_edit(struct world *world, struct status *status, const char *text, const char *warning)
{
	/* Either may be the status's own. */
	keep_version(status);
	char *old_text = status->text, *old_warning = status->warning;
	status->text = xstrdup(text);
	status->warning = xstrdup(warning);
	free(old_text);
	free(old_warning);
	status->sensitive = *status->warning != '\0';
	status->edited_ms = world_now(world);
	status->mentioned = content_mentions(status->text) & ~BIT(status->author);
	hub_edit(world->hub, status);
	for (size_t i = 0; i < npeople; i++) {
		if (status->reposted & BIT(i))
			world_notify(world, "update", i, status->author, status);
	}
}

void deed_delete(struct world *world, struct status *status)
{
	status->deleted = true;
	if (status->parent) status->parent->replies--;
	hub_delete(world->hub, status->id);
}

size_t deed_scheduled(struct world *world)
{
	size_t sent = 0;
	int64_t now = world_now(world);
	for (size_t i = 0; i < world->nscheduled;) {
		struct scheduled *it = &world->scheduled[i];
		if (it->due_ms > now) {
			i++;
			continue;
		}
		struct status *draft = it->draft;
		char *key = it->key;
		/* A poll runs from when it is published. */
		if (draft->poll) draft->poll->ends_ms += now - it->made_ms;
		world->nscheduled--;
		memmove(it, it + 1, (world->nscheduled - i) * sizeof *it);
		deed_publish(world, draft);
		if (key) world_keep_key(world, draft->author, key, draft->id);
		free(key);
		sent++;
	}
	return sent;
}
