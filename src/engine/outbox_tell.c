#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/outbox.h"

/* What the user interface hears of drafts, posts on their way, holds and who sends. */

enum { OVER_TOLD = 200 }; /* so many of those that are over are told at the start */

static void emit(struct outbox *outbox, struct event *event)
{
	outbox->core->emit(outbox->core->emit_ctx, event);
}

void outbox_notice(struct outbox *outbox, enum err_code code, const char *fmt, ...)
{
	struct event *event = event_new(EVENT_NOTICE);
	char text[sizeof(event->err.text)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(&event->err, code, "%s", text);
	event->text = xstrdup(event->err.text);
	log_put(LOG_WARN, "outbox", "%s", event->err.text);
	emit(outbox, event);
}

static void tell_draft(void *ctx, struct draft *draft, bool gone)
{
	struct event *event = event_new(EVENT_DRAFT);
	event->draft = draft;
	event->number = gone;
	emit(ctx, event);
}

static void tell_outgoing(void *ctx, struct outgoing *item)
{
	struct event *event = event_new(EVENT_OUTGOING);
	event->account = item->account;
	if (item->damaged) {
		item->state = OUTGOING_NEEDS_YOU;
		outgoing_cause(item, "its record in queue.db is damaged: nothing is done with it");
	}
	event->outgoing = item;
	emit(ctx, event);
}

void outbox_tell_item(struct outbox *outbox, const struct outgoing *item)
{
	tell_outgoing(outbox, outgoing_copy(item));
}

static void tell_held(struct outbox *outbox, account_id account, bool on)
{
	struct event *event = event_new(EVENT_HELD);
	event->account = account;
	event->number = on;
	emit(outbox, event);
}

void outbox_tell_sender(struct outbox *outbox)
{
	struct event *event = event_new(EVENT_SENDER);
	struct str name = {0};
	event->number = outbox->sends;
	if (outbox->stopped) err_set(&event->err, ERR_IO, "%s", outbox->stopped);
	if (outbox->lock) outbox_lock_holder(outbox->lock, &name);
	event->text = str_take(&name);
	emit(outbox, event);
}

struct holds {
	account_id *accounts;
	size_t n;
};

static void add_hold(void *ctx, account_id account, int64_t at_ms)
{
	struct holds *holds = ctx;
	(void)at_ms;
	holds->accounts = xrealloc(holds->accounts, (holds->n + 1) * sizeof(*holds->accounts));
	holds->accounts[holds->n++] = account;
}

static bool is_among(const account_id *accounts, size_t n, account_id account)
{
	for (size_t i = 0; i < n; i++) {
		if (accounts[i] == account) return true;
	}
	return false;
}

static void tell_holds(struct outbox *outbox)
{
	struct holds now = {0};
	if (!queue_db_holds(outbox->db, add_hold, &now, NULL)) return;
	for (size_t i = 0; i < outbox->nholds; i++) {
		if (!is_among(now.accounts, now.n, outbox->holds[i]))
			tell_held(outbox, outbox->holds[i], false);
	}
	for (size_t i = 0; i < now.n; i++) {
		if (!is_among(outbox->holds, outbox->nholds, now.accounts[i]))
			tell_held(outbox, now.accounts[i], true);
	}
	free(outbox->holds);
	outbox->holds = now.accounts;
	outbox->nholds = now.n;
}

bool outbox_tell(struct outbox *outbox, struct err *err)
{
	tell_holds(outbox);
	return queue_db_drafts(outbox->db, &outbox->draft_rev, tell_draft, outbox, err) &&
	       queue_db_changed(outbox->db, &outbox->seq, OVER_TOLD, tell_outgoing, outbox, err);
}
