#include "model/outgoing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct draft_word outgoing_states[OUTGOING_NSTATES] = {
#define X(id, name, help) {name, help},
        OUTGOING_STATES(X)
#undef X
};

enum outgoing_state outgoing_state_find(const char *name)
{
	for (enum outgoing_state i = 0; i < OUTGOING_NSTATES; i++) {
		if (strcmp(outgoing_states[i].name, name) == 0) return i;
	}
	return OUTGOING_NSTATES;
}

bool outgoing_is_over(enum outgoing_state state)
{
	return state == OUTGOING_SENT || state == OUTGOING_FAILED || state == OUTGOING_CANCELLED;
}

static char **strings(struct outgoing *item, size_t i)
{
	char **all[] = {&item->text, &item->warning, &item->lang, &item->reply_to, &item->quote_of,
	        &item->label, &item->self_labels, &item->key, &item->frozen, &item->watermark,
	        &item->remote_id, &item->uri, &item->url, &item->cause, &item->owner};
	return i < sizeof all / sizeof *all ? all[i] : NULL;
}

struct outgoing *outgoing_of(
        const struct draft *draft, size_t part, account_id account, const char *network)
{
	const struct draft_part *from = &draft->parts[part];
	struct outgoing *item = xcalloc(1, sizeof *item);
	*item = (struct outgoing){.draft = draft->id,
	        .part = (int64_t)part,
	        .account = account,
	        .text = xstrdup(draft_text(draft, part, account, network)),
	        .warning = xstrdup(draft->warning),
	        .lang = xstrdup(draft->lang),
	        .reply_to = part ? NULL : xstrdup(draft->reply_to),
	        .quote_of = part ? NULL : xstrdup(draft->quote_of),
	        .label = xstrdup(draft->label),
	        .self_labels = xstrdup(draft->self_labels),
	        .nmedia = from->nmedia,
	        .poll = draft_poll_copy(from->poll),
	        .visibility = draft->visibility,
	        .visibility_set = draft->visibility_set,
	        .sensitive = draft->sensitive,
	        .gate = draft->gate,
	        .at = draft->at,
	        .via = draft->via,
	        .late = draft->late};
	item->media = xcalloc(from->nmedia ? from->nmedia : 1, sizeof *item->media);
	for (size_t i = 0; i < from->nmedia; i++) {
		item->media[i].path = xstrdup(from->media[i].path);
		item->media[i].alt = xstrdup(from->media[i].alt);
	}
	return item;
}

struct draft *outgoing_draft(const struct outgoing *item)
{
	struct draft *draft = draft_new();
	struct draft_part *part = &draft->parts[0];
	draft_add_account(draft, item->account);
	free(part->text);
	part->text = xstrdup(item->text ? item->text : "");
	for (size_t i = 0; i < item->nmedia; i++)
		draft_add_media(part, item->media[i].path, item->media[i].alt);
	part->poll = draft_poll_copy(item->poll);
	draft->warning = xstrdup(item->warning);
	draft->lang = xstrdup(item->lang);
	draft->reply_to = xstrdup(item->reply_to);
	draft->quote_of = xstrdup(item->quote_of);
	draft->label = xstrdup(item->label);
	draft->self_labels = xstrdup(item->self_labels);
	draft->visibility = item->visibility;
	draft->visibility_set = item->visibility_set;
	draft->sensitive = item->sensitive;
	draft->gate = item->gate;
	draft->at = item->at;
	draft->via = item->via;
	draft->late = item->late;
	return draft;
}

struct outgoing *outgoing_copy(const struct outgoing *item)
{
	struct outgoing *copy = xcalloc(1, sizeof *copy);
	*copy = *item;
	char **string;
	for (size_t i = 0; (string = strings(copy, i)); i++)
		*string = xstrdup(*string);
	copy->poll = draft_poll_copy(item->poll);
	copy->media = xcalloc(item->nmedia ? item->nmedia : 1, sizeof *copy->media);
	for (size_t i = 0; i < item->nmedia; i++) {
		copy->media[i] = item->media[i];
		copy->media[i].path = xstrdup(item->media[i].path);
		copy->media[i].alt = xstrdup(item->media[i].alt);
		copy->media[i].type = xstrdup(item->media[i].type);
		copy->media[i].made = xstrdup(item->media[i].made);
	}
	return copy;
}

void outgoing_free(struct outgoing *item)
{
	if (!item) return;
	char **string;
	for (size_t i = 0; (string = strings(item, i)); i++)
		free(*string);
	draft_poll_free(item->poll);
	for (size_t i = 0; i < item->nmedia; i++) {
		free(item->media[i].path);
		free(item->media[i].alt);
		free(item->media[i].type);
		free(item->media[i].made);
	}
	free(item->media);
	free(item);
}
