#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/page.h"
#include "demo/put.h"

/* Notifications, one by one (v1) and grouped (v2); fact sheet 8. */

static uint64_t notice_id(const struct exchange *x, size_t i)
{
	return x->world->notices[i].id;
}

static bool is_named(const struct exchange *x, const char *param, const char *type)
{
	const char *name;
	for (size_t i = 0; (name = params_at(&x->params, param, i)); i++) {
		if (strcmp(name, type) == 0) return true;
	}
	return false;
}

static bool wants(const struct exchange *x, size_t i)
{
	const struct notice *notice = &x->world->notices[i];
	size_t person;
	if (notice->to != (size_t)x->user || notice->gone) return false;
	if (notice->status && notice->status->deleted) return false;
	const char *from = params_get(&x->params, "account_id");
	if (from &&
	        (!person_by_id(x->world, exchange_id(x, from), &person) || person != notice->from))
		return false;
	if (params_at(&x->params, "types", 0) && !is_named(x, "types", notice->type)) return false;
	return !is_named(x, "exclude_types", notice->type);
}

static void put_notice(struct exchange *x, size_t i)
{
	entity_notice(&x->body, x->world, &x->world->notices[i]);
}

void notices_index(struct exchange *x)
{
	struct listing listing = {x->world->nnotices, notice_id, wants, put_notice, "min_id"};
	page_serve(x, &listing, 40, 80);
}

static struct notice *asked(struct exchange *x)
{
	uint64_t id = exchange_id(x, x->args[0]);
	for (size_t i = 0; i < x->world->nnotices; i++) {
		struct notice *notice = &x->world->notices[i];
		if (notice->id == id && notice->to == (size_t)x->user && !notice->gone)
			return notice;
	}
	exchange_error(x, 404, "Record not found");
	return NULL;
}

void notices_show(struct exchange *x)
{
	const struct notice *notice = asked(x);
	if (notice) entity_notice(&x->body, x->world, notice);
}

void notices_dismiss(struct exchange *x)
{
	struct notice *notice = asked(x);
	if (!notice) return;
	notice->gone = true;
	exchange_accept(x, "dismiss", notice->id);
	str_adds(&x->body, "{}");
}

void notices_clear(struct exchange *x)
{
	for (size_t i = 0; i < x->world->nnotices; i++) {
		if (x->world->notices[i].to == (size_t)x->user) x->world->notices[i].gone = true;
	}
	exchange_accept(x, "clear", 0);
	str_adds(&x->body, "{}");
}

/* What is newer than the marker, as far as it is asked for. */
void notices_count(struct exchange *x)
{
	const struct marker *marker = &x->world->markers[x->user][1];
	uint64_t seen = marker->last_read ? exchange_id(x, marker->last_read) : 0;
	size_t n = 0, limit = page_limit(x, 100, 1000);
	for (size_t i = 0; i < x->world->nnotices; i++)
		n += wants(x, i) && x->world->notices[i].id > seen;
	put_open(&x->body, NULL, '{');
	put_int(&x->body, "count", (int64_t)(n < limit ? n : limit));
	put_close(&x->body, '}');
}

/* --- groups --- */

enum { MAX_SAMPLES = 8 };

void notice_group(const struct world *world, const struct notice *notice, char *out, size_t size)
{
	char id[ID_SIZE];
	bool by_status =
	        strcmp(notice->type, "favourite") == 0 || strcmp(notice->type, "reblog") == 0;
	if (by_status && notice->status) {
		software_print_id(world->software, id, notice->status->id);
		snprintf(out, size, "%s-%s", notice->type, id);
	} else if (strcmp(notice->type, "follow") == 0) {
		snprintf(out, size, "follow-%" PRId64, notice->created_ms / (24 * 3600 * 1000));
	} else {
		software_print_id(world->software, id, notice->id);
		snprintf(out, size, "ungrouped-%s", id);
	}
}

struct group {
	char key[ID_SIZE + 32];
	size_t newest, oldest; /* indexes of notices, as far as this page reaches */
	size_t n;
	size_t samples[MAX_SAMPLES], nsamples; /* people, newest first */
};

/* The key under which the request groups this notification. */
static void key_of(const struct exchange *x, const struct notice *notice, char *out, size_t size)
{
	char id[ID_SIZE];
	if (!params_at(&x->params, "grouped_types", 0) ||
	        is_named(x, "grouped_types", notice->type)) {
		notice_group(x->world, notice, out, size);
		return;
	}
	software_print_id(x->world->software, id, notice->id);
	snprintf(out, size, "ungrouped-%s", id);
}

static void join(struct group *group, const struct notice *notice, size_t i)
{
	group->oldest = i;
	group->n++;
	for (size_t j = 0; j < group->nsamples; j++) {
		if (group->samples[j] == notice->from) return;
	}
	if (group->nsamples < MAX_SAMPLES) group->samples[group->nsamples++] = notice->from;
}

/* Groups of what max_id, since_id or min_id leave, newest first; at most `limit`. */
static size_t gather(const struct exchange *x, struct group *groups, size_t limit)
{
	const struct world *world = x->world;
	const char *max = params_get(&x->params, "max_id");
	uint64_t above = exchange_id(x, params_str(&x->params, "since_id"));
	uint64_t from = exchange_id(x, params_str(&x->params, "min_id"));
	size_t n = 0;
	if (from > above) above = from;
	for (size_t i = world->nnotices; i > 0; i--) {
		const struct notice *notice = &world->notices[i - 1];
		if (!wants(x, i - 1) || notice->id <= above) continue;
		if (max && notice->id >= exchange_id(x, max)) continue;
		char key[sizeof groups->key];
		key_of(x, notice, key, sizeof key);
		size_t at = 0;
		while (at < n && strcmp(groups[at].key, key) != 0)
			at++;
		if (at == n && n == limit) continue;
		if (at == n) {
			groups[n] = (struct group){.newest = i - 1};
			memcpy(groups[n++].key, key, sizeof key);
		}
		join(&groups[at], notice, i - 1);
	}
	return n;
}

static void put_group(struct exchange *x, const struct group *group)
{
	const struct world *world = x->world;
	const struct notice *newest = &world->notices[group->newest];
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "group_key", group->key);
	put_int(&x->body, "notifications_count", (int64_t)group->n);
	put_str(&x->body, "type", newest->type);
	/* A number where ids are numbers, unlike everywhere else. */
	if (world->software->ids == ID_DECIMAL)
		put_int(&x->body, "most_recent_notification_id", (int64_t)newest->id);
	else
		entity_id(&x->body, "most_recent_notification_id", world, newest->id);
	entity_id(&x->body, "page_min_id", world, world->notices[group->oldest].id);
	entity_id(&x->body, "page_max_id", world, newest->id);
	put_date(&x->body, "latest_page_notification_at", newest->created_ms);
	put_open(&x->body, "sample_account_ids", '[');
	for (size_t i = 0; i < group->nsamples; i++)
		entity_id(&x->body, NULL, world, person_id(world, group->samples[i]));
	put_close(&x->body, ']');
	if (newest->status) entity_id(&x->body, "status_id", world, newest->status->id);
	put_close(&x->body, '}');
}

static void put_groups(struct exchange *x, const struct group *groups, size_t n)
{
	const struct world *world = x->world;
	uint64_t shown = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < groups[i].nsamples; j++)
			shown |= BIT(groups[i].samples[j]);
	}
	put_open(&x->body, NULL, '{');
	put_open(&x->body, "accounts", '[');
	for (size_t i = 0; i < npeople; i++) {
		if (shown & BIT(i)) entity_account(&x->body, NULL, world, i);
	}
	put_close(&x->body, ']');
	put_open(&x->body, "statuses", '[');
	for (size_t i = 0; i < n; i++) {
		const struct status *status = world->notices[groups[i].newest].status;
		bool before = false;
		for (size_t j = 0; j < i && status; j++)
			before |= world->notices[groups[j].newest].status == status;
		if (status && !before) entity_status(&x->body, NULL, world, status, x->user);
	}
	put_close(&x->body, ']');
	put_open(&x->body, "notification_groups", '[');
	for (size_t i = 0; i < n; i++)
		put_group(x, &groups[i]);
	put_close(&x->body, ']');
	put_close(&x->body, '}');
}

void notices_groups(struct exchange *x)
{
	size_t limit = page_limit(x, 40, 80);
	struct group *groups = xcalloc(limit + 1, sizeof *groups);
	size_t n = gather(x, groups, limit);
	if (n) {
		const struct notice *all = x->world->notices;
		char newest[ID_SIZE], oldest[ID_SIZE];
		software_print_id(x->world->software, newest, all[groups[0].newest].id);
		software_print_id(x->world->software, oldest, all[groups[n - 1].newest].id);
		page_link(x, newest, oldest, n == limit, "min_id");
	}
	put_groups(x, groups, n);
	free(groups);
}

/* In a group by that key, or alone under it. */
static bool is_under(const struct world *world, const struct notice *notice, const char *key)
{
	char group[ID_SIZE + 32], id[ID_SIZE];
	notice_group(world, notice, group, sizeof group);
	if (strcmp(group, key) == 0) return true;
	software_print_id(world->software, id, notice->id);
	return strncmp(key, "ungrouped-", 10) == 0 && strcmp(key + 10, id) == 0;
}

/* The notifications of the group that the path names; 0 with a 404. */
static size_t asked_group(struct exchange *x, struct group *out)
{
	*out = (struct group){0};
	snprintf(out->key, sizeof out->key, "%.*s", (int)sizeof out->key - 1, x->args[0]);
	for (size_t i = x->world->nnotices; i > 0; i--) {
		const struct notice *notice = &x->world->notices[i - 1];
		if (!wants(x, i - 1) || !is_under(x->world, notice, out->key)) continue;
		if (out->n == 0) out->newest = i - 1;
		join(out, notice, i - 1);
	}
	if (out->n == 0) exchange_error(x, 404, "Record not found");
	return out->n;
}

void notices_group(struct exchange *x)
{
	struct group group;
	if (asked_group(x, &group)) put_groups(x, &group, 1);
}

void notices_group_accounts(struct exchange *x)
{
	struct group group;
	if (!asked_group(x, &group)) return;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < group.nsamples; i++)
		entity_account(&x->body, NULL, x->world, group.samples[i]);
	put_close(&x->body, ']');
}

void notices_group_dismiss(struct exchange *x)
{
	struct group group;
	if (!asked_group(x, &group)) return;
	for (size_t i = 0; i < x->world->nnotices; i++) {
		struct notice *notice = &x->world->notices[i];
		if (notice->to == (size_t)x->user && is_under(x->world, notice, group.key))
			notice->gone = true;
	}
	exchange_accept(x, "dismiss group", x->world->notices[group.newest].id);
	str_adds(&x->body, "{}");
}

/* --- policy: everything is accepted, so nothing waits --- */

void notices_policy(struct exchange *x)
{
	static const char *const kinds[] = {"for_not_following", "for_not_followers",
	        "for_new_accounts", "for_private_mentions", "for_limited_accounts"};
	put_open(&x->body, NULL, '{');
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		put_str(&x->body, kinds[i], "accept");
	put_none(&x->body, "summary",
	        "{\"pending_requests_count\":0,\"pending_notifications_count\":0}");
	put_close(&x->body, '}');
}
