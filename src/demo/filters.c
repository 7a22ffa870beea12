#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "demo/entity.h"
#include "demo/filter.h"
#include "demo/handlers.h"
#include "demo/put.h"
#include "demo/stream.h"

/* Filters v2, and v1 as a view of them: there every keyword is a filter (fact sheet 7). */

static void changed(struct exchange *x, const char *what, uint64_t id)
{
	exchange_accept(x, what, id);
	hub_filters_changed(x->world->hub, (size_t)x->user);
}

static bool mine(const struct exchange *x, const struct kept_filter *filter)
{
	return filter->owner == (size_t)x->user;
}

static struct kept_filter *asked(struct exchange *x)
{
	struct kept_filter *filter =
	        kept_find_filter(x->world->kept, (size_t)x->user, exchange_id(x, x->args[0]));
	if (!filter) exchange_error(x, 404, "Record not found");
	return filter;
}

/* The keyword that the path names, and its filter; NULL with a 404. */
static struct kept_filter *asked_word(struct exchange *x, size_t *out)
{
	struct kept *kept = x->world->kept;
	uint64_t id = exchange_id(x, x->args[0]);
	for (size_t i = 0; i < kept->nfilters; i++) {
		struct kept_filter *filter = &kept->filters[i];
		for (*out = 0; mine(x, filter) && *out < filter->nwords; ++*out) {
			if (filter->words[*out].id == id) return filter;
		}
	}
	exchange_error(x, 404, "Record not found");
	return NULL;
}

static struct kept_filter *asked_status(struct exchange *x, size_t *out)
{
	struct kept *kept = x->world->kept;
	uint64_t id = exchange_id(x, x->args[0]);
	for (size_t i = 0; i < kept->nfilters; i++) {
		struct kept_filter *filter = &kept->filters[i];
		for (*out = 0; mine(x, filter) && *out < filter->nstatuses; ++*out) {
			if (filter->statuses[*out].id == id) return filter;
		}
	}
	exchange_error(x, 404, "Record not found");
	return NULL;
}

static void put_word(struct exchange *x, const struct filter_word *word)
{
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, word->id);
	put_str(&x->body, "keyword", word->text);
	put_bool(&x->body, "whole_word", word->whole);
	put_close(&x->body, '}');
}

static void put_named(struct exchange *x, const struct filter_status *named)
{
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, named->id);
	entity_id(&x->body, "status_id", x->world, named->status);
	put_close(&x->body, '}');
}

/* --- reading what a filter shall be --- */

static bool read_contexts(struct exchange *x, unsigned *out)
{
	const char *name;
	unsigned found = 0;
	for (size_t i = 0; (name = params_at(&x->params, "context", i)); i++) {
		unsigned before = found;
		for (int j = 0; j < FILTER_CONTEXTS; j++) {
			if (strcmp(name, filter_contexts[j]) == 0) found |= 1U << j;
		}
		if (found == before) {
			exchange_error(x, 422,
			        "Validation failed: Context None or invalid context supplied");
			return false;
		}
	}
	if (found) *out = found;
	return true;
}

static void set_word(struct filter_word *word, const char *text, const char *whole)
{
	if (text) {
		free(word->text);
		word->text = xstrdup(text);
	}
	if (whole) word->whole = strcmp(whole, "true") == 0 || strcmp(whole, "1") == 0;
}

/* What one element of keywords_attributes wants: a new word, a changed one, or one less. */
static void apply_word(struct exchange *x, struct kept_filter *filter, const char *id,
        const char *text, const char *whole, bool destroy)
{
	uint64_t number = id ? exchange_id(x, id) : 0;
	for (size_t i = 0; number && i < filter->nwords; i++) {
		if (filter->words[i].id != number) continue;
		if (destroy)
			filter_drop_word(filter, i);
		else
			set_word(&filter->words[i], text, whole);
		return;
	}
	if (!text || !*text || destroy) return;
	if (filter_add_word(x->world->kept, filter, text, false))
		set_word(&filter->words[filter->nwords - 1], NULL, whole);
}

/*
 * Elements stand one after the other: in JSON as keywords_attributes[0][keyword], in
 * forms as keywords_attributes[][keyword], where a name that was there begins the next.
 */
static void read_words(struct exchange *x, struct kept_filter *filter)
{
	static const char *const names[] = {"id", "keyword", "whole_word", "_destroy"};
	const char *values[4] = {NULL}, *prefix = "keywords_attributes[";
	char now[16] = "";
	bool any = false;
	for (size_t i = 0; i <= x->params.n; i++) {
		const struct param *it = i < x->params.n ? &x->params.list[i] : NULL;
		if (it && strncmp(it->name, prefix, strlen(prefix)) != 0) continue;
		const char *index = it ? it->name + strlen(prefix) : "";
		size_t len = strcspn(index, "]"), which = 0;
		if (it && (len >= sizeof now || strncmp(index + len, "][", 2) != 0)) continue;
		while (it && which < 4 &&
		        (strncmp(index + len + 2, names[which], strlen(names[which])) != 0 ||
		                strcmp(index + len + 2 + strlen(names[which]), "]") != 0))
			which++;
		bool next = !it || strncmp(now, index, len) != 0 || now[len] != '\0' ||
		            (which < 4 && values[which]);
		if (next && any) {
			bool destroy = values[3] && strcmp(values[3], "true") == 0;
			apply_word(x, filter, values[0], values[1], values[2], destroy);
			memset(values, 0, sizeof values);
			any = false;
		}
		if (!it || which == 4) continue;
		memcpy(now, index, len);
		now[len] = '\0';
		values[which] = it->value;
		any = true;
	}
}

static void set_end(struct exchange *x, struct kept_filter *filter)
{
	const char *seconds = params_get(&x->params, "expires_in");
	if (!seconds) return;
	int64_t wait = strtoll(seconds, NULL, 10);
	filter->ends_ms = wait > 0 ? world_now(x->world) + wait * 1000 : 0;
}

static bool set_action(struct exchange *x, struct kept_filter *filter)
{
	static const char *const actions[] = {"warn", "hide", "blur"};
	const char *name = params_str(&x->params, "filter_action");
	if (!*name) return true;
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(name, actions[i]) != 0) continue;
		filter->action = actions[i];
		return true;
	}
	exchange_error(x, 422, "'filter_action' is not a valid action");
	return false;
}

/* --- filters --- */

void filters_index(struct exchange *x)
{
	const struct kept *kept = x->world->kept;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < kept->nfilters; i++) {
		if (mine(x, &kept->filters[i]))
			filter_put(&x->body, NULL, x->world, &kept->filters[i], true);
	}
	put_close(&x->body, ']');
}

void filters_show(struct exchange *x)
{
	const struct kept_filter *filter = asked(x);
	if (filter) filter_put(&x->body, NULL, x->world, filter, true);
}

void filters_create(struct exchange *x)
{
	unsigned contexts = 0;
	const char *title = params_str(&x->params, "title");
	if (!read_contexts(x, &contexts)) return;
	if (!*title || !contexts) {
		exchange_error(x, 422, "Validation failed: Title or context can't be blank");
		return;
	}
	struct kept_filter *filter = kept_add_filter(x->world->kept, (size_t)x->user, title);
	if (!filter) {
		exchange_error(x, 422, "Validation failed: Too many filters");
		return;
	}
	filter->contexts = contexts;
	if (!set_action(x, filter)) {
		kept_drop_filter(x->world->kept, filter);
		return;
	}
	set_end(x, filter);
	read_words(x, filter);
	filter_put(&x->body, NULL, x->world, filter, true);
	changed(x, "filter", filter->id);
}

void filters_update(struct exchange *x)
{
	struct kept_filter *filter = asked(x);
	const char *title = params_str(&x->params, "title");
	if (!filter || !read_contexts(x, &filter->contexts) || !set_action(x, filter)) return;
	if (*title) {
		free(filter->title);
		filter->title = xstrdup(title);
	}
	set_end(x, filter);
	read_words(x, filter);
	filter_put(&x->body, NULL, x->world, filter, true);
	changed(x, "filter changed", filter->id);
}

void filters_delete(struct exchange *x)
{
	struct kept_filter *filter = asked(x);
	if (!filter) return;
	changed(x, "filter gone", filter->id);
	kept_drop_filter(x->world->kept, filter);
	str_adds(&x->body, "{}");
}

/* --- their keywords --- */

void filters_words(struct exchange *x)
{
	const struct kept_filter *filter = asked(x);
	if (!filter) return;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < filter->nwords; i++)
		put_word(x, &filter->words[i]);
	put_close(&x->body, ']');
}

void filters_add_word(struct exchange *x)
{
	struct kept_filter *filter = asked(x);
	const char *text = params_str(&x->params, "keyword");
	if (!filter) return;
	if (!*text || !filter_add_word(x->world->kept, filter, text,
	                      params_bool(&x->params, "whole_word"))) {
		exchange_error(x, 422, "Validation failed: Keyword can't be blank");
		return;
	}
	put_word(x, &filter->words[filter->nwords - 1]);
	changed(x, "filter keyword", filter->words[filter->nwords - 1].id);
}

void filters_word(struct exchange *x)
{
	size_t i;
	const struct kept_filter *filter = asked_word(x, &i);
	if (filter) put_word(x, &filter->words[i]);
}

void filters_change_word(struct exchange *x)
{
	size_t i;
	struct kept_filter *filter = asked_word(x, &i);
	if (!filter) return;
	set_word(&filter->words[i], params_get(&x->params, "keyword"),
	        params_get(&x->params, "whole_word"));
	put_word(x, &filter->words[i]);
	changed(x, "filter keyword changed", filter->words[i].id);
}

void filters_delete_word(struct exchange *x)
{
	size_t i;
	struct kept_filter *filter = asked_word(x, &i);
	if (!filter) return;
	changed(x, "filter keyword gone", filter->words[i].id);
	filter_drop_word(filter, i);
	str_adds(&x->body, "{}");
}

/* --- their statuses --- */

void filters_statuses(struct exchange *x)
{
	const struct kept_filter *filter = asked(x);
	if (!filter) return;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < filter->nstatuses; i++)
		put_named(x, &filter->statuses[i]);
	put_close(&x->body, ']');
}

void filters_add_status(struct exchange *x)
{
	struct kept_filter *filter = asked(x);
	const struct status *status = world_status(x->world, params_str(&x->params, "status_id"));
	if (!filter) return;
	if (!status || filter->nstatuses == FILTER_MAX_STATUSES) {
		exchange_error(x, 404, "Record not found");
		return;
	}
	struct filter_status *named = &filter->statuses[filter->nstatuses++];
	*named = (struct filter_status){++x->world->kept->last_id, status->id};
	put_named(x, named);
	changed(x, "filter status", named->id);
}

void filters_status(struct exchange *x)
{
	size_t i;
	const struct kept_filter *filter = asked_status(x, &i);
	if (filter) put_named(x, &filter->statuses[i]);
}

void filters_delete_status(struct exchange *x)
{
	size_t i;
	struct kept_filter *filter = asked_status(x, &i);
	if (!filter) return;
	changed(x, "filter status gone", filter->statuses[i].id);
	put_named(x, &filter->statuses[i]);
	filter->nstatuses--;
	memmove(&filter->statuses[i], &filter->statuses[i + 1],
	        (filter->nstatuses - i) * sizeof *filter->statuses);
}

/* --- v1 --- */

static void put_v1(struct exchange *x, const struct kept_filter *filter, size_t i)
{
	put_open(&x->body, NULL, '{');
	entity_id(&x->body, "id", x->world, filter->words[i].id);
	put_str(&x->body, "phrase", filter->words[i].text);
	put_open(&x->body, "context", '[');
	for (int j = 0; j < FILTER_CONTEXTS; j++) {
		if (filter->contexts & 1U << j) put_str(&x->body, NULL, filter_contexts[j]);
	}
	put_close(&x->body, ']');
	put_date(&x->body, "expires_at", filter->ends_ms);
	put_bool(&x->body, "irreversible", strcmp(filter->action, "hide") == 0);
	put_bool(&x->body, "whole_word", filter->words[i].whole);
	put_close(&x->body, '}');
}

void filters_v1_index(struct exchange *x)
{
	const struct kept *kept = x->world->kept;
	put_open(&x->body, NULL, '[');
	for (size_t i = 0; i < kept->nfilters; i++) {
		for (size_t j = 0; mine(x, &kept->filters[i]) && j < kept->filters[i].nwords; j++)
			put_v1(x, &kept->filters[i], j);
	}
	put_close(&x->body, ']');
}

void filters_v1_show(struct exchange *x)
{
	size_t i;
	const struct kept_filter *filter = asked_word(x, &i);
	if (filter) put_v1(x, filter, i);
}

static bool set_v1(struct exchange *x, struct kept_filter *filter, size_t i)
{
	if (!read_contexts(x, &filter->contexts)) return false;
	set_word(&filter->words[i], params_get(&x->params, "phrase"),
	        params_get(&x->params, "whole_word"));
	filter->action = params_bool(&x->params, "irreversible") ? "hide" : "warn";
	set_end(x, filter);
	return true;
}

void filters_v1_create(struct exchange *x)
{
	unsigned contexts = 0;
	const char *phrase = params_str(&x->params, "phrase");
	if (!read_contexts(x, &contexts)) return;
	struct kept_filter *filter =
	        *phrase && contexts ? kept_add_filter(x->world->kept, (size_t)x->user, phrase)
	                            : NULL;
	if (!filter) {
		exchange_error(x, 422, "Validation failed: Phrase or context can't be blank");
		return;
	}
	filter_add_word(x->world->kept, filter, phrase, false);
	set_v1(x, filter, 0);
	put_v1(x, filter, 0);
	changed(x, "filter", filter->id);
}

void filters_v1_update(struct exchange *x)
{
	size_t i;
	struct kept_filter *filter = asked_word(x, &i);
	if (!filter || !set_v1(x, filter, i)) return;
	put_v1(x, filter, i);
	changed(x, "filter changed", filter->id);
}

void filters_v1_delete(struct exchange *x)
{
	size_t i;
	struct kept_filter *filter = asked_word(x, &i);
	if (!filter) return;
	changed(x, "filter gone", filter->id);
	filter_drop_word(filter, i);
	if (filter->nwords == 0) kept_drop_filter(x->world->kept, filter);
	str_adds(&x->body, "{}");
}
