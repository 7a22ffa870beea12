#include "db/archive_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/archive_block.h"

/* Bits for all posts of a block. */
enum { SET_WORDS = POSTING_MAX_POSTS / 64 };

/* A block, and when it was asked, what of it is still to come. */
struct run {
	struct block block;
	bool asked;
	uint64_t *set; /* of found posts; NULL: none are left */
	size_t at;     /* the post at hand */
	int64_t id;    /* its number */
	int64_t ids[BLOCK_CHUNK];
	size_t nids, chunk; /* nids 0: none is read yet */
};

struct walk {
	struct archive *archive;
	const struct need *need;
	int64_t below, from; /* below: the last one given, at first the caller's */
	struct run **runs;   /* those with newer posts first */
	size_t nruns, runs_cap;
	sqlite3_stmt *fresh; /* stands on the row at hand; NULL: none are left */
	int64_t fresh_id;
	uint64_t found[SET_WORDS], some[SET_WORDS], one[SET_WORDS];
};

/* --- what a block has --- */

static size_t words_of(const struct block *block)
{
	return (block->posts + 63) / 64;
}

static bool is_empty(const uint64_t *set, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		if (set[i]) return false;
	}
	return true;
}

/* Take what has not the token out of a set. */
static bool keep_token(struct walk *walk, const struct block *block, uint32_t token, uint64_t *set,
        struct err *err)
{
	int shift = block_shift(block);
	size_t words = words_of(block);
	struct posting posting;
	memset(walk->one, 0, words * sizeof *walk->one);
	sqlite3_stmt *stmt = archive_stmt(
	        walk->archive, STMT_POSTING_GET, err, "i", block_row(block, token >> shift));
	int row = stmt ? archive_step(walk->archive, stmt, err) : -1;
	if (row < 0) return false;
	if (row > 0) {
		posting_init(&posting, sqlite3_column_blob(stmt, 0),
		        (size_t)sqlite3_column_bytes(stmt, 0), token >> shift << shift,
		        block->posts);
		while (posting_next(&posting) && posting.token < token)
			continue;
		if (posting.list && posting.token == token) posting_mark(&posting, walk->one);
		sqlite3_reset(stmt);
	}
	for (size_t i = 0; i < words; i++)
		set[i] &= walk->one[i];
	return true;
}

/* Take what has no set of the group whole out of what was found. */
static bool keep_group(struct walk *walk, const struct block *block, const struct need_group *group,
        struct err *err)
{
	size_t words = words_of(block), size = words * sizeof(uint64_t);
	uint64_t all[SET_WORDS] = {0};
	for (size_t i = 0; i < group->n; i++) {
		const struct tokens *set = &group->sets[i];
		memcpy(walk->some, walk->found, size);
		for (size_t k = 0; k < set->n && !is_empty(walk->some, words); k++) {
			if (!keep_token(walk, block, set->all[k], walk->some, err)) return false;
		}
		for (size_t k = 0; k < words; k++)
			all[k] |= walk->some[k];
	}
	memcpy(walk->found, all, size);
	return true;
}

static bool find(struct walk *walk, const struct block *block, struct err *err)
{
	size_t words = words_of(block);
	memset(walk->found, 0xff, words * sizeof *walk->found);
	if (block->posts % 64) walk->found[words - 1] = (UINT64_C(1) << block->posts % 64) - 1;
	for (size_t i = 0; i < walk->need->n && !is_empty(walk->found, words); i++) {
		if (!keep_group(walk, block, &walk->need->groups[i], err)) return false;
	}
	return true;
}

/* --- going down --- */

static bool load_chunk(struct walk *walk, struct run *run, size_t chunk, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(walk->archive, STMT_POSTING_GET, err, "i",
	        block_row(&run->block, (uint32_t)(BLOCK_IDS + chunk)));
	int row = stmt ? archive_step(walk->archive, stmt, err) : -1;
	if (row < 0) return false;
	run->nids = row == 0
	                    ? 0
	                    : posting_read_ids(sqlite3_column_blob(stmt, 0),
	                              (size_t)sqlite3_column_bytes(stmt, 0), run->ids, BLOCK_CHUNK);
	sqlite3_reset(stmt);
	run->chunk = chunk;
	return run->nids > 0 || block_is_broken(walk->archive, err);
}

static void end_run(struct run *run)
{
	free(run->set);
	run->set = NULL;
}

/* To the next post found, from `at` on, that is below walk->below. */
static bool settle(struct walk *walk, struct run *run, struct err *err)
{
	size_t words = words_of(&run->block);
	for (; run->at < run->block.posts; run->at++) {
		uint64_t left = run->set[run->at / 64] >> run->at % 64;
		if (!left) {
			run->at |= 63;
			if (run->at / 64 + 1 >= words) break;
			continue;
		}
		if (!(left & 1)) continue;
		if (run->nids == 0 || run->chunk != run->at / BLOCK_CHUNK) {
			if (!load_chunk(walk, run, run->at / BLOCK_CHUNK, err)) return false;
		}
		if (run->at % BLOCK_CHUNK >= run->nids) break;
		run->id = run->ids[run->at % BLOCK_CHUNK];
		if (run->id < walk->from) break;
		if (run->id < walk->below) return true;
	}
	end_run(run);
	return true;
}

static bool ask(struct walk *walk, struct run *run, struct err *err)
{
	size_t words = words_of(&run->block);
	run->asked = true;
	if (!find(walk, &run->block, err)) return false;
	if (is_empty(walk->found, words)) return true;
	run->set = xmalloc(words * sizeof *run->set);
	memcpy(run->set, walk->found, words * sizeof *run->set);
	return settle(walk, run, err);
}

static bool next_fresh(struct walk *walk, struct err *err)
{
	int row = 0;
	while (walk->fresh && (row = archive_step(walk->archive, walk->fresh, err)) > 0) {
		const unsigned char *tokens = sqlite3_column_blob(walk->fresh, 1);
		size_t n = (size_t)sqlite3_column_bytes(walk->fresh, 1) / TOKEN_BYTES;
		if (!need_met(walk->need, tokens, n)) continue;
		walk->fresh_id = sqlite3_column_int64(walk->fresh, 0);
		return true;
	}
	walk->fresh = NULL;
	return row == 0;
}

static bool list_blocks(struct walk *walk, struct err *err)
{
	int row;
	sqlite3_stmt *stmt = archive_stmt(walk->archive, STMT_BLOCKS_DOWN, err, "iii",
	        (int64_t)BLOCK_LIVE, walk->below, walk->from);
	while ((row = stmt ? archive_step(walk->archive, stmt, err) : -1) > 0) {
		walk->runs =
		        mem_grow(walk->runs, &walk->runs_cap, walk->nruns + 1, sizeof *walk->runs);
		struct run *run = walk->runs[walk->nruns++] = xcalloc(1, sizeof *run);
		block_read(&run->block, stmt);
	}
	return row == 0;
}

bool walk_open(struct archive *archive, const struct need *need, int64_t below, int64_t from,
        struct walk **out, struct err *err)
{
	struct walk *walk = xcalloc(1, sizeof *walk);
	walk->archive = archive;
	walk->need = need;
	walk->below = below;
	walk->from = from;
	walk->fresh = archive_stmt(archive, STMT_FRESH_DOWN, err, "ii", below, from);
	if (walk->fresh && list_blocks(walk, err) && next_fresh(walk, err)) {
		*out = walk;
		return true;
	}
	walk_close(walk);
	return false;
}

void walk_close(struct walk *walk)
{
	if (!walk) return;
	if (walk->fresh) sqlite3_reset(walk->fresh);
	for (size_t i = 0; i < walk->nruns; i++) {
		free(walk->runs[i]->set);
		free(walk->runs[i]);
	}
	free(walk->runs);
	free(walk);
}

/* The newest post at hand; blocks are asked when they may have a newer one. */
static bool newest(struct walk *walk, int64_t *out_id, bool *out_any, struct err *err)
{
	*out_any = walk->fresh != NULL;
	*out_id = walk->fresh_id;
	for (size_t i = 0; i < walk->nruns; i++) {
		struct run *run = walk->runs[i];
		if (*out_any && run->block.top <= *out_id) break;
		if (!run->asked && !ask(walk, run, err)) return false;
		if (!run->set || (*out_any && run->id <= *out_id)) continue;
		*out_any = true;
		*out_id = run->id;
	}
	return true;
}

int walk_next(struct walk *walk, int64_t *out_id, struct err *err)
{
	bool any;
	if (!newest(walk, out_id, &any, err)) return -1;
	if (!any) return 0;
	walk->below = *out_id;
	if (walk->fresh && walk->fresh_id == *out_id && !next_fresh(walk, err)) return -1;
	for (size_t i = 0; i < walk->nruns; i++) {
		struct run *run = walk->runs[i];
		if (run->block.top < *out_id) break;
		if (!run->set || run->id != *out_id) continue;
		run->at++;
		if (!settle(walk, run, err)) return -1;
	}
	return 1;
}
