#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/ask.h"
#include "engine/outbox.h"
#include "engine/outbox_reserve.h"
#include "net/url.h"

/*
 * A post goes through: claimed, attachments uploaded one by one, prepared (frozen),
 * SENDING durably written, one request, its answer judged. Every step writes the row by
 * its revision: when somebody changed it meanwhile (taken back, edited, held), the step is
 * LOST and the errand ends without another word.
 */

enum { SETTLE_MAX_MS = 15 * 60000 };

static void clear_publish(struct publish *publish)
{
	free(publish->made);
	free(publish->watermark);
	free(publish->remote_id);
	free(publish->uri);
	free(publish->url);
	*publish = (struct publish){0};
}

bool errand_of_account(const struct outbox *outbox, account_id account)
{
	const struct errand *errand;
	DL_FOREACH(outbox->errands, errand)
	{
		if (errand->item->account == account) return true;
	}
	return false;
}

struct errand *errand_new(struct outbox *outbox, struct outgoing *item)
{
	struct errand *errand = xcalloc(1, sizeof(*errand));
	errand->outbox = outbox;
	errand->item = item;
	if (item->after) errand->before = queue_db_outgoing(outbox->db, item->after, NULL);
	DL_APPEND(outbox->errands, errand);
	return errand;
}

void errand_free(struct errand *errand)
{
	DL_DELETE(errand->outbox->errands, errand);
	errand_drop_upload(errand);
	outbox_changed(errand->outbox); /* the account is free for another */
	clear_publish(&errand->publish);
	outgoing_free(errand->item);
	outgoing_free(errand->before);
	free(errand);
}

bool errand_call(
        struct errand *errand, call_step *step, void (*on_end)(struct fetch *, enum call_next))
{
	struct core *core = errand->outbox->core;
	const struct signin *signin = signin_by_id(core, errand->item->account);
	if (!step || !signin) return false;
	char *root = account_root(signin->account);
	struct fetch_plan plan = ask_plan(signin, step);
	plan.typed = root;
	plan.typed_local = url_is_local(root);
	plan.on_end = on_end;
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	clear_publish(&errand->publish);
	errand->publish.item = errand->item;
	errand->publish.before = errand->before;
	errand->publish.keep = errand->item->keep;
	errand->publish.random = random_below(&core->random, UINT64_MAX);
	errand->fetch = fetch;
	fetch->errand = errand;
	fetch->call.publish = &errand->publish;
	fetch->call.out = page_new();
	return true;
}

const struct network *errand_network(const struct errand *errand)
{
	const struct signin *signin = signin_by_id(errand->outbox->core, errand->item->account);
	return signin ? signin->net : NULL;
}

const char *errand_host(const struct errand *errand)
{
	const struct signin *signin = signin_by_id(errand->outbox->core, errand->item->account);
	return signin ? signin->account->host : "its server";
}

void errand_refused(struct errand *errand, enum queue_step how)
{
	struct outgoing *item = errand->item;
	if (how == QUEUE_STEP_HELD && item->state == OUTGOING_SENDING) {
		item->attempts--;
		item->state = item->attempts ? OUTGOING_UNKNOWN : OUTGOING_SCHEDULED;
		if (item->attempts)
			item->next_ms = core_wall(errand->outbox->core) + errand->outbox->settle_ms;
		else
			item->first_ms = item->server_first_ms = 0;
		outbox_step(errand->outbox, item, QUEUE_STEP_LAZY);
	}
	errand_free(errand);
}

/* Its call has not begun, and ends with it. */
static void dropped(struct fetch *fetch, enum call_next how)
{
	(void)fetch, (void)how;
}

/* -- what became of it -- */

void errand_take(char **field, char **found)
{
	if (!*found) return;
	free(*field);
	*field = *found;
	*found = NULL;
}

void errand_sent(struct errand *errand)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	struct publish *publish = &errand->publish;
	int64_t now = core_wall(outbox->core);
	free(item->cause);
	free(item->owner);
	item->cause = item->owner = NULL;
	errand_take(&item->remote_id, &publish->remote_id);
	errand_take(&item->uri, &publish->uri);
	errand_take(&item->url, &publish->url);
	item->looks = 0;
	item->wish = OUTGOING_WISH_NONE;
	if (publish->kept) {
		item->state = OUTGOING_KEPT;
		item->next_ms = item->at.utc_ms + OUTBOX_KEPT_GRACE_MS;
	} else {
		bool early = item->keep && item->at.utc_ms - now > OUTBOX_KEPT_GRACE_MS;
		item->state = OUTGOING_SENT;
		item->sent_ms = now;
		if (early) {
			const struct signin *signin = signin_by_id(outbox->core, item->account);
			outgoing_cause(item, "%s posted it at once, although it was to keep it",
			        errand_host(errand));
			outbox_notice(outbox, ERR_SERVER,
			        "%s posted at once what it was to keep; it is not asked to again",
			        errand_host(errand));
			if (signin) outbox_never_keep(outbox, signin->account);
		}
	}
	outbox_point(outbox, "answered");
	enum queue_step how = outbox_step(outbox, item, 0);
	if (how == QUEUE_STEP_FAILED && outbox->lock) {
		reserve_give(outbox->core->state_dir);
		how = outbox_step(outbox, item, 0);
	}
	if (how == QUEUE_STEP_DONE) outbox_point(outbox, publish->kept ? "kept" : "sent");
	lane_well(outbox, item->account);
	errand_free(errand);
}

int64_t errand_settle_ms(const struct errand *errand)
{
	int64_t settle = errand->outbox->settle_ms;
	for (int i = 1; i < errand->item->attempts && settle < SETTLE_MAX_MS; i++)
		settle *= 2;
	return settle;
}

void errand_unknown(struct errand *errand, const char *why)
{
	struct outgoing *item = errand->item;
	item->state = OUTGOING_UNKNOWN;
	item->next_ms = core_wall(errand->outbox->core) + errand_settle_ms(errand);
	free(item->owner);
	item->owner = NULL;
	outgoing_cause(item, "it may be there: %s", why);
	if (outbox_step(errand->outbox, item, 0) == QUEUE_STEP_DONE)
		outbox_point(errand->outbox, "unknown");
	errand_free(errand);
}

/* What it answers or quotes is not there any more. */
static bool lost_its_parent(const struct outgoing *item, const struct err *err)
{
	bool gone = err->code == ERR_NOT_FOUND || err->code == ERR_GONE;
	return gone && (item->reply_to || item->quote_of || item->after);
}

/* True when there were any. What was frozen named them. */
static bool forget_uploads(struct outgoing *item)
{
	bool any = false;
	for (size_t i = 0; i < item->nmedia; i++) {
		any = any || item->media[i].made;
		free(item->media[i].made);
		item->media[i].made = NULL;
	}
	free(item->frozen);
	item->frozen = NULL;
	return any;
}

/* The server may have dropped what was uploaded long ago: once more, from the file. */
static bool uploads_again(struct outgoing *item, const struct err *err)
{
	if (err->code != ERR_GONE && (err->code != ERR_NOT_FOUND || !item->frozen)) return false;
	return forget_uploads(item);
}

static bool passes(enum err_code code)
{
	return code == ERR_NETWORK || code == ERR_SERVER || code == ERR_FORMAT ||
	       code == ERR_RATE_LIMITED || code == ERR_IO || code == ERR_CANCELLED ||
	       code == ERR_AUTH;
}

void errand_not_sent(struct errand *errand, const struct err *err)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	free(item->owner);
	item->owner = NULL;
	item->state = OUTGOING_SCHEDULED;
	if (err->code == ERR_CANCELLED) {
		/* stoa ends, or the account signs in anew */
	} else if (passes(err->code)) {
		lane_failed(outbox, item->account, err);
		outgoing_cause(item, "%s", err->text);
	} else if (uploads_again(item, err)) {
		lane_failed(outbox, item->account, err); /* not at once, and not for ever */
		outgoing_cause(item, "attachments are uploaded again: %s", err->text);
	} else if (lost_its_parent(item, err)) {
		item->state = OUTGOING_NEEDS_YOU;
		outgoing_cause(item, "what it answers or quotes is gone: %s", err->text);
	} else {
		item->state = OUTGOING_FAILED;
		outgoing_cause(item, "%s", err->text);
	}
	outbox_step(outbox, item, item->state == OUTGOING_SCHEDULED ? QUEUE_STEP_LAZY : 0);
	errand_free(errand);
}

/* -- sending -- */

/* 408 is a 4xx after which the server may still be at work. */
static bool is_clear_no(const struct fetch *fetch)
{
	if (!fetch->began) return true;
	if (fetch->status == 0) return fetch->sent == 0 && fetch->call.err.code == ERR_NETWORK;
	bool refused = fetch->status >= 400 && fetch->status < 500 && fetch->status != 408;
	return refused && fetch->requests == 1; /* the one before it may have posted */
}

/*
 * Its server would not keep it: most have a limit, of posts a day and of posts in all (fact
 * sheet 5.3). Nothing is lost by that: it waits here, unless the user wanted it there. What
 * was uploaded for it would be gone by then.
 */
static bool waits_here(struct errand *errand, const struct err *err)
{
	struct outgoing *item = errand->item;
	if (!item->keep || item->via == DRAFT_VIA_SERVER) return false;
	if (passes(err->code) || lost_its_parent(item, err)) return false;
	item->keep = false;
	item->state = OUTGOING_SCHEDULED;
	forget_uploads(item);
	free(item->owner);
	item->owner = NULL;
	outgoing_cause(
	        item, "%s would not keep it: %s; it waits here", errand_host(errand), err->text);
	outbox_notice(errand->outbox, err->code, "%s; a deck or `stoa daemon` has to run then",
	        item->cause);
	outbox_step(errand->outbox, item, 0);
	errand_free(errand);
	return true;
}

static void published(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct outgoing *item = errand->item;
	if (how == CALL_DONE && errand->publish.remote_id) {
		errand_sent(errand);
	} else if (how != CALL_DONE && is_clear_no(fetch)) {
		struct err err = fetch->call.err;
		/* A repeat that is refused says nothing of the attempt before it; but what is
		 * handed over again was found to be nowhere. */
		if (item->attempts > 1 && !item->keep) {
			if (passes(err.code)) lane_failed(errand->outbox, item->account, &err);
			errand_unknown(errand, err.text);
			return;
		}
		item->attempts = 0;
		item->first_ms = item->server_first_ms = 0;
		if (!waits_here(errand, &err)) errand_not_sent(errand, &err);
	} else {
		errand_unknown(errand, how == CALL_DONE ? "the answer does not say what was posted"
		                                        : fetch->call.err.text);
	}
}

bool errand_is_early(const struct errand *errand)
{
	const struct outgoing *item = errand->item;
	return !item->keep && !item->sure && item->at.utc_ms > core_wall(errand->outbox->core);
}

void errand_publish(struct errand *errand)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	const struct network *net = errand_network(errand);
	struct err gone = {.code = ERR_CANCELLED};
	if (errand_is_early(errand)) { /* the clock was put right while it was prepared */
		errand_not_sent(errand, &gone);
		return;
	}
	if (!net || !errand_call(errand, net->publish, published)) {
		errand_not_sent(errand, &gone);
		return;
	}
	item->state = OUTGOING_SENDING;
	item->attempts++;
	item->looks = 0;
	if (!item->first_ms) item->first_ms = core_wall(outbox->core);
	free(item->owner);
	item->owner = xstrdup(outbox->owner);
	outbox_point(outbox, "prepared");
	enum queue_step how = outbox_step(outbox, item, QUEUE_STEP_UNLESS_HELD);
	if (how != QUEUE_STEP_DONE) {
		struct fetch *fetch = errand->fetch;
		fetch->on_end = dropped;
		fetch_cancel(fetch, "not sent");
		errand_refused(errand, how);
		return;
	}
	outbox_point(outbox, "sending");
	errand->fetch->writes = true;
	fetch_begin(errand->fetch);
}

/* -- preparing -- */

static void note_server_time(struct errand *errand, const struct fetch *fetch)
{
	int64_t told = errand->publish.server_ms ? errand->publish.server_ms : fetch->server_ms;
	if (!errand->item->server_first_ms) errand->item->server_first_ms = told;
}

static void wrong_clock(struct errand *errand, int64_t server_ms)
{
	char span[32];
	struct err err = {0};
	int64_t now = core_wall(errand->outbox->core);
	outbox_span(now > server_ms ? now - server_ms : server_ms - now, span);
	err_set(&err, ERR_SERVER,
	        "the clock here is %s %s that of %s: nothing is sent until they agree", span,
	        now > server_ms ? "ahead of" : "behind", errand_host(errand));
	errand_not_sent(errand, &err);
}

static void prepared(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct outgoing *item = errand->item;
	int64_t server = fetch->server_ms;
	if (how != CALL_DONE) {
		struct err err = fetch->call.err;
		errand_not_sent(errand, &err);
		return;
	}
	if (!item->sure && !outbox_clocks_agree(core_wall(errand->outbox->core), server)) {
		wrong_clock(errand, server);
		return;
	}
	errand_take(&item->frozen, &errand->publish.made);
	errand_take(&item->watermark, &errand->publish.watermark);
	note_server_time(errand, fetch);
	errand_publish(errand);
}

void errand_prepare(struct errand *errand)
{
	const struct network *net = errand_network(errand);
	if (errand->item->frozen || !net || !net->prepare) {
		errand_publish(errand);
		return;
	}
	if (errand_call(errand, net->prepare, prepared)) fetch_begin(errand->fetch);
}

/* -- sending one -- */

void errand_send(struct outbox *outbox, struct outgoing *item)
{
	struct errand *errand = errand_new(outbox, item);
	item->state = OUTGOING_CLAIMED;
	free(item->owner);
	free(item->cause);
	item->owner = xstrdup(outbox->owner);
	item->cause = NULL;
	enum queue_step how = outbox_step(outbox, item, QUEUE_STEP_LAZY | QUEUE_STEP_UNLESS_HELD);
	if (how != QUEUE_STEP_DONE) {
		errand_refused(errand, how);
		return;
	}
	outbox_point(outbox, "claimed");
	errand_upload(errand);
}
