#include "queued.h"

#include <stdlib.h>

#include "base/mem.h"

static size_t item_place(const struct queued *queued, int64_t id)
{
	size_t low = 0, high = queued->nitems;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (queued->items[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct outgoing *queued_item(const struct queued *queued, int64_t id)
{
	size_t at = item_place(queued, id);
	return at < queued->nitems && queued->items[at]->id == id ? queued->items[at] : NULL;
}

static void put_item(struct queued *queued, struct outgoing *item)
{
	size_t at = item_place(queued, item->id);
	if (at < queued->nitems && queued->items[at]->id == item->id) {
		outgoing_free(queued->items[at]);
		queued->items[at] = item;
		return;
	}
	queued->items = mem_grow(
	        queued->items, &queued->items_cap, queued->nitems + 1, sizeof(*queued->items));
	for (size_t i = queued->nitems++; i > at; i--)
		queued->items[i] = queued->items[i - 1];
	queued->items[at] = item;
}

static size_t draft_place(const struct queued *queued, int64_t id)
{
	size_t at = 0;
	while (at < queued->ndrafts && queued->drafts[at]->id < id)
		at++;
	return at;
}

struct draft *queued_draft(const struct queued *queued, int64_t id)
{
	size_t at = draft_place(queued, id);
	return at < queued->ndrafts && queued->drafts[at]->id == id ? queued->drafts[at] : NULL;
}

static void drop_draft(struct queued *queued, int64_t id)
{
	size_t at = draft_place(queued, id);
	if (at == queued->ndrafts || queued->drafts[at]->id != id) return;
	draft_free(queued->drafts[at]);
	queued->ndrafts--;
	for (; at < queued->ndrafts; at++)
		queued->drafts[at] = queued->drafts[at + 1];
}

static void put_draft(struct queued *queued, struct draft *draft)
{
	drop_draft(queued, draft->id);
	size_t at = draft_place(queued, draft->id);
	queued->drafts = mem_grow(
	        queued->drafts, &queued->drafts_cap, queued->ndrafts + 1, sizeof(*queued->drafts));
	for (size_t i = queued->ndrafts++; i > at; i--)
		queued->drafts[i] = queued->drafts[i - 1];
	queued->drafts[at] = draft;
}

static void put_held(struct queued *queued, account_id account, bool on)
{
	size_t i = 0;
	while (i < queued->nheld && queued->held[i] != account)
		i++;
	if (on && i == queued->nheld) {
		queued->held = mem_grow(
		        queued->held, &queued->held_cap, queued->nheld + 1, sizeof(*queued->held));
		queued->held[queued->nheld++] = account;
	} else if (!on && i < queued->nheld) {
		queued->held[i] = queued->held[--queued->nheld];
	}
}

void queued_take(void *ctx, struct event *event)
{
	struct queued *queued = ctx;
	switch (event->kind) {
	case EVENT_OUTGOING:
		put_item(queued, event->outgoing);
		event->outgoing = NULL;
		break;
	case EVENT_DRAFT:
		if (event->number) {
			drop_draft(queued, event->draft->id);
		} else {
			put_draft(queued, event->draft);
			event->draft = NULL;
		}
		break;
	case EVENT_HELD:
		put_held(queued, event->account, event->number == 1);
		break;
	case EVENT_SENDER:
		free(queued->sender);
		queued->sender = xstrdup(event->text ? event->text : "");
		queued->sends = event->number == 1;
		queued->stopped = event->err.code != ERR_NONE;
		break;
	case EVENT_NOTICE:
		if (event->text) str_addf(&queued->notice, "%s\n", event->text);
		break;
	default:
		break;
	}
}

void queued_finish(struct queued *queued)
{
	for (size_t i = 0; i < queued->nitems; i++)
		outgoing_free(queued->items[i]);
	for (size_t i = 0; i < queued->ndrafts; i++)
		draft_free(queued->drafts[i]);
	free(queued->items);
	free(queued->drafts);
	free(queued->held);
	free(queued->sender);
	str_finish(&queued->notice);
	*queued = (struct queued){0};
}

bool queued_is_held(const struct queued *queued, account_id account)
{
	for (size_t i = 0; i < queued->nheld; i++) {
		if (queued->held[i] == 0 || queued->held[i] == account) return true;
	}
	return false;
}

bool queued_is_coming(const struct outgoing *item)
{
	return !outgoing_is_over(item->state) && item->state != OUTGOING_MISSED &&
	       item->state != OUTGOING_NEEDS_YOU;
}

bool queued_is_trouble(const struct outgoing *item)
{
	return item->state == OUTGOING_UNKNOWN || item->state == OUTGOING_NEEDS_YOU ||
	       item->state == OUTGOING_FAILED || item->state == OUTGOING_MISSED;
}
