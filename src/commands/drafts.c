#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/outbox.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/undo.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "composing.h"

/* Drafts, what is on its way out of them, and what came of it. */

enum { SHOWN_BYTES = 60, SHOWN_OVER = 50 };

static const char *account_name(const struct app *app, account_id id)
{
	const struct account *account = store_account(app->store, id);
	return account ? account->name : "signed out";
}

/* The beginning of a text in one line. */
static void print_start(struct str *out, const char *text)
{
	size_t len = text ? strlen(text) : 0, from = out->len;
	size_t shown = text ? utf8_prefix(text, len, SHOWN_BYTES) : 0;
	str_add(out, text ? text : "", shown);
	if (shown < len) str_adds(out, "…");
	for (size_t i = from; i < out->len; i++) {
		if (out->p[i] == '\n') out->p[i] = ' ';
	}
	if (!len) str_adds(out, "(no words)");
}

/* -- the list -- */

static void add_draft(struct app *app, struct list_view *list, const struct draft *draft)
{
	struct str text = {0}, detail = {0}, line = {0};
	char at[32];
	print_start(&text, draft->parts[0].text);
	if (draft->nparts > 1) str_addf(&text, " (thread of %zu)", draft->nparts);
	ui_time(&app->ui, at, draft->changed_ms);
	str_adds(&detail, at);
	for (size_t i = 0; i < draft->naccounts; i++)
		str_addf(&detail, "%s %s", i ? "," : " ·", account_name(app, draft->accounts[i]));
	str_addf(&line, "draft open %" PRId64, draft->id);
	const struct list_item item = {
	        .key = (char *)"draft", .text = text.p, .detail = detail.p, .line = line.p};
	list_view_add(list, &item);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
}

static void print_detail(const struct app *app, const struct outgoing *item, struct str *out)
{
	int64_t now = clock_wall(app->clock);
	str_adds(out, account_name(app, item->account));
	bool waits = item->state == OUTGOING_SCHEDULED || item->state == OUTGOING_KEPT;
	if (item->at.utc_ms) {
		str_adds(out, " · ");
		when_print(out, &item->at, now);
	} else if (waits && item->undo_until_ms > now) {
		str_adds(out, " · in a moment");
	}
	if (item->held || (waits && app_outbox_is_held(app, item->account)))
		str_adds(out, " · held");
	struct str upload = {0};
	app_outbox_print_upload(&upload, item);
	if (upload.len) str_addf(out, " · %s", upload.p);
	str_finish(&upload);
	if (item->cause) str_addf(out, " · %s", item->cause);
	if (item->url) str_addf(out, " · %s", item->url);
}

static void add_item(struct app *app, struct list_view *list, const struct outgoing *item)
{
	struct str text = {0}, detail = {0}, line = {0};
	print_start(&text, item->text);
	if (item->part) str_addf(&text, " (part %" PRId64 ")", item->part + 1);
	print_detail(app, item, &detail);
	str_addf(&line, "outgoing %" PRId64, item->id);
	const struct list_item it = {.key = (char *)outgoing_states[item->state].name,
	        .text = text.p,
	        .detail = detail.p,
	        .line = line.p};
	list_view_add(list, &it);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
}

/* What wants somebody first, then what waits, by its time, then what is over, newest first. */
static int rank(const struct outgoing *item)
{
	if (app_outbox_is_trouble(item)) return 0;
	return outgoing_is_over(item->state) ? 2 : 1;
}

static int64_t time_of(const struct outgoing *item)
{
	return item->at.utc_ms ? item->at.utc_ms : item->made_ms;
}

static int compare(const void *a, const void *b)
{
	const struct outgoing *x = *(const struct outgoing *const *)a;
	const struct outgoing *y = *(const struct outgoing *const *)b;
	if (rank(x) != rank(y)) return rank(x) - rank(y);
	int64_t left = time_of(x), right = time_of(y);
	if (left == right) return (x->id > y->id) - (x->id < y->id);
	int order = left < right ? -1 : 1;
	return rank(x) == 2 ? -order : order;
}

static void heading(struct list_view *list, const char *text)
{
	list_view_add(list, &(struct list_item){.text = (char *)text, .heading = true});
}

static void add_items(struct app *app, struct list_view *list)
{
	static const char *const headings[] = {
	        "Not sent: Enter says what can be done", "On their way", "Over"};
	const struct outgoing *const *items;
	size_t n = app_outbox_items(app, &items), over = 0;
	const struct outgoing **sorted = xcalloc(n + 1, sizeof(*sorted));
	for (size_t i = 0; i < n; i++)
		sorted[i] = items[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || rank(sorted[i]) != rank(sorted[i - 1]))
			heading(list, headings[rank(sorted[i])]);
		if (rank(sorted[i]) == 2 && over++ >= SHOWN_OVER) break;
		add_item(app, list, sorted[i]);
	}
	free(sorted);
}

static void add_held(struct app *app, struct list_view *list)
{
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	if (app_outbox_sender(app)) {
		struct str text = {0};
		str_addf(&text, "%s sends what is due", app_outbox_sender(app));
		list_view_add(list, &(struct list_item){.text = text.p, .heading = true});
		str_finish(&text);
	}
	if (app_outbox_is_held(app, 0)) heading(list, "Nothing goes out: `resume` lets it");
	for (size_t i = 0; i < n && !app_outbox_is_held(app, 0); i++) {
		struct str text = {0};
		if (!app_outbox_is_held(app, accounts[i]->id)) continue;
		str_addf(&text, "%s is held: `resume %s` lets its posts go", accounts[i]->name,
		        accounts[i]->name);
		heading(list, text.p);
		str_finish(&text);
	}
}

static void show(struct app *app, const char *title, bool with_drafts, const char *line)
{
	struct list_view list = {.title = xstrdup(title)};
	const struct draft *const *drafts;
	size_t n = with_drafts ? app_outbox_drafts(app, &drafts) : 0;
	add_held(app, &list);
	if (n) heading(&list, "Drafts: Enter goes on writing, d throws away");
	for (size_t i = 0; i < n; i++)
		add_draft(app, &list, drafts[i]);
	add_items(app, &list);
	if (!list.nitems)
		list_view_add(&list,
		        &(struct list_item){.text = (char *)"nothing is waiting; c writes a post"});
	overlay_list_live(app, &list, line);
}

static bool drafts(const struct cmd_call *call, struct err *err)
{
	(void)err;
	show(call->app, "Drafts and outbox", true, "drafts");
	return true;
}

static bool outbox(const struct cmd_call *call, struct err *err)
{
	(void)err;
	show(call->app, "Outbox", false, "outbox");
	return true;
}

/* -- one of it -- */

/* The number that was said, or that of the selected line, which begins with `prefix`. */
static bool read_id(const struct cmd_call *call, const char *prefix, const char *what, int64_t *out,
        struct err *err)
{
	struct app *app = call_app(call);
	const struct list_item *item =
	        app->overlay == OVERLAY_LIST ? list_view_chosen(&app->list, NULL) : NULL;
	size_t len = strlen(prefix);
	const char *text = call->argc > 1 ? call->argv[1] : NULL;
	if (!text && item && item->line && strncmp(item->line, prefix, len) == 0)
		text = item->line + len;
	char *end;
	*out = text ? strtoll(text, &end, 10) : 0;
	return *out > 0 || err_set(err, ERR_NOT_FOUND, "which %s? gD lists them", what);
}

static const struct outgoing *read_item(const struct cmd_call *call, struct err *err)
{
	int64_t id;
	if (!read_id(call, "outgoing ", "post", &id, err)) return NULL;
	const struct outgoing *item = app_outbox_item(call->app, id);
	if (!item) err_set(err, ERR_NOT_FOUND, "there is no post number %" PRId64, id);
	return item;
}

static bool draft_open(const struct cmd_call *call, struct err *err)
{
	int64_t id;
	if (!read_id(call, "draft open ", "draft", &id, err)) return false;
	const struct draft *draft = app_outbox_draft(call->app, id);
	if (!draft)
		return err_set(
		        err, ERR_NOT_FOUND, "there is no draft %" PRId64 "; gD lists them", id);
	overlay_close(call->app);
	compose_open(call->app, draft_copy(draft));
	return true;
}

static bool draft_drop(const struct cmd_call *call, struct err *err)
{
	int64_t id;
	if (!read_id(call, "draft open ", "draft", &id, err)) return false;
	return app_outbox_drop_draft(call->app, id, err);
}

static bool draft_keep(const struct cmd_call *call, struct err *err)
{
	int64_t id;
	return read_id(call, "draft open ", "draft", &id, err) &&
	       app_outbox_keep_draft(call->app, id, err);
}

static bool unsend(const struct cmd_call *call, struct err *err)
{
	return app_outbox_unsend(call->app, strtoll(call->argv[1], NULL, 10), err);
}

/* -- what can be done with one that is on its way -- */

static const struct deed {
	const char *key, *text, *command;
	unsigned states; /* in which it makes sense */
} deeds[] = {
#define IN(state) (1U << OUTGOING_##state)
        {"n", "send it again", "outgoing retry", IN(FAILED) | IN(MISSED) | IN(NEEDS_YOU)},
        {"p", "it was posted", "outgoing sent", IN(NEEDS_YOU)},
        {"e", "change it", "outgoing edit",
                IN(SCHEDULED) | IN(KEPT) | IN(FAILED) | IN(MISSED) | IN(NEEDS_YOU)},
        {"m", "another time", "prompt outgoing move",
                IN(SCHEDULED) | IN(KEPT) | IN(FAILED) | IN(MISSED)},
        {"c", "do not post it", "outgoing cancel",
                IN(SCHEDULED) | IN(CLAIMED) | IN(KEPT) | IN(MISSED) | IN(NEEDS_YOU) | IN(UNKNOWN) |
                        IN(FAILED)},
#undef IN
};

static bool outgoing(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct outgoing *item = read_item(call, err);
	if (!item) return false;
	struct str title = {0}, detail = {0};
	str_addf(&title, "%s: %s", outgoing_states[item->state].name,
	        outgoing_states[item->state].help);
	print_detail(app, item, &detail);
	struct list_view list = {.title = str_take(&title)};
	heading(&list, detail.p);
	for (size_t i = 0; i < sizeof(deeds) / sizeof(*deeds); i++) {
		struct str line = {0};
		if (!(deeds[i].states & (1U << item->state))) continue;
		str_addf(&line, "%s %" PRId64, deeds[i].command, item->id);
		const struct list_item it = {
		        .key = (char *)deeds[i].key, .text = (char *)deeds[i].text, .line = line.p};
		list_view_add(&list, &it);
		str_finish(&line);
	}
	if (item->url) {
		struct str line = {0};
		str_adds(&line, "open-address ");
		cmd_quote(&line, item->url);
		const struct list_item it = {
		        .key = (char *)"o", .text = (char *)"open it", .line = line.p};
		list_view_add(&list, &it);
		str_finish(&line);
	}
	for (const char *p = item->text ? item->text : ""; *p;) {
		size_t len = strcspn(p, "\n");
		char *copy = xstrndup(p, len);
		list_view_add(&list, &(struct list_item){.text = copy, .heading = true});
		free(copy);
		p += len + (p[len] == '\n');
	}
	overlay_list(app, &list);
	str_finish(&detail);
	return true;
}

static bool on_done(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	if (event->text && *event->text) app_say(app, TONE_GOOD, "%s", event->text);
	return true;
}

static bool change(const struct cmd_call *call, enum job_kind kind, struct err *err)
{
	const struct outgoing *item = read_item(call, err);
	if (!item) return false;
	struct job *job = job_new(kind);
	job->number = item->id;
	app_ask(call->app, job, on_done, NULL);
	return true;
}

static bool cancel(const struct cmd_call *call, struct err *err)
{
	return change(call, JOB_OUTGOING_CANCEL, err);
}

static bool retry(const struct cmd_call *call, struct err *err)
{
	return change(call, JOB_OUTGOING_RETRY, err);
}

static bool was_sent(const struct cmd_call *call, struct err *err)
{
	return change(call, JOB_OUTGOING_SENT, err);
}

static bool move(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct outgoing *item = read_item(call, err);
	struct when when;
	if (!item) return false;
	if (call->argc < 3) return err_set(err, ERR_SYNTAX, "to which time?");
	const struct account *account = store_account(app->store, item->account);
	if (!time_read(app, account, call->argv[2], &when, err)) return false;
	struct str arg = {0}, line = {0};
	str_addf(&arg, "%s\n%s\n%d", when.wall, when.zone, when.fold);
	struct job *job = job_new(JOB_OUTGOING_MOVE);
	job->number = item->id;
	job->arg = str_take(&arg);
	when_print(&line, &when, clock_wall(app->clock));
	app_say(app, TONE_SAYS, "%s", str_c(&line));
	app_ask(app, job, on_done, NULL);
	str_finish(&line);
	return true;
}

static bool edit(const struct cmd_call *call, struct err *err)
{
	const struct outgoing *item = read_item(call, err);
	if (!item) return false;
	int64_t id = item->id;
	struct draft *draft = outgoing_draft(item);
	overlay_close(call->app);
	compose_change(call->app, draft, id);
	return true;
}

/* -- holding -- */

static bool hold_or_resume(const struct cmd_call *call, bool on, struct err *err)
{
	struct app *app = call_app(call);
	const char *name = call->argc > 1 ? call->argv[1] : NULL;
	const struct account *account = name ? store_account_named(app->store, name) : NULL;
	if (name && !account)
		return err_set(err, ERR_NOT_FOUND,
		        "there is no account '%s'; `accounts` lists them", name);
	struct job *job = job_new(JOB_HOLD);
	job->account = account ? account->id : 0;
	job->on = on;
	app_ask(app, job, on_done, NULL);
	app_say(app, TONE_SAYS, on ? "holding %s …" : "%s may go out again",
	        account ? account->name : "everything");
	return true;
}

static bool hold(const struct cmd_call *call, struct err *err)
{
	return hold_or_resume(call, true, err);
}

static bool resume(const struct cmd_call *call, struct err *err)
{
	return hold_or_resume(call, false, err);
}

static const struct cmd_hooks account_hooks = {.complete = complete_account};

const struct cmd draft_commands[] = {
        {"draft drop", "[N]", "throw a draft away", ANYWHERE, draft_drop, NULL},
        {"draft keep", "[N]", "bring back a draft that was thrown away", ANYWHERE, draft_keep,
                NULL},
        {"draft open", "[N]", "go on writing a draft", ANYWHERE, draft_open, NULL},
        {"drafts", "", "list drafts and what is on its way out", ANYWHERE, drafts, NULL},
        {"hold", "[ACCOUNT]", "let nothing go out: posts wait, servers give back what they keep",
                ANYWHERE, hold, &account_hooks},
        {"outbox", "", "list what is on its way out, and what came of it", ANYWHERE, outbox, NULL},
        {"outgoing", "[N]", "what can be done with a post on its way out", ANYWHERE, outgoing,
                NULL},
        {"outgoing cancel", "[N]", "do not post it", ANYWHERE, cancel, NULL},
        {"outgoing edit", "[N]", "change it before it is posted", ANYWHERE, edit, NULL},
        {"outgoing move", "N TEXT", "post it at another time", ANYWHERE, move, NULL},
        {"outgoing retry", "[N]", "send what failed or was missed", ANYWHERE, retry, NULL},
        {"outgoing sent", "[N]", "say that it was posted", ANYWHERE, was_sent, NULL},
        {"resume", "[ACCOUNT]", "let posts go out again", ANYWHERE, resume, &account_hooks},
        {"unsend", "N", "take back what was written and is not posted yet", ANYWHERE, unsend, NULL},
        {0},
};
