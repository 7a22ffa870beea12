#include <stdlib.h>
#include <string.h>

#include "private.h"
#include "query/keyword.h"
#include "query/muted_word.h"

/*
 * The filters that accounts keep at their servers. A post is read once by all keywords
 * of an account together; only where one of them stands each filter is asked by itself.
 * What was found is kept in bitsets until the post changes.
 */

struct server_rule {
	struct server_filter filter;
	struct keywords *keywords; /* of FILTER_KEYWORDS */
	struct muted_word *word;   /* of FILTER_MUTED_WORD */
	struct idset match;
	bool over; /* its time has passed */
};

struct ruleset {
	account_id account;
	struct server_rule *rules;
	size_t nrules;
	struct keywords *all;     /* of all its rules */
	bool has_words;           /* some rule is a muted word */
	struct idset known, some; /* posts that were read; those where some rule matches */
};

static void ruleset_free(struct ruleset *set)
{
	for (size_t i = 0; i < set->nrules; i++) {
		server_filter_finish(&set->rules[i].filter);
		keywords_free(set->rules[i].keywords);
		muted_word_free(set->rules[i].word);
		idset_finish(&set->rules[i].match);
	}
	keywords_free(set->all);
	idset_finish(&set->known);
	idset_finish(&set->some);
	free(set->rules);
	free(set);
}

void rules_finish(struct store *store)
{
	for (size_t i = 0; i < store->nrulesets; i++) {
		ruleset_free(store->rulesets[i]);
	}
	free(store->rulesets);
}

static size_t ruleset_index(const struct store *store, account_id account)
{
	size_t i = 0;

	while (i < store->nrulesets && store->rulesets[i]->account != account) {
		i++;
	}
	return i;
}

static void tell_timelines(struct store *store)
{
	for (size_t t = 0; t < store->ntimelines; t++) {
		timeline_refilter(store->timelines[t]);
	}
}

/* --- putting --- */

static bool same_str(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_filter(const struct server_filter *a, const struct server_filter *b)
{
	if (!same_str(a->id, b->id) || !same_str(a->title, b->title) ||
	        a->contexts != b->contexts || a->action != b->action || a->rule != b->rule ||
	        a->targets != b->targets || a->not_followed != b->not_followed ||
	        a->expires_ms != b->expires_ms || a->nkeywords != b->nkeywords ||
	        a->nposts != b->nposts) {
		return false;
	}
	for (size_t i = 0; i < a->nkeywords; i++) {
		if (!same_str(a->keywords[i].text, b->keywords[i].text) ||
		        a->keywords[i].whole != b->keywords[i].whole) {
			return false;
		}
	}
	for (size_t i = 0; i < a->nposts; i++) {
		if (!same_str(a->posts[i], b->posts[i])) return false;
	}
	return true;
}

static bool same_rules(const struct ruleset *set, const struct server_filter *filters, size_t n)
{
	if (set->nrules != n) return false;
	for (size_t i = 0; i < n; i++) {
		if (!same_filter(&set->rules[i].filter, &filters[i])) return false;
	}
	return true;
}

/* A time that has passed ends a rule; the server may tell of it later. */
static bool set_over(struct server_rule *rule, int64_t now_ms)
{
	bool over = rule->filter.expires_ms && rule->filter.expires_ms <= now_ms;
	bool changed = over != rule->over;

	rule->over = over;
	return changed;
}

static void make_matcher(struct ruleset *set, struct server_rule *rule)
{
	const struct server_filter *filter = &rule->filter;

	if (filter->rule == FILTER_MUTED_WORD) {
		set->has_words = true;
		if (filter->nkeywords > 0) {
			rule->word = muted_word_new(filter->keywords[0].text, filter->targets);
		}
	} else if (filter->rule == FILTER_KEYWORDS) {
		rule->keywords = keywords_new();
		keywords_add(rule->keywords, filter->keywords, filter->nkeywords);
		keywords_ready(rule->keywords);
		keywords_add(set->all, filter->keywords, filter->nkeywords);
	}
}

/* Takes the insides of `filters`. */
static struct ruleset *ruleset_new(
        struct store *store, account_id account, struct server_filter *filters, size_t n)
{
	struct ruleset *set = xcalloc(1, sizeof *set);

	set->account = account;
	set->rules = xcalloc(n, sizeof *set->rules);
	set->nrules = n;
	set->all = keywords_new();
	for (size_t i = 0; i < n; i++) {
		struct server_rule *rule = &set->rules[i];

		rule->filter = filters[i];
		make_matcher(set, rule);
		set_over(rule, store->now_ms);
	}
	keywords_ready(set->all);
	return set;
}

void store_put_filters(
        struct store *store, account_id account, struct server_filter *filters, size_t n)
{
	size_t at = ruleset_index(store, account);
	bool there = at < store->nrulesets;

	if (there ? same_rules(store->rulesets[at], filters, n) : n == 0) {
		for (size_t i = 0; i < n; i++) {
			server_filter_finish(&filters[i]);
		}
		free(filters);
		return;
	}
	store_now(store);
	if (there) {
		ruleset_free(store->rulesets[at]);
		store->rulesets[at] = store->rulesets[--store->nrulesets];
	}
	if (n > 0) {
		store->rulesets = mem_grow(store->rulesets, &store->rulesets_cap,
		        store->nrulesets + 1, sizeof(struct ruleset *));
		store->rulesets[store->nrulesets++] = ruleset_new(store, account, filters, n);
	}
	free(filters);
	tell_timelines(store);
}

size_t store_filters(const struct store *store, account_id account)
{
	size_t at = ruleset_index(store, account);

	return at < store->nrulesets ? store->rulesets[at]->nrules : 0;
}

const struct server_filter *store_filter(const struct store *store, account_id account, size_t i)
{
	size_t at = ruleset_index(store, account);

	if (at == store->nrulesets || i >= store->rulesets[at]->nrules) return NULL;
	return &store->rulesets[at]->rules[i].filter;
}

/* --- asking --- */

/* A post as the rules of an account read it: it is also what it quotes. */
struct reading {
	const struct store *store;
	const struct ruleset *set;
	const struct post *posts[2]; /* the second is quoted; or NULL */
	struct muted_post *muted[2]; /* made when there are muted words */
	bool words;                  /* a keyword of some rule stands in one of them */
};

/* The filter names the post itself, by its URI or the id that its server gave it. */
static bool names_post(
        const struct server_filter *filter, const struct post *post, account_id account)
{
	struct viewer room;
	const struct viewer *viewer = post_viewer_of(post, account, &room);

	for (size_t i = 0; i < filter->nposts; i++) {
		if (strcmp(filter->posts[i], post_str(post, POST_URI)) == 0) return true;
		if (!viewer || !viewer->remote_id) continue;
		if (strcmp(filter->posts[i], viewer->remote_id) == 0) return true;
	}
	return false;
}

/* A warning of labels lists them with commas between. */
static bool has_label(const struct server_filter *filter, const struct post *post)
{
	const char *label = filter->nkeywords > 0 ? filter->keywords[0].text : "";
	size_t len = strlen(label), part;

	for (const char *at = post_str(post, POST_WARNING); len > 0 && *at; at += part) {
		at += strspn(at, ", ");
		part = strcspn(at, ",");
		if (part == len && memcmp(at, label, len) == 0) return true;
	}
	return false;
}

static bool follows(const struct reading *reading, const struct post *post)
{
	const struct relation *relation =
	        store_relation(reading->store, reading->set->account, post->author);

	return relation && relation->flags & RELATION_FOLLOWING;
}

static bool matches(const struct reading *reading, const struct server_rule *rule, size_t i)
{
	const struct post *post = reading->posts[i];

	if (!post) return false;
	switch (rule->filter.rule) {
	case FILTER_KEYWORDS:
		return reading->words && keywords_in_post(rule->keywords, post);
	case FILTER_MUTED_WORD:
		if (rule->filter.not_followed && follows(reading, post)) return false;
		return rule->word && muted_word_in(rule->word, reading->muted[i]);
	case FILTER_LABEL:
		return has_label(&rule->filter, post);
	}
	return false;
}

static void reading_begin(struct reading *reading)
{
	const struct post *post = reading->posts[0];

	if (post_len(post, POST_QUOTE_OF) > 0) {
		post_id quoted = store_find(reading->store, post_str(post, POST_QUOTE_OF));

		reading->posts[1] = store_post(reading->store, quoted);
	}
	for (size_t i = 0; i < 2 && reading->posts[i]; i++) {
		if (reading->set->has_words) reading->muted[i] = muted_post_new(reading->posts[i]);
		reading->words |= keywords_in_post(reading->set->all, reading->posts[i]);
	}
}

static void read_post(struct store *store, struct ruleset *set, post_id id)
{
	struct reading reading = {.store = store, .set = set, .posts = {store_post(store, id)}};
	const struct post *post = reading.posts[0];
	struct viewer room;
	const struct viewer *viewer = post_viewer_of(post, set->account, &room);
	bool some = false;

	idset_put(&set->known, id, true);
	idset_put(&set->some, id, false);
	if (viewer && viewer->flags & VIEWER_OWN) return;
	reading_begin(&reading);
	for (size_t i = 0; i < set->nrules; i++) {
		struct server_rule *rule = &set->rules[i];
		bool match = names_post(&rule->filter, post, set->account) ||
		             matches(&reading, rule, 0) || matches(&reading, rule, 1);

		idset_put(&rule->match, id, match);
		some |= match;
	}
	idset_put(&set->some, id, some);
	muted_post_free(reading.muted[0]);
	muted_post_free(reading.muted[1]);
}

void rules_followed(struct store *store, account_id account, profile_id author)
{
	size_t at = ruleset_index(store, account);
	struct ruleset *set = at < store->nrulesets ? store->rulesets[at] : NULL;
	bool asks = false;

	for (size_t i = 0; set && i < set->nrules; i++) {
		asks |= set->rules[i].filter.not_followed;
	}
	for (post_id id = 1; asks && id <= store->last_post; id++) {
		/* Whatever quotes them, too: no list tells who does. */
		if (store_author(store, id) != author && !idset_has(&store->quoting, id)) continue;
		idset_put(&set->known, id, false);
		timelines_post_changed(store, id);
	}
}

static struct ruleset *set_of(const struct store *store, const struct source *source)
{
	for (size_t i = 0; i < store->nrulesets; i++) {
		const struct account *account = store_account(store, store->rulesets[i]->account);

		if (account && strcmp(account->name, source->account) == 0) {
			return store->rulesets[i];
		}
	}
	return NULL;
}

const struct server_filter *rule_for(struct store *store, const struct line *row)
{
	const struct server_filter *found = NULL;
	const struct source *source;
	struct ruleset *set;

	if (store->nrulesets == 0 || !row->post) return NULL;
	source = store_source_row(store, row->source);
	if (!source || !source->contexts) return NULL;
	set = set_of(store, source);
	if (!set) return NULL;
	if (!idset_has(&set->known, row->post)) read_post(store, set, row->post);
	if (!idset_has(&set->some, row->post)) return NULL;
	for (size_t i = 0; i < set->nrules; i++) {
		const struct server_rule *rule = &set->rules[i];

		if (rule->over || !(rule->filter.contexts & source->contexts)) continue;
		if (!idset_has(&rule->match, row->post)) continue;
		if (rule->filter.action == FILTER_HIDE) return &rule->filter;
		if (!found) found = &rule->filter;
	}
	return found;
}

void rules_forget_post(struct store *store, post_id id)
{
	for (size_t i = 0; i < store->nrulesets; i++) {
		idset_put(&store->rulesets[i]->known, id, false);
	}
}

void rules_drop_block(struct store *store, size_t block)
{
	for (size_t i = 0; i < store->nrulesets; i++) {
		struct ruleset *set = store->rulesets[i];

		idset_drop_block(&set->known, block);
		idset_drop_block(&set->some, block);
		for (size_t k = 0; k < set->nrules; k++) {
			idset_drop_block(&set->rules[k].match, block);
		}
	}
}

bool rules_tick(struct store *store, int64_t now_ms)
{
	bool changed = false;

	for (size_t i = 0; i < store->nrulesets; i++) {
		for (size_t k = 0; k < store->rulesets[i]->nrules; k++) {
			changed |= set_over(&store->rulesets[i]->rules[k], now_ms);
		}
	}
	if (changed) tell_timelines(store);
	return changed;
}
