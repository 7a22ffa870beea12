#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/ask.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/spawn.h"
#include "app/welcome.h"
#include "base/mem.h"
#include "tables.h"

/* Signing in and out, and the accounts that there are. */

/* -- in -- */

/* What a sign-in that is under way needs to know; one allocation, as app_ask frees it. */
struct signing {
	bool first; /* the deck has no column yet: it gets some */
	char name[];
};

/* The address in pieces that fit: a browser elsewhere may have to be given it by hand. */
static void add_address(const struct app *app, struct list_view *list, const char *url)
{
	int room = overlay_area(app).cols - 8;
	size_t piece = room > 20 ? (size_t)room : 20;
	for (size_t at = 0, len = strlen(url); at < len; at += piece) {
		char *text = xstrndup(url + at, len - at < piece ? len - at : piece);
		const struct list_item item = {.text = text};
		list_view_add(list, &item);
		free(text);
	}
}

static void add_line(struct list_view *list, const char *key, const char *text, const char *line)
{
	const struct list_item item = {
	        .key = (char *)key, .text = (char *)text, .line = (char *)line};
	list_view_add(list, &item);
}

static void show_address(struct app *app, const struct event *event)
{
	struct list_view list = {.title = xstrdup("Sign in")};
	struct str open = {0}, code = {0};
	struct err err = {0};
	bool opened = spawn_has_display() && spawn_browser(app, event->text, &err);
	str_adds(&open, "open-address ");
	cmd_quote(&open, event->text);
	str_addf(&code, "prompt sign-in-code %u", event->reply_to);
	const struct list_item heading = {.heading = true,
	        .text = opened ? (char *)"A browser opens this address; let it sign you in:"
	                       : (char *)"Open this address in a browser (it is copied):"};
	list_view_add(&list, &heading);
	add_address(app, &list, event->text);
	add_line(&list, "c", "type or paste the code that it shows", code.p);
	add_line(&list, "o", "open the address", open.p);
	list.focus = list.nitems - 3;
	overlay_list(app, &list);
	if (!opened) app->term.ops->copy(app->term.ctx, event->text);
	if (event->number) prompt_open(app, code.p + strlen("prompt "), "");
	str_finish(&open);
	str_finish(&code);
}

static bool on_sign_in(struct app *app, const struct event *event, void *ctx)
{
	const struct signing *signing = ctx;
	if (event->kind == EVENT_SIGN_IN && event->text) {
		show_address(app, event);
		return true;
	}
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	prompt_cancel(app);
	overlay_close_all(app);
	if (signing->first && app->ncolumns == 0) welcome_columns(app, signing->name);
	app_say(app, TONE_GOOD, "%s, called %s", event->text ? event->text : "signed in",
	        signing->name);
	return true;
}

/* "mastodon" of "https://mastodon.example": what an account is called when nobody says. */
static char *name_of(const char *host)
{
	const char *start = strstr(host, "://");
	start = start ? start + 3 : host;
	return xstrndup(start, strcspn(start, ".:/"));
}

/* Nobody has the name, or who has it is about to sign in again. */
static bool name_is_free(const struct app *app, const char *name, const char *network,
        const char *where, struct err *err)
{
	const struct account *account = store_account_named(app->store, name);
	if (!account || (where && account_is_at(account, network, where))) return true;
	return err_set(
	        err, ERR_SYNTAX, "there is an account '%s' already; say `as` another name", name);
}

/* A password is asked for on the terminal, by the command line: nobody shall type one here. */
static bool login_by_password(const struct cmd_call *call, struct err *err)
{
	char *words[] = {(char *)"login", call->argv[1], call->argv[2], (char *)"--name",
	        call->argc > 4 ? call->argv[4] : NULL};
	return run_own(call_app(call), words, call->argc > 4 ? 5 : 3, err);
}

static bool login(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (strcmp(call->argv[1], "bluesky") == 0) return login_by_password(call, err);
	char *name = call->argc > 4 ? xstrdup(call->argv[4]) : name_of(call->argv[2]);
	if (!name_is_free(app, name, call->argv[1], call->argv[2], err)) {
		free(name);
		return false;
	}
	struct job *job = job_new(JOB_SIGN_IN);
	struct signing *signing = xmalloc(sizeof(*signing) + strlen(name) + 1);
	struct str arg = {0};
	str_addf(&arg, "%s\n%s\n%s", call->argv[1], call->argv[2], name);
	job->arg = str_take(&arg);
	job->on = spawn_has_display();
	signing->first = app->ncolumns == 0;
	memcpy(signing->name, name, strlen(name) + 1);
	app_say(app, TONE_SAYS, "asking %s how to sign in …", call->argv[2]);
	app_ask(app, job, on_sign_in, signing);
	free(name);
	return true;
}

static bool on_guest(struct app *app, const struct event *event, void *ctx)
{
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	app_say(app, TONE_GOOD, "%s: columns from %s/profile:… and the like",
	        event->text ? event->text : "", (const char *)ctx);
	return true;
}

static bool guest(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	bool named = call->argc > 3 && strcmp(call->argv[call->argc - 2], "as") == 0;
	const char *host = call->argc > (named ? 4 : 2) ? call->argv[2] : NULL;
	char *name = named  ? xstrdup(call->argv[call->argc - 1])
	             : host ? name_of(host)
	                    : xstrdup(call->argv[1]);
	bool free_name = name_is_free(app, name, call->argv[1], NULL, err);
	if (free_name) {
		struct job *job = job_new(JOB_GUEST);
		struct str arg = {0};
		str_addf(&arg, "%s\n%s\n%s", call->argv[1], host ? host : "-", name);
		job->arg = str_take(&arg);
		app_ask(app, job, on_guest, xstrdup(name));
	}
	free(name);
	return free_name;
}

static bool code(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct job *job = job_new(JOB_CODE);
	(void)err;
	job->number = strtoll(call->argv[1], NULL, 10);
	job->arg = xstrdup(call->argv[2]);
	app_post(app, job);
	app_say(app, TONE_SAYS, "signing in …");
	return true;
}

/* -- out -- */

static const struct account *named(struct app *app, const char *name, struct err *err)
{
	const struct account *account = store_account_named(app->store, name);
	if (account && account->id != ACCOUNT_FEEDS) return account;
	err_set(err, ERR_NOT_FOUND, "there is no account '%s'; `accounts` lists them", name);
	return NULL;
}

static bool on_logout(struct app *app, const struct event *event, void *ctx)
{
	if (event->kind != EVENT_DONE || event->err.code != ERR_NONE) return false;
	app_say(app, TONE_GOOD, "%s: %s", (const char *)ctx,
	        event->text ? event->text : "signed out");
	return true;
}

static bool logout(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const char *name = call->argv[call->argc - 1];
	const struct account *account = named(app, name, err);
	if (!account) return false;
	if (call->argc == 2) {
		struct str question = {0}, line = {0};
		str_addf(&question, "sign %s out, and revoke its token?", name);
		str_adds(&line, "logout sure ");
		cmd_quote(&line, name);
		prompt_confirm(app, question.p, line.p);
		str_finish(&question);
		str_finish(&line);
		return true;
	}
	struct job *job = job_new(JOB_LOGOUT);
	job->account = account->id;
	app_ask(app, job, on_logout, xstrdup(name));
	return true;
}

/* -- those that there are -- */

/* How the sources of an account do, as far as columns show them. */
static void add_health(const struct app *app, const struct account *account, struct str *out)
{
	size_t counts[HEALTH_COUNT] = {0}, len = strlen(account->name);
	for (size_t i = 0; i < app->nwatches; i++) {
		const char *source = store_source_name(app->store, (source_id)i);
		if (!app->watches[i].refs || !source || strncmp(source, account->name, len) != 0 ||
		        source[len] != '/')
			continue;
		counts[app->watches[i].health.kind]++;
	}
	for (int i = 0; i < HEALTH_COUNT; i++) {
		if (counts[i])
			str_addf(out, "%s%zu %s", out->len ? ", " : "", counts[i],
			        health_name((enum health_kind)i));
	}
}

static bool accounts(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *const *all;
	size_t n = store_accounts(app->store, &all);
	struct list_view list = {.title = xstrdup("Accounts")};
	(void)err;
	for (size_t i = 0; i < n; i++) {
		if (all[i]->id == ACCOUNT_FEEDS) continue;
		struct str line = {0}, text = {0}, health = {0};
		str_adds(&line, "account-menu ");
		cmd_quote(&line, all[i]->name);
		str_addf(&text, "%s  %s", all[i]->name,
		        *all[i]->handle ? all[i]->handle : all[i]->host);
		add_health(app, all[i], &health);
		if (*all[i]->software)
			str_addf(&health, "%s%s", health.len ? " · " : "", all[i]->software);
		const struct list_item item = {
		        .text = text.p, .detail = health.len ? health.p : NULL, .line = line.p};
		list_view_add(&list, &item);
		str_finish(&line);
		str_finish(&text);
		str_finish(&health);
	}
	add_line(&list, "n", "sign in …", "prompt login mastodon");
	overlay_list(app, &list);
	return true;
}

/* Everything that one may want of one account. */
static bool account_menu(const struct cmd_call *call, struct err *err)
{
	static const struct {
		const char *key, *text, *command;
	} rows[] = {
	        {"l", "lists", "lists as"},
	        {"c", "custom feeds", "custom-feeds as"},
	        {"t", "followed tags", "followed-tags as"},
	        {"r", "who asks to follow", "requests as"},
	        {"f", "filters at the server", "filters as"},
	        {"m", "muted at the server", "muted as"},
	        {"b", "blocked", "blocked as"},
	        {"h", "hidden hosts", "hidden-hosts as"},
	        {"w", "what its server can do", "account-can"},
	        {"x", "sign out", "logout"},
	};
	struct app *app = call_app(call);
	const struct account *account = named(app, call->argv[1], err);
	if (!account) return false;
	struct list_view list = {.title = xstrdup(account->name)};
	struct str profile = {0};
	str_adds(&profile, "profile ");
	cmd_quote(&profile, account->handle);
	if (*account->handle) add_line(&list, "p", "own profile", profile.p);
	str_finish(&profile);
	if (!account_is_guest(account)) {
		struct str again = {0};
		bool by_handle = strcmp(account->network, "bluesky") == 0;
		str_addf(&again, "login %s ", account->network);
		cmd_quote(&again, by_handle ? account->handle : account->host);
		str_adds(&again, " as ");
		cmd_quote(&again, account->name);
		add_line(&list, "s", "sign in again", again.p);
		str_finish(&again);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str line = {0};
		str_addf(&line, "%s ", rows[i].command);
		cmd_quote(&line, account->name);
		add_line(&list, rows[i].key, rows[i].text, line.p);
		str_finish(&line);
	}
	overlay_list(app, &list);
	return true;
}

static bool account_can(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *account = named(app, call->argv[1], err);
	if (!account) return false;
	struct list_view list = {0};
	struct str title = {0};
	str_addf(&title, "%s: %s", account->name,
	        *account->software ? account->software : account->host);
	list.title = str_take(&title);
	for (int i = 0; i < CAP_COUNT; i++) {
		bool can = account->caps & 1U << i;
		struct list_item item = {.key = can ? (char *)ui_mark(&app->ui, MARK_CHECK) : NULL,
		        .text = (char *)capability_name(1U << i),
		        .detail = can ? NULL : (char *)"no",
		        .dim = !can};
		list_view_add(&list, &item);
	}
	overlay_list(app, &list);
	return true;
}

static const struct cmd_hooks account_hooks = {.complete = complete_account};

const struct cmd sign_in_commands[] = {
        {"account-can", "NAME", "list what an account's server can do", ANYWHERE, account_can,
                &account_hooks},
        {"account-menu", "NAME", "what there is of an account", ANYWHERE, account_menu,
                &account_hooks},
        {"accounts", "", "list the accounts", ANYWHERE, accounts, NULL},
        {"guest", "NETWORK [HOST] [as NAME]", "read what is public there, without signing in",
                ANYWHERE, guest, NULL},
        {"login", "NETWORK HOST [as NAME]", "sign an account in by a browser", ANYWHERE, login,
                NULL},
        {"logout", "[sure] NAME", "sign an account out", ANYWHERE, logout, &account_hooks},
        {"sign-in-code", "ID TEXT", "the code that a sign-in's page showed", ANYWHERE, code, NULL},
        {0},
};
