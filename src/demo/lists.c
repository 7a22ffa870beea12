#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/kept.h"
#include "demo/put.h"
#include "demo/roster.h"

static struct kept_list *asked(struct exchange *x)
{
	struct kept_list *list =
	        kept_find_list(x->world->kept, (size_t)x->user, exchange_id(x, x->args[0]));
	if (!list) exchange_error(x, 404, "Record not found");
	return list;
}

static void put_list(struct exchange *x, const struct kept_list *list)
{
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, list->id);
	put_str(&x->body, "title", list->title);
	put_str(&x->body, "replies_policy", list->replies);
	put_bool(&x->body, "exclusive", list->exclusive);
	put_close(&x->body, '}');
}

/* All of the user's lists, or those that somebody is in. */
static void put_lists(struct exchange *x, uint64_t with)
{
	const struct kept *kept = x->world->kept;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < kept->nlists; i++) {
		const struct kept_list *list = &kept->lists[i];
		if (list->owner == (size_t)x->user && (with == 0 || list->members & with))
			put_list(x, list);
	}
	put_close(&x->body, ']');
}

void lists_index(struct exchange *x)
{
	put_lists(x, 0);
}

void lists_with(struct exchange *x)
{
	size_t person;
	if (exchange_person(x, &person)) put_lists(x, BIT(person));
}

void lists_show(struct exchange *x)
{
	const struct kept_list *list = asked(x);
	if (list) put_list(x, list);
}

/* Take what the request says of it; false with a 422. */
static bool apply(struct exchange *x, struct kept_list *list)
{
	static const char *const policies[] = {"list", "followed", "none"};
	const char *replies = params_str(&x->params, "replies_policy");
	const char *title = params_str(&x->params, "title");
	bool known = !*replies;
	for (size_t i = 0; *replies && i < 3; i++) {
		if (strcmp(replies, policies[i]) != 0) continue;
		list->replies = policies[i];
		known = true;
	}
	if (!known) {
		exchange_error(x, 422, "'replies_policy' is not a valid replies_policy");
		return false;
	}
	if (*title) {
		free(list->title);
		list->title = xstrdup(title);
	}
	if (params_get(&x->params, "exclusive"))
		list->exclusive = params_bool(&x->params, "exclusive");
	return true;
}

void lists_create(struct exchange *x)
{
	const char *title = params_str(&x->params, "title");
	struct kept_list *list =
	        *title ? kept_add_list(x->world->kept, (size_t)x->user, title) : NULL;
	if (!list) {
		exchange_error(x, 422, "Validation failed: Title can't be blank");
		return;
	}
	if (!apply(x, list)) {
		kept_drop_list(x->world->kept, list);
		return;
	}
	exchange_accept(x, "list", list->id);
	put_list(x, list);
}

void lists_update(struct exchange *x)
{
	struct kept_list *list = asked(x);
	if (!list || !apply(x, list)) return;
	exchange_accept(x, "list changed", list->id);
	put_list(x, list);
}

void lists_delete(struct exchange *x)
{
	struct kept_list *list = asked(x);
	if (!list) return;
	exchange_accept(x, "list gone", list->id);
	kept_drop_list(x->world->kept, list);
	str_adds(&x->body, "{}");
}

/* --- members --- */

void lists_members(struct exchange *x)
{
	const struct kept_list *list = asked(x);
	if (list) roster_serve(x, list->members, 40, 80);
}

/* The people whom account_ids name; false with an error. */
static bool read_members(struct exchange *x, uint64_t *out)
{
	const char *id;
	size_t person;
	uint64_t found = 0;
	for (size_t i = 0; (id = params_at(&x->params, "account_ids", i)); i++) {
		if (!person_by_id(x->world, exchange_id(x, id), &person)) {
			exchange_error(x, 404, "Record not found");
			return false;
		}
		found |= BIT(person);
	}
	*out = found;
	return true;
}

void lists_add(struct exchange *x)
{
	uint64_t added;
	struct kept_list *list = asked(x);
	if (!list || !read_members(x, &added)) return;
	if (added & ~(x->world->following[x->user] | BIT(x->user))) {
		exchange_error(x, 404, "Record not found");
		return;
	}
	if (added & list->members) {
		exchange_error(x, 422, "Validation failed: Account has already been taken");
		return;
	}
	list->members |= added;
	exchange_accept(x, "list member", list->id);
	str_adds(&x->body, "{}");
}

void lists_remove(struct exchange *x)
{
	uint64_t removed;
	struct kept_list *list = asked(x);
	if (!list || !read_members(x, &removed)) return;
	list->members &= ~removed;
	exchange_accept(x, "list member gone", list->id);
	str_adds(&x->body, "{}");
}
