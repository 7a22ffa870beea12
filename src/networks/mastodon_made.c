#include "networks/mastodon_made.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "model/poll.h"
#include "net/url.h"
#include "networks/html.h"
#include "networks/mastodon_http.h"

enum { MAX_DAYS = 7, MAX_TAG = 512 };

uint32_t mastodon_server(struct mastodon_reader *reader)
{
	struct str uri = {0};
	account_add_root(&uri, reader->account);
	str_addc(&uri, '/');
	const struct profile server = {.uri = uri.p,
	        .handle = reader->host,
	        .name = reader->host,
	        .url = uri.p,
	        .followers = -1,
	        .bot = true};
	uint32_t index = page_add_profile(reader->page, &server);
	str_finish(&uri);
	return index;
}

/* --- what is talked about --- */

/* How often something was used in a week, and by how many in two days: days overlap in people. */
struct usage {
	int64_t uses, people;
};

static bool read_usage(const cJSON *trend, struct usage *out)
{
	int day = 0;
	*out = (struct usage){0};
	json_each (item, json_arr(trend, "history")) {
		int64_t uses = json_int(item, "uses", 0), people = json_int(item, "accounts", 0);
		if (uses > 0) out->uses += uses;
		if (people > 0 && day < 2) out->people += people;
		if (++day == MAX_DAYS) break;
	}
	return day > 0;
}

static void add_row(struct mastodon_reader *reader, struct post_parts *parts)
{
	struct entry entry = {.reason = REASON_POSTED, .sort_ms = reader->rank_ms--};
	parts->author = mastodon_server(reader);
	parts->created_ms = entry.sort_ms;
	parts->replies = parts->reposts = parts->likes = parts->quotes = POST_UNKNOWN;
	entry.post = page_add_post(reader->page, parts);
	page_add_entry(reader->page, &entry);
}

static bool is_word(const char *name)
{
	size_t len = strlen(name);
	return len > 0 && len <= MAX_TAG && !strpbrk(name, " #/?");
}

bool mastodon_tag_row(struct mastodon_reader *reader, const cJSON *tag)
{
	arena_reset(&reader->arena);
	const char *name = mastodon_clean(reader, CLEAN_NAME, json_str(tag, "name"));
	const char *url = mastodon_web(json_str(tag, "url"));
	struct usage usage;
	if (!is_word(name) || !url) return false;
	struct str body = {0};
	str_addf(&body, "#%s", name);
	struct facet facet = {FACET_TAG, 0, (uint32_t)body.len, name};
	if (read_usage(tag, &usage))
		str_addf(&body,
		        " \xe2\x80\x94 used by %lld people in two days, %lld posts this week",
		        (long long)usage.people, (long long)usage.uses);
	struct post_parts parts = {.facets = &facet, .nfacets = 1};
	parts.str[POST_URI] = url;
	parts.str[POST_BODY] = body.p;
	add_row(reader, &parts);
	str_finish(&body);
	return true;
}

bool mastodon_link_row(struct mastodon_reader *reader, const cJSON *link)
{
	arena_reset(&reader->arena);
	const char *url = mastodon_web(json_str(link, "url"));
	struct usage usage;
	if (!url) return false;
	struct str uri = {0}, body = {0};
	str_addf(&uri, "link:%s", url);
	str_adds(&body, mastodon_clean(reader, CLEAN_LINE, json_str(link, "description")));
	if (read_usage(link, &usage))
		str_addf(&body, "%sShared by %lld people in two days, %lld posts this week",
		        body.len ? "\n\n" : "", (long long)usage.people, (long long)usage.uses);
	struct post_parts parts = {0};
	parts.str[POST_URI] = uri.p;
	parts.str[POST_URL] = url;
	parts.str[POST_BODY] = str_c(&body);
	parts.str[POST_CARD_URL] = url;
	parts.str[POST_CARD_TITLE] = mastodon_clean(reader, CLEAN_LINE, json_str(link, "title"));
	add_row(reader, &parts);
	str_finish(&uri);
	str_finish(&body);
	return true;
}

bool mastodon_found_row(struct mastodon_reader *reader, const cJSON *account)
{
	struct entry entry = {.reason = REASON_FOUND, .cursor = mastodon_id(account, "id")};
	arena_reset(&reader->arena);
	entry.actor = entry.cursor ? mastodon_profile(reader, account) : 0;
	if (!entry.actor) return false;
	entry.sort_ms = reader->rank_ms--;
	page_add_entry(reader->page, &entry);
	return true;
}

/* --- what the server keeps until its time --- */

/* Ourselves; the answer does not say who that is. */
static uint32_t self(struct mastodon_reader *reader)
{
	const struct account *me = reader->account;
	const struct page *page = reader->page;
	for (uint32_t i = 0; i < page->nprofiles; i++) {
		if (mastodon_is_me(reader, page->profiles[i]->uri, page->profiles[i]->handle))
			return i + 1;
	}
	if (!*me->uri || !*me->handle) return mastodon_server(reader);
	const struct profile profile = {
	        .uri = me->uri, .handle = me->handle, .name = "", .followers = -1};
	return page_add_profile(reader->page, &profile);
}

static void add_option(struct mastodon_reader *reader, struct str *poll, const cJSON *option)
{
	const char *title = cJSON_IsString(option) ? option->valuestring : NULL;
	if (!title) return;
	poll_add(poll, -1, false, mastodon_clean(reader, CLEAN_LINE, title));
}

static void add_scheduled(
        struct mastodon_reader *reader, const cJSON *scheduled, const char *id, int64_t at_ms)
{
	const cJSON *params = json_obj(scheduled, "params");
	struct viewer viewer = {reader->account->id, VIEWER_OWN, id};
	struct media media[POST_MAX_MEDIA];
	struct str uri = {0}, poll = {0};
	struct post_parts parts = {.created_ms = at_ms,
	        .viewers = &viewer,
	        .nviewers = 1,
	        .media = media,
	        .author = self(reader),
	        .replies = POST_UNKNOWN,
	        .reposts = POST_UNKNOWN,
	        .likes = POST_UNKNOWN,
	        .quotes = POST_UNKNOWN};
	struct entry entry = {.reason = REASON_SCHEDULED, .sort_ms = at_ms, .cursor = id};
	str_addf(&uri, "scheduled:%s/%s", reader->host, id);
	int n = 0;
	json_each (option, json_arr(json_obj(params, "poll"), "options")) {
		add_option(reader, &poll, option);
		if (++n == MASTODON_MAX_OPTIONS) break;
	}
	parts.nmedia = mastodon_media(reader, scheduled, media);
	parts.visibility = mastodon_visibility(json_str(params, "visibility"));
	if (json_bool(params, "sensitive", false)) parts.flags |= POST_IS_SENSITIVE;
	parts.str[POST_URI] = uri.p;
	parts.str[POST_BODY] = mastodon_clean(reader, CLEAN_BODY, json_str(params, "text"));
	parts.str[POST_WARNING] =
	        mastodon_clean(reader, CLEAN_LINE, json_str(params, "spoiler_text"));
	parts.str[POST_LANG] = mastodon_language(json_str(params, "language"));
	parts.str[POST_POLL] = str_c(&poll);
	entry.post = page_add_post(reader->page, &parts);
	page_add_entry(reader->page, &entry);
	str_finish(&uri);
	str_finish(&poll);
}

bool mastodon_scheduled_row(struct mastodon_reader *reader, const cJSON *scheduled)
{
	const char *at = json_str(scheduled, "scheduled_at");
	const char *id = mastodon_id(scheduled, "id");
	int64_t at_ms;
	arena_reset(&reader->arena);
	if (!id || !at || !date_parse_rfc3339(at, &at_ms)) return false;
	add_scheduled(reader, scheduled, id, at_ms);
	return true;
}

/* --- what the server itself has to say --- */

static void say_severed(struct mastodon_reader *reader, struct str *out, const cJSON *event)
{
	int64_t followers = json_int(event, "followers_count", 0);
	int64_t following = json_int(event, "following_count", 0);
	const char *whom = mastodon_clean(reader, CLEAN_NAME, json_str(event, "target_name"));
	str_addf(out, "%lld followers and %lld followed were lost with %s", (long long)followers,
	        (long long)following, *whom ? whom : "a server");
	const char *why = json_str(event, "type");
	if (why && strcmp(why, "domain_block") == 0)
		str_adds(out, ": the moderators blocked it");
	else if (why && strcmp(why, "account_suspension") == 0)
		str_adds(out, ": the moderators suspended it");
	else if (why && strcmp(why, "user_domain_block") == 0)
		str_adds(out, ": this account blocked it");
}

static void say_warning(struct mastodon_reader *reader, struct str *out, const cJSON *warning)
{
	const char *text = mastodon_clean(reader, CLEAN_BODY, json_str(warning, "text"));
	str_addf(out, "The moderators acted on this account (%s)",
	        mastodon_clean(reader, CLEAN_LINE, json_str(warning, "action")));
	if (*text) str_addf(out, ": %s", text);
}

static void say_html(struct str *out, const char *html)
{
	char *line = html && *html ? html_line(html, strlen(html)) : NULL;
	if (line && *line) str_addf(out, "%s%s", out->len ? "\n\n" : "", line);
	free(line);
}

uint32_t mastodon_said(struct mastodon_reader *reader, const cJSON *notification, const char *id,
        int64_t created_ms)
{
	struct str body = {0}, uri = {0};
	const cJSON *fallback = json_obj(notification, "fallback");
	const cJSON *event = json_obj(notification, "event");
	const cJSON *warning = json_obj(notification, "moderation_warning");
	say_html(&body, json_str(fallback, "title"));
	say_html(&body, json_str(fallback, "summary"));
	if (!body.len && event) say_severed(reader, &body, event);
	if (!body.len && warning) say_warning(reader, &body, warning);
	uint32_t post = 0;
	if (body.len) {
		struct post_parts parts = {.created_ms = created_ms,
		        .author = mastodon_server(reader),
		        .visibility = VIS_DIRECT,
		        .replies = POST_UNKNOWN,
		        .reposts = POST_UNKNOWN,
		        .likes = POST_UNKNOWN,
		        .quotes = POST_UNKNOWN};
		str_addf(&uri, "notification:%s/%s", reader->host, id);
		parts.str[POST_URI] = uri.p;
		parts.str[POST_BODY] = body.p;
		post = page_add_post(reader->page, &parts);
	}
	str_finish(&body);
	str_finish(&uri);
	return post;
}
