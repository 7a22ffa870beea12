#include <stdlib.h>
#include <string.h>

#include "demo/content.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/page.h"
#include "demo/put.h"

void accounts_verify(struct exchange *x)
{
	entity_credentials(&x->body, x->world, (size_t)x->user);
}

void accounts_show(struct exchange *x)
{
	size_t person;
	if (exchange_person(x, &person)) entity_account(&x->body, NULL, x->world, person);
}

void accounts_lookup(struct exchange *x)
{
	size_t person;
	const char *acct = params_str(&x->params, "acct");
	if (*acct == '@') acct++;
	if (person_by_acct(acct, strlen(acct), &person))
		entity_account(&x->body, NULL, x->world, person);
	else
		exchange_error(x, 404, "Record not found");
}

/* --- their statuses --- */

static uint64_t status_id(const struct exchange *x, size_t i)
{
	return x->world->statuses[i]->id;
}

static bool is_theirs(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	if (person_id(status->author) != strtoull(x->args[0], NULL, 10)) return false;
	if (!status_visible(x->world, status, x->user)) return false;
	if (params_bool(&x->params, "exclude_replies") && status->parent) return false;
	if (params_bool(&x->params, "exclude_reblogs") && status->reblog) return false;
	if (params_bool(&x->params, "only_media") && status->nmedia == 0) return false;
	if (params_bool(&x->params, "pinned")) return false;
	const char *tag = params_get(&x->params, "tagged");
	return !tag || content_has_tag(status->text, tag);
}

static void put_status(struct exchange *x, size_t i)
{
	entity_status(&x->body, NULL, x->world, x->world->statuses[i], x->user);
}

void accounts_statuses(struct exchange *x)
{
	size_t person;
	if (!exchange_person(x, &person)) return;
	struct listing listing = {x->world->nstatuses, status_id, is_theirs, put_status, "min_id"};
	page_serve(x, &listing, 20, 40);
}

/* --- how we stand to them --- */

void accounts_relationships(struct exchange *x)
{
	const char *id;
	size_t person;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; (id = params_at(&x->params, "id", i)); i++) {
		if (person_by_id(strtoull(id, NULL, 10), &person))
			entity_relationship(&x->body, x->world, person, (size_t)x->user);
	}
	put_close(&x->body, ']');
}

/* Put the person into the set, or take them out, and answer with the relationship. */
static void relate(struct exchange *x, uint64_t *set, bool on, const char *what)
{
	size_t person;
	if (!exchange_person(x, &person)) return;
	if (person == (size_t)x->user) {
		exchange_error(x, 403, "This action is not allowed");
		return;
	}
	if (on)
		*set |= BIT(person);
	else
		*set &= ~BIT(person);
	exchange_accept(x, what, person_id(person));
	entity_relationship(&x->body, x->world, person, (size_t)x->user);
}

void accounts_follow(struct exchange *x)
{
	relate(x, &x->world->following[x->user], true, "follow");
}

void accounts_unfollow(struct exchange *x)
{
	relate(x, &x->world->following[x->user], false, "unfollow");
}

void accounts_mute(struct exchange *x)
{
	relate(x, &x->world->muting[x->user], true, "mute account");
}

void accounts_unmute(struct exchange *x)
{
	relate(x, &x->world->muting[x->user], false, "unmute account");
}

void accounts_block(struct exchange *x)
{
	relate(x, &x->world->blocking[x->user], true, "block");
}

void accounts_unblock(struct exchange *x)
{
	relate(x, &x->world->blocking[x->user], false, "unblock");
}

static void put_people(struct exchange *x, uint64_t set)
{
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < npeople; i++) {
		if (set & BIT(i)) entity_account(&x->body, NULL, x->world, i);
	}
	put_close(&x->body, ']');
}

void accounts_mutes(struct exchange *x)
{
	put_people(x, x->world->muting[x->user]);
}

void accounts_blocks(struct exchange *x)
{
	put_people(x, x->world->blocking[x->user]);
}

/* --- lists: everybody has one, of the people who build --- */

static void put_list(struct exchange *x)
{
	put_open(&x->body, NULL, '{');
	put_str(&x->body, "id", "1");
	put_str(&x->body, "title", "Bouw");
	put_str(&x->body, "replies_policy", "list");
	put_bool(&x->body, "exclusive", false);
	put_close(&x->body, '}');
}

void accounts_lists(struct exchange *x)
{
	put_open(&x->body, NULL, '[');
	put_list(x);
	put_close(&x->body, ']');
}

void accounts_list(struct exchange *x)
{
	if (strcmp(x->args[0], "1") == 0)
		put_list(x);
	else
		exchange_error(x, 404, "Record not found");
}
