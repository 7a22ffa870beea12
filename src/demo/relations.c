#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/kept.h"
#include "demo/page.h"
#include "demo/put.h"
#include "demo/relation.h"
#include "demo/roster.h"

/* What one does with people: each answer is the relationship (fact sheet 6). */

void relations_show(struct exchange *x)
{
	const char *id;
	size_t person;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; (id = params_at(&x->params, "id", i)); i++) {
		if (person_by_id(x->world, exchange_id(x, id), &person))
			entity_relationship(&x->body, x->world, person, (size_t)x->user);
	}
	put_close(&x->body, ']');
}

/* The person to deal with; never oneself. */
static bool other(struct exchange *x, size_t *out)
{
	if (!exchange_person(x, out)) return false;
	if (*out != (size_t)x->user) return true;
	exchange_error(x, 403, "This action is not allowed");
	return false;
}

static void answer(struct exchange *x, size_t person, const char *what)
{
	exchange_accept(x, what, person_id(x->world, person));
	entity_relationship(&x->body, x->world, person, (size_t)x->user);
}

void relations_follow(struct exchange *x)
{
	size_t person;
	const struct world *world = x->world;
	if (!other(x, &person)) return;
	if (world->blocking[person] & BIT(x->user)) {
		exchange_error(x, 403, "This action is not allowed");
		return;
	}
	/* What is not said keeps as it is, or begins with reposts and without a bell. */
	const struct stance *stance = stance_of(world, (size_t)x->user, person);
	bool reposts = !stance->without_reposts, notify = stance->notifying;
	if (params_get(&x->params, "reblogs")) reposts = params_bool(&x->params, "reblogs");
	if (params_get(&x->params, "notify")) notify = params_bool(&x->params, "notify");
	relation_follow(x->world, (size_t)x->user, person, reposts, notify);
	answer(x, person, "follow");
}

void relations_unfollow(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	relation_unfollow(x->world, (size_t)x->user, person);
	answer(x, person, "unfollow");
}

void relations_mute(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	struct stance *stance = stance_of(x->world, (size_t)x->user, person);
	int64_t seconds = (int64_t)params_id(&x->params, "duration");
	stance->spares_notices = params_get(&x->params, "notifications") &&
	                         !params_bool(&x->params, "notifications");
	stance->mute_ends_ms = seconds ? world_now(x->world) + seconds * 1000 : 0;
	x->world->muting[x->user] |= BIT(person);
	answer(x, person, "mute account");
}

void relations_unmute(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	stance_of(x->world, (size_t)x->user, person)->mute_ends_ms = 0;
	x->world->muting[x->user] &= ~BIT(person);
	answer(x, person, "unmute account");
}

void relations_block(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	relation_block(x->world, (size_t)x->user, person);
	answer(x, person, "block");
}

void relations_unblock(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	x->world->blocking[x->user] &= ~BIT(person);
	answer(x, person, "unblock");
}

void relations_send_away(struct exchange *x)
{
	size_t person;
	if (!other(x, &person)) return;
	relation_unfollow(x->world, person, (size_t)x->user);
	answer(x, person, "remove follower");
}

void relations_note(struct exchange *x)
{
	size_t person;
	if (!exchange_person(x, &person)) return;
	struct stance *stance = stance_of(x->world, (size_t)x->user, person);
	free(stance->note);
	stance->note = xstrdup(params_str(&x->params, "comment"));
	answer(x, person, "note");
}

/* --- lists of people --- */

static bool is_muted(const struct exchange *x, size_t i)
{
	return (x->world->muting[x->user] & BIT(i)) != 0;
}

static void put_muted(struct exchange *x, size_t i)
{
	entity_muted(&x->body, x->world, i, (size_t)x->user);
}

void relations_mutes(struct exchange *x)
{
	struct listing listing = {npeople, roster_cursor, is_muted, put_muted, "since_id"};
	page_serve(x, &listing, 40, 80);
}

void relations_blocks(struct exchange *x)
{
	roster_serve(x, x->world->blocking[x->user], 40, 80);
}

/* --- who asks to follow --- */

void relations_requests(struct exchange *x)
{
	uint64_t asking = 0;
	for (size_t i = 0; i < npeople; i++) {
		if (stance_of(x->world, i, (size_t)x->user)->asked) asking |= BIT(i);
	}
	roster_serve(x, asking, 40, 80);
}

static void decide(struct exchange *x, bool yes)
{
	size_t person;
	if (!exchange_person(x, &person)) return;
	if (!relation_answer(x->world, person, (size_t)x->user, yes))
		exchange_error(x, 404, "Record not found");
	else
		answer(x, person, yes ? "authorize" : "reject");
}

void relations_authorize(struct exchange *x)
{
	decide(x, true);
}

void relations_reject(struct exchange *x)
{
	decide(x, false);
}

/* --- hosts --- */

static bool is_own_host(const struct exchange *x, size_t i)
{
	const struct kept_name *name = &x->world->kept->names[i];
	return name->owner == (size_t)x->user && name->kind == NAME_HOST;
}

static void put_host(struct exchange *x, size_t i)
{
	put_str(&x->body, NULL, x->world->kept->names[i].name);
}

void relations_hosts(struct exchange *x)
{
	struct listing listing = {
	        x->world->kept->nnames, roster_cursor, is_own_host, put_host, "since_id"};
	page_serve(x, &listing, 100, 200);
}

void relations_block_host(struct exchange *x)
{
	struct world *world = x->world;
	const char *host = params_str(&x->params, "domain");
	if (!strchr(host, '.') || strchr(host, '/')) {
		exchange_error(x, 422, "Validation failed: Domain is not a valid domain name");
		return;
	}
	if (!kept_add_name(world->kept, (size_t)x->user, NAME_HOST, host)) {
		exchange_error(x, 422, "Validation failed: Too many domains");
		return;
	}
	for (size_t i = 0; i < npeople; i++) {
		if (strcmp(person_host(i), host) != 0) continue;
		relation_unfollow(world, (size_t)x->user, i);
		relation_unfollow(world, i, (size_t)x->user);
	}
	exchange_accept(x, "block domain", 0);
	str_adds(&x->body, "{}");
}

void relations_unblock_host(struct exchange *x)
{
	struct kept_name *name = kept_find_name(
	        x->world->kept, (size_t)x->user, NAME_HOST, params_str(&x->params, "domain"));
	if (name) kept_drop_name(x->world->kept, name);
	exchange_accept(x, "unblock domain", 0);
	str_adds(&x->body, "{}");
}

/* --- reports --- */

void relations_report(struct exchange *x)
{
	static const char *const categories[] = {"other", "spam", "legal", "violation"};
	const char *id, *category = params_get(&x->params, "category"), *known = "other";
	size_t person;
	if (!person_by_id(
	            x->world, exchange_id(x, params_str(&x->params, "account_id")), &person)) {
		exchange_error(x, 404, "Record not found");
		return;
	}
	for (size_t i = 0; category && i < 4; i++) {
		if (strcmp(category, categories[i]) == 0) known = categories[i];
	}
	uint64_t number = ++x->world->kept->nreports;
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, number);
	put_bool(&x->body, "action_taken", false);
	put_null(&x->body, "action_taken_at");
	put_str(&x->body, "category", known);
	put_str(&x->body, "comment", params_str(&x->params, "comment"));
	put_bool(&x->body, "forwarded", params_bool(&x->params, "forward"));
	put_date(&x->body, "created_at", world_now(x->world));
	put_open(&x->body, "status_ids", '[');
	for (size_t i = 0; (id = params_at(&x->params, "status_ids", i)); i++)
		put_str(&x->body, NULL, id);
	put_close(&x->body, ']');
	put_open(&x->body, "rule_ids", '[');
	for (size_t i = 0; (id = params_at(&x->params, "rule_ids", i)); i++)
		put_str(&x->body, NULL, id);
	put_close(&x->body, ']');
	entity_account(&x->body, "target_account", x->world, person);
	put_close(&x->body, '}');
	exchange_accept(x, "report", number);
}
