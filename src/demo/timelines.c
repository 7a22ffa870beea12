#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "demo/content.h"
#include "demo/entity.h"
#include "demo/handlers.h"
#include "demo/page.h"
#include "demo/put.h"

enum { MAX_SKIP = 10000 };

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
	bool local = !people[status->author].host;
	if (status->visibility != SEEN_BY_ALL || status->reblog || status->deleted) return false;
	if (params_bool(&x->params, "local") && !local) return false;
	if (params_bool(&x->params, "remote") && local) return false;
	if (params_bool(&x->params, "only_media") && status->nmedia == 0) return false;
	if (x->user < 0) return true;
	uint64_t hushed = x->world->muting[x->user] | x->world->blocking[x->user];
	return !(hushed & BIT(status->author));
}

static bool has_tag(const struct exchange *x, size_t i)
{
	return is_public(x, i) && content_has_tag(x->world->statuses[i]->text, x->args[0]);
}

void timelines_public(struct exchange *x)
{
	serve_statuses(x, is_public);
}

void timelines_tag(struct exchange *x)
{
	serve_statuses(x, has_tag);
}

/* The one list: brecht, wouter and the neighbourhood. */
static bool is_in_list(const struct exchange *x, size_t i)
{
	size_t author = x->world->statuses[i]->author;
	return (author == 1 || author == 3 || author == 16) && is_at_home(x, i);
}

void timelines_list(struct exchange *x)
{
	if (strcmp(x->args[0], "1") == 0)
		serve_statuses(x, is_in_list);
	else
		exchange_error(x, 404, "Record not found");
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
	serve_statuses(x, is_favourite);
}

void timelines_bookmarks(struct exchange *x)
{
	serve_statuses(x, is_bookmarked);
}

/* --- notifications --- */

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

static bool wants_notice(const struct exchange *x, size_t i)
{
	const struct notice *notice = &x->world->notices[i];
	if (notice->to != (size_t)x->user || notice->gone) return false;
	if (notice->status && notice->status->deleted) return false;
	if (params_at(&x->params, "types", 0) && !is_named(x, "types", notice->type)) return false;
	return !is_named(x, "exclude_types", notice->type);
}

static void put_notice(struct exchange *x, size_t i)
{
	entity_notice(&x->body, x->world, &x->world->notices[i]);
}

void timelines_notifications(struct exchange *x)
{
	struct listing listing = {
	        x->world->nnotices, notice_id, wants_notice, put_notice, "min_id"};
	page_serve(x, &listing, 40, 80);
}

void timelines_notification(struct exchange *x)
{
	uint64_t id = strtoull(x->args[0], NULL, 10);
	for (size_t i = 0; i < x->world->nnotices; i++) {
		if (x->world->notices[i].id != id || x->world->notices[i].to != (size_t)x->user)
			continue;
		put_notice(x, i);
		return;
	}
	exchange_error(x, 404, "Record not found");
}

/* --- search --- */

/* Every word of the question stands in the folded text. */
static bool has_words(const char *text, const char *words)
{
	struct str folded = {0};
	bool all = true;
	fold_add(&folded, text, strlen(text));
	for (const char *p = words; all && *p;) {
		size_t n = strcspn(p, " ");
		char *word = n ? strndup(p, n) : NULL;
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

static bool wants_type(const struct exchange *x, const char *type)
{
	const char *asked = params_get(&x->params, "type");
	return !asked || strcmp(asked, type) == 0;
}

static bool is_searched(const struct exchange *x, size_t i)
{
	const struct status *status = x->world->statuses[i];
	return !status->reblog && status_visible(x->world, status, x->user) &&
	       has_words(status->text, x->words);
}

static void put_found_people(struct exchange *x, const char *words)
{
	for (size_t i = 0, n = 0; i < npeople && n < 20; i++) {
		bool hit = has_words(people[i].username, words) || has_words(people[i].name, words);
		if (!hit) continue;
		entity_account(&x->body, NULL, x->world, i);
		n++;
	}
}

void timelines_search(struct exchange *x)
{
	if (!*params_str(&x->params, "q")) {
		exchange_error(x, 400, "Missing parameter: q");
		return;
	}
	char *words = words_of(params_str(&x->params, "q"));
	size_t limit = page_limit(x, 20, 40), skip = (size_t)params_id(&x->params, "offset");
	put_open(&x->body, NULL, '{');
	put_open(&x->body, "accounts", '[');
	if (wants_type(x, "accounts") && !skip) put_found_people(x, words);
	put_close(&x->body, ']');
	put_open(&x->body, "statuses", '[');
	x->words = words;
	struct listing listing = {x->world->nstatuses, status_id, is_searched, NULL, NULL};
	/* Newest first; `offset` counts from there. */
	if (skip > MAX_SKIP) skip = MAX_SKIP;
	size_t *rows = xcalloc(skip + limit, sizeof *rows), n = 0;
	if (wants_type(x, "statuses")) n = page_pick(x, &listing, skip + limit, rows);
	for (size_t i = skip; i < n; i++)
		put_status(x, rows[i]);
	x->words = NULL;
	free(rows);
	put_close(&x->body, ']');
	put_none(&x->body, "hashtags", "[]");
	put_close(&x->body, '}');
	free(words);
}
