#include "catchup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/compose.h"
#include "app/over.h"
#include "app/overlay.h"
#include "app/undo.h"
#include "base/mem.h"
#include "inside.h"

enum {
	FIRST_MS = 8 * 3600000,       /* where nobody knows of a visit before */
	EARLIER_MS = 3600000,         /* at least so much further back */
	MAX_MS = 14 * 24 * 3600000LL, /* and so far at most */
	LOOK_MS = 500,                /* it is not worked out anew more often */
};

#define X(id, name, how) {name, how},
const struct catchup_word catchup_groups[CATCHUP_NGROUPS] = {CATCHUP_GROUPS(X)};
const struct catchup_word catchup_sorts[CATCHUP_NSORTS] = {CATCHUP_SORTS(X)};
#undef X

static struct catchup *get(struct app *app)
{
	if (!app->catchup) app->catchup = xcalloc(1, sizeof(*app->catchup));
	return app->catchup;
}

enum catchup_group catchup_group(const struct app *app)
{
	return app->catchup ? app->catchup->group : CATCHUP_BY_AUTHOR;
}

enum catchup_sort catchup_sort(const struct app *app)
{
	return app->catchup ? app->catchup->sort : CATCHUP_SORT_REPLIES;
}

/* -- on the screen -- */

static bool on_screen(const struct app *app)
{
	const struct catchup *catchup = app->catchup;
	return catchup && catchup->shown && app->overlay == OVERLAY_LIST &&
	       app->overlay_count == catchup->shown;
}

static void note_place(struct app *app)
{
	const struct list_item *item = list_view_chosen(&app->list, NULL);
	char **at = &app->catchup->at;
	if (!item || !item->line || (*at && strcmp(*at, item->line) == 0)) return;
	free(*at);
	*at = xstrdup(item->line);
}

static uint64_t version_of(const struct app *app)
{
	uint64_t version = app->ncolumns;
	for (size_t i = 0; i < app->ncolumns; i++)
		version += timeline_version(app->columns[i]->timeline);
	return version;
}

void catchup_show(struct app *app)
{
	struct catchup *catchup = get(app);
	struct catchup_sight sight;
	struct list_view list;
	size_t top = on_screen(app) ? app->list.top : 0;
	if (!catchup->since_ms) {
		catchup_begin(app, 0);
		return;
	}
	if (on_screen(app)) note_place(app);
	catchup_gather(app, catchup, &sight);
	catchup_print(app, catchup, &sight, &list);
	catchup_sight_finish(&sight);
	list.top = top;
	overlay_list(app, &list);
	catchup->shown = app->overlay_count;
	catchup->version = version_of(app);
	catchup->look_ms = clock_mono(app->clock) + LOOK_MS;
	catchup->away = catchup->stale = false;
}

static void forget_place(struct catchup *catchup)
{
	free(catchup->at);
	free(catchup->unfolded);
	catchup->at = catchup->unfolded = NULL;
	catchup->shown = 0;
}

static void begin(struct app *app, int64_t since_ms, int64_t left_ms)
{
	struct catchup *catchup = get(app);
	int64_t now = clock_wall(app->clock);
	forget_place(catchup);
	if (since_ms < now - MAX_MS) since_ms = now - MAX_MS;
	catchup->since_ms = since_ms;
	catchup->until_ms = now;
	catchup->left_ms = left_ms;
	catchup->whole = false;
	catchup->asked = 0;
	catchup_fetch(app, catchup);
	catchup_show(app);
}

void catchup_begin(struct app *app, int64_t since_ms)
{
	const struct catchup *catchup = get(app);
	int64_t left = app->left_ms ? app->left_ms : clock_wall(app->clock) - FIRST_MS;
	if (since_ms)
		begin(app, since_ms, -1);
	else if (catchup->since_ms &&
	         (catchup->left_ms < 0 || !app->left_ms || catchup->left_ms == app->left_ms))
		catchup_show(app);
	else
		begin(app, left, left);
}

void catchup_earlier(struct app *app)
{
	struct catchup *catchup = get(app);
	int64_t span = catchup->until_ms - catchup->since_ms;
	if (!catchup->since_ms) {
		catchup_begin(app, 0);
		return;
	}
	if (span < EARLIER_MS) span = EARLIER_MS;
	catchup->since_ms -= span;
	if (catchup->since_ms < catchup->until_ms - MAX_MS)
		catchup->since_ms = catchup->until_ms - MAX_MS;
	catchup->whole = false;
	catchup->asked = 0;
	catchup_fetch(app, catchup);
	catchup_show(app);
}

/* -- how it is shown -- */

void catchup_set(struct app *app, enum catchup_group group, enum catchup_sort sort)
{
	struct catchup *catchup = get(app);
	if (catchup->group != group) forget_place(catchup);
	catchup->group = group;
	catchup->sort = sort;
	struct str value = {0};
	str_addf(&value, "%s %s", catchup_groups[group].word, catchup_sorts[sort].word);
	app_remember(app, "catchup", value.p);
	str_finish(&value);
	catchup_show(app);
}

static size_t word_at(const struct catchup_word *words, size_t n, const char *word)
{
	size_t i = 0;
	while (i < n && strcmp(words[i].word, word) != 0)
		i++;
	return i;
}

void catchup_value(struct app *app, const char *value)
{
	char group[16] = "", sort[16] = "";
	sscanf(value, "%15s %15s", group, sort);
	size_t by = word_at(catchup_groups, CATCHUP_NGROUPS, group);
	size_t how = word_at(catchup_sorts, CATCHUP_NSORTS, sort);
	if (by == CATCHUP_NGROUPS || how == CATCHUP_NSORTS) return; /* of a later version */
	get(app)->group = (enum catchup_group)by;
	get(app)->sort = (enum catchup_sort)how;
}

void catchup_unfold(struct app *app, const char *key)
{
	struct catchup *catchup = get(app);
	bool same = catchup->unfolded && strcmp(catchup->unfolded, key) == 0;
	free(catchup->unfolded);
	catchup->unfolded = same ? NULL : xstrdup(key);
	catchup_show(app);
}

void catchup_at_group(struct app *app, const char *key)
{
	struct catchup *catchup = get(app);
	struct str line = {0};
	str_adds(&line, "catchup unfold ");
	cmd_quote(&line, key);
	forget_place(catchup);
	catchup->at = str_take(&line);
	catchup->unfolded = xstrdup(key);
	catchup_show(app);
}

/* -- what is done from it -- */

bool catchup_open(struct app *app, const char *uri, struct err *err)
{
	struct catchup *catchup = get(app);
	post_id id = store_find(app->store, uri);
	const struct post *post = store_post(app->store, id);
	if (!post) return err_set(err, ERR_NOT_FOUND, "that post is not here any more");
	over_close_all(app);
	if (!over_open_thread(app, post, NULL)) overlay_article(app, id);
	app_set_read(app, id, true);
	catchup->away = true;
	catchup->focus = app->focus;
	return true;
}

void catchup_read(struct app *app)
{
	const struct catchup *catchup = get(app);
	struct catchup_sight sight;
	catchup_gather(app, catchup, &sight);
	post_id *posts = xcalloc(sight.nposts + 1, sizeof(*posts));
	size_t n = 0;
	for (size_t i = 0; i < sight.nposts; i++) {
		post_id id = sight.posts[i].post;
		if (store_is_read(app->store, id)) continue;
		app_set_read(app, id, true);
		posts[n++] = id;
	}
	struct str what = {0};
	str_addf(&what, "%zu post%s marked read", n, n == 1 ? "" : "s");
	app_say(app, TONE_GOOD, "%s%s", what.p, n ? " · U undoes" : "");
	if (n)
		undo_read(app, what.p, posts, n);
	else
		free(posts);
	str_finish(&what);
	catchup_sight_finish(&sight);
	catchup_show(app);
}

/* What was opened from it is closed again, and nothing else was begun. */
static bool is_back(const struct app *app)
{
	return !app->above && app->overlay == OVERLAY_NONE && !app->prompt.open &&
	       !compose_is_open(app) && !app->over;
}

void catchup_mind(struct app *app)
{
	struct catchup *catchup = app->catchup;
	if (!catchup) return;
	if (on_screen(app)) {
		bool whole = catchup->whole;
		catchup_fetch(app, catchup);
		catchup->stale |= version_of(app) != catchup->version || whole != catchup->whole;
		note_place(app);
		if (catchup->stale && clock_mono(app->clock) >= catchup->look_ms) catchup_show(app);
	} else if (catchup->away && is_back(app)) {
		catchup->away = false;
		if (app->focus == catchup->focus) catchup_show(app);
	}
}

int64_t catchup_next_ms(const struct app *app)
{
	const struct catchup *catchup = app->catchup;
	return catchup && catchup->stale && on_screen(app) ? catchup->look_ms : 0;
}

void catchup_finish(struct app *app)
{
	if (!app->catchup) return;
	forget_place(app->catchup);
	free(app->catchup);
	app->catchup = NULL;
}
