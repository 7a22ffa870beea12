#include <string.h>

#include "demo/content.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/kept.h"
#include "demo/page.h"
#include "demo/relation.h"
#include "demo/roster.h"

static uint64_t status_id(const struct exchange *x, size_t i)
{
	return x->world->statuses[i]->id;
}

static void put_status(struct exchange *x, size_t i)
{
	entity_status(&x->body, NULL, x->world, x->world->statuses[i], x->user);
}

static void serve_statuses(struct exchange *x, bool (*wants)(const struct exchange *, size_t))
{
	struct listing listing = {x->world->nstatuses, status_id, wants, put_status, "min_id"};
	page_serve(x, &listing, 20, 40);
}

static bool is_at_home(const struct exchange *x, size_t i)
{
	return status_at_home(x->world, x->world->statuses[i], (size_t)x->user);
}

void timelines_home(struct exchange *x)
{
	serve_statuses(x, is_at_home);
}

static bool is_public(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	bool local = person_is_local(x->world, status->author);
	if (status->visibility != SEEN_BY_ALL || status->reblog || status->deleted) return false;
	if (params_bool(&x->params, "local") && !local) return false;
	if (params_bool(&x->params, "remote") && local) return false;
	if (params_bool(&x->params, "only_media") && status->nmedia == 0) return false;
	if (x->user < 0) return true;
	return !(relation_hushed(x->world, (size_t)x->user) & BIT(status->author));
}

static bool has_tag(const struct exchange *x, size_t i)
{
	const char *text = x->world->statuses[i]->text, *tag;
	if (!is_public(x, i)) return false;
	bool any = content_has_tag(text, x->args[0]);
	for (size_t j = 0; !any && (tag = params_at(&x->params, "any", j)); j++)
		any = content_has_tag(text, tag);
	for (size_t j = 0; any && (tag = params_at(&x->params, "all", j)); j++)
		any = content_has_tag(text, tag);
	for (size_t j = 0; any && (tag = params_at(&x->params, "none", j)); j++)
		any = !content_has_tag(text, tag);
	return any;
}

void timelines_public(struct exchange *x)
{
	serve_statuses(x, is_public);
}

void timelines_tag(struct exchange *x)
{
	serve_statuses(x, has_tag);
}

static bool is_in_list(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	return x->people & BIT(status->author) && is_at_home(x, i);
}

void timelines_list(struct exchange *x)
{
	const struct kept_list *list =
	        kept_find_list(x->world->kept, (size_t)x->user, exchange_id(x, x->args[0]));
	if (!list) {
		exchange_error(x, 404, "Record not found");
		return;
	}
	x->people = list->members;
	serve_statuses(x, is_in_list);
}

/* --- kept by oneself: their cursors are no ids of statuses --- */

static void serve_kept(struct exchange *x, bool (*wants)(const struct exchange *, size_t))
{
	struct listing listing = {x->world->nstatuses, roster_cursor, wants, put_status, "min_id"};
	page_serve(x, &listing, 20, 40);
}

static bool is_favourite(const struct exchange *x, size_t i)
{
	return !x->world->statuses[i]->deleted && x->world->statuses[i]->liked & BIT(x->user);
}

static bool is_bookmarked(const struct exchange *x, size_t i)
{
	return !x->world->statuses[i]->deleted && x->world->statuses[i]->bookmarked & BIT(x->user);
}

void timelines_favourites(struct exchange *x)
{
	serve_kept(x, is_favourite);
}

void timelines_bookmarks(struct exchange *x)
{
	serve_kept(x, is_bookmarked);
}

static bool is_direct(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	return status->visibility == SEEN_BY_MENTIONED && status_visible(x->world, status, x->user);
}

void timelines_direct(struct exchange *x)
{
	serve_statuses(x, is_direct);
}
