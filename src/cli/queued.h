#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/message.h"
#include "model/draft.h"
#include "model/outgoing.h"

/* What a command knows of the queue: gathered from the engine's events as they come. */
struct queued {
	struct outgoing **items; /* by id */
	size_t nitems, items_cap;
	struct draft **drafts; /* by id */
	size_t ndrafts, drafts_cap;
	account_id *held; /* 0: all */
	size_t nheld, held_cap;
	char *sender;      /* who sends what is due, "" when nobody does */
	bool sends;        /* this process does ... */
	bool stopped;      /* ... but for now it cannot */
	struct str notice; /* sentences of the engine, a line each */
};

/* For session_open: `ctx` is the struct queued. Takes what it needs out of the event. */
void queued_take(void *ctx, struct event *event);
void queued_finish(struct queued *queued);

struct outgoing *queued_item(const struct queued *queued, int64_t id); /* borrowed, or NULL */
struct draft *queued_draft(const struct queued *queued, int64_t id);   /* borrowed, or NULL */
bool queued_is_held(const struct queued *queued, account_id account);

/* Will it be posted at some time, by us or by its server? */
bool queued_is_coming(const struct outgoing *item);
/* Does it want somebody: failed, missed, or nobody knows? */
bool queued_is_trouble(const struct outgoing *item);
