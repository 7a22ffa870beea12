#include <string.h>

#include "foretell.h"

/*
 * Looking at rows from the newest to the oldest, some at a time. Posts lie apart, and each
 * look at one waits for memory; so a chunk of them is asked for at once, step by step, before
 * any is read.
 */

enum { CHUNK = 32, LINE = 64 };
/* What is looked at before a call returns: more than any screen has, if that is quick. */
enum { AT_ONCE = 4096, BEGIN_MS = 2 };

struct chunk {
	uint32_t rows[CHUNK];
	uint16_t spots[CHUNK]; /* what need not be looked at */
	struct words texts[CHUNK];
	size_t n;
};

struct words words_of(const struct block *block, post_id id)
{
	const struct post *post = block ? block->posts[id % BLOCK] : NULL;

	if (!post) return (struct words){0};
	if (block->folded_at[id % BLOCK] > 0) {
		return (struct words){(const char *)post + block->folded_at[id % BLOCK],
		        block->folded_len[id % BLOCK]};
	}
	return (struct words){post_str(post, POST_FOLDED), post_len(post, POST_FOLDED)};
}

/* What is read of a text first is asked for. */
static void fetch_words(const struct timeline *timeline, struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->n; i++) {
		post_id id = line_at(timeline, chunk->rows[i])->post;

		chunk->texts[i] = words_of(store_block(timeline->store, id), id);
		if (!chunk->texts[i].bytes) continue;
		__builtin_prefetch(chunk->texts[i].bytes + chunk->spots[i]);
		if (chunk->spots[i] > 0) continue;
		__builtin_prefetch(chunk->texts[i].bytes + LINE);
	}
}

/* Whatever a query may read of a post. */
static void fetch_posts(const struct timeline *timeline, const struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->n; i++) {
		const struct post *post =
		        store_post(timeline->store, line_at(timeline, chunk->rows[i])->post);

		for (int line = 0; post && line < 4; line++) {
			__builtin_prefetch((const char *)post + line * LINE);
		}
	}
}

static void found(
        struct timeline *timeline, struct level *level, uint32_t row, unsigned marks, uint16_t spot)
{
	hits_prepend(&level->hits, row, spot);
	level->unread += line_unread(timeline, line_at(timeline, row), marks);
}

/* --- words first --- */

/* What is left to look for in hits of another level. */
struct lane {
	struct timeline *timeline;
	struct level *level;
	unsigned wanted; /* bit i: literal i */
	bool spotted;    /* spots of the other level tell where the last may begin */
	bool same;       /* they are of the same word */
	size_t shift;    /* that begins so far into ours */
	/* One bit, that `nexts` of the other level's hits have wherever ours may match; 0: they do
	 * not tell. */
	uint64_t next;
	bool sure; /* and those that have it match */
};

static const struct literal *last_of(const struct literals *literals)
{
	return literals->n > 0 ? &literals->all[literals->n - 1] : NULL;
}

/* Ours is the word of the other level and goes on; at the base nothing was typed yet. */
static void lane_foretold(struct lane *lane, const struct level *known)
{
	const struct literals *literals = &lane->level->literals;
	const struct literal *ours = last_of(literals), *theirs = last_of(&known->literals);
	size_t len = theirs ? theirs->len : 0;
	unsigned kind;

	if (!known->hits.nexts || !ours || (!theirs && known->typed)) return;
	if (ours->len <= len || (theirs && memcmp(ours->bytes, theirs->bytes, len) != 0)) return;
	kind = foretell_kind(ours->bytes + len, ours->len - len);
	lane->next = UINT64_C(1) << kind;
	lane->sure = literals->decide && foretell_is_plain(kind) && ours->len == len + 1 &&
	             lane->wanted == 1u << (literals->n - 1);
}

static struct lane lane_of(
        struct timeline *timeline, struct level *level, const struct level *known)
{
	struct lane lane = {.timeline = timeline, .level = level};
	const struct literal *ours = last_of(&level->literals), *theirs;

	theirs = ours ? last_of(&known->literals) : NULL;
	for (size_t i = 0; i < level->literals.n; i++) {
		bool holds = false;

		for (size_t k = 0; k < known->literals.n; k++) {
			holds |= strstr(known->literals.all[k].bytes,
			                 level->literals.all[i].bytes) != NULL;
		}
		if (!holds) lane.wanted |= 1u << i;
	}
	if (theirs && known->hits.spots) {
		const char *at = strstr(ours->bytes, theirs->bytes);

		lane.spotted = at != NULL;
		lane.shift = at ? (size_t)(at - ours->bytes) : 0;
		lane.same = at && ours->len == theirs->len;
	}
	lane_foretold(&lane, known);
	return lane;
}

/* The text holds the words; *spot is that of the last of them then. */
static bool words_hold(const struct lane *lane, const struct words *text, uint16_t *spot)
{
	const struct literals *literals = &lane->level->literals;
	size_t start = lane->spotted && *spot > lane->shift ? *spot - lane->shift : 0, at;

	for (size_t i = 0; i + 1 < literals->n; i++) {
		if (!(lane->wanted >> i & 1)) continue;
		if (literal_in(&literals->all[i], text->bytes, text->len) == SIZE_MAX) return false;
	}
	if (!(lane->wanted >> (literals->n - 1) & 1)) {
		if (!lane->same) *spot = 0;
		return true;
	}
	if (start > text->len) start = 0;
	at = literal_in(last_of(literals), text->bytes + start, text->len - start);
	if (at == SIZE_MAX) return false;
	*spot = (uint16_t)(start + at > UINT16_MAX ? UINT16_MAX : start + at);
	return true;
}

static bool lane_takes(const struct lane *lane, const struct chunk *chunk, size_t i, unsigned marks,
        uint16_t *spot)
{
	*spot = chunk->spots[i];
	if (lane->level->literals.n > 0) {
		if (!chunk->texts[i].bytes || !words_hold(lane, &chunk->texts[i], spot)) {
			return false;
		}
		if (lane->level->literals.decide) return true;
	}
	return row_matches(lane->timeline, lane->level, chunk->rows[i], marks);
}

/* --- steps --- */

static bool needs_post(const struct query *query)
{
	return query && query_needs(query) & QUERY_NEEDS_POST;
}

static bool may_match(const struct lane *lane, const struct hits *hits, size_t i)
{
	return !lane->next || hits->nexts[hits->start + i] & lane->next;
}

/*
 * Hits of the other level below number i of which it was foretold that they are hits of ours, or
 * are none, up to the first of which it was not. Returns its number + 1.
 */
static size_t step_foretold(
        const struct lane *lane, const struct level *known, size_t i, size_t *marks_left)
{
	const struct hits *hits = &known->hits;

	for (; i > 0; i--) {
		uint32_t row = hits_at(hits, i - 1);

		if (!may_match(lane, hits, i - 1)) continue;
		if (!lane->sure || hits->nexts[hits->start + i - 1] == HITS_ANY) break;
		found(lane->timeline, lane->level, row, marks_walk(lane->timeline, marks_left, row),
		        hits_spot(hits, i - 1));
	}
	return i;
}

/*
 * The top level looks at hits of `known` that are older than what it has seen, and
 * returns what is left of the budget.
 */
static size_t hits_step(
        struct timeline *timeline, struct level *top, const struct level *known, size_t budget)
{
	struct lane lane = lane_of(timeline, top, known);
	size_t i = hits_below(&known->hits, top->from);
	size_t marks_left = timeline->marked.n;

	while (i > 0 && budget > 0) {
		struct chunk chunk;

		if (lane.next) i = step_foretold(&lane, known, i, &marks_left);
		chunk.n = 0;
		for (; chunk.n < CHUNK && i > 0 && budget > 0; budget--) {
			if (!may_match(&lane, &known->hits, --i)) continue;
			chunk.rows[chunk.n] = hits_at(&known->hits, i);
			chunk.spots[chunk.n++] = hits_spot(&known->hits, i);
		}
		if (lane.level->literals.n > 0) fetch_words(timeline, &chunk);
		if (!lane.level->literals.decide) fetch_posts(timeline, &chunk);
		for (size_t k = 0; k < chunk.n; k++) {
			unsigned marks = marks_walk(timeline, &marks_left, chunk.rows[k]);
			uint16_t spot;

			if (!lane_takes(&lane, &chunk, k, marks, &spot)) continue;
			found(timeline, top, chunk.rows[k], marks, spot);
		}
		top->from = hits_at(&known->hits, i);
	}
	if (i == 0 && top->from > known->from) top->from = known->from;
	return budget;
}

/* Level 0 looks at the next older row. */
static bool base_found(struct timeline *timeline, uint32_t row, unsigned *out_marks)
{
	unsigned old = row_marks(timeline, row);
	bool base = row_judge(timeline, row, old, out_marks);

	if (*out_marks != old) row_mark(timeline, row, *out_marks);
	if (base) found(timeline, &timeline->levels[0], row, *out_marks, 0);
	return base;
}

/* Level 0, and the top level with it, looks at the next older rows. */
static size_t rows_step(struct timeline *timeline, struct level *top, size_t budget)
{
	struct level *base = &timeline->levels[0];
	struct lane lane = lane_of(timeline, top, base);
	bool cold = needs_post(top->query) ||
	            (timeline->filter && needs_post(filter_query(timeline->filter)));

	while (base->from > 0 && budget > 0) {
		struct chunk chunk;

		chunk.n = 0;
		while (chunk.n < CHUNK && chunk.n < base->from && chunk.n < budget) {
			chunk.rows[chunk.n] = base->from - 1 - (uint32_t)chunk.n;
			chunk.spots[chunk.n++] = 0;
		}
		if (top->literals.n > 0) fetch_words(timeline, &chunk);
		if (cold) fetch_posts(timeline, &chunk);
		for (size_t k = 0; k < chunk.n; k++) {
			unsigned marks;
			uint16_t spot;

			if (!base_found(timeline, chunk.rows[k], &marks) || top == base) continue;
			if (!lane_takes(&lane, &chunk, k, marks, &spot)) continue;
			found(timeline, top, chunk.rows[k], marks, spot);
		}
		top->from = base->from = chunk.rows[chunk.n - 1];
		budget -= chunk.n;
	}
	return budget;
}

void level_begin(struct timeline *timeline)
{
	int64_t until = clock_mono(timeline->store->clock) + BEGIN_MS;

	for (size_t rows = 0; rows < AT_ONCE; rows += SLICE) {
		if (!level_step(timeline, SLICE)) break;
		if (clock_mono(timeline->store->clock) >= until) break;
	}
}

bool level_step(struct timeline *timeline, size_t budget)
{
	struct level *top = level_top(timeline), *base = &timeline->levels[0];
	struct level *known = &timeline->levels[top->base];

	store_now(timeline->store);
	timeline->runs.fresh = false;
	if (top->from > known->from) budget = hits_step(timeline, top, known, budget);
	if (top->from > base->from) budget = hits_step(timeline, top, base, budget);
	if (top->from == base->from) rows_step(timeline, top, budget);
	return top->from > 0;
}
