#include <stdlib.h>
#include <string.h>

#include "app/compose.h"
#include "app/deck.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/prompt.h"
#include "app/tutorial.h"
#include "app/welcome.h"
#include "base/mem.h"
#include "inside.h"

enum key_context keys_context(const struct app *app)
{
	if (app->prompt.open) return KEYS_PROMPT;
	if (app->overlay == OVERLAY_LIST) return KEYS_MENU;
	if (app->composer) return KEYS_COMPOSE;
	if (app->overlay == OVERLAY_ARTICLE) return KEYS_ARTICLE;
	if (app->overlay == OVERLAY_PROFILE) return KEYS_PROFILE;
	if (app->overlay == OVERLAY_PICTURE) return KEYS_PICTURE;
	return KEYS_COLUMN;
}

static void say_result(struct app *app, const char *line, const struct str *out)
{
	if (!out->len) return;
	const char *lf = strchr(out->p, '\n');
	if (lf && lf[1])
		overlay_text(app, line, out->p);
	else
		app_say(app, TONE_SAYS, "%.*s", (int)strcspn(out->p, "\n"), out->p);
}

/* The cursor left a post by what somebody did: it is read. */
static void mark_left(struct app *app, const struct column *column, post_id before)
{
	if (!before || column != app_column(app)) return;
	if (column->view.cursor != before) app_set_read(app, before, true);
}

void keys_run(struct app *app, const char *line)
{
	struct column *column = app_column(app);
	/* Nobody has seen what is folded. */
	post_id before = column && column->view.on.kind != ROW_FOLD ? column->view.cursor : 0;
	struct err err = {0};
	struct str out = {0};
	app_say_no_more(app);
	app->commands_run++;
	/* Bindings may change while one runs. */
	char *copy = xstrdup(line);
	bool ok = cmd_run(app->commands, app, copy, 0, false, &out, &err);
	if (!app->over) {
		if (!ok) app_say(app, TONE_ERROR, "%s", err.text);
		if (ok) tutorial_note(app, copy);
		say_result(app, copy, &out);
		bool there = deck_index(app, column) != SIZE_MAX || over_has(app, column);
		if (there) mark_left(app, column, before);
	}
	free(copy);
	str_finish(&out);
}

bool app_command(struct app *app, const char *line, struct str *out, struct err *err)
{
	struct str said = {0};
	bool ok = cmd_run(app->commands, app, line, 0, false, out ? out : &said, err);
	if (ok) tutorial_note(app, line);
	if (!out) say_result(app, line, &said);
	str_finish(&said);
	return ok;
}

/* One of the list's own keys, for the focused item; then the list as it is by now. */
static bool key_of_list(struct app *app, const char *key)
{
	const struct list_key *own = app->list.typing ? NULL : app->list.keys;
	while (own && own->key && strcmp(own->key, key) != 0)
		own++;
	if (!own || !own->key) return false;
	const struct list_item *item = list_view_chosen(&app->list, NULL);
	if (!own->bare && (!item || !item->about)) return true;
	struct str line = {0};
	size_t focus = app->list.focus;
	char *again = xstrdup(app->list.again);
	str_adds(&line, own->line);
	if (!own->bare) str_addf(&line, " %s", item->about);
	overlay_close(app);
	enum overlay below = app->overlay;
	keys_run(app, line.p);
	bool idle = !app->prompt.open && !compose_is_open(app) && !app->over;
	if (again && idle && app->overlay == below) {
		app_command(app, again, NULL, NULL);
		if (app->overlay == OVERLAY_LIST) app->list.focus = focus;
	}
	str_finish(&line);
	free(again);
	return true;
}

/* A key that is not bound where keys are text or choose from a list. True when it was for it. */
static bool key_for_list(struct app *app, const char *key)
{
	if (app->list.typing) {
		const char *text = strcmp(key, "<Space>") == 0 ? " " : key;
		if (!edit_key(&app->list.filter, key)) {
			if (*text == '<' && text[1] && strcmp(text, "<lt>") != 0) return false;
			edit_insert(&app->list.filter, *text == '<' ? "<" : text,
			        *text == '<' ? 1 : strlen(text));
		}
		app->list.focus = app->list.top = 0;
		app->dirty = true;
		return true;
	}
	if (key_of_list(app, key)) return true;
	const struct list_item *item = list_view_chosen(&app->list, key);
	if (!item || !item->line) return false;
	if (item->dim) {
		app_say(app, TONE_ERROR, "%s",
		        item->detail ? item->detail : "that cannot be done now");
		return true;
	}
	char *line = xstrdup(item->line);
	overlay_close(app);
	keys_run(app, line);
	free(line);
	return true;
}

/* Is the key text to whoever types here, however it is bound for lists that are only read? */
static bool is_text(const struct app *app, const char *key)
{
	if (!app->list.typing) return false;
	return *key != '<' || !key[1] || strcmp(key, "<Space>") == 0 || strcmp(key, "<lt>") == 0;
}

static void unbound(struct app *app, const char *key)
{
	enum key_context context = keys_context(app);
	if (context == KEYS_PROMPT) {
		prompt_key(app, key);
	} else if (context == KEYS_COMPOSE) {
		compose_key(app, key);
	} else if (context == KEYS_MENU && key_for_list(app, key)) {
		return;
	} else if (strcmp(str_c(&app->keys), key) != 0) {
		app_say(app, TONE_SAYS, "%s is not bound; ? lists the keys", str_c(&app->keys));
	}
}

/*
 * While composing, Esc and then a key is that key with Meta, however long it takes, as in
 * readline. True when there is nothing more to do yet.
 */
static bool take_meta(struct app *app, struct str *name)
{
	bool esc = strcmp(name->p, "<Esc>") == 0, before = app->meta;
	app->meta = esc && !before;
	if (app->meta || !before) return app->meta;
	struct str with = {0};
	bool named = *name->p == '<' && name->p[1];
	str_addf(&with, "<M-%s%s", name->p + named, named ? "" : ">");
	str_clear(name);
	bool ok = key_normalise(name, with.p, NULL);
	str_finish(&with);
	return !ok;
}

void keys_press(struct app *app, const char *key)
{
	struct str name = {0};
	if (!key_normalise(&name, key, NULL)) {
		str_finish(&name);
		return;
	}
	visit_key(app);
	app->stale_status = true;
	enum key_context context = keys_context(app);
	bool pending = app->keys.len > 0;
	if (context == KEYS_COMPOSE && take_meta(app, &name)) {
		str_finish(&name);
		return;
	}
	if (pending && strcmp(name.p, "<Esc>") == 0) {
		str_clear(&app->keys);
		str_finish(&name);
		return;
	}
	/* An empty deck has no use for what acts on posts. */
	const char *begin = welcome_is_open(app) && !pending ? welcome_line(app, name.p) : NULL;
	if (begin) {
		keys_run(app, begin);
		str_finish(&name);
		return;
	}
	/* What a list offers by its keys goes before what is bound for lists. */
	if (context == KEYS_MENU && !pending &&
	        (is_text(app, name.p) || (!app->list.typing && *name.p != '<')) &&
	        key_for_list(app, name.p)) {
		str_finish(&name);
		return;
	}
	str_adds(&app->keys, name.p);
	const char *line = NULL;
	switch (keymap_find(app->keymap, context, str_c(&app->keys), &line)) {
	case KEY_PREFIX:
		break;
	case KEY_COMMAND:
		str_clear(&app->keys);
		keys_run(app, line);
		break;
	case KEY_NONE:
		unbound(app, name.p);
		str_clear(&app->keys);
		break;
	}
	str_finish(&name);
}
