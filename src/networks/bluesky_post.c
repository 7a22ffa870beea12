#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "networks/bluesky_read.h"

/*
 * One postView becomes one post. Its record is the author's own text, checked by nobody;
 * what the server adds (counts, viewer, embeds as views) stands beside it.
 */

enum { MAX_FACETS = 1024, MAX_LANG = 35, MAX_TAG = 640 };

/* What is gathered for post_new; strings live in the reader's arena or in the JSON. */
struct built {
	struct post_parts parts;
	struct text body;
	struct facet facets[POST_MAX_FACETS];
	struct bluesky_embed embed;
	struct viewer viewer;
};

/* --- the text --- */

/* What the first feature that we know makes of a range. False: it is only text. */
static bool feature_of(struct bluesky_reader *reader, const cJSON *facet, struct facet *out)
{
	json_each (feature, json_arr(facet, "features")) {
		const char *type = json_str(feature, "$type");
		if (!type) continue;
		if (strcmp(type, "app.bsky.richtext.facet#mention") == 0) {
			out->kind = FACET_MENTION;
			out->target = bluesky_id(feature, "did");
		} else if (strcmp(type, "app.bsky.richtext.facet#link") == 0) {
			out->kind = FACET_LINK;
			out->target = bluesky_web(json_str(feature, "uri"));
		} else if (strcmp(type, "app.bsky.richtext.facet#tag") == 0) {
			const char *tag = json_str(feature, "tag");
			out->kind = FACET_TAG;
			out->target = tag && *tag && strlen(tag) <= MAX_TAG
			                      ? bluesky_clean(reader, CLEAN_NAME, tag)
			                      : NULL;
		}
		if (out->target && *out->target) return true;
	}
	return false;
}

/* Ranges are bytes of the raw text (fact sheet 5.1); a hostile one costs itself alone. */
static size_t read_facets(struct bluesky_reader *reader, const cJSON *record, size_t len,
        struct facet out[POST_MAX_FACETS])
{
	size_t n = 0, seen = 0;
	json_each (item, json_arr(record, "facets")) {
		const cJSON *index = json_obj(item, "index");
		int64_t start = json_int(index, "byteStart", -1);
		int64_t end = json_int(index, "byteEnd", -1);
		struct facet facet = {0};
		if (n == POST_MAX_FACETS || seen++ == MAX_FACETS) break;
		if (start < 0 || end <= start || (uint64_t)end > len) continue;
		if (!feature_of(reader, item, &facet)) continue;
		facet.start = (uint32_t)start;
		facet.end = (uint32_t)end;
		out[n++] = facet;
	}
	return n;
}

static void read_body(struct bluesky_reader *reader, const cJSON *record, struct built *draft)
{
	const char *raw = json_str(record, "text");
	struct facet facets[POST_MAX_FACETS];
	size_t len = raw ? strlen(raw) : 0;
	size_t n = read_facets(reader, record, len, facets);
	text_clean(&draft->body, raw ? raw : "", len, facets, n);
	text_cut(&draft->body, POST_MAX_BODY);
	draft->parts.str[POST_BODY] = str_c(&draft->body.utf8);
	draft->parts.facets = draft->body.facets;
	draft->parts.nfacets = draft->body.nfacets;
}

/* --- the rest --- */

static const char *lang_of(const cJSON *record)
{
	static const char allowed[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	json_each (item, json_arr(record, "langs")) {
		const char *lang = cJSON_IsString(item) ? item->valuestring : "";
		size_t n = strspn(lang, allowed);
		if (n > 0 && n <= MAX_LANG && !lang[n]) return lang;
	}
	return "";
}

static uint32_t count_of(const cJSON *view, const char *name)
{
	int64_t n = json_int(view, name, -1);
	return n < 0 || n >= POST_UNKNOWN ? POST_UNKNOWN : (uint32_t)n;
}

static const char *link_of(struct bluesky_reader *reader, const char *did, const char *uri)
{
	struct str url = {0};
	str_addf(&url, "https://bsky.app/profile/%s/post/%s", did, bluesky_rkey(uri));
	const char *kept = arena_strndup(&reader->arena, str_c(&url), url.len);
	str_finish(&url);
	return kept;
}

static void read_reply(const cJSON *record, struct built *draft)
{
	const cJSON *reply = json_obj(record, "reply");
	draft->parts.str[POST_REPLY_TO] = bluesky_id(json_obj(reply, "parent"), "uri");
	draft->parts.str[POST_THREAD] = bluesky_id(json_obj(reply, "root"), "uri");
}

static bool mentions_me(const struct bluesky_reader *reader, const struct built *draft)
{
	for (size_t i = 0; i < draft->body.nfacets; i++) {
		const struct facet *facet = &draft->body.facets[i];
		if (facet->kind == FACET_MENTION &&
		        strcmp(facet->target, reader->account->uri) == 0)
			return true;
	}
	return false;
}

/* A reply to us is addressed to us, as a mention is. */
static bool replies_to_me(struct bluesky_reader *reader, const struct built *draft)
{
	const char *parent = bluesky_did(reader, draft->parts.str[POST_REPLY_TO]);
	return parent && strcmp(parent, reader->account->uri) == 0;
}

static void read_viewer(
        struct bluesky_reader *reader, const cJSON *view, struct built *draft, const char *author)
{
	const cJSON *viewer = json_obj(view, "viewer");
	const char *me = reader->account->uri;
	unsigned *flags = &draft->viewer.flags;
	if (!reader->account->id || !*me) return; /* read without an account */
	if (json_str(viewer, "like")) *flags |= VIEWER_LIKED;
	if (json_str(viewer, "repost")) *flags |= VIEWER_REPOSTED;
	if (json_bool(viewer, "bookmarked", false)) *flags |= VIEWER_BOOKMARKED;
	if (json_bool(viewer, "threadMuted", false)) *flags |= VIEWER_THREAD_MUTED;
	if (json_bool(viewer, "pinned", false)) *flags |= VIEWER_PINNED;
	if (json_bool(viewer, "replyDisabled", false)) *flags |= VIEWER_NO_REPLY;
	if (json_bool(viewer, "embeddingDisabled", false)) *flags |= VIEWER_NO_QUOTE;
	if (strcmp(author, me) == 0)
		*flags |= VIEWER_OWN;
	else if (mentions_me(reader, draft) || replies_to_me(reader, draft))
		*flags |= VIEWER_MENTIONED;
	draft->viewer.account = reader->account->id;
	draft->viewer.remote_id = bluesky_id(view, "cid");
	draft->parts.viewers = &draft->viewer;
	draft->parts.nviewers = 1;
}

static void take_embed(struct built *draft)
{
	struct post_parts *parts = &draft->parts;
	parts->media = draft->embed.media;
	parts->nmedia = draft->embed.nmedia;
	parts->str[POST_CARD_URL] = draft->embed.card_url;
	parts->str[POST_CARD_TITLE] = draft->embed.card_title;
	parts->str[POST_QUOTE_OF] = draft->embed.quote_of;
}

/* The record's name is `record` in a postView, `value` where the post is quoted. */
static uint32_t post_of(struct bluesky_reader *reader, const cJSON *view, const char *name,
        const cJSON *embed, int depth)
{
	const cJSON *record = json_obj(view, name);
	const char *uri = bluesky_id(view, "uri"), *did = bluesky_did(reader, uri);
	int64_t created_ms;
	if (!did || !record || !bluesky_time(record, "createdAt", view, &created_ms)) return 0;
	uint32_t author = bluesky_profile(reader, json_obj(view, "author"));
	if (!author) return 0;
	struct built *draft = xcalloc(1, sizeof *draft);
	struct post_parts *parts = &draft->parts;
	parts->author = author;
	parts->created_ms = created_ms;
	parts->str[POST_URI] = uri;
	parts->str[POST_URL] = link_of(reader, did, uri);
	parts->str[POST_LANG] = lang_of(record);
	parts->str[POST_WARNING] = bluesky_warning(reader, json_arr(view, "labels"));
	if (parts->str[POST_WARNING][0]) parts->flags |= POST_IS_SENSITIVE;
	/* A gate without rules of who may answer only hides some answers (fact sheet 5.6). */
	if (json_arr(json_obj(json_obj(view, "threadgate"), "record"), "allow"))
		parts->flags |= POST_IS_GATED;
	parts->replies = count_of(view, "replyCount");
	parts->reposts = count_of(view, "repostCount");
	parts->likes = count_of(view, "likeCount");
	parts->quotes = count_of(view, "quoteCount");
	read_body(reader, record, draft);
	read_reply(record, draft);
	read_viewer(reader, view, draft, did);
	/* Last: it may add a post of its own, and the page's arrays may move. */
	bluesky_embed(reader, embed, depth, &draft->embed);
	take_embed(draft);
	uint32_t post = page_add_post(reader->page, parts);
	text_finish(&draft->body);
	free(draft);
	return post;
}

uint32_t bluesky_post(struct bluesky_reader *reader, const cJSON *view)
{
	return post_of(reader, view, "record", json_obj(view, "embed"), 0);
}

uint32_t bluesky_quoted(struct bluesky_reader *reader, const cJSON *record, int depth)
{
	const cJSON *embeds = json_arr(record, "embeds");
	return post_of(reader, record, "value", embeds ? embeds->child : NULL, depth);
}
