/*
 * Timelines against a reference that is computed from scratch after each step: random
 * pages (doubles, edits, reposts, gaps), deletions, mutes, quotas, folds, queries (saved
 * ones, and such as time changes), searches, highlights, trims.
 *
 * ORACLE_SEEDS runs so many seeds; ORACLE_SEED one alone. Seeds are printed as they run.
 */
#include "store/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_clock.h"
#include "query/query.h"

enum { NPOSTS = 90, NPEOPLE = 7, NSOURCES = 4, NTIMELINES = 3, NMUTES = 5, MAX_ENTRIES = 4000 };
enum { NQUOTAS = 2, NRULES = 2, HOUR = 3600000, START = 400 * HOUR };

static const char *const source_names[NSOURCES] = {
        "work/home", "work/notifications", "feeds/feed:x", "two/home"};

/* The reference's own memory of what was fed. */
struct fact {
	int64_t sort_ms;
	int post, actor; /* -1: none */
	int source;
	enum reason reason;
	uint32_t seq;
	bool gap;
	bool seen; /* a repost of what was read when it came */
	char cursor[16];
};

struct seen_timeline {
	struct timeline *timeline;
	bool sources[NSOURCES];
	uint32_t cleared;
	const char *query;
	char typed[64];
	bool searching, show_muted, expects;
	bool opened[NPOSTS];
	const char *name;
	post_id keep;
	uint64_t version;
	uint64_t digest;
};

struct world {
	struct fake_clock clock;
	struct store *store;
	source_id sources[NSOURCES];
	struct fact facts[MAX_ENTRIES];
	size_t nfacts;
	uint32_t seq;
	bool here[NPOSTS], unloosed[NPOSTS], read[NPOSTS];
	int edits[NPOSTS];
	int64_t created[NPOSTS];
	struct {
		const char *query, *columns;
		enum mute_action action;
	} mutes[NMUTES];
	unsigned quotas[NQUOTAS];
	const char *rules[NRULES]; /* highlights; the ids are "r0", "r1" */
	const char *rule_columns[NRULES];
	unsigned rule_order[NRULES], nrules;
	const char *saved;
	enum attention attention[NPOSTS];
	bool fold_seen;
	struct seen_timeline timelines[NTIMELINES];
	int gaps;
	uint32_t random;
};

static unsigned pick(struct world *world, unsigned n)
{
	world->random = world->random * 1664525u + 1013904223u;
	return (world->random >> 8) % n;
}

static void uri_of(char out[32], int post)
{
	snprintf(out, 32, "https://x.example/%d", post);
}

static post_id id_of(const struct world *world, int post)
{
	char uri[32];

	if (post < 0) return 0;
	uri_of(uri, post);
	return store_find(world->store, uri);
}

static profile_id actor_id(const struct world *world, int actor)
{
	char uri[32];

	snprintf(uri, sizeof uri, "https://p.example/%d", actor);
	for (profile_id id = 1; actor >= 0 && id < 400; id++) {
		const struct profile *profile = store_profile(world->store, id);

		if (profile && strcmp(profile->uri, uri) == 0) return id;
	}
	return 0;
}

/* --- feeding --- */

static uint32_t add_profile(struct world *world, struct page *page, int who)
{
	char uri[32], handle[32], name[32];
	struct profile profile = {.uri = uri, .handle = handle, .name = name, .followers = -1};

	snprintf(uri, sizeof uri, "https://p.example/%d", who);
	snprintf(handle, sizeof handle, "p%d@p.example", who);
	snprintf(name, sizeof name, "%s %d", pick(world, 30) ? "Name" : "Other", who);
	return page_add_profile(page, &profile);
}

static int quote_of(int post)
{
	return post % 11 == 0 && post > 0 ? post / 2 : -1;
}

static uint32_t add_post(struct world *world, struct page *page, int post, account_id account)
{
	static const char *const words[] = {"rust", "rusty async", "go", "crème", "crane rust"};
	char uri[32], body[64], remote[32], quote[32];
	struct viewer viewer = {.account = account, .remote_id = remote};
	struct post_parts parts = {.viewers = &viewer, .nviewers = 1};

	uri_of(uri, post);
	snprintf(body, sizeof body, "%s %d v%d", words[(post + world->edits[post]) % 5], post,
	        world->edits[post]);
	snprintf(remote, sizeof remote, "r%d", post);
	if (post % 9 == 0) viewer.flags = VIEWER_MENTIONED;
	parts.str[POST_URI] = uri;
	parts.str[POST_BODY] = body;
	parts.str[POST_LANG] = post % 2 ? "nl" : "en";
	if (quote_of(post) >= 0) {
		uri_of(quote, quote_of(post));
		parts.str[POST_QUOTE_OF] = quote;
	}
	parts.author = add_profile(world, page, post % NPEOPLE);
	parts.created_ms = START + post / 3 * 4 * HOUR;
	parts.edited_ms = world->edits[post];
	parts.likes = pick(world, 3) ? pick(world, 20) : POST_UNKNOWN;
	parts.visibility = post % 23 == 0 ? VIS_DIRECT : VIS_PUBLIC;
	return page_add_post(page, &parts);
}

static bool known(const struct world *world, const struct fact *fact)
{
	for (size_t i = 0; i < world->nfacts; i++) {
		const struct fact *old = &world->facts[i];

		if (!old->gap && old->source == fact->source && old->post == fact->post &&
		        old->reason == fact->reason && old->actor == fact->actor) {
			return true;
		}
	}
	return false;
}

static void drop_fact(struct world *world, size_t i)
{
	memmove(world->facts + i, world->facts + i + 1,
	        (--world->nfacts - i) * sizeof *world->facts);
}

static struct fact random_fact(struct world *world, int source)
{
	struct fact fact = {.source = source, .actor = -1};

	fact.post = (int)pick(world, NPOSTS);
	fact.sort_ms = START + fact.post / 3 * 4 * HOUR;
	if (source == 1) {
		fact.reason = (enum reason)pick(world, REASON_COUNT);
		fact.actor = (int)pick(world, NPEOPLE);
		fact.sort_ms += pick(world, 5) * 28 * HOUR;
		if (fact.reason == REASON_FOLLOWED || fact.reason == REASON_REQUESTED) {
			fact.post = -1;
		}
	} else if (pick(world, 3) == 0) {
		fact.reason = REASON_REPOSTED;
		fact.actor = (int)pick(world, NPEOPLE);
		fact.sort_ms += pick(world, 20) * 4 * HOUR;
	}
	return fact;
}

static void note_gap(struct world *world, int source, int64_t sort_ms, const char *cursor)
{
	struct fact gap = {
	        .sort_ms = sort_ms, .source = source, .gap = true, .post = -1, .actor = -1};

	for (size_t i = world->nfacts; i-- > 0;) {
		if (world->facts[i].gap && world->facts[i].source == source &&
		        world->facts[i].sort_ms == sort_ms) {
			drop_fact(world, i);
		}
	}
	gap.seq = ++world->seq;
	snprintf(gap.cursor, sizeof gap.cursor, "%s", cursor);
	world->facts[world->nfacts++] = gap;
}

/* Take a page's facts in as the store is said to: last entry first. */
static void note_page(struct world *world, struct fact *facts, size_t n)
{
	for (size_t i = n; i-- > 0;) {
		if (known(world, &facts[i])) continue;
		facts[i].seq = ++world->seq;
		facts[i].seen = facts[i].reason == REASON_REPOSTED && facts[i].post >= 0 &&
		                world->read[facts[i].post];
		world->facts[world->nfacts++] = facts[i];
	}
}

static void note_fill(struct world *world, struct page *page, int source, bool *filled, int64_t *at)
{
	for (size_t i = 0; i < world->nfacts; i++) {
		if (!world->facts[i].gap || world->facts[i].source != source) continue;
		page->fills = page_str(page, world->facts[i].cursor);
		*at = world->facts[i].sort_ms;
		*filled = true;
		drop_fact(world, i);
		return;
	}
}

static void feed_page(struct world *world)
{
	struct page *page = page_new();
	struct fact facts[12];
	size_t n = pick(world, 12);
	int source = (int)pick(world, NSOURCES);
	account_id account = source == 3 ? 3 : source == 2 ? ACCOUNT_FEEDS : 2;
	int64_t below = INT64_MAX;
	bool filled = false;

	page->source = world->sources[source];
	page->stored = pick(world, 4) == 0;
	for (size_t i = 0; i < n; i++) {
		struct entry entry = {0};

		facts[i] = random_fact(world, source);
		entry.reason = facts[i].reason;
		entry.sort_ms = facts[i].sort_ms;
		if (facts[i].post >= 0) {
			if (world->here[facts[i].post] && pick(world, 8) == 0) {
				world->edits[facts[i].post]++;
			}
			entry.post = add_post(world, page, facts[i].post, account);
			world->here[facts[i].post] = true;
		}
		if (facts[i].actor >= 0) entry.actor = add_profile(world, page, facts[i].actor);
		page_add_entry(page, &entry);
		if (entry.sort_ms < below) below = entry.sort_ms;
	}
	if (pick(world, 4) == 0) { /* a quoted post or a thread: no row */
		int loose = (int)pick(world, NPOSTS);

		add_post(world, page, loose, account);
		world->here[loose] = true;
	}
	note_page(world, facts, n);
	if (pick(world, 4) == 0) {
		int64_t at = 0;

		note_fill(world, page, source, &filled, &at);
		if (filled && n == 0) below = at;
	}
	page->gap = pick(world, 5) == 0;
	if (page->gap && (n > 0 || filled)) {
		char cursor[16];

		snprintf(cursor, sizeof cursor, "g%d", world->gaps++);
		page->older = page_str(page, cursor);
		note_gap(world, source, below, cursor);
	}
	store_add_page(world->store, page);
}

static void close_post(struct world *world, int post)
{
	for (int t = 0; t < NTIMELINES; t++) {
		world->timelines[t].opened[post] = false;
	}
}

static void forget_post(struct world *world, int post)
{
	world->here[post] = world->unloosed[post] = false;
	close_post(world, post);
	for (size_t i = world->nfacts; i-- > 0;) {
		if (!world->facts[i].gap && world->facts[i].post == post) drop_fact(world, i);
	}
}

static void remove_post(struct world *world)
{
	int post = (int)pick(world, NPOSTS);
	char remote[32];

	if (!world->here[post]) return;
	snprintf(remote, sizeof remote, "r%d", post);
	store_gone(world->store, 2, remote);
	store_gone(world->store, 3, remote);
	store_remove(world->store, id_of(world, post));
	assert_int_equal(id_of(world, post), 0);
	forget_post(world, post);
}

/* --- trimming, as the header says --- */

static int order_ms(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return one < two ? -1 : one > two;
}

static size_t count_here(const struct world *world)
{
	size_t n = 0;

	for (int i = 0; i < NPOSTS; i++) {
		n += world->here[i];
	}
	return n;
}

static bool has_fact(const struct world *world, int post)
{
	for (size_t i = 0; i < world->nfacts; i++) {
		if (!world->facts[i].gap && world->facts[i].post == post) return true;
	}
	return false;
}

static bool pinned(const struct world *world, int post)
{
	for (int t = 0; t < NTIMELINES; t++) {
		if (world->timelines[t].keep && world->timelines[t].keep == id_of(world, post)) {
			return true;
		}
	}
	return false;
}

static bool quoted(const struct world *world, int post)
{
	for (int i = 0; i < NPOSTS; i++) {
		if (quote_of(i) == post && world->here[i] && has_fact(world, i)) return true;
	}
	return false;
}

static int64_t moment(const struct world *world, size_t n)
{
	int64_t *times = xmalloc((world->nfacts + 1) * sizeof *times), found;
	size_t have = 0;

	for (size_t i = 0; i < world->nfacts; i++) {
		if (!world->facts[i].gap) times[have++] = world->facts[i].sort_ms;
	}
	qsort(times, have, sizeof *times, order_ms);
	found = have < n ? INT64_MAX : times[n - 1] + 1;
	free(times);
	return found;
}

static void trim(struct world *world)
{
	size_t max = 20 + pick(world, 60), target = max - max / 16;
	bool keep[NPOSTS], had[NPOSTS], drop[NPOSTS];

	if (count_here(world) <= max) {
		store_trim(world->store, max);
		return;
	}
	for (int i = 0; i < NPOSTS; i++) {
		keep[i] = world->here[i] && pinned(world, i);
	}
	while (count_here(world) > target) {
		int64_t before = moment(world, count_here(world) - target);
		size_t gone = 0;

		for (int i = 0; i < NPOSTS; i++) {
			had[i] = has_fact(world, i);
		}
		for (size_t i = world->nfacts; i-- > 0;) {
			const struct fact *fact = &world->facts[i];

			if (fact->sort_ms >= before) continue;
			if (fact->post >= 0 && keep[fact->post]) continue;
			gone += !fact->gap;
			drop_fact(world, i);
		}
		for (int i = 0; i < NPOSTS; i++) {
			drop[i] = world->here[i] && !has_fact(world, i) && !keep[i] &&
			          !quoted(world, i) && (had[i] || world->unloosed[i]);
		}
		for (int i = 0; i < NPOSTS; i++) {
			if (!drop[i]) continue;
			world->here[i] = world->unloosed[i] = false;
			close_post(world, i);
		}
		if (gone == 0) break;
	}
	memcpy(world->unloosed, world->here, sizeof world->here);
	store_trim(world->store, max);
}

/* --- the reference timeline --- */

static bool is_news(const struct fact *fact)
{
	switch (fact->reason) {
	case REASON_POSTED:
	case REASON_MENTIONED:
	case REASON_REPLIED:
	case REASON_QUOTED:
		return false;
	case REASON_REPOSTED:
		return fact->source == 1;
	default:
		return true;
	}
}

static const char *saved_text(void *ctx, const char *name)
{
	const struct world *world = ctx;

	return strcmp(name, "work") == 0 ? world->saved : NULL;
}

static struct query *parse(const struct world *world, const char *text, bool typing)
{
	struct query_env env = {.saved = saved_text, .ctx = (void *)(uintptr_t)world};
	struct query *query = NULL;

	assert_true(query_parse_in(&env, text, typing, &query, NULL, NULL));
	return query;
}

static bool says(const struct world *world, const struct fact *fact, const char *text, bool typing,
        bool is_muted)
{
	const char *name = source_names[fact->source];
	struct query_row row = {.reason = fact->reason, .source = name, .muted = is_muted};
	post_id id = id_of(world, fact->post);
	struct query *query = parse(world, text, typing);
	bool match;

	row.post = id ? store_post(world->store, id) : NULL;
	row.actor = store_profile(world->store, actor_id(world, fact->actor));
	row.author = row.post ? store_profile(world->store, row.post->author) : row.actor;
	row.account = fact->source == 2 ? "feeds" : fact->source == 3 ? "two" : "work";
	row.network = fact->source == 2 ? "feed" : NULL;
	row.unread = fact->post >= 0 && !world->read[fact->post];
	row.attention = fact->post >= 0 ? world->attention[fact->post] : ATTENTION_NONE;
	match = query_match(query, &row, world->clock.wall);
	query_free(query);
	return match;
}

static unsigned needs(const struct world *world, const char *text)
{
	struct query *query = parse(world, text, false);
	unsigned needs = query_needs(query);

	query_free(query);
	return needs;
}

static bool to_us(const struct fact *fact)
{
	return fact->post >= 0 && (fact->post % 9 == 0 || fact->post % 23 == 0);
}

static bool names(const char *columns, const char *name)
{
	return !columns || strstr(columns, name);
}

enum fate { SHOWN, FOLDED, HIDDEN };

static bool is_news(const struct fact *fact);

/* What mutes do to it, and what was read before. */
static enum fate fate_of(
        const struct world *world, const struct seen_timeline *t, const struct fact *fact)
{
	enum fate fate = SHOWN;

	if (fact->gap) return SHOWN;
	for (int i = 0; i < NMUTES; i++) {
		enum fate by = HIDDEN;

		if (!world->mutes[i].query || !names(world->mutes[i].columns, t->name)) continue;
		if (!says(world, fact, world->mutes[i].query, false, false)) continue;
		if (world->mutes[i].action == MUTE_FOLD && fact->post >= 0) by = FOLDED;
		if (world->mutes[i].action == MUTE_USUAL && to_us(fact)) by = FOLDED;
		if (by > fate) fate = by;
	}
	if (fate == SHOWN && world->fold_seen && fact->seen && !is_news(fact) &&
	        world->read[fact->post] && !to_us(fact)) {
		return FOLDED;
	}
	return fate;
}

struct want {
	struct fact fact;
	uint32_t more;
	post_id post;
	profile_id actor;
	bool news;
	enum fate fate;
	bool over;     /* its putter's quota */
	uint32_t fold; /* so many rows, newest first, are drawn as one */
	bool drop;
};

static int by_tuple(const struct want *a, const struct want *b)
{
	if (a->fact.sort_ms != b->fact.sort_ms) return a->fact.sort_ms < b->fact.sort_ms ? -1 : 1;
	if (a->fact.reason != b->fact.reason) return a->fact.reason < b->fact.reason ? -1 : 1;
	if (a->fact.source != b->fact.source) return a->fact.source < b->fact.source ? -1 : 1;
	return a->actor < b->actor ? -1 : a->actor > b->actor;
}

static int level_of(const struct want *want)
{
	return want->fact.gap ? 0 : want->post ? 2 : 1;
}

static int newest_first(const void *left, const void *right)
{
	const struct want *a = right, *b = left;

	if (a->fact.sort_ms != b->fact.sort_ms) return a->fact.sort_ms < b->fact.sort_ms ? -1 : 1;
	if (level_of(a) != level_of(b)) return level_of(a) - level_of(b);
	if (a->post != b->post) return a->post < b->post ? -1 : 1;
	if (a->post) {
		int one = a->news ? (int)a->fact.reason : 0,
		    two = b->news ? (int)b->fact.reason : 0;

		return one - two;
	}
	if (a->fact.source != b->fact.source) return a->fact.source - b->fact.source;
	if (a->actor != b->actor) return a->actor < b->actor ? -1 : 1;
	return (int)a->fact.reason - (int)b->fact.reason;
}

static int oldest_first(const void *left, const void *right)
{
	return newest_first(right, left);
}

/* Entries of one post become one row. */
static size_t join_facts(
        const struct world *world, const struct seen_timeline *t, struct want *wants)
{
	size_t n = 0;

	for (size_t i = 0; i < world->nfacts; i++) {
		const struct fact *fact = &world->facts[i];
		struct want want = {.fact = *fact};
		size_t at = 0;

		if (!t->sources[fact->source] || fact->seq <= t->cleared) continue;
		want.post = id_of(world, fact->post);
		want.actor = actor_id(world, fact->actor);
		want.news = want.post && is_news(fact);
		while (at < n &&
		        (!want.post || wants[at].post != want.post || wants[at].news != want.news ||
		                (want.news && wants[at].fact.reason != fact->reason))) {
			at++;
		}
		if (at == n) {
			wants[n++] = want;
			continue;
		}
		want.more = ++wants[at].more;
		if ((by_tuple(&want, &wants[at]) < 0) != want.news) wants[at] = want;
	}
	return n;
}

static int day_of(int64_t ms)
{
	time_t at = (time_t)(ms / 1000);
	struct tm tm;

	localtime_r(&at, &tm);
	return tm.tm_year * 400 + tm.tm_yday;
}

/* Whose row it is, and how many of those a day. */
static int putter_of(const struct fact *fact)
{
	return fact->actor >= 0 ? fact->actor : fact->post % NPEOPLE;
}

static bool is_quota_row(const struct world *world, const struct want *want)
{
	const struct fact *fact = &want->fact;

	if (fact->gap || fact->post < 0 || want->news || to_us(fact)) return false;
	if (fact->reason != REASON_POSTED && fact->reason != REASON_REPOSTED) return false;
	return putter_of(fact) < NQUOTAS && world->quotas[putter_of(fact)] > 0;
}

static void count_quotas(
        const struct world *world, const struct seen_timeline *t, struct want *wants, size_t n)
{
	bool asks = t->query && needs(world, t->query) & QUERY_NEEDS_MUTED;

	for (size_t i = 0; i < n; i++) {
		const struct fact *fact = &wants[i].fact;
		bool counts = wants[i].fate == SHOWN;

		if (!is_quota_row(world, &wants[i])) continue;
		if (counts && t->query && !asks) counts = says(world, fact, t->query, false, false);
		wants[i].drop = !counts;
		unsigned before = 0;

		for (size_t k = 0; k < i; k++) {
			before += is_quota_row(world, &wants[k]) && !wants[k].drop &&
			          putter_of(&wants[k].fact) == putter_of(fact) &&
			          day_of(wants[k].fact.sort_ms) == day_of(fact->sort_ms);
		}
		wants[i].over = counts && before >= world->quotas[putter_of(fact)];
	}
}

static bool shown(const struct world *world, const struct seen_timeline *t, const struct want *want)
{
	const struct fact *fact = &want->fact;
	bool held = want->fate != SHOWN || want->over;

	if (fact->gap) return !t->searching;
	if (want->fate == HIDDEN && !t->show_muted &&
	        !(t->query && needs(world, t->query) & QUERY_NEEDS_MUTED)) {
		return false;
	}
	if (t->query && !says(world, fact, t->query, false, held)) return false;
	return !t->searching || says(world, fact, t->typed, true, held);
}

static bool is_held(const struct want *want)
{
	return want->fate == FOLDED || want->over;
}

/* Runs of what is held, newest first, become one row each, unless one of theirs was opened. */
static size_t fold_runs(const struct seen_timeline *t, struct want *wants, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n;) {
		size_t end = i;
		bool opened = t->show_muted;

		while (end < n && is_held(&wants[end])) {
			opened |= t->opened[wants[end++].fact.post];
		}
		if (end > i && !opened) {
			wants[to] = wants[i];
			wants[to++].fold = (uint32_t)(end - i);
			i = end;
			continue;
		}
		do {
			wants[to++] = wants[i++];
		} while (i < end);
	}
	return to;
}

/* All rows that ought to stand, in order, before runs are folded; owned. */
static struct want *rows_of_world(
        const struct world *world, const struct seen_timeline *t, size_t *out)
{
	struct want *wants = xcalloc(world->nfacts + 1, sizeof *wants);
	size_t n = join_facts(world, t, wants), to = 0;

	for (size_t i = 0; i < n; i++) {
		wants[i].fate = fate_of(world, t, &wants[i].fact);
	}
	qsort(wants, n, sizeof *wants, oldest_first);
	count_quotas(world, t, wants, n);
	for (size_t i = 0; i < n; i++) {
		if (shown(world, t, &wants[i])) wants[to++] = wants[i];
	}
	qsort(wants, to, sizeof *wants, newest_first);
	*out = to;
	return wants;
}

static struct want *reference(const struct world *world, const struct seen_timeline *t, size_t *out)
{
	struct want *wants = rows_of_world(world, t, out);

	*out = fold_runs(t, wants, *out);
	return wants;
}

static unsigned highlight(
        const struct world *world, const struct seen_timeline *t, const struct want *want)
{
	bool held = want->fate != SHOWN || want->over;

	for (unsigned i = 0; i < world->nrules; i++) {
		unsigned rule = world->rule_order[i];

		if (!names(world->rule_columns[rule], t->name)) continue;
		if (says(world, &want->fact, world->rules[rule], false, held)) return i + 1;
	}
	return 0;
}

static void check_row(
        const struct world *world, const struct seen_timeline *t, size_t i, const struct want *want)
{
	struct row row = timeline_at(t->timeline, i);
	enum row_kind kind = want->fold       ? ROW_FOLD
	                     : want->fact.gap ? ROW_GAP
	                     : want->post     ? ROW_POST
	                                      : ROW_NOTICE;
	bool muted = want->fate == HIDDEN || (is_held(want) && t->show_muted);

	assert_int_equal(row.kind, kind);
	assert_int_equal(row.post, want->post);
	assert_int_equal(row.sort_ms, want->fact.sort_ms);
	assert_int_equal(row.source, world->sources[want->fact.source]);
	assert_int_equal(row.reason, want->fact.reason);
	assert_int_equal(row.actor, want->actor);
	assert_int_equal(row.more, want->fold ? want->fold : want->more);
	assert_int_equal(row.muted, !want->fold && muted);
	assert_int_equal(row.unfolded, !want->fold && !muted && is_held(want));
	assert_int_equal(row.why != NULL, want->fold || muted || is_held(want));
	if (kind == ROW_GAP) assert_string_equal(row.cursor, want->fact.cursor);
	if (want->post) assert_int_equal(timeline_find(t->timeline, row.post, i), i);
	if (kind == ROW_POST || kind == ROW_NOTICE) {
		assert_int_equal(row.highlight, highlight(world, t, want));
	}
}

static void check_timeline(const struct world *world, struct seen_timeline *t)
{
	size_t n, unread = 0;
	uint64_t digest = 1469598103934665603u;
	struct want *wants;

	assert_true(timeline_settle(t->timeline, INT64_MAX));
	wants = rows_of_world(world, t, &n);
	for (size_t i = 0; i < n; i++) {
		unread += wants[i].post && !world->read[wants[i].fact.post] && !is_held(&wants[i]);
	}
	free(wants);
	wants = reference(world, t, &n);
	assert_int_equal(timeline_len(t->timeline), n);
	for (size_t i = 0; i < n; i++) {
		check_row(world, t, i, &wants[i]);
		digest = (digest ^ wants[i].post ^ wants[i].fact.seq) * 1099511628211u;
		digest = (digest ^ wants[i].fold) * 1099511628211u;
	}
	assert_int_equal(timeline_unread(t->timeline), unread);
	if (digest != t->digest) assert_int_not_equal(t->version, timeline_version(t->timeline));
	t->digest = digest;
	t->version = timeline_version(t->timeline);
	free(wants);
}

static void check(struct world *world)
{
	assert_int_equal(store_count(world->store), count_here(world));
	for (int i = 0; i < NPOSTS; i++) {
		post_id id = id_of(world, i);

		assert_int_equal(id != 0, world->here[i]);
		if (id) assert_int_equal(store_is_read(world->store, id), world->read[i]);
		if (id) assert_int_equal(store_attention(world->store, id), world->attention[i]);
	}
	/* One that nobody looks at falls behind those that it shares rows with. */
	for (int t = 0; t < NTIMELINES; t++) {
		if (pick(world, 4) > 0) check_timeline(world, &world->timelines[t]);
	}
}

/* --- other steps --- */

/* Often those that another has: the two share their rows then. */
static void set_sources(struct world *world, struct seen_timeline *t)
{
	const struct seen_timeline *other = &world->timelines[pick(world, NTIMELINES)];
	bool same = pick(world, 2);
	source_id ids[NSOURCES];
	size_t n = 0;

	for (int i = 0; i < NSOURCES; i++) {
		t->sources[i] = same ? other->sources[i] : pick(world, 2);
		if (t->sources[i]) ids[n++] = world->sources[i];
	}
	timeline_set_sources(t->timeline, ids, n);
}

static void set_query(struct world *world, struct seen_timeline *t)
{
	static const char *const queries[] = {NULL, "rust", "lang:nl", "-rusty", "from:p3 OR go",
	        "is:repost", "is:unread lang:nl", "by:p2", "likes:>9", "source:work/home",
	        "network:feed", "name:other", "crème OR name:other", "saved:work", "age:<130h",
	        "age:>160h OR is:repost", "is:liked OR v2", "is:waiting OR nl", "is:muted OR go",
	        "rust -saved:work"};

	t->query = queries[pick(world, sizeof queries / sizeof *queries)];
	assert_true(timeline_set_query(t->timeline, t->query, NULL, NULL));
}

static void type_key(struct world *world, struct seen_timeline *t)
{
	if (pick(world, 2)) timeline_settle(t->timeline, INT64_MAX);
	static const char *const texts[] = {"rusty a", "go OR rust", "-rust", "is:unread cr",
	        "from:p3 has:media", "v1", "lang:nl ru", "age:<140h", "saved:work", "async 1",
	        "crème"};
	size_t len = strlen(t->typed);
	const char *text = texts[pick(world, sizeof texts / sizeof *texts)];
	unsigned what = pick(world, 8);

	if (what == 0) {
		t->searching = false;
		t->typed[0] = '\0';
		timeline_narrow(t->timeline, NULL, false, NULL, NULL);
		return;
	}
	if (what < 3 && len > 0) {
		t->typed[len - 1] = '\0';
	} else if (what < 7 && len > 0 && strchr("rgfi-vlasc", t->typed[0])) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			if (strncmp(texts[i], t->typed, len) == 0) text = texts[i];
		}
		snprintf(t->typed, sizeof t->typed, "%.*s", (int)len + 1, text);
	} else {
		snprintf(t->typed, sizeof t->typed, "%.1s", text);
	}
	t->searching = true;
	if (!timeline_narrow(t->timeline, t->typed, false, NULL, NULL)) {
		/* "saved:w" is nobody yet: the last search stays. */
		const char *narrowed = timeline_narrowed(t->timeline);

		t->searching = narrowed != NULL;
		snprintf(t->typed, sizeof t->typed, "%s", narrowed ? narrowed : "");
		return;
	}
	assert_string_equal(timeline_narrowed(t->timeline), t->typed);
}

static const char *some_columns(struct world *world)
{
	static const char *const columns[] = {NULL, NULL, "Zero", "One, Two", "Two,Zero"};

	return columns[pick(world, 5)];
}

static void toggle_mute(struct world *world)
{
	static const char *const queries[NMUTES][2] = {{"from:p1", "from:p4"},
	        {"rust lang:nl", "async"}, {"by:p2 OR from:p2", "is:repost"},
	        {"likes:>15", "name:other"}, {"age:<150h rust", "saved:work -lang:nl"}};
	unsigned i = pick(world, NMUTES);
	struct mute mute = {.until_ms = 0};
	char id[8];

	snprintf(id, sizeof id, "m%u", i);
	if (world->mutes[i].query && pick(world, 2)) {
		world->mutes[i].query = NULL;
		assert_true(store_unmute(world->store, id));
		return;
	}
	mute.id = id;
	mute.query = world->mutes[i].query = queries[i][pick(world, 2)];
	mute.columns = world->mutes[i].columns = some_columns(world);
	mute.action = world->mutes[i].action = (enum mute_action)pick(world, 3);
	assert_true(store_mute(world->store, &mute, NULL, NULL));
}

static void set_quota(struct world *world)
{
	unsigned i = pick(world, NQUOTAS);
	char handle[32];

	world->quotas[i] = pick(world, 3);
	snprintf(handle, sizeof handle, pick(world, 2) ? "p%u" : "P%u@p.example", i);
	store_put_quota(world->store, handle, 0);
	snprintf(handle, sizeof handle, "p%u@p.example", i);
	store_put_quota(world->store, handle, 0);
	snprintf(handle, sizeof handle, "p%u", i);
	store_put_quota(world->store, handle, world->quotas[i]);
}

static void toggle_rule(struct world *world)
{
	static const char *const queries[] = {
	        "rust", "is:unread", "from:p3", "age:<140h", "saved:work"};
	unsigned i = pick(world, NRULES), at = 0;
	char id[8];
	struct rule rule = {.id = id, .kind = RULE_HIGHLIGHT, .role = "post.author"};

	snprintf(id, sizeof id, "r%u", i);
	while (at < world->nrules && world->rule_order[at] != i) {
		at++;
	}
	if (at < world->nrules && pick(world, 2)) {
		assert_true(store_drop_rule(world->store, id));
		world->nrules--;
		memmove(world->rule_order + at, world->rule_order + at + 1,
		        (world->nrules - at) * sizeof *world->rule_order);
		return;
	}
	rule.query = world->rules[i] = queries[pick(world, 5)];
	rule.columns = world->rule_columns[i] = some_columns(world);
	if (at == world->nrules) world->rule_order[world->nrules++] = i;
	assert_true(store_put_rule(world->store, &rule, NULL));
}

static void set_saved(struct world *world)
{
	static const char *const queries[] = {
	        "rust", "lang:nl OR is:repost", "age:<120h", "from:p2"};

	world->saved = queries[pick(world, 4)];
	assert_true(store_put_saved(world->store, "work", world->saved, NULL));
}

static void set_attention(struct world *world)
{
	int post = (int)pick(world, NPOSTS);
	char uri[32];

	uri_of(uri, post);
	world->attention[post] = (enum attention)pick(world, ATTENTION_COUNT + 1);
	store_put_attention(world->store, store_key(uri), world->attention[post]);
}

static void act(struct world *world)
{
	post_id id = id_of(world, (int)pick(world, NPOSTS));

	store_act(world->store, id, 2, VIEWER_LIKED, pick(world, 2));
}

static void pass_time(struct world *world)
{
	fake_clock_advance(&world->clock, pick(world, 9) * HOUR);
	store_tick(world->store);
}

/* Of the runs that a post stands in all posts are opened, or closed. */
static void open_fold(struct world *world, struct seen_timeline *t)
{
	size_t n;
	struct want *wants = rows_of_world(world, t, &n);
	post_id post = n ? wants[pick(world, (unsigned)n)].post : 0;
	bool on = pick(world, 2), changed = false;

	for (size_t i = 0; post && !t->show_muted && i < n; i++) {
		size_t first = i;

		if (wants[i].post != post) continue;
		while (first > 0 && is_held(&wants[first - 1])) {
			first--;
		}
		for (first = is_held(&wants[i]) ? first : n; first < n; first++) {
			int it = wants[first].fact.post;

			if (!is_held(&wants[first])) break;
			changed |= t->opened[it] != on;
			t->opened[it] = on;
		}
	}
	assert_int_equal(timeline_open_fold(t->timeline, post, on), changed);
	free(wants);
}

static void set_read(struct world *world)
{
	int post = (int)pick(world, NPOSTS);

	if (!world->here[post]) return;
	world->read[post] = pick(world, 3) > 0;
	store_set_read(world->store, id_of(world, post), world->read[post]);
}

static void keep_one(struct world *world, struct seen_timeline *t)
{
	size_t n = timeline_len(t->timeline);

	t->keep = n ? timeline_at(t->timeline, pick(world, (unsigned)n)).post : 0;
	timeline_keep(t->timeline, t->keep);
}

static void step(struct world *world)
{
	struct seen_timeline *t = &world->timelines[pick(world, NTIMELINES)];

	switch (pick(world, 32)) {
	case 0:
		remove_post(world);
		break;
	case 1:
		set_sources(world, t);
		break;
	case 2:
		set_query(world, t);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		type_key(world, t);
		break;
	case 7:
	case 8:
		toggle_mute(world);
		break;
	case 9:
	case 10:
		set_read(world);
		break;
	case 11:
		t->show_muted = !t->show_muted;
		timeline_show_muted(t->timeline, t->show_muted);
		break;
	case 12:
		if (pick(world, 3) == 0) {
			t->cleared = world->seq;
			timeline_clear(t->timeline);
		}
		break;
	case 13:
		trim(world);
		break;
	case 14:
		keep_one(world, t);
		break;
	case 15:
		set_quota(world);
		break;
	case 16:
		toggle_rule(world);
		break;
	case 17:
		set_saved(world);
		break;
	case 18:
		set_attention(world);
		break;
	case 19:
		act(world);
		break;
	case 20:
		pass_time(world);
		break;
	case 21:
	case 22:
		open_fold(world, t);
		break;
	case 24:
		t->expects = !t->expects;
		timeline_expect(t->timeline, t->expects);
		break;
	case 23:
		world->fold_seen = pick(world, 2);
		store_fold_seen_reposts(world->store, world->fold_seen);
		break;
	default:
		feed_page(world);
	}
}

static void run(uint32_t seed, int steps)
{
	struct world *world = xcalloc(1, sizeof *world);

	static const char *const timeline_names[NTIMELINES] = {"Zero", "One", "Two"};

	world->random = seed;
	fake_clock_init(&world->clock, START + 100 * HOUR);
	world->store = store_new(&world->clock.clock);
	for (int i = 0; i < NPOSTS; i++) {
		world->attention[i] = ATTENTION_NONE;
	}
	world->saved = "rust";
	assert_true(store_put_saved(world->store, "work", world->saved, NULL));
	for (int i = 0; i < NSOURCES; i++) {
		world->sources[i] = store_source(world->store, source_names[i]);
	}
	for (int t = 0; t < NTIMELINES; t++) {
		world->timelines[t].timeline = timeline_new(world->store);
		world->timelines[t].name = timeline_names[t];
		timeline_set_name(world->timelines[t].timeline, timeline_names[t]);
		set_sources(world, &world->timelines[t]);
	}
	for (int i = 0; i < steps && world->nfacts < MAX_ENTRIES - 20; i++) {
		step(world);
		/* Between two looks several things happen. */
		if (pick(world, 3) == 0) check(world);
	}
	for (int t = 0; t < NTIMELINES; t++) {
		timeline_free(world->timelines[t].timeline);
	}
	store_free(world->store);
	free(world);
}

static void test_timelines_equal_the_reference(void **state)
{
	const char *seeds = getenv("ORACLE_SEEDS");
	const char *alone = getenv("ORACLE_SEED");
	uint32_t n = seeds ? (uint32_t)strtoul(seeds, NULL, 10) : 40;
	uint32_t one = alone ? (uint32_t)strtoul(alone, NULL, 10) : 0;

	(void)state;
	setenv("TZ", "Pacific/Auckland", 1);
	tzset();
	for (uint32_t seed = one ? one : 1; seed <= (one ? one : n); seed++) {
		print_message("ORACLE_SEED=%u\n", (unsigned)seed);
		run(seed * 7919, 250);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_timelines_equal_the_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
