#include "demo/filter.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "demo/entity.h"
#include "demo/put.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool stands_alone(const char *text, const char *at, const char *word, size_t len)
{
	bool before = at > text && is_word(at[-1]) && is_word(word[0]);
	bool after = is_word(at[len]) && is_word(word[len - 1]);
	return !before && !after;
}

static bool word_in(const struct filter_word *word, const char *text)
{
	size_t len = strlen(word->text);
	for (const char *at = text; len && at && *at; at++) {
		if (strncasecmp(at, word->text, len) == 0 &&
		        (!word->whole || stands_alone(text, at, word->text, len)))
			return true;
	}
	return false;
}

static bool word_meets(const struct filter_word *word, const struct status *status)
{
	if (word_in(word, status->text) || word_in(word, status->warning)) return true;
	for (size_t i = 0; i < status->nmedia; i++) {
		if (word_in(word, status->media[i]->alt)) return true;
	}
	for (size_t i = 0; status->poll && i < status->poll->noptions; i++) {
		if (word_in(word, status->poll->options[i])) return true;
	}
	return false;
}

static void put_words(struct str *out, const struct world *world, const struct kept_filter *filter)
{
	put_open(out, "keywords", '[');
	for (size_t i = 0; i < filter->nwords; i++) {
		put_open(out, NULL, '{');
		entity_id(out, "id", world, filter->words[i].id);
		put_str(out, "keyword", filter->words[i].text);
		put_bool(out, "whole_word", filter->words[i].whole);
		put_close(out, '}');
	}
	put_close(out, ']');
	put_open(out, "statuses", '[');
	for (size_t i = 0; i < filter->nstatuses; i++) {
		put_open(out, NULL, '{');
		entity_id(out, "id", world, filter->statuses[i].id);
		entity_id(out, "status_id", world, filter->statuses[i].status);
		put_close(out, '}');
	}
	put_close(out, ']');
}

void filter_put(struct str *out, const char *key, const struct world *world,
        const struct kept_filter *filter, bool whole)
{
	put_open(out, key, '{');
	entity_id(out, "id", world, filter->id);
	put_str(out, "title", filter->title);
	put_open(out, "context", '[');
	for (int i = 0; i < FILTER_CONTEXTS; i++) {
		if (filter->contexts & 1U << i) put_str(out, NULL, filter_contexts[i]);
	}
	put_close(out, ']');
	put_date(out, "expires_at", filter->ends_ms);
	put_str(out, "filter_action", filter->action);
	if (whole) put_words(out, world, filter);
	put_close(out, '}');
}

static void put_result(struct str *out, const struct world *world, const struct kept_filter *filter,
        const struct status *status)
{
	put_open(out, NULL, '{');
	filter_put(out, "filter", world, filter, false);
	put_open(out, "keyword_matches", '[');
	for (size_t i = 0; i < filter->nwords; i++) {
		if (word_meets(&filter->words[i], status))
			put_str(out, NULL, filter->words[i].text);
	}
	put_close(out, ']');
	put_open(out, "status_matches", '[');
	for (size_t i = 0; i < filter->nstatuses; i++) {
		if (filter->statuses[i].status == status->id)
			entity_id(out, NULL, world, status->id);
	}
	put_close(out, ']');
	put_close(out, '}');
}

static bool filter_meets(const struct kept_filter *filter, const struct status *status)
{
	for (size_t i = 0; i < filter->nwords; i++) {
		if (word_meets(&filter->words[i], status)) return true;
	}
	for (size_t i = 0; i < filter->nstatuses; i++) {
		if (filter->statuses[i].status == status->id) return true;
	}
	return false;
}

void filter_put_results(
        struct str *out, const struct world *world, const struct status *status, size_t viewer)
{
	/* One's own words are never filtered. */
	if (status->author == viewer) return;
	for (size_t i = 0; i < world->kept->nfilters; i++) {
		const struct kept_filter *filter = &world->kept->filters[i];
		bool over = filter->ends_ms && filter->ends_ms <= world_now(world);
		if (filter->owner == viewer && !over && filter_meets(filter, status))
			put_result(out, world, filter, status);
	}
}
