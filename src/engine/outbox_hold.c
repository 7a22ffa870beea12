#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/outbox.h"

/*
 * Stopping everything. The hold is a durable row that the step to SENDING looks at in its
 * own transaction, so that nothing leaves after it stands; the job ends once what was on
 * its way then has ended, and what servers keep was withdrawn or could not be.
 */

static void wish_back(struct core *core, account_id account)
{
	struct outgoing **items = NULL;
	size_t n = 0;
	if (!queue_db_in_state(core->db, OUTGOING_KEPT, account, &items, &n, NULL)) return;
	for (size_t i = 0; i < n; i++) {
		if (items[i]->damaged || items[i]->wish == OUTGOING_WISH_CANCEL) continue;
		items[i]->wish = OUTGOING_WISH_BACK;
		items[i]->next_ms = 0;
		outgoing_cause(items[i], "held: it is being withdrawn");
		outbox_step(core->outbox, items[i], QUEUE_STEP_QUIET);
	}
	outgoing_list_free(items, n);
}

enum outcome outbox_hold(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outbox *outbox = core->outbox;
	if (job->account && !signin_by_id(core, job->account)) {
		err_set(err, ERR_NOT_FOUND, "there is no such account");
		return OUTCOME_FAILED;
	}
	if (!queue_db_hold(core->db, job->account, job->on, core_wall(core), err))
		return OUTCOME_FAILED;
	outbox_changed(outbox);
	outbox_tell(outbox, NULL);
	if (!job->on) return OUTCOME_OVER;
	outbox_point(outbox, "held");
	wish_back(core, job->account);
	struct outbox_wait *wait = xcalloc(1, sizeof(*wait));
	wait->job = open->id;
	wait->account = job->account;
	wait->since_ms = core_wall(core);
	DL_APPEND(outbox->waits, wait);
	return OUTCOME_PENDING;
}

/* -- the ends of jobs that wait -- */

/* Does anybody act on rows at all? */
static bool nobody_sends(struct outbox *outbox)
{
	struct str name = {0};
	bool held = outbox->sends || !outbox->lock || outbox_lock_holder(outbox->lock, &name);
	str_finish(&name);
	return !held;
}

/* Was its withdrawal tried since, in vain? */
static bool tried(const struct outgoing *item, const struct outbox_wait *wait)
{
	return item->changed_ms >= wait->since_ms && item->next_ms > wait->since_ms;
}

static bool row_is_over(struct outbox *outbox, const struct outbox_wait *wait)
{
	struct err err = {0};
	struct outgoing *item = queue_db_outgoing(outbox->db, wait->item, &err);
	bool over = true;
	if (!item) {
		jobs_done(outbox->core, wait->job, &err);
	} else if (item->state == OUTGOING_CANCELLED) {
		jobs_done_said(outbox->core, wait->job, xstrdup("taken back"));
	} else if (item->state != OUTGOING_KEPT) {
		err_set(&err, ERR_REFUSED, "it was posted before it could be withdrawn");
		jobs_done(outbox->core, wait->job, &err);
	} else if (tried(item, wait)) {
		err_set(&err, ERR_SERVER, "%s; it is tried again", item->cause);
		jobs_done(outbox->core, wait->job, &err);
	} else if (nobody_sends(outbox)) {
		err_set(&err, ERR_CANCELLED, "it is withdrawn as soon as a deck or daemon runs");
		jobs_done(outbox->core, wait->job, &err);
	} else {
		over = false;
	}
	outgoing_free(item);
	return over;
}

static void name_kept(struct outbox *outbox, struct outgoing **kept, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct signin *signin = signin_by_id(outbox->core, kept[i]->account);
		str_addf(out, "%s%lld at %s", i ? ", " : "", (long long)kept[i]->id,
		        signin ? signin->account->host : "its server");
	}
}

static bool hold_is_over(struct outbox *outbox, const struct outbox_wait *wait)
{
	struct outgoing **sending = NULL, **kept = NULL;
	size_t nsending = 0, nkept = 0, waiting = 0;
	struct err err = {0};
	bool ok = queue_db_in_state(
	                  outbox->db, OUTGOING_SENDING, wait->account, &sending, &nsending, &err) &&
	          queue_db_in_state(outbox->db, OUTGOING_KEPT, wait->account, &kept, &nkept, &err);
	for (size_t i = 0; ok && i < nkept; i++)
		waiting += !tried(kept[i], wait);
	bool nobody = nobody_sends(outbox);
	bool over = !ok || nobody || (!nsending && !waiting);
	if (!ok) {
		jobs_done(outbox->core, wait->job, &err);
	} else if (over) {
		struct str said = {0};
		str_adds(&said, "held: nothing goes out");
		if (nkept) str_adds(&said, "; servers still keep ");
		name_kept(outbox, kept, nkept, &said);
		jobs_done_said(outbox->core, wait->job, str_take(&said));
	}
	outgoing_list_free(sending, nsending);
	outgoing_list_free(kept, nkept);
	return over;
}

void outbox_waits_look(struct outbox *outbox)
{
	struct outbox_wait *wait, *next;
	DL_FOREACH_SAFE(outbox->waits, wait, next)
	{
		bool gone = !jobs_find(outbox->core, wait->job);
		bool over = gone ||
		            (wait->item ? row_is_over(outbox, wait) : hold_is_over(outbox, wait));
		if (!over) continue;
		DL_DELETE(outbox->waits, wait);
		free(wait);
	}
}
