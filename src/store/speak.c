#include <stdlib.h>
#include <string.h>

#include "private.h"

/*
 * Rules that speak up. A highlight is looked up when a row is read; a notice listens to the
 * rows that come fresh.
 */

enum {
	MAX_WAITING = 256, /* notices that nobody fetched; more are counted with the last */
	HEARD = 64,        /* posts that a notice remembers, so as not to tell of one twice */
};

struct speaker {
	struct rule rule; /* owned strings */
	struct filter *filter;
	int64_t *times; /* when rows came, oldest first, within rule.per_ms */
	size_t ntimes, times_cap;
	int64_t silent_until_ms;
	post_id heard[HEARD];
	unsigned nheard;
};

/* --- the list --- */

static void speaker_free(struct store *store, struct speaker *speaker)
{
	filter_put(store, FILTER_KEPT, speaker->filter);
	free((char *)speaker->rule.id);
	free((char *)speaker->rule.query);
	free((char *)speaker->rule.columns);
	free((char *)speaker->rule.role);
	free(speaker->times);
	free(speaker);
}

void speakers_finish(struct store *store)
{
	for (size_t i = 0; i < store->nspeakers; i++) {
		speaker_free(store, store->speakers[i]);
	}
	free(store->speakers);
	free(store->rules);
	free(store->rule_hits);
}

/* Highlights are drawn with the rows. */
static void touch(struct store *store)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_touch(store->timelines[t]);
	}
}

static size_t speaker_index(const struct store *store, const char *id)
{
	size_t i = 0;

	while (i < store->nspeakers && strcmp(store->speakers[i]->rule.id, id) != 0) {
		i++;
	}
	return i;
}

/* What waits to be told of a rule that is no more. */
static void forget_hits(struct store *store, const struct rule *rule)
{
	size_t to = 0;

	for (size_t i = 0; i < store->nrule_hits; i++) {
		if (store->rule_hits[i].rule != rule) store->rule_hits[to++] = store->rule_hits[i];
	}
	store->nrule_hits = to;
}

bool store_drop_rule(struct store *store, const char *id)
{
	size_t i = speaker_index(store, id), left;

	if (i == store->nspeakers) return false;
	forget_hits(store, &store->speakers[i]->rule);
	speaker_free(store, store->speakers[i]);
	left = --store->nspeakers - i;
	memmove(store->speakers + i, store->speakers + i + 1, left * sizeof(struct speaker *));
	memmove(store->rules + i, store->rules + i + 1, left * sizeof(struct rule *));
	touch(store);
	return true;
}

static struct speaker *speaker_new(const struct rule *rule, struct filter *filter)
{
	struct speaker *speaker = xcalloc(1, sizeof *speaker);

	speaker->rule = *rule;
	speaker->rule.id = xstrdup(rule->id);
	speaker->rule.query = xstrdup(rule->query);
	speaker->rule.columns = xstrdup(rule->columns);
	speaker->rule.role = xstrdup(rule->role);
	speaker->filter = filter;
	return speaker;
}

bool store_put_rule(struct store *store, const struct rule *rule, struct err *err)
{
	struct filter *filter = filter_get(store, FILTER_KEPT, rule->query, NULL, err);
	struct speaker *speaker;
	size_t i;

	if (!filter) return false;
	if (filter_needs(filter) == 0) {
		filter_put(store, FILTER_KEPT, filter);
		return err_set(err, ERR_SYNTAX, "an empty rule would match everything");
	}
	speaker = speaker_new(rule, filter);
	i = speaker_index(store, rule->id);
	if (i < store->nspeakers) {
		forget_hits(store, &store->speakers[i]->rule);
		speaker_free(store, store->speakers[i]);
	} else {
		size_t n = ++store->nspeakers;

		store->speakers = mem_grow(
		        store->speakers, &store->speakers_cap, n, sizeof(struct speaker *));
		store->rules = mem_grow(store->rules, &store->rules_cap, n, sizeof(struct rule *));
	}
	store->speakers[i] = speaker;
	store->rules[i] = &speaker->rule;
	touch(store);
	return true;
}

size_t store_rules(const struct store *store, const struct rule *const **out)
{
	*out = store->rules;
	return store->nspeakers;
}

/* --- highlights --- */

uint8_t highlight_of(struct store *store, const char *name, const struct line *row)
{
	for (size_t i = 0; i < store->nspeakers && i < UINT8_MAX; i++) {
		const struct speaker *speaker = store->speakers[i];

		if (speaker->rule.kind != RULE_HIGHLIGHT || row->flags & ROW_IS_GAP) continue;
		if (!columns_name(speaker->rule.columns, name)) continue;
		if (filter_test(store, speaker->filter, row)) return (uint8_t)(i + 1);
	}
	return 0;
}

/* --- notices --- */

/* Some timeline that the rule is for takes the row, and shows it. */
static bool is_shown(struct store *store, const struct rule *rule, const struct line *row)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		const struct timeline *timeline = store->timelines[t];
		struct line line = *row;
		bool filtered;

		if (!timeline_has_source(timeline, row->source)) continue;
		if (!columns_name(rule->columns, timeline_name(timeline))) continue;
		if (line_verdict(store, timeline_name(timeline), &line, &filtered) !=
		        VERDICT_SHOW) {
			continue;
		}
		if (timeline_takes(timeline, &line)) return true;
	}
	return false;
}

static bool was_heard(struct speaker *speaker, post_id post)
{
	for (unsigned i = 0; post && i < HEARD && i < speaker->nheard; i++) {
		if (speaker->heard[i] == post) return true;
	}
	speaker->heard[speaker->nheard++ % HEARD] = post;
	if (speaker->nheard == 2 * HEARD) speaker->nheard = HEARD;
	return false;
}

/* Rows in the time that the rule looks at, with one more now. */
static size_t count_row(struct speaker *speaker, int64_t now_ms)
{
	size_t gone = 0;

	while (gone < speaker->ntimes && speaker->times[gone] <= now_ms - speaker->rule.per_ms) {
		gone++;
	}
	speaker->ntimes -= gone;
	if (gone > 0) {
		memmove(speaker->times, speaker->times + gone,
		        speaker->ntimes * sizeof *speaker->times);
	}
	speaker->times = mem_grow(
	        speaker->times, &speaker->times_cap, speaker->ntimes + 1, sizeof *speaker->times);
	speaker->times[speaker->ntimes++] = now_ms;
	return speaker->ntimes;
}

static void say(struct store *store, const struct rule *rule, post_id post, size_t count)
{
	struct rule_hit hit = {.rule = rule, .post = post, .count = (unsigned)count};

	if (store->nrule_hits == MAX_WAITING) {
		for (size_t i = MAX_WAITING; i-- > 0;) {
			struct rule_hit *last = &store->rule_hits[i];

			if (last->rule != rule) continue;
			last->post = post;
			last->count = rule->per_ms ? hit.count : last->count + 1;
			return;
		}
		store->nrule_hits--;
	}
	store->rule_hits = mem_grow(store->rule_hits, &store->rule_hits_cap, store->nrule_hits + 1,
	        sizeof *store->rule_hits);
	store->rule_hits[store->nrule_hits++] = hit;
}

/* A rate that was told of is told of again when its time has passed and it still holds. */
static void hear(struct store *store, struct speaker *speaker, const struct line *row)
{
	const struct rule *rule = &speaker->rule;
	size_t count;

	if (rule->per_ms <= 0) {
		say(store, rule, row->post, 1);
		return;
	}
	count = count_row(speaker, store->now_ms);
	if (count <= rule->over || store->now_ms < speaker->silent_until_ms) return;
	speaker->silent_until_ms = store->now_ms + rule->per_ms;
	say(store, rule, row->post, count);
}

void speakers_hear(struct store *store, const struct line *row)
{
	for (size_t i = 0; i < store->nspeakers; i++) {
		struct speaker *speaker = store->speakers[i];

		if (speaker->rule.kind != RULE_NOTICE) continue;
		if (!filter_test(store, speaker->filter, row)) continue;
		if (!is_shown(store, &speaker->rule, row)) continue;
		if (!was_heard(speaker, row->post)) hear(store, speaker, row);
	}
}

bool store_next_hit(struct store *store, struct rule_hit *out)
{
	if (store->nrule_hits == 0) return false;
	*out = store->rule_hits[0];
	memmove(store->rule_hits, store->rule_hits + 1,
	        --store->nrule_hits * sizeof *store->rule_hits);
	return true;
}
