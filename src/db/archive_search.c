#include "db/archive_inside.h"

#include <stdlib.h>

#include "base/mem.h"
#include "db/archive_tokens.h"
#include "db/archive_walk.h"
#include "db/db.h"
#include "db/id_map.h"
#include "model/source.h"

/* People and sources that a search keeps at hand; past that it begins to learn them anew. */
enum { MAX_PEOPLE = 20000 };

/* A way by which a post came: one of its rows. */
struct way {
	int64_t source, actor; /* 0: none */
	enum reason reason;
};

struct named_source {
	char *name, *account; /* account NULL: the name is none of ours any more */
};

struct search {
	struct archive *archive;
	const struct archive_asked *asked;
	struct archive_place *place;
	int64_t until; /* looked at this many: enough for now */
	bool (*on_hit)(void *ctx, const struct archive_hit *hit);
	void *ctx;
	unsigned needs;
	bool enough;
	struct page *people;
	struct id_map people_at, sources_at; /* by the number of the row, place + 1 */
	struct named_source *sources;
	size_t nsources, sources_cap;
	struct way *ways; /* of the post at hand */
	size_t nways, ways_cap;
	const char **names; /* of their sources, each once */
	size_t names_cap;
};

static void search_init(struct search *search)
{
	search->needs = query_needs(search->asked->query);
	search->people = page_new();
}

static void search_finish(struct search *search)
{
	for (size_t i = 0; i < search->nsources; i++) {
		free(search->sources[i].name);
		free(search->sources[i].account);
	}
	free(search->sources);
	free(search->ways);
	free(search->names);
	id_map_finish(&search->people_at);
	id_map_finish(&search->sources_at);
	page_free(search->people);
}

/* Between two posts, when nobody borrows from it. */
static void forget_people(struct search *search)
{
	if (search->people->nprofiles < MAX_PEOPLE) return;
	page_free(search->people);
	search->people = page_new();
	id_map_finish(&search->people_at);
	search->people_at = (struct id_map){0};
}

/* *out NULL: nobody. */
static bool person(struct search *search, int64_t id, const struct profile **out, struct err *err)
{
	uint32_t at = id ? id_map_get(&search->people_at, id) : 0;
	*out = NULL;
	if (id && !at) {
		if (!archive_profile(search->archive, id, search->people, &at, err)) return false;
		if (at) id_map_put(&search->people_at, id, at);
	}
	if (at) *out = search->people->profiles[at - 1];
	return true;
}

static bool source(
        struct search *search, int64_t id, const struct named_source **out, struct err *err)
{
	uint32_t at = id ? id_map_get(&search->sources_at, id) : 0;
	if (id && !at) {
		sqlite3_stmt *stmt = archive_stmt(search->archive, STMT_SOURCE_NAME, err, "i", id);
		int row = stmt ? archive_step(search->archive, stmt, err) : -1;
		if (row < 0) return false;
		struct named_source one = {.name = xstrdup(row ? db_text(stmt, 0) : "")};
		sqlite3_reset(stmt);
		struct source_ref ref = {0};
		if (source_parse(one.name, &ref, NULL)) {
			one.account = xstrdup(ref.account);
			source_ref_finish(&ref);
		}
		search->sources = mem_grow(search->sources, &search->sources_cap,
		        search->nsources + 1, sizeof *search->sources);
		search->sources[search->nsources++] = one;
		at = (uint32_t)search->nsources;
		id_map_put(&search->sources_at, id, at);
	}
	*out = at ? &search->sources[at - 1] : NULL;
	return true;
}

/* The ways of a post; of one that came by none, that its author posted it. */
static bool load_ways(struct search *search, int64_t post, struct err *err)
{
	sqlite3_stmt *stmt = archive_stmt(search->archive, STMT_ENTRIES_OF, err, "i", post);
	int row;
	search->nways = 0;
	while ((row = stmt ? archive_step(search->archive, stmt, err) : -1) > 0) {
		int reason = sqlite3_column_int(stmt, 1);
		search->ways = mem_grow(
		        search->ways, &search->ways_cap, search->nways + 1, sizeof *search->ways);
		search->ways[search->nways++] =
		        (struct way){.source = sqlite3_column_int64(stmt, 0),
		                .actor = sqlite3_column_int64(stmt, 2),
		                .reason = reason >= 0 && reason < REASON_COUNT ? (enum reason)reason
		                                                               : REASON_OTHER};
	}
	if (row < 0) return false;
	if (search->nways > 0) return true;
	search->ways = mem_grow(search->ways, &search->ways_cap, 1, sizeof *search->ways);
	search->ways[search->nways++] = (struct way){.reason = REASON_POSTED};
	return true;
}

/* Fill in the way's part of a row. */
static bool fill_way(
        struct search *search, const struct way *way, struct query_row *row, struct err *err)
{
	const struct named_source *from;
	if (!person(search, way->actor, &row->actor, err) ||
	        !source(search, way->source, &from, err))
		return false;
	row->reason = way->reason;
	row->source = from ? from->name : NULL;
	row->account = from ? from->account : NULL;
	return true;
}

static bool asks(const struct search *search, struct query_row *row)
{
	const struct archive_asked *asked = search->asked;
	if (asked->complete) asked->complete(asked->ctx, row);
	return query_match(asked->query, row, asked->now_ms);
}

/* The first way of which the query says yes: *row then has it. */
static bool find_way(
        struct search *search, int64_t id, struct query_row *row, bool *out_match, struct err *err)
{
	*out_match = false;
	if (!(search->needs & (QUERY_NEEDS_ACTOR | QUERY_NEEDS_ORIGIN))) {
		*out_match = asks(search, row);
		return !*out_match ||
		       (load_ways(search, id, err) && fill_way(search, &search->ways[0], row, err));
	}
	if (!load_ways(search, id, err)) return false;
	for (size_t i = 0; !*out_match && i < search->nways; i++) {
		if (!fill_way(search, &search->ways[i], row, err)) return false;
		*out_match = asks(search, row);
	}
	return true;
}

static bool give(struct search *search, int64_t id, const struct query_row *row, struct err *err)
{
	struct archive_hit hit = {.number = id,
	        .post = row->post,
	        .author = row->author,
	        .actor = row->actor,
	        .reason = row->reason};
	for (size_t i = 0; i < search->nways; i++) {
		const struct named_source *from;
		bool again = false;
		if (!source(search, search->ways[i].source, &from, err)) return false;
		for (size_t k = 0; from && k < hit.nsources; k++)
			again = again || search->names[k] == from->name;
		if (!from || again) continue;
		search->names = mem_grow(
		        search->names, &search->names_cap, hit.nsources + 1, sizeof *search->names);
		search->names[hit.nsources++] = from->name;
	}
	hit.sources = search->names;
	search->enough = !search->on_hit(search->ctx, &hit);
	return true;
}

static bool look(
        struct search *search, int64_t id, int64_t author, struct post *post, struct err *err)
{
	struct query_row row = {.post = post, .reason = REASON_POSTED, .attention = ATTENTION_NONE};
	bool match;
	forget_people(search);
	return post->created_ms < search->asked->since_ms ||
	       (person(search, author, &row.author, err) &&
	               find_way(search, id, &row, &match, err) &&
	               (!match || give(search, id, &row, err)));
}

/* Counts it. False: that is enough, or it failed (*ok). */
static bool pass(struct search *search, int64_t id, int64_t author, struct post *post, bool *ok,
        struct err *err)
{
	search->place->below = id;
	search->place->looked++;
	if (post) *ok = look(search, id, author, post, err);
	free(post);
	return *ok && !search->enough && search->place->looked < search->until;
}

/* Posts that the index finds, down to `from`. */
static bool search_index(struct search *search, const struct need *need, int64_t from,
        bool *out_end, struct err *err)
{
	struct walk *walk;
	if (!walk_open(search->archive, need, search->place->below, from, &walk, err)) return false;
	bool ok = true, more = true;
	int64_t id;
	int row = 0;
	while (more && (row = walk_next(walk, &id, err)) > 0) {
		struct stored_post stored;
		ok = archive_post(search->archive, id, &stored, err);
		more = ok && pass(search, id, stored.author, stored.post, &ok, err);
	}
	walk_close(walk);
	*out_end = row == 0;
	if (*out_end) search->place->below = from;
	return ok && row >= 0;
}

/* All posts, down to `from`. */
static bool search_posts(struct search *search, int64_t from, bool *out_end, struct err *err)
{
	bool ok = true, more = true;
	int row = 0;
	sqlite3_stmt *stmt = archive_stmt(
	        search->archive, STMT_POSTS_DOWN, err, "ii", search->place->below, from);
	while (more && (row = stmt ? archive_step(search->archive, stmt, err) : -1) > 0) {
		int64_t id = sqlite3_column_int64(stmt, 0), author = sqlite3_column_int64(stmt, 1);
		more = pass(search, id, author, archive_body_decode(stmt, 2), &ok, err);
	}
	if (stmt) sqlite3_reset(stmt);
	*out_end = row == 0;
	return ok && row >= 0;
}

static bool search_down(struct search *search, struct err *err)
{
	struct archive *archive = search->archive;
	struct archive_place *place = search->place;
	int64_t since = search->asked->since_ms > 0 ? search->asked->since_ms / 1000 : INT64_MIN;
	struct need need = {0};
	bool none, end = true;
	bool ok = archive_narrow(archive, search->asked->query, &need, &none, err) &&
	          archive_index_read(archive, err);
	if (ok && !none) {
		int64_t from = archive->indexed_from;
		bool by_index = need.n > 0 && place->below > from;
		if (by_index)
			ok = search_index(search, &need, since > from ? since : from, &end, err);
		if (ok && end && (!by_index || from > since))
			ok = search_posts(search, since, &end, err);
	}
	place->over = ok && end;
	need_finish(&need);
	return ok;
}

/* In one view of the file, whatever another process does to it meanwhile. */
static bool search_at_once(struct search *search, struct err *err)
{
	sqlite3 *db = search->archive->db;
	if (!sqlite3_get_autocommit(db)) return search_down(search, err);
	if (!db_exec(db, "BEGIN", err)) return false;
	bool ok = search_down(search, err);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return ok;
}

bool archive_search(struct archive *archive, const struct archive_asked *asked,
        struct archive_place *place, int64_t most,
        bool (*on_hit)(void *ctx, const struct archive_hit *hit), void *ctx, struct err *err)
{
	struct search search = {.archive = archive,
	        .asked = asked,
	        .place = place,
	        .until = most < INT64_MAX - place->looked ? place->looked + most : INT64_MAX,
	        .on_hit = on_hit,
	        .ctx = ctx};
	search_init(&search);
	bool ok = search_at_once(&search, err);
	search_finish(&search);
	return ok;
}
