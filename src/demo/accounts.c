#include <stdlib.h>
#include <string.h>

#include "demo/content.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/page.h"
#include "demo/put.h"
#include "demo/roster.h"

void accounts_verify(struct exchange *x)
{
	entity_credentials(&x->body, x->world, (size_t)x->user);
}

void accounts_show(struct exchange *x)
{
	size_t person;
	if (exchange_person(x, &person)) entity_account(&x->body, NULL, x->world, person);
}

void accounts_several(struct exchange *x)
{
	const char *id;
	size_t person;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < 40 && (id = params_at(&x->params, "id", i)); i++) {
		if (person_by_id(x->world, exchange_id(x, id), &person))
			entity_account(&x->body, NULL, x->world, person);
	}
	put_close(&x->body, ']');
}

void accounts_lookup(struct exchange *x)
{
	size_t person;
	const char *acct = params_str(&x->params, "acct");
	if (*acct == '@') acct++;
	if (person_by_acct(acct, strlen(acct), x->world->host, &person))
		entity_account(&x->body, NULL, x->world, person);
	else
		exchange_error(x, 404, "Record not found");
}

void accounts_search(struct exchange *x)
{
	const char *question = params_str(&x->params, "q");
	size_t limit = page_limit(x, 40, 80), skip = (size_t)params_id(&x->params, "offset");
	uint64_t found = people_found(x->world, question);
	if (params_bool(&x->params, "following")) found &= x->world->following[x->user];
	put_open(&x->body, NULL, '[');
	for (size_t i = 0, n = 0; i < npeople && n < skip + limit; i++) {
		if (!(found & BIT(i))) continue;
		if (n++ >= skip) entity_account(&x->body, NULL, x->world, i);
	}
	put_close(&x->body, ']');
}

/* --- their statuses --- */

static uint64_t status_id(const struct exchange *x, size_t i)
{
	return x->world->statuses[i]->id;
}

static bool is_theirs(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	if (!(x->people & BIT(status->author))) return false;
	if (!status_visible(x->world, status, x->user)) return false;
	if (params_bool(&x->params, "exclude_replies") && status->parent) return false;
	if (params_bool(&x->params, "exclude_reblogs") && status->reblog) return false;
	if (params_bool(&x->params, "only_media") && status->nmedia == 0) return false;
	if (params_bool(&x->params, "pinned") && !status->pinned) return false;
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
	x->people = BIT(person);
	struct listing listing = {x->world->nstatuses, status_id, is_theirs, put_status, "min_id"};
	page_serve(x, &listing, 20, 40);
}

/* --- whom they know --- */

void accounts_following(struct exchange *x)
{
	size_t person;
	if (exchange_person(x, &person)) roster_serve(x, x->world->following[person], 40, 80);
}

void accounts_followers(struct exchange *x)
{
	size_t person;
	uint64_t followers = 0;
	if (!exchange_person(x, &person)) return;
	for (size_t i = 0; i < npeople; i++) {
		if (x->world->following[i] & BIT(person)) followers |= BIT(i);
	}
	roster_serve(x, followers, 40, 80);
}
