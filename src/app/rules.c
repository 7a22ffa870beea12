#include "app/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/mute_line.h"
#include "base/mem.h"
#include "kept.h"

/* -- mutes -- */

const struct mute *rules_find_mute(const struct app *app, const char *id)
{
	const struct mute *mutes;
	size_t n = store_mutes(app->store, &mutes);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(mutes[i].id, id) == 0) return &mutes[i];
	}
	return NULL;
}

bool rules_mute(struct app *app, const struct mute *mute, size_t *out_rows, struct err *err)
{
	struct mute it = *mute;
	struct str id = {0};
	bool ok = true;
	if (kept_by_file(app)) {
		str_addf(&id, "%s%s", CONFIG_MARK, mute->id);
		it.id = id.p;
	}
	if (!rules_hold(app))
		ok = rules_check(app, mute->query, NULL, err);
	else
		ok = store_mute(app->store, &it, out_rows, err);
	if (ok && !kept_by_file(app)) kept_mute(app, &it);
	str_finish(&id);
	return ok;
}

/* How much a mute had held back when it was kept last. */
static uint64_t *kept_hits(struct app *app, const char *id)
{
	struct kept *all = kept_get(app);
	size_t i = names_find(&all->hit_ids, id);
	if (i == all->hit_ids.n) {
		names_add(&all->hit_ids, id);
		all->hits = mem_grow(all->hits, &all->hits_cap, i + 1, sizeof(*all->hits));
		all->hits[i] = 0;
	}
	return &all->hits[i];
}

void kept_mute(struct app *app, const struct mute *mute)
{
	struct str value = {0};
	mute_value_print(&value, mute);
	kept_remember(app, "mute", mute->id, value.p);
	*kept_hits(app, mute->id) = mute->hits;
	str_finish(&value);
}

void kept_mute_is(struct app *app, const struct mute *mute)
{
	*kept_hits(app, mute->id) = mute->hits;
}

void rules_keep_hits(struct app *app)
{
	const struct mute *mutes;
	size_t n = store_mutes(app->store, &mutes);
	/* Each is a write that waits for the disk. */
	for (size_t i = 0; i < n; i++) {
		if (rules_of_config(mutes[i].id)) continue;
		if (*kept_hits(app, mutes[i].id) != mutes[i].hits) kept_mute(app, &mutes[i]);
	}
}

/* Are they the same query, however they are written? */
static bool same_query(const struct app *app, const char *a, const char *b)
{
	struct query_env env = rules_env(app);
	struct query *left = NULL, *right = NULL;
	struct str one = {0}, other = {0};
	int at;
	bool same = strcmp(a, b) == 0;
	if (!same && query_parse_in(&env, a, false, &left, &at, NULL) &&
	        query_parse_in(&env, b, false, &right, &at, NULL)) {
		query_print(&one, left);
		query_print(&other, right);
		same = strcmp(str_c(&one), str_c(&other)) == 0;
	}
	query_free(left);
	query_free(right);
	str_finish(&one);
	str_finish(&other);
	return same;
}

static void unmute_one(struct app *app, const struct mute *mute, struct str *out_lines)
{
	char *id = xstrdup(mute->id);
	str_addf(out_lines, "%smute ", out_lines->len ? "\n" : "");
	mute_line_print(out_lines, mute);
	store_unmute(app->store, id);
	if (!rules_of_config(id)) kept_remember(app, "mute", id, NULL);
	free(id);
}

bool rules_unmute(struct app *app, const char *what, struct str *out_lines, struct err *err)
{
	const struct mute *mute = rules_find_mute(app, what), *mutes;
	bool any = mute != NULL;
	if (mute) unmute_one(app, mute, out_lines);
	for (size_t i = store_mutes(app->store, &mutes); !mute && i-- > 0;) {
		if (!same_query(app, mutes[i].query, what)) continue;
		unmute_one(app, &mutes[i], out_lines);
		store_mutes(app->store, &mutes);
		any = true;
	}
	return any || err_set(err, ERR_NOT_FOUND, "'%s' is not muted; `mutes` lists what is", what);
}

/* -- quotas -- */

unsigned rules_quota_of(const struct app *app, const char *handle)
{
	const char *const *handles;
	const unsigned *per_day;
	size_t n = store_quotas(app->store, &handles, &per_day);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(handles[i], handle) == 0) return per_day[i];
	}
	return 0;
}

void rules_quota(struct app *app, const char *handle, unsigned per_day)
{
	struct str value = {0};
	if (!rules_hold(app)) return;
	if (*handle == '@') handle++;
	store_put_quota(app->store, handle, per_day);
	if (kept_by_file(app)) {
		if (per_day) names_add(&kept_get(app)->config_quotas, handle);
		return;
	}
	if (per_day) str_addf(&value, "%u", per_day);
	kept_remember(app, "quota", handle, str_c(&value));
	str_finish(&value);
}

/* -- highlights and notices -- */

const char *rules_line(const struct rule *rule)
{
	if (rules_of_config(rule->id)) return rule->id + sizeof(CONFIG_MARK) - 1;
	const char *blank = strchr(rule->id, ' ');
	return blank ? blank + 1 : rule->id;
}

static const struct rule *find_rule(const struct app *app, const char *line)
{
	const struct rule *const *rules;
	size_t n = store_rules(app->store, &rules);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rules[i]->id, line) == 0 || strcmp(rules_line(rules[i]), line) == 0)
			return rules[i];
	}
	return NULL;
}

bool rules_put(struct app *app, const char *line, const struct rule *rule, struct err *err)
{
	struct rule it = *rule;
	struct str id = {0};
	if (!rules_hold(app)) return rules_check(app, rule->query, NULL, err);
	const struct rule *known = find_rule(app, line);
	if (known)
		str_adds(&id, known->id);
	else if (kept_by_file(app))
		str_addf(&id, "%s%s", CONFIG_MARK, line);
	else if (kept_get(app)->telling)
		str_adds(&id, kept_get(app)->telling);
	else
		str_addf(&id, "%013" PRId64 " %s", clock_wall(app->clock), line);
	it.id = id.p;
	bool ok = store_put_rule(app->store, &it, err);
	if (ok && !kept_by_file(app) && !known && !kept_get(app)->telling)
		kept_remember(app, "rule", id.p, "1");
	str_finish(&id);
	return ok;
}

bool rules_drop(struct app *app, const char *line, struct err *err)
{
	const struct rule *rule = find_rule(app, line);
	if (!rule)
		return err_set(
		        err, ERR_NOT_FOUND, "there is no rule '%s'; `rules` lists them", line);
	char *id = xstrdup(rule->id);
	store_drop_rule(app->store, id);
	if (!rules_of_config(id)) kept_remember(app, "rule", id, NULL);
	free(id);
	return true;
}
