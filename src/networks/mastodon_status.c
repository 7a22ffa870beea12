#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "model/poll.h"
#include "networks/html.h"
#include "networks/mastodon_read.h"

/*
 * One Status becomes one post (fact sheet 5.4, 11, 12). A repost is not a post: its
 * wrapper only makes a row (mastodon_row), so that a post reposted often is kept once.
 */

enum { MAX_MENTIONS = 256, MAX_MET = 256, MAX_DEPTH = 3, MAX_LANG = 35 };

/* What is gathered for post_new; strings live in the reader's arena or in the JSON. */
struct built {
	struct post_parts parts;
	struct text body;
	struct facet facets[POST_MAX_FACETS];
	struct media media[POST_MAX_MEDIA];
	struct viewer viewer;
	struct str poll;
};

static uint32_t post_of(
        struct mastodon_reader *reader, const cJSON *status, unsigned more_flags, int depth);

/* --- the text --- */

static const cJSON *mention_of(const cJSON *status, const char *url)
{
	int n = 0;
	json_each (mention, json_arr(status, "mentions")) {
		const char *is = json_str(mention, "url");
		if (is && url && strcmp(is, url) == 0) return mention;
		if (++n == MAX_MENTIONS) break;
	}
	return NULL;
}

/* A mention says where somebody's page is; who they are we know when we have met them. */
static const char *mentioned_uri(
        struct mastodon_reader *reader, const cJSON *mention, const char *url)
{
	const struct page *page = reader->page;
	const char *handle = mastodon_handle(reader, json_str(mention, "acct"));
	if (mastodon_is_me(reader, NULL, handle) && *reader->account->uri)
		return reader->account->uri;
	/* Those met last, which are the likeliest. */
	size_t from = page->nprofiles > MAX_MET ? page->nprofiles - MAX_MET : 0;
	for (size_t i = from; i < page->nprofiles; i++) {
		const char *is = page->profiles[i]->url;
		if (is && strcmp(is, url) == 0) return page->profiles[i]->uri;
	}
	return url;
}

static void read_facets(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	for (size_t i = 0; i < draft->body.nfacets && i < POST_MAX_FACETS; i++) {
		struct facet facet = draft->body.facets[i];
		if (facet.kind == FACET_MENTION) {
			const cJSON *mention = mention_of(status, facet.target);
			if (mention)
				facet.target = mentioned_uri(reader, mention, facet.target);
			else
				facet.kind = FACET_LINK;
		}
		draft->facets[draft->parts.nfacets++] = facet;
	}
	draft->parts.facets = draft->facets;
}

static void read_body(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	const char *html = json_str(status, "content");
	const struct html_options options = {
	        .base = mastodon_web(json_str(status, "url")),
	        .hide_quote_inline = json_obj(status, "quote") != NULL,
	};
	if (html && *html) html_text(&draft->body, html, strlen(html), &options);
	text_cut(&draft->body, POST_MAX_BODY);
	draft->parts.str[POST_BODY] = str_c(&draft->body.utf8);
	read_facets(reader, status, draft);
}

/* --- what hangs on it --- */

static enum media_kind media_kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum media_kind kind;
	} kinds[] = {
	        {"image", MEDIA_IMAGE},
	        {"video", MEDIA_VIDEO},
	        {"gifv", MEDIA_ANIMATION},
	        {"audio", MEDIA_AUDIO},
	};
	for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(type, kinds[i].type) == 0) return kinds[i].kind;
	}
	return MEDIA_FILE;
}

/* A side in pixels; 0 when it is not told, or makes no sense. */
static uint16_t side_of(const cJSON *size, const char *name)
{
	int64_t side = json_int(size, name, 0);
	return side > 0 && side <= UINT16_MAX ? (uint16_t)side : 0;
}

/* The original's size, else the preview's, which has the same proportions. */
static void read_size(const cJSON *item, struct media *media)
{
	const cJSON *meta = json_obj(item, "meta"), *size = json_obj(meta, "original");
	if (!json_get(size, "width")) size = json_obj(meta, "small");
	media->width = side_of(size, "width");
	media->height = side_of(size, "height");
}

size_t mastodon_media(struct mastodon_reader *reader, const cJSON *status, struct media *media)
{
	size_t n = 0;
	json_each (item, json_arr(status, "media_attachments")) {
		const char *url = mastodon_web(json_str(item, "url"));
		const char *alt = json_str(item, "description");
		if (!url) url = mastodon_web(json_str(item, "remote_url"));
		if (!url) continue;
		media[n] = (struct media){
		        .kind = media_kind_of(json_str(item, "type")),
		        .url = url,
		        .alt = alt && *alt ? mastodon_clean(reader, CLEAN_LINE, alt) : NULL,
		        .preview = mastodon_web(json_str(item, "preview_url")),
		};
		read_size(item, &media[n++]);
		if (n == POST_MAX_MEDIA) break;
	}
	return n;
}

/* Did we choose it? */
static bool is_own(const cJSON *poll, int option)
{
	json_each (vote, json_arr(poll, "own_votes")) {
		if (cJSON_IsNumber(vote) && vote->valueint == option) return true;
	}
	return false;
}

static void read_poll(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	const cJSON *poll = json_obj(status, "poll");
	const char *ends = json_str(poll, "expires_at");
	int n = 0;
	json_each (option, json_arr(poll, "options")) {
		const char *title = json_str(option, "title");
		if (n++ == MASTODON_MAX_OPTIONS) break;
		if (!title) continue;
		poll_add(&draft->poll, json_int(option, "votes_count", -1), is_own(poll, n - 1),
		        mastodon_clean(reader, CLEAN_LINE, title));
	}
	if (!poll || !draft->poll.len) return;
	int64_t voters = json_int(poll, "voters_count", -1);
	if (voters >= 0 && json_bool(poll, "multiple", false))
		poll_add_voters(&draft->poll, voters);
	draft->parts.str[POST_POLL] = draft->poll.p;
	if (ends && !date_parse_rfc3339(ends, &draft->parts.poll_ends_ms))
		draft->parts.poll_ends_ms = 0;
	if (json_bool(poll, "multiple", false)) draft->parts.flags |= POST_IS_POLL_MULTIPLE;
	if (json_bool(poll, "expired", false)) draft->parts.flags |= POST_IS_POLL_OVER;
	if (json_bool(poll, "voted", false)) draft->viewer.flags |= VIEWER_VOTED;
}

static void read_card(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	const cJSON *card = json_obj(status, "card");
	const char *url = mastodon_web(json_str(card, "url"));
	if (!url) return;
	draft->parts.str[POST_CARD_URL] = url;
	draft->parts.str[POST_CARD_TITLE] =
	        mastodon_clean(reader, CLEAN_LINE, json_str(card, "title"));
}

/* Mastodon 4.5's Quote, or a bare Status as Pleroma and forks have it. Its URI, or NULL. */
static const char *read_quote(struct mastodon_reader *reader, const cJSON *status, int depth)
{
	const cJSON *quote = json_obj(status, "quote"), *theirs = json_obj(status, "pleroma");
	const char *state = json_str(quote, "state");
	const cJSON *quoted = state ? json_obj(quote, "quoted_status") : quote;
	if (state && strcmp(state, "accepted") != 0) return NULL;
	if (!quoted) quoted = json_obj(theirs, "quote");
	uint32_t post = quoted && depth < MAX_DEPTH ? post_of(reader, quoted, 0, depth + 1) : 0;
	if (post) return post_str(reader->page->posts[post - 1], POST_URI);
	return state ? NULL : mastodon_id(theirs, "quote_url");
}

static void read_parent(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	const char *parent = mastodon_id(status, "in_reply_to_id");
	const char *whose = mastodon_id(status, "in_reply_to_account_id");
	const cJSON *author = json_obj(status, "account");
	const char *own = json_str(author, "id"), *acct = NULL;
	if (!parent) return;
	draft->parts.str[POST_REPLY_TO] = parent;
	int n = 0;
	if (whose && own && strcmp(whose, own) == 0) acct = json_str(author, "acct");
	json_each (mention, acct ? NULL : json_arr(status, "mentions")) {
		const char *id = json_str(mention, "id");
		if (whose && id && strcmp(whose, id) == 0) acct = json_str(mention, "acct");
		if (++n == MAX_MENTIONS) break;
	}
	if (acct) draft->parts.str[POST_REPLY_NAME] = mastodon_handle(reader, acct);
}

/* --- how it stands --- */

enum visibility mastodon_visibility(const char *name)
{
	static const struct {
		const char *name;
		enum visibility visibility;
	} names[] = {
	        {"public", VIS_PUBLIC},
	        {"unlisted", VIS_UNLISTED},
	        {"private", VIS_FOLLOWERS},
	        {"direct", VIS_DIRECT},
	};
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i].name) == 0) return names[i].visibility;
	}
	return VIS_FOLLOWERS; /* a fork's own word: never take it for public */
}

const char *mastodon_language(const char *lang)
{
	size_t n = lang ? strspn(lang,
	                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
	                : 0;
	return n > 0 && n <= MAX_LANG && !lang[n] ? lang : "";
}

static uint32_t count_of(const cJSON *status, const char *name)
{
	int64_t n = json_int(status, name, -1);
	return n < 0 || n >= POST_UNKNOWN ? POST_UNKNOWN : (uint32_t)n;
}

static bool mentions_me(struct mastodon_reader *reader, const cJSON *status)
{
	int n = 0;
	json_each (mention, json_arr(status, "mentions")) {
		const char *acct = json_str(mention, "acct");
		if (acct && mastodon_is_me(reader, NULL, mastodon_handle(reader, acct)))
			return true;
		if (++n == MAX_MENTIONS) break;
	}
	return false;
}

static void read_viewer(
        struct mastodon_reader *reader, const cJSON *status, const char *id, struct built *draft)
{
	static const struct {
		const char *name;
		unsigned flag;
	} flags[] = {
	        {"favourited", VIEWER_LIKED},
	        {"reblogged", VIEWER_REPOSTED},
	        {"bookmarked", VIEWER_BOOKMARKED},
	        {"muted", VIEWER_THREAD_MUTED},
	        {"pinned", VIEWER_PINNED},
	};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (json_bool(status, flags[i].name, false)) draft->viewer.flags |= flags[i].flag;
	}
	if (mentions_me(reader, status)) draft->viewer.flags |= VIEWER_MENTIONED;
	const struct profile *author = reader->page->profiles[draft->parts.author - 1];
	if (mastodon_is_me(reader, author->uri, author->handle)) draft->viewer.flags |= VIEWER_OWN;
	draft->viewer.account = reader->account->id;
	draft->viewer.remote_id = id;
	if (reader->blind) return;
	draft->parts.viewers = &draft->viewer;
	draft->parts.nviewers = 1;
}

static void read_rest(struct mastodon_reader *reader, const cJSON *status, struct built *draft)
{
	struct post_parts *parts = &draft->parts;
	const char *edited = json_str(status, "edited_at");
	parts->str[POST_URL] = mastodon_web(json_str(status, "url"));
	parts->str[POST_WARNING] =
	        mastodon_clean(reader, CLEAN_LINE, json_str(status, "spoiler_text"));
	parts->str[POST_LANG] = mastodon_language(json_str(status, "language"));
	parts->str[POST_APP] = mastodon_clean(
	        reader, CLEAN_NAME, json_str(json_obj(status, "application"), "name"));
	if (edited && !date_parse_rfc3339(edited, &parts->edited_ms)) parts->edited_ms = 0;
	parts->replies = count_of(status, "replies_count");
	parts->reposts = count_of(status, "reblogs_count");
	parts->likes = count_of(status, "favourites_count");
	parts->quotes = count_of(status, "quotes_count");
	parts->visibility = mastodon_visibility(json_str(status, "visibility"));
	if (json_bool(status, "sensitive", false)) parts->flags |= POST_IS_SENSITIVE;
}

static const char *status_uri(const cJSON *status)
{
	const char *uri = mastodon_id(status, "uri");
	return uri ? uri : mastodon_web(json_str(status, "url"));
}

static uint32_t post_of(
        struct mastodon_reader *reader, const cJSON *status, unsigned more_flags, int depth)
{
	const char *id = mastodon_id(status, "id"), *uri = status_uri(status);
	const char *created = json_str(status, "created_at");
	int64_t created_ms;
	if (!id || !uri || !created || !date_parse_rfc3339(created, &created_ms)) return 0;
	uint32_t author = mastodon_profile(reader, json_obj(status, "account"));
	if (!author) return 0;
	/* The arrays are large, and only what is counted of them is looked at. */
	struct built *draft = xmalloc(sizeof *draft);
	draft->parts = (struct post_parts){.author = author, .created_ms = created_ms};
	draft->body = (struct text){0};
	draft->viewer = (struct viewer){0};
	draft->poll = (struct str){0};
	draft->parts.str[POST_URI] = uri;
	draft->viewer.flags = more_flags;
	read_body(reader, status, draft);
	draft->parts.nmedia = mastodon_media(reader, status, draft->media);
	draft->parts.media = draft->media;
	read_poll(reader, status, draft);
	read_card(reader, status, draft);
	read_parent(reader, status, draft);
	read_rest(reader, status, draft);
	read_viewer(reader, status, id, draft);
	/* Last: it adds a post of its own, and the page's arrays may move. */
	draft->parts.str[POST_QUOTE_OF] = read_quote(reader, status, depth);
	uint32_t post = page_add_post(reader->page, &draft->parts);
	text_finish(&draft->body);
	str_finish(&draft->poll);
	free(draft);
	return post;
}

uint32_t mastodon_post(struct mastodon_reader *reader, const cJSON *status, unsigned more_flags)
{
	const cJSON *reblog = json_get(status, "reblog");
	bool is_repost = reblog && !cJSON_IsNull(reblog);
	return post_of(reader, is_repost ? reblog : status, more_flags, 0);
}
