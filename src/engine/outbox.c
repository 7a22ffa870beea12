#include "engine/outbox.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "engine/attention.h"
#include "engine/metrics.h"
#include "engine/media.h"
#include "engine/outbox_files.h"
#include "engine/outbox_media.h"
#include "engine/outbox_reserve.h"

enum {
	DUE_AT_ONCE = 256, /* rows looked at together */
	DISK_AGAIN_MS = 60000,
};

/* -- writing -- */

void outbox_changed(struct outbox *outbox)
{
	outbox->changed = true;
}

void outbox_point(const struct outbox *outbox, const char *name)
{
	if (outbox->killpoint && strcmp(outbox->killpoint, name) == 0) raise(SIGKILL);
}

void outgoing_cause(struct outgoing *item, const char *fmt, ...)
{
	struct err err = {0};
	char text[sizeof(err.text)];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(&err, ERR_NONE, "%s", text); /* makes it fit for a terminal */
	free(item->cause);
	item->cause = xstrdup(err.text);
}

/* Nothing is sent while rows cannot be written; said once. */
static void stop_for(struct outbox *outbox, const struct err *why)
{
	bool news = !outbox->stopped;
	if (news) outbox_notice(outbox, why->code, "nothing is sent: %s", why->text);
	free(outbox->stopped);
	outbox->stopped = xstrdup(why->text);
	outbox->look_ms = core_wall(outbox->core) + DISK_AGAIN_MS;
	if (news) outbox_tell_sender(outbox);
}

static void go_on(struct outbox *outbox)
{
	if (!outbox->stopped) return;
	free(outbox->stopped);
	outbox->stopped = NULL;
	outbox_tell_sender(outbox);
}

enum queue_step outbox_step(struct outbox *outbox, struct outgoing *item, unsigned flags)
{
	struct err err = {0};
	enum queue_step how = queue_db_step(outbox->db, item, flags, core_wall(outbox->core), &err);
	if (how == QUEUE_STEP_FAILED)
		stop_for(outbox, &err);
	else
		go_on(outbox);
	outbox->changed = true;
	/* Nobody is owed any more what was just said. */
	bool sent = how == QUEUE_STEP_DONE && item->state == OUTGOING_SENT;
	if (sent && item->reply_to && !item->after)
		attention_answered(outbox->core, item->account, item->reply_to);
	if (sent) metrics_sent(outbox->core);
	if (sent) outbox_files_drop(outbox, &item, 1);
	return how;
}

/* -- what is due -- */

static bool is_at_work(const struct outbox *outbox, int64_t item)
{
	const struct errand *errand;
	DL_FOREACH(outbox->errands, errand)
	{
		if (errand->item->id == item) return true;
	}
	return false;
}

/* A row that was being worked on by a process that is no more; or here, when a step failed. */
static void adopt(struct outbox *outbox, struct outgoing *item)
{
	bool was_sending = item->state == OUTGOING_SENDING;
	item->state = was_sending ? OUTGOING_UNKNOWN : OUTGOING_SCHEDULED;
	free(item->owner);
	item->owner = NULL;
	if (was_sending) {
		item->next_ms = core_wall(outbox->core) + outbox->settle_ms;
		outgoing_cause(item, "stoa ended while it was being posted: the server is asked");
	}
	outbox_step(outbox, item, was_sending ? 0 : QUEUE_STEP_LAZY);
}

static void adopt_orphans(struct outbox *outbox)
{
	struct outgoing **items = NULL;
	size_t n = 0;
	struct err err = {0};
	if (!queue_db_owned(outbox->db, &items, &n, &err)) stop_for(outbox, &err);
	for (size_t i = 0; i < n; i++) {
		bool ours = items[i]->owner && strcmp(items[i]->owner, outbox->owner) == 0;
		if (is_at_work(outbox, items[i]->id)) continue;
		if (!items[i]->damaged && (ours || !outbox_owner_lives(items[i]->owner)))
			adopt(outbox, items[i]);
	}
	outgoing_list_free(items, n);
}

static void become_sender(struct outbox *outbox)
{
	outbox->sends = true;
	outbox->changed = true;
	if (outbox->lock) media_sweep(outbox->core->state_dir);
	outbox_files_sweep(outbox);
	adopt_orphans(outbox);
	outbox_review(outbox);
}

static void try_lock(struct outbox *outbox)
{
	if (outbox->sends || !outbox->sender || !outbox->lock) return;
	if (queue_db_is_broken(outbox->db)) return;
	if (!outbox_lock_take(outbox->lock)) return;
	become_sender(outbox);
	outbox_tell_sender(outbox);
}

/* What cannot write any more is no use as a sender: another process may be. */
static void resign(struct outbox *outbox)
{
	if (!outbox->sends || !outbox->lock || !queue_db_is_broken(outbox->db)) return;
	outbox->sends = false;
	outbox_lock_drop(outbox->lock);
	outbox_tell_sender(outbox);
}

static struct outbox_facts facts_of(struct outbox *outbox, const struct outgoing *item)
{
	const struct signin *signin = signin_by_id(outbox->core, item->account);
	struct queue_due due = {0};
	struct outbox_facts facts = {
	        .now_ms = core_wall(outbox->core), .spacing_ms = outbox->spacing_ms};
	if (queue_db_count_due(outbox->db, facts.now_ms, item->account, &due, NULL)) {
		facts.drafts_due = due.drafts;
		facts.last_sent_ms = due.sent_ms;
	}
	struct outgoing *before =
	        item->after ? queue_db_outgoing(outbox->db, item->after, NULL) : NULL;
	if (before) facts.before_sent_ms = before->sent_ms;
	outgoing_free(before);
	facts.may_keep = signin && outbox_may_keep(outbox, signin->account);
	return facts;
}

/* It does not go now, and its row says why. Takes. */
static void put_off(struct outbox *outbox, struct outgoing *item, enum outbox_verdict verdict,
        const struct err *why)
{
	item->held = verdict == OUTBOX_CROWDED;
	if (verdict == OUTBOX_UNKEEP) item->keep = false;
	if (verdict == OUTBOX_MISSED) item->state = OUTGOING_MISSED;
	if (verdict == OUTBOX_DROPPED) item->state = OUTGOING_CANCELLED;
	if (verdict != OUTBOX_UNKEEP) outgoing_cause(item, "%s", why->text);
	outbox_step(outbox, item, QUEUE_STEP_LAZY);
	outgoing_free(item);
}

/* The same is not written again and again. Takes. */
static void wait_for(
        struct outbox *outbox, struct outgoing *item, int64_t until_ms, const char *why)
{
	if (why && (!item->cause || strcmp(item->cause, why) != 0 || item->next_ms < until_ms)) {
		outgoing_cause(item, "%s", why);
		if (until_ms) item->next_ms = until_ms;
		outbox_step(outbox, item, QUEUE_STEP_LAZY);
	}
	outgoing_free(item);
}

struct round {
	int64_t now_ms, next_ms;
	struct block {
		account_id account;
		int64_t until_ms;
	} * blocked; /* nothing more of these, but threads that have begun */
	size_t nblocked;
};

static void block(struct round *round, account_id account, int64_t until_ms)
{
	round->blocked = xrealloc(round->blocked, (round->nblocked + 1) * sizeof(*round->blocked));
	round->blocked[round->nblocked++] = (struct block){account, until_ms};
	if (until_ms < round->next_ms) round->next_ms = until_ms;
}

static int64_t blocked_ms(const struct round *round, account_id account)
{
	for (size_t i = 0; i < round->nblocked; i++) {
		if (round->blocked[i].account == account) return round->blocked[i].until_ms;
	}
	return 0;
}

/* A row of SCHEDULED whose time has come. Takes. */
static void act_on_scheduled(struct outbox *outbox, struct round *round, struct outgoing *item)
{
	struct err why = {0};
	int64_t until = 0;
	struct outbox_facts facts = facts_of(outbox, item);
	facts.blocked_ms = blocked_ms(round, item->account);
	enum outbox_verdict verdict = outbox_judge(item, &facts, &until, &why);
	if (verdict == OUTBOX_CROWDED) outbox_notice(outbox, ERR_NONE, "%s", why.text);
	struct err full = {0};
	if (verdict == OUTBOX_GO && outbox->lock && !reserve_make(outbox->core->state_dir, &full)) {
		stop_for(outbox, &full);
		outgoing_free(item);
	} else if (verdict == OUTBOX_GO) {
		errand_send(outbox, item);
	} else if (verdict == OUTBOX_WAIT) {
		block(round, item->account, until);
		wait_for(outbox, item, until, why.text);
	} else {
		put_off(outbox, item, verdict, &why);
	}
}

/* Takes. */
static void act_on(struct outbox *outbox, struct round *round, struct outgoing *item)
{
	struct err why = {0};
	if (item->damaged || errand_of_account(outbox, item->account)) {
		outgoing_free(item);
	} else if (!lane_is_open(outbox, item->account, round->now_ms, &why)) {
		block(round, item->account, lane_of(outbox, item->account)->until_ms);
		/* What failed stands there already. */
		wait_for(outbox, item, 0, why.code == ERR_RATE_LIMITED ? item->cause : why.text);
	} else if (item->state == OUTGOING_SCHEDULED) {
		act_on_scheduled(outbox, round, item);
	} else if (item->state == OUTGOING_KEPT && item->wish) {
		errand_withdraw(outbox, item);
	} else {
		errand_look(outbox, item);
	}
}

/* All that came due by accident is held in one go, or what is left of it would be sent. */
static bool is_crowd(struct outbox *outbox, int64_t now_ms)
{
	struct queue_due due = {0};
	return queue_db_count_due(outbox->db, now_ms, 0, &due, NULL) && due.drafts > OUTBOX_CROWD;
}

static void hold_crowd(struct outbox *outbox, struct outgoing **items, size_t n)
{
	struct err why = {0};
	struct queue_due due = {0};
	int64_t now = core_wall(outbox->core), until;
	queue_db_count_due(outbox->db, now, 0, &due, NULL);
	for (size_t i = 0; i < n; i++) {
		struct outbox_facts facts = {.now_ms = now, .drafts_due = due.drafts};
		if (items[i]->state != OUTGOING_SCHEDULED || items[i]->damaged) continue;
		enum outbox_verdict verdict = outbox_judge(items[i], &facts, &until, &why);
		if (verdict == OUTBOX_GO || verdict == OUTBOX_WAIT || verdict == OUTBOX_UNKEEP)
			continue;
		put_off(outbox, outgoing_copy(items[i]), verdict, &why);
	}
	if (*why.text) outbox_notice(outbox, ERR_NONE, "%s", why.text);
}

/* Look at what is due, once. False when there is nothing to be done about it now. */
static bool look(struct outbox *outbox, struct round *round)
{
	struct outgoing **items = NULL;
	size_t n = 0;
	struct err err = {0};
	bool crowd = is_crowd(outbox, round->now_ms);
	size_t max = crowd ? SIZE_MAX >> 1 : DUE_AT_ONCE;
	if (!queue_db_due(outbox->db, round->now_ms, max, &items, &n, &err)) {
		stop_for(outbox, &err);
		return false;
	}
	if (crowd) {
		hold_crowd(outbox, items, n);
		outgoing_list_free(items, n);
		return false; /* the next round sees the rest */
	}
	outbox->changed = false;
	for (size_t i = 0; i < n; i++)
		act_on(outbox, round, items[i]);
	free(items);
	return outbox->changed;
}

/* Errands of these accounts are over soon; what waits for a clock is told by next_ms. */
static void look_at_all(struct outbox *outbox)
{
	struct round round = {.now_ms = core_wall(outbox->core), .next_ms = INT64_MAX};
	int64_t next = INT64_MAX;
	struct err err = {0};
	outbox->look_ms = INT64_MAX;
	if (outbox->stopped) adopt_orphans(outbox);
	look(outbox, &round);
	if (!queue_db_next(outbox->db, round.now_ms, &next, &err)) stop_for(outbox, &err);
	int64_t tend = outbox_tend(outbox, round.now_ms);
	if (tend < next) next = tend;
	if (round.next_ms < next) next = round.next_ms;
	if (next < outbox->look_ms) outbox->look_ms = next;
	free(round.blocked);
}

int64_t outbox_tick(struct core *core, int64_t now_ms)
{
	struct outbox *outbox = core->outbox;
	struct err err = {0};
	try_lock(outbox);
	errands_media(outbox);
	if (outbox->serial != core->serial) outbox->changed = true; /* somebody signed in */
	outbox->serial = core->serial;
	int64_t wall = core_wall(core);
	bool acts = outbox->sends && !core->quitting && !queue_db_is_broken(outbox->db);
	bool look_now = outbox->changed || wall >= outbox->look_ms;
	for (int i = 0; look_now && i < DUE_AT_ONCE; i++) {
		outbox->changed = false;
		if (acts) look_at_all(outbox);
		if (!outbox_tell(outbox, &err)) log_put(LOG_WARN, "outbox", "%s", err.text);
		outbox_waits_look(outbox);
		look_now = outbox->changed && (!outbox->stopped || i == 0);
	}
	resign(outbox);
	if (!acts || outbox->look_ms == INT64_MAX) return INT64_MAX;
	int64_t left = outbox->look_ms - core_wall(core);
	return now_ms + (left > 0 ? left : 0);
}

void outbox_woken(struct core *core)
{
	struct outbox *outbox = core->outbox;
	if (outbox->lock) outbox_lock_heard(outbox->lock);
	if (queue_db_was_written(outbox->db)) outbox->changed = true;
	outbox->look_ms = 0; /* the clock may be another */
	int64_t offset = core_wall(core) - core_now(core);
	if (outbox->sends && offset < outbox->offset_ms) outbox_review(outbox);
	outbox->offset_ms = offset;
}

void outbox_resumed(struct core *core)
{
	struct outbox *outbox = core->outbox;
	lanes_open(outbox);
	if (outbox->sends) outbox_review(outbox);
	outbox->changed = true;
}

/* -- start and stop -- */

bool outbox_start(struct core *core, const struct engine_options *opts, struct err *err)
{
	struct outbox *outbox = xcalloc(1, sizeof(*outbox));
	core->outbox = outbox;
	outbox->core = core;
	outbox->db = core->db;
	outbox->sender = opts->sender ? xstrdup(opts->sender) : NULL;
	outbox->settle_ms = opts->outbox_settle_ms ? opts->outbox_settle_ms : OUTBOX_SETTLE_MS;
	outbox->spacing_ms = opts->outbox_spacing_ms < 0 ? 0
	                     : opts->outbox_spacing_ms   ? opts->outbox_spacing_ms
	                                                 : OUTBOX_SPACING_MS;
	outbox->owner = outbox_owner();
	outbox->media_program = media_program();
	outbox->killpoint = getenv("STOA_KILLPOINT");
	queue_db_was_written(outbox->db);
	bool writes = !queue_db_is_broken(outbox->db);
	if (core->state_dir && writes) {
		outbox->lock = outbox_lock_open(
		        core->state_dir, outbox->sender ? outbox->sender : "", core->inbox, err);
		if (!outbox->lock) return false;
	}
	if (outbox->sender && writes && (!outbox->lock || outbox_lock_take(outbox->lock)))
		become_sender(outbox);
	outbox_tell_sender(outbox);
	outbox->changed = true;
	return outbox_tell(outbox, err);
}

void outbox_free(struct core *core)
{
	struct outbox *outbox = core->outbox;
	if (!outbox) return;
	while (outbox->errands)
		errand_free(outbox->errands);
	struct lane *lane, *next;
	HASH_ITER(hh, outbox->lanes, lane, next)
	{
		HASH_DEL(outbox->lanes, lane);
		free(lane);
	}
	while (outbox->waits) {
		struct outbox_wait *wait = outbox->waits;
		DL_DELETE(outbox->waits, wait);
		free(wait);
	}
	outbox_lock_close(outbox->lock);
	free((void *)outbox->sender);
	free(outbox->owner);
	free(outbox->media_program);
	free(outbox->holds);
	free(outbox->stopped);
	free(outbox);
	core->outbox = NULL;
}
