#include "networks/mastodon_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/url.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/*
 * Fetching (fact sheet 3, 4, 7, 8). What is newer is asked for with since_id, which
 * gives the newest page first, and then downwards page by page until what was known is
 * reached. So the newest rows are there after one request, however long one was away;
 * when MAX_PAGES were not enough, the rest is a gap with a cursor. (min_id, from below,
 * would show a week-old page first.) A search has no such bounds: its first page is
 * compared with what was known.
 *
 * A cursor is the query of a Link header, or the bare id of a row.
 */

enum { LIMIT = 40, MAX_PAGES = 5, MAX_TAG = 1024, MAX_OFFSET = 4000 };

/* Where each kind of source is. */
static const struct place {
	enum source_kind kind;
	const char *path, *query;
	const char *only; /* a type of notification */
	const char *list; /* the member that holds the array; NULL: the answer is the array */
} places[] = {
        {SOURCE_HOME, "/api/v1/timelines/home", "", NULL, NULL},
        {SOURCE_LOCAL, "/api/v1/timelines/public", "local=true", NULL, NULL},
        {SOURCE_FEDERATED, "/api/v1/timelines/public", "", NULL, NULL},
        {SOURCE_TAG, "/api/v1/timelines/tag/", "", NULL, NULL},
        {SOURCE_NOTIFICATIONS, "/api/v1/notifications", "", NULL, NULL},
        {SOURCE_MENTIONS, "/api/v1/notifications", "types%5B%5D=mention", "mention", NULL},
        {SOURCE_SEARCH, "/api/v2/search", "type=statuses", NULL, "statuses"},
};

static const struct place *place_of(enum source_kind kind)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i].kind == kind) return &places[i];
	}
	return NULL;
}

bool mastodon_has_source(enum source_kind kind)
{
	return place_of(kind) != NULL;
}

/* --- asking --- */

/* The place's own parameters, and with `more` how far. */
static void add_query(struct str *out, const struct call *call, const struct place *place)
{
	str_addf(out, "limit=%d", LIMIT);
	if (*place->query) str_addf(out, "&%s", place->query);
	if (place->kind != SOURCE_SEARCH) return;
	str_adds(out, "&q=");
	url_encode(out, call->source->arg, strlen(call->source->arg));
}

static void add_id(struct str *out, const char *name, const char *id)
{
	str_addf(out, "&%s=", name);
	url_encode(out, id, strlen(id));
}

/* Ask for the page that `cursor` names; NULL: for the newest. */
static enum call_next ask(struct call *call, struct request *req, const char *cursor)
{
	const struct place *place = place_of(call->source->kind);
	bool whole = cursor && strchr(cursor, '=');
	struct str path = {0}, query = {0};
	str_adds(&path, place->path);
	if (place->kind == SOURCE_TAG) {
		const char *tag = call->source->arg;
		tag += *tag == '#';
		url_encode(&path, tag, strlen(tag));
	}
	if (whole) {
		str_adds(&query, cursor);
	} else {
		add_query(&query, call, place);
		if (cursor) add_id(&query, "max_id", cursor);
	}
	bool newer = call->want == FETCH_NEWER && call->state->newest;
	if (newer && place->kind != SOURCE_SEARCH) add_id(&query, "since_id", call->state->newest);
	mastodon_get(req, call, str_c(&path), str_c(&query));
	str_finish(&path);
	str_finish(&query);
	return CALL_SEND;
}

static enum call_next begin(struct call *call, struct request *req)
{
	const struct source_ref *source = call->source;
	const struct place *place = place_of(source->kind);
	bool needs_arg = place && (place->kind == SOURCE_TAG || place->kind == SOURCE_SEARCH);
	if (!place || (needs_arg && (!source->arg || !*source->arg))) {
		err_set(&call->err, ERR_UNSUPPORTED, "a Mastodon server has no such source");
		return CALL_FAIL;
	}
	if (needs_arg && strlen(source->arg) > MAX_TAG) {
		err_set(&call->err, ERR_TOO_LARGE, "that is too long to be asked for");
		return CALL_FAIL;
	}
	const char *cursor = call->want == FETCH_NEWER ? NULL : call->cursor;
	const char *offset = cursor ? strstr(cursor, "offset=") : NULL;
	struct mastodon_progress *progress = call->data;
	if (offset) progress->offset = atoi(offset + 7);
	return ask(call, req, cursor);
}

/* --- reading --- */

struct rows {
	size_t n;     /* items of the answer, readable or not */
	char *last;   /* id of the last that has one, owned */
	bool overlap; /* a search: what was known is in it */
};

static void read_rows(struct call *call, const cJSON *list, struct rows *rows)
{
	const struct place *place = place_of(call->source->kind);
	struct mastodon_progress *progress = call->data;
	bool notices = place->kind == SOURCE_NOTIFICATIONS || place->kind == SOURCE_MENTIONS;
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, call->account);
	json_each (item, list) {
		const char *id = mastodon_id(item, "id");
		bool fine = notices ? mastodon_notice(&reader, item, place->only)
		                    : mastodon_row(&reader, item);
		call->out->unreadable += !fine;
		rows->n++;
		if (!id) continue;
		free(rows->last);
		rows->last = xstrdup(id);
		if (!*progress->newest) memcpy(progress->newest, id, strlen(id) + 1);
		if (call->state->newest && strcmp(id, call->state->newest) == 0)
			rows->overlap = true;
	}
	mastodon_reader_finish(&reader);
}

/* The cursor of the page below this one, owned; NULL when this is the last. */
static char *older_of(struct call *call, const struct response *answer, const struct rows *rows)
{
	struct mastodon_progress *progress = call->data;
	const struct place *place = place_of(call->source->kind);
	struct str query = {0};
	bool linked;
	if (place->kind == SOURCE_SEARCH) {
		progress->offset += (int)rows->n;
		if (rows->n < LIMIT || progress->offset > MAX_OFFSET) return NULL;
		add_query(&query, call, place);
		str_addf(&query, "&offset=%d", progress->offset);
		return str_take(&query);
	}
	char *next = mastodon_next(answer, &linked);
	if (next || linked || rows->n < LIMIT || !rows->last) return next;
	/* No Link header at all, as from snac: by the last id. */
	return xstrdup(rows->last);
}

static const cJSON *list_of(struct call *call, const struct json *json)
{
	const struct place *place = place_of(call->source->kind);
	const cJSON *root = json_root(json), *list = root;
	if (place->list) list = json_arr(root, place->list);
	if (list && cJSON_IsArray(list)) return list;
	err_set(&call->err, ERR_FORMAT, "the server's answer holds no list of posts");
	return NULL;
}

/* --- going on --- */

static void remember(struct call *call, const struct response *answer)
{
	struct mastodon_progress *progress = call->data;
	/* 206: the timeline is still being made; what is there may be anything. */
	if (call->want != FETCH_NEWER || answer->status == 206 || !*progress->newest) return;
	free(call->state->newest);
	call->state->newest = xstrdup(progress->newest);
}

/* The page is as far as it will go. Takes `older`. */
static enum call_next end(struct call *call, const struct response *answer, char *older, bool gap)
{
	call->out->older = page_str(call->out, older);
	call->out->gap = gap;
	free(older);
	remember(call, answer);
	page_sort(call->out);
	return CALL_DONE;
}

/* An answer that cannot be used: what came before it is kept, with a gap below. */
static enum call_next give_up(struct call *call, const struct response *answer)
{
	struct mastodon_progress *progress = call->data;
	struct page *page = call->out;
	if (progress->pages == 0 || page->nentries == 0 || !page->older) return CALL_FAIL;
	call->err = (struct err){0};
	return end(call, answer, xstrdup(page->older), call->state->newest != NULL);
}

static enum call_next take(
        struct call *call, const struct response *answer, const cJSON *list, struct request *req)
{
	struct mastodon_progress *progress = call->data;
	struct rows rows = {0};
	size_t before = call->out->nentries;
	read_rows(call, list, &rows);
	char *older = rows.n ? older_of(call, answer, &rows) : NULL;
	free(rows.last);
	progress->pages++;
	bool bounded = call->want == FETCH_NEWER && call->state->newest;
	if (place_of(call->source->kind)->kind == SOURCE_SEARCH) {
		bool full = older != NULL;
		return end(call, answer, older, bounded && full && !rows.overlap);
	}
	/* Filtered pages may be empty and still not be the last. */
	bool hungry = bounded || call->out->nentries == before;
	if (!older || !hungry || answer->status == 206) {
		/* Below what is new lies what was known, which has cursors of its own. */
		if (bounded) {
			free(older);
			older = NULL;
		}
		return end(call, answer, older, false);
	}
	if (progress->pages == MAX_PAGES) return end(call, answer, older, bounded);
	call->out->older = page_str(call->out, older);
	enum call_next next = ask(call, req, older);
	free(older);
	return next;
}

enum call_next mastodon_fetch(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return begin(call, req);
	struct json *json = mastodon_json(call, answer);
	const cJSON *list = json ? list_of(call, json) : NULL;
	enum call_next next = list ? take(call, answer, list, req) : give_up(call, answer);
	json_free(json);
	return next;
}
