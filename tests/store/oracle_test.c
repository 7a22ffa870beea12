/*
 * Timelines against a reference that is computed from scratch after each step: random
 * pages (doubles, edits, reposts, gaps), deletions, mutes, queries, searches, trims.
 */
#include "store/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_clock.h"
#include "query/query.h"

enum { NPOSTS = 90, NPEOPLE = 7, NSOURCES = 4, NTIMELINES = 3, NMUTES = 4, MAX_ENTRIES = 4000 };

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
	char cursor[16];
};

struct seen_timeline {
	struct timeline *timeline;
	bool sources[NSOURCES];
	uint32_t cleared;
	const char *query;
	char typed[64];
	bool searching, show_muted;
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
	const char *mutes[NMUTES];
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
	parts.created_ms = 1000 + post / 3 * 100;
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
	fact.sort_ms = 1000 + fact.post / 3 * 100;
	if (source == 1) {
		fact.reason = (enum reason)pick(world, REASON_COUNT);
		fact.actor = (int)pick(world, NPEOPLE);
		fact.sort_ms += pick(world, 5) * 700;
		if (fact.reason == REASON_FOLLOWED || fact.reason == REASON_REQUESTED) {
			fact.post = -1;
		}
	} else if (pick(world, 3) == 0) {
		fact.reason = REASON_REPOSTED;
		fact.actor = (int)pick(world, NPEOPLE);
		fact.sort_ms += pick(world, 20) * 100;
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

static void forget_post(struct world *world, int post)
{
	world->here[post] = world->unloosed[post] = false;
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
			if (drop[i]) world->here[i] = world->unloosed[i] = false;
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

static bool says(const struct world *world, const struct fact *fact, const char *text, bool typing)
{
	const char *name = source_names[fact->source];
	struct query_row row = {.reason = fact->reason, .source = name};
	post_id id = id_of(world, fact->post);
	struct query *query = NULL;
	bool match;

	row.post = id ? store_post(world->store, id) : NULL;
	row.actor = store_profile(world->store, actor_id(world, fact->actor));
	row.author = row.post ? store_profile(world->store, row.post->author) : row.actor;
	row.account = fact->source == 2 ? "feeds" : fact->source == 3 ? "two" : "work";
	row.network = fact->source == 2 ? "feed" : NULL;
	row.unread = fact->post >= 0 && !world->read[fact->post];
	assert_true(query_parse(text, typing, &query, NULL, NULL));
	match = query_match(query, &row, 0);
	query_free(query);
	return match;
}

static bool muted(const struct world *world, const struct fact *fact)
{
	if (fact->gap) return false;
	if (fact->post >= 0 && (fact->post % 9 == 0 || fact->post % 23 == 0)) return false;
	for (int i = 0; i < NMUTES; i++) {
		if (world->mutes[i] && says(world, fact, world->mutes[i], false)) return true;
	}
	return false;
}

static bool shown(const struct world *world, const struct seen_timeline *t, const struct fact *fact)
{
	if (fact->gap) return !t->searching;
	if (!t->show_muted && muted(world, fact)) return false;
	if (t->query && !says(world, fact, t->query, false)) return false;
	return !t->searching || says(world, fact, t->typed, true);
}

struct want {
	struct fact fact;
	uint32_t more;
	post_id post;
	profile_id actor;
	bool news;
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

/* All rows that ought to stand, in order; owned. */
static struct want *reference(const struct world *world, const struct seen_timeline *t, size_t *out)
{
	struct want *wants = xcalloc(world->nfacts + 1, sizeof *wants);
	size_t n = 0, to = 0;

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
	for (size_t i = 0; i < n; i++) {
		if (shown(world, t, &wants[i].fact)) wants[to++] = wants[i];
	}
	qsort(wants, to, sizeof *wants, newest_first);
	*out = to;
	return wants;
}

static void check_row(
        const struct world *world, const struct seen_timeline *t, size_t i, const struct want *want)
{
	struct row row = timeline_at(t->timeline, i);
	enum row_kind kind = want->fact.gap ? ROW_GAP : want->post ? ROW_POST : ROW_NOTICE;

	assert_int_equal(row.kind, kind);
	assert_int_equal(row.post, want->post);
	assert_int_equal(row.sort_ms, want->fact.sort_ms);
	assert_int_equal(row.source, world->sources[want->fact.source]);
	assert_int_equal(row.reason, want->fact.reason);
	assert_int_equal(row.actor, want->actor);
	assert_int_equal(row.more, want->more);
	assert_int_equal(row.muted, muted(world, &want->fact));
	if (kind == ROW_GAP) assert_string_equal(row.cursor, want->fact.cursor);
	if (kind == ROW_POST) assert_int_equal(timeline_find(t->timeline, row.post, i), i);
}

static void check_timeline(const struct world *world, struct seen_timeline *t)
{
	size_t n, unread = 0;
	uint64_t digest = 1469598103934665603u;
	struct want *wants;

	assert_true(timeline_settle(t->timeline, INT64_MAX));
	wants = reference(world, t, &n);
	assert_int_equal(timeline_len(t->timeline), n);
	for (size_t i = 0; i < n; i++) {
		check_row(world, t, i, &wants[i]);
		unread += wants[i].post && !world->read[wants[i].fact.post];
		digest = (digest ^ wants[i].post ^ wants[i].fact.seq) * 1099511628211u;
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
	}
	for (int t = 0; t < NTIMELINES; t++) {
		check_timeline(world, &world->timelines[t]);
	}
}

/* --- other steps --- */

static void set_sources(struct world *world, struct seen_timeline *t)
{
	source_id ids[NSOURCES];
	size_t n = 0;

	for (int i = 0; i < NSOURCES; i++) {
		t->sources[i] = pick(world, 2);
		if (t->sources[i]) ids[n++] = world->sources[i];
	}
	timeline_set_sources(t->timeline, ids, n);
}

static void set_query(struct world *world, struct seen_timeline *t)
{
	static const char *const queries[] = {NULL, "rust", "lang:nl", "-rusty", "from:p3 OR go",
	        "is:repost", "is:unread lang:nl", "by:p2", "likes:>9", "source:work/home",
	        "network:feed", "name:other", "crème OR name:other"};

	t->query = queries[pick(world, sizeof queries / sizeof *queries)];
	assert_true(timeline_set_query(t->timeline, t->query, NULL, NULL));
}

static void type_key(struct world *world, struct seen_timeline *t)
{
	static const char *const texts[] = {"rusty a", "go OR rust", "-rust", "is:unread cr",
	        "from:p3 has:media", "v1", "lang:nl ru"};
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
	} else if (what < 7 && len > 0 && strchr("rgfi-vl", t->typed[0])) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			if (strncmp(texts[i], t->typed, len) == 0) text = texts[i];
		}
		snprintf(t->typed, sizeof t->typed, "%.*s", (int)len + 1, text);
	} else {
		snprintf(t->typed, sizeof t->typed, "%.1s", text);
	}
	t->searching = true;
	assert_true(timeline_narrow(t->timeline, t->typed, false, NULL, NULL));
	assert_string_equal(timeline_narrowed(t->timeline), t->typed);
}

static void toggle_mute(struct world *world)
{
	static const char *const queries[NMUTES][2] = {{"from:p1", "from:p4"},
	        {"rust lang:nl", "async"}, {"by:p2 OR from:p2", "is:repost"},
	        {"likes:>15", "name:other"}};
	unsigned i = pick(world, NMUTES);
	char id[8];

	snprintf(id, sizeof id, "m%u", i);
	if (world->mutes[i] && pick(world, 2)) {
		world->mutes[i] = NULL;
		assert_true(store_unmute(world->store, id));
		return;
	}
	world->mutes[i] = queries[i][pick(world, 2)];
	assert_true(store_mute(
	        world->store, &(struct mute){.id = id, .query = world->mutes[i]}, NULL, NULL));
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

	switch (pick(world, 24)) {
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
	default:
		feed_page(world);
	}
}

static void run(uint32_t seed, int steps)
{
	struct world *world = xcalloc(1, sizeof *world);

	world->random = seed;
	fake_clock_init(&world->clock, 1000000);
	world->store = store_new(&world->clock.clock);
	for (int i = 0; i < NSOURCES; i++) {
		world->sources[i] = store_source(world->store, source_names[i]);
	}
	for (int t = 0; t < NTIMELINES; t++) {
		world->timelines[t].timeline = timeline_new(world->store);
		set_sources(world, &world->timelines[t]);
	}
	for (int i = 0; i < steps && world->nfacts < MAX_ENTRIES - 20; i++) {
		step(world);
		check(world);
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
	uint32_t n = seeds ? (uint32_t)strtoul(seeds, NULL, 10) : 12;

	(void)state;
	for (uint32_t seed = 1; seed <= n; seed++) {
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
