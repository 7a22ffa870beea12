#include "app/welcome.h"

#include <stdlib.h>
#include <string.h>

#include "app/overlay.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "ui/wrap.h"

/* One thing to begin with; the keys are those that an empty deck has no other use for. */
static const struct beginning {
	const char *key, *text, *detail, *line;
} beginnings[] = {
        {"d", "Try the demo", "a made-up world on this machine; nothing leaves it", "stoa demo"},
        {"m", "Sign in to Mastodon", "and its kin: the server's name, then a browser",
                "prompt login mastodon"},
        {"b", "Sign in to Bluesky", "your handle, and an app password of it",
                "prompt login bluesky"},
        {"f", "Follow a feed", "its address, or a file", "prompt add"},
        {"i", "Bring your feeds along", "an OPML file, or newsboat's urls", "prompt feeds import"},
        {"?", "Keys to know", "what each key does where you are", "help"},
        {";", "All commands", "type a word of what you want", "commands"},
        {"T", "Choose a theme", "see each while you move", "theme"},
        {"q", "Leave", "come back with `stoa`", "back quit"},
};
enum { BEGINNINGS = sizeof(beginnings) / sizeof(*beginnings), WIDE = 72, TEXT_CELLS = 26 };

static const char heading[] = "Welcome to stoa";
static const char greeting[] = "Your networks and feeds, side by side. There are no columns yet: "
                               "choose below with j and k, Enter does it.";

bool welcome_is_open(const struct app *app)
{
	return !app->ncolumns && !app->above && app->overlay == OVERLAY_NONE && !app->composer &&
	       !app->prompt.open;
}

void welcome_list(const struct app *app, struct list_view *list)
{
	bool wide = app->screen.cols >= WIDE;
	for (size_t i = 0; i < BEGINNINGS; i++) {
		const struct beginning *it = &beginnings[i];
		list_view_add(list, &(struct list_item){.key = (char *)it->key,
		                            .text = (char *)it->text,
		                            .detail = wide ? (char *)it->detail : NULL,
		                            .line = (char *)it->line});
	}
}

void welcome_move(struct app *app, int by)
{
	int at = (int)app->welcome, last = BEGINNINGS - 1;
	at = by > last - at ? last : by < -at ? 0 : at + by;
	app->welcome = (size_t)at;
	app->dirty = true;
}

const char *welcome_line(const struct app *app, const char *key)
{
	if (!key) return beginnings[app->welcome].line;
	for (size_t i = 0; i < BEGINNINGS; i++) {
		if (strcmp(beginnings[i].key, key) == 0) return beginnings[i].line;
	}
	return NULL;
}

/* -- on the screen -- */

struct sheet {
	struct wrap wrap; /* the greeting */
	int margin, text; /* cells and lines left free; the greeting's first line */
	int rows;         /* the line of the first row */
	size_t first;     /* that row: the selected one is in view */
};

static struct sheet sheet_of(const struct app *app, struct arena *arena, struct rect area)
{
	struct sheet sheet = {.margin = area.cols > 20 ? 2 : 0, .text = area.rows > 20 ? 2 : 1};
	int cols = area.cols - 2 * sheet.margin;
	/* Long lines are hard to read. */
	if (cols > 76) cols = 76;
	if (cols > 0) sheet.wrap = wrap_text(arena, greeting, strlen(greeting), cols, 0);
	sheet.rows = sheet.text + (int)sheet.wrap.nlines + (area.rows > 14);
	int room = area.rows - sheet.rows;
	/* On a tiny screen the rows are what matters. */
	if (room < 3) {
		sheet.wrap.nlines = 0;
		sheet.rows = area.rows > 1;
		room = area.rows - sheet.rows;
	}
	if (room > 0 && app->welcome >= (size_t)room) sheet.first = app->welcome + 1 - (size_t)room;
	return sheet;
}

/* Without the greeting's words, which go with the arena. */
static struct sheet places(const struct app *app)
{
	struct arena arena = {0};
	struct sheet sheet = sheet_of(app, &arena, overlay_area(app));
	arena_finish(&arena);
	return sheet;
}

int welcome_row(const struct app *app)
{
	struct sheet sheet = places(app);
	return sheet.rows + (int)(app->welcome - sheet.first);
}

bool welcome_select_at(struct app *app, int line)
{
	struct sheet sheet = places(app);
	if (line < sheet.rows) return false;
	size_t at = sheet.first + (size_t)(line - sheet.rows);
	if (at >= BEGINNINGS) return false;
	app->welcome = at;
	app->dirty = true;
	return true;
}

static void draw_row(struct app *app, struct rect line, int margin, size_t i)
{
	const struct beginning *it = &beginnings[i];
	bool focus = i == app->welcome;
	enum role under = focus ? ROLE_MENU_FOCUS : ROLE_DEFAULT;
	uint16_t text = theme_style(app->theme, under, ROLE_DEFAULT);
	uint16_t key = theme_style(app->theme, ROLE_MENU_KEY, under);
	uint16_t dim = theme_style(app->theme, ROLE_MENU_DIM, under);
	grid_fill(&app->screen, line, text);
	if (app->options.linear) {
		struct str words = {0};
		str_addf(&words, "%s%s, %s, %s", focus ? "selected: " : "", it->key, it->text,
		        it->detail);
		grid_puts(&app->screen, line, line.row, line.col, text, str_c(&words), line.cols);
		str_finish(&words);
		return;
	}
	if (focus)
		grid_puts(&app->screen, line, line.row, line.col, text,
		        ui_mark(&app->ui, MARK_RIGHT), 1);
	int col = line.col + margin, end = line.col + line.cols;
	grid_puts(&app->screen, line, line.row, col, key, it->key, end - col);
	grid_puts(&app->screen, line, line.row, col + 3, text, it->text, end - col - 3);
	col += 3 + TEXT_CELLS;
	if (line.cols >= WIDE)
		grid_puts(&app->screen, line, line.row, col, dim, it->detail, end - col);
}

void welcome_draw(struct app *app, struct rect area)
{
	struct arena arena = {0};
	struct sheet sheet = sheet_of(app, &arena, area);
	struct rect title = {area.row, area.col, 1, area.cols};
	uint16_t head = theme_style(app->theme, ROLE_COLUMN_TITLE_FOCUS, ROLE_DEFAULT);
	uint16_t text = theme_style(app->theme, ROLE_ARTICLE, ROLE_DEFAULT);
	if (sheet.rows > 0) {
		grid_fill(&app->screen, title, head);
		grid_puts(&app->screen, title, title.row, title.col + sheet.margin, head, heading,
		        area.cols);
	}
	for (size_t i = 0; i < sheet.wrap.nlines; i++)
		grid_put(&app->screen, area, area.row + sheet.text + (int)i,
		        area.col + sheet.margin, text, 0, greeting + sheet.wrap.lines[i].start,
		        sheet.wrap.lines[i].end - sheet.wrap.lines[i].start, area.cols);
	for (size_t i = sheet.first; i < BEGINNINGS; i++) {
		struct rect line = {
		        area.row + sheet.rows + (int)(i - sheet.first), area.col, 1, area.cols};
		if (line.row >= area.row + area.rows) break;
		draw_row(app, line, sheet.margin, i);
	}
	arena_finish(&arena);
}

/* -- the first columns -- */

static bool add(struct app *app, const char *title, const char *source, struct err *err)
{
	struct str line = {0};
	str_addf(&line, "column add %s ", title);
	cmd_quote(&line, source);
	bool ok = app_command(app, line.p, NULL, err);
	str_finish(&line);
	return ok;
}

/* What others say of somebody who is not told: posts that name them. */
static bool add_search(struct app *app, const char *account, struct err *err)
{
	const struct account *it = store_account_named(app->store, account);
	size_t len = it ? strcspn(it->handle, "@.") : 0;
	if (!len) return true;
	struct str source = {0};
	str_addf(&source, "%s/search:\"%.*s\"", account, (int)len, it->handle);
	bool ok = add(app, "Search", source.p, err);
	str_finish(&source);
	return ok;
}

void welcome_columns(struct app *app, const char *account)
{
	static const char *const columns[][2] = {
	        {"Home", "home"}, {"Mentions", "mentions"}, {"Notifications", "notifications"}};
	struct err err = {0};
	bool ok = true;
	for (size_t i = 0; account && ok && i < sizeof(columns) / sizeof(*columns); i++) {
		struct str source = {0};
		str_addf(&source, "%s/%s", account, columns[i][1]);
		ok = add(app, columns[i][0], source.p, &err);
		str_finish(&source);
	}
	if (ok && account) ok = add_search(app, account, &err);
	if (ok && app->nfeeds) ok = add(app, "Feeds", "feeds/all", &err);
	if (ok && app->ncolumns) ok = app_command(app, "column focus 1", NULL, &err);
	if (!ok) app_say(app, TONE_ERROR, "%s", err.text);
}

void welcome_started(struct app *app)
{
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts);
	const char *name = NULL;
	if (app->ncolumns || app->columns_seeded || app->look_only || !app->paths) return;
	for (size_t i = 0; i < n && !name; i++) {
		if (accounts[i]->id != ACCOUNT_FEEDS && *accounts[i]->handle)
			name = accounts[i]->name;
	}
	/* An account's name is its own for as long as it is signed in; columns are made of it. */
	char *copy = name ? xstrdup(name) : NULL;
	welcome_columns(app, copy);
	free(copy);
}
