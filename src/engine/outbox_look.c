#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/outbox.h"
#include "engine/schedule.h"

/*
 * Asking the server. Of an UNKNOWN post: whether it is there; when it is not, the same
 * frozen request may go once more where the server knows it again, else the user is asked
 * after a second look. Of a KEPT one: whether it appeared after its time; or it is
 * withdrawn.
 */

enum { LOOK_AGAIN_MS = 5 * 60000, RETRY_MS = 30000 };

static const struct signin *signin_of(const struct errand *errand)
{
	return signin_by_id(errand->outbox->core, errand->item->account);
}

/* -- who may keep -- */

static char *never_key(const struct account *account)
{
	struct str key = {0};
	str_addf(&key, "keeps-not:%s", account->host);
	return str_take(&key);
}

struct finding {
	const char *key;
	bool found;
};

static void compare(void *ctx, const char *key, const char *value)
{
	struct finding *finding = ctx;
	(void)value;
	if (strcmp(key, finding->key) == 0) finding->found = true;
}

bool outbox_may_keep(const struct outbox *outbox, const struct account *account)
{
	const struct network *net = network_find(account->network);
	if (!net || !net->can_keep || !net->withdraw || !net->can_keep(account)) return false;
	char *key = never_key(account);
	struct finding finding = {.key = key};
	queue_db_values(outbox->db, compare, &finding, NULL);
	free(key);
	return !finding.found;
}

void outbox_never_keep(struct outbox *outbox, const struct account *account)
{
	struct err err = {0};
	char *key = never_key(account);
	if (!queue_db_put(outbox->db, key, "it posted at once", &err))
		outbox_notice(outbox, err.code, "%s", err.text);
	free(key);
}

/* -- looking -- */

/* The look itself failed; the row stays as it is until the next. */
static void look_later(struct errand *errand, const struct err *err)
{
	struct outgoing *item = errand->item;
	if (err->code != ERR_CANCELLED) {
		lane_failed(errand->outbox, item->account, err);
		item->next_ms = core_wall(errand->outbox->core) + RETRY_MS;
		outgoing_cause(item, "its server could not be asked: %s", err->text);
		outbox_step(errand->outbox, item, QUEUE_STEP_LAZY);
	}
	errand_free(errand);
}

static void ask_user(struct errand *errand, const char *why)
{
	struct outgoing *item = errand->item;
	item->state = OUTGOING_NEEDS_YOU;
	outgoing_cause(item, "%s", why);
	outbox_step(errand->outbox, item, 0);
	errand_free(errand);
}

static void look_again(struct errand *errand, int64_t in_ms, const char *why)
{
	struct outgoing *item = errand->item;
	item->next_ms = core_wall(errand->outbox->core) + in_ms;
	outgoing_cause(item, "%s", why);
	outbox_step(errand->outbox, item, QUEUE_STEP_LAZY);
	errand_free(errand);
}

/* A server's list of what it keeps is whole: when it is not in it, it may be handed over anew. */
static void hand_over_again(struct errand *errand)
{
	struct outgoing *item = errand->item;
	int64_t ahead = item->at.utc_ms - core_wall(errand->outbox->core);
	item->state = OUTGOING_SCHEDULED;
	item->keep = ahead >= OUTBOX_KEEP_AHEAD_MS;
	item->looks = 0;
	outgoing_cause(item, "its server does not have it: it goes again");
	outbox_step(errand->outbox, item, 0);
	errand_free(errand);
}

static void unknown_not_found(struct errand *errand, int64_t server_ms)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	const struct signin *signin = signin_of(errand);
	int64_t repeat =
	        signin && signin->net->repeat_ms ? signin->net->repeat_ms(signin->account) : 0;
	if (errand_is_early(errand)) {
		look_again(errand, item->at.utc_ms - core_wall(outbox->core),
		        "the server does not show it, and its time is still to come");
		return;
	}
	item->looks++;
	if (outbox_may_repeat(item, repeat, server_ms)) {
		outbox_point(outbox, "repeat");
		errand_publish(errand);
	} else if (item->looks < OUTBOX_LOOKS) {
		look_again(errand, errand_settle_ms(errand),
		        "the server does not show it: one more look");
	} else if (item->keep) {
		hand_over_again(errand);
	} else {
		ask_user(errand, "was it posted? The server was asked twice and does not show it");
	}
}

static void kept_not_found(struct errand *errand)
{
	struct outgoing *item = errand->item;
	char why[200];
	const struct signin *signin = signin_of(errand);
	snprintf(why, sizeof(why), "%.80s kept it, but did not post it at its time",
	        signin ? signin->account->host : "its server");
	if (++item->looks < OUTBOX_LOOKS) {
		look_again(errand, errand_settle_ms(errand), "its time has come: one more look");
		return;
	}
	outbox_notice(errand->outbox, ERR_SERVER, "%s", why);
	item->keep = false;
	ask_user(errand, why);
}

/* The server still keeps it: before its time that is how it should be. */
static void still_kept(struct errand *errand)
{
	struct outgoing *item = errand->item;
	int64_t late = core_wall(errand->outbox->core) - item->at.utc_ms;
	if (item->state == OUTGOING_UNKNOWN || late < OUTBOX_KEPT_GRACE_MS) {
		errand_sent(errand); /* KEPT, with the id that was found */
		return;
	}
	char span[32], why[160];
	outbox_span(late, span);
	snprintf(why, sizeof(why), "the server still keeps it, %s after its time", span);
	look_again(errand, LOOK_AGAIN_MS, why);
}

/* Of two posts with the same text the server may have shown us the other. */
static bool is_another(const struct errand *errand)
{
	return queue_db_is_taken(errand->outbox->db, errand->item->account, errand->item->id,
	        errand->publish.remote_id);
}

static void looked(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct publish *publish = &errand->publish;
	struct err err = fetch->call.err;
	int64_t server = publish->server_ms ? publish->server_ms : fetch->server_ms;
	if (how == CALL_DONE && publish->found && is_another(errand)) publish->found = false;
	outbox_point(errand->outbox, "looked");
	if (how != CALL_DONE)
		look_later(errand, &err);
	else if (publish->found && publish->kept)
		still_kept(errand);
	else if (publish->found)
		errand_sent(errand);
	else if (errand->item->state == OUTGOING_KEPT)
		kept_not_found(errand);
	else
		unknown_not_found(errand, server);
}

void errand_look(struct outbox *outbox, struct outgoing *item)
{
	struct errand *errand = errand_new(outbox, item);
	const struct signin *signin = signin_of(errand);
	if (errand_call(errand, signin ? signin->net->reconcile : NULL, looked))
		fetch_begin(errand->fetch);
	else
		unknown_not_found(errand, 0);
}

/* -- withdrawing -- */

/* It is not at the server any more, and never was posted. */
static void is_withdrawn(struct errand *errand)
{
	struct outbox *outbox = errand->outbox;
	struct outgoing *item = errand->item;
	const struct signin *signin = signin_of(errand);
	bool back = item->wish == OUTGOING_WISH_BACK;
	item->state = back ? OUTGOING_SCHEDULED : OUTGOING_CANCELLED;
	item->wish = OUTGOING_WISH_NONE;
	item->next_ms = item->looks = item->attempts = 0;
	item->first_ms = item->server_first_ms = 0;
	free(item->remote_id);
	free(item->frozen);
	item->remote_id = item->frozen = NULL;
	if (back && signin && signin->net->make_key) {
		free(item->key); /* another post, as far as the server is concerned */
		item->key = signin->net->make_key(
		        core_wall(outbox->core), random_below(&outbox->core->random, UINT64_MAX));
	}
	outgoing_cause(item, "%s", back ? "the server gave it back" : "taken back");
	if (outbox_step(outbox, item, 0) == QUEUE_STEP_DONE) outbox_point(outbox, "withdrawn");
	errand_free(errand);
}

static void withdraw_failed(struct errand *errand, const struct err *err)
{
	struct outgoing *item = errand->item;
	if (err->code != ERR_CANCELLED) {
		item->next_ms = core_wall(errand->outbox->core) + RETRY_MS;
		outgoing_cause(item, "it could not be withdrawn: %s", err->text);
		outbox_step(errand->outbox, item, 0);
	}
	errand_free(errand);
}

/* It was not among what the server keeps: posted, or not there at all? */
static void found_out(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct err err = fetch->call.err;
	if (how != CALL_DONE) {
		withdraw_failed(errand, &err);
	} else if (errand->publish.found && !errand->publish.kept) {
		errand_sent(errand);
	} else if (errand->publish.found) {
		err_set(&err, ERR_SERVER, "the server keeps it all the same");
		withdraw_failed(errand, &err);
	} else {
		is_withdrawn(errand);
	}
}

static void withdrawn(struct fetch *fetch, enum call_next how)
{
	struct errand *errand = fetch->errand;
	struct err err = fetch->call.err;
	const struct signin *signin = signin_of(errand);
	outbox_point(errand->outbox, "withdrawing");
	if (how != CALL_DONE)
		withdraw_failed(errand, &err);
	else if (errand->publish.found)
		is_withdrawn(errand);
	else if (errand_call(errand, signin ? signin->net->reconcile : NULL, found_out))
		fetch_begin(errand->fetch);
	else
		is_withdrawn(errand);
}

void errand_withdraw(struct outbox *outbox, struct outgoing *item)
{
	struct errand *errand = errand_new(outbox, item);
	const struct signin *signin = signin_of(errand);
	struct err err = {0};
	if (errand_call(errand, signin ? signin->net->withdraw : NULL, withdrawn)) {
		errand->fetch->writes = true;
		fetch_begin(errand->fetch);
		return;
	}
	err_set(&err, ERR_UNSUPPORTED, "its server cannot");
	withdraw_failed(errand, &err);
}
