#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/article_codec.h"
#include "db/db.h"
#include "db/pack.h"

/* Where the things of a page stand in the file: by their index in the page + 1; [0] is 0. */
struct places {
	int64_t source;
	int64_t *profiles, *posts;
};

bool archive_source(
        struct archive *archive, const char *name, bool make, int64_t *out_id, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_SOURCE_FIND, err, "t", name);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row < 0) return false;
	*out_id = row ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	if (row || !make) return true;
	if (!archive_exec(archive, STMT_SOURCE_ADD, err, "t", name)) return false;
	*out_id = sqlite3_last_insert_rowid(archive->db);
	return true;
}

/* A place in the page and what it is sorted by. */
struct turn {
	int64_t created_ms;
	size_t index;
};

static int by_time(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	if (x->created_ms != y->created_ms) return x->created_ms < y->created_ms ? -1 : 1;
	return (x->index < y->index) - (x->index > y->index);
}

/*
 * Oldest first: the full-text index likes rising numbers, and of posts of one time
 * the first in the page gets the highest, so that their order comes back.
 */
static bool save_posts(
        struct archive *archive, const struct page *page, struct places *places, struct err *err)
{
	struct turn *turns = xcalloc(page->nposts + 1, sizeof *turns);
	for (size_t i = 0; i < page->nposts; i++)
		turns[i] = (struct turn){page->posts[i]->created_ms, i};
	qsort(turns, page->nposts, sizeof *turns, by_time);
	bool ok = true;
	for (size_t i = 0; ok && i < page->nposts; i++) {
		size_t index = turns[i].index;
		const struct post *post = page->posts[index];
		int64_t author =
		        post->author <= page->nprofiles ? places->profiles[post->author] : 0;
		ok = archive_put_post(archive, post, author, &places->posts[index + 1], err);
	}
	free(turns);
	return ok;
}

/* Most cursors are decimal numbers of 18 digits: 8 bytes on the disk when kept as such. */
static bool as_number(const char *cursor, int64_t *out)
{
	size_t len = strspn(cursor, "0123456789");
	if (len == 0 || len > 18 || cursor[len] || (cursor[0] == '0' && len > 1)) return false;
	*out = strtoll(cursor, NULL, 10);
	return true;
}

static bool save_entry(struct archive *archive, const struct page *page, const struct entry *entry,
        const struct places *places, struct err *err)
{
	if (entry->post > page->nposts || entry->actor > page->nprofiles) return true;
	int64_t number, post = places->posts[entry->post], actor = places->profiles[entry->actor];
	if (entry->cursor && as_number(entry->cursor, &number))
		return archive_exec(archive, STMT_ENTRY_ADD, err, "iiiiii", places->source,
		        entry->sort_ms, post, (int64_t)entry->reason, actor, number);
	return archive_exec(archive, STMT_ENTRY_ADD, err, "iiiiit", places->source, entry->sort_ms,
	        post, (int64_t)entry->reason, actor, entry->cursor);
}

static bool save_entries(struct archive *archive, const struct page *page,
        const struct places *places, struct err *err)
{
	bool ok = true;
	for (size_t i = 0; ok && i < page->nentries; i++)
		ok = save_entry(archive, page, &page->entries[i], places, err);
	return ok;
}

static bool save_articles(struct archive *archive, const struct page *page,
        const struct places *places, struct err *err)
{
	bool ok = true;
	struct str bytes = {0}, packed = {0};
	for (size_t i = 0; ok && i < page->narticles; i++) {
		const struct article *article = &page->articles[i];
		if (!article->post || article->post > page->nposts) continue;
		str_clear(&bytes);
		str_clear(&packed);
		article_encode(&bytes, &article->text);
		pack(&packed, str_c(&bytes), bytes.len);
		ok = archive_exec(archive, STMT_ARTICLE_PUT, err, "ib",
		        places->posts[article->post], (const void *)str_c(&packed), packed.len);
	}
	str_finish(&bytes);
	str_finish(&packed);
	return ok;
}

/* Where the gap with this cursor stands; INT64_MIN when there is none. */
static bool find_gap(struct archive *archive, int64_t source, const char *cursor, int64_t *out_ms,
        struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_GAP_FIND, err, "it", source, cursor);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row < 0) return false;
	*out_ms = row ? sqlite3_column_int64(stmt, 0) : INT64_MIN;
	sqlite3_reset(stmt);
	return true;
}

/* The gap that was filled goes; what is still missing lies below the page's oldest row. */
static bool save_gap(
        struct archive *archive, const struct page *page, int64_t source, struct err *err)
{
	int64_t at_ms = INT64_MIN;
	if (page->fills &&
	        (!find_gap(archive, source, page->fills, &at_ms, err) ||
	                !archive_exec(archive, STMT_GAP_DROP, err, "it", source, page->fills)))
		return false;
	if (page->nentries > 0) at_ms = page->entries[page->nentries - 1].sort_ms;
	if (!page->gap || at_ms == INT64_MIN) return true;
	return archive_exec(
	        archive, STMT_GAP_ADD, err, "iti", source, page->older ? page->older : "", at_ms);
}

static bool save_all(struct archive *archive, const char *source, const struct page *page,
        const char *state, struct places *places, struct err *err)
{
	if (!archive_source(archive, source, true, &places->source, err)) return false;
	for (size_t i = 0; i < page->nprofiles; i++) {
		if (!archive_put_profile(archive, page->profiles[i], &places->profiles[i + 1], err))
			return false;
	}
	return save_posts(archive, page, places, err) && save_entries(archive, page, places, err) &&
	       save_articles(archive, page, places, err) &&
	       save_gap(archive, page, places->source, err) &&
	       ((!page->title && !page->site) ||
	               archive_exec(archive, STMT_SOURCE_TITLE, err, "itt", places->source,
	                       page->title, page->site)) &&
	       (!state ||
	               archive_exec(archive, STMT_SOURCE_STATE, err, "it", places->source, state));
}

bool archive_save(struct archive *archive, const char *source, const struct page *page,
        const char *state, struct err *err)
{
	bool own = !archive->in_batch;
	if (own && !archive_begin(archive, err)) return false;
	struct places places = {
	        .profiles = xcalloc(page->nprofiles + 1, sizeof(int64_t)),
	        .posts = xcalloc(page->nposts + 1, sizeof(int64_t)),
	};
	bool ok = save_all(archive, source, page, state, &places, err);
	free(places.profiles);
	free(places.posts);
	if (!ok) archive_rollback(archive);
	return ok && (!own || archive_commit(archive, err));
}
