#include "app/agenda.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/compose.h"
#include "app/outbox.h"
#include "app/overlay.h"
#include "app/undo.h"
#include "base/date.h"
#include "base/mem.h"
#include "model/post.h"
#include "tables.h"

/* What will be posted when, day by day, and where there is room. */

enum {
	SHOWN_BYTES = 200,
	SHOWN_MAX = 500, /* entries: what is behind them is told as a number */
	FREE_DAYS = 14,  /* free slots of so many days are shown */
	FREE_MAX = 100,  /* and not more of them */
	DAY_LEN = 10,    /* of "2026-11-27" */
};

static const struct list_key keys[] = {
        {"m", "move", "prompt agenda move", false},
        {"e", "edit", "outgoing edit", false},
        {"c", "cancel", "agenda cancel", false},
        {"U", "undo", "undo", true},
        {0},
};

/* -- what stands in it -- */

struct planned {
	int64_t at_ms;
	const struct outgoing *item; /* or NULL */
	/* Of what a server keeps and was made elsewhere, and of a free slot. Owned. */
	char *account, *text, *line;
	bool is_free;
};

struct agenda_list {
	struct app *app;
	struct planned *entries;
	size_t n, cap, hidden, local;
};

static struct planned *add_entry(struct agenda_list *all, int64_t at_ms)
{
	all->entries = mem_grow(all->entries, &all->cap, all->n + 1, sizeof(*all->entries));
	struct planned *entry = &all->entries[all->n++];
	*entry = (struct planned){.at_ms = at_ms};
	return entry;
}

/*
 * Waits for its time, here or at its server, or is on its way: the next parts of a thread go
 * with the first.
 */
static bool is_planned(const struct outgoing *item)
{
	bool waits = item->state == OUTGOING_SCHEDULED || item->state == OUTGOING_KEPT ||
	             item->state == OUTGOING_CLAIMED || item->state == OUTGOING_SENDING;
	return waits && item->at.utc_ms && !item->after;
}

static void add_items(struct agenda_list *all)
{
	const struct outgoing *const *items;
	size_t n = app_outbox_items(all->app, &items);
	for (size_t i = 0; i < n; i++) {
		if (!is_planned(items[i])) continue;
		add_entry(all, items[i]->at.utc_ms)->item = items[i];
		all->local += items[i]->state == OUTGOING_SCHEDULED && !items[i]->keep;
	}
}

static void add_other(void *ctx, const struct agenda_other *other)
{
	struct agenda_list *all = ctx;
	struct planned *entry = add_entry(all, other->at_ms);
	struct str line = {0};
	str_adds(&line, "unschedule as ");
	cmd_quote(&line, other->account->name);
	str_adds(&line, " at ");
	cmd_quote(&line, other->id);
	entry->account = xstrdup(other->account->name);
	entry->text = xstrdup(post_str(other->post, POST_BODY));
	entry->line = str_take(&line);
}

/* When this account has something to come. Owned. */
static int64_t *taken_of(
        const struct agenda_list *all, const struct account *account, size_t *out_n)
{
	int64_t *taken = xcalloc(all->n + 1, sizeof(*taken));
	*out_n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct planned *entry = &all->entries[i];
		bool same = entry->item ? entry->item->account == account->id
		                        : entry->account && !entry->is_free &&
		                                  strcmp(entry->account, account->name) == 0;
		if (same) taken[(*out_n)++] = entry->at_ms;
	}
	return taken;
}

static void add_free(
        struct agenda_list *all, const struct account *account, const struct slots *slots)
{
	int64_t now = clock_wall(all->app->clock), from = now;
	size_t ntaken;
	int64_t *taken = taken_of(all, account, &ntaken);
	struct when when;
	for (int i = 0; i < FREE_MAX; i++) {
		if (!slots_next(slots, NULL, from, taken, ntaken, all->app->options.post_spacing,
		            &when))
			break;
		from = when.utc_ms;
		if (from > now + FREE_DAYS * INT64_C(86400000)) break;
		struct planned *entry = add_entry(all, from);
		struct str line = {0};
		str_adds(&line, "agenda write ");
		cmd_quote(&line, account->name);
		str_addf(&line, " \"%s\" %d", when.wall, when.fold);
		entry->account = xstrdup(account->name);
		entry->is_free = true;
		entry->line = str_take(&line);
	}
	free(taken);
}

static int by_time(const void *a, const void *b)
{
	const struct planned *x = a, *y = b;
	if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? -1 : 1;
	int64_t left = x->item ? x->item->id : INT64_MAX, right = y->item ? y->item->id : INT64_MAX;
	return (left > right) - (left < right);
}

static void gather(struct agenda_list *all)
{
	const struct account *const *accounts;
	size_t n = store_accounts(all->app->store, &accounts);
	add_items(all);
	agenda_others(all->app, add_other, all);
	for (size_t i = 0; i < n; i++) {
		const struct slots *slots = slots_book_get(&all->app->slots, accounts[i]->name);
		if (slots) add_free(all, accounts[i], slots);
	}
	if (all->n) qsort(all->entries, all->n, sizeof(*all->entries), by_time);
	if (all->n > SHOWN_MAX) all->hidden = all->n - SHOWN_MAX;
}

static void finish(struct agenda_list *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->entries[i].account);
		free(all->entries[i].text);
		free(all->entries[i].line);
	}
	free(all->entries);
}

/* -- showing it -- */

static void heading(struct list_view *list, const char *text)
{
	list_view_add(list, &(struct list_item){.text = (char *)text, .heading = true});
}

/* "Today, Sun 22 Nov 2026" */
static void add_day(struct list_view *list, const struct when *when, const char *today)
{
	static const char weekdays[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char months[12][4] = {
	        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int year = 1970, month = 1, day = 1;
	struct str text = {0};
	sscanf(when->wall, "%d-%d-%d", &year, &month, &day);
	int64_t days = date_days(year, month, day);
	if (strncmp(when->wall, today, DAY_LEN) == 0) str_adds(&text, "Today, ");
	str_addf(&text, "%s %d %s %d", weekdays[((days % 7) + 7) % 7], day,
	        months[(month - 1) % 12], year);
	heading(list, str_c(&text));
	str_finish(&text);
}

static void add_words(struct str *out, const char *text)
{
	text_line(out, text && *text ? text : "(no words)", SHOWN_BYTES);
}

static void item_detail(struct app *app, const struct outgoing *item, struct str *out)
{
	const struct account *account = store_account(app->store, item->account);
	str_adds(out, account ? account->name : "signed out");
	struct str upload = {0};
	app_outbox_print_upload(&upload, item);
	if (upload.len)
		str_addf(out, " · %s", upload.p);
	else if (item->state == OUTGOING_CLAIMED || item->state == OUTGOING_SENDING)
		str_addf(out, " · %s", outgoing_states[item->state].name);
	else if (item->state == OUTGOING_KEPT)
		str_addf(out, " · kept by %s", account ? account->host : "its server");
	else if (item->held || app_outbox_is_held(app, item->account))
		str_adds(out, " · held");
	else
		str_adds(out, item->keep ? " · on its way to the server" : " · kept here");
	str_finish(&upload);
	if (item->at.zone[0] && strcmp(item->at.zone, when_zone()) != 0)
		str_addf(out, " · %s %s", item->at.wall, item->at.zone);
	if (item->at.note != WHEN_PLAIN) {
		str_adds(out, " · ");
		when_print(out, &item->at, clock_wall(app->clock));
	}
	if (item->cause && *item->cause) str_addf(out, " · %s", item->cause);
}

static void show_entry(struct app *app, struct list_view *list, const struct planned *entry,
        const struct when *when)
{
	struct str text = {0}, detail = {0}, line = {0}, about = {0};
	char at[6];
	snprintf(at, sizeof(at), "%.5s", when->wall + DAY_LEN + 1);
	if (entry->item) {
		add_words(&text, entry->item->text);
		item_detail(app, entry->item, &detail);
		str_addf(&about, "%" PRId64, entry->item->id);
		str_addf(&line, "outgoing %" PRId64, entry->item->id);
	} else if (entry->is_free) {
		str_adds(&text, "free");
		str_addf(&detail, "%s · a slot: Enter writes for it", entry->account);
		str_adds(&line, entry->line);
	} else {
		add_words(&text, entry->text);
		str_addf(&detail, "%s · kept by its server, made elsewhere: Enter cancels it",
		        entry->account);
		str_adds(&line, entry->line);
	}
	const struct list_item item = {.key = at,
	        .text = text.p,
	        .detail = detail.p,
	        .line = line.p,
	        .about = about.len ? about.p : NULL};
	list_view_add(list, &item);
	str_finish(&text);
	str_finish(&detail);
	str_finish(&line);
	str_finish(&about);
}

static void show_head(const struct agenda_list *all, struct list_view *list)
{
	const char *sender = app_outbox_sender(all->app);
	struct str text = {0};
	if (app_outbox_is_held(all->app, 0)) heading(list, "Nothing goes out: `resume` lets it");
	if (all->local && sender && *sender) {
		str_addf(&text, "what is kept here is sent by %s", sender);
		heading(list, str_c(&text));
	} else if (all->local) {
		heading(list, "what is kept here needs this deck or `stoa daemon` at its time");
	}
	str_finish(&text);
}

static void show(struct app *app)
{
	struct agenda_list all = {.app = app};
	struct list_view list = {.keys = keys, .again = xstrdup("agenda")};
	struct when now, when;
	struct str title = {0};
	char day[DAY_LEN + 1] = "";
	agenda_watch(app);
	gather(&all);
	str_addf(&title, "Agenda, by the clocks of %s", when_zone());
	list.title = str_take(&title);
	show_head(&all, &list);
	bool known = when_at(clock_wall(app->clock), NULL, &now, NULL);
	for (size_t i = 0; i < all.n && i < SHOWN_MAX; i++) {
		if (!when_at(all.entries[i].at_ms, NULL, &when, NULL)) continue;
		if (strncmp(day, when.wall, DAY_LEN) != 0)
			add_day(&list, &when, known ? now.wall : "");
		snprintf(day, sizeof(day), "%.10s", when.wall);
		show_entry(app, &list, &all.entries[i], &when);
	}
	if (all.hidden) {
		struct str text = {0};
		str_addf(&text, "and %zu later ones; `stoa queue` lists all", all.hidden);
		heading(&list, str_c(&text));
		str_finish(&text);
	}
	if (all.n == 0)
		list_view_add(
		        &list, &(struct list_item){
		                       .text = (char *)"nothing is planned; M-s in the composer "
		                                       "gives a post its time"});
	finish(&all);
	overlay_list_live(app, &list, "agenda");
}

/* -- commands -- */

static bool agenda(const struct cmd_call *call, struct err *err)
{
	(void)err;
	show(call_app(call));
	return true;
}

static const struct outgoing *item_named(const struct cmd_call *call, struct err *err)
{
	const struct outgoing *item = app_outbox_item(call->app, strtoll(call->argv[1], NULL, 10));
	if (!item) err_set(err, ERR_NOT_FOUND, "there is no post number %s", call->argv[1]);
	return item;
}

/* What came of it, in its own words. */
static bool on_done(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	if (event->text && *event->text) app_say(app, TONE_GOOD, "%s", event->text);
	return true;
}

static bool on_cancelled(struct app *app, const struct event *event, void *ctx)
{
	(void)ctx;
	if (event->kind != EVENT_DONE) return false;
	if (event->err.code == ERR_NONE) app_say(app, TONE_GOOD, "taken back · U plans it again");
	return event->err.code == ERR_NONE;
}

/* A planned one is taken back; U makes it anew, at its time. */
static bool agenda_cancel(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct outgoing *item = item_named(call, err);
	if (!item) return false;
	struct job *job = job_new(JOB_OUTGOING_CANCEL);
	struct str line = {0};
	job->number = item->id;
	app_ask(app, job, on_cancelled, NULL);
	str_addf(&line, "agenda again %" PRId64, item->id);
	undo_line(app, "the post is planned again", line.p, NULL);
	str_finish(&line);
	return true;
}

static bool agenda_again(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct outgoing *item = item_named(call, err);
	if (!item) return false;
	if (item->state != OUTGOING_CANCELLED)
		return err_set(err, ERR_REFUSED, "it is %s", outgoing_states[item->state].name);
	struct job *job = job_new(JOB_SEND);
	job->draft = outgoing_draft(item);
	app_ask(app, job, on_done, NULL);
	return true;
}

static bool agenda_move(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str line = {0};
	if (call->argc < 3) return err_set(err, ERR_SYNTAX, "to which time? fri 14:30, next slot");
	str_addf(&line, "outgoing move %s %s", call->argv[1], call->argv[2]);
	bool ok = app_command(app, line.p, call->out, err);
	str_finish(&line);
	if (ok) show(app);
	return ok;
}

/* Write a post for that time. */
static bool agenda_write(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *account = store_account_named(app->store, call->argv[1]);
	struct when when;
	if (!account)
		return err_set(err, ERR_NOT_FOUND,
		        "there is no account '%s'; `accounts` lists them", call->argv[1]);
	int fold = call->argc > 3 && strcmp(call->argv[3], "1") == 0;
	if (!when_resolve(call->argv[2], NULL, fold, &when, err)) return false;
	overlay_close_all(app);
	compose_new(app, account, NULL);
	struct draft *draft = compose_draft(app);
	if (!draft) return true;
	draft->at = when;
	compose_changed(app);
	return true;
}

const struct cmd agenda_commands[] = {
        {"agenda", "", "what will be posted when, and where there is room", ANYWHERE, agenda, NULL},
        {"agenda again", "N", "plan a post anew that was taken back", ANYWHERE, agenda_again, NULL},
        {"agenda cancel", "N", "do not post it", ANYWHERE, agenda_cancel, NULL},
        {"agenda move", "N TEXT", "post it at another time", ANYWHERE, agenda_move, NULL},
        {"agenda write", "ACCOUNT WALL [FOLD]", "write a post for that time", 0, agenda_write,
                NULL},
        {0},
};
