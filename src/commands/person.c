#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "app/look.h"
#include "app/over.h"
#include "app/overlay.h"
#include "base/mem.h"
#include "model/post.h"
#include "model/profile.h"
#include "tables.h"

/* Profiles over the deck. */

static bool can_profile(void *app, struct err *err)
{
	return ((struct app *)app)->overlay == OVERLAY_PROFILE ||
	       err_set(err, ERR_NOT_FOUND, "no profile is open; p opens one");
}

static bool look_at(struct app *app, const char *who, struct err *err)
{
	const struct account *account = act_account(app, NULL, err);
	if (!account) return false;
	char *copy = xstrdup(who);
	look_open(app, account, copy);
	free(copy);
	return true;
}

static bool profile(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	struct row row;
	if (call->argc > 1) return look_at(app, call->argv[1], err);
	if (!app_selected_row(app, &row, err)) return false;
	const struct profile *who = store_profile(app->store, acting_selected(app, err));
	return who && look_at(app, who->handle[0] ? who->handle : who->uri, err);
}

static bool can_look(void *ctx, struct err *err)
{
	struct row row;
	return app_selected_row(ctx, &row, err) && acting_selected(ctx, err) &&
	       act_account(ctx, NULL, err);
}

static bool profile_own(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	const struct account *account = act_account(app, NULL, err);
	if (!account) return false;
	if (!account->handle[0])
		return err_set(err, ERR_NOT_FOUND, "%s has not told its handle yet", account->name);
	look_open(app, account, account->handle);
	return true;
}

/* -- in it -- */

static bool scroll(const struct cmd_call *call, int lines, int tenths, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_profile(app, err)) return false;
	struct rect area = overlay_area(app);
	profile_view_scroll(&app->profile, &app->ui, lines ? lines : area.rows * tenths / 10, area);
	app->dirty = true;
	return true;
}

static bool profile_bottom(const struct cmd_call *call, struct err *err)
{
	return scroll(call, INT_MAX / 2, 0, err);
}

static bool profile_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 1, 0, err);
}

static bool profile_page_down(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, 9, err);
}

static bool profile_page_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, 0, -9, err);
}

static bool profile_top(const struct cmd_call *call, struct err *err)
{
	return scroll(call, -INT_MAX / 2, 0, err);
}

static bool profile_up(const struct cmd_call *call, struct err *err)
{
	return scroll(call, -1, 0, err);
}

static bool move(const struct cmd_call *call, int dir, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_profile(app, err)) return false;
	app->dirty = true;
	return profile_view_move(&app->profile, &app->ui, dir, overlay_area(app)) ||
	       err_set(err, ERR_NOT_FOUND, "no pinned post %s", dir < 0 ? "above" : "below");
}

static bool profile_next(const struct cmd_call *call, struct err *err)
{
	return move(call, 1, err);
}

static bool profile_previous(const struct cmd_call *call, struct err *err)
{
	return move(call, -1, err);
}

/* Their posts as a column, as the account that looks. */
static bool profile_add(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_profile(app, err)) return false;
	const struct profile *who = store_profile(app->store, app->profile.profile);
	const struct account *account = store_account(app->store, app->profile.account);
	if (!account) return err_set(err, ERR_NOT_FOUND, "the account was signed out meanwhile");
	const char *handle = who ? who->handle : app->profile.who;
	struct source_ref ref = {
	        .account = account->name, .kind = SOURCE_PROFILE, .arg = (char *)handle};
	struct str source = {0}, title = {0}, line = {0};
	source_print(&source, &ref);
	str_addf(&title, "@%s", handle);
	str_adds(&line, "column add ");
	cmd_quote(&line, title.p);
	str_addc(&line, ' ');
	cmd_quote(&line, str_c(&source));
	overlay_close_all(app);
	bool ok = app_command(app, line.p, NULL, err);
	str_finish(&source);
	str_finish(&title);
	str_finish(&line);
	return ok;
}

/* -- addresses -- */

static char *line_of(const char *url)
{
	struct str line = {0};
	str_adds(&line, "open-address ");
	cmd_quote(&line, url);
	return str_take(&line);
}

static void list_links(struct app *app, struct list_view *list)
{
	enum { LETTERS = 26 };
	char *url;
	for (size_t i = 0;
	        i < LETTERS && (url = profile_view_link(&app->profile, &app->ui, i + 1)) != NULL;
	        i++) {
		char key[2] = {(char)('a' + i), '\0'};
		char *line = line_of(url);
		list_view_add(list, &(struct list_item){.key = key, .text = url, .line = line});
		free(line);
		free(url);
	}
}

static bool profile_open(const struct cmd_call *call, struct err *err)
{
	struct app *app = call_app(call);
	if (!can_profile(app, err)) return false;
	const struct post *post = app_selected(app, NULL);
	if (post) return over_open_thread(app, post, err);
	struct list_view list = {.title = xstrdup("Open")};
	list_links(app, &list);
	bool ok = true;
	if (list.nitems == 0) {
		ok = err_set(err, ERR_NOT_FOUND, "this profile has no address");
	} else if (list.nitems == 1) {
		ok = app_command(app, list.items[0].line, NULL, err);
	} else {
		overlay_list(app, &list);
	}
	list_view_finish(&list);
	return ok;
}

static const struct cmd_hooks look_hooks = {.can = can_look};
static const struct cmd_hooks hooks = {.can = can_profile};

const struct cmd person_commands[] = {
        {"profile", "[WHO]", "show the profile of who this is from, or of WHO",
                ANYWHERE | CMD_ACTION, profile, &look_hooks},
        {"profile add", "", "make a column of their posts", ANYWHERE, profile_add, &hooks},
        {"profile bottom", "", "go to the end", ANYWHERE, profile_bottom, &hooks},
        {"profile down", "", "scroll a line down", ANYWHERE, profile_down, &hooks},
        {"profile next", "", "select the next pinned post", ANYWHERE, profile_next, &hooks},
        {"profile open", "", "open the selected pinned post, or an address of theirs", ANYWHERE,
                profile_open, &hooks},
        {"profile own", "", "show the account's own profile", ANYWHERE, profile_own, NULL},
        {"profile page-down", "", "scroll a page down", ANYWHERE, profile_page_down, &hooks},
        {"profile page-up", "", "scroll a page up", ANYWHERE, profile_page_up, &hooks},
        {"profile previous", "", "select the pinned post above", ANYWHERE, profile_previous,
                &hooks},
        {"profile top", "", "go to the beginning", ANYWHERE, profile_top, &hooks},
        {"profile up", "", "scroll a line up", ANYWHERE, profile_up, &hooks},
        {0},
};
