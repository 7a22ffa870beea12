#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/ask.h"
#include "engine/attention.h"
#include "engine/brief.h"
#include "engine/core.h"
#include "engine/fetch.h"
#include "engine/mark.h"
#include "engine/outbox.h"
#include "engine/outbox_batch.h"
#include "engine/pictures.h"
#include "engine/saved.h"
#include "engine/sign_in.h"
#include "engine/signin.h"
#include "engine/source.h"

enum { OLDER_ROWS = 60 };

struct open_job *jobs_find(struct core *core, job_id id)
{
	struct open_job *job = NULL;
	HASH_FIND(hh, core->jobs, &id, sizeof(id), job);
	return job;
}

static struct open_job *job_open(struct core *core, const struct job *job)
{
	struct open_job *open = xcalloc(1, sizeof(*open));
	open->id = job->id;
	open->kind = job->kind;
	HASH_ADD(hh, core->jobs, id, sizeof(open->id), open);
	return open;
}

static void finish(struct core *core, job_id id, const struct err *err, char *said)
{
	struct open_job *open = id ? jobs_find(core, id) : NULL;
	if (!open) {
		free(said);
		return;
	}
	HASH_DEL(core->jobs, open);
	if (open->source) DL_DELETE(open->source->waiting, open);
	if (open->fetch) open->fetch->job = 0;
	struct event *event = event_new(EVENT_DONE);
	event->reply_to = id;
	event->text = said;
	event->number = open->number;
	if (err) event->err = *err;
	core->emit(core->emit_ctx, event);
	free(open->arg);
	free(open);
}

void jobs_done(struct core *core, job_id id, const struct err *err)
{
	finish(core, id, err, NULL);
}

void jobs_done_said(struct core *core, job_id id, char *said)
{
	finish(core, id, NULL, said);
}

void jobs_done_all(struct core *core, struct open_job *list, const struct err *err)
{
	struct open_job *open, *next;
	DL_FOREACH_SAFE(list, open, next)
	{
		jobs_done(core, open->id, err);
	}
}

/* -- sources -- */

static enum outcome no_source(struct err *err)
{
	err_set(err, ERR_NOT_FOUND, "that source is not being watched");
	return OUTCOME_FAILED;
}

static enum outcome wait_for(struct source *source, struct open_job *open)
{
	open->source = source;
	DL_APPEND(source->waiting, open);
	return OUTCOME_PENDING;
}

static enum outcome do_watch(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	if (!source) {
		source = source_watch(core, job->source, job->arg ? job->arg : "", err);
		if (!source) return OUTCOME_FAILED;
		struct signin *signin = signin_find(core, source->ref.account);
		if (signin) signin_wake(core, signin);
		mark_read(core, source);
		return wait_for(source, open);
	}
	if (!source->loaded || source->fetch) return wait_for(source, open);
	if (source->problem.code == ERR_NONE) return OUTCOME_OVER;
	*err = source->problem;
	return OUTCOME_FAILED;
}

static enum outcome do_unwatch(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	struct err why = {.code = ERR_CANCELLED, .text = "no longer watched"};
	source_unwatch(source, &why);
	return OUTCOME_OVER;
}

static enum outcome do_refresh(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	if (!source_refresh(source, err))
		return err->code == ERR_NONE ? OUTCOME_OVER : OUTCOME_FAILED;
	return wait_for(source, open);
}

static enum outcome do_older(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	open->arg = job->arg;
	job->arg = NULL;
	core->asked++;
	archiver_older(core->archive, source->id, source->name, job->at_ms, OLDER_ROWS, job->id);
	return OUTCOME_PENDING;
}

static enum outcome more(struct source *source, enum fetch_want want, const char *cursor,
        struct open_job *open, struct err *err)
{
	if (!cursor || !*cursor) return OUTCOME_OVER;
	return source_more(source, want, cursor, open->id, err) ? OUTCOME_PENDING : OUTCOME_FAILED;
}

static enum outcome do_gap(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	return source ? more(source, FETCH_GAP, job->arg, open, err) : no_source(err);
}

static enum outcome do_article(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	if (!job->arg) {
		err_set(err, ERR_SYNTAX, "whose article?");
		return OUTCOME_FAILED;
	}
	core->asked++;
	archiver_article(core->archive, job->arg, job->id);
	return OUTCOME_PENDING;
}

static enum outcome do_mark(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	const struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	if (!job->arg || !*job->arg) {
		err_set(err, ERR_SYNTAX, "read up to which row?");
		return OUTCOME_FAILED;
	}
	mark_put(core, source, job->arg, job->at_ms);
	job->arg = NULL;
	return OUTCOME_OVER;
}

static enum outcome do_resumed(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)job, (void)open, (void)err;
	core_resumed(core);
	return OUTCOME_OVER;
}

/* -- what is remembered -- */

static enum outcome outcome(bool ok)
{
	return ok ? OUTCOME_OVER : OUTCOME_FAILED;
}

static enum outcome do_read(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	return outcome(
	        queue_db_set_read(core->db, job->keys, job->nkeys, job->on, core_wall(core), err));
}

static enum outcome do_visit(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	return outcome(
	        queue_db_visit(core->db, job->arg ? job->arg : "", job->at_ms, job->number, err));
}

static enum outcome do_put(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	char *value = job->arg ? strchr(job->arg, '\n') : NULL;
	if (!value) {
		err_set(err, ERR_SYNTAX, "a value to remember has a key and a value");
		return OUTCOME_FAILED;
	}
	*value++ = '\0';
	return outcome(queue_db_put(core->db, job->arg, value, err));
}

static enum outcome do_option(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	const char *name = job->arg ? job->arg : "";
	const struct {
		const char *name;
		int64_t *value;
	} known[] = {
	        {"refresh", &core->refresh_ms},
	        {"feed-refresh", &core->feed_refresh_ms},
	        {"outbox-settle", &core->outbox->settle_ms},
	        {"outbox-spacing", &core->outbox->spacing_ms},
	};
	int64_t *option = NULL;
	if (strcmp(name, "picture-cache") == 0) {
		pictures_limit(core->pictures, job->number);
		return OUTCOME_OVER;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i].name, name) == 0) option = known[i].value;
	}
	if (!option || job->number <= 0) {
		err_set(err, ERR_SYNTAX, "the engine knows no option '%s' of %lld ms", name,
		        (long long)job->number);
		return OUTCOME_FAILED;
	}
	*option = job->number;
	return OUTCOME_OVER;
}

/* -- feeds -- */

static enum outcome do_subscribe(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	struct feed *feed = job->feed;
	job->feed = NULL;
	if (!feed) {
		err_set(err, ERR_SYNTAX, "which feed?");
		return OUTCOME_FAILED;
	}
	return outcome(feeds_put(core, feed, err));
}

static enum outcome do_unsubscribe(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	return outcome(feeds_drop(core, job->arg ? job->arg : "", err));
}

/* -- the table -- */

static job_function *const functions[JOB_COUNT] = {
        [JOB_WATCH] = do_watch,
        [JOB_UNWATCH] = do_unwatch,
        [JOB_REFRESH] = do_refresh,
        [JOB_OLDER] = do_older,
        [JOB_GAP] = do_gap,
        [JOB_ARTICLE] = do_article,
        [JOB_READ] = do_read,
        [JOB_VISIT] = do_visit,
        [JOB_VISITS] = visits_begin,
        [JOB_BRIEF] = brief_begin,
        [JOB_PUT] = do_put,
        [JOB_LOGIN] = login_begin,
        [JOB_GUEST] = guest_begin,
        [JOB_SIGN_IN] = sign_in_begin,
        [JOB_CODE] = sign_in_pasted,
        [JOB_LOGOUT] = logout_begin,
        [JOB_LEARN] = ask_begin,
        [JOB_ACT] = ask_begin,
        [JOB_LOOKUP] = ask_begin,
        [JOB_ITEMS] = ask_begin,
        [JOB_PERSON] = ask_begin,
        [JOB_FILTERS] = ask_begin,
        [JOB_MARK] = do_mark,
        [JOB_SUBSCRIBE] = do_subscribe,
        [JOB_UNSUBSCRIBE] = do_unsubscribe,
        [JOB_ATTENTION] = attention_put,
        [JOB_SAVED] = saved_put,
        [JOB_DRAFT] = outbox_draft,
        [JOB_DRAFT_DROP] = outbox_draft_drop,
        [JOB_IMPORT] = outbox_import,
        [JOB_SEND] = outbox_send,
        [JOB_OUTGOING_CHANGE] = outbox_change,
        [JOB_OUTGOING_MOVE] = outbox_move,
        [JOB_OUTGOING_CANCEL] = outbox_cancel,
        [JOB_OUTGOING_RETRY] = outbox_retry,
        [JOB_OUTGOING_SENT] = outbox_was_sent,
        [JOB_HOLD] = outbox_hold,
        [JOB_OPTION] = do_option,
        [JOB_PICTURE] = pictures_want,
        [JOB_RESUMED] = do_resumed,
};

void jobs_take(struct core *core, struct job *job)
{
	struct err err = {0};
	job_id id = job->id;
	struct open_job *open = job_open(core, job);
	enum outcome how = OUTCOME_FAILED;
	if (functions[job->kind])
		how = functions[job->kind](core, job, open, &err);
	else
		err_set(&err, ERR_UNSUPPORTED, "this cannot be done yet");
	if (how != OUTCOME_PENDING) jobs_done(core, id, how == OUTCOME_OVER ? NULL : &err);
	job_free(job);
}

void jobs_cancel(struct core *core, job_id id)
{
	struct open_job *open = jobs_find(core, id);
	if (!open) return; /* it was over before the wish came */
	struct err err = {.code = ERR_CANCELLED, .text = "cancelled"};
	struct fetch *fetch = open->fetch;
	jobs_done(core, id, &err);
	fetch_cancel(fetch, err.text);
	pictures_forget(core->pictures, id);
	sign_in_forget(core, id);
}

void jobs_answer(struct core *core, struct archiver_answer *answer)
{
	core->asked--;
	struct err err = {0};
	struct open_job *open = answer->job ? jobs_find(core, answer->job) : NULL;
	if (answer->job == 0) {
		struct source *source = source_find(core, answer->source);
		if (source && !source->loaded) source_loaded(source, answer->state);
	} else if (open && open->kind == JOB_OLDER && answer->rows == 0) {
		struct source *source = source_find(core, answer->source);
		enum outcome how =
		        source ? more(source, FETCH_OLDER, open->arg, open, &err) : no_source(&err);
		if (how != OUTCOME_PENDING)
			jobs_done(core, answer->job, how == OUTCOME_OVER ? NULL : &err);
	} else if (open && open->kind == JOB_ARTICLE && answer->rows == 0) {
		err_set(&err, ERR_NOT_FOUND, "there is no longer text of that post");
		jobs_done(core, answer->job, &err);
	} else {
		jobs_done(core, answer->job, NULL);
	}
	archiver_answer_free(answer);
}
