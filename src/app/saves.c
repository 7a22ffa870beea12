#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "base/mem.h"
#include "kept.h"

/* Saved queries, and what any query may name. */

/* -- queries -- */

static const char *saved_text(void *ctx, const char *name)
{
	const struct app *app = ctx;
	if (app->trying && app->kept) {
		size_t i = names_find(&app->kept->tried, name);
		if (i < app->kept->tried.n) return app->kept->tried_queries.p[i];
	}
	return store_saved(app->store, name);
}

struct query_env rules_env(const struct app *app)
{
	return (struct query_env){
	        .saved = saved_text, .ctx = (void *)app, .now_ms = clock_wall(app->clock)};
}

bool rules_check(const struct app *app, const char *query, int *out_at, struct err *err)
{
	struct query_env env = rules_env(app);
	struct query *parsed = NULL;
	int at = 0;
	bool ok = query_parse_in(&env, query, false, &parsed, &at, err);
	if (ok && query_needs(parsed) == 0)
		ok = err_set(err, ERR_SYNTAX, "an empty query would mean everything");
	query_free(parsed);
	if (!ok && out_at) *out_at = at;
	return ok;
}

/* Does the query fail where this name is not known? */
struct without {
	const struct app *app;
	const char *name;
};

static const char *saved_but_one(void *ctx, const char *name)
{
	const struct without *without = ctx;
	if (strcmp(name, without->name) == 0) return NULL;
	return store_saved(without->app->store, name);
}

static bool names_saved(const struct app *app, const char *query, const char *name)
{
	struct without without = {app, name};
	struct query_env env = {
	        .saved = saved_but_one, .ctx = &without, .now_ms = clock_wall(app->clock)};
	struct query *parsed = NULL;
	int at;
	bool ok = !query || query_parse_in(&env, query, false, &parsed, &at, NULL);
	query_free(parsed);
	return !ok;
}

/* -- saved queries -- */

static bool name_check(const char *name, struct err *err)
{
	enum { MAX_NAME = 64 };
	static const char letters[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t len = strspn(name, letters);
	if (!len || name[len] || len > MAX_NAME)
		return err_set(err, ERR_SYNTAX,
		        "a name is up to %d letters, digits, - _ and .; not '%s'", MAX_NAME, name);
	return true;
}

static void tell_engine(struct app *app, const char *name, const char *query, bool own)
{
	struct job *job = job_new(JOB_SAVED);
	struct str arg = {0};
	str_addf(&arg, "%s\n%s", name, query ? query : "");
	job->arg = str_take(&arg);
	job->on = own;
	app_post(app, job);
}

bool rules_save(struct app *app, const char *name, const char *query, struct err *err)
{
	if (!name_check(name, err) || !rules_check(app, query, NULL, err)) return false;
	/* saved:x in x itself would never end. */
	if (names_saved(app, query, name))
		return err_set(err, ERR_SYNTAX, "saved:%s cannot be a part of itself", name);
	if (!rules_hold(app)) {
		names_add(&kept_get(app)->tried, name);
		names_add(&kept_get(app)->tried_queries, query);
		return true;
	}
	if (!store_put_saved(app->store, name, query, err)) return false;
	names_drop(&kept_get(app)->config_saves, name);
	if (kept_by_file(app)) names_add(&kept_get(app)->config_saves, name);
	tell_engine(app, name, query, !kept_by_file(app));
	deck_query_again(app);
	return true;
}

/* What needs the saved query, for a sentence; NULL: nothing does. Borrowed. */
static const char *needed_by(const struct app *app, const char *name)
{
	const struct mute *mutes;
	const struct rule *const *rules;
	for (size_t i = 0; i < app->ncolumns; i++) {
		if (names_saved(app, app->columns[i]->query, name)) return app->columns[i]->title;
	}
	for (size_t i = store_mutes(app->store, &mutes); i-- > 0;) {
		if (names_saved(app, mutes[i].query, name)) return mutes[i].query;
	}
	for (size_t i = store_rules(app->store, &rules); i-- > 0;) {
		if (names_saved(app, rules[i]->query, name)) return rules_line(rules[i]);
	}
	for (size_t i = 0; store_saved_name(app->store, i); i++) {
		const char *other = store_saved_name(app->store, i);
		const char *query = store_saved(app->store, other);
		if (strcmp(other, name) != 0 && names_saved(app, query, name)) return other;
	}
	return NULL;
}

bool rules_unsave(struct app *app, const char *name, struct err *err)
{
	if (!store_saved(app->store, name))
		return err_set(
		        err, ERR_NOT_FOUND, "no query is saved as '%s'; `saves` lists them", name);
	const char *needs = needed_by(app, name);
	if (needs)
		return err_set(err, ERR_UNSUPPORTED, "'%s' needs saved:%s; change that first",
		        needs, name);
	tell_engine(app, name, NULL, true);
	names_drop(&kept_get(app)->config_saves, name);
	return store_put_saved(app->store, name, NULL, err);
}

/* -- what was remembered, and what a config says -- */

/* Try each that is not known yet; how many there are now. At last those that make no sense are
 * said. */
static size_t tell_pass(struct app *app, bool last)
{
	struct kept *all = kept_get(app);
	struct err err = {0};
	size_t known = 0;
	for (size_t i = 0; i < all->keys.n; i++) {
		const char *name = all->keys.p[i] + strlen("saved/");
		const char *query = strchr(all->values.p[i], ' ');
		if (strncmp(all->keys.p[i], "saved/", 6) != 0 || !query) continue;
		if (names_have(&all->config_saves, name)) continue;
		if (strncmp(all->values.p[i], "own ", 4) != 0) {
			/* A config said so when stoa ran last, and says so no more. */
			if (last) tell_engine(app, name, NULL, false);
			continue;
		}
		bool ok = store_put_saved(app->store, name, query + 1, &err);
		known += ok;
		if (!ok && last)
			app_say(app, TONE_ERROR, "saved:%s could not be read back: %s", name,
			        err.text);
	}
	return known;
}

/* They may be made of others that come later. */
void saves_tell(struct app *app)
{
	size_t before = SIZE_MAX, known = tell_pass(app, false);
	while (known != before) {
		before = known;
		known = tell_pass(app, false);
	}
	tell_pass(app, true);
}

void saves_tell_engine(struct app *app)
{
	const struct names *names = &kept_get(app)->config_saves;
	/* It was not there yet when the config was run. */
	for (size_t i = 0; i < names->n; i++)
		tell_engine(app, names->p[i], store_saved(app->store, names->p[i]), false);
}

void saves_drop_stale(struct app *app)
{
	struct kept *all = kept_get(app);
	for (size_t i = 0; i < all->stale.n; i++) {
		if (names_have(&all->config_saves, all->stale.p[i])) continue;
		store_put_saved(app->store, all->stale.p[i], NULL, NULL);
		tell_engine(app, all->stale.p[i], NULL, false);
	}
	names_finish(&all->stale);
}
