#include <stdlib.h>
#include <string.h>

#include "model/post_merge.h"
#include "lineup.h"

/* What a post that was here answers, in the words of another server. */
struct answer {
	post_id post;
	account_id account;
	char *parent;
};

/* What taking a page in needs to remember until it is done. */
struct intake {
	struct store *store;
	int64_t newest_ms; /* of what the source had; INT64_MAX: nothing */
	struct page *page;
	source_id source;
	profile_id *profiles; /* by the page's index */
	post_id *posts;
	bool *entered;      /* the post's own row came already */
	struct item *items; /* rows that were not there yet */
	size_t nitems, items_cap;
	struct answer *answers;
	size_t nanswers, answers_cap;
};

void store_tell_changed(struct store *store, post_id id)
{
	attention_note(store, id);
	filters_look(store, id);
	rules_forget_post(store, id);
	timelines_post_changed(store, id);
}

static post_id merge_post(struct store *store, post_id id, struct post *sight, bool stored)
{
	struct post *old = store_block(store, id)->posts[id % BLOCK], *copy = NULL;
	enum merged merged = post_merge(old, sight, stored, &copy);

	free(sight);
	if (merged == MERGED_COPY) store_swap_post(store, id, copy);
	if (merged != MERGED_NOTHING) store_tell_changed(store, id);
	return id;
}

/*
 * The text of a post stays that of whoever showed it first, and so does the id of its
 * parent, which another account's server knows by another id.
 */
static void note_answer(struct intake *in, post_id id, const struct post *sight)
{
	const char *parent = post_str(sight, POST_REPLY_TO);

	if (!parent[0] || sight->nviewers == 0) return;
	if (strcmp(parent, post_str(store_post(in->store, id), POST_REPLY_TO)) == 0) return;
	in->answers =
	        mem_grow(in->answers, &in->answers_cap, in->nanswers + 1, sizeof *in->answers);
	in->answers[in->nanswers++] = (struct answer){
	        .post = id, .account = post_viewer(sight, 0).account, .parent = xstrdup(parent)};
}

static void take_answer(struct store *store, const struct answer *answer)
{
	uint64_t key = table_mix(answer->post);
	post_id parent = store_find(store, answer->parent);
	int64_t known;

	if (!parent) parent = store_find_remote(store, answer->account, answer->parent);
	if (!parent || !store_post(store, answer->post)) return;
	if (table_value(&store->parents, key, &known) && known == parent) return;
	table_put_value(&store->parents, key, parent);
	store_tell_changed(store, answer->post);
	threads_note(store, answer->post);
}

/* All of the page is here: now its posts can be found. */
static void take_answers(struct intake *in)
{
	for (size_t i = 0; i < in->nanswers; i++) {
		take_answer(in->store, &in->answers[i]);
		free(in->answers[i].parent);
	}
	free(in->answers);
}

/* The store takes the page's post number i, once. */
static post_id take_post(struct intake *in, size_t i)
{
	struct post *post = in->page->posts[i];
	post_id id;

	if (in->posts[i]) return in->posts[i];
	in->page->posts[i] = NULL;
	post->author = post->author > 0 && post->author <= in->page->nprofiles
	                       ? in->profiles[post->author - 1]
	                       : 0;
	id = store_find(in->store, post_str(post, POST_URI));
	if (id) note_answer(in, id, post);
	if (id) {
		in->posts[i] = merge_post(in->store, id, post, in->page->stored);
	} else {
		in->posts[i] = store_put_post(in->store, post);
		filters_look_new(in->store, in->posts[i], !in->page->stored);
		threads_note(in->store, in->posts[i]);
	}
	return in->posts[i];
}

static bool is_at_own_time(const struct store *store, const struct line *line)
{
	return line->post && store_post(store, line->post)->created_ms == line->sort_ms;
}

static bool is_seen(const struct store *store, const struct line *line)
{
	return line->post && line->reason == REASON_REPOSTED && store_is_read(store, line->post);
}

static void take_entry(struct intake *in, const struct entry *entry)
{
	struct page *page = in->page;
	struct line line = {
	        .sort_ms = entry->sort_ms, .source = in->source, .reason = (uint8_t)entry->reason};

	if (entry->post > page->nposts || entry->actor > page->nprofiles) return;
	if (entry->post) line.post = take_post(in, entry->post - 1);
	if (entry->actor) line.actor = in->profiles[entry->actor - 1];
	if (!line.post && !line.actor) return;
	if (line.post && !line.actor && line.reason == REASON_POSTED) {
		if (in->entered[entry->post - 1]) return;
		in->entered[entry->post - 1] = true;
	}
	if (!entry_note(in->store, &line)) return;
	if (is_seen(in->store, &line)) line.flags |= ROW_IS_SEEN;
	if (line.post) store_block(in->store, line.post)->uses[line.post % BLOCK]++;
	if (!page->stored && in->store->nmutes > 0) mutes_count(in->store, &line);
	in->items = mem_grow(in->items, &in->items_cap, in->nitems + 1, sizeof *in->items);
	in->items[in->nitems++] = (struct item){.line = line,
	        .seq = ++in->store->last_seq,
	        .own_time = is_at_own_time(in->store, &line)};
	cursor_note(in->store, &line, in->store->last_seq, entry->cursor);
}

static int item_cmp(const void *a, const void *b)
{
	const struct item *one = a, *two = b;

	if (one->line.sort_ms != two->line.sort_ms) {
		return one->line.sort_ms < two->line.sort_ms ? -1 : 1;
	}
	if (one->seq != two->seq) return one->seq < two->seq ? -1 : 1;
	return 0;
}

/* Merge the new rows in from the end, where they mostly belong. */
static void join_source(struct source *source, const struct item *items, size_t n)
{
	size_t old = source->nentries, all = old + n;

	source->entries = mem_grow(source->entries, &source->cap, old + n, sizeof *source->entries);
	for (; n > 0; n--) {
		const struct line *line = &items[n - 1].line;
		size_t at = old;

		if (old > 0 && source->entries[old - 1].sort_ms > line->sort_ms) {
			source->nentries = old;
			at = source_lower(source, line->sort_ms + 1);
			memmove(source->entries + at + n, source->entries + at,
			        (old - at) * sizeof *source->entries);
		}
		source->entries[at + n - 1] = (struct source_entry){.sort_ms = line->sort_ms,
		        .post = line->post,
		        .actor = line->actor,
		        .seq = items[n - 1].seq,
		        .reason = line->reason,
		        .seen = line->flags & ROW_IS_SEEN};
		old = at;
	}
	source->nentries = all;
}

static void drop_gap(struct store *store, source_id id, size_t i)
{
	struct source *source = store_source_row(store, id);
	int64_t sort_ms = source->gaps[i].sort_ms;

	free(source->gaps[i].cursor);
	source->gaps[i] = source->gaps[--source->ngaps];
	for (size_t k = 0; k < store->nlineups; k++) {
		lineup_drop_gap(store->lineups[k], id, sort_ms);
	}
}

static void put_gap(struct intake *in, int64_t sort_ms, const char *cursor)
{
	struct source *source = store_source_row(in->store, in->source);
	struct source_gap gap = {.sort_ms = sort_ms,
	        .seq = ++in->store->last_seq,
	        .cursor = xstrdup(cursor ? cursor : "")};

	for (size_t i = source->ngaps; i-- > 0;) {
		if (source->gaps[i].sort_ms == sort_ms) drop_gap(in->store, in->source, i);
	}
	source->gaps =
	        mem_grow(source->gaps, &source->gaps_cap, source->ngaps + 1, sizeof *source->gaps);
	source->gaps[source->ngaps++] = gap;
	in->items = mem_grow(in->items, &in->items_cap, in->nitems + 1, sizeof *in->items);
	in->items[in->nitems++] = (struct item){
	        .line = {.sort_ms = sort_ms, .source = in->source, .flags = ROW_IS_GAP},
	        .seq = gap.seq};
}

/* The gap that this page fills goes; the one that it leaves comes. */
static void take_gaps(struct intake *in)
{
	struct source *source = store_source_row(in->store, in->source);
	const struct page *page = in->page;
	int64_t below = INT64_MAX;
	bool at = page->nentries > 0;

	for (size_t i = source->ngaps; page->fills && i-- > 0;) {
		if (strcmp(source->gaps[i].cursor, page->fills) != 0) continue;
		if (!at) below = source->gaps[i].sort_ms;
		at = true;
		drop_gap(in->store, in->source, i);
	}
	for (size_t i = 0; i < page->nentries; i++) {
		if (page->entries[i].sort_ms < below) below = page->entries[i].sort_ms;
	}
	if (page->gap && at) put_gap(in, below, page->older);
}

void store_enter(struct store *store, source_id id, post_id post)
{
	const struct post *it = store_post(store, post);
	struct line line = {.source = id, .post = post, .reason = REASON_POSTED};
	struct item item;

	if (!it || !store_source_row(store, id)) return;
	line.sort_ms = it->created_ms;
	if (!entry_note(store, &line)) return;
	store_block(store, post)->uses[post % BLOCK]++;
	item = (struct item){.line = line, .seq = ++store->last_seq};
	join_source(store_source_row(store, id), &item, 1);
	for (size_t i = 0; i < store->nlineups; i++) {
		if (lineup_has_source(store->lineups[i], id)) {
			lineup_catch_up(store->lineups[i]);
			lineup_add(store->lineups[i], &item, 1);
		}
	}
}

/* Answers to what stands in a thread; and, once they stand there, answers to them. */
static void join_threads(struct intake *in, const struct timeline *timeline)
{
	bool joined = true;

	while (joined) {
		joined = false;
		for (size_t i = 0; i < in->page->nposts; i++) {
			source_id thread = tree_wants(timeline, in->posts[i]);

			if (!thread) continue;
			store_enter(in->store, thread, in->posts[i]);
			joined |= !tree_wants(timeline, in->posts[i]);
		}
	}
}

/* Rows above all that the source had are fresh; of a source that is new nothing is. */
static void hear(const struct intake *in)
{
	for (size_t i = 0; i < in->nitems; i++) {
		const struct line *line = &in->items[i].line;

		if (line->flags & ROW_IS_GAP || line->sort_ms <= in->newest_ms) continue;
		speakers_hear(in->store, line);
	}
}

void store_add_page(struct store *store, struct page *page)
{
	struct intake in = {.store = store, .page = page, .source = page->source};
	struct source *source = store_source_row(store, page->source);

	in.newest_ms = source && source->nentries > 0
	                       ? source->entries[source->nentries - 1].sort_ms
	                       : INT64_MAX;
	in.profiles = xcalloc(page->nprofiles + 1, sizeof *in.profiles);
	in.posts = xcalloc(page->nposts + 1, sizeof *in.posts);
	in.entered = xcalloc(page->nposts + 1, sizeof *in.entered);
	store_now(store);
	for (size_t i = 0; i < page->nprofiles; i++) {
		in.profiles[i] = store_put_profile(store, page->profiles[i], page->stored);
	}
	for (size_t i = 0; i < page->nrelations; i++) {
		struct relation relation = page->relations[i];

		if (!relation.profile || relation.profile > page->nprofiles) continue;
		relation.profile = in.profiles[relation.profile - 1];
		store_put_relation(store, &relation);
	}
	/* Oldest first: at equal times the higher number stands above. */
	for (size_t i = page->nentries; source && i-- > 0;) {
		take_entry(&in, &page->entries[i]);
	}
	for (size_t i = page->nposts; i-- > 0;) {
		take_post(&in, i);
	}
	take_answers(&in);
	if (source) {
		if (in.nitems > 0) {
			qsort(in.items, in.nitems, sizeof *in.items, item_cmp);
			join_source(source, in.items, in.nitems);
		}
		take_gaps(&in);
		arrivals_add(store, in.items, in.nitems);
	}
	for (size_t t = 0; t < store->ntimelines; t++) {
		join_threads(&in, store->timelines[t]);
	}
	if (!page->stored && store->nspeakers > 0) hear(&in);
	free(in.profiles);
	free(in.posts);
	free(in.entered);
	free(in.items);
	page_free(page);
}
