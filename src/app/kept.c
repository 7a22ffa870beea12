#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "app/deck.h"
#include "app/mute_line.h"
#include "base/mem.h"

struct kept *kept_get(struct app *app)
{
	if (!app->kept) app->kept = xcalloc(1, sizeof(*app->kept));
	return app->kept;
}

size_t names_find(const struct names *names, const char *name)
{
	size_t i = 0;
	while (i < names->n && strcmp(names->p[i], name) != 0)
		i++;
	return i;
}

bool names_have(const struct names *names, const char *name)
{
	return names_find(names, name) < names->n;
}

void names_add(struct names *names, const char *name)
{
	names->p = mem_grow(names->p, &names->cap, names->n + 1, sizeof(*names->p));
	names->p[names->n++] = xstrdup(name);
}

void names_drop(struct names *names, const char *name)
{
	size_t i = names_find(names, name);
	if (i == names->n) return;
	free(names->p[i]);
	names->p[i] = names->p[--names->n];
}

void names_finish(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->p[i]);
	free(names->p);
	*names = (struct names){0};
}

bool rules_hold(const struct app *app)
{
	return !app->trying || app->reloading;
}

bool kept_by_file(const struct app *app)
{
	return app->source_depth > 0;
}

bool rules_of_config(const char *id)
{
	return strncmp(id, CONFIG_MARK, sizeof(CONFIG_MARK) - 1) == 0;
}

void kept_remember(struct app *app, const char *kind, const char *name, const char *value)
{
	struct str key = {0};
	str_addf(&key, "%s/%s", kind, name);
	app_remember(app, key.p, value);
	str_finish(&key);
}

/* -- what was remembered -- */

bool rules_value(struct app *app, const char *key, const char *value)
{
	static const char *const kinds[] = {"mute/", "quota/", "rule/", "saved/"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strncmp(key, kinds[i], strlen(kinds[i])) != 0) continue;
		/* They may name each other, in any order. */
		names_add(&kept_get(app)->keys, key);
		names_add(&kept_get(app)->values, value);
		return true;
	}
	return false;
}

/* A mute that was kept; its id is the key's. */
static void tell_mute(struct app *app, const char *id, const char *value)
{
	struct mute_line line;
	struct err err = {0};
	bool ok = mute_value_read(&line, value, &err);
	line.mute.id = id;
	bool over = ok && line.mute.until_ms && line.mute.until_ms <= clock_wall(app->clock);
	if (over)
		kept_remember(app, "mute", id, NULL);
	else if (!ok || !store_mute(app->store, &line.mute, NULL, &err))
		app_say(app, TONE_ERROR, "the mute '%s' could not be read back: %s", id, err.text);
	if (ok && !over) kept_mute_is(app, &line.mute);
	mute_line_finish(&line);
}

static void tell_rule(struct app *app, const char *id)
{
	struct err err = {0};
	const char *line = strchr(id, ' ');
	if (!line) return;
	kept_get(app)->telling = id;
	if (!app_command(app, line + 1, NULL, &err))
		app_say(app, TONE_ERROR, "the rule '%s' could not be read back: %s", line + 1,
		        err.text);
	kept_get(app)->telling = NULL;
}

void rules_started(struct app *app)
{
	struct kept *all = kept_get(app);
	saves_tell(app);
	for (size_t i = 0; i < all->keys.n; i++) {
		const char *key = all->keys.p[i], *name = strchr(key, '/') + 1;
		if (strncmp(key, "mute/", 5) == 0) tell_mute(app, name, all->values.p[i]);
		if (strncmp(key, "rule/", 5) == 0) tell_rule(app, name);
		if (strncmp(key, "quota/", 6) == 0 && !names_have(&all->config_quotas, name))
			store_put_quota(
			        app->store, name, (unsigned)strtoul(all->values.p[i], NULL, 10));
	}
	saves_tell_engine(app);
	names_finish(&all->keys);
	names_finish(&all->values);
	deck_query_again(app);
}

/* -- the config's life -- */

void rules_forget_config(struct app *app)
{
	struct kept *all = kept_get(app);
	const struct mute *mutes;
	const struct rule *const *rules;
	for (size_t i = store_mutes(app->store, &mutes); i-- > 0;) {
		if (!rules_of_config(mutes[i].id)) continue;
		store_unmute(app->store, mutes[i].id);
		store_mutes(app->store, &mutes);
	}
	for (size_t i = store_rules(app->store, &rules); i-- > 0;) {
		if (!rules_of_config(rules[i]->id)) continue;
		store_drop_rule(app->store, rules[i]->id);
		store_rules(app->store, &rules);
	}
	for (size_t i = 0; i < all->config_quotas.n; i++)
		store_put_quota(app->store, all->config_quotas.p[i], 0);
	names_finish(&all->config_quotas);
	names_finish(&all->stale);
	all->stale = all->config_saves;
	all->config_saves = (struct names){0};
}

void rules_reloaded(struct app *app)
{
	saves_drop_stale(app);
	deck_query_again(app);
}

void rules_tried(struct app *app)
{
	names_finish(&kept_get(app)->tried);
	names_finish(&kept_get(app)->tried_queries);
}

void kept_finish(struct app *app)
{
	struct kept *all = app->kept;
	if (!all) return;
	struct names *const names[] = {&all->config_saves, &all->config_quotas, &all->stale,
	        &all->tried, &all->tried_queries, &all->keys, &all->values, &all->hit_ids};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		names_finish(names[i]);
	free(all->hits);
	free(all);
	app->kept = NULL;
}
