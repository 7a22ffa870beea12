#include "db/archive_inside.h"

#include <stdlib.h>
#include <string.h>

#include "db/db.h"
#include "db/id_map.h"

/* A page being built from rows, and which rows of the file stand where in it. */
struct loader {
	struct archive *archive;
	struct page *page;
	struct id_map posts, profiles;
};

bool archive_profile(
        struct archive *archive, int64_t id, struct page *page, uint32_t *out, struct err *err)
{
	*out = 0;
	sqlite3_stmt *stmt = archive_stmt(archive, STMT_PROFILE_GET, err, "i", id);
	int row = stmt ? archive_step(archive, stmt, err) : -1;
	if (row <= 0) return row == 0;
	struct profile profile = {
	        .uri = db_text(stmt, 1),
	        .handle = db_text(stmt, 2),
	        .name = db_text(stmt, 3),
	        .url = (const char *)sqlite3_column_text(stmt, 4),
	        .bio = (const char *)sqlite3_column_text(stmt, 5),
	        .followers = sqlite3_column_int64(stmt, 6),
	        .bot = sqlite3_column_int(stmt, 7) != 0,
	};
	*out = page_add_profile(page, &profile);
	sqlite3_reset(stmt);
	return true;
}

static bool load_profile(struct loader *loader, int64_t id, uint32_t *out, struct err *err)
{
	*out = id ? id_map_get(&loader->profiles, id) : 0;
	if (!id || *out) return true;
	if (!archive_profile(loader->archive, id, loader->page, out, err)) return false;
	if (*out) id_map_put(&loader->profiles, id, *out);
	return true;
}

/* Takes stored->post. */
static bool take_post(
        struct loader *loader, struct stored_post *stored, uint32_t *out, struct err *err)
{
	*out = page_take_post(loader->page, stored->post);
	id_map_put(&loader->posts, stored->id, *out);
	return load_profile(loader, stored->author, &stored->post->author, err);
}

/* The post that one of the page's posts quotes, when we have it; one level deep. */
static bool load_quoted(struct loader *loader, uint32_t place, struct err *err)
{
	const char *uri = post_str(loader->page->posts[place - 1], POST_QUOTE_OF);
	struct stored_post quoted;
	uint32_t ignored;
	if (!*uri) return true;
	if (!archive_find(loader->archive, 0, uri, &quoted, err)) return false;
	if (quoted.id && !id_map_get(&loader->posts, quoted.id))
		return take_post(loader, &quoted, &ignored, err);
	free(quoted.post);
	return true;
}

/* *out 0: there is no such post any more, or it cannot be read. */
static bool load_post(struct loader *loader, int64_t id, uint32_t *out, struct err *err)
{
	struct stored_post stored;
	*out = id ? id_map_get(&loader->posts, id) : 0;
	if (!id || *out) return true;
	if (!archive_post(loader->archive, id, &stored, err)) return false;
	return !stored.id ||
	       (take_post(loader, &stored, out, err) && load_quoted(loader, *out, err));
}

static bool load_entry(struct loader *loader, sqlite3_stmt *stmt, struct err *err)
{
	int64_t post = sqlite3_column_int64(stmt, 1);
	int reason = sqlite3_column_int(stmt, 2);
	struct entry entry = {
	        .sort_ms = sqlite3_column_int64(stmt, 0),
	        .reason = reason >= 0 && reason < REASON_COUNT ? (enum reason)reason : REASON_OTHER,
	        .cursor = (const char *)sqlite3_column_text(stmt, 4),
	};
	if (!load_post(loader, post, &entry.post, err) ||
	        !load_profile(loader, sqlite3_column_int64(stmt, 3), &entry.actor, err))
		return false;
	if (entry.post || !post)
		page_add_entry(loader->page, &entry);
	else
		loader->page->unreadable++;
	return true;
}

/* Rows of one time are not torn apart: the next slice begins below the last one's time. */
static bool load_rows(struct loader *loader, int64_t source, int64_t before_ms, int64_t from_ms,
        int limit, bool *out_all, struct err *err)
{
	struct page *page = loader->page;
	sqlite3_stmt *stmt = archive_stmt(
	        loader->archive, STMT_ENTRY_LOAD, err, "iii", source, before_ms, from_ms);
	int row;
	while ((row = stmt ? archive_step(loader->archive, stmt, err) : -1) > 0) {
		bool full =
		        page->nentries >= (size_t)limit &&
		        sqlite3_column_int64(stmt, 0) < page->entries[page->nentries - 1].sort_ms;
		if (full) break;
		if (!load_entry(loader, stmt, err)) {
			row = -1;
			break;
		}
	}
	if (stmt) sqlite3_reset(stmt);
	*out_all = row == 0;
	return row >= 0;
}

/* The newest gap below before_ms; *out_ms INT64_MIN when there is none. */
static bool next_gap(
        struct loader *loader, int64_t source, int64_t before_ms, int64_t *out_ms, struct err *err)
{
	sqlite3_stmt *stmt =
	        archive_stmt(loader->archive, STMT_GAP_BELOW, err, "ii", source, before_ms);
	int row = stmt ? archive_step(loader->archive, stmt, err) : -1;
	if (row < 0) return false;
	*out_ms = row ? sqlite3_column_int64(stmt, 0) : INT64_MIN;
	loader->page->older = row ? page_str(loader->page, db_text(stmt, 1)) : NULL;
	sqlite3_reset(stmt);
	return true;
}

/* Down to the next gap. One without rows above it was the last slice's end. */
static bool load_slice(
        struct loader *loader, int64_t source, int64_t before_ms, int limit, struct err *err)
{
	struct page *page = loader->page;
	int64_t gap_ms;
	bool all;
	do {
		if (!next_gap(loader, source, before_ms, &gap_ms, err) ||
		        !load_rows(loader, source, before_ms, gap_ms, limit, &all, err))
			return false;
		before_ms = gap_ms;
	} while (page->nentries == 0 && gap_ms > INT64_MIN);
	page->gap = all && gap_ms > INT64_MIN;
	if (!page->gap) page->older = NULL;
	return true;
}

static bool load_title(struct loader *loader, const char *source, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(loader->archive, STMT_SOURCE_FIND, err, "t", source);
	int row = stmt ? archive_step(loader->archive, stmt, err) : -1;
	if (row > 0) {
		loader->page->title =
		        page_str(loader->page, (const char *)sqlite3_column_text(stmt, 2));
		loader->page->site =
		        page_str(loader->page, (const char *)sqlite3_column_text(stmt, 3));
		sqlite3_reset(stmt);
	}
	return row >= 0;
}

static void loader_init(struct loader *loader, struct archive *archive)
{
	*loader = (struct loader){.archive = archive, .page = page_new()};
	loader->page->stored = true;
}

static bool loader_finish(struct loader *loader, bool ok, struct page **out)
{
	id_map_finish(&loader->posts);
	id_map_finish(&loader->profiles);
	if (ok)
		*out = loader->page;
	else
		page_free(loader->page);
	return ok;
}

bool archive_load(struct archive *archive, const char *source, int64_t before_ms, int limit,
        struct page **out, struct err *err)
{
	struct loader loader;
	int64_t id;
	if (!archive_source(archive, source, false, &id, err)) return false;
	loader_init(&loader, archive);
	bool ok = !id || (load_slice(&loader, id, before_ms, limit, err) &&
	                         load_title(&loader, source, err));
	return loader_finish(&loader, ok, out);
}
