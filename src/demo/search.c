#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/page.h"
#include "demo/put.h"

enum { MAX_SKIP = 10000 };

/* Every word of the question stands in the folded text. */
static bool has_words(const char *text, const char *words)
{
	struct str folded = {0};
	bool all = true;
	fold_add(&folded, text, strlen(text));
	for (const char *p = words; all && *p;) {
		size_t n = strcspn(p, " ");
		char *word = n ? xstrndup(p, n) : NULL;
		if (word && !strstr(str_c(&folded), word)) all = false;
		free(word);
		p += n;
		p += *p == ' ';
	}
	str_finish(&folded);
	return all;
}

/* The question as plain words: quotation marks and folding away. */
static char *words_of(const char *question)
{
	struct str plain = {0}, folded = {0};
	for (const char *p = question; *p; p++)
		str_addc(&plain, *p == '"' ? ' ' : *p);
	fold_add(&folded, str_c(&plain), plain.len);
	str_finish(&plain);
	return str_take(&folded);
}

/* --- what an address names --- */

static bool is_address(const char *question)
{
	return strncmp(question, "https://", 8) == 0 || strncmp(question, "http://", 7) == 0;
}

static uint64_t person_at(const char *address)
{
	for (size_t i = 0; i < npeople; i++) {
		struct str url = {0}, uri = {0};
		str_addf(&url, "https://%s/@%s", person_host(i), people[i].username);
		str_addf(&uri, "https://%s/users/%s", person_host(i), people[i].username);
		bool hit = strcmp(str_c(&url), address) == 0 || strcmp(str_c(&uri), address) == 0;
		str_finish(&url);
		str_finish(&uri);
		if (hit) return BIT(i);
	}
	return 0;
}

/* The status that lives there and that the viewer may see; NULL: none. */
static const struct status *status_at(const struct exchange *x, const char *address)
{
	const char *end = strrchr(address, '/');
	uint64_t number = end ? strtoull(end + 1, NULL, 10) : 0;
	const struct status *status =
	        number ? world_status_by_id(x->world, number + x->world->id_offset) : NULL;
	struct str url = {0}, uri = {0};
	bool hit = false;
	if (status && !status->reblog && status_visible(x->world, status, x->user)) {
		status_url(&url, x->world, status);
		status_uri(&uri, x->world, status);
		hit = strcmp(str_c(&url), address) == 0 || strcmp(str_c(&uri), address) == 0;
	}
	str_finish(&url);
	str_finish(&uri);
	return hit ? status : NULL;
}

uint64_t people_found(const struct world *world, const char *question)
{
	size_t person;
	uint64_t found = 0;
	if (is_address(question)) return person_at(question);
	const char *acct = *question == '@' ? question + 1 : question;
	if (person_by_acct(acct, strlen(acct), world->host, &person)) return BIT(person);
	char *words = words_of(acct);
	for (size_t i = 0; *words && i < npeople; i++) {
		if (has_words(people[i].username, words) || has_words(people[i].name, words))
			found |= BIT(i);
	}
	free(words);
	return found;
}

/* --- the three parts of the answer --- */

static bool wants_type(const struct exchange *x, const char *type)
{
	const char *asked = params_get(&x->params, "type");
	return !asked || !*asked || strcmp(asked, type) == 0;
}

static uint64_t status_id(const struct exchange *x, size_t i)
{
	return x->world->statuses[i]->id;
}

static bool is_searched(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	return !status->reblog && status_visible(x->world, status, x->user) &&
	       has_words(status->text, x->words);
}

static void put_people(struct exchange *x, const char *question, size_t limit, size_t skip)
{
	uint64_t found = people_found(x->world, question);
	if (params_bool(&x->params, "following")) found &= x->world->following[x->user];
	for (size_t i = 0, n = 0; i < npeople && n < skip + limit; i++) {
		if (!(found & BIT(i))) continue;
		if (n++ >= skip) entity_account(&x->body, NULL, x->world, i);
	}
}

/* Newest first; `offset` counts from there. */
static void put_statuses(struct exchange *x, const char *question, size_t limit, size_t skip)
{
	if (is_address(question)) {
		const struct status *status = status_at(x, question);
		if (status && !skip) entity_status(&x->body, NULL, x->world, status, x->user);
		return;
	}
	char *words = words_of(question);
	struct listing listing = {x->world->nstatuses, status_id, is_searched, NULL, NULL};
	size_t *rows = xcalloc(skip + limit, sizeof *rows);
	x->words = words;
	size_t n = *words ? page_pick(x, &listing, skip + limit, rows) : 0;
	x->words = NULL;
	for (size_t i = skip; i < n; i++)
		entity_status(&x->body, NULL, x->world, x->world->statuses[rows[i]], x->user);
	free(rows);
	free(words);
}

void search_all(struct exchange *x)
{
	const char *question = params_str(&x->params, "q");
	size_t limit = page_limit(x, 20, 40), skip = (size_t)params_id(&x->params, "offset");
	if (!*question) {
		exchange_error(x, 400, "Missing parameter: q");
		return;
	}
	if (skip > MAX_SKIP) skip = MAX_SKIP;
	put_open(&x->body, NULL, '{');
	put_open(&x->body, "accounts", '[');
	if (wants_type(x, "accounts")) put_people(x, question, limit, skip);
	put_close(&x->body, ']');
	put_open(&x->body, "statuses", '[');
	if (wants_type(x, "statuses")) put_statuses(x, question, limit, skip);
	put_close(&x->body, ']');
	put_open(&x->body, "hashtags", '[');
	if (wants_type(x, "hashtags") && !skip) tags_put_found(x, question, limit);
	put_close(&x->body, ']');
	put_close(&x->body, '}');
}
