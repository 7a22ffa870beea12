#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "base/bitset.h"
#include "base/mem.h"
#include "columns.h"
#include "inside.h"
#include "model/feed.h"

/* From the sources that a column names to those that the engine keeps fresh. */

struct found {
	source_id *ids;
	size_t n, cap;
	struct bitset has;
};

static void found_add(struct app *app, struct found *found, const char *name)
{
	source_id id = store_source(app->store, name);
	if (bitset_has(&found->has, id)) return;
	bitset_put(&found->has, id, true);
	found->ids = mem_grow(found->ids, &found->cap, found->n + 1, sizeof(*found->ids));
	found->ids[found->n++] = id;
}

static void found_add_feed(struct app *app, struct found *found, const struct feed *feed)
{
	struct source_ref ref = {
	        .account = (char *)"feeds", .kind = SOURCE_FEED, .arg = feed->name};
	struct str name = {0};
	source_print(&name, &ref);
	found_add(app, found, str_c(&name));
	str_finish(&name);
}

/* Is `group` one of the lines of `groups`? */
static bool in_group(const char *groups, const char *group)
{
	size_t len = strlen(group);
	for (const char *line = groups; line && *line;) {
		size_t n = strcspn(line, "\n");
		if (n == len && memcmp(line, group, n) == 0) return true;
		line += n + (line[n] == '\n');
	}
	return false;
}

/* A group, or all feeds. False when no feed is in it. */
static bool add_feeds(struct app *app, struct found *found, const char *group)
{
	size_t before = found->n;
	for (size_t i = 0; i < app->nfeeds; i++) {
		if (!group || in_group(app->feeds[i]->groups, group))
			found_add_feed(app, found, app->feeds[i]);
	}
	return found->n > before;
}

/* A feed that is followed already by its address is that feed. */
static bool add_followed(struct app *app, struct found *found, const char *url)
{
	for (size_t i = 0; url && i < app->nfeeds; i++) {
		if (strcmp(app->feeds[i]->url, url) != 0) continue;
		found_add_feed(app, found, app->feeds[i]);
		return true;
	}
	return false;
}

/* Add what one source comes to. False with a sentence when that is nothing. */
static bool add_source(struct app *app, struct found *found, const char *text, struct err *err)
{
	struct source_ref ref;
	if (!source_parse(text, &ref, err)) return false;
	bool ok = true;
	struct str name = {0};
	if (ref.kind == SOURCE_ALL) {
		ok = add_feeds(app, found, NULL) || !app->started ||
		     err_set(err, ERR_NOT_FOUND, "no feed is followed yet; `stoa feeds add URL`");
	} else if (ref.kind == SOURCE_GROUP) {
		ok = add_feeds(app, found, ref.arg) || !app->started ||
		     err_set(err, ERR_NOT_FOUND, "no feed is in the group '%s'", ref.arg);
	} else if (ref.kind != SOURCE_FEED || !add_followed(app, found, ref.arg)) {
		source_print(&name, &ref);
		found_add(app, found, str_c(&name));
	}
	str_finish(&name);
	source_ref_finish(&ref);
	return ok;
}

static void set_trouble(struct column *column, const char *text)
{
	free(column->trouble);
	column->trouble = xstrdup(text);
}

const struct account *column_account(const struct app *app, const struct column *column)
{
	struct source_ref ref;
	if (column->acts_as) return store_account_named(app->store, column->acts_as);
	for (size_t i = 0; i < column->nsources; i++) {
		if (!source_parse(column->sources[i], &ref, NULL)) continue;
		const struct account *account =
		        strcmp(ref.account, "feeds") == 0
		                ? NULL
		                : store_account_named(app->store, ref.account);
		source_ref_finish(&ref);
		if (account) return account;
	}
	return NULL;
}

size_t account_place(const struct app *app, const struct account *account)
{
	const struct account *const *accounts;
	size_t n = store_accounts(app->store, &accounts), place = 0, signed_in = 0;
	for (size_t i = 0; i < n; i++) {
		if (accounts[i]->id == ACCOUNT_FEEDS) continue;
		signed_in++;
		if (account && accounts[i]->id == account->id) place = signed_in;
	}
	return signed_in > 1 ? place : 0;
}

static void name_account(struct app *app, struct column *column)
{
	const struct account *account = column_account(app, column);
	char *name = xstrdup(account ? account->name : "");
	free(column->account);
	column->account = name;
	column->acts_id = account ? account->id : 0;
	column->view.account = name;
	column->view.account_place = account_place(app, account);
}

static bool same_ids(const struct column *column, const struct found *found)
{
	return column->nwatched == found->n &&
	       (found->n == 0 ||
	               memcmp(column->watched, found->ids, found->n * sizeof(*found->ids)) == 0);
}

void column_resolve(struct app *app, struct column *column)
{
	struct found found = {0};
	struct err err = {0};
	bool ok = true;
	for (size_t i = 0; i < column->nsources; i++) {
		struct err why = {0};
		if (add_source(app, &found, column->sources[i], &why)) continue;
		if (ok) err = why;
		ok = false;
	}
	bitset_finish(&found.has);
	set_trouble(column, ok ? NULL : err.text);
	name_account(app, column);
	app->health_changed = true;
	column->dirty = true;
	if (same_ids(column, &found)) {
		free(found.ids);
		return;
	}
	/* New ones first, so that a source both have is not given up in between. */
	for (size_t i = 0; i < found.n; i++)
		watch_take(app, found.ids[i]);
	for (size_t i = 0; i < column->nwatched; i++)
		watch_drop(app, column->watched[i]);
	free(column->watched);
	column->watched = found.ids;
	column->nwatched = found.n;
	timeline_set_sources(column->timeline, found.ids, found.n);
}

void deck_resolve(struct app *app)
{
	if (!app->feeds_changed || !app->engine) return;
	/* While feeds are still being told of, their groups would be worked out again and again. */
	if (app->resolved && !app->started) return;
	app->resolved = true;
	app->feeds_changed = false;
	for (size_t i = 0; i < app->ncolumns; i++)
		column_resolve(app, app->columns[i]);
	for (struct column *over = app->above; over; over = over->below)
		column_resolve(app, over);
}
