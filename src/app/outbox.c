#include "app/outbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/compose.h"
#include "app/undo.h"
#include "base/mem.h"
#include "inside.h"

/* Drafts that can still be called back, or brought back; the oldest give way. */
enum { MAX_GONE = 50 };

struct outbox {
	struct draft **drafts; /* newest first */
	size_t ndrafts, drafts_cap;
	struct outgoing **items; /* by id: there may be many thousands */
	size_t nitems, items_cap;
	account_id *held; /* 0 among them: all */
	size_t nheld, held_cap;
	char *sender; /* another process; NULL: this one */
	bool stopped; /* nothing is sent: rows cannot be written */
	/* Copies of what was sent or dropped, oldest first, by the id that it had. */
	struct draft **gone;
	size_t ngone, gone_cap;
};

static struct outbox *outbox_of(struct app *app)
{
	if (!app->outbox) app->outbox = xcalloc(1, sizeof(*app->outbox));
	return app->outbox;
}

void app_outbox_finish(struct app *app)
{
	struct outbox *outbox = app->outbox;
	if (!outbox) return;
	for (size_t i = 0; i < outbox->ndrafts; i++)
		draft_free(outbox->drafts[i]);
	for (size_t i = 0; i < outbox->nitems; i++)
		outgoing_free(outbox->items[i]);
	for (size_t i = 0; i < outbox->ngone; i++)
		draft_free(outbox->gone[i]);
	free(outbox->drafts);
	free(outbox->items);
	free(outbox->gone);
	free(outbox->held);
	free(outbox->sender);
	free(outbox);
	app->outbox = NULL;
}

/* -- looking -- */

size_t app_outbox_drafts(const struct app *app, const struct draft *const **out)
{
	const struct outbox *outbox = app->outbox;
	*out = outbox ? (const struct draft *const *)outbox->drafts : NULL;
	return outbox ? outbox->ndrafts : 0;
}

size_t app_outbox_items(const struct app *app, const struct outgoing *const **out)
{
	const struct outbox *outbox = app->outbox;
	*out = outbox ? (const struct outgoing *const *)outbox->items : NULL;
	return outbox ? outbox->nitems : 0;
}

const struct draft *app_outbox_draft(const struct app *app, int64_t id)
{
	const struct draft *const *drafts;
	size_t n = app_outbox_drafts(app, &drafts);
	for (size_t i = 0; i < n; i++) {
		if (drafts[i]->id == id) return drafts[i];
	}
	return NULL;
}

/* The first item whose id is not below `id`. */
static size_t item_place(const struct outbox *outbox, int64_t id)
{
	size_t low = 0, high = outbox->nitems;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (outbox->items[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct outgoing *app_outbox_item(const struct app *app, int64_t id)
{
	const struct outbox *outbox = app->outbox;
	size_t at = outbox ? item_place(outbox, id) : 0;
	return outbox && at < outbox->nitems && outbox->items[at]->id == id ? outbox->items[at]
	                                                                    : NULL;
}

static size_t held_place(const struct outbox *outbox, account_id account)
{
	size_t i = 0;
	while (i < outbox->nheld && outbox->held[i] != account)
		i++;
	return i;
}

bool app_outbox_is_held(const struct app *app, account_id account)
{
	const struct outbox *outbox = app->outbox;
	if (!outbox) return false;
	return held_place(outbox, 0) < outbox->nheld || held_place(outbox, account) < outbox->nheld;
}

const char *app_outbox_sender(const struct app *app)
{
	return app->outbox ? app->outbox->sender : NULL;
}

bool app_outbox_is_trouble(const struct outgoing *item)
{
	return item->state == OUTGOING_FAILED || item->state == OUTGOING_MISSED ||
	       item->state == OUTGOING_NEEDS_YOU;
}

size_t app_outbox_troubles(const struct app *app)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items), troubles = 0;
	for (size_t i = 0; i < n; i++)
		troubles += app_outbox_is_trouble(items[i]);
	return troubles;
}

void app_outbox_print_upload(struct str *out, const struct outgoing *item)
{
	if (item->state == OUTGOING_CLAIMED && item->uploaded)
		str_addf(out, "uploading %d %%", item->uploaded);
}

void app_outbox_print_status(const struct app *app, struct str *out)
{
	const struct outbox *outbox = app->outbox;
	size_t troubles = app_outbox_troubles(app);
	if (!outbox) return;
	if (outbox->nheld) str_adds(out, held_place(outbox, 0) < outbox->nheld ? "HELD" : "held");
	if (outbox->stopped) str_addf(out, "%sNOTHING IS SENT", out->len ? " " : "");
	struct str upload = {0};
	for (size_t i = outbox->nitems; i-- > 0 && !upload.len;)
		app_outbox_print_upload(&upload, outbox->items[i]);
	if (upload.len) str_addf(out, "%s%s", out->len ? " " : "", upload.p);
	str_finish(&upload);
	if (troubles) str_addf(out, "%s%zu not sent: gD", out->len ? " " : "", troubles);
}

/* -- what the engine tells -- */

static void drop_at(struct draft **drafts, size_t *n, size_t at)
{
	draft_free(drafts[at]);
	memmove(drafts + at, drafts + at + 1, (--*n - at) * sizeof(*drafts));
}

static void on_draft(struct app *app, struct event *event)
{
	struct outbox *outbox = outbox_of(app);
	struct draft *draft = event->draft;
	if (!draft) return;
	for (size_t i = 0; i < outbox->ndrafts; i++) {
		if (outbox->drafts[i]->id != draft->id) continue;
		drop_at(outbox->drafts, &outbox->ndrafts, i);
		break;
	}
	if (event->number) return; /* it is gone */
	outbox->drafts = mem_grow(
	        outbox->drafts, &outbox->drafts_cap, outbox->ndrafts + 1, sizeof(*outbox->drafts));
	size_t at = 0;
	while (at < outbox->ndrafts && outbox->drafts[at]->changed_ms > draft->changed_ms)
		at++;
	memmove(outbox->drafts + at + 1, outbox->drafts + at,
	        (outbox->ndrafts++ - at) * sizeof(*outbox->drafts));
	outbox->drafts[at] = draft;
	event->draft = NULL;
}

static const char *account_called(const struct app *app, account_id id)
{
	const struct account *account = store_account(app->store, id);
	return account ? account->name : "an account that was signed out";
}

/* What somebody wants to hear at once; the rest stands in the list. */
static void tell(struct app *app, const struct outgoing *item, enum outgoing_state before)
{
	const char *who = account_called(app, item->account);
	const char *cause = item->cause ? item->cause : outgoing_states[item->state].help;
	if (!app->started || item->state == before) return;
	switch (item->state) {
	case OUTGOING_SENT:
		app_say(app, TONE_GOOD, "%s: posted%s%s", who, item->url ? " " : "",
		        item->url ? item->url : "");
		break;
	case OUTGOING_KEPT:
		app_say(app, TONE_GOOD, "%s: the server keeps the post until its time", who);
		break;
	case OUTGOING_UNKNOWN:
	case OUTGOING_NEEDS_YOU:
	case OUTGOING_FAILED:
	case OUTGOING_MISSED:
		app_say(app, TONE_ERROR, "%s: %s: %s (gD)", who, outgoing_states[item->state].name,
		        cause);
		break;
	case OUTGOING_SCHEDULED:
	case OUTGOING_CLAIMED:
	case OUTGOING_SENDING:
	case OUTGOING_CANCELLED:
	case OUTGOING_NSTATES:
		break;
	}
}

static void on_outgoing(struct app *app, struct event *event)
{
	struct outbox *outbox = outbox_of(app);
	struct outgoing *item = event->outgoing;
	if (!item) return;
	size_t at = item_place(outbox, item->id);
	bool known = at < outbox->nitems && outbox->items[at]->id == item->id;
	tell(app, item, known ? outbox->items[at]->state : OUTGOING_SCHEDULED);
	if (known) {
		outgoing_free(outbox->items[at]);
	} else {
		outbox->items = mem_grow(outbox->items, &outbox->items_cap, outbox->nitems + 1,
		        sizeof(*outbox->items));
		memmove(outbox->items + at + 1, outbox->items + at,
		        (outbox->nitems++ - at) * sizeof(*outbox->items));
	}
	outbox->items[at] = item;
	event->outgoing = NULL;
}

static void on_held(struct app *app, const struct event *event)
{
	struct outbox *outbox = outbox_of(app);
	size_t at = held_place(outbox, event->account);
	if (event->number && at == outbox->nheld) {
		outbox->held = mem_grow(
		        outbox->held, &outbox->held_cap, outbox->nheld + 1, sizeof(*outbox->held));
		outbox->held[outbox->nheld++] = event->account;
	} else if (!event->number && at < outbox->nheld) {
		outbox->held[at] = outbox->held[--outbox->nheld];
	}
}

static void on_sender(struct app *app, const struct event *event)
{
	struct outbox *outbox = outbox_of(app);
	const char *name = event->text && *event->text ? event->text : "nobody";
	free(outbox->sender);
	outbox->sender = event->number ? NULL : xstrdup(name);
	outbox->stopped = event->err.code != ERR_NONE;
}

void app_outbox_take(struct app *app, struct event *event)
{
	if (event->kind == EVENT_DRAFT)
		on_draft(app, event);
	else if (event->kind == EVENT_OUTGOING)
		on_outgoing(app, event);
	else if (event->kind == EVENT_HELD)
		on_held(app, event);
	else if (event->kind == EVENT_SENDER)
		on_sender(app, event);
	app->stale_status = true;
	app->list_stale = true;
}

/* -- calling back -- */

static void gone_add(struct outbox *outbox, const struct draft *draft)
{
	if (outbox->ngone >= MAX_GONE) drop_at(outbox->gone, &outbox->ngone, 0);
	outbox->gone =
	        mem_grow(outbox->gone, &outbox->gone_cap, outbox->ngone + 1, sizeof(*outbox->gone));
	outbox->gone[outbox->ngone++] = draft_copy(draft);
}

/* Owned; NULL with a sentence. */
static struct draft *gone_take(struct outbox *outbox, int64_t id, struct err *err)
{
	for (size_t i = outbox->ngone; i-- > 0;) {
		struct draft *draft = outbox->gone[i];
		if (draft->id != id) continue;
		outbox->gone[i] = NULL;
		drop_at(outbox->gone, &outbox->ngone, i);
		return draft;
	}
	err_set(err, ERR_NOT_FOUND, "that draft cannot be brought back any more");
	return NULL;
}

static void undo_by(struct app *app, const char *what, const char *command, int64_t id)
{
	char line[64];
	snprintf(line, sizeof(line), "%s %" PRId64, command, id);
	undo_line(app, what, line, NULL);
}

void app_outbox_sent(struct app *app, const struct draft *draft)
{
	gone_add(outbox_of(app), draft);
	undo_by(app, "sending", "unsend", draft->id);
}

/* What is being called back: one allocation, as app_ask frees it. */
struct calling {
	int64_t draft;
	size_t waiting, *left; /* of all that were asked; shared */
};

/* The text is opened again for those accounts of which nothing was posted. */
static void reopen(struct app *app, int64_t id)
{
	struct err err = {0};
	struct draft *draft = gone_take(outbox_of(app), id, &err);
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items), kept = 0;
	if (!draft) return;
	for (size_t i = 0; i < draft->naccounts; i++) {
		bool posted = false;
		for (size_t j = 0; j < n; j++)
			posted |= items[j]->draft == id &&
			          items[j]->account == draft->accounts[i] &&
			          items[j]->state != OUTGOING_CANCELLED;
		if (!posted) draft->accounts[kept++] = draft->accounts[i];
	}
	draft->naccounts = kept;
	if (kept)
		compose_open(app, draft);
	else
		draft_free(draft);
}

static bool on_cancelled(struct app *app, const struct event *event, void *ctx)
{
	const struct calling *calling = ctx;
	if (event->kind != EVENT_DONE) return false;
	size_t *waiting = calling->left;
	if (--*waiting) return event->err.code == ERR_NONE;
	free(waiting);
	reopen(app, calling->draft);
	return event->err.code == ERR_NONE;
}

bool app_outbox_unsend(struct app *app, int64_t draft, struct err *err)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items), waiting = 0;
	if (compose_is_open(app))
		return err_set(err, ERR_UNSUPPORTED, "close what you write first; then U");
	for (size_t i = 0; i < n; i++)
		waiting += items[i]->draft == draft && !outgoing_is_over(items[i]->state);
	if (!waiting)
		return err_set(
		        err, ERR_NOT_FOUND, "it is posted already; d deletes a post of your own");
	size_t *left = xmalloc(sizeof(*left));
	*left = waiting;
	for (size_t i = n; i-- > 0;) {
		if (items[i]->draft != draft || outgoing_is_over(items[i]->state)) continue;
		struct job *job = job_new(JOB_OUTGOING_CANCEL);
		struct calling *calling = xmalloc(sizeof(*calling));
		*calling = (struct calling){.draft = draft, .left = left};
		job->number = items[i]->id;
		app_ask(app, job, on_cancelled, calling);
	}
	return true;
}

void app_outbox_drop(struct app *app, const struct draft *draft)
{
	struct job *job = job_new(JOB_DRAFT_DROP);
	job->number = draft->id;
	gone_add(outbox_of(app), draft);
	app_post(app, job);
	undo_by(app, "a draft thrown away", "draft keep", draft->id);
}

bool app_outbox_drop_draft(struct app *app, int64_t id, struct err *err)
{
	const struct draft *draft = app_outbox_draft(app, id);
	if (!draft)
		return err_set(
		        err, ERR_NOT_FOUND, "there is no draft %" PRId64 "; gD lists them", id);
	app_outbox_drop(app, draft);
	return true;
}

bool app_outbox_keep_draft(struct app *app, int64_t id, struct err *err)
{
	struct draft *draft = gone_take(outbox_of(app), id, err);
	if (!draft) return false;
	struct job *job = job_new(JOB_DRAFT);
	job->draft = draft;
	app_post(app, job);
	return true;
}
