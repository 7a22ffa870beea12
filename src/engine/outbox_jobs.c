#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/measure.h"
#include "engine/outbox.h"
#include "engine/outbox_batch.h"
#include "engine/outbox_files.h"
#include "engine/outbox_media.h"

/* What people want of drafts and of posts on their way out, once they are there. */

static enum outcome fail(struct err *err, enum err_code code, const char *text)
{
	err_set(err, code, "%s", text);
	return OUTCOME_FAILED;
}

/* -- drafts -- */

/* The id that an earlier job gave the draft; 0: it is not known (any more). */
static int64_t first_kept(const struct outbox *outbox, int64_t job)
{
	for (size_t i = 0; job && i < OUTBOX_FIRST_KEPT; i++) {
		if ((int64_t)outbox->first_kept[i].job == job) return outbox->first_kept[i].draft;
	}
	return 0;
}

enum outcome outbox_draft(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outbox *outbox = core->outbox;
	if (!job->draft) return fail(err, ERR_SYNTAX, "which draft?");
	bool first = !job->draft->id;
	if (first) job->draft->id = first_kept(outbox, job->number);
	if (!queue_db_put_draft(core->db, job->draft, core_wall(core), err)) return OUTCOME_FAILED;
	open->number = job->draft->id;
	if (first) {
		size_t at = outbox->nfirst_kept++ % OUTBOX_FIRST_KEPT;
		outbox->first_kept[at].job = job->id;
		outbox->first_kept[at].draft = job->draft->id;
	}
	outbox_tell(outbox, NULL);
	return OUTCOME_OVER;
}

enum outcome outbox_draft_drop(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	bool was_there = false;
	(void)open;
	if (!queue_db_drop_draft(core->db, job->number, core_wall(core), &was_there, err))
		return OUTCOME_FAILED;
	if (!was_there) return fail(err, ERR_NOT_FOUND, "there is no such draft");
	outbox_tell(core->outbox, NULL);
	return OUTCOME_OVER;
}

/* -- changes -- */

/* The row that a job names; NULL with the reason. Owned. */
static struct outgoing *item_of(struct core *core, const struct job *job, struct err *err)
{
	struct outgoing *item = queue_db_outgoing(core->db, job->number, err);
	if (item && item->damaged) {
		err_set(err, ERR_FORMAT, "its record in queue.db is damaged");
		outgoing_free(item);
		return NULL;
	}
	return item;
}

/* Write it, and end the job. Takes. */
static enum outcome settle(struct core *core, struct outgoing *item, struct err *err)
{
	enum queue_step how = queue_db_step(core->db, item, 0, core_wall(core), err);
	outgoing_free(item);
	outbox_changed(core->outbox);
	if (how == QUEUE_STEP_LOST)
		return fail(err, ERR_CANCELLED, "it has just changed: look again");
	if (how != QUEUE_STEP_DONE) return OUTCOME_FAILED;
	outbox_tell(core->outbox, NULL);
	return OUTCOME_OVER;
}

static enum outcome refuse(struct outgoing *item, struct err *err)
{
	bool under_way = item->state == OUTGOING_SENDING || item->state == OUTGOING_UNKNOWN;
	if (under_way)
		err_set(err, ERR_REFUSED,
		        "it may be there already: wait until its server was asked");
	else
		err_set(err, ERR_REFUSED, "it is %s: %s", outgoing_states[item->state].name,
		        outgoing_states[item->state].help);
	outgoing_free(item);
	return OUTCOME_FAILED;
}

/* Has it surely not been posted, and does no server keep it? */
static bool is_ours(const struct outgoing *item)
{
	return item->state == OUTGOING_SCHEDULED || item->state == OUTGOING_CLAIMED ||
	       item->state == OUTGOING_MISSED || item->state == OUTGOING_FAILED ||
	       item->state == OUTGOING_NEEDS_YOU;
}

static void wait_for_row(struct core *core, const struct open_job *open, int64_t item)
{
	struct outbox_wait *wait = xcalloc(1, sizeof(*wait));
	wait->job = open->id;
	wait->item = item;
	wait->since_ms = core_wall(core);
	DL_APPEND(core->outbox->waits, wait);
}

/* Something of KEPT is wished, and whoever sends does it. Takes. */
static enum outcome wish(struct core *core, struct outgoing *item, enum outgoing_wish what,
        struct open_job *open, struct err *err)
{
	int64_t id = item->id;
	item->wish = what;
	item->next_ms = 0;
	free(item->cause);
	item->cause = NULL;
	enum outcome how = settle(core, item, err);
	if (how != OUTCOME_OVER || !open) return how;
	wait_for_row(core, open, id);
	return OUTCOME_PENDING;
}

/* Another post in the place of one that its server keeps. Takes both. */
static enum outcome replace_kept(struct core *core, struct outgoing *old, struct outgoing *item,
        struct open_job *open, struct err *err)
{
	item->id = 0;
	item->replaces = old->id;
	item->state = OUTGOING_SCHEDULED;
	item->wish = OUTGOING_WISH_NONE;
	item->next_ms = item->first_ms = item->server_first_ms = 0;
	item->attempts = item->looks = 0;
	free(item->frozen);
	free(item->remote_id);
	free(item->key);
	item->frozen = item->remote_id = NULL;
	/* By the old key the server would look for the one that is withdrawn. */
	const struct signin *signin = signin_by_id(core, item->account);
	item->key = signin ? outbox_new_key(core, signin) : NULL;
	bool ok = queue_db_send(core->db, &item, 1, 0, core_wall(core), err);
	outgoing_free(item);
	if (ok) return wish(core, old, OUTGOING_WISH_CANCEL, open, err);
	outgoing_free(old);
	return OUTCOME_FAILED;
}

/* What was uploaded for the same file and words is used again. */
static void carry_media(struct outgoing *item, struct outgoing *from)
{
	for (size_t i = 0; i < item->nmedia; i++) {
		for (size_t j = 0; j < from->nmedia; j++) {
			const char *a = item->media[i].alt ? item->media[i].alt : "";
			const char *b = from->media[j].alt ? from->media[j].alt : "";
			if (strcmp(item->media[i].path, from->media[j].path) != 0 ||
			        strcmp(a, b) != 0 || item->media[i].made)
				continue;
			item->media[i].made = from->media[j].made;
			from->media[j].made = NULL;
		}
	}
}

/* `item` with what the draft says now. Owned; NULL with the reason. */
static struct outgoing *rewritten(
        struct core *core, struct outgoing *item, const struct draft *draft, struct err *err)
{
	const struct signin *signin = outbox_poster(core, item->account, err);
	if (!signin) return NULL;
	struct outgoing *now = outgoing_of(draft, 0, item->account, signin->account->network);
	if (!measure_check(signin->account, now, err)) {
		outgoing_free(now);
		return NULL;
	}
	bool moved = draft->at.utc_ms != 0;
	now->id = item->id;
	now->rev = item->rev;
	now->draft = item->draft;
	now->part = item->part;
	now->after = item->after;
	now->state = item->state == OUTGOING_CLAIMED ? OUTGOING_SCHEDULED : item->state;
	now->replaces = item->replaces;
	now->parked = item->parked;
	now->held = item->held;
	now->made_ms = item->made_ms;
	now->undo_until_ms = item->undo_until_ms;
	now->cause = xstrdup(item->cause);
	now->key = outbox_new_key(core, signin);
	if (!moved) now->at = item->at;
	carry_media(now, item);
	if (!outbox_decide_keep(core, signin, now, !item->after, err)) {
		outgoing_free(now);
		return NULL;
	}
	return now;
}

enum outcome outbox_change(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outgoing *item = item_of(core, job, err);
	if (!item) return OUTCOME_FAILED;
	if (!job->draft || job->draft->nparts != 1 || outbox_is_blank(&job->draft->parts[0])) {
		outgoing_free(item);
		return fail(err, ERR_SYNTAX, "there is nothing to post");
	}
	if (!is_ours(item) && item->state != OUTGOING_KEPT) return refuse(item, err);
	struct outgoing *now = rewritten(core, item, job->draft, err);
	if (now && !outbox_files_take(core->outbox, &now, 1, err)) {
		outgoing_free(now);
		now = NULL;
	}
	if (now && item->state == OUTGOING_KEPT) return replace_kept(core, item, now, open, err);
	outgoing_free(item);
	return now ? settle(core, now, err) : OUTCOME_FAILED;
}

/* The parts behind it go with it. */
static bool move_rest(struct core *core, const struct outgoing *item, struct err *err)
{
	struct outgoing **all = NULL;
	size_t n = 0;
	bool ok = queue_db_in_state(core->db, OUTGOING_SCHEDULED, item->account, &all, &n, err);
	for (size_t i = 0; ok && i < n; i++) {
		if (all[i]->draft != item->draft || all[i]->part <= item->part || !all[i]->after)
			continue;
		all[i]->at = item->at;
		ok = queue_db_step(core->db, all[i], QUEUE_STEP_QUIET, core_wall(core), err) ==
		     QUEUE_STEP_DONE;
	}
	outgoing_list_free(all, n);
	return ok;
}

static bool read_when(char *arg, struct when *out, struct err *err)
{
	char *zone = arg ? strchr(arg, '\n') : NULL;
	char *fold = zone ? strchr(zone + 1, '\n') : NULL;
	if (zone) *zone++ = '\0';
	if (fold) *fold++ = '\0';
	if (!zone) return err_set(err, ERR_SYNTAX, "to which time?");
	return when_resolve(arg, zone, fold && *fold == '1', out, err);
}

enum outcome outbox_move(struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct when at = {0};
	if (!read_when(job->arg, &at, err)) return OUTCOME_FAILED;
	if (at.utc_ms <= core_wall(core)) return fail(err, ERR_SYNTAX, "that time has passed");
	struct outgoing *item = item_of(core, job, err);
	if (!item) return OUTCOME_FAILED;
	if (!is_ours(item) && item->state != OUTGOING_KEPT) return refuse(item, err);
	if (item->after) {
		outgoing_free(item);
		return fail(err, ERR_REFUSED, "it follows the part before it: move the first one");
	}
	const struct signin *signin = outbox_poster(core, item->account, err);
	struct outgoing *moved = outgoing_copy(item);
	moved->at = at;
	moved->state = OUTGOING_SCHEDULED;
	moved->held = moved->sure = moved->parked = false;
	if (item->state == OUTGOING_NEEDS_YOU) moved->replaces = 0;
	moved->next_ms = moved->undo_until_ms = 0;
	outgoing_cause(moved, "moved");
	bool ok = signin && outbox_decide_keep(core, signin, moved, true, err);
	if (ok && item->state == OUTGOING_KEPT) return replace_kept(core, item, moved, open, err);
	outgoing_free(item);
	ok = ok && move_rest(core, moved, err);
	if (ok) return settle(core, moved, err);
	outgoing_free(moved);
	return OUTCOME_FAILED;
}

enum outcome outbox_cancel(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outgoing *item = item_of(core, job, err);
	if (!item) return OUTCOME_FAILED;
	if (item->state == OUTGOING_KEPT) return wish(core, item, OUTGOING_WISH_CANCEL, open, err);
	if (!is_ours(item)) return refuse(item, err);
	item->state = OUTGOING_CANCELLED;
	outgoing_cause(item, "taken back");
	return settle(core, item, err);
}

enum outcome outbox_retry(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outgoing *item = item_of(core, job, err);
	(void)open;
	if (!item) return OUTCOME_FAILED;
	if (!is_ours(item) || item->state == OUTGOING_CLAIMED) return refuse(item, err);
	struct outgoing *before =
	        item->after ? queue_db_outgoing(core->db, item->after, NULL) : NULL;
	bool waits = before && before->state != OUTGOING_SENT;
	outgoing_free(before);
	if (waits) {
		outgoing_free(item);
		return fail(err, ERR_REFUSED, "it waits for the part before it: send that first");
	}
	if (item->state == OUTGOING_FAILED) { /* perhaps it is prepared otherwise now */
		free(item->frozen);
		item->frozen = NULL;
	}
	/* What it was to replace was posted, and the user knows. */
	if (item->state == OUTGOING_NEEDS_YOU) item->replaces = 0;
	item->state = OUTGOING_SCHEDULED;
	item->sure = true;
	item->held = item->parked = false;
	item->next_ms = item->undo_until_ms = 0;
	item->looks = 0;
	lane_well(core->outbox, item->account);
	outgoing_cause(item, "you said that it shall go");
	return settle(core, item, err);
}

enum outcome outbox_was_sent(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct outgoing *item = item_of(core, job, err);
	(void)open;
	if (!item) return OUTCOME_FAILED;
	if (item->state != OUTGOING_NEEDS_YOU && item->state != OUTGOING_UNKNOWN)
		return refuse(item, err);
	item->state = OUTGOING_SENT;
	item->sent_ms = core_wall(core);
	outgoing_cause(item, "you said that it was posted");
	return settle(core, item, err);
}
