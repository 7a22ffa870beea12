#include "networks/mastodon_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_place.h"
#include "networks/mastodon_salvage.h"
#include "networks/mastodon_tag.h"
#include "networks/mastodon_thread.h"

/*
 * Fetching (fact sheet 3, 4, 7, 8). What is newer is asked for with since_id, which
 * gives the newest page first, and then downwards page by page until what was known is
 * reached. So the newest rows are there after one request, however long one was away;
 * when MAX_PAGES were not enough, the rest is a gap with a cursor. (min_id, from below,
 * would show a week-old page first.) The cursor of a gap keeps the since_id, so that the
 * gap is known to be closed when nothing is left between. Rankings and searches have no
 * such bounds: the first page of a search is compared with what was known.
 *
 * A cursor is the query of a Link header, or the bare id of a row.
 */

enum { LIMIT = 40, MAX_PAGES = 5, MAX_ARG = 1024, MAX_OFFSET = 4000 };
enum stage { STAGE_PAGES, STAGE_FIND, STAGE_SELF };

static struct mastodon_progress *progress_of(const struct call *call)
{
	return &mastodon_work((struct call *)call)->fetch;
}

bool mastodon_has_source(enum source_kind kind)
{
	static const struct account anybody = {.caps = 0};
	return kind == SOURCE_THREAD || mastodon_place_of(&anybody, kind, NULL, NULL);
}

/* Remember an id that is short enough to be one. */
static void set_id(char to[520], const char *id)
{
	size_t n = id ? strlen(id) : 0;
	if (n >= 520) n = 0;
	if (n) memcpy(to, id, n);
	to[n] = '\0';
}

/* --- asking --- */

static void add_id(struct str *out, const char *name, const char *id)
{
	str_addf(out, "%s%s=", out->len ? "&" : "", name);
	mastodon_add_id(out, id);
}

/* The place's own parameters. */
static void add_query(struct str *out, const struct call *call)
{
	const struct mastodon_place *place = progress_of(call)->place;
	const char *arg = call->source->arg;
	str_addf(out, "limit=%d", place->limit ? place->limit : LIMIT);
	if (place->query) str_addf(out, "&%s", place->query);
	if (place->list && place->paging == PAGING_OFFSET) add_id(out, "q", arg);
	struct mastodon_tags tags;
	if (place->kind == SOURCE_TAG && mastodon_tags_parse(arg, &tags, NULL)) {
		mastodon_tags_query(out, &tags);
		mastodon_tags_finish(&tags);
	}
}

static void add_path(struct str *out, const struct call *call)
{
	const struct mastodon_progress *progress = progress_of(call);
	const char *path = progress->place->path, *star = strchr(path, '*');
	str_add(out, path, star ? (size_t)(star - path) : strlen(path));
	if (!star) return;
	mastodon_add_id(out, progress->id);
	str_adds(out, star + 1);
}

/* Ask for the page that `cursor` names; NULL: for the newest. */
static enum call_next ask(struct call *call, struct request *req, const char *cursor)
{
	const struct mastodon_progress *progress = progress_of(call);
	bool whole = cursor && strchr(cursor, '=');
	struct str path = {0}, query = {0};
	add_path(&path, call);
	if (whole) {
		str_adds(&query, cursor);
	} else {
		add_query(&query, call);
		if (cursor) add_id(&query, "max_id", cursor);
	}
	bool bounded = *progress->since && progress->place->paging != PAGING_OFFSET;
	if (bounded && !strstr(str_c(&query), "since_id="))
		add_id(&query, "since_id", progress->since);
	mastodon_get(req, call, str_c(&path), str_c(&query));
	str_finish(&path);
	str_finish(&query);
	call->stage = STAGE_PAGES;
	return CALL_SEND;
}

/* The page that the call is for. */
static enum call_next ask_first(struct call *call, struct request *req)
{
	return ask(call, req, call->want == FETCH_NEWER ? NULL : call->cursor);
}

/* --- what the source is about --- */

/* The id that stands in the path: a list's as it is written, a tag's main word. */
static bool read_arg(struct call *call)
{
	struct mastodon_progress *progress = progress_of(call);
	const char *arg = call->source->arg;
	bool wants = source_kinds[call->source->kind].arg == 1;
	if (wants && (!arg || !*arg))
		return err_set(&call->err, ERR_UNSUPPORTED, "a Mastodon server has no such source");
	if (arg && strlen(arg) > MAX_ARG)
		return err_set(&call->err, ERR_TOO_LARGE, "that is too long to be asked for");
	if (call->source->kind == SOURCE_LIST) set_id(progress->id, arg);
	if (call->source->kind != SOURCE_TAG) return true;
	struct mastodon_tags tags;
	if (!mastodon_tags_parse(arg, &tags, &call->err)) return false;
	set_id(progress->id, tags.main);
	mastodon_tags_finish(&tags);
	return *progress->id || err_set(&call->err, ERR_TOO_LARGE, "that is too long for a tag");
}

/* Who a profile's rows are of; owned. */
static char *whose(const struct call *call)
{
	size_t len;
	mastodon_view_of(call->source, &len);
	return xstrndup(call->source->arg, len);
}

static enum call_next find(struct call *call, const struct response *answer, struct request *req)
{
	char *who = whose(call);
	enum mastodon_found found = mastodon_find(call, answer, req, WANT_PROFILE, who);
	free(who);
	call->stage = STAGE_FIND;
	if (found == FIND_ASKED) return CALL_SEND;
	if (found == FIND_FAILED) return CALL_FAIL;
	free(call->state->remote);
	call->state->remote = xstrdup(mastodon_work(call)->profile);
	set_id(progress_of(call)->id, call->state->remote);
	return ask_first(call, req);
}

static enum call_next begin_profile(struct call *call, struct request *req)
{
	const struct account *me = call->account;
	char *who = whose(call);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, me);
	bool own = mastodon_is_me(&reader, who, who + (*who == '@'));
	free(who);
	const char *known =
	        own && me->remote_id && *me->remote_id ? me->remote_id : call->state->remote;
	if (!known) return find(call, NULL, req);
	set_id(progress_of(call)->id, known);
	return ask_first(call, req);
}

/* Scheduled posts do not say whose they are. */
static enum call_next ask_self(struct call *call, struct request *req)
{
	mastodon_get(req, call, "/api/v1/accounts/verify_credentials", "");
	call->stage = STAGE_SELF;
	return CALL_SEND;
}

static enum call_next take_self(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	if (!json) return CALL_FAIL;
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, call->account);
	mastodon_profile(&reader, json_root(json));
	mastodon_reader_finish(&reader);
	json_free(json);
	return ask_first(call, req);
}

/* --- beginning --- */

static void unescape(char to[520], const char *p, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len && n + 1 < 520; i++) {
		char digits[3] = {0}, *end = digits;
		if (p[i] == '%' && i + 2 < len) memcpy(digits, p + i + 1, 2);
		long byte = strtol(digits, &end, 16);
		bool escaped = end == digits + 2 && byte > 32;
		to[n++] = escaped ? (char)byte : p[i];
		if (escaped) i += 2;
	}
	to[n] = '\0';
}

/* Where what is known begins: no row from there on is wanted again. */
static void set_since(struct call *call)
{
	static const char since[] = "since_id=";
	struct mastodon_progress *progress = progress_of(call);
	*progress->since = '\0';
	if (call->want == FETCH_NEWER && progress->place->paging != PAGING_WHOLE)
		set_id(progress->since, call->state->newest);
	const char *p = call->want == FETCH_GAP ? strstr(call->cursor, since) : NULL;
	if (!p) return;
	p += sizeof since - 1;
	unescape(progress->since, p, strcspn(p, "&"));
}

static enum call_next begin(struct call *call, struct request *req)
{
	const struct source_ref *source = call->source;
	struct mastodon_progress *progress = progress_of(call);
	size_t len;
	const char *view = mastodon_view_of(source, &len);
	progress->place = mastodon_place_of(call->account, source->kind, view, NULL);
	if (!progress->place) {
		bool known = view && mastodon_has_source(source->kind);
		err_set(&call->err, ERR_UNSUPPORTED,
		        known ? "%s can be followed by %s, not by '%.40s'"
		              : "a Mastodon server has no such source",
		        source_kinds[source->kind].name,
		        source->kind == SOURCE_TRENDS ? ":tags or :links" : "/replies or /media",
		        view ? view : "");
		return CALL_FAIL;
	}
	if (!read_arg(call)) return CALL_FAIL;
	set_since(call);
	const char *cursor = call->want == FETCH_NEWER ? NULL : call->cursor;
	const char *offset = cursor ? strstr(cursor, "offset=") : NULL;
	if (offset) progress->offset = atoi(offset + 7);
	if (source->kind == SOURCE_PROFILE) return begin_profile(call, req);
	if (source->kind == SOURCE_SCHEDULED) return ask_self(call, req);
	return ask_first(call, req);
}

/* --- reading --- */

struct rows {
	size_t n;     /* items of the answer, readable or not */
	char *last;   /* id of the last that has one, owned */
	bool overlap; /* what was known is in it */
};

static void note_id(struct call *call, const cJSON *item, struct rows *rows)
{
	struct mastodon_progress *progress = progress_of(call);
	char number[24];
	const char *name = progress->place->id ? progress->place->id : "id";
	const char *id = mastodon_number_id(item, name, number);
	if (!id) return;
	free(rows->last);
	rows->last = xstrdup(id);
	bool known = progress->place->paging == PAGING_ID || progress->place->kind == SOURCE_SEARCH;
	if (known && !*progress->newest) set_id(progress->newest, id);
	if (*progress->since && mastodon_same_id(id, progress->since)) rows->overlap = true;
}

static void read_rows(struct call *call, const cJSON *root, const cJSON *list, struct rows *rows)
{
	const struct mastodon_progress *progress = progress_of(call);
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, call->out, call->account);
	reader.rank_ms = call->now_ms - progress->offset;
	if (progress->place->cap == CAP_GROUPED) mastodon_groups_open(&reader, root);
	json_each (item, list) {
		call->out->unreadable += !progress->place->read(&reader, item);
		rows->n++;
		note_id(call, item, rows);
	}
	mastodon_groups_close(&reader);
	mastodon_reader_finish(&reader);
}

/* The query of the page below this one, owned; NULL when this is the last. */
static char *older_of(struct call *call, const struct response *answer, const struct rows *rows)
{
	struct mastodon_progress *progress = progress_of(call);
	size_t limit = progress->place->limit ? (size_t)progress->place->limit : LIMIT;
	struct str query = {0};
	bool linked;
	if (progress->place->paging == PAGING_OFFSET) {
		progress->offset += (int)rows->n;
		if (rows->n < limit || progress->offset > MAX_OFFSET) return NULL;
		add_query(&query, call);
		str_addf(&query, "&offset=%d", progress->offset);
		return str_take(&query);
	}
	char *next = mastodon_next(answer, &linked);
	if (next || linked || rows->n < limit || !rows->last) return next;
	if (progress->place->paging == PAGING_LINK) return NULL;
	/* No Link header at all, as from snac: by the last id. */
	add_query(&query, call);
	add_id(&query, "max_id", rows->last);
	return str_take(&query);
}

static const cJSON *list_of(struct call *call, const struct json *json)
{
	const struct mastodon_place *place = progress_of(call)->place;
	const cJSON *root = json_root(json), *list = root;
	if (place->list) list = json_arr(root, place->list);
	if (list && cJSON_IsArray(list)) return list;
	err_set(&call->err, ERR_FORMAT, "the server's answer holds no list of posts");
	return NULL;
}

/* --- going on --- */

static void remember(struct call *call, const struct response *answer)
{
	struct mastodon_progress *progress = progress_of(call);
	/* 206: the timeline is still being made; what is there may be anything. */
	if (call->want != FETCH_NEWER || answer->status == 206 || !*progress->newest) return;
	free(call->state->newest);
	call->state->newest = xstrdup(progress->newest);
}

/* The page is as far as it will go. Takes `older`. */
static enum call_next end(struct call *call, const struct response *answer, char *older, bool gap)
{
	const struct mastodon_progress *progress = progress_of(call);
	struct str cursor = {0};
	if (older) str_adds(&cursor, older);
	/* The gap ends where what is known begins. */
	if (gap && older && *progress->since && progress->place->paging != PAGING_OFFSET)
		add_id(&cursor, "since_id", progress->since);
	call->out->older = older ? page_str(call->out, cursor.p) : NULL;
	call->out->gap = gap;
	str_finish(&cursor);
	free(older);
	remember(call, answer);
	page_sort(call->out);
	return CALL_DONE;
}

/* The first page of a search, or a page of a ranking. */
static enum call_next end_counted(
        struct call *call, const struct response *answer, char *older, const struct rows *rows)
{
	bool gap = *progress_of(call)->since && older && !rows->overlap;
	return end(call, answer, older, gap);
}

static enum call_next take(struct call *call, const struct response *answer, const cJSON *root,
        const cJSON *list, struct request *req)
{
	struct mastodon_progress *progress = progress_of(call);
	enum mastodon_paging paging = progress->place->paging;
	struct rows rows = {0};
	size_t before = call->out->nentries;
	read_rows(call, root, list, &rows);
	char *older = rows.n ? older_of(call, answer, &rows) : NULL;
	free(rows.last);
	if (progress->pages++ == 0 && paging == PAGING_LINK) {
		char *newest = mastodon_newest(answer);
		set_id(progress->newest, newest);
		free(newest);
	}
	if (paging == PAGING_OFFSET) return end_counted(call, answer, older, &rows);
	bool bounded = *progress->since != '\0';
	/* Filtered pages may be empty and still not be the last. */
	bool hungry = bounded || paging == PAGING_WHOLE || call->out->nentries == before;
	if (!older || !hungry || rows.overlap || answer->status == 206) {
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

/* --- when it does not work --- */

/* A server without this may have the same elsewhere, or have it under another id by now. */
static bool try_again(struct call *call, const struct response *answer, struct request *req,
        enum call_next *out_next)
{
	struct mastodon_progress *progress = progress_of(call);
	const struct mastodon_place *place = progress->place, *other;
	bool absent = answer->status == 404 || mastodon_lacks(answer);
	if (!absent || progress->pages > 0) return false;
	other = mastodon_place_of(call->account, place->kind, place->view, place);
	bool lost = place->kind == SOURCE_PROFILE && answer->status == 404 && call->state->remote;
	if (!other && (!lost || progress->again)) return false;
	call->err = (struct err){0};
	if (other) {
		progress->place = other;
		*out_next = ask_first(call, req);
	} else {
		progress->again = true;
		*out_next = find(call, NULL, req);
	}
	return true;
}

/* In words what is not there. */
static void explain(struct call *call, const struct response *answer)
{
	const struct mastodon_place *place = progress_of(call)->place;
	const char *host = call->account->host;
	bool missing = answer->status == 404 && place->misses && !mastodon_lacks(answer);
	if (missing)
		err_set(&call->err, ERR_NOT_FOUND, "%s has no such %s: %.80s", host, place->misses,
		        call->source->arg);
	else if (place->lacks && (answer->status == 404 || mastodon_lacks(answer)))
		err_set(&call->err, ERR_UNSUPPORTED, "%s %s", host, place->lacks);
}

/* An answer that cannot be used: what came before it is kept, with a gap below. */
static enum call_next give_up(struct call *call, const struct response *answer, struct request *req)
{
	struct mastodon_progress *progress = progress_of(call);
	struct page *page = call->out;
	enum call_next next;
	if (try_again(call, answer, req, &next)) return next;
	if (progress->pages == 0 || page->nentries == 0 || !page->older) {
		explain(call, answer);
		return CALL_FAIL;
	}
	call->err = (struct err){0};
	return end(call, answer, xstrdup(page->older), *progress->since != '\0');
}

static enum call_next take_page(
        struct call *call, const struct response *answer, struct request *req)
{
	struct json *json = mastodon_json(call, answer);
	bool unreadable = call->err.code == ERR_FORMAT || call->err.code == ERR_TOO_LARGE;
	if (!json && unreadable && answer->body_len > 0) {
		json = mastodon_salvage(answer);
		if (json) call->err = (struct err){0};
	}
	const cJSON *list = json ? list_of(call, json) : NULL;
	enum call_next next =
	        list ? take(call, answer, json_root(json), list, req) : give_up(call, answer, req);
	json_free(json);
	return next;
}

enum call_next mastodon_fetch(struct call *call, const struct response *answer, struct request *req)
{
	if (call->source->kind == SOURCE_THREAD) return mastodon_thread(call, answer, req);
	if (!answer) return begin(call, req);
	if (call->stage == STAGE_FIND) return find(call, answer, req);
	if (call->stage == STAGE_SELF) return take_self(call, answer, req);
	return take_page(call, answer, req);
}
