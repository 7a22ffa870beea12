#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/mute_file.h"
#include "app/mute_line.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/rules.h"
#include "base/mem.h"
#include "base/paths.h"
#include "muting.h"
#include "server_filters.h"

/* What is muted, as a list to work in; and as a file. */

static const struct list_key keys[] = {
        {"e", "edit", "mutes edit", false},
        {"t", "time", "mutes time", false},
        {"d", "remove", "unmute", false},
        {"n", "new", "prompt mute", true},
        {"U", "undo", "undo", true},
        {0},
};

/* -- the list -- */

static void add_heading(struct list_view *list, const char *text)
{
	list_view_add(list, &(struct list_item){.text = (char *)text, .heading = true});
}

/* "for 3 d · fold in Home · 12 rows · 2d": what one wants to know before removing it. */
static void print_detail(const struct app *app, struct str *out, const struct mute *mute)
{
	char made[32];
	mute_print_left(out, mute->until_ms, clock_wall(app->clock));
	if (mute->action != MUTE_USUAL)
		str_adds(out, mute->action == MUTE_FOLD ? " · folded" : " · hidden for sure");
	if (mute->columns) str_addf(out, " · in %s", mute->columns);
	str_addf(out, " · %" PRIu64 " row%s", mute->hits, mute->hits == 1 ? "" : "s");
	if (rules_of_config(mute->id)) {
		str_adds(out, " · config");
	} else if (mute->made_ms) {
		ui_time(&app->ui, made, mute->made_ms);
		str_addf(out, " · made %s", made);
	}
}

static void add_mute(struct app *app, struct list_view *list, const struct mute *mute)
{
	struct str detail = {0}, line = {0};
	print_detail(app, &detail, mute);
	str_addf(&line, "mutes edit %s", mute->id);
	const struct list_item item = {.text = (char *)mute->query,
	        .detail = detail.p,
	        .line = line.p,
	        .about = (char *)mute->id};
	list_view_add(list, &item);
	str_finish(&detail);
	str_finish(&line);
}

static void add_quotas(struct app *app, struct list_view *list)
{
	const char *const *handles;
	const unsigned *per_day;
	size_t n = store_quotas(app->store, &handles, &per_day);
	if (n) add_heading(list, "Quotas");
	for (size_t i = 0; i < n; i++) {
		struct str text = {0}, about = {0}, line = {0};
		str_addf(&text, "@%s", handles[i]);
		str_addf(&about, "quota:%s", handles[i]);
		str_addf(&line, "mutes edit %s", about.p);
		struct str detail = {0};
		str_addf(&detail, "%u a day, the rest folded", per_day[i]);
		const struct list_item item = {
		        .text = text.p, .detail = detail.p, .line = line.p, .about = about.p};
		list_view_add(list, &item);
		str_finish(&text);
		str_finish(&about);
		str_finish(&line);
		str_finish(&detail);
	}
}

/* A collection that the server keeps: opened by Enter. */
static void add_server_list(struct list_view *list, const struct account *account, const char *text,
        const char *command)
{
	struct str line = {0};
	str_addf(&line, "%s as ", command);
	cmd_quote(&line, account->name);
	list_view_add(list, &(struct list_item){.text = (char *)text,
	                            .detail = (char *)"Enter asks the server",
	                            .line = line.p});
	str_finish(&line);
}

/* What was set at a server holds here too. */
static void add_server(struct app *app, struct list_view *list, const struct account *account)
{
	struct str heading = {0};
	size_t filters = store_filters(app->store, account->id);
	bool any = filters || (account->caps & (CAP_MUTE | CAP_BLOCK_DOMAIN));
	if (!any) return;
	str_addf(&heading, "At the server of %s", account->name);
	add_heading(list, heading.p);
	for (size_t i = 0; i < filters; i++)
		server_filter_add(
		        app, list, account->name, store_filter(app->store, account->id, i));
	if (account->caps & CAP_MUTE) add_server_list(list, account, "people muted", "muted");
	if (account->caps & CAP_BLOCK_DOMAIN)
		add_server_list(list, account, "hosts hidden", "hidden-hosts");
	str_finish(&heading);
}

static bool mutes(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *const *accounts;
	const struct mute *all;
	size_t n = store_mutes(app->store, &all);
	(void)err;
	struct list_view list = {
	        .title = xstrdup("Muted"), .keys = keys, .again = xstrdup("mutes")};
	add_heading(&list, n ? "Here" : "Here: nothing");
	/* The newest first: it is what one regrets. */
	for (size_t i = n; i-- > 0;)
		add_mute(app, &list, &all[i]);
	add_quotas(app, &list);
	size_t naccounts = store_accounts(app->store, &accounts);
	for (size_t i = 0; i < naccounts; i++)
		add_server(app, &list, accounts[i]);
	overlay_list(app, &list);
	return true;
}

/* -- its keys -- */

static const struct mute *find(const struct app *app, const char *id, struct err *err)
{
	const struct mute *mute = rules_find_mute(app, id);
	if (!mute)
		err_set(err, ERR_NOT_FOUND, "'%s' is not muted; `mutes` lists what is", id);
	else if (rules_of_config(id))
		err_set(err, ERR_UNSUPPORTED, "the config says so; change it there, then `reload`");
	else
		return mute;
	return NULL;
}

static void change_line(struct str *out, const struct mute *mute)
{
	str_adds(out, "mutes change ");
	cmd_quote(out, mute->id);
}

static bool mutes_edit(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str line = {0}, text = {0};
	static const char quota[] = "quota:";
	const char *id = call->argv[1];
	if (strncmp(id, quota, sizeof(quota) - 1) == 0) {
		const char *handle = id + sizeof(quota) - 1;
		str_addf(&text, "%s %u", handle, rules_quota_of(app, handle));
		prompt_open(app, "quota", text.p);
	} else {
		const struct mute *mute = find(app, id, err);
		if (!mute) return false;
		change_line(&line, mute);
		mute_line_print(&text, mute);
		prompt_open(app, line.p, text.p);
	}
	str_finish(&line);
	str_finish(&text);
	return true;
}

/* Another time for the same mute. */
static bool mutes_time(const struct cmd_call *call, struct err *err)
{
	static const struct {
		const char *key, *text, *words;
	} times[] = {
	        {"h", "for an hour", "for 1h "},
	        {"d", "for a day", "for 24h "},
	        {"w", "for a week", "for 7d "},
	        {"m", "for 30 days", "for 30d "},
	        {"g", "for good", ""},
	};
	struct app *app = call_app(call);
	const struct mute *mute = find(app, call->argv[1], err);
	if (!mute) return false;
	struct list_view list = {.title = xstrdup(mute->query)};
	struct mute timeless = *mute;
	timeless.until_ms = 0;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		struct str line = {0};
		change_line(&line, mute);
		str_addf(&line, " %s", times[i].words);
		mute_line_print(&line, &timeless);
		const struct list_item item = {
		        .key = (char *)times[i].key, .text = (char *)times[i].text, .line = line.p};
		list_view_add(&list, &item);
		str_finish(&line);
	}
	struct str line = {0};
	str_addf(&line, "mutes until %s", mute->id);
	list_view_add(&list,
	        &(struct list_item){.key = (char *)"u", .text = (char *)"until …", .line = line.p});
	str_finish(&line);
	overlay_list(app, &list);
	return true;
}

static bool mutes_until(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct mute *mute = find(app, call->argv[1], err);
	if (!mute) return false;
	struct mute timeless = *mute;
	struct str line = {0}, text = {0};
	timeless.until_ms = 0;
	change_line(&line, mute);
	str_adds(&text, "until tomorrow ");
	mute_line_print(&text, &timeless);
	prompt_open(app, line.p, text.p);
	str_finish(&line);
	str_finish(&text);
	return true;
}

/* -- as a file -- */

static bool mutes_export(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct str text = {0};
	size_t n = mute_file_print(&text, app->store);
	char *path = paths_expand(call->argv[1]);
	bool ok = paths_write(path, str_c(&text), text.len, 0600, err);
	if (ok)
		app_say(app, TONE_GOOD, "%zu mute%s written to %s", n, n == 1 ? "" : "s",
		        path);
	free(path);
	str_finish(&text);
	return ok;
}

static bool import_mute(void *ctx, const struct mute *mute, struct err *err)
{
	return rules_mute(ctx, mute, NULL, err);
}

static bool import_quota(void *ctx, const char *handle, unsigned per_day, struct err *err)
{
	(void)err;
	rules_quota(ctx, handle, per_day);
	return true;
}

static void on_mistake(void *ctx, const char *sentence)
{
	app_say(ctx, TONE_ERROR, "%s", sentence);
}

static bool mutes_import(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct mute_sink sink = {.mute = import_mute,
	        .quota = import_quota,
	        .mistake = on_mistake,
	        .now_ms = clock_wall(app->clock),
	        .ctx = app};
	size_t taken = 0, wrong = 0;
	char *path = paths_expand(call->argv[1]);
	bool ok = mute_file_read(path, &sink, &taken, &wrong, err);
	free(path);
	if (!ok) return false;
	if (wrong)
		app_say(app, TONE_ERROR, "%zu taken in, %zu wrong; `:messages` lists them", taken,
		        wrong);
	else
		app_say(app, TONE_GOOD, "%zu taken in from %s", taken, call->argv[1]);
	return true;
}

const struct cmd mutes_commands[] = {
        {"mutes", "", "list what is muted, here and at servers", ANYWHERE, mutes, NULL},
        {"mutes edit", "QUERY", "change a mute in the prompt, by its id", ANYWHERE, mutes_edit,
                NULL},
        {"mutes export", "FILE", "write all mutes to a file, a command a line", ANYWHERE,
                mutes_export, NULL},
        {"mutes import", "FILE", "take in the mutes of a file", ANYWHERE, mutes_import, NULL},
        {"mutes time", "QUERY", "choose how long a mute holds, by its id", ANYWHERE, mutes_time,
                NULL},
        {"mutes until", "QUERY", "say until when a mute holds, by its id", ANYWHERE, mutes_until,
                NULL},
        {0},
};
