#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/core.h"
#include "engine/fetch.h"
#include "engine/secret.h"
#include "engine/signin.h"
#include "engine/source.h"
#include "net/url.h"

enum { OLDER_ROWS = 60 };

/* How far a job has come when its function returns. */
enum outcome {
	OVER,    /* all went well */
	FAILED,  /* *err says why */
	PENDING, /* its DONE comes later */
};

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

void jobs_done(struct core *core, job_id id, const struct err *err)
{
	struct open_job *open = id ? jobs_find(core, id) : NULL;
	if (!open) return;
	HASH_DEL(core->jobs, open);
	if (open->source) DL_DELETE(open->source->waiting, open);
	if (open->fetch) open->fetch->job = 0;
	struct event *event = event_new(EVENT_DONE);
	event->reply_to = id;
	if (err) event->err = *err;
	core->emit(core->emit_ctx, event);
	free(open->arg);
	free(open);
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
	return FAILED;
}

static enum outcome wait_for(struct source *source, struct open_job *open)
{
	open->source = source;
	DL_APPEND(source->waiting, open);
	return PENDING;
}

static enum outcome do_watch(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	if (!source) {
		source = source_watch(core, job->source, job->arg ? job->arg : "", err);
		return source ? wait_for(source, open) : FAILED;
	}
	if (!source->loaded || source->fetch) return wait_for(source, open);
	if (source->problem.code == ERR_NONE) return OVER;
	*err = source->problem;
	return FAILED;
}

static enum outcome do_unwatch(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	struct err why = {.code = ERR_CANCELLED, .text = "no longer watched"};
	source_unwatch(source, &why);
	return OVER;
}

static enum outcome do_refresh(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	struct source *source = source_find(core, job->source);
	if (!source) return no_source(err);
	if (!source_refresh(source, err)) return err->code == ERR_NONE ? OVER : FAILED;
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
	return PENDING;
}

static enum outcome more(struct source *source, enum fetch_want want, const char *cursor,
        struct open_job *open, struct err *err)
{
	if (!cursor || !*cursor) return OVER;
	return source_more(source, want, cursor, open->id, err) ? PENDING : FAILED;
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
		return FAILED;
	}
	core->asked++;
	archiver_article(core->archive, job->arg, job->id);
	return PENDING;
}

static enum outcome do_resumed(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)job, (void)open, (void)err;
	core_resumed(core);
	return OVER;
}

/* -- what is remembered -- */

static enum outcome outcome(bool ok)
{
	return ok ? OVER : FAILED;
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
		return FAILED;
	}
	*value++ = '\0';
	return outcome(queue_db_put(core->db, job->arg, value, err));
}

static enum outcome do_option(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	const char *name = job->arg ? job->arg : "";
	int64_t *option = strcmp(name, "refresh") == 0        ? &core->refresh_ms
	                  : strcmp(name, "feed-refresh") == 0 ? &core->feed_refresh_ms
	                                                      : NULL;
	if (!option || job->number <= 0) {
		err_set(err, ERR_SYNTAX, "the engine knows no option '%s' of %lld ms", name,
		        (long long)job->number);
		return FAILED;
	}
	*option = job->number;
	return OVER;
}

/* -- feeds and accounts -- */

static enum outcome do_subscribe(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	struct feed *feed = job->feed;
	job->feed = NULL;
	if (!feed) {
		err_set(err, ERR_SYNTAX, "which feed?");
		return FAILED;
	}
	return outcome(feeds_put(core, feed, err));
}

static enum outcome do_unsubscribe(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	return outcome(feeds_drop(core, job->arg ? job->arg : "", err));
}

static void login_ended(struct fetch *fetch, enum call_next how)
{
	struct core *core = fetch->core;
	job_id id = fetch->job;
	struct err err = fetch->call.err;
	struct account *account = fetch->call.signed_in;
	fetch->call.signed_in = NULL;
	if (how != CALL_DONE || !account) {
		account_free(account);
		if (err.code == ERR_NONE)
			err_set(&err, ERR_SERVER, "%s does not say whose token that is",
			        fetch->account->host);
		jobs_done(core, id, &err);
		return;
	}
	/* What the user said stands; the rest is what the server says. */
	struct account *asked = fetch->account;
	free(account->name);
	free(account->network);
	free(account->host);
	account->name = xstrdup(asked->name);
	account->network = xstrdup(asked->network);
	account->host = xstrdup(asked->host);
	struct signin *known = signin_find(core, asked->name);
	account->id = known ? known->account->id : 0;
	bool ok = signin_put(core, account, fetch->token, &err);
	jobs_done(core, id, ok ? NULL : &err);
}

/* Cut the lines of a LOGIN; they point into `arg`. */
static bool login_lines(char *arg, char *lines[4], struct err *err)
{
	for (int i = 0; i < 4; i++) {
		lines[i] = arg;
		char *lf = arg ? strchr(arg, '\n') : NULL;
		if (!arg || !*arg || (i < 3) != (lf != NULL))
			return err_set(
			        err, ERR_SYNTAX, "a sign-in wants network, host, name and token");
		if (lf) *lf++ = '\0';
		arg = lf;
	}
	if (strpbrk(lines[2], " \t/:#\"'"))
		return err_set(err, ERR_SYNTAX, "'%s' cannot be an account's name", lines[2]);
	if (strcmp(lines[2], "feeds") == 0)
		return err_set(err, ERR_SYNTAX, "the name 'feeds' is taken");
	return true;
}

static enum outcome do_login(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	char *lines[4];
	if (!login_lines(job->arg, lines, err)) return FAILED;
	const struct network *net = network_find(lines[0]);
	if (!net || !net->login) {
		err_set(err, ERR_UNSUPPORTED, "there is no signing in to '%s'", lines[0]);
		return FAILED;
	}
	char *host = account_host(lines[1], err);
	if (!host) return FAILED;
	struct account *account = xcalloc(1, sizeof(*account));
	account->host = host;
	account->network = xstrdup(lines[0]);
	account->name = xstrdup(lines[2]);
	account->handle = xstrdup("");
	account->uri = xstrdup("");
	char *token = xstrdup(lines[3]), *root = account_root(account);
	struct fetch_plan plan = {
	        .net = net,
	        .step = net->login,
	        .account = account,
	        .token = token,
	        .typed = root,
	        .typed_local = url_is_local(root),
	        .job = open->id,
	        .priority = PACE_USER,
	        .on_end = login_ended,
	};
	struct fetch *fetch = fetch_new(core, &plan);
	free(root);
	fetch->account = account;
	fetch->token = token;
	open->fetch = fetch;
	fetch_begin(fetch);
	return PENDING;
}

static enum outcome do_logout(
        struct core *core, struct job *job, struct open_job *open, struct err *err)
{
	(void)open;
	return outcome(signin_drop(core, job->account, err));
}

/* -- the table -- */

typedef enum outcome job_function(
        struct core *core, struct job *job, struct open_job *open, struct err *err);

static job_function *const functions[JOB_COUNT] = {
        [JOB_WATCH] = do_watch,
        [JOB_UNWATCH] = do_unwatch,
        [JOB_REFRESH] = do_refresh,
        [JOB_OLDER] = do_older,
        [JOB_GAP] = do_gap,
        [JOB_ARTICLE] = do_article,
        [JOB_READ] = do_read,
        [JOB_VISIT] = do_visit,
        [JOB_PUT] = do_put,
        [JOB_LOGIN] = do_login,
        [JOB_LOGOUT] = do_logout,
        [JOB_SUBSCRIBE] = do_subscribe,
        [JOB_UNSUBSCRIBE] = do_unsubscribe,
        [JOB_OPTION] = do_option,
        [JOB_RESUMED] = do_resumed,
};

void jobs_take(struct core *core, struct job *job)
{
	struct err err = {0};
	job_id id = job->id;
	struct open_job *open = job_open(core, job);
	enum outcome how = FAILED;
	if (functions[job->kind])
		how = functions[job->kind](core, job, open, &err);
	else
		err_set(&err, ERR_UNSUPPORTED, "this cannot be done yet");
	if (how != PENDING) jobs_done(core, id, how == OVER ? NULL : &err);
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
		if (how != PENDING) jobs_done(core, answer->job, how == OVER ? NULL : &err);
	} else if (open && open->kind == JOB_ARTICLE && answer->rows == 0) {
		err_set(&err, ERR_NOT_FOUND, "there is no longer text of that post");
		jobs_done(core, answer->job, &err);
	} else {
		jobs_done(core, answer->job, NULL);
	}
	archiver_answer_free(answer);
}
