#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/measure.h"
#include "engine/outbox.h"
#include "engine/outbox_batch.h"
#include "engine/outbox_files.h"
#include "engine/outbox_media.h"

/* A draft becomes rows: looked at by its networks, kept by a server or here, written. */

char *outbox_new_key(struct core *core, const struct signin *signin)
{
	uint64_t random;
	random_secret(&random, sizeof(random));
	return signin->net->make_key ? signin->net->make_key(core_wall(core), random) : NULL;
}

/* Shall the server keep it? Asked for, it may be refused. */
bool outbox_decide_keep(struct core *core, const struct signin *signin, struct outgoing *item,
        bool alone, struct err *err)
{
	bool ahead = item->at.utc_ms - core_wall(core) >= OUTBOX_KEEP_AHEAD_MS;
	bool can = outbox_may_keep(core->outbox, signin->account);
	item->keep = item->via != DRAFT_VIA_LOCAL && ahead && alone && can;
	if (item->keep || item->via != DRAFT_VIA_SERVER) return true;
	const char *host = signin->account->host;
	if (!can)
		return err_set(
		        err, ERR_UNSUPPORTED, "%s is not known to keep posts: say `local`", host);
	if (!alone)
		return err_set(
		        err, ERR_UNSUPPORTED, "a thread cannot be kept by %s: say `local`", host);
	return err_set(err, ERR_UNSUPPORTED, "%s keeps a post only from 6 minutes ahead on", host);
}

const struct signin *outbox_poster(struct core *core, account_id account, struct err *err)
{
	const struct signin *signin = signin_by_id(core, account);
	if (!signin || account == ACCOUNT_FEEDS) {
		err_set(err, ERR_NOT_FOUND, "there is no such account");
		return NULL;
	}
	if (!signin->net || !signin->net->publish)
		err_set(err, ERR_UNSUPPORTED, "%s cannot post", signin->account->network);
	else if (!signin->token)
		err_set(err, ERR_AUTH, "there is no token for '%s': sign in again",
		        signin->account->name);
	else
		return signin;
	return NULL;
}

bool outbox_is_blank(const struct draft_part *part)
{
	const char *text = part->text ? part->text : "";
	return !text[strspn(text, " \t\r\n")] && !part->nmedia && !part->poll;
}

/* Better said now than when its time has come. */
static bool look_at_media(struct outgoing *item, struct err *err)
{
	for (size_t i = 0; i < item->nmedia; i++) {
		if (!media_look(&item->media[i], err)) return false;
	}
	return true;
}

static bool add_item(struct core *core, const struct signin *signin, struct outgoing *item,
        bool alone, struct err *err)
{
	item->key = outbox_new_key(core, signin);
	return outbox_decide_keep(core, signin, item, alone, err) &&
	       measure_check(signin->account, item, err) && look_at_media(item, err);
}

/* All parts for one account. */
static bool add_account(struct core *core, const struct draft *draft, int64_t not_before_ms,
        account_id account, struct outbox_batch *batch, struct err *err)
{
	const struct signin *signin = outbox_poster(core, account, err);
	if (!signin) return false;
	size_t first = batch->n;
	for (size_t i = 0; i < draft->nparts; i++) {
		struct err why = {0};
		const char *network = signin->account->network;
		if (draft_leaves_out(draft, i, account, network)) continue;
		struct outgoing *item = outgoing_of(draft, i, account, network);
		batch->items[batch->n++] = item;
		if (!item->at.utc_ms) item->at = (struct when){.utc_ms = core_wall(core)};
		item->undo_until_ms = not_before_ms;
		item->after = batch->n - 1 > first ? -(int64_t)(batch->n - 1) : 0;
		bool ok = add_item(core, signin, item, draft->nparts == 1, &why);
		if (!ok && draft->nparts > 1)
			return err_set(err, why.code, "%s, part %zu: %s", signin->account->name,
			        i + 1, why.text);
		if (!ok) return err_set(err, why.code, "%s: %s", signin->account->name, why.text);
	}
	return true;
}

static bool is_empty_part(const struct draft *draft, size_t at)
{
	bool empty = outbox_is_blank(&draft->parts[at]);
	for (size_t i = 0; i < draft->nvariants; i++) {
		const char *text = draft->variants[i].text;
		if (draft->variants[i].part == at && text[strspn(text, " \t\r\n")]) empty = false;
	}
	return empty;
}

static bool is_sendable(struct core *core, const struct draft *draft, struct err *err)
{
	if (!draft || !draft->naccounts)
		return err_set(err, ERR_SYNTAX, "no account was chosen to post as");
	if (draft->naccounts > DRAFT_MAX_ACCOUNTS || draft->nparts > DRAFT_MAX_PARTS)
		return err_set(err, ERR_TOO_LARGE, "at most %d accounts and %d parts",
		        DRAFT_MAX_ACCOUNTS, DRAFT_MAX_PARTS);
	for (size_t i = 0; i < draft->nparts; i++) {
		if (is_empty_part(draft, i))
			return err_set(err, ERR_SYNTAX, "there is nothing to post%s",
			        draft->nparts > 1 ? " in a part" : "");
	}
	if (draft->at.utc_ms && draft->at.utc_ms <= core_wall(core) - 60000)
		return err_set(err, ERR_SYNTAX, "that time has passed");
	return true;
}

bool outbox_batch_add(struct core *core, const struct draft *draft, int64_t not_before_ms,
        struct outbox_batch *batch, struct err *err)
{
	if (!is_sendable(core, draft, err)) return false;
	size_t most = batch->n + draft->naccounts * draft->nparts;
	batch->items = mem_grow(batch->items, &batch->cap, most, sizeof(*batch->items));
	bool ok = true;
	for (size_t i = 0; ok && i < draft->naccounts; i++)
		ok = add_account(core, draft, not_before_ms, draft->accounts[i], batch, err);
	return ok;
}

void outbox_batch_finish(struct outbox_batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		outgoing_free(batch->items[i]);
	free(batch->items);
}

/* Cameras write into a picture where it was taken; what takes that away may be missing. */
static void warn_of_media(struct outbox *outbox, const struct outbox_batch *batch)
{
	size_t attached = 0;
	for (size_t i = 0; i < batch->n; i++)
		attached += batch->items[i]->nmedia;
	if (attached && outbox->lock && !outbox->media_program)
		outbox_notice(outbox, ERR_UNSUPPORTED,
		        "stoa-media is missing: files leave as they are, with all that they tell "
		        "of "
		        "where and when they were made");
}

bool outbox_batch_write(
        struct core *core, struct outbox_batch *batch, int64_t draft, struct err *err)
{
	if (!outbox_files_take(core->outbox, batch->items, batch->n, err)) return false;
	if (queue_db_send(core->db, batch->items, batch->n, draft, core_wall(core), err)) {
		warn_of_media(core->outbox, batch);
		return true;
	}
	outbox_files_drop(core->outbox, batch->items, batch->n);
	return false;
}

/* Where they wait, and for what. */
static char *fate_of(struct core *core, const struct job *job, const struct outbox_batch *batch)
{
	struct str said = {0};
	int64_t now = core_wall(core);
	size_t kept = 0;
	for (size_t i = 0; i < batch->n; i++)
		kept += batch->items[i]->keep;
	if (queue_db_is_held(core->db, 0)) {
		str_adds(&said, "waits: everything is held");
	} else if (job->draft->at.utc_ms <= now && job->at_ms > now) {
		char span[32];
		outbox_span(job->at_ms - now, span);
		str_addf(&said, "sends in %s", span);
	} else if (job->draft->at.utc_ms <= now) {
		str_adds(&said, "on its way");
	} else {
		str_adds(&said, "scheduled: ");
		when_print(&said, &job->draft->at, now);
		if (kept == batch->n)
			str_adds(&said, "; kept by the server");
		else
			str_addf(&said, "; %s here: a deck or `stoa daemon` has to run then",
			        kept ? "partly kept" : "kept");
	}
	return str_take(&said);
}

enum outcome outbox_send(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct draft *draft = job->draft;
	struct outbox_batch batch = {0};
	bool ok = outbox_batch_add(core, draft, job->at_ms, &batch, err);
	/* Its number is what its posts are found by, also when it was never kept before. */
	ok = ok && (draft->id || queue_db_put_draft(core->db, draft, core_wall(core), err));
	for (size_t i = 0; ok && i < batch.n; i++)
		batch.items[i]->draft = draft->id;
	ok = ok && outbox_batch_write(core, &batch, draft->id, err);
	if (ok) {
		outbox_point(core->outbox, "rows");
		outbox_changed(core->outbox);
		for (size_t i = 0; i < draft->naccounts; i++) {
			if (draft->at.utc_ms > core_wall(core))
				lane_check(core->outbox, draft->accounts[i]);
		}
		open->number = draft->id;
		outbox_tell(core->outbox, NULL);
		jobs_done_said(core, job->id, fate_of(core, job, &batch));
	}
	outbox_batch_finish(&batch);
	return ok ? OUTCOME_PENDING : OUTCOME_FAILED; /* its DONE has been sent */
}
