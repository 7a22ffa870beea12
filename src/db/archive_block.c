#include "db/archive_block.h"

#include <stdlib.h>

#include "base/mem.h"

/* So many posts' lists are written at a time, and so many rows dropped: some milliseconds. */
enum { PORTION_POSTS = 512, DROP_ROWS = 300 };

/* What a block is made of: pairs of a range of tokens. */
struct making {
	struct archive *archive;
	struct block block;
	int64_t *ids; /* of its posts */
	uint32_t first, end;
	uint64_t *pairs;
	size_t n, cap;
};

void block_read(struct block *block, sqlite3_stmt *row)
{
	int64_t posts = sqlite3_column_int64(row, 1);
	*block = (struct block){.id = sqlite3_column_int64(row, 0),
	        .top = sqlite3_column_int64(row, 2),
	        .low = sqlite3_column_int64(row, 3)};
	block->posts = posts < 0                   ? 0
	               : posts > POSTING_MAX_POSTS ? POSTING_MAX_POSTS
	                                           : (size_t)posts;
}

/* A bucket for each post. */
int block_shift(const struct block *block)
{
	int bits = 0;
	while ((size_t)2 << bits <= block->posts)
		bits++;
	return TOKEN_BITS - bits;
}

bool block_is_broken(struct archive *archive, struct err *err)
{
	archive->index_broken = true;
	return err_set(err, ERR_UNSUPPORTED, "the archive's index is damaged; it is made anew");
}

bool block_ids(struct archive *archive, const struct block *block, int64_t **out, struct err *err)
{
	int64_t *ids = xcalloc(block->posts + 1, sizeof *ids);
	size_t n = 0;
	int row;
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_POSTINGS, err, "ii",
	        block_row(block, BLOCK_IDS), block_row(block, (1u << BLOCK_SHIFT) - 1));
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0)
		n += posting_read_ids(sqlite3_column_blob(stmt, 1),
		        (size_t)sqlite3_column_bytes(stmt, 1), ids + n, block->posts - n);
	if (row == 0 && n == block->posts) {
		*out = ids;
		return true;
	}
	free(ids);
	return row == 0 && block_is_broken(archive, err);
}

/* --- beginning one --- */

/* Of these posts, newest first. */
static bool begin(struct archive *archive, const int64_t *ids, size_t n, struct err *err)
{
	struct block block = {
	        .id = archive->turn + 1, .posts = n, .top = ids[0], .low = ids[n - 1]};
	bool ok = archive_exec(archive, STMT_BLOCK_ADD, err, "iiiii", block.id,
	        (int64_t)BLOCK_MAKING, (int64_t)n, block.top, block.low);
	for (size_t i = 0; ok && i < n; i += BLOCK_CHUNK) {
		struct str bytes = {0};
		posting_write_ids(&bytes, ids + i, n - i < BLOCK_CHUNK ? n - i : BLOCK_CHUNK);
		ok = archive_exec(archive, STMT_POSTING_PUT, err, "ib",
		        block_row(&block, (uint32_t)(BLOCK_IDS + i / BLOCK_CHUNK)),
		        (const void *)str_c(&bytes), bytes.len);
		str_finish(&bytes);
	}
	archive->turn = block.id;
	return ok;
}

static bool begin_small(struct archive *archive, bool *out_did, struct err *err)
{
	size_t n = 0;
	int row;
	sqlite3_stmt *stmt =
	        archive_stmt(archive, STMT_FRESH_NEWEST, err, "i", (int64_t)archive->block_posts);
	int64_t *ids = xcalloc(archive->block_posts, sizeof *ids);
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0)
		ids[n++] = sqlite3_column_int64(stmt, 0);
	*out_did = row == 0 && n == archive->block_posts;
	bool ok = row == 0 && (!*out_did || begin(archive, ids, n, err));
	free(ids);
	return ok;
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* Posts of all of them, each once. Returns how many. */
static size_t sort_ids(int64_t *ids, size_t n)
{
	size_t kept = 0;
	qsort(ids, n, sizeof *ids, newest_first);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
	}
	return kept;
}

/* Out of these, which go into it. */
static bool begin_of(struct archive *archive, const struct block *blocks, struct err *err)
{
	int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	for (size_t i = 0; ok && i < BLOCK_MERGE; i++) {
		int64_t *some = NULL;
		ok = block_ids(archive, &blocks[i], &some, err);
		ids = mem_grow(ids, &cap, n + blocks[i].posts, sizeof *ids);
		for (size_t k = 0; ok && k < blocks[i].posts; k++)
			ids[n++] = some[k];
		free(some);
	}
	ok = ok && begin(archive, ids, sort_ids(ids, n), err);
	for (size_t i = 0; ok && i < BLOCK_MERGE; i++)
		ok = archive_exec(archive, STMT_BLOCK_GOAL, err, "ii", blocks[i].id, archive->turn);
	free(ids);
	return ok;
}

static bool begin_great(struct archive *archive, bool *out_did, struct err *err)
{
	struct block blocks[BLOCK_MERGE];
	size_t n = 0;
	int row;
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_BLOCKS_SMALL, err, "iii",
	        (int64_t)BLOCK_LIVE, (int64_t)archive->block_posts, (int64_t)BLOCK_MERGE);
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0)
		block_read(&blocks[n++], stmt);
	*out_did = row == 0 && n == BLOCK_MERGE;
	return row == 0 && (!*out_did || begin_of(archive, blocks, err));
}

/* --- what goes into it --- */

static void add_pair(struct making *making, uint32_t token, size_t post)
{
	if (making->n == making->cap)
		making->pairs =
		        mem_grow(making->pairs, &making->cap, making->n + 1, sizeof *making->pairs);
	making->pairs[making->n++] = (uint64_t)token << POSTING_SHIFT | post;
}

static bool add_fresh(struct making *making, bool *out_any, struct err *err)
{
	struct archive *archive = making->archive;
	size_t at = 0;
	int row;
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_FRESH_OF, err, "iii", making->block.top,
	        making->block.low, making->block.id);
	*out_any = false;
	while ((row = stmt ? archive_step(archive, stmt, err) : -1) > 0) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		while (at < making->block.posts && making->ids[at] > id)
			at++;
		if (at == making->block.posts || making->ids[at] != id) continue;
		const unsigned char *p = sqlite3_column_blob(stmt, 1);
		const unsigned char *end =
		        p ? p + sqlite3_column_bytes(stmt, 1) / TOKEN_BYTES * TOKEN_BYTES : p;
		for (; p < end; p += TOKEN_BYTES) {
			uint32_t token = token_read(p);
			if (token >= making->first && token < making->end)
				add_pair(making, token, at);
		}
	}
	return row == 0;
}

/* Empties the set. */
static void add_marked(
        struct making *making, uint32_t token, uint64_t *set, size_t posts, const uint16_t *places)
{
	for (size_t i = 0; i < (posts + 63) / 64; i++) {
		for (uint64_t left = set[i]; left; left &= left - 1)
			add_pair(making, token, places[i * 64 + (size_t)__builtin_ctzll(left)]);
		set[i] = 0;
	}
}

static bool add_lists(
        struct making *making, const struct block *from, const uint16_t *places, struct err *err)
{
	uint64_t set[POSTING_MAX_POSTS / 64] = {0};
	int shift = block_shift(from), row;
	sqlite3_stmt *stmt = archive_stmt(making->archive, STMT_POSTINGS, err, "ii",
	        block_row(from, making->first >> shift),
	        block_row(from, (making->end - 1) >> shift));
	while ((row = stmt ? archive_step(making->archive, stmt, err) : -1) > 0) {
		struct posting posting;
		uint32_t bucket =
		        (uint32_t)(sqlite3_column_int64(stmt, 0) & ((1 << BLOCK_SHIFT) - 1));
		posting_init(&posting, sqlite3_column_blob(stmt, 1),
		        (size_t)sqlite3_column_bytes(stmt, 1), bucket << shift, from->posts);
		while (posting_next(&posting)) {
			if (posting.token < making->first || posting.token >= making->end) continue;
			posting_mark(&posting, set);
			add_marked(making, posting.token, set, from->posts, places);
		}
	}
	return row == 0;
}

static bool add_block(struct making *making, const struct block *from, struct err *err)
{
	int64_t *ids;
	if (!block_ids(making->archive, from, &ids, err)) return false;
	uint16_t *places = xcalloc(from->posts + 1, sizeof *places);
	for (size_t i = 0, at = 0; i < from->posts; i++) {
		while (at + 1 < making->block.posts && making->ids[at] > ids[i])
			at++;
		places[i] = (uint16_t)at;
	}
	bool ok = add_lists(making, from, places, err);
	free(places);
	free(ids);
	return ok;
}

static bool add_blocks(struct making *making, bool *out_any, struct err *err)
{
	struct block blocks[BLOCK_MERGE];
	size_t n = 0;
	int row = 1;
	sqlite3_stmt *stmt =
	        archive_stmt(making->archive, STMT_BLOCKS_FOR, err, "i", making->block.id);
	while (n < BLOCK_MERGE && (row = stmt ? archive_step(making->archive, stmt, err) : -1) > 0)
		block_read(&blocks[n++], stmt);
	if (row < 0) return false;
	sqlite3_reset(stmt);
	*out_any = n > 0;
	bool ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = add_block(making, &blocks[i], err);
	return ok;
}

/* --- writing --- */

static bool write_buckets(struct making *making, struct err *err)
{
	int shift = block_shift(&making->block);
	bool ok = true;
	posting_sort(making->pairs, making->n);
	size_t kept = 0;
	for (size_t i = 0; i < making->n; i++) {
		if (kept == 0 || making->pairs[kept - 1] != making->pairs[i])
			making->pairs[kept++] = making->pairs[i];
	}
	for (size_t i = 0, end; ok && i < kept; i = end) {
		uint32_t bucket = (uint32_t)(making->pairs[i] >> POSTING_SHIFT) >> shift;
		for (end = i;
		        end < kept && making->pairs[end] >> (POSTING_SHIFT + shift) == bucket;)
			end++;
		struct str lists = {0};
		posting_write(
		        &lists, making->pairs + i, end - i, bucket << shift, making->block.posts);
		ok = archive_exec(making->archive, STMT_POSTING_PUT, err, "ib",
		        block_row(&making->block, bucket), (const void *)str_c(&lists), lists.len);
		str_finish(&lists);
	}
	return ok;
}

/* It is whole: what it was made of is not needed any more. */
static bool finish(struct making *making, bool of_blocks, struct err *err)
{
	struct archive *archive = making->archive;
	const struct block *block = &making->block;
	return archive_exec(archive, STMT_BLOCK_STATE, err, "ii", block->id, (int64_t)BLOCK_LIVE) &&
	       (of_blocks ? archive_exec(archive, STMT_BLOCK_OLD, err, "ii", block->id,
	                            (int64_t)BLOCK_DEAD)
	                  : archive_exec(archive, STMT_FRESH_TAKEN, err, "iii", block->top,
	                            block->low, block->id));
}

/* The next portion: portion `done` of its tokens. */
static bool go_on(struct making *making, size_t done, struct err *err)
{
	size_t portions = making->block.posts / PORTION_POSTS + 1;
	int shift = block_shift(&making->block);
	uint64_t buckets = UINT64_C(1) << (TOKEN_BITS - shift);
	making->first = (uint32_t)(buckets * done / portions << shift);
	making->end = (uint32_t)(buckets * (done + 1) / portions << shift);
	bool of_blocks = false, any;
	if (!block_ids(making->archive, &making->block, &making->ids, err) ||
	        !add_blocks(making, &of_blocks, err) ||
	        (!of_blocks && !add_fresh(making, &any, err)) || !write_buckets(making, err))
		return false;
	return done + 1 < portions ? archive_exec(making->archive, STMT_BLOCK_DONE, err, "ii",
	                                     making->block.id, (int64_t)done + 1)
	                           : finish(making, of_blocks, err);
}

/* The first block of a state; *out_done: column `done`. */
static bool first_in(struct archive *archive, enum block_state state, struct block *out,
        size_t *out_done, bool *out_any, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_BLOCK_IN, err, "i", (int64_t)state);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	*out_any = row > 0;
	if (row <= 0) return row == 0;
	block_read(out, stmt);
	*out_done = (size_t)sqlite3_column_int64(stmt, 4);
	sqlite3_reset(stmt);
	return true;
}

static bool make(struct archive *archive, bool *out_did, struct err *err)
{
	struct making making = {.archive = archive};
	size_t done;
	if (!first_in(archive, BLOCK_MAKING, &making.block, &done, out_did, err)) return false;
	bool ok = !*out_did || go_on(&making, done, err);
	free(making.ids);
	free(making.pairs);
	return ok;
}

static bool drop_dead(struct archive *archive, bool *out_did, struct err *err)
{
	struct block block;
	size_t ignored;
	if (!first_in(archive, BLOCK_DEAD, &block, &ignored, out_did, err)) return false;
	if (!*out_did) return true;
	int before = sqlite3_total_changes(archive->db);
	return archive_exec(archive, STMT_POSTINGS_DROP, err, "iii", block_row(&block, 0),
	               block_row(&block, (1u << BLOCK_SHIFT) - 1), (int64_t)DROP_ROWS) &&
	       (sqlite3_total_changes(archive->db) > before ||
	               archive_exec(archive, STMT_BLOCK_DROP, err, "i", block.id));
}

bool block_tend(struct archive *archive, bool *out_did, struct err *err)
{
	static bool (*const steps[])(struct archive * archive, bool *out_did, struct err *err) = {
	        make, begin_small, begin_great, drop_dead};
	*out_did = false;
	for (size_t i = 0; !*out_did && i < sizeof steps / sizeof *steps; i++) {
		if (!steps[i](archive, out_did, err)) return false;
	}
	return true;
}
