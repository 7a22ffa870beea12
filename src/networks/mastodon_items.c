#include "networks/mastodon_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/html.h"
#include "networks/mastodon_code.h"
#include "networks/mastodon_find.h"
#include "networks/mastodon_http.h"
#include "networks/mastodon_read.h"

/*
 * Fact sheet 3, 5.5, 6, 7. A cursor is what was found, percent-encoded, then `?` and the
 * query of the Link header: `109?limit=80&max_id=7`.
 */

enum { FINDING, READING };
enum { MAX_ITEMS = 2000, MAX_TEXT = 65535, MAX_ARG = 2048 };

/* --- one item each --- */

static const char *line(struct mastodon_reader *reader, const char *s)
{
	return mastodon_clean(reader, CLEAN_LINE, s);
}

static void read_account(struct call *call, struct mastodon_reader *reader, const cJSON *account)
{
	uint32_t index = mastodon_profile(reader, account);
	const char *until = json_str(account, "mute_expires_at");
	int64_t at_ms = 0;
	if (!index) return;
	const struct profile *profile = reader->page->profiles[index - 1];
	if (until && !date_parse_rfc3339(until, &at_ms)) at_ms = 0;
	items_add(call->items, profile->handle, *profile->name ? profile->name : profile->handle,
	        profile->bio, at_ms);
}

static void read_list(struct call *call, struct mastodon_reader *reader, const cJSON *list)
{
	const char *id = mastodon_id(list, "id");
	bool exclusive = json_bool(list, "exclusive", false);
	if (id)
		items_add(call->items, id, line(reader, json_str(list, "title")),
		        exclusive ? "its members' posts are not in home" : NULL, 0);
}

static void read_domain(struct call *call, struct mastodon_reader *reader, const cJSON *domain)
{
	const char *name = cJSON_GetStringValue(domain);
	const char *clean = name ? mastodon_clean(reader, CLEAN_NAME, name) : "";
	if (*clean) items_add(call->items, clean, clean, NULL, 0);
}

static void read_tag(struct call *call, struct mastodon_reader *reader, const cJSON *tag)
{
	const char *name = mastodon_clean(reader, CLEAN_NAME, json_str(tag, "name"));
	struct str title = {0};
	if (!*name) return;
	str_addf(&title, "#%s", name);
	items_add(call->items, name, title.p, NULL, 0);
	str_finish(&title);
}

static void read_emoji(struct call *call, struct mastodon_reader *reader, const cJSON *emoji)
{
	const char *name = mastodon_clean(reader, CLEAN_NAME, json_str(emoji, "shortcode"));
	if (*name && json_bool(emoji, "visible_in_picker", true))
		items_add(call->items, name, name, NULL, 0);
}

/* One of a post's texts, oldest first. */
static void read_edit(struct call *call, struct mastodon_reader *reader, const cJSON *edit)
{
	const char *html = json_str(edit, "content"), *at = json_str(edit, "created_at");
	struct text text = {0};
	char number[24];
	int64_t at_ms = 0;
	if (html) html_text(&text, html, strlen(html), &(struct html_options){0});
	text_cut(&text, MAX_TEXT);
	if (at && !date_parse_rfc3339(at, &at_ms)) at_ms = 0;
	snprintf(number, sizeof number, "%zu", call->items->nitems + 1);
	items_add(call->items, number, line(reader, json_str(edit, "spoiler_text")),
	        str_c(&text.utf8), at_ms);
	text_finish(&text);
}

/* The answer itself is the one item. */
static void read_source(struct call *call, struct mastodon_reader *reader, const cJSON *source)
{
	const char *text = json_str(source, "text");
	if (text)
		items_add(call->items, mastodon_work(call)->post,
		        line(reader, json_str(source, "spoiler_text")),
		        mastodon_clean(reader, CLEAN_BODY, text), 0);
}

/* --- the table --- */

/* %A, %P and %N as in mastodon_deed.h; %N in a query, too, at its end. */
static const struct shelf {
	const char *path, *query;
	void (*read)(struct call *call, struct mastodon_reader *reader, const cJSON *item);
	bool alone; /* the answer is one item, not a list */
} shelves[COLLECTION_COUNT] = {
        [COLLECTION_LISTS] = {"/api/v1/lists", "", read_list, false},
        [COLLECTION_MEMBERS] = {"/api/v1/lists/%N/accounts", "limit=80", read_account, false},
        [COLLECTION_ON_LISTS] = {"/api/v1/accounts/%A/lists", "", read_list, false},
        [COLLECTION_MUTES] = {"/api/v1/mutes", "limit=80", read_account, false},
        [COLLECTION_BLOCKS] = {"/api/v1/blocks", "limit=80", read_account, false},
        [COLLECTION_DOMAINS] = {"/api/v1/domain_blocks", "limit=200", read_domain, false},
        [COLLECTION_TAGS] = {"/api/v1/followed_tags", "limit=200", read_tag, false},
        [COLLECTION_REQUESTS] = {"/api/v1/follow_requests", "limit=80", read_account, false},
        [COLLECTION_FOLLOWERS] = {"/api/v1/accounts/%A/followers", "limit=80", read_account, false},
        [COLLECTION_FOLLOWING] = {"/api/v1/accounts/%A/following", "limit=80", read_account, false},
        [COLLECTION_LIKED_BY] = {"/api/v1/statuses/%P/favourited_by", "limit=80", read_account,
                false},
        [COLLECTION_REPOSTED_BY] = {"/api/v1/statuses/%P/reblogged_by", "limit=80", read_account,
                false},
        [COLLECTION_HISTORY] = {"/api/v1/statuses/%P/history", "", read_edit, false},
        [COLLECTION_SOURCE] = {"/api/v1/statuses/%P/source", "", read_source, true},
        [COLLECTION_PEOPLE] = {"/api/v1/accounts/search", "limit=10&q=%N", read_account, false},
        [COLLECTION_EMOJI] = {"/api/v1/custom_emojis", "", read_emoji, false},
};

static bool has(const struct call *call, const char *part)
{
	return strstr(shelves[call->collection].path, part) != NULL;
}

static const char *id_of(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	return has(call, "%A") ? work->profile : has(call, "%P") ? work->post : call->arg;
}

/* --- asking --- */

static enum call_next ask(struct call *call, struct request *req, const char *query)
{
	const char *path = shelves[call->collection].path, *mark = strchr(path, '%');
	struct str out = {0};
	str_add(&out, path, mark ? (size_t)(mark - path) : strlen(path));
	if (mark) {
		mastodon_add_id(&out, id_of(call));
		str_adds(&out, mark + 2);
	}
	call->stage = READING;
	mastodon_get(req, call, str_c(&out), query);
	str_finish(&out);
	return CALL_SEND;
}

static enum call_next find(struct call *call, const struct response *answer, struct request *req)
{
	enum mastodon_want want = has(call, "%A") ? WANT_PROFILE : WANT_POST;
	call->stage = FINDING;
	switch (mastodon_find(call, answer, req, want, call->arg)) {
	case FIND_ASKED:
		return CALL_SEND;
	case FIND_DONE:
		return ask(call, req, shelves[call->collection].query);
	default:
		return CALL_FAIL;
	}
}

/* What the cursor was made with is known already. */
static bool take_cursor(struct call *call)
{
	struct mastodon_work *work = mastodon_work(call);
	const char *query = strchr(call->cursor, '?');
	char **id = has(call, "%A") ? &work->profile : &work->post;
	if (!query) return false;
	for (const char *p = call->cursor; *p; p++) {
		if (*p <= 32 || *p >= 127 || *p == '#') return false;
	}
	*id = mastodon_decode(call->cursor, (size_t)(query - call->cursor));
	return *id != NULL;
}

static enum call_next fail(struct call *call, enum err_code code, const char *why)
{
	err_set(&call->err, code, "%s", why);
	return CALL_FAIL;
}

static enum call_next begin(struct call *call, struct request *req)
{
	const struct shelf *shelf = &shelves[call->collection];
	const char *arg = call->arg ? call->arg : "";
	if (!shelf->path) {
		err_set(&call->err, ERR_UNSUPPORTED, "Mastodon keeps no %s",
		        collections[call->collection].name);
		return CALL_FAIL;
	}
	if (collections[call->collection].arg && !*arg) return fail(call, ERR_SYNTAX, "of what?");
	if (strlen(arg) > MAX_ARG) return fail(call, ERR_TOO_LARGE, "that is too long");
	if (call->cursor) {
		if (!take_cursor(call)) return fail(call, ERR_SYNTAX, "there is no such page");
		return ask(call, req, strchr(call->cursor, '?') + 1);
	}
	if (has(call, "%A") || has(call, "%P")) return find(call, NULL, req);
	struct str query = {0};
	const char *mark = strchr(shelf->query, '%');
	str_add(&query, shelf->query, mark ? (size_t)(mark - shelf->query) : strlen(shelf->query));
	if (mark) mastodon_add_id(&query, arg);
	enum call_next next = ask(call, req, str_c(&query));
	str_finish(&query);
	return next;
}

/* --- reading --- */

static void keep_cursor(struct call *call, const struct response *answer)
{
	char *next = mastodon_next(answer, NULL);
	struct str cursor = {0};
	if (!next) return;
	if (has(call, "%A") || has(call, "%P")) mastodon_add_id(&cursor, id_of(call));
	str_addf(&cursor, "?%s", next);
	free(next);
	call->items->older = str_take(&cursor);
}

static enum call_next take(struct call *call, const struct response *answer, const cJSON *root)
{
	const struct shelf *shelf = &shelves[call->collection];
	if (shelf->alone ? !cJSON_IsObject(root) : !cJSON_IsArray(root))
		return fail(call, ERR_FORMAT, "the server's answer is not what was asked for");
	struct page *page = page_new();
	struct mastodon_reader reader;
	mastodon_reader_init(&reader, page, call->account);
	items_free(call->items);
	call->items = items_new(call->collection);
	if (shelf->alone) shelf->read(call, &reader, root);
	json_each (item, shelf->alone ? NULL : root) {
		if (call->items->nitems == MAX_ITEMS) break;
		arena_reset(&reader.arena);
		shelf->read(call, &reader, item);
	}
	mastodon_reader_finish(&reader);
	page_free(page);
	keep_cursor(call, answer);
	return CALL_DONE;
}

static enum call_next explain(struct call *call, const struct response *answer)
{
	bool whole = !strchr(shelves[call->collection].path, '%');
	if (mastodon_lacks(answer) || (whole && answer->status == 404))
		err_set(&call->err, ERR_UNSUPPORTED, "%s does not tell this: %s",
		        call->account->host, collections[call->collection].help);
	else if (answer->status == 404)
		err_set(&call->err, ERR_NOT_FOUND, "it is gone, or not visible to %s",
		        call->account->name);
	return CALL_FAIL;
}

enum call_next mastodon_items(struct call *call, const struct response *answer, struct request *req)
{
	if (!answer) return begin(call, req);
	if (call->stage == FINDING) return find(call, answer, req);
	struct json *json = mastodon_json(call, answer);
	enum call_next next = json ? take(call, answer, json_root(json)) : explain(call, answer);
	json_free(json);
	return next;
}
