#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/program.h"
#include "cmd/cmd.h"
#include "fields.h"
#include "out.h"
#include "queue.h"
#include "sending.h"

/* What is done to posts of the queue. */

enum { WITHDRAW_MS = 90000 };

static bool nobody_sends(const struct queue_call *call)
{
	return !call->queued.sends && (!call->queued.sender || !*call->queued.sender);
}

static void print_said(const struct queue_call *call, const char *before)
{
	if (!call->session.said) return;
	fputs(before, stdout);
	out_text(stdout, call->session.said);
	putchar('\n');
}

/* What of the queue is wished from a server, and not done yet. */
static bool has_wish(const struct queue_call *call)
{
	for (size_t i = 0; i < call->queued.nitems; i++) {
		const struct outgoing *item = call->queued.items[i];
		if (item->state == OUTGOING_KEPT && item->wish != OUTGOING_WISH_NONE) return true;
	}
	return false;
}

static bool is_handed_over(const void *ctx, const struct outgoing *item)
{
	(void)ctx;
	return item->keep && item->replaces;
}

/*
 * Changes are written first, as one who does not send: what is due would be gone before they
 * came. What then is left to ask servers for, and nobody else does, is done by us.
 */
static bool finish_wishes(struct queue_call *call, struct err *err)
{
	while (session_turn(&call->session, 0)) {
	}
	if (!has_wish(call) || !nobody_sends(call)) return true;
	session_finish(&call->session);
	if (!queue_open(call, "stoa queue", err)) return false;
	int64_t until = clock_mono(&clock_system) + WITHDRAW_MS;
	while (has_wish(call) && clock_mono(&clock_system) < until)
		session_turn(&call->session, 500);
	/* What takes its place may be for the server too. */
	sending_wait(&call->session, &call->queued, is_handed_over, NULL);
	return true;
}

/* -- one or several -- */

static bool job_for(struct queue_call *call, enum job_kind kind, const char *word, struct err *err)
{
	const struct outgoing *item = queue_item(call, word, err);
	if (!item) return false;
	struct job *job = job_new(kind);
	job->number = item->id;
	return session_do(&call->session, job, SENDING_JOB_MS, err);
}

static bool drop_draft(struct queue_call *call, const char *word, struct err *err)
{
	const struct draft *draft = queue_draft(call, word, err);
	if (!draft) return false;
	struct job *job = job_new(JOB_DRAFT_DROP);
	job->number = draft->id;
	return session_do(&call->session, job, SENDING_JOB_MS, err);
}

static int say_wrong(const char *word, const struct err *err)
{
	fprintf(stderr, "stoa: %s: ", word);
	out_text(stderr, err->text);
	fputc('\n', stderr);
	return CLI_FAILED;
}

int queue_cancel(struct queue_call *call, struct err *err)
{
	int status = CLI_DONE;
	if (!queue_open(call, NULL, err)) return out_fail(err);
	for (int i = 0; i < call->nwords; i++) {
		struct err why = {0};
		const char *word = call->words[i];
		bool ok = *word == 'd' ? drop_draft(call, word, &why)
		                       : job_for(call, JOB_OUTGOING_CANCEL, word, &why);
		/* Withdrawing is left for who sends: for us, below. */
		if (!ok && why.code == ERR_CANCELLED && nobody_sends(call)) ok = true;
		if (!ok) status = say_wrong(word, &why);
	}
	if (!finish_wishes(call, err)) return out_fail(err);
	for (int i = 0; i < call->nwords && status == CLI_DONE; i++) {
		struct queue_id id;
		if (!queue_id_read(call->words[i], &id, NULL) || id.is_draft) continue;
		const struct outgoing *item = queued_item(&call->queued, id.id);
		if (!item || item->state == OUTGOING_CANCELLED) continue;
		err_set(err, ERR_SERVER, "it is %s%s%s", outgoing_states[item->state].name,
		        item->cause ? ": " : "", item->cause ? item->cause : "");
		status = say_wrong(call->words[i], err);
	}
	return status;
}

int queue_sent(struct queue_call *call, struct err *err)
{
	int status = CLI_DONE;
	if (!queue_open(call, NULL, err)) return out_fail(err);
	for (int i = 0; i < call->nwords; i++) {
		struct err why = {0};
		if (!job_for(call, JOB_OUTGOING_SENT, call->words[i], &why))
			status = say_wrong(call->words[i], &why);
	}
	return status;
}

static bool is_named(const void *ctx, const struct outgoing *item)
{
	const struct queue_call *call = ctx;
	for (int i = 0; i < call->nwords; i++) {
		struct queue_id id;
		if (queue_id_read(call->words[i], &id, NULL) && !id.is_draft && id.id == item->id)
			return true;
	}
	return false;
}

/* Of all that `ours` picks: what became of it, and whether all is well. */
static int report(struct queue_call *call, bool (*ours)(const void *, const struct outgoing *))
{
	int status = CLI_DONE;
	for (size_t i = 0; i < call->queued.nitems; i++) {
		const struct outgoing *item = call->queued.items[i];
		if (!ours(call, item)) continue;
		sending_report(&call->session, &call->queued, item, call->json);
		if (!sending_is_well(&call->queued, item, clock_wall(&clock_system)))
			status = CLI_FAILED;
	}
	return status;
}

int queue_retry(struct queue_call *call, struct err *err)
{
	int status = CLI_DONE;
	if (!queue_open(call, "stoa queue", err)) return out_fail(err);
	for (int i = 0; i < call->nwords; i++) {
		struct err why = {0};
		if (!job_for(call, JOB_OUTGOING_RETRY, call->words[i], &why))
			status = say_wrong(call->words[i], &why);
	}
	if (status != CLI_DONE) return status;
	sending_wait(&call->session, &call->queued, is_named, call);
	return report(call, is_named);
}

/* -- another time -- */

static bool read_time(struct queue_call *call, const struct outgoing *item, const char *text,
        struct when *out, struct err *err)
{
	const char *zone = args_value(call->args, "zone");
	int64_t now = clock_wall(&clock_system);
	if (!zone && *item->at.zone) zone = item->at.zone;
	if (slots_is_next(text)) {
		struct fields_world world = {
		        .session = &call->session, .queued = &call->queued, .now_ms = now};
		const struct account *account = sending_account(&call->session, item->account);
		return fields_next_slot(&world, &account, account ? 1 : 0, zone, out, err);
	}
	if (!fields_time(text, now, zone, out, err)) return false;
	return out->utc_ms || err_set(err, ERR_SYNTAX, "for now there is `stoa queue retry`");
}

int queue_move(struct queue_call *call, struct err *err)
{
	struct str text = {0}, arg = {0}, line = {0};
	struct when when;
	for (int i = 1; i < call->nwords; i++)
		str_addf(&text, "%s%s", i > 1 ? " " : "", call->words[i]);
	const struct outgoing *item = NULL;
	bool ok = queue_open(call, NULL, err) && (item = queue_item(call, call->words[0], err)) &&
	          read_time(call, item, str_c(&text), &when, err);
	if (ok) {
		struct job *job = job_new(JOB_OUTGOING_MOVE);
		str_addf(&arg, "%s\n%s\n%d", when.wall, when.zone, when.fold);
		job->number = item->id;
		job->arg = str_take(&arg);
		ok = session_do(&call->session, job, SENDING_JOB_MS, err);
		if (!ok && err->code == ERR_CANCELLED && nobody_sends(call)) ok = true;
		ok = ok && finish_wishes(call, err);
	}
	if (ok) {
		when_print(&line, &when, clock_wall(&clock_system));
		out_text(stdout, str_c(&line));
		putchar('\n');
	}
	str_finish(&line);
	str_finish(&text);
	return ok ? CLI_DONE : out_fail(err);
}

/* -- another text -- */

static bool run_editor(const char *path, struct err *err)
{
	const char *editor = getenv("VISUAL");
	if (!editor || !*editor) editor = getenv("EDITOR");
	if (!editor || !*editor) editor = "vi";
	struct str line = {0};
	str_addf(&line, "%s ", editor);
	cmd_quote(&line, path);
	int argc = 0, status = 0;
	char **argv = cmd_split(str_c(&line), &argc, err);
	str_finish(&line);
	if (!argv) return false;
	struct program_files files = {PROGRAM_OURS, PROGRAM_OURS, PROGRAM_OURS, NULL, false};
	pid_t pid;
	bool ok = program_start(argv, &files, &pid, err);
	while (ok && waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) ok = err_set(err, ERR_IO, "%s: %s", argv[0], strerror(errno));
	}
	if (ok && (!WIFEXITED(status) || WEXITSTATUS(status)))
		ok = err_set(err, ERR_CANCELLED, "%s ended without success: nothing is changed",
		        argv[0]);
	cmd_words_free(argv);
	return ok;
}

/* The text as the editor left it, owned; NULL with the reason. What was typed is never lost: on
 * failure the file stays. */
static char *edited(struct queue_call *call, const char *text, char **out_path, struct err *err)
{
	char *name = paths_join(call->session.paths.state, "edits"), *bytes = NULL;
	unsigned long len = 0;
	bool ok = paths_mkdir(name, err);
	char *path = *out_path = paths_join(name, "queue-edit.txt");
	free(name);
	ok = ok && paths_write(path, text, strlen(text), 0600, err) && run_editor(path, err) &&
	     paths_read(path, DRAFT_MAX_TEXT, &bytes, &len, err);
	if (!ok) return NULL;
	while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == ' '))
		bytes[--len] = '\0';
	return bytes;
}

static bool send_change(
        struct queue_call *call, const struct outgoing *item, const char *text, struct err *err)
{
	struct job *job = job_new(JOB_OUTGOING_CHANGE);
	job->number = item->id;
	job->draft = outgoing_draft(item);
	free(job->draft->parts[0].text);
	job->draft->parts[0].text = xstrdup(text);
	bool ok = session_do(&call->session, job, SENDING_JOB_MS, err);
	if (!ok && err->code == ERR_CANCELLED && nobody_sends(call)) ok = true;
	return ok && finish_wishes(call, err);
}

static bool keep_draft(
        struct queue_call *call, const struct draft *draft, const char *text, struct err *err)
{
	struct job *job = job_new(JOB_DRAFT);
	job->draft = draft_copy(draft);
	free(job->draft->parts[0].text);
	job->draft->parts[0].text = xstrdup(text);
	return session_do(&call->session, job, SENDING_JOB_MS, err);
}

int queue_edit(struct queue_call *call, struct err *err)
{
	struct queue_id id;
	const struct draft *draft = NULL;
	const struct outgoing *item = NULL;
	if (!queue_id_read(call->words[0], &id, err) || !queue_open(call, NULL, err))
		return out_fail(err);
	if (id.is_draft)
		draft = queue_draft(call, call->words[0], err);
	else
		item = queue_item(call, call->words[0], err);
	if (!draft && !item) return out_fail(err);
	char *path = NULL, *before = xstrdup(draft ? draft->parts[0].text : item->text);
	char *text = edited(call, before, &path, err);
	/* Events came while the editor was open: what it was may be freed. */
	while (text && session_turn(&call->session, 0)) {
	}
	bool ok = text != NULL;
	bool same = ok && strcmp(text, before) == 0;
	if (ok && !same && id.is_draft) {
		draft = queue_draft(call, call->words[0], err);
		ok = draft && keep_draft(call, draft, text, err);
	} else if (ok && !same) {
		item = queue_item(call, call->words[0], err);
		ok = item && send_change(call, item, text, err);
	}
	if (same) puts("nothing was changed");
	if (ok)
		unlink(path);
	else if (text)
		fprintf(stderr, "stoa: what you wrote is in %s\n", path);
	free(before);
	free(text);
	free(path);
	return ok ? CLI_DONE : out_fail(err);
}

/* -- all that is due -- */

static bool is_due(const void *ctx, const struct outgoing *item)
{
	(void)ctx;
	int64_t now = clock_wall(&clock_system);
	if (item->state == OUTGOING_SCHEDULED) return item->keep || item->at.utc_ms <= now;
	if (item->state == OUTGOING_KEPT) return item->wish || item->next_ms <= now;
	return item->state == OUTGOING_CLAIMED || item->state == OUTGOING_SENDING ||
	       item->state == OUTGOING_UNKNOWN;
}

struct due {
	int64_t *ids;
	size_t n;
};

static bool was_due(const void *ctx, const struct outgoing *item)
{
	const struct due *due = ctx;
	for (size_t i = 0; i < due->n; i++) {
		if (due->ids[i] == item->id) return true;
	}
	return is_due(NULL, item);
}

int queue_run_due(struct queue_call *call, struct err *err)
{
	if (!queue_open(call, "stoa queue run", err)) return out_fail(err);
	struct due due = {.ids = xcalloc(call->queued.nitems + 1, sizeof(*due.ids))};
	for (size_t i = 0; i < call->queued.nitems; i++) {
		if (is_due(NULL, call->queued.items[i]))
			due.ids[due.n++] = call->queued.items[i]->id;
	}
	if (!call->queued.sends && call->queued.sender && *call->queued.sender)
		fprintf(stderr, "stoa: %s sends what is due; waiting for it\n",
		        call->queued.sender);
	sending_wait(&call->session, &call->queued, is_due, NULL);
	int status = CLI_DONE;
	for (size_t i = 0; i < call->queued.nitems; i++) {
		const struct outgoing *item = call->queued.items[i];
		if (!was_due(&due, item)) continue;
		sending_report(&call->session, &call->queued, item, call->json);
		if (is_due(NULL, item)) status = CLI_FAILED;
	}
	free(due.ids);
	return status;
}

/* -- the brake -- */

/* Is something of what is held still at a server? */
static bool is_kept_somewhere(const struct queue_call *call)
{
	for (size_t i = 0; i < call->queued.nitems; i++) {
		const struct outgoing *item = call->queued.items[i];
		if (item->state == OUTGOING_KEPT && queued_is_held(&call->queued, item->account))
			return true;
	}
	return false;
}

static bool find_account(struct queue_call *call, account_id *out, struct err *err)
{
	*out = 0;
	if (call->nwords == 0) return true;
	int status;
	const struct account *account = session_account(&call->session, call->words[0], 0, &status);
	if (!account) return err_set(err, ERR_NOT_FOUND, "nothing was changed");
	*out = account->id;
	return true;
}

static bool tell_hold(struct queue_call *call, account_id account, bool on, struct err *err)
{
	struct job *job = job_new(JOB_HOLD);
	job->account = account;
	job->on = on;
	return session_do(&call->session, job, WITHDRAW_MS, err);
}

int queue_hold(struct queue_call *call, struct err *err)
{
	account_id account;
	/* First it stands, told by one who sends nothing; then servers are asked. */
	if (!queue_open(call, NULL, err) || !find_account(call, &account, err) ||
	        !tell_hold(call, account, true, err))
		return out_fail(err);
	while (session_turn(&call->session, 0)) {
	}
	if (is_kept_somewhere(call) && nobody_sends(call)) {
		session_finish(&call->session);
		if (!queue_open(call, "stoa queue", err) || !tell_hold(call, account, true, err))
			return out_fail(err);
	}
	while (session_turn(&call->session, 0)) {
	}
	print_said(call, "");
	return is_kept_somewhere(call) ? CLI_FAILED : CLI_DONE;
}

int queue_resume(struct queue_call *call, struct err *err)
{
	account_id account;
	if (!queue_open(call, NULL, err) || !find_account(call, &account, err) ||
	        !tell_hold(call, account, false, err))
		return out_fail(err);
	while (session_turn(&call->session, 0)) {
	}
	puts(nobody_sends(call) ? "posts go out again, once a deck or `stoa daemon` runs"
	                        : "posts go out again");
	return CLI_DONE;
}
